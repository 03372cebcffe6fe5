/** The table of proof rules, and the ways to run them: on one version of a site and on a change. */

import { compareFindings, type Finding, startOfFile } from '../base/finding.js';
import type { Change, SafetyRule } from '../safety/rule.js';
import type { Site } from '../site/site.js';
import { type CertificateFile, type CertificateProblem, certifyProofs } from './certificate/certified-proofs.js';
import type { ChangeComparison } from './compare-change.js';
import { OBLIGATION_RULES } from './obligation-rules.js';
import type { ObligationScope } from './obligations.js';
import { withSeverity } from './proof-findings.js';
import type { ObligationResult, ProvedObligation } from './prove.js';
import { changeFindings, comparedChange, losableProofs, provedObligations, siteFindings } from './rule-checks.js';
import {
  estopNotDominating,
  guardOpenRuns,
  interlockNotDominating,
  interlockWeakened,
  mutualExclusion,
  permissiveConstant,
  releaseRestarts,
  resetRestarts,
  verifierUnknown,
} from './rule-definitions.js';
import { contradictions } from './second-opinion.js';

/** Every rule that a proof decides, in the order of the catalogue. */
export const PROOF_RULES: readonly SafetyRule[] = [
  estopNotDominating,
  resetRestarts,
  releaseRestarts,
  interlockNotDominating,
  interlockWeakened,
  permissiveConstant,
  mutualExclusion,
  guardOpenRuns,
  ...OBLIGATION_RULES,
  verifierUnknown,
];

/**
 * Findings of one version of a site, sorted. Throws only the reason of an aborted signal.
 * @param scope `dominance` leaves out restart obligations: fast enough for an editor while someone types
 */
export function checkProofState(site: Site, signal?: AbortSignal, scope: ObligationScope = 'all'): Finding[] {
  return PROOF_RULES.filter(({ kind }) => kind === 'state')
    .flatMap((rule) => siteFindings(site, rule, signal, scope))
    .sort(compareFindings);
}

/** What a proof of a change found and did. Plain data: part of the verdict. */
export interface ProofOfChange {
  readonly findings: readonly Finding[];
  /** Output against condition, after the change. */
  readonly obligations: readonly ObligationResult[];
  /** Before against after. */
  readonly comparisons: readonly ChangeComparison[];
  /** A certificate of each proof; every one of them has been checked. */
  readonly certificates: CertificateFile;
}

/** A proof whose certificate can't be made or does not check is none: the prover is wrong somewhere. */
function uncertified({ id, problem }: CertificateProblem): Finding {
  return {
    ...startOfFile('plantwright.yaml'),
    code: 'PROOF-CERTIFICATE',
    rule: 'proof-without-certificate',
    severity: 'blocker',
    message: `The proof of ${id} has no certificate that checks (${problem}). This is a bug in Plantwright; until it is mended the change counts as not verified.`,
    related: [],
    witness: { proof: id, problem },
  };
}

/**
 * Proves a change: every obligation of the site after it, and that no hazard, condition or command became weaker.
 * An obligation that was refuted before the change already is reported as a warning: the change did not bring it in.
 */
export function checkProofChange(change: Change, signal?: AbortSignal): ProofOfChange {
  const proved = provedObligations(change.after, signal);
  const { comparisons, proofs } = comparedChange(change, signal);
  const isRefuted = ({ result }: { readonly result: ObligationResult }): boolean => result.status === 'refuted';
  const known = new Set(
    proved.some(isRefuted)
      ? provedObligations(change.before, signal)
          .filter(isRefuted)
          .map(({ result }) => result.id)
      : [],
  );
  const lost = proved.some(isRefuted) ? losableProofs(change, signal) : new Set<string>();
  const findings = PROOF_RULES.flatMap((rule) => {
    if (rule.kind === 'change') return changeFindings(change, rule, signal);
    return siteFindings(change.after, rule, signal)
      .filter(({ witness }) => witness['status'] === 'refuted')
      .map((finding): Finding => {
        const id = String(witnessId(finding));
        if (lost.has(id)) return withSeverity(finding, 'blocker', 'It was proved before the change.');
        return known.has(id) && finding.severity !== 'info'
          ? withSeverity(finding, 'warning', 'It was so before the change.')
          : finding;
      });
  });
  findings.push(...newContradictions(change, proved, signal));
  const own = proved.flatMap(({ proof }) => (proof === null ? [] : [proof]));
  const certified = certifyProofs([...own, ...proofs], signal);
  findings.push(...certified.problems.map(uncertified));
  return {
    findings: findings.sort(compareFindings),
    obligations: proved.map(({ result }) => result),
    comparisons,
    certificates: certified.file,
  };
}

/** Contradictions of proof and simulation. One that the version before has as well is not brought in by the change. */
function newContradictions(
  change: Change,
  proved: readonly ProvedObligation[],
  signal: AbortSignal | undefined,
): Finding[] {
  const found = contradictions(change.after, proved, signal);
  if (found.length === 0) return [];
  const before = contradictions(change.before, provedObligations(change.before, signal), signal);
  const known = new Set(before.map(witnessId));
  return found.map((finding) =>
    known.has(witnessId(finding)) ? withSeverity(finding, 'warning', 'It was so before the change.') : finding,
  );
}

function witnessId(finding: Finding): unknown {
  return finding.witness['obligation'];
}
