/** Which safety signals a change touches, and whether it touches the logic of a hazard at all. */

import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { compareHazardLogic } from './hazard-logic.js';
import { signalUses } from './signal-uses.js';
import { isTokenEqualChange, sourceChanges } from './source-changes.js';

export interface TouchedRole {
  readonly tag: string;
  readonly role: string;
  readonly reason: string;
  /** Uses that the change takes away. */
  readonly lost: readonly string[];
  /** A file of the change that the reason is about. */
  readonly path: string;
}

/** The signals that are used differently after the change: more, less, elsewhere, or in the other sense. */
export function touchedRoles(change: Change): TouchedRole[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const path = sourceChanges(change).find((entry) => !entry.isTokenEqual)?.path ?? '';
  const locations = new Map(
    [...before.signals, ...after.signals].map((signal) => [`${signal.location} ${signal.role}`, signal]),
  );
  return [...locations.values()].flatMap((signal) => {
    // That a hazard is read (a seal-in, a counter of strokes) is no use of it as a signal.
    if (signal.role === 'hazard') return [];
    const old = signalUses(before, signal);
    const now = signalUses(after, signal);
    const lost = [...old.keys()].filter((use) => !now.has(use));
    const gained = [...now.keys()].filter((use) => !old.has(use));
    if (lost.length === 0 && gained.length === 0) return [];
    const reason = [
      lost.length > 0 ? `no longer used for ${lost.map((use) => useText(before, use)).join(', ')}` : '',
      gained.length > 0 ? `now used for ${gained.map((use) => useText(after, use)).join(', ')}` : '',
    ]
      .filter((part) => part !== '')
      .join('; ');
    return [{ tag: signal.tag, role: signal.role, reason, lost, path: [...now.values(), ...old.values()][0] ?? path }];
  });
}

/** Whether a change reaches the logic of a hazard, and why it is thought so. Token-equal changes reach nothing. */
export function safetyConeTouched(change: Change): { readonly touched: boolean; readonly reasons: readonly string[] } {
  if (isTokenEqualChange(change)) return { touched: false, reasons: [] };
  const reasons: string[] = [];
  const configuration = sourceChanges(change).filter((entry) => entry.before === null && entry.after === null);
  for (const entry of configuration) if (entry.path === 'plantwright.yaml') reasons.push('the manifest changed');
  reasons.push(...compareHazardLogic(change));
  for (const role of touchedRoles(change)) reasons.push(`${role.tag} (${role.role}): ${role.reason}`);
  return { touched: reasons.length > 0, reasons: [...new Set(reasons)] };
}

function useText(model: SafetyModel, use: string): string {
  const end = use.indexOf(' (');
  return `${model.tagOf(use.slice(0, end))}${use.slice(end)}`;
}
