/**
 * Invariants of the memory, found by Houdini (Flanagan and Leino 2001): guess many simple facts that hold after a cold
 * start, and drop those that one scan can break, until the rest hold each other up.
 *
 * Facts: a bit that never changes, implications between two bits, where "the number is k" counts as a bit. They are
 * what one-scan proofs about latches and state machines lack.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { decide } from './decide.js';
import { variablesIn } from './query.js';
import type { Scan } from './scan-model.js';
import { initialState, type ProofContext } from './site-proof.js';
import { isChoice, type Value } from './terms.js';

/** Bits of memory that are related to each other. More would need too many pairs. */
const BIT_LIMIT = 48;
const ROUND_LIMIT = 400;

/** A fact about one value of memory, before the scan, after it, and after a cold start. */
interface Bit {
  readonly before: Literal;
  readonly after: Literal;
  readonly initially: Literal;
}

interface Candidate {
  readonly before: Literal;
  readonly after: Literal;
}

/** State paths on which the literals depend over any number of scans, nearest first. */
export function stateCone(scan: Scan, roots: readonly Literal[]): string[] {
  const { terms } = scan.machine;
  const found = new Set<string>();
  let frontier = roots;
  while (frontier.length > 0) {
    const paths = variablesIn(terms, frontier).filter((path) => !found.has(path) && scan.model.written.has(path) && scan.model.roleOf(path) === 'state');
    for (const path of paths) found.add(path);
    frontier = paths.flatMap((path) => literalsOf(scan.after(path)));
  }
  return [...found];
}

export function literalsOf(value: Value): Literal[] {
  return isChoice(value) ? value.map(({ guard }) => guard) : [value];
}

/** A conjunction of invariants over the memory before the scan, TRUE when none was found. */
export function findInvariants(context: ProofContext, roots: readonly Literal[]): Literal {
  const { terms, scan, options } = context;
  const { circuit } = terms;
  const bits = stateCone(scan, roots).flatMap((path) => bitsOf(context, path)).slice(0, BIT_LIMIT);
  let candidates = candidatesOf(context, bits);
  for (let round = 0; round < ROUND_LIMIT && candidates.length > 0; round++) {
    options.signal?.throwIfAborted();
    const assumed = circuit.all(candidates.map(({ before }) => before));
    const broken = circuit.any(candidates.map(({ after }) => not(after)));
    const goal = circuit.and(assumed, broken);
    const axioms = terms.axiomsFor(circuit.support([goal]));
    // diagrams of so many facts at once are large: the SAT solver decides
    const decision = decide(circuit, circuit.and(circuit.all(axioms), goal), { ...options, nodeLimit: 2 });
    if (decision.kind === 'unsatisfiable') return assumed;
    if (decision.kind === 'unknown') return TRUE;
    const kept = candidates.filter(({ after }) => circuit.evaluate(after, decision.assignment));
    if (kept.length === candidates.length) return TRUE;
    candidates = kept;
  }
  return TRUE;
}

function bitsOf(context: ProofContext, path: string): Bit[] {
  const { terms, scan, model } = context;
  const before = scan.before(path);
  const after = scan.after(path);
  const initially = initialState(model, terms, path, model.cells.get(path) ?? null);
  if (!isChoice(before)) return [{ before, after: terms.asLiteral(after), initially: terms.asLiteral(initially) }];
  if (!isChoice(after) || !isChoice(initially)) return [];
  const constants = new Set([...after, ...initially].flatMap(({ term }) => (terms.constantOf(term) === null ? [] : [term])));
  return [...constants].slice(0, 12).map((constant) => ({
    before: terms.equal(before, terms.single(constant), 'integer'),
    after: terms.equal(after, terms.single(constant), 'integer'),
    initially: terms.equal(initially, terms.single(constant), 'integer'),
  }));
}

function candidatesOf(context: ProofContext, bits: readonly Bit[]): Candidate[] {
  const { circuit } = context.terms;
  const signed = bits.flatMap((bit): Bit[] => [bit, { before: not(bit.before), after: not(bit.after), initially: not(bit.initially) }]);
  const candidates: Candidate[] = [];
  const add = (before: Literal, after: Literal, initially: Literal): void => {
    if (initially === TRUE && before !== TRUE) candidates.push({ before, after });
  };
  for (const bit of signed) add(bit.before, bit.after, bit.initially);
  for (let first = 0; first < signed.length; first++) {
    for (let second = first + 1; second < signed.length; second++) {
      const a = signed[first];
      const b = signed[second];
      if (a === undefined || b === undefined || first >> 1 === second >> 1) continue;
      add(circuit.or(a.before, b.before), circuit.or(a.after, b.after), circuit.or(a.initially, b.initially));
    }
  }
  return candidates.filter(({ after }) => after !== FALSE);
}
