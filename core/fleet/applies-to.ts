/** Whether a migration is meant for a site, and why not. Decided from fleet.yaml and the site's own manifest. */

import { isInRange, parseVersion, parseVersionRange } from '../site/firmware-version.js';
import type { SiteManifest } from '../site/manifest.js';
import type { Migration } from '../site/migration.js';
import type { FleetSite } from './fleet.js';

export interface Applicability {
  readonly applies: boolean;
  /** Why not, one sentence per target that the site does not meet. Empty when it applies. */
  readonly reasons: readonly string[];
}

/**
 * A target that a migration states must be met by what is known of the site: by its manifest and by fleet.yaml, which
 * must agree. What neither of them states does not meet a target.
 *
 * @param manifest The site's manifest; null when it is not known (then fleet.yaml decides alone).
 */
export function appliesTo(migration: Migration, site: FleetSite, manifest: SiteManifest | null): Applicability {
  const { targets } = migration;
  const reasons: string[] = [];
  if (targets.plcTypes.length > 0) {
    const known = stated('plc_type', site.plcType, manifest?.plc_type ?? null, sameText);
    if (!known.ok) reasons.push(known.reason);
    else if (!targets.plcTypes.some((target) => isPlcType(known.value, target))) {
      reasons.push(`plc_type is ${known.value}; the migration is for ${targets.plcTypes.join(', ')}`);
    }
  }
  if (targets.firmwareVersion !== null) {
    const known = stated('firmware_version', site.firmwareVersion, manifest?.firmware_version ?? null, sameVersion);
    if (!known.ok) reasons.push(known.reason);
    else {
      const version = parseVersion(known.value);
      const range = parseVersionRange(targets.firmwareVersion);
      if (version === null) reasons.push(`firmware_version "${known.value}" is no version`);
      else if (range === null || !isInRange(version, range))
        reasons.push(`firmware_version is ${known.value}; the migration needs ${targets.firmwareVersion}`);
    }
  }
  if (targets.safetyRatings.length > 0) {
    const known = stated('safety_rating', site.safetyRating, manifest?.safety?.rating ?? null, sameText);
    if (!known.ok) reasons.push(known.reason);
    else if (!targets.safetyRatings.some((target) => sameText(ratingOf(target), ratingOf(known.value)))) {
      reasons.push(`safety_rating is ${known.value}; the migration is for ${targets.safetyRatings.join(', ')}`);
    }
  }
  if (targets.tags.length > 0 && !targets.tags.some((target) => site.tags.some((tag) => sameText(tag, target)))) {
    reasons.push(`the site has none of the tags ${targets.tags.join(', ')}`);
  }
  return { applies: reasons.length === 0, reasons };
}

type Stated = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string };

function stated(
  key: string,
  inFleet: string | null,
  inManifest: string | null,
  same: (a: string, b: string) => boolean,
): Stated {
  if (inFleet !== null && inManifest !== null && !same(inFleet, inManifest)) {
    return {
      ok: false,
      reason: `${key} is ${inFleet} in fleet.yaml but ${inManifest} in the site's plantwright.yaml; mend one of them`,
    };
  }
  const value = inManifest ?? inFleet;
  return value === null
    ? { ok: false, reason: `${key} is not stated, neither in fleet.yaml nor in plantwright.yaml` }
    : { ok: true, value };
}

function sameText(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function sameVersion(a: string, b: string): boolean {
  const left = parseVersion(a);
  const right = parseVersion(b);
  return left !== null && right !== null ? isInRange(left, [{ operator: '=', version: right }]) : sameText(a, b);
}

function ratingOf(text: string): string {
  return text.replace(/^sil[\s_-]*/i, 'SIL-');
}

/** `Siemens S7-1500` also means `Siemens S7-1500 CPU 1516F-3`: the target, then a word of its own or nothing. */
function isPlcType(value: string, target: string): boolean {
  const has = value.trim().toLowerCase();
  const wanted = target.trim().toLowerCase();
  return has === wanted || (has.startsWith(wanted) && /^[^a-z0-9]/.test(has.slice(wanted.length)));
}
