/** Before and after a change, on the same inputs: the second opinion beside the proof. */

import { type Finding, startOfFile } from '../base/finding.js';
import { isTokenEqualChange } from '../safety/compare/source-changes.js';
import type { Change } from '../safety/rule.js';
import { type SafetyModel, safetyModelOf } from '../safety/safety-model.js';
import type { ResolvedSignal } from '../safety/signal-roles.js';
import type { CampaignPlan } from '../simulation/campaign/plan.js';
import type { BehaviourDifference } from '../simulation/co-simulation/replay.js';
import { compareBehaviour, describeDifference } from '../simulation/co-simulation.js';
import { type Recording, recordingsOf } from '../simulation/recordings.js';
import type { ScenarioContent } from '../simulation/scenario-file.js';
import { createSimulation } from '../simulation/simulation.js';
import type { JsonValue } from '../simulation/values.js';
import type { Site } from '../site/site.js';
import { campaignPlanOf } from './campaign-plan.js';
import { diffDigest } from './snapshot-digest.js';
import { verificationFinding } from './stage.js';

/** Scenarios of the site that both versions follow first. */
const SCENARIOS = 20;
/** Scans of made-up inputs, of both versions. */
const SCANS = 6000;

export interface HazardBehaviour {
  readonly findings: readonly Finding[];
  /** Null when there is no hazard to compare. */
  readonly evidence: Readonly<Record<string, unknown>> | null;
}

/**
 * Compares every declared hazard output before and after. A hazard that is on after the change while one of its
 * conditions is not healthy is a veto; any other difference is shown to the reviewer; what can't be compared fails. The
 * seed comes from the change, so that the same change always sees the same inputs.
 */
export function compareHazardBehaviour(
  change: Change,
  ways: readonly ScenarioContent[],
  signal: AbortSignal,
): HazardBehaviour {
  const model = safetyModelOf(change.before);
  const hazards = model.hazards.filter((hazard) => hazard.source !== 'name');
  if (hazards.length === 0) return { findings: [], evidence: null };
  if (isTokenEqualChange(change)) {
    return { findings: [], evidence: { status: 'equal', method: 'the tokens of the code are the same' } };
  }
  const conditions = hazards.flatMap((hazard) => model.conditionsOf(hazard));
  const plans = [campaignPlanOf(change.before), campaignPlanOf(change.after)];
  const seed = Number.parseInt(diffDigest(change.before.snapshot, change.after.snapshot).slice(-7), 16);
  const now = recordingsOf(change.after);
  // A change can't take a recording away that it would have been measured by.
  const known = recordingsOf(change.before).recordings;
  const added = now.recordings.filter(({ file }) => !known.some((each) => each.file === file));
  const recordings = [...known, ...added];
  const result = compareBehaviour(change.before.project, change.after.project, {
    hazards: hazards.map((hazard) => hazard.tag),
    inputs: concernedInputs(plans),
    conditions: conditions.filter((condition) => condition.healthy).map((condition) => condition.tag),
    seed,
    sequences: recordings.map(({ sequence }) => sequence),
    scenarios: [...plans.flatMap((plan) => plan.seeds).slice(0, SCENARIOS), ...ways],
    scans: SCANS,
    signal,
  });
  const { difference, status, scans, sequences, states, unmatched } = result;
  const unknown = result.unknown.map((use) => `${use.name} (${use.file}:${use.line}): ${use.reason}`);
  const findings: Finding[] = [...now.findings, ...result.findings];
  if (status === 'unknown' && result.findings.length === 0) {
    findings.push(
      verificationFinding(
        'SIM-UNKNOWN',
        'unknown-result',
        `The behaviour before and after can't be compared, because the program reaches what the simulator can't execute: ${unknown.join('; ')}.`,
      ),
    );
  }
  if (difference !== null) findings.push(differenceFinding(change, difference));
  return {
    findings,
    evidence: {
      status,
      scans,
      sequences,
      ...(recordings.length === 0 ? {} : { recordings: recordings.map(recordingEvidence) }),
      states,
      seed,
      hazards: hazards.map((hazard) => hazard.tag),
      unmatched,
      unknown,
      difference,
    },
  };
}

/** How much of a recording was followed, and what in it could not be given to the program. */
function recordingEvidence({ file, sequence, scans, unknown }: Recording): Readonly<Record<string, unknown>> {
  return { file, scans, followed: sequence.scans, unknown };
}

/** The inputs that can reach a declared hazard in one of the versions: the others can't tell the versions apart. */
function concernedInputs(plans: readonly CampaignPlan[]): string[] {
  return [...new Set(plans.flatMap((plan) => plan.hazards.flatMap((hazard) => hazard.reach)))];
}

function differenceFinding(change: Change, difference: BehaviourDifference): Finding {
  const model = safetyModelOf(change.after);
  const hazard = model.hazards.find((each) => each.tag.toUpperCase() === difference.tag.toUpperCase());
  const unhealthy =
    hazard === undefined || difference.after === hazard.off ? [] : unhealthyAt(change, model, hazard, difference);
  const place = hazard?.declaration ?? startOfFile(change.after.project.files[0]?.path ?? '');
  const witness = {
    ...difference,
    valuesBefore: lastValues(change.before, difference),
    valuesAfter: lastValues(change.after, difference),
  };
  const common = { ...place, related: [], witness };
  if (unhealthy.length === 0) {
    return {
      ...common,
      code: 'SIM-DIFFERS',
      rule: 'behaviour-differs',
      severity: 'info',
      message: `${describeDifference(difference)} No condition of it was violated there; the reviewer should expect this difference.`,
    };
  }
  return {
    ...common,
    code: 'SIM-VIOLATION',
    rule: 'hazard-on-while-unhealthy',
    severity: 'blocker',
    message: `${describeDifference(difference)} Not healthy at that moment: ${unhealthy.join(', ')}. The inputs of the witness show it in the simulator.`,
  };
}

/** Scans before a difference whose values are kept for a report. */
const KEPT_SCANS = 80;

/** What a version does with the hazard up to the scan of the difference, by running it again; the last scans of it. */
function lastValues({ project }: Site, { tag, scan: last, inputs }: BehaviourDifference): JsonValue[] {
  const created = createSimulation(project);
  if ('findings' in created) return [];
  const { simulation } = created;
  const values: JsonValue[] = [];
  for (let scan = 0; scan <= last; scan++) {
    for (const input of inputs) if (input.scan === scan) simulation.write(input.tag, input.value);
    simulation.scan();
    if (scan > last - KEPT_SCANS) values.push(simulation.readJson(tag) ?? null);
  }
  return values;
}

/** The conditions of a hazard that are not healthy in the scan of a difference, by running the version after again. */
function unhealthyAt(
  change: Change,
  model: SafetyModel,
  hazard: ResolvedSignal,
  difference: BehaviourDifference,
): string[] {
  const created = createSimulation(change.after.project);
  if ('findings' in created) return [];
  const { simulation } = created;
  for (let scan = 0; scan <= difference.scan; scan++) {
    for (const input of difference.inputs) if (input.scan === scan) simulation.write(input.tag, input.value);
    simulation.scan();
  }
  return model
    .conditionsOf(hazard)
    .filter((condition) => simulation.readJson(condition.tag) === !condition.healthy)
    .map((condition) => condition.tag);
}
