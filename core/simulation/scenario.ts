/** Runs scenarios: steps, pulses, expectations, faults and power cycles in virtual time, invariants after every scan. */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { executionProfile } from './compile/profile.js';
import { coverageOf, type FileCoverage } from './coverage.js';
import { CONTROLLER_FAULTS, type Distortion, distortionOf } from './faults.js';
import { createRandom } from './random.js';
import { durationNs, type Scenario, type ScenarioFault, type ScenarioStep, scenarioFinding } from './scenario-file.js';
import { createSimulation, type Simulation, type UnknownUse } from './simulation.js';
import type { Tag } from './tags.js';
import { type Trace, TraceRecorder } from './trace.js';
import { describeValue, fromInput, type RunTimeValue, sameValue } from './values.js';

export interface ScenarioResult {
  readonly name: string;
  readonly file: string;
  /** `unknown`: nothing failed, but something was reached that the simulator can't execute. */
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly findings: readonly Finding[];
  readonly trace: Trace;
  readonly scans: number;
  readonly unknown: readonly UnknownUse[];
  /** Semantics profile under which the scenario ran. */
  readonly profile: string;
  /** What the scenario ran; empty unless asked for. */
  readonly coverage: readonly FileCoverage[];
}

export interface ScenarioOptions {
  readonly signal?: AbortSignal;
  readonly coverage?: boolean;
  /** Looks at the state after each scan, and may end the run there. It must change nothing. */
  readonly afterScan?: (simulation: Simulation) => 'go-on' | 'stop';
}

const EMPTY_TRACE: Trace = { timesNs: [], signals: [], markers: [] };

/** A signal that is failing: its true value is kept beside the one that is seen. */
interface ActiveFault {
  readonly tag: Tag;
  readonly distort: Distortion;
  readonly startNs: number;
  readonly endNs: number;
  trueValue: RunTimeValue;
  seen: RunTimeValue;
}

interface Pulse {
  readonly tag: Tag;
  readonly endNs: number;
}

/** Runs a scenario on a project from a cold start at time 0. */
export function runScenario(project: Project, scenario: Scenario, options: ScenarioOptions = {}): ScenarioResult {
  const { content, file } = scenario;
  const cycle = content.cycle === undefined ? {} : { cycleNs: durationNs(content.cycle) };
  const withCoverage = options.coverage === true;
  const created = createSimulation(project, { ...cycle, coverage: withCoverage });
  const profile = executionProfile(project.dialect).name;
  if ('findings' in created) {
    return {
      name: content.name,
      file,
      status: 'failed',
      findings: created.findings,
      trace: EMPTY_TRACE,
      scans: 0,
      unknown: [],
      profile,
      coverage: [],
    };
  }
  const result = new ScenarioRun(created.simulation, scenario).run(options.signal ?? null, options.afterScan);
  return { ...result, coverage: withCoverage ? coverageOf(created.simulation) : [] };
}

/**
 * Runs a scenario on a simulation that was compiled before, from a cold start at time 0: a campaign compiles once. The
 * `cycle` of the scenario has no effect here, it is compiled in.
 */
export function runScenarioOn(
  simulation: Simulation,
  scenario: Scenario,
  signal: AbortSignal | null = null,
): Omit<ScenarioResult, 'coverage'> {
  simulation.reset();
  return new ScenarioRun(simulation, scenario).run(signal);
}

class ScenarioRun {
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #findings: Finding[] = [];
  readonly #driven = new Map<string, { readonly tag: Tag; value: RunTimeValue }>();
  readonly #faults: ActiveFault[] = [];
  readonly #pulses: Pulse[] = [];
  readonly #recorder: TraceRecorder;
  readonly #random;

  constructor(simulation: Simulation, scenario: Scenario) {
    this.#simulation = simulation;
    this.#scenario = scenario;
    this.#recorder = new TraceRecorder(simulation, scenario.content.record ?? mentionedTags(scenario));
    this.#random = createRandom(scenario.content.seed ?? 1);
  }

  run(signal: AbortSignal | null, afterScan?: ScenarioOptions['afterScan']): Omit<ScenarioResult, 'coverage'> {
    const { content } = this.#scenario;
    this.#checkNames();
    const watches = this.#compileAlways();
    if (this.#findings.length > 0) return this.#result();
    const steps = content.steps
      .map((step, index) => ({ step, index, at: durationNs(step.at) }))
      .sort((a, b) => a.at - b.at || a.index - b.index);
    const lastStep = steps.at(-1)?.at ?? 0;
    const end = content.until === undefined ? lastStep : Math.max(durationNs(content.until), 0);
    const violated = new Set<number>();
    let next = 0;
    while (this.#simulation.nextNs <= end || next < steps.length) {
      if (signal !== null && this.#simulation.scans % 256 === 0) signal.throwIfAborted();
      const time = this.#simulation.nextNs;
      const due: typeof steps = [];
      for (let each = steps[next]; each !== undefined && each.at <= time; each = steps[next]) {
        due.push(each);
        next++;
      }
      if (time > end && due.length === 0 && next >= steps.length) break;
      for (const { step, index } of due) this.#apply(step, index);
      this.#beforeScan();
      const fault = this.#simulation.scan();
      this.#afterScan();
      this.#recorder.sample();
      const isStopped = afterScan?.(this.#simulation) === 'stop';
      if (fault !== null) {
        this.#findings.push(fault);
        this.#recorder.mark('failure', fault.message);
        break;
      }
      for (const { step, index } of due) this.#expect(step, index);
      watches.forEach((watch, index) => {
        if (!violated.has(index) && !this.#holds(watch.read, index, watch.text)) violated.add(index);
      });
      if (isStopped || this.#findings.length > 20) break;
    }
    return this.#result();
  }

  #result(): Omit<ScenarioResult, 'coverage'> {
    const { content, file } = this.#scenario;
    const isUnknown = this.#simulation.isUnknownFor(this.#asserted()) || this.#assertsNothing();
    return {
      name: content.name,
      file,
      status: this.#findings.length > 0 ? 'failed' : isUnknown ? 'unknown' : 'passed',
      findings: this.#findings,
      trace: this.#recorder.finish(),
      scans: this.#simulation.scans,
      unknown: this.#simulation.unknownBlocks.filter((each) => each.isReached),
      profile: this.#simulation.profile.name,
    };
  }

  /** Tags on which the result rests: those of expectations, and every word of an invariant that is a tag. */
  #asserted(): Tag[] {
    const { content } = this.#scenario;
    const expected = content.steps.flatMap((step) => Object.keys(step.expect ?? {}));
    return [...expected, ...wordsOf(content.always ?? [])].flatMap((name) => this.#simulation.tag(name) ?? []);
  }

  /** A run that asserts nothing, or of tags that can't be told, says nothing as soon as anything in it is unknown. */
  #assertsNothing(): boolean {
    if (!this.#simulation.isUnknown) return false;
    const isBlind = (text: string): boolean => wordsOf([text]).every((word) => this.#simulation.tag(word) === null);
    return this.#asserted().length === 0 || (this.#scenario.content.always ?? []).some(isBlind);
  }

  #report(
    path: readonly (string | number)[],
    code: string,
    rule: string,
    message: string,
    witness: Readonly<Record<string, unknown>> = {},
  ): void {
    this.#findings.push(
      scenarioFinding(this.#scenario.file, this.#scenario.locate(path), code, rule, message, witness),
    );
  }

  #tag(name: string, path: readonly (string | number)[]): Tag | null {
    const tag = this.#simulation.tag(name);
    if (tag === null) this.#report(path, 'SIM-TAG', 'unknown-tag', `There is no variable "${name}" in the project.`);
    return tag;
  }

  /** Every tag of the scenario must exist before anything runs: a typo must not pass as a check that never fails. */
  #checkNames(): void {
    const { content } = this.#scenario;
    if (
      content.program !== undefined &&
      !this.#simulation.project.schedule.some((task) =>
        task.programs.some(
          (each) =>
            sameName(content.program ?? '', each.instanceName) || sameName(content.program ?? '', each.pou.name),
        ),
      )
    ) {
      this.#report(
        ['program'],
        'SIM-PROGRAM',
        'unknown-program',
        `The program "${content.program}" is not scheduled. Name it under \`entry:\` in plantwright.yaml or in a CONFIGURATION.`,
      );
    }
    content.steps.forEach((step, index) => {
      for (const part of ['set', 'pulse', 'expect'] as const) {
        for (const name of Object.keys(step[part] ?? {})) this.#tag(name, ['steps', index, part, name]);
      }
      for (const [fault, path] of faultsOf(step, index)) {
        for (const name of faultTags(fault)) this.#tag(name, path);
        if (faultTags(fault).length === 0 && !CONTROLLER_FAULTS.has(fault.kind)) {
          this.#report(path, 'SIM-FAULT', 'fault-parameters', `The fault ${fault.kind} needs a "tag".`);
        }
      }
    });
    (content.record ?? []).forEach((name, index) => {
      this.#tag(name, ['record', index]);
    });
  }

  #compileAlways(): readonly { readonly text: string; readonly read: () => unknown }[] {
    const texts = this.#scenario.content.always ?? [];
    const compiled = this.#simulation.watches(texts);
    return compiled.flatMap((each, index) => {
      if ('problem' in each) {
        this.#report(['always', index], 'SIM-EXPRESSION', 'always-expression', `"${texts[index]}": ${each.problem}`);
        return [];
      }
      if (each.watch.shape.kind !== 'bool') {
        this.#report(
          ['always', index],
          'SIM-EXPRESSION',
          'always-expression',
          `"${texts[index]}" is no Boolean expression.`,
        );
        return [];
      }
      return [{ text: texts[index] ?? '', read: () => each.watch.read() }];
    });
  }

  #apply(step: ScenarioStep, index: number): void {
    if (step.power_cycle !== undefined) {
      this.#simulation.start(step.power_cycle);
      this.#recorder.mark('power', `power cycle (${step.power_cycle})`, this.#simulation.nextNs);
      for (const { tag, value } of this.#driven.values()) this.#write(tag, value);
    }
    for (const [name, input] of Object.entries(step.set ?? {})) this.#drive(name, input, ['steps', index, 'set', name]);
    for (const [name, length] of Object.entries(step.pulse ?? {})) {
      const tag = this.#tag(name, ['steps', index, 'pulse', name]);
      if (tag === null) continue;
      if (this.#drive(name, true, ['steps', index, 'pulse', name])) {
        this.#pulses.push({ tag, endNs: this.#simulation.nextNs + durationNs(length) });
      }
    }
    for (const [fault, path] of faultsOf(step, index)) this.#startFault(fault, path);
    const names = [...Object.keys(step.set ?? {}), ...Object.keys(step.pulse ?? {})];
    if (names.length > 0) this.#recorder.mark('step', names.join(', '), this.#simulation.nextNs);
  }

  #drive(name: string, input: unknown, path: readonly (string | number)[]): boolean {
    const tag = this.#tag(name, path);
    if (tag === null) return false;
    const converted = fromInput(input, tag.shape);
    if ('problem' in converted) {
      this.#report(path, 'SIM-VALUE', 'scenario-value', `${tag.name}: ${converted.problem}.`);
      return false;
    }
    this.#driven.set(tag.name, { tag, value: converted.value });
    this.#write(tag, converted.value);
    return true;
  }

  /** Writes the true value of a signal; while it fails the controller sees something else. */
  #write(tag: Tag, value: RunTimeValue): void {
    const failing = this.#faults.find((each) => each.tag.name === tag.name);
    if (failing !== undefined) failing.trueValue = value;
    else this.#simulation.poke(tag, value);
  }

  #startFault(fault: ScenarioFault, path: readonly (string | number)[]): void {
    const now = this.#simulation.nextNs;
    this.#recorder.mark('fault', `${fault.kind}${fault.tag === undefined ? '' : ` ${fault.tag}`}`, now);
    if (fault.kind === 'overrun') {
      this.#simulation.skip(durationNs(fault.for ?? 0));
      return;
    }
    if (fault.kind === 'clock_jump') {
      if (fault.by === undefined)
        this.#report(path, 'SIM-FAULT', 'fault-parameters', 'clock_jump needs "by", for example 1h or -5s.');
      else this.#simulation.jumpClock(durationNs(fault.by));
      return;
    }
    for (const name of faultTags(fault)) {
      const tag = this.#tag(name, path);
      if (tag === null) continue;
      const initial = this.#simulation.peek(tag);
      const { cycleNs } = this.#simulation;
      const distort = distortionOf({ fault, shape: tag.shape, initial, cycleNs, random: this.#random });
      if (typeof distort !== 'function') {
        this.#report(path, 'SIM-FAULT', 'fault-parameters', `${tag.name}: ${distort.problem}.`);
        continue;
      }
      this.#endFaults((each) => each.tag.name === tag.name);
      const endNs = fault.for === undefined ? Number.POSITIVE_INFINITY : now + durationNs(fault.for);
      this.#faults.push({ tag, distort, startNs: now, endNs, trueValue: initial, seen: initial });
    }
  }

  #endFaults(isOver: (fault: ActiveFault) => boolean): void {
    for (let index = this.#faults.length - 1; index >= 0; index--) {
      const fault = this.#faults[index];
      if (fault === undefined || !isOver(fault)) continue;
      this.#faults.splice(index, 1);
      this.#simulation.poke(fault.tag, fault.trueValue);
    }
  }

  #beforeScan(): void {
    const now = this.#simulation.nextNs;
    for (let index = this.#pulses.length - 1; index >= 0; index--) {
      const pulse = this.#pulses[index];
      if (pulse === undefined || pulse.endNs > now) continue;
      this.#pulses.splice(index, 1);
      this.#driven.set(pulse.tag.name, { tag: pulse.tag, value: false });
      this.#write(pulse.tag, false);
    }
    this.#endFaults((fault) => fault.endNs <= now);
    for (const fault of this.#faults) this.#distort(fault, now);
  }

  /** A failing signal that the program itself writes (an actuator) is distorted again after the scan. */
  #afterScan(): void {
    for (const fault of this.#faults) {
      const current = this.#simulation.peek(fault.tag);
      if (current === fault.seen) continue;
      fault.trueValue = current;
      this.#distort(fault, this.#simulation.nowNs);
    }
  }

  #distort(fault: ActiveFault, now: number): void {
    fault.seen = fault.distort(fault.trueValue, now - fault.startNs);
    this.#simulation.poke(fault.tag, fault.seen);
  }

  #expect(step: ScenarioStep, index: number): void {
    for (const [name, expected] of Object.entries(step.expect ?? {})) {
      const path = ['steps', index, 'expect', name];
      const tag = this.#tag(name, path);
      if (tag === null) continue;
      const actual = this.#simulation.peek(tag);
      const problem =
        typeof expected === 'object' ? outsideOf(expected, actual) : this.#differs(tag, expected, actual, path);
      if (problem === null) continue;
      const at = this.#simulation.nowNs / 1e6;
      this.#recorder.mark('failure', `${tag.name} ${problem}`);
      this.#report(
        path,
        'SIM-EXPECT',
        'scenario-expectation',
        `At ${at} ms ${tag.name} is ${describeValue(actual, tag.shape)}, ${problem}.`,
        {
          timeNs: this.#simulation.nowNs,
          tag: tag.name,
          actual: this.#simulation.readJson(name) ?? null,
          expected,
        },
      );
    }
  }

  #differs(
    tag: Tag,
    expected: boolean | number | string,
    actual: RunTimeValue,
    path: readonly (string | number)[],
  ): string | null {
    const converted = fromInput(expected, tag.shape);
    if ('problem' in converted) {
      this.#report(path, 'SIM-VALUE', 'scenario-value', `${tag.name}: ${converted.problem}.`);
      return null;
    }
    return sameValue(actual, converted.value, tag.shape)
      ? null
      : `expected ${describeValue(converted.value, tag.shape)}`;
  }

  #holds(read: () => unknown, index: number, text: string): boolean {
    let holds: boolean;
    try {
      holds = read() === true;
    } catch (error) {
      this.#findings.push(this.#simulation.faultOf(error));
      return false;
    }
    if (holds) return true;
    this.#recorder.mark('failure', text);
    this.#report(
      ['always', index],
      'SIM-ALWAYS',
      'scenario-invariant',
      `"${text}" does not hold after the scan at ${this.#simulation.nowNs / 1e6} ms.`,
      {
        timeNs: this.#simulation.nowNs,
        expression: text,
      },
    );
    return false;
  }
}

function sameName(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

function outsideOf(
  limits: { readonly min?: number | undefined; readonly max?: number | undefined },
  actual: RunTimeValue,
): string | null {
  const number = Number(actual);
  if (limits.min !== undefined && !(number >= limits.min)) return `expected at least ${limits.min}`;
  if (limits.max !== undefined && !(number <= limits.max)) return `expected at most ${limits.max}`;
  return null;
}

function faultsOf(step: ScenarioStep, index: number): (readonly [ScenarioFault, readonly (string | number)[]])[] {
  const { fault } = step;
  if (fault === undefined) return [];
  if (!Array.isArray(fault)) return [[fault, ['steps', index, 'fault']]];
  return fault.map((each, order) => [each, ['steps', index, 'fault', order]] as const);
}

function faultTags(fault: ScenarioFault): string[] {
  return [...(fault.tag === undefined ? [] : [fault.tag]), ...(fault.tags ?? [])];
}

/** Tags of steps, and words of `always` that look like tags. */
function mentionedTags(scenario: Scenario): string[] {
  const { content } = scenario;
  const names = content.steps.flatMap((step, index) => [
    ...Object.keys(step.set ?? {}),
    ...Object.keys(step.pulse ?? {}),
    ...Object.keys(step.expect ?? {}),
    ...faultsOf(step, index).flatMap(([fault]) => faultTags(fault)),
  ]);
  return [...new Set([...names, ...wordsOf(content.always ?? [])])];
}

function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.match(/[A-Za-z_][\w.]*(?:\[[\d,]+\][\w.]*)*/g) ?? []);
}
