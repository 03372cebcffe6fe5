/**
 * Trip latches: a bit that the failing condition sets, that keeps the hazard off, and that the reset clears. Once set it
 * must stay until the reset is given, whatever else happens.
 */

import { compareText } from '../base/finding.js';
import type { ResolvedSignal } from '../safety/signal-roles.js';
import { type Literal, not } from './circuit.js';
import { stateCone } from './invariants.js';
import type { Check } from './obligations.js';
import { type GoalResult, proveNever } from './prove-goal.js';
import type { Scan } from './scan-model.js';
import { isActive, isCommanded, isHealthy, type ProofContext, type ProofOptions } from './site-proof.js';
import { isChoice } from './terms.js';

/** Bits of memory near the hazard that are looked at. */
const BIT_LIMIT = 24;

/** Null where no bit of the program is a latch for this condition. */
export function tripLatch(
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
  resets: readonly ResolvedSignal[],
  starts: readonly ResolvedSignal[],
): Check {
  return {
    over: 'own',
    prove: (context, options) => {
      const latches = latchesOf(context, hazard, condition, resets, starts);
      let last: GoalResult | null = null;
      for (const latch of latches) {
        const result = staysLatched(context, options, latch, resets);
        if (result.status === 'proved') return result;
        last ??= result;
      }
      return last;
    },
  };
}

/** A bit, and the value that it has after a trip. */
interface Latch {
  readonly path: string;
  readonly tripped: boolean;
}

function isSet(latch: Latch, scan: Scan, when: 'before' | 'after'): Literal {
  const literal = scan.machine.terms.asLiteral(when === 'before' ? scan.before(latch.path) : scan.after(latch.path));
  return latch.tripped ? literal : not(literal);
}

function latchesOf(
  context: ProofContext,
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
  resets: readonly ResolvedSignal[],
  starts: readonly ResolvedSignal[],
): Latch[] {
  const { scan, terms } = context;
  const { circuit } = terms;
  const active = isActive(scan, hazard);
  const unhealthy = not(isHealthy(scan, condition));
  const canHappen = (...literals: Literal[]): boolean =>
    context.askBriefly(circuit.all(literals)).kind === 'satisfiable';
  const never = (...literals: Literal[]): boolean => context.askBriefly(circuit.all(literals)).kind === 'unsatisfiable';
  const noStart = circuit.all(starts.map((each) => not(isCommanded(scan, each))));
  const reset = circuit.any(resets.map((each) => isCommanded(scan, each)));
  return stateCone(scan, [active])
    .slice(0, BIT_LIMIT)
    .filter((path) => !isChoice(scan.before(path)) && !path.includes('.#') && path !== hazard.location)
    .sort(compareText)
    .flatMap((path) => [true, false].map((tripped): Latch => ({ path, tripped })))
    .filter(
      (latch) =>
        never(isSet(latch, scan, 'after'), active) &&
        never(unhealthy, not(isSet(latch, scan, 'after'))) &&
        canHappen(isSet(latch, scan, 'before'), reset, noStart, not(isSet(latch, scan, 'after'))),
    );
}

function staysLatched(
  context: ProofContext,
  options: ProofOptions,
  latch: Latch,
  resets: readonly ResolvedSignal[],
): GoalResult {
  const result = proveNever(
    context,
    (scan) => [
      isSet(latch, scan, 'before'),
      ...resets.map((each) => not(isCommanded(scan, each))),
      not(isSet(latch, scan, 'after')),
    ],
    options,
    'limited',
  );
  const name = context.model.nameOf(latch.path);
  return result.status === 'proved'
    ? { ...result, method: `${name} holds the trip until the reset; ${result.method}` }
    : { ...result, reason: `${name} can be cleared without the reset` };
}
