import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { isModifier } from './blocks.js';
import { parseValue } from './expressions.js';
import { errorsInOrder, type Findings, noFindings } from './findings.js';
import {
  type MethodHead,
  NO_MODIFIERS,
  type PropertyHead,
  parseMethodHead,
  parseModifiers,
  parsePropertyHead,
} from './members.js';
import { POU_FORMS, type PouHead, parseInterfaceHead, parsePouHead } from './pous.js';
import { parseSection, startsSection } from './sections.js';
import { parseDeclarations } from './source-file.js';
import { Token } from './token.js';
import { TokenCursor } from './token-cursor.js';
import type {
  Body,
  Declaration,
  Expression,
  InterfaceDeclaration,
  Modifiers,
  Pou,
  Pragma,
  SourceFile,
  Span,
  TypeNode,
  VariableSection,
} from './tree.js';
import { parseType } from './types.js';
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

/** A value such as the one that an attribute holds; null when it is none. What is wrong with it is not reported. */
export function parseValueSegment(source: SegmentSource, span: Span): Expression | null {
  const findings = noFindings();
  const p = cursorAt({ ...source, findings }, span);
  const value = parseValue(p);
  return p.kindAt(0) === Token.End && findings.errors.length === 0 ? value : null;
}

/** A type as written in the declaration of a variable. */
export function parseTypeSegment(source: SegmentSource, span: Span): TypeNode {
  const p = cursorAt(source, span);
  const type = parseType(p, 'variable');
  expectEnd(p, 'the type');
  return type;
}

/** What a stretch of program text in a container file is. */
export type SegmentKind = 'declarations' | 'pou' | 'method' | 'property' | 'accessor' | 'body';

/**
 * Parses a text that is one segment as a file of its own, for tools that work on text: the head and sections of a
 * method, property or accessor appear as those of a POU.
 */
export function parseSegmentText(
  kind: SegmentKind,
  text: string,
  dialect: DialectId,
): { file: SourceFile; freeText: readonly Span[] } {
  const source: SegmentSource = { text, dialect, findings: noFindings() };
  const declarations = declarationsOf(kind, source, { start: 0, end: text.length });
  const { comments, pragmas, freeText } = source.findings;
  const syntaxErrors = errorsInOrder(source.findings);
  const file: SourceFile = {
    kind: 'SourceFile',
    start: 0,
    end: text.length,
    path: '',
    text,
    dialect,
    declarations,
    comments,
    pragmas,
    syntaxErrors,
  };
  return { file, freeText };
}

function declarationsOf(kind: SegmentKind, source: SegmentSource, span: Span): Declaration[] {
  switch (kind) {
    case 'declarations':
      return parseDeclarationSegment(source, span);
    case 'pou': {
      const head = parsePouSegment(source, span);
      if (head === null) return [];
      if (head.kind === 'interface') return [{ ...head, kind: 'Interface', ...span, methods: [], properties: [] }];
      return [{ ...emptyPou(span), ...head, kind: 'Pou' }];
    }
    case 'method': {
      const head = parseMethodSegment(source, span);
      return head === null ? [] : [{ ...emptyPou(span), ...head }];
    }
    case 'property': {
      const head = parsePropertySegment(source, span);
      return head === null ? [] : [{ ...emptyPou(span), name: head.name, returnType: head.type }];
    }
    case 'accessor':
      return [{ ...emptyPou(span), sections: parseAccessorSegment(source, span).sections }];
    case 'body':
      return [{ ...emptyPou(span), body: parseBodySegment(source, span, '') }];
  }
}

function emptyPou(span: Span): Pou {
  const { start, end } = span;
  return {
    kind: 'Pou',
    start,
    end,
    pouKind: 'function-block',
    name: { kind: 'Identifier', start, end: start, name: '', quoting: 'none' },
    modifiers: NO_MODIFIERS,
    extends: [],
    implements: [],
    returnType: null,
    sections: [],
    methods: [],
    properties: [],
    actions: [],
    body: { kind: 'StatementList', start: end, end, statements: [] },
    pragmas: [],
    usings: [],
  };
}
