/** Where stepping, going on and going back stop. */

import type { Finding } from '../../base/finding.js';
import type { Breakpoints } from './breakpoints.js';
import type { Moment, Position, Search, StopReason } from './debug-engine.js';

/** Which findings stop: run-time faults, and what tests, expectations and invariants say. */
export interface ExceptionFilter {
  readonly faults: boolean;
  readonly assertions: boolean;
}

const ASSERTIONS: ReadonlySet<string> = new Set(['SIM-ASSERT', 'SIM-EXPECT', 'SIM-ALWAYS', 'SIM-TCUNIT']);

export function isAssertion(finding: Finding): boolean {
  return ASSERTIONS.has(finding.code);
}

/** How far to go. */
export type Target =
  | { readonly kind: 'breakpoint' }
  /** The next statement at all. */
  | { readonly kind: 'statement' }
  /** The next statement in this routine or one that called it. */
  | { readonly kind: 'same-level'; readonly from: Position; readonly depth: number }
  /** The next statement in a routine that called this one. */
  | { readonly kind: 'outer-level'; readonly from: Position; readonly depth: number }
  /** The first statement of a later scan. */
  | { readonly kind: 'scan'; readonly from: Position }
  /** The first statement after virtual time has gone on: a test has no scans. */
  | { readonly kind: 'time'; readonly isLater: () => boolean };

const STEP: StopReason = { kind: 'step' };

function isReached(target: Target, moment: Moment): StopReason | null {
  switch (target.kind) {
    case 'breakpoint':
      return null;
    case 'statement':
      return STEP;
    case 'same-level':
      return moment.scan !== target.from.scan || moment.depth <= target.depth ? STEP : null;
    case 'outer-level':
      return moment.scan !== target.from.scan || moment.depth < target.depth ? STEP : null;
    case 'scan':
      return moment.scan > target.from.scan ? { kind: 'scan' } : null;
    case 'time':
      return target.isLater() ? { kind: 'scan' } : null;
  }
}

/** Forward to a target; breakpoints and exceptions stop before. */
export function forwardSearch(breakpoints: Breakpoints, exceptions: ExceptionFilter, target: Target): Search {
  return {
    begin: () => breakpoints.look(),
    at(moment) {
      const hit = breakpoints.forward(moment);
      if (hit?.kind === 'breakpoint') return hit;
      return isReached(target, moment) ?? hit;
    },
    stopsFor: (finding) => (isAssertion(finding) ? exceptions.assertions : exceptions.faults),
    standsAfterScan: false,
  };
}

/** Back to the last breakpoint that was passed. */
export function backwardSearch(breakpoints: Breakpoints): Search {
  return {
    begin: () => breakpoints.look(),
    at: (moment) => breakpoints.backward(moment),
    stopsFor: () => false,
    standsAfterScan: false,
  };
}

/** Back to the statement before, in this routine or in one that called it. */
export function previousStatement(from: Position, depth: number): Search {
  return {
    at: (moment) => (moment.depth <= (moment.scan === from.scan ? Math.max(1, depth) : 1) ? STEP : null),
    stopsFor: () => false,
    standsAfterScan: false,
  };
}

/** Back to the statement before, wherever it is. */
export const PREVIOUS_OF_ALL: Search = { at: () => STEP, stopsFor: () => false, standsAfterScan: false };
