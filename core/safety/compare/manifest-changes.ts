/**
 * What a change of the manifest takes away, compared by what it says of the code and under the old names: a rename that
 * is carried through, a comment, another order say the same. One more signal, hazard, exclusive pair or check and a
 * tighter limit ask for more. Everything else is named here as a loss; what can't be ordered counts as one.
 */

import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../../language/semantics/symbols.js';
import { parseDuration } from '../../site/duration.js';
import { COMMAND_ROLES, MANIFEST_FILE, type SiteManifest } from '../../site/manifest.js';
import type { Location } from '../dataflow/location.js';
import type { Change } from '../rule.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isCondition, isDeclared, type ResolvedLimit, type ResolvedSignal } from '../signal-roles.js';
import { nameChanges } from './name-changes.js';

type SafetySection = NonNullable<SiteManifest['safety']>;

/** Sorted as found; empty when the manifest after the change asks for the same or for more. */
export function manifestLosses(change: Change): string[] {
  const [before, after] = [change.before.manifest, change.after.manifest];
  if (before === null || after === null)
    return change.before.snapshot.has(MANIFEST_FILE) || change.after.snapshot.has(MANIFEST_FILE)
      ? ['it is readable in one of the two versions only']
      : [];
  const sides = sidesOf(change);
  return [
    ...keyLosses(before, after, sides),
    ...signalLosses(sides, before.safety ?? {}, after.safety ?? {}),
    ...hazardLosses(sides),
    ...groupLosses(sides),
    ...limitLosses(sides),
  ];
}

interface Sides {
  readonly before: SafetyModel;
  readonly after: SafetyModel;
  /** Signals of the manifest, those after the change under the old names. */
  readonly old: readonly ResolvedSignal[];
  readonly now: readonly ResolvedSignal[];
  locationBefore(location: Location): Location;
}

function sidesOf(change: Change): Sides {
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const written = (signal: ResolvedSignal): boolean =>
    signal.source === 'manifest' && !signal.zone.startsWith('requires:');
  return {
    before,
    after,
    old: before.signals.filter(written),
    now: after.signals.filter(written).map((signal) => ({ ...signal, location: locationBefore(signal.location) })),
    locationBefore,
  };
}

// ------------------------------------------------------------------------------------------------------ plain keys

/** Lists in which an entry more asks for more. */
const GROWING_SAFETY_LISTS = ['certified', 'protected'] as const;
const COMPARED_SAFETY_KEYS: ReadonlySet<string> = new Set([
  'signals',
  'mutually_exclusive',
  'limits',
  'suppressions',
  'rating',
  'performance_level',
  ...GROWING_SAFETY_LISTS,
]);
const RATINGS: readonly unknown[] = ['SIL-1', 'SIL-2', 'SIL-3'];
const LEVELS: readonly unknown[] = ['a', 'b', 'c', 'd', 'e'];

function keyLosses(before: SiteManifest, after: SiteManifest, { locationBefore }: Sides): string[] {
  const losses: string[] = [];
  const old: Readonly<Record<string, unknown>> = { ...before };
  const now: Readonly<Record<string, unknown>> = { ...after };
  const text = (value: unknown): unknown => withOldNames(value, locationBefore);
  for (const key of keysOf(old, now)) {
    if (key === 'safety' || key === 'checks') continue;
    const isSame =
      key === 'entry' || key === 'migrations'
        ? isDeepStrictEqual(
            withOldNames(old[key], (name) => name),
            text(now[key]),
          )
        : key === 'cycle'
          ? (before.cycle === undefined ? null : parseDuration(before.cycle)) ===
            (after.cycle === undefined ? null : parseDuration(after.cycle))
          : isDeepStrictEqual(old[key], now[key]);
    if (!isSame) losses.push(`${key} changed`);
  }
  for (const key of ['tests', 'scenarios'] as const)
    if (!isGrown(before.checks?.[key], after.checks?.[key])) losses.push(`checks.${key} is not what it was`);
  return [...losses, ...sectionLosses(before.safety ?? {}, after.safety ?? {}, text)];
}

function sectionLosses(old: SafetySection, now: SafetySection, text: (value: unknown) => unknown): string[] {
  const losses: string[] = [];
  for (const key of GROWING_SAFETY_LISTS) {
    const kept = new Set((now[key] ?? []).flatMap((entry) => [entry, pouBefore(entry, text)]));
    const missing = (old[key] ?? []).find((entry) => !kept.has(entry) && !kept.has(pouBefore(entry, (name) => name)));
    const negated = (now[key] ?? []).find((entry) => entry.startsWith('!') && !(old[key] ?? []).includes(entry));
    if (missing !== undefined) losses.push(`safety.${key} no longer names ${missing}`);
    if (negated !== undefined) losses.push(`safety.${key} leaves out ${negated}`);
  }
  const accepted = now.suppressions ?? [];
  if (accepted.some((entry) => !(old.suppressions ?? []).some((known) => isDeepStrictEqual(known, entry))))
    losses.push('safety.suppressions has an entry that it did not have');
  if (!isRaised(RATINGS, old.rating, now.rating)) losses.push('safety.rating is not what it was');
  if (!isRaised(LEVELS, old.performance_level, now.performance_level))
    losses.push('safety.performance_level is not what it was');
  for (const key of keysOf(old, now))
    if (!COMPARED_SAFETY_KEYS.has(key) && !isDeepStrictEqual(Reflect.get(old, key), Reflect.get(now, key)))
      losses.push(`safety.${key} changed`);
  return losses;
}

function isRaised(ladder: readonly unknown[], old: unknown, now: unknown): boolean {
  return old === now || (old !== undefined && ladder.indexOf(now) > ladder.indexOf(old));
}

/** An entry more is a check more; an exclusion is none. A list where there was none replaces a default. */
function isGrown(old: readonly string[] | undefined, now: readonly string[] | undefined): boolean {
  if (isDeepStrictEqual(old, now)) return true;
  if (old === undefined || now === undefined) return false;
  return old.every((glob) => now.includes(glob)) && now.every((glob) => old.includes(glob) || !glob.startsWith('!'));
}

function pouBefore(entry: string, text: (value: unknown) => unknown): string {
  return entry.startsWith('POU:') ? `POU:${String(text(entry.slice(4)))}` : entry;
}

/** Every text of a value in upper case, under the old names. */
function withOldNames(value: unknown, namesBefore: (text: string) => string): unknown {
  if (typeof value === 'string') return namesBefore(keyOf(value));
  if (Array.isArray(value)) return value.map((entry) => withOldNames(entry, namesBefore));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [namesBefore(keyOf(key)), withOldNames(entry, namesBefore)]),
  );
}

function keysOf(old: object, now: object): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
}

// --------------------------------------------------------------------------------------------------------- signals

function signalLosses(sides: Sides, oldSection: SafetySection, nowSection: SafetySection): string[] {
  const losses: string[] = [];
  const { old, now, before, locationBefore } = sides;
  const namesHazard = old.some(({ role }) => role === 'hazard');
  for (const signal of old)
    if (!now.some((candidate) => isSameSignal(signal, candidate))) losses.push(lossOf(signal, now));
  for (const pattern of patternsOf(oldSection, (text) => text))
    if (!patternsOf(nowSection, locationBefore).has(pattern)) losses.push(`the entry ${pattern} is gone`);
  // A pattern that stayed may take in what the change added.
  const patterns = patternsOf(oldSection, (text) => text);
  const matchesOldPattern = (signal: ResolvedSignal): boolean =>
    (nowSection.signals ?? []).some(
      (entry) =>
        entry.tag.includes('*') &&
        entry.role === signal.role &&
        patterns.has(`${locationBefore(keyOf(entry.tag))} (${entry.role})`),
    ) && !old.some(({ location }) => location === signal.location);
  for (const signal of now) {
    if (old.some((known) => isSameSignal(known, signal)) || matchesOldPattern(signal)) continue;
    if (!namesHazard) losses.push(`${signal.tag} (${signal.role}) is new, and guesses counted as hazards before`);
    else if (!asksForMore(signal, old, before))
      losses.push(`${signal.tag} (${signal.role}, zone ${signal.zone}) is new and stands for something else already`);
  }
  return losses;
}

function patternsOf(section: SafetySection, namesBefore: (text: string) => string): ReadonlySet<string> {
  return new Set(
    (section.signals ?? [])
      .filter(({ tag }) => tag.includes('*'))
      .map(({ tag, role }) => `${namesBefore(keyOf(tag))} (${role})`),
  );
}

function isSameSignal(old: ResolvedSignal, now: ResolvedSignal): boolean {
  return (
    old.location === now.location &&
    old.role === now.role &&
    old.zone === now.zone &&
    old.healthy === now.healthy &&
    old.off === now.off
  );
}

function lossOf(old: ResolvedSignal, now: readonly ResolvedSignal[]): string {
  const same = now.find(({ location }) => location === old.location);
  if (same === undefined) return `${old.tag} (${old.role}) is gone`;
  if (same.role !== old.role) return `${old.tag} was ${old.role} and is ${same.role}`;
  if (same.zone !== old.zone) return `${old.tag} moved from zone ${old.zone} to zone ${same.zone}`;
  return `${old.tag} means the opposite: healthy or off changed`;
}

/** A condition or hazard where no other role stood, or the same condition for one zone more. */
function asksForMore(signal: ResolvedSignal, old: readonly ResolvedSignal[], before: SafetyModel): boolean {
  if (COMMAND_ROLES.some((role) => role === signal.role)) return false;
  const written = old.filter(({ location }) => location === signal.location);
  if (signal.role === 'hazard' && written.length > 0) return false;
  if (
    written.some(
      (known) => known.role !== signal.role || known.healthy !== signal.healthy || known.zone === signal.zone,
    )
  )
    return false;
  return before.signals
    .filter((known) => known.location === signal.location && known.source !== 'manifest')
    .every(
      (known) =>
        known.role === signal.role || (known.role === 'permissive' && known.source !== 'pragma' && isCondition(signal)),
    );
}

// --------------------------------------------------------------------------------------------------------- hazards

const CATEGORY_LADDER: readonly unknown[] = [null, 'B', '1', '2', '3', '4'];

/** What each known hazard requires, its category and its response: never less. */
function hazardLosses({ before, after, locationBefore }: Sides): string[] {
  return before.hazards.filter(isDeclared).flatMap((hazard) => {
    const same = after.hazards.find(
      (candidate) => locationBefore(candidate.location) === hazard.location && isDeclared(candidate),
    );
    if (same === undefined) return hazard.source === 'manifest' ? [] : [`${hazard.tag} is no hazard any more`];
    const losses: string[] = [];
    const kept = new Set(after.conditionsOf(same).map((entry) => `${locationBefore(entry.location)} ${entry.healthy}`));
    for (const condition of before.conditionsOf(hazard))
      if (!kept.has(`${condition.location} ${condition.healthy}`))
        losses.push(`${hazard.tag} no longer requires ${condition.tag}`);
    if (CATEGORY_LADDER.indexOf(same.category) < CATEGORY_LADDER.indexOf(hazard.category))
      losses.push(`the category of ${hazard.tag} is lower`);
    if (hazard.response !== null && (same.response === null || same.response > hazard.response))
      losses.push(`${hazard.tag} may take longer to go off`);
    return losses;
  });
}

function groupLosses({ before, after, locationBefore }: Sides): string[] {
  const now = after.resolution.mutuallyExclusive.map(
    (group) => new Set(group.map(({ location }) => locationBefore(location))),
  );
  return before.resolution.mutuallyExclusive
    .filter((group) => !now.some((kept) => group.every(({ location }) => kept.has(location))))
    .map((group) => `${group.map(({ tag }) => tag).join(' and ')} are no longer mutually exclusive`);
}

function limitLosses({ before, after, locationBefore }: Sides): string[] {
  const now = after.resolution.limits.map((limit) => ({ ...limit, location: locationBefore(limit.location) }));
  return before.resolution.limits
    .filter((limit) => !now.some((kept) => kept.location === limit.location && isAsTight(kept, limit)))
    .map(({ tag }) => `the limit of ${tag} is wider or gone`);
}

function isAsTight(now: ResolvedLimit, old: ResolvedLimit): boolean {
  return atMost(now.max, old.max) && atMost(old.min, now.min, 'from below');
}

/** True when bound `a` is given wherever `b` is and not greater. Numbers and durations have no order among each other. */
function atMost(
  a: ResolvedLimit['max'],
  b: ResolvedLimit['max'],
  side: 'from above' | 'from below' = 'from above',
): boolean {
  const [bound, other] = side === 'from above' ? [a, b] : [b, a];
  if (other === null) return true;
  if (bound === null || typeof bound !== typeof other) return false;
  const [low, high] = [boundOf(a), boundOf(b)];
  return low !== null && high !== null && low <= high;
}

function boundOf(bound: string | number | null): bigint | number | null {
  return typeof bound === 'string' ? parseDuration(bound) : bound;
}
