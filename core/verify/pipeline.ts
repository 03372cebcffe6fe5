/**
 * The pipeline: compile, safety, simulation, proof, judge, in that order, joined to one verdict. There is no way to
 * leave a stage out (promise 1): the stages are a tuple, and whatever a verifier does instead of answering is a failed
 * stage.
 */

import { TOOL_VERSION } from '../base/version.js';
import type { Change, ChangeScope } from '../safety/rule.js';
import { openSite } from '../site/open-site.js';
import type { SiteSnapshot } from '../site/snapshot.js';
import { changeReach } from './change-reach.js';
import { compileStage, type UnreadPath } from './compile-stage.js';
import { type Judge, judgeStage } from './judge-stage.js';
import { proofStage } from './proof-stage.js';
import { reviewLevel } from './review-level.js';
import { RULES_DIGEST } from './rule-table.js';
import { safetyStage } from './safety-stage.js';
import { simulationStage } from './simulation-stage.js';
import { diffDigest } from './snapshot-digest.js';
import { type MonotonicClock, runStage } from './stage.js';
import type { MandatoryStatus, StageName, StageResult, Verdict, VerdictStages } from './verdict.js';
import { verdictDigest } from './verdict-digest.js';
import type { ReportProgress } from './verifier.js';

export interface VerificationRequest {
  readonly before: SiteSnapshot;
  readonly after: SiteSnapshot;
  /** Commit of `before`. */
  readonly base: string;
  /** Commit of `after`, or the digest of its tree. */
  readonly head: string;
  readonly scope: ChangeScope;
  /** What of `after` could not be read (links, submodules), and why: it can't be verified. */
  readonly unread: readonly UnreadPath[];
  /** Null: no model is configured as a judge. */
  readonly judge: Judge | null;
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  readonly clock: MonotonicClock;
}

/** Verifies one change. Never throws for anything that is wrong with the change; same input, same digest. */
export async function verifyChange(request: VerificationRequest): Promise<Verdict> {
  const { signal, progress, clock, scope } = request;
  const change: Change = { before: openSite(request.before), after: openSite(request.after), scope };
  const options = { signal, progress };

  progress(0, 'compile');
  const compile = await runStage('compile', () => compileStage(change, request.unread), signal, clock);
  progress(0.1, 'safety');
  const safety = await runStage('safety', () => safetyStage(change), signal, clock);
  progress(0.3, 'simulation');
  const simulation = await runStage('simulation', () => simulationStage(change, options), signal, clock);
  progress(0.6, 'proof');
  const proof = await runStage('proof', () => proofStage(change, options), signal, clock);
  progress(0.9, 'judge');
  const judge = await runStage('judge', () => judgeStage(change, request.judge, signal), signal, clock);
  progress(1, 'done');

  const stages: VerdictStages = [mandatory(compile), mandatory(safety), simulation, proof, judge];
  const unsealed = {
    schema: 'plantwright/verdict@1',
    site: change.after.manifest?.site ?? change.before.manifest?.site ?? 'unknown',
    base: request.base,
    head: request.head,
    diff: diffDigest(request.before, request.after),
    status: stages.every((stage) => stage.status !== 'failed') ? 'passed' : 'failed',
    review: reviewLevel(changeReach(change), change.before.manifest, change.after.manifest),
    stages,
    tool: { version: TOOL_VERSION, rules: RULES_DIGEST },
  } as const satisfies Omit<Verdict, 'digest'>;
  return { ...unsealed, digest: verdictDigest(unsealed) };
}

/** Safety and compile are never "not applicable": should a verifier say so, it counts as failed. */
function mandatory<Name extends StageName>(result: StageResult<Name>): StageResult<Name, MandatoryStatus> {
  return { ...result, status: result.status === 'passed' ? 'passed' : 'failed' };
}
