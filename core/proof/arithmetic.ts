/** Arithmetic on terms: folds constants that stay in range, and brings the rest into a normal form. */

import type { Type } from '../language/semantics/types.js';
import type { TermConstant, TermId, TermStore } from './terms.js';
import { isRealType, rangeOfType, typeKey } from './value-types.js';

const COMMUTATIVE: ReadonlySet<string> = new Set(['+', '*', 'AND', 'OR', 'XOR']);

/** `left operator right`, computed in `type`. */
export function arithmetic(terms: TermStore, operator: string, left: TermId, right: TermId, type: Type): TermId {
  const a = terms.constantOf(left);
  const b = terms.constantOf(right);
  if (a !== null && b !== null) {
    const folded = fold(operator, a, b, type);
    if (folded !== null) return terms.constant(folded);
  }
  if (b !== null && isNeutral(operator, b)) return left;
  if (a !== null && COMMUTATIVE.has(operator) && isNeutral(operator, a)) return right;
  // x - k is x + (-k): counters that step down and up share one form
  if (operator === '-' && typeof b === 'bigint') return arithmetic(terms, '+', left, terms.constant(-b), type);
  const key = `${operator}:${typeKey(type)}`;
  if (!COMMUTATIVE.has(operator)) return terms.apply(key, [left, right]);
  if (isRealType(type))
    return terms.apply(
      key,
      [left, right].sort((x, y) => x - y),
    );
  return associative(terms, operator, key, [left, right], type);
}

/** Integer sums and products do not depend on order or brackets, not even when they wrap around. */
function associative(terms: TermStore, operator: string, key: string, operands: readonly TermId[], type: Type): TermId {
  const flat = operands.flatMap((operand) => {
    const term = terms.term(operand);
    return term.kind === 'apply' && term.operator === key ? term.operands : [operand];
  });
  let constant: TermConstant | null = null;
  const others: TermId[] = [];
  for (const operand of flat) {
    const value = terms.constantOf(operand);
    if (value === null) others.push(operand);
    else {
      const folded: TermConstant | null = constant === null ? value : fold(operator, constant, value, type);
      if (folded === null)
        return terms.apply(
          key,
          [...flat].sort((x, y) => x - y),
        );
      constant = folded;
    }
  }
  others.sort((x, y) => x - y);
  const [only] = others;
  if (constant === null || isNeutral(operator, constant)) {
    return others.length === 1 && only !== undefined ? only : terms.apply(key, others);
  }
  return terms.apply(key, [...others, terms.constant(constant)]);
}

function isNeutral(operator: string, value: TermConstant): boolean {
  switch (operator) {
    case '+':
    case '-':
    case 'OR':
    case 'XOR':
      return value === 0n;
    case '*':
    case '/':
      return value === 1n;
    default:
      return false;
  }
}

/** Null when the result is not exact or does not fit: the operation then stays abstract. */
function fold(operator: string, a: TermConstant, b: TermConstant, type: Type): TermConstant | null {
  if (typeof a === 'bigint' && typeof b === 'bigint' && !isRealType(type)) {
    const result = foldIntegers(operator, a, b);
    const range = rangeOfType(type);
    return result === null || (range !== null && (result < range.lower || result > range.upper)) ? null : result;
  }
  if (typeof a === 'string' || typeof b === 'string') return null;
  const single = type.kind === 'elementary' && type.name === 'REAL';
  const result = foldReals(operator, Number(a), Number(b));
  if (result === null || !Number.isFinite(result)) return null;
  return single ? Math.fround(result) : result;
}

function foldIntegers(operator: string, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case 'MOD':
      return b === 0n ? null : a % b;
    case 'AND':
      return a & b;
    case 'OR':
      return a | b;
    case 'XOR':
      return a ^ b;
    default:
      return null;
  }
}

function foldReals(operator: string, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? null : a / b;
    default:
      return null;
  }
}

/** `term` converted to a type: exact for constants that fit, identity for integers that fit, else abstract. */
export function convert(terms: TermStore, term: TermId, type: Type): TermId {
  const value = terms.constantOf(term);
  if (isRealType(type)) {
    if (typeof value === 'bigint') return terms.constant(Number(value));
    if (value !== null) return term;
    return isRealTerm(terms, term) ? term : terms.apply('REAL', [term]);
  }
  const range = rangeOfType(type);
  if (range === null) return term;
  if (typeof value === 'bigint')
    return value >= range.lower && value <= range.upper ? term : terms.apply(`TO:${typeKey(type)}`, [term]);
  if (typeof value === 'number') return terms.apply(`TO:${typeKey(type)}`, [term]);
  const known = terms.rangeOf(term);
  if (known === null || (known.lower >= range.lower && known.upper <= range.upper)) return term;
  return terms.apply(`TO:${typeKey(type)}`, [term]);
}

function isRealTerm(terms: TermStore, term: TermId): boolean {
  const content = terms.term(term);
  if (content.kind !== 'apply') return content.kind === 'symbol' && content.range === null;
  return content.operator === 'REAL' || content.operator.endsWith(':REAL') || content.operator.endsWith(':LREAL');
}
