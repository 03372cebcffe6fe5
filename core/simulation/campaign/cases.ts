/** The crossing of signals, fault kinds and phases: every case as the steps of a scenario. */

import type { RandomSource } from '../random.js';
import { durationNs, type FaultName, type ScenarioFault, type ScenarioStep } from '../scenario-file.js';
import { atOf, duration } from './bench-run.js';
import type { DrivenSignal, FaultShape, MachineInputs } from './machine-inputs.js';
import { type Demand, type PhaseStart, pulses } from './phases.js';
import type { CampaignCaseName, CampaignDiagnosis, CampaignHazard } from './plan.js';

export interface CampaignCase extends CampaignCaseName {
  readonly steps: readonly ScenarioStep[];
  readonly untilNs: number;
}

export interface CrossInput {
  readonly hazard: CampaignHazard;
  readonly inputs: MachineInputs;
  readonly diagnoses: readonly CampaignDiagnosis[];
  readonly demands: readonly Demand[];
  readonly random: RandomSource;
  readonly cycleNs: number;
}

const MS = 1_000_000;
const GAP = 150 * MS;

/** What happens beside the fault while it lasts. */
type Company =
  /** Nothing. */
  | { readonly with: 'nothing' }
  /** Reset and start are pressed: both must be refused while a demand stands. */
  | { readonly with: 'commands' }
  /** Inputs change: a demand that the fault may hide or delay. */
  | { readonly with: 'demand'; readonly demand: Pick<Demand, 'set' | 'restore'> };

interface FaultCase {
  readonly tags: readonly string[];
  readonly fault: FaultShape;
  readonly company: Company;
}

/**
 * All cases of a hazard in one phase. Kinds that are the same for a signal are run once: of a BOOL, `open_circuit` and
 * `short` are its two `stuck_at`, and `freeze`, `comm_loss` and `actuator_stuck` of one constant signal are one of them.
 */
export function casesOf(input: CrossInput, start: PhaseStart): CampaignCase[] {
  return input.inputs.signals
    .flatMap((signal) => faultsOfSignal(input, signal))
    .concat(faultsOfMachine(input, start.atNs))
    .map((each) => caseOf(input, start, each));
}

function faultsOfSignal(input: CrossInput, signal: DrivenSignal): FaultCase[] {
  const tags = [signal.tag];
  if (signal.kind === 'number')
    return numericFaults(input, signal).flatMap((fault): FaultCase[] => [
      { tags, fault, company: { with: 'nothing' } },
      ...(fault.kind === 'short' ? masking(input, tags, fault) : []),
    ]);
  if (signal.role === 'reset' || signal.role === 'start') return commandFaults(input, signal);
  const quiet: Company = { with: 'nothing' };
  const own: Company = {
    with: 'demand',
    demand: { set: { [signal.tag]: signal.rest !== true }, restore: { [signal.tag]: signal.rest === true } },
  };
  const away: FaultShape = { kind: signal.rest === true ? 'open_circuit' : 'short' };
  const toRest: FaultShape = { kind: signal.rest === true ? 'short' : 'open_circuit' };
  const isChannel = input.diagnoses.some((each) =>
    each.channels.some((tag) => tag.toUpperCase() === signal.tag.toUpperCase()),
  );
  const late = duration((10 + input.random.below(20)) * input.cycleNs);
  return [
    { tags, fault: away, company: quiet },
    { tags, fault: away, company: { with: 'commands' } },
    ...(signal.role === 'other' ? masking(input, tags, away) : []),
    { tags, fault: toRest, company: own },
    { tags, fault: { kind: 'bounce', period: duration(input.cycleNs) }, company: quiet },
    { tags, fault: { kind: 'glitch', for: duration(input.cycleNs) }, company: quiet },
    { tags, fault: { kind: 'glitch', for: duration((2 + input.random.below(3)) * input.cycleNs) }, company: quiet },
    { tags, fault: { kind: 'delay', delay: duration(3 * input.cycleNs) }, company: own },
    ...(isChannel ? [{ tags, fault: { kind: 'discrepancy' as const, delay: late }, company: own }] : []),
  ];
}

/** A fault that could hide a demand meets every demand. */
function masking(input: CrossInput, tags: readonly string[], fault: FaultShape): FaultCase[] {
  return input.demands.map((demand) => ({ tags, fault, company: { with: 'demand', demand } }));
}

/** A held button meets every demand: the end of the demand must not start anything. */
function commandFaults(input: CrossInput, signal: DrivenSignal): FaultCase[] {
  const kind: FaultName = signal.role === 'reset' ? 'reset_held' : 'start_held';
  const tags = [signal.tag];
  return [
    ...input.demands.map((demand): FaultCase => ({ tags, fault: { kind }, company: { with: 'demand', demand } })),
    { tags, fault: { kind: 'bounce', period: duration(input.cycleNs) }, company: { with: 'nothing' } },
    { tags, fault: { kind: 'open_circuit' }, company: { with: 'commands' } },
  ];
}

function numericFaults(input: CrossInput, signal: DrivenSignal): FaultShape[] {
  const size = Math.max(1, Math.abs(Number(signal.rest)));
  return [
    { kind: 'open_circuit' },
    { kind: 'short' },
    { kind: 'out_of_range' },
    { kind: 'freeze' },
    { kind: 'drift', rate: (input.random.below(2) === 0 ? 1 : -1) * size * (1 + input.random.below(10)) },
    { kind: 'noise', amplitude: size * (1 + input.random.below(5)) },
  ];
}

/** Faults of the controller and of the bus, each with a demand that comes with it. */
function faultsOfMachine(input: CrossInput, atNs: number): FaultCase[] {
  const all = input.inputs.signals
    .filter((each) => each.role !== 'reset' && each.role !== 'start')
    .map((each) => each.tag);
  const [demand] = input.demands;
  const company: Company = demand === undefined ? { with: 'nothing' } : { with: 'demand', demand };
  return [
    { tags: [], fault: { kind: 'overrun', for: duration(5 * input.cycleNs) }, company },
    { tags: [], fault: { kind: 'clock_jump', by: '1h' }, company },
    ...(atNs < input.cycleNs
      ? []
      : [{ tags: [], fault: { kind: 'clock_jump' as const, by: duration(-Math.min(atNs, 1000 * MS)) }, company }]),
    ...(all.length < 2 ? [] : [{ tags: all, fault: { kind: 'comm_loss' as const }, company }]),
  ];
}

/** The steps: into the phase, the fault with its company, its end, a start alone, and time to see what comes of it. */
function caseOf(input: CrossInput, start: PhaseStart, { tags, fault, company }: FaultCase): CampaignCase {
  const { atNs } = start;
  const hold = Math.max(500 * MS, 12 * input.cycleNs);
  const isOfController = fault.kind === 'overrun' || fault.kind === 'clock_jump';
  const [only, ...more] = tags;
  const full: ScenarioFault = {
    ...(only === undefined ? {} : more.length === 0 ? { tag: only } : { tags: [...tags] }),
    ...fault,
    ...(isOfController || fault.for !== undefined ? {} : { for: duration(hold) }),
  };
  // What follows a jump forward is told by the clock after it. After a jump back the run takes that much longer.
  const jump = fault.by === undefined ? 0 : Math.max(0, durationNs(fault.by));
  const later = (ns: number): number => atNs + jump + ns;
  const beside = companySteps(input, company, later, isOfController);
  const end = later(hold);
  const after: ScenarioStep[] = [
    ...(Object.keys(start.restore).length === 0 ? [] : [{ at: duration(end + GAP / 3), set: { ...start.restore } }]),
    ...pulses(input.hazard.starts, end + 2 * GAP),
  ];
  const steps = [...start.steps, { at: duration(atNs), fault: full }, ...beside, ...after].sort(
    (a, b) => atOf(a) - atOf(b),
  );
  return {
    signal: only === undefined ? 'controller' : tags.join(', '),
    kind: fault.kind,
    phase: start.phase,
    steps,
    untilNs: end + 4 * GAP,
  };
}

function companySteps(
  input: CrossInput,
  company: Company,
  at: (ns: number) => number,
  comesAtOnce: boolean,
): ScenarioStep[] {
  switch (company.with) {
    case 'nothing':
      return [];
    case 'commands':
      return [...pulses(input.hazard.resets, at(GAP)), ...pulses(input.hazard.starts, at(2 * GAP))];
    case 'demand':
      return [
        { at: duration(comesAtOnce ? at(0) : at(GAP / 3)), set: { ...company.demand.set } },
        { at: duration(at(2 * GAP)), set: { ...company.demand.restore } },
      ];
  }
}
