import { distance } from 'fastest-levenshtein';
import { keyOf } from './symbols.js';

/** The candidate that a misspelled name most likely means, or null when none is near. Case does not count. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  const key = keyOf(name);
  const limit = key.length <= 3 ? 1 : key.length <= 6 ? 2 : 3;
  let nearest: string | null = null;
  let nearestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - key.length) > limit) continue;
    const gap = distance(key, keyOf(candidate));
    if (gap < nearestDistance && gap < key.length && gap > 0) {
      nearest = candidate;
      nearestDistance = gap;
    }
  }
  return nearest;
}

/** ` Did you mean "x"?`, or nothing. */
export function suggestion(name: string, candidates: Iterable<string>, spelling?: (key: string) => string): string {
  const nearest = nearestName(name, candidates);
  return nearest === null ? '' : ` Did you mean "${spelling?.(nearest) ?? nearest}"?`;
}
