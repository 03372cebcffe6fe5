/** The tasks of a running controller: their schedule, their watchdogs, and what interrupts them. */

import type { ScheduledTask as DeclaredTask, Project } from '../language/semantics/model.js';
import { keyOf } from '../language/semantics/symbols.js';
import type { Machine } from './compile/machine.js';
import type { Preemption } from './preemption.js';
import { type Bite, DEFAULT_CYCLE_NS, type ScheduledTask, Scheduler, type TaskRunner } from './scheduler.js';
import type { SimulationOptions } from './simulation-options.js';
import type { UnknownUse } from './unknown-uses.js';
import type { Watch } from './watch.js';

const NOTHING = (): void => undefined;

/** What the tasks run in. */
export interface TaskHost {
  readonly machine: Pick<Machine, 'tasks' | 'setTime' | 'getTime'>;
  /** Runs code of the program; false after a fault. */
  guarded(run: () => void): boolean;
  /** Stops the controller: a watchdog ran out. */
  stop(bite: Bite, message: string): void;
  scanNumber(): number;
}

/** How often activations of a task did not run, because the controller was busy. */
export interface MissedActivations {
  readonly task: string;
  readonly count: number;
}

export class TaskSchedule {
  readonly scheduler: Scheduler;
  readonly #project: Project;
  readonly #host: TaskHost;
  readonly #preemption: Preemption | null;
  readonly #runner: TaskRunner = {
    run: (task, startNs) => this.#run(task, startNs),
    bite: (bite) => this.#bite(bite),
  };

  constructor(project: Project, scheduler: Scheduler, host: TaskHost, preemption: Preemption | null) {
    this.scheduler = scheduler;
    this.#project = project;
    this.#host = host;
    this.#preemption = preemption;
  }

  /** Runs every task that is due now, and moves on to the time of the next one. */
  runDue(): void {
    this.scheduler.runDue(this.#runner);
  }

  #run(task: number, startNs: number): number | null {
    const { machine } = this.#host;
    const body = machine.tasks[task] ?? NOTHING;
    if (startNs !== machine.getTime()) machine.setTime(startNs);
    const preemption = this.#preemption;
    const run = preemption === null ? body : () => this.#runInterrupted(preemption, task, startNs, body);
    return this.#host.guarded(run) ? machine.getTime() : null;
  }

  #runInterrupted(preemption: Preemption, task: number, startNs: number, body: () => void): void {
    const interruption = this.scheduler.interruptionOf(task, startNs);
    const run = (): void => {
      if (interruption === null) return;
      this.#host.machine.setTime(interruption.atNs);
      for (const each of interruption.tasks) {
        this.scheduler.interrupted(each);
        this.#host.machine.tasks[each]?.();
      }
    };
    const interrupt = interruption === null ? null : { by: interruption.tasks, run };
    preemption.run({ task, number: this.#host.scanNumber() }, body, interrupt);
  }

  /**
   * Keeps the controller busy for a time span: every task, or the next scan of one. Returns what is wrong with the name
   * of the task, or null.
   */
  overrun(ns: number, task: string | null): string | null {
    if (task !== null) {
      const index = this.#project.schedule.findIndex((each) => keyOf(each.name) === keyOf(task));
      if (index < 0) return `there is no task "${task}"; declared: ${this.#taskNames()}`;
      this.scheduler.delay(index, ns);
      return null;
    }
    const bite = this.scheduler.skip(ns);
    if (bite !== null) this.#bite(bite);
    return null;
  }

  #taskNames(): string {
    return this.#project.schedule.map((each) => each.name).join(', ');
  }

  #bite(bite: Bite): void {
    const name = this.#project.schedule[bite.task]?.name ?? '';
    this.#host.stop(bite, `the scan of task ${name} takes longer than its watchdog allows`);
  }

  /** Tasks that missed activations since the start, in order of priority. */
  get missed(): readonly MissedActivations[] {
    return this.scheduler.missed.flatMap((count, index) =>
      count === 0 ? [] : [{ task: this.#project.schedule[index]?.name ?? '', count }],
    );
  }
}

/** Compiles the trigger of an event task; null for a task without one. */
export type TriggerCompiler = (task: NonNullable<DeclaredTask['declaration']>) => Watch | UnknownUse | null;

/** The schedule of a project as options change it. Triggers that can't be evaluated are told to `unknown`. */
export function schedulerOf(
  project: Project,
  options: SimulationOptions,
  overrun: ConstructorParameters<typeof Scheduler>[1],
  triggerOf: TriggerCompiler,
  unknown: (use: UnknownUse) => void,
): Scheduler {
  const fallback = options.cycleNs ?? DEFAULT_CYCLE_NS;
  const hasInterval = project.schedule.some((task) => task.interval !== null);
  const timing = new Map(Object.entries(options.timing ?? {}).map(([name, each]) => [keyOf(name), each]));
  const tasks = project.schedule.map((task): ScheduledTask => {
    const trigger = task.declaration === null ? null : triggerOf(task.declaration);
    if (trigger !== null && 'reason' in trigger) unknown(trigger);
    // A cycle given for this run replaces that of the site, but not the interval of a declared task.
    const own = task.declaration === null && options.cycleNs !== undefined ? options.cycleNs : task.interval;
    const given = timing.get(keyOf(task.name));
    const declared = task.declaration?.watchdog;
    return {
      interval: own === null ? (hasInterval ? null : fallback) : Number(own),
      single: trigger !== null && 'read' in trigger ? () => trigger.read() === true : null,
      takes: given?.takesNs ?? 0,
      watchdog: given?.watchdogNs ?? (declared === undefined ? null : Number(declared)),
    };
  });
  return new Scheduler(tasks, overrun);
}
