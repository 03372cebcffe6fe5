/** Assignments whose value is never read: a backward analysis of liveness over the tree. */

import type { VariableSymbol } from '../semantics/symbols.js';
import type { Assignment, Expression, For, Repeat, Statement, StatementList, While } from '../syntax/tree.js';
import {
  type Access,
  type AccessHandler,
  type FlowModel,
  readExpression,
  visitAssignment,
  visitStatements,
  writeTarget,
} from './accesses.js';
import { canBeFollowed } from './followable.js';

/** What is known of a variable outside of the body. */
export interface DeadStoreInput {
  readonly model: FlowModel;
  readonly body: StatementList;
  readonly tracked: ReadonlySet<VariableSymbol>;
  /** Tracked variables that somebody may read after the body, or in code that the body calls. */
  readonly outliving: ReadonlySet<VariableSymbol>;
}

export interface DeadStore {
  readonly symbol: VariableSymbol;
  readonly statement: Assignment;
}

type Live = ReadonlySet<VariableSymbol>;

interface Analysis extends DeadStoreInput {
  readonly found: Map<Assignment, VariableSymbol>;
}

interface Loop {
  readonly leaving: Live;
  readonly continuing: Live;
}

/** Dead stores in the order of the text; empty when the body can't be followed. */
export function findDeadStores(input: DeadStoreInput): DeadStore[] {
  if (!canBeFollowed(input.body)) return [];
  const analysis: Analysis = { ...input, found: new Map() };
  runList(analysis, input.body, input.outliving, null);
  return [...analysis.found]
    .map(([statement, symbol]) => ({ statement, symbol }))
    .sort((a, b) => a.statement.start - b.statement.start);
}

function runList(analysis: Analysis, list: StatementList, after: Live, loop: Loop | null): Live {
  let live = after;
  for (let index = list.statements.length - 1; index >= 0; index--) {
    const statement = list.statements[index];
    if (statement !== undefined) live = runStatement(analysis, statement, live, loop);
  }
  return live;
}

function runStatement(analysis: Analysis, statement: Statement, after: Live, loop: Loop | null): Live {
  switch (statement.kind) {
    case 'Assignment':
      return runAssignment(analysis, statement, after);
    case 'CallStatement':
      return read(analysis, after, statement.expression);
    case 'If': {
      let live = statement.otherwise === null ? after : runList(analysis, statement.otherwise, after, loop);
      for (const { condition, body } of [...statement.branches].reverse())
        live = read(analysis, union(runList(analysis, body, after, loop), live), condition);
      return live;
    }
    case 'Case': {
      const ends = statement.branches.map(({ body }) => runList(analysis, body, after, loop));
      ends.push(statement.otherwise === null ? after : runList(analysis, statement.otherwise, after, loop));
      return read(analysis, union(...ends), statement.selector);
    }
    case 'For': {
      const inside = runLoop(analysis, statement, after, (loop, again) =>
        runList(analysis, statement.body, again, loop),
      );
      const started = back(analysis, union(inside, after), (handler) =>
        writeTarget(analysis.model, statement.variable, handler),
      );
      const bounds = [statement.from, statement.to, ...(statement.by === null ? [] : [statement.by])];
      return bounds.reduce((live, bound) => read(analysis, live, bound), union(started, inside));
    }
    case 'While':
      return runLoop(analysis, statement, after, (loop, again) =>
        read(analysis, union(runList(analysis, statement.body, again, loop), after), statement.condition),
      );
    case 'Repeat':
      return runLoop(analysis, statement, after, (loop, again) => {
        const end = read(analysis, again, statement.until);
        return runList(analysis, statement.body, end, { ...loop, continuing: end });
      });
    case 'Region':
      return runList(analysis, statement.body, after, loop);
    case 'Exit':
      return loop?.leaving ?? after;
    case 'Continue':
      return loop?.continuing ?? after;
    case 'Return':
      return statement.value === null ? analysis.outliving : read(analysis, analysis.outliving, statement.value);
    default:
      return after;
  }
}

/** What any pass reads is taken for live at the end of the pass before it. */
function runLoop(
  analysis: Analysis,
  statement: For | While | Repeat,
  after: Live,
  pass: (loop: Loop, again: Live) => Live,
): Live {
  const again = new Set<VariableSymbol>();
  const note: AccessHandler = {
    access: ({ kind, symbol }) => {
      if (kind !== 'write' && analysis.tracked.has(symbol)) again.add(symbol);
    },
    call: () => {
      for (const symbol of analysis.outliving) again.add(symbol);
    },
  };
  visitStatements(analysis.model, { ...statement.body, statements: [statement] }, note);
  const live = union(again, after);
  return pass({ leaving: after, continuing: live }, live);
}

function runAssignment(analysis: Analysis, statement: Assignment, after: Live): Live {
  const accesses = recorded((handler) => visitAssignment(analysis.model, statement, handler));
  const last = accesses[accesses.length - 1];
  if (
    last !== undefined &&
    last !== 'call' &&
    last.kind === 'write' &&
    !last.isMember &&
    statement.operator === ':=' &&
    analysis.tracked.has(last.symbol) &&
    !after.has(last.symbol)
  )
    analysis.found.set(statement, last.symbol);
  return apply(analysis, after, accesses);
}

function read(analysis: Analysis, after: Live, expression: Expression): Live {
  return back(analysis, after, (handler) => readExpression(analysis.model, expression, handler));
}

function back(analysis: Analysis, after: Live, visit: (handler: AccessHandler) => void): Live {
  return apply(analysis, after, recorded(visit));
}

type Recorded = Access | 'call';

function recorded(visit: (handler: AccessHandler) => void): Recorded[] {
  const list: Recorded[] = [];
  visit({ access: (access) => list.push(access), call: () => list.push('call') });
  return list;
}

function apply(analysis: Analysis, after: Live, accesses: readonly Recorded[]): Live {
  let live: Set<VariableSymbol> | null = null;
  for (const access of [...accesses].reverse()) {
    if (access === 'call') {
      live = new Set([...(live ?? after), ...analysis.outliving]);
      continue;
    }
    if (!analysis.tracked.has(access.symbol)) continue;
    live ??= new Set(after);
    if (access.kind === 'write') live.delete(access.symbol);
    else live.add(access.symbol);
  }
  return live ?? after;
}

function union(...sets: readonly Live[]): Live {
  const [first = new Set<VariableSymbol>(), ...rest] = sets;
  if (rest.every((set) => set === first)) return first;
  return new Set([...first, ...rest.flatMap((set) => [...set])]);
}
