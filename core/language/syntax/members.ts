import { closeBlock, isModifier, openBlock } from './blocks.js';
import { exactList } from './exact-list.js';
import { lacksSectionKeyword } from './misspellings.js';
import { accessOf, parseSection, parseSectionWithoutKeyword, startsSection } from './sections.js';
import { parseAction, parseSfc, startsSfc } from './sfc.js';
import { parseStatements } from './statements.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Action, Body, Method, Modifiers, Property, PropertyAccessor, TypeNode, VariableSection } from './tree.js';
import { parseType } from './types.js';

/** Methods, properties and the modifiers before them. */

export const NO_MODIFIERS: Modifiers = { access: null, isAbstract: false, isFinal: false, isOverride: false };

/** `PUBLIC ABSTRACT FINAL OVERRIDE`, in any order; adds to those that stood earlier. */
export function parseModifiers(p: TokenCursor, earlier: Modifiers = NO_MODIFIERS): Modifiers {
  let modifiers = earlier;
  while (isModifier(p.kind) && (p.isName(1) || isModifier(p.kindAt(1)) || isPouKeyword(p.kindAt(1)))) {
    const access = accessOf(p.kind);
    modifiers = {
      access: access ?? modifiers.access,
      isAbstract: modifiers.isAbstract || p.kind === Token.ABSTRACT,
      isFinal: modifiers.isFinal || p.kind === Token.FINAL,
      isOverride: modifiers.isOverride || p.kind === Token.OVERRIDE,
    };
    p.advance();
  }
  return modifiers;
}

function isPouKeyword(kind: number): boolean {
  return kind === Token.FUNCTION || kind === Token.FUNCTION_BLOCK || kind === Token.PROGRAM;
}

/** `: TYPE` of a function or method, or `TYPE` where the colon is missing; null when none follows in the line. */
export function parseOptionalReturnType(p: TokenCursor): TypeNode | null {
  if (p.kind === Token.Colon) return parseReturnType(p);
  const isBase = p.kind === Token.EXTENDS || p.kind === Token.IMPLEMENTS;
  if (!p.isName() || isBase || p.isFirstOnLine || !p.isFirstOnLineAt(1)) return null;
  p.reportMissing('PW1003', "':' before the type of the result");
  return parseType(p, 'variable');
}

/** `: TYPE` of a function, method or property; VOID is no result. */
function parseReturnType(p: TokenCursor): TypeNode | null {
  p.advance();
  if (p.isWord(0, 'VOID') && p.kindAt(1) !== Token.Dot) {
    p.advance();
    return null;
  }
  return parseType(p, 'variable');
}

export function parseMember(p: TokenCursor, methods: Method[], properties: Property[], actions: Action[]): void {
  let distance = 0;
  while (isModifier(p.kindAt(distance))) distance++;
  switch (p.kindAt(distance)) {
    case Token.METHOD:
      methods.push(parseMethod(p));
      return;
    case Token.ACTION:
      actions.push(parseAction(p));
      return;
    case Token.PROPERTY:
      properties.push(parseProperty(p));
      return;
    default:
      addPropertyHalf(properties, parseProperty(p));
  }
}

/** `PROPERTY_GET` and `PROPERTY_SET` of one name are one property. */
function addPropertyHalf(properties: Property[], property: Property): void {
  const index = properties.findIndex((known) => known.name.name.toUpperCase() === property.name.name.toUpperCase());
  const known = properties[index];
  const isOtherHalf =
    known !== undefined &&
    (known.get === null) !== (property.get === null) &&
    (known.set === null) !== (property.set === null);
  if (!isOtherHalf) properties.push(property);
  else
    properties[index] = { ...known, get: known.get ?? property.get, set: known.set ?? property.set, end: property.end };
}

export interface MethodHead {
  readonly name: Method['name'];
  readonly modifiers: Modifiers;
  readonly returnType: TypeNode | null;
}

export function parseMethodHead(p: TokenCursor): MethodHead {
  const before = parseModifiers(p);
  p.requireFeature('classes', p);
  p.advance();
  const modifiers = parseModifiers(p, before);
  const name = p.expectName('the name of the method');
  const returnType = parseOptionalReturnType(p);
  p.accept(Token.Semicolon);
  return { name, modifiers, returnType };
}

function parseMethod(p: TokenCursor): Method {
  const { start } = p;
  const firstToken = p.index;
  openBlock(p, Token.END_METHOD);
  const head = parseMethodHead(p);
  const pragmas = p.pragmasBefore(firstToken);
  const { sections, body } = sectionsAndBody(p);
  closeBlock(p, Token.END_METHOD, 'METHOD', start);
  p.accept(Token.Semicolon);
  return { kind: 'Method', start, end: p.endFrom(start), ...head, sections, body, pragmas };
}

function sectionsAndBody(p: TokenCursor): { sections: readonly VariableSection[]; body: Body } {
  const sections: VariableSection[] = [];
  for (;;)
    if (startsSection(p)) sections.push(parseSection(p));
    else if (lacksSectionKeyword(p)) sections.push(parseSectionWithoutKeyword(p));
    else break;
  const body = startsSfc(p) ? parseSfc(p) : parseStatements(p);
  return { sections: exactList(sections), body };
}

export interface PropertyHead {
  readonly name: Property['name'];
  readonly modifiers: Modifiers;
  readonly type: TypeNode;
}

export function parsePropertyHead(p: TokenCursor): PropertyHead {
  const before = parseModifiers(p);
  p.requireFeature('properties', p);
  p.advance();
  const modifiers = parseModifiers(p, before);
  const name = p.expectName('the name of the property');
  const type: TypeNode = p.expect(Token.Colon, 'PW1003', "':' and the type of the property")
    ? parseType(p, 'variable')
    : { kind: 'ErrorType', start: p.previousEnd, end: p.previousEnd };
  p.accept(Token.Semicolon);
  return { name, modifiers, type };
}

function parseProperty(p: TokenCursor): Property {
  const { start } = p;
  const firstToken = p.index;
  let distance = 0;
  while (isModifier(p.kindAt(distance))) distance++;
  const keyword = p.kindAt(distance);
  openBlock(p, Token.END_PROPERTY);
  const head = parsePropertyHead(p);
  const pragmas = p.pragmasBefore(firstToken);
  let get: PropertyAccessor | null = null;
  let set: PropertyAccessor | null = null;
  if (keyword !== Token.PROPERTY) {
    const accessorStart = p.start;
    const accessor: PropertyAccessor = {
      kind: 'PropertyAccessor',
      modifiers: NO_MODIFIERS,
      ...sectionsAndBody(p),
      start: accessorStart,
      end: p.endFrom(accessorStart),
    };
    if (keyword === Token.PROPERTY_GET) get = accessor;
    else set = accessor;
  }
  while (
    p.kind === Token.GET ||
    p.kind === Token.SET ||
    (isModifier(p.kind) && (p.kindAt(1) === Token.GET || p.kindAt(1) === Token.SET))
  ) {
    const accessor = parseAccessor(p);
    if (accessor.isGet) get = accessor.node;
    else set = accessor.node;
  }
  closeBlock(p, Token.END_PROPERTY, 'PROPERTY', start);
  p.accept(Token.Semicolon);
  return { kind: 'Property', start, end: p.endFrom(start), ...head, get, set, pragmas };
}

/** `GET;` of an interface has no END_GET. */
function endsPrototype(kind: number): boolean {
  return kind === Token.GET || kind === Token.SET || kind === Token.END_PROPERTY;
}

function parseAccessor(p: TokenCursor): { isGet: boolean; node: PropertyAccessor } {
  const { start } = p;
  const modifiers = parseModifiers(p);
  const isGet = p.kind === Token.GET;
  const closing = isGet ? Token.END_GET : Token.END_SET;
  openBlock(p, closing);
  p.advance();
  if (p.accept(Token.Semicolon) && endsPrototype(p.kind)) {
    p.openBlocks.set(closing, (p.openBlocks.get(closing) ?? 1) - 1);
    const body: Body = { kind: 'StatementList', start: p.previousEnd, end: p.previousEnd, statements: [] };
    return { isGet, node: { kind: 'PropertyAccessor', start, end: p.endFrom(start), modifiers, sections: [], body } };
  }
  const { sections, body } = sectionsAndBody(p);
  closeBlock(p, closing, isGet ? 'GET' : 'SET', start);
  return { isGet, node: { kind: 'PropertyAccessor', start, end: p.endFrom(start), modifiers, sections, body } };
}
