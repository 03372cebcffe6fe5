/** What holds between comparisons in every interpretation: the order of numbers. */

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

/** Clauses between the comparisons among these input nodes. */
export function orderClauses(terms: TermStore, nodes: readonly number[]): OrderClause[] {
  const bounds = new Map<TermId, Bound[]>();
  const pairs = new Map<string, number>();
  const clauses: OrderClause[] = [];
  for (const node of nodes) {
    const meaning = terms.meaningOf(node);
    if (meaning?.kind !== 'less') continue;
    const { left, right, orEqual } = meaning;
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
  return clauses;
}

/** The same as literals of the circuit. */
export function axiomsFor(terms: TermStore, nodes: readonly number[]): Literal[] {
  const { circuit }: { readonly circuit: Circuit } = terms;
  return orderClauses(terms, nodes).map(([a, b]) => circuit.or(a, b));
}
