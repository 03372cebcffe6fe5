/** What holds between comparisons in every interpretation: the order of numbers, and of reals and their shifts. */

import type { Circuit, Literal } from './circuit.js';
import { not } from './circuit.js';
import { compareConstants, type TermConstant, type TermId, type TermStore } from './terms.js';

/** Of these two literals one holds. */
export type OrderClause = readonly [Literal, Literal];

interface Bound {
  readonly position: TermConstant;
  readonly orEqual: boolean;
  readonly literal: Literal;
}

/** A real as another one plus a constant: rounding keeps the order, so `x - 2.0 <= x` also where the sum is not exact. */
export interface ShiftedReal {
  readonly base: TermId;
  readonly shift: number;
}

/** Comparisons of two numbers that are looked at in pairs. */
const SHIFTED_LIMIT = 64;

/** The shift of a term by one addition; the term itself with shift 0 otherwise. */
export function shiftOf(terms: TermStore, id: TermId): ShiftedReal {
  const term = terms.term(id);
  if (term.kind !== 'apply' || !/^[+-]:L?REAL$/.test(term.operator)) return { base: id, shift: 0 };
  const [first = id, second = id] = term.operands;
  const [a, b] = [terms.constantOf(first), terms.constantOf(second)];
  if (typeof b === 'number' && a === null) return { base: first, shift: term.operator.startsWith('-') ? -b : b };
  if (typeof a === 'number' && b === null && term.operator.startsWith('+')) return { base: second, shift: a };
  return { base: id, shift: 0 };
}

/** Clauses between the comparisons among these input nodes. */
export function orderClauses(terms: TermStore, nodes: readonly number[]): OrderClause[] {
  const bounds = new Map<TermId, Bound[]>();
  const pairs = new Map<string, number>();
  const clauses: OrderClause[] = [];
  const shifted: number[] = [];
  for (const node of nodes) {
    const meaning = terms.meaningOf(node);
    if (meaning?.kind !== 'less') continue;
    const { left, right, orEqual } = meaning;
    shifted.push(node);
    const constant = terms.constantOf(right);
    if (constant !== null) {
      bounds.set(left, [...(bounds.get(left) ?? []), { position: constant, orEqual, literal: node * 2 }]);
      continue;
    }
    const opposite = pairs.get(`${right}<${left}`);
    if (opposite !== undefined && !orEqual) clauses.push([not(opposite * 2), not(node * 2)]);
    if (!orEqual) pairs.set(`${left}<${right}`, node);
  }
  for (const list of bounds.values()) {
    list.sort((a, b) => compareConstants(a.position, b.position) || Number(a.orEqual) - Number(b.orEqual));
    for (const [index, bound] of list.entries()) {
      const next = list[index + 1];
      if (next !== undefined) clauses.push([not(bound.literal), next.literal]);
    }
  }
  return [...clauses, ...shiftClauses(terms, shifted)];
}

interface ShiftedComparison {
  readonly literal: Literal;
  readonly left: ShiftedReal;
  readonly right: ShiftedReal | number;
  readonly orEqual: boolean;
}

/** `a < x - 2.0` implies `a < x`; `x < 5.0` implies `x - 2.0 < 5.0`. */
function shiftClauses(terms: TermStore, nodes: readonly number[]): OrderClause[] {
  const groups = new Map<string, ShiftedComparison[]>();
  let hasShift = false;
  for (const node of nodes) {
    const meaning = terms.meaningOf(node);
    if (meaning?.kind !== 'less') continue;
    const left = shiftOf(terms, meaning.left);
    const constant = terms.constantOf(meaning.right);
    if (constant !== null && typeof constant !== 'number') continue;
    const right = constant ?? shiftOf(terms, meaning.right);
    hasShift ||= left.shift !== 0 || (typeof right !== 'number' && right.shift !== 0);
    const key = `${left.base} ${typeof right === 'number' ? '' : right.base}`;
    groups.set(key, [...(groups.get(key) ?? []), { literal: node * 2, left, right, orEqual: meaning.orEqual }]);
  }
  if (!hasShift) return [];
  return [...groups.values()].flatMap((group) => {
    const some = group.slice(0, SHIFTED_LIMIT);
    return some.flatMap((one) =>
      some.flatMap((other): OrderClause[] =>
        one !== other && impliesShifted(one, other) ? [[not(one.literal), other.literal]] : [],
      ),
    );
  });
}

/** Both compare the same two numbers, up to shifts: the left one shifted further down, the right one further up. */
function impliesShifted(one: ShiftedComparison, other: ShiftedComparison): boolean {
  // of unshifted numbers the other clauses speak
  if (one.left.shift === other.left.shift && typeof one.right === 'number') return false;
  const rightOf = ({ right }: ShiftedComparison): number => (typeof right === 'number' ? right : right.shift);
  if (other.left.shift > one.left.shift || rightOf(one) > rightOf(other)) return false;
  return other.orEqual || !one.orEqual || (typeof one.right === 'number' && rightOf(one) < rightOf(other));
}

/** The same as literals of the circuit. */
export function axiomsFor(terms: TermStore, nodes: readonly number[]): Literal[] {
  const { circuit }: { readonly circuit: Circuit } = terms;
  return orderClauses(terms, nodes).map(([a, b]) => circuit.or(a, b));
}
