/** Requests that move the program, forward and back. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BackwardStep, ForwardStep } from '../../core/simulation/debug/debug-run.js';
import type { PauseSwitch } from './run-mover.js';
import { type Answer, type Handlers, type MovingRequest, Refusal, type SessionContext } from './session-context.js';

export function movingHandlers(context: SessionContext, pause: PauseSwitch): Handlers {
  const forward = (step: ForwardStep, request: MovingRequest = 'known'): Answer => {
    const { run } = context.standing();
    return { afterwards: () => context.move((control) => run.forward(step, control), request) };
  };
  const backward = (step: BackwardStep, request: MovingRequest = 'known'): Answer => {
    const { run } = context.standing();
    return {
      afterwards: () => context.move((control) => ({ kind: 'stopped', stop: run.backward(step, control) }), request),
    };
  };
  return {
    continue: () => ({ ...forward('continue'), body: { allThreadsContinued: true } }),
    next: ({ granularity }: DebugProtocol.NextArguments) => forward(granularity === 'instruction' ? 'in' : 'over'),
    stepIn: () => forward('in'),
    stepOut: () => forward('out'),
    stepBack: ({ granularity }: DebugProtocol.StepBackArguments) =>
      backward(granularity === 'instruction' ? 'in' : 'over'),
    reverseContinue: () => backward('continue'),
    pause: () => {
      // While it moves the switch was turned on before this request came; what stands has nothing to pause.
      if (!context.isMoving) pause.clear();
      return {};
    },
    'plantwright.nextScan': () => forward('scan', 'own'),
    'plantwright.previousScan': () => backward('scan', 'own'),
    'plantwright.goToScan': ({ scan }: { readonly scan: unknown }) => goToScan(context, scan),
    'plantwright.powerCycle': ({ kind }: { readonly kind: unknown }) =>
      powerCycle(context, kind === 'warm' ? 'warm' : 'cold'),
  };
}

export function goToScan(context: SessionContext, scan: unknown): Answer {
  if (typeof scan !== 'number' || !Number.isInteger(scan) || scan < 0)
    throw new Refusal('A scan is a whole number from 0.');
  const { run } = context.standing();
  if (run.engine.exercise.unit === 'whole') throw new Refusal('A test has no scans: step through its time instead.');
  return { afterwards: () => context.move((control) => run.goToScan(scan, control), 'own') };
}

export function powerCycle(context: SessionContext, kind: 'cold' | 'warm'): Answer {
  const { run } = context.standing();
  if (run.engine.exercise.unit === 'whole') throw new Refusal('A test is no controller: it can not be switched off.');
  return { afterwards: () => context.move(() => ({ kind: 'stopped', stop: run.powerCycle(kind) }), 'own') };
}
