import { type Finding, startOfFile } from '../base/finding.js';
import type { StageName, StageResult, StageStatus } from './verdict.js';

/** Milliseconds of a clock that never goes back. Injected, so that verifiers stay free of clocks. */
export type MonotonicClock = () => number;

/** What a verifier answers; the time it took is added by `runStage`. */
export interface StageAnswer {
  readonly status: StageStatus;
  readonly findings: readonly Finding[];
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** A finding about the verification itself rather than about a line of code. */
export function verificationFinding(code: string, rule: string, message: string, file = 'plantwright.yaml'): Finding {
  return { ...startOfFile(file), code, rule, severity: 'blocker', message, related: [], witness: {} };
}

/** Raised by `throwIfStopped` when a verification has run out of time or was cancelled. */
export function stopReason(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') return 'it ran out of time';
  return 'it was cancelled';
}

/**
 * Runs one verifier and turns whatever happens into a result: an exception is a failed stage with the reason, never a
 * missing one, and never a passed one (promise 1).
 */
export async function runStage<Name extends StageName>(
  stage: Name,
  work: () => Promise<StageAnswer> | StageAnswer,
  signal: AbortSignal,
  clock: MonotonicClock,
): Promise<StageResult<Name>> {
  const started = clock();
  const answer = await attempt(stage, work, signal);
  return { stage, ...answer, ms: Math.max(0, clock() - started) };
}

async function attempt(
  stage: StageName,
  work: () => Promise<StageAnswer> | StageAnswer,
  signal: AbortSignal,
): Promise<StageAnswer> {
  if (signal.aborted) return unfinished(stage, stopReason(signal));
  try {
    const answer = await work();
    return signal.aborted ? unfinished(stage, stopReason(signal)) : answer;
  } catch (error) {
    if (signal.aborted) return unfinished(stage, stopReason(signal));
    const message = error instanceof Error ? error.message : String(error);
    return {
      status: 'failed',
      findings: [
        verificationFinding(
          'VERIFIER-CRASH',
          'verifier-crash',
          `The ${stage} verifier stopped with an internal error (${message}). This is a bug in Plantwright; until it is mended the change counts as not verified.`,
        ),
      ],
      evidence: { crashed: message },
    };
  }
}

function unfinished(stage: StageName, why: string): StageAnswer {
  return {
    status: 'failed',
    findings: [
      verificationFinding(
        'VERIFIER-TIMEOUT',
        'verifier-timeout',
        `The ${stage} verifier did not finish because ${why}. A change without a complete result counts as not verified.`,
      ),
    ],
    evidence: { unfinished: why },
  };
}
