import { parseExpression, parseQualifiedName } from './expressions.js';
import { hasStrayParenthesis, MAXIMUM_LOOKAHEAD, skipToNextArgument } from './lookahead.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { ArrayDimension, EnumTypeNode, EnumValueNode, QualifiedName, TypeNode } from './tree.js';

/** The types that hold no other types: strings, subranges, enumerations, and the bounds of arrays. */

export function parseArrayDimension(p: TokenCursor): ArrayDimension {
  const start = p.start;
  if (p.kind === Token.Times) {
    p.requireFeature('variable-length-arrays', p);
    p.advance();
    return { kind: 'ArrayDimension', start, end: p.endFrom(start), lower: null, upper: null };
  }
  const lower = parseExpression(p);
  if (!p.expect(Token.DotDot, 'PW1003', "'..' between the bounds of the array")) {
    return { kind: 'ArrayDimension', start: lower.start, end: lower.end, lower, upper: lower };
  }
  const upper = parseExpression(p);
  return { kind: 'ArrayDimension', start: lower.start, end: Math.max(upper.end, p.previousEnd), lower, upper };
}

export function parseStringType(p: TokenCursor, isWide: boolean): TypeNode {
  const start = p.start;
  p.advance();
  const isBracket = p.kind === Token.LeftBracket;
  if (!isBracket && p.kind !== Token.LeftParenthesis) {
    return { kind: 'StringType', start, end: p.endFrom(start), isWide, length: null };
  }
  p.advance();
  const length = parseExpression(p);
  if (isBracket) p.expect(Token.RightBracket, 'PW1003', "']' after the length of the string");
  else p.expect(Token.RightParenthesis, 'PW1003', "')' after the length of the string");
  return { kind: 'StringType', start, end: Math.max(p.previousEnd, length.end), isWide, length };
}

/** Looks for `..` inside the parentheses that start here. */
export function isSubrange(p: TokenCursor): boolean {
  let depth = 0;
  for (let distance = 0; distance < MAXIMUM_LOOKAHEAD; distance++) {
    const kind = p.kindAt(distance);
    if (kind === Token.LeftParenthesis || kind === Token.LeftBracket) depth++;
    else if (kind === Token.RightParenthesis || kind === Token.RightBracket) {
      depth--;
      if (depth === 0) return false;
    } else if (kind === Token.DotDot && depth === 1) return true;
    else if (kind === Token.End || kind === Token.Semicolon || kind === Token.Assign) return false;
  }
  return false;
}

const ENUM_BASES: ReadonlySet<string> = new Set([
  'SINT',
  'INT',
  'DINT',
  'LINT',
  'USINT',
  'UINT',
  'UDINT',
  'ULINT',
  'BYTE',
  'WORD',
  'DWORD',
  'LWORD',
]);

export function isEnumBase(p: TokenCursor, name: QualifiedName): boolean {
  return p.isName(1) && name.parts.length === 1 && ENUM_BASES.has(name.parts[0]?.name.toUpperCase() ?? '');
}

export function parseSubrangeType(p: TokenCursor, base: QualifiedName): TypeNode {
  p.advance();
  const lower = parseExpression(p);
  p.expect(Token.DotDot, 'PW1003', "'..' between the bounds of the subrange");
  const upper = parseExpression(p);
  p.expect(Token.RightParenthesis, 'PW1003', "')' after the bounds of the subrange");
  return { kind: 'SubrangeType', start: base.start, end: p.endFrom(base.start), base, lower, upper };
}

/** `(A, B := 5)`, with the base type before (`base`) or after the parentheses. */
export function parseEnumType(p: TokenCursor, base: QualifiedName | null, start: number): EnumTypeNode {
  p.advance();
  return parseOpenEnumType(p, base, start);
}

/** The values behind the opening parenthesis, with the closing one. */
export function parseOpenEnumType(p: TokenCursor, base: QualifiedName | null, start: number): EnumTypeNode {
  const values: EnumValueNode[] = [];
  if (p.kind !== Token.RightParenthesis) {
    do {
      if (p.kindAt(0) === Token.RightParenthesis) break;
      values.push(enumValue(p));
    } while (p.accept(Token.Comma) || isValueSeparatorMissing(p) || skipToNextArgument(p));
  }
  p.expect(Token.RightParenthesis, 'PW1003', "',' or ')' in the list of values");
  const hasBaseBehind = base === null && p.isName() && !p.startsNewStatementLine;
  const baseName = hasBaseBehind ? parseQualifiedName(p, 'a base type') : base;
  return { kind: 'EnumType', start, end: p.endFrom(start), base: baseName, values };
}

/** The next value without a comma before it. */
function isValueSeparatorMissing(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  if (!p.isName() || (next !== Token.Assign && next !== Token.Comma && next !== Token.RightParenthesis)) return false;
  p.reportMissing('PW1003', "',' before the next value");
  return true;
}

/** `A := 0, B := 1)` where no parenthesis opened the list. */
export function lacksEnumParenthesis(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  if (!p.isName() || (next !== Token.Assign && next !== Token.Comma)) return false;
  if (!hasStrayParenthesis(p)) return false;
  p.report('PW1003', p, "Expected '(' before the values of the enumeration.");
  return true;
}

function enumValue(p: TokenCursor): EnumValueNode {
  const name = p.expectName('the name of a value');
  if (p.kind === Token.Equal) {
    p.report('PW1011', p, "'=' compares. Write ':=' to give the number of the value.");
    p.readAs(Token.Assign);
  }
  // `Off :` is what stands there before `=` is typed: the rest of the declarations must not depend on that one key.
  if (p.kind === Token.Colon) {
    p.report('PW1003', p, "Expected ':=' before the number of the value, or ',' or ')'.");
    p.advance();
    const next = p.kindAt(0);
    const isUnfinished = next === Token.RightParenthesis || next === Token.Comma;
    const given = isUnfinished ? null : parseExpression(p);
    return { kind: 'EnumValue', start: name.start, end: p.previousEnd, name, value: given };
  }
  const isNumberBehind = p.kind === Token.Integer && !p.isFirstOnLine;
  if (isNumberBehind) p.reportMissing('PW1003', "':=' before the number of the value");
  const value = p.accept(Token.Assign) || isNumberBehind ? parseExpression(p) : null;
  return { kind: 'EnumValue', start: name.start, end: Math.max(name.end, p.previousEnd), name, value };
}
