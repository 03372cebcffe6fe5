/** What the debug adapter says beside the protocol: where the run is in virtual time, and what is forced. */
export interface RunState {
  /** Number of the scan, from 0; null in a test, which has none. */
  readonly scan: number | null;
  /** Virtual time in nanoseconds. */
  readonly timeNs: number;
  readonly isRunning: boolean;
  readonly forces: readonly { readonly name: string; readonly value: string }[];
}

/** The event that carries it as its body. */
export const STATE_EVENT = 'plantwright.state';
