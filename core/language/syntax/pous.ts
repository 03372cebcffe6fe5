import { closeBlock, isClosingKeyword, openBlock, startsDeclaration, startsMember } from './blocks.js';
import { parseAccessPaths } from './configurations.js';
import { skipBlockHeader } from './data-blocks.js';
import { exactList } from './exact-list.js';
import { parseQualifiedName } from './expressions.js';
import { skipForeignBody, startsForeignBody } from './instruction-lists.js';
import { NO_MODIFIERS, parseMember, parseModifiers, parseOptionalReturnType } from './members.js';
import { lacksSectionKeyword } from './misspellings.js';
import { parseNetwork, startsNetwork } from './networks.js';
import { parseWordSection, startsWordSection } from './old-sections.js';
import { parseSection, parseSectionWithoutKeyword, startsSection } from './sections.js';
import { parseSfc, startsSfc } from './sfc.js';
import { parseStatements } from './statements.js';
import { keywordText, Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type {
  AccessPath,
  Action,
  Body,
  InterfaceDeclaration,
  Method,
  Modifiers,
  Pou,
  PouKind,
  Property,
  QualifiedName,
  SfcBody,
  Statement,
  StatementList,
  TypeNode,
  UsingDirective,
  VariableSection,
} from './tree.js';

interface PouForm {
  readonly pouKind: PouKind;
  readonly closing: number;
}

/** What a POU keyword declares and what ends it. */
export const POU_FORMS: ReadonlyMap<number, PouForm> = new Map<number, PouForm>([
  [Token.PROGRAM, { pouKind: 'program', closing: Token.END_PROGRAM }],
  [Token.FUNCTION, { pouKind: 'function', closing: Token.END_FUNCTION }],
  [Token.FUNCTION_BLOCK, { pouKind: 'function-block', closing: Token.END_FUNCTION_BLOCK }],
  [Token.CLASS, { pouKind: 'class', closing: Token.END_CLASS }],
  [Token.ORGANIZATION_BLOCK, { pouKind: 'organization-block', closing: Token.END_ORGANIZATION_BLOCK }],
]);

/** The head of a POU up to its first section. */
export interface PouHead {
  readonly pouKind: PouKind;
  readonly name: Pou['name'];
  readonly modifiers: Modifiers;
  readonly extends: readonly QualifiedName[];
  readonly implements: readonly QualifiedName[];
  readonly returnType: TypeNode | null;
}

export function parsePouHead(p: TokenCursor, form: PouForm): PouHead {
  const before = parseModifiers(p);
  if (POU_FORMS.get(p.kind) === form) p.advance();
  const modifiers = parseModifiers(p, before);
  if (modifiers !== NO_MODIFIERS) p.requireFeature('classes', p);
  const what = `the name of the ${keywordText(form.closing).slice('END_'.length)}`;
  const name = isNameOnNextLine(p) ? p.expectNameBefore(what) : p.expectName(what);
  const hasResult = form.pouKind === 'function' || p.kind === Token.Colon;
  const returnType = hasResult ? parseOptionalReturnType(p) : null;
  const bases: QualifiedName[] = [];
  const interfaces: QualifiedName[] = [];
  while ((p.kind === Token.EXTENDS || p.kind === Token.IMPLEMENTS) && p.isName(1)) {
    const list = p.kind === Token.EXTENDS ? bases : interfaces;
    p.requireFeature('classes', p);
    p.advance();
    do list.push(parseQualifiedName(p, 'the name of a base'));
    while (p.accept(Token.Comma));
  }
  if (form.pouKind !== 'organization-block' && form.pouKind !== 'class') p.accept(Token.Semicolon);
  return {
    pouKind: form.pouKind,
    name,
    modifiers,
    extends: exactList(bases),
    implements: exactList(interfaces),
    returnType,
  };
}

/** True when the next line is a statement: the name is missing, and the statement is not the name. */
function isNameOnNextLine(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  return p.isFirstOnLine && (next === Token.Assign || next === Token.Dot || next === Token.LeftParenthesis);
}

/** What stands between the head and the end of a POU. */
export interface PouContent {
  readonly sections: readonly VariableSection[];
  readonly methods: readonly Method[];
  readonly properties: readonly Property[];
  readonly actions: readonly Action[];
  readonly usings: readonly UsingDirective[];
  readonly accessPaths: readonly AccessPath[];
  readonly body: Body;
  readonly isDamaged?: true;
}

/** Sections, members and statements in any order, up to the end of the POU, which is not taken. */
function parsePouContent(p: TokenCursor): PouContent {
  const sections: VariableSection[] = [];
  const methods: Method[] = [];
  const properties: Property[] = [];
  const actions: Action[] = [];
  const usings: UsingDirective[] = [];
  const accessPaths: AccessPath[] = [];
  let statements: StatementList | null = null;
  let sfc: SfcBody | null = null;
  const bodyStart = p.previousEnd;
  let isDamaged = false;
  for (;;) {
    const { losses } = p;
    if (startsSection(p)) {
      sections.push(parseSection(p));
      isDamaged ||= p.losses > losses;
    } else if (lacksSectionKeyword(p)) {
      sections.push(parseSectionWithoutKeyword(p));
      isDamaged = true;
    } else if (startsWordSection(p)) {
      const section = parseWordSection(p);
      if (section !== null) sections.push(section);
    } else if (p.kind === Token.VAR_ACCESS) for (const path of parseAccessPaths(p)) accessPaths.push(path);
    else if (startsMember(p)) parseMember(p, methods, properties, actions);
    else if (startsSfc(p)) {
      const part = parseSfc(p);
      sfc = sfc === null ? part : joinSfc(sfc, part);
    } else if (p.kind === Token.USING && p.isName(1)) usings.push(parseUsing(p));
    else if (p.kind === Token.BEGIN && p.dialect.features.has('blocks')) p.advance();
    else if (startsDeclaration(p)) break;
    else if (startsNetwork(p)) {
      const part = parseNetwork(p);
      statements = statements === null ? part : joinStatements(statements, part);
    } else if (startsForeignBody(p)) {
      const part = skipForeignBody(p);
      statements = statements === null ? part : joinStatements(statements, part);
    } else {
      const part = parseStatements(p);
      if (part.statements.length === 0) break;
      statements = statements === null ? part : joinStatements(statements, part);
    }
  }
  return {
    sections: exactList(sections),
    methods: exactList(methods),
    properties: exactList(properties),
    actions: exactList(actions),
    usings: exactList(usings),
    accessPaths,
    body: bodyOf(p, sfc, statements, bodyStart),
    ...(isDamaged ? { isDamaged } : {}),
  };
}

function bodyOf(p: TokenCursor, sfc: SfcBody | null, statements: StatementList | null, bodyStart: number): Body {
  if (sfc === null) return statements ?? { kind: 'StatementList', start: bodyStart, end: bodyStart, statements: [] };
  const stray = statements?.statements[0];
  if (stray !== undefined)
    p.note('PW1003', stray, 'Expected a step, a transition or an action of the SFC, found a statement.');
  return sfc;
}

function joinStatements(a: StatementList, b: StatementList): StatementList {
  const statements: Statement[] = [...a.statements, ...b.statements];
  return { kind: 'StatementList', start: a.start, end: b.end, statements };
}

function joinSfc(a: SfcBody, b: SfcBody): SfcBody {
  return {
    kind: 'SfcBody',
    start: a.start,
    end: b.end,
    steps: [...a.steps, ...b.steps],
    transitions: [...a.transitions, ...b.transitions],
    actions: [...a.actions, ...b.actions],
  };
}

/** PROGRAM, FUNCTION, FUNCTION_BLOCK, CLASS, ORGANIZATION_BLOCK with everything up to its END. */
export function parsePou(p: TokenCursor, form: PouForm): Pou {
  const { start } = p;
  const firstToken = p.index;
  openBlock(p, form.closing);
  const head = parsePouHead(p, form);
  p.owner = head.name.name;
  const hasBlockHeader = p.dialect.features.has('blocks');
  if (hasBlockHeader) skipBlockHeader(p);
  const pragmas = p.pragmasBefore(firstToken, hasBlockHeader ? p.index : firstToken);
  const { accessPaths, ...content } = parsePouContent(p);
  p.owner = '';
  closeBlock(p, form.closing, keywordText(form.closing).slice('END_'.length), start);
  p.accept(Token.Semicolon);
  return {
    kind: 'Pou',
    start,
    end: p.endFrom(start),
    ...head,
    ...content,
    ...(accessPaths.length === 0 ? {} : { accessPaths }),
    pragmas,
  };
}

export function parseUsing(p: TokenCursor): UsingDirective {
  const { start } = p;
  p.requireFeature('namespaces', p);
  p.advance();
  const names = [parseQualifiedName(p, 'the name of a namespace')];
  while (p.accept(Token.Comma)) names.push(parseQualifiedName(p, 'the name of a namespace'));
  p.expect(Token.Semicolon, 'PW1005', "';' after USING");
  return { kind: 'Using', start, end: p.endFrom(start), names };
}

// ---------------------------------------------------------------------------------------------- interfaces

export function parseInterfaceHead(p: TokenCursor): Pick<InterfaceDeclaration, 'name' | 'extends'> {
  parseModifiers(p);
  p.requireFeature('classes', p);
  p.advance();
  parseModifiers(p);
  const name = p.expectName('the name of the interface');
  const bases: QualifiedName[] = [];
  if (p.accept(Token.EXTENDS)) {
    do bases.push(parseQualifiedName(p, 'the name of an interface'));
    while (p.accept(Token.Comma));
  }
  p.accept(Token.Semicolon);
  return { name, extends: bases };
}

/** An interface holds prototypes only; anything else is skipped up to the next of them. */
function skipInInterface(p: TokenCursor): void {
  p.reportMissing('PW1003', 'METHOD, PROPERTY or END_INTERFACE');
  do p.advance();
  while (
    p.kind !== Token.End &&
    !isClosingKeyword(p.kind) &&
    !startsMember(p) &&
    !(p.isFirstOnLine && startsDeclaration(p))
  );
}

export function parseInterface(p: TokenCursor): InterfaceDeclaration {
  const { start } = p;
  const firstToken = p.index;
  openBlock(p, Token.END_INTERFACE);
  const head = parseInterfaceHead(p);
  const pragmas = p.pragmasBefore(firstToken);
  const methods: Method[] = [];
  const properties: Property[] = [];
  while (p.kind !== Token.END_INTERFACE && p.kind !== Token.End) {
    if (startsMember(p)) parseMember(p, methods, properties, []);
    else if (isClosingKeyword(p.kind) || (p.isFirstOnLine && startsDeclaration(p))) break;
    else skipInInterface(p);
  }
  closeBlock(p, Token.END_INTERFACE, 'INTERFACE', start);
  p.accept(Token.Semicolon);
  return { kind: 'Interface', start, end: p.endFrom(start), ...head, methods, properties, pragmas };
}
