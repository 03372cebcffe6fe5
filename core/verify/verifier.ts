import type { Change } from '../safety/rule.js';
import type { StageName, StageResult } from './verdict.js';

/** Progress of long work: a fraction from 0 to 1 and what is being done. */
export type ReportProgress = (fraction: number, message: string) => void;

/**
 * A verifier: a pure function of a change. It must not read the clock, the disk or the network, and must end soon
 * after `signal` is aborted (by throwing `signal.reason`; the pipeline turns that into a failed stage).
 */
export type Verifier<Name extends StageName> = (
  change: Change,
  options: { readonly signal: AbortSignal; readonly progress: ReportProgress },
) => Promise<Omit<StageResult<Name>, 'ms'>>;
