/** What a change took from a hazard: conditions that no longer reach it, or no longer decide. */

import { compareText } from '../../base/finding.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import type { ResolvedSignal } from '../signal-roles.js';
import { nameChanges } from './name-changes.js';
import { signalUses } from './signal-uses.js';
import { isTokenEqualChange } from './source-changes.js';

/** What a change took from a hazard. */
export interface Loss {
  readonly hazard: ResolvedSignal;
  readonly condition: ResolvedSignal;
  /**
   * `gone`: it has no influence any more. `weakened`: it has, but the hazard does not imply it any more.
   * `trip`: the hazard still asks it, but something on the way (a release, a latch) does not any more.
   * `inverted`: it is asked in the opposite sense.
   */
  readonly kind: 'gone' | 'weakened' | 'trip' | 'inverted';
  /** The location on the way that lost it. */
  readonly via: Location | null;
  readonly lostUses: readonly string[];
  readonly gainedUses: readonly string[];
}

const LOSSES = new WeakMap<Change, readonly Loss[]>();

/** All losses of a change; memo by identity, three rules ask. */
export function lossesOf(change: Change): readonly Loss[] {
  const known = LOSSES.get(change);
  if (known !== undefined) return known;
  const losses = isTokenEqualChange(change) ? [] : findLosses(change);
  LOSSES.set(change, losses);
  return losses;
}

function findLosses(change: Change): Loss[] {
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const usesAfter = (signal: ResolvedSignal): string[] => [...signalUses(after, signal).keys()].map(locationBefore);
  const losses: Loss[] = [];
  for (const hazard of before.hazards) {
    const now =
      after.hazards.find((candidate) => locationBefore(candidate.location) === hazard.location) ??
      hazardByMemory(after, hazard);
    if (now === undefined) continue;
    // Nothing drives the hazard any more: it stays off.
    if (after.index.writersOf(now.location).length === 0) continue;
    const oldCone = before.coneOf(hazard.location);
    const newCone = after.coneOf(now.location);
    const reached = new Set([...newCone.locations].map(locationBefore));
    const implied = impliedConditions(before)
      .whenTrue(hazard.location)
      .map((signal) => signal.location);
    const impliedNow = impliedConditions(after)
      .whenTrue(now.location)
      .map((signal) => locationBefore(signal.location));
    for (const condition of before.conditions) {
      if (!coneTouches(oldCone, condition.location)) continue;
      const same = after.signals.find((signal) => locationBefore(signal.location) === condition.location);
      const isGone = !reached.has(condition.location) && (same === undefined || !coneTouches(newCone, same.location));
      const isWeakened = implied.includes(condition.location) && !impliedNow.includes(condition.location);
      if (!isGone && !isWeakened) continue;
      const oldUses = [...signalUses(before, condition).keys()];
      const newUses = same === undefined ? [] : usesAfter(same);
      const lostUses = oldUses.filter((use) => !newUses.includes(use));
      const gainedUses = newUses.filter((use) => !oldUses.includes(use));
      if (!isGone && same !== undefined && movedIntoNewBlock(before, after, same, now)) continue;
      losses.push({ hazard, condition, kind: isGone ? 'gone' : 'weakened', via: null, lostUses, gainedUses });
    }
  }
  const reported = new Set(losses.map((loss) => loss.condition.location));
  for (const loss of lossesOnTheWay(change)) if (!reported.has(loss.condition.location)) losses.push(loss);
  return losses.sort(
    (a, b) =>
      compareText(a.hazard.location, b.hazard.location) || compareText(a.condition.location, b.condition.location),
  );
}

/**
 * True when the condition is now wired to an instance that the change adds and that drives the hazard: what a block
 * with a memory of its own makes of it is for the proof to decide, not for this comparison.
 */
function movedIntoNewBlock(
  before: SafetyModel,
  after: SafetyModel,
  condition: ResolvedSignal,
  hazard: ResolvedSignal,
): boolean {
  return after.index.readersOf(condition.location).some((event) => {
    if (event.kind !== 'input') return false;
    const instance = event.target.slice(0, event.target.lastIndexOf('.'));
    const isNewBlock = after.variableAt(instance)?.type.kind === 'pou' && before.variableAt(instance) === null;
    return isNewBlock && coneTouches(after.coneOf(hazard.location), event.target);
  });
}

/**
 * Conditions that the hazard still asks in one place, while a release or a latch on the way to it lost them, and
 * nothing took their place; and conditions that are asked in the opposite sense.
 */
function lossesOnTheWay(change: Change): Loss[] {
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const [impliedBefore, impliedAfter] = [impliedConditions(before), impliedConditions(after)];
  const locationsNow = new Map([...after.hazardCone.locations].map((location) => [locationBefore(location), location]));
  const losses: Loss[] = [];
  let found: ReadonlyMap<Location, Location> | null = null;
  /** By condition: the first place on the way to a hazard that stood for it and does not any more. */
  const lostAt = (): ReadonlyMap<Location, Location> => {
    if (found !== null) return found;
    const first = new Map<Location, Location>();
    const compare = (location: Location, was: readonly ResolvedSignal[], is: readonly ResolvedSignal[]): void => {
      if (was.length === 0) return;
      const kept = new Set(is.map((signal) => locationBefore(signal.location)));
      for (const signal of was)
        if (signal.location !== location && !kept.has(signal.location) && !first.has(signal.location))
          first.set(signal.location, location);
    };
    for (const location of [...before.hazardCone.locations].sort(compareText)) {
      const place = locationsNow.get(location);
      if (place === undefined) continue;
      compare(location, impliedBefore.whenTrue(location), impliedAfter.whenTrue(place));
      compare(location, impliedBefore.whenFalse(location), impliedAfter.whenFalse(place));
    }
    found = first;
    return first;
  };
  for (const condition of before.conditions) {
    const hazard = before.hazards.find((candidate) =>
      coneTouches(before.coneOf(candidate.location), condition.location),
    );
    const now = after.signals.find((signal) => locationBefore(signal.location) === condition.location);
    if (hazard === undefined || now === undefined) continue;
    const oldUses = [...signalUses(before, condition).keys()];
    const newUses = [...signalUses(after, now).keys()].map(locationBefore);
    const lostUses = oldUses.filter((use) => !newUses.includes(use));
    const gainedUses = newUses.filter((use) => !oldUses.includes(use));
    const inverted = lostUses.find((use) => gainedUses.some((gained) => isInverted(use, gained)));
    if (inverted !== undefined) {
      losses.push({
        hazard,
        condition,
        kind: 'inverted',
        via: inverted.slice(0, inverted.indexOf(' (')),
        lostUses,
        gainedUses,
      });
      continue;
    }
    // What is used for something new was moved; whether it still does the same is for the proof to say.
    const targetOf = (use: string): string => use.slice(0, use.indexOf(' ('));
    const lostTargets = new Set(lostUses.map(targetOf));
    if (gainedUses.some((use) => !lostTargets.has(targetOf(use)))) continue;
    const via = lostAt().get(condition.location);
    if (via !== undefined) losses.push({ hazard, condition, kind: 'trip', via, lostUses, gainedUses });
  }
  return losses;
}

/** `A (AND)` and `A (NOT, AND)`: the same place in the opposite sense. */
export function isInverted(lost: string, gained: string): boolean {
  const plain = (use: string): string => use.replace(/\(NOT, |\(else |\(NOT\)/g, '(').replace(/\(copy\)/, '(');
  return plain(lost) === plain(gained) && /NOT/.test(lost) !== /NOT/.test(gained);
}

/** An inferred hazard may lose its role with its name; its memory is still there. */
function hazardByMemory(after: SafetyModel, hazard: ResolvedSignal): ResolvedSignal | undefined {
  return after.variableAt(hazard.location) === null ? undefined : hazard;
}
