import * as vscode from 'vscode';
import { memberOf } from '../../core/base/member.js';
import type { WrittenVariable } from '../../core/simulation/debug/source-expressions.js';
import { editorRange } from '../base/editor-range.js';
import { DEBUG_TYPE } from '../testing/debug-type.js';

/** Lines above the one where the program stands for which values are shown. */
const LINES_ABOVE = 200;

/** Says which expression the mouse is on; the debug adapter knows the source as a tree. */
export class VariableAtMouse implements vscode.EvaluatableExpressionProvider {
  async provideEvaluatableExpression(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.EvaluatableExpression | undefined> {
    const answer: unknown = await ask('plantwright.variableAt', {
      path: document.uri.fsPath,
      line: position.line + 1,
      column: position.character + 1,
    });
    const [variable] = variablesOf([memberOf(answer, 'variable')]);
    return variable === undefined
      ? undefined
      : new vscode.EvaluatableExpression(editorRange(variable), variable.expression);
  }
}

/** Values at the ends of the lines that lead to where the program stands. */
export class ValuesInLines implements vscode.InlineValuesProvider {
  async provideInlineValues(
    document: vscode.TextDocument,
    viewPort: vscode.Range,
    { stoppedLocation }: vscode.InlineValueContext,
  ): Promise<vscode.InlineValue[]> {
    const last = Math.min(viewPort.end.line, stoppedLocation.end.line);
    const first = Math.max(viewPort.start.line, last - LINES_ABOVE);
    if (last < first) return [];
    const answer: unknown = await ask('plantwright.variablesIn', {
      path: document.uri.fsPath,
      line: first + 1,
      endLine: last + 1,
    });
    const variables = memberOf(answer, 'variables');
    return (Array.isArray(variables) ? variablesOf(variables) : []).map(
      (each) => new vscode.InlineValueEvaluatableExpression(editorRange(each), each.expression),
    );
  }
}

/** Asks the adapter of the session in front; null when there is none, or when it does not know. */
async function ask(request: string, args: object): Promise<unknown> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== DEBUG_TYPE) return null;
  // An editor that asks while the session ends gets no value; there is nothing to tell anybody.
  return Promise.resolve(session.customRequest(request, args)).catch(() => null);
}

function variablesOf(values: readonly unknown[]): WrittenVariable[] {
  return values.filter(
    (each): each is WrittenVariable =>
      typeof memberOf(each, 'expression') === 'string' && typeof memberOf(each, 'line') === 'number',
  );
}
