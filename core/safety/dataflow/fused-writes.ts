/**
 * Writes that follow each other and build one value step by step: `x := a; x := x AND b;` is `x := a AND b`. Nothing can
 * see the value in between, so a rule that took the first write for a value of its own would ask too little of it.
 */

import type { Expression } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import type { PlaceResolver } from './places.js';
import type { WriteEvent } from './trace.js';

export interface FusedWrites {
  readonly writes: readonly WriteEvent[];
  /** Reads that stand for the value of the write just before, evaluated in the same frame. */
  readonly inlined: ReadonlyMap<Expression, Expression>;
}

/** Joins neighbouring writes of the same place under the same conditions, where the later one reads the earlier. */
export function fuseWrites(writes: readonly WriteEvent[], places: PlaceResolver): FusedWrites {
  const fused: WriteEvent[] = [];
  const inlined = new Map<Expression, Expression>();
  for (const event of writes) {
    const last = fused.at(-1);
    const reads = last === undefined || !isSamePlace(last, event) ? [] : ownReads(event, places);
    if (last === undefined || last.value === null || reads.length === 0) {
      fused.push(event);
      continue;
    }
    for (const read of reads) inlined.set(read, last.value);
    const sources = [...new Set([...last.sources, ...event.sources.filter((source) => source !== event.target)])];
    fused[fused.length - 1] = { ...event, sources };
  }
  return { writes: fused, inlined };
}

function isSamePlace(one: WriteEvent, other: WriteEvent): boolean {
  return (
    isPlain(one) &&
    isPlain(other) &&
    one.target === other.target &&
    one.frame === other.frame &&
    one.condition === other.condition &&
    one.guard === other.guard &&
    one.branch === other.branch
  );
}

function isPlain({ kind, value, isNegated, isCertain, isAlias }: WriteEvent): boolean {
  return kind === 'assign' && value !== null && !isNegated && isCertain && !isAlias;
}

/** The names in a value that mean the place that is written. */
function ownReads({ value, target, frame }: WriteEvent, places: PlaceResolver): Expression[] {
  const found: Expression[] = [];
  if (value === null) return found;
  walk(value, (node) => {
    if (node.kind !== 'Name' && node.kind !== 'Member') return undefined;
    const place = places.placeOf(node, frame);
    if (place?.isCertain !== true || place.locations.length !== 1 || place.locations[0] !== target) return undefined;
    found.push(node);
    return 'skip';
  });
  return found;
}
