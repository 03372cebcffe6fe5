/** The fault campaign on both versions of a change, as part of the simulation verifier. */

import { type Finding, startOfFile } from '../base/finding.js';
import { hazardLogicDiffers } from '../safety/compare/hazard-logic.js';
import { isTokenEqualChange } from '../safety/compare/source-changes.js';
import type { Change } from '../safety/rule.js';
import { safetyModelOf } from '../safety/safety-model.js';
import type { CampaignFailure, CampaignPlan } from '../simulation/campaign/plan.js';
import { type CampaignComparison, compareCampaigns, type HazardPhase } from '../simulation/campaign-comparison.js';
import type { ScenarioContent } from '../simulation/scenario-file.js';
import { campaignPlanOf } from './campaign-plan.js';
import type { HazardBehaviour } from './hazard-behaviour.js';
import { diffDigest } from './snapshot-digest.js';
import type { VerifierOptions } from './verifier.js';

/** Cases of one verdict, shared by the hazards that the change touches, and actions of the search for their phases. */
const CASES = 2400;
const SEARCH_ACTIONS = 6000;
/** The hazard is off in the scan in which the demand is read. */
const BUDGET_NS = 0;

export interface FaultBehaviour extends HazardBehaviour {
  /** How the hazards that the change touches are brought to run. */
  readonly ways: readonly ScenarioContent[];
}

/**
 * Runs the campaign for every declared hazard whose logic the change touches. A failure that the version before does
 * not have is a veto, and so is a hazard that can no longer be brought into a phase in which it was examined before.
 * The seed comes from the change, so that the same change always sees the same cases.
 */
export function compareUnderFaults(change: Change, options: VerifierOptions): FaultBehaviour {
  const touched = touchedHazards(change);
  if (touched.size === 0) return { findings: [], evidence: null, ways: [] };
  const seed = Number.parseInt(diffDigest(change.before.snapshot, change.after.snapshot).slice(-7), 16);
  const only = (plan: CampaignPlan): CampaignPlan => ({
    ...plan,
    hazards: plan.hazards.filter((hazard) => touched.has(hazard.tag.toUpperCase())),
  });
  const comparison = compareCampaigns(
    { project: change.before.project, plan: only(campaignPlanOf(change.before)) },
    { project: change.after.project, plan: only(campaignPlanOf(change.after)) },
    {
      seed,
      budgetNs: BUDGET_NS,
      maximumCases: CASES,
      searchRuns: SEARCH_ACTIONS,
      signal: options.signal,
      progress: options.progress,
    },
  );
  return {
    findings: [
      ...comparison.findings,
      ...comparison.added.map((failure) => failureFinding(change, failure)),
      ...lostFindings(change, comparison.lost),
      ...unknownFindings(comparison),
    ],
    evidence: evidenceOf(comparison),
    ways: comparison.ways,
  };
}

/** Upper-case tags of the declared hazards that compute something else, or at other times, after the change. */
function touchedHazards(change: Change): ReadonlySet<string> {
  if (isTokenEqualChange(change)) return new Set();
  const hazards = [...safetyModelOf(change.before).hazards, ...safetyModelOf(change.after).hazards];
  return new Set(
    hazards
      .filter((hazard) => hazard.source !== 'name' && hazardLogicDiffers(change, hazard))
      .map((hazard) => hazard.tag.toUpperCase()),
  );
}

function placeOf(change: Change, tag: string): Pick<Finding, 'file' | 'line' | 'column' | 'endLine' | 'endColumn'> {
  const hazard = safetyModelOf(change.after).hazards.find((each) => each.tag.toUpperCase() === tag.toUpperCase());
  return hazard?.declaration ?? startOfFile(change.after.project.files[0]?.path ?? 'plantwright.yaml');
}

function failureFinding(change: Change, failure: CampaignFailure): Finding {
  const { hazard, signal, kind, phase, check, second } = failure;
  const budgetNs = budgetOf(change, hazard);
  const beside = second === undefined ? '' : ` and then the fault ${second.kind} of ${second.signal}`;
  const alike = failure.alsoIn.length === 0 ? '' : ` ${failure.alsoIn.length} other cases fail alike.`;
  return {
    ...placeOf(change, hazard),
    code: 'SIM-CAMPAIGN',
    rule: 'fault-campaign',
    severity: 'blocker',
    message: `${failure.message} It takes the fault ${kind} of ${signal}${beside} while the machine is in the phase "${phase}"; the hazard must be off within ${budgetNs / 1e6} ms${budgetNs === 0 ? ', in the same scan' : ''}. The version before the change passes this scenario.${alike} The scenario of the witness shows it in the simulator.`,
    related: [],
    witness: {
      hazard,
      signal,
      kind,
      phase,
      ...(second === undefined ? {} : { second }),
      check,
      budgetNs,
      timeNs: failure.timeNs,
      scenario: failure.yaml,
    },
  };
}

/** What the manifest declares as the response time of a hazard after the change, in nanoseconds. */
function budgetOf(change: Change, tag: string): number {
  const hazard = safetyModelOf(change.after).hazards.find((each) => each.tag.toUpperCase() === tag.toUpperCase());
  return Number(hazard?.response ?? BUDGET_NS);
}

function lostFindings(change: Change, lost: readonly HazardPhase[]): Finding[] {
  return [...new Set(lost.map(({ hazard }) => hazard))].map((hazard) => {
    const phases = lost.filter((each) => each.hazard === hazard).map(({ phase }) => phase);
    return {
      ...placeOf(change, hazard),
      code: 'SIM-UNREACHED',
      rule: 'fault-campaign',
      severity: 'error',
      message: `${hazard} could be examined in the phases ${phases.join(', ')} before the change; after it no sequence of inputs was found that leads there, so its reaction to faults could not be examined. If that is intended, show by a scenario of the site how the machine is brought to run.`,
      related: [],
      witness: { hazard, phases },
    };
  });
}

function unknownFindings({ result }: CampaignComparison): Finding[] {
  return result.unknown.map((use) => ({
    ...startOfFile(use.file),
    line: use.line,
    endLine: use.line,
    code: 'SIM-UNKNOWN',
    rule: 'unknown-result',
    severity: 'error',
    message: `The fault campaign reached ${use.name}, which the simulator can't execute: ${use.reason}. What it would do is not known.`,
    related: [],
    witness: {},
  }));
}

function evidenceOf({ result, added, kept, lost, never }: CampaignComparison): Readonly<Record<string, unknown>> {
  const short = ({ hazard, check, signal, kind, phase, second }: CampaignFailure) => ({
    hazard,
    check,
    signal,
    kind,
    phase,
    ...(second === undefined ? {} : { second }),
  });
  return {
    status: added.length + lost.length > 0 ? 'failed' : result.unknown.length > 0 ? 'unknown' : 'passed',
    seed: result.seed,
    profile: result.profile,
    cases: result.cases,
    kinds: result.kinds,
    scans: result.scans,
    skipped: result.skipped,
    newFailures: added.map(short),
    failuresAsBefore: kept.map(short),
    notReached: never,
    noLongerReached: lost,
    notDriven: result.notDriven,
  };
}
