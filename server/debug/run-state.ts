/** What the adapter says beside the protocol: where the run is in virtual time, and what is forced. */

/** Body of the event `plantwright.state`, and answer to the request of that name. */
export interface RunState {
  /** Number of the scan, from 0; null in a test, which has none. */
  readonly scan: number | null;
  readonly timeNs: number;
  readonly isRunning: boolean;
  readonly forces: readonly { readonly name: string; readonly value: string }[];
}

/** Arguments of the requests that only this adapter has. */
export interface CustomRequests {
  readonly 'plantwright.nextScan': Record<string, never>;
  readonly 'plantwright.previousScan': Record<string, never>;
  readonly 'plantwright.goToScan': { readonly scan: number };
  readonly 'plantwright.force': {
    readonly expression: string;
    readonly value: string;
    readonly frameId?: number;
  };
  readonly 'plantwright.release': { readonly expression: string; readonly frameId?: number };
  readonly 'plantwright.releaseAll': Record<string, never>;
  readonly 'plantwright.powerCycle': { readonly kind: 'cold' | 'warm' };
  readonly 'plantwright.state': Record<string, never>;
}

export type CustomCommand = keyof CustomRequests;
