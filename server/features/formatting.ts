import type { FormattingOptions, TextEdit } from 'vscode-languageserver/node';
import { LineTable } from '../../core/base/line-table.js';
import { formatSource } from '../../core/formats/format-source.js';
import { DEFAULT_FORMAT } from '../../core/language/format/format.js';
import type { CheckedFile } from '../workspace/unit.js';
import { rangeOfSpan } from './text-range.js';

/** The edit that formats a file: only the part that changes, so that cursors and marks elsewhere stay. */
export function formattingEdits({ file }: CheckedFile, { insertSpaces, tabSize }: FormattingOptions): TextEdit[] {
  const options = { ...DEFAULT_FORMAT, indent: insertSpaces ? tabSize : ('tab' as const) };
  const formatted = formatSource(file.path, file.text, file.dialect, options);
  return formatted === file.text ? [] : [changedPart(file.text, formatted)];
}

function changedPart(before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const range = rangeOfSpan(new LineTable(before), { start, end: before.length - tail });
  return { range, newText: after.slice(start, after.length - tail) };
}
