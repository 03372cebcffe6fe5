/** Reads traces back that `simulate --trace` has written: JSON and CSV. */

import type { Trace, TraceMarker, TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

export type TraceReading = { readonly trace: Trace } | { readonly problem: string };

const KINDS: readonly TraceSignal['kind'][] = ['bool', 'number', 'text'];
const MARKERS: readonly TraceMarker['kind'][] = ['step', 'fault', 'power', 'failure'];

/** Reads a trace; the ending of the name says in which form it is. What is wrong comes back in words. */
export function readTrace(name: string, text: string): TraceReading {
  const plain = text.replace(/^\uFEFF/, '');
  if (/\.csv$/i.test(name)) return readCsv(plain);
  if (/\.json$/i.test(name)) return readJson(plain);
  return { problem: `${name}: the name of a trace ends in .json or .csv.` };
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
  return { trace: { timesNs: times, signals: read, markers: Array.isArray(markers) ? markers.filter(isMarker) : [] } };
}

function problemOfSignal(signal: unknown, count: number): string | null {
  if (typeof memberOf(signal, 'name') !== 'string') return 'has no name.';
  if (typeof memberOf(signal, 'type') !== 'string') return 'has no type.';
  if (!KINDS.some((kind) => kind === memberOf(signal, 'kind'))) return `needs a kind: ${KINDS.join(', ')}.`;
  const values = memberOf(signal, 'values');
  if (!isListOf(values, isValue)) return 'needs values: booleans, numbers, texts or null.';
  return values.length === count ? null : `has ${values.length} values for ${count} times.`;
}

/** One row per sample. CSV knows no types: a column of 0 and 1 is read as BOOL, one of numbers as a number. */
function readCsv(text: string): TraceReading {
  const [header, ...rows] = rowsOfCsv(text);
  if (header?.[0] !== 'time_ms') return { problem: 'The first column of a trace in CSV is "time_ms".' };
  const timesNs: number[] = [];
  for (const [index, row] of rows.entries()) {
    const time = Number(row[0] === '' ? Number.NaN : row[0]);
    if (!Number.isFinite(time)) return { problem: `Line ${index + 2}: "${row[0] ?? ''}" is no time in milliseconds.` };
    if (row.length !== header.length)
      return { problem: `Line ${index + 2} has ${row.length} cells, the header has ${header.length}.` };
    if (time * 1e6 < (timesNs.at(-1) ?? Number.NEGATIVE_INFINITY))
      return { problem: `Line ${index + 2}: the time is earlier than in the line before.` };
    timesNs.push(Math.round(time * 1e6));
  }
  const signals = header.slice(1).map((name, index) =>
    signalOfColumn(
      name,
      rows.map((row) => row[index + 1] ?? ''),
    ),
  );
  return { trace: { timesNs, signals, markers: [] } };
}

function signalOfColumn(name: string, cells: readonly string[]): TraceSignal {
  if (cells.every((cell) => cell === '0' || cell === '1'))
    return { name, type: 'BOOL', kind: 'bool', values: cells.map((cell) => cell === '1') };
  if (cells.every((cell) => cell === '' || Number.isFinite(Number(cell))))
    return { name, type: 'LREAL', kind: 'number', values: cells.map((cell) => (cell === '' ? null : Number(cell))) };
  return { name, type: 'STRING', kind: 'text', values: cells };
}

/** RFC 4180: cells in quotes may hold commas, line ends and doubled quotes. */
function rowsOfCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) break;
    row.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
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
