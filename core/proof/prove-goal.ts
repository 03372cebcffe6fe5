/**
 * Proves that something never happens, with the cheapest method that answers: one scan from any memory; a search for a
 * real counterexample from a cold start; one scan with invariants; k-induction.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { type Claim, impossible } from './claim.js';
import { findInvariants, INVARIANT_SIZES, type Invariants, NO_INVARIANTS } from './invariants.js';
import type { Scan } from './scan-model.js';
import { type ProofContext, type ProofOptions, scanAfter } from './site-proof.js';
import { coldStartWitness, type WitnessScan, witnessScan } from './witness.js';

/** Scans from a cold start that are searched before invariants, and altogether. */
const SHORT_SEARCH = 3;
const LONG_SEARCH = 6;
const INDUCTION_LIMIT = 3;

export interface GoalResult {
  readonly status: 'proved' | 'refuted' | 'unknown';
  readonly method: string;
  /** Why it is unknown. */
  readonly reason: string | null;
  readonly scans: readonly WitnessScan[];
  /** Whether the scans start from a cold start, so that they can be replayed. */
  readonly fromColdStart: boolean;
  /** What a proof rests on; empty unless proved. */
  readonly claims: readonly Claim[];
}

/** What must never hold together, as literals of any scan. */
export type Bad = (scan: Scan) => readonly Literal[];

/**
 * `full` for what decides over a verdict; `limited` tries few invariants and no induction; `brief` stops after one
 * scan: enough where only a guessed role asks.
 */
export type Effort = 'full' | 'limited' | 'brief';

export function proveNever(context: ProofContext, bad: Bad, options: ProofOptions, effort: Effort): GoalResult {
  const { circuit } = context.terms;
  const parts = bad(context.scan);
  const goal = circuit.all(parts);
  const direct = effort === 'full' ? context.ask(goal) : context.askBriefly(goal);
  if (direct.kind === 'unsatisfiable') {
    return proved(`one scan from any memory, ${methodName(direct.method)}`, [
      impossible('no scan from any memory does it', ...parts),
    ]);
  }
  const early = searchColdStart(context, bad, 1, effort === 'brief' ? 1 : SHORT_SEARCH);
  if (early !== null) return early;
  if (direct.kind === 'unknown') return unknown(direct.reason, []);
  if (effort === 'brief') {
    return unknown('one scan can do it from some memory, and the effort was limited', [
      witnessScan(context, direct.assignment, ''),
    ]);
  }
  let invariants = NO_INVARIANTS;
  for (const size of effort === 'full' ? INVARIANT_SIZES : INVARIANT_SIZES.slice(0, 1)) {
    invariants = findInvariants(context, [goal], size);
    if (invariants.holds === TRUE) continue;
    const strengthened = context.ask(circuit.and(invariants.holds, goal));
    if (strengthened.kind === 'unsatisfiable') {
      return proved(`one scan with invariants, ${methodName(strengthened.method)}`, [
        ...invariants.claims,
        impossible('no scan from a memory with the invariants does it', invariants.holds, ...parts),
      ]);
    }
  }
  const induction = effort === 'limited' ? null : proveByInduction(context, bad, invariants, options);
  if (induction !== null) return induction;
  const late = effort === 'limited' ? null : searchColdStart(context, bad, SHORT_SEARCH + 1, LONG_SEARCH);
  if (late !== null) return late;
  const scan = witnessScan(context, direct.assignment, '');
  return unknown(
    `one scan can do it from some memory, but ${LONG_SEARCH} scans from a cold start do not reach that memory, and no invariant excludes it`,
    [scan],
  );
}

export function proved(method: string, claims: readonly Claim[]): GoalResult {
  return { status: 'proved', method, reason: null, scans: [], fromColdStart: false, claims };
}

export function unknown(reason: string, scans: readonly WitnessScan[]): GoalResult {
  return { status: 'unknown', method: 'none', reason, scans, fromColdStart: false, claims: [] };
}

export function methodName(method: 'structure' | 'bdd' | 'sat'): string {
  return method === 'structure' ? 'by structure' : method === 'bdd' ? 'decision diagram' : 'SAT solver';
}

/** A refutation by one of the scans `from` to `to` (inclusive) after a cold start, or null. */
function searchColdStart(context: ProofContext, bad: Bad, from: number, to: number): GoalResult | null {
  for (let number = from; number <= to; number++) {
    const goal = context.terms.circuit.all(bad(context.coldScan(number)));
    const decision = goal === FALSE ? null : context.askBriefly(goal);
    if (decision?.kind !== 'satisfiable') continue;
    return {
      status: 'refuted',
      method: `search of ${number} scan${number === 1 ? '' : 's'} from a cold start, ${methodName(decision.method)}`,
      reason: null,
      scans: coldStartWitness(context, decision.assignment, number),
      fromColdStart: true,
      claims: [],
    };
  }
  return null;
}

function proveByInduction(
  context: ProofContext,
  bad: Bad,
  invariants: Invariants,
  options: ProofOptions,
): GoalResult | null {
  const { circuit } = context.terms;
  const badOf = (scan: Scan): Literal => circuit.all(bad(scan));
  const good: Literal[] = [invariants.holds];
  let scan = context.scan;
  for (let depth = 2; depth <= INDUCTION_LIMIT; depth++) {
    good.push(not(badOf(scan)));
    if (circuit.all(good) === FALSE) return null;
    scan = depth === 2 ? context.secondScan() : scanAfter(scan, options, `@+${depth - 1}`);
    const decision = context.askBriefly(circuit.all([...good, badOf(scan)]));
    if (decision.kind === 'unknown') return null;
    if (decision.kind === 'satisfiable') continue;
    // the base: no counterexample within the first `depth` scans
    const base = searchColdStart(context, bad, SHORT_SEARCH + 1, depth);
    if (base !== null) return base;
    const claims = Array.from({ length: depth }, (_, index) =>
      impossible(`scan ${index + 1} after a cold start does not do it`, ...bad(context.coldScan(index + 1))),
    );
    return proved(`${depth}-induction, ${methodName(decision.method)}`, [
      ...invariants.claims,
      ...claims,
      impossible(`a scan after ${depth - 1} good ones does not do it`, ...good, ...bad(scan)),
    ]);
  }
  return null;
}
