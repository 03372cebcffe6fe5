/**
 * Shapes: how a value of an ST type is held at run time.
 *
 * - BOOL: JavaScript boolean as a value; 0 or 1 where it is stored in a member, an element or a cell. Integers and bit strings up to 32 bits: number, always in range. 64 bits: bigint.
 * - REAL: number that is a single (rounded by `Math.fround` after each operation). LREAL: number.
 * - TIME and TIME_OF_DAY: number of nanoseconds, exact to 2^53 ns (104 days).
 *   LTIME and every date: bigint nanoseconds (dates since 1970-01-01).
 * - Strings and characters: JavaScript string, cut to the declared length when stored.
 * - Arrays: a typed array where there is one for the element, else an Array; row-major, zero-based.
 * - Structures, function blocks, programs: an object of a generated class. Assignment copies into it.
 * - References and pointers: null, the object itself for objects and arrays, else a cell with a member `v`.
 */

import type { ElementaryTypeName } from '../../language/semantics/types.js';

export type IntegerBits = 8 | 16 | 32 | 64;

export interface IntegerShape {
  readonly kind: 'integer';
  readonly bits: IntegerBits;
  readonly isSigned: boolean;
  /** Limits of a subrange; null: those of the width. */
  readonly range: { readonly lower: bigint; readonly upper: bigint } | null;
  /** Name by value for reports, when the type is an enumeration. */
  readonly names: ReadonlyMap<bigint, string> | null;
  /** Initial value of an enumeration: its first name. Null: zero, or the lower limit of a subrange without zero. */
  readonly first: bigint | null;
  /** BYTE, WORD, DWORD, LWORD: operators work on bits. */
  readonly isBitString: boolean;
}

export interface StringShape {
  readonly kind: 'string';
  readonly isWide: boolean;
  /** Greatest number of characters. */
  readonly length: number;
  readonly isCharacter: boolean;
}

export interface ArrayShape {
  readonly kind: 'array';
  readonly element: Shape;
  /** Null: a parameter `ARRAY[*]`, whose bounds are those of the argument. */
  readonly dimensions: readonly { readonly lower: number; readonly upper: number }[] | null;
}

export interface ObjectShape {
  readonly kind: 'object';
  /** Name of the generated class. */
  readonly className: string;
  readonly typeName: string;
}

export interface ReferenceShape {
  readonly kind: 'reference';
  readonly target: Shape;
}

export type Shape =
  | { readonly kind: 'bool' }
  | IntegerShape
  | { readonly kind: 'real' }
  | { readonly kind: 'lreal' }
  | { readonly kind: 'time' }
  | { readonly kind: 'ltime' }
  | { readonly kind: 'time-of-day' }
  | { readonly kind: 'ltime-of-day' }
  | { readonly kind: 'date' }
  | { readonly kind: 'ldate' }
  | { readonly kind: 'date-and-time' }
  | { readonly kind: 'ldate-and-time' }
  | StringShape
  | ArrayShape
  | ObjectShape
  | ReferenceShape
  | { readonly kind: 'interface' }
  | { readonly kind: 'void' }
  | { readonly kind: 'unknown' };

export const BOOL: Shape = { kind: 'bool' };
export const REAL: Shape = { kind: 'real' };
export const LREAL: Shape = { kind: 'lreal' };
export const TIME: Shape = { kind: 'time' };
export const LTIME: Shape = { kind: 'ltime' };
export const VOID: Shape = { kind: 'void' };
export const UNKNOWN: Shape = { kind: 'unknown' };

function integer(bits: IntegerBits, isSigned: boolean, isBitString: boolean): IntegerShape {
  return { kind: 'integer', bits, isSigned, isBitString, range: null, names: null, first: null };
}

export const INT = integer(16, true, false);
export const DINT = integer(32, true, false);
export const LINT = integer(64, true, false);
const UDINT = integer(32, false, false);
export const ULINT = integer(64, false, false);

const ELEMENTARY: Readonly<Record<ElementaryTypeName, Shape>> = {
  BOOL,
  BIT: BOOL,
  SAFEBOOL: BOOL,
  BYTE: integer(8, false, true),
  WORD: integer(16, false, true),
  DWORD: integer(32, false, true),
  LWORD: integer(64, false, true),
  SAFEBYTE: integer(8, false, true),
  SAFEWORD: integer(16, false, true),
  SAFEDWORD: integer(32, false, true),
  SINT: integer(8, true, false),
  INT,
  DINT,
  LINT,
  SAFEINT: INT,
  SAFEDINT: DINT,
  USINT: integer(8, false, false),
  UINT: integer(16, false, false),
  UDINT,
  ULINT,
  REAL,
  LREAL,
  TIME,
  SAFETIME: TIME,
  S5TIME: TIME,
  LTIME,
  TIME_OF_DAY: { kind: 'time-of-day' },
  LTIME_OF_DAY: { kind: 'ltime-of-day' },
  DATE: { kind: 'date' },
  LDATE: { kind: 'ldate' },
  DATE_AND_TIME: { kind: 'date-and-time' },
  LDATE_AND_TIME: { kind: 'ldate-and-time' },
  CHAR: { kind: 'string', isWide: false, length: 1, isCharacter: true },
  WCHAR: { kind: 'string', isWide: true, length: 1, isCharacter: true },
  COUNTER: UNKNOWN,
  TIMER: UNKNOWN,
  VARIANT: UNKNOWN,
  ANY: UNKNOWN,
};

/** The shape of an elementary type. Generic and S5 hardware types have none: unknown. */
export function elementaryShape(name: ElementaryTypeName): Shape {
  return ELEMENTARY[name];
}

/** True when values are bigints at run time. */
export function isBig(shape: Shape): boolean {
  switch (shape.kind) {
    case 'integer':
      return shape.bits === 64;
    case 'ltime':
    case 'ltime-of-day':
    case 'date':
    case 'ldate':
    case 'date-and-time':
    case 'ldate-and-time':
      return true;
    default:
      return false;
  }
}

/** True for durations, times of day and dates. */
export function isTemporal(shape: Shape): boolean {
  return (
    shape.kind === 'time' ||
    shape.kind === 'ltime' ||
    shape.kind === 'time-of-day' ||
    shape.kind === 'ltime-of-day' ||
    shape.kind === 'date' ||
    shape.kind === 'ldate' ||
    shape.kind === 'date-and-time' ||
    shape.kind === 'ldate-and-time'
  );
}

/** True when the value is held as an object that assignment copies into. */
export function isAggregate(shape: Shape): shape is ArrayShape | ObjectShape {
  return shape.kind === 'array' || shape.kind === 'object';
}

/** Least and greatest value of an integer shape. */
export function limitsOf(shape: IntegerShape): { readonly lower: bigint; readonly upper: bigint } {
  if (shape.range !== null) return shape.range;
  const bits = BigInt(shape.bits);
  return shape.isSigned
    ? { lower: -(1n << (bits - 1n)), upper: (1n << (bits - 1n)) - 1n }
    : { lower: 0n, upper: (1n << bits) - 1n };
}

/** Number of elements of an array; 0 when its bounds are open. */
export function lengthOf(shape: ArrayShape): number {
  if (shape.dimensions === null) return 0;
  return shape.dimensions.reduce((product, each) => product * Math.max(0, each.upper - each.lower + 1), 1);
}

/** True when both shapes hold the same set of values in the same way. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'integer': {
      const other = b as IntegerShape;
      return (
        a.bits === other.bits &&
        a.isSigned === other.isSigned &&
        a.range?.lower === other.range?.lower &&
        a.range?.upper === other.range?.upper
      );
    }
    case 'string':
      return a.length === (b as StringShape).length && a.isWide === (b as StringShape).isWide;
    case 'object':
      return a.className === (b as ObjectShape).className;
    case 'array': {
      const other = b as ArrayShape;
      return sameShape(a.element, other.element) && lengthOf(a) === lengthOf(other);
    }
    case 'reference':
      return sameShape(a.target, (b as ReferenceShape).target);
    default:
      return true;
  }
}

/** How a shape is called in messages: `INT`, `TIME`, `ARRAY`, a type name. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case 'integer': {
      if (shape.isBitString) return { 8: 'BYTE', 16: 'WORD', 32: 'DWORD', 64: 'LWORD' }[shape.bits];
      const name = { 8: 'SINT', 16: 'INT', 32: 'DINT', 64: 'LINT' }[shape.bits];
      return shape.isSigned ? name : `U${name}`;
    }
    case 'string':
      return shape.isCharacter ? (shape.isWide ? 'WCHAR' : 'CHAR') : shape.isWide ? 'WSTRING' : 'STRING';
    case 'object':
      return shape.typeName;
    case 'reference':
      return `reference to ${describeShape(shape.target)}`;
    case 'time-of-day':
      return 'TIME_OF_DAY';
    case 'ltime-of-day':
      return 'LTIME_OF_DAY';
    case 'date-and-time':
      return 'DATE_AND_TIME';
    case 'ldate-and-time':
      return 'LDATE_AND_TIME';
    default:
      return shape.kind.toUpperCase();
  }
}
