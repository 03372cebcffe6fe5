import { closeBlock, isClosingKeyword, isModifier, openBlock, startsDeclaration } from './blocks.js';
import { parseConfiguration, parseExportedResource, parseLooseInstanceInitializers } from './configurations.js';
import { parseDataBlock, skipBlockHeader } from './data-blocks.js';
import { parseExpression, parseQualifiedName, parseValue } from './expressions.js';
import { skipExportSection } from './instruction-lists.js';
import { parseModifiers } from './members.js';
import {
  lacksStructKeyword,
  lacksTypeKeyword,
  missingPouKeyword,
  readAsDeclarationKeyword,
  readAsStructKeyword,
} from './misspellings.js';
import { POU_FORMS, parseInterface, parsePou, parseUsing } from './pous.js';
import { parseSection, startsSection } from './sections.js';
import { parseAction } from './sfc.js';
import { parseTestBlock, startsTestFile } from './test-blocks.js';
import { Token } from './token.js';
import { MAXIMUM_NESTING, type TokenCursor } from './token-cursor.js';
import type {
  Declaration,
  GlobalVariableList,
  NamespaceDeclaration,
  Pragma,
  QualifiedName,
  TypeDeclaration,
  TypeNode,
  VariableSection,
} from './tree.js';
import { endDeclaration, parseStruct, parseType, skipStrayWord, startsTypeOnLine, structFrom } from './types.js';

/** A stretch of a file from which the parser can start anew: whole declarations. It reaches to the next stretch. */
export interface Stretch {
  /** End of the token before it: comments and pragmas in front of the first token belong to the stretch. */
  readonly start: number;
  readonly firstToken: number;
  /** How far the parser looks when it is still in the stretch before. */
  readonly lookahead: number;
  /** Index of its first declaration. */
  readonly firstDeclaration: number;
}

/** How many tokens behind the end of a declaration decide how it is read. */
const LOOKAHEAD = 3;

/** Everything that can stand in a file, up to its end. `stretches` receives the places from which a parse can restart. */
export function parseDeclarations(p: TokenCursor, stretches: Stretch[] = []): Declaration[] {
  const declarations: Declaration[] = [];
  while (p.kind !== Token.End) {
    const before = p.index;
    const firstDeclaration = declarations.length;
    const stretch = p.isRestartPoint
      ? { start: p.previousEnd, firstToken: p.start, lookahead: p.endAt(LOOKAHEAD), firstDeclaration }
      : null;
    parseDeclaration(p, declarations);
    if (p.index === before && !skipExportSection(p) && !readAsDeclarationKeyword(p)) {
      if (!parseWithoutKeyword(p, declarations)) skipStrayTokens(p);
    }
    // What declares nothing of its own (a stray word, an action behind its POU) belongs to the stretch before.
    if (stretch !== null && (before === 0 || declarations.length > firstDeclaration)) stretches.push(stretch);
  }
  return declarations;
}

/** Reads the declaration that starts here and adds it; takes nothing when none starts here. */
function parseDeclaration(p: TokenCursor, into: Declaration[]): void {
  if (p.source === 'test' && startsTestFile(p)) {
    into.push(parseTestBlock(p));
    return;
  }
  let distance = 0;
  while (isModifier(p.kindAt(distance))) distance++;
  const kind = p.kindAt(distance);
  const form = POU_FORMS.get(kind);
  if (form !== undefined && (kind !== Token.CLASS || p.isName(distance + 1))) {
    into.push(parsePou(p, form));
    return;
  }
  switch (kind) {
    case Token.TYPE:
      for (const declaration of parseTypeBlock(p)) into.push(declaration);
      return;
    case Token.VAR_GLOBAL:
      into.push(parseGlobalVariables(p));
      return;
    case Token.VAR_CONFIG:
      into.push(parseLooseInstanceInitializers(p));
      return;
    case Token.CONFIGURATION:
      into.push(parseConfiguration(p));
      return;
    case Token.RESOURCE:
      if (p.isFirstOnLine && (p.kindAt(1) === Token.TASK || p.isFirstOnLineAt(1))) into.push(parseExportedResource(p));
      return;
    case Token.DATA_BLOCK:
      into.push(parseDataBlock(p));
      return;
    case Token.INTERFACE:
      if (p.isName(distance + 1)) into.push(parseInterface(p));
      return;
    case Token.NAMESPACE:
      if (p.isName(distance + 1)) into.push(parseNamespace(p));
      return;
    case Token.USING:
      if (p.isName(1)) into.push(parseUsing(p));
      return;
    case Token.ACTION:
      if (p.isName(1)) addAction(p, into);
  }
}

/** CODESYS 2.3 writes the actions of a POU behind its end. */
function addAction(p: TokenCursor, into: Declaration[]): void {
  const { start } = p;
  const action = parseAction(p);
  const owner = into[into.length - 1];
  if (owner?.kind !== 'Pou') {
    p.note(
      'PW1017',
      { start, end: action.name.end },
      `The action '${action.name.name}' belongs to no POU. Move it into a PROGRAM or FUNCTION_BLOCK.`,
    );
    return;
  }
  into[into.length - 1] = { ...owner, actions: [...owner.actions, action], end: action.end };
}

/** A declaration whose first keyword is missing, which was reported; false when none starts here. */
function parseWithoutKeyword(p: TokenCursor, into: Declaration[]): boolean {
  if (lacksTypeKeyword(p)) {
    for (const declaration of parseOpenTypeBlock(p, p.start, p.index)) into.push(declaration);
    return true;
  }
  const form = POU_FORMS.get(missingPouKeyword(p) ?? Token.End);
  if (form === undefined) return false;
  into.push(parsePou(p, form));
  return true;
}

/** One error for everything up to the next declaration. */
function skipStrayTokens(p: TokenCursor): void {
  const { start } = p;
  const found = p.describe();
  const isClosing = isClosingKeyword(p.kind);
  if (p.accept(Token.Semicolon)) return;
  const firstEnd = p.end;
  if (p.kind === Token.Unknown) p.reportMissing('PW1009', '');
  else if (isClosing) p.report('PW1015', p, `${found} closes nothing: no block that it ends is open here. Remove it.`);
  else
    p.report(
      'PW1017',
      { start, end: firstEnd },
      `Expected a declaration such as PROGRAM, FUNCTION_BLOCK, FUNCTION or TYPE, found ${found}.`,
    );
  do p.advance();
  while (p.kind !== Token.End && !startsTopLevel(p));
}

function startsTopLevel(p: TokenCursor): boolean {
  if (startsDeclaration(p)) return true;
  return p.kind === Token.VAR_GLOBAL || p.kind === Token.VAR_CONFIG;
}

// ---------------------------------------------------------------------------------------------- types

/** `TYPE … END_TYPE`, with any number of types; and Siemens `TYPE "name" … STRUCT … END_STRUCT; END_TYPE`. */
function parseTypeBlock(p: TokenCursor): TypeDeclaration[] {
  const { start } = p;
  const firstToken = p.index;
  p.advance();
  return parseOpenTypeBlock(p, start, firstToken);
}

/** What stands behind TYPE. */
function parseOpenTypeBlock(p: TokenCursor, start: number, firstToken: number): TypeDeclaration[] {
  openBlock(p, Token.END_TYPE);
  const declarations: TypeDeclaration[] = [];
  const outer = p.pragmasBefore(firstToken);
  while (p.kind !== Token.END_TYPE && p.kind !== Token.End && !isClosingKeyword(p.kind)) {
    if (p.accept(Token.Semicolon)) continue;
    if (p.isFirstOnLine && startsTopLevel(p)) break;
    const before = p.index;
    declarations.push(parseTypeDeclaration(p, outer));
    if (p.index === before) p.advance();
  }
  closeBlock(p, Token.END_TYPE, 'TYPE', start);
  p.accept(Token.Semicolon);
  return declarations;
}

function structWithoutKeyword(p: TokenCursor, base: QualifiedName | null): TypeNode {
  const { start } = p;
  openBlock(p, Token.END_STRUCT);
  return structFrom(p, base, base?.start ?? start, start);
}

function parseTypeDeclaration(p: TokenCursor, outer: readonly Pragma[]): TypeDeclaration {
  const { start, losses } = p;
  const firstToken = p.index;
  parseModifiers(p);
  if (!p.dialect.features.has('blocks')) skipStrayWord(p);
  const name = p.expectName('the name of the type');
  let base: QualifiedName | null = null;
  if (p.kind === Token.EXTENDS) {
    p.requireFeature('struct-inheritance', p);
    p.advance();
    base = parseQualifiedName(p, 'the name of the extended structure');
  }
  if (p.dialect.features.has('blocks')) skipBlockHeader(p);
  const own = p.pragmasBefore(firstToken, p.index);
  const pragmas = outer.length === 0 ? own : [...outer, ...own];
  const hasColon = p.kind === Token.Colon;
  if (!(p.kind === Token.STRUCT && p.dialect.features.has('blocks'))) p.expect(Token.Colon, 'PW1003', "':' and a type");
  if (p.kind === Token.Identifier) readAsStructKeyword(p);
  const definition: TypeNode =
    p.kind === Token.STRUCT
      ? parseStruct(p, base, base?.start ?? p.start)
      : hasColon && lacksStructKeyword(p)
        ? structWithoutKeyword(p, base)
        : hasColon || startsTypeOnLine(p) || p.kind === Token.LeftParenthesis
          ? parseType(p, 'type')
          : { kind: 'ErrorType', start: p.previousEnd, end: p.previousEnd };
  const initializer = p.accept(Token.Assign) ? parseValue(p) : null;
  const end = Math.max(name.end, p.previousEnd);
  endDeclaration(p, definition);
  return {
    kind: 'TypeDeclaration',
    start: Math.min(start, name.start),
    end,
    name,
    definition,
    initializer,
    pragmas,
    ...(p.losses > losses ? { isDamaged: true } : {}),
  };
}

// ---------------------------------------------------------------------------------------------- global variables

/** One or more `VAR_GLOBAL` sections in a row. */
function parseGlobalVariables(p: TokenCursor): GlobalVariableList {
  const { start } = p;
  const pragmas = p.pragmasBefore(p.index);
  const sections: VariableSection[] = [];
  do {
    sections.push(parseSection(p));
    p.accept(Token.Semicolon);
  } while (startsSection(p) && p.pragmasBefore(p.index).length === 0);
  return {
    kind: 'GlobalVariableList',
    start,
    end: p.endFrom(start),
    name: null,
    qualifiedOnly: isQualifiedOnly(pragmas),
    sections,
    pragmas,
  };
}

export function isQualifiedOnly(pragmas: readonly Pragma[]): boolean {
  return pragmas.some((pragma) => /^\s*attribute\s+['"]?qualified_only['"]?/i.test(pragma.text));
}

// ---------------------------------------------------------------------------------------------- namespaces

function parseNamespace(p: TokenCursor): NamespaceDeclaration {
  const { start } = p;
  let isInternal = parseModifiers(p).access === 'internal';
  p.requireFeature('namespaces', p);
  openBlock(p, Token.END_NAMESPACE);
  p.depth++;
  if (p.depth > MAXIMUM_NESTING) {
    p.report('PW1013', p, `Namespaces nest deeper than ${MAXIMUM_NESTING} levels.`);
    while (p.kind !== Token.End) p.advance();
    p.silence();
  }
  p.advance();
  isInternal = parseModifiers(p).access === 'internal' || isInternal;
  const name = parseQualifiedName(p, 'the name of the namespace');
  const declarations: Declaration[] = [];
  while (p.kind !== Token.END_NAMESPACE && p.kind !== Token.End) {
    const before = p.index;
    parseDeclaration(p, declarations);
    if (p.index === before) skipStrayInNamespace(p);
  }
  p.depth--;
  closeBlock(p, Token.END_NAMESPACE, 'NAMESPACE', start);
  p.accept(Token.Semicolon);
  return { kind: 'Namespace', start, end: p.endFrom(start), name, isInternal, declarations };
}

function skipStrayInNamespace(p: TokenCursor): void {
  if (p.accept(Token.Semicolon)) return;
  p.report('PW1017', p, `Expected a declaration such as FUNCTION_BLOCK, FUNCTION or TYPE, found ${p.describe()}.`);
  do p.advance();
  while (p.kind !== Token.End && p.kind !== Token.END_NAMESPACE && !startsTopLevel(p));
}

/** An expression that fills the whole text. */
export function parseWholeExpression(p: TokenCursor): ReturnType<typeof parseExpression> {
  const expression = parseExpression(p);
  if (p.kind !== Token.End) p.report('PW1003', p, `Expected the end of the expression, found ${p.describe()}.`);
  return expression;
}
