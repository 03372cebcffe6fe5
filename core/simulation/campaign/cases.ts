/** The crossing of faults and phases: every case as the steps of a scenario. */

import { durationNs, type FaultName, type ScenarioFault, type ScenarioStep } from '../scenario-file.js';
import { atOf, duration } from './bench-run.js';
import { type Company, type CrossInput, type FaultCase, type FaultOfTags, faultCases } from './case-faults.js';
import { type PhaseStart, pulses } from './phases.js';
import type { CampaignCaseName, FaultOfSignal } from './plan.js';

export interface CampaignCase extends CampaignCaseName {
  readonly steps: readonly ScenarioStep[];
  readonly untilNs: number;
}

const MS = 1_000_000;
const GAP = 150 * MS;

const OF_CONTROLLER: ReadonlySet<FaultName> = new Set(['overrun', 'clock_jump']);

/** All cases of a hazard in one phase. */
export function casesOf(input: CrossInput, start: PhaseStart): CampaignCase[] {
  return faultCases(input, start.atNs).map((each) => caseOf(input, start, each));
}

/** The kinds of a case. */
export function kindsOf({ kind, second }: CampaignCaseName): readonly FaultName[] {
  return second === undefined || second.kind === kind ? [kind] : [kind, second.kind];
}

/** The steps: into the phase, the faults with their company, their end, a start alone, and time to see what comes of it. */
function caseOf(input: CrossInput, start: PhaseStart, each: FaultCase): CampaignCase {
  const { atNs } = start;
  const [first, second] = each.faults;
  const hold = Math.max(500 * MS, 12 * input.cycleNs);
  const lag = each.second === 'later' ? GAP : 0;
  // What follows a jump forward is told by the clock after it. After a jump back the run takes that much longer.
  const jump = first.fault.by === undefined ? 0 : Math.max(0, durationNs(first.fault.by));
  const later = (ns: number): number => atNs + jump + ns;
  const beside = companySteps(input, each, later, hold);
  const end = later(hold + lag);
  const after: ScenarioStep[] = [
    ...(Object.keys(start.restore).length === 0 ? [] : [{ at: duration(end + GAP / 3), set: { ...start.restore } }]),
    ...pulses(input.hazard.starts, end + 2 * GAP),
  ];
  const steps = [
    ...start.steps,
    { at: duration(atNs), fault: faultOf(first, hold) },
    ...(second === undefined ? [] : [{ at: duration(later(lag)), fault: faultOf(second, hold) }]),
    ...beside,
    ...after,
  ].sort((a, b) => atOf(a) - atOf(b));
  return {
    ...nameOf(first),
    phase: start.phase,
    ...(second === undefined ? {} : { second: nameOf(second) }),
    steps,
    untilNs: end + 4 * GAP,
  };
}

function nameOf({ tags, fault }: FaultOfTags): FaultOfSignal {
  return { signal: tags.length === 0 ? 'controller' : tags.join(', '), kind: fault.kind };
}

function faultOf({ tags, fault }: FaultOfTags, hold: number): ScenarioFault {
  const [only, ...more] = tags;
  return {
    ...(only === undefined ? {} : more.length === 0 ? { tag: only } : { tags: [...tags] }),
    ...fault,
    ...(OF_CONTROLLER.has(fault.kind) || fault.for !== undefined ? {} : { for: duration(hold) }),
  };
}

function companySteps(
  input: CrossInput,
  { company, faults }: FaultCase,
  at: (ns: number) => number,
  hold: number,
): ScenarioStep[] {
  const { resets, starts } = input.hazard;
  switch (company.with) {
    case 'nothing':
      return [];
    case 'commands':
      return [...pulses(resets, at(GAP)), ...pulses(starts, at(2 * GAP))];
    case 'commands-under-second':
      return [...pulses(resets, at(hold + GAP / 3)), ...pulses(starts, at(hold + (2 * GAP) / 3))];
    case 'demand':
      return demandSteps(company, at, OF_CONTROLLER.has(faults[0].fault.kind) ? 0 : GAP / 3);
    case 'demand-then-press':
      return [...demandSteps(company, at, GAP / 3), ...pulses(company.press, at(2 * GAP + GAP / 2))];
  }
}

type WithDemand = Extract<Company, { readonly demand: unknown }>;

function demandSteps({ demand }: WithDemand, at: (ns: number) => number, fromNs: number): ScenarioStep[] {
  return [
    { at: duration(at(fromNs)), set: { ...demand.set } },
    { at: duration(at(2 * GAP)), set: { ...demand.restore } },
  ];
}
