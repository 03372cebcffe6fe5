/** Makes a failing case small: fewer steps, fewer values, a shorter fault, an earlier end. */

import { durationNs, type ScenarioContent, type ScenarioFault, type ScenarioStep } from '../scenario-file.js';
import { atOf, duration } from './bench-run.js';
import type { Violation } from './checks.js';

export interface Failing {
  readonly content: ScenarioContent;
  readonly violation: Violation;
}

/** Runs a candidate and gives its violation, or null when it holds. */
export type Trial = (content: ScenarioContent) => Violation | null;

/** Trials that one failure may take. */
const TRIALS = 160;

/** The smallest content found that still fails by the same check. Ends after a fixed number of trials. */
export function shrink(failing: Failing, trial: Trial): Failing {
  let best = cut(failing);
  let left = TRIALS;
  const keep = (content: ScenarioContent): boolean => {
    if (left <= 0) return false;
    left--;
    const violation = trial(content);
    if (violation === null || violation.check !== failing.violation.check) return false;
    best = cut({ content, violation });
    return true;
  };
  for (let isSmaller = true; isSmaller && left > 0; ) {
    isSmaller = dropSteps(() => best.content, keep);
    isSmaller = dropValues(() => best.content, keep) || isSmaller;
    isSmaller = shortenFaults(() => best.content, keep) || isSmaller;
  }
  return best;
}

/** Nothing after the violation matters. */
function cut({ content, violation }: Failing): Failing {
  const steps = content.steps.filter((step) => atOf(step) <= violation.timeNs);
  // A clock that was set back makes later steps earlier: then all of them stay.
  const isPlain = content.steps.every((step) => faultsOf(step).every((fault) => fault.kind !== 'clock_jump'));
  if (!isPlain) return { content, violation };
  return { content: { ...content, steps, until: duration(violation.timeNs) }, violation };
}

function faultsOf(step: ScenarioStep): readonly ScenarioFault[] {
  if (step.fault === undefined) return [];
  return Array.isArray(step.fault) ? step.fault : [step.fault];
}

type Keep = (content: ScenarioContent) => boolean;

function dropSteps(current: () => ScenarioContent, keep: Keep): boolean {
  let dropped = false;
  for (let index = current().steps.length - 1; index >= 0; index--) {
    const { steps } = current();
    if (steps.length <= 1 || index >= steps.length) continue;
    if (keep(without(current(), index))) dropped = true;
  }
  return dropped;
}

/** Without a step. What is timed by a clock that the step sets forward comes that much earlier: nobody waits an hour. */
function without(content: ScenarioContent, index: number): ScenarioContent {
  const gone = content.steps[index];
  const steps = content.steps.filter((_, each) => each !== index);
  const jump = gone === undefined ? 0 : jumpOf(gone);
  if (gone === undefined || jump <= 0) return { ...content, steps };
  const earlier = (text: string | 0): string => duration(Math.max(atOf(gone), durationNs(text) - jump));
  return {
    ...content,
    steps: steps.map((step) => (atOf(step) > atOf(gone) ? { ...step, at: earlier(step.at) } : step)),
    ...(content.until === undefined ? {} : { until: earlier(content.until) }),
  };
}

function jumpOf(step: ScenarioStep): number {
  return faultsOf(step).reduce((sum, fault) => sum + (fault.by === undefined ? 0 : durationNs(fault.by)), 0);
}

/** Values of `set` and `pulse` that change nothing. */
function dropValues(current: () => ScenarioContent, keep: Keep): boolean {
  let dropped = false;
  for (let index = 0; index < current().steps.length; index++) {
    for (const part of ['set', 'pulse'] as const) {
      for (const tag of Object.keys(current().steps[index]?.[part] ?? {})) {
        const content = current();
        const step = content.steps[index];
        const values = step?.[part];
        if (step === undefined || values === undefined || Object.keys(values).length <= 1) continue;
        const rest = Object.fromEntries(Object.entries(values).filter(([name]) => name !== tag));
        const steps = content.steps.map((each, position) => (position === index ? { ...step, [part]: rest } : each));
        if (keep({ ...content, steps })) dropped = true;
      }
    }
  }
  return dropped;
}

function shortenFaults(current: () => ScenarioContent, keep: Keep): boolean {
  let shortened = false;
  for (let index = 0; index < current().steps.length; index++) {
    const content = current();
    const step = content.steps[index];
    const fault = step?.fault;
    if (step === undefined || fault === undefined || Array.isArray(fault) || fault.for === undefined) continue;
    const half = Math.floor(durationNs(fault.for) / 2 / 10_000_000) * 10_000_000;
    if (half < 10_000_000) continue;
    const shorter: ScenarioStep = { ...step, fault: { ...fault, for: duration(half) } };
    if (keep({ ...content, steps: content.steps.map((each, position) => (position === index ? shorter : each)) }))
      shortened = true;
  }
  return shortened;
}
