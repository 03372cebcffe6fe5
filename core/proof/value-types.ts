/** What the prover needs to know of types: what is Boolean, how values compare, in which range they lie. */

import type { ElementaryTypeName, Type } from '../language/semantics/types.js';
import type { Domain, IntegerRange } from './terms.js';

const BOOLEAN_NAMES: ReadonlySet<ElementaryTypeName> = new Set(['BOOL', 'BIT', 'SAFEBOOL']);
const REAL_NAMES: ReadonlySet<ElementaryTypeName> = new Set(['REAL', 'LREAL']);

const signed = (bits: bigint): IntegerRange => ({ lower: -(1n << (bits - 1n)), upper: (1n << (bits - 1n)) - 1n });
const unsigned = (bits: bigint): IntegerRange => ({ lower: 0n, upper: (1n << bits) - 1n });

const RANGES: Readonly<Partial<Record<ElementaryTypeName, IntegerRange>>> = {
  BYTE: unsigned(8n),
  WORD: unsigned(16n),
  DWORD: unsigned(32n),
  LWORD: unsigned(64n),
  USINT: unsigned(8n),
  UINT: unsigned(16n),
  UDINT: unsigned(32n),
  ULINT: unsigned(64n),
  SINT: signed(8n),
  INT: signed(16n),
  DINT: signed(32n),
  LINT: signed(64n),
  SAFEINT: signed(16n),
  SAFEDINT: signed(32n),
  SAFEBYTE: unsigned(8n),
  SAFEWORD: unsigned(16n),
  SAFEDWORD: unsigned(32n),
};

const OPAQUE_NAMES: ReadonlySet<ElementaryTypeName> = new Set(['CHAR', 'WCHAR', 'VARIANT', 'ANY', 'TIMER', 'COUNTER']);

export function isBooleanType(type: Type): boolean {
  return type.kind === 'elementary' && BOOLEAN_NAMES.has(type.name);
}

export function isRealType(type: Type): boolean {
  return (
    (type.kind === 'elementary' && REAL_NAMES.has(type.name)) || (type.kind === 'literal' && type.class === 'real')
  );
}

export function domainOf(type: Type): Domain {
  if (isRealType(type)) return 'real';
  if (type.kind === 'elementary') return OPAQUE_NAMES.has(type.name) ? 'opaque' : 'integer';
  return type.kind === 'enum' || type.kind === 'subrange' || type.kind === 'literal' ? 'integer' : 'opaque';
}

/** The integers that the memory of a type can hold; subranges are not enforced at run time, so their base counts. */
export function rangeOfType(type: Type): IntegerRange | null {
  if (type.kind === 'elementary') return RANGES[type.name] ?? null;
  if (type.kind === 'enum' || type.kind === 'subrange') return rangeOfType(type.base);
  return null;
}

/** True for values that one cell holds; false for structures, arrays and instances. */
export function isScalarType(type: Type): boolean {
  if (type.kind === 'pou') return false;
  return type.kind !== 'struct' && type.kind !== 'array';
}

/** A short name that tells types apart, part of the key of an abstract operation. */
export function typeKey(type: Type): string {
  switch (type.kind) {
    case 'elementary':
      return type.name;
    case 'enum':
    case 'subrange':
      return type.base.name;
    case 'string':
      return type.isWide ? 'WSTRING' : 'STRING';
    case 'literal':
      return type.class;
    case 'struct':
      return type.name ?? 'STRUCT';
    case 'pou':
      return type.pou.qualifiedName.toUpperCase();
    default:
      return type.kind;
  }
}
