import type { Finding } from '../../core/base/finding.js';
import type { Fleet, FleetSite } from '../../core/fleet/fleet.js';
import type { RunState } from '../../core/fleet/run-record.js';
import type { ReviewLevel, StageName, Verdict } from '../../core/verify/verdict.js';

/** What the views show of a fleet. Built from the store on disk and the events of a run in progress. */
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
  readonly change: ChangeView | null;
}

/** The work of a run on one site. */
export interface AttemptView {
  /** In words: waiting, running, needs an engineer, … */
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

export interface ChangeView {
  readonly id: string;
  readonly site: string;
  readonly isOpen: boolean;
  /** In words: open, approved by …, rejected by … */
  readonly status: string;
  readonly review: ReviewLevel;
  readonly verdict: Verdict;
  /** Folder of the change request. */
  readonly folder: string;
}
