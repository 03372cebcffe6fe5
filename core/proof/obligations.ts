/** What must hold of a site's signals, as things that must never happen in a scan. */

import { compareText } from '../base/finding.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import type { Site } from '../site/site.js';
import { FALSE, type Literal, not } from './circuit.js';
import { nonInterference, unateness } from './influence.js';
import type { Bad, GoalResult } from './prove-goal.js';
import { boundedResponse } from './response.js';
import { isLasting, type Scan } from './scan-model.js';
import {
  holds,
  isActive,
  isCommanded,
  isHealthy,
  type ProofContext,
  type ProofOptions,
  pathOf,
  scanWithInputs,
} from './site-proof.js';
import type { Value } from './terms.js';
import { tripLatch } from './trip-latch.js';
import { isBooleanType } from './value-types.js';

export type ObligationKind =
  /** The hazard is off in every scan in which the condition is not healthy. */
  | 'dominance'
  /** Two outputs are never on together. */
  | 'mutual-exclusion'
  /** Nothing starts by itself after power-up. */
  | 'first-scan'
  /** A reset alone does not start the hazard. */
  | 'reset-does-not-restart'
  /** A condition that becomes healthy again does not start the hazard. */
  | 'release-does-not-restart'
  /** A computed condition can be FALSE. */
  | 'condition-not-constant'
  /** What a trip latched stays latched until the reset is given. */
  | 'trip-latch'
  /** While a condition is not healthy, nothing that an operator may write makes a difference to the hazard. */
  | 'non-interference'
  /** A condition that becomes healthy never switches the hazard off, and one that becomes unhealthy never on. */
  | 'unateness'
  /** The hazard can be on at all: else every proof about it says nothing. */
  | 'can-run'
  /** A hazard that does not stop in the same scan stops within some scans. */
  | 'bounded-response'
  /** A property given as an ST expression holds after every scan. */
  | 'property';

/** How the obligation is checked: on single scans, on a pair of scans in sequence, or in a way of its own. */
export type Check =
  | { readonly over: 'scan'; readonly bad: Bad }
  /** Only the first scan after a cold start counts. */
  | { readonly over: 'first-scan'; readonly bad: Bad }
  | { readonly over: 'scan-pair'; readonly bad: (first: Scan, second: Scan) => readonly Literal[] }
  /** Something must be possible in one scan from some memory. */
  | { readonly over: 'some-scan'; readonly good: Bad }
  /** Null: the program gives no occasion for the obligation. */
  | { readonly over: 'own'; readonly prove: (context: ProofContext, options: ProofOptions) => GoalResult | null };

export interface Obligation {
  readonly id: string;
  readonly kind: ObligationKind;
  readonly hazard: ResolvedSignal | null;
  readonly condition: ResolvedSignal | null;
  readonly output: string;
  readonly conditionText: string | null;
  /** True when every role involved was declared, not guessed from a name. */
  readonly isDeclared: boolean;
  readonly check: Check;
}

/** Which obligations to make: dominance alone is what the editor needs while someone types. */
export type ObligationScope = 'dominance' | 'all';

/** Devices that a person holds to move the machine: taking them up again is a start. */
const HELD_ROLES: ReadonlySet<string> = new Set(['two_hand', 'enabling_switch']);

/**
 * The obligations of a site, sorted by id.
 * @param isInput whether a location comes from outside the program
 */
export function obligationsOf(
  site: Site,
  isInput: (location: string) => boolean,
  scope: ObligationScope,
): Obligation[] {
  const safety = safetyModelOf(site);
  const obligations: Obligation[] = [];
  const starts = safety.signals.filter(({ role }) => role === 'start');
  const resets = safety.signals.filter(({ role }) => role === 'reset');
  const operated = safety.signals.filter(({ role }) => role === 'operator').map(({ location }) => location);
  const declared = new Set(
    safety.signals.filter(({ role }) => role !== 'start' && role !== 'operator').map(({ location }) => location),
  );
  for (const hazard of safety.hazards) {
    const conditions = safety.conditionsOf(hazard).filter((condition) => condition.location !== hazard.location);
    const sameZone = (signals: readonly ResolvedSignal[]): ResolvedSignal[] =>
      signals.filter(
        (signal) => signal.zone === hazard.zone && (signal.source === 'manifest') === (hazard.source === 'manifest'),
      );
    for (const condition of conditions) obligations.push(dominance(hazard, condition));
    if (scope === 'dominance') continue;
    if (isDeclared(hazard)) {
      obligations.push(canRun(hazard, conditions));
      for (const condition of conditions.filter(isDeclared)) {
        obligations.push(make('unateness', hazard, condition, unateness(hazard, condition)));
        obligations.push(make('bounded-response', hazard, condition, boundedResponse(hazard, condition)));
        if (operated.length > 0)
          obligations.push(make('non-interference', hazard, condition, nonInterference(hazard, condition, operated)));
        const zoneResets = sameZone(resets).filter(isDeclared);
        if (zoneResets.length > 0 && !HELD_ROLES.has(condition.role))
          obligations.push(make('trip-latch', hazard, condition, tripLatch(hazard, condition, zoneResets, starts)));
      }
    }
    const zoneStarts = sameZone(starts);
    if (zoneStarts.length === 0) continue;
    obligations.push(firstScanObligation(hazard, zoneStarts, declared));
    for (const reset of sameZone(resets)) obligations.push(resetObligation(hazard, reset, zoneStarts, declared));
    for (const condition of conditions) {
      if (!HELD_ROLES.has(condition.role))
        obligations.push(releaseObligation(hazard, condition, zoneStarts, sameZone(resets), declared));
    }
  }
  for (const condition of safety.conditions) {
    if (!isInput(condition.location)) obligations.push(notConstant(condition));
  }
  obligations.push(...exclusions(site, safety.resolution.mutuallyExclusive));
  const unique = new Map(obligations.map((each) => [each.id, each]));
  return [...unique.values()].sort((a, b) => compareText(a.id, b.id));
}

function make(
  kind: ObligationKind,
  hazard: ResolvedSignal,
  condition: ResolvedSignal | null,
  check: Check,
): Obligation {
  return {
    id: [kind, hazard.tag, ...(condition === null ? [] : [condition.tag])].join(':'),
    kind,
    hazard,
    condition,
    output: hazard.tag,
    conditionText: condition === null ? null : condition.tag,
    isDeclared: isDeclared(hazard) && (condition === null || isDeclared(condition)),
    check,
  };
}

function dominance(hazard: ResolvedSignal, condition: ResolvedSignal): Obligation {
  return make('dominance', hazard, condition, {
    over: 'scan',
    bad: (scan) => [isActive(scan, hazard), not(isHealthy(scan, condition))],
  });
}

/**
 * Nobody commands a start: none of the start signals, and none of the Boolean inputs that have no role, since one of
 * them may be a jog button that nobody declared.
 */
function noneOf(scan: Scan, commands: readonly ResolvedSignal[], declared: ReadonlySet<string>): Literal {
  const { model, machine } = scan;
  const undeclared = [...model.cells]
    .filter(
      ([path, { type }]) =>
        isBooleanType(type) && !declared.has(path) && isLasting(path) && model.roleOf(path) === 'input',
    )
    .map(([path]) => not(machine.terms.asLiteral(scan.before(path))));
  return machine.terms.circuit.all([...commands.map((command) => not(isCommanded(scan, command))), ...undeclared]);
}

function firstScanObligation(
  hazard: ResolvedSignal,
  starts: readonly ResolvedSignal[],
  declared: ReadonlySet<string>,
): Obligation {
  return make('first-scan', hazard, null, {
    over: 'first-scan',
    bad: (scan) => [isActive(scan, hazard), noneOf(scan, starts, declared)],
  });
}

/**
 * At rest before, no start command, the reset given: the hazard must not come on because of it, in this scan or the
 * next. Because of it: without the reset, and all else the same, it would have stayed off. A sequence that goes on by
 * itself while somebody presses the reset is not started by it.
 */
function resetObligation(
  hazard: ResolvedSignal,
  reset: ResolvedSignal,
  starts: readonly ResolvedSignal[],
  declared: ReadonlySet<string>,
): Obligation {
  return make('reset-does-not-restart', hazard, reset, {
    over: 'scan-pair',
    bad: (first, second) => {
      const { circuit } = first.machine.terms;
      const path = pathOf(first, reset);
      const isOn = (scan: Scan): Literal => isActive(scan, hazard);
      const common = [
        wasAtRest(first, hazard),
        isCommanded(first, reset),
        noneOf(first, starts, declared),
        noneOf(second, starts, declared),
        circuit.or(isOn(first), isOn(second)),
      ];
      if (first.model.roleOf(path) !== 'input') return common;
      const without = new Map<string, Value>([[path, FALSE]]);
      const calm = scanWithInputs(first, first, without);
      return [...common, not(isOn(calm)), not(isOn(scanWithInputs(second, calm, without)))];
    },
  });
}

function wasAtRest(scan: Scan, hazard: ResolvedSignal): Literal {
  const path = scan.model.memory.canonicalPath(hazard.location);
  return holds(scan.machine.terms, scan.before(path), hazard.symbol?.type ?? null, hazard.off);
}

/** Unhealthy in one scan, healthy in the next, no start and no reset in either: the hazard must be at rest. */
function releaseObligation(
  hazard: ResolvedSignal,
  condition: ResolvedSignal,
  starts: readonly ResolvedSignal[],
  resets: readonly ResolvedSignal[],
  declared: ReadonlySet<string>,
): Obligation {
  const commands = [...starts, ...resets];
  return make('release-does-not-restart', hazard, condition, {
    over: 'scan-pair',
    bad: (first, second) => [
      not(isHealthy(first, condition)),
      noneOf(first, commands, declared),
      isHealthy(second, condition),
      noneOf(second, commands, declared),
      isActive(second, hazard),
    ],
  });
}

function notConstant(condition: ResolvedSignal): Obligation {
  return make('condition-not-constant', condition, null, {
    over: 'some-scan',
    good: (scan) => [not(isHealthy(scan, condition))],
  });
}

function canRun(hazard: ResolvedSignal, conditions: readonly ResolvedSignal[]): Obligation {
  return make('can-run', hazard, null, {
    over: 'some-scan',
    good: (scan) => [isActive(scan, hazard), ...conditions.map((condition) => isHealthy(scan, condition))],
  });
}

function exclusions(
  site: Site,
  groups: ReturnType<typeof safetyModelOf>['resolution']['mutuallyExclusive'],
): Obligation[] {
  const hazards = safetyModelOf(site).hazards;
  return groups.flatMap((group) =>
    group.flatMap((first, index) =>
      group.slice(index + 1).map((second): Obligation => {
        const offOf = (location: string): boolean | number =>
          hazards.find((each) => each.location === location)?.off ?? false;
        const isOn = (scan: Scan, node: typeof first): Literal =>
          not(
            holds(
              scan.machine.terms,
              scan.after(scan.model.memory.canonicalPath(node.location)),
              node.type,
              offOf(node.location),
            ),
          );
        return {
          id: `mutual-exclusion:${first.tag}:${second.tag}`,
          kind: 'mutual-exclusion',
          hazard: hazards.find((each) => each.location === first.location) ?? null,
          condition: null,
          output: first.tag,
          conditionText: second.tag,
          isDeclared: true,
          check: { over: 'scan', bad: (scan) => [isOn(scan, first), isOn(scan, second)] },
        };
      }),
    ),
  );
}
