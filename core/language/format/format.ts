import type { DialectId } from '../dialects/dialect-id.js';
import type { SourceKind } from '../syntax/keyword-table.js';
import { parseWithFreeText, sourceKindOf } from '../syntax/parser.js';
import { parseSegmentText, type SegmentKind } from '../syntax/segments.js';
import { FIRST_KEYWORD, Token } from '../syntax/token.js';
import type { SourceFile, Span } from '../syntax/tree.js';
import { walk } from '../syntax/walk.js';
import { alignDeclarations, type DeclarationParts } from './alignment.js';
import { depthsOf, type PouContentStyle } from './indentation.js';
import { type Line, lineBreakOf, linesOf, type Piece, piecesOf } from './layout.js';
import { needsBlank, type SpacingFacts } from './spacing.js';

export interface FormatOptions {
  /** One level of indentation: that many blanks, or a tab. */
  readonly indent: number | 'tab';
  readonly keywordCase: 'upper' | 'lower' | 'keep';
  /** Names, types, initial values and comments of neighbouring declarations in columns. */
  readonly declarations: 'align' | 'plain';
  readonly pouContent: PouContentStyle;
  /** How many blank lines in a row are kept. */
  readonly maximumBlankLines: number;
}

export const DEFAULT_FORMAT: FormatOptions = {
  indent: 2,
  keywordCase: 'upper',
  declarations: 'align',
  pouContent: 'flush',
  maximumBlankLines: 1,
};

/**
 * Formats a text of declarations and statements. Line breaks stay where the author put them; indentation, blanks
 * between tokens, runs of blank lines and the case of keywords change, and declarations are aligned. The tokens and
 * comments stay what they are, and formatting twice changes nothing. A text with syntax errors is returned as it is.
 *
 * @param path tells test files from others, as for the parser
 */
export function formatText(
  text: string,
  dialect: DialectId,
  options: FormatOptions = DEFAULT_FORMAT,
  path = 'untitled.st',
): string {
  return formatParsed(text, (current) => parseWithFreeText(path, current, dialect), sourceKindOf(path), options);
}

/** Formats a part of a program that a container file keeps: a declaration without its END, or a body. */
export function formatSegment(
  kind: SegmentKind,
  text: string,
  dialect: DialectId,
  options: FormatOptions = DEFAULT_FORMAT,
): string {
  return formatParsed(text, (current) => parseSegmentText(kind, current, dialect), 'program', options);
}

type Parse = (text: string) => { readonly file: SourceFile; readonly freeText: readonly Span[] };

function formatParsed(text: string, parse: Parse, source: SourceKind, options: FormatOptions): string {
  const { file, freeText } = parse(text);
  if (file.syntaxErrors.length > 0) return text;
  const pieces = piecesOf(text, file.dialect, source, freeText);
  if (pieces === null) return text;
  const formatted = layOut(file, pieces, options);
  const after = piecesOf(formatted, file.dialect, source, parse(formatted).freeText);
  return after !== null && isSameProgram(text, pieces, formatted, after) ? formatted : text;
}

function layOut(file: SourceFile, pieces: readonly Piece[], options: FormatOptions): string {
  const { text } = file;
  const lineBreak = lineBreakOf(text, pieces);
  const facts = factsOf(file, pieces);
  const depthAt = depthsOf(file, pieces, options.pouContent);
  const lines = linesOf(text, pieces);
  const contents = lines.map((line) => ({ line, text: joinPieces(line, text, facts, options) }));
  const aligned =
    options.declarations === 'align'
      ? alignDeclarations(
          contents.map(({ line, text: joined }) => declarationParts(line, joined, facts, text, options)),
        )
      : contents.map((content) => content.text);
  let result = '';
  lines.forEach((line, index) => {
    const first = line.pieces[0];
    if (first === undefined) return;
    const blank = index === 0 ? 0 : Math.min(line.blankLinesBefore, options.maximumBlankLines);
    const isClosing = first.token === Token.RightParenthesis || first.token === Token.RightBracket;
    const depth = Math.max(0, depthAt(first.start) - (isClosing && !startsOutside(depthAt, first) ? 1 : 0));
    const indentation = options.indent === 'tab' ? '\t'.repeat(depth) : ' '.repeat(depth * options.indent);
    result += `${lineBreak.repeat(blank)}${indentation}${aligned[index] ?? ''}${lineBreak}`;
  });
  return result;
}

/** True when the depth ends right before a closing bracket, as it does for the list of an enumeration. */
function startsOutside(depthAt: (offset: number) => number, piece: Piece): boolean {
  return depthAt(piece.start) < depthAt(piece.start - 1);
}

function factsOf(file: SourceFile, pieces: readonly Piece[]): SpacingFacts {
  const names = new Set<number>();
  const labelEnds = new Set<number>();
  const signs = new Set<number>();
  walk(file, (node) => {
    switch (node.kind) {
      case 'Identifier':
        if (node.end > node.start) names.add(node.start);
        break;
      case 'CaseBranch':
        labelEnds.add(node.labels[node.labels.length - 1]?.end ?? -1);
        break;
      case 'Label':
      case 'SfcStep':
      case 'Action':
        labelEnds.add(node.name.end);
        break;
      case 'Case':
        if (node.otherwise !== null) labelEnds.add(-1);
        break;
      case 'Unary':
        if (node.operator !== 'NOT') signs.add(node.start);
        break;
    }
    return undefined;
  });
  const tightColons = new Set<number>();
  let previous: Piece | undefined;
  for (const piece of pieces) {
    if (piece.kind !== 'token') continue;
    if (piece.token === Token.Colon && previous !== undefined) {
      if (labelEnds.has(previous.end) || previous.token === Token.ELSE) tightColons.add(piece.start);
    }
    previous = piece;
  }
  return { names, tightColons, signs };
}

function joinPieces(line: Line, text: string, facts: SpacingFacts, options: FormatOptions): string {
  let result = '';
  line.pieces.forEach((piece, index) => {
    const left = line.pieces[index - 1];
    if (left !== undefined && needsBlank(left, piece, line.pieces[index - 2], text, facts)) result += ' ';
    result += pieceText(piece, text, facts, options);
  });
  return result;
}

function pieceText(piece: Piece, text: string, facts: SpacingFacts, options: FormatOptions): string {
  const written = text.slice(piece.start, piece.end);
  if (piece.kind === 'line-comment') return written.trimEnd();
  if (piece.kind !== 'token' || piece.token < FIRST_KEYWORD || facts.names.has(piece.start)) return written;
  if (options.keywordCase === 'keep') return written;
  return options.keywordCase === 'upper' ? written.toUpperCase() : written.toLowerCase();
}

/** Splits the text of a line that is one declaration at its columns; a line that is something else is one part. */
function declarationParts(
  line: Line,
  joined: string,
  facts: SpacingFacts,
  text: string,
  options: FormatOptions,
): DeclarationParts {
  const other: DeclarationParts = { kind: 'other', text: joined };
  const tokens = line.pieces.filter((piece) => piece.kind === 'token');
  const first = line.pieces[0];
  const colon = tokens.findIndex((piece) => piece.token === Token.Colon);
  const last = tokens[tokens.length - 1];
  const isWhole =
    last?.token === Token.Semicolon && tokens.filter((piece) => piece.token === Token.Semicolon).length === 1;
  if (first?.kind !== 'token' || colon <= 0 || !isWhole) return other;
  const colonPiece = tokens[colon];
  if (
    colonPiece === undefined ||
    facts.tightColons.has(colonPiece.start) ||
    !tokens.slice(0, colon).every((piece) => isDeclared(piece, facts))
  )
    return other;
  const part = (pieces: readonly Piece[]): string => joinPieces({ pieces, blankLinesBefore: 0 }, text, facts, options);
  const at = line.pieces.indexOf(colonPiece);
  const end = line.pieces.indexOf(last);
  const behind = line.pieces.slice(end + 1);
  if (line.pieces.slice(0, end).some((piece) => piece.kind === 'line-comment')) return other;
  const assign = outerAssignment(line.pieces, at);
  const hasValue = assign >= 0 && assign < end;
  return {
    kind: 'declaration',
    startsGroup: Math.min(line.blankLinesBefore, options.maximumBlankLines) > 0,
    name: part(line.pieces.slice(0, at)),
    type: part(line.pieces.slice(at, hasValue ? assign : end + 1)),
    value: hasValue ? part(line.pieces.slice(assign, end + 1)) : null,
    comment: behind.length === 0 ? null : part(behind),
  };
}

/** Index of the `:=` behind a colon that is not in parentheses or brackets; -1 without one. */
function outerAssignment(pieces: readonly Piece[], colon: number): number {
  let depth = 0;
  for (let index = colon + 1; index < pieces.length; index++) {
    const token = pieces[index]?.token;
    if (token === Token.LeftParenthesis || token === Token.LeftBracket) depth++;
    else if (token === Token.RightParenthesis || token === Token.RightBracket) depth--;
    else if (token === Token.Assign && depth === 0) return index;
  }
  return -1;
}

/** Names, commas and addresses: what can stand before the colon of a declaration. */
function isDeclared(piece: Piece, facts: SpacingFacts): boolean {
  return (
    facts.names.has(piece.start) ||
    piece.token === Token.Comma ||
    piece.token === Token.AT ||
    piece.token === Token.DirectAddress
  );
}

/** The formatted text has the same tokens, comments and pragmas: only blanks and the case of keywords differ. */
function isSameProgram(text: string, pieces: readonly Piece[], formatted: string, after: readonly Piece[]): boolean {
  if (after.length !== pieces.length) return false;
  return pieces.every((piece, index) => {
    const other = after[index];
    if (other === undefined || other.kind !== piece.kind || other.token !== piece.token) return false;
    const before = text.slice(piece.start, piece.end);
    const now = formatted.slice(other.start, other.end);
    if (piece.kind === 'line-comment') return before.trimEnd() === now;
    return piece.token >= FIRST_KEYWORD ? before.toUpperCase() === now.toUpperCase() : before === now;
  });
}
