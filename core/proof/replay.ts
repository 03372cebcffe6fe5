/**
 * Replays counterexamples in the simulator: a second opinion on every refutation. A scenario is made of the witness,
 * run, and made smaller as long as it still shows the violation.
 */

import type { Project } from '../language/semantics/model.js';
import type { ResolvedSignal } from '../safety/signal-roles.js';
import { runScenarioOn } from '../simulation/scenario.js';
import { readScenario } from '../simulation/scenario-file.js';
import { createSimulation, type Simulation } from '../simulation/simulation.js';
import type { Obligation } from './obligations.js';
import { type ReplayGoal, type ReplayStep, replayScenario } from './replay-scenario.js';
import type { WitnessScan } from './witness.js';

export type Replay =
  /** The simulator shows the violation with this scenario. */
  | { readonly outcome: 'replayed'; readonly scenario: string }
  /** The witness needs what can't be written: memory, timers that expire at will, unknown blocks. */
  | { readonly outcome: 'abstract'; readonly reason: string }
  /** The witness is complete, and the simulator does not show the violation: one of the two is wrong. */
  | { readonly outcome: 'disagrees'; readonly scenario: string };

/** Scans that inputs are held so that timers on the way run out. */
const HOLDS = [25, 250, 1500] as const;
/** Inputs that are tried to be left out of a scenario. */
const SHRINK_LIMIT = 60;
const DEFAULT_CYCLE_NS = 10_000_000;

/** One compiled simulation per project: every replay starts it afresh. */
const SIMULATIONS = new WeakMap<Project, Simulation | null>();

/** @param canDisagree whether tags read after a scan mean what the obligation says, so that silence is a contradiction */
export function replayWitness(
  project: Project,
  obligation: Obligation,
  scans: readonly WitnessScan[],
  canDisagree: boolean,
): Replay {
  const goal = goalOf(obligation);
  if (goal === null) return { outcome: 'abstract', reason: 'this kind of obligation has no scenario' };
  const simulation = simulationOf(project);
  if (simulation === null) return { outcome: 'abstract', reason: 'the simulator can not run the program' };
  const cycleNs = cycleOf(project);
  const inputs = scans.map(inputsOf);
  const render = (steps: readonly ReplayStep[]): string => replayScenario(obligation.id, cycleNs, steps, goal);
  const exact = stepsOf(inputs, () => 1);
  const first = run(simulation, render(exact));
  if (first === 'shown') return { outcome: 'replayed', scenario: render(shrunk(simulation, exact, render)) };
  if (first === 'unknown') return { outcome: 'abstract', reason: 'the run reaches what the simulator can not execute' };
  if (first === 'refused') return { outcome: 'abstract', reason: 'the witness names what can not be written' };
  const isComplete = canDisagree && scans.every((scan) => scan.isComplete) && hasOneTask(project);
  if (isComplete) return { outcome: 'disagrees', scenario: render(exact) };
  const last = scans.length - 1;
  for (const hold of HOLDS) {
    const plans = [
      stepsOf(inputs, (index) => (index < last && expiresAfter(scans, index) ? hold : 1)),
      stepsOf(inputs, (index) => (index < last || goal.kind === 'always' ? hold : 1)),
    ];
    for (const plan of plans)
      if (run(simulation, render(plan)) === 'shown')
        return { outcome: 'replayed', scenario: render(shrunk(simulation, plan, render)) };
  }
  return { outcome: 'abstract', reason: 'the witness relies on timers, memory or blocks that act at will' };
}

/** The compiled simulation of a project; null when there is none. Whoever uses it resets it first. */
export function simulationOf(project: Project): Simulation | null {
  const known = SIMULATIONS.get(project);
  if (known !== undefined) return known;
  const created = createSimulation(project, { cycleNs: cycleOf(project) });
  const simulation = 'simulation' in created ? created.simulation : null;
  SIMULATIONS.set(project, simulation);
  return simulation;
}

function cycleOf(project: Project): number {
  const [interval] = project.schedule.flatMap((task) =>
    task.interval === null || task.programs.length === 0 ? [] : [Number(task.interval)],
  );
  return interval ?? DEFAULT_CYCLE_NS;
}

/** The prover runs every task once per scan: with several tasks a run may differ for that reason alone. */
export function hasOneTask(project: Project): boolean {
  return project.schedule.filter((task) => task.programs.length > 0).length === 1;
}

/** What must hold, as an expression over tags or as the state of the output at the end. */
function goalOf({ kind, hazard, condition, output, conditionText }: Obligation): ReplayGoal | null {
  switch (kind) {
    case 'property':
      return { kind: 'always', expression: output };
    case 'dominance': {
      if (hazard === null || condition === null) return null;
      const healthy = condition.healthy === false ? `NOT ${condition.tag}` : condition.tag;
      return { kind: 'always', expression: `${healthy} OR ${offText(hazard)}` };
    }
    case 'mutual-exclusion':
      return { kind: 'always', expression: `NOT (${output} AND ${conditionText})` };
    case 'first-scan':
    case 'reset-does-not-restart':
    case 'release-does-not-restart':
      return hazard === null ? null : { kind: 'at-end', tag: hazard.tag, expected: hazard.off };
    default:
      return null;
  }
}

function offText({ tag, off }: ResolvedSignal): string {
  return off === false ? `NOT ${tag}` : off === true ? tag : `${tag} = ${off}`;
}

/** Values by tag; comparisons and bits of numbers and what timers did are not inputs that can be written. */
function inputsOf({ inputs, numbers }: WitnessScan): Map<string, boolean | number | string> {
  const plain = inputs.filter(({ name }) => /^[\w.[\],]+$/.test(name) && !/\.\d+$/.test(name));
  return new Map<string, boolean | number | string>([
    ...plain.map(({ name, value }) => [name, value] as const),
    ...numbers.map(({ name, value }) => [name, value] as const),
  ]);
}

/** A step per scan; an input that the witness no longer names goes back to FALSE. */
function stepsOf(
  scans: readonly ReadonlyMap<string, boolean | number | string>[],
  lasts: (index: number) => number,
): ReplayStep[] {
  const current = new Map<string, boolean | number | string>();
  return scans.map((inputs, index) => {
    const set = new Map<string, boolean | number | string>();
    for (const [tag, value] of current) if (value === true && !inputs.has(tag)) set.set(tag, false);
    for (const [tag, value] of inputs)
      if (current.get(tag) !== value && !(value === false && !current.has(tag))) set.set(tag, value);
    for (const [tag, value] of set) current.set(tag, value);
    return { set, scans: lasts(index) };
  });
}

function expiresAfter(scans: readonly WitnessScan[], index: number): boolean {
  return scans[index + 1]?.inputs.some(({ name, value }) => value && name.endsWith('(expired)')) === true;
}

/** Code that the simulator can't execute may stop it anywhere: then it has no opinion, and the answer stays abstract. */
export function unlessItStops<Result>(work: () => Result): Result | null {
  try {
    return work();
  } catch {
    return null;
  }
}

type Outcome = 'shown' | 'not-shown' | 'unknown' | 'refused';

function run(simulation: Simulation, text: string): Outcome {
  const read = readScenario('counterexample.yaml', text);
  if ('findings' in read) return 'refused';
  const result = unlessItStops(() => runScenarioOn(simulation, read.scenario));
  if (result === null) return 'unknown';
  if (result.status === 'unknown' || simulation.isUnknown) return 'unknown';
  if (result.status === 'passed') return 'not-shown';
  // only the goal itself counts, not a name that could not be written
  const isGoal = ({ code }: { readonly code: string }): boolean => code === 'SIM-ALWAYS' || code === 'SIM-EXPECT';
  return result.findings.every(isGoal) ? 'shown' : 'refused';
}

/** Leaves out inputs one by one, and scans at the end, while the violation is still shown. */
function shrunk(
  simulation: Simulation,
  steps: readonly ReplayStep[],
  render: (steps: readonly ReplayStep[]) => string,
): readonly ReplayStep[] {
  let kept = steps;
  let tries = 0;
  const isShown = (candidate: readonly ReplayStep[]): boolean =>
    ++tries <= SHRINK_LIMIT && run(simulation, render(candidate)) === 'shown';
  for (let index = kept.length - 1; index > 0; index--) {
    const without = kept.filter((_, at) => at !== index);
    if (isShown(without)) kept = without;
  }
  for (let index = 0; index < kept.length; index++) {
    for (const tag of [...(kept[index]?.set.keys() ?? [])]) {
      const without = kept.map((step, at) =>
        at === index ? { ...step, set: new Map([...step.set].filter(([each]) => each !== tag)) } : step,
      );
      if (isShown(without)) kept = without;
    }
  }
  return kept;
}
