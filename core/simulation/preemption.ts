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
import type { LoweredProgram } from './lower/program.js';
import { createRandom } from './random.js';

/** Statements that each task ran in its last scan, by task. */
export type PreemptionImage = readonly (readonly [number, number])[];

/** Statements among which the first scan of a task is interrupted: nobody knows yet how many it has. */
const FIRST_GUESS = 16;

export class Preemption implements DebugHost {
  readonly #seed: number;
  readonly #observer: DebugHost | null;
  readonly #lengths = new Map<number, number>();
  #isInterrupting = false;
  #count = 0;
  #at: number | null = null;
  #interrupt: () => void = () => undefined;

  /** `observer`: a debugger that looks on. */
  constructor(seed: number, observer: DebugHost | null) {
    this.#seed = seed;
    this.#observer = observer;
  }

  /** Stops before each statement of the project, and nowhere in the models of library blocks. */
  static planFor(program: LoweredProgram, project: Project): DebugPlan {
    return { isStop: (site) => program.sites[site]?.project === project, frameOf: () => null };
  }

  /** Runs a scan of a task, and `interrupt` in the middle of it. Same seed, scan and task: same statement. */
  run(
    scan: { readonly task: number; readonly number: number },
    body: () => void,
    interrupt: (() => void) | null,
  ): void {
    const length = this.#lengths.get(scan.task) ?? FIRST_GUESS;
    const { below } = createRandom(
      this.#seed + Math.imul(scan.number + 1, 0x9e3779b1) + Math.imul(scan.task, 0x85ebca6b),
    );
    this.#count = 0;
    this.#at = interrupt === null ? null : 1 + below(Math.max(1, length));
    this.#interrupt = interrupt ?? (() => undefined);
    try {
      body();
    } finally {
      this.#at = null;
      this.#lengths.set(scan.task, this.#count);
    }
  }

  statement(site: number): void {
    if (!this.#isInterrupting && ++this.#count === this.#at) {
      this.#isInterrupting = true;
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
