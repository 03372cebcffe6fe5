/** The plan of a fault campaign from the manifest and the data flow of a site. */

import { z } from 'zod';
import { decodeText } from '../base/decode.js';
import { compareText } from '../base/finding.js';
import { coneTouches } from '../safety/dataflow/cone.js';
import { safetyModelOf } from '../safety/safety-model.js';
import { isDeclared, type ResolvedSignal } from '../safety/signal-roles.js';
import type { CampaignDiagnosis, CampaignPlan } from '../simulation/campaign/plan.js';
import { inputTags } from '../simulation/inputs.js';
import { parseDuration } from '../simulation/run-time/temporal.js';
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
        ...(hazard.response === null ? {} : { budgetNs: Number(hazard.response) }),
        simultaneousFaults: simultaneousFaultsOf(site, hazard),
      };
    }),
    conditions: [...conditions.values()].map((each) => ({
      tag: each.tag,
      healthy: each.healthy,
      restart: COMMANDED.has(each.role) ? 'commanded' : 'free',
      ...(each.role === 'edm' ? { isFeedback: true } : {}),
    })),
    diagnoses: diagnosesOf(site, inputs),
    seeds: seedsOf(site),
  };
}

/** Two where category 4 is asked for: at performance level e, at SIL 3, or by name for the hazard. */
function simultaneousFaultsOf({ manifest }: Site, hazard: ResolvedSignal): 1 | 2 {
  const { rating, performance_level: level } = manifest?.safety ?? {};
  return level === 'e' || rating === 'SIL-3' || hazard.category === '4' ? 2 : 1;
}

/** What a migration that gives sensors a second channel is told of each: as much as the campaign needs. */
const channelsSchema = z.object({
  guards: z
    .array(z.unknown())
    .transform((entries) => entries.flatMap((entry) => sensorSchema.safeParse(entry).data ?? [])),
});
const sensorSchema = z.object({
  channels: z.array(z.string()).min(2),
  discrepancy: z.string(),
  diagnostic: z.string(),
});

/** Two scans beside the declared time: the disagreement is seen in one and reported in the next. */
const REPORT_SCANS = 2n;

/**
 * Channels that the manifest declares, with the variable that must report their disagreement. Left out where no code
 * writes that variable: there the second channel is not evaluated yet.
 */
function diagnosesOf(site: Site, inputs: readonly string[]): CampaignDiagnosis[] {
  const unwritten = new Set(inputs.map((tag) => tag.toUpperCase()));
  const cycleNs = site.project.schedule.reduce<bigint>((longest, { interval }) => {
    return interval !== null && interval > longest ? interval : longest;
  }, 10_000_000n);
  return Object.values(site.manifest?.migrations ?? {})
    .flatMap((settings) => channelsSchema.safeParse(settings).data?.guards ?? [])
    .filter(({ diagnostic }) => !unwritten.has(diagnostic.toUpperCase()))
    .filter(({ diagnostic, channels }) => [diagnostic, ...channels].every((tag) => isVariable(site, tag)))
    .flatMap(({ channels, diagnostic, discrepancy }) => {
      const limit = parseDuration(discrepancy);
      if (limit === null) return [];
      return [{ channels, tag: diagnostic, withinNs: Number(limit + REPORT_SCANS * cycleNs) }];
    });
}

/** True when the tag is a variable of a program, an instance or a global list. */
function isVariable(site: Site, tag: string): boolean {
  return safetyModelOf(site).variableAt(tag.toUpperCase()) !== null;
}

/** The scenarios of the site that can be read; one that can't is reported where it is run. */
function seedsOf(site: Site): ScenarioContent[] {
  return sitePaths(site.manifest, site.snapshot.keys()).scenarios.flatMap((path) => {
    const reading = readScenario(path, decodeText(site.snapshot.get(path) ?? new Uint8Array()).text);
    return 'scenario' in reading ? [reading.scenario.content] : [];
  });
}
