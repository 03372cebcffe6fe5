/** Runs scenarios: steps, pulses, expectations, faults and power cycles in virtual time, invariants after every scan. */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { coverageOf, type FileCoverage } from './coverage.js';
import type { Interruption } from './preemption.js';
import { durationNs, type Scenario, type ScenarioStep, scenarioFinding } from './scenario-file.js';
import { scenarioOptions, scenarioProfile } from './scenario-options.js';
import { createSimulation, type Simulation } from './simulation.js';
import { concernsController, type DueStep, faultsOf, faultTags, inOrder, Stimulus } from './stimulus.js';
import type { Tag } from './tags.js';
import type { MissedActivations } from './task-schedule.js';
import { type Trace, TraceRecorder } from './trace.js';
import type { UnknownUse } from './unknown-uses.js';
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
  /** Tasks that missed activations, because the controller was busy. */
  readonly missed: readonly MissedActivations[];
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

/** Runs a scenario on a project from a cold start at time 0. */
export function runScenario(project: Project, scenario: Scenario, options: ScenarioOptions = {}): ScenarioResult {
  const { content, file } = scenario;
  const withCoverage = options.coverage === true;
  const created = createSimulation(project, { ...scenarioOptions(content), coverage: withCoverage });
  const profile = scenarioProfile(project, content);
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
      missed: [],
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

/** Starts a scenario that somebody else runs scan by scan, on a simulation that was just reset. */
export function driveScenario(simulation: Simulation, scenario: Scenario): ScenarioDriver {
  return new ScenarioRun(simulation, scenario);
}

/** The part of a scenario around the scans. */
export interface ScenarioDriver {
  /** True when nothing is left to run: at the end, after a fault, or when the scenario does not fit the project. */
  readonly isOver: boolean;
  /** Applies the steps that are due. */
  beforeScan(): void;
  /** Judges the scan that has run. Gives what it found. */
  afterScan(): readonly Finding[];
  result(): Omit<ScenarioResult, 'coverage'>;
}

class ScenarioRun implements ScenarioDriver {
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #findings: Finding[] = [];
  readonly #recorder: TraceRecorder;
  readonly #stimulus: Stimulus;
  readonly #watches: readonly { readonly text: string; readonly read: () => unknown }[];
  /** Nanoseconds of virtual time after which nothing is asked for any more. */
  readonly #end: number;
  /** True when the scenario does not fit the project: then nothing runs. */
  readonly #isRefused: boolean;
  readonly #violated = new Set<number>();
  #due: readonly DueStep[] = [];

  constructor(simulation: Simulation, scenario: Scenario) {
    const { content } = scenario;
    this.#simulation = simulation;
    this.#scenario = scenario;
    this.#recorder = new TraceRecorder(simulation, content.record ?? mentionedTags(scenario));
    this.#checkNames();
    this.#watches = this.#compileAlways();
    this.#isRefused = this.#findings.length > 0;
    const steps = inOrder(content.steps);
    this.#stimulus = new Stimulus(simulation, steps, content.seed ?? 1, {
      problem: (path, code, rule, message) => this.#report(path, code, rule, message),
      mark: (kind, label, timeNs) => this.#recorder.mark(kind, label, timeNs),
    });
    const lastStep = steps.at(-1)?.atNs ?? 0;
    this.#end = content.until === undefined ? lastStep : Math.max(durationNs(content.until), 0);
  }

  run(signal: AbortSignal | null, afterScan?: ScenarioOptions['afterScan']): Omit<ScenarioResult, 'coverage'> {
    while (!this.isOver) {
      if (signal !== null && this.#simulation.scans % 256 === 0) signal.throwIfAborted();
      this.beforeScan();
      this.#simulation.scan();
      this.afterScan();
      if (afterScan?.(this.#simulation) === 'stop') break;
    }
    return this.result();
  }

  get isOver(): boolean {
    if (this.#findings.length > 20 || this.#simulation.fault !== null || this.#isRefused) return true;
    return this.#simulation.nextNs > this.#end && this.#stimulus.isDone;
  }

  beforeScan(): void {
    this.#due = this.#stimulus.beforeScan();
    if (this.#scenario.content.scheduling === 'every-statement') this.#tryInterruptions();
  }

  /** Every invariant must also hold after the scan when one of its statements is interrupted. */
  #tryInterruptions(): void {
    this.#simulation.interleavings((interruption) => {
      const where = interruptionInWords(this.#simulation, interruption);
      const { fault } = this.#simulation;
      if (fault !== null) {
        this.#findings.push({ ...fault, message: `${fault.message} That happens when ${where}.` });
        return 'stop';
      }
      this.#watches.forEach((watch, index) => {
        if (this.#violated.has(index) || this.#holds(watch.read, index, watch.text, ` when ${where}`)) return;
        this.#violated.add(index);
      });
      return 'go-on';
    });
  }

  afterScan(): readonly Finding[] {
    const known = this.#findings.length;
    const { fault } = this.#simulation;
    this.#stimulus.afterScan();
    this.#recorder.sample();
    if (fault !== null) {
      this.#findings.push(fault);
      this.#recorder.mark('failure', fault.message);
      return [fault];
    }
    for (const { step, index } of this.#due) this.#expect(step, index);
    this.#watches.forEach((watch, index) => {
      if (!this.#violated.has(index) && !this.#holds(watch.read, index, watch.text)) this.#violated.add(index);
    });
    return this.#findings.slice(known);
  }

  result(): Omit<ScenarioResult, 'coverage'> {
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
      profile: scenarioProfile(this.#simulation.project, content),
      missed: this.#simulation.missedActivations,
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
    for (const name of Object.keys(content.tasks ?? {})) {
      const { schedule } = this.#simulation.project;
      if (schedule.some((task) => sameName(task.name, name))) continue;
      const declared = schedule.map((task) => task.name).join(', ');
      this.#report(['tasks', name], 'SIM-TASK', 'unknown-task', `There is no task "${name}". Declared: ${declared}.`);
    }
    content.steps.forEach((step, index) => {
      for (const part of ['set', 'pulse', 'expect'] as const) {
        for (const name of Object.keys(step[part] ?? {})) this.#tag(name, ['steps', index, part, name]);
      }
      for (const [fault, path] of faultsOf(step, index)) {
        for (const name of faultTags(fault)) this.#tag(name, path);
        if (faultTags(fault).length === 0 && !concernsController(fault)) {
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

  #holds(read: () => unknown, index: number, text: string, when = ''): boolean {
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
      `"${text}" does not hold after the scan at ${this.#simulation.nowNs / 1e6} ms${when}.`,
      {
        timeNs: this.#simulation.nowNs,
        expression: text,
      },
    );
    return false;
  }
}

/** `task Fast interrupts Slow before main.st:12`. */
function interruptionInWords({ project, program }: Simulation, { site, task, by }: Interruption): string {
  const nameOf = (index: number): string => project.schedule[index]?.name ?? '';
  const source = program.sites[site];
  const line = source === undefined ? 1 : source.project.lineTableOf(source.file).positionAt(source.start).line;
  return `task ${by.map(nameOf).join(' and ')} interrupts ${nameOf(task)} before ${source?.file.path ?? ''}:${line}`;
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

/** Tags of steps, and words of `always` that look like tags. */
export function mentionedTags(scenario: Scenario): string[] {
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
