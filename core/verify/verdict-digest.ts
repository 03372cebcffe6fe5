import { type Digest, digestOfJson } from '../base/digest.js';
import type { Verdict } from './verdict.js';

/** The digest of a verdict: over its canonical JSON without `digest` and without every `ms`. */
export function verdictDigest(verdict: Omit<Verdict, 'digest'>): Digest {
  const { schema, site, base, head, diff, status, review, tool } = verdict;
  const stages = verdict.stages.map(({ stage, status: stageStatus, findings, evidence }) => ({
    stage,
    status: stageStatus,
    findings,
    evidence,
  }));
  return digestOfJson({ schema, site, base, head, diff, status, review, stages, tool });
}

/** True when the digest of a stored verdict fits its content. */
export function isIntact(verdict: Verdict): boolean {
  return verdict.digest === verdictDigest(verdict);
}
