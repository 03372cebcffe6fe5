/** Runs sequences of steps on the machine under campaign and keeps what the checks look at. */

import type { Finding } from '../../base/finding.js';
import { formatDuration } from '../run-time/temporal.js';
import { durationNs, type ScenarioStep } from '../scenario-file.js';
import type { Simulation } from '../simulation.js';
import type { SimulationImage } from '../simulation-options.js';
import { inOrder, Stimulus, type StimulusImage, UNOBSERVED } from '../stimulus.js';
import type { Tag } from '../tags.js';
import type { JsonValue } from '../values.js';

/** Values of the recorded tags by scan. */
export interface Run {
  readonly timesNs: readonly number[];
  /** By upper-case tag. */
  readonly values: ReadonlyMap<string, readonly JsonValue[]>;
  /** The run-time fault that ended it. */
  readonly fault: Finding | null;
}

/** The machine in front of a scan, with everything that was recorded until then. */
export interface Prefix {
  readonly machine: SimulationImage;
  readonly stimulus: StimulusImage;
  readonly run: Run;
}

/** One machine, many runs. */
export class CampaignBench {
  readonly simulation: Simulation;
  readonly #tags: readonly Tag[];
  readonly #seed: number;
  readonly #signal: AbortSignal | null;
  readonly #cold: SimulationImage;
  #scans = 0;

  /** Tags without a variable are left out; the plan has been checked before. */
  constructor(simulation: Simulation, record: readonly string[], seed: number, signal: AbortSignal | null) {
    this.simulation = simulation;
    const tags = record.flatMap((name) => simulation.tag(name) ?? []);
    this.#tags = [...new Map(tags.map((tag) => [tag.name, tag])).values()];
    this.#seed = seed;
    this.#signal = signal;
    this.#cold = simulation.coldImage();
  }

  /** Scans of all runs so far. */
  get scans(): number {
    return this.#scans;
  }

  /** Runs steps from a cold start until a time, or from a prefix that was made of the same steps. */
  run(steps: readonly ScenarioStep[], untilNs: number, prefix: Prefix | null = null): Run {
    const { run } = this.#go(steps, prefix, (nextNs, stimulus) => nextNs <= untilNs || !stimulus.isDone);
    return run;
  }

  /** The machine in front of the first scan at or after a time; null at the very start, where there is no past. */
  prefix(steps: readonly ScenarioStep[], atNs: number): Prefix | null {
    const { run, stimulus } = this.#go(steps, null, (nextNs) => nextNs < atNs);
    if (run.timesNs.length === 0 || run.fault !== null) return null;
    return { machine: this.simulation.save(), stimulus: stimulus.save(), run };
  }

  #go(
    steps: readonly ScenarioStep[],
    prefix: Prefix | null,
    goesOn: (nextNs: number, stimulus: Stimulus) => boolean,
  ): { readonly run: Run; readonly stimulus: Stimulus } {
    const { simulation } = this;
    const stimulus = new Stimulus(simulation, inOrder(steps), this.#seed, UNOBSERVED);
    if (prefix === null) simulation.restore(this.#cold);
    else {
      simulation.restore(prefix.machine);
      stimulus.resume(prefix.stimulus);
    }
    const timesNs = [...(prefix?.run.timesNs ?? [])];
    const columns = this.#tags.map((tag) => ({
      tag,
      values: [...(prefix === null ? [] : valuesOf(prefix.run, tag.name))],
    }));
    let fault: Finding | null = null;
    while (fault === null && goesOn(simulation.nextNs, stimulus)) {
      if (timesNs.length % 256 === 0) this.#signal?.throwIfAborted();
      stimulus.beforeScan();
      fault = simulation.scan();
      stimulus.afterScan();
      timesNs.push(simulation.nowNs);
      for (const { tag, values } of columns) values.push(simulation.peekJson(tag));
      this.#scans++;
    }
    const values = new Map(columns.map(({ tag, values: column }) => [tag.name.toUpperCase(), column]));
    return { run: { timesNs, values, fault }, stimulus };
  }
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
