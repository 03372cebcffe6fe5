/** Variables as they are written in a source: what an editor shows the value of, at the mouse or at the end of a line. */

import type { Project } from '../../language/semantics/model.js';
import type { Type } from '../../language/semantics/types.js';
import type { Expression, SourceFile } from '../../language/syntax/tree.js';
import { nodesAt, type SyntaxNode, walk } from '../../language/syntax/walk.js';

/** An expression that names a variable; lines and columns from 1. */
export interface WrittenVariable {
  readonly expression: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The variable at a place: in `motor.delay.Q` the mouse on `delay` means `motor.delay`. Null where none is named. */
export function variableAt(project: Project, file: SourceFile, line: number, column: number): WrittenVariable | null {
  const offset = project.lineTableOf(file).offsetAt(line, column);
  const path = nodesAt(file, offset);
  const identifier = path.at(-1);
  if (identifier?.kind !== 'Identifier') return null;
  const owner = path.at(-2);
  const node = owner !== undefined && isPathEndingIn(owner, identifier) ? owner : identifier;
  if (project.model.symbolOf(identifier)?.kind !== 'variable') return null;
  return written(project, file, node);
}

/** True for `a.b` with `b` as the identifier, and for a plain name. */
function isPathEndingIn(node: SyntaxNode, identifier: SyntaxNode): boolean {
  return (node.kind === 'Member' && node.member === identifier) || (node.kind === 'Name' && node.name === identifier);
}

/** The single values of statements in some lines, each as long as it is written, in order of the text. */
export function variablesIn(project: Project, file: SourceFile, fromLine: number, toLine: number): WrittenVariable[] {
  const table = project.lineTableOf(file);
  const start = table.offsetAt(fromLine, 1);
  const end = table.offsetAt(toLine + 1, 1);
  const found: WrittenVariable[] = [];
  walk(file, (node) => {
    if (node.end < start || node.start > end) return 'skip';
    if (!isPath(node)) return undefined;
    if (namesVariable(project, node)) found.push(written(project, file, node));
    // Inside of a path stand its parts; what its indices name is shown on its own.
    return 'skip';
  });
  return found.filter((each) => each.line >= fromLine && each.line <= toLine);
}

type Path = Extract<Expression, { kind: 'Name' | 'Member' | 'Index' }>;

function isPath(node: SyntaxNode): node is Path {
  return node.kind === 'Name' || node.kind === 'Member' || node.kind === 'Index';
}

const SINGLE_VALUES: ReadonlySet<Type['kind']> = new Set(['elementary', 'enum', 'subrange']);

/** A single value fits at the end of a line; a structure or an instance does not. */
function namesVariable(project: Project, path: Path): boolean {
  if (!SINGLE_VALUES.has(project.model.typeOf(path).kind)) return false;
  return path.kind === 'Index' || project.model.symbolOf(path)?.kind === 'variable';
}

function written(project: Project, file: SourceFile, node: SyntaxNode): WrittenVariable {
  const { line, column, endLine, endColumn } = project.lineTableOf(file).locate(file.path, node.start, node.end);
  return { expression: file.text.slice(node.start, node.end), line, column, endLine, endColumn };
}
