/**
 * Takes an edited text over into the tree of the text before: only the declarations that the edit touches are parsed
 * again. See docs/decisions/0004-incremental-reuse.md.
 *
 * The tree is changed in place: nodes that stay get new offsets and keep their identity, so that everything that is
 * keyed by node (types, symbols, reports) stays valid. Whoever holds the file from before the edit holds the file after.
 */

import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { alignDeclarations } from './align-declarations.js';
import { type Exchange, emptyExchange } from './exchange-bodies.js';
import { errorsInOrder, type Findings, isOpenEnded, noFindings } from './findings.js';
import { parseInStretches, sourceKindOf } from './parser.js';
import { parseDeclarations, type Stretch } from './source-file.js';
import { TokenCursor } from './token-cursor.js';
import type { Declaration, Pragma, SourceFile, Span } from './tree.js';
import { forEachChild, type SyntaxNode } from './walk.js';

/** A tree that follows the edits of its text. */
export interface EditableFile {
  readonly file: SourceFile;
  stretches: readonly Stretch[];
}

/** What an edit did to the tree. */
export interface FileEdit {
  readonly file: SourceFile;
  readonly exchange: Exchange;
}

export function openEditableFile(path: string, text: string, dialect: DialectId): EditableFile {
  const { file, stretches } = parseInStretches(path, text, dialect);
  return { file, stretches };
}

/** Gives the file a new text. The tree afterwards is equal to the one that `parseSourceFile` makes of the text. */
export function editFile(editable: EditableFile, text: string): FileEdit {
  const { file } = editable;
  if (text === file.text) return { file, exchange: emptyExchange() };
  const change = changeBetween(file.text, text);
  const part = parseChangedPart(editable, text, change);
  if (part === null) return parseAnew(editable, text);
  return splice(editable, text, change, part);
}

interface TextChange {
  /** Both texts are equal before `start`; `[start, oldEnd)` became `[start, newEnd)`. */
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
  readonly growth: number;
}

function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (oldEnd > start && newEnd > start && before.charCodeAt(oldEnd - 1) === after.charCodeAt(newEnd - 1)) {
    oldEnd--;
    newEnd--;
  }
  return { start, oldEnd, newEnd, growth: after.length - before.length };
}

/** Starts a free description, whose end the scanner looks for in the whole text. */
const DESCRIPTION_MARK = '(*@KEY@';

/** A part of the new text as parsed, and the stretches of the old text between which it belongs. */
interface ParsedPart {
  /** Stretches before this one stay. */
  readonly first: number;
  /** This stretch and those behind it stay, moved; equal to the number of stretches when none stays. */
  readonly next: number;
  readonly declarations: readonly Declaration[];
  readonly stretches: readonly Stretch[];
  readonly findings: Findings;
}

function parseChangedPart({ file, stretches }: EditableFile, text: string, change: TextChange): ParsedPart | null {
  if (stretches.length < 2 || text.includes(DESCRIPTION_MARK)) return null;
  const first = firstTouched(file, stretches, change.start);
  const behind = stretches.findIndex((one, position) => position > first && one.start >= change.oldEnd);
  if (behind < 0) return null;
  // The stretch behind the edit is parsed too: what stands there decides how the one before it ends.
  const until = stretches[behind + 1];
  const near = until === undefined ? null : parsePart(file, stretches, text, change, first, until.start);
  return near ?? (first === 0 && until !== undefined ? null : parsePart(file, stretches, text, change, first, null));
}

/** The first stretch that the parser may read differently now. */
function firstTouched(file: SourceFile, stretches: readonly Stretch[], start: number): number {
  const next = stretches.findIndex((one, position) => position > 0 && one.lookahead >= start);
  let first = (next < 0 ? stretches.length : next) - 1;
  // A parser that recovers from an error looks further ahead.
  while (first > 0 && hasErrorBetween(file, stretches[first - 1]?.start ?? 0, stretches[first]?.firstToken ?? 0))
    first--;
  return first;
}

function hasErrorBetween({ syntaxErrors }: SourceFile, start: number, end: number): boolean {
  return syntaxErrors.some((error) => error.start <= end && error.end >= start);
}

function parsePart(
  file: SourceFile,
  stretches: readonly Stretch[],
  text: string,
  change: TextChange,
  first: number,
  oldUntil: number | null,
): ParsedPart | null {
  const findings = noFindings();
  const start = first === 0 ? 0 : (stretches[first]?.start ?? 0);
  const end = oldUntil === null ? text.length : oldUntil + change.growth;
  const cursor = new TokenCursor(text, { start, end }, dialectOf(file.dialect), sourceKindOf(file.path), findings);
  const parsed: Stretch[] = [];
  const declarations = parseDeclarations(cursor, parsed);
  if (isOpenEnded(findings)) return null;
  const known = new Map(stretches.map((one, position) => [one.start + change.growth, position]));
  for (const [position, one] of parsed.entries()) {
    const next = known.get(one.start);
    const old = next === undefined ? undefined : stretches[next];
    if (position === 0 || next === undefined || old === undefined || old.start < change.oldEnd) continue;
    if (old.firstToken + change.growth !== one.firstToken) continue;
    return {
      first,
      next,
      declarations: declarations.slice(0, one.firstDeclaration),
      stretches: parsed.slice(0, position),
      findings,
    };
  }
  if (oldUntil !== null) return null;
  return { first, next: stretches.length, declarations, stretches: parsed, findings };
}

/** Parts of a file that the edit splits: what is before, what is new, and what is behind and moves. */
interface Cut {
  readonly before: number;
  /** In the text before the edit. */
  readonly behind: number;
  readonly growth: number;
}

function splice(editable: EditableFile, text: string, change: TextChange, part: ParsedPart): FileEdit {
  const { file, stretches } = editable;
  const { growth } = change;
  const before = part.first === 0 ? 0 : (stretches[part.first]?.start ?? 0);
  const cut: Cut = { before, behind: stretches[part.next]?.start ?? Number.POSITIVE_INFINITY, growth };
  if (namesMovedLines(file, text, change, cut)) return parseAnew(editable, text);
  const firstOld = stretches[part.first]?.firstDeclaration ?? 0;
  const nextOld = stretches[part.next]?.firstDeclaration ?? file.declarations.length;
  const replaced = file.declarations.slice(firstOld, nextOld);
  const staying = file.declarations.slice(nextOld);
  const exchange = emptyExchange();
  const aligned = alignDeclarations(replaced, part.declarations, exchange);
  const join = <T extends Span>(known: readonly T[], fresh: readonly T[]): (() => T[]) => {
    const place = listCut(known, cut);
    return () => joined(known, place, fresh, cut.behind + growth);
  };
  // Where the lists are cut is decided by the offsets from before the move.
  const joins = {
    comments: join(file.comments, part.findings.comments),
    pragmas: join(file.pragmas, part.findings.pragmas),
    syntaxErrors: join(file.syntaxErrors, errorsInOrder(part.findings)),
    unsupported: join(file.unsupportedBodies ?? [], part.findings.unsupported),
  };
  moveBehind(file, staying, cut);
  const countGrowth = part.declarations.length - replaced.length;
  const target = file as { -readonly [Key in keyof SourceFile]: SourceFile[Key] };
  target.declarations = [...file.declarations.slice(0, firstOld), ...aligned, ...staying];
  target.comments = joins.comments();
  target.pragmas = joins.pragmas();
  target.syntaxErrors = joins.syntaxErrors();
  const unsupported = joins.unsupported();
  if (unsupported.length > 0) target.unsupportedBodies = unsupported;
  else delete target.unsupportedBodies;
  target.text = text;
  target.end = text.length;
  editable.stretches = [
    ...stretches.slice(0, part.first),
    ...part.stretches.map((one) => ({ ...one, firstDeclaration: one.firstDeclaration + firstOld })),
    ...stretches.slice(part.next).map((one) => ({
      start: one.start + growth,
      firstToken: one.firstToken + growth,
      lookahead: one.lookahead + growth,
      firstDeclaration: one.firstDeclaration + countGrowth,
    })),
  ];
  return { file, exchange };
}

/** True when messages that stay name lines that are now others. */
function namesMovedLines(file: SourceFile, text: string, change: TextChange, cut: Cut): boolean {
  if (!file.syntaxErrors.some((error) => error.start >= cut.behind && / line \d/.test(error.message))) return false;
  const lines = (stretch: string): number => stretch.split(/\r\n|\r|\n/).length;
  const { start, oldEnd, newEnd } = change;
  return (
    lines(file.text.slice(Math.max(0, start - 1), oldEnd + 1)) !== lines(text.slice(Math.max(0, start - 1), newEnd + 1))
  );
}

type Movable = { -readonly [Key in keyof Span]: Span[Key] };

function moveBehind(file: SourceFile, declarations: readonly Declaration[], { behind, growth }: Cut): void {
  if (growth === 0) return;
  const moved = new Set<Span>();
  const move = (span: Span): void => {
    moved.add(span);
    const movable: Movable = span;
    movable.start += growth;
    movable.end += growth;
  };
  for (const list of [file.comments, file.pragmas, file.syntaxErrors, file.unsupportedBodies ?? []])
    for (const one of list) {
      if (one.start < behind) continue;
      move(one);
      // A syntax error tells where its mend goes.
      const { fix } = one as { readonly fix?: Span };
      if (fix !== undefined) move(fix);
    }
  const moveNode = (node: SyntaxNode): void => {
    const movable: Movable = node;
    movable.start += growth;
    movable.end += growth;
    if ('pragmas' in node) for (const pragma of node.pragmas as readonly Pragma[]) if (!moved.has(pragma)) move(pragma);
    forEachChild(node, moveNode);
  };
  for (const declaration of declarations) moveNode(declaration);
}

/** Of a list of the file: how many stand before the edit, and which one is the first behind it. */
interface ListCut {
  readonly before: number;
  readonly behind: number;
}

function listCut(list: readonly Span[], { before, behind }: Cut): ListCut {
  const firstIn = list.findIndex(({ start }) => start >= before);
  const firstBehind = list.findIndex(({ start }) => start >= behind);
  return { before: firstIn < 0 ? list.length : firstIn, behind: firstBehind < 0 ? list.length : firstBehind };
}

function joined<T extends Span>(known: readonly T[], cut: ListCut, fresh: readonly T[], newBehind: number): T[] {
  return [...known.slice(0, cut.before), ...fresh.filter(({ start }) => start < newBehind), ...known.slice(cut.behind)];
}

function parseAnew(editable: EditableFile, text: string): FileEdit {
  const { file } = editable;
  const { file: fresh, stretches } = parseInStretches(file.path, text, file.dialect);
  editable.stretches = stretches;
  return takeOverFile(file, fresh);
}

/**
 * Makes a file say what a fresh tree of its new text says; the nodes that read the same stay. For formats whose files
 * are read as a whole.
 */
export function takeOverFile(file: SourceFile, fresh: SourceFile): FileEdit {
  const exchange = emptyExchange();
  const declarations = alignDeclarations(file.declarations, fresh.declarations, exchange);
  for (const key of Object.keys(file)) if (!(key in fresh)) delete (file as unknown as Record<string, unknown>)[key];
  Object.assign(file, fresh, { declarations });
  return { file, exchange };
}
