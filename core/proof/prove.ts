/** Proves the obligations of a site, or one property, and says how. */

import type { Project } from '../language/semantics/model.js';
import type { Site } from '../site/site.js';
import { type Literal, not } from './circuit.js';
import { impossible, type Proof } from './claim.js';
import { findInvariants, INVARIANT_SIZES } from './invariants.js';
import { type Obligation, type ObligationKind, type ObligationScope, obligationsOf } from './obligations.js';
import { type Bad, type Effort, type GoalResult, methodName, proved, proveNever, unknown } from './prove-goal.js';
import { type Replay, replayWitness } from './replay.js';
import type { Scan } from './scan-model.js';
import { type ProofContext, type ProofOptions, prepareProof } from './site-proof.js';
import { coldStartWitness, type WitnessScan, witnessScan } from './witness.js';

export type ProofStatus = 'proved' | 'refuted' | 'unknown';

/** A counterexample. Values are by tag; comparisons of numbers stand as text, `Main.Speed < 100`. */
export interface Witness {
  readonly scans: readonly WitnessScan[];
  /** Whether the scans start from a cold start or from some memory. */
  readonly from: 'cold-start' | 'any-memory';
}

/** The answer to one obligation; plain data. */
export interface ObligationResult {
  readonly id: string;
  readonly kind: ObligationKind;
  readonly output: string;
  readonly condition: string | null;
  readonly status: ProofStatus;
  /** How it was decided. */
  readonly method: string;
  /** Why it is unknown; null otherwise. */
  readonly reason: string | null;
  /** What the answer relies on. */
  readonly assumptions: readonly string[];
  /** Duration in milliseconds; 0 without a clock. */
  readonly ms: number;
  readonly witness: Witness | null;
  /**
   * A refutation that the simulator shows as well is `replayed`; one that it could not be given is `abstract`; one that
   * it was given in full and does not show `disagrees`: then the prover or the simulator is wrong.
   */
  readonly replayed: Replay['outcome'] | null;
  /** False when a role was only guessed from a name. */
  readonly isDeclared: boolean;
}

export interface ProveOptions extends ProofOptions {
  readonly scope?: ObligationScope;
  /** A clock in milliseconds, for the durations in the results. Without one they are 0. */
  readonly now?: () => number;
}

/** An obligation with its answer. */
export interface ProvedObligation {
  readonly obligation: Obligation;
  readonly result: ObligationResult;
  /** A refutation as the text of a scenario file; null when there is none to run. */
  readonly scenario: string | null;
  /** What a proof rests on, and the formulas that it speaks of; null unless proved. */
  readonly proof: Proof | null;
}

/** Proves every obligation that the signals of a site give. Throws only the reason of an aborted signal. */
export function proveSite(site: Site, options: ProveOptions = {}): ObligationResult[] {
  return proveObligations(site, options).map(({ result }) => result);
}

/** Like `proveSite`, with the obligations beside their answers. */
export function proveObligations(site: Site, options: ProveOptions = {}): ProvedObligation[] {
  const context = prepareProof(site.project, options);
  if ('kind' in context) return refusedObligations(site, context.reason, options);
  const { model } = context;
  const isInput = (location: string): boolean => model.roleOf(model.memory.canonicalPath(location)) === 'input';
  return obligationsOf(site, isInput, options.scope ?? 'all').flatMap((obligation) => {
    const proved = proveOne(context, obligation, options);
    return proved === null ? [] : [proved];
  });
}

/** When the scan can't be unfolded every obligation is unknown; it still has to be named. */
function refusedObligations(site: Site, reason: string, options: ProveOptions): ProvedObligation[] {
  return obligationsOf(site, () => true, options.scope ?? 'all')
    .filter(({ check }) => check.over !== 'own')
    .map((obligation) => ({
      obligation,
      result: resultOf(obligation, unknown(reason, []), [], 0),
      scenario: null,
      proof: null,
    }));
}

function proveOne(context: ProofContext, obligation: Obligation, options: ProveOptions): ProvedObligation | null {
  const start = options.now?.() ?? 0;
  const goal = check(context, obligation, options);
  if (goal === null) return null;
  const assumptions = [...context.scan.machine.assumptions].sort();
  const result = resultOf(obligation, goal, assumptions, (options.now?.() ?? 0) - start);
  const proof: Proof | null =
    goal.status === 'proved' ? { id: result.id, terms: context.terms, claims: goal.claims } : null;
  if (goal.status !== 'refuted' || !goal.fromColdStart) return { obligation, result, scenario: null, proof };
  const replay = replayWitness(context.model.project, obligation, goal.scans, isReadable(context, obligation));
  const scenario = replay.outcome === 'abstract' ? null : replay.scenario;
  return { obligation, result: { ...result, replayed: replay.outcome }, scenario, proof };
}

/**
 * Whether the tags of an obligation can be judged after a scan: a field input that the program overwrites reads
 * otherwise than it came in, and a reset may switch on in the first of two scans only.
 */
function isReadable({ model }: ProofContext, { kind, condition }: Obligation): boolean {
  if (kind === 'reset-does-not-restart' || kind === 'property') return false;
  return (
    condition === null ||
    !model.written.has(model.memory.canonicalPath(condition.location)) ||
    model.roleOf(model.memory.canonicalPath(condition.location)) !== 'input'
  );
}

function resultOf(
  obligation: Obligation,
  goal: GoalResult,
  assumptions: readonly string[],
  ms: number,
): ObligationResult {
  return {
    id: obligation.id,
    kind: obligation.kind,
    output: obligation.output,
    condition: obligation.conditionText,
    status: goal.status,
    method: goal.method,
    reason: goal.reason,
    assumptions,
    ms,
    witness:
      goal.scans.length === 0 ? null : { scans: goal.scans, from: goal.fromColdStart ? 'cold-start' : 'any-memory' },
    replayed: goal.status === 'refuted' ? 'abstract' : null,
    isDeclared: obligation.isDeclared,
  };
}

function check(context: ProofContext, obligation: Obligation, options: ProofOptions): GoalResult | null {
  const { kind, check: how, isDeclared } = obligation;
  const decides = kind === 'dominance' || kind === 'mutual-exclusion' || kind === 'property';
  const effort: Effort = !isDeclared ? 'brief' : decides ? 'full' : 'limited';
  switch (how.over) {
    case 'scan':
      return proveNever(context, how.bad, options, effort);
    case 'first-scan':
      return checkFirstScan(context, how.bad);
    case 'scan-pair':
      return checkPair(context, how.bad, effort);
    case 'some-scan':
      return checkSomeScan(context, how.good);
    case 'own':
      return how.prove(context, options);
  }
}

function checkSomeScan(context: ProofContext, good: Bad): GoalResult {
  const conjuncts = good(context.scan);
  const decision = context.ask(context.terms.circuit.all(conjuncts));
  if (decision.kind === 'unknown') return unknown(decision.reason, []);
  const method = methodName(decision.method);
  if (decision.kind === 'satisfiable') {
    const { assignment } = decision;
    return proved(`one scan from some memory, ${method}`, [
      { kind: 'possible', name: 'one scan from some memory does it', conjuncts, assignment },
    ]);
  }
  return { status: 'refuted', method, reason: null, scans: [], fromColdStart: false, claims: [] };
}

function checkFirstScan(context: ProofContext, bad: Bad): GoalResult {
  const conjuncts = bad(context.coldScan(1));
  const decision = context.ask(context.terms.circuit.all(conjuncts));
  if (decision.kind === 'unknown') return unknown(decision.reason, []);
  const method = `first scan, ${methodName(decision.method)}`;
  if (decision.kind === 'unsatisfiable')
    return proved(method, [impossible('the first scan after a cold start does not do it', ...conjuncts)]);
  const scans = coldStartWitness(context, decision.assignment, 1);
  return { status: 'refuted', method, reason: null, scans, fromColdStart: true, claims: [] };
}

/** What two scans in sequence must not do. */
type BadPair = (first: Scan, second: Scan) => readonly Literal[];

function checkPair(context: ProofContext, bad: BadPair, effort: Effort): GoalResult {
  const { circuit } = context.terms;
  const conjuncts = bad(context.scan, context.secondScan());
  const goal = circuit.all(conjuncts);
  const direct = context.askBriefly(goal);
  const method = 'two scans in sequence';
  if (direct.kind === 'unsatisfiable') {
    return proved(`${method} from any memory, ${methodName(direct.method)}`, [
      impossible('no two scans from any memory do it', ...conjuncts),
    ]);
  }
  if (direct.kind === 'unknown') return unknown(direct.reason, []);
  const reachable = searchPair(context, bad);
  if (reachable !== null) return reachable;
  for (const size of effort === 'brief' ? [] : INVARIANT_SIZES.slice(0, effort === 'full' ? 2 : 1)) {
    const invariants = findInvariants(context, [goal], size);
    const strengthened = context.askBriefly(circuit.and(invariants.holds, goal));
    if (strengthened.kind !== 'unsatisfiable') continue;
    return proved(`${method} with invariants, ${methodName(strengthened.method)}`, [
      ...invariants.claims,
      impossible('no two scans from a memory with the invariants do it', invariants.holds, ...conjuncts),
    ]);
  }
  return unknown('two scans can do it from some memory that the first scans after a cold start do not reach', [
    witnessScan(context, direct.assignment, ''),
    witnessScan(context, direct.assignment, '@+1'),
  ]);
}

function searchPair(context: ProofContext, bad: BadPair): GoalResult | null {
  const depth = 5;
  for (let number = 2; number <= depth; number++) {
    const conjuncts = bad(context.coldScan(number - 1), context.coldScan(number));
    const decision = context.askBriefly(context.terms.circuit.all(conjuncts));
    if (decision.kind !== 'satisfiable') continue;
    return {
      status: 'refuted',
      method: `search of ${number} scans from a cold start, ${methodName(decision.method)}`,
      reason: null,
      scans: coldStartWitness(context, decision.assignment, number),
      fromColdStart: true,
      claims: [],
    };
  }
  return null;
}

/** Proves that something holds after every scan of a project's programs. */
export function proveAfterEveryScan(
  project: Project,
  text: string,
  holds: (scan: Scan) => Literal,
  options: ProveOptions = {},
): ProvedObligation {
  const obligation: Obligation = {
    id: `property:${text}`,
    kind: 'property',
    hazard: null,
    condition: null,
    output: text,
    conditionText: null,
    isDeclared: true,
    check: { over: 'scan', bad: (scan) => [not(holds(scan))] },
  };
  const context = prepareProof(project, options);
  const answer = 'kind' in context ? null : proveOne(context, obligation, options);
  if (answer !== null) return answer;
  const reason = 'kind' in context ? context.reason : 'nothing to prove';
  return { obligation, result: resultOf(obligation, unknown(reason, []), [], 0), scenario: null, proof: null };
}
