/**
 * Scans that are interrupted: a task of higher priority runs in the middle of one of lower priority, before a statement
 * that the seed chooses. The generated code tells of its statements as it tells a debugger of them.
 *
 * The model, which every report names: a scan of a periodic task is interrupted once, by the tasks of higher priority
 * that come round first before it is due again. It sees the clock go on there. Statements of library blocks, the tasks
 * that interrupt, and event tasks are not interrupted. Inputs are those of the moment at which the interrupted scan began.
 */

import type { Project } from '../language/semantics/model.js';
import type { DebugHost, DebugPlan } from './compile/debug-hooks.js';
import type { Site } from './compile/ir.js';
import type { LoweredProgram } from './lower/program.js';
import { createRandom } from './random.js';

/**
 * Which statement of a scan is interrupted: one that the seed chooses; or, to try all of them one after the other, the
 * one that is asked for with `Simulation.interleavings`, and none before.
 */
export type PreemptionChoice = { readonly seed: number } | 'every-statement';

/** An interruption that took place. */
export interface Interruption {
  /** The statement before which it took place. */
  readonly site: Site;
  /** Numbers of the task that was interrupted, and of those that ran. */
  readonly task: number;
  readonly by: readonly number[];
}

/** Statements that each task ran in its last scan, by task. */
export type PreemptionImage = readonly (readonly [number, number])[];

/** Statements among which the first scan of a task is interrupted: nobody knows yet how many it has. */
const FIRST_GUESS = 16;

export class Preemption implements DebugHost {
  readonly #choice: PreemptionChoice;
  readonly #observer: DebugHost | null;
  readonly #lengths = new Map<number, number>();
  #isInterrupting = false;
  #count = 0;
  #at: number | null = null;
  #interrupt: () => void = () => undefined;
  /** Statements of the tick that could be interrupted so far, and the one that is asked for. */
  #tick: { count: number; readonly at: number; last: Interruption | null } | null = null;
  #running: Pick<Interruption, 'task' | 'by'> = { task: 0, by: [] };

  /** `observer`: a debugger that looks on. */
  constructor(choice: PreemptionChoice, observer: DebugHost | null) {
    this.#choice = choice;
    this.#observer = observer;
  }

  /** True where every statement is tried. A debugger that looks on would take the trials for the run. */
  get triesEvery(): boolean {
    return this.#choice === 'every-statement' && this.#observer === null;
  }

  /** Runs a tick in which the statement with this number is interrupted. Gives what happened; null: none had it. */
  tick(at: number, run: () => void): Interruption | null {
    const tick = { count: 0, at, last: null as Interruption | null };
    this.#tick = tick;
    try {
      run();
    } finally {
      this.#tick = null;
    }
    return tick.last;
  }

  /** Stops before each statement of the project, and nowhere in the models of library blocks. */
  static planFor(program: LoweredProgram, project: Project): DebugPlan {
    return { isStop: (site) => program.sites[site]?.project === project, frameOf: () => null };
  }

  /** Runs a scan of a task, and in the middle of it those that interrupt. Same seed, scan and task: same statement. */
  run(
    scan: { readonly task: number; readonly number: number },
    body: () => void,
    interruption: { readonly by: readonly number[]; run(): void } | null,
  ): void {
    this.#count = 0;
    this.#at = interruption === null ? null : this.#statementOf(scan);
    this.#interrupt = () => interruption?.run();
    this.#running = { task: scan.task, by: interruption?.by ?? [] };
    try {
      body();
    } finally {
      this.#at = null;
      if (this.#tick !== null && interruption !== null) this.#tick.count += this.#count;
      this.#lengths.set(scan.task, this.#count);
    }
  }

  #statementOf(scan: { readonly task: number; readonly number: number }): number | null {
    if (this.#choice === 'every-statement') return this.#tick === null ? null : this.#tick.at - this.#tick.count;
    const length = this.#lengths.get(scan.task) ?? FIRST_GUESS;
    const mixed = this.#choice.seed + Math.imul(scan.number + 1, 0x9e3779b1) + Math.imul(scan.task, 0x85ebca6b);
    return 1 + createRandom(mixed).below(Math.max(1, length));
  }

  statement(site: number): void {
    if (!this.#isInterrupting && ++this.#count === this.#at) {
      this.#isInterrupting = true;
      if (this.#tick !== null) this.#tick.last = { site, ...this.#running };
      try {
        this.#interrupt();
      } finally {
        this.#isInterrupting = false;
      }
    }
    this.#observer?.statement(site);
  }

  enter(...frame: Parameters<DebugHost['enter']>): void {
    this.#observer?.enter(...frame);
  }

  leave(): void {
    this.#observer?.leave();
  }

  save(): PreemptionImage {
    return [...this.#lengths];
  }

  restore(image: PreemptionImage): void {
    this.#lengths.clear();
    for (const [task, length] of image) this.#lengths.set(task, length);
  }
}
