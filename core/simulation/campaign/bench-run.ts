/** Runs sequences of steps on the machine under campaign and keeps what the checks look at. */

import { formatDuration } from '../run-time/temporal.js';
import { runScenarioOn, type ScenarioResult } from '../scenario.js';
import { durationNs, type Scenario, type ScenarioContent, type ScenarioStep } from '../scenario-file.js';
import type { Simulation } from '../simulation.js';
import type { JsonValue } from '../values.js';

/** Values of the recorded tags by scan. */
export interface Run {
  readonly timesNs: readonly number[];
  /** By upper-case tag. */
  readonly values: ReadonlyMap<string, readonly JsonValue[]>;
  readonly result: Omit<ScenarioResult, 'coverage'>;
}

/** Runs steps from a cold start until a time, recording tags. */
export type Bench = (steps: readonly ScenarioStep[], untilNs: number) => Run;

export function createBench(
  simulation: Simulation,
  record: readonly string[],
  seed: number,
  signal: AbortSignal | null,
): Bench {
  return (steps, untilNs) =>
    runContent(simulation, { ...caseContent(steps, untilNs, seed), record: [...record] }, signal);
}

export function caseContent(steps: readonly ScenarioStep[], untilNs: number, seed: number): ScenarioContent {
  return { name: 'campaign case', seed, steps: [...steps], until: duration(untilNs) };
}

export function runContent(simulation: Simulation, content: ScenarioContent, signal: AbortSignal | null): Run {
  const scenario: Scenario = { file: 'campaign', content, locate: () => ({ line: 1, column: 1 }) };
  const result = runScenarioOn(simulation, scenario, signal);
  return {
    timesNs: result.trace.timesNs,
    values: new Map(result.trace.signals.map((each) => [each.name.toUpperCase(), each.values])),
    result,
  };
}

export function duration(nanoseconds: number): string {
  return formatDuration(BigInt(Math.round(nanoseconds)));
}

export function atOf(step: ScenarioStep): number {
  return durationNs(step.at);
}

export function valuesOf(run: Run, tag: string): readonly JsonValue[] {
  return run.values.get(tag.toUpperCase()) ?? [];
}

export function endOfSteps(steps: readonly ScenarioStep[]): number {
  return steps.reduce(
    (end, step) =>
      Math.max(end, atOf(step), ...Object.values(step.pulse ?? {}).map((length) => atOf(step) + durationNs(length))),
    0,
  );
}
