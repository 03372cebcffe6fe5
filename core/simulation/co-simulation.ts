/**
 * Both versions of a change on the same inputs, compared after every scan: first on given sequences (recordings,
 * scenarios, what a campaign found), then on made-up ones that go on from every state that was new.
 */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { knowledgeOf, type Signature, signatureOf } from './campaign/signature.js';
import {
  type BehaviourDifference,
  type Driven,
  type Matched,
  type Pair,
  type Reached,
  replay,
} from './co-simulation/replay.js';
import { shrinkInputs } from './co-simulation/shrink-inputs.js';
import { type InputChange, type InputSequence, machineLikeInputs, sequenceOfScenario } from './input-sequences.js';
import { inputTags } from './inputs.js';
import { createRandom } from './random.js';
import type { ScenarioContent } from './scenario-file.js';
import { createSimulation } from './simulation.js';
import type { UnknownUse } from './unknown-uses.js';
import { describeValue, type JsonValue } from './values.js';

export interface CoSimulationOptions {
  /** Tags that must behave alike: hazard outputs. */
  readonly hazards: readonly string[];
  /** Tags that are driven. Default: every input of the version before (`inputTags`). */
  readonly inputs?: readonly string[];
  /** Inputs that a healthy machine holds at TRUE: they start TRUE and fall rarely. */
  readonly conditions?: readonly string[];
  /** Sequences that are run first, for instance recordings. */
  readonly sequences?: readonly InputSequence[];
  /** Scenarios that are run first, with their faults. */
  readonly scenarios?: readonly ScenarioContent[];
  readonly seed: number;
  /** Scans of made-up inputs. */
  readonly scans: number;
  /** Scans of one made-up sequence. Default: 300. */
  readonly scansPerRun?: number;
  /** Greatest difference of numeric outputs that is allowed. Default: 0. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

export interface BehaviourComparison {
  /** `unknown`: nothing differed, but a version reached something that the simulator can't execute. */
  readonly status: 'equal' | 'different' | 'unknown';
  readonly difference: BehaviourDifference | null;
  readonly scans: number;
  readonly seed: number;
  readonly inputs: readonly string[];
  /** Given sequences that were run on both, by name. */
  readonly sequences: readonly string[];
  /** States of the version after that were told apart. */
  readonly states: number;
  /** Hazards or inputs that one of the versions does not have: they were not compared or driven there. */
  readonly unmatched: readonly string[];
  readonly unknown: readonly UnknownUse[];
  /** Faults and other reasons for which the comparison could not run. */
  readonly findings: readonly Finding[];
}

/** Compares the hazards of two versions on recorded or generated inputs. The first difference ends the comparison. */
export function compareBehaviour(before: Project, after: Project, options: CoSimulationOptions): BehaviourComparison {
  const first = createSimulation(before, { engine: 'wasm' });
  const second = createSimulation(after, { engine: 'wasm' });
  if ('findings' in first || 'findings' in second) {
    const findings = [first, second].flatMap((each) => ('findings' in each ? each.findings : []));
    return {
      status: 'unknown',
      difference: null,
      scans: 0,
      seed: options.seed,
      inputs: [],
      sequences: [],
      states: 0,
      unmatched: [],
      unknown: [],
      findings,
    };
  }
  const [oldVersion, newVersion] = [first.simulation, second.simulation];
  const cold = { before: oldVersion.coldImage(), after: newVersion.coldImage() };
  const pair: Pair = { before: oldVersion, after: newVersion, cold };
  const unmatched: string[] = [];
  const hazards = options.hazards.flatMap((name) => matched(pair, name, unmatched));
  const inputs = (options.inputs ?? inputTags(before)).flatMap((name) => drivenTag(pair, name, unmatched));
  const comparison = new Comparison(pair, inputs, hazards, options);
  const found = comparison.run();
  return { ...summary(pair, options, inputs, unmatched, comparison), ...found };
}

/** States that are kept at most, and hazards by whose state they are told apart. */
const REACHED = 400;
const TOLD_HAZARDS = 4;

class Comparison {
  readonly #pair: Pair;
  readonly #inputs: readonly Driven[];
  /** Inputs and whatever else a sequence sets, by upper-case name. */
  readonly #driven: Map<string, Driven>;
  readonly #hazards: readonly Matched[];
  readonly #options: CoSimulationOptions;
  readonly #signatures: readonly Signature[];
  readonly #numbers: readonly number[];
  readonly #known = new Set<string>();
  readonly #reached: Reached[] = [];
  readonly #sequences: string[] = [];
  #isUnknown = false;
  scans = 0;

  constructor(pair: Pair, inputs: readonly Driven[], hazards: readonly Matched[], options: CoSimulationOptions) {
    this.#pair = pair;
    this.#inputs = inputs;
    this.#driven = new Map(inputs.map((each) => [each.name.toUpperCase(), each]));
    this.#hazards = hazards;
    this.#options = options;
    const knowledge = knowledgeOf(pair.after.program);
    const own = new Set(inputs.map((each) => each.name.toUpperCase()));
    this.#signatures = hazards
      .slice(0, TOLD_HAZARDS)
      .map((hazard) => signatureOf(pair.after, knowledge, hazard.after.name, own));
    this.#numbers = knowledge.constants.all;
  }

  get sequences(): readonly string[] {
    return this.#sequences;
  }

  get states(): number {
    return this.#known.size;
  }

  run(): Pick<BehaviourComparison, 'status' | 'difference'> {
    const difference = this.#given() ?? this.#madeUp();
    if (difference !== null) return { status: 'different', difference };
    return { status: this.#isUnknown ? 'unknown' : 'equal', difference: null };
  }

  #given(): BehaviourDifference | null {
    const { sequences = [], scenarios = [] } = this.#options;
    const recorded = scenarios.map((content) => sequenceOfScenario(this.#pair.before, content, SCENARIO_SCANS));
    for (const sequence of [...sequences, ...recorded]) {
      this.#sequences.push(sequence.name);
      this.#alsoDriven(sequence);
      const difference = this.#follow(null, sequence.changes, sequence.scans);
      if (difference !== null) return this.#shrunk(sequence.changes, difference);
    }
    return null;
  }

  /** A sequence may set more than inputs: what the program writes itself is overwritten for a scan, as by a force. */
  #alsoDriven(sequence: InputSequence): void {
    for (const tag of new Set(sequence.changes.map((each) => each.tag))) {
      if (this.#driven.has(tag.toUpperCase())) continue;
      for (const driven of drivenTag(this.#pair, tag, [])) this.#driven.set(tag.toUpperCase(), driven);
    }
  }

  /** From the start, and from every state that was new: what led there, and random inputs more. */
  #madeUp(): BehaviourDifference | null {
    const options = this.#options;
    const random = createRandom(options.seed);
    const perRun = options.scansPerRun ?? 300;
    const conditions = new Set((options.conditions ?? []).map((each) => each.toUpperCase()));
    const healthy = this.#inputs
      .filter((each) => each.shape.kind === 'bool')
      .map((each): InputChange => {
        const value = conditions.has(each.name.toUpperCase()) || random.next() < 0.5;
        return { scan: 0, tag: each.name, value };
      });
    const limit = this.scans + options.scans;
    while (this.scans < limit) {
      const start = random.next() < 0.3 ? null : this.#leastTried(random.below.bind(random));
      const base = start?.changes ?? healthy;
      const held = new Map(
        base.flatMap(({ tag, value }) => (typeof value === 'boolean' ? [[tag, value] as const] : [])),
      );
      const from = start?.scans ?? 1;
      const added = machineLikeInputs(this.#inputs, held, this.#numbers, from, perRun, random);
      const changes = [...base, ...added];
      const difference = this.#follow(start, changes, Math.min(perRun, limit - this.scans));
      if (difference !== null) return this.#shrunk(changes, difference);
    }
    return null;
  }

  #leastTried(below: (limit: number) => number): Reached | null {
    const some = [0, 1, 2].flatMap(() => this.#reached[below(this.#reached.length)] ?? []);
    const best = some.reduce<Reached | null>((a, b) => (a === null || b.tries < a.tries ? b : a), null);
    if (best !== null) best.tries++;
    return best;
  }

  /** Runs both versions from a state, or from the start, and keeps states that are new. */
  #follow(start: Reached | null, changes: readonly InputChange[], scans: number): BehaviourDifference | null {
    const from = start?.scans ?? 0;
    const outcome = replay(this.#pair, this.#driven, this.#hazards, changes, from + scans, this.#options, {
      start,
      look: (scan) => this.#look(changes, scan),
    });
    this.scans += outcome.scans - from;
    this.#isUnknown ||= outcome.isUnknown;
    return outcome.difference;
  }

  #look(changes: readonly InputChange[], scan: number): void {
    const state = this.#signatures.map((signature) => signature().all).join('');
    if (this.#known.has(state)) return;
    this.#known.add(state);
    if (this.#reached.length >= REACHED) return;
    this.#reached.push({
      before: this.#pair.before.save(),
      after: this.#pair.after.save(),
      changes: changes.filter((each) => each.scan <= scan),
      scans: scan + 1,
      tries: 0,
    });
  }

  #shrunk(changes: readonly InputChange[], found: BehaviourDifference): BehaviourDifference {
    return shrinkInputs(
      changes,
      found,
      (fewer) => replay(this.#pair, this.#driven, this.#hazards, fewer, found.scan + 1, this.#options, null).difference,
    );
  }
}

/** Longest run of one scenario, in scans. */
const SCENARIO_SCANS = 3000;

function summary(
  pair: Pair,
  options: CoSimulationOptions,
  inputs: readonly Driven[],
  unmatched: readonly string[],
  { scans, sequences, states }: Comparison,
): Omit<BehaviourComparison, 'status' | 'difference'> {
  const unknown = [...pair.before.unknownBlocks, ...pair.after.unknownBlocks].filter((each) => each.isReached);
  return {
    scans,
    seed: options.seed,
    inputs: inputs.map((each) => each.name),
    sequences,
    states,
    unmatched: [...new Set(unmatched)],
    unknown,
    findings: [],
  };
}

function matched(pair: Pair, name: string, unmatched: string[]): Matched[] {
  const before = pair.before.tag(name);
  const after = pair.after.tag(name);
  if (before === null || after === null || before.shape.kind !== after.shape.kind) {
    unmatched.push(name);
    return [];
  }
  return [{ name: before.name, before, after }];
}

function drivenTag(pair: Pair, name: string, unmatched: string[]): Driven[] {
  const before = pair.before.tag(name);
  const after = pair.after.tag(name);
  if (before === null) {
    unmatched.push(name);
    return [];
  }
  if (after === null) unmatched.push(name);
  return [
    { name: before.name, shape: before.shape, before, after: after?.shape.kind === before.shape.kind ? after : null },
  ];
}

/** A difference in one sentence. */
export function describeDifference(difference: BehaviourDifference): string {
  const show = (value: JsonValue): string =>
    typeof value === 'boolean' ? describeValue(value, { kind: 'bool' }) : String(value);
  return `At ${difference.timeNs / 1e6} ms (scan ${difference.scan}) ${difference.tag} was ${show(difference.before)} before the change and is ${show(difference.after)} after it.`;
}
