/** Turns answers of the prover into findings: where, how severe, and in which words. */

import type { Finding, Severity } from '../base/finding.js';
import type { SafetyRule } from '../safety/rule.js';
import { findingAtEvent, safetyModelOf } from '../safety/safety-model.js';
import type { ResolvedSignal } from '../safety/signal-roles.js';
import type { Site } from '../site/site.js';
import type { ChangeComparison } from './compare-change.js';
import type { ProvedObligation, Witness } from './prove.js';
import type { WitnessEntry } from './query.js';

/** Entries of a witness that a message shows; the rest stands in the finding's witness. */
const SHOWN_ENTRIES = 6;

/** What a proof rule says about an obligation that does not hold. */
export interface ProofFindingParts {
  readonly message: string;
  readonly subject: string;
  readonly isCertainRole: boolean;
  readonly witness: Readonly<Record<string, unknown>>;
}

/** A finding at the last place where the signal is written; at its declaration when nothing writes it. */
export function findingAtSignal(
  rule: SafetyRule,
  site: Site,
  signal: ResolvedSignal,
  parts: ProofFindingParts,
): Finding {
  const event = safetyModelOf(site).index.writersOf(signal.location).at(-1);
  if (event !== undefined) return findingAtEvent(rule, site, event, parts);
  const isCapped = !parts.isCertainRole && (rule.severity === 'blocker' || rule.severity === 'error');
  return {
    ...signal.declaration,
    code: rule.code,
    rule: rule.name,
    severity: isCapped ? 'warning' : rule.severity,
    message: parts.message,
    related: [],
    witness: { subject: parts.subject, ...parts.witness },
  };
}

/** The same finding with another severity. */
export function withSeverity(finding: Finding, severity: Severity, note: string): Finding {
  return { ...finding, severity, message: `${finding.message} ${note}` };
}

/** `Start_PB = TRUE, Main.Speed < 100`: the last scan of a witness in one line. */
export function witnessText(witness: { readonly scans: Witness['scans'] } | null): string {
  const scans = witness?.scans ?? [];
  const last = scans.at(-1);
  if (last === undefined) return '';
  // plain signals say more than comparisons, and those more than what a timer did
  const rank = ({ name }: WitnessEntry): number => (/[#(]|unknown/.test(name) ? 2 : name.includes(' ') ? 1 : 0);
  const entries = [...last.inputs, ...last.state].sort((a, b) => rank(a) - rank(b));
  if (entries.length === 0)
    return scans.length > 1 ? `in scan ${scans.length} after a cold start` : 'whatever the inputs are';
  const shown = entries.slice(0, SHOWN_ENTRIES).map(entryText).join(', ');
  const more = entries.length > SHOWN_ENTRIES ? ` and ${entries.length - SHOWN_ENTRIES} more` : '';
  return `${scans.length > 1 ? `in scan ${scans.length} after a cold start, ` : ''}with ${shown}${more}`;
}

function entryText({ name, value }: WitnessEntry): string {
  if (/ (<|<=|=) /.test(name)) return value ? name : `NOT (${name})`;
  return `${name} = ${value ? 'TRUE' : 'FALSE'}`;
}

/** The evidence that goes into a finding about an obligation. */
export function obligationWitness({ result, scenario }: ProvedObligation): Readonly<Record<string, unknown>> {
  return {
    obligation: result.id,
    status: result.status,
    method: result.method,
    assumptions: result.assumptions,
    counterexample: result.witness,
    replayed: result.replayed,
    ...(scenario === null ? {} : { scenario }),
  };
}

/** The evidence that goes into a finding about a comparison. */
export function comparisonWitness(comparison: ChangeComparison): Readonly<Record<string, unknown>> {
  return {
    comparison: comparison.id,
    relation: comparison.relation,
    method: comparison.method,
    assumptions: comparison.assumptions,
    counterexample: comparison.witness,
  };
}
