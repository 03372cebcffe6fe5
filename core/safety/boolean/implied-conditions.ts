/**
 * Which conditions a location stands for: if it is TRUE (or FALSE), which conditions were healthy when it was computed?
 * `ok := estop AND guard` stands for both when TRUE, `trip := NOT estop OR NOT guard` when FALSE. An abstract
 * interpretation of the scan trace to its least fixed point: what it names was really evaluated on the way; what it
 * does not name may still be implied in a way that it does not see (state machines, arithmetic).
 */

import { keyOf } from '../../language/semantics/symbols.js';
import type { Expression } from '../../language/syntax/tree.js';
import { isWrittenInEveryScan } from '../dataflow/coverage.js';
import { type Location, shapeOf } from '../dataflow/location.js';
import { areExclusive, type Condition, conditionsAround, type Frame, type WriteEvent } from '../dataflow/trace.js';
import { isSafetyBlock } from '../safety-blocks.js';
import type { SafetyModel } from '../safety-model.js';
import type { ResolvedSignal } from '../signal-roles.js';
import type { Formula } from './formula.js';

/** A set of conditions as a bit mask over `SafetyModel.conditions`. */
type ConditionSet = bigint;

export interface ImpliedConditions {
  /** The conditions that were healthy when this location became TRUE. */
  whenTrue(location: Location): readonly ResolvedSignal[];
  whenFalse(location: Location): readonly ResolvedSignal[];
  /** The conditions that an expression evaluates to be TRUE. */
  ofExpression(expression: Expression, frame: Frame): readonly ResolvedSignal[];
  ofFormula(formula: Formula): readonly ResolvedSignal[];
  /** Those that one write evaluates, whether or not it happens in every scan, in either sense. */
  ofWrite(event: WriteEvent): readonly ResolvedSignal[];
  /** Those of the conditions under which an event happens. */
  ofContext(event: WriteEvent): readonly ResolvedSignal[];
}

const MAX_ROUNDS = 8;

/** Outputs of certified blocks that tell what the block does, not whether its inputs are safe. */
const STATUS_PINS = /^(READY|ERROR|DIAGCODE|DIAG|SAFETYDEMAND|RESETREQUEST|ACK_REQ)$/;

const ANALYSES = new WeakMap<SafetyModel, ImpliedConditions>();

/** Memo by identity, like the model itself. */
export function impliedConditions(model: SafetyModel): ImpliedConditions {
  const known = ANALYSES.get(model);
  if (known !== undefined) return known;
  const analysis = analyse(model, model.conditions);
  ANALYSES.set(model, analysis);
  return analysis;
}

const LOSSES = new WeakMap<SafetyModel, ImpliedConditions>();

/**
 * The same question about lost conditions: if a location is TRUE (or FALSE), which conditions were *not* healthy?
 * `curtain OR muting` is FALSE only while the curtain is interrupted, although its TRUE stands for nothing.
 */
export function impliedLosses(model: SafetyModel): ImpliedConditions {
  const known = LOSSES.get(model);
  if (known !== undefined) return known;
  const opposite = model.conditions.map((condition) => ({ ...condition, healthy: !condition.healthy }));
  const analysis = analyse(model, opposite);
  LOSSES.set(model, analysis);
  return analysis;
}

interface Pair {
  readonly whenTrue: ConditionSet;
  readonly whenFalse: ConditionSet;
}

const NONE: Pair = { whenTrue: 0n, whenFalse: 0n };

function analyse(model: SafetyModel, conditions: readonly ResolvedSignal[]): ImpliedConditions {
  const { trace, site } = model;
  // One bit more than there are conditions: it marks "whatever you ask", the answer for what is never so.
  const all = (1n << BigInt(conditions.length + 1)) - 1n;
  const own = new Map<string, Pair>();
  conditions.forEach((condition, position) => {
    const bit = 1n << BigInt(position);
    const known = own.get(shapeOf(condition.location)) ?? NONE;
    own.set(
      shapeOf(condition.location),
      condition.healthy ? { ...known, whenTrue: known.whenTrue | bit } : { ...known, whenFalse: known.whenFalse | bit },
    );
  });
  const facts = new Map<string, Pair>(own);

  const formula = model.formulaOf;

  const evaluate = (part: Formula): Pair => {
    switch (part.kind) {
      case 'constant':
        return part.value ? { whenTrue: 0n, whenFalse: all } : { whenTrue: all, whenFalse: 0n };
      case 'atom':
        return part.location === null ? NONE : (facts.get(shapeOf(part.location)) ?? NONE);
      case 'not': {
        const inner = evaluate(part.operand);
        return { whenTrue: inner.whenFalse, whenFalse: inner.whenTrue };
      }
      default: {
        const inner = part.operands.map(evaluate);
        const union = (pick: (pair: Pair) => bigint): bigint => inner.reduce((sum, pair) => sum | pick(pair), 0n);
        const intersection = (pick: (pair: Pair) => bigint): bigint =>
          inner.reduce((sum, pair) => sum & pick(pair), all);
        return part.kind === 'and'
          ? { whenTrue: union((pair) => pair.whenTrue), whenFalse: intersection((pair) => pair.whenFalse) }
          : { whenTrue: intersection((pair) => pair.whenTrue), whenFalse: union((pair) => pair.whenFalse) };
      }
    }
  };

  const context = (event: WriteEvent): ConditionSet => {
    let set = 0n;
    for (const condition of conditionsAround(event)) set |= ofCondition(condition);
    return set;
  };

  const ofCondition = (condition: Condition): ConditionSet => {
    if (condition.expression === null) return 0n;
    const pair = evaluate(formula(condition.expression, condition.frame));
    return condition.holds ? pair.whenTrue : pair.whenFalse;
  };

  const written = new Map<string, WriteEvent[]>();
  for (const event of trace.writes) {
    const shape = shapeOf(event.target);
    const list = written.get(shape);
    if (list === undefined) written.set(shape, [event]);
    else list.push(event);
  }

  const ofEvent = (event: WriteEvent): Pair => {
    const around = context(event);
    if (event.kind === 'library') return ofLibrary(event);
    if (event.value === null) {
      const [only] = event.sources;
      // `block(out => target)`: the target is the output.
      const copied =
        event.kind === 'output' && event.sources.length === 1 && only !== undefined
          ? (facts.get(shapeOf(only)) ?? NONE)
          : NONE;
      const pair = event.isNegated ? { whenTrue: copied.whenFalse, whenFalse: copied.whenTrue } : copied;
      return { whenTrue: pair.whenTrue | around, whenFalse: pair.whenFalse | around };
    }
    const plain = evaluate(formula(event.value, event.frame));
    const value = event.isNegated ? { whenTrue: plain.whenFalse, whenFalse: plain.whenTrue } : plain;
    if (event.kind === 'set') return { whenTrue: value.whenTrue | around, whenFalse: all };
    if (event.kind === 'reset') return { whenTrue: all, whenFalse: value.whenTrue | around };
    return {
      whenTrue: value.whenTrue === all ? all : value.whenTrue | around,
      whenFalse: value.whenFalse === all ? all : value.whenFalse | around,
    };
  };

  /** TON.Q and R_TRIG.Q imply their input; the safe outputs of a certified block imply its safe inputs. */
  const ofLibrary = (event: WriteEvent): Pair => {
    const instance = event.target.slice(0, event.target.lastIndexOf('.'));
    const pin = event.target.slice(event.target.lastIndexOf('.') + 1);
    const type = model.variableAt(instance)?.type;
    const name = type?.kind === 'pou' ? keyOf(type.pou.name) : '';
    const input = (wanted: string): ConditionSet => facts.get(shapeOf(`${instance}.${wanted}`))?.whenTrue ?? 0n;
    if (pin === 'Q' && (name.startsWith('TON') || name === 'LTON')) return { whenTrue: input('IN'), whenFalse: 0n };
    if (pin === 'Q' && name === 'R_TRIG') return { whenTrue: input('CLK'), whenFalse: 0n };
    const inputFalse = (wanted: string): ConditionSet => facts.get(shapeOf(`${instance}.${wanted}`))?.whenFalse ?? 0n;
    // The side that wins decides in this scan; the other one may be long ago.
    if (pin === 'Q1' && name === 'RS') return { whenTrue: inputFalse('RESET1') | inputFalse('R1'), whenFalse: 0n };
    if (pin === 'Q1' && name === 'SR') return { whenTrue: 0n, whenFalse: inputFalse('S1') | inputFalse('SET1') };
    if (!isSafetyBlock(name) || STATUS_PINS.test(pin)) return NONE;
    return {
      whenTrue: event.sources.reduce((sum, place) => sum | (facts.get(shapeOf(place))?.whenTrue ?? 0n), 0n),
      whenFalse: 0n,
    };
  };

  /**
   * Written in every scan: the value is that of one of the writes. If it is that of an earlier one, no later one was due:
   * `motor := start; IF NOT guard THEN motor := FALSE; END_IF` stands for the guard.
   */
  const ofEveryWrite = (events: readonly WriteEvent[], isSeenBetween: boolean): Pair => {
    let whenTrue = all;
    let whenFalse = all;
    events.forEach((event, position) => {
      const pair = ofEvent(event);
      let held = 0n;
      if (!isSeenBetween)
        for (const later of events.slice(position + 1))
          if (later.isCertain && later.target === event.target && !areExclusive(event.branch, later.branch))
            held |= whenNotDue(later);
      whenTrue &= pair.whenTrue | held;
      whenFalse &= pair.whenFalse | held;
    });
    return { whenTrue, whenFalse };
  };

  /** What the conditions of a write say when it did not happen; nothing for one that always happens. */
  const whenNotDue = (event: WriteEvent): ConditionSet => {
    let implied = all;
    for (const condition of conditionsAround(event)) {
      if (condition.expression === null) return 0n;
      const pair = evaluate(formula(condition.expression, condition.frame));
      implied &= condition.holds ? pair.whenFalse : pair.whenTrue;
    }
    return implied === all ? 0n : implied;
  };

  /**
   * Written on some paths only: the value may be an old one. All that a TRUE says then is that no write of FALSE was
   * due in this scan, or that a later write made it TRUE again.
   */
  const ofLatch = (events: readonly WriteEvent[]): Pair => ({
    whenTrue: notDue(events, false, (event) => ofEvent(event).whenTrue),
    whenFalse: notDue(events, true, (event) => ofEvent(event).whenFalse),
  });

  const notDue = (
    events: readonly WriteEvent[],
    written: boolean,
    again: (event: WriteEvent) => ConditionSet,
  ): ConditionSet => {
    let set = 0n;
    events.forEach((event, position) => {
      if (!event.isCertain || writesConstant(event) !== written) return;
      let implied = all;
      for (const condition of conditionsAround(event)) {
        if (condition.expression === null) implied = 0n;
        else {
          const pair = evaluate(formula(condition.expression, condition.frame));
          implied &= condition.holds ? pair.whenFalse : pair.whenTrue;
        }
      }
      if (event.kind !== 'assign' && event.value !== null)
        implied &= evaluate(formula(event.value, event.frame)).whenFalse;
      for (const later of events.slice(position + 1))
        if (!areExclusive(event.branch, later.branch)) implied &= again(later);
      set |= implied === all ? 0n : implied;
    });
    return set;
  };

  /** The constant that a write leaves, S= and R= included; null when it is computed. */
  const writesConstant = (event: WriteEvent): boolean | null => {
    if (event.kind === 'set') return true;
    if (event.kind === 'reset') return false;
    const value = event.value === null ? null : site.project.model.constantOf(event.value);
    return typeof value === 'boolean' ? value !== event.isNegated : null;
  };

  const fresh = new Map([...written].map(([shape, events]) => [shape, isWrittenInEveryScan(events)]));

  // Who reads a place between two of its writes sees a value that is not the last one.
  const seenBetween = new Map(
    [...written].map(([shape, events]) => {
      const [first, last] = [events[0], events.at(-1)];
      if (first === undefined || last === undefined || first === last) return [shape, false];
      const isSeen = model.index
        .readersOf(first.target)
        .some(({ order, target }) => order > first.order && order < last.order && target !== first.target);
      return [shape, isSeen];
    }),
  );

  for (let round = 0; round < MAX_ROUNDS; round++) {
    let isStable = true;
    for (const [shape, events] of written) {
      const start = own.get(shape) ?? NONE;
      const { whenTrue, whenFalse } = fresh.get(shape)
        ? ofEveryWrite(events, seenBetween.get(shape) ?? true)
        : ofLatch(events);
      const next: Pair = { whenTrue: start.whenTrue | whenTrue, whenFalse: start.whenFalse | whenFalse };
      const known = facts.get(shape) ?? NONE;
      if (next.whenTrue === known.whenTrue && next.whenFalse === known.whenFalse) continue;
      facts.set(shape, next);
      isStable = false;
    }
    if (isStable) break;
  }

  // Most places stand for one of a few sets: each is spelled out once.
  const spelled = new Map<ConditionSet, readonly ResolvedSignal[]>();
  const signalsIn = (set: ConditionSet): readonly ResolvedSignal[] => {
    const known = spelled.get(set);
    if (known !== undefined) return known;
    const signals = conditions.filter((_, position) => (set & (1n << BigInt(position))) !== 0n);
    spelled.set(set, signals);
    return signals;
  };
  return {
    whenTrue: (location) => signalsIn(facts.get(shapeOf(location))?.whenTrue ?? 0n),
    whenFalse: (location) => signalsIn(facts.get(shapeOf(location))?.whenFalse ?? 0n),
    ofExpression: (expression, frame) => signalsIn(evaluate(formula(expression, frame)).whenTrue),
    ofFormula: (part) => signalsIn(evaluate(part).whenTrue),
    ofWrite: (event) => {
      const pair = ofEvent(event);
      const meant = (set: ConditionSet): ConditionSet => (set === all ? 0n : set);
      return signalsIn(meant(pair.whenTrue) | meant(pair.whenFalse));
    },
    ofContext: (event) => signalsIn(context(event)),
  };
}
