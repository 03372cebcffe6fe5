import { assignmentOperatorAt, isAssignable, takeAssignmentOperator } from './assignment-operators.js';
import { OPERATORS, PRECEDENCE } from './binary-operators.js';
import { exactList } from './exact-list.js';
import { isLiteralToken, parseLiteral, parseLiteralOfType } from './literals.js';
import {
  closeBracket,
  hasCommaInside,
  isCommaMissing,
  isNameFollowing,
  isOperandMissing,
  skipRestOfStatement,
  skipToNextArgument,
  startsStructInitializer,
} from './lookahead.js';
import { FIRST_KEYWORD, Token } from './token.js';
import { MAXIMUM_NESTING, type TokenCursor } from './token-cursor.js';
import type {
  Argument,
  ArrayInitializer,
  ArrayInitializerElement,
  Expression,
  PartialAccess,
  QualifiedName,
  StructInitializer,
  UnaryOperator,
} from './tree.js';

/**
 * How many operands one chain such as `a OR b OR …` may have. A chain is as deep in the tree as it is long, and the
 * passes over the tree descend it.
 */
const MAXIMUM_CHAIN = 2000;

/** Reads an expression. Where none stands, the result is an empty `ErrorExpression` and an error. */
export function parseExpression(p: TokenCursor): Expression {
  return parseBinary(p, parseUnary(p), 1);
}

/** Reads the operators and operands that follow `left`, down to the given precedence. */
export function parseBinary(p: TokenCursor, first: Expression, lowest: number): Expression {
  let left = first;
  for (let length = 1; ; length++) {
    const kind = p.kind;
    const precedence = PRECEDENCE[kind] ?? 0;
    if (precedence < lowest || precedence === 0) return left;
    if (length > MAXIMUM_CHAIN) {
      p.report(
        'PW1013',
        p,
        `The expression has more than ${MAXIMUM_CHAIN} operands in one chain. Split it into several statements.`,
      );
      skipRestOfStatement(p);
      return left;
    }
    if (kind === Token.AND_THEN || kind === Token.OR_ELSE) p.requireFeature('short-circuit-operators', p);
    p.advance();
    let right = isOperandMissing(p) ? missingOperand(p) : parseUnary(p);
    if ((PRECEDENCE[p.kind] ?? 0) > precedence) right = parseBinary(p, right, precedence + 1);
    const operator = OPERATORS[kind] ?? 'OR';
    left = { kind: 'Binary', start: left.start, end: right.end, operator, left, right };
  }
}

function parseUnary(p: TokenCursor): Expression {
  const kind = p.kind;
  if (kind !== Token.NOT && kind !== Token.Minus && kind !== Token.Plus) return parsePostfix(p);
  const start = p.start;
  const operator: UnaryOperator = kind === Token.NOT ? 'NOT' : kind === Token.Minus ? '-' : '+';
  if (!enter(p)) return tooDeep(p);
  p.advance();
  const operand = isOperandMissing(p) ? missingOperand(p) : parseUnary(p);
  p.depth--;
  return { kind: 'Unary', start, end: operand.end, operator, operand };
}

function enter(p: TokenCursor): boolean {
  if (p.depth >= MAXIMUM_NESTING) return false;
  p.depth++;
  return true;
}

function tooDeep(p: TokenCursor): Expression {
  const start = p.start;
  p.report('PW1013', p, `The code nests deeper than ${MAXIMUM_NESTING} levels. Split it.`);
  skipRestOfStatement(p);
  return { kind: 'ErrorExpression', start, end: p.endFrom(start) };
}

function missingOperand(p: TokenCursor): Expression {
  p.reportMissing('PW1003', 'an expression');
  return p.missingExpression();
}

// ---------------------------------------------------------------------------------------------- operands

/** Reads a variable, call or other operand with everything that follows it by `.`, `[`, `^` and `(`. */
export function parsePostfix(p: TokenCursor): Expression {
  let object = parsePrimary(p);
  for (let length = 1; ; length++) {
    if (length > MAXIMUM_CHAIN) {
      p.report('PW1013', p, `The expression has more than ${MAXIMUM_CHAIN} parts in one chain.`);
      skipRestOfStatement(p);
      return object;
    }
    switch (p.kind) {
      case Token.Dot:
        object = memberAccess(p, object);
        break;
      case Token.LeftBracket:
        object = indexAccess(p, object);
        break;
      case Token.Caret:
        p.advance();
        object = { kind: 'Dereference', start: object.start, end: p.previousEnd, object };
        break;
      case Token.LeftParenthesis: {
        if (object.kind === 'Literal') return object;
        const list = parseArguments(p);
        object = { kind: 'Call', start: object.start, end: p.previousEnd, callee: object, arguments: list };
        break;
      }
      case Token.Hash:
        if (object.kind !== 'Name' && object.kind !== 'Member') return object;
        object = typedValue(p, object);
        break;
      default:
        return object;
    }
  }
}

function memberAccess(p: TokenCursor, object: Expression): Expression {
  p.advance();
  // Logix: `word.[n]` is the bit whose number a variable gives.
  if (p.kind === Token.LeftBracket && p.dialect.features.has('tag-colons')) return indexAccess(p, object);
  const { start } = object;
  if (p.kind === Token.Integer && p.start === p.previousEnd) {
    p.requireFeature('bit-access', { start: p.previousEnd - 1, end: p.end });
    return partialAccess(p, object, 'X', p.textAt(0));
  }
  if (p.kind === Token.PartialAddress) {
    const text = p.textAt(0).toUpperCase();
    const size = PARTIAL_SIZES.find((letter) => text.charAt(1) === letter);
    if (size === undefined) {
      p.report('PW1006', p, `'${p.textAt(0)}' is not a part of a variable; write %X3, %B0, %W0, %D0 or %L0.`);
      return partialAccess(p, object, 'X', '0');
    }
    p.requireFeature('partial-access', p);
    return partialAccess(p, object, size, text.slice(2));
  }
  const mayBeKeyword = p.dialect.features.has('keyword-members') && !p.isFirstOnLine;
  const isKeywordMember = p.kind >= FIRST_KEYWORD && (p.start === p.previousEnd || mayBeKeyword);
  if (!isKeywordMember && (!p.isName() || p.startsNewStatementLine)) {
    p.reportMissing('PW1003', "a member name after '.'");
    const member = p.missingName();
    return { kind: 'Member', start, end: member.end, object, member, isTyped: false };
  }
  const member = p.isName() || mayBeKeyword ? p.takeName() : p.expectName('a member name');
  return { kind: 'Member', start, end: member.end, object, member, isTyped: false };
}

const PARTIAL_SIZES = ['X', 'B', 'W', 'D', 'L'] as const;

function partialAccess(p: TokenCursor, object: Expression, size: PartialAccess['size'], digits: string): PartialAccess {
  if (!/^\d+$/.test(digits)) p.report('PW1006', p, `'${p.textAt(0)}' is not the number of a bit.`);
  const index = Number.parseInt(digits, 10) || 0;
  p.advance();
  return { kind: 'Partial', start: object.start, end: p.previousEnd, object, size, index };
}

function indexAccess(p: TokenCursor, object: Expression): Expression {
  p.advance();
  if (!enter(p)) return tooDeep(p);
  p.parentheses++;
  const indices = [parseExpression(p)];
  while (p.accept(Token.Comma)) indices.push(parseExpression(p));
  p.parentheses--;
  p.depth--;
  closeBracket(p, Token.RightBracket, "']' after the index");
  return { kind: 'Index', start: object.start, end: p.previousEnd, object, indices };
}

/** `Enum#Value`, `MyInt#5`. */
function typedValue(p: TokenCursor, object: Expression): Expression {
  p.advance();
  if (isLiteralToken(p.kind) && p.kind !== Token.NULL) {
    const name = object.kind === 'Name' ? object.name.name : object.kind === 'Member' ? object.member.name : '';
    return parseLiteralOfType(p, object.start, name);
  }
  const member = p.expectName("a value after '#'");
  return { kind: 'Member', start: object.start, end: Math.max(object.end, member.end), object, member, isTyped: true };
}

function parsePrimary(p: TokenCursor): Expression {
  const { kind, start, end } = p;
  switch (kind) {
    case Token.Identifier:
    case Token.HashIdentifier:
    case Token.QuotedIdentifier:
    case Token.BacktickIdentifier:
      return nameExpression(p, start, false);
    case Token.LeftParenthesis:
      return parenthesized(p);
    case Token.LeftBracket:
      return parseArrayInitializer(p);
    case Token.DirectAddress: {
      const text = p.textAt(0).toUpperCase();
      p.advance();
      return { kind: 'DirectAddress', start, end, text };
    }
    case Token.THIS:
      p.advance();
      return { kind: 'Self', start, end, which: 'THIS' };
    case Token.SUPER:
      p.advance();
      return { kind: 'Self', start, end, which: 'SUPER' };
    case Token.Dot:
      p.advance();
      p.requireFeature('global-scope-operator', { start, end: p.end });
      return nameExpression(p, start, true);
  }
  if (isLiteralToken(kind)) return parseLiteral(p);
  if (p.isName() || p.isKeywordAsOperand) return nameExpression(p, start, false);
  p.reportMissing('PW1003', 'an expression');
  return p.missingExpression();
}

function nameExpression(p: TokenCursor, start: number, isGlobal: boolean): Expression {
  const name = p.isKeywordAsOperand ? p.takeKeywordAsName() : p.expectName('a name');
  return { kind: 'Name', start, end: Math.max(start, name.end), name, isGlobal };
}

function parenthesized(p: TokenCursor): Expression {
  if (startsStructInitializer(p) && hasCommaInside(p)) return parseStructInitializer(p);
  const start = p.start;
  if (!enter(p)) return tooDeep(p);
  p.advance();
  p.parentheses++;
  const expression = parseAssignedValue(p);
  p.parentheses--;
  p.depth--;
  closeBracket(p, Token.RightParenthesis, "')'");
  return { kind: 'Parenthesized', start, end: Math.max(p.previousEnd, expression.end), expression };
}

// ---------------------------------------------------------------------------------------------- arguments

/** `( … )` of a call: positional, named and output arguments, mixed. The current token is the opening parenthesis. */
export function parseArguments(p: TokenCursor): readonly Argument[] {
  if (!enter(p)) {
    tooDeep(p);
    return [];
  }
  p.advance();
  p.depth--;
  return parseOpenArguments(p);
}

/** The arguments behind the opening parenthesis, with the closing one. */
export function parseOpenArguments(p: TokenCursor): readonly Argument[] {
  const list: Argument[] = [];
  if (!enter(p)) {
    tooDeep(p);
    return list;
  }
  p.parentheses++;
  if (p.kind !== Token.RightParenthesis) {
    let hasNames = isNameFollowing(p);
    do {
      readEqualAsAssign(p, hasNames);
      const argument = parseArgument(p);
      hasNames ||= argument.name !== null;
      list.push(argument);
    } while (p.accept(Token.Comma) || isCommaMissing(p) || skipToNextArgument(p));
  }
  p.parentheses--;
  p.depth--;
  closeBracket(p, Token.RightParenthesis, "',' or ')' in the list of arguments");
  return exactList(list);
}

/** `PT = T#1s` among arguments with names: `:=` was meant. */
function readEqualAsAssign(p: TokenCursor, hasNames: boolean): void {
  if (!hasNames || !p.isName() || p.kindAt(1) !== Token.Equal) return;
  p.noteAt(1, 'PW1011', "'=' compares. Write ':=' to give the parameter its value.");
  p.readAs(Token.Assign, 1);
}

function parseArgument(p: TokenCursor): Argument {
  const start = p.start;
  const isNegated = p.kind === Token.NOT && p.isName(1) && p.kindAt(2) === Token.Arrow;
  if (isNegated) p.advance();
  if (p.isName()) {
    const next = p.kindAt(1);
    if (next === Token.Assign || next === Token.Arrow) {
      const name = p.takeName();
      p.advance();
      const value = endsArgument(p.kind) ? null : parseValue(p);
      return {
        kind: 'Argument',
        start,
        end: Math.max(p.previousEnd, value?.end ?? 0),
        name,
        direction: next === Token.Assign ? 'in' : 'out',
        isNegated,
        value,
      };
    }
  }
  const value = parseExpression(p);
  return { kind: 'Argument', start: value.start, end: value.end, name: null, direction: 'in', isNegated: false, value };
}

function endsArgument(kind: number): boolean {
  return kind === Token.Comma || kind === Token.RightParenthesis || kind === Token.Semicolon;
}

// ---------------------------------------------------------------------------------------------- initial values

/** An initial value: an expression, `[…]`, `(member := …)`, or `n(value)` of the older CODESYS form. */
export function parseValue(p: TokenCursor): Expression {
  return startsStructInitializer(p) ? parseStructInitializer(p) : parseExpression(p);
}

/** `[1, 2, 3(0)]`. */
function parseArrayInitializer(p: TokenCursor): ArrayInitializer {
  const start = p.start;
  if (!enter(p)) {
    tooDeep(p);
    return { kind: 'ArrayInitializer', start, end: p.endFrom(start), elements: [] };
  }
  p.advance();
  p.parentheses++;
  const elements: ArrayInitializerElement[] = [];
  if (p.kind !== Token.RightBracket) {
    elements.push(parseArrayElement(p));
    while (p.accept(Token.Comma)) {
      if (p.kindAt(0) === Token.RightBracket) break;
      elements.push(parseArrayElement(p));
    }
  }
  p.parentheses--;
  p.depth--;
  closeBracket(p, Token.RightBracket, "',' or ']' in the list of initial values");
  return { kind: 'ArrayInitializer', start, end: p.endFrom(start), elements };
}

/** `value` or `count(value, …)`. */
export function parseArrayElement(p: TokenCursor): ArrayInitializerElement {
  if ((p.kind === Token.Integer || p.kind === Token.TypedLiteral) && p.kindAt(1) === Token.LeftParenthesis) {
    const repetition = parseLiteral(p);
    p.advance();
    p.parentheses++;
    const values: Expression[] = [];
    if (p.kindAt(0) !== Token.RightParenthesis) {
      do values.push(...elementValues(parseArrayElement(p)));
      while (p.accept(Token.Comma));
    }
    p.parentheses--;
    p.expect(Token.RightParenthesis, 'PW1003', "')' after the repeated value");
    return {
      kind: 'ArrayInitializerElement',
      start: repetition.start,
      end: p.endFrom(repetition.start),
      repetition,
      values,
    };
  }
  const value = parseValue(p);
  return { kind: 'ArrayInitializerElement', start: value.start, end: value.end, repetition: null, values: [value] };
}

/** A nested repetition `2(3(0))` is kept as an initializer of its own. */
function elementValues(element: ArrayInitializerElement): readonly Expression[] {
  if (element.repetition === null) return element.values;
  return [{ kind: 'ArrayInitializer', start: element.start, end: element.end, elements: [element] }];
}

/** `(a := 1, b := (c := 2))`. The current token is the opening parenthesis. */
function parseStructInitializer(p: TokenCursor): StructInitializer {
  const { start } = p;
  const members = parseArguments(p);
  return { kind: 'StructInitializer', start, end: p.endFrom(start), members };
}

/** The value of an assignment: an expression, or a further assignment (`a := b := c`). */
export function parseAssignedValue(p: TokenCursor): Expression {
  if (isOperandMissing(p)) return missingOperand(p);
  const value = parseExpression(p);
  if (!isAssignable(value) || p.startsNewStatementLine) return value;
  const operator = assignmentOperatorAt(p);
  if (operator === null) return value;
  p.requireFeature('multiple-assignment', p);
  takeAssignmentOperator(p, operator);
  if (!enter(p)) return tooDeep(p);
  const inner = parseAssignedValue(p);
  p.depth--;
  return { kind: 'AssignmentExpression', start: value.start, end: inner.end, target: value, operator, value: inner };
}

/** `A.B.C` as a name of a type, base class or namespace. */
export function parseQualifiedName(p: TokenCursor, what: string): QualifiedName {
  const first = p.expectName(what);
  const parts = [first];
  while (p.kind === Token.Dot && p.isName(1) && !p.isFirstOnLineAt(1)) {
    p.advance();
    parts.push(p.takeName());
  }
  return { kind: 'QualifiedName', start: first.start, end: Math.max(first.end, p.previousEnd), parts };
}
