/** Before and after a change, on the same inputs: the second opinion beside the proof. */

import { digestOfJson } from '../base/digest.js';
import { type Finding, startOfFile } from '../base/finding.js';
import type { Change } from '../safety/rule.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { compareBehaviour, describeDifference } from '../simulation/co-simulation.js';
import { diffDigest } from './snapshot-digest.js';

/** Scans of one generated sequence, and how many sequences: a few thousand scans of both versions. */
const SCANS = 600;
const RUNS = 6;

export interface HazardBehaviour {
  readonly findings: readonly Finding[];
  /** Null when there is no hazard to compare. */
  readonly evidence: Readonly<Record<string, unknown>> | null;
}

/**
 * Compares every hazard output of the version before with the version after. A hazard that is on after the change where
 * it was off before, while a condition is not healthy, is a veto; every other difference is shown to the reviewer. The
 * seed comes from the change, so that the same change always sees the same inputs.
 */
export function compareHazardBehaviour(change: Change, signal: AbortSignal): HazardBehaviour {
  const model = safetyModelOf(change.before);
  const hazards = model.hazards.filter((hazard) => hazard.source !== 'name');
  if (hazards.length === 0) return { findings: [], evidence: null };
  const conditions = model.signals.filter((each) =>
    model.hazards.some((hazard) => model.conditionsOf(hazard).includes(each)),
  );
  signal.throwIfAborted();
  const seed = Number.parseInt(
    digestOfJson(diffDigest(change.before.snapshot, change.after.snapshot)).slice(7, 14),
    16,
  );
  const result = compareBehaviour(change.before.project, change.after.project, {
    hazards: hazards.map((hazard) => hazard.tag),
    conditions: conditions.filter((condition) => condition.healthy).map((condition) => condition.tag),
    seed,
    scans: SCANS,
    runs: RUNS,
  });
  const { difference, status, scans, unmatched } = result;
  const findings: Finding[] = [];
  if (difference !== null) {
    findings.push({
      ...startOfFile(change.after.project.files[0]?.path ?? 'plantwright.yaml'),
      code: 'SIM-DIFFERS',
      rule: 'behaviour-differs',
      severity: 'info',
      message: `${describeDifference(difference)} The reviewer should expect this difference.`,
      related: [],
      witness: { ...difference },
    });
  }
  return {
    findings,
    evidence: { status, scans, seed, hazards: hazards.map((hazard) => hazard.tag), unmatched, difference },
  };
}
