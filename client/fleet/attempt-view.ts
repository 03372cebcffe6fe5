import type { AttemptState, AttemptSummary } from '../../core/fleet/run-record.js';
import { STAGE_NAMES, type StageName, type Verdict } from '../../core/verify/verdict.js';
import type { AttemptView } from './fleet-state.js';

const WORDS: Readonly<Record<AttemptState, readonly [AttemptView['kind'], string]>> = {
  queued: ['waiting', 'waiting'],
  preparing: ['running', 'preparing'],
  running: ['running', 'changing'],
  verifying: ['running', 'verifying'],
  'awaiting-approval': ['good', 'awaiting approval'],
  verified: ['good', 'verified, nothing kept'],
  skipped: ['neutral', 'not meant for this site'],
  'needs-engineer': ['attention', 'needs an engineer'],
  'not-needed': ['neutral', 'already as wanted'],
  blocked: ['bad', 'refused by the verifiers'],
  failed: ['bad', 'failed'],
  cancelled: ['neutral', 'cancelled'],
};

/** What a running process said last about its work on a site. */
export interface LiveProgress {
  readonly message: string;
}

/** An attempt in the words of the views. `isLive`: a process works on the run. */
export function attemptView(
  attempt: AttemptSummary,
  verdict: Verdict | null,
  live: LiveProgress | null,
  isLive: boolean,
): AttemptView {
  const [kind, status] = WORDS[attempt.state];
  const isStalled = kind === 'running' && !isLive;
  return {
    status: isStalled ? 'interrupted' : status,
    kind: isStalled ? 'attention' : kind,
    detail: isStalled ? 'The run was interrupted. Resume it to continue.' : attempt.reasons.join(' '),
    stage: kind === 'running' && isLive ? stageOf(live) : null,
    verdict,
    findings: attempt.findings,
  };
}

function stageOf(live: LiveProgress | null): StageName | null {
  return STAGE_NAMES.find((stage) => stage === live?.message) ?? null;
}
