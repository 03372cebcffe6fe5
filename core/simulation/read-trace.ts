/**
 * Reads traces: what `simulate --trace` has written as JSON, CSV or VCD, CSV of recorders and spreadsheets, and VCD of
 * other tools.
 */

import { memberOf } from '../base/member.js';
import { changesOfTrace, type TraceReading } from './change-trace.js';
import { readCsvTrace } from './read-trace-csv.js';
import { readVcdTrace } from './read-trace-vcd.js';
import type { TraceMarker, TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

const KINDS: readonly TraceSignal['kind'][] = ['bool', 'number', 'text'];
const MARKERS: readonly TraceMarker['kind'][] = ['step', 'fault', 'power', 'failure'];

/** Reads a trace; the ending of the name says in which form it is. What is wrong comes back in words. */
export function readTrace(name: string, text: string): TraceReading {
  const plain = text.replace(/^\uFEFF/, '');
  if (/\.csv$/i.test(name)) return readCsvTrace(plain);
  if (/\.vcd$/i.test(name)) return readVcdTrace(plain);
  if (/\.json$/i.test(name)) return readJson(plain);
  return { problem: `${name}: the name of a trace ends in .json, .csv or .vcd.` };
}

function readJson(text: string): TraceReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `The trace is no JSON document: ${error instanceof Error ? error.message : String(error)}` };
  }
  const times = memberOf(value, 'timesNs');
  const signals = memberOf(value, 'signals');
  if (!isListOf(times, isFiniteNumber) || !Array.isArray(signals)) {
    return {
      problem: 'The trace needs "timesNs", a list of nanoseconds, and "signals", as `simulate --trace` writes them.',
    };
  }
  const disorder = times.findIndex((time, index) => index > 0 && time < (times[index - 1] ?? 0));
  if (disorder >= 0) return { problem: `timesNs[${disorder}] is earlier than the entry before it.` };
  const read: TraceSignal[] = [];
  for (const [index, signal] of signals.entries()) {
    const problem = problemOfSignal(signal, times.length);
    if (problem !== null) return { problem: `signals[${index}] ${problem}` };
    read.push(signal as TraceSignal);
  }
  const markers = memberOf(value, 'markers');
  const known = Array.isArray(markers) ? markers.filter(isMarker) : [];
  return { trace: changesOfTrace({ timesNs: times, signals: read, markers: known }) };
}

function problemOfSignal(signal: unknown, count: number): string | null {
  if (typeof memberOf(signal, 'name') !== 'string') return 'has no name.';
  if (typeof memberOf(signal, 'type') !== 'string') return 'has no type.';
  if (!KINDS.some((kind) => kind === memberOf(signal, 'kind'))) return `needs a kind: ${KINDS.join(', ')}.`;
  const values = memberOf(signal, 'values');
  if (!isListOf(values, isValue)) return 'needs values: booleans, numbers, texts or null.';
  return values.length === count ? null : `has ${values.length} values for ${count} times.`;
}

function isListOf<Entry>(value: unknown, isEntry: (entry: unknown) => entry is Entry): value is Entry[] {
  return Array.isArray(value) && value.every(isEntry);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isValue(value: unknown): value is JsonValue {
  return value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
}

function isMarker(value: unknown): value is TraceMarker {
  return (
    isFiniteNumber(memberOf(value, 'timeNs')) &&
    typeof memberOf(value, 'label') === 'string' &&
    MARKERS.some((kind) => kind === memberOf(value, 'kind'))
  );
}
