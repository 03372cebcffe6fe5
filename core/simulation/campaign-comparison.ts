/**
 * The fault campaign of both versions of a change. Only what is new counts: a failure that the version before has too is
 * named, and so is a phase that neither version was brought into; a phase that only the version before reaches is lost.
 */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { duration } from './campaign/bench-run.js';
import { type CampaignMachine, createCampaignMachine, type Station } from './campaign/campaign-machine.js';
import type {
  CampaignFailure,
  CampaignHazard,
  CampaignOptions,
  CampaignPlan,
  CampaignResult,
  Phase,
} from './campaign/plan.js';
import type { ScenarioContent } from './scenario-file.js';

export interface CampaignVersion {
  readonly project: Project;
  readonly plan: CampaignPlan;
}

export interface HazardPhase {
  readonly hazard: string;
  readonly phase: Phase;
}

export interface CampaignComparison {
  /** Of the version after. */
  readonly result: CampaignResult;
  /** Failures that the version before does not have. */
  readonly added: readonly CampaignFailure[];
  /** Failures that the version before has as well. */
  readonly kept: readonly CampaignFailure[];
  /** Phases that were reached before the change and are not any more. */
  readonly lost: readonly HazardPhase[];
  /** Phases that neither version was brought into. */
  readonly never: readonly HazardPhase[];
  /** How the machine is brought to run, a scenario for each hazard: what the campaign found, to be followed by others. */
  readonly ways: readonly ScenarioContent[];
  /** Why one of the versions can't be run. */
  readonly findings: readonly Finding[];
}

/** Runs the campaign on the version after for the hazards of its plan, and on the version before as far as needed. */
export function compareCampaigns(
  before: CampaignVersion,
  after: CampaignVersion,
  options: CampaignOptions,
): CampaignComparison {
  const old = createCampaignMachine({ ...before, options });
  const now = createCampaignMachine({ ...after, options });
  if ('failed' in now || 'failed' in old) {
    const result = 'failed' in now ? now.failed : now.machine.result();
    const findings = [...result.findings, ...('failed' in old ? old.failed.findings : [])];
    return { result, added: [], kept: [], lost: [], never: [], ways: [], findings };
  }
  const lost: HazardPhase[] = [];
  const never: HazardPhase[] = [];
  const ways: ScenarioContent[] = [];
  const stations = new Map<string, Station>();
  for (const [index, hazard] of after.plan.hazards.entries()) {
    options.signal?.throwIfAborted();
    const part = (fraction: number, what: string): void =>
      options.progress?.((index + fraction) / after.plan.hazards.length, what);
    part(0, `looking for the phases of ${hazard.tag}`);
    const same = hazardNamed(before.plan, hazard.tag);
    const station = same === null ? null : old.machine.station(same);
    if (station !== null) stations.set(hazard.tag, station);
    const known = (station?.phases.starts ?? []).map((start) => start.steps);
    const changed = now.machine.station(hazard, known);
    for (const phase of changed.phases.unreached) {
      const isLost = station !== null && !station.phases.unreached.includes(phase);
      (isLost ? lost : never).push({ hazard: hazard.tag, phase });
    }
    ways.push(...wayOf(changed));
    now.machine.run(changed, part);
  }
  const result = now.machine.result();
  const ran = new Set<Station>();
  const isOld = (failure: CampaignFailure): boolean => {
    const station = stations.get(failure.hazard);
    return station !== undefined && isKnown(old.machine, station, failure, ran);
  };
  const kept = result.failures.filter(isOld);
  return {
    result,
    added: result.failures.filter((each) => !kept.includes(each)),
    kept,
    lost,
    never,
    ways,
    findings: [],
  };
}

function wayOf(station: Station): ScenarioContent[] {
  const running = station.phases.starts.find((start) => start.phase === 'running');
  if (running === undefined) return [];
  return [{ name: `${station.hazard.tag} on`, steps: [...running.steps], until: duration(running.atNs) }];
}

function hazardNamed(plan: CampaignPlan, tag: string): CampaignHazard | null {
  return plan.hazards.find((each) => each.tag.toUpperCase() === tag.toUpperCase()) ?? null;
}

/**
 * True when the version before fails the scenario as well; or, where it takes other steps to bring that version to run,
 * when its own campaign finds the same check failing for the same fault.
 */
function isKnown(machine: CampaignMachine, station: Station, failure: CampaignFailure, ran: Set<Station>): boolean {
  if (machine.failsToo(station, failure)) return true;
  if (!ran.has(station)) {
    ran.add(station);
    machine.run(station, () => undefined);
  }
  return machine
    .result()
    .failures.some(
      (each) =>
        each.check === failure.check &&
        each.hazard.toUpperCase() === failure.hazard.toUpperCase() &&
        [each, ...each.alsoIn].some(
          (known) =>
            known.signal === failure.signal &&
            known.kind === failure.kind &&
            known.second?.signal === failure.second?.signal,
        ),
    );
}
