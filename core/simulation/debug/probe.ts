/** Listens to a running program: counts its statements and keeps its stack of routines. */

import type { Project } from '../../language/semantics/model.js';
import type { FrameLocals } from '../compile/debug-hooks.js';
import type { Site } from '../compile/ir.js';
import type { LoweredProgram } from '../lower/program.js';
import type { Debugger } from '../simulation-options.js';
import { type DebugRoutine, RoutineTable } from './routine-table.js';

/** A routine on the stack. Its locals stay readable after the program was left. */
export interface Frame {
  readonly routine: DebugRoutine;
  readonly self: Record<string, unknown> | null;
  readonly locals: FrameLocals;
  /** The statement that is next, or that called the routine above. */
  readonly site: Site;
}

type RunningFrame = { -readonly [Key in keyof Frame]: Frame[Key] };

/** Thrown to leave a program where it stands; what the program did up to there stays. */
export class Left extends Error {
  override readonly name = 'Left';
}

/** Called before each statement with the number of the statement in this scan, from 1. It may throw `Left`. */
export type StatementListener = (site: Site, count: number) => void;

export class Probe implements Debugger {
  readonly #project: Project;
  #table: RoutineTable | null = null;
  readonly #frames: RunningFrame[] = [];
  #count = 0;
  #failedAt: number | null = null;
  #listener: StatementListener = () => undefined;

  constructor(project: Project) {
    this.#project = project;
  }

  planFor(program: LoweredProgram): RoutineTable {
    this.#table = new RoutineTable(program, this.#project);
    return this.#table;
  }

  /** The routines of the program that was planned for. */
  get table(): RoutineTable {
    if (this.#table === null) throw new Error('the probe has no program yet');
    return this.#table;
  }

  /** Statements that began since `listen`. */
  get count(): number {
    return this.#count;
  }

  get depth(): number {
    return this.#frames.length;
  }

  /** A copy of the stack, outermost first. */
  stack(): readonly Frame[] {
    return this.#frames.map((frame) => ({ ...frame }));
  }

  /** The innermost routine as it runs: what a condition sees. */
  get top(): Frame | null {
    return this.#frames.at(-1) ?? null;
  }

  /** Remembers the statement at which a test failed; the first one counts. */
  failed(): void {
    this.#failedAt ??= this.#count;
  }

  /** The statement at which execution failed, or the last one. */
  get lastStatement(): number {
    return this.#failedAt ?? this.#count;
  }

  /** Counts anew and tells `listener` of each statement. */
  listen(listener: StatementListener): void {
    this.#frames.length = 0;
    this.#count = 0;
    this.#failedAt = null;
    this.#listener = listener;
  }

  statement(site: Site): void {
    const count = ++this.#count;
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.site = site;
    this.#listener(site, count);
  }

  enter(number: number, self: Record<string, unknown> | null, locals: FrameLocals): void {
    const routine = this.table.routines[number];
    if (routine !== undefined) this.#frames.push({ routine, self, locals, site: routine.sites[0] ?? 0 });
  }

  leave(): void {
    this.#frames.pop();
  }
}
