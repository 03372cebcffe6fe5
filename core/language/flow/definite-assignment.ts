/**
 * Which variables have been given a value where they are read and where a body ends. A forward analysis over the tree;
 * bodies with jumps or with statements that could not be read are left alone.
 */

import type { VariableSymbol } from '../semantics/symbols.js';
import type { Case, Expression, For, Statement, StatementList } from '../syntax/tree.js';
import {
  type AccessHandler,
  type FlowModel,
  readExpression,
  visitAssignment,
  visitStatements,
  writeTarget,
} from './accesses.js';
import { canBeFollowed } from './followable.js';

/** A read of a variable that was not given a value on some way to it, or on any. */
export interface EarlyRead {
  readonly symbol: VariableSymbol;
  readonly node: Expression;
  readonly certainty: 'never-written' | 'sometimes-written';
}

export interface AssignmentResult {
  /** The first early read of each variable. */
  readonly earlyReads: readonly EarlyRead[];
  /** Variables that have a value at every end of the body. */
  readonly assignedAtEnd: ReadonlySet<VariableSymbol>;
  /** Variables that have a value at some end of the body. */
  readonly assignedSomewhere: ReadonlySet<VariableSymbol>;
}

interface State {
  readonly must: ReadonlySet<VariableSymbol>;
  readonly may: ReadonlySet<VariableSymbol>;
}

interface Loop {
  readonly leaving: State[];
  readonly continuing: State[];
}

interface Analysis {
  readonly model: FlowModel;
  readonly tracked: ReadonlySet<VariableSymbol>;
  readonly result: VariableSymbol | null;
  readonly ends: State[];
  readonly reads: Map<VariableSymbol, EarlyRead>;
}

/** Analyses a body; null when it can't be followed. `result` is what `RETURN value` writes. */
export function analyseAssignment(
  model: FlowModel,
  body: StatementList,
  tracked: ReadonlySet<VariableSymbol>,
  result: VariableSymbol | null,
): AssignmentResult | null {
  if (!canBeFollowed(body)) return null;
  const analysis: Analysis = { model, tracked, result, ends: [], reads: new Map() };
  const last = runList(analysis, body, { must: new Set(), may: new Set() }, null);
  const joined = join([...analysis.ends, ...(last === null ? [] : [last])]);
  return {
    earlyReads: [...analysis.reads.values()],
    assignedAtEnd: joined?.must ?? tracked,
    assignedSomewhere: joined?.may ?? new Set(),
  };
}

/** Null: no way leads here. */
function join(states: readonly (State | null)[]): State | null {
  const reachable = states.filter((state) => state !== null);
  const [first, ...rest] = reachable;
  if (first === undefined) return null;
  return rest.reduce(
    (joined, { must, may }) => ({
      must: new Set([...joined.must].filter((symbol) => must.has(symbol))),
      may: new Set([...joined.may, ...may]),
    }),
    first,
  );
}

function runList(analysis: Analysis, list: StatementList, start: State | null, loop: Loop | null): State | null {
  let state = start;
  for (const statement of list.statements) {
    if (state === null) return null;
    state = runStatement(analysis, statement, state, loop);
  }
  return state;
}

function runStatement(analysis: Analysis, statement: Statement, state: State, loop: Loop | null): State | null {
  switch (statement.kind) {
    case 'Assignment':
      return step(analysis, state, (handler) => visitAssignment(analysis.model, statement, handler));
    case 'CallStatement':
      return read(analysis, state, statement.expression);
    case 'If': {
      const ends: (State | null)[] = [];
      let before = state;
      for (const { condition, body } of statement.branches) {
        before = read(analysis, before, condition);
        ends.push(runList(analysis, body, before, loop));
      }
      ends.push(statement.otherwise === null ? before : runList(analysis, statement.otherwise, before, loop));
      return join(ends);
    }
    case 'Case':
      return runCase(analysis, statement, state, loop);
    case 'For':
      return runFor(analysis, statement, state);
    case 'While': {
      const isEndless = analysis.model.constantOf(statement.condition) === true;
      const inside = read(analysis, state, statement.condition);
      const own: Loop = { leaving: [], continuing: [] };
      const end = runLoopBody(analysis, statement.body, inside, own);
      return join([...own.leaving, ...(isEndless ? [] : [inside, end, ...own.continuing])]);
    }
    case 'Repeat': {
      const own: Loop = { leaving: [], continuing: [] };
      const end = join([runLoopBody(analysis, statement.body, state, own), ...own.continuing]);
      return join([end === null ? null : read(analysis, end, statement.until), ...own.leaving]);
    }
    case 'Region':
      return runList(analysis, statement.body, state, loop);
    case 'Exit':
      loop?.leaving.push(state);
      return null;
    case 'Continue':
      loop?.continuing.push(state);
      return null;
    case 'Return': {
      let end = statement.value === null ? state : read(analysis, state, statement.value);
      if (statement.value !== null && analysis.result !== null) end = written(end, analysis.result);
      analysis.ends.push(end);
      return null;
    }
    default:
      return state;
  }
}

function runCase(analysis: Analysis, statement: Case, state: State, loop: Loop | null): State | null {
  const before = read(analysis, state, statement.selector);
  const ends = statement.branches.map(({ body }) => runList(analysis, body, before, loop));
  if (statement.otherwise !== null) ends.push(runList(analysis, statement.otherwise, before, loop));
  else if (!coversEnum(analysis.model, statement)) ends.push(before);
  return join(ends);
}

/** True when the labels of a CASE name every value of its enumeration. */
export function coversEnum(model: FlowModel, statement: Case): boolean {
  const type = model.typeOf(statement.selector);
  if (type.kind !== 'enum') return false;
  const labels = statement.branches.flatMap(({ labels }) => labels.map(({ lower }) => model.constantOf(lower)));
  return [...type.values.values()].every((value) => labels.includes(value));
}

function runFor(analysis: Analysis, statement: For, state: State): State | null {
  const { model } = analysis;
  let before = read(analysis, read(analysis, state, statement.from), statement.to);
  if (statement.by !== null) before = read(analysis, before, statement.by);
  before = step(analysis, before, (handler) => writeTarget(model, statement.variable, handler));
  const own: Loop = { leaving: [], continuing: [] };
  const end = runLoopBody(analysis, statement.body, before, own);
  return join([...own.leaving, ...own.continuing, end, runsAtLeastOnce(model, statement) ? null : before]);
}

function runsAtLeastOnce(model: FlowModel, { from, to, by }: For): boolean {
  const [start, end, width] = [model.constantOf(from), model.constantOf(to), by === null ? 1n : model.constantOf(by)];
  if (typeof start !== 'bigint' || typeof end !== 'bigint' || typeof width !== 'bigint') return false;
  return width > 0n ? start <= end : width < 0n && start >= end;
}

/** A later pass of a loop sees what an earlier one wrote, wherever that stands in the body. */
function runLoopBody(analysis: Analysis, body: StatementList, state: State, loop: Loop): State | null {
  const may = new Set(state.may);
  const note: AccessHandler = {
    access: ({ kind, symbol }) => {
      if (kind !== 'read' && analysis.tracked.has(symbol)) may.add(symbol);
    },
    call: () => undefined,
  };
  visitStatements(analysis.model, body, note);
  return runList(analysis, body, { must: state.must, may }, loop);
}

function read(analysis: Analysis, state: State, expression: Expression): State {
  return step(analysis, state, (handler) => readExpression(analysis.model, expression, handler));
}

function step(analysis: Analysis, state: State, visit: (handler: AccessHandler) => void): State {
  let current = state;
  visit({
    access: ({ kind, symbol, node }) => {
      if (!analysis.tracked.has(symbol)) return;
      if (kind === 'read' && !current.must.has(symbol) && !analysis.reads.has(symbol)) {
        const certainty = current.may.has(symbol) ? 'sometimes-written' : 'never-written';
        analysis.reads.set(symbol, { symbol, node, certainty });
      }
      if (kind !== 'read') current = written(current, symbol);
    },
    call: () => undefined,
  });
  return current;
}

function written(state: State, symbol: VariableSymbol): State {
  if (state.must.has(symbol)) return state;
  return { must: new Set([...state.must, symbol]), may: new Set([...state.may, symbol]) };
}
