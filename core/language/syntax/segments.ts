import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { isModifier } from './blocks.js';
import type { Findings } from './findings.js';
import { type MethodHead, type PropertyHead, parseMethodHead, parseModifiers, parsePropertyHead } from './members.js';
import { POU_FORMS, type PouHead, parseInterfaceHead, parsePouHead } from './pous.js';
import { parseSection, startsSection } from './sections.js';
import { parseDeclarations } from './source-file.js';
import { Token } from './token.js';
import { TokenCursor } from './token-cursor.js';
import type { Body, Declaration, InterfaceDeclaration, Modifiers, Pragma, Span, VariableSection } from './tree.js';
import { parseWholeBody } from './whole-body.js';

/**
 * Parts of a program as container files keep them: a declaration without its END, a body alone. All offsets are those
 * of the whole text, so nodes point into the container file. `text` may be a copy of the file in which markup is
 * blanked out, as long as every character keeps its offset.
 */
export interface SegmentSource {
  readonly text: string;
  readonly dialect: DialectId;
  /** Collects errors, comments and pragmas of all segments of the file. */
  readonly findings: Findings;
}

function cursorAt(source: SegmentSource, span: Span): TokenCursor {
  return new TokenCursor(source.text, span, dialectOf(source.dialect), 'program', source.findings);
}

function expectEnd(p: TokenCursor, what: string): void {
  if (p.kind === Token.End) return;
  p.report('PW1003', p, `Expected the end of ${what}, found ${p.describe()}.`);
}

function sectionsOf(p: TokenCursor): VariableSection[] {
  const sections: VariableSection[] = [];
  while (startsSection(p)) {
    sections.push(parseSection(p));
    p.accept(Token.Semicolon);
  }
  return sections;
}

export interface PouSegment extends PouHead {
  readonly kind: 'pou';
  readonly sections: readonly VariableSection[];
  readonly pragmas: readonly Pragma[];
}

export interface InterfaceSegment extends Pick<InterfaceDeclaration, 'name' | 'extends' | 'pragmas'> {
  readonly kind: 'interface';
}

/** `FUNCTION_BLOCK X EXTENDS Y VAR … END_VAR` without END_FUNCTION_BLOCK, or the head of an interface. Null when neither stands there. */
export function parsePouSegment(source: SegmentSource, span: Span): PouSegment | InterfaceSegment | null {
  const p = cursorAt(source, span);
  let distance = 0;
  while (isModifier(p.kindAt(distance))) distance++;
  if (p.kindAt(distance) === Token.INTERFACE) {
    const head = parseInterfaceHead(p);
    expectEnd(p, 'the declaration');
    return { kind: 'interface', ...head, pragmas: p.pragmasBefore(0) };
  }
  const form = POU_FORMS.get(p.kindAt(distance));
  if (form === undefined) {
    p.reportMissing('PW1003', 'PROGRAM, FUNCTION_BLOCK, FUNCTION or INTERFACE');
    return null;
  }
  const head = parsePouHead(p, form);
  const sections = sectionsOf(p);
  expectEnd(p, 'the declaration');
  return { kind: 'pou', ...head, sections, pragmas: p.pragmasBefore(0) };
}

export interface MethodSegment extends MethodHead {
  readonly sections: readonly VariableSection[];
  readonly pragmas: readonly Pragma[];
}

/** `METHOD Name : TYPE VAR … END_VAR` without END_METHOD; null when no METHOD stands there. */
export function parseMethodSegment(source: SegmentSource, span: Span): MethodSegment | null {
  const p = cursorAt(source, span);
  if (!startsWith(p, Token.METHOD)) return null;
  const head = parseMethodHead(p);
  const sections = sectionsOf(p);
  expectEnd(p, 'the declaration');
  return { ...head, sections, pragmas: p.pragmasBefore(0) };
}

/** `PROPERTY Name : TYPE` without END_PROPERTY; null when no PROPERTY stands there. */
export function parsePropertySegment(
  source: SegmentSource,
  span: Span,
): (PropertyHead & { readonly pragmas: readonly Pragma[] }) | null {
  const p = cursorAt(source, span);
  if (!startsWith(p, Token.PROPERTY)) return null;
  const head = parsePropertyHead(p);
  expectEnd(p, 'the declaration');
  return { ...head, pragmas: p.pragmasBefore(0) };
}

function startsWith(p: TokenCursor, keyword: typeof Token.METHOD | typeof Token.PROPERTY): boolean {
  let distance = 0;
  while (isModifier(p.kindAt(distance))) distance++;
  if (p.kindAt(distance) === keyword) return true;
  p.reportMissing('PW1003', keyword === Token.METHOD ? 'METHOD' : 'PROPERTY');
  return false;
}

/** The declaration part of a Get or Set: modifiers and sections. */
export function parseAccessorSegment(
  source: SegmentSource,
  span: Span,
): { modifiers: Modifiers; sections: readonly VariableSection[] } {
  const p = cursorAt(source, span);
  const modifiers = parseModifiers(p);
  const sections = sectionsOf(p);
  expectEnd(p, 'the declaration');
  return { modifiers, sections };
}

/** Statements alone, or SFC elements in text. `owner`: the POU or `Pou.Member` whose body it is. */
export function parseBodySegment(source: SegmentSource, span: Span, owner: string): Body {
  const p = cursorAt(source, span);
  p.owner = owner;
  return parseWholeBody(p, span.start);
}

/** Whole declarations: types, lists of global variables, complete POUs. */
export function parseDeclarationSegment(source: SegmentSource, span: Span): Declaration[] {
  return parseDeclarations(cursorAt(source, span));
}
