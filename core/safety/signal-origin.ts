/** Where a value comes from, over plain copies: the terminal behind `guardOk := closed; closed := Guard_Closed;`. */

import type { Location } from './dataflow/location.js';
import type { SafetyModel } from './safety-model.js';

const MAX_COPIES = 8;

/** The location that another one gets unchanged, and only from there; the location itself when it is computed. */
export function originOf(model: SafetyModel, location: Location): Location {
  let current = location;
  for (let step = 0; step < MAX_COPIES; step++) {
    const source = copiedFrom(model, current);
    if (source === null) return current;
    current = source;
  }
  return current;
}

function copiedFrom(model: SafetyModel, location: Location): Location | null {
  const [only, ...others] = model.index.writersOf(location);
  if (only === undefined || others.length > 0 || only.target !== location || !only.isCertain || only.isNegated)
    return null;
  if (only.condition !== null || only.guard !== null) return null;
  if (only.kind === 'output') return only.sources.length === 1 ? (only.sources[0] ?? null) : null;
  if ((only.kind !== 'assign' && only.kind !== 'input') || only.value === null) return null;
  const formula = model.formulaOf(only.value, only.frame);
  return formula.kind === 'atom' ? formula.location : null;
}

/** True when `from` is computed from `wanted` within one scan, over at most `depth` steps. */
export function isComputedFrom(model: SafetyModel, from: Location, wanted: Location, depth = 6): boolean {
  if (from === wanted) return true;
  if (depth === 0) return false;
  return model.index
    .writersOf(from)
    .some((event) => event.sources.some((source) => isComputedFrom(model, source, wanted, depth - 1)));
}
