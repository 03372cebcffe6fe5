/** What the tests of the debugger share: ST with marks to a run that stands where the marks say. */

import type { DialectId } from '../../language/dialects/dialect-id.js';
import { createSimulation } from '../simulation.js';
import { projectOf } from '../test-support.js';
import type { Progress, RunControl, Stop } from './debug-engine.js';
import { DebugRun } from './debug-run.js';
import { programExercise } from './exercise.js';
import { Probe } from './probe.js';

/** Runs to the end: nobody pauses, no slice is over. */
export const UNBROKEN: RunControl = { isPaused: () => false, isSliceOver: () => false };

export interface DebuggedProgram {
  readonly run: DebugRun;
  /** Messages of breakpoints, in order. */
  readonly log: readonly string[];
}

/** Compiles ST for debugging. Errors of the language fail the test. */
export function debugProgram(
  text: string,
  dialect: DialectId = 'codesys',
  scanLimit: number | null = null,
): DebuggedProgram {
  const project = projectOf(text, dialect);
  const errors = project.findings.filter((each) => each.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((each) => `${each.line}: ${each.message}`).join('\n'));
  const probe = new Probe(project);
  const created = createSimulation(project, { debugger: probe });
  if ('findings' in created) throw new Error(created.findings.map((each) => each.message).join('\n'));
  const log: string[] = [];
  const run = new DebugRun(programExercise(created.simulation, 'Main', scanLimit), probe, (message) =>
    log.push(message),
  );
  run.restart();
  return { run, log };
}

/** Sets a breakpoint on each line that ends in the comment `(*n*)`, with n as its id. */
export function breakAtMarks(run: DebugRun, text: string): void {
  const breakpoints = text.split('\n').flatMap((line, index) => {
    const mark = /\(\*(\d+)\*\)\s*$/.exec(line);
    if (mark === null) return [];
    const statement = run.probe.table.statementAt('main.st', index + 1);
    if (statement === null) throw new Error(`line ${index + 1} has no statement`);
    return [{ id: Number(mark[1]), site: statement.site, condition: null, hits: null, message: null }];
  });
  run.breakpoints.set('main.st', breakpoints);
}

/** The stop that a run has come to; anything else fails the test. */
export function stopOf(progress: Progress): Stop {
  if (progress.kind !== 'stopped') throw new Error(`the run is ${progress.kind}`);
  return progress.stop;
}

/** `12`: the line of the statement that is next; `end`: the scan is over. */
export function lineOf(run: DebugRun): number | 'end' {
  const frame = run.engine.frames.at(-1);
  return frame === undefined ? 'end' : (run.probe.table.statement(frame.site)?.line ?? 'end');
}

/** The value of an expression in the innermost frame, as it is shown. */
export function shown(run: DebugRun, expression: string): string {
  const found = run.expressions.evaluate(expression, run.engine.frames.at(-1) ?? null);
  const globals = run.simulation.roots['G'] ?? {};
  if (found.kind === 'problem') return `problem: ${found.problem}`;
  if (found.kind === 'slot') return run.tree.describe(found.slot, globals);
  return run.tree.describe({ name: '', path: null, shape: found.shape, read: () => found.value, write: null }, globals);
}
