/**
 * Operands that a change takes out of the logic of a hazard and puts nowhere else: a condition, or something that
 * stands for conditions (a release, a trip latch, the output of a guard block). Also one that another operand covers:
 * the second line of defence is there on purpose.
 */

import { compareText } from '../../base/finding.js';
import { atomsOf } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
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
  const index = safetyModelOf(change.after).index;
  const results: RemovedOperand[] = [];
  for (const [target, operands] of old) {
    const entry =
      added.find((candidate) => candidate.target === target) ?? after.find((candidate) => candidate.target === target);
    // What is not computed any more at all is no weaker; whoever reads it is judged by itself.
    if (entry === undefined && index.writersOf(target).length === 0) continue;
    for (const [key, operand] of operands) {
      if (now.get(target)?.has(key)) continue;
      if (operand.conditions.length > 0 && operand.conditions.every(({ location }) => moved.has(location))) continue;
      // `IF NOT ok THEN trip := TRUE; ELSIF reset …` asks in both senses what an equation asks once.
      const opposite = `${operand.operand} ${!operand.isPositive}`;
      if (asks(removed, target, opposite) && asks(added, target, opposite)) continue;
      results.push({ ...operand, target, event: entry?.event ?? null });
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
  /** Everything that the write asks, whether or not it stands for conditions: `LOCATION sense`. */
  readonly asked: () => ReadonlySet<string>;
}

function asks(entries: readonly Entry[], target: Location, operand: string): boolean {
  return entries.some((entry) => entry.target === target && entry.asked().has(operand));
}

/** The writes of the hazards' cone under the names of the version before. */
function sideOf(model: SafetyModel, toOld: (location: Location) => Location): Entry[] {
  return [...model.hazardCone.events].map((event) => ({
    text: toOld(eventText(event, model)),
    target: toOld(event.target).replace(/#\d+/g, ''),
    event,
    operandsOf: () => operandsIn(event, model, toOld),
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
  const found = new Map<string, Operand>();
  for (const { location, isPositive } of askedBy(event, model)) {
    const conditions = isPositive ? implied.whenTrue(location) : implied.whenFalse(location);
    const operand = plain(toOld(location));
    if (conditions.length > 0 || (!isPositive && areExclusive(model, location, event.target)))
      found.set(`${operand} ${isPositive}`, { operand, isPositive, conditions });
  }
  return found;
}

/** Whether the manifest forbids that both are on: then `NOT other` is an interlock like a condition. */
function areExclusive({ resolution }: SafetyModel, one: Location, other: Location): boolean {
  return resolution.mutuallyExclusive.some((group) =>
    [one, other].every((location) => group.some((node) => node.location === plain(location))),
  );
}

/** What a write asks, in its value and in the conditions around it; its own target left out. */
function askedBy(
  event: WriteEvent,
  model: SafetyModel,
): { readonly location: Location; readonly isPositive: boolean }[] {
  const parts = conditionsAround(event).map(({ expression, frame, holds }) => ({ expression, frame, holds }));
  return [{ expression: event.value, frame: event.frame, holds: !event.isNegated }, ...parts].flatMap(
    ({ expression, frame, holds }) =>
      expression === null
        ? []
        : atomsOf(model.formulaOf(expression, frame), holds).flatMap(({ atom, isPositive }) =>
            atom.location === null || atom.location === event.target ? [] : [{ location: atom.location, isPositive }],
          ),
  );
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
