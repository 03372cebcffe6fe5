/**
 * When tasks run, in virtual time. A tick runs every task that is due, by priority, each to its end: the non-preemptive
 * scheduling of IEC 61131-3 6.8.2. How a task of higher priority interrupts one that runs is the matter of `preemption.ts`.
 *
 * A scan takes no virtual time unless somebody says how long it takes. Then the tasks that wait for it start later, its
 * own activations that come before its end are missed and counted, and its watchdog may bite.
 */

import type { SemanticsProfile } from '../language/dialects/dialect.js';

/** A task as the schedule of a project declares it. */
export interface ScheduledTask {
  /** Nanoseconds; null for a task without an interval, which runs at every tick. */
  readonly interval: number | null;
  /** The value of SINGLE of an event task, which runs at its rising edge. */
  readonly single: (() => boolean) | null;
  /** Nanoseconds that one scan takes. Default: 0. */
  readonly takes?: number;
  /** Nanoseconds that one scan may take; null, the default: as long as it likes. */
  readonly watchdog?: number | null;
}

interface TaskState extends Omit<ScheduledTask, 'takes' | 'watchdog'> {
  readonly takes: number;
  readonly watchdog: number | null;
  next: number;
  wasSingle: boolean;
  /** Nanoseconds that the next scan takes beyond the others. */
  delay: number;
  missed: number;
}

/** When every task is due, at one moment. */
export interface ScheduleImage {
  readonly nextNs: number;
  readonly tasks: readonly {
    readonly next: number;
    readonly wasSingle: boolean;
    readonly delay: number;
    readonly missed: number;
  }[];
}

/** The watchdog of a task that ran out. */
export interface Bite {
  readonly task: number;
  readonly atNs: number;
}

/** What runs a task. */
export interface TaskRunner {
  /** Runs a scan that starts at `startNs`. Gives the time at which it has run, null when the controller stops. */
  run(task: number, startNs: number): number | null;
  /** A watchdog ran out before the scan of its task came to its end: the controller stops. */
  bite(bite: Bite): void;
}

export const DEFAULT_CYCLE_NS = 10_000_000;

export class Scheduler {
  readonly #tasks: TaskState[];
  readonly #overrun: SemanticsProfile['taskOverrun'];
  #next = 0;

  constructor(tasks: readonly ScheduledTask[], overrun: SemanticsProfile['taskOverrun']) {
    this.#tasks = tasks.map((task) => ({
      interval: task.interval,
      single: task.single,
      takes: task.takes ?? 0,
      watchdog: task.watchdog ?? null,
      next: 0,
      wasSingle: false,
      delay: 0,
      missed: 0,
    }));
    this.#overrun = overrun;
  }

  /** Time at which the next task is due, in nanoseconds. */
  get nextNs(): number {
    return this.#next;
  }

  /** Shortest time between two scans that a task asks for, in nanoseconds. */
  get cycleNs(): number {
    const intervals = this.#tasks.flatMap((task) => (task.interval === null ? [] : [task.interval]));
    return intervals.length === 0 ? DEFAULT_CYCLE_NS : Math.min(...intervals);
  }

  /** Nanoseconds between the scans of the one task that there is; null when the schedule is anything else. */
  get onlyInterval(): number | null {
    const [only, ...others] = this.#tasks;
    if (only === undefined || others.length > 0 || only.single !== null || only.takes + only.delay > 0) return null;
    return only.interval;
  }

  /** Activations of each task that did not run because the controller was busy, since the start. */
  get missed(): readonly number[] {
    return this.#tasks.map((task) => task.missed);
  }

  /** Every task is due at once, as after a start. */
  restart(): void {
    for (const task of this.#tasks) {
      task.next = this.#next;
      task.wasSingle = false;
      task.delay = 0;
      task.missed = 0;
    }
  }

  /** Back to time 0. */
  reset(): void {
    this.#next = 0;
  }

  /** Runs every task that is due now, until the controller stops, and moves on to the time of the next one. */
  runDue(runner: TaskRunner): void {
    const now = this.#next;
    let free = now;
    for (let index = 0; index < this.#tasks.length; index++) {
      const task = this.#tasks[index];
      if (task === undefined) break;
      if (!isDue(task, now)) {
        // While SINGLE is TRUE the interval does not count.
        if (task.interval !== null && task.next <= now) task.next = now + task.interval;
        continue;
      }
      const end = this.#runOne(runner, index, task, free);
      if (end === null) break;
      free = end;
    }
    let next = Number.POSITIVE_INFINITY;
    for (const task of this.#tasks) {
      if (task.interval === null) continue;
      // Only where the controller has stopped is a task still due.
      if (task.next <= now) task.next = now + task.interval;
      if (task.next < next) next = task.next;
    }
    this.#next = Math.max(free, next < Number.POSITIVE_INFINITY ? next : now + DEFAULT_CYCLE_NS);
  }

  /** Runs one scan. Gives the time at which the controller is free again; null when it stops. */
  #runOne(runner: TaskRunner, index: number, task: TaskState, startNs: number): number | null {
    const takes = task.takes + task.delay;
    task.delay = 0;
    if (task.watchdog !== null && takes > task.watchdog) {
      runner.bite({ task: index, atNs: startNs + task.watchdog });
      return null;
    }
    // Due again before it runs: what interrupts it must know when it comes round next.
    if (task.interval !== null && task.next <= this.#next) this.#advance(task, task.interval, startNs + takes);
    const nowNs = runner.run(index, startNs);
    return nowNs === null ? null : nowNs + takes;
  }

  /** The activation after one that ends at `end`. */
  #advance(task: TaskState, interval: number, end: number): void {
    const regular = task.next + interval;
    if (end <= regular && regular > this.#next) {
      task.next = regular;
      return;
    }
    if (this.#overrun === 'realign') {
      task.missed++;
      task.next = Math.max(end, this.#next) + interval;
      return;
    }
    const past = Math.max(
      1,
      Math.ceil((end - task.next) / interval),
      Math.floor((this.#next - task.next) / interval) + 1,
    );
    task.missed += past - 1;
    task.next += past * interval;
  }

  /**
   * The tasks of higher priority that come round while a scan of `task` runs that started at `startNs`, all at the same
   * time, which is the first at which one does. Null when none does before the task is due again.
   */
  interruptionOf(task: number, startNs: number): { readonly atNs: number; readonly tasks: readonly number[] } | null {
    const state = this.#tasks[task];
    if (state === undefined || state.interval === null) return null;
    const limit = state.takes > 0 ? startNs + state.takes : state.next;
    const higher = this.#tasks.slice(0, task).filter((each) => each.interval !== null && each.single === null);
    const atNs = Math.min(...higher.map((each) => each.next));
    if (higher.length === 0 || atNs >= limit || atNs < startNs) return null;
    const tasks = this.#tasks.flatMap((each, index) => (higher.includes(each) && each.next <= atNs ? [index] : []));
    return { atNs, tasks };
  }

  /** Notes that a task ran in the middle of another one. */
  interrupted(task: number): void {
    const state = this.#tasks[task];
    if (state?.interval != null) state.next += state.interval;
  }

  /** Notes that the only task ran a number of times. */
  advanceOnly(count: number): void {
    const [only] = this.#tasks;
    if (only?.interval == null) return;
    this.#next += count * only.interval;
    only.next = this.#next;
  }

  /**
   * The controller is busy for a time span: nothing runs, activations in it are missed. Gives the task whose watchdog
   * bites meanwhile, and when; null when none does.
   */
  skip(ns: number): Bite | null {
    const bites = this.#tasks.flatMap(({ watchdog }, task) =>
      watchdog !== null && ns > watchdog ? [{ task, atNs: this.#next + watchdog }] : [],
    );
    const end = this.#next + ns;
    for (const task of this.#tasks) {
      if (task.interval === null || task.next >= end) continue;
      const past = Math.ceil((end - task.next) / task.interval);
      task.missed += past;
      task.next += past * task.interval;
    }
    this.#next = Math.min(...this.#tasks.map((task) => (task.interval === null ? end : task.next)));
    return bites.sort((a, b) => a.atNs - b.atNs || a.task - b.task)[0] ?? null;
  }

  /** The next scan of a task takes so much longer. */
  delay(task: number, ns: number): void {
    const state = this.#tasks[task];
    if (state !== undefined) state.delay += ns;
  }

  /** Sets the clock forward or back. */
  jump(ns: number): void {
    this.#next += ns;
    for (const task of this.#tasks) task.next += ns;
  }

  save(): ScheduleImage {
    return {
      nextNs: this.#next,
      tasks: this.#tasks.map(({ next, wasSingle, delay, missed }) => ({ next, wasSingle, delay, missed })),
    };
  }

  restore(image: ScheduleImage): void {
    this.#next = image.nextNs;
    image.tasks.forEach((saved, index) => {
      const task = this.#tasks[index];
      if (task !== undefined) Object.assign(task, saved);
    });
  }
}

function isDue(task: TaskState, now: number): boolean {
  if (task.single === null) return task.interval === null || task.next <= now;
  const value = task.single();
  const rises = value && !task.wasSingle;
  task.wasSingle = value;
  // IEC 61131-3 table 63: an interval counts only while SINGLE is FALSE.
  return rises || (task.interval !== null && !value && task.next <= now);
}
