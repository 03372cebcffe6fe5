/**
 * The seam between generated code and a debugger: with a plan, the emitter prints a call before each statement and
 * around each routine. Without one, nothing of it is in the program.
 */

import type { Site } from './ir.js';

/** What is hooked; made for one program. */
export interface DebugPlan {
  /** True for a statement at which the debugger may stop. Models of library blocks have none. */
  isStop(site: Site): boolean;
  /** The number of a routine under which it reports; null: it stays out of sight. `owner` is null for functions. */
  frameOf(owner: string | null, routine: string): number | null;
}

/** Reads a parameter or local of a routine that runs, in order of its parameters, then locals; with a value, sets it. */
export type FrameLocals = (index: number, ...value: readonly unknown[]) => unknown;

/** What a running program tells its debugger. Each call may throw to leave the program. */
export interface DebugHost {
  statement(site: Site): void;
  /** A routine begins; `self` is null in functions. */
  enter(frame: number, self: Record<string, unknown> | null, locals: FrameLocals): void;
  /** The innermost routine ends, on whatever way. */
  leave(): void;
}
