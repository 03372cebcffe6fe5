/**
 * Loops. What ends after a known number of passes is unrolled, and so are a few passes whose number is not known. What
 * is left becomes an unknown function: everything that the loop writes depends on what it reads.
 */

import type { Expression, For, Repeat, While } from '../language/syntax/tree.js';
import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { aliveOf, flagsOf } from './control-flow.js';
import type { Layer } from './environment.js';
import type { Frame, Machine } from './machine.js';
import { writeReference } from './memory-access.js';
import { operate } from './operators.js';
import { type Choice, isChoice, type Value } from './terms.js';

type Loop = For | While | Repeat;

/** Passes of a loop whose conditions are all constants. */
const CONSTANT_PASSES = 1024;
/** Passes of a loop whose conditions depend on inputs or memory. */
const OPEN_PASSES = 16;

/** Executes a loop: unrolled when it ends within the limits, else as an unknown function. */
export function executeLoop(machine: Machine, statement: Loop, frame: Frame): void {
  const unrolled = unroll(machine, statement, frame);
  if (unrolled === null) havocLoop(machine, statement, frame);
  else machine.environment.merge(machine.terms, [{ guard: TRUE, layer: unrolled }]);
}

/** What the loop writes, or null when it may go on after the last pass that the limits allow. */
function unroll(machine: Machine, statement: Loop, frame: Frame): Layer | null {
  const { environment, terms } = machine;
  const loop = `${frame.loop ?? frame.locals}.LOOP`;
  const inner: Frame = { ...frame, loop };
  let hasEnded = false;
  const layer = environment.branch(() => {
    environment.write(`#${loop}.EXIT`, FALSE);
    environment.write(`#${loop}.CONTINUE`, FALSE);
    const control = controlOf(machine, statement, inner);
    let active: Literal = TRUE;
    let open = 0;
    for (let pass = 0; pass < CONSTANT_PASSES && open <= OPEN_PASSES; pass++) {
      const wasActive: Literal = active;
      underGuard(machine, wasActive, () => control.prepare(pass));
      active = terms.circuit.all([active, control.mayEnter(pass), aliveOf(machine, inner)]);
      if (active === FALSE) {
        hasEnded = true;
        break;
      }
      if (active !== TRUE) open++;
      underGuard(machine, active, () => {
        for (const flag of flagsOf(machine, inner)) environment.write(flag, FALSE);
        machine.execute(statement.body, inner);
        environment.write(`#${loop}.CONTINUE`, FALSE);
      });
      active = terms.circuit.and(active, aliveOf(machine, inner));
      active = terms.circuit.and(active, control.mayRepeat());
      if (active === FALSE) {
        hasEnded = true;
        break;
      }
    }
    environment.write(`#${loop}.EXIT`, FALSE);
  });
  return hasEnded ? layer : null;
}

function underGuard(machine: Machine, guard: Literal, run: () => void): void {
  if (guard === TRUE) run();
  else if (guard !== FALSE)
    machine.environment.merge(machine.terms, [{ guard, layer: machine.environment.branch(run) }]);
}

/** The three questions that every loop asks. */
interface LoopControl {
  /** Before the question whether pass `pass` (from 0) is entered: counts a FOR loop. */
  prepare(pass: number): void;
  mayEnter(pass: number): Literal;
  /** After a pass: the UNTIL of a REPEAT. */
  mayRepeat(): Literal;
}

function controlOf(machine: Machine, statement: Loop, frame: Frame): LoopControl {
  const { terms } = machine;
  const literalOf = (condition: Expression): Literal => terms.asLiteral(machine.evaluate(condition, frame));
  const nothing = (): void => undefined;
  switch (statement.kind) {
    case 'While':
      return { prepare: nothing, mayEnter: () => literalOf(statement.condition), mayRepeat: () => TRUE };
    case 'Repeat':
      return { prepare: nothing, mayEnter: () => TRUE, mayRepeat: () => not(literalOf(statement.until)) };
    case 'For': {
      const numberOf = (bound: Expression): Choice => terms.asChoice(machine.evaluate(bound, frame));
      const from = numberOf(statement.from);
      const to = numberOf(statement.to);
      const by = statement.by === null ? 1n : integerOf(machine, numberOf(statement.by));
      const type = machine.model.typeOf(statement.variable);
      const variable = machine.refer(statement.variable, frame);
      const at = (pass: number): Choice =>
        terms.asChoice(operate(machine, '+', from, terms.constantChoice(BigInt(pass) * (by ?? 1n)), type, type));
      return {
        prepare: (pass) => writeReference(machine, variable, at(pass)),
        // a step that is not constant, or zero, has no known number of passes
        mayEnter: (pass) =>
          by === null || by === 0n
            ? terms.oracle(`for:${frame.loop}`, []).boolean('enters')
            : by > 0n
              ? terms.lessOrEqual(at(pass), to, 'integer')
              : terms.lessOrEqual(to, at(pass), 'integer'),
        mayRepeat: () => TRUE,
      };
    }
  }
}

function integerOf(machine: Machine, value: Choice): bigint | null {
  const [only] = value;
  if (value.length !== 1 || only === undefined) return null;
  const constant = machine.terms.constantOf(only.term);
  return typeof constant === 'bigint' ? constant : null;
}

/** Passes after which the set of written variables must have settled. */
const ROUND_LIMIT = 8;

/**
 * Loses what a loop writes. The unknown results depend on the values before the loop and on what one pass does, so two
 * versions of a program with the same loop still agree, and a change inside the loop is seen as a change.
 */
function havocLoop(machine: Machine, statement: Loop, frame: Frame): void {
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
function conditionOf(machine: Machine, statement: Loop, frame: Frame): Value {
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
