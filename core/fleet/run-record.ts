/** A run and its attempts: their states, the events between them, and the summary that `run.json` holds. */

import type { Digest } from '../base/digest.js';
import type { Finding } from '../base/finding.js';
import type { EngineCost, EngineIdentity } from '../verify/engine.js';
import type { ReviewLevel, StageName, StageStatus } from '../verify/verdict.js';
import type { ChainEntry } from './hash-chain.js';

/**
 * queued > preparing > running > verifying > awaiting-approval (in a dry run: verified).
 * Ends besides: skipped (the migration is not meant for the site), needs-engineer, not-needed, blocked (the verifiers
 * refused), failed, cancelled.
 */
const ATTEMPT_STATES = [
  'queued',
  'preparing',
  'running',
  'verifying',
  'awaiting-approval',
  'verified',
  'skipped',
  'needs-engineer',
  'not-needed',
  'blocked',
  'failed',
  'cancelled',
] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

const OPEN_STATES: readonly AttemptState[] = ['queued', 'preparing', 'running', 'verifying'];

export function isOpen(state: AttemptState): boolean {
  return OPEN_STATES.includes(state);
}

/** Why an attempt failed or was cancelled, for the exit code, for `resume` and for `retry`. */
export type EndCause = 'bad-input' | 'engine' | 'no-engine' | 'internal' | 'interrupted' | 'cancelled' | 'budget';

export interface PlannedSite {
  readonly name: string;
  readonly folderName: string;
  readonly wave: string | null;
  /** Commit that the attempt starts from, fixed when the run starts. Null when the repository can't be used. */
  readonly base: string | null;
  readonly baseBranch: string | null;
  /** What is wrong with the repository. */
  readonly problem: string | null;
}

/** What a run was started with. Never changes; the first event is bound to its digest. */
export interface RunPlan {
  readonly schema: 'plantwright/run@1';
  readonly id: string;
  readonly migration: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly digest: Digest;
    /** Name of the copy of the migration in the run's folder. */
    readonly copy: string;
  };
  readonly fleet: Digest;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly dryRun: boolean;
  readonly concurrency: number;
  readonly budgetUsd: number | null;
  readonly budgetTokens: number | null;
  readonly sites: readonly PlannedSite[];
  readonly toolVersion: string;
}

/** What is known of an attempt; each event adds to it. */
export interface AttemptSummary {
  readonly site: string;
  readonly folderName: string;
  readonly wave: string | null;
  readonly state: AttemptState;
  /** 1, and one more with each retry. */
  readonly attempt: number;
  readonly cause: EndCause | null;
  readonly reasons: readonly string[];
  readonly findings: readonly Finding[];
  readonly base: string | null;
  readonly baseBranch: string | null;
  readonly head: string | null;
  readonly branch: string | null;
  readonly car: string | null;
  readonly summary: string | null;
  readonly engine: EngineIdentity | null;
  readonly cost: EngineCost | null;
  readonly verdict: VerdictSummary | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface VerdictSummary {
  readonly status: 'passed' | 'failed';
  readonly review: ReviewLevel;
  readonly digest: Digest;
  readonly stages: readonly { readonly stage: StageName; readonly status: StageStatus; readonly findings: number }[];
}

/** Members of an attempt's summary that an event may set. */
export type AttemptFacts = Partial<
  Omit<AttemptSummary, 'site' | 'folderName' | 'wave' | 'state' | 'startedAt' | 'endedAt'>
>;

export interface RunEventBody {
  readonly time: string;
  /** `run.started`, `run.resumed`, `run.ended`, `attempt.state`. */
  readonly event: string;
  /** Null for events of the whole run. */
  readonly site: string | null;
  readonly state: AttemptState | null;
  readonly payload: Readonly<Record<string, unknown>>;
}

export type RunEvent = ChainEntry<RunEventBody>;

export type RunState = 'running' | 'finished' | 'cancelled' | 'interrupted';

/** `run.json`: the plan and where every attempt stands. */
export interface RunSummary extends RunPlan {
  readonly state: RunState;
  readonly endedAt: string | null;
  readonly attempts: readonly AttemptSummary[];
}

/** The attempts as the plan leaves them. */
function plannedAttempts(plan: RunPlan): AttemptSummary[] {
  return plan.sites.map((site) => ({
    site: site.name,
    folderName: site.folderName,
    wave: site.wave,
    state: 'queued',
    attempt: 1,
    cause: null,
    reasons: [],
    findings: [],
    base: site.base,
    baseBranch: site.baseBranch,
    head: null,
    branch: null,
    car: null,
    summary: null,
    engine: null,
    cost: null,
    verdict: null,
    startedAt: null,
    endedAt: null,
  }));
}

/** Replays events over a plan: the one way from the recorded events to the state of a run. */
export function replay(plan: RunPlan, events: readonly RunEventBody[]): RunSummary {
  const state = new RunReplay(plan);
  for (const event of events) state.apply(event);
  return state.summary;
}

/** The state of a run as its events come in. */
export class RunReplay {
  readonly #plan: RunPlan;
  readonly #attempts: Map<string, AttemptSummary>;
  #state: RunState = 'running';
  #endedAt: string | null = null;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.#attempts = new Map(plannedAttempts(plan).map((attempt) => [attempt.site, attempt]));
  }

  apply(event: RunEventBody): void {
    if (event.event === 'run.ended') {
      this.#state = event.payload['state'] as RunState;
      this.#endedAt = event.time;
    } else if (event.event === 'run.resumed' || event.event === 'run.retried') {
      this.#state = 'running';
      this.#endedAt = null;
    }
    const attempt = event.site === null ? undefined : this.#attempts.get(event.site);
    if (attempt === undefined || event.state === null) return;
    this.#attempts.set(attempt.site, applyEvent(attempt, event, event.state));
  }

  get summary(): RunSummary {
    return { ...this.#plan, state: this.#state, endedAt: this.#endedAt, attempts: [...this.#attempts.values()] };
  }
}

function applyEvent(attempt: AttemptSummary, event: RunEventBody, state: AttemptState): AttemptSummary {
  const facts = event.payload as AttemptFacts;
  if (state === 'queued') {
    const fresh = {
      cause: null,
      reasons: [],
      findings: [],
      head: null,
      branch: null,
      car: null,
      summary: null,
      engine: null,
      cost: null,
      verdict: null,
    };
    return { ...attempt, ...fresh, startedAt: null, endedAt: null, ...facts, state };
  }
  return {
    ...attempt,
    ...facts,
    state,
    startedAt: state === 'preparing' ? event.time : attempt.startedAt,
    endedAt: isOpen(state) ? null : event.time,
  };
}
