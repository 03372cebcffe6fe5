/** Requests that only look: threads, stack, scopes, variables, completions. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import { scopesOf } from '../../core/simulation/debug/scopes.js';
import { frameAt, type Handlers, levelOf, type SessionContext } from './session-context.js';
import { stackFrames, THREAD } from './stack-view.js';

/** Scopes that an editor knows how to show. */
const HINTS: Readonly<Record<string, string>> = { Locals: 'locals', Inputs: 'arguments' };

export function lookingHandlers(context: SessionContext): Handlers {
  return {
    threads: () => ({ body: { threads: [{ id: THREAD, name: context.running().run.engine.exercise.name }] } }),
    stackTrace: ({ startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments) => {
      const frames = context.isMoving ? [] : stackFrames(context);
      const end = levels === 0 ? frames.length : startFrame + levels;
      return { body: { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length } };
    },
    scopes: ({ frameId }: DebugProtocol.ScopesArguments) => {
      const running = context.standing();
      const level = levelOf(frameId);
      const scopes = scopesOf(running.run, frameAt(running, level)).map(({ name, entries }) => ({
        name,
        variablesReference: running.view.entries(entries, level),
        namedVariables: entries.length,
        expensive: false,
        ...(HINTS[name] === undefined ? {} : { presentationHint: HINTS[name] }),
      }));
      return { body: { scopes } };
    },
    variables: ({ variablesReference, start, count, filter, format }: DebugProtocol.VariablesArguments) => {
      const page = { start: start ?? 0, count: count ?? 0, filter: filter ?? null };
      const { view } = context.running();
      return { body: { variables: view.children(variablesReference, page, numberFormat(format)) } };
    },
    completions: ({ text, column, frameId }: DebugProtocol.CompletionsArguments) => {
      const running = context.running();
      const frame = context.isMoving ? null : frameAt(running, levelOf(frameId));
      const labels = running.run.completions(text.slice(0, Math.max(0, column - 1)), frame);
      return { body: { targets: labels.map((label) => ({ label, type: 'variable' })) } };
    },
  };
}

export function numberFormat(format: DebugProtocol.ValueFormat | undefined): 'plain' | 'hex' {
  return format?.hex === true ? 'hex' : 'plain';
}
