/** What only test cases have: assertions, virtual time, mocks. */

import type { ResolvedCall } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Call, Expression, MockStatement } from '../../language/syntax/tree.js';
import type { Effect, Value } from '../compile/ir.js';
import { BOOL, DINT, isBig, LREAL, type Shape, TIME, VOID } from '../compile/shape.js';
import { type RoutineScope, siteOf, sourceText, unknownEffect, unknownValue } from './context.js';
import { lowerAs, lowerValue } from './expressions.js';
import { lowerObject } from './places.js';
import { commonShape, constant, convert, intrinsic, plain, TRUE } from './values.js';

const TEXT: Shape = { kind: 'string', isWide: false, length: 1 << 20, isCharacter: false };

/** `MOCK instance;` and `MOCK_FUNCTION Name RETURNS value;`. */
export function lowerMock(scope: RoutineScope, statement: MockStatement): Effect[] {
  if (statement.returns !== null) {
    const symbol =
      statement.target.kind === 'Name' || statement.target.kind === 'Member'
        ? scope.project.model.symbolOf(statement.target)
        : null;
    if (symbol?.kind !== 'pou' || symbol.pouKind !== 'function') {
      return [
        unknownEffect(
          scope,
          statement,
          sourceText(scope, statement.target),
          'only a function can be mocked by MOCK_FUNCTION',
        ),
      ];
    }
    const value = lowerAs(scope, statement.returns, scope.builder.shapeOf(symbol.returnType));
    return [
      { do: 'evaluate', value: intrinsic('$mockFunction', VOID, [constant(TEXT, keyOf(symbol.qualifiedName)), value]) },
    ];
  }
  const object = lowerObject(scope, statement.target);
  if (object === null || object.shape.kind !== 'object') {
    return [
      unknownEffect(
        scope,
        statement,
        sourceText(scope, statement.target),
        'MOCK needs an instance of a function block',
      ),
    ];
  }
  return [
    { do: 'store', to: { place: 'field', object, name: 'mocked', shape: BOOL }, value: TRUE },
    { do: 'store', to: { place: 'field', object, name: 'calls', shape: DINT }, value: constant(DINT, 0) },
  ];
}

/** A function of the test library; null for any other function. */
export function lowerTestFunction(scope: RoutineScope, call: Call, resolved: ResolvedCall, name: string): Value | null {
  const values = resolved.bindings
    .map((each) => each.argument.value)
    .filter((each): each is Expression => each !== null);
  const site = siteOf(scope, call);
  switch (name) {
    case 'ASSERT_TRUE':
    case 'ASSERT_FALSE': {
      const [condition, message] = values;
      if (condition === undefined) return null;
      return assertion(scope, name, site, [lowerAs(scope, condition, BOOL)], message);
    }
    case 'ASSERT_EQ':
    case 'ASSERT_NEQ':
    case 'ASSERT_GT':
    case 'ASSERT_LT':
    case 'ASSERT_GE':
    case 'ASSERT_LE': {
      const [actual, expected, message] = values;
      if (actual === undefined || expected === undefined) return null;
      const shape = comparedShape(scope, actual, expected);
      return assertion(scope, name, site, [lowerAs(scope, actual, shape), lowerAs(scope, expected, shape)], message);
    }
    case 'ASSERT_NEAR': {
      const [actual, expected, tolerance, message] = values;
      if (actual === undefined || expected === undefined || tolerance === undefined) return null;
      const parts = [actual, expected, tolerance].map((each) => lowerAs(scope, each, LREAL));
      return assertion(scope, name, site, parts, message);
    }
    case 'ADVANCE_TIME': {
      const [time] = values;
      return time === undefined ? null : advance(scope, time, site);
    }
    case 'MOCK_VERIFY_CALLED':
    case 'MOCK_VERIFY_CALL_COUNT':
      return verifyCalls(scope, call, values, site, name === 'MOCK_VERIFY_CALL_COUNT');
    default:
      return null;
  }
}

/** Literals take the type of the other side; otherwise the wider type of both. */
function comparedShape(scope: RoutineScope, actual: Expression, expected: Expression): Shape {
  const types = [actual, expected].map((each) => scope.project.model.typeOf(each));
  const shapes = types.map((type) => scope.builder.shapeOf(type));
  const [first, second] = shapes;
  if (first === undefined || second === undefined) return VOID;
  if (types[1]?.kind === 'literal' && types[0]?.kind !== 'literal') {
    const isWider = types[1].class === 'real' && first.kind === 'integer';
    const value = types[1].value;
    const fits = first.kind !== 'integer' || typeof value !== 'bigint' || literalFits(value, first);
    if (!isWider && fits) return first.kind === 'integer' ? { ...first, range: null } : first;
  }
  const common = commonShape(first, second);
  return common.kind === 'integer' ? { ...common, range: null } : common;
}

function literalFits(value: bigint, shape: Extract<Shape, { kind: 'integer' }>): boolean {
  const bits = BigInt(shape.bits);
  return shape.isSigned
    ? value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n)
    : value >= 0n && value < 1n << bits;
}

function assertion(
  scope: RoutineScope,
  name: string,
  site: number,
  values: readonly Value[],
  message: Expression | undefined,
): Value {
  const shape = values[0]?.shape;
  if (shape !== undefined) scope.builder.assertion(site, shape);
  const text = message === undefined ? constant(TEXT, null) : lowerAs(scope, message, TEXT);
  return intrinsic('$assert', VOID, [constant(TEXT, name), plain(site), text, ...values]);
}

/** A TIME, an LTIME or an integer in nanoseconds. */
function advance(scope: RoutineScope, time: Expression, site: number): Value {
  const value = lowerValue(scope, time);
  const { profile } = scope.builder;
  if (value.shape.kind === 'time' || value.shape.kind === 'ltime') {
    return { op: 'call', shape: VOID, name: 'advanceTime', arguments: [convert(value, TIME, site, profile)] };
  }
  if (value.shape.kind !== 'integer') {
    return unknownValue(
      scope,
      time,
      VOID,
      sourceText(scope, time),
      'ADVANCE_TIME takes a TIME or an integer in nanoseconds',
    );
  }
  const nanoseconds: Value = isBig(value.shape) ? { op: 'convert', shape: LREAL, operand: value, site } : value;
  return { op: 'call', shape: VOID, name: 'advanceTime', arguments: [nanoseconds] };
}

function verifyCalls(
  scope: RoutineScope,
  call: Call,
  values: readonly Expression[],
  site: number,
  isExact: boolean,
): Value | null {
  const [target, count] = values;
  if (target === undefined || (isExact && count === undefined)) return null;
  const expected = isExact && count !== undefined ? lowerAs(scope, count, DINT) : constant(DINT, null);
  const symbol = target.kind === 'Name' || target.kind === 'Member' ? scope.project.model.symbolOf(target) : null;
  const name = constant(TEXT, sourceText(scope, target));
  if (symbol?.kind === 'pou' && symbol.pouKind === 'function') {
    const calls = intrinsic('$callsOf', DINT, [constant(TEXT, keyOf(symbol.qualifiedName))]);
    return intrinsic('$verifyCalls', VOID, [plain(site), name, calls, expected]);
  }
  const object = lowerObject(scope, target);
  if (object === null)
    return unknownValue(scope, call, VOID, sourceText(scope, target), 'the instance is not resolved');
  const calls: Value = { op: 'load', shape: DINT, from: { place: 'field', object, name: 'calls', shape: DINT } };
  return intrinsic('$verifyCalls', VOID, [plain(site), name, calls, expected]);
}
