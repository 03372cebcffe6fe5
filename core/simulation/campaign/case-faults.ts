/** Which faults meet a hazard, alone or two at once, and what happens beside them. */

import type { RandomSource } from '../random.js';
import type { FaultName } from '../scenario-file.js';
import { duration } from './bench-run.js';
import type { DrivenSignal, FaultShape, MachineInputs } from './machine-inputs.js';
import type { Demand } from './phases.js';
import type { CampaignDiagnosis, CampaignHazard } from './plan.js';

export interface CrossInput {
  readonly hazard: CampaignHazard;
  readonly inputs: MachineInputs;
  readonly diagnoses: readonly CampaignDiagnosis[];
  readonly demands: readonly Demand[];
  readonly random: RandomSource;
  readonly cycleNs: number;
}

/** What happens beside the faults while they last. */
export type Company =
  /** Nothing. */
  | { readonly with: 'nothing' }
  /** Reset and start are pressed: both must be refused while a demand stands. */
  | { readonly with: 'commands' }
  /** Inputs change: a demand that the fault may hide or delay. */
  | { readonly with: 'demand'; readonly demand: Pick<Demand, 'set' | 'restore'> }
  /** A demand comes and goes, and then the button is pressed that is not the held one. */
  | { readonly with: 'demand-then-press'; readonly demand: Demand; readonly press: readonly string[] }
  /** Reset and start are pressed when the first fault is gone and the second still stands. */
  | { readonly with: 'commands-under-second' };

export interface FaultOfTags {
  readonly tags: readonly string[];
  readonly fault: FaultShape;
}

export interface FaultCase {
  readonly faults: readonly [FaultOfTags, ...FaultOfTags[]];
  /** When the second fault begins and ends: with the first, or later, so that each also stands alone. */
  readonly second: 'together' | 'later';
  readonly company: Company;
}

const MS = 1_000_000;
const QUIET: Company = { with: 'nothing' };

/**
 * All faults of a hazard. Kinds that are the same for a signal are run once: of a constant BOOL `freeze` and `comm_loss`
 * are a `stuck_at`, and so is a wire that is open or shorted. A sensor or its wire is named `open_circuit` and `short`, a
 * contact that is welded `stuck_at`, the feedback of an actuator `actuator_stuck`.
 */
export function faultCases(input: CrossInput, atNs: number): FaultCase[] {
  return [
    ...input.inputs.signals.flatMap((signal) => faultsOfSignal(input, signal)),
    ...faultsOfMachine(input, atNs),
    ...heldButtons(input),
    ...(input.hazard.simultaneousFaults === 2 ? pairs(input) : []),
  ];
}

function single(tags: readonly string[], fault: FaultShape, company: Company): FaultCase {
  return { faults: [{ tags, fault }], second: 'together', company };
}

function faultsOfSignal(input: CrossInput, signal: DrivenSignal): FaultCase[] {
  const tags = [signal.tag];
  if (signal.kind === 'number')
    return numericFaults(input, signal).flatMap((fault): FaultCase[] => [
      single(tags, fault, QUIET),
      ...(fault.kind === 'short' ? masking(input, tags, fault) : []),
    ]);
  if (signal.role === 'reset' || signal.role === 'start') return commandFaults(input, signal);
  const own: Company = {
    with: 'demand',
    demand: { set: { [signal.tag]: signal.rest !== true }, restore: { [signal.tag]: signal.rest === true } },
  };
  const away = brokenWire(signal);
  const isChannel = isOneOfChannels(input, signal);
  const late = duration((10 + input.random.below(20)) * input.cycleNs);
  return [
    single(tags, away, QUIET),
    single(tags, away, { with: 'commands' }),
    ...(signal.role === 'other' ? masking(input, tags, { kind: 'stuck_at', value: signal.rest !== true }) : []),
    single(tags, stuckAtRest(signal, isChannel), own),
    // An end position or a feedback is where its actuator is: it keeps the value that it has.
    ...(signal.role === 'other' || signal.isFeedback ? [single(tags, { kind: 'actuator_stuck' }, own)] : []),
    single(tags, { kind: 'bounce', period: duration(input.cycleNs) }, QUIET),
    single(tags, { kind: 'glitch', for: duration(input.cycleNs) }, QUIET),
    single(tags, { kind: 'glitch', for: duration((2 + input.random.below(3)) * input.cycleNs) }, QUIET),
    single(tags, { kind: 'delay', delay: duration(3 * input.cycleNs) }, own),
    ...(isChannel ? [single(tags, { kind: 'discrepancy', delay: late }, own)] : []),
  ];
}

function isOneOfChannels(input: CrossInput, signal: DrivenSignal): boolean {
  const name = signal.tag.toUpperCase();
  return input.diagnoses.some((each) => each.channels.some((tag) => tag.toUpperCase() === name));
}

/** The wire fault that takes a signal away from rest. */
function brokenWire(signal: DrivenSignal): FaultShape {
  return { kind: signal.rest === true ? 'open_circuit' : 'short' };
}

/** A fault by which a change of the signal is not seen: a welded contact, or a wire shorted to that of another channel. */
function stuckAtRest(signal: DrivenSignal, isChannel: boolean): FaultShape {
  if (signal.role === 'condition' && !isChannel) return { kind: 'stuck_at', value: signal.rest };
  return { kind: signal.rest === true ? 'short' : 'open_circuit' };
}

/** A fault that could hide a demand meets every demand. */
function masking(input: CrossInput, tags: readonly string[], fault: FaultShape): FaultCase[] {
  return input.demands.map((demand) => single(tags, fault, { with: 'demand', demand }));
}

/** A held button meets every demand: the end of the demand must not start anything. */
function commandFaults(input: CrossInput, signal: DrivenSignal): FaultCase[] {
  const tags = [signal.tag];
  return [
    ...masking(input, tags, held(signal)),
    single(tags, { kind: 'bounce', period: duration(input.cycleNs) }, QUIET),
    single(tags, { kind: 'open_circuit' }, { with: 'commands' }),
  ];
}

function held({ role }: DrivenSignal): FaultShape {
  const kind: FaultName = role === 'reset' ? 'reset_held' : 'start_held';
  return { kind };
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
  const company: Company = demand === undefined ? QUIET : { with: 'demand', demand };
  return [
    single([], { kind: 'overrun', for: duration(5 * input.cycleNs) }, company),
    single([], { kind: 'clock_jump', by: '1h' }, company),
    ...(atNs < input.cycleNs
      ? []
      : [single([], { kind: 'clock_jump', by: duration(-Math.min(atNs, 1000 * MS)) }, company)]),
    ...(all.length < 2 ? [] : [single(all, { kind: 'comm_loss' }, company)]),
  ];
}

/**
 * A button that is held while the other one is pressed after a demand: neither reset under a held start nor start under
 * a held reset may bring motion back. And both held, also from the first scan on: without an edge nothing starts.
 */
function heldButtons(input: CrossInput): FaultCase[] {
  const resets = input.inputs.signals.filter((each) => each.role === 'reset');
  const starts = input.inputs.signals.filter((each) => each.role === 'start');
  const { hazard, demands } = input;
  const pressed = (signals: readonly DrivenSignal[], press: readonly string[]): FaultCase[] =>
    press.length === 0
      ? []
      : signals.flatMap((signal) =>
          demands.map((demand) => single([signal.tag], held(signal), { with: 'demand-then-press', demand, press })),
        );
  const both = (company: Company): FaultCase[] =>
    starts.flatMap((start) =>
      resets.map(
        (reset): FaultCase => ({
          faults: [
            { tags: [start.tag], fault: held(start) },
            { tags: [reset.tag], fault: held(reset) },
          ],
          second: 'together',
          company,
        }),
      ),
    );
  return [
    ...pressed(starts, hazard.resets),
    ...pressed(resets, hazard.starts),
    ...both(QUIET),
    ...demands.flatMap((demand) => both({ with: 'demand', demand })),
  ];
}

/**
 * Two faults that follow each other and overlap: two conditions away from rest, one that hides its own demand while the
 * other is away, and a held button beside a condition that is away. The first must not mask the second.
 */
function pairs(input: CrossInput): FaultCase[] {
  const booleans = input.inputs.signals.filter((each) => each.kind === 'bool');
  const conditions = booleans.filter((each) => each.role === 'condition');
  const buttons = booleans.filter((each) => each.role === 'reset' || each.role === 'start');
  const away = (signal: DrivenSignal): FaultOfTags => ({ tags: [signal.tag], fault: brokenWire(signal) });
  const hidden = (signal: DrivenSignal): FaultOfTags => ({
    tags: [signal.tag],
    fault: stuckAtRest(signal, isOneOfChannels(input, signal)),
  });
  const pair = (first: FaultOfTags, second: FaultOfTags): FaultCase => ({
    faults: [first, second],
    second: 'later',
    company: { with: 'commands-under-second' },
  });
  return conditions.flatMap((first) => [
    ...conditions
      .filter((each) => each !== first)
      .flatMap((second) => [pair(away(first), away(second)), pair(hidden(first), away(second))]),
    ...buttons.flatMap((button) => [
      pair({ tags: [button.tag], fault: held(button) }, away(first)),
      pair(away(first), { tags: [button.tag], fault: held(button) }),
    ]),
  ]);
}
