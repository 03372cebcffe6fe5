/** Drives a machine into the phases in which a fault can meet it, by search: commands, scenarios of the site, chance. */

import type { RandomSource } from '../random.js';
import type { ScenarioContent, ScenarioStep } from '../scenario-file.js';
import type { JsonValue } from '../values.js';
import { atOf, type Bench, duration, endOfSteps, type Run, valuesOf } from './bench-run.js';
import type { DrivenSignal, MachineInputs } from './machine-inputs.js';
import type { CampaignCondition, CampaignHazard, Phase } from './plan.js';

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
  readonly bench: Bench;
  /** The discrete state of the machine after the last run, as text: equal texts, nothing new. */
  fingerprint(): string;
  readonly hazard: CampaignHazard;
  readonly conditions: readonly CampaignCondition[];
  readonly inputs: MachineInputs;
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

interface Running {
  readonly steps: readonly ScenarioStep[];
  readonly onNs: number;
}

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
  starts.push({ phase: 'power-cycle', steps: cycled, atNs: steady + input.cycleNs, restore: {} });
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
function startingAt(running: Running, cycleNs: number): number {
  const commands = running.steps.filter((step) => step.pulse !== undefined).map(atOf);
  const last = commands.filter((time) => time <= running.onNs).at(-1);
  return last ?? Math.max(0, running.onNs - cycleNs);
}

/** A machine in motion is met a while after it started, but while it still moves. */
function steadyDelay(input: PhaseInput, running: Running): number {
  const after = Math.max(200 * MS, endOfSteps(running.steps) - running.onNs + 2 * input.cycleNs);
  const run = input.bench(running.steps, running.onNs + after + input.cycleNs);
  return valueAt(run, input.hazard.tag, running.onNs + after) !== input.hazard.off ? after : input.cycleNs;
}

function valueAt(run: Run, tag: string, timeNs: number): JsonValue | undefined {
  const index = run.timesNs.findLastIndex((time) => time <= timeNs);
  return valuesOf(run, tag)[index];
}

// ---------------------------------------------------------------------------------------------- running

/** Steps after which the hazard is on while every condition is healthy; null when the search finds none. */
function findRunning(input: PhaseInput, rest: ScenarioStep): Running | null {
  const known = new Set<string>();
  const corpus: (readonly ScenarioStep[])[] = [];
  const tried = (steps: readonly ScenarioStep[]): Running | null => {
    const run = input.bench(steps, Math.max(endOfSteps(steps) + 300 * MS, 1000 * MS));
    const onNs = onTime(input, run);
    if (onNs !== null) return { steps: trimmed(input, steps, onNs), onNs };
    const state = input.fingerprint();
    if (!known.has(state)) {
      known.add(state);
      corpus.push(steps);
    }
    return null;
  };
  for (const steps of attempts(input, rest)) {
    const running = tried(steps);
    if (running !== null) return running;
  }
  // From states that were new: what led there, and one action more.
  for (let run = 0; run < input.searchRuns && corpus.length > 0; run++) {
    // Late entries are deeper; the square prefers them.
    const deep = Math.max(input.random.next(), input.random.next());
    const base = corpus[Math.floor(deep * corpus.length)] ?? [rest];
    const end = Math.max(endOfSteps(base) + 100 * MS, 300 * MS);
    if (end > SEARCH_DEPTH) continue;
    const running = tried([...base, ...oneAction(input, end)]);
    if (running !== null) return running;
  }
  return null;
}

/** Virtual time that a search follows one sequence. */
const SEARCH_DEPTH = 30_000 * MS;

/** A press, a change of an input or nothing but time. */
function oneAction(input: PhaseInput, atNs: number): ScenarioStep[] {
  const { random, hazard } = input;
  const others = input.inputs.signals.filter((each) => each.role === 'other');
  const other = others[random.below(Math.max(1, others.length))];
  const choice = random.below(8);
  if (choice === 0) return pulses(hazard.resets, atNs);
  if (choice === 1) return pulses(hazard.starts, atNs);
  if (choice === 2) return [{ at: duration(atNs + (1 + random.below(8)) * 1000 * MS), set: {} }];
  if (other === undefined) return pulses([...hazard.resets, ...hazard.starts], atNs);
  if (other.kind === 'number') return [{ at: duration(atNs), set: { [other.tag]: someNumber(random) } }];
  return choice === 3
    ? pulses([other.tag], atNs)
    : [{ at: duration(atNs), set: { [other.tag]: random.below(2) === 0 } }];
}

function someNumber(random: RandomSource): number {
  return NUMBERS[random.below(NUMBERS.length)] ?? 0;
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

/** Steps after the hazard went on are cut off, and steps without which it goes on as well. */
function trimmed(input: PhaseInput, steps: readonly ScenarioStep[], onNs: number): readonly ScenarioStep[] {
  let kept = steps.filter((step) => atOf(step) <= onNs);
  for (let index = kept.length - 1; index > 0; index--) {
    const without = kept.filter((_, each) => each !== index);
    if (onTime(input, input.bench(without, onNs)) === onNs) kept = without;
  }
  return kept;
}

/** Sequences of inputs, most likely first: commands, then scenarios of the site, then chance. */
function* attempts(input: PhaseInput, rest: ScenarioStep): Iterable<readonly ScenarioStep[]> {
  const { resets, starts } = input.hazard;
  const others = input.inputs.signals.filter((each) => each.role === 'other');
  const allOn: ScenarioStep = {
    at: '0s',
    set: Object.fromEntries(others.filter((each) => each.kind === 'bool').map((each) => [each.tag, true])),
  };
  const commands: readonly (readonly ScenarioStep[])[] = [
    [...pulses(resets, 100 * MS), ...pulses(starts, 250 * MS)],
    pulses([...resets, ...starts], 100 * MS),
    [...pulses(resets, 100 * MS), ...held(starts, 250 * MS)],
    [...pulses(starts, 100 * MS), ...pulses(resets, 250 * MS)],
  ];
  for (const sequence of commands) yield [rest, ...sequence];
  for (const seed of input.seeds) {
    const steps = drivingSteps(seed);
    yield [rest, ...steps];
    const [first] = steps;
    if (first === undefined) continue;
    for (const sequence of commands.slice(0, 1)) yield [rest, { ...first, at: '0s' }, ...sequence];
  }
  for (const sequence of commands) yield [rest, allOn, ...sequence];
  const bases = [null, ...input.seeds.map((seed) => drivingSteps(seed)[0] ?? null)];
  for (let run = 0; run < RANDOM_STARTS; run++) {
    const base = bases[input.random.below(bases.length)];
    const steps: ScenarioStep[] = base === null || base === undefined ? [rest] : [rest, { ...base, at: '0s' }];
    yield [...steps, ...chance(input, others)];
  }
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

/** Random sequences from rest before the search goes deeper. */
const RANDOM_STARTS = 60;

const NUMBERS = [0, 1, 2, 3, 4, 5, 10, 100, 1000, 10_000] as const;

/** A few random inputs, then commands in a random order. */
function chance(input: PhaseInput, others: readonly DrivenSignal[]): ScenarioStep[] {
  const { random } = input;
  const steps: ScenarioStep[] = [];
  const set: Values = {};
  for (const each of others) {
    if (random.below(2) === 0) continue;
    set[each.tag] = each.kind === 'bool' ? random.below(2) === 0 : someNumber(random);
  }
  if (Object.keys(set).length > 0) steps.push({ at: '0s', set });
  let time = 100 * MS;
  for (let command = 0; command < 4; command++) {
    const other = others[random.below(Math.max(1, others.length))];
    switch (random.below(3)) {
      case 0:
        steps.push(...pulses(input.hazard.resets, time));
        break;
      case 1:
        steps.push(...pulses(input.hazard.starts, time));
        break;
      default:
        if (other !== undefined && other.kind === 'bool') {
          steps.push({ at: duration(time), set: { [other.tag]: random.below(2) === 0 } });
        }
    }
    time += (50 + 50 * random.below(6)) * MS;
  }
  return steps;
}

// ---------------------------------------------------------------------------------------------- demands and stops

/** For each condition of the hazard the input that makes it unhealthy, found on the running machine. */
function findDemands(input: PhaseInput, running: Running): Demand[] {
  const demands: Demand[] = [];
  const at = running.onNs + input.cycleNs;
  const before = input.bench(running.steps, at + 500 * MS);
  for (const tag of input.hazard.conditions) {
    const direct = input.inputs.signals.find((each) => each.tag.toUpperCase() === tag.toUpperCase());
    if (direct !== undefined && typeof direct.rest === 'boolean') {
      demands.push({ condition: tag, set: { [direct.tag]: !direct.rest }, restore: { [direct.tag]: direct.rest } });
      continue;
    }
    const healthy = input.conditions.find((each) => each.tag === tag)?.healthy ?? true;
    for (const signal of input.inputs.signals) {
      if (signal.kind !== 'bool' || signal.role === 'reset' || signal.role === 'start') continue;
      const now = valueAt(before, signal.tag, at) === true;
      const run = input.bench([...running.steps, { at: duration(at), set: { [signal.tag]: !now } }], at + 500 * MS);
      const [was, is] = [valueAt(before, tag, at + 500 * MS), valueAt(run, tag, at + 500 * MS)];
      if (was !== healthy || is === healthy) continue;
      demands.push({ condition: tag, set: { [signal.tag]: !now }, restore: { [signal.tag]: now } });
      break;
    }
  }
  return demands;
}

/** An input that stops the running machine without any demand: a stop button, a mode, an end position. */
function findStop(input: PhaseInput, running: Running, atNs: number): { set: Values; restore: Values } | null {
  const before = input.bench(running.steps, atNs + 500 * MS);
  if (valueAt(before, input.hazard.tag, atNs + 500 * MS) === input.hazard.off) return null;
  for (const signal of input.inputs.signals) {
    if (signal.kind !== 'bool' || signal.role !== 'other') continue;
    const now = valueAt(before, signal.tag, atNs) === true;
    const run = input.bench([...running.steps, { at: duration(atNs), set: { [signal.tag]: !now } }], atNs + 500 * MS);
    const isHealthy = healthyColumns(input, run).every((each) => each.values.at(-1) === each.healthy);
    if (isHealthy && valuesOf(run, input.hazard.tag).at(-1) === input.hazard.off) {
      return { set: { [signal.tag]: !now }, restore: { [signal.tag]: now } };
    }
  }
  return null;
}
