/**
 * A fault campaign: for each hazard every signal that can reach it fails in every way and in every phase of the
 * machine, and four things are checked in every scan: the hazard is off while a condition is not healthy, it stays off
 * until reset and start, a reset under demand is refused, and a disagreement of channels is reported. Each failure
 * comes back as the shortest scenario file found that shows it.
 *
 * What a passed campaign says: of these cases, run under the named semantics profile, none failed. It is no proof.
 */

import { compareText, type Finding, startOfFile } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { CampaignBench, duration, type Prefix } from './campaign/bench-run.js';
import { type CampaignCase, casesOf } from './campaign/cases.js';
import { type CheckInput, type Violation, violationOf } from './campaign/checks.js';
import { type MachineInputs, machineInputs } from './campaign/machine-inputs.js';
import { findPhases, type Phases } from './campaign/phases.js';
import type {
  CampaignFailure,
  CampaignHazard,
  CampaignOptions,
  CampaignPlan,
  CampaignResult,
  Phase,
} from './campaign/plan.js';
import { scenarioText } from './campaign/scenario-text.js';
import { type Failing, shrink } from './campaign/shrink.js';
import { createRandom, type RandomSource } from './random.js';
import { durationNs, type ScenarioContent } from './scenario-file.js';
import { createSimulation, type Simulation, type UnknownUse } from './simulation.js';

const MAXIMUM_CASES = 4000;
const SEARCH_RUNS = 12_000;

/** What the campaign works with for one hazard. */
interface Station {
  readonly hazard: CampaignHazard;
  readonly inputs: MachineInputs;
  readonly phases: Phases;
  readonly checks: CheckInput;
  readonly bench: CampaignBench;
  readonly record: readonly string[];
}

interface Tally {
  cases: number;
  scans: number;
  skipped: number;
  readonly failures: Map<string, CampaignFailure>;
  readonly unknown: Map<string, UnknownUse>;
}

/**
 * Runs the campaign of a plan. Deterministic for a seed. Throws what `options.signal` says when it is aborted.
 */
export function runCampaign(project: Project, plan: CampaignPlan, options: CampaignOptions): CampaignResult {
  const created = createSimulation(project);
  if ('findings' in created) return emptyResult(options.seed, '', created.findings);
  const { simulation } = created;
  const findings = missingTags(project, simulation, plan);
  if (findings.length > 0) return emptyResult(options.seed, simulation.profile.name, findings);
  const tally: Tally = { cases: 0, scans: 0, skipped: 0, failures: new Map(), unknown: new Map() };
  const random = createRandom(options.seed);
  const unreached: { hazard: string; phase: Phase }[] = [];
  const notDriven = new Set<string>();
  for (const [index, hazard] of plan.hazards.entries()) {
    const part = (fraction: number, what: string): void =>
      options.progress?.((index + fraction) / plan.hazards.length, what);
    options.signal?.throwIfAborted();
    part(0, `looking for the phases of ${hazard.tag}`);
    const station = prepare({ project, simulation, plan, options, random }, hazard);
    for (const phase of station.phases.unreached) unreached.push({ hazard: hazard.tag, phase });
    for (const tag of station.inputs.notDriven) notDriven.add(tag);
    runHazard({ simulation, station, plan, options, random, tally, progress: part });
  }
  const failures = [...tally.failures.values()];
  const isComplete = unreached.length === 0 && tally.skipped === 0 && plan.hazards.length > 0;
  return {
    status: failures.length > 0 ? 'failed' : tally.unknown.size > 0 ? 'unknown' : isComplete ? 'passed' : 'incomplete',
    seed: options.seed,
    cases: tally.cases,
    scans: tally.scans,
    skipped: tally.skipped,
    failures,
    unreached,
    notDriven: [...notDriven].sort(compareText),
    unknown: [...tally.unknown.values()],
    findings: [],
    profile: simulation.profile.name,
  };
}

function emptyResult(seed: number, profile: string, findings: readonly Finding[]): CampaignResult {
  return {
    status: 'failed',
    seed,
    cases: 0,
    scans: 0,
    skipped: 0,
    failures: [],
    unreached: [],
    notDriven: [],
    unknown: [],
    findings,
    profile,
  };
}

/** A plan that names what is not there would check nothing. */
function missingTags(project: Project, simulation: Simulation, plan: CampaignPlan): Finding[] {
  const names = [
    ...plan.hazards.flatMap((hazard) => [hazard.tag, ...hazard.conditions, ...hazard.resets, ...hazard.starts]),
    ...plan.conditions.map((condition) => condition.tag),
    ...plan.diagnoses.flatMap((diagnosis) => [diagnosis.tag, ...diagnosis.channels]),
  ];
  return [...new Set(names)]
    .filter((name) => simulation.tag(name) === null)
    .map((name) => ({
      ...startOfFile(project.files[0]?.path ?? ''),
      code: 'SIM-TAG',
      rule: 'unknown-tag',
      severity: 'error',
      message: `The fault campaign needs the variable "${name}", which the running program does not have.`,
      related: [],
      witness: {},
    }));
}

interface PrepareInput {
  readonly project: Project;
  readonly simulation: Simulation;
  readonly plan: CampaignPlan;
  readonly options: CampaignOptions;
  readonly random: RandomSource;
}

function prepare({ project, simulation, plan, options, random }: PrepareInput, hazard: CampaignHazard): Station {
  simulation.reset();
  const inputs = machineInputs(project, simulation, plan, hazard);
  const record = [
    hazard.tag,
    ...hazard.conditions,
    ...hazard.resets,
    ...hazard.starts,
    ...plan.diagnoses.flatMap((diagnosis) => [diagnosis.tag, ...diagnosis.channels]),
  ];
  const searched = [...record, ...inputs.signals.map((each) => each.tag)];
  const phases = findPhases({
    bench: new CampaignBench(simulation, searched, options.seed, options.signal ?? null),
    hazard,
    conditions: plan.conditions,
    inputs,
    seeds: plan.seeds,
    random,
    cycleNs: simulation.cycleNs,
    searchRuns: options.searchRuns ?? SEARCH_RUNS,
  });
  const checks: CheckInput = {
    hazard,
    conditions: plan.conditions,
    diagnoses: plan.diagnoses,
    budgetNs: options.budgetNs ?? 0,
  };
  const bench = new CampaignBench(simulation, record, options.seed, options.signal ?? null);
  return { hazard, inputs, phases, checks, bench, record };
}

interface HazardInput {
  readonly simulation: Simulation;
  readonly station: Station;
  readonly plan: CampaignPlan;
  readonly options: CampaignOptions;
  readonly random: RandomSource;
  readonly tally: Tally;
  progress(fraction: number, what: string): void;
}

function runHazard(input: HazardInput): void {
  const { simulation, station, plan, options, random, tally } = input;
  const { hazard, inputs, phases } = station;
  const crossed = phases.starts.map((start) => ({
    start,
    cases: casesOf(
      { hazard, inputs, diagnoses: plan.diagnoses, demands: phases.demands, random, cycleNs: simulation.cycleNs },
      start,
    ),
  }));
  const total = crossed.reduce((sum, each) => sum + each.cases.length, 0);
  let done = 0;
  for (const { start, cases } of crossed) {
    const prefix = start.atNs < simulation.cycleNs ? null : station.bench.prefix(start.steps, start.atNs);
    for (const each of cases) {
      options.signal?.throwIfAborted();
      if (tally.cases >= (options.maximumCases ?? MAXIMUM_CASES)) {
        tally.skipped += total - done;
        return;
      }
      if (done % 64 === 0) input.progress(done / total, `${hazard.tag}: ${each.kind} while ${each.phase}`);
      done++;
      runCase(input, each, prefix);
    }
  }
}

function runCase(input: HazardInput, each: CampaignCase, prefix: Prefix | null): void {
  const { simulation, station, options, tally } = input;
  const trial = (content: ScenarioContent, from: Prefix | null = null): Violation | null => {
    const before = station.bench.scans;
    const run = station.bench.run(content.steps, durationNs(content.until ?? 0), from);
    tally.scans += station.bench.scans - before;
    if (simulation.isUnknownFor(station.record.flatMap((tag) => simulation.tag(tag) ?? []))) {
      for (const use of simulation.unknownBlocks)
        if (use.isReached) tally.unknown.set(`${use.file}:${use.line}:${use.name}`, use);
    }
    return violationOf(station.checks, run, content);
  };
  const content: ScenarioContent = {
    name: `${station.hazard.tag}: ${each.kind} of ${each.signal} while ${each.phase}`,
    seed: options.seed,
    steps: [...each.steps],
    until: duration(each.untilNs),
  };
  tally.cases++;
  const violation = trial(content, prefix);
  if (violation === null) return;
  const { signal, kind, phase } = each;
  const key = `${violation.check}|${station.hazard.tag}|${signal}`;
  const known = tally.failures.get(key);
  if (known !== undefined) {
    tally.failures.set(key, { ...known, alsoIn: [...known.alsoIn, { signal, kind, phase }] });
    return;
  }
  const small = shrink({ content, violation }, trial);
  const scenario = failingScenario(nameOf(input, each, small), small.violation);
  const same = [...tally.failures].find(
    ([, failure]) => failure.check === violation.check && sameSteps(failure.scenario, scenario),
  );
  if (same !== undefined) {
    const [sameKey, failure] = same;
    tally.failures.set(sameKey, { ...failure, alsoIn: [...failure.alsoIn, { signal, kind, phase }] });
    return;
  }
  tally.failures.set(key, {
    signal,
    kind,
    phase,
    check: violation.check,
    hazard: station.hazard.tag,
    timeNs: small.violation.timeNs,
    message: small.violation.message,
    scenario,
    yaml: scenarioText(scenario, `Found by the fault campaign, seed ${options.seed}.\n${small.violation.message}`),
    alsoIn: [],
  });
}

/** A failure that needs no fault is named by what it shows. */
function nameOf(input: HazardInput, each: CampaignCase, { content, violation }: Failing): ScenarioContent {
  if (content.steps.some((step) => step.fault !== undefined)) return content;
  return { ...content, name: `${input.station.hazard.tag}: ${violation.check} while ${each.phase}` };
}

function sameSteps(a: ScenarioContent, b: ScenarioContent): boolean {
  return JSON.stringify(a.steps) === JSON.stringify(b.steps);
}

/** The scenario that expects what should have been at the time of the violation, so that it fails when it is run. */
function failingScenario(content: ScenarioContent, violation: Violation): ScenarioContent {
  const until = duration(violation.timeNs);
  if (violation.expect === null) return { ...content, until };
  return { ...content, steps: [...content.steps, { at: until, expect: { ...violation.expect } }], until };
}
