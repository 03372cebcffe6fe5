/** Values as people write and read them: in scenarios, traces, reports and assertions. */

import { describeShape, type IntegerShape, isBig, limitsOf, type Shape } from './compile/shape.js';
import {
  formatDate,
  formatDateAndTime,
  formatDuration,
  formatTimeOfDay,
  parseDate,
  parseDuration,
  parseTimeOfDay,
} from './run-time/temporal.js';

/** A value of one variable at run time: numbers up to 32 bits, REAL and TIME as numbers, 64 bits and dates as bigint. */
export type RunTimeValue = boolean | number | bigint | string | null;
export type JsonValue = boolean | number | string | null;

/** A value as JSON: durations, dates and names of enumerations as ST text; integers beyond 2^53 as text. */
export function toJson(value: RunTimeValue, shape: Shape): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  switch (shape.kind) {
    case 'integer': {
      const name = shape.names?.get(BigInt(value));
      if (name !== undefined) return name;
      return typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) ? value.toString() : Number(value);
    }
    case 'time':
      return `T#${formatDuration(BigInt(value))}`;
    case 'ltime':
      return `LTIME#${formatDuration(BigInt(value))}`;
    case 'time-of-day':
    case 'ltime-of-day':
      return `TOD#${formatTimeOfDay(BigInt(value))}`;
    case 'date':
    case 'ldate':
      return `D#${formatDate(BigInt(value))}`;
    case 'date-and-time':
    case 'ldate-and-time':
      return `DT#${formatDateAndTime(BigInt(value))}`;
    default: {
      const number = Number(value);
      return Number.isFinite(number) ? number : String(number);
    }
  }
}

/** FALSE, 0 or the empty text of a scalar shape. */
export function zeroOf(shape: Shape): RunTimeValue {
  if (shape.kind === 'bool') return false;
  if (shape.kind === 'string') return '';
  return isBig(shape) ? 0n : 0;
}

/** A value as a person reads it: `TRUE`, `'text'`, `T#50ms`, `42`. */
export function describeValue(value: RunTimeValue, shape: Shape): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string') return `'${value}'`;
  if (value === null) return 'NULL';
  return String(toJson(value, shape));
}

/** A value written in YAML, JSON or on a command line, or what is wrong with it. */
export function fromInput(
  input: unknown,
  shape: Shape,
): { readonly value: RunTimeValue } | { readonly problem: string } {
  const wanted = describeShape(shape);
  const bad = {
    problem: `${JSON.stringify(input, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each))} is no ${wanted}`,
  };
  switch (shape.kind) {
    case 'bool': {
      if (typeof input === 'boolean') return { value: input };
      if (input === 0 || input === 1) return { value: input === 1 };
      if (typeof input === 'string' && /^(true|false)$/i.test(input.trim()))
        return { value: /^true$/i.test(input.trim()) };
      return bad;
    }
    case 'integer':
      return integerInput(input, shape) ?? bad;
    case 'real':
    case 'lreal': {
      const number = typeof input === 'string' && input.trim() !== '' ? Number(input) : Number(input ?? Number.NaN);
      if (Number.isNaN(number) || typeof input === 'boolean') return bad;
      return { value: shape.kind === 'real' ? Math.fround(number) : number };
    }
    case 'string':
      return typeof input === 'string' ? { value: input.slice(0, shape.length) } : bad;
    case 'time':
    case 'ltime':
      return temporalInput(typeof input === 'string' ? parseDuration(input) : null, input, shape) ?? bad;
    case 'time-of-day':
    case 'ltime-of-day':
      return temporalInput(typeof input === 'string' ? parseTimeOfDay(input) : null, input, shape) ?? bad;
    case 'date':
    case 'ldate':
    case 'date-and-time':
    case 'ldate-and-time':
      return temporalInput(typeof input === 'string' ? parseDate(input) : null, input, shape) ?? bad;
    default:
      return { problem: `a ${wanted} can not be set as a whole; name one of its members` };
  }
}

/** Durations may be given as a number of nanoseconds. */
function temporalInput(parsed: bigint | null, input: unknown, shape: Shape): { value: RunTimeValue } | null {
  const nanoseconds =
    parsed ??
    (typeof input === 'bigint' ? input : typeof input === 'number' && Number.isInteger(input) ? BigInt(input) : null);
  if (nanoseconds === null) return null;
  return { value: isBig(shape) ? nanoseconds : Number(nanoseconds) };
}

function integerInput(input: unknown, shape: IntegerShape): { value: RunTimeValue } | { problem: string } | null {
  const whole = wholeNumber(input, shape);
  if (whole === null) return null;
  const { lower, upper } = limitsOf(shape);
  if (whole < lower || whole > upper)
    return { problem: `${whole} does not fit ${describeShape(shape)} (${lower}..${upper})` };
  return { value: shape.bits === 64 ? whole : Number(whole) };
}

function wholeNumber(input: unknown, shape: IntegerShape): bigint | null {
  if (typeof input === 'bigint') return input;
  if (typeof input === 'number') return Number.isInteger(input) ? BigInt(input) : null;
  if (typeof input !== 'string') return null;
  const name = input.trim().toUpperCase().split(/[.#]/).at(-1) ?? '';
  for (const [value, each] of shape.names ?? []) if (each.toUpperCase() === name) return value;
  const match = /^([+-]?)(?:(2|8|16)#)?([0-9a-f_]+)$/i.exec(input.trim());
  if (match === null) return null;
  const prefix = { '2': '0b', '8': '0o', '16': '0x' }[match[2] ?? ''] ?? '';
  const digits = (match[3] ?? '').replaceAll('_', '');
  if (prefix === '' && !/^\d+$/.test(digits)) return null;
  try {
    const value = BigInt(prefix + digits);
    return match[1] === '-' ? -value : value;
  } catch {
    return null;
  }
}

/** True when both values are the same; REAL compares within a relative 1e-6, for YAML holds decimal fractions. */
export function sameValue(a: RunTimeValue, b: RunTimeValue, shape: Shape): boolean {
  if ((shape.kind === 'real' || shape.kind === 'lreal') && typeof a === 'number' && typeof b === 'number') {
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
    const scale = Math.max(Math.abs(a), Math.abs(b));
    return Math.abs(a - b) <= scale * (shape.kind === 'real' ? 1e-6 : 1e-12);
  }
  return a === b;
}
