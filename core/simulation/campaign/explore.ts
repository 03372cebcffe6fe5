/**
 * Searches for a sequence of inputs that turns a hazard on while all its conditions are healthy. It keeps the states
 * that it has reached, each as a copy of the machine and the steps that led there, and tries one action more from those
 * that were tried least: whatever leads to a state that is told apart from all others is kept too.
 */

import type { RandomSource } from '../random.js';
import type { ScenarioStep } from '../scenario-file.js';
import type { Simulation } from '../simulation.js';
import type { SimulationImage } from '../simulation-options.js';
import type { Tag } from '../tags.js';
import { fromInput, type RunTimeValue } from '../values.js';
import { type CampaignBench, duration, endOfSteps } from './bench-run.js';
import type { DrivenSignal } from './machine-inputs.js';
import type { CampaignCondition, CampaignHazard } from './plan.js';
import type { Signature } from './signature.js';

export interface ExploreInput {
  readonly bench: CampaignBench;
  readonly hazard: CampaignHazard;
  readonly conditions: readonly CampaignCondition[];
  readonly signals: readonly DrivenSignal[];
  /** Numbers worth trying: what the program compares numbers with. */
  readonly numbers: readonly number[];
  readonly signature: Signature;
  readonly random: RandomSource;
  /** Actions that are tried at most. */
  readonly actions: number;
}

/** States in which the sequences of the machine stand at the same steps: all such groups get the same attention. */
interface Group {
  readonly cells: Cell[];
  tries: number;
}

/** A state that was reached. */
interface Cell {
  readonly image: SimulationImage;
  readonly steps: readonly ScenarioStep[];
  readonly depth: number;
  tries: number;
}

const MS = 1_000_000;
/** Length of a press. */
const PRESS = 50 * MS;
/** Scans that are looked at after an action, and that a wait takes at most. */
const SETTLE_SCANS = 12;
const WAIT_SCANS = [300, 300, 300, 300, 300, 1500, 1500, 6000] as const;
/** Scans that an action may take on average: bounds the search of a machine that mostly waits. */
const SCANS_PER_ACTION = 25;
/** States that are kept at most. */
const CELLS = 4000;

/** Steps from a cold start, and the time at which the hazard is on after them while its conditions are healthy. */
export interface Motion {
  readonly steps: readonly ScenarioStep[];
  readonly onNs: number;
}

/** The first motion found; null when the search ends without any. */
export function explore(input: ExploreInput, starts: readonly (readonly ScenarioStep[])[]): Motion | null {
  return new Explorer(input).search(starts);
}

class Explorer {
  readonly #input: ExploreInput;
  readonly #simulation: Simulation;
  readonly #hazard: Tag | null;
  readonly #conditions: readonly { readonly tag: Tag; readonly healthy: boolean }[];
  readonly #known = new Set<string>();
  readonly #groups = new Map<string, Group>();
  readonly #order: Group[] = [];

  constructor(input: ExploreInput) {
    this.#input = input;
    this.#simulation = input.bench.simulation;
    this.#hazard = this.#simulation.tag(input.hazard.tag);
    this.#conditions = input.conditions.flatMap(({ tag: name, healthy }) => {
      const tag = input.hazard.conditions.includes(name) ? this.#simulation.tag(name) : null;
      return tag === null ? [] : [{ tag, healthy }];
    });
  }

  search(starts: readonly (readonly ScenarioStep[])[]): Motion | null {
    for (const steps of starts) {
      if (this.#input.bench.prefix(steps, endOfSteps(steps) + 100 * MS) !== null) this.#keep(steps, 0);
    }
    const scanLimit = this.#input.actions * SCANS_PER_ACTION;
    for (let action = 0; action < this.#input.actions && this.#scans < scanLimit && this.#order.length > 0; action++) {
      const cell = this.#choose();
      this.#simulation.restore(cell.image);
      const steps = this.#act(cell.steps);
      if (steps === 'on') return this.#found;
      if (steps !== null) this.#keep(steps, cell.depth + 1);
    }
    return null;
  }

  #found: Motion | null = null;
  #scans = 0;

  #keep(steps: readonly ScenarioStep[], depth: number): void {
    const { sequence, all } = this.#input.signature();
    if (this.#known.has(all) || this.#known.size >= CELLS) return;
    this.#known.add(all);
    let group = this.#groups.get(sequence);
    if (group === undefined) {
      group = { cells: [], tries: 0 };
      this.#groups.set(sequence, group);
      this.#order.push(group);
    }
    group.cells.push({ image: this.#simulation.save(), steps, depth, tries: 0 });
  }

  #choose(): Cell {
    const group = this.#leastTried(this.#order);
    group.tries++;
    const cell = this.#leastTried(group.cells);
    cell.tries++;
    return cell;
  }

  /** Of three, the one that was tried least; of equals, the one that was found last. */
  #leastTried<Candidate extends { readonly tries: number }>(candidates: readonly Candidate[]): Candidate {
    const indices = [0, 1, 2].map(() => this.#input.random.below(candidates.length));
    return indices
      .sort((a, b) => b - a)
      .map((index) => candidates[index] as Candidate)
      .reduce((best, each) => (each.tries < best.tries ? each : best));
  }

  /** One action and what comes of it: the steps with it, or that the hazard is on, or null after a fault. */
  #act(before: readonly ScenarioStep[]): readonly ScenarioStep[] | 'on' | null {
    const { random, hazard, signals } = this.#input;
    const commands = [...hazard.resets, ...hazard.starts];
    const others = signals.filter((each) => each.role === 'other');
    const conditions = signals.filter((each) => each.role === 'condition');
    const command = commands[random.below(Math.max(1, commands.length))];
    const other = others[random.below(Math.max(1, others.length))];
    const condition = conditions[random.below(Math.max(1, conditions.length))];
    switch (random.below(11)) {
      case 0:
      case 1:
      case 2:
        if (command !== undefined) return this.#press(before, [command]);
        break;
      case 3:
        if (command !== undefined) return this.#set(before, { [command]: !this.#isOn(command) });
        break;
      case 4:
        if (condition?.kind === 'bool') return this.#set(before, { [condition.tag]: !this.#isOn(condition.tag) });
        break;
      case 5:
        if (conditions.length > 0)
          return this.#set(before, Object.fromEntries(conditions.map((each) => [each.tag, each.rest])));
        break;
      case 6:
        return this.#wait(before);
      case 7:
        if (other?.kind === 'bool') return this.#pulseOften(before, other.tag);
        break;
      case 8:
        if (other?.kind === 'bool') return this.#press(before, [other.tag]);
        break;
      default:
    }
    if (other === undefined) return this.#wait(before);
    return this.#set(before, { [other.tag]: other.kind === 'bool' ? !this.#isOn(other.tag) : this.#number(other) });
  }

  #isOn(name: string): boolean {
    const tag = this.#simulation.tag(name);
    return tag !== null && this.#simulation.peek(tag) === true;
  }

  /** A number beside one of the constants of the program, as far as the type can hold it. */
  #number(signal: DrivenSignal): number {
    const { numbers, random } = this.#input;
    const tag = this.#simulation.tag(signal.tag);
    const near = (numbers[random.below(Math.max(1, numbers.length))] ?? 0) + random.below(3) - 1;
    if (tag === null) return 0;
    if (!('problem' in fromInput(near, tag.shape))) return near;
    const whole = Math.round(near);
    return 'problem' in fromInput(whole, tag.shape) ? 0 : whole;
  }

  #press(before: readonly ScenarioStep[], tags: readonly string[]): readonly ScenarioStep[] | 'on' | null {
    const at = this.#simulation.nextNs;
    const step: ScenarioStep = {
      at: duration(at),
      pulse: Object.fromEntries(tags.map((tag) => [tag, duration(PRESS)])),
    };
    const steps = [...before, step];
    for (const tag of tags) this.#poke(tag, true);
    while (this.#simulation.nextNs < at + PRESS) {
      const end = this.#scan(steps);
      if (end !== 'goes on') return end;
    }
    for (const tag of tags) this.#poke(tag, false);
    return this.#settle(steps);
  }

  /** Several presses, as a counter of parts or a flow meter gives them. */
  #pulseOften(before: readonly ScenarioStep[], tag: string): readonly ScenarioStep[] | 'on' | null {
    let steps = before;
    for (let left = 2 + this.#input.random.below(10); left > 0; left--) {
      const after = this.#press(steps, [tag]);
      if (after === null || after === 'on') return after;
      steps = after;
    }
    return steps;
  }

  #set(
    before: readonly ScenarioStep[],
    values: Readonly<Record<string, boolean | number>>,
  ): readonly ScenarioStep[] | 'on' | null {
    const steps = [...before, { at: duration(this.#simulation.nextNs), set: { ...values } }];
    for (const [tag, value] of Object.entries(values)) this.#poke(tag, value);
    return this.#settle(steps);
  }

  #poke(name: string, input: boolean | number): void {
    const tag = this.#simulation.tag(name);
    if (tag === null) return;
    const converted = fromInput(input, tag.shape);
    if (!('problem' in converted)) this.#simulation.poke(tag, converted.value as RunTimeValue);
  }

  /** Lets a moment pass. */
  #settle(steps: readonly ScenarioStep[]): readonly ScenarioStep[] | 'on' | null {
    for (let scan = 0; scan < SETTLE_SCANS; scan++) {
      const end = this.#scan(steps);
      if (end !== 'goes on') return end;
    }
    return steps;
  }

  /** Lets time pass until the state is another one. The steps hold the time by an empty one. */
  #wait(before: readonly ScenarioStep[]): readonly ScenarioStep[] | 'on' | null {
    const from = this.#input.signature().all;
    const limit = WAIT_SCANS[this.#input.random.below(WAIT_SCANS.length)] ?? WAIT_SCANS[0];
    for (let scan = 0; scan < limit; scan++) {
      const end = this.#scan(before);
      if (end !== 'goes on') return end;
      if (scan % 10 === 9 && this.#input.signature().all !== from) break;
    }
    return before;
  }

  #scan(steps: readonly ScenarioStep[]): 'goes on' | 'on' | null {
    this.#scans++;
    if (this.#simulation.scan() !== null) return null;
    if (this.#hazard === null || this.#simulation.peekJson(this.#hazard) === this.#input.hazard.off) return 'goes on';
    if (this.#conditions.some(({ tag, healthy }) => this.#simulation.peek(tag) !== healthy)) return 'goes on';
    this.#found = { steps, onNs: this.#simulation.nowNs };
    return 'on';
  }
}
