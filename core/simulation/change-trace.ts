/**
 * A trace that holds only changes: an hour of scans at 10 ms with fifty tags stays small enough to draw, to send to a
 * window and to compare. Samples are numbered; a signal keeps the number of each sample in which its value changed.
 */

import { parseDuration } from './run-time/temporal.js';
import type { Trace, TraceMarker, TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

export interface ChangeSignal {
  readonly name: string;
  readonly type: string;
  readonly kind: TraceSignal['kind'];
  /** Numbers of the samples in which the value changed, ascending; the first is 0. */
  readonly changes: Uint32Array;
  /**
   * The value from each change on: 0 or 1, a number (NaN: none), or for text an index into `texts`. Durations are
   * numbers in milliseconds: a timer that runs is a ramp, not a text for each scan.
   */
  readonly values: Float64Array;
  readonly texts: readonly string[];
}

/** A marker; `sample` is the one at which it stands, where several have its time. */
export interface ChangeMarker extends TraceMarker {
  readonly sample?: number;
}

export interface ChangeTrace {
  /** Time of each sample, ascending; several samples may have one time. */
  readonly timesNs: Float64Array;
  readonly signals: readonly ChangeSignal[];
  readonly markers: readonly ChangeMarker[];
}

/** A trace that was read, or what is wrong with its text and in which line, from 1; JSON has no lines to speak of. */
export type TraceReading = { readonly trace: ChangeTrace } | { readonly problem: string; readonly line?: number };

/** One signal while it is recorded. */
export class ChangeColumn {
  readonly name: string;
  readonly type: string;
  readonly kind: TraceSignal['kind'];
  readonly #changes: number[] = [];
  readonly #values: number[] = [];
  readonly #texts: string[] = [];
  readonly #indices = new Map<string, number>();
  #last: JsonValue | undefined;

  constructor(signal: Pick<TraceSignal, 'name' | 'type' | 'kind'>) {
    this.name = signal.name;
    this.type = signal.type;
    this.kind = signal.kind === 'text' && isDurationType(signal.type) ? 'number' : signal.kind;
  }

  /** Notes the value at a sample; samples come in ascending order. */
  add(sample: number, value: JsonValue): void {
    if (value === this.#last) return;
    this.#last = value;
    this.#changes.push(sample);
    this.#values.push(this.#encode(value));
  }

  finish(): ChangeSignal {
    return {
      name: this.name,
      type: this.type,
      kind: this.kind,
      changes: Uint32Array.from(this.#changes),
      values: Float64Array.from(this.#values),
      texts: this.#texts,
    };
  }

  #encode(value: JsonValue): number {
    if (this.kind === 'bool') return value === true ? 1 : 0;
    if (this.kind === 'number') return numberOf(value);
    const text = String(value ?? '');
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    this.#indices.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** TIME and LTIME: written as text, kept as milliseconds. */
export function isDurationType(type: string): boolean {
  return type === 'TIME' || type === 'LTIME';
}

function numberOf(value: JsonValue): number {
  if (typeof value !== 'string') return value === null ? Number.NaN : Number(value);
  const duration = parseDuration(value);
  if (duration !== null) return Number(duration) / 1e6;
  return value === '' ? Number.NaN : Number(value);
}

/** The changes of a trace that was recorded sample by sample. */
export function changesOfTrace(trace: Trace): ChangeTrace {
  return {
    timesNs: Float64Array.from(trace.timesNs),
    signals: trace.signals.map((signal) => {
      const column = new ChangeColumn(signal);
      signal.values.forEach((value, sample) => {
        column.add(sample, value);
      });
      return column.finish();
    }),
    markers: trace.markers,
  };
}

/** The part of a trace between two samples, both included, sample by sample: for writers of files. */
export function samplesOf(trace: ChangeTrace, first = 0, last = trace.timesNs.length - 1): Trace {
  const from = Math.max(0, first);
  const to = Math.min(last, trace.timesNs.length - 1);
  const startNs = trace.timesNs[from] ?? 0;
  const endNs = trace.timesNs[to] ?? 0;
  return {
    timesNs: [...trace.timesNs.subarray(from, to + 1)],
    signals: trace.signals.map((signal) => {
      const values: JsonValue[] = [];
      let change = lastChangeAt(signal, from);
      for (let sample = from; sample <= to; sample++) {
        while ((signal.changes[change + 1] ?? Number.POSITIVE_INFINITY) <= sample) change++;
        values.push(decodedValue(signal, change));
      }
      return { name: signal.name, type: signal.type, kind: signal.kind, values };
    }),
    markers: trace.markers.filter(({ timeNs }) => timeNs >= startNs && timeNs <= endNs),
  };
}

/** Index of the change that is in force at a sample; -1 before the first. */
export function lastChangeAt(signal: ChangeSignal, sample: number): number {
  return lastAtOrBefore(signal.changes, sample);
}

/** Number of the last sample at or before a time; -1 when the trace begins later. */
export function sampleAt(trace: Pick<ChangeTrace, 'timesNs'>, timeNs: number): number {
  return lastAtOrBefore(trace.timesNs, timeNs);
}

/** The value of a change as it was recorded; null where there is none. */
export function decodedValue(signal: ChangeSignal, change: number): JsonValue {
  const value = signal.values[change];
  if (value === undefined) return null;
  if (signal.kind === 'bool') return value === 1;
  if (signal.kind === 'number') return Number.isNaN(value) ? null : value;
  return signal.texts[value] ?? null;
}

function lastAtOrBefore(sorted: Uint32Array | Float64Array, wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
