/** The cone of influence: everything on which a location may depend, over all programs, instances and calls. */

import { enclosingLocations, isWithin, type Location, shapeOf } from './location.js';
import type { Condition, WriteEvent } from './trace.js';
import type { TraceIndex } from './trace-index.js';

export interface Cone {
  readonly locations: ReadonlySet<Location>;
  readonly events: ReadonlySet<WriteEvent>;
  /** Shapes of all locations, and of everything that encloses one: built once, for quick questions. */
  readonly shapes: ReadonlySet<string>;
  readonly enclosingShapes: ReadonlySet<string>;
  /** Answers of `coneTouches`: every rule asks about the same places. */
  readonly touched: Map<Location, boolean>;
}

/** The backward slice of some locations. Never misses a dependence that the trace has; may have too many. */
export function coneOf(index: TraceIndex, starts: readonly Location[]): Cone {
  const locations = new Set<Location>();
  const events = new Set<WriteEvent>();
  const conditions = new Set<Condition>();
  const queue: Location[] = [];
  const reach = (location: Location): void => {
    if (locations.has(location)) return;
    locations.add(location);
    queue.push(location);
  };
  const reachCondition = (start: Condition | null): void => {
    for (let condition = start; condition !== null && !conditions.has(condition); condition = condition.outer) {
      conditions.add(condition);
      for (const read of condition.reads) reach(read);
    }
  };
  for (const start of starts) reach(start);
  for (let location = queue.pop(); location !== undefined; location = queue.pop()) {
    for (const event of index.writersOf(location)) {
      for (const source of sourcesFor(event, location)) reach(source);
      if (events.has(event)) continue;
      events.add(event);
      reachCondition(event.condition);
      reachCondition(event.guard);
    }
    for (const other of index.sharing(location)) reach(other);
  }
  const shapes = new Set<string>();
  const enclosingShapes = new Set<string>();
  for (const location of locations) {
    const shape = shapeOf(location);
    if (shapes.has(shape)) continue;
    shapes.add(shape);
    // From the inside out: what encloses a shape that is known is known as well.
    for (const enclosing of enclosingLocations(shape).reverse()) {
      if (enclosingShapes.has(enclosing)) break;
      enclosingShapes.add(enclosing);
    }
  }
  return { locations, events, shapes, enclosingShapes, touched: new Map() };
}

/** What a part of the target depends on: when a whole structure is copied, the same part of the source. */
function sourcesFor(event: WriteEvent, location: Location): readonly Location[] {
  const { target, value, sources } = event;
  const [only] = sources;
  const isCopy = value !== null && (value.kind === 'Name' || value.kind === 'Member' || value.kind === 'Index');
  if (!isCopy || sources.length !== 1 || only === undefined) return sources;
  if (target === location || !isWithin(location, target)) return sources;
  return [only + location.slice(target.length)];
}

/** True when the cone contains the location, a part of it, or something that encloses it. Indices are not told apart. */
export function coneTouches(cone: Cone, location: Location): boolean {
  if (cone.locations.has(location)) return true;
  const known = cone.touched.get(location);
  if (known !== undefined) return known;
  const shape = shapeOf(location);
  const touches =
    cone.enclosingShapes.has(shape) || enclosingLocations(shape).some((enclosing) => cone.shapes.has(enclosing));
  cone.touched.set(location, touches);
  return touches;
}
