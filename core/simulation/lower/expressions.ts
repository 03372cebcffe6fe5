/** Expressions as values, with the conversions that the checker found implicit made explicit. */

import type { Binary, Expression, Unary } from '../../language/syntax/tree.js';
import type { CompareOperator, Place, Value } from '../compile/ir.js';
import { BOOL, isBig, isTemporal, LREAL, LTIME, type Shape, TIME, UNKNOWN } from '../compile/shape.js';
import { type RoutineScope, siteOf, sourceText, unknownValue } from './context.js';
import { markedCondition } from './decisions.js';
import { lowerInitializer } from './initial-values.js';
import { lowerPlace, readProperty, selfValue } from './places.js';
import { convertPointer, lowerPointerArithmetic, lowerPointerOrder, NULL_POINTER } from './pointers.js';
import { commonShape, constant, constantOfShape, convert, intrinsic, load, plain } from './values.js';

const COMPARISONS = new Set(['=', '<>', '<', '>', '<=', '>=']);

/** An expression converted to the shape its place wants. */
export function lowerAs(scope: RoutineScope, expression: Expression, shape: Shape): Value {
  if (shape.kind === 'unknown')
    return unknownValue(scope, expression, shape, sourceText(scope, expression), 'its type is not known');
  if (expression.kind === 'ArrayInitializer' || expression.kind === 'StructInitializer') {
    return lowerInitializer(scope, expression, shape);
  }
  const known = scope.project.model.constantOf(expression);
  if (known !== null) {
    const folded = constantOfShape(known, shape, scope.builder.profile);
    if (folded !== null) return folded;
  }
  const value = lowerValue(scope, expression);
  const pointer = convertPointer(scope, expression, value, shape);
  return pointer ?? convert(value, shape, siteOf(scope, expression), scope.builder.profile);
}

/** An expression in the shape of its own type. */
export function lowerValue(scope: RoutineScope, expression: Expression): Value {
  const { model } = scope.project;
  const { builder } = scope;
  const shape = builder.shapeOf(model.typeOf(expression));
  const known = model.constantOf(expression);
  if (known !== null) {
    const folded = constantOfShape(known, shape, builder.profile);
    if (folded !== null) return folded;
  }
  return markedCondition(scope, expression, lowerPlain(scope, expression, shape));
}

function lowerPlain(scope: RoutineScope, expression: Expression, shape: Shape): Value {
  switch (expression.kind) {
    case 'Parenthesized':
      return lowerValue(scope, expression.expression);
    case 'Literal':
      return lowerLiteral(scope, expression, shape);
    case 'Name':
    case 'Member':
    case 'Index':
    case 'Dereference':
    case 'Partial':
    case 'DirectAddress':
      return lowerRead(scope, expression, shape);
    case 'Unary':
      return lowerUnary(scope, expression, shape);
    case 'Binary':
      return lowerBinary(scope, expression, shape);
    case 'Call':
      return scope.lower.call(scope, expression, shape);
    case 'Self':
      return expression.which === 'THIS'
        ? selfValue(scope)
        : unknownValue(scope, expression, UNKNOWN, 'SUPER', 'SUPER can only be called');
    case 'AssignmentExpression':
      return scope.lower.assignment(scope, expression);
    case 'ArrayInitializer':
    case 'StructInitializer':
      return lowerInitializer(scope, expression, shape);
    case 'ErrorExpression':
      return unknownValue(scope, expression, shape, sourceText(scope, expression), 'it could not be parsed');
  }
}

function lowerLiteral(scope: RoutineScope, expression: Extract<Expression, { kind: 'Literal' }>, shape: Shape): Value {
  if (expression.literalKind === 'null') return constant({ kind: 'reference', target: UNKNOWN }, null);
  if (expression.value !== null) {
    const folded = constantOfShape(expression.value, shape, scope.builder.profile);
    if (folded !== null) return folded;
  }
  return unknownValue(scope, expression, shape, sourceText(scope, expression), 'the literal has no value in its type');
}

function lowerRead(scope: RoutineScope, expression: Expression, shape: Shape): Value {
  const { model } = scope.project;
  const symbol = expression.kind === 'Name' || expression.kind === 'Member' ? model.symbolOf(expression) : null;
  if (symbol?.kind === 'enum-value') {
    const value = constantOfShape(symbol.value, scope.builder.shapeOf(symbol.type), scope.builder.profile);
    if (value !== null) return value;
  }
  if (symbol?.kind === 'variable') {
    const counter = scope.counters.get(symbol);
    if (counter !== undefined && counter !== null && expression.kind === 'Name') {
      return load({ place: 'local', local: counter.local, shape: counter.local.shape });
    }
  }
  const place = lowerPlace(scope, expression);
  if (place !== null) {
    return place.shape.kind === 'unknown'
      ? unknownValue(scope, expression, place.shape, sourceText(scope, expression), 'its type is not known')
      : load(place);
  }
  const property = readProperty(scope, expression, shape);
  if (property !== null) return property;
  if (symbol?.kind === 'pou' && symbol.pouKind === 'program') return scope.builder.programOf(symbol);
  return unknownValue(scope, expression, shape, sourceText(scope, expression), 'the name is not resolved');
}

function lowerUnary(scope: RoutineScope, expression: Unary, shape: Shape): Value {
  const operand = lowerAs(scope, expression.operand, shape);
  if (expression.operator === '+') return operand;
  if (expression.operator === 'NOT') {
    return shape.kind === 'bool' || shape.kind === 'integer'
      ? { op: 'not', shape, operand }
      : unknownValue(scope, expression, shape, 'NOT', 'the operand is neither Boolean nor a bit string');
  }
  return { op: 'negate', shape, operand, site: siteOf(scope, expression) };
}

function lowerBinary(scope: RoutineScope, expression: Binary, shape: Shape): Value {
  const { model } = scope.project;
  const { builder } = scope;
  const site = siteOf(scope, expression);
  const left = builder.shapeOf(model.typeOf(expression.left));
  const right = builder.shapeOf(model.typeOf(expression.right));
  if (COMPARISONS.has(expression.operator)) return lowerComparison(scope, expression, left, right);
  switch (expression.operator) {
    case 'AND':
    case 'OR':
    case 'XOR':
    case 'AND_THEN':
    case 'OR_ELSE':
      if (shape.kind !== 'bool' && shape.kind !== 'integer') {
        return unknownValue(
          scope,
          expression,
          shape,
          expression.operator,
          'the operands are neither Boolean nor bit strings',
        );
      }
      return {
        op: 'logic',
        shape,
        operator: expression.operator,
        left: lowerAs(scope, expression.left, shape),
        right: lowerAs(scope, expression.right, shape),
      };
    case '**':
      return power(scope, lowerAs(scope, expression.left, LREAL), lowerAs(scope, expression.right, LREAL), shape, site);
    case '+':
    case '-':
    case '*':
    case '/':
    case 'MOD':
      if (isTemporal(left) || isTemporal(right))
        return lowerTemporal(scope, expression, expression.operator, left, right, shape);
      if (left.kind === 'reference' || right.kind === 'reference') {
        const pointer = lowerPointerArithmetic(scope, expression, shape);
        if (pointer !== null) return pointer;
      }
      if (shape.kind !== 'integer' && shape.kind !== 'real' && shape.kind !== 'lreal') {
        return unknownValue(
          scope,
          expression,
          shape,
          sourceText(scope, expression),
          'the operator does not fit its operands',
        );
      }
      return {
        op: 'arithmetic',
        shape: shape.kind === 'integer' ? { ...shape, range: null, names: null } : shape,
        operator: expression.operator,
        left: lowerAs(scope, expression.left, shape),
        right: lowerAs(scope, expression.right, shape),
        site,
      };
    default:
      return unknownValue(scope, expression, shape, expression.operator, 'the operator is not supported');
  }
}

/** `x ** y` is computed in double precision, then converted to the type of the expression. */
export function power(scope: RoutineScope, base: Value, exponent: Value, shape: Shape, site: number): Value {
  return convert(
    intrinsic('Math.pow', LREAL, [base, exponent]),
    shape.kind === 'unknown' ? LREAL : shape,
    site,
    scope.builder.profile,
  );
}

/** An operand that is compared with a reference: 0 stands for NULL, other numbers can't be told apart from addresses. */
function lowerReferred(scope: RoutineScope, expression: Expression, shape: Shape): Value {
  if (shape.kind !== 'integer') return lowerValue(scope, expression);
  if (scope.project.model.constantOf(expression) === 0n) return NULL_POINTER;
  const reason = 'a reference can only be compared with another one, with NULL and with 0';
  return unknownValue(scope, expression, NULL_POINTER.shape, sourceText(scope, expression), reason);
}

function lowerComparison(scope: RoutineScope, expression: Binary, left: Shape, right: Shape): Value {
  const operator = expression.operator as CompareOperator;
  const found = scope.builder.shapeOf(scope.project.model.operandTypeOf(expression));
  const isReference = (shape: Shape): boolean =>
    shape.kind === 'reference' || shape.kind === 'interface' || shape.kind === 'object';
  if (isReference(left) || isReference(right)) {
    if (operator !== '=' && operator !== '<>') return lowerPointerOrder(scope, expression, operator);
    const operands = [
      lowerReferred(scope, expression.left, left),
      lowerReferred(scope, expression.right, right),
    ] as const;
    return { op: 'compare', shape: BOOL, operator, left: operands[0], right: operands[1] };
  }
  if (left.kind === 'array' || right.kind === 'array') {
    return unknownValue(scope, expression, BOOL, sourceText(scope, expression), 'arrays can not be compared');
  }
  const shape =
    found.kind === 'unknown' || (found.kind === 'bool') !== (left.kind === 'bool') ? commonShape(left, right) : found;
  const wide: Shape =
    shape.kind === 'integer'
      ? { ...shape, range: null }
      : shape.kind === 'string'
        ? { ...shape, length: 1 << 20 }
        : shape;
  return {
    op: 'compare',
    shape: BOOL,
    operator,
    left: lowerAs(scope, expression.left, wide),
    right: lowerAs(scope, expression.right, wide),
  };
}

/** Durations, times of day and dates: table 30 of IEC 61131-3. */
function lowerTemporal(
  scope: RoutineScope,
  expression: Binary,
  operator: '+' | '-' | '*' | '/' | 'MOD',
  left: Shape,
  right: Shape,
  shape: Shape,
): Value {
  const values = { left: lowerValue(scope, expression.left), right: lowerValue(scope, expression.right) };
  return (
    temporalArithmetic(scope, operator, values.left, values.right, shape, siteOf(scope, expression)) ??
    unknownValue(
      scope,
      expression,
      shape,
      `${left.kind} ${operator} ${right.kind}`,
      'the operator does not fit its operands',
    )
  );
}

/** Null when the operator has no meaning for the operands. */
export function temporalArithmetic(
  scope: RoutineScope,
  operator: '+' | '-' | '*' | '/' | 'MOD',
  first: Value,
  second: Value,
  wanted: Shape,
  site: number,
): Value | null {
  const { profile } = scope.builder;
  const to = (value: Value, shape: Shape): Value => convert(value, shape, site, profile);
  if (operator === '*' && !isTemporal(first.shape))
    return temporalArithmetic(scope, operator, second, first, wanted, site);
  const left = first.shape;
  const right = second.shape;
  const isDuration = (shape: Shape): boolean => shape.kind === 'time' || shape.kind === 'ltime';
  if (operator === '*' || operator === '/' || operator === 'MOD') {
    if (!isDuration(left)) return null;
    if (isDuration(right)) {
      const shape = operator === '/' ? wanted : left;
      const common = left.kind === 'ltime' || right.kind === 'ltime' ? LTIME : TIME;
      const pair = { op: 'arithmetic' as const, operator, left: to(first, common), right: to(second, common), site };
      return operator === 'MOD' ? { ...pair, shape } : null;
    }
    // A number scales a duration: numbers up to 32 bits and reals as doubles, 64 bit numbers as bigints.
    const factor =
      left.kind === 'time' && isBig(right)
        ? to(second, LREAL)
        : left.kind === 'ltime' && operator !== '*' && right.kind === 'integer' && !isBig(right)
          ? to(second, { ...right, bits: 64 })
          : second;
    if (left.kind === 'ltime' && operator === '/' && !isBig(factor.shape)) {
      return intrinsic('$divideLongTime', left, [first, factor, plain(site)]);
    }
    return { op: 'arithmetic', shape: left, operator, left: first, right: factor, site };
  }
  if (isDuration(left) && isDuration(right)) {
    const common = left.kind === 'ltime' || right.kind === 'ltime' ? LTIME : TIME;
    return { op: 'arithmetic', shape: common, operator, left: to(first, common), right: to(second, common), site };
  }
  if (isDuration(right)) {
    const span = isBig(left) ? LTIME : TIME;
    return { op: 'arithmetic', shape: left, operator, left: first, right: to(second, span), site };
  }
  if (isDuration(left) && operator === '+') return temporalArithmetic(scope, operator, second, first, wanted, site);
  if (operator === '-' && isTemporal(right)) {
    const difference: Value = isBig(left)
      ? {
          op: 'arithmetic',
          shape: LTIME,
          operator,
          left: { ...first, shape: LTIME },
          right: { ...to(second, left), shape: LTIME },
          site,
        }
      : {
          op: 'arithmetic',
          shape: TIME,
          operator,
          left: { ...first, shape: TIME },
          right: { ...to(second, left), shape: TIME },
          site,
        };
    return to(difference, isDuration(wanted) ? wanted : TIME);
  }
  return null;
}

/** A reference to what an expression stands for; a value without a place gets a cell of its own. */
export function referenceTo(scope: RoutineScope, expression: Expression): Value | null {
  const place = lowerPlace(scope, expression);
  return place === null ? null : referenceToPlace(place);
}

function referenceToPlace(place: Place): Value {
  const root = place.place === 'bits' ? place.of : place;
  if (root.place === 'local') root.local.isBoxed = true;
  return { op: 'reference', shape: { kind: 'reference', target: place.shape }, to: place };
}
