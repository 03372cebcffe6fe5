/** Proves the obligations of a site, or one property, and says how. */

import type { Project } from '../language/semantics/model.js';
import type { Site } from '../site/site.js';
import { type Literal, not } from './circuit.js';
import { findInvariants, INVARIANT_SIZES } from './invariants.js';
import { type Obligation, type ObligationKind, type ObligationScope, obligationsOf } from './obligations.js';
import {
  type Bad,
  coldStartWitness,
  type Effort,
  type GoalResult,
  methodName,
  proveNever,
  type WitnessScan,
  witnessScan,
} from './prove-goal.js';
import { replayWitness } from './replay.js';
import type { Scan } from './scan-model.js';
import { type ProofContext, type ProofOptions, prepareProof } from './site-proof.js';

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
  /** A refutation that the simulator shows as well is `replayed`; one that it could not show is `abstract`. */
  readonly replayed: 'replayed' | 'abstract' | null;
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
  return obligationsOf(site, isInput, options.scope ?? 'all').map((obligation) =>
    proveOne(context, obligation, options),
  );
}

/** When the scan can't be unfolded every obligation is unknown; it still has to be named. */
function refusedObligations(site: Site, reason: string, options: ProveOptions): ProvedObligation[] {
  return obligationsOf(site, () => true, options.scope ?? 'all').map((obligation) => ({
    obligation,
    result: resultOf(obligation, { status: 'unknown', method: 'none', reason, scans: [], fromColdStart: false }, [], 0),
  }));
}

function proveOne(context: ProofContext, obligation: Obligation, options: ProveOptions): ProvedObligation {
  const start = options.now?.() ?? 0;
  const goal = check(context, obligation, options);
  const assumptions = [...context.scan.machine.assumptions].sort();
  const result = resultOf(obligation, goal, assumptions, (options.now?.() ?? 0) - start);
  if (goal.status !== 'refuted' || !goal.fromColdStart || obligation.kind === 'property') return { obligation, result };
  return { obligation, result: { ...result, replayed: replayWitness(context.model.project, obligation, goal.scans) } };
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

function check(context: ProofContext, { kind, check: how, isDeclared }: Obligation, options: ProofOptions): GoalResult {
  if (kind === 'condition-not-constant' && how.over === 'scan') return checkNotConstant(context, how.bad);
  const decides = kind === 'dominance' || kind === 'mutual-exclusion' || kind === 'property';
  const effort: Effort = !isDeclared ? 'brief' : decides ? 'full' : 'limited';
  switch (how.over) {
    case 'scan':
      return proveNever(context, how.bad, options, effort);
    case 'first-scan':
      return checkFirstScan(context, how.bad);
    case 'scan-pair':
      return checkPair(context, how.bad, effort);
  }
}

function checkNotConstant(context: ProofContext, canBeUnhealthy: Bad): GoalResult {
  const decision = context.ask(canBeUnhealthy(context.scan));
  const none = { reason: null, scans: [], fromColdStart: false };
  if (decision.kind === 'satisfiable') return { ...none, status: 'proved', method: methodName(decision.method) };
  if (decision.kind === 'unsatisfiable') return { ...none, status: 'refuted', method: methodName(decision.method) };
  return { ...none, status: 'unknown', method: 'none', reason: decision.reason };
}

function checkFirstScan(context: ProofContext, bad: Bad): GoalResult {
  const decision = context.ask(bad(context.coldScan(1)));
  if (decision.kind === 'unsatisfiable') {
    return {
      status: 'proved',
      method: `first scan, ${methodName(decision.method)}`,
      reason: null,
      scans: [],
      fromColdStart: true,
    };
  }
  if (decision.kind === 'unknown')
    return { status: 'unknown', method: 'none', reason: decision.reason, scans: [], fromColdStart: true };
  return {
    status: 'refuted',
    method: `first scan, ${methodName(decision.method)}`,
    reason: null,
    scans: [witnessScan(context, decision.assignment, '@1')],
    fromColdStart: true,
  };
}

function checkPair(context: ProofContext, bad: (first: Scan, second: Scan) => Literal, effort: Effort): GoalResult {
  const second = context.secondScan();
  const goal = bad(context.scan, second);
  const direct = context.askBriefly(goal);
  const method = 'two scans in sequence';
  if (direct.kind === 'unsatisfiable') {
    return {
      status: 'proved',
      method: `${method} from any memory, ${methodName(direct.method)}`,
      reason: null,
      scans: [],
      fromColdStart: false,
    };
  }
  if (direct.kind === 'unknown')
    return { status: 'unknown', method: 'none', reason: direct.reason, scans: [], fromColdStart: false };
  const reachable = searchPair(context, bad);
  if (reachable !== null) return reachable;
  for (const size of effort === 'brief' ? [] : INVARIANT_SIZES.slice(0, 1)) {
    const strengthened = context.askBriefly(context.terms.circuit.and(findInvariants(context, [goal], size), goal));
    if (strengthened.kind !== 'unsatisfiable') continue;
    return {
      status: 'proved',
      method: `${method} with invariants, ${methodName(strengthened.method)}`,
      reason: null,
      scans: [],
      fromColdStart: false,
    };
  }
  return {
    status: 'unknown',
    method: 'none',
    reason: 'two scans can do it from some memory that the first scans after a cold start do not reach',
    scans: [witnessScan(context, direct.assignment, '')],
    fromColdStart: false,
  };
}

function searchPair(context: ProofContext, bad: (first: Scan, second: Scan) => Literal): GoalResult | null {
  const depth = 5;
  for (let number = 2; number <= depth; number++) {
    const decision = context.askBriefly(bad(context.coldScan(number - 1), context.coldScan(number)));
    if (decision.kind !== 'satisfiable') continue;
    return {
      status: 'refuted',
      method: `search of ${number} scans from a cold start, ${methodName(decision.method)}`,
      reason: null,
      scans: coldStartWitness(context, decision.assignment, number),
      fromColdStart: true,
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
): ObligationResult {
  const obligation: Obligation = {
    id: `property:${text}`,
    kind: 'property',
    hazard: null,
    condition: null,
    output: text,
    conditionText: null,
    isDeclared: true,
    check: { over: 'scan', bad: (scan) => not(holds(scan)) },
  };
  const context = prepareProof(project, options);
  if ('kind' in context) {
    const refused = {
      status: 'unknown',
      method: 'none',
      reason: context.reason,
      scans: [],
      fromColdStart: false,
    } as const;
    return resultOf(obligation, refused, [], 0);
  }
  return proveOne(context, obligation, options).result;
}
