/** Drives a simulation by the steps of a scenario: values, pulses, faults of signals and of the controller, power cycles. */

import { CONTROLLER_FAULTS, type Distortion, distortionOf } from './faults.js';
import { createRandom, type RandomSource } from './random.js';
import { durationNs, type ScenarioFault, type ScenarioStep } from './scenario-file.js';
import type { Simulation } from './simulation.js';
import type { Tag } from './tags.js';
import type { TraceMarker } from './trace.js';
import { fromInput, type RunTimeValue } from './values.js';

/** A step with its place in the scenario. */
export interface DueStep {
  readonly step: ScenarioStep;
  readonly index: number;
  readonly atNs: number;
}

/** What the stimulus tells whoever runs it. */
export interface StimulusObserver {
  problem(path: readonly (string | number)[], code: string, rule: string, message: string): void;
  mark(kind: TraceMarker['kind'], label: string, timeNs: number): void;
}

/** Nobody looks: problems have been excluded before. */
export const UNOBSERVED: StimulusObserver = { problem: () => undefined, mark: () => undefined };

/** A signal that is failing: its true value is kept beside the one that is seen. */
interface ActiveFault {
  readonly tag: Tag;
  readonly distort: Distortion;
  readonly startNs: number;
  readonly endNs: number;
  trueValue: RunTimeValue;
  seen: RunTimeValue;
}

interface Pulse {
  readonly tag: Tag;
  readonly endNs: number;
}

interface DrivenValue {
  readonly tag: Tag;
  readonly value: RunTimeValue;
}

/** How far a stimulus has come. Faults have a past of their own: one that is active can't be put down. */
export interface StimulusImage {
  readonly driven: readonly DrivenValue[];
  readonly pulses: readonly Pulse[];
}

/** The steps in the order in which they are applied. */
export function inOrder(steps: readonly ScenarioStep[]): DueStep[] {
  return steps
    .map((step, index) => ({ step, index, atNs: durationNs(step.at) }))
    .sort((a, b) => a.atNs - b.atNs || a.index - b.index);
}

export class Stimulus {
  readonly #simulation: Simulation;
  readonly #steps: readonly DueStep[];
  readonly #observer: StimulusObserver;
  readonly #driven = new Map<string, DrivenValue>();
  readonly #faults: ActiveFault[] = [];
  readonly #pulses: Pulse[] = [];
  readonly #random: RandomSource;
  #next = 0;

  constructor(simulation: Simulation, steps: readonly DueStep[], seed: number, observer: StimulusObserver) {
    this.#simulation = simulation;
    this.#steps = steps;
    this.#observer = observer;
    this.#random = createRandom(seed);
  }

  /** True when every step has been applied. */
  get isDone(): boolean {
    return this.#next >= this.#steps.length;
  }

  /** Before a scan: applies the steps that are due, ends pulses and faults, distorts failing signals. */
  beforeScan(): readonly DueStep[] {
    const due = this.dueSteps();
    this.#next += due.length;
    for (const { step, index } of due) this.#apply(step, index);
    this.#endPulses();
    this.#endFaults((fault) => fault.endNs <= this.#simulation.nextNs);
    for (const fault of this.#faults) this.#distort(fault, this.#simulation.nextNs);
    return due;
  }

  /** The steps that the next scan will apply. */
  dueSteps(): readonly DueStep[] {
    const time = this.#simulation.nextNs;
    const due: DueStep[] = [];
    for (let each = this.#steps[this.#next]; each !== undefined && each.atNs <= time; )
      each = this.#steps[this.#next + due.push(each)];
    return due;
  }

  /** After a scan: a failing signal that the program itself writes (an actuator) is distorted again. */
  afterScan(): void {
    for (const fault of this.#faults) {
      const current = this.#simulation.peek(fault.tag);
      if (current === fault.seen) continue;
      fault.trueValue = current;
      this.#distort(fault, this.#simulation.nowNs);
    }
  }

  /** What is driven now, for a stimulus that goes on from here with other steps. */
  save(): StimulusImage {
    return { driven: [...this.#driven.values()], pulses: [...this.#pulses] };
  }

  /** Takes over from another stimulus at the time of the simulation: steps before that time count as applied. */
  resume(image: StimulusImage): void {
    for (const each of image.driven) this.#driven.set(each.tag.name, each);
    this.#pulses.push(...image.pulses);
    while ((this.#steps[this.#next]?.atNs ?? Number.POSITIVE_INFINITY) <= this.#simulation.nowNs) this.#next++;
  }

  #apply(step: ScenarioStep, index: number): void {
    if (step.power_cycle !== undefined) {
      this.#simulation.start(step.power_cycle);
      this.#observer.mark('power', `power cycle (${step.power_cycle})`, this.#simulation.nextNs);
      for (const { tag, value } of this.#driven.values()) this.#write(tag, value);
    }
    for (const [name, input] of Object.entries(step.set ?? {})) this.#drive(name, input, ['steps', index, 'set', name]);
    for (const [name, length] of Object.entries(step.pulse ?? {})) {
      const tag = this.#drive(name, true, ['steps', index, 'pulse', name]);
      if (tag !== null) this.#pulses.push({ tag, endNs: this.#simulation.nextNs + durationNs(length) });
    }
    for (const [fault, path] of faultsOf(step, index)) this.#startFault(fault, path);
    const names = [...Object.keys(step.set ?? {}), ...Object.keys(step.pulse ?? {})];
    if (names.length > 0) this.#observer.mark('step', names.join(', '), this.#simulation.nextNs);
  }

  #drive(name: string, input: unknown, path: readonly (string | number)[]): Tag | null {
    const tag = this.#simulation.tag(name);
    if (tag === null) return null;
    const converted = fromInput(input, tag.shape);
    if ('problem' in converted) {
      this.#observer.problem(path, 'SIM-VALUE', 'scenario-value', `${tag.name}: ${converted.problem}.`);
      return null;
    }
    this.#driven.set(tag.name, { tag, value: converted.value });
    this.#write(tag, converted.value);
    return tag;
  }

  /** Writes the true value of a signal; while it fails the controller sees something else. */
  #write(tag: Tag, value: RunTimeValue): void {
    const failing = this.#faults.find((each) => each.tag.name === tag.name);
    if (failing !== undefined) failing.trueValue = value;
    else this.#simulation.poke(tag, value);
  }

  #startFault(fault: ScenarioFault, path: readonly (string | number)[]): void {
    const now = this.#simulation.nextNs;
    this.#observer.mark('fault', `${fault.kind}${fault.tag === undefined ? '' : ` ${fault.tag}`}`, now);
    const wrong = (message: string): void => this.#observer.problem(path, 'SIM-FAULT', 'fault-parameters', message);
    if (fault.kind === 'overrun') {
      const problem = this.#simulation.overrun(durationNs(fault.for ?? 0), fault.task ?? null);
      if (problem !== null) wrong(`${problem}.`);
      return;
    }
    if (fault.kind === 'clock_jump') {
      if (fault.by === undefined) wrong('clock_jump needs "by", for example 1h or -5s.');
      else this.#simulation.jumpClock(durationNs(fault.by));
      return;
    }
    for (const name of faultTags(fault)) {
      const tag = this.#simulation.tag(name);
      if (tag === null) continue;
      const initial = this.#simulation.peek(tag);
      const { cycleNs } = this.#simulation;
      const distort = distortionOf({ fault, shape: tag.shape, initial, cycleNs, random: this.#random });
      if (typeof distort !== 'function') {
        wrong(`${tag.name}: ${distort.problem}.`);
        continue;
      }
      this.#endFaults((each) => each.tag.name === tag.name);
      const endNs = fault.for === undefined ? Number.POSITIVE_INFINITY : now + durationNs(fault.for);
      this.#faults.push({ tag, distort, startNs: now, endNs, trueValue: initial, seen: initial });
    }
  }

  #endPulses(): void {
    for (let index = this.#pulses.length - 1; index >= 0; index--) {
      const pulse = this.#pulses[index];
      if (pulse === undefined || pulse.endNs > this.#simulation.nextNs) continue;
      this.#pulses.splice(index, 1);
      this.#driven.set(pulse.tag.name, { tag: pulse.tag, value: false });
      this.#write(pulse.tag, false);
    }
  }

  #endFaults(isOver: (fault: ActiveFault) => boolean): void {
    for (let index = this.#faults.length - 1; index >= 0; index--) {
      const fault = this.#faults[index];
      if (fault === undefined || !isOver(fault)) continue;
      this.#faults.splice(index, 1);
      this.#simulation.poke(fault.tag, fault.trueValue);
    }
  }

  #distort(fault: ActiveFault, now: number): void {
    fault.seen = fault.distort(fault.trueValue, now - fault.startNs);
    this.#simulation.poke(fault.tag, fault.seen);
  }
}

/** The faults of a step, each with its path in the file. */
export function faultsOf(
  step: ScenarioStep,
  index: number,
): (readonly [ScenarioFault, readonly (string | number)[]])[] {
  const { fault } = step;
  if (fault === undefined) return [];
  if (!Array.isArray(fault)) return [[fault, ['steps', index, 'fault']]];
  return fault.map((each, order) => [each, ['steps', index, 'fault', order]] as const);
}

/** The signals that a fault names. */
export function faultTags(fault: ScenarioFault): string[] {
  return [...(fault.tag === undefined ? [] : [fault.tag]), ...(fault.tags ?? [])];
}

/** True for a fault that concerns the controller and no signal. */
export function concernsController(fault: ScenarioFault): boolean {
  return CONTROLLER_FAULTS.has(fault.kind);
}
