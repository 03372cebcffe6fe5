/** The verdict: the joined result of all verifiers for one exact diff (files.md, `verdict.json`). */

import type { Digest } from '../base/digest.js';
import type { Finding } from '../base/finding.js';

export const STAGE_NAMES = ['compile', 'safety', 'simulation', 'proof', 'judge'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

export type StageStatus = 'passed' | 'failed' | 'not-applicable';

/** The result of one verifier. `evidence` is JSON: what was checked, proved, simulated, under which assumptions. */
export interface StageResult<Name extends StageName = StageName, Status extends StageStatus = StageStatus> {
  readonly stage: Name;
  readonly status: Status;
  readonly findings: readonly Finding[];
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Duration in milliseconds. Not part of the digest. */
  readonly ms: number;
}

/** Compile and safety are never "not applicable". */
export type MandatoryStatus = Exclude<StageStatus, 'not-applicable'>;

/** Who must look at a change before it may be published. */
export type ReviewLevel = 'none' | 'engineer' | 'safety-engineer' | 'two-safety-engineers';

/** A tuple, not a list: a verdict without its safety section can't be written down. */
export type VerdictStages = readonly [
  StageResult<'compile', MandatoryStatus>,
  StageResult<'safety', MandatoryStatus>,
  StageResult<'simulation'>,
  StageResult<'proof'>,
  StageResult<'judge'>,
];

export interface Verdict {
  readonly schema: 'plantwright/verdict@1';
  readonly site: string;
  /** Commit that the change starts from. */
  readonly base: string;
  /** Commit, or digest of the tree, that was judged. */
  readonly head: string;
  /** Digest of the exact diff that was judged. */
  readonly diff: Digest;
  readonly status: 'passed' | 'failed';
  readonly review: ReviewLevel;
  readonly stages: VerdictStages;
  readonly tool: { readonly version: string; readonly rules: Digest };
  /** SHA-256 over the canonical JSON of the verdict without `digest` and without every `ms`. */
  readonly digest: Digest;
}
