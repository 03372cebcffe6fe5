/** Requests that evaluate, set, force and release. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Change } from '../../core/simulation/debug/debug-run.js';
import type { RunState } from '../../core/simulation/debug/run-state.js';
import { describeValue } from '../../core/simulation/values.js';
import { numberFormat } from './looking-handlers.js';
import { goToScan, powerCycle } from './moving-handlers.js';
import { type ReplCommand, readCommand } from './repl-commands.js';
import { type Answer, frameAt, type Handlers, levelOf, Refusal, type SessionContext } from './session-context.js';
import { withoutMark } from './variable-view.js';

interface ForceArguments {
  readonly expression: string;
  readonly value: string;
  readonly frameId?: number;
}

export function changingHandlers(context: SessionContext): Handlers {
  const changed = (change: Change): Answer => {
    if ('problem' in change) throw new Refusal(change.problem);
    return { body: { value: change.text }, afterwards: () => context.changed() };
  };
  return {
    evaluate: (args: DebugProtocol.EvaluateArguments) => evaluate(context, args),
    setVariable: ({ variablesReference, name, value }: DebugProtocol.SetVariableArguments) => {
      const { run, view } = context.standing();
      const child = view.child(variablesReference, name);
      if (child === null || child.slot.path === null) throw new Refusal(`${name} can't be set.`);
      return changed(run.set(child.slot.path, withoutMark(value), child.level));
    },
    setExpression: ({ expression, value, frameId }: DebugProtocol.SetExpressionArguments) =>
      changed(context.standing().run.set(expression, withoutMark(value), levelOf(frameId))),
    'plantwright.force': ({ expression, value, frameId }: ForceArguments) =>
      changed(context.running().run.force(expression, withoutMark(value), levelOf(frameId))),
    'plantwright.release': ({ expression, frameId }: ForceArguments) =>
      changed(context.running().run.release(expression, levelOf(frameId))),
    'plantwright.releaseAll': () => {
      context.running().run.releaseAll();
      return { afterwards: () => context.changed() };
    },
    'plantwright.state': () => ({ body: stateOf(context) }),
  };
}

/** Where the run is in virtual time, and what is forced. */
export function stateOf(context: SessionContext): RunState {
  const { engine, simulation } = context.running().run;
  return {
    scan: engine.exercise.unit === 'scan' ? engine.position.scan : null,
    timeNs: simulation.nowNs,
    isRunning: context.isMoving,
    forces: simulation.forces.map(({ tag, value }) => ({ name: tag.name, value: describeValue(value, tag.shape) })),
  };
}

function evaluate(
  context: SessionContext,
  { expression, frameId, context: place, format }: DebugProtocol.EvaluateArguments,
): Answer {
  const running = context.running();
  const level = context.isMoving ? null : levelOf(frameId);
  const command = place === 'repl' ? readCommand(expression) : null;
  if (command !== null) return carryOut(context, command, level);
  const found = running.run.expressions.evaluate(expression, frameAt(running, level));
  if (found.kind === 'problem') throw new Refusal(found.problem);
  const slot =
    found.kind === 'slot'
      ? found.slot
      : { name: expression, path: null, shape: found.shape, read: () => found.value, write: null };
  return { body: running.view.answer(slot, level, numberFormat(format)) };
}

function carryOut(context: SessionContext, command: ReplCommand, level: number | null): Answer {
  const { run } = context.running();
  const said = (text: string): Pick<Answer, 'body'> => ({ body: { result: text, variablesReference: 0 } });
  const changed = (change: Change): Answer => {
    if ('problem' in change) throw new Refusal(change.problem);
    return { ...said(change.text), afterwards: () => context.changed() };
  };
  switch (command.kind) {
    case 'problem':
      throw new Refusal(command.problem);
    case 'help':
      return said(command.text);
    case 'set':
      return changed(run.set(command.path, command.value, level));
    case 'force':
      return changed(run.force(command.path, command.value, level));
    case 'release':
      return changed(run.release(command.path, level));
    case 'scan':
      return { ...goToScan(context, command.scan), ...said(`scan ${command.scan}`) };
    case 'power':
      return { ...powerCycle(context, command.start), ...said(`power cycle (${command.start})`) };
  }
}
