/**
 * GOTO and JMP: the statement list becomes a loop over its parts between labels, and a jump sets the part that runs next.
 * So jumps go forward and back and out of any nesting; each one back costs an iteration of the scan's budget. A jump
 * into a nested statement has no target here and stays unknown.
 */

import { keyOf } from '../../language/semantics/symbols.js';
import type { Goto, Statement, StatementList } from '../../language/syntax/tree.js';
import type { Effect, Local, Place } from '../compile/ir.js';
import { DINT } from '../compile/shape.js';
import { type RoutineScope, siteOf, temporary, unknownEffect } from './context.js';
import { load, plain, TRUE } from './values.js';

/** Where a label leads while the list that holds it is being lowered. */
export interface JumpTarget {
  readonly loop: string;
  readonly next: Local;
  readonly part: number;
}

/** The statements of a list, those of regions among them: a region is no nesting. */
function flattened(list: StatementList): readonly Statement[] {
  return list.statements.flatMap((each) => (each.kind === 'Region' ? flattened(each.body) : [each]));
}

/** True when the list has labels of its own to which something may jump. */
export function hasLabels(list: StatementList): boolean {
  return list.statements.some((each) => each.kind === 'Label' || (each.kind === 'Region' && hasLabels(each.body)));
}

/** A list with labels. `lower` lowers the statements of one part. */
export function lowerWithLabels(
  scope: RoutineScope,
  list: StatementList,
  lower: (statements: readonly Statement[]) => Effect[],
): Effect[] {
  const next = temporary(scope, DINT);
  const place: Place = { place: 'local', local: next, shape: DINT };
  const loop = `L${scope.nextTemporary++}`;
  const parts: Statement[][] = [[]];
  const outer = new Map<string, JumpTarget | undefined>();
  for (const statement of flattened(list)) {
    if (statement.kind !== 'Label') {
      parts.at(-1)?.push(statement);
      continue;
    }
    const key = keyOf(statement.name.name);
    if (!outer.has(key)) outer.set(key, scope.jumps.get(key));
    scope.jumps.set(key, { loop, next, part: parts.length });
    parts.push([]);
  }
  const lowered = parts.map((statements) => lower(statements));
  for (const [key, target] of outer) {
    if (target === undefined) scope.jumps.delete(key);
    else scope.jumps.set(key, target);
  }
  const body: Effect = {
    do: 'case',
    selector: load(place),
    branches: lowered.map((effects, part) => ({
      labels: [{ lower: plain(part), upper: null }],
      body: [
        ...effects,
        part === lowered.length - 1 ? { do: 'exit', label: loop } : { do: 'store', to: place, value: plain(part + 1) },
      ],
    })),
    otherwise: [],
  };
  return [
    { do: 'store', to: place, value: plain(0) },
    { do: 'while', label: loop, condition: TRUE, body: [body], site: siteOf(scope, list) },
  ];
}

export function lowerGoto(scope: RoutineScope, statement: Goto): Effect[] {
  const { name } = statement.label;
  const target = scope.jumps.get(keyOf(name));
  if (target === undefined)
    return [unknownEffect(scope, statement, `GOTO ${name}`, 'it jumps into a nested statement, or nowhere')];
  return [
    { do: 'store', to: { place: 'local', local: target.next, shape: DINT }, value: plain(target.part) },
    // An evaluation that does nothing: loops with one are not rewritten to work on copies of variables, which a jump
    // out of the loop would leave behind.
    { do: 'evaluate', value: plain(0) },
    { do: 'continue', label: target.loop },
  ];
}
