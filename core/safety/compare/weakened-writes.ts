/**
 * Writes whose formula lets more through than before although every operand is still there: AND became OR, a
 * parenthesis moved. Decided by the truth table over the operands of the two expressions, so that a rewriting of the
 * same function (De Morgan, distribution) is no difference.
 */

import { compareText } from '../../base/finding.js';
import { atomsOf, type Formula, join, negate } from '../boolean/formula.js';
import { type ImpliedConditions, impliedConditions } from '../boolean/implied-conditions.js';
import type { Location } from '../dataflow/location.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { eventText } from './hazard-logic.js';
import { nameChanges } from './name-changes.js';

export interface WeakenedWrite {
  readonly target: Location;
  readonly event: WriteEvent;
  /** An operand that stands for conditions, and is lost in the assignment below. */
  readonly operand: Location;
  /** Values of the operands under which the new formula lets through what the old one did not. */
  readonly assignment: Readonly<Record<string, boolean>>;
}

/** 2^12 rows take a millisecond; expressions with more operands are left to the proof. */
const MAX_OPERANDS = 12;

export function weakenedWrites(change: Change): WeakenedWrite[] {
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const old = changedByTarget(before, after, (location) => location, locationBefore);
  const now = changedByTarget(after, before, locationBefore, (location) => location);
  const results: WeakenedWrite[] = [];
  for (const [target, event] of now) {
    const was = old.get(target);
    if (was === undefined || was === null || event === null) continue;
    const permits = senseOf(impliedConditions(before), was.target);
    if (permits === null) continue;
    const oldFormula = effectOf(was, before, (key) => key);
    const newFormula = effectOf(event, after, locationBefore);
    const witness = findWeakening(
      permits ? oldFormula : negate(oldFormula),
      permits ? newFormula : negate(newFormula),
      impliedConditions(before),
    );
    if (witness !== null) results.push({ target, event, ...witness });
  }
  return results.sort((a, b) => compareText(a.target, b.target));
}

/** Changed writes by target; null where one target has several. */
function changedByTarget(
  own: SafetyModel,
  other: SafetyModel,
  ownName: (location: Location) => Location,
  otherName: (location: Location) => Location,
): Map<Location, WriteEvent | null> {
  const otherTexts = new Set([...other.hazardCone.events].map((event) => otherName(eventText(event, other))));
  const changed = new Map<Location, WriteEvent | null>();
  for (const event of own.hazardCone.events) {
    if (otherTexts.has(ownName(eventText(event, own)))) continue;
    const target = ownName(event.target).replace(/#\d+/g, '');
    changed.set(target, changed.has(target) ? null : event);
  }
  return changed;
}

/** True when TRUE of the location permits, false when it stops, null when it stands for no condition. */
function senseOf(implied: ImpliedConditions, location: Location): boolean | null {
  if (implied.whenTrue(location).length > 0) return true;
  return implied.whenFalse(location).length > 0 ? false : null;
}

/** The formula of the value under the conditions around it. */
function effectOf(event: WriteEvent, model: SafetyModel, toOld: (key: string) => string): Formula {
  const parts: Formula[] = [];
  if (event.value !== null) {
    const value = model.formulaOf(event.value, event.frame);
    parts.push(event.isNegated ? negate(value) : value);
  }
  for (let condition = event.condition; condition !== null; condition = condition.outer) {
    if (condition.expression === null) continue;
    const formula = model.formulaOf(condition.expression, condition.frame);
    parts.push(condition.holds ? formula : negate(formula));
  }
  return renamed(join('and', parts), toOld);
}

function renamed(formula: Formula, toOld: (key: string) => string): Formula {
  switch (formula.kind) {
    case 'atom':
      return { ...formula, key: toOld(formula.key).replace(/(?<=[\p{L}\p{N}_])#\d+/gu, '') };
    case 'not':
      return { kind: 'not', operand: renamed(formula.operand, toOld) };
    case 'and':
    case 'or':
      return { kind: formula.kind, operands: formula.operands.map((operand) => renamed(operand, toOld)) };
    default:
      return formula;
  }
}

/** An assignment with `now` TRUE and `old` FALSE in which an operand that stands for conditions is lost. */
function findWeakening(
  old: Formula,
  now: Formula,
  implied: ImpliedConditions,
): Pick<WeakenedWrite, 'operand' | 'assignment'> | null {
  const oldKeys = keysOf(old);
  const keys = [...new Set([...oldKeys, ...keysOf(now)])].sort(compareText);
  // Other operands than before: what they mean is for the other rules and for the proof.
  if (keys.length > MAX_OPERANDS || keys.length !== oldKeys.size) return null;
  const safety = keys.flatMap((key) => {
    const permits = senseOf(implied, key);
    return permits === null ? [] : [{ key, healthy: permits }];
  });
  if (safety.length === 0) return null;
  for (let row = 0; row < 1 << keys.length; row++) {
    const value = (key: string): boolean => ((row >> keys.indexOf(key)) & 1) === 1;
    if (!evaluate(now, value) || evaluate(old, value)) continue;
    const lost = safety.find(({ key, healthy }) => value(key) !== healthy);
    if (lost !== undefined)
      return { operand: lost.key, assignment: Object.fromEntries(keys.map((key) => [key, value(key)])) };
  }
  return null;
}

function keysOf(formula: Formula): ReadonlySet<string> {
  return new Set(atomsOf(formula).map(({ atom }) => atom.key));
}

function evaluate(formula: Formula, value: (key: string) => boolean): boolean {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'atom':
      return value(formula.key);
    case 'not':
      return !evaluate(formula.operand, value);
    case 'and':
      return formula.operands.every((operand) => evaluate(operand, value));
    default:
      return formula.operands.some((operand) => evaluate(operand, value));
  }
}
