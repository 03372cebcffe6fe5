/** Who writes and who reads a location, over all ways in which two names can mean the same memory. */

import type { Project } from '../../language/semantics/model.js';
import { addressRangesOverlap, enclosingLocations, type Location, mayOverlap, shapeOf } from './location.js';
import { rangeOf } from './process-image.js';
import { conditionsAround, type ScanTrace, type WriteEvent } from './trace.js';

export interface TraceIndex {
  /** Events that may write the location, a part of it, or what encloses it; in order of the scan. */
  writersOf(location: Location): readonly WriteEvent[];
  /** Events whose value or condition may read the location. */
  readersOf(location: Location): readonly WriteEvent[];
  /** Other locations that share bits of the process image with it. */
  sharing(location: Location): readonly Location[];
}

export function indexTrace(trace: ScanTrace, project: Project): TraceIndex {
  const writers = new OverlapIndex();
  for (const event of trace.writes) writers.add(event.target, event);
  let readers: OverlapIndex | null = null;
  const directAddresses = new Set<Location>();
  for (const event of trace.writes) {
    if (event.target.startsWith('%')) directAddresses.add(event.target);
    for (const source of event.sources) if (source.startsWith('%')) directAddresses.add(source);
  }
  const located = [...trace.addresses.keys(), ...directAddresses];
  const sharingCache = new Map<Location, readonly Location[]>();

  function sharing(location: Location): readonly Location[] {
    const cached = sharingCache.get(location);
    if (cached !== undefined) return cached;
    const range = rangeOf(location, trace.addresses, project);
    const others =
      range === null
        ? []
        : located.filter((other) => {
            const otherRange = other === location ? null : rangeOf(other, trace.addresses, project);
            return otherRange !== null && addressRangesOverlap(range, otherRange);
          });
    sharingCache.set(location, others);
    return others;
  }

  function readerIndex(): OverlapIndex {
    if (readers !== null) return readers;
    readers = new OverlapIndex();
    for (const event of trace.writes) {
      const reads = new Set(event.sources);
      for (const condition of conditionsAround(event)) for (const read of condition.reads) reads.add(read);
      for (const read of reads) readers.add(read, event);
    }
    return readers;
  }

  const query = (index: OverlapIndex, location: Location): readonly WriteEvent[] => {
    const others = sharing(location);
    return others.length === 0 ? index.query(location) : index.queryAll(location, others);
  };
  return {
    writersOf: (location) => query(writers, location),
    readersOf: (location) => query(readerIndex(), location),
    sharing,
  };
}

/** Events by location; a query finds those on the location, inside of it and around it. */
class OverlapIndex {
  readonly #exact = new Map<string, { location: Location; event: WriteEvent }[]>();
  readonly #inside = new Map<string, { location: Location; event: WriteEvent }[]>();
  readonly #cache = new Map<Location, readonly WriteEvent[]>();
  readonly #merged = new Map<Location, readonly WriteEvent[]>();

  add(location: Location, event: WriteEvent): void {
    const entry = { location, event };
    append(this.#exact, shapeOf(location), entry);
    for (const enclosing of enclosingLocations(location)) append(this.#inside, shapeOf(enclosing), entry);
  }

  /** Events on the location and on those that share its memory; the answer belongs to the first. */
  queryAll(location: Location, others: readonly Location[]): readonly WriteEvent[] {
    const cached = this.#merged.get(location);
    if (cached !== undefined) return cached;
    const all = new Set([location, ...others].flatMap((place) => this.query(place)));
    const events = [...all].sort((a, b) => a.order - b.order);
    this.#merged.set(location, events);
    return events;
  }

  query(location: Location): readonly WriteEvent[] {
    const cached = this.#cache.get(location);
    if (cached !== undefined) return cached;
    const found = new Set<WriteEvent>();
    const collect = (entries: readonly { location: Location; event: WriteEvent }[] | undefined): void => {
      for (const entry of entries ?? []) if (mayOverlap(entry.location, location)) found.add(entry.event);
    };
    collect(this.#inside.get(shapeOf(location)));
    for (const enclosing of enclosingLocations(location))
      if (enclosing !== location) collect(this.#exact.get(shapeOf(enclosing)));
    const events = [...found].sort((a, b) => a.order - b.order);
    this.#cache.set(location, events);
    return events;
  }
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
