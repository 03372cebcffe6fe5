/** Operators: which operands they take, in which type they compute and what they give. IEC 61131-3 ed. 3, 7.3.2. */

import { constantOfChecked } from '../semantics/constants.js';
import {
  BOOL_TYPE,
  carrierOf,
  elementary,
  familyOf,
  integerRangeOf,
  isBoolean,
  isSafeType,
  isUnknown,
  traitsOf,
  valueTypeOf,
} from '../semantics/elementary-types.js';
import { describeType } from '../semantics/type-names.js';
import { commonElementary, conversionTo, isIntegerLike, literalBeside, sameType } from '../semantics/type-relations.js';
import { type ElementaryType, type LiteralType, type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type { Binary, BinaryOperator, Expression, Unary } from '../syntax/tree.js';
import { type CheckContext, recordType, report, unwrap } from './context.js';
import { checkValue } from './values.js';

export function checkUnary(context: CheckContext, expression: Unary): Type {
  const written = checkValue(context, expression.operand, null);
  const type = valueTypeOf(written);
  const { facts, rules } = context.index;
  facts.operandTypes.set(expression, type);
  if (isUnknown(type)) return UNKNOWN_TYPE;
  if (expression.operator === 'NOT') {
    const family = familyOf(type);
    if (family === 'boolean' || family === 'bits') return carrierOf(type) ?? type;
    if (rules.bitsAreNumbers && isIntegerLike(type)) return carrierOf(type) ?? type;
    return badOperand(context, expression, 'NOT', type, 'BOOL or a bit string');
  }
  if (type.kind === 'literal') return { ...type, value: literalValueOf(context, expression, type) };
  const family = familyOf(type);
  if (family === 'real' || family === 'signed' || family === 'unsigned' || family === 'duration') {
    const carrier = carrierOf(type);
    return carrier ?? type;
  }
  if (rules.bitsAreNumbers && family === 'bits') return carrierOf(type) ?? type;
  return badOperand(context, expression, expression.operator, type, 'a number or a TIME');
}

function literalValueOf(context: CheckContext, expression: Expression, type: LiteralType): bigint | number | null {
  const value = constantOfChecked(context.index, expression);
  if (type.class === 'integer') return typeof value === 'bigint' ? value : null;
  return typeof value === 'number' ? value : null;
}

function badOperand(context: CheckContext, at: Expression, operator: string, type: Type, wanted: string): Type {
  report(context, 'PW3012', at, `${operator} wants ${wanted}, and this is ${describeType(type)}.`);
  return UNKNOWN_TYPE;
}

/** Checks a chain `a OR b OR c …` from its innermost operand on: generated code has chains of thousands. */
export function checkBinary(context: CheckContext, expression: Binary, expected: Type | null): Type {
  const chain: Binary[] = [expression];
  for (let left = expression.left; left.kind === 'Binary'; left = left.left) chain.push(left);
  let type: Type | null = null;
  for (const binary of chain.reverse()) {
    type = typeOfBinary(context, binary, expected, type);
    recordType(context, binary, type);
  }
  return type ?? UNKNOWN_TYPE;
}

/** `leftType`: the type of the left operand, where that was checked already. */
function typeOfBinary(context: CheckContext, expression: Binary, expected: Type | null, leftType: Type | null): Type {
  const { left, right, operator } = expression;
  const isComparison = COMPARISONS.has(operator);
  const hint = isComparison ? null : expected;
  const first = valueTypeOf(leftType ?? checkValue(context, left, isEnumName(left) ? enumHint(context, right) : hint));
  const second = valueTypeOf(checkValue(context, right, first.kind === 'enum' ? first : hint));
  const leftOperand = asLiteral(context, left, first, second);
  const rightOperand = leftOperand === first ? asLiteral(context, right, second, first) : second;
  const result = binaryType(context, operator, leftOperand, rightOperand);
  context.index.facts.operandTypes.set(expression, result.operandType);
  if (result.problem !== null) {
    report(context, isComparison ? 'PW3013' : 'PW3012', expression, result.problem);
    return UNKNOWN_TYPE;
  }
  if (isComparison) {
    warnMixedSigns(context, expression, first, second);
    warnRealEquality(context, expression, result.operandType);
    return BOOL_TYPE;
  }
  if ((operator === '/' || operator === 'MOD') && isZero(constantOfChecked(context.index, right)))
    report(context, 'PW4004', right, 'The divisor is always 0. Divide by something that is not 0.');
  if (result.type.kind === 'literal')
    return { ...result.type, value: literalValueOf(context, expression, result.type) };
  return result.type;
}

/** A whole constant counts like its literal beside a type into which it fits: `index MOD SIZE` stays the type of `index`. */
function asLiteral(context: CheckContext, expression: Expression, type: Type, beside: Type): Type {
  if (type.kind === 'enum' || beside.kind === 'literal' || !isIntegerLike(type) || !isIntegerLike(beside)) return type;
  if (sameType(type, beside) || unwrap(expression).kind === 'Literal') return type;
  const value = constantOfChecked(context.index, expression);
  const range = integerRangeOf(beside);
  if (typeof value !== 'bigint' || range === null || value < range.lower || value > range.upper) return type;
  return { kind: 'literal', class: 'integer', value };
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['=', '<>', '<', '>', '<=', '>=']);

function isZero(value: unknown): boolean {
  return value === 0n || value === 0;
}

/** `Running = state`: the enum of the right side decides what the name on the left means. */
function isEnumName(expression: Expression): boolean {
  return unwrap(expression).kind === 'Name';
}

function enumHint(context: CheckContext, other: Expression): Type | null {
  const inner = unwrap(other);
  if (inner.kind !== 'Name' && inner.kind !== 'Member') return null;
  const name = inner.kind === 'Name' ? inner : null;
  if (name === null) return null;
  const symbol = context.scope.value(name.name.name.toUpperCase());
  return symbol?.kind === 'variable' && symbol.type.kind === 'enum' ? symbol.type : null;
}

/** What a binary operator makes of two types: the type it computes in, the result, or what is wrong. */
export interface BinaryTyping {
  readonly operandType: Type;
  readonly type: Type;
  readonly problem: string | null;
}

export function binaryType(context: CheckContext, operator: BinaryOperator, left: Type, right: Type): BinaryTyping {
  if (isUnknown(left) || isUnknown(right)) {
    const known = isUnknown(left) ? right : left;
    const isLogic = LOGIC.has(operator);
    return fine(UNKNOWN_TYPE, COMPARISONS.has(operator) || (isLogic && isBoolean(known)) ? BOOL_TYPE : UNKNOWN_TYPE);
  }
  if (LOGIC.has(operator)) return logicType(context, operator, left, right);
  if (COMPARISONS.has(operator)) return comparisonType(context, operator, left, right);
  return arithmeticType(context, operator, left, right);
}

const LOGIC: ReadonlySet<BinaryOperator> = new Set(['AND', 'OR', 'XOR', 'AND_THEN', 'OR_ELSE']);

function fine(operandType: Type, type: Type = operandType): BinaryTyping {
  return { operandType, type, problem: null };
}

function wrong(operator: string, left: Type, right: Type, wanted: string): BinaryTyping {
  const problem = `${operator} wants ${wanted}, and here it joins ${describeType(left)} and ${describeType(right)}.`;
  return { operandType: UNKNOWN_TYPE, type: UNKNOWN_TYPE, problem };
}

/** SAFEBOOL AND BOOL stays SAFEBOOL, OR with a plain one does not (PLCopen Safety part 1, 4.1). */
function logicType(context: CheckContext, operator: BinaryOperator, left: Type, right: Type): BinaryTyping {
  const wanted = 'two BOOL or two bit strings';
  if (isBoolean(left) && isBoolean(right)) {
    const safe =
      operator === 'AND' || operator === 'AND_THEN'
        ? isSafeType(left) || isSafeType(right)
        : isSafeType(left) && isSafeType(right);
    return fine(BOOL_TYPE, safe ? elementary('SAFEBOOL') : BOOL_TYPE);
  }
  if (isBoolean(left) && isBit(right)) return fine(BOOL_TYPE);
  if (isBoolean(right) && isBit(left)) return fine(BOOL_TYPE);
  const { rules } = context.index;
  const isLogical = (type: Type): boolean =>
    type.kind === 'literal'
      ? type.class === 'integer'
      : familyOf(type) === 'bits' ||
        (rules.bitsAreNumbers && isIntegerLike(type)) ||
        (rules.numbersAreConditions && isBoolean(type));
  if (!isLogical(left) || !isLogical(right)) {
    return wrong(operator, left, right, wanted);
  }
  const common = commonType(context, left, right);
  return common === null ? wrong(operator, left, right, wanted) : fine(common);
}

function isBit(type: Type): boolean {
  return type.kind === 'literal' && (type.value === 0n || type.value === 1n);
}

function comparisonType(context: CheckContext, operator: BinaryOperator, left: Type, right: Type): BinaryTyping {
  const { rules } = context.index;
  const isEquality = operator === '=' || operator === '<>';
  if (left.kind === 'enum' || right.kind === 'enum') {
    if (left.kind === 'enum' && right.kind === 'enum' && left !== right && !rules.enumsAreIntegers)
      return wrong(operator, left, right, 'two values of one enumeration');
    if (sameType(left, right)) return fine(left, BOOL_TYPE);
    if (rules.enumsAreIntegers && isIntegerLike(left) && isIntegerLike(right)) {
      const common = commonType(context, carrierOf(left) ?? left, carrierOf(right) ?? right);
      return fine(common ?? left, BOOL_TYPE);
    }
    return wrong(operator, left, right, 'two values of one enumeration');
  }
  if (left.kind === 'string' && right.kind === 'string' && left.isWide === right.isWide) return fine(left, BOOL_TYPE);
  if (isReferenceLike(left) || isReferenceLike(right)) {
    const isNumber = (type: Type) => rules.pointersAreNumbers && isIntegerLike(type);
    const isComparable = (type: Type) =>
      isReferenceLike(type) || type.kind === 'pou' || isNumber(type) || (type.kind === 'literal' && type.value === 0n);
    if (isEquality || rules.pointersAreNumbers)
      if (isComparable(left) && isComparable(right)) return fine(left.kind === 'null' ? right : left, BOOL_TYPE);
    return wrong(operator, left, right, 'two references (with = or <>)');
  }
  if (isBit(right) && isBoolean(left)) return fine(left, BOOL_TYPE);
  if (isBit(left) && isBoolean(right)) return fine(right, BOOL_TYPE);
  const common = commonType(context, left, right);
  if (common === null) return wrong(operator, left, right, 'two values of one type');
  return fine(common, BOOL_TYPE);
}

function isReferenceLike(type: Type): boolean {
  return type.kind === 'pointer' || type.kind === 'interface' || type.kind === 'null';
}

function arithmeticType(context: CheckContext, operator: BinaryOperator, left: Type, right: Type): BinaryTyping {
  const { rules } = context.index;
  const time = timeArithmetic(operator, left, right);
  if (time !== null) return time;
  if (rules.pointersAreNumbers && (isPlainPointer(left) || isPlainPointer(right))) {
    if (left.kind === 'pointer' && right.kind === 'pointer')
      return operator === '-' ? fine(elementary('LINT')) : wrong(operator, left, right, 'a pointer and a whole number');
    const [pointer, number] = left.kind === 'pointer' ? [left, right] : [right, left];
    if (isIntegerLike(number)) return fine(pointer);
  }
  const isNumber = (type: Type): boolean => {
    if (type.kind === 'literal') return true;
    const family = familyOf(type);
    if (type.kind === 'enum') return rules.enumsAreIntegers;
    return (
      family === 'signed' || family === 'unsigned' || family === 'real' || (family === 'bits' && rules.bitsAreNumbers)
    );
  };
  const wanted = operator === 'MOD' ? 'two whole numbers' : 'two numbers';
  if (!isNumber(left) || !isNumber(right)) return wrong(operator, left, right, wanted);
  if (operator === '**') {
    const base =
      familyOf(left) === 'real'
        ? left
        : left.kind === 'literal' && right.kind === 'literal'
          ? left
          : elementary('LREAL');
    return fine(base);
  }
  const common = commonType(
    context,
    left.kind === 'enum' ? left.base : left,
    right.kind === 'enum' ? right.base : right,
  );
  if (common === null) return wrong(operator, left, right, wanted);
  const isReal = common.kind === 'literal' ? common.class === 'real' : familyOf(common) === 'real';
  if (operator === 'MOD' && isReal && !rules.numbersAreConditions) return wrong(operator, left, right, wanted);
  return fine(common);
}

/** REF_TO is checked by the compiler and does not compute; POINTER TO does. */
function isPlainPointer(type: Type): boolean {
  return type.kind === 'pointer' && type.pointerKind === 'pointer';
}

/** Times, dates and what may be added to them. IEC 61131-3 ed. 3, table 35. */
function timeArithmetic(operator: BinaryOperator, left: Type, right: Type): BinaryTyping | null {
  const a = familyOf(left);
  const b = familyOf(right);
  const isTimeLike = (family: typeof a) =>
    family === 'duration' || family === 'date' || family === 'time-of-day' || family === 'date-and-time';
  if (!isTimeLike(a) && !isTimeLike(b)) return null;
  const isNumber = (type: Type) => type.kind === 'literal' || familyOf(type) === 'real' || isIntegerLike(type);
  if (a === 'duration' && b === 'duration') {
    if (operator === '+' || operator === '-') return fine(widerOf(left, right));
    if (operator === '/' || operator === 'MOD') return fine(widerOf(left, right));
  }
  if (
    a === 'duration' &&
    isNumber(right) &&
    (operator === '*' || operator === '/' || operator === '+' || operator === '-')
  )
    return operator === '*' || operator === '/'
      ? fine(left)
      : wrong(operator, left, right, 'two TIMEs (write T#… for the number)');
  if (b === 'duration' && isNumber(left) && operator === '*') return fine(right);
  if (b === 'duration' && (operator === '+' || operator === '-') && a !== 'duration' && isTimeLike(a))
    return fine(left);
  if (a === 'duration' && operator === '+' && isTimeLike(b)) return fine(right);
  if (operator === '-' && a === b) return fine(left, elementary(isLong(left) ? 'LTIME' : 'TIME'));
  return wrong(operator, left, right, 'operands that make a time (for example TIME + TIME, DT - DT, TIME * number)');
}

function widerOf(left: Type, right: Type): Type {
  const a = carrierOf(left);
  const b = carrierOf(right);
  if (a === null || b === null) return left;
  return traitsOf(b).bits > traitsOf(a).bits ? b : a;
}

function isLong(type: Type): boolean {
  const carrier = carrierOf(type);
  return carrier !== null && traitsOf(carrier).bits === 64;
}

/** The type in which two operands meet, or null. Subranges compute in their base type. */
export function commonType(context: CheckContext, left: Type, right: Type): Type | null {
  const { rules } = context.index;
  if (left.kind === 'literal' && right.kind === 'literal')
    return left.class === 'real' ? left : right.class === 'real' ? right : left;
  if (left.kind === 'literal') return besideLiteral(left, right, context);
  if (right.kind === 'literal') return besideLiteral(right, left, context);
  if (sameType(left, right)) return carrierOf(left) ?? left;
  const a = carrierOf(left);
  const b = carrierOf(right);
  if (a !== null && b !== null) return commonElementary(a, b, rules);
  if (left.kind === 'string' && right.kind === 'string' && left.isWide === right.isWide)
    return {
      ...left,
      length: left.length === null || right.length === null ? null : Math.max(left.length, right.length),
    };
  const forward = conversionTo(left, right, rules);
  if (forward === 'same' || forward === 'widening') return left;
  const backward = conversionTo(right, left, rules);
  return backward === 'same' || backward === 'widening' ? right : null;
}

function besideLiteral(literal: LiteralType, other: Type, context: CheckContext): Type | null {
  const carrier: ElementaryType | null = carrierOf(other);
  return carrier === null ? null : literalBeside(literal, carrier, context.index.rules);
}

/** Rounding makes equal values differ in the last bit (PLCopen coding guideline CP8), and a clock rarely hits a value (CP28). */
function warnRealEquality(context: CheckContext, expression: Binary, operandType: Type): void {
  if (expression.operator !== '=' && expression.operator !== '<>') return;
  const family = operandType.kind === 'literal' && operandType.class === 'real' ? 'real' : familyOf(operandType);
  const isZeroTest = [expression.left, expression.right].some((side) => isZero(constantOfChecked(context.index, side)));
  if ((family !== 'real' && family !== 'duration') || isZeroTest) return;
  report(
    context,
    'PW3049',
    expression,
    family === 'real'
      ? `REAL values are compared with "${expression.operator}": rounding makes that fail. Compare the distance, for example "ABS(a - b) < 0.001".`
      : `TIME values are compared with "${expression.operator}": between two scans a value is easily missed. Use ">=" or "<=".`,
  );
}

/** Signed against unsigned of the same width: the compiler decides which one is reinterpreted. */
function warnMixedSigns(context: CheckContext, expression: Binary, left: Type, right: Type): void {
  const a = familyOf(left);
  const b = familyOf(right);
  const isMixed = (a === 'signed' && b === 'unsigned') || (a === 'unsigned' && b === 'signed');
  const ranges = [integerRangeOf(left), integerRangeOf(right)];
  const [first, second] = ranges;
  if (!isMixed || first === null || second === null || first === undefined || second === undefined) return;
  const [signed, unsigned] = a === 'signed' ? [first, second] : [second, first];
  if (unsigned.upper <= signed.upper) return;
  report(
    context,
    'PW3014',
    expression,
    `${describeType(left)} is compared with ${describeType(right)}: a negative value would not compare as expected. Convert one side.`,
  );
}
