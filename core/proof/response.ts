/**
 * How soon a hazard stops that does not stop in the scan in which its condition fails: within some scans, or within
 * some scans once the timers on the way have run out.
 */

import type { ResolvedSignal } from '../safety/signal-roles.js';
import { type Literal, not } from './circuit.js';
import { impossible } from './claim.js';
import type { Check } from './obligations.js';
import { type GoalResult, methodName, proved, unknown } from './prove-goal.js';
import type { Scan } from './scan-model.js';
import { isActive, isHealthy, type ProofContext, type ProofOptions, scanAfter } from './site-proof.js';
import { witnessScan } from './witness.js';

/** Scans after the first one with the failed condition. */
const SCAN_LIMIT = 4;

/** Null where the hazard stops in the same scan: nothing is left to bound. */
export function boundedResponse(hazard: ResolvedSignal, condition: ResolvedSignal): Check {
  return { over: 'own', prove: (context, options) => prove(context, options, hazard, condition) };
}

function prove(
  context: ProofContext,
  options: ProofOptions,
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
): GoalResult | null {
  const { circuit } = context.terms;
  const isUnhealthy = (scan: Scan): Literal => not(isHealthy(scan, condition));
  let scan = context.scan;
  const unhealthy: Literal[] = [isUnhealthy(scan)];
  let decision = context.askBriefly(circuit.and(isUnhealthy(scan), isActive(scan, hazard)));
  if (decision.kind === 'unsatisfiable') return null;
  for (let later = 1; later <= SCAN_LIMIT; later++) {
    scan = later === 1 ? context.secondScan() : scanAfter(scan, options, `@+${later}`);
    unhealthy.push(isUnhealthy(scan));
    const conjuncts = [...unhealthy, isActive(scan, hazard)];
    decision = context.askBriefly(circuit.all(conjuncts));
    if (decision.kind === 'unsatisfiable') {
      return proved(
        `off at the latest ${later} scan${later === 1 ? '' : 's'} after the condition failed, ${methodName(decision.method)}`,
        [impossible(`the hazard is not on after ${later + 1} scans with the condition failed`, ...conjuncts)],
      );
    }
    if (decision.kind === 'unknown') return unknown(decision.reason, []);
  }
  return {
    status: 'refuted',
    method: `${SCAN_LIMIT + 1} scans in sequence from any memory`,
    reason: `the hazard can still be on ${SCAN_LIMIT} scans after the condition failed; how long depends on timers or on further events`,
    scans: decision.kind === 'satisfiable' ? [witnessScan(context, decision.assignment, '')] : [],
    fromColdStart: false,
    claims: [],
  };
}
