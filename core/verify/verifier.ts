/** Progress of long work: a fraction from 0 to 1 and what is being done. */
export type ReportProgress = (fraction: number, message: string) => void;

/**
 * What a verifier gets beside the change. It must not read the clock, the disk or the network, and must end soon after
 * `signal` is aborted (by throwing its reason; `runStage` turns that into a failed stage).
 */
export interface VerifierOptions {
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
}
