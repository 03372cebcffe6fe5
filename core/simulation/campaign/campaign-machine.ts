/** One program under campaign: its phases for each hazard, the cases that are run on it, and what fails. */

import { compareText, type Finding, startOfFile } from '../../base/finding.js';
import type { Project } from '../../language/semantics/model.js';
import { createRandom } from '../random.js';
import { durationNs, FAULT_KINDS, type FaultName, type ScenarioContent, type ScenarioStep } from '../scenario-file.js';
import { createSimulation, type Simulation } from '../simulation.js';
import { faultsOf, faultTags } from '../stimulus.js';
import type { UnknownUse } from '../unknown-uses.js';
import { CampaignBench, duration, type Prefix } from './bench-run.js';
import { type CampaignCase, casesOf, kindsOf } from './cases.js';
import { type CheckInput, type Violation, violationOf } from './checks.js';
import { type MachineInputs, machineInputs } from './machine-inputs.js';
import { findPhases, type Phases } from './phases.js';
import type {
  CampaignCaseName,
  CampaignFailure,
  CampaignHazard,
  CampaignOptions,
  CampaignPlan,
  CampaignResult,
  Phase,
} from './plan.js';
import { scenarioText } from './scenario-text.js';
import { type Failing, shrink } from './shrink.js';
import { knowledgeOf, type ProgramKnowledge } from './signature.js';

const MAXIMUM_CASES = 4000;
const SEARCH_RUNS = 12_000;
/** How long after its end a scenario is followed to see whether another version fails it too, in nanoseconds. */
const AFTERMATH = 1_000_000_000;

/** What the campaign works with for one hazard. */
export interface Station {
  readonly hazard: CampaignHazard;
  readonly phases: Phases;
  readonly inputs: MachineInputs;
  readonly checks: CheckInput;
  readonly bench: CampaignBench;
}

interface Tally {
  cases: number;
  readonly kinds: Map<FaultName, number>;
  scans: number;
  skipped: number;
  readonly failures: Map<string, CampaignFailure>;
  readonly unknown: Map<string, UnknownUse>;
  readonly unreached: { readonly hazard: string; readonly phase: Phase }[];
  readonly notDriven: Set<string>;
}

export interface CampaignSetup {
  readonly project: Project;
  readonly plan: CampaignPlan;
  readonly options: CampaignOptions;
}

/** Compiles the program; findings come back when it can't run or does not have what the plan names. */
export function createCampaignMachine(
  setup: CampaignSetup,
): { readonly machine: CampaignMachine } | { readonly failed: CampaignResult } {
  const created = createSimulation(setup.project, { engine: 'wasm' });
  if ('findings' in created) return { failed: emptyResult(setup, '', created.findings) };
  const { simulation } = created;
  const findings = missingTags(setup, simulation);
  if (findings.length > 0) return { failed: emptyResult(setup, simulation.profile.name, findings) };
  return { machine: new CampaignMachine(setup, simulation) };
}

export class CampaignMachine {
  readonly #setup: CampaignSetup;
  readonly #simulation: Simulation;
  readonly #stations = new Map<CampaignHazard, Station>();
  readonly #tally: Tally = {
    cases: 0,
    kinds: new Map(),
    scans: 0,
    skipped: 0,
    failures: new Map(),
    unknown: new Map(),
    unreached: [],
    notDriven: new Set(),
  };

  #knowledge: ProgramKnowledge | null = null;

  constructor(setup: CampaignSetup, simulation: Simulation) {
    this.#setup = setup;
    this.#simulation = simulation;
  }

  /** Finds the phases of a hazard, once. `known` are steps that may bring the machine to run; they are tried first. */
  station(hazard: CampaignHazard, known: readonly (readonly ScenarioStep[])[] = []): Station {
    const ready = this.#stations.get(hazard);
    if (ready !== undefined) return ready;
    const { project, plan, options } = this.#setup;
    const simulation = this.#simulation;
    simulation.reset();
    const inputs = machineInputs(project, simulation, plan, hazard);
    const signal = options.signal ?? null;
    const record = [
      hazard.tag,
      ...hazard.conditions,
      ...hazard.resets,
      ...hazard.starts,
      ...plan.diagnoses.flatMap((diagnosis) => [diagnosis.tag, ...diagnosis.channels]),
    ];
    const phases = findPhases({
      bench: new CampaignBench(
        simulation,
        [...record, ...inputs.signals.map((each) => each.tag)],
        options.seed,
        signal,
      ),
      knowledge: () => {
        this.#knowledge ??= knowledgeOf(simulation.program);
        return this.#knowledge;
      },
      hazard,
      conditions: plan.conditions,
      diagnoses: plan.diagnoses,
      inputs,
      known,
      seeds: plan.seeds,
      random: createRandom(options.seed),
      cycleNs: simulation.cycleNs,
      searchRuns: options.searchRuns ?? SEARCH_RUNS,
    });
    const station: Station = {
      hazard,
      phases,
      inputs,
      checks: {
        hazard,
        conditions: plan.conditions,
        diagnoses: plan.diagnoses,
        budgetNs: hazard.budgetNs ?? options.budgetNs ?? 0,
      },
      bench: new CampaignBench(simulation, record, options.seed, signal),
    };
    this.#stations.set(hazard, station);
    this.#tally.unreached.push(...phases.unreached.map((phase) => ({ hazard: hazard.tag, phase })));
    for (const tag of inputs.notDriven) this.#tally.notDriven.add(tag);
    return station;
  }

  /** Runs the cases of a hazard in all its phases. */
  run(station: Station, progress: (fraction: number, what: string) => void): void {
    const { options } = this.#setup;
    const chosen = this.#choose(station);
    let done = 0;
    for (const start of station.phases.starts) {
      const isAtStart = start.atNs < this.#simulation.cycleNs;
      const prefix = isAtStart ? null : station.bench.prefix(start.steps, start.atNs);
      for (const each of chosen.filter(({ phase }) => phase === start.phase)) {
        options.signal?.throwIfAborted();
        if (done % 64 === 0) progress(done / chosen.length, `${station.hazard.tag}: ${each.kind} while ${each.phase}`);
        done++;
        this.#runCase(station, each, prefix);
      }
    }
  }

  /** All cases, or as many as the share of the hazard allows: conditions, commands and the controller first. */
  #choose(station: Station): readonly CampaignCase[] {
    const { plan, options } = this.#setup;
    const { hazard, inputs, phases } = station;
    const random = createRandom(options.seed);
    const { cycleNs } = this.#simulation;
    const all = phases.starts.flatMap((start) =>
      casesOf({ hazard, inputs, diagnoses: plan.diagnoses, demands: phases.demands, random, cycleNs }, start),
    );
    const share = Math.floor((options.maximumCases ?? MAXIMUM_CASES) / Math.max(1, plan.hazards.length));
    if (all.length <= share) return all;
    this.#tally.skipped += all.length - share;
    const others = new Set(inputs.signals.filter((each) => each.role === 'other').map((each) => each.tag));
    const ranked = all.map((each, index) => ({ index, rank: (others.has(each.signal) ? 1 : 0) + random.next() }));
    ranked.sort((a, b) => a.rank - b.rank);
    const kept = new Set(ranked.slice(0, share).map(({ index }) => index));
    return all.filter((_, index) => kept.has(index));
  }

  /** The first violation of a scenario, when it is run on this program. */
  violation(station: Station, content: ScenarioContent, prefix: Prefix | null = null): Violation | null {
    const before = station.bench.scans;
    const run = station.bench.run(content.steps, durationNs(content.until ?? 0), prefix);
    this.#tally.scans += station.bench.scans - before;
    const tags = [...run.values.keys()].flatMap((name) => this.#simulation.tag(name) ?? []);
    if (this.#simulation.isUnknownFor(tags)) {
      for (const use of this.#simulation.unknownBlocks)
        if (use.isReached) this.#tally.unknown.set(`${use.file}:${use.line}:${use.name}`, use);
    }
    return violationOf(station.checks, run, content);
  }

  /** True when this program fails a scenario by the same check, be it a little later. */
  failsToo(station: Station, failure: CampaignFailure): boolean {
    const { scenario, check } = failure;
    const until = duration(durationNs(scenario.until ?? 0) + AFTERMATH);
    return this.violation(station, { ...scenario, until })?.check === check;
  }

  #runCase(station: Station, each: CampaignCase, prefix: Prefix | null): void {
    const { options } = this.#setup;
    const { failures } = this.#tally;
    const { signal, kind, phase, second } = each;
    const caseName: CampaignCaseName = { signal, kind, phase, ...(second === undefined ? {} : { second }) };
    const content: ScenarioContent = {
      name: `${station.hazard.tag}: ${faultsInWords(each)} while ${phase}`,
      seed: options.seed,
      steps: [...each.steps],
      until: duration(each.untilNs),
    };
    this.#tally.cases++;
    for (const fault of kindsOf(each)) this.#tally.kinds.set(fault, (this.#tally.kinds.get(fault) ?? 0) + 1);
    const violation = this.violation(station, content, prefix);
    if (violation === null) return;
    const keyOf = (name: string): string => `${violation.check}|${station.hazard.tag}|${name}`;
    const key = keyOf(second === undefined ? signal : `${signal}|${second.signal}`);
    // Two faults where one of them fails alike say nothing new.
    const known = [key, keyOf(signal), keyOf(second?.signal ?? signal)].find((name) => failures.has(name));
    if (known !== undefined) {
      alike(failures, known, caseName);
      return;
    }
    const small = shrink({ content, violation }, (shorter) => this.violation(station, shorter));
    const scenario = failingScenario(nameOf(station, each, small), small.violation);
    const needed = neededFaults(caseName, small.content);
    const neededKey = keyOf(needed.second === undefined ? needed.signal : `${needed.signal}|${needed.second.signal}`);
    const same = [...failures].find(
      ([other, failure]) =>
        failure.check === violation.check && (other === neededKey || sameSteps(failure.scenario, scenario)),
    );
    if (same !== undefined) {
      alike(failures, same[0], caseName);
      return;
    }
    failures.set(neededKey, {
      ...needed,
      check: violation.check,
      hazard: station.hazard.tag,
      timeNs: small.violation.timeNs,
      message: small.violation.message,
      scenario,
      yaml: scenarioText(scenario, `Found by the fault campaign, seed ${options.seed}.\n${small.violation.message}`),
      alsoIn: [],
    });
  }

  result(): CampaignResult {
    const { cases, kinds, scans, skipped, unknown, unreached, notDriven } = this.#tally;
    const failures = [...this.#tally.failures.values()];
    const isComplete = unreached.length === 0 && skipped === 0 && this.#setup.plan.hazards.length > 0;
    return {
      status: failures.length > 0 ? 'failed' : unknown.size > 0 ? 'unknown' : isComplete ? 'passed' : 'incomplete',
      seed: this.#setup.options.seed,
      cases,
      kinds: Object.fromEntries(FAULT_KINDS.flatMap((kind) => (kinds.has(kind) ? [[kind, kinds.get(kind)]] : []))),
      scans,
      skipped,
      failures,
      unreached: [...unreached],
      notDriven: [...notDriven].sort(compareText),
      unknown: [...unknown.values()],
      findings: [],
      profile: this.#simulation.profile.name,
    };
  }
}

function emptyResult(setup: CampaignSetup, profile: string, findings: readonly Finding[]): CampaignResult {
  return {
    status: 'failed',
    seed: setup.options.seed,
    cases: 0,
    kinds: {},
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
function missingTags({ project, plan }: CampaignSetup, simulation: Simulation): Finding[] {
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

/** One more case that fails as one that is known. */
function alike(failures: Map<string, CampaignFailure>, key: string, name: CampaignCaseName): void {
  const failure = failures.get(key);
  if (failure !== undefined) failures.set(key, { ...failure, alsoIn: [...failure.alsoIn, name] });
}

/** The case without the one of its two faults that the shrunk scenario does without. */
function neededFaults(name: CampaignCaseName, { steps }: ScenarioContent): CampaignCaseName {
  const { second, ...single } = name;
  if (second === undefined) return name;
  const left = new Set(steps.flatMap((step, index) => faultsOf(step, index).flatMap(([fault]) => faultTags(fault))));
  if (left.has(second.signal)) return left.has(single.signal) ? name : { ...single, ...second };
  return single;
}

/** The faults of a case, for its name. */
function faultsInWords({ kind, signal, second }: CampaignCaseName): string {
  const first = `${kind} of ${signal}`;
  return second === undefined ? first : `${first} and ${second.kind} of ${second.signal}`;
}

/** A failure that needs no fault is named by what it shows. */
function nameOf(station: Station, each: CampaignCase, { content, violation }: Failing): ScenarioContent {
  if (content.steps.some((step) => step.fault !== undefined)) {
    return {
      ...content,
      name: `${station.hazard.tag}: ${faultsInWords(neededFaults(each, content))} while ${each.phase}`,
    };
  }
  return { ...content, name: `${station.hazard.tag}: ${violation.check} while ${each.phase}` };
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
