/** Families, widths and ranges of the elementary types, and their spellings. IEC 61131-3 ed. 3, tables 10 and 11. */

import { ELEMENTARY_TYPE_NAMES, type ElementaryType, type ElementaryTypeName, type Type } from './types.js';

export type ElementaryFamily =
  | 'boolean'
  | 'bits'
  | 'signed'
  | 'unsigned'
  | 'real'
  | 'duration'
  | 'date'
  | 'time-of-day'
  | 'date-and-time'
  | 'character'
  | 'opaque'
  | 'any';

export interface ElementaryTraits {
  readonly family: ElementaryFamily;
  /** Width in bits; 0 for types without a fixed one. */
  readonly bits: number;
  /** True for the SAFE types of PLCopen. */
  readonly isSafe: boolean;
}

function traits(family: ElementaryFamily, bits: number): ElementaryTraits {
  return { family, bits, isSafe: false };
}

function safe(family: ElementaryFamily, bits: number): ElementaryTraits {
  return { family, bits, isSafe: true };
}

const TRAITS: Readonly<Record<ElementaryTypeName, ElementaryTraits>> = {
  BOOL: traits('boolean', 1),
  BIT: traits('boolean', 1),
  BYTE: traits('bits', 8),
  WORD: traits('bits', 16),
  DWORD: traits('bits', 32),
  LWORD: traits('bits', 64),
  SINT: traits('signed', 8),
  INT: traits('signed', 16),
  DINT: traits('signed', 32),
  LINT: traits('signed', 64),
  USINT: traits('unsigned', 8),
  UINT: traits('unsigned', 16),
  UDINT: traits('unsigned', 32),
  ULINT: traits('unsigned', 64),
  REAL: traits('real', 32),
  LREAL: traits('real', 64),
  TIME: traits('duration', 32),
  LTIME: traits('duration', 64),
  DATE: traits('date', 32),
  LDATE: traits('date', 64),
  TIME_OF_DAY: traits('time-of-day', 32),
  LTIME_OF_DAY: traits('time-of-day', 64),
  DATE_AND_TIME: traits('date-and-time', 32),
  LDATE_AND_TIME: traits('date-and-time', 64),
  CHAR: traits('character', 8),
  WCHAR: traits('character', 16),
  SAFEBOOL: safe('boolean', 1),
  SAFEBYTE: safe('bits', 8),
  SAFEWORD: safe('bits', 16),
  SAFEDWORD: safe('bits', 32),
  SAFEINT: safe('signed', 16),
  SAFEDINT: safe('signed', 32),
  SAFETIME: safe('duration', 32),
  S5TIME: traits('duration', 16),
  COUNTER: traits('opaque', 16),
  TIMER: traits('opaque', 16),
  VARIANT: traits('any', 0),
  ANY: traits('any', 0),
};

/** Other spellings of elementary types, over all dialects. A generic type of a parameter (ANY_NUM …) takes anything. */
const ALIASES: Readonly<Record<string, ElementaryTypeName>> = {
  TOD: 'TIME_OF_DAY',
  LTOD: 'LTIME_OF_DAY',
  DT: 'DATE_AND_TIME',
  LDT: 'LDATE_AND_TIME',
  TIME32: 'TIME',
  __XWORD: 'LWORD',
  __UXINT: 'ULINT',
  __XINT: 'LINT',
  ANY_BIT: 'ANY',
  ANY_DATE: 'ANY',
  ANY_NUM: 'ANY',
  ANY_REAL: 'ANY',
  ANY_INT: 'ANY',
  ANY_STRING: 'ANY',
  ANY_MAGNITUDE: 'ANY',
  ANY_ELEMENTARY: 'ANY',
  ANY_DERIVED: 'ANY',
  ANY_TYPE: 'ANY',
};

/** STEP 7 names hardware, blocks and connections by numbers of these types (WORD or UINT; they convert freely). */
const HARDWARE_TYPES = [
  'HW_ANY',
  'HW_DEVICE',
  'HW_DPMASTER',
  'HW_DPSLAVE',
  'HW_IO',
  'HW_IOSYSTEM',
  'HW_SUBMODULE',
  'HW_MODULE',
  'HW_INTERFACE',
  'HW_IEPORT',
  'HW_HSC',
  'HW_PWM',
  'HW_PTO',
  'OB_ANY',
  'OB_DELAY',
  'OB_TOD',
  'OB_CYCLIC',
  'OB_ATT',
  'OB_PCYCLE',
  'OB_HWINT',
  'OB_DIAG',
  'OB_TIMEERROR',
  'OB_STARTUP',
  'PORT',
  'RTM',
  'PIP',
  'CONN_ANY',
  'CONN_PRG',
  'CONN_OUC',
  'CONN_R_ID',
  'DB_ANY',
  'DB_WWW',
  'DB_DYN',
];

const TYPES: ReadonlyMap<string, ElementaryType> = new Map([
  ...ELEMENTARY_TYPE_NAMES.map((name): [string, ElementaryType] => [name, { kind: 'elementary', name }]),
  ...HARDWARE_TYPES.map((name): [string, ElementaryType] => [name, { kind: 'elementary', name: 'WORD' }]),
  ...Object.entries(ALIASES).map(([alias, name]): [string, ElementaryType] => [alias, { kind: 'elementary', name }]),
]);

/** The elementary type of a name or alias in upper case, or null. */
export function elementaryNamed(key: string): ElementaryType | null {
  return TYPES.get(key) ?? null;
}

/** The elementary type of a known name. */
export function elementary(name: ElementaryTypeName): ElementaryType {
  return TYPES.get(name) ?? { kind: 'elementary', name };
}

export const BOOL_TYPE = elementary('BOOL');
export const INT_TYPE = elementary('INT');
export const DINT_TYPE = elementary('DINT');
export const ANY_TYPE = elementary('ANY');

export function traitsOf(type: ElementaryType): ElementaryTraits {
  return TRAITS[type.name];
}

/** The elementary type that carries the values: the base of a subrange or enum, the type itself, or null. */
export function carrierOf(type: Type): ElementaryType | null {
  switch (type.kind) {
    case 'elementary':
      return type;
    case 'subrange':
    case 'enum':
      return type.base;
    case 'pointer':
      return type.pointerKind === 'reference' ? carrierOf(type.target) : null;
    default:
      return null;
  }
}

/** `REFERENCE TO T` dereferences by itself: the type that an expression has after that. */
export function valueTypeOf(type: Type): Type {
  return type.kind === 'pointer' && type.pointerKind === 'reference' ? valueTypeOf(type.target) : type;
}

/** Smallest and largest value of an integer or bit type; null for all others. */
export function integerRangeOf(type: Type): { readonly lower: bigint; readonly upper: bigint } | null {
  if (type.kind === 'subrange') return { lower: type.lower, upper: type.upper };
  const carrier = carrierOf(type);
  if (carrier === null) return null;
  const { family, bits } = TRAITS[carrier.name];
  if (family === 'signed') return { lower: -(1n << BigInt(bits - 1)), upper: (1n << BigInt(bits - 1)) - 1n };
  if (family === 'unsigned' || family === 'bits' || family === 'boolean')
    return { lower: 0n, upper: (1n << BigInt(bits)) - 1n };
  return null;
}

export function familyOf(type: Type): ElementaryFamily | null {
  const carrier = carrierOf(type);
  return carrier === null ? null : TRAITS[carrier.name].family;
}

export function isBoolean(type: Type): boolean {
  return familyOf(type) === 'boolean';
}

/** True for what may be anything: unresolved types and the generic ANY of a library parameter. */
export function isUnknown(type: Type): boolean {
  return type.kind === 'unknown' || familyOf(type) === 'any';
}

export function isSafeType(type: Type): boolean {
  const carrier = carrierOf(type);
  return carrier !== null && TRAITS[carrier.name].isSafe;
}

const UNSAFE_COUNTERPARTS: Readonly<Partial<Record<ElementaryTypeName, ElementaryTypeName>>> = {
  SAFEBOOL: 'BOOL',
  SAFEBYTE: 'BYTE',
  SAFEWORD: 'WORD',
  SAFEDWORD: 'DWORD',
  SAFEINT: 'INT',
  SAFEDINT: 'DINT',
  SAFETIME: 'TIME',
};

/** SAFEX usable as X (PLCopen Safety part 1): the plain type of a SAFE one. */
export function plainTypeOf(type: ElementaryType): ElementaryType {
  const plain = UNSAFE_COUNTERPARTS[type.name];
  return plain === undefined ? type : elementary(plain);
}

/** The SAFE type of a plain one, where there is one. */
export function safeTypeOf(type: ElementaryType): ElementaryType {
  return elementaryNamed(`SAFE${type.name}`) ?? type;
}
