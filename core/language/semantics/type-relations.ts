/** Equality of types, implicit conversion and the common type of two operands. IEC 61131-3 ed. 3, 6.4.5 and figure 11. */

import type { DialectRules } from './dialect-rules.js';
import {
  DINT_TYPE,
  elementary,
  INT_TYPE,
  integerRangeOf,
  isSafeType,
  isUnknown,
  plainTypeOf,
  safeTypeOf,
  traitsOf,
  valueTypeOf,
} from './elementary-types.js';
import type { InterfaceSymbol, PouSymbol } from './symbols.js';
import type { ElementaryType, StringType, Type } from './types.js';

/** How a value of one type gets into a place of another. Everything after `widening` deserves a word. */
export type Conversion =
  | 'same'
  | 'widening'
  | 'narrowing'
  | 'sign-change'
  | 'real-to-integer'
  | 'literal-range'
  | 'subrange'
  | 'string-truncation'
  | 'string-width'
  | 'integer-to-enum'
  | 'enum-mismatch'
  | 'unsafe-to-safe'
  | 'incompatible';

/** Structural types by structure, named ones by identity. */
export function sameType(left: Type, right: Type): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind) return false;
  switch (left.kind) {
    case 'elementary':
      return right.kind === 'elementary' && left.name === right.name;
    case 'string':
      return right.kind === 'string' && left.isWide === right.isWide && left.length === right.length;
    case 'subrange':
      return (
        right.kind === 'subrange' &&
        left.base.name === right.base.name &&
        left.lower === right.lower &&
        left.upper === right.upper
      );
    case 'array':
      return (
        right.kind === 'array' &&
        left.dimensions.length === right.dimensions.length &&
        left.dimensions.every((dimension, index) => sameDimension(dimension, right.dimensions[index] ?? null)) &&
        sameType(left.element, right.element)
      );
    case 'pointer':
      return right.kind === 'pointer' && left.pointerKind === right.pointerKind && sameType(left.target, right.target);
    case 'pou':
      return right.kind === 'pou' && left.pou === right.pou;
    case 'interface':
      return right.kind === 'interface' && left.interface === right.interface;
    case 'null':
    case 'void':
    case 'unknown':
      return true;
    default:
      return false;
  }
}

type Dimension = { readonly lower: bigint; readonly upper: bigint } | null;

/** `*` fits any bounds. */
function sameDimension(left: Dimension, right: Dimension): boolean {
  return left === null || right === null || (left.lower === right.lower && left.upper === right.upper);
}

/** What happens to a value of type `source` in a place of type `target`. */
export function conversionTo(target: Type, source: Type, rules: DialectRules): Conversion {
  const to = valueTypeOf(target);
  const from = valueTypeOf(source);
  if (isUnknown(to) || isUnknown(from)) return 'same';
  if (from.kind === 'void') return 'incompatible';
  if (sameType(to, from)) return 'same';
  switch (to.kind) {
    case 'elementary':
      return conversionToElementary(to, from, rules);
    case 'subrange':
      return conversionToSubrange(to, from, rules);
    case 'string':
      return conversionToString(to, from, rules);
    case 'enum':
      if (from.kind === 'enum') return 'enum-mismatch';
      return isIntegerLike(from) ? 'integer-to-enum' : 'incompatible';
    case 'pointer':
      return conversionToPointer(to, from, rules);
    case 'interface':
      if (from.kind === 'null') return 'same';
      if (from.kind === 'literal') return from.value === 0n ? 'same' : 'incompatible';
      if (from.kind === 'interface') return 'widening';
      return from.kind === 'pou' && implementsInterface(from.pou, to.interface) ? 'widening' : 'incompatible';
    case 'pou':
      return from.kind === 'pou' && derivesFrom(from.pou, to.pou) ? 'widening' : 'incompatible';
    case 'array':
      return from.kind === 'array' &&
        from.dimensions.length === to.dimensions.length &&
        from.dimensions.every((dimension, index) => sameDimension(to.dimensions[index] ?? null, dimension)) &&
        (isUnknown(to.element) || isUnknown(from.element) || sameType(to.element, from.element))
        ? 'same'
        : 'incompatible';
    default:
      return 'incompatible';
  }
}

function conversionToSubrange(to: Extract<Type, { kind: 'subrange' }>, from: Type, rules: DialectRules): Conversion {
  if (from.kind === 'literal' && typeof from.value === 'bigint')
    return from.value >= to.lower && from.value <= to.upper ? 'same' : 'subrange';
  return conversionTo(to.base, from.kind === 'subrange' ? from.base : from, rules);
}

function conversionToString(to: StringType, from: Type, rules: DialectRules): Conversion {
  if (from.kind === 'elementary' && (from.name === 'CHAR' || from.name === 'WCHAR'))
    return (from.name === 'WCHAR') === to.isWide ? 'widening' : 'string-width';
  if (from.kind !== 'string') return 'incompatible';
  if (from.isWide !== to.isWide) return 'string-width';
  if (from.length === null) return 'same';
  return from.length > (to.length ?? rules.defaultStringLength) ? 'string-truncation' : 'same';
}

function conversionToPointer(to: Extract<Type, { kind: 'pointer' }>, from: Type, rules: DialectRules): Conversion {
  if (from.kind === 'null') return 'same';
  if (from.kind === 'literal' && from.value === 0n) return 'same';
  if (from.kind === 'pointer') {
    if (isUnknown(from.target) || isUnknown(to.target) || sameType(from.target, to.target)) return 'same';
    if (to.target.kind === 'pou' && from.target.kind === 'pou' && derivesFrom(from.target.pou, to.target.pou))
      return 'widening';
    return rules.pointersAreNumbers ? 'widening' : 'incompatible';
  }
  return rules.pointersAreNumbers && isIntegerLike(from) ? 'widening' : 'incompatible';
}

function conversionToElementary(to: ElementaryType, from: Type, rules: DialectRules): Conversion {
  if (from.kind === 'literal') return conversionOfLiteral(to, from, rules);
  if (from.kind === 'subrange') return conversionOfRange(to, from, rules);
  if (from.kind === 'enum') return conversionOfEnum(to, from.base, rules);
  if (from.kind === 'pointer')
    return rules.pointersAreNumbers && from.pointerKind === 'pointer' && isIntegerLike(to)
      ? 'widening'
      : 'incompatible';
  if (from.kind === 'string')
    return (to.name === 'CHAR' || to.name === 'WCHAR') && from.length === 1 && from.isWide === (to.name === 'WCHAR')
      ? 'widening'
      : 'incompatible';
  if (from.kind !== 'elementary') return 'incompatible';
  if (isSafeType(to) && !isSafeType(from)) {
    const plain = conversionToElementary(plainTypeOf(to), from, rules);
    return plain === 'same' || plain === 'widening' ? 'unsafe-to-safe' : plain;
  }
  return conversionOfElementary(plainTypeOf(to), plainTypeOf(from), rules);
}

function conversionOfEnum(to: ElementaryType, base: ElementaryType, rules: DialectRules): Conversion {
  if (!isIntegerLike(to)) return 'incompatible';
  if (!rules.enumsAreIntegers) return 'incompatible';
  const conversion = to.name === base.name ? 'same' : conversionOfElementary(to, base, rules);
  return conversion === 'narrowing' || conversion === 'sign-change' ? 'widening' : conversion;
}

/** A subrange converts by its bounds: `UINT (0..100)` fits into USINT. */
function conversionOfRange(
  to: ElementaryType,
  from: Extract<Type, { kind: 'subrange' }>,
  rules: DialectRules,
): Conversion {
  const range = integerRangeOf(to);
  const { family } = traitsOf(to);
  if (range !== null && (family === 'signed' || family === 'unsigned'))
    if (from.lower >= range.lower && from.upper <= range.upper) return 'widening';
  return to.name === from.base.name ? 'same' : conversionOfElementary(to, from.base, rules);
}

function conversionOfLiteral(
  to: ElementaryType,
  literal: Extract<Type, { kind: 'literal' }>,
  rules: DialectRules,
): Conversion {
  const { family } = traitsOf(to);
  if (literal.class === 'real') {
    if (family === 'real') return 'same';
    return isIntegerLike(to) ? 'real-to-integer' : 'incompatible';
  }
  if (family === 'real') return 'widening';
  const range = integerRangeOf(to);
  if (range === null) return 'incompatible';
  if (family === 'boolean' && !rules.numbersAreConditions)
    return literal.value === 0n || literal.value === 1n ? 'same' : 'incompatible';
  if (typeof literal.value !== 'bigint') return 'same';
  return literal.value >= range.lower && literal.value <= range.upper ? 'same' : 'literal-range';
}

function conversionOfElementary(to: ElementaryType, from: ElementaryType, rules: DialectRules): Conversion {
  if (to.name === from.name) return 'same';
  const a = traitsOf(to);
  const b = traitsOf(from);
  if (a.family === b.family) {
    if (a.family === 'boolean') return 'same';
    if (a.family === 'opaque') return 'incompatible';
    if (a.family === 'duration' && (to.name === 'S5TIME' || from.name === 'S5TIME')) return 'incompatible';
    return a.bits >= b.bits ? 'widening' : 'narrowing';
  }
  if (a.family === 'real' && isIntegerFamily(b.family)) return b.bits < 64 || a.bits === 64 ? 'widening' : 'narrowing';
  if (a.family === 'real' && b.family === 'bits') return rules.bitsAreNumbers ? 'widening' : 'incompatible';
  if (isIntegerFamily(a.family) && b.family === 'real') return 'real-to-integer';
  if (isIntegerFamily(a.family) && isIntegerFamily(b.family)) {
    if (a.family === 'signed' && a.bits > b.bits) return 'widening';
    return a.bits < b.bits ? 'narrowing' : 'sign-change';
  }
  if (a.family === 'bits' && b.family === 'boolean') return 'widening';
  if (rules.numbersAreConditions && a.family === 'boolean') return 'widening';
  if (rules.numbersAreConditions && b.family === 'boolean') return 'widening';
  if (rules.bitsAreNumbers) return conversionOfBits(a, b);
  return 'incompatible';
}

function conversionOfBits(
  to: { readonly family: string; readonly bits: number },
  from: { readonly family: string; readonly bits: number },
): Conversion {
  if (to.family === 'boolean' || from.family === 'boolean') return 'incompatible';
  const isNumber = (family: string) => family === 'bits' || family === 'signed' || family === 'unsigned';
  if (isNumber(to.family) && isNumber(from.family)) return to.bits >= from.bits ? 'widening' : 'narrowing';
  const isTimeLike = (family: string) =>
    family === 'duration' || family === 'date' || family === 'time-of-day' || family === 'date-and-time';
  if (to.family === 'bits' && from.family === 'real') return 'real-to-integer';
  if (isNumber(to.family) && to.bits >= from.bits && isTimeLike(from.family)) return 'widening';
  if (isNumber(from.family) && to.bits >= from.bits && isTimeLike(to.family)) return 'widening';
  if (to.family === 'character' || from.family === 'character')
    return isNumber(to.family) || isNumber(from.family) ? 'widening' : 'incompatible';
  return 'incompatible';
}

function isIntegerFamily(family: string): boolean {
  return family === 'signed' || family === 'unsigned';
}

/** Integers, bit strings, enums and integer literals. */
export function isIntegerLike(type: Type): boolean {
  if (type.kind === 'literal') return type.class === 'integer';
  if (type.kind === 'subrange' || type.kind === 'enum') return true;
  if (type.kind !== 'elementary') return false;
  const { family } = traitsOf(type);
  return family === 'signed' || family === 'unsigned' || family === 'bits';
}

/** The elementary type in which two numbers, times or bit strings compute together, or null when they don't mix. */
export function commonElementary(
  left: ElementaryType,
  right: ElementaryType,
  rules: DialectRules,
): ElementaryType | null {
  if (left.name === right.name) return left;
  if (isSafeType(left) || isSafeType(right)) {
    const plain = commonElementary(plainTypeOf(left), plainTypeOf(right), rules);
    return plain !== null && isSafeType(left) && isSafeType(right) ? safeTypeOf(plain) : plain;
  }
  const forward = conversionOfElementary(left, right, rules);
  if (forward === 'same' || forward === 'widening') return left;
  const backward = conversionOfElementary(right, left, rules);
  if (backward === 'same' || backward === 'widening') return right;
  const a = traitsOf(left);
  const b = traitsOf(right);
  if (isNumberFamily(a.family) && isNumberFamily(b.family)) return signedWith(Math.max(a.bits, b.bits) * 2);
  if (a.family === 'real' && isNumberFamily(b.family)) return left;
  if (b.family === 'real' && isNumberFamily(a.family)) return right;
  return null;
}

function isNumberFamily(family: string): boolean {
  return family === 'signed' || family === 'unsigned';
}

function signedWith(bits: number): ElementaryType {
  return elementary(bits <= 16 ? 'INT' : bits <= 32 ? 'DINT' : 'LINT');
}

/** The type that a literal takes beside nothing else: INT, or the next wider that holds it; LREAL's own is REAL. */
export function defaultTypeOfLiteral(literal: Extract<Type, { kind: 'literal' }>): ElementaryType {
  if (literal.class === 'real') return elementary('REAL');
  if (typeof literal.value !== 'bigint') return INT_TYPE;
  for (const type of [INT_TYPE, DINT_TYPE, elementary('LINT'), elementary('ULINT')]) {
    const range = integerRangeOf(type);
    if (range !== null && literal.value >= range.lower && literal.value <= range.upper) return type;
  }
  return elementary('LINT');
}

/** The type of an operand `literal` beside a typed one; wider than the typed one when it does not fit into that. */
export function literalBeside(
  literal: Extract<Type, { kind: 'literal' }>,
  type: ElementaryType,
  rules: DialectRules,
): ElementaryType | null {
  const conversion = conversionOfLiteral(type, literal, rules);
  if (conversion === 'same' || conversion === 'widening') return type;
  if (conversion === 'real-to-integer') return elementary('REAL');
  if (conversion === 'literal-range') return commonElementary(type, defaultTypeOfLiteral(literal), rules);
  return null;
}

/** True when `pou` is `base` or derives from it. */
export function derivesFrom(pou: PouSymbol, base: PouSymbol): boolean {
  for (let current: PouSymbol | null = pou, steps = 0; current !== null && steps < 64; current = current.base, steps++)
    if (current === base) return true;
  return false;
}

/** True when `pou` or a base of it implements `target` or an interface that extends it. */
export function implementsInterface(pou: PouSymbol, target: InterfaceSymbol): boolean {
  for (let current: PouSymbol | null = pou, steps = 0; current !== null && steps < 64; current = current.base, steps++)
    if (current.interfaces.some((one) => extendsInterface(one, target, 0))) return true;
  return false;
}

function extendsInterface(one: InterfaceSymbol, target: InterfaceSymbol, depth: number): boolean {
  return one === target || (depth < 64 && one.bases.some((base) => extendsInterface(base, target, depth + 1)));
}
