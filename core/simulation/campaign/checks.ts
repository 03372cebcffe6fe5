/** What must hold in every run of a campaign, read from the recorded values of all scans. */

import type { ScenarioContent } from '../scenario-file.js';
import type { JsonValue } from '../values.js';
import { atOf, type Run, valuesOf } from './bench-run.js';
import type { CampaignCheck, CampaignCondition, CampaignDiagnosis, CampaignHazard } from './plan.js';

const WATCHDOG = 'SIM-WATCHDOG';

export interface Violation {
  readonly check: CampaignCheck;
  readonly hazard: string;
  readonly timeNs: number;
  readonly message: string;
  /** What the scenario must expect at that time in order to fail; null for a run-time fault, which fails by itself. */
  readonly expect: Readonly<Record<string, boolean | number | { readonly min: number }>> | null;
}

export interface CheckInput {
  readonly hazard: CampaignHazard;
  readonly conditions: readonly CampaignCondition[];
  readonly diagnoses: readonly CampaignDiagnosis[];
  readonly budgetNs: number;
}

/** The first violation of a run, or null. `content` tells when the power was cycled. */
export function violationOf(input: CheckInput, run: Run, content: ScenarioContent): Violation | null {
  const { hazard } = input;
  const { fault } = run;
  // A watchdog that stops the controller with its outputs off is what an overrun must lead to.
  if (fault?.code === WATCHDOG) return null;
  if (fault !== null) {
    return {
      check: 'run-time-fault',
      hazard: hazard.tag,
      timeNs: run.timesNs.at(-1) ?? 0,
      message: fault.message,
      expect: null,
    };
  }
  const violations = [
    motionViolation(input, run, content),
    ...input.diagnoses.map((each) => diagnosisViolation(each, hazard, run)),
  ];
  return violations
    .filter((each) => each !== null)
    .reduce<Violation | null>((first, each) => (first === null || each.timeNs < first.timeNs ? each : first), null);
}

/** Follows the hazard through the scans: off under demand, and back only by the commands that a restart needs. */
function motionViolation(input: CheckInput, run: Run, content: ScenarioContent): Violation | null {
  const { hazard, budgetNs } = input;
  const outputs = valuesOf(run, hazard.tag);
  const conditions = input.conditions
    .filter((each) => hazard.conditions.includes(each.tag))
    .map((each) => ({ ...each, values: valuesOf(run, each.tag) }));
  const resets = hazard.resets.map((tag) => valuesOf(run, tag));
  const starts = hazard.starts.map((tag) => valuesOf(run, tag));
  const cycles = content.steps.filter((step) => step.power_cycle !== undefined).map(atOf);
  let demandSince: number | null = null;
  // Switching on is a power cycle: nothing may move before it was commanded.
  let lock: 'none' | 'demand' | 'power' = 'power';
  let hasReset = false;
  let hasStart = false;
  let hadResetUnderDemand = false;
  let nextCycle = 0;
  for (const [index, time] of run.timesNs.entries()) {
    let isFirstAfterPower = index === 0;
    for (let each = cycles[nextCycle]; each !== undefined && each <= time; each = cycles[++nextCycle]) {
      isFirstAfterPower = true;
      lock = 'power';
      hasReset = false;
      hasStart = false;
    }
    const isEdge = (values: readonly JsonValue[]): boolean =>
      values[index] === true && !isFirstAfterPower && values[index - 1] === false;
    const failing = conditions.find((each) => each.values[index] !== each.healthy);
    const isOn = outputs[index] !== hazard.off;
    if (failing !== undefined) {
      demandSince ??= time;
      if (conditions.some((each) => each.restart === 'commanded' && each.values[index] !== each.healthy)) {
        lock = 'demand';
        if (resets.some(isEdge)) hadResetUnderDemand = true;
        hasReset = false;
        hasStart = false;
      } else {
        // Commands count while only a free condition is missing: a start may be what locks the guard.
        if (resets.some(isEdge)) hasReset = true;
        if (starts.some(isEdge)) hasStart = true;
      }
      if (isOn && time - demandSince >= budgetNs) {
        return {
          check: 'hazard-off',
          hazard: hazard.tag,
          timeNs: time,
          message: `${hazard.tag} is on at ${time / 1e6} ms although ${failing.tag} is not healthy since ${demandSince / 1e6} ms.`,
          expect: { [hazard.tag]: hazard.off },
        };
      }
      continue;
    }
    demandSince = null;
    if (resets.some(isEdge)) hasReset = true;
    if (starts.some(isEdge)) hasStart = true;
    if (lock === 'none') continue;
    const lacks = missingCommands(hazard, lock, hasReset, hasStart);
    if (lacks === null) {
      lock = 'none';
      hadResetUnderDemand = false;
    } else if (isOn) {
      const after = lock === 'power' ? 'a power cycle' : 'a demand';
      const isRefused = hadResetUnderDemand && hasStart && lock === 'demand';
      return {
        check: isRefused ? 'reset-under-demand' : 'restart',
        hazard: hazard.tag,
        timeNs: time,
        message: isRefused
          ? `${hazard.tag} is on at ${time / 1e6} ms: a reset that was given while the demand stood counted after it.`
          : `${hazard.tag} is on again at ${time / 1e6} ms after ${after}, without ${lacks}.`,
        expect: { [hazard.tag]: hazard.off },
      };
    }
  }
  return null;
}

/** What a restart still lacks. After a demand: reset and start, as far as the hazard has them; after power: one of them. */
function missingCommands(
  hazard: CampaignHazard,
  lock: 'demand' | 'power',
  hasReset: boolean,
  hasStart: boolean,
): string | null {
  const needsReset = hazard.resets.length > 0 && !hasReset;
  const needsStart = hazard.starts.length > 0 && !hasStart;
  if (lock === 'power') {
    if (hazard.resets.length + hazard.starts.length === 0 || hasReset || hasStart) return null;
    return 'a reset or a start';
  }
  if (needsReset && needsStart) return 'a reset and a start';
  if (needsReset) return 'a reset';
  return needsStart ? 'a start' : null;
}

/** Channels that begin to disagree, and go on for longer than allowed, must raise the diagnosis. */
function diagnosisViolation(diagnosis: CampaignDiagnosis, hazard: CampaignHazard, run: Run): Violation | null {
  const channels = diagnosis.channels.map((tag) => valuesOf(run, tag));
  const raised = valuesOf(run, diagnosis.tag);
  let since: number | null = null;
  let agreed: JsonValue | undefined;
  for (const [index, time] of run.timesNs.entries()) {
    const [first, ...others] = channels.map((values) => values[index]);
    if (others.every((each) => each === first)) {
      since = null;
      agreed = raised[index];
      continue;
    }
    // Before they have agreed once, a block that waits for its first reset has nothing to compare.
    if (agreed === undefined) continue;
    since ??= time;
    const value = raised[index];
    if (isRaised(value, agreed) || time - since <= diagnosis.withinNs) continue;
    return {
      check: 'diagnosis',
      hazard: hazard.tag,
      timeNs: time,
      message: `${diagnosis.channels.join(' and ')} disagree since ${since / 1e6} ms, and ${diagnosis.tag} does not say so at ${time / 1e6} ms.`,
      expect: { [diagnosis.tag]: typeof value === 'boolean' ? true : { min: Number(value) + 1 } },
    };
  }
  return null;
}

/** PLCopen diagnostic codes: 16#8000 to 16#BFFF are states of operation, from 16#C000 on they are errors. */
const FIRST_STATE = 0x8000;
const FIRST_ERROR = 0xc000;

/** TRUE, an error code, a number of one's own, or a state of operation other than the one while the channels agreed. */
function isRaised(value: JsonValue | undefined, agreed: JsonValue): boolean {
  if (typeof value !== 'number') return value === true;
  const isState = value >= FIRST_STATE && value < FIRST_ERROR;
  return isState ? value !== agreed : value !== 0;
}
