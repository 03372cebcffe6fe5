import {
  type ChangeMarker,
  type ChangeSignal,
  type ChangeTrace,
  lastChangeAt,
  sampleAt,
} from '../../../core/simulation/change-trace.js';
import { type Axis, type AxisKind, axisOf, timeText } from './axis.js';
import { type Difference, differencesOf } from './differences.js';
import { valueText } from './tag-order.js';
import type { TraceContent } from './trace-messages.js';

/** What is computed once for a content and an axis: the other trace by tag, and where the two differ. */
export interface Comparison {
  readonly axis: Axis;
  readonly trace: ChangeTrace;
  readonly signals: ReadonlyMap<string, ChangeSignal>;
  readonly differences: ReadonlyMap<string, readonly Difference[]>;
}

export function comparisonOf({ trace, other }: TraceContent, kind: AxisKind): Comparison | null {
  if (other === null) return null;
  const axis = axisOf(trace, kind);
  const otherAxis = axisOf(other.trace, kind);
  const signals = new Map(other.trace.signals.map((signal) => [signal.name, signal]));
  const differences = new Map<string, readonly Difference[]>();
  for (const signal of trace.signals) {
    const opposite = signals.get(signal.name);
    if (opposite === undefined) continue;
    const found = differencesOf(signal, axis, opposite, otherAxis);
    if (found.length > 0) differences.set(signal.name, found);
  }
  return { axis: otherAxis, trace: other.trace, signals, differences };
}

/** How two traces differ, in a sentence. */
export function comparisonText({ trace, other }: TraceContent, comparison: Comparison): string {
  const missing = trace.signals.filter(({ name }) => !comparison.signals.has(name)).length;
  const { size } = comparison.differences;
  const differ = size === 0 ? 'No tag differs' : `${size} ${size === 1 ? 'tag differs' : 'tags differ'}`;
  const gone = missing === 0 ? '' : `; ${missing} ${missing === 1 ? 'tag is' : 'tags are'} not in it`;
  return `${differ} from ${other?.title ?? ''}${gone}`;
}

/** The value of a signal at a sample. */
export function valueAt(signal: ChangeSignal, sample: number): string {
  return valueText(signal, lastChangeAt(signal, sample));
}

/** The value of the other trace at the same place of the axis; null where it has none. */
export function otherValueAt(comparison: Comparison, name: string, position: number): string | null {
  const signal = comparison.signals.get(name);
  if (signal === undefined || position < comparison.axis.start || position >= comparison.axis.end) return null;
  return valueAt(signal, comparison.axis.sampleAt(position));
}

/** The sample of the next or previous change of a signal; the same sample when there is none. */
export function changeBeside(signal: ChangeSignal, sample: number, direction: 1 | -1): number {
  const current = lastChangeAt(signal, sample);
  if (direction > 0) return signal.changes[current + 1] ?? sample;
  const own = signal.changes[current] ?? 0;
  return own < sample ? own : (signal.changes[current - 1] ?? sample);
}

/** The sample of the next or previous marker. */
export function markerBeside(trace: ChangeTrace, sample: number, direction: 1 | -1): number | null {
  const samples = trace.markers.map((marker) => sampleFrom(trace, marker));
  const beyond = samples.filter((each) => (direction > 0 ? each > sample : each < sample));
  if (beyond.length === 0) return null;
  return direction > 0 ? Math.min(...beyond) : Math.max(...beyond);
}

/** The sample at which the next or previous difference of some tags begins. */
export function differenceBeside(
  differences: Iterable<readonly Difference[]>,
  axis: Axis,
  sample: number,
  direction: 1 | -1,
): number | null {
  let best: number | null = null;
  for (const list of differences) {
    for (const { start } of list) {
      const at = axis.sampleAt(start);
      if (direction > 0 ? at <= sample : at >= sample) continue;
      if (best === null || (direction > 0 ? at < best : at > best)) best = at;
    }
  }
  return best;
}

/** `340 ms (scan 34)`. */
export function placeText(trace: ChangeTrace, sample: number, sampleName: string): string {
  return `${timeText(trace.timesNs[sample] ?? 0)} (${sampleName} ${sample})`;
}

/** The distance from one sample to another. */
export function distanceText(trace: ChangeTrace, from: number, to: number, sampleName: string): string {
  const time = (trace.timesNs[to] ?? 0) - (trace.timesNs[from] ?? 0);
  const count = to - from;
  return `${timeText(time)} (${count} ${sampleName}${Math.abs(count) === 1 ? '' : 's'})`;
}

/** A marker as an entry of a list. */
export function markerText(timeNs: number, kind: string, label: string): string {
  return `${timeText(timeNs)}: ${kind === 'step' ? '' : `${kind}: `}${label}`;
}

/** The sample of a marker: the scan that a step or a fault reaches first. */
export function sampleFrom(trace: ChangeTrace, { timeNs, sample }: Pick<ChangeMarker, 'timeNs' | 'sample'>): number {
  if (sample !== undefined) return Math.min(sample, trace.timesNs.length - 1);
  const before = sampleAt(trace, timeNs);
  return Math.max(0, Math.min(trace.timesNs.length - 1, trace.timesNs[before] === timeNs ? before : before + 1));
}
