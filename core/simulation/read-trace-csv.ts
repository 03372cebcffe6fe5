/**
 * Traces as CSV: one row per sample, the time in the first column. Commas, semicolons (then decimals may have commas) and
 * tabs part the cells; the unit of the time stands in its header, or the times are dates (ISO 8601).
 */

import { ChangeColumn, type TraceReading } from './change-trace.js';
import type { TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

/** What the cells of a column can be: CSV knows no types. */
interface ColumnGuess {
  isBool: boolean;
  isNumber: boolean;
}

/** How the cells of a file are written. */
interface Manner {
  readonly separator: ',' | ';' | '\t';
  /** Nanoseconds of the time cell; null when it is none. */
  readonly timeOf: (cell: string) => number | null;
  /** The unit for messages. */
  readonly timeName: string;
}

interface Wrong {
  readonly problem: string;
  readonly line: number;
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9 };
const TIME_HEADER = /^\s*(?:time|t|timestamp|zeit|zeitstempel|uhrzeit)(?:[\s_([/]*(ns|us|µs|μs|ms|s)[\s)\]]*)?$/i;

/**
 * Reads a table. A column of 0 and 1, or of TRUE and FALSE, is read as BOOL, one of numbers as a number. The text is gone
 * through twice, first to see what the columns hold: an hour of scans as a table of cells would not fit into memory.
 */
export function readCsvTrace(text: string): TraceReading {
  const manner = mannerOf(text);
  if ('problem' in manner) return manner;
  let header: readonly string[] = [];
  const guesses: ColumnGuess[] = [];
  const times: number[] = [];
  let wrong: Wrong | null = null;
  eachRow(text, manner.separator, (row, line) => {
    if (line === 1) {
      header = row.map((cell) => cell.trim());
      for (let column = 1; column < row.length; column++) guesses.push({ isBool: true, isNumber: true });
      return true;
    }
    wrong = problemOfRow(row, line, header.length, times, manner);
    if (wrong === null)
      row.forEach((cell, column) => {
        guess(guesses[column - 1], cell, manner);
      });
    return wrong === null;
  });
  if (wrong !== null) return wrong;
  const columns = guesses.map((each, index) => new ChangeColumn({ name: header[index + 1] ?? '', ...typeOf(each) }));
  const last: string[] = [];
  eachRow(text, manner.separator, (row, line) => {
    if (line === 1) return true;
    columns.forEach((column, index) => {
      const cell = row[index + 1] ?? '';
      // Most cells are as they were: comparing texts costs less than reading them.
      if (line > 2 && cell === last[index]) return;
      last[index] = cell;
      column.add(line - 2, valueOfCell(column.kind, cell, manner));
    });
    return true;
  });
  return {
    trace: { timesNs: Float64Array.from(times), signals: columns.map((column) => column.finish()), markers: [] },
  };
}

/** The separator that the header has most of, and the unit of its first cell. */
function mannerOf(text: string): Manner | Wrong {
  const [first = '', second = ''] = text.split(/\r?\n/, 2);
  const count = (separator: string): number => first.split(separator).length;
  const separator = ([';', '\t'] as const).find((each) => count(each) > count(',')) ?? ',';
  const title = (first.split(separator)[0] ?? '').replaceAll('"', '');
  const match = TIME_HEADER.exec(title);
  if (match === null) {
    return {
      line: 1,
      problem: `Line 1: the first column of a trace in CSV is the time, "time_ms" for instance; "${title.trim()}" is none.`,
    };
  }
  const unit = match[1]?.toLowerCase();
  if (unit !== undefined) {
    const factor = UNITS[unit] ?? 1e6;
    const timeName = unit === 'ms' ? 'milliseconds' : unit;
    return { separator, timeName, timeOf: (cell) => scaled(numberOf(cell, separator), factor) };
  }
  if (/\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(second)) return { separator, timeName: 'ISO 8601', timeOf: dateNs };
  return {
    line: 1,
    problem: `Line 1: "${title.trim()}" does not say in which unit the times are. Write time_ms, time_s, time_us or time_ns, or dates such as 2026-05-03T06:00:00.010.`,
  };
}

function scaled(value: number, factor: number): number | null {
  return Number.isFinite(value) ? Math.round(value * factor) : null;
}

/** A date and time with any number of decimals, read as UTC: only differences matter. */
function dateNs(cell: string): number | null {
  const match = /^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?\s*$/.exec(cell);
  if (match === null) return null;
  const [, day = '', clock = '', decimals = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(milliseconds) ? null : milliseconds * 1e6 + Number(decimals.padEnd(9, '0'));
}

/** NaN for what is no number. */
function numberOf(cell: string, separator: Manner['separator']): number {
  const plain = cell.trim();
  if (plain === '') return Number.NaN;
  return Number(separator === ',' ? plain : plain.replace(',', '.'));
}

function problemOfRow(
  row: readonly string[],
  line: number,
  width: number,
  times: number[],
  manner: Manner,
): Wrong | null {
  const time = manner.timeOf(row[0] ?? '');
  if (time === null) return { line, problem: `Line ${line}: "${row[0] ?? ''}" is no time in ${manner.timeName}.` };
  if (row.length !== width) return { line, problem: `Line ${line} has ${row.length} cells, the header has ${width}.` };
  if (time < (times.at(-1) ?? Number.NEGATIVE_INFINITY))
    return { line, problem: `Line ${line}: the time is earlier than in the line before.` };
  times.push(time);
  return null;
}

const BOOLEAN = /^\s*(?:0|1|true|false)\s*$/i;

function guess(column: ColumnGuess | undefined, cell: string, { separator }: Manner): void {
  if (column === undefined) return;
  if (column.isBool && !BOOLEAN.test(cell)) column.isBool = false;
  if (column.isNumber && cell.trim() !== '' && !Number.isFinite(numberOf(cell, separator))) column.isNumber = false;
}

function typeOf({ isBool, isNumber }: ColumnGuess): Pick<TraceSignal, 'type' | 'kind'> {
  if (isBool) return { type: 'BOOL', kind: 'bool' };
  return isNumber ? { type: 'LREAL', kind: 'number' } : { type: 'STRING', kind: 'text' };
}

function valueOfCell(kind: TraceSignal['kind'], cell: string, { separator }: Manner): JsonValue {
  if (kind === 'bool') return /^\s*(?:1|true)\s*$/i.test(cell);
  if (kind === 'text') return cell;
  return cell.trim() === '' ? null : numberOf(cell, separator);
}

/** Calls `take` for each row until it answers false. RFC 4180: cells in quotes may hold separators, line ends and quotes. */
function eachRow(
  text: string,
  separator: Manner['separator'],
  take: (row: readonly string[], line: number) => boolean,
): void {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r\\n|\\r|\\n|$)`, 'y');
  let line = 0;
  let at = 0;
  while (at < text.length) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const plain = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
    line++;
    if (!plain.includes('"')) {
      if (!take(plain.split(separator), line)) return;
      at = end + 1;
      continue;
    }
    const quoted = quotedRow(text, at, cell, separator);
    if (!take(quoted.row, line)) return;
    at = quoted.end;
  }
}

function quotedRow(
  text: string,
  start: number,
  cell: RegExp,
  separator: string,
): { readonly row: readonly string[]; readonly end: number } {
  const row: string[] = [];
  cell.lastIndex = start;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    row.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] !== separator) return { row, end: cell.lastIndex };
  }
  // A quote in the middle of a cell: the row has too few cells, which is said with its line.
  const feed = text.indexOf('\n', start);
  return { row, end: feed < 0 ? text.length : feed + 1 };
}
