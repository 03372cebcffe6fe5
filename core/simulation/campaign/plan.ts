/**
 * What a fault campaign is told of a machine, and what it answers. Roles, zones and data flow are the caller's business:
 * here are only tags, healthy values and which signals can reach which hazard.
 */

import type { Finding } from '../../base/finding.js';
import type { FaultName, ScenarioContent } from '../scenario-file.js';
import type { UnknownUse } from '../unknown-uses.js';

/** A signal that permits motion while it is healthy. */
export interface CampaignCondition {
  readonly tag: string;
  readonly healthy: boolean;
  /**
   * `commanded`: after it was not healthy, the hazard may come back only by a reset and a start (emergency stop, guard,
   * light curtain). `free`: the hazard may come back with it (an enabling switch, a pressure switch).
   */
  readonly restart: 'commanded' | 'free';
  /** True for the feedback of an actuator: it fails as the actuator does that is stuck. */
  readonly isFeedback?: boolean;
}

/** An output that moves, heats or presses. */
export interface CampaignHazard {
  readonly tag: string;
  readonly off: boolean | number;
  /** Tags of the conditions without which it must be off. */
  readonly conditions: readonly string[];
  /** Tags whose rising edge resets the zone of the hazard, and whose rising edge starts it. */
  readonly resets: readonly string[];
  readonly starts: readonly string[];
  /** Signals that can reach the hazard; only those are made to fail. What the program itself writes is left out. */
  readonly reach: readonly string[];
  /** Time from a demand to this hazard being off, in nanoseconds. Default: that of the options. */
  readonly budgetNs?: number;
  /**
   * Faults that may stand at the same time: two where no single fault may mask another (ISO 13849-1:2023, 6.1.3.2.5,
   * category 4: accumulated faults must not lead to the loss of the safety function). Default: 1.
   */
  readonly simultaneousFaults?: 1 | 2;
}

/** Two or more channels that must agree, and the tag that says so when they don't. */
export interface CampaignDiagnosis {
  readonly channels: readonly string[];
  readonly tag: string;
  /** Longest time that the channels may disagree, in nanoseconds, before the tag must be raised. */
  readonly withinNs: number;
}

export interface CampaignPlan {
  readonly hazards: readonly CampaignHazard[];
  readonly conditions: readonly CampaignCondition[];
  readonly diagnoses: readonly CampaignDiagnosis[];
  /** Scenarios of the site: how its people bring the machine to run. */
  readonly seeds: readonly ScenarioContent[];
}

export interface CampaignOptions {
  /** The same seed gives the same cases. */
  readonly seed: number;
  /** Time from a demand to the hazard being off, in nanoseconds. Default 0: in the same scan. */
  readonly budgetNs?: number;
  /** Cases that are run at most; the rest counts as skipped. Default: 4000. */
  readonly maximumCases?: number;
  /** Actions that are tried, for each hazard, to bring the machine to run from states that were reached. Default: 12000. */
  readonly searchRuns?: number;
  readonly signal?: AbortSignal;
  readonly progress?: (fraction: number, what: string) => void;
}

export const PHASES = [
  'first-scan',
  'idle',
  'starting',
  'running',
  'stopping',
  'tripped',
  'resetting',
  'power-cycle',
] as const;
/** What the machine is doing when the fault begins. */
export type Phase = (typeof PHASES)[number];

export type CampaignCheck =
  /** The hazard was on while a condition was not healthy, later than the budget allows. */
  | 'hazard-off'
  /** The hazard came back without a reset or without a start. */
  | 'restart'
  /** A reset that was given while the demand stood was taken for one. */
  | 'reset-under-demand'
  /** Channels disagreed and nothing said so. */
  | 'diagnosis'
  /** The program stopped with a run-time fault. */
  | 'run-time-fault';

export interface FaultOfSignal {
  readonly signal: string;
  readonly kind: FaultName;
}

export interface CampaignCaseName extends FaultOfSignal {
  readonly phase: Phase;
  /** The fault that stands beside the first. */
  readonly second?: FaultOfSignal;
}

export interface CampaignFailure extends CampaignCaseName {
  readonly check: CampaignCheck;
  readonly hazard: string;
  readonly timeNs: number;
  /** What happened, in one sentence. */
  readonly message: string;
  /** Shortest scenario found that shows it. It fails when it is run. */
  readonly scenario: ScenarioContent;
  /** The same as the text of a scenario file. */
  readonly yaml: string;
  /** Other cases that fail by the same check for the same hazard and signal. */
  readonly alsoIn: readonly CampaignCaseName[];
}

export interface CampaignResult {
  /**
   * `incomplete`: nothing failed, but phases were not reached or cases were skipped; `unknown`: a case reached something
   * that the simulator can't execute. Only `passed` says that every case was run and held.
   */
  readonly status: 'passed' | 'failed' | 'unknown' | 'incomplete';
  readonly seed: number;
  readonly cases: number;
  /** Cases by the kinds of their faults, in the order of the kinds; a case of two kinds counts for both. */
  readonly kinds: Readonly<Partial<Record<FaultName, number>>>;
  readonly scans: number;
  /** Cases beyond the limit. */
  readonly skipped: number;
  readonly failures: readonly CampaignFailure[];
  /** Phases into which no sequence of inputs was found that leads there. */
  readonly unreached: readonly { readonly hazard: string; readonly phase: Phase }[];
  /** Signals of `reach` that were not made to fail, because the program writes them or they have no scalar value. */
  readonly notDriven: readonly string[];
  readonly unknown: readonly UnknownUse[];
  /** What is wrong with the plan: tags that do not exist. */
  readonly findings: readonly Finding[];
  readonly profile: string;
}
