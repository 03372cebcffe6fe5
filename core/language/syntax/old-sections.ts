import { closeBlock, openBlock } from './blocks.js';
import { parseValue } from './expressions.js';
import { parseQualifiers } from './sections.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Expression, Identifier, TypeNode, VariableDeclaration, VariableSection } from './tree.js';
import { parseMembers } from './types.js';

/** Sections of variables whose words are no keywords: CONST and LABEL of S7-SCL, VAR_GENERIC of CODESYS. */

/** True when such a section starts here. */
export function startsWordSection(p: TokenCursor): boolean {
  if (p.kind !== Token.Identifier || !p.isFirstOnLine) return false;
  if (p.isWord(0, 'VAR_GENERIC')) return p.kindAt(1) === Token.CONSTANT;
  if (!p.dialect.features.has('blocks') || !p.isName(1)) return false;
  if (p.isWord(0, 'CONST')) return p.kindAt(2) === Token.Assign;
  return p.isWord(0, 'LABEL') && (p.kindAt(2) === Token.Comma || p.kindAt(2) === Token.Semicolon);
}

/** Reads the section; null for one that declares no variables. */
export function parseWordSection(p: TokenCursor): VariableSection | null {
  if (p.isWord(0, 'VAR_GENERIC')) return parseGenerics(p);
  return p.isWord(0, 'CONST') ? parseConstants(p) : skipLabels(p);
}

/** `VAR_GENERIC CONSTANT n : UINT := 3; END_VAR`: constants whose value each instance brings, like an input. */
function parseGenerics(p: TokenCursor): VariableSection {
  const { start } = p;
  openBlock(p, Token.END_VAR);
  p.advance();
  const qualifiers = parseQualifiers(p);
  const variables = parseMembers(p, Token.END_VAR);
  closeBlock(p, Token.END_VAR, 'VAR_GENERIC', start);
  return {
    kind: 'VariableSection',
    start,
    end: p.endFrom(start),
    sectionKind: 'VAR_INPUT',
    ...qualifiers,
    variables,
  };
}

/** `CONST max := 10; END_CONST`: a constant has the type of its value. */
function parseConstants(p: TokenCursor): VariableSection {
  const { start } = p;
  p.advance();
  const variables: VariableDeclaration[] = [];
  while (p.isName() && !p.isWord(0, 'END_CONST')) {
    const name = p.takeName();
    p.expect(Token.Assign, 'PW1003', "':=' and the value of the constant");
    const value = parseValue(p);
    p.expect(Token.Semicolon, 'PW1005', "';' after the constant");
    variables.push(constant(name, value, p.endFrom(name.start)));
  }
  endSection(p, 'END_CONST');
  return {
    kind: 'VariableSection',
    start,
    end: p.endFrom(start),
    sectionKind: 'VAR',
    isConstant: true,
    retention: 'default',
    access: null,
    variables,
  };
}

function constant(name: Identifier, value: Expression, end: number): VariableDeclaration {
  const { start } = name;
  return {
    kind: 'VariableDeclaration',
    start,
    end,
    names: [{ kind: 'VariableName', start, end: name.end, name, location: null }],
    type: typeOf(value),
    initializer: value,
    edge: null,
    pragmas: [],
  };
}

/** What is not a plain value has the error type, which fits everything. */
function typeOf(value: Expression): TypeNode {
  const { start } = value;
  const name = value.kind === 'Literal' ? typeNameOf(value) : null;
  if (name === null) return { kind: 'ErrorType', start, end: start };
  const part: Identifier = { kind: 'Identifier', start, end: start, name, quoting: 'none' };
  return {
    kind: 'NamedType',
    start,
    end: start,
    name: { kind: 'QualifiedName', start, end: start, parts: [part] },
    arguments: [],
  };
}

const LARGEST_INT = 32_767n;

function typeNameOf(literal: Extract<Expression, { kind: 'Literal' }>): string | null {
  const { literalKind, value } = literal;
  switch (literalKind) {
    case 'integer':
      return typeof value === 'bigint' && value > LARGEST_INT ? 'DINT' : 'INT';
    case 'real':
      return 'REAL';
    case 'bool':
      return 'BOOL';
    case 'time':
      return 'TIME';
    default:
      return null;
  }
}

/** `LABEL a, b; END_LABEL`: the labels themselves stand in the body. */
function skipLabels(p: TokenCursor): null {
  const { start } = p;
  p.advance();
  while ((p.isName() && !p.isWord(0, 'END_LABEL')) || p.kind === Token.Comma || p.kind === Token.Semicolon) p.advance();
  endSection(p, 'END_LABEL');
  p.noteFreeText(start, p.previousEnd);
  return null;
}

function endSection(p: TokenCursor, word: string): void {
  if (p.isWord(0, word)) p.advance();
  else p.reportMissing('PW1004', word);
  p.accept(Token.Semicolon);
}
