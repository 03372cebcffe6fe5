import type { Project } from '../semantics/model.js';
import type { SourceFile, Span, TextFix } from '../syntax/tree.js';
import { nodesAt, type SyntaxNode } from '../syntax/walk.js';

/** A way to mend what a diagnostic reports: edits of one file, and what they do in a few words. */
export interface Fix {
  /** As an order: "Change to 'speed'". */
  readonly title: string;
  readonly edits: readonly TextFix[];
  /** True for the fix that is most likely what was meant. */
  readonly isPreferred: boolean;
}

/** The place of a diagnostic. */
export interface FixPlace {
  readonly project: Project;
  readonly file: SourceFile;
  readonly span: Span;
  /** The nodes around the start of the place, from the file to the innermost. */
  readonly nodes: readonly SyntaxNode[];
}

/** Finds fixes for one kind of diagnostic; none where the code around it gives no hold. */
export type FixMaker = (place: FixPlace) => readonly Fix[];

export function placeOf(project: Project, file: SourceFile, span: Span): FixPlace {
  return { project, file, span, nodes: nodesAt(file, span.start) };
}

/** The innermost node of a kind around the place. */
export function innermost<Kind extends SyntaxNode['kind']>(
  { nodes }: FixPlace,
  kind: Kind,
): Extract<SyntaxNode, { kind: Kind }> | null {
  const found = nodes.findLast((node) => node.kind === kind);
  return (found as Extract<SyntaxNode, { kind: Kind }> | undefined) ?? null;
}

/** The node that fills the place, and the one around it. */
export function filling({ nodes, span }: FixPlace): { readonly node: SyntaxNode; readonly parent: SyntaxNode } | null {
  const at = nodes.findIndex((node) => node.start === span.start && node.end === span.end);
  const [node, parent] = [nodes[at], nodes[at - 1]];
  return node === undefined || parent === undefined ? null : { node, parent };
}

export function replace(title: string, span: Span, text: string): Fix {
  return { title, edits: [{ start: span.start, end: span.end, text }], isPreferred: true };
}

export function remove(title: string, { start, end }: Span): Fix {
  return replace(title, { start, end }, '');
}

/** The span with its whole lines when nothing else stands on them. */
export function wholeLines({ text }: SourceFile, { start, end }: Span): Span {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const before = text.slice(lineStart, start);
  const behind = text.slice(end, lineEnd < 0 ? text.length : lineEnd);
  const isAlone = before.trim() === '' && behind.trim() === '';
  return isAlone && lineEnd >= 0 ? { start: lineStart, end: lineEnd + 1 } : { start, end };
}
