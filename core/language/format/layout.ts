import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import type { SourceKind } from '../syntax/keyword-table.js';
import { tokenize } from '../syntax/lexer.js';
import { Token } from '../syntax/token.js';
import type { Span } from '../syntax/tree.js';

/** One token, comment, pragma or stretch of free text. */
export interface Piece {
  readonly kind: 'token' | 'line-comment' | 'block-comment' | 'pragma' | 'free-text';
  /** Kind of the token; `Token.End` for the others. */
  readonly token: number;
  readonly start: number;
  readonly end: number;
}

/** The pieces of one line, and how many blank lines stood before it. */
export interface Line {
  readonly pieces: readonly Piece[];
  readonly blankLinesBefore: number;
}

/**
 * All pieces in the order of the text; the end is left out. Null when a comment runs out of a stretch of free text:
 * then it is not clear what is code.
 */
export function piecesOf(
  text: string,
  dialect: DialectId,
  source: SourceKind,
  freeText: readonly Span[],
): Piece[] | null {
  const stream = tokenize(text, 0, text.length, dialectOf(dialect), source);
  const stretches = freeText.map((span) => trimmed(text, span)).filter((span) => span.end > span.start);
  const stretchAt = (offset: number): Span | undefined =>
    stretches.find((stretch) => stretch.start <= offset && offset < stretch.end);
  const pieces: Piece[] = [];
  for (let index = 0; index < stream.count - 1; index++) {
    const start = stream.starts[index] ?? 0;
    if (stretches.length > 0 && stretchAt(start) !== undefined) continue;
    pieces.push({ kind: 'token', token: stream.kinds[index] ?? Token.End, start, end: stream.ends[index] ?? 0 });
  }
  for (const trivia of [...stream.comments, ...stream.pragmas]) {
    const { start, end } = trivia;
    const stretch = stretchAt(start);
    if (stretch !== undefined && end > stretch.end) return null;
    if (stretch !== undefined) continue;
    const kind = trivia.kind === 'Pragma' ? 'pragma' : trivia.style === 'line' ? 'line-comment' : 'block-comment';
    pieces.push({ kind, token: Token.End, start, end });
  }
  for (const { start, end } of stretches) pieces.push({ kind: 'free-text', token: Token.End, start, end });
  return pieces.sort((a, b) => a.start - b.start);
}

function trimmed(text: string, span: Span): Span {
  const content = text.slice(span.start, span.end);
  const start = span.start + (content.length - content.trimStart().length);
  return { start, end: start + content.trim().length };
}

/** The line break of the file: that of the first line outside of comments. */
export function lineBreakOf(text: string, pieces: readonly Piece[]): string {
  let previousEnd = 0;
  for (const piece of pieces) {
    const found = /\r\n|\r|\n/.exec(text.slice(previousEnd, piece.start));
    if (found !== null && piece.start > 0) return found[0];
    previousEnd = piece.end;
  }
  return /\r\n|\r|\n/.exec(text.slice(previousEnd))?.[0] ?? '\n';
}

/** Groups pieces by the line on which they start. A piece behind a comment of several lines is on that comment's line. */
export function linesOf(text: string, pieces: readonly Piece[]): Line[] {
  const lines: { pieces: Piece[]; blankLinesBefore: number }[] = [];
  let previousEnd = 0;
  for (const piece of pieces) {
    const breaks = countLineBreaks(text, previousEnd, piece.start);
    const current = lines[lines.length - 1];
    if (current === undefined || breaks > 0) {
      lines.push({ pieces: [piece], blankLinesBefore: Math.max(0, breaks - 1) });
    } else current.pieces.push(piece);
    previousEnd = piece.end;
  }
  return lines;
}

function countLineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count++;
  }
  return count;
}
