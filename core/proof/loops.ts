/** Loops whose number of passes is not known: everything they write becomes an unknown function of what they read. */

import type { For, Repeat, While } from '../language/syntax/tree.js';
import type { Frame, Machine } from './machine.js';
import { writeReference } from './memory-access.js';
import { isChoice, type Value } from './terms.js';

/** Passes after which the set of written variables must have settled. */
const ROUND_LIMIT = 8;

/**
 * Loses what a loop writes. The unknown results depend on the values before the loop and on what one pass does, so two
 * versions of a program with the same loop still agree, and a change inside the loop is seen as a change.
 */
export function havocLoop(machine: Machine, statement: For | While | Repeat, frame: Frame): void {
  const { terms, environment } = machine;
  machine.assumptions.add('loops without constant bounds end');
  const loop = `${frame.loop ?? frame.locals}.LOOP`;
  const inner: Frame = { ...frame, loop };
  const written = new Set<string>();
  const forget = (path: string): Value =>
    isChoice(environment.read(path))
      ? terms.single(terms.symbol(`loop:${machine.aliasOf(path)}`))
      : terms.boolean(`loop:${machine.aliasOf(path)}`);
  let reads: ReadonlySet<string> = new Set();
  let pass: ReadonlyMap<string, Value> = new Map();
  for (let round = 0; round < ROUND_LIMIT; round++) {
    const before = written.size;
    const forgotten = [...written].map((path) => [path, forget(path)] as const);
    const seen = environment.observe(() => {
      for (const [path, value] of forgotten) environment.write(path, value);
      environment.write(`#${loop}.GUARD`, conditionOf(machine, statement, inner));
      machine.execute(statement.body, inner);
    });
    reads = seen.reads;
    pass = seen.layer;
    for (const path of seen.layer.keys()) written.add(path);
    if (written.size === before) break;
  }
  const own = `#${loop}.`;
  const paths = [...written].sort();
  const kept = paths.filter((path) => !path.startsWith(own));
  const inputs = [
    ...[...new Set([...reads, ...paths])].sort().map((path) => environment.read(path)),
    ...paths.map((path) => pass.get(path) ?? environment.read(path)),
  ];
  for (const path of kept) {
    const oracle = terms.oracle(`loop:${machine.aliasOf(path)}${machine.suffix}`, inputs);
    environment.write(path, isChoice(environment.read(path)) ? oracle.choice('value') : oracle.boolean('value'));
  }
}

/** The loop condition; for a FOR loop the index is unknown and the bounds are part of what the loop depends on. */
function conditionOf(machine: Machine, statement: For | While | Repeat, frame: Frame): Value {
  const { terms } = machine;
  if (statement.kind === 'While') return terms.asLiteral(machine.evaluate(statement.condition, frame));
  if (statement.kind === 'Repeat') return terms.asLiteral(machine.evaluate(statement.until, frame));
  const bounds = [statement.from, statement.to, ...(statement.by === null ? [] : [statement.by])].map((each) =>
    terms.asChoice(machine.evaluate(each, frame)),
  );
  const index = terms.oracle(`index:${frame.loop}${machine.suffix}`, bounds).choice('value');
  writeReference(machine, machine.refer(statement.variable, frame), index);
  return terms.lessOrEqual(bounds[0] ?? index, bounds[1] ?? index, 'integer');
}
