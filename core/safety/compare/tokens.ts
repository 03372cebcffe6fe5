/** Token equality: two files that differ in comments, spaces, line ends and the case of names only are the same code. */

import type { SourceFile } from '../../language/syntax/tree.js';

const TOKEN = /'(?:\$.|[^'$])*'|"(?:\$.|[^"$])*"|[\p{L}\p{N}_]+|[^\s]/gu;

/** The tokens of a file without comments, names and keywords in upper case, strings as written. */
export function tokensOf(file: SourceFile): string[] {
  return (withoutComments(file).match(TOKEN) ?? []).map((token) => (/^['"]/.test(token) ? token : token.toUpperCase()));
}

/** The text with each comment replaced by one space. */
function withoutComments(file: SourceFile): string {
  const parts: string[] = [];
  let from = 0;
  for (const comment of [...file.comments].sort((a, b) => a.start - b.start)) {
    if (comment.start < from) continue;
    parts.push(file.text.slice(from, comment.start), ' ');
    from = comment.end;
  }
  parts.push(file.text.slice(from));
  return parts.join('').replace(/^\uFEFF/, '');
}

export function areTokenEqual(before: SourceFile, after: SourceFile): boolean {
  if (before.text === after.text) return true;
  const left = tokensOf(before);
  const right = tokensOf(after);
  return left.length === right.length && left.every((token, position) => token === right[position]);
}
