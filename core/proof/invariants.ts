/**
 * Invariants of the memory, found by Houdini (Flanagan and Leino 2001): guess many simple facts that hold after a cold
 * start, and drop those that one scan can break, until the rest hold each other up.
 *
 * Facts: a bit that never changes, implications between two bits, where "the number is k" counts as a bit, and that a
 * number is one of those that the program gives it. They are what one-scan proofs about latches and state machines lack.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { type Claim, impossible } from './claim.js';
import { decide } from './decide.js';
import { axiomsFor } from './order-axioms.js';
import { variablesIn } from './query.js';
import { scramble } from './random-words.js';
import type { Scan } from './scan-model.js';
import { initialState, type ProofContext } from './site-proof.js';
import { isChoice, type Value } from './terms.js';

/**
 * Bits of memory that are related to each other, nearest to the goal first. Few suffice most of the time; more cost
 * their square.
 */
export const INVARIANT_SIZES = [10, 24] as const;
export type InvariantSize = (typeof INVARIANT_SIZES)[number];
const ROUND_LIMIT = 150;
const CONFLICT_LIMIT = 5_000;
const RANDOM_SCANS = 5;
const RANDOM_ROUNDS = 4;
const INPUT_ROUNDS = 4;

/** A fact about one value of memory, before the scan, after it, and after a cold start. */
interface Bit {
  readonly before: Literal;
  readonly after: Literal;
  readonly initially: Literal;
  /** The same after another scan. */
  readonly at: (scan: Scan) => Literal;
}

interface Candidate {
  readonly before: Literal;
  readonly after: Literal;
  readonly initially: Literal;
  readonly at: (scan: Scan) => Literal;
}

/** State paths on which the literals depend over any number of scans, nearest first. */
export function stateCone(scan: Scan, roots: readonly Literal[]): string[] {
  const { terms } = scan.machine;
  const found = new Set<string>();
  let frontier = roots;
  while (frontier.length > 0) {
    const paths = variablesIn(terms, frontier).filter(
      (path) => !found.has(path) && scan.model.written.has(path) && scan.model.roleOf(path) === 'state',
    );
    for (const path of paths) found.add(path);
    frontier = paths.flatMap((path) => literalsOf(scan.after(path)));
  }
  return [...found];
}

export function literalsOf(value: Value): Literal[] {
  return isChoice(value) ? value.map(({ guard }) => guard) : [value];
}

/** Facts that hold of the memory before every scan, and why. */
export interface Invariants {
  /** A conjunction over the memory before the scan; TRUE when nothing was found. */
  readonly holds: Literal;
  /** They hold after a cold start, and one scan keeps them. */
  readonly claims: readonly Claim[];
}

export const NO_INVARIANTS: Invariants = { holds: TRUE, claims: [] };

/** Invariants by context and the memory they speak of: the obligations of one hazard ask for the same. */
const FOUND = new WeakMap<ProofContext, Map<string, Invariants>>();

/** Invariants of the memory on which these literals depend. */
export function findInvariants(context: ProofContext, roots: readonly Literal[], size: InvariantSize): Invariants {
  const paths = stateCone(context.scan, roots).slice(0, size);
  const key = `${size} ${[...paths].sort().join(' ')}`;
  const found = FOUND.get(context) ?? new Map<string, Invariants>();
  FOUND.set(context, found);
  const known = found.get(key);
  if (known !== undefined) return known;
  const invariants = houdini(context, paths, size);
  found.set(key, invariants);
  return invariants;
}

function houdini(context: ProofContext, paths: readonly string[], size: InvariantSize): Invariants {
  const { terms, options } = context;
  const { circuit } = terms;
  const bitsByPath = paths.map((path) => bitsOf(context, path));
  const bits = bitsByPath.flat().slice(0, 2 * size);
  const ranges = bitsByPath.flatMap((values) => rangeOf(context, values));
  let candidates = plausible(context, [...candidatesOf(context, bits), ...ranges]);
  for (let round = 0; round < ROUND_LIMIT && candidates.length > 0; round++) {
    options.signal?.throwIfAborted();
    const assumed = circuit.all(candidates.map(({ before }) => before));
    const broken = circuit.any(candidates.map(({ after }) => not(after)));
    const goal = circuit.and(assumed, broken);
    const axioms = axiomsFor(terms, circuit.support([goal]));
    // diagrams of so many facts at once are large: the SAT solver decides
    const decision = decide(circuit, circuit.and(circuit.all(axioms), goal), {
      ...options,
      nodeLimit: 2,
      conflictLimit: CONFLICT_LIMIT,
    });
    if (decision.kind === 'unsatisfiable') {
      const initially = circuit.any(candidates.map((each) => not(each.initially)));
      return {
        holds: assumed,
        claims: [
          impossible('the invariants hold after a cold start', initially),
          impossible('one scan keeps the invariants', assumed, broken),
        ],
      };
    }
    if (decision.kind === 'unknown') return NO_INVARIANTS;
    const kept = survivorsOf(context, candidates, assumed, decision.assignment);
    if (kept.length === candidates.length) return NO_INVARIANTS;
    candidates = kept;
  }
  return NO_INVARIANTS;
}

/**
 * Candidates that the memory of a counterexample leaves standing, whatever the inputs. The facts assumed speak of
 * memory only, so other inputs make further counterexamples of the same memory.
 */
function survivorsOf(
  context: ProofContext,
  candidates: readonly Candidate[],
  assumed: Literal,
  assignment: ReadonlyMap<number, boolean>,
): Candidate[] {
  const { circuit } = context.terms;
  const memory = new Set(circuit.support([assumed]));
  const wordOf = (node: number): number => (assignment.get(node) === true ? -1 : 0);
  let kept = [...candidates];
  for (let seed = 0; seed < INPUT_ROUNDS; seed++) {
    const values = circuit.evaluateAll(
      kept.map(({ after }) => after),
      // the first interpretation is the counterexample itself
      (node) =>
        memory.has(node)
          ? wordOf(node)
          : seed === 0
            ? (wordOf(node) & 1) | (scramble(node) & ~1)
            : scramble(Math.imul(node, 31) + seed),
    );
    kept = kept.filter((_, index) => values[index] === -1);
  }
  return kept;
}

/** Leaves out what random inputs break within a few scans of a cold start; the exact search then has few rounds left. */
function plausible(context: ProofContext, candidates: readonly Candidate[]): Candidate[] {
  const { circuit } = context.terms;
  let kept = [...candidates];
  for (let number = 1; number <= RANDOM_SCANS && kept.length > 0; number++) {
    const scan = context.coldScan(number);
    for (let seed = 1; seed <= RANDOM_ROUNDS && kept.length > 0; seed++) {
      const inputWord = (node: number): number => scramble(Math.imul(node, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b));
      const words = circuit.evaluateAll(
        kept.map(({ at }) => at(scan)),
        inputWord,
      );
      kept = kept.filter((_, index) => words[index] === -1);
    }
  }
  return kept;
}

function bitsOf(context: ProofContext, path: string): Bit[] {
  const { terms, scan, model } = context;
  const before = scan.before(path);
  const after = scan.after(path);
  const initially = initialState(model, terms, path, model.cells.get(path) ?? null);
  if (!isChoice(before)) {
    const at = (other: Scan): Literal => terms.asLiteral(other.after(path));
    return [{ before, after: terms.asLiteral(after), initially: terms.asLiteral(initially), at }];
  }
  if (!isChoice(after) || !isChoice(initially)) return [];
  const constants = new Set(
    [...after, ...initially].flatMap(({ term }) => (terms.constantOf(term) === null ? [] : [term])),
  );
  return [...constants].slice(0, 12).map((constant) => ({
    before: terms.equal(before, terms.single(constant), 'integer'),
    after: terms.equal(after, terms.single(constant), 'integer'),
    initially: terms.equal(initially, terms.single(constant), 'integer'),
    at: (other) => terms.equal(other.after(path), terms.single(constant), 'integer'),
  }));
}

/** "The number is one of those that the program gives it": what an ELSE that no state reaches depends on. */
function rangeOf({ terms: { circuit } }: ProofContext, values: readonly Bit[]): Candidate[] {
  if (values.length < 2 || circuit.any(values.map(({ initially }) => initially)) !== TRUE) return [];
  return [
    {
      before: circuit.any(values.map(({ before }) => before)),
      after: circuit.any(values.map(({ after }) => after)),
      initially: TRUE,
      at: (scan) => circuit.any(values.map(({ at }) => at(scan))),
    },
  ];
}

function candidatesOf(context: ProofContext, bits: readonly Bit[]): Candidate[] {
  const { circuit } = context.terms;
  const signed = bits.flatMap((bit): Bit[] => [
    bit,
    { before: not(bit.before), after: not(bit.after), initially: not(bit.initially), at: (scan) => not(bit.at(scan)) },
  ]);
  const candidates: Candidate[] = [];
  const add = (before: Literal, after: Literal, initially: Literal, at: Candidate['at']): void => {
    if (initially === TRUE && before !== TRUE) candidates.push({ before, after, initially, at });
  };
  for (const bit of signed) add(bit.before, bit.after, bit.initially, bit.at);
  for (let first = 0; first < signed.length; first++) {
    for (let second = first + 1; second < signed.length; second++) {
      const a = signed[first];
      const b = signed[second];
      if (a === undefined || b === undefined || first >> 1 === second >> 1) continue;
      add(circuit.or(a.before, b.before), circuit.or(a.after, b.after), circuit.or(a.initially, b.initially), (scan) =>
        circuit.or(a.at(scan), b.at(scan)),
      );
    }
  }
  return candidates.filter(({ after }) => after !== FALSE);
}
