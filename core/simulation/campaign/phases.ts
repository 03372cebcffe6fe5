/** Drives a machine into the phases in which a fault can meet it, by search: commands, scenarios of the site, chance. */

import type { RandomSource } from '../random.js';
import type { ScenarioContent, ScenarioStep } from '../scenario-file.js';
import type { JsonValue } from '../values.js';
import { atOf, type CampaignBench, duration, endOfSteps, type Run, valuesOf } from './bench-run.js';
import { explore, type Motion } from './explore.js';
import { channelsWith, type DrivenSignal, type MachineInputs } from './machine-inputs.js';
import type { CampaignCondition, CampaignDiagnosis, CampaignHazard, Phase } from './plan.js';
import { type ProgramKnowledge, signatureOf } from './signature.js';

/** A machine in a phase: the steps that lead there, and the time at which a fault begins. */
export interface PhaseStart {
  readonly phase: Phase;
  readonly steps: readonly ScenarioStep[];
  readonly atNs: number;
  /** What ends a demand that the phase itself has made, as values to set. */
  readonly restore: Readonly<Record<string, boolean | number>>;
}

/** Inputs that make a condition unhealthy, and their values at rest. */
export interface Demand {
  readonly condition: string;
  readonly set: Readonly<Record<string, boolean | number>>;
  readonly restore: Readonly<Record<string, boolean | number>>;
}

export interface PhaseInput {
  readonly bench: CampaignBench;
  readonly knowledge: () => ProgramKnowledge;
  readonly hazard: CampaignHazard;
  readonly conditions: readonly CampaignCondition[];
  readonly diagnoses: readonly CampaignDiagnosis[];
  readonly inputs: MachineInputs;
  /** Steps that have brought another version of the machine to run. */
  readonly known: readonly (readonly ScenarioStep[])[];
  readonly seeds: readonly ScenarioContent[];
  readonly random: RandomSource;
  readonly cycleNs: number;
  readonly searchRuns: number;
}

export interface Phases {
  readonly starts: readonly PhaseStart[];
  readonly unreached: readonly Phase[];
  readonly demands: readonly Demand[];
}

const MS = 1_000_000;
const PULSE = 50 * MS;

type Values = Record<string, boolean | number>;

/** Every phase that was found, in the order of `PHASES`. */
export function findPhases(input: PhaseInput): Phases {
  const rest = restStep(input.inputs.signals);
  const idle: PhaseStart = { phase: 'idle', steps: [rest], atNs: 200 * MS, restore: {} };
  const running = findRunning(input, rest);
  const firstScan: PhaseStart = { phase: 'first-scan', steps: running?.steps ?? [rest], atNs: 0, restore: {} };
  if (running === null) {
    const demands = findDemands(input, { steps: [rest], onNs: 200 * MS });
    return {
      starts: [firstScan, idle],
      unreached: ['starting', 'running', 'stopping', 'tripped', 'resetting', 'power-cycle'],
      demands,
    };
  }
  const demands = findDemands(input, running);
  const steady = running.onNs + steadyDelay(input, running);
  const starts: PhaseStart[] = [
    firstScan,
    idle,
    { phase: 'starting', steps: running.steps, atNs: startingAt(running, input.cycleNs), restore: {} },
    { phase: 'running', steps: running.steps, atNs: steady, restore: {} },
  ];
  const unreached: Phase[] = [];
  const [demand] = demands;
  const stop = findStop(input, running, steady);
  if (stop !== null) {
    const steps = [...running.steps, { at: duration(steady), set: stop.set }];
    starts.push({ phase: 'stopping', steps, atNs: steady + input.cycleNs, restore: stop.restore });
  } else if (demand !== undefined) {
    const steps = [...running.steps, { at: duration(steady), set: { ...demand.set } }];
    starts.push({ phase: 'stopping', steps, atNs: steady + input.cycleNs, restore: demand.restore });
  } else unreached.push('stopping');
  if (demand === undefined) unreached.push('tripped', 'resetting');
  else {
    const tripped: ScenarioStep[] = [...running.steps, { at: duration(steady), set: { ...demand.set } }];
    starts.push({ phase: 'tripped', steps: tripped, atNs: steady + 100 * MS, restore: demand.restore });
    const resetting: ScenarioStep[] = [
      ...tripped,
      { at: duration(steady + 200 * MS), set: { ...demand.restore } },
      ...pulses(input.hazard.resets, steady + 300 * MS),
    ];
    if (input.hazard.resets.length === 0) unreached.push('resetting');
    else starts.push({ phase: 'resetting', steps: resetting, atNs: steady + 300 * MS, restore: {} });
  }
  const cycled: ScenarioStep[] = [...running.steps, { at: duration(steady), power_cycle: 'warm' }];
  // The fault is there when power comes back: the first scan sees it.
  starts.push({ phase: 'power-cycle', steps: cycled, atNs: steady, restore: {} });
  return { starts, unreached, demands };
}

/** All inputs at rest at time 0. Inputs that rest at FALSE or 0 are named too: the file must say what it starts from. */
function restStep(signals: readonly DrivenSignal[]): ScenarioStep {
  return { at: '0s', set: Object.fromEntries(signals.map((each) => [each.tag, each.rest])) };
}

export function pulses(tags: readonly string[], atNs: number): ScenarioStep[] {
  return tags.length === 0
    ? []
    : [{ at: duration(atNs), pulse: Object.fromEntries(tags.map((tag) => [tag, duration(PULSE)])) }];
}

/** The fault comes with the last command before the hazard went on. */
function startingAt(running: Motion, cycleNs: number): number {
  const commands = running.steps.filter((step) => step.pulse !== undefined).map(atOf);
  const last = commands.filter((time) => time <= running.onNs).at(-1);
  return last ?? Math.max(0, running.onNs - cycleNs);
}

/** A machine in motion is met a while after it started, but while it still moves. */
function steadyDelay(input: PhaseInput, running: Motion): number {
  const after = Math.max(200 * MS, endOfSteps(running.steps) - running.onNs + 2 * input.cycleNs);
  const run = input.bench.run(running.steps, running.onNs + after + input.cycleNs);
  return valueAt(run, input.hazard.tag, running.onNs + after) !== input.hazard.off ? after : input.cycleNs;
}

function valueAt(run: Run, tag: string, timeNs: number): JsonValue | undefined {
  const index = run.timesNs.findLastIndex((time) => time <= timeNs);
  return valuesOf(run, tag)[index];
}

// ---------------------------------------------------------------------------------------------- running

/** Scans that a sequence which started the other version is watched for after its last step. */
const PATIENCE_SCANS = 6000;

/** Steps after which the hazard is on while every condition is healthy; null when the search finds none. */
function findRunning(input: PhaseInput, rest: ScenarioStep): Motion | null {
  for (const steps of attempts(input, rest)) {
    const onNs = onTime(input, input.bench.run(steps, Math.max(endOfSteps(steps) + 300 * MS, 1000 * MS)));
    if (onNs !== null) return trimmed(input, { steps, onNs });
  }
  // What started the other version may take longer here: a warning of 8 s in place of 5 s.
  for (const known of input.known) {
    const steps = [rest, ...known];
    const onNs = onTime(input, input.bench.run(steps, endOfSteps(steps) + PATIENCE_SCANS * input.cycleNs));
    if (onNs !== null) return trimmed(input, { steps, onNs });
  }
  if (input.searchRuns === 0) return null;
  const { simulation } = input.bench;
  const { signals } = input.inputs;
  const knowledge = input.knowledge();
  const found = explore(
    {
      bench: input.bench,
      hazard: input.hazard,
      conditions: input.conditions,
      signals,
      numbers: [...new Set([...NUMBERS, ...knowledge.constants.all])],
      signature: signatureOf(
        simulation,
        knowledge,
        input.hazard.tag,
        new Set(signals.map((each) => each.tag.toUpperCase())),
      ),
      random: input.random,
      actions: input.searchRuns,
    },
    starts(input, rest),
  );
  return found === null ? null : trimmed(input, found);
}

function onTime(input: PhaseInput, run: Run): number | null {
  const outputs = valuesOf(run, input.hazard.tag);
  const conditions = healthyColumns(input, run);
  for (const [index, time] of run.timesNs.entries()) {
    if (outputs[index] === input.hazard.off || outputs[index] === undefined) continue;
    if (conditions.every((each) => each.values[index] === each.healthy)) return time;
  }
  return null;
}

function healthyColumns(
  input: PhaseInput,
  run: Run,
): { readonly tag: string; readonly healthy: boolean; readonly values: readonly JsonValue[] }[] {
  return input.conditions
    .filter((each) => input.hazard.conditions.includes(each.tag))
    .map((each) => ({ tag: each.tag, healthy: each.healthy, values: valuesOf(run, each.tag) }));
}

/** Without the steps after the hazard went on, and without those and the values that it does not need to go on. */
function trimmed(input: PhaseInput, motion: Motion): Motion {
  let best = motion;
  const tryWith = (steps: readonly ScenarioStep[]): boolean => {
    const onNs = onTime(input, input.bench.run(steps, best.onNs));
    if (onNs === null) return false;
    best = { steps: steps.filter((step) => atOf(step) <= onNs), onNs };
    return true;
  };
  best = { ...motion, steps: motion.steps.filter((step) => atOf(step) <= motion.onNs) };
  // The first step sets every input to rest: it stays whole, because a scenario must say what it starts from.
  for (let index = best.steps.length - 1; index > 0; index--) {
    if (index < best.steps.length) tryWith(best.steps.filter((_, each) => each !== index));
  }
  for (let index = best.steps.length - 1; index > 0; index--) {
    const step = best.steps[index];
    // A command is a press: a button that is held would count as one more fault in every case.
    if (step?.set !== undefined)
      tryWith(best.steps.map((each) => (each === step ? pressed(input.hazard, step) : each)));
    for (const tag of Object.keys(best.steps[index]?.set ?? {})) {
      const { [tag]: _, ...set } = best.steps[index]?.set ?? {};
      if (Object.keys(set).length === 0) continue;
      tryWith(best.steps.map((step, each) => (each === index ? { ...step, set } : step)));
    }
  }
  return best;
}

/** A step with presses instead of commands that stay on. */
function pressed(hazard: CampaignHazard, step: ScenarioStep): ScenarioStep {
  const entries = Object.entries(step.set ?? {});
  const isCommand = ([tag]: [string, unknown]): boolean => [...hazard.resets, ...hazard.starts].includes(tag);
  const commands = entries.filter(isCommand);
  if (commands.length === 0) return step;
  const { set: _, ...rest } = step;
  const others = Object.fromEntries(entries.filter((entry) => !isCommand(entry)));
  const presses = commands.filter(([, value]) => value === true).map(([tag]) => [tag, duration(PULSE)] as const);
  return {
    ...rest,
    ...(Object.keys(others).length === 0 ? {} : { set: others }),
    pulse: { ...step.pulse, ...Object.fromEntries(presses) },
  };
}

/** Sequences of inputs that often start a machine: its commands, the scenarios of the site, all other inputs on. */
function* attempts(input: PhaseInput, rest: ScenarioStep): Iterable<readonly ScenarioStep[]> {
  const { resets, starts: start } = input.hazard;
  const commands: readonly (readonly ScenarioStep[])[] = [
    [...pulses(resets, 100 * MS), ...pulses(start, 250 * MS)],
    pulses([...resets, ...start], 100 * MS),
    [...pulses(resets, 100 * MS), ...held(start, 250 * MS)],
    [...pulses(start, 100 * MS), ...pulses(resets, 250 * MS)],
  ];
  for (const steps of input.known) yield [rest, ...steps];
  for (const sequence of commands) yield [rest, ...sequence];
  for (const seed of input.seeds) {
    const steps = drivingSteps(seed);
    yield [rest, ...steps];
    const [first] = steps;
    if (first === undefined) continue;
    for (const sequence of commands.slice(0, 1)) yield [rest, { ...first, at: '0s' }, ...sequence];
  }
  for (const sequence of commands) yield [rest, allOn(input), ...sequence];
}

/** Every input on that is no condition and no command. */
function allOn(input: PhaseInput): ScenarioStep {
  const others = input.inputs.signals.filter((each) => each.role === 'other' && each.kind === 'bool');
  return { at: '0s', set: Object.fromEntries(others.map((each) => [each.tag, true])) };
}

/** Where the search starts from: rest, everything on, and the scenarios of the site step by step. */
function starts(input: PhaseInput, rest: ScenarioStep): ScenarioStep[][] {
  const ofSeeds = input.seeds.flatMap((seed) => {
    const steps = drivingSteps(seed);
    return steps.map((_, index) => [rest, ...steps.slice(0, index + 1)]);
  });
  const known = input.known.map((steps) => [rest, ...steps]);
  return [[rest], [rest, allOn(input)], ...known, ...ofSeeds];
}

function held(tags: readonly string[], atNs: number): ScenarioStep[] {
  return tags.length === 0 ? [] : [{ at: duration(atNs), set: Object.fromEntries(tags.map((tag) => [tag, true])) }];
}

/** What a scenario drives, without its faults, power cycles and expectations. */
function drivingSteps(seed: ScenarioContent): ScenarioStep[] {
  return seed.steps
    .filter((step) => step.set !== undefined || step.pulse !== undefined)
    .map((step) => ({
      at: step.at,
      ...(step.set === undefined ? {} : { set: step.set }),
      ...(step.pulse === undefined ? {} : { pulse: step.pulse }),
    }))
    .sort((a, b) => atOf(a) - atOf(b));
}

/** Numbers that are tried beside the constants of the program: small ones, and full scales of analog inputs. */
const NUMBERS = [0, 1, 2, 5, 10, 100, 1000, 4095, 10_000, 16_384, 20_000, 27_648, 32_767] as const;

// ---------------------------------------------------------------------------------------------- demands and stops

/** For each condition of the hazard the input that makes it unhealthy, found on the running machine. */
function findDemands(input: PhaseInput, running: Motion): Demand[] {
  const demands: Demand[] = [];
  const at = running.onNs + input.cycleNs;
  const before = input.bench.run(running.steps, at + 500 * MS);
  for (const tag of input.hazard.conditions) {
    const direct = input.inputs.signals.find((each) => each.tag.toUpperCase() === tag.toUpperCase());
    if (direct !== undefined && typeof direct.rest === 'boolean') {
      const { rest } = direct;
      const channels = channelsWith(input.diagnoses, direct.tag);
      const all = (value: boolean): Values => Object.fromEntries(channels.map((channel) => [channel, value]));
      demands.push({ condition: tag, set: all(!rest), restore: all(rest) });
      continue;
    }
    const healthy = input.conditions.find((each) => each.tag === tag)?.healthy ?? true;
    for (const signal of input.inputs.signals) {
      if (signal.kind !== 'bool' || signal.role === 'reset' || signal.role === 'start') continue;
      const now = valueAt(before, signal.tag, at) === true;
      const run = input.bench.run([...running.steps, { at: duration(at), set: { [signal.tag]: !now } }], at + 500 * MS);
      const [was, is] = [valueAt(before, tag, at + 500 * MS), valueAt(run, tag, at + 500 * MS)];
      if (was !== healthy || is === healthy) continue;
      demands.push({ condition: tag, set: { [signal.tag]: !now }, restore: { [signal.tag]: now } });
      break;
    }
  }
  return demands;
}

/** An input that stops the running machine without any demand: a stop button, a mode, an end position. */
function findStop(input: PhaseInput, running: Motion, atNs: number): { set: Values; restore: Values } | null {
  const before = input.bench.run(running.steps, atNs + 500 * MS);
  if (valueAt(before, input.hazard.tag, atNs + 500 * MS) === input.hazard.off) return null;
  for (const signal of input.inputs.signals) {
    if (signal.kind !== 'bool' || signal.role !== 'other') continue;
    const now = valueAt(before, signal.tag, atNs) === true;
    const run = input.bench.run(
      [...running.steps, { at: duration(atNs), set: { [signal.tag]: !now } }],
      atNs + 500 * MS,
    );
    const isHealthy = healthyColumns(input, run).every((each) => each.values.at(-1) === each.healthy);
    if (isHealthy && valuesOf(run, input.hazard.tag).at(-1) === input.hazard.off) {
      return { set: { [signal.tag]: !now }, restore: { [signal.tag]: now } };
    }
  }
  return null;
}
