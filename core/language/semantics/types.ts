/**
 * Types after name resolution. Compare structural types by `sameType`, named ones by identity.
 */

import type { InterfaceSymbol, PouSymbol, VariableSymbol } from './symbols.js';

export const ELEMENTARY_TYPE_NAMES = [
  'BOOL',
  'BIT',
  'BYTE',
  'WORD',
  'DWORD',
  'LWORD',
  'SINT',
  'INT',
  'DINT',
  'LINT',
  'USINT',
  'UINT',
  'UDINT',
  'ULINT',
  'REAL',
  'LREAL',
  'TIME',
  'LTIME',
  'DATE',
  'LDATE',
  'TIME_OF_DAY',
  'LTIME_OF_DAY',
  'DATE_AND_TIME',
  'LDATE_AND_TIME',
  'CHAR',
  'WCHAR',
  'SAFEBOOL',
  'SAFEBYTE',
  'SAFEWORD',
  'SAFEDWORD',
  'SAFEINT',
  'SAFEDINT',
  'SAFETIME',
  'S5TIME',
  'COUNTER',
  'TIMER',
  'VARIANT',
  'ANY',
] as const;

export type ElementaryTypeName = (typeof ELEMENTARY_TYPE_NAMES)[number];

export type Type =
  | ElementaryType
  | StringType
  | SubrangeType
  | EnumType
  | StructType
  | ArrayType
  | PointerType
  | PouType
  | InterfaceType
  | LiteralType
  | NullType
  | VoidType
  | UnknownType;

export interface ElementaryType {
  readonly kind: 'elementary';
  readonly name: ElementaryTypeName;
}

/** `length` in characters; null when declared without one (then the dialect's default applies). */
export interface StringType {
  readonly kind: 'string';
  readonly isWide: boolean;
  readonly length: number | null;
}

export interface SubrangeType {
  readonly kind: 'subrange';
  readonly name: string | null;
  readonly base: ElementaryType;
  readonly lower: bigint;
  readonly upper: bigint;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly base: ElementaryType;
  /** In order of declaration; values made explicit. */
  readonly values: ReadonlyMap<string, bigint>;
  readonly isStrict: boolean;
}

/** Members in order of declaration, inherited ones first. Keys are upper-case names. */
export interface StructType {
  readonly kind: 'struct';
  readonly name: string | null;
  readonly isUnion: boolean;
  readonly members: ReadonlyMap<string, VariableSymbol>;
}

/** A dimension is null where it was written `*` or could not be evaluated. */
export interface ArrayType {
  readonly kind: 'array';
  readonly dimensions: readonly ({ readonly lower: bigint; readonly upper: bigint } | null)[];
  readonly element: Type;
}

/** `reference` dereferences by itself, `pointer` and `ref` need `^`. */
export interface PointerType {
  readonly kind: 'pointer';
  readonly pointerKind: 'pointer' | 'ref' | 'reference';
  readonly target: Type;
}

/** An instance of a function block, class or program; or the POU itself when it is named as a type. */
export interface PouType {
  readonly kind: 'pou';
  readonly pou: PouSymbol;
}

export interface InterfaceType {
  readonly kind: 'interface';
  readonly interface: InterfaceSymbol;
}

/** An untyped number: fits every type of its class in whose range it lies. */
export interface LiteralType {
  readonly kind: 'literal';
  readonly class: 'integer' | 'real';
  /** Known for literals and constant expressions of literals. */
  readonly value: bigint | number | null;
}

export interface NullType {
  readonly kind: 'null';
}

/** What a function without a result gives. */
export interface VoidType {
  readonly kind: 'void';
}

/**
 * The type of what could not be resolved. It fits everything and reports nothing: the cause was reported once.
 * Verifiers must treat it as "may be anything".
 */
export interface UnknownType {
  readonly kind: 'unknown';
}

export const UNKNOWN_TYPE: UnknownType = { kind: 'unknown' };
export const VOID_TYPE: VoidType = { kind: 'void' };
