/**
 * Operands that a change takes out of the logic of a hazard and puts nowhere else: a condition, or something that
 * stands for conditions (a release, a trip latch, the output of a guard block). Also one that another operand covers:
 * the second line of defence is there on purpose.
 */

import { compareText } from '../../base/finding.js';
import { atomsOf } from '../boolean/formula.js';
import { impliedConditions, impliedLosses } from '../boolean/implied-conditions.js';
import { type Literal, literalsRequired } from '../boolean/required-literals.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import type { ResolvedSignal } from '../signal-roles.js';
import { eventText } from './hazard-logic.js';
import { nameChanges } from './name-changes.js';

export interface RemovedOperand {
  /** What was computed from it, by its location before the change. */
  readonly target: Location;
  readonly operand: Location;
  readonly isPositive: boolean;
  /** The conditions that it stands for. */
  readonly conditions: readonly ResolvedSignal[];
  /** The write of the same target after the change; null when it has none. */
  readonly event: WriteEvent | null;
  /** `gone`: it is not asked any more. `optional`: it is, but something else may stand in for it (an OR). */
  readonly kind: 'gone' | 'optional';
}

/** Sorted by target. Without operands whose conditions the change asks in a new place. */
export function removedOperands(change: Change): RemovedOperand[] {
  const { locationBefore } = nameChanges(change);
  const before = sideOf(safetyModelOf(change.before), (location) => location);
  const after = sideOf(safetyModelOf(change.after), locationBefore);
  const [oldTexts, newTexts] = [before, after].map((side) => new Set(side.map((entry) => entry.text)));
  const removed = before.filter((entry) => !newTexts?.has(entry.text));
  const added = after.filter((entry) => !oldTexts?.has(entry.text));
  if (removed.length === 0) return [];
  const old = operandsByTarget(removed);
  const now = operandsByTarget(added);
  // What a new operand stands for was moved there, and is not missing where it was.
  const moved = new Set<Location>();
  for (const [target, operands] of now) {
    for (const [key, { conditions }] of operands) {
      if (old.get(target)?.has(key)) continue;
      for (const { location } of conditions) moved.add(locationBefore(location));
    }
  }
  for (const entry of added) {
    for (const { location } of entry.keptOut()) moved.add(locationBefore(location));
  }
  const index = safetyModelOf(change.after).index;
  const results: RemovedOperand[] = [];
  for (const [target, operands] of old) {
    const entry =
      added.find((candidate) => candidate.target === target) ?? after.find((candidate) => candidate.target === target);
    // What is not computed any more at all is no weaker; whoever reads it is judged by itself.
    if (entry === undefined && index.writersOf(target).length === 0) continue;
    for (const [key, operand] of operands) {
      const isAsked = now.get(target)?.has(key) ?? false;
      if (isAsked && !(isRequired(before, target, key) && !isRequired(after, target, key))) continue;
      if (operand.conditions.length > 0 && operand.conditions.every(({ location }) => moved.has(location))) continue;
      // `IF NOT ok THEN trip := TRUE; ELSIF reset …` asks in both senses what an equation asks once.
      const opposite = `${operand.operand} ${!operand.isPositive}`;
      if (!isAsked && asks(removed, target, opposite) && asks(added, target, opposite)) continue;
      if (!isAsked && isAskedThroughNew(before, added, target, operand.operand)) continue;
      results.push({ ...operand, target, event: entry?.event ?? null, kind: isAsked ? 'optional' : 'gone' });
    }
  }
  return results.sort((a, b) => compareText(a.target, b.target) || compareText(a.operand, b.operand));
}

type Operand = Pick<RemovedOperand, 'operand' | 'isPositive' | 'conditions'>;

interface Entry {
  readonly text: string;
  readonly target: Location;
  readonly event: WriteEvent;
  readonly operandsOf: () => ReadonlyMap<string, Operand>;
  /** What must hold for the write to switch its target on; null when it only switches off. */
  readonly required: () => ReadonlySet<string> | null;
  /** Conditions without which a trip stays: its write asks what is FALSE only while they are healthy, as `latch.Q1`. */
  readonly keptOut: () => readonly ResolvedSignal[];
  /** Everything that the write asks, whether or not it stands for conditions: `LOCATION sense`. */
  readonly asked: () => ReadonlySet<string>;
}

function asks(entries: readonly Entry[], target: Location, operand: string): boolean {
  return entries.some((entry) => entry.target === target && entry.asked().has(operand));
}

/** `demand := NOT ok OR …; IF demand THEN`: a place that the change made asks the operand, and is asked in its stead. */
function isAskedThroughNew(
  before: readonly Entry[],
  added: readonly Entry[],
  target: Location,
  operand: Location,
): boolean {
  return added.some(
    (entry) =>
      entry.target !== target &&
      (entry.asked().has(`${operand} true`) || entry.asked().has(`${operand} false`)) &&
      (asks(added, target, `${entry.target} true`) || asks(added, target, `${entry.target} false`)) &&
      before.every((old) => old.target !== entry.target),
  );
}

/** True when every write that switches the target on wants the operand to hold. */
function isRequired(entries: readonly Entry[], target: Location, operand: string): boolean {
  return entries.every((entry) => entry.target !== target || (entry.required()?.has(operand) ?? true));
}

/** The writes of the hazards' cone under the names of the version before. */
function sideOf(model: SafetyModel, toOld: (location: Location) => Location): Entry[] {
  return [...model.hazardCone.events].map((event) => ({
    text: toOld(eventText(event, model)),
    target: toOld(event.target).replace(/#\d+/g, ''),
    event,
    operandsOf: () => operandsIn(event, model, toOld),
    required: () => requiredBy(event, model, toOld),
    keptOut: () => keptOutBy(event, model),
    asked: () =>
      new Set(askedBy(event, model).map(({ location, isPositive }) => `${plain(toOld(location))} ${isPositive}`)),
  }));
}

function plain(location: Location): Location {
  return location.replace(/#\d+/g, '');
}

function operandsIn(
  event: WriteEvent,
  model: SafetyModel,
  toOld: (location: Location) => Location,
): ReadonlyMap<string, Operand> {
  const implied = impliedConditions(model);
  const losses = impliedLosses(model);
  const found = new Map<string, Operand>();
  for (const { location, isPositive } of askedBy(event, model)) {
    const held = isPositive ? implied.whenTrue(location) : implied.whenFalse(location);
    // `guard OR muting` holds nothing for certain, and yet it is how the guard comes in.
    const conditions = held.length > 0 ? held : isPositive ? losses.whenFalse(location) : losses.whenTrue(location);
    const operand = plain(toOld(location));
    if (conditions.length > 0 || (!isPositive && areExclusive(model, location, event.target)))
      found.set(`${operand} ${isPositive}`, { operand, isPositive, conditions });
  }
  return found;
}

function keptOutBy(event: WriteEvent, model: SafetyModel): ResolvedSignal[] {
  const implied = impliedConditions(model);
  const trips = new Set(implied.whenFalse(event.target));
  return askedBy(event, model).flatMap(({ location, isPositive }) =>
    isPositive ? implied.whenFalse(location).filter((condition) => trips.has(condition)) : [],
  );
}

/** The operands without which a write can't switch its target on: its conditions, and the conjuncts of its value. */
function requiredBy(
  event: WriteEvent,
  model: SafetyModel,
  toOld: (location: Location) => Location,
): ReadonlySet<string> | null {
  const wanted = new Set<string>();
  const copied = copiedBy(event);
  if (copied !== null) wanted.add(`${plain(toOld(copied.location))} ${copied.isPositive}`);
  for (const { expression, frame, holds } of partsOf(event)) {
    if (expression === null) continue;
    const literals = literalsRequired(model.formulaOf(expression, frame), holds);
    // A part that can never hold: this write switches nothing on.
    if (literals === null) return null;
    for (const { location, isPositive } of literals) wanted.add(`${plain(toOld(location))} ${isPositive}`);
  }
  return wanted;
}

/** Whether the manifest forbids that both are on: then `NOT other` is an interlock like a condition. */
function areExclusive({ resolution }: SafetyModel, one: Location, other: Location): boolean {
  return resolution.mutuallyExclusive.some((group) =>
    [one, other].every((location) => group.some((node) => node.location === plain(location))),
  );
}

/** What a write asks, in its value and in the conditions around it; its own target left out. */
function askedBy(event: WriteEvent, model: SafetyModel): Literal[] {
  const asked = partsOf(event).flatMap(({ expression, frame, holds }) =>
    expression === null
      ? []
      : atomsOf(model.formulaOf(expression, frame), holds).flatMap(({ atom, isPositive }) =>
          atom.location === null || atom.location === event.target ? [] : [{ location: atom.location, isPositive }],
        ),
  );
  const copied = copiedBy(event);
  return copied === null ? asked : [copied, ...asked];
}

/** `block(out => target)` asks what `target := block.out` asks; null for every other write. */
function copiedBy(event: WriteEvent): Literal | null {
  const [location, ...others] = event.sources;
  if (event.kind !== 'output' || event.value !== null || location === undefined || others.length > 0) return null;
  return { location, isPositive: !event.isNegated };
}

/** The value of a write and the conditions around it: all must hold for the write to switch its target on. */
function partsOf(event: WriteEvent) {
  const conditions = conditionsAround(event).map(({ expression, frame, holds }) => ({ expression, frame, holds }));
  return [{ expression: event.value, frame: event.frame, holds: !event.isNegated }, ...conditions];
}

function operandsByTarget(entries: readonly Entry[]): ReadonlyMap<Location, Map<string, Operand>> {
  const byTarget = new Map<Location, Map<string, Operand>>();
  for (const entry of entries) {
    const known = byTarget.get(entry.target) ?? new Map<string, Operand>();
    for (const [key, operand] of entry.operandsOf()) known.set(key, operand);
    byTarget.set(entry.target, known);
  }
  return byTarget;
}
