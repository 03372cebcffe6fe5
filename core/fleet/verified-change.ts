/**
 * Promises 1 and 3 as types. A `VerifiedChange` exists only for a passed verdict over exactly the files at hand; an
 * `ApprovedChange` only for a verified one that the right people signed. Both have private constructors, so there is no
 * other way to one, and what publishes asks for an `ApprovedChange`.
 */

import { type Finding, failsVerdict } from '../base/finding.js';
import { changedFiles, type SiteSnapshot } from '../site/snapshot.js';
import { diffDigest } from '../verify/snapshot-digest.js';
import { STAGE_NAMES, type StageName, type Verdict } from '../verify/verdict.js';
import { isIntact } from '../verify/verdict-digest.js';

/** Why a change is not verified, one sentence each. */
export interface Unverified {
  readonly verified: false;
  readonly reasons: readonly string[];
}

export interface ChangeContent {
  readonly base: string;
  readonly head: string;
  readonly before: SiteSnapshot;
  readonly after: SiteSnapshot;
}

/** A change together with a verdict that passed on exactly this change. */
export class VerifiedChange {
  readonly verified = true;
  readonly verdict: Verdict;
  readonly content: ChangeContent;
  /** Makes the type nominal: no literal and no other class fits it. */
  readonly #verdictHeld = true;

  private constructor(verdict: Verdict, content: ChangeContent) {
    this.verdict = verdict;
    this.content = content;
  }

  /** Whether a value came from `from`, whatever its type says: code without types is held to it too. */
  static is(value: unknown): value is VerifiedChange {
    return typeof value === 'object' && value !== null && #verdictHeld in value && value.#verdictHeld;
  }

  /** The verified change, or why it is none: the verdict failed, lacks a stage, was altered, or judges something else. */
  static from(verdict: Verdict, content: ChangeContent): VerifiedChange | Unverified {
    const reasons = [...verdictProblems(verdict), ...bindingProblems(verdict, content)];
    return reasons.length === 0 ? new VerifiedChange(verdict, content) : { verified: false, reasons };
  }
}

function verdictProblems(verdict: Verdict): string[] {
  const reasons: string[] = [];
  if (verdict.schema !== 'plantwright/verdict@1') reasons.push('The verdict has an unknown form.');
  if (!Array.isArray(verdict.stages) || STAGE_NAMES.some((name, index) => verdict.stages[index]?.stage !== name)) {
    return [...reasons, `The verdict does not hold all of its sections (${STAGE_NAMES.join(', ')}).`];
  }
  if (!isIntact(verdict)) reasons.push('The verdict does not match its own digest: it was altered.');
  for (const { stage, status, findings } of verdict.stages) {
    const reason = stageProblem(stage, status, findings);
    if (reason !== null) reasons.push(reason);
  }
  if (verdict.status !== 'passed' && reasons.length === 0) reasons.push('The verdict is not passed.');
  return reasons;
}

/** `status` is text: a stored verdict may hold anything. */
function stageProblem(stage: StageName, status: string, findings: readonly Finding[]): string | null {
  if (status === 'failed') return `The ${stage} verifier refused the change.`;
  if (status === 'not-applicable') {
    return stage === 'compile' || stage === 'safety' ? `The ${stage} verifier gave no result.` : null;
  }
  if (status !== 'passed') return `The ${stage} verifier has an unknown result.`;
  return findings.some(({ severity }) => failsVerdict(severity))
    ? `The ${stage} verifier says passed but lists errors.`
    : null;
}

function bindingProblems(verdict: Verdict, content: ChangeContent): string[] {
  const reasons: string[] = [];
  if (verdict.base !== content.base)
    reasons.push(`The verdict starts from commit ${verdict.base}, the change from ${content.base}.`);
  if (verdict.head !== content.head) reasons.push(`The verdict judges ${verdict.head}, the change is ${content.head}.`);
  if (verdict.diff !== diffDigest(content.before, content.after))
    reasons.push('The verdict judges another difference than that of this change.');
  if (changedFiles(content.before, content.after).length === 0) reasons.push('The change changes no file.');
  return reasons;
}
