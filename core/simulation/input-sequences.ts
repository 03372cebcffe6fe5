/** Inputs by scan: taken from scenarios and recorded traces, or made up as a machine might give them. */

import { type ChangeTrace, decodedValue, isDurationType } from './change-trace.js';
import { limitsOf, type Shape } from './compile/shape.js';
import type { RandomSource } from './random.js';
import type { ScenarioContent } from './scenario-file.js';
import type { Simulation } from './simulation.js';
import { faultsOf, faultTags, inOrder, Stimulus, UNOBSERVED } from './stimulus.js';
import { fromInput, type JsonValue, type RunTimeValue, toJson } from './values.js';

/** A value that changes before a scan. */
export interface InputChange {
  /** Number of the scan, from 0. */
  readonly scan: number;
  readonly tag: string;
  readonly value: JsonValue;
}

/** Inputs of a run from a cold start. */
export interface InputSequence {
  /** Where it comes from, for reports. */
  readonly name: string;
  readonly changes: readonly InputChange[];
  /** How long it is followed. */
  readonly scans: number;
}

/**
 * What a scenario gives to its signals, scan by scan, with its faults as the values that the program sees. It ends in
 * front of a power cycle: that is no input. The simulation is reset.
 */
export function sequenceOfScenario(simulation: Simulation, content: ScenarioContent, scans: number): InputSequence {
  const all = inOrder(content.steps);
  const cycled = all.findIndex(({ step }) => step.power_cycle !== undefined);
  const steps = cycled < 0 ? all : all.slice(0, cycled);
  const names = steps.flatMap(({ step, index }) => [
    ...Object.keys(step.set ?? {}),
    ...Object.keys(step.pulse ?? {}),
    ...faultsOf(step, index).flatMap(([fault]) => faultTags(fault)),
  ]);
  const tags = [...new Set(names)].flatMap((name) => simulation.tag(name) ?? []);
  simulation.reset();
  const stimulus = new Stimulus(simulation, steps, content.seed ?? 1, UNOBSERVED);
  const end = cycled < 0 ? Number.POSITIVE_INFINITY : (all[cycled]?.atNs ?? 0);
  const seen = tags.map((tag) => simulation.peekJson(tag));
  const changes: InputChange[] = [];
  let scan = 0;
  for (; scan < scans && simulation.nextNs < end; scan++) {
    stimulus.beforeScan();
    for (const [index, tag] of tags.entries()) {
      const value = simulation.peekJson(tag);
      if (seen[index] === value) continue;
      seen[index] = value;
      changes.push({ scan, tag: tag.name, value });
    }
    if (simulation.scan() !== null) break;
    stimulus.afterScan();
  }
  return { name: `scenario "${content.name}"`, changes, scans: scan };
}

/** What a recording gives to a program, and what it says that no program can be given. */
export interface RecordedInputs {
  readonly sequence: InputSequence;
  /** Signals that are no variable of the program, as they are named in the recording. */
  readonly unknown: readonly string[];
  /** Values that do not fit the variable of their name, the first of each. */
  readonly misfits: readonly string[];
}

/**
 * The recorded values of inputs, scan by scan from a cold start: the first sample is the first scan, whatever its time.
 * Signals that are no inputs are left to whoever compares them. `cycleNs` is the interval between two scans.
 */
export function sequenceOfTrace(
  name: string,
  trace: ChangeTrace,
  simulation: Pick<Simulation, 'tag' | 'cycleNs'>,
  inputs: readonly string[],
): RecordedInputs {
  const wanted = new Set(inputs.map((tag) => tag.toUpperCase()));
  const start = trace.timesNs[0] ?? 0;
  const scanOf = (time: number): number => Math.round((time - start) / simulation.cycleNs);
  const unknown: string[] = [];
  const misfits: string[] = [];
  const changes = trace.signals.flatMap((signal): InputChange[] => {
    const tag = simulation.tag(signal.name);
    if (tag === null) {
      unknown.push(signal.name);
      return [];
    }
    if (!wanted.has(tag.name.toUpperCase())) return [];
    const values = [...signal.changes].map((sample, change): InputChange => {
      const value = valueFor(tag.shape, decodedValue(signal, change), signal.type);
      return { scan: scanOf(trace.timesNs[sample] ?? start), tag: tag.name, value };
    });
    const given = values.filter((each) => each.value !== null);
    const misfit = given.map((each) => fromInput(each.value, tag.shape)).find((each) => 'problem' in each);
    if (misfit !== undefined && 'problem' in misfit) misfits.push(`${tag.name}: ${misfit.problem}`);
    return given;
  });
  const scans = scanOf(trace.timesNs.at(-1) ?? start) + 1;
  const ordered = changes.sort((a, b) => a.scan - b.scan);
  return { sequence: { name: `recording ${name}`, changes: ordered, scans }, unknown, misfits };
}

/** A recorded value as the type of its variable has it: files know no BOOL beside 0 and 1, and no TIME beside numbers. */
export function valueFor(shape: Shape, value: JsonValue, recordedType: string): JsonValue {
  if (typeof value === 'boolean')
    return shape.kind === 'integer' || shape.kind === 'real' || shape.kind === 'lreal' ? Number(value) : value;
  if (typeof value === 'number' && isDurationType(recordedType)) return Math.round(value * 1e6);
  return value;
}

/** An input that can be made up. */
export interface InputShape {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * Machine-like inputs from a scan on: conditions fall now and then for a while, commands come as pulses, other inputs
 * change and stay or come back; numbers jump to the edges of their range, to small values and to what the program
 * compares them with. `held` are the Booleans at the start, by name.
 */
export function machineLikeInputs(
  inputs: readonly InputShape[],
  held: ReadonlyMap<string, boolean>,
  numbers: readonly number[],
  from: number,
  scans: number,
  random: RandomSource,
): InputChange[] {
  const changes: InputChange[] = [];
  const values = new Map(held);
  const restore: { readonly scan: number; readonly input: InputShape; readonly value: boolean }[] = [];
  const put = (scan: number, input: InputShape, value: RunTimeValue): void => {
    changes.push({ scan, tag: input.name, value: toJson(value, input.shape) });
  };
  for (let scan = from; scan < from + scans && inputs.length > 0; scan++) {
    for (const due of restore.filter((each) => each.scan === scan)) put(scan, due.input, due.value);
    if (random.next() > 0.2) continue;
    const input = inputs[random.below(inputs.length)];
    if (input === undefined) continue;
    if (input.shape.kind !== 'bool') {
      put(scan, input, interesting(input.shape, numbers, random));
      continue;
    }
    const value = values.get(input.name) ?? false;
    put(scan, input, !value);
    if (random.next() < 0.25) values.set(input.name, !value);
    else restore.push({ scan: scan + 1 + random.below(random.next() < 0.3 ? 60 : 6), input, value });
  }
  return changes;
}

function interesting(shape: Shape, numbers: readonly number[], random: RandomSource): RunTimeValue {
  const near = (numbers[random.below(Math.max(1, numbers.length))] ?? 0) + random.below(3) - 1;
  if (shape.kind === 'integer') {
    const { lower, upper } = limitsOf(shape);
    const choices = [lower, upper, 0n, 1n, 2n, 10n, BigInt(random.below(1000)), BigInt(Math.round(near))];
    const possible = choices.filter((each) => each >= lower && each <= upper);
    const chosen = possible[random.below(possible.length)] ?? lower;
    return shape.bits === 64 ? chosen : Number(chosen);
  }
  if (shape.kind === 'real' || shape.kind === 'lreal') {
    const choices = [0, 1, -1, 0.5, 100, 1000, near, random.next() * 200 - 50];
    const chosen = choices[random.below(choices.length)] ?? 0;
    return shape.kind === 'real' ? Math.fround(chosen) : chosen;
  }
  if (shape.kind === 'time') return random.below(5000) * 1_000_000;
  return shape.kind === 'string' ? '' : 0n;
}
