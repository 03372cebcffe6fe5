import type { Finding } from '../../core/base/finding.js';
import type { ChangeView } from '../../core/fleet/changes.js';
import type { Fleet, FleetSite } from '../../core/fleet/fleet.js';
import type { RunState } from '../../core/fleet/run-record.js';
import type { StageName, Verdict } from '../../core/verify/verdict.js';

/** What the views show of a fleet. Built from the store on disk and the messages of a run in progress. */
export interface FleetState {
  /** Null: fleet.yaml is missing or refused; `problems` says why. */
  readonly fleet: Fleet | null;
  readonly problems: readonly Finding[];
  readonly run: RunView | null;
  readonly sites: readonly SiteView[];
}

export interface RunView {
  readonly id: string;
  readonly title: string;
  readonly state: RunState;
  readonly isDryRun: boolean;
  /** Sites that are done, and all sites of the run. */
  readonly done: number;
  readonly total: number;
}

export interface SiteView {
  readonly site: FleetSite;
  readonly attempt: AttemptView | null;
  /** The newest change request of the site. */
  readonly change: ChangeView | null;
}

/** The work of a run on one site. */
export interface AttemptView {
  /** In words: waiting, verifying, needs an engineer, … */
  readonly status: string;
  readonly kind: 'waiting' | 'running' | 'good' | 'attention' | 'bad' | 'neutral';
  /** Why it ended as it did; empty while it runs. */
  readonly detail: string;
  /** The verifier at work. */
  readonly stage: StageName | null;
  readonly verdict: Verdict | null;
  /** What an engine or a verifier found outside of a verdict. */
  readonly findings: readonly Finding[];
}

export const NO_FLEET: FleetState = { fleet: null, problems: [], run: null, sites: [] };
