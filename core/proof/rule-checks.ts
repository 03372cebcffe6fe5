/** Which rule an answer of the prover belongs to, and what it says. */

import type { Finding } from '../base/finding.js';
import type { Change, SafetyRule } from '../safety/rule.js';
import { namesHazards, safetyModelOf } from '../safety/safety-model.js';
import type { ResolvedSignal } from '../safety/signal-roles.js';
import { CONDITION_ROLES } from '../site/manifest.js';
import type { Site } from '../site/site.js';
import { type ChangeComparison, type ComparedChange, compareChange } from './compare-change.js';
import type { ObligationKind, ObligationScope } from './obligations.js';
import { comparisonWitness, findingAtSignal, obligationWitness, withSeverity, witnessText } from './proof-findings.js';
import { type ProvedObligation, proveObligations } from './prove.js';

/** Memo by identity: sites and changes are immutable, and each rule asks for the same answers. */
const PROVED: Readonly<Record<ObligationScope, WeakMap<Site, readonly ProvedObligation[]>>> = {
  all: new WeakMap(),
  dominance: new WeakMap(),
};
const COMPARED = new WeakMap<Change, ComparedChange>();

export function provedObligations(
  site: Site,
  signal?: AbortSignal,
  scope: ObligationScope = 'all',
): readonly ProvedObligation[] {
  const known = PROVED.all.get(site) ?? PROVED[scope].get(site);
  if (known !== undefined) return known;
  const proved = proveObligations(site, { scope, ...(signal === undefined ? {} : { signal }) });
  PROVED[scope].set(site, proved);
  return proved;
}

export function comparedChange(change: Change, signal?: AbortSignal): ComparedChange {
  const known = COMPARED.get(change);
  if (known !== undefined) return known;
  const compared = compareChange(change, signal === undefined ? {} : { signal });
  COMPARED.set(change, compared);
  return compared;
}

/** The code of the rule that an obligation belongs to. */
export function codeOf({ obligation }: ProvedObligation): string {
  switch (obligation.kind) {
    case 'dominance':
      return dominanceCode(obligation.condition?.role);
    case 'mutual-exclusion':
      return 'IL11';
    case 'condition-not-constant':
      return 'IL05';
    case 'reset-does-not-restart':
      return 'ES06';
    case 'release-does-not-restart':
    case 'first-scan':
      return 'ES07';
    case 'property':
      return 'IL01';
    case 'trip-latch':
      return 'PV02';
    case 'non-interference':
      return 'PV07';
    case 'unateness':
      return 'PV08';
    case 'can-run':
      return 'PV09';
    case 'bounded-response':
      return 'PV11';
  }
}

/** What may be lost: it is held against a change only where it was proved before. */
const LOSABLE_KINDS: ReadonlySet<ObligationKind> = new Set([
  'trip-latch',
  'non-interference',
  'unateness',
  'bounded-response',
]);

/** What was proved of the version before a change and may be lost by it, by id. */
export function losableProofs(change: Change, signal?: AbortSignal): ReadonlySet<string> {
  return new Set(
    provedObligations(change.before, signal)
      .filter(({ obligation, result }) => result.status === 'proved' && LOSABLE_KINDS.has(obligation.kind))
      .map(({ result }) => result.id),
  );
}

function dominanceCode(role: ResolvedSignal['role'] | undefined): string {
  if (role === 'estop') return 'ES03';
  const guards: readonly (string | undefined)[] = [
    'guard',
    'light_curtain',
    'safety_mat',
    'two_hand',
    'enabling_switch',
  ];
  return guards.includes(role) ? 'GD01' : 'IL01';
}

/** Obligations that must not stay undecided: they say that the hazard stops. */
function mustBeDecided({ obligation }: ProvedObligation): boolean {
  return obligation.isDeclared && (obligation.kind === 'dominance' || obligation.kind === 'mutual-exclusion');
}

/** Findings of one rule on one version. What could not be decided is a warning here, and fails a change that caused it. */
export function siteFindings(
  site: Site,
  rule: SafetyRule,
  signal?: AbortSignal,
  scope: ObligationScope = 'all',
): Finding[] {
  return provedObligations(site, signal, scope).flatMap((proved) => {
    if (codeOf(proved) !== rule.code) return [];
    if (proved.result.status === 'refuted') return refutedFinding(site, rule, proved);
    const isWorthSaying = proved.result.status === 'unknown' && mustBeDecided(proved) && !hasSyntaxErrors(site);
    return isWorthSaying ? undecidedFinding(site, rule, proved) : [];
  });
}

/** A file that does not parse has its own findings; that nothing can be proved about it goes without saying. */
function hasSyntaxErrors(site: Site): boolean {
  return site.project.files.some((file) => file.syntaxErrors.length > 0);
}

function signalOf(site: Site, { obligation }: ProvedObligation): ResolvedSignal | null {
  return (
    obligation.hazard ??
    safetyModelOf(site).signals.find(({ tag }) => tag === obligation.output) ??
    safetyModelOf(site).signals[0] ??
    null
  );
}

function refutedFinding(site: Site, rule: SafetyRule, proved: ProvedObligation): Finding[] {
  const signal = signalOf(site, proved);
  if (signal === null) return [];
  return [
    findingAtSignal(rule, site, signal, {
      message: refutedMessage(proved),
      subject: proved.result.id,
      isCertainRole: proved.obligation.isDeclared && !mayBeCommanded(proved),
      witness: obligationWitness(proved),
    }),
  ];
}

/**
 * A start that goes with a number from outside (a mode request, a program number) may be a command of a person, which
 * no signal role can tell. Such a counterexample warns.
 */
function mayBeCommanded({ obligation, result }: ProvedObligation): boolean {
  const isStart = obligation.kind.endsWith('restart') || obligation.kind === 'first-scan';
  const entries = result.witness?.scans.flatMap(({ inputs }) => inputs) ?? [];
  return isStart && entries.some(({ name }) => name.includes(' '));
}

function undecidedFinding(site: Site, rule: SafetyRule, proved: ProvedObligation): Finding[] {
  const signal = signalOf(site, proved);
  if (signal === null) return [];
  const { result } = proved;
  const what =
    result.condition === null
      ? result.output
      : `that ${result.output} is off whenever ${result.condition} is not healthy`;
  const finding = findingAtSignal(rule, site, signal, {
    message: `It could not be decided ${what}: ${result.reason ?? 'no method answered'}.`,
    subject: `${result.id} undecided`,
    isCertainRole: false,
    witness: obligationWitness(proved),
  });
  return [finding];
}

function refutedMessage({ obligation, result }: ProvedObligation): string {
  const example = witnessText(result.witness);
  const when = example === '' ? '' : `, for example ${example}`;
  const { output } = result;
  const condition = obligation.condition;
  switch (obligation.kind) {
    case 'dominance':
      return `${output} can be on while ${condition?.tag} is ${condition?.healthy === false ? 'TRUE' : 'FALSE'}${when}. Make every way to switch ${output} on depend on ${condition?.tag}, in every branch and after every other write.`;
    case 'mutual-exclusion':
      return `${output} and ${result.condition} can be on in the same scan${when}. Let each be on only while the other is off.`;
    case 'condition-not-constant':
      return `${output} is healthy whatever the inputs are: it protects nothing. Compute it from the signal that it stands for.`;
    case 'reset-does-not-restart':
      return `${condition?.tag} alone switches ${output} on${when}. A reset may only permit a start: clear the run request with the trip.`;
    case 'release-does-not-restart':
      return `${output} comes on again when ${condition?.tag} becomes healthy, without start and without reset${when}. Clear the run request while ${condition?.tag} is not healthy.`;
    case 'first-scan':
      return `${output} is on in the first scan after power-up without a start${when}. Start from the safe state and wait for a start.`;
    case 'property':
      return `${output} does not hold after every scan${when}.`;
    case 'trip-latch':
      return `After ${condition?.tag} has tripped ${output}, ${result.reason ?? 'the latch can be cleared without the reset'}${when}. Let nothing but the reset clear the trip.`;
    case 'non-interference':
      return `While ${condition?.tag} is not healthy, ${output} depends on what an operator may write${when}. Ask ${condition?.tag} after everything that comes from a panel.`;
    case 'unateness':
      return `${output} can be on only because ${condition?.tag} is not healthy${when}. Look for a contact that is evaluated the wrong way round.`;
    case 'can-run':
      return `${output} can never be on while its conditions are healthy: whatever is proved about it says nothing. Check that its conditions do not exclude each other.`;
    case 'bounded-response':
      return `${output} does not stop soon after ${condition?.tag} fails: ${result.reason ?? 'no bound was found'}. Bound the delay, or switch off in the same scan.`;
  }
}

/** Findings of one change rule. */
export function changeFindings(change: Change, rule: SafetyRule, signal?: AbortSignal): Finding[] {
  const { comparisons } = comparedChange(change, signal);
  if (rule.code === 'IL02') return comparisons.flatMap((comparison) => weakenedFinding(change, rule, comparison));
  return undecidedAfterChange(change, rule, comparisons, signal);
}

const WEAKENED: ReadonlySet<ChangeComparison['relation']> = new Set(['weaker', 'incomparable']);

function weakenedFinding(change: Change, rule: SafetyRule, comparison: ChangeComparison): Finding[] {
  if (!WEAKENED.has(comparison.relation) || comparison.kind === 'output') return [];
  const finding = comparisonFinding(change, rule, comparison, weakenedMessage(comparison));
  return isIntended(change, comparison) ? [withSeverity(finding, 'info', INTENDED)] : [finding];
}

const INTENDED =
  'From the same memory no scan switches it on by itself; the migration may change when guards release, so this is for the reviewer.';

/**
 * A migration that may change the logic of guards changes when the machine runs on, so its traces can't be compared
 * scan by scan. What it must not do is switch on, from the same memory and the same inputs, what was off.
 */
function isIntended({ scope }: Change, { fromSameMemory }: ChangeComparison): boolean {
  const touchesGuards = scope.touches?.some((role) => CONDITION_ROLES.some((each) => each === role)) === true;
  return touchesGuards && (fromSameMemory === 'equal' || fromSameMemory === 'stronger');
}

function weakenedMessage(comparison: ChangeComparison): string {
  const { subject, kind, witness, reason } = comparison;
  if (kind === 'parameter') return `${capital(reason ?? subject)}.`;
  const what = kind === 'condition' ? 'is healthy' : 'is on';
  const was = kind === 'condition' ? 'was not healthy' : 'was off';
  const example = witnessText(witness);
  const incomparable = comparison.relation === 'incomparable' ? ' In other cases it is the other way round.' : '';
  return `After the change ${subject} ${what} where it ${was} before${example === '' ? '' : `, for example ${example}`}.${incomparable} Keep the old conditions, or have the new behaviour assessed as a change of the safety function.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Where nobody has said what is dangerous, the guess from types and names is all there is: a change that weakens it
 * can't pass as if it had been looked at.
 */
function declaresNoHazard({ before }: Change): boolean {
  return !namesHazards(safetyModelOf(before));
}

function comparisonFinding(change: Change, rule: SafetyRule, comparison: ChangeComparison, message: string): Finding {
  const signals = [...safetyModelOf(change.after).signals, ...safetyModelOf(change.before).signals];
  const signal = signals.find(({ tag }) => tag === comparison.subject) ?? signals[0];
  const isCertainRole = comparison.isDeclared || declaresNoHazard(change);
  const parts = { message, subject: comparison.id, isCertainRole, witness: comparisonWitness(comparison) };
  if (signal !== undefined) return findingAtSignal(rule, change.after, signal, parts);
  const file = change.after.project.files[0]?.path ?? '';
  return {
    file,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
    code: rule.code,
    rule: rule.name,
    severity: isCertainRole ? rule.severity : 'warning',
    message,
    related: [],
    witness: { subject: parts.subject, ...parts.witness },
  };
}

/**
 * What could not be decided. An obligation that was undecided before and whose hazard is proved to behave as before
 * is no worse than it was: a warning.
 */
function undecidedAfterChange(
  change: Change,
  rule: SafetyRule,
  comparisons: readonly ChangeComparison[],
  signal: AbortSignal | undefined,
): Finding[] {
  const unchanged = new Set(
    comparisons.filter(({ kind, relation }) => kind === 'hazard' && relation === 'equal').map(({ subject }) => subject),
  );
  const undecided = provedObligations(change.after, signal).filter(({ result }) => result.status === 'unknown');
  const lost = undecided.length === 0 ? new Set<string>() : losableProofs(change, signal);
  const obligations = undecided
    .filter((proved) => mustBeDecided(proved) || lost.has(proved.result.id))
    .flatMap((proved) =>
      undecidedFinding(change.after, rule, proved).map((finding) =>
        unchanged.has(proved.result.output)
          ? withSeverity(finding, 'warning', 'The hazard behaves as before the change.')
          : { ...finding, severity: rule.severity },
      ),
    );
  const compared = comparisons
    .filter(({ relation, kind }) => relation === 'unknown' && kind !== 'output')
    .map((comparison) =>
      comparisonFinding(
        change,
        rule,
        comparison,
        `It could not be decided whether ${comparison.subject} behaves as before: ${comparison.reason ?? 'no method answered'}.`,
      ),
    );
  return [...obligations, ...compared];
}
