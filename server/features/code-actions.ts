import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node';
import { fixesFor } from '../../core/language/fix/fixes.js';
import { safetyFixesFor } from '../../core/safety/fix/safety-fixes.js';
import type { CheckedFile } from '../workspace/unit.js';
import { offsetOfPosition, rangeOfSpan } from './text-range.js';

/** Quick fixes for the diagnostics that the client shows at a place. */
export function codeActions(
  { file, project }: CheckedFile,
  uri: string,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  const lines = project.lineTableOf(file);
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.source !== 'plantwright' || typeof diagnostic.code !== 'string') return [];
    const start = offsetOfPosition(lines, diagnostic.range.start);
    const end = offsetOfPosition(lines, diagnostic.range.end);
    const finding = { code: diagnostic.code, start, end };
    return [...fixesFor(project, file, finding), ...safetyFixesFor(project, file, finding)].map(
      ({ title, edits, isPreferred }): CodeAction => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred,
        edit: {
          changes: { [uri]: edits.map((edit) => ({ range: rangeOfSpan(lines, edit), newText: edit.text })) },
        },
      }),
    );
  });
}
