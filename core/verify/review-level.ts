import type { SiteManifest } from '../site/manifest.js';
import type { ReviewLevel } from './verdict.js';

/** What a change reaches, from nothing at all to the safety logic of the machine. */
export type ChangeReach = 'nothing' | 'ordinary-logic' | 'safety-logic';

/**
 * Who must review a change. Safety logic needs a safety engineer; at SIL 3 or performance level e, two of them
 * (product.md, promise 3). A site whose rating is unknown is treated like one that needs a safety engineer. Of several
 * manifests, before and after a change, the strictest counts: lowering a rating takes nobody out of its own review.
 */
export function reviewLevel(reach: ChangeReach, ...manifests: readonly (SiteManifest | null)[]): ReviewLevel {
  if (reach === 'nothing') return 'none';
  if (reach === 'ordinary-logic') return 'engineer';
  const isHighest = manifests.some(
    (manifest) => manifest?.safety?.rating === 'SIL-3' || manifest?.safety?.performance_level === 'e',
  );
  return isHighest ? 'two-safety-engineers' : 'safety-engineer';
}
