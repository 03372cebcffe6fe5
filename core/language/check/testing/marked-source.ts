/**
 * Test sources that carry their expectations. A comment line below a statement marks what is reported in it:
 *
 *     speed := 'fast';
 *     //       ^^^^^^ PW3001
 *
 * The carets stand under the place; the code follows. Several marks may stand below each other.
 */

import type { DialectId } from '../../dialects/dialect-id.js';
import type { Project } from '../../semantics/model.js';
import { buildProject } from '../../semantics/project.js';
import { parseSourceFile } from '../../syntax/parser.js';

/** A program with its marks. */
export interface CheckCase {
  readonly name: string;
  readonly dialect: DialectId;
  readonly text: string;
}

const MARK = /^(\s*\/\/\s*)(\^+)\s+(PW\d{4})\s*$/;

/** `line:column code`, for each mark of the text. */
export function marksOf(text: string): string[] {
  const marks: string[] = [];
  let target = 0;
  text.split('\n').forEach((line, index) => {
    const mark = MARK.exec(line);
    if (mark === null) target = index + 1;
    else marks.push(`${target}:${(mark[1] ?? '').length + 1} ${mark[3]}`);
  });
  return marks.sort();
}

/** `line:column code`, for each finding of the project in a file. */
export function foundIn(project: Project, path: string): string[] {
  return project.findings
    .filter((finding) => finding.file === path)
    .map((finding) => `${finding.line}:${finding.column} ${finding.code}`)
    .sort();
}

/** A project of texts by path. */
export function projectOf(
  files: Readonly<Record<string, string>>,
  dialect: DialectId,
  entry: string | null = null,
): Project {
  const sources = Object.entries(files).map(([path, text]) => parseSourceFile(path, text, dialect));
  return buildProject({ files: sources, dialect, entry, cycle: 10_000_000n });
}
