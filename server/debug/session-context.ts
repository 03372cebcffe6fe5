/** What the handlers of requests share. */

import type { Progress, RunControl, Stop } from '../../core/simulation/debug/debug-engine.js';
import type { DebugRun } from '../../core/simulation/debug/debug-run.js';
import type { Frame } from '../../core/simulation/debug/probe.js';
import type { LaunchArguments } from './launch-arguments.js';
import type { LineNumbers } from './line-numbers.js';
import type { SourcePaths } from './source-paths.js';
import type { VariableView } from './variable-view.js';

/** A program that was launched. */
export interface Running {
  readonly run: DebugRun;
  readonly paths: SourcePaths;
  readonly view: VariableView;
  readonly launch: LaunchArguments;
}

/** A client knows that a program moves after a `known` request; after one that only this adapter has it must be told. */
export type MovingRequest = 'known' | 'own';

export interface SessionContext {
  readonly lines: LineNumbers;
  /** Where the program stands; null while it moves. */
  readonly standsAt: Stop | null;
  readonly isMoving: boolean;
  /** The program; a `Refusal` before it was launched. */
  running(): Running;
  /** The program while it stands; a `Refusal` while it moves. */
  standing(): Running;
  /** Lets it go on; what it comes to is told by an event. */
  move(begin: (control: RunControl) => Progress, request: MovingRequest): void;
  /** Tells views to read their values anew. */
  changed(): void;
}

/** The answer to a request; `afterwards` runs when it has been sent. */
export interface Answer {
  readonly body?: object;
  readonly afterwards?: () => void;
}

/** A request that can't be met; the message is for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Handlers by the command of their request. */
export type Handlers = Readonly<Record<string, (args: never) => Answer | Promise<Answer>>>;

/** The frame below all routines: the task. */
export const TASK_FRAME = 1_000_000;

/** Index of a routine on the stack, outermost 0, as the number of its frame; null for the task. */
export function levelOf(frameId: unknown): number | null {
  return typeof frameId !== 'number' || frameId === TASK_FRAME || frameId < 1 ? null : frameId - 1;
}

export function frameAt({ run }: Running, level: number | null): Frame | null {
  return level === null ? null : (run.engine.frames[level] ?? null);
}
