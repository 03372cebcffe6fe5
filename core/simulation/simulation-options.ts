/** How a simulation is made, started, hooked into and copied. */

import type { Finding } from '../base/finding.js';
import type { DebugHost, DebugPlan } from './compile/debug-hooks.js';
import type { LoweredProgram } from './lower/program.js';
import type { PreemptionChoice, PreemptionImage } from './preemption.js';
import type { Host } from './run-time/library.js';
import type { ScheduleImage } from './scheduler.js';
import type { Tag } from './tags.js';
import type { RunTimeValue } from './values.js';
import type { EngineChoice, MachineImage } from './wasm/tiered-machine.js';

export type StartKind = 'cold' | 'warm' | 'hot';

export interface SimulationOptions {
  /** Nanoseconds between scans of programs without a declared task. Default: as the project says, else 10 ms. */
  readonly cycleNs?: number;
  /** Loop iterations that one scan may take before it counts as endless. Default: 10 million. */
  readonly iterationBudget?: number;
  /** Lets tests replace blocks and functions by mocks. */
  readonly mocks?: boolean;
  /** Counts how often each statement runs, and records decisions and their conditions. */
  readonly coverage?: boolean;
  /** Default `auto`: JavaScript, and WebAssembly for long runs of programs that it supports. The values are the same. */
  readonly engine?: EngineChoice;
  /** How long scans take and may take, by the name of their task. Default: no time, and what the project says. */
  readonly timing?: Readonly<Record<string, TaskTiming>>;
  /**
   * Lets tasks of higher priority interrupt those of lower priority; such a program runs in JavaScript. Default: every
   * scan comes to its end.
   */
  readonly preemption?: PreemptionChoice | undefined;
  /** Stops at statements; such a program runs in JavaScript. */
  readonly debugger?: Debugger | undefined;
}

export interface TaskTiming {
  /** Nanoseconds that a scan takes. Default: 0. */
  readonly takesNs?: number | undefined;
  /** Nanoseconds that a scan may take before the controller stops. Default: as the project says, else no limit. */
  readonly watchdogNs?: number | undefined;
}

/** A debugger of one simulation. */
export interface Debugger extends DebugHost {
  /** Called once, before code is generated. */
  planFor(program: LoweredProgram): DebugPlan;
}

/** Everything that decides how a simulation goes on. Valid for the simulation that made it. */
export interface SimulationImage {
  readonly machine: MachineImage;
  readonly schedule: ScheduleImage;
  readonly forced: readonly (readonly [string, Forced])[];
  readonly reached: readonly number[];
  readonly fault: Finding | null;
  readonly scans: number;
  readonly preemption: PreemptionImage | null;
}

export interface Forced {
  readonly tag: Tag;
  readonly value: RunTimeValue;
}

/** What a test runner may hook into; a plain simulation has none. */
export type HostHooks = Pick<Host, 'assert' | 'mockOf' | 'mockFunction' | 'verifyCalls'>;
