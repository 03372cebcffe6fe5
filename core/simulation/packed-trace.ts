/**
 * A trace as it travels between processes and into a window: three arrays in all, however many signals there are.
 * Channels copy each array by itself, and some can't carry more than a few hundred at a time.
 */

import type { ChangeMarker, ChangeSignal, ChangeTrace } from './change-trace.js';

export interface PackedTrace {
  readonly timesNs: Float64Array;
  /** The changes of all signals, one after the other. */
  readonly changes: Uint32Array;
  readonly values: Float64Array;
  readonly signals: readonly (Pick<ChangeSignal, 'name' | 'type' | 'kind' | 'texts'> & {
    /** How many of `changes` and `values` are its own. */
    readonly count: number;
  })[];
  readonly markers: readonly ChangeMarker[];
}

export function packTrace({ timesNs, signals, markers }: ChangeTrace): PackedTrace {
  const total = signals.reduce((sum, signal) => sum + signal.changes.length, 0);
  const changes = new Uint32Array(total);
  const values = new Float64Array(total);
  let at = 0;
  for (const signal of signals) {
    changes.set(signal.changes, at);
    values.set(signal.values, at);
    at += signal.changes.length;
  }
  return {
    timesNs,
    changes,
    values,
    signals: signals.map(({ name, type, kind, texts, changes: own }) => ({
      name,
      type,
      kind,
      texts,
      count: own.length,
    })),
    markers,
  };
}

/** The trace again; its arrays are views of the packed ones. */
export function unpackTrace({ timesNs, changes, values, signals, markers }: PackedTrace): ChangeTrace {
  let at = 0;
  const unpacked = signals.map(({ count, ...signal }): ChangeSignal => {
    const from = at;
    at += count;
    return { ...signal, changes: changes.subarray(from, at), values: values.subarray(from, at) };
  });
  return { timesNs, signals: unpacked, markers };
}
