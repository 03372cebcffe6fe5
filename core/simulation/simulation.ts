/**
 * A project as a running controller in virtual time: scans, tasks, process image, retained variables, faults.
 * Deterministic: it reads no clock and no random source; the same inputs give the same values.
 */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import type { StateObject } from './compile/machine.js';
import { type ExecutionProfile, executionProfile } from './compile/profile.js';
import { describeShape } from './compile/shape.js';
import { faultFinding, recursionSite, refusalFinding } from './fault-finding.js';
import { blockLibrary } from './library/block-library.js';
import { type Builder, createBuilder, type LoweredProgram } from './lower/program.js';
import { type Interruption, Preemption } from './preemption.js';
import { retainInto } from './retain.js';
import { CoverageRecorder } from './run-time/coverage-recorder.js';
import { type FaultKind, RunTimeFault } from './run-time/fault.js';
import type { Host } from './run-time/library.js';
import type { Bite } from './scheduler.js';
import type { Forced, HostHooks, SimulationImage, SimulationOptions, StartKind } from './simulation-options.js';
import { type Tag, type TagDescription, TagTable } from './tags.js';
import { type MissedActivations, schedulerOf, TaskSchedule } from './task-schedule.js';
import { type UnknownUse, UnknownUses } from './unknown-uses.js';
import { fromInput, type JsonValue, type RunTimeValue, toJson, zeroOf } from './values.js';
import { createTieredMachine, type Engine, type TieredMachine } from './wasm/tiered-machine.js';
import type { FrameWatch, Watch, WatchFrame } from './watch.js';
import { WatchTable } from './watch-table.js';

const DEFAULT_BUDGET = 10_000_000;

const NO_HOOKS: HostHooks = {
  assert: () => undefined,
  mockOf: () => undefined,
  mockFunction: () => undefined,
  verifyCalls: () => undefined,
};

/** A compiled project before it is started. `prepare` may add classes to the program (test cases). */
export function compileSimulation(
  project: Project,
  options: SimulationOptions,
  hooks: HostHooks = NO_HOOKS,
  prepare: (builder: Builder) => readonly string[] = () => [],
): Simulation {
  const profile = executionProfile(project.dialect);
  const builder = createBuilder(
    project,
    blockLibrary(profile.semantics),
    profile,
    options.coverage === true ? { decisions: [], arms: [] } : null,
  );
  const creatable = prepare(builder);
  const program = builder.finish();
  return new Simulation(project, program, profile, options, hooks, creatable);
}

/**
 * Compiles a project for simulation. Findings come back when there is nothing to run; what only some code can't do is
 * listed in `simulation.unknownBlocks` and makes results unknown when it is reached.
 */
export function createSimulation(
  project: Project,
  options: SimulationOptions = {},
): { readonly simulation: Simulation } | { readonly findings: readonly Finding[] } {
  if (project.schedule.every((task) => task.programs.length === 0)) {
    const file = project.files[0]?.path ?? '';
    return {
      findings: [
        {
          code: 'SIM-NO-PROGRAM',
          rule: 'no-program',
          severity: 'error',
          message: 'There is no program to run. Declare a PROGRAM, or name one under `entry:` in plantwright.yaml.',
          file,
          line: 1,
          column: 1,
          endLine: 1,
          endColumn: 1,
          related: [],
          witness: {},
        },
      ],
    };
  }
  const simulation = compileSimulation(project, options);
  const refusals = simulation.program.refusals.map((each) => refusalFinding(simulation.program, each));
  if (refusals.length > 0) return { findings: refusals };
  simulation.start('cold');
  return { simulation };
}

/** The generated program runs in a realm of its own, whose RangeError is another class than ours. */
function isStackOverflow(error: unknown): error is { readonly stack: string } {
  if (typeof error !== 'object' || error === null || !('name' in error) || !('message' in error)) return false;
  if (!('stack' in error) || typeof error.stack !== 'string') return false;
  return error.name === 'RangeError' && /call stack/i.test(String(error.message));
}

export class Simulation {
  readonly project: Project;
  readonly profile: ExecutionProfile;
  readonly program: LoweredProgram;
  readonly #machine: TieredMachine;
  readonly #tags: TagTable;
  readonly #schedule: TaskSchedule;
  readonly #preemption: Preemption | null;
  readonly #budget: number;
  readonly #forced = new Map<string, Forced>();
  readonly #hits: Uint32Array;
  /** What decisions and branches did; empty without coverage. */
  readonly coverage = new CoverageRecorder();
  readonly #unknown: UnknownUses;
  readonly #watches: WatchTable;
  #fault: Finding | null = null;
  #scans = 0;

  constructor(
    project: Project,
    program: LoweredProgram,
    profile: ExecutionProfile,
    options: SimulationOptions,
    hooks: HostHooks,
    creatable: readonly string[],
  ) {
    this.project = project;
    this.program = program;
    this.profile = profile;
    this.#budget = options.iterationBudget ?? DEFAULT_BUDGET;
    this.#unknown = new UnknownUses(program);
    this.#hits = new Uint32Array(options.coverage === true ? program.sites.length : 0);
    this.#preemption =
      options.preemption === undefined ? null : new Preemption(options.preemption, options.debugger ?? null);
    const host: Host = {
      ...hooks,
      hits: this.#hits,
      coverage: this.coverage,
      debug: this.#preemption ?? options.debugger,
      unknown: (site) => this.#unknown.reached(site),
    };
    const needsStatements = this.#preemption !== null || options.debugger !== undefined;
    const interrupted = this.#preemption === null ? undefined : Preemption.planFor(program, project);
    this.#machine = createTieredMachine(program, host, {
      profile,
      withMocks: options.mocks === true,
      withCoverage: options.coverage === true,
      creatable,
      engine: needsStatements ? 'javascript' : (options.engine ?? 'auto'),
      debug: options.debugger?.planFor(program) ?? interrupted,
    });
    this.#tags = new TagTable(program);
    this.#watches = new WatchTable(project, program, this.#machine);
    const scheduler = schedulerOf(
      project,
      options,
      profile.semantics.taskOverrun,
      (task) => this.#watches.triggerOf(task),
      (use) => this.#unknown.addTask(use),
    );
    const taskHost = {
      machine: this.#machine,
      guarded: (run: () => void) => this.#guarded(run),
      stop: ({ task, atNs }: Bite, message: string) => {
        this.#machine.setTime(atNs);
        this.#stopWith(this.finding('watchdog', program.taskSites[task] ?? 0, message));
      },
      scanNumber: () => this.#scans,
    };
    this.#schedule = new TaskSchedule(project, scheduler, taskHost, this.#preemption);
  }

  /** The engine that runs the next scan. */
  get engine(): Engine {
    return this.#machine.engine;
  }

  /** What keeps the program in the JavaScript engine; null when nothing does, or before a long run. */
  get whyJavaScript(): string | null {
    return this.#machine.whyJavaScript;
  }

  /** Time of the scan that ran last, or of the start: nanoseconds of virtual time. */
  get nowNs(): number {
    return this.#machine.getTime();
  }

  /** Time at which the next task is due. */
  get nextNs(): number {
    return this.#schedule.scheduler.nextNs;
  }

  /** Shortest time between two scans that a task asks for, in nanoseconds. */
  get cycleNs(): number {
    return this.#schedule.scheduler.cycleNs;
  }

  /** Activations of tasks since the first start. */
  get scans(): number {
    return this.#scans;
  }

  /** The run-time fault that stopped the controller; null while it runs. */
  get fault(): Finding | null {
    return this.#fault;
  }

  /** True when something was reached that can't be executed: then no value may be relied on. */
  get isUnknown(): boolean {
    return this.#unknown.isAnyReached;
  }

  /** True when one of the tags may depend on something that was reached and can't be executed. */
  isUnknownFor(tags: readonly Tag[]): boolean {
    return this.#unknown.concerns(tags);
  }

  /** What can't be executed, reached or not, in order of place. */
  get unknownBlocks(): readonly UnknownUse[] {
    return this.#unknown.list();
  }

  /**
   * Starts the controller. Cold: everything initialised. Warm: retained variables keep their values. Hot: everything
   * keeps its value and only a fault is cleared. Virtual time goes on; it starts at 0.
   */
  start(kind: StartKind): void {
    const before = this.#started ? this.#machine.roots() : null;
    this.#fault = null;
    if (kind !== 'hot' || before === null) {
      this.#machine.setBudget(this.#budget);
      this.#machine.start();
      this.#started = true;
      if (kind === 'warm' && before !== null) retainInto(this.program, before, this.#machine.roots());
    }
    for (const site of this.program.staticUnknowns) this.#unknown.reached(site);
    this.#schedule.scheduler.restart();
  }

  #started = false;

  /** Starts anew at time 0 without any memory of earlier runs: forces, faults and unknowns are forgotten too. */
  reset(): void {
    this.#machine.setTime(0);
    this.#schedule.scheduler.reset();
    this.#scans = 0;
    this.#forced.clear();
    this.#unknown.clear();
    this.#preemption?.restore([]);
    this.#started = false;
    this.start('cold');
  }

  /**
   * A copy of the state of a cold start at time 0, in the engine that will run it: to be restored before each of many
   * runs, which is quicker than a reset.
   */
  coldImage(): SimulationImage {
    this.reset();
    this.#machine.settle();
    return this.save();
  }

  /** Advances to the next due task and runs all tasks that are due, by priority. Returns the fault, if one occurs. */
  scan(): Finding | null {
    if (this.#fault !== null) return this.#fault;
    this.#machine.setTime(this.#schedule.scheduler.nextNs);
    this.#applyForced();
    this.#schedule.runDue();
    this.#applyForced();
    this.#scans++;
    return this.#fault;
  }

  /**
   * Where every statement is tried: runs the next scan once for each statement before which a task of higher priority may
   * interrupt it, shows the state after it, and puts the state back. Does nothing otherwise.
   */
  interleavings(look: (interruption: Interruption) => 'go-on' | 'stop'): void {
    const preemption = this.#preemption;
    if (preemption?.triesEvery !== true || this.#fault !== null) return;
    const image = this.save();
    for (let statement = 1; ; statement++) {
      const interruption = preemption.tick(statement, () => this.scan());
      const goesOn = interruption !== null && look(interruption) === 'go-on';
      this.restore(image);
      if (!goesOn) return;
    }
  }

  /** False after a fault. */
  #guarded(run: () => void): boolean {
    this.#machine.setBudget(this.#budget);
    try {
      run();
    } catch (error) {
      this.#stopWith(this.faultOf(error));
    }
    return this.#fault === null;
  }

  /** A fault stops the controller: what is at an output address is FALSE or 0 from here on. */
  #stopWith(fault: Finding): void {
    this.#fault = fault;
    for (const tag of this.#tags.outputCells()) this.poke(tag, zeroOf(tag.shape));
  }

  /** The finding of a run-time fault; anything else that was thrown is a bug and is thrown on. */
  faultOf(error: unknown): Finding {
    if (error instanceof RunTimeFault) return this.finding(error.kind, error.site, error.message);
    if (isStackOverflow(error)) {
      return this.finding(
        'recursion',
        recursionSite(this.program, error.stack),
        'calls nest too deeply: a POU calls itself',
      );
    }
    throw error;
  }

  finding(kind: FaultKind, site: number, message: string): Finding {
    return faultFinding(this.program, { kind, site, message }, { timeNs: this.nowNs, scan: this.#scans });
  }

  /** Runs every task that is due within the next `ns` nanoseconds. Stops at a fault. */
  runFor(ns: number): Finding | null {
    const end = this.nextNs + ns;
    while (this.nextNs < end && this.#fault === null) this.scan();
    return this.#fault;
  }

  /** Runs a number of scans as fast as possible. Returns how many ran before a fault. */
  runScans(count: number): number {
    const interval = this.#schedule.scheduler.onlyInterval;
    if (interval === null || this.#forced.size > 0) {
      let ran = 0;
      while (ran < count && this.scan() === null) ran++;
      return ran;
    }
    const first = this.nextNs;
    try {
      this.#machine.repeat[0]?.(count, first, interval, this.#budget);
      this.#machine.setTime(first + Math.max(0, count - 1) * interval);
    } catch (error) {
      this.#stopWith(this.faultOf(error));
    }
    const ran = this.#fault === null ? count : Math.round((this.#machine.getTime() - first) / interval);
    this.#schedule.scheduler.advanceOnly(ran);
    this.#scans += ran;
    return ran;
  }

  /**
   * Keeps the controller busy: every task, so that time passes and nothing runs, or the next scan of one task, which
   * takes so much longer. A watchdog may stop it. Returns what is wrong with the name of the task, or null.
   */
  overrun(ns: number, task: string | null = null): string | null {
    return this.#schedule.overrun(ns, task);
  }

  /** Tasks that missed activations since the start, because the controller was busy. */
  get missedActivations(): readonly MissedActivations[] {
    return this.#schedule.missed;
  }

  /** Sets the clock of the controller forward or back; timers see the jump. */
  jumpClock(ns: number): void {
    this.#schedule.scheduler.jump(ns);
  }

  /** A copy of the state as it stands: `restore` goes on from here, with the same results for the same inputs. */
  save(): SimulationImage {
    return {
      machine: this.#machine.save(),
      schedule: this.#schedule.scheduler.save(),
      forced: [...this.#forced],
      reached: this.#unknown.save(),
      fault: this.#fault,
      scans: this.#scans,
      preemption: this.#preemption?.save() ?? null,
    };
  }

  /** Puts a state back that this simulation has saved. */
  restore(image: SimulationImage): void {
    this.#machine.restore(image.machine);
    this.#schedule.scheduler.restore(image.schedule);
    this.#forced.clear();
    for (const [name, forced] of image.forced) this.#forced.set(name, forced);
    this.#unknown.restore(image.reached);
    this.#fault = image.fault;
    this.#scans = image.scans;
    this.#preemption?.restore(image.preemption ?? []);
  }

  /** The root objects of the state by their generated names: `G` holds the globals. */
  get roots(): Readonly<Record<string, StateObject>> {
    return this.#machine.roots();
  }

  // -------------------------------------------------------------------------------------------- tags

  tag(name: string): Tag | null {
    return this.#tags.find(name);
  }

  /** The value of a tag; undefined when there is no such tag. */
  read(name: string): RunTimeValue | undefined {
    const tag = this.#tags.find(name);
    return tag === null ? undefined : this.peek(tag);
  }

  /** The value of a tag as JSON; undefined when there is no such tag. */
  readJson(name: string): JsonValue | undefined {
    const tag = this.#tags.find(name);
    return tag === null ? undefined : this.peekJson(tag);
  }

  /** Sets a tag. Returns what is wrong, or null. */
  write(name: string, input: unknown): string | null {
    const tag = this.#tags.find(name);
    if (tag === null) return `there is no variable "${name}"`;
    const converted = fromInput(input, tag.shape);
    if ('problem' in converted) return `${tag.name}: ${converted.problem}`;
    this.poke(tag, converted.value);
    return null;
  }

  /** Holds a tag at a value before and after every scan until it is released. Returns what is wrong, or null. */
  force(name: string, input: unknown): string | null {
    const tag = this.#tags.find(name);
    if (tag === null) return `there is no variable "${name}"`;
    const converted = fromInput(input, tag.shape);
    if ('problem' in converted) return `${tag.name}: ${converted.problem}`;
    this.#forced.set(tag.name, { tag, value: converted.value });
    this.#applyForced();
    return null;
  }

  unforce(name: string): void {
    const tag = this.#tags.find(name);
    if (tag !== null) this.#forced.delete(tag.name);
  }

  /** Tags that are held, with their values, in the order in which they were forced. */
  get forces(): readonly { readonly tag: Tag; readonly value: RunTimeValue }[] {
    return [...this.#forced.values()];
  }

  #applyForced(): void {
    for (const { tag, value } of this.#forced.values()) this.poke(tag, value);
  }

  /** The value at a tag that was found before. */
  peek(tag: Tag): RunTimeValue {
    return this.#machine.peek(tag) as RunTimeValue;
  }

  /** The value at a tag that was found before, as JSON. */
  peekJson(tag: Tag): JsonValue {
    return toJson(this.peek(tag), tag.shape);
  }

  /** Sets a tag that was found before to a value of its shape. */
  poke(tag: Tag, value: RunTimeValue): void {
    this.#machine.poke(tag, value);
  }

  /** Every readable scalar with its type. */
  tags(): readonly TagDescription[] {
    return this.#tags.list();
  }

  /** Every scalar of the state, also the inner variables of library blocks, which no list shows. */
  stateTags(): readonly Tag[] {
    return [...this.#tags.stateScalars()];
  }

  /** The last value of every scalar variable by qualified name. */
  values(): Record<string, JsonValue> {
    const roots = this.#machine.roots();
    const values: Record<string, JsonValue> = {};
    for (const tag of this.#tags.scalars()) values[tag.name] = toJson(tag.read(roots) as RunTimeValue, tag.shape);
    return values;
  }

  // -------------------------------------------------------------------------------------------- expressions

  /** Compiles ST expressions over tags; each answers for itself when it is wrong. */
  watches(texts: readonly string[]): ({ readonly watch: Watch } | { readonly problem: string })[] {
    return this.#watches.compile(texts);
  }

  /** Compiles an ST expression over tags and over what a stopped routine sees. */
  watchIn(frame: WatchFrame, text: string): { readonly watch: FrameWatch } | { readonly problem: string } {
    return this.#watches.compileIn(frame, text);
  }

  /** The value of an ST expression in the state as it stands, as JSON, or what is wrong with the expression. */
  evaluate(text: string): { readonly value: JsonValue; readonly type: string } | { readonly problem: string } {
    const [compiled] = this.watches([text]);
    if (compiled === undefined || 'problem' in compiled) return compiled ?? { problem: 'the expression is not valid' };
    try {
      return {
        value: toJson(compiled.watch.read() as RunTimeValue, compiled.watch.shape),
        type: describeShape(compiled.watch.shape),
      };
    } catch (error) {
      return { problem: this.faultOf(error).message };
    }
  }

  // -------------------------------------------------------------------------------------------- for test cases

  create(className: string): StateObject {
    return this.#machine.create(className);
  }

  /** How often each statement ran, by site; empty without coverage. */
  get hits(): Uint32Array {
    return this.#hits;
  }

  restoreBudget(): void {
    this.#machine.setBudget(this.#budget);
  }
}
