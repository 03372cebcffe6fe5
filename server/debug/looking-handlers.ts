/** Requests that only look: threads, stack, scopes, variables, completions. */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Project } from '../../core/language/semantics/model.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import { scopesOf } from '../../core/simulation/debug/scopes.js';
import { variableAt, variablesIn } from '../../core/simulation/debug/source-expressions.js';
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
    'plantwright.variableAt': ({ path, line, column }: TextPlace) => {
      const found = fileOf(context, path);
      if (found === null) return { body: { variable: null } };
      return { body: { variable: variableAt(found.project, found.file, line, column) } };
    },
    'plantwright.variablesIn': ({ path, line, endLine }: TextLines) => {
      const found = fileOf(context, path);
      if (found === null) return { body: { variables: [] } };
      return { body: { variables: variablesIn(found.project, found.file, line, endLine) } };
    },
    completions: ({ text, column, frameId }: DebugProtocol.CompletionsArguments) => {
      const running = context.running();
      const frame = context.isMoving ? null : frameAt(running, levelOf(frameId));
      const labels = running.run.completions(text.slice(0, Math.max(0, column - 1)), frame);
      return { body: { targets: labels.map((label) => ({ label, type: 'variable' })) } };
    },
  };
}

/** Lines and columns of these requests count from 1, whatever the client said. */
interface TextPlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

interface TextLines {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
}

/** The tree of a file that has statements, with the project in which it was checked. */
function fileOf(
  context: SessionContext,
  path: string,
): { readonly project: Project; readonly file: SourceFile } | null {
  const { run, paths } = context.running();
  const relative = paths.relative(path);
  return run.probe.table.routines.find(({ file }) => file.path === relative) ?? null;
}

export function numberFormat(format: DebugProtocol.ValueFormat | undefined): 'plain' | 'hex' {
  return format?.hex === true ? 'hex' : 'plain';
}
