/** Two versions of a program on the same inputs, side by side until they differ. */

import type { Shape } from '../compile/shape.js';
import type { InputChange } from '../input-sequences.js';
import type { Simulation } from '../simulation.js';
import type { SimulationImage } from '../simulation-options.js';
import type { Tag } from '../tags.js';
import { fromInput, type JsonValue, type RunTimeValue, sameValue, toJson } from '../values.js';

export interface BehaviourDifference {
  readonly tag: string;
  readonly scan: number;
  readonly timeNs: number;
  readonly before: JsonValue;
  readonly after: JsonValue;
  /** Shortest sequence of input changes found that leads to the difference. */
  readonly inputs: readonly InputChange[];
}

export interface Pair {
  readonly before: Simulation;
  readonly after: Simulation;
  /** Both before their first scan. */
  readonly cold: { readonly before: SimulationImage; readonly after: SimulationImage };
}

export interface ReplayOptions {
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

export interface Driven {
  readonly name: string;
  readonly shape: Shape;
  readonly before: Tag;
  readonly after: Tag | null;
}

export interface Matched {
  readonly name: string;
  readonly before: Tag;
  readonly after: Tag;
}

/** Where made-up inputs go on from. */
export interface Reached {
  readonly before: SimulationImage;
  readonly after: SimulationImage;
  readonly changes: readonly InputChange[];
  readonly scans: number;
  tries: number;
}

/** Scans between two looks at the state. */
const LOOK = 20;
export interface ReplayOutcome {
  readonly difference: BehaviourDifference | null;
  readonly scans: number;
  readonly isUnknown: boolean;
}

export interface Visit {
  readonly start: Reached | null;
  look(scan: number): void;
}

/** Runs both versions side by side until they differ. `scans` counts from the start of the sequence. */
export function replay(
  pair: Pair,
  driven: ReadonlyMap<string, Driven>,
  hazards: readonly Matched[],
  changes: readonly InputChange[],
  scans: number,
  options: ReplayOptions,
  visit: Visit | null,
): ReplayOutcome {
  const start = visit?.start ?? null;
  const image = start ?? pair.cold;
  pair.before.restore(image.before);
  pair.after.restore(image.after);
  const from = start?.scans ?? 0;
  const ordered = changes.filter((each) => each.scan >= from).sort((a, b) => a.scan - b.scan);
  let next = 0;
  for (let scan = from; scan < scans; scan++) {
    if (scan % 256 === 0) options.signal?.throwIfAborted();
    for (let change = ordered[next]; change !== undefined && change.scan <= scan; change = ordered[++next])
      drive(pair, driven.get(change.tag.toUpperCase()), change);
    const faults = [pair.before.scan(), pair.after.scan()];
    const [faultBefore, faultAfter] = faults;
    const timeNs = pair.before.nowNs;
    if ((faultBefore === null) !== (faultAfter === null)) {
      const difference = {
        tag: 'run-time fault',
        scan,
        timeNs,
        before: faultBefore?.message ?? 'none',
        after: faultAfter?.message ?? 'none',
        inputs: changes,
      };
      return { difference, scans: scan + 1, isUnknown: isUnknown(pair) };
    }
    for (const hazard of hazards) {
      const a = pair.before.peek(hazard.before);
      const b = pair.after.peek(hazard.after);
      if (alike(a, b, hazard.before.shape, options.tolerance ?? 0)) continue;
      const difference = {
        tag: hazard.name,
        scan,
        timeNs,
        before: toJson(a, hazard.before.shape),
        after: toJson(b, hazard.after.shape),
        inputs: changes,
      };
      return { difference, scans: scan + 1, isUnknown: isUnknown(pair) };
    }
    if (faultBefore !== null) break;
    if (scan % LOOK === LOOK - 1) visit?.look(scan);
  }
  return { difference: null, scans, isUnknown: isUnknown(pair) };
}

function isUnknown(pair: Pair): boolean {
  return pair.before.isUnknown || pair.after.isUnknown;
}

function alike(a: RunTimeValue, b: RunTimeValue, shape: Shape, tolerance: number): boolean {
  if (tolerance > 0 && typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance;
  return tolerance === 0 ? Object.is(a, b) || a === b : sameValue(a, b, shape);
}

function drive(pair: Pair, input: Driven | undefined, change: InputChange): void {
  if (input === undefined) return;
  const converted = fromInput(change.value, input.shape);
  if ('problem' in converted) return;
  pair.before.poke(input.before, converted.value);
  if (input.after !== null) pair.after.poke(input.after, converted.value);
}
