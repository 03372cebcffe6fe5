/**
 * A fault campaign: for each hazard every signal that can reach it fails in every way and in every phase of the
 * machine, and four things are checked in every scan: the hazard is off while a condition is not healthy, it stays off
 * until reset and start, a reset under demand is refused, and a disagreement of channels is reported. Each failure
 * comes back as the shortest scenario file found that shows it.
 *
 * What a passed campaign says: of these cases, run under the named semantics profile, none failed. It is no proof.
 */

import type { Project } from '../language/semantics/model.js';
import { type CampaignMachine, createCampaignMachine } from './campaign/campaign-machine.js';
import type { CampaignOptions, CampaignPlan, CampaignResult } from './campaign/plan.js';

/** Runs the campaign of a plan. Deterministic for a seed. Throws what `options.signal` says when it is aborted. */
export function runCampaign(project: Project, plan: CampaignPlan, options: CampaignOptions): CampaignResult {
  const created = createCampaignMachine({ project, plan, options });
  if ('failed' in created) return created.failed;
  runAll(created.machine, plan, options);
  return created.machine.result();
}

function runAll(machine: CampaignMachine, plan: CampaignPlan, options: CampaignOptions): void {
  for (const [index, hazard] of plan.hazards.entries()) {
    const part = (fraction: number, what: string): void =>
      options.progress?.((index + fraction) / plan.hazards.length, what);
    options.signal?.throwIfAborted();
    part(0, `looking for the phases of ${hazard.tag}`);
    machine.run(machine.station(hazard), part);
  }
}
