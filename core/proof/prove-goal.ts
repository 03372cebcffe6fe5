/**
 * Proves that something never happens, with the cheapest method that answers: one scan from any memory; a search for a
 * real counterexample from a cold start; one scan with invariants; k-induction.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { findInvariants, INVARIANT_SIZES } from './invariants.js';
import { describeAssignment, type WitnessEntry } from './query.js';
import type { Scan } from './scan-model.js';
import { type ProofContext, type ProofOptions, scanAfter } from './site-proof.js';

/** Scans from a cold start that are searched before invariants, and altogether. */
const SHORT_SEARCH = 3;
const LONG_SEARCH = 6;
const INDUCTION_LIMIT = 3;

export interface WitnessScan {
  /** What came from outside in this scan, including what timers and unknown blocks did. */
  readonly inputs: readonly WitnessEntry[];
  /** Memory before the scan; only for a witness that starts from any memory. */
  readonly state: readonly WitnessEntry[];
}

export interface GoalResult {
  readonly status: 'proved' | 'refuted' | 'unknown';
  readonly method: string;
  /** Why it is unknown. */
  readonly reason: string | null;
  readonly scans: readonly WitnessScan[];
  /** Assignment of the last scan as free Booleans, for replay. */
  readonly fromColdStart: boolean;
}

/** A condition that must never hold, as a literal of any scan. */
export type Bad = (scan: Scan) => Literal;

/**
 * `full` for what decides over a verdict; `limited` tries few invariants and no induction; `brief` stops after one
 * scan: enough where only a guessed role asks.
 */
export type Effort = 'full' | 'limited' | 'brief';

export function proveNever(context: ProofContext, bad: Bad, options: ProofOptions, effort: Effort): GoalResult {
  const goal = bad(context.scan);
  const direct = effort === 'full' ? context.ask(goal) : context.askBriefly(goal);
  if (direct.kind === 'unsatisfiable') return proved(`one scan from any memory, ${methodName(direct.method)}`);
  const early = searchColdStart(context, bad, 1, effort === 'brief' ? 1 : SHORT_SEARCH);
  if (early !== null) return early;
  if (direct.kind === 'unknown') return unknown(direct.reason, []);
  if (effort === 'brief') {
    return unknown('one scan can do it from some memory, and the effort was limited', [
      witnessScan(context, direct.assignment, ''),
    ]);
  }
  let invariants: Literal = TRUE;
  for (const size of effort === 'full' ? INVARIANT_SIZES : INVARIANT_SIZES.slice(0, 1)) {
    invariants = findInvariants(context, [goal], size);
    if (invariants === TRUE) continue;
    const strengthened = context.ask(context.terms.circuit.and(invariants, goal));
    if (strengthened.kind === 'unsatisfiable')
      return proved(`one scan with invariants, ${methodName(strengthened.method)}`);
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

function proved(method: string): GoalResult {
  return { status: 'proved', method, reason: null, scans: [], fromColdStart: false };
}

function unknown(reason: string, scans: readonly WitnessScan[]): GoalResult {
  return { status: 'unknown', method: 'none', reason, scans, fromColdStart: false };
}

export function methodName(method: 'structure' | 'bdd' | 'sat'): string {
  return method === 'structure' ? 'by structure' : method === 'bdd' ? 'decision diagram' : 'SAT solver';
}

/** A refutation by one of the scans `from` to `to` (inclusive) after a cold start, or null. */
function searchColdStart(context: ProofContext, bad: Bad, from: number, to: number): GoalResult | null {
  for (let number = from; number <= to; number++) {
    const goal = bad(context.coldScan(number));
    const decision = goal === FALSE ? null : context.askBriefly(goal);
    if (decision?.kind !== 'satisfiable') continue;
    return {
      status: 'refuted',
      method: `search of ${number} scan${number === 1 ? '' : 's'} from a cold start, ${methodName(decision.method)}`,
      reason: null,
      scans: coldStartWitness(context, decision.assignment, number),
      fromColdStart: true,
    };
  }
  return null;
}

export function coldStartWitness(
  context: ProofContext,
  assignment: ReadonlyMap<number, boolean>,
  count: number,
): WitnessScan[] {
  return Array.from({ length: count }, (_, index) => witnessScan(context, assignment, `@${index + 1}`));
}

function proveByInduction(
  context: ProofContext,
  bad: Bad,
  invariants: Literal,
  options: ProofOptions,
): GoalResult | null {
  const { circuit } = context.terms;
  let good: Literal = invariants;
  let scan = context.scan;
  for (let depth = 2; depth <= INDUCTION_LIMIT; depth++) {
    good = circuit.and(good, not(bad(scan)));
    if (good === FALSE) return null;
    scan = depth === 2 ? context.secondScan() : scanAfter(scan, options, `@+${depth - 1}`);
    const decision = context.askBriefly(circuit.and(good, bad(scan)));
    if (decision.kind === 'unknown') return null;
    if (decision.kind === 'satisfiable') continue;
    // the base: no counterexample within the first `depth` scans
    return (
      searchColdStart(context, bad, SHORT_SEARCH + 1, depth) ??
      proved(`${depth}-induction, ${methodName(decision.method)}`)
    );
  }
  return null;
}

/** The part of an assignment that belongs to the scan with this suffix. */
export function witnessScan(
  context: ProofContext,
  assignment: ReadonlyMap<number, boolean>,
  suffix: string,
): WitnessScan {
  const { terms } = context;
  const mine = new Map<number, boolean>();
  for (const [node, value] of assignment) {
    if (suffixOf(context, node) === suffix) mine.set(node, value);
  }
  const entries = describeAssignment(terms, mine, (path) => readableName(context, path));
  const isState = (name: string): boolean => suffix === '' && stateNames(context).has(name.split(' ')[0] ?? '');
  return { inputs: entries.filter(({ name }) => !isState(name)), state: entries.filter(({ name }) => isState(name)) };
}

function suffixOf(context: ProofContext, node: number): string {
  const name = context.terms.meaningOf(node);
  const text =
    name?.kind === 'variable'
      ? name.name
      : name === null
        ? ''
        : describeAssignment(context.terms, new Map([[node, true]]), (path) => path)[0]?.name;
  return /@\d+/.exec(text ?? '')?.[0] ?? '';
}

function stateNames(context: ProofContext): ReadonlySet<string> {
  return new Set([...context.model.written].map((path) => context.model.nameOf(path)));
}

/** `MAIN.STOP@2` is `Main.Stop`; what a timer or an unknown block did says so. */
function readableName(context: ProofContext, name: string): string {
  const path = name.replace(/@(\d+|\+\d+|retained|after|before)/g, '');
  const oracle = /^(\w+):(.+?)#\d+\.(.+)$/.exec(path);
  if (oracle === null) return context.model.nameOf(path);
  const [, , owner = '', what = ''] = oracle;
  return `${context.model.nameOf(owner)} (${what === 'value' ? 'unknown value' : what})`;
}
