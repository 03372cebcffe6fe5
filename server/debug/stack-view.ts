/** The stack as the protocol shows it: routines with their instances, and the task below them. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Frame } from '../../core/simulation/debug/probe.js';
import { instanceName } from '../../core/simulation/debug/scopes.js';
import { formatDuration } from '../../core/simulation/run-time/temporal.js';
import { type Running, type SessionContext, TASK_FRAME } from './session-context.js';

/** There is one controller, and it runs one thing at a time. */
export const THREAD = 1;

/** Innermost first. */
export function stackFrames(context: SessionContext): DebugProtocol.StackFrame[] {
  const running = context.running();
  const routines = running.run.engine.frames.map((frame, level) => routineFrame(context, running, frame, level));
  return [...routines.reverse(), taskFrame(context, running)];
}

function routineFrame(
  { lines }: SessionContext,
  { run, paths }: Running,
  frame: Frame,
  level: number,
): DebugProtocol.StackFrame {
  const statement = run.probe.table.statement(frame.site);
  const instance = instanceName(run, frame);
  const { name } = frame.routine;
  const isPlain = instance === '' || instance === name;
  const shown: DebugProtocol.StackFrame = {
    id: level + 1,
    name: isPlain ? name : `${name} (${instance})`,
    line: 0,
    column: 0,
  };
  if (statement === null) return shown;
  shown.source = paths.source(statement.file.path);
  shown.line = lines.toClient(statement.line);
  shown.column = lines.columnToClient(statement.column);
  // Without an end: an editor would select a whole IF or loop.
  return shown;
}

/** The task: below the routines, and alone between two scans, where a finding of the scan has a place to show. */
function taskFrame({ lines, standsAt }: SessionContext, { run, paths }: Running): DebugProtocol.StackFrame {
  const { engine, simulation } = run;
  const time = `T#${formatDuration(BigInt(Math.round(simulation.nowNs)))}`;
  const isOver = engine.position.statement === Number.POSITIVE_INFINITY;
  const scan = `${isOver ? 'after scan' : 'scan'} ${engine.position.scan}`;
  const at = engine.exercise.unit === 'scan' ? `${scan}, ${time}` : time;
  const frame: DebugProtocol.StackFrame = {
    id: TASK_FRAME,
    name: `${engine.exercise.name} [${at}]`,
    line: 0,
    column: 0,
  };
  if (engine.frames.length > 0) {
    frame.presentationHint = 'label';
    return frame;
  }
  if (standsAt?.reason.kind !== 'exception' || standsAt.reason.finding.file === '') return frame;
  const { file, line, column } = standsAt.reason.finding;
  frame.source = paths.source(file);
  frame.line = lines.toClient(line);
  frame.column = lines.columnToClient(column);
  return frame;
}
