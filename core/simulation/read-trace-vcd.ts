/** Traces as value change dumps (IEEE 1364-2005, 18): one sample per time stamp. */

import { ChangeColumn, type TraceReading } from './change-trace.js';
import type { TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

const SCALES: Readonly<Record<string, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1, ps: 1e-3, fs: 1e-6 };
/** Scopes that tools put around everything: they are no part of a tag. */
const OUTER_SCOPES = /^(?:plc|top|root|tb)$/i;

interface Word {
  readonly text: string;
  readonly line: number;
}

/** Reads a dump. Bits are BOOL, vectors and reals numbers, strings text; an unknown or floating bit counts as FALSE. */
export function readVcdTrace(text: string): TraceReading {
  const words = wordsOf(text);
  const wrong = (word: Word | undefined, problem: string): TraceReading => {
    const line = word?.line ?? text.split('\n').length;
    return { line, problem: `Line ${line}: ${problem}` };
  };
  const columns = new Map<string, ChangeColumn[]>();
  const scopes: string[] = [];
  const times: number[] = [];
  let scale = 1e3;
  let at = 0;
  const section = (): Word[] => {
    const start = at;
    while (at < words.length && words[at]?.text !== '$end') at++;
    return words.slice(start, at++);
  };
  const add = (code: string, value: string): boolean => {
    const known = columns.get(code);
    if (known === undefined) return false;
    if (times.length === 0) times.push(0);
    for (const column of known) column.add(times.length - 1, recordedValue(column.kind, value));
    return true;
  };
  while (at < words.length) {
    const word = words[at++];
    if (word === undefined) break;
    switch (word.text) {
      case '$timescale': {
        const found = /^(\d+)\s*(s|ms|us|ns|ps|fs)$/.exec(
          section()
            .map((each) => each.text)
            .join(''),
        );
        if (found === null) return wrong(word, '$timescale needs a number and a unit, 1 us for instance.');
        scale = Number(found[1]) * (SCALES[found[2] ?? ''] ?? 1);
        break;
      }
      case '$scope':
        scopes.push(section()[1]?.text ?? '');
        break;
      case '$upscope':
        section();
        scopes.pop();
        break;
      case '$var': {
        const [kind, width, code, ...name] = section().map((each) => each.text);
        if (kind === undefined || width === undefined || code === undefined || name.length === 0)
          return wrong(word, '$var needs a kind, a width, a code and a name.');
        const column = new ChangeColumn({ name: tagOf(scopes, name), ...typeOf(kind, Number(width)) });
        columns.set(code, [...(columns.get(code) ?? []), column]);
        break;
      }
      case '$comment':
      case '$date':
      case '$version':
      case '$enddefinitions':
        section();
        break;
      case '$dumpvars':
      case '$dumpall':
      case '$dumpon':
      case '$dumpoff':
      case '$end':
        break;
      default: {
        const [first = ''] = word.text;
        if (first === '#') {
          const time = Number(word.text.slice(1)) * scale;
          if (!Number.isFinite(time)) return wrong(word, `"${word.text}" is no time.`);
          const last = times.at(-1);
          if (last !== undefined && time < last) return wrong(word, 'the time is earlier than the one before.');
          if (time !== last) times.push(time);
        } else if (/^[brs]/i.test(first)) {
          const code = words[at++];
          if (!add(code?.text ?? '', first.toLowerCase() === 'b' ? `0b${word.text.slice(1)}` : word.text.slice(1)))
            return wrong(code ?? word, `no $var has declared the code "${code?.text ?? ''}".`);
        } else if (/^[01xz]/i.test(first)) {
          if (!add(word.text.slice(1), first))
            return wrong(word, `no $var has declared the code "${word.text.slice(1)}".`);
        } else return wrong(word, `"${word.text}" is no value change.`);
      }
    }
  }
  if (columns.size === 0) return wrong(undefined, 'the dump declares no variable ($var).');
  return {
    trace: {
      timesNs: Float64Array.from(times),
      signals: [...columns.values()].flat().map((column) => column.finish()),
      markers: [],
    },
  };
}

function wordsOf(text: string): Word[] {
  return text.split('\n').flatMap((content, index) =>
    content
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) => ({ text: word, line: index + 1 })),
  );
}

/** A name with a dot is a tag already; else the scopes around it are its path. A bit range behind the name is left out. */
function tagOf(scopes: readonly string[], [name = '']: readonly string[]): string {
  const path = name.includes('.') ? [] : scopes.filter((scope, index) => index > 0 || !OUTER_SCOPES.test(scope));
  return [...path, name].join('.');
}

function typeOf(kind: string, width: number): Pick<TraceSignal, 'type' | 'kind'> {
  if (/^real/i.test(kind)) return { type: 'LREAL', kind: 'number' };
  if (/^string$/i.test(kind)) return { type: 'STRING', kind: 'text' };
  return width === 1 ? { type: 'BOOL', kind: 'bool' } : { type: 'LINT', kind: 'number' };
}

function recordedValue(kind: TraceSignal['kind'], value: string): JsonValue {
  if (kind === 'text') return value;
  if (kind === 'bool') return value === '1' || value === '0b1';
  const number = Number(value.replace(/[xz]/gi, (bit, offset: number) => (offset > 1 ? '0' : bit)));
  return Number.isFinite(number) ? number : null;
}
