/**
 * Outputs that nobody named a hazard and that a change lets run without a condition that stopped them. Whoever wrote the
 * manifest named the worst ones; that the others stopped with them was no accident.
 */

import { impliedConditions } from '../boolean/implied-conditions.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { Change } from '../rule.js';
import { interlockedOutputs, namesHazards, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { nameChanges } from './name-changes.js';
import { isTokenEqualChange } from './source-changes.js';

export interface UnlistedLoss {
  /** The output as an engineer writes it. */
  readonly output: string;
  /** Its last write after the change. */
  readonly event: WriteEvent;
  /** Declared conditions that it asked and no longer asks. */
  readonly conditions: readonly ResolvedSignal[];
}

/** Sorted as the outputs are declared. Where no hazard is named at all, these outputs are hazards by themselves. */
export function unlistedLosses(change: Change): UnlistedLoss[] {
  if (isTokenEqualChange(change)) return [];
  const [before, after] = [safetyModelOf(change.before), safetyModelOf(change.after)];
  if (!namesHazards(before)) return [];
  const { locationBefore } = nameChanges(change);
  const [old, now] = [impliedConditions(before), impliedConditions(after)];
  const written = new Map(after.trace.writes.map((event) => [locationBefore(event.target), event]));
  return interlockedOutputs(before).flatMap(({ location, tag }): UnlistedLoss[] => {
    const event = written.get(location);
    if (event === undefined) return [];
    const kept = new Set(now.whenTrue(event.target).map((signal) => locationBefore(signal.location)));
    const conditions = old.whenTrue(location).filter((signal) => isDeclared(signal) && !kept.has(signal.location));
    return conditions.length === 0 ? [] : [{ output: tag, event, conditions }];
  });
}
