/** Values known at compile time. Whole numbers are exact (bigint); a place's range is checked by the checker. */

import type { BinaryOperator, Expression, Literal } from '../syntax/tree.js';
import { carrierOf, familyOf, integerRangeOf } from './elementary-types.js';
import { lookupStatic } from './lookup.js';
import type { ConstantValue } from './model.js';
import type { ProjectIndex } from './project-index.js';
import type { Scope } from './scope.js';
import type { CodeSymbol, VariableSymbol } from './symbols.js';
import type { Type } from './types.js';

/** How a name inside the expression finds its symbol. */
export type SymbolLookup = (expression: Expression) => CodeSymbol | null;

/** Deepest nesting that is evaluated; what is deeper has no known value. */
const MAXIMUM_DEPTH = 200;

/** The value of an expression in a scope, before it was checked: array bounds, enum values, string lengths. */
export function constantInScope(index: ProjectIndex, scope: Scope, expression: Expression): ConstantValue | null {
  return evaluateConstant(index, expression, (name) => lookupStatic(index, scope, name), 0);
}

/** The value of an expression that was checked. */
export function constantOfChecked(index: ProjectIndex, expression: Expression): ConstantValue | null {
  const value = evaluateConstant(index, expression, (name) => index.facts.symbols.get(name) ?? null, 0);
  const type = index.facts.types.get(expression);
  return type === undefined ? value : convertToType(value, type);
}

function evaluateConstant(
  index: ProjectIndex,
  expression: Expression,
  lookup: SymbolLookup,
  depth: number,
): ConstantValue | null {
  if (depth > MAXIMUM_DEPTH) return null;
  switch (expression.kind) {
    case 'Literal':
      return literalValue(expression);
    case 'Parenthesized':
      return evaluateConstant(index, expression.expression, lookup, depth + 1);
    case 'Unary': {
      const operand = evaluateConstant(index, expression.operand, lookup, depth + 1);
      return operand === null ? null : evaluateUnary(index, expression.operator, operand, expression);
    }
    case 'Binary': {
      const left = evaluateConstant(index, expression.left, lookup, depth + 1);
      if (left === null) return null;
      const right = evaluateConstant(index, expression.right, lookup, depth + 1);
      return right === null ? null : evaluateBinary(expression.operator, left, right);
    }
    case 'Name':
    case 'Member': {
      const symbol = lookup(expression);
      return symbol === null ? null : constantOfSymbol(index, symbol);
    }
    default:
      return null;
  }
}

/** The value of a constant variable or an enum value. */
export function constantOfSymbol(index: ProjectIndex, symbol: CodeSymbol): ConstantValue | null {
  if (symbol.kind === 'enum-value') {
    const node = index.enumOfValue.get(symbol);
    if (node !== undefined) index.resolveEnum(index, node);
    return symbol.value;
  }
  return symbol.kind === 'variable' ? constantOfVariable(index, symbol) : null;
}

function constantOfVariable(index: ProjectIndex, symbol: VariableSymbol): ConstantValue | null {
  if (symbol.externalTarget !== null) return constantOfVariable(index, symbol.externalTarget);
  const scope = index.constantScopes.get(symbol);
  if (scope === undefined || symbol.initializer === null) return null;
  const known = index.constantValues.get(symbol);
  if (known === 'evaluating') {
    const { site } = symbol;
    if (site !== null)
      index.reports.once(
        `${site.file.path} ${site.identifier.start}`,
        'PW2018',
        site.file,
        site.identifier,
        `The constant "${symbol.name}" is defined by itself. Give one of the constants in the circle a literal value.`,
      );
    return null;
  }
  if (known !== undefined) return convertToType(known, symbol.type);
  index.constantValues.set(symbol, 'evaluating');
  const value = constantInScope(index, scope, symbol.initializer);
  index.constantValues.set(symbol, value);
  return convertToType(value, symbol.type);
}

/**
 * A whole number in a REAL place is a REAL, so that `1 / 3` of REAL constants is not 0; a REAL has the
 * precision of a REAL; times are whole nanoseconds.
 */
function convertToType(value: ConstantValue | null, type: Type): ConstantValue | null {
  const family = familyOf(type);
  if (family === 'real' && (typeof value === 'bigint' || typeof value === 'number')) {
    const isSingle = carrierOf(type)?.name === 'REAL';
    return isSingle ? Math.fround(Number(value)) : Number(value);
  }
  if (typeof value === 'bigint' && family === 'boolean') return value !== 0n;
  if (typeof value === 'number' && family === 'duration') return BigInt(Math.round(value));
  return value;
}

function literalValue(literal: Literal): ConstantValue | null {
  if (literal.value === null) return null;
  if (typeof literal.value === 'bigint' && literal.typePrefix === 'BOOL') return literal.value !== 0n;
  if (typeof literal.value === 'bigint' && (literal.typePrefix === 'REAL' || literal.typePrefix === 'LREAL'))
    return Number(literal.value);
  return literal.value;
}

function evaluateUnary(
  index: ProjectIndex,
  operator: string,
  operand: ConstantValue,
  expression: Expression,
): ConstantValue | null {
  if (operator === '+') return operand;
  if (operator === '-') return typeof operand === 'bigint' || typeof operand === 'number' ? -operand : null;
  if (typeof operand === 'boolean') return !operand;
  if (typeof operand !== 'bigint') return null;
  const type = index.facts.types.get(expression);
  const carrier = type === undefined ? null : carrierOf(type);
  const range = carrier === null ? null : integerRangeOf(carrier);
  if (range === null) return null;
  return range.lower < 0n ? ~operand : range.upper ^ operand;
}

function evaluateBinary(operator: BinaryOperator, left: ConstantValue, right: ConstantValue): ConstantValue | null {
  if (typeof left === 'boolean' && typeof right === 'boolean') return evaluateBooleans(operator, left, right);
  if (typeof left === 'string' && typeof right === 'string') return evaluateComparison(operator, left, right);
  if (typeof left === 'bigint' && typeof right === 'bigint')
    return evaluateIntegers(operator, left, right) ?? evaluateComparison(operator, left, right);
  if (
    (typeof left === 'bigint' || typeof left === 'number') &&
    (typeof right === 'bigint' || typeof right === 'number')
  )
    return (
      evaluateReals(operator, Number(left), Number(right)) ?? evaluateComparison(operator, Number(left), Number(right))
    );
  return null;
}

function evaluateBooleans(operator: BinaryOperator, left: boolean, right: boolean): boolean | null {
  switch (operator) {
    case 'AND':
    case 'AND_THEN':
      return left && right;
    case 'OR':
    case 'OR_ELSE':
      return left || right;
    case 'XOR':
    case '<>':
      return left !== right;
    case '=':
      return left === right;
    default:
      return null;
  }
}

function evaluateIntegers(operator: BinaryOperator, left: bigint, right: bigint): bigint | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? null : left / right;
    case 'MOD':
      return right === 0n ? null : left % right;
    case '**':
      return right < 0n || right > 64n ? null : left ** right;
    case 'AND':
      return left & right;
    case 'OR':
      return left | right;
    case 'XOR':
      return left ^ right;
    default:
      return null;
  }
}

function evaluateReals(operator: BinaryOperator, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
    case '**':
      return left ** right;
    default:
      return null;
  }
}

function evaluateComparison<T extends bigint | number | string>(
  operator: BinaryOperator,
  left: T,
  right: T,
): boolean | null {
  switch (operator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return null;
  }
}
