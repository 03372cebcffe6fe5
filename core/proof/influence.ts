/**
 * What must not have an influence: tags that an operator may write while a condition is not healthy, and the wrong
 * direction of a condition. Both compare a scan with the same scan under other inputs.
 */

import type { ResolvedSignal } from '../safety/signal-roles.js';
import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { impossible } from './claim.js';
import type { Check } from './obligations.js';
import { type GoalResult, methodName, proved, unknown } from './prove-goal.js';
import { freeValue, type Scan } from './scan-model.js';
import { isActive, isHealthy, type ProofContext, pathOf } from './site-proof.js';
import type { Value } from './terms.js';
import { isBooleanType } from './value-types.js';
import { witnessScan } from './witness.js';

/**
 * While the condition is not healthy, the hazard is the same for any two values of what an operator may write.
 * @param operated locations of tags with the role `operator`
 */
export function nonInterference(hazard: ResolvedSignal, condition: ResolvedSignal, operated: readonly string[]): Check {
  return {
    over: 'own',
    prove: (context) =>
      followsFromDominance(context, hazard, condition) ?? compareOperated(context, hazard, condition, operated),
  };
}

function compareOperated(
  context: ProofContext,
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
  operated: readonly string[],
): GoalResult | null {
  const { terms, model, scan } = context;
  const canonical = new Set(operated.map((location) => model.memory.canonicalPath(location)));
  const others = new Map<string, Value>(
    [...model.cells].flatMap(([path, place]): [string, Value][] =>
      isWithin(path, canonical) && model.roleOf(path) !== 'constant'
        ? [[path, freeValue(terms, path, place, '@other')]]
        : [],
    ),
  );
  if (others.size === 0) return null;
  const other = context.variant('operated', others);
  return never(context, `the hazard is the same for any two values that an operator writes`, [
    not(isHealthy(scan, condition)),
    not(isHealthy(other, condition)),
    terms.circuit.xor(isActive(scan, hazard), isActive(other, hazard)),
  ]);
}

function isWithin(path: string, roots: ReadonlySet<string>): boolean {
  if (roots.has(path)) return true;
  for (let end = path.lastIndexOf('.'); end > 0; end = path.lastIndexOf('.', end - 1))
    if (roots.has(path.slice(0, end))) return true;
  return false;
}

/** A hazard that is on while the condition is not healthy is on as well when it is healthy and all else the same. */
export function unateness(hazard: ResolvedSignal, condition: ResolvedSignal): Check {
  return {
    over: 'own',
    prove: (context) =>
      followsFromDominance(context, hazard, condition) ?? compareDirections(context, hazard, condition),
  };
}

function compareDirections(
  context: ProofContext,
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
): GoalResult | null {
  const path = pathOf(context.scan, condition);
  const type = condition.symbol?.type ?? null;
  const isFieldBit = context.model.roleOf(path) === 'input' && (type === null || isBooleanType(type));
  if (!isFieldBit) return null;
  const scanWith = (isTrue: boolean): Scan =>
    context.variant(`${path}=${isTrue}`, new Map<string, Value>([[path, isTrue ? TRUE : FALSE]]));
  const isTrueHealthy = condition.healthy !== false;
  return never(context, 'the hazard never needs the condition to be unhealthy', [
    isActive(scanWith(!isTrueHealthy), hazard),
    not(isActive(scanWith(isTrueHealthy), hazard)),
  ]);
}

/** Where the hazard is off whenever the condition is not healthy, neither question can be answered badly. */
function followsFromDominance(
  context: ProofContext,
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
): GoalResult | null {
  const conjuncts = [isActive(context.scan, hazard), not(isHealthy(context.scan, condition))];
  const decision = context.askBriefly(context.terms.circuit.all(conjuncts));
  if (decision.kind !== 'unsatisfiable') return null;
  return proved(`the hazard is off whenever the condition is not healthy, ${methodName(decision.method)}`, [
    impossible('no scan from any memory has the hazard on and the condition not healthy', ...conjuncts),
  ]);
}

function never(context: ProofContext, name: string, conjuncts: readonly Literal[]): GoalResult {
  const decision = context.askBriefly(context.terms.circuit.all(conjuncts));
  if (decision.kind === 'unknown') return unknown(decision.reason, []);
  const method = `one scan with two values of the input, ${methodName(decision.method)}`;
  if (decision.kind === 'unsatisfiable') return proved(method, [impossible(name, ...conjuncts)]);
  const scans = [witnessScan(context, decision.assignment, '')];
  return { status: 'refuted', method, reason: null, scans, fromColdStart: false, claims: [] };
}
