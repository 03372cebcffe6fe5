/**
 * When tasks run, in virtual time. A scan runs every task that is due, by priority, each to its end: the non-preemptive
 * scheduling of IEC 61131-3 6.8.2. A task of higher priority never interrupts one that runs.
 */

/** A task as the schedule of a project declares it. */
export interface ScheduledTask {
  /** Nanoseconds; null for a task without an interval, which runs at every tick. */
  readonly interval: number | null;
  /** The value of SINGLE of an event task, which runs at its rising edge. */
  readonly single: (() => boolean) | null;
}

interface TaskState extends ScheduledTask {
  next: number;
  wasSingle: boolean;
}

/** When every task is due, at one moment. */
export interface ScheduleImage {
  readonly nextNs: number;
  readonly tasks: readonly { readonly next: number; readonly wasSingle: boolean }[];
}

export const DEFAULT_CYCLE_NS = 10_000_000;

export class Scheduler {
  readonly #tasks: TaskState[];
  #next = 0;

  constructor(tasks: readonly ScheduledTask[]) {
    this.#tasks = tasks.map((task) => ({ ...task, next: 0, wasSingle: false }));
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
    return only === undefined || others.length > 0 || only.single !== null ? null : only.interval;
  }

  /** Every task is due at once, as after a start. */
  restart(): void {
    for (const task of this.#tasks) {
      task.next = this.#next;
      task.wasSingle = false;
    }
  }

  /** Back to time 0. */
  reset(): void {
    this.#next = 0;
  }

  /** Runs every task that is due now, until `run` answers false, and moves on to the time of the next one. */
  runDue(run: (task: number) => boolean): void {
    const now = this.#next;
    let next = Number.POSITIVE_INFINITY;
    for (const [index, task] of this.#tasks.entries()) {
      const goesOn = !isDue(task, now) || run(index);
      if (task.interval !== null) {
        if (task.next <= now) task.next = now + task.interval;
        next = Math.min(next, task.next);
      }
      if (!goesOn) break;
    }
    this.#next = Number.isFinite(next) ? next : now + DEFAULT_CYCLE_NS;
  }

  /** Notes that the only task ran a number of times. */
  advanceOnly(count: number): void {
    const [only] = this.#tasks;
    if (only?.interval == null) return;
    this.#next += count * only.interval;
    only.next = this.#next;
  }

  /** Skips the activations of a time span, as an overrun does: time passes, nothing runs. */
  skip(ns: number): void {
    const end = this.#next + ns;
    for (const task of this.#tasks) {
      if (task.interval === null) continue;
      while (task.next < end) task.next += task.interval;
    }
    this.#next = Math.min(...this.#tasks.map((task) => (task.interval === null ? end : task.next)));
  }

  /** Sets the clock forward or back. */
  jump(ns: number): void {
    this.#next += ns;
    for (const task of this.#tasks) task.next += ns;
  }

  save(): ScheduleImage {
    return { nextNs: this.#next, tasks: this.#tasks.map(({ next, wasSingle }) => ({ next, wasSingle })) };
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
