/** Both versions of a change on the same inputs, compared after every scan. */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { limitsOf, type Shape } from './compile/shape.js';
import { inputTags } from './inputs.js';
import { createRandom, type RandomSource } from './random.js';
import { createSimulation, type Simulation, type UnknownUse } from './simulation.js';
import type { Tag } from './tags.js';
import { describeValue, fromInput, type JsonValue, type RunTimeValue, sameValue, toJson } from './values.js';

/** Values that change before a scan. */
export interface InputChange {
  /** Number of the scan, from 0. */
  readonly scan: number;
  readonly tag: string;
  readonly value: JsonValue;
}

export interface CoSimulationOptions {
  /** Tags that must behave alike: hazard outputs. */
  readonly hazards: readonly string[];
  /** Tags that are driven. Default: every input of the version before (`inputTags`). */
  readonly inputs?: readonly string[];
  /** Inputs that a healthy machine holds at TRUE: they start TRUE and fall rarely. */
  readonly conditions?: readonly string[];
  /** Recorded inputs to run instead of generated ones. */
  readonly changes?: readonly InputChange[];
  readonly seed: number;
  readonly scans: number;
  /** Sequences that are generated, each from a cold start. Default: 8. */
  readonly runs?: number;
  /** Greatest difference of numeric outputs that is allowed. Default: 0. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

export interface BehaviourDifference {
  readonly tag: string;
  readonly scan: number;
  readonly timeNs: number;
  readonly before: JsonValue;
  readonly after: JsonValue;
  /** Shortest sequence of input changes found that leads to the difference. */
  readonly inputs: readonly InputChange[];
}

export interface BehaviourComparison {
  /** `unknown`: nothing differed, but a version reached something that the simulator can't execute. */
  readonly status: 'equal' | 'different' | 'unknown';
  readonly difference: BehaviourDifference | null;
  readonly scans: number;
  readonly seed: number;
  readonly inputs: readonly string[];
  /** Hazards or inputs that one of the versions does not have: they were not compared or driven there. */
  readonly unmatched: readonly string[];
  readonly unknown: readonly UnknownUse[];
  /** Faults and other reasons for which the comparison could not run. */
  readonly findings: readonly Finding[];
}

interface Pair {
  readonly before: Simulation;
  readonly after: Simulation;
}

interface Driven {
  readonly name: string;
  readonly shape: Shape;
  readonly before: Tag;
  readonly after: Tag | null;
}

/** Compares the hazards of two versions on recorded or generated inputs. The first difference ends the comparison. */
export function compareBehaviour(before: Project, after: Project, options: CoSimulationOptions): BehaviourComparison {
  const first = createSimulation(before);
  const second = createSimulation(after);
  if ('findings' in first || 'findings' in second) {
    const findings = [first, second].flatMap((each) => ('findings' in each ? each.findings : []));
    return {
      status: 'unknown',
      difference: null,
      scans: 0,
      seed: options.seed,
      inputs: [],
      unmatched: [],
      unknown: [],
      findings,
    };
  }
  const pair: Pair = { before: first.simulation, after: second.simulation };
  const unmatched: string[] = [];
  const hazards = options.hazards.flatMap((name) => matched(pair, name, unmatched));
  const inputs = (options.inputs ?? inputTags(before)).flatMap((name) => drivenTag(pair, name, unmatched));
  const random = createRandom(options.seed);
  const conditions = new Set((options.conditions ?? []).map((each) => each.toUpperCase()));
  let scans = 0;
  const runs = options.changes === undefined ? (options.runs ?? 8) : 1;
  const perRun = Math.max(1, Math.ceil(options.scans / runs));
  let isUnknown = false;
  for (let run = 0; run < runs; run++) {
    const changes = options.changes ?? generate(inputs, conditions, perRun, random);
    const outcome = replay(pair, inputs, hazards, changes, perRun, options);
    scans += outcome.scans;
    isUnknown ||= outcome.isUnknown;
    if (outcome.difference === null) continue;
    const shortest = shrink(
      changes,
      outcome.difference,
      (fewer) => replay(pair, inputs, hazards, fewer, perRun, options).difference,
    );
    return { ...summary(pair, options, inputs, unmatched, scans), status: 'different', difference: shortest };
  }
  return {
    ...summary(pair, options, inputs, unmatched, scans),
    status: isUnknown ? 'unknown' : 'equal',
    difference: null,
  };
}

function summary(
  pair: Pair,
  options: CoSimulationOptions,
  inputs: readonly Driven[],
  unmatched: readonly string[],
  scans: number,
): Omit<BehaviourComparison, 'status' | 'difference'> {
  const unknown = [...pair.before.unknownBlocks, ...pair.after.unknownBlocks].filter((each) => each.isReached);
  return {
    scans,
    seed: options.seed,
    inputs: inputs.map((each) => each.name),
    unmatched: [...new Set(unmatched)],
    unknown,
    findings: [],
  };
}

function matched(pair: Pair, name: string, unmatched: string[]): { name: string; before: Tag; after: Tag }[] {
  const before = pair.before.tag(name);
  const after = pair.after.tag(name);
  if (before === null || after === null || before.shape.kind !== after.shape.kind) {
    unmatched.push(name);
    return [];
  }
  return [{ name: before.name, before, after }];
}

function drivenTag(pair: Pair, name: string, unmatched: string[]): Driven[] {
  const before = pair.before.tag(name);
  const after = pair.after.tag(name);
  if (before === null) {
    unmatched.push(name);
    return [];
  }
  if (after === null) unmatched.push(name);
  return [
    { name: before.name, shape: before.shape, before, after: after?.shape.kind === before.shape.kind ? after : null },
  ];
}

/**
 * Machine-like inputs: conditions start healthy and fall now and then for a while; commands come as pulses; numbers
 * jump to the edges of their range and to small values.
 */
function generate(
  inputs: readonly Driven[],
  conditions: ReadonlySet<string>,
  scans: number,
  random: RandomSource,
): InputChange[] {
  const changes: InputChange[] = [];
  const restore: { scan: number; input: Driven; value: RunTimeValue }[] = [];
  const put = (scan: number, input: Driven, value: RunTimeValue): void => {
    changes.push({ scan, tag: input.name, value: toJson(value, input.shape) });
  };
  for (const input of inputs) {
    if (input.shape.kind === 'bool') put(0, input, conditions.has(input.name.toUpperCase()) || random.next() < 0.5);
  }
  for (let scan = 1; scan < scans; scan++) {
    for (const due of restore.filter((each) => each.scan === scan)) put(scan, due.input, due.value);
    if (inputs.length === 0 || random.next() > 0.25) continue;
    const input = inputs[random.below(inputs.length)];
    if (input === undefined) continue;
    if (input.shape.kind !== 'bool') {
      put(scan, input, interesting(input.shape, random));
      continue;
    }
    const isCondition = conditions.has(input.name.toUpperCase());
    const length = 1 + random.below(random.next() < 0.3 ? 60 : 6);
    put(scan, input, !isCondition);
    restore.push({ scan: scan + length, input, value: isCondition });
  }
  return changes;
}

function interesting(shape: Shape, random: RandomSource): RunTimeValue {
  if (shape.kind === 'integer') {
    const { lower, upper } = limitsOf(shape);
    const choices = [lower, upper, 0n, 1n, 2n, 10n, 100n, BigInt(random.below(1000))].filter(
      (each) => each >= lower && each <= upper,
    );
    const chosen = choices[random.below(choices.length)] ?? lower;
    return shape.bits === 64 ? chosen : Number(chosen);
  }
  if (shape.kind === 'real' || shape.kind === 'lreal') {
    const choices = [0, 1, -1, 0.5, 100, 1000, random.next() * 200 - 50];
    const chosen = choices[random.below(choices.length)] ?? 0;
    return shape.kind === 'real' ? Math.fround(chosen) : chosen;
  }
  if (shape.kind === 'time') return random.below(5000) * 1_000_000;
  return shape.kind === 'string' ? '' : 0n;
}

interface ReplayOutcome {
  readonly difference: BehaviourDifference | null;
  readonly scans: number;
  readonly isUnknown: boolean;
}

function replay(
  pair: Pair,
  inputs: readonly Driven[],
  hazards: readonly { name: string; before: Tag; after: Tag }[],
  changes: readonly InputChange[],
  scans: number,
  options: CoSimulationOptions,
): ReplayOutcome {
  pair.before.reset();
  pair.after.reset();
  const byName = new Map(inputs.map((each) => [each.name, each]));
  const ordered = [...changes].sort((a, b) => a.scan - b.scan);
  let next = 0;
  for (let scan = 0; scan < scans; scan++) {
    if (scan % 256 === 0) options.signal?.throwIfAborted();
    for (let change = ordered[next]; change !== undefined && change.scan <= scan; change = ordered[++next])
      drive(pair, byName.get(change.tag), change);
    const faults = [pair.before.scan(), pair.after.scan()];
    const [faultBefore, faultAfter] = faults;
    const timeNs = pair.before.nowNs;
    if ((faultBefore === null) !== (faultAfter === null)) {
      const difference = {
        tag: 'run-time fault',
        scan,
        timeNs,
        before: faultBefore?.message ?? 'none',
        after: faultAfter?.message ?? 'none',
        inputs: changes,
      };
      return { difference, scans: scan + 1, isUnknown: isUnknown(pair) };
    }
    for (const hazard of hazards) {
      const a = pair.before.peek(hazard.before);
      const b = pair.after.peek(hazard.after);
      if (alike(a, b, hazard.before.shape, options.tolerance ?? 0)) continue;
      const difference = {
        tag: hazard.name,
        scan,
        timeNs,
        before: toJson(a, hazard.before.shape),
        after: toJson(b, hazard.after.shape),
        inputs: changes,
      };
      return { difference, scans: scan + 1, isUnknown: isUnknown(pair) };
    }
    if (faultBefore !== null) break;
  }
  return { difference: null, scans, isUnknown: isUnknown(pair) };
}

function isUnknown(pair: Pair): boolean {
  return pair.before.isUnknown || pair.after.isUnknown;
}

function alike(a: RunTimeValue, b: RunTimeValue, shape: Shape, tolerance: number): boolean {
  if (tolerance > 0 && typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= tolerance;
  return tolerance === 0 ? Object.is(a, b) || a === b : sameValue(a, b, shape);
}

function drive(pair: Pair, input: Driven | undefined, change: InputChange): void {
  if (input === undefined) return;
  const converted = fromInput(change.value, input.shape);
  if ('problem' in converted) return;
  pair.before.poke(input.before, converted.value);
  if (input.after !== null) pair.after.poke(input.after, converted.value);
}

const SHRINK_LIMIT = 200;

/** Leaves out changes as long as some difference remains: halves first, then one by one. */
function shrink(
  changes: readonly InputChange[],
  found: BehaviourDifference,
  retry: (changes: readonly InputChange[]) => BehaviourDifference | null,
): BehaviourDifference {
  let best = { ...found, inputs: changes.filter((each) => each.scan <= found.scan) };
  let attempts = 0;
  for (let size = Math.ceil(best.inputs.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best.inputs.length && attempts < SHRINK_LIMIT; ) {
      const fewer = [...best.inputs.slice(0, start), ...best.inputs.slice(start + size)];
      attempts++;
      const difference = retry(fewer);
      if (difference === null) start += size;
      else best = { ...difference, inputs: fewer.filter((each) => each.scan <= difference.scan) };
    }
  }
  return best;
}

/** A difference in one sentence. */
export function describeDifference(difference: BehaviourDifference): string {
  const show = (value: JsonValue): string =>
    typeof value === 'boolean' ? describeValue(value, { kind: 'bool' }) : String(value);
  return `At ${difference.timeNs / 1e6} ms (scan ${difference.scan}) ${difference.tag} was ${show(difference.before)} before the change and is ${show(difference.after)} after it.`;
}
