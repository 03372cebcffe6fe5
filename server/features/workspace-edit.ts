import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { decodeText } from '../../core/base/decode.js';
import { LineTable } from '../../core/base/line-table.js';
import type { Unit } from '../workspace/unit.js';
import type { UriOfFile } from './navigation.js';
import type { TextReplacement } from './rename.js';
import { rangeOfSpan } from './text-range.js';

/** Replacements in files of a unit as the protocol wants them. */
export function workspaceEdit(unit: Unit, edits: readonly TextReplacement[], uriOf: UriOfFile): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  const snapshot = unit.snapshot();
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const bytes = snapshot.get(path);
    if (bytes === undefined) continue;
    const lines = new LineTable(decodeText(bytes).text);
    changes[uriOf(path)] = edits
      .filter((edit) => edit.path === path)
      .map(({ start, end, text }) => ({ range: rangeOfSpan(lines, { start, end }), newText: text }));
  }
  return { changes };
}
