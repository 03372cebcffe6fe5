/** The plan of a fault campaign from the manifest and the data flow of a site. */

import { decodeText } from '../base/decode.js';
import { compareText } from '../base/finding.js';
import { coneTouches } from '../safety/dataflow/cone.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import type { CampaignPlan } from '../simulation/campaign/plan.js';
import { inputTags } from '../simulation/inputs.js';
import { readScenario, type ScenarioContent } from '../simulation/scenario-file.js';
import type { SignalRole } from '../site/manifest.js';
import type { Site } from '../site/site.js';
import { sitePaths } from '../site/source-paths.js';

/** Conditions after which ISO 13849-1 5.2.2 and ISO 14118 ask for a reset and a start by hand. */
const COMMANDED: ReadonlySet<SignalRole> = new Set(['estop', 'guard', 'light_curtain', 'safety_mat']);

/** Hazards, conditions and commands that are more than guesses from names; signals that can reach each hazard. */
export function campaignPlanOf(site: Site): CampaignPlan {
  const model = safetyModelOf(site);
  const declared = model.signals.filter(isDeclared);
  const hazards = model.hazards.filter(isDeclared);
  const inputs = inputTags(site.project);
  const conditions = new Map<string, ResolvedSignal>();
  for (const condition of hazards.flatMap((hazard) => model.conditionsOf(hazard)))
    conditions.set(condition.tag, condition);
  const commands = (hazard: ResolvedSignal, role: SignalRole): string[] =>
    declared.filter((each) => each.role === role && each.zone === hazard.zone).map((each) => each.tag);
  return {
    hazards: hazards.map((hazard) => {
      const cone = model.coneOf(hazard.location);
      return {
        tag: hazard.tag,
        off: hazard.off,
        conditions: model.conditionsOf(hazard).map((each) => each.tag),
        resets: commands(hazard, 'reset'),
        starts: commands(hazard, 'start'),
        reach: inputs.filter((tag) => coneTouches(cone, tag.toUpperCase())).sort(compareText),
      };
    }),
    conditions: [...conditions.values()].map((each) => ({
      tag: each.tag,
      healthy: each.healthy,
      restart: COMMANDED.has(each.role) ? 'commanded' : 'free',
    })),
    diagnoses: [],
    seeds: seedsOf(site),
  };
}

/** The scenarios of the site that can be read; one that can't is reported where it is run. */
function seedsOf(site: Site): ScenarioContent[] {
  return sitePaths(site.manifest, site.snapshot.keys()).scenarios.flatMap((path) => {
    const reading = readScenario(path, decodeText(site.snapshot.get(path) ?? new Uint8Array()).text);
    return 'scenario' in reading ? [reading.scenario.content] : [];
  });
}
