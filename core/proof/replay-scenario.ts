/** A counterexample as a scenario file: what an engineer runs with `plantwright simulate --scenario`. */

import { Document } from 'yaml';

/** The inputs of one stretch of scans. */
export interface ReplayStep {
  /** Values by tag; what a step does not name keeps its value. */
  readonly set: ReadonlyMap<string, boolean | number | string>;
  /** Scans that these inputs last. */
  readonly scans: number;
}

/** What the run must show to count: an expression that fails after some scan, or an output at the end. */
export type ReplayGoal =
  | { readonly kind: 'always'; readonly expression: string }
  | { readonly kind: 'at-end'; readonly tag: string; readonly expected: boolean | number };

/** The text of a scenario that fails when the goal is violated. */
export function replayScenario(name: string, cycleNs: number, steps: readonly ReplayStep[], goal: ReplayGoal): string {
  const content: Record<string, unknown>[] = [];
  let scan = 0;
  for (const step of steps) {
    if (step.set.size > 0 || scan === 0)
      content.push({ at: durationText(scan * cycleNs), set: Object.fromEntries([...step.set].sort(byName)) });
    scan += step.scans;
  }
  const end = durationText(Math.max(0, scan - 1) * cycleNs);
  if (goal.kind === 'at-end') content.push({ at: end, expect: { [goal.tag]: goal.expected } });
  const document = new Document({
    name,
    cycle: durationText(cycleNs),
    steps: content.map((step) => (Object.keys(step['set'] ?? { none: 0 }).length === 0 ? { at: step['at'] } : step)),
    ...(goal.kind === 'always' ? { always: [goal.expression] } : {}),
    until: end,
  });
  return document.toString({ lineWidth: 0 });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function durationText(ns: number): string {
  if (ns % 1_000_000 === 0) return `${ns / 1_000_000}ms`;
  return ns % 1_000 === 0 ? `${ns / 1_000}us` : `${ns}ns`;
}
