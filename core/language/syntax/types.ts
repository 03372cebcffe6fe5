import { closeBlock, isClosingKeyword, openBlock, startsDeclaration } from './blocks.js';
import { exactList, NO_ITEMS } from './exact-list.js';
import { parseArguments, parseArrayElement, parsePostfix, parseQualifiedName, parseValue } from './expressions.js';
import { readAsBlockKeyword } from './misspellings.js';
import {
  isEnumBase,
  isSubrange,
  lacksEnumParenthesis,
  parseArrayDimension,
  parseEnumType,
  parseOpenEnumType,
  parseStringType,
  parseSubrangeType,
} from './simple-types.js';
import { FIRST_KEYWORD, Token } from './token.js';
import { MAXIMUM_NESTING, type TokenCursor } from './token-cursor.js';
import type {
  ArrayDimension,
  DirectAddress,
  Expression,
  QualifiedName,
  StructInitializer,
  StructTypeNode,
  TypeNode,
  VariableDeclaration,
  VariableName,
} from './tree.js';

/** Types as written, and the declarations of variables and members, which hold types and stand in them. */

/** Where a type stands: `Name (A, B)` declares an enumeration in a TYPE, and gives constructor arguments in a VAR. */
export type TypeContext = 'type' | 'variable';

/** Reads a type as written. Where none stands, the result is an empty `ErrorType` and an error. */
export function parseType(p: TokenCursor, context: TypeContext): TypeNode {
  if (p.depth >= MAXIMUM_NESTING) {
    p.report('PW1013', p, `The type nests deeper than ${MAXIMUM_NESTING} levels.`);
    return { kind: 'ErrorType', start: p.previousEnd, end: p.previousEnd };
  }
  p.depth++;
  const type = parseTypeWithin(p, context);
  p.depth--;
  return type;
}

function parseTypeWithin(p: TokenCursor, context: TypeContext): TypeNode {
  const start = p.start;
  switch (p.kind) {
    case Token.ARRAY:
      return arrayType(p);
    case Token.STRUCT:
      return parseStruct(p, null, start);
    case Token.UNION:
      if (!isTypeName(p)) return parseUnion(p);
      break;
    case Token.POINTER:
      if (p.kindAt(1) === Token.TO) {
        p.requireFeature('pointers', { start, end: p.end });
        return pointerType(p, 'pointer', 2);
      }
      break;
    case Token.REFERENCE:
      if (p.kindAt(1) === Token.TO) {
        p.requireFeature('reference-to', { start, end: p.end });
        return pointerType(p, 'reference', 2);
      }
      break;
    case Token.REF_TO:
      p.requireFeature('ref-to', p);
      return pointerType(p, 'ref', 1);
    case Token.LeftParenthesis:
      return parseEnumType(p, null, start);
  }
  if (!p.isName()) {
    p.reportMissing('PW1003', 'a type');
    return { kind: 'ErrorType', start: p.previousEnd, end: p.previousEnd };
  }
  if (context === 'type' && lacksEnumParenthesis(p)) return parseOpenEnumType(p, null, start);
  if (p.isWord(0, 'STRING')) return parseStringType(p, false);
  if (p.isWord(0, 'WSTRING')) return parseStringType(p, true);
  return namedType(p, context);
}

/** `UNION` used as the name of a type: not followed by a member. */
function isTypeName(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  return next === Token.Semicolon || next === Token.Assign || next === Token.Dot;
}

/** CODESYS `ARRAY[1..2] OF Fb[(a := 1), (a := 2)]`: arguments of FB_init for each element. */
function parseElementArguments(p: TokenCursor): StructInitializer[] {
  const lists: StructInitializer[] = [];
  const opening = p.start;
  p.requireFeature('constructor-arguments', p);
  p.advance();
  while (p.kindAt(0) === Token.LeftParenthesis) {
    const { start } = p;
    const members = parseArguments(p);
    lists.push({ kind: 'StructInitializer', start, end: p.endFrom(start), members });
    if (!p.accept(Token.Comma)) break;
  }
  p.expect(Token.RightBracket, 'PW1003', "']' after the arguments of the elements");
  p.noteUnsupported('FB_init', { start: opening, end: p.endFrom(opening) });
  return lists;
}

function pointerType(p: TokenCursor, pointerKind: 'pointer' | 'ref' | 'reference', words: number): TypeNode {
  const start = p.start;
  for (let word = 0; word < words; word++) p.advance();
  const target = parseType(p, 'variable');
  return { kind: 'PointerType', start, end: Math.max(p.previousEnd, target.end), pointerKind, target };
}

function arrayType(p: TokenCursor): TypeNode {
  const start = p.start;
  p.advance();
  const dimensions: ArrayDimension[] = [];
  if (p.expect(Token.LeftBracket, 'PW1003', "'[' with the bounds of the array")) {
    do dimensions.push(parseArrayDimension(p));
    while (p.accept(Token.Comma));
    p.expect(Token.RightBracket, 'PW1003', "']' after the bounds of the array");
  }
  p.expect(Token.OF, 'PW1003', 'OF and the type of the elements');
  const element = parseType(p, 'variable');
  return { kind: 'ArrayType', start, end: Math.max(p.previousEnd, element.end), dimensions, element };
}

/** CODESYS `Fb<5>`: values of VAR_GENERIC. What they change in the block is not followed: its constants have no value. */
function skipGenericArguments(p: TokenCursor): void {
  p.requireFeature('constructor-arguments', p);
  do {
    p.advance();
    parsePostfix(p);
  } while (p.kindAt(0) === Token.Comma);
  p.expect(Token.Greater, 'PW1003', "'>' after the values of the block");
}

function namedType(p: TokenCursor, context: TypeContext): TypeNode {
  const name = parseQualifiedName(p, 'a type');
  const { start } = name;
  if (p.kind === Token.LeftBracket && p.kindAt(1) === Token.LeftParenthesis) {
    const elementArguments = parseElementArguments(p);
    return { kind: 'NamedType', start, end: p.endFrom(start), name, arguments: NO_ITEMS, elementArguments };
  }
  if (p.kind === Token.Less) skipGenericArguments(p);
  if (p.kind !== Token.LeftParenthesis)
    return { kind: 'NamedType', start, end: p.endFrom(start), name, arguments: NO_ITEMS };
  if (isSubrange(p)) return parseSubrangeType(p, name);
  if (context === 'type' || isEnumBase(p, name)) return parseEnumType(p, name, start);
  p.requireFeature('constructor-arguments', p);
  const list = parseArguments(p);
  return { kind: 'NamedType', start, end: p.endFrom(start), name, arguments: list };
}

/** `STRUCT … END_STRUCT`. `base` is the type after EXTENDS in the head of the type declaration. */
export function parseStruct(p: TokenCursor, base: QualifiedName | null, start: number): StructTypeNode {
  openBlock(p, Token.END_STRUCT);
  const keyword = p.start;
  p.advance();
  return structFrom(p, base, start, keyword);
}

/** `a : INT; … END_STRUCT` behind STRUCT, or where STRUCT is missing. */
export function structFrom(p: TokenCursor, base: QualifiedName | null, start: number, keyword: number): StructTypeNode {
  const isOverlap = p.accept(Token.OVERLAP);
  let extended = base;
  if (p.kind === Token.EXTENDS && p.kindAt(2) !== Token.Colon) {
    p.requireFeature('struct-inheritance', p);
    p.advance();
    extended = parseQualifiedName(p, 'the name of the extended structure');
  }
  const members = parseMembers(p, Token.END_STRUCT);
  closeBlock(p, Token.END_STRUCT, 'STRUCT', keyword);
  return structNode(p, start, false, isOverlap, extended, members);
}

function parseUnion(p: TokenCursor): StructTypeNode {
  p.requireFeature('unions', p);
  openBlock(p, Token.END_UNION);
  const start = p.start;
  p.advance();
  const members = parseMembers(p, Token.END_UNION);
  closeBlock(p, Token.END_UNION, 'UNION', start);
  return structNode(p, start, true, false, null, members);
}

function structNode(
  p: TokenCursor,
  start: number,
  isUnion: boolean,
  isOverlap: boolean,
  base: QualifiedName | null,
  members: readonly VariableDeclaration[],
): StructTypeNode {
  return { kind: 'StructType', start, end: p.endFrom(start), isUnion, isOverlap, extends: base, members };
}

// ---------------------------------------------------------------------------------------------- variables and members

const SECTION_STARTS: ReadonlySet<number> = new Set([
  Token.VAR,
  Token.VAR_INPUT,
  Token.VAR_OUTPUT,
  Token.VAR_IN_OUT,
  Token.VAR_TEMP,
  Token.VAR_STAT,
  Token.VAR_INST,
  Token.VAR_EXTERNAL,
  Token.VAR_GLOBAL,
  Token.VAR_ACCESS,
  Token.VAR_CONFIG,
]);

/** Declarations up to the closing keyword (END_VAR, END_STRUCT, END_UNION), which is not taken. */
export function parseMembers(p: TokenCursor, closing: number): readonly VariableDeclaration[] {
  const members: VariableDeclaration[] = [];
  while (p.kind !== closing && !endsMembers(p, closing)) {
    if (p.accept(Token.Semicolon)) continue;
    const before = p.index;
    members.push(parseVariable(p));
    if (p.index === before) skipDeclaration(p);
  }
  return exactList(members);
}

/** True where the list of declarations must be over, although its closing keyword is missing. */
function endsMembers(p: TokenCursor, closing: number): boolean {
  if (p.kind === Token.End || isClosingKeyword(p.kind)) return true;
  if (p.kind === Token.Identifier && readAsBlockKeyword(p)) return true;
  if (closing === Token.END_VAR && SECTION_STARTS.has(p.kind)) return true;
  if ((p.kind === Token.RESOURCE || p.kind === Token.TASK) && p.isFirstOnLine && p.isName(1)) return true;
  const next = p.kindAt(1);
  if (STATEMENT_STARTS.has(p.kind)) return next !== Token.Colon && next !== Token.Comma;
  if (p.isName() && startsStatementAfterName(next)) return true;
  return p.isFirstOnLine && startsDeclaration(p);
}

const STATEMENT_STARTS: ReadonlySet<number> = new Set([
  Token.IF,
  Token.CASE,
  Token.FOR,
  Token.WHILE,
  Token.REPEAT,
  Token.RETURN,
  Token.EXIT,
]);

/** What stands behind the first name of a statement and never behind the name of a variable. */
function startsStatementAfterName(kind: number): boolean {
  return kind === Token.Assign || kind === Token.Dot || kind === Token.LeftParenthesis || kind === Token.LeftBracket;
}

/** Skips to the end of the declaration: its semicolon, or the next line, or a closing keyword. */
function skipDeclaration(p: TokenCursor): void {
  const first = p.index;
  while (p.kind !== Token.Semicolon && p.kind !== Token.End && !isClosingKeyword(p.kind)) {
    if (p.isFirstOnLine && p.index > first) break;
    p.advance();
  }
  p.accept(Token.Semicolon);
}

/** `a, b AT %IX0.0 : TYPE := value;`. */
function parseVariable(p: TokenCursor): VariableDeclaration {
  const firstToken = p.index;
  if (p.isFirstOnLine) skipStrayWord(p);
  const names = [parseVariableName(p)];
  while (p.accept(Token.Comma)) names.push(parseVariableName(p));
  const start = names[0]?.start ?? p.start;
  const hasColon = p.expect(Token.Colon, 'PW1003', "':' and a type");
  const type: TypeNode =
    hasColon || startsTypeOnLine(p)
      ? parseType(p, 'variable')
      : { kind: 'ErrorType', start: p.previousEnd, end: p.previousEnd };
  const edge = parseEdge(p);
  const initializer = parseInitializer(p, type);
  const pragmas = p.pragmasBefore(firstToken, Math.max(firstToken, p.index - 1));
  const end = Math.max(start, p.previousEnd);
  endDeclaration(p, type);
  return { kind: 'VariableDeclaration', start, end, names, type, initializer, edge, pragmas };
}

/** True when a type follows on the same line although the colon before it is missing. */
export function startsTypeOnLine(p: TokenCursor): boolean {
  if (p.isFirstOnLine) return false;
  return p.isName() || p.kind === Token.ARRAY || p.kind === Token.STRUCT || p.kind === Token.LeftParenthesis;
}

/** `foo speed : INT;`: a word that doesn't belong before the name. */
export function skipStrayWord(p: TokenCursor): void {
  const behind = p.kindAt(2);
  if (!p.isName() || !p.isName(1) || p.isFirstOnLineAt(1) || p.kindAt(1) === Token.AT) return;
  if (behind !== Token.Colon && behind !== Token.Comma && behind !== Token.AT) return;
  p.report('PW1003', p, `Unexpected ${p.describe()} before a name. Remove it.`);
  p.advance();
}

function parseVariableName(p: TokenCursor): VariableName {
  if (p.kind === Token.AT && p.kindAt(1) === Token.DirectAddress) {
    const start = p.start;
    const name = { ...p.missingName(), start, end: start };
    const location = parseLocation(p);
    return { kind: 'VariableName', start, end: p.endFrom(start), name, location };
  }
  const name = p.expectName('the name of a variable');
  const location = parseLocation(p);
  return { kind: 'VariableName', start: name.start, end: Math.max(name.end, location?.end ?? 0), name, location };
}

/** `AT %IX0.0`; null when no AT stands here. */
export function parseLocation(p: TokenCursor): DirectAddress | null {
  if (p.kind !== Token.AT) return null;
  p.advance();
  const kind = p.kindAt(0);
  if (kind === Token.DirectAddress) {
    const { start, end } = p;
    const text = p.textAt(0).toUpperCase();
    p.advance();
    return { kind: 'DirectAddress', start, end, text };
  }
  if (kind === Token.QuotedIdentifier || kind === Token.HashIdentifier || kind === Token.Identifier) {
    const name = p.takeName();
    return { kind: 'DirectAddress', start: name.start, end: name.end, text: name.name };
  }
  p.reportMissing('PW1003', 'an address such as %IX0.0 after AT');
  return null;
}

function parseEdge(p: TokenCursor): VariableDeclaration['edge'] {
  if (p.accept(Token.R_EDGE)) return 'rising';
  if (p.accept(Token.F_EDGE)) return 'falling';
  return null;
}

/** `:= value`, `REF= value`, and the older `:= 1, 2, 3` of CODESYS for arrays. */
function parseInitializer(p: TokenCursor, type: TypeNode): Expression | null {
  if (p.kind === Token.Identifier && p.kindAt(1) === Token.Equal && p.isAdjacent(0) && p.isWord(0, 'REF')) {
    p.advance();
    p.advance();
    return parseValue(p);
  }
  if (p.kind === Token.Equal) {
    p.report('PW1011', p, "'=' compares. Write ':=' to give an initial value.");
    p.advance();
    return parseValue(p);
  }
  if (!p.accept(Token.Assign)) return null;
  if (type.kind !== 'ArrayType' || p.kind === Token.LeftBracket) return parseValue(p);
  const first = parseArrayElement(p);
  if (p.kind !== Token.Comma && first.repetition === null) return first.values[0] ?? p.missingExpression();
  p.requireFeature('unbracketed-initializers', first);
  const elements = [first];
  while (p.accept(Token.Comma)) elements.push(parseArrayElement(p));
  return { kind: 'ArrayInitializer', start: first.start, end: p.endFrom(first.start), elements };
}

/** The semicolon after a declaration. After END_STRUCT it may be left out. */
export function endDeclaration(p: TokenCursor, type: TypeNode): void {
  if (p.accept(Token.Semicolon)) return;
  if (type.kind === 'StructType' && p.kindAt(-1) >= FIRST_KEYWORD) return;
  const found = p.kind;
  if (p.isFirstOnLine || isClosingKeyword(found) || found === Token.End) {
    p.reportMissingSemicolon("The semicolon after the declaration is missing. Add ';'.");
    return;
  }
  p.reportMissing('PW1003', "';' after the declaration");
  skipDeclaration(p);
}
