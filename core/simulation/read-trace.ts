/** Reads traces back that `simulate --trace` has written: JSON and CSV. */

import { memberOf } from '../base/member.js';
import { ChangeColumn, type ChangeTrace, changesOfTrace } from './change-trace.js';
import type { TraceMarker, TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

export type TraceReading = { readonly trace: ChangeTrace } | { readonly problem: string };

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

/** What the cells of a column can be: CSV knows no types. */
interface ColumnGuess {
  isBool: boolean;
  isNumber: boolean;
}

/**
 * One row per sample. A column of 0 and 1 is read as BOOL, one of numbers as a number. The text is gone through twice,
 * first to see what the columns hold: an hour of scans as a table of cells would not fit into memory.
 */
function readCsv(text: string): TraceReading {
  let header: readonly string[] = [];
  const guesses: ColumnGuess[] = [];
  const timesNs: number[] = [];
  let problem: string | null = null;
  eachRow(text, (row, line) => {
    if (line === 1) {
      header = [...row];
      for (let column = 1; column < row.length; column++) guesses.push({ isBool: true, isNumber: true });
      if (row[0] !== 'time_ms') problem = 'The first column of a trace in CSV is "time_ms".';
    } else problem = problemOfRow(row, line, header.length, timesNs);
    if (line > 1 && problem === null)
      row.forEach((cell, column) => {
        guess(guesses[column - 1], cell);
      });
    return problem === null;
  });
  if (problem !== null) return { problem };
  const columns = guesses.map((each, index) => new ChangeColumn({ name: header[index + 1] ?? '', ...typeOf(each) }));
  const last: string[] = [];
  eachRow(text, (row, line) => {
    if (line === 1) return true;
    columns.forEach((column, index) => {
      const cell = row[index + 1] ?? '';
      // Most cells are as they were: comparing texts costs less than reading them.
      if (line > 2 && cell === last[index]) return;
      last[index] = cell;
      column.add(line - 2, valueOfCell(column.kind, cell));
    });
    return true;
  });
  return {
    trace: { timesNs: Float64Array.from(timesNs), signals: columns.map((column) => column.finish()), markers: [] },
  };
}

function problemOfRow(row: readonly string[], line: number, width: number, timesNs: number[]): string | null {
  const time = row[0] === '' ? Number.NaN : Number(row[0]);
  if (!Number.isFinite(time)) return `Line ${line}: "${row[0] ?? ''}" is no time in milliseconds.`;
  if (row.length !== width) return `Line ${line} has ${row.length} cells, the header has ${width}.`;
  const nanoseconds = Math.round(time * 1e6);
  if (nanoseconds < (timesNs.at(-1) ?? Number.NEGATIVE_INFINITY))
    return `Line ${line}: the time is earlier than in the line before.`;
  timesNs.push(nanoseconds);
  return null;
}

function guess(column: ColumnGuess | undefined, cell: string): void {
  if (column === undefined) return;
  if (column.isBool && cell !== '0' && cell !== '1') column.isBool = false;
  if (column.isNumber && !column.isBool && cell !== '' && !Number.isFinite(Number(cell))) column.isNumber = false;
}

function typeOf({ isBool, isNumber }: ColumnGuess): Pick<TraceSignal, 'type' | 'kind'> {
  if (isBool) return { type: 'BOOL', kind: 'bool' };
  return isNumber ? { type: 'LREAL', kind: 'number' } : { type: 'STRING', kind: 'text' };
}

function valueOfCell(kind: TraceSignal['kind'], cell: string): JsonValue {
  if (kind === 'bool') return cell === '1';
  if (kind === 'text') return cell;
  return cell === '' ? null : Number(cell);
}

/** Calls `take` for each row until it answers false. RFC 4180: cells in quotes may hold commas, line ends and quotes. */
function eachRow(text: string, take: (row: readonly string[], line: number) => boolean): void {
  let line = 0;
  let at = 0;
  while (at < text.length) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const plain = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    line++;
    if (!plain.includes('"')) {
      if (!take(plain.split(','), line)) return;
      at = end + 1;
      continue;
    }
    const quoted = quotedRow(text, at);
    if (!take(quoted.row, line)) return;
    at = quoted.end;
  }
}

function quotedRow(text: string, start: number): { readonly row: readonly string[]; readonly end: number } {
  const row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y;
  cell.lastIndex = start;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    row.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] !== ',') return { row, end: cell.lastIndex };
  }
  // A quote in the middle of a cell: the row has too few cells, which is said with its line.
  const feed = text.indexOf('\n', start);
  return { row, end: feed < 0 ? text.length : feed + 1 };
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
