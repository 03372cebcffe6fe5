/** Standard functions (IEC 61131-3 ed. 3, tables 22 to 46) as values; anything else is left to the caller. */

import { elementaryNamed } from '../../language/semantics/elementary-types.js';
import type { ResolvedCall } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Call, Expression } from '../../language/syntax/tree.js';
import type { ArithmeticOperator, CompareOperator, LogicOperator, Value } from '../compile/ir.js';
import { isQuiet } from '../compile/ir.js';
import { BOOL, DINT, INT, type IntegerShape, isBig, isTemporal, LREAL, REAL, type Shape } from '../compile/shape.js';
import { type RoutineScope, siteOf, unknownValue } from './context.js';
import { lowerAs, lowerValue, power, referenceTo, temporalArithmetic } from './expressions.js';
import { SCALING_FUNCTIONS } from './scaling-functions.js';
import { sizeOf } from './sizes.js';
import {
  as,
  input,
  inputAs,
  inputValue,
  type Lowering,
  resultShape,
  type StandardCall,
  written,
} from './standard-call.js';
import { lowerConversion } from './standard-conversions.js';
import { TEMPORAL_FUNCTIONS } from './temporal-functions.js';
import { lowerTestFunction } from './test-statements.js';
import { lowerQuery } from './type-queries.js';
import { commonShape, constant, intrinsic, plain } from './values.js';

/** Lowers a call of a library function; null when the target is no library function. */
export function lowerStandardFunction(
  scope: RoutineScope,
  call: Call,
  resolved: ResolvedCall,
  shape: Shape,
): Value | null {
  const target = resolved.target;
  if (target?.kind !== 'pou' || target.pouKind !== 'function' || !target.isLibrary) return null;
  const name = keyOf(target.name);
  const testFunction = scope.isTest ? lowerTestFunction(scope, call, resolved, name) : null;
  if (testFunction !== null) return testFunction;
  const standard: StandardCall = {
    scope,
    call,
    name,
    inputs: orderedInputs(
      resolved,
      [...target.variables.values()].filter((each) => each.scope !== 'output').map((each) => keyOf(each.name)),
    ),
    shape,
    site: siteOf(scope, call),
  };
  const lowering = FUNCTIONS[name] ?? null;
  const value = lowering === null ? lowerConversion(standard) : lowering(standard);
  return (
    value ??
    unknownValue(
      scope,
      call,
      shape,
      target.name,
      `the simulator has no model of the library function ${target.name} for these arguments`,
    )
  );
}

function orderedInputs(resolved: ResolvedCall, names: readonly string[]): (Expression | null)[] {
  const byName = new Map<string, Expression | null>();
  const order: string[] = [...names];
  for (const binding of resolved.bindings) {
    const key = keyOf(binding.parameterName);
    if (key === 'EN' || key === 'ENO' || binding.direction === 'out') continue;
    if (!order.includes(key)) order.push(key);
    byName.set(key, binding.argument.value);
  }
  return order.map((key) => byName.get(key) ?? null);
}

/** Computed in double precision, then rounded to the type of the result. */
function mathematical(code: string): Lowering {
  return (call) => {
    const shape = resultShape(call).kind === 'real' ? REAL : LREAL;
    return as(call, intrinsic(code, LREAL, [inputAs(call, 0, LREAL)]), shape);
  };
}

function folded(operator: ArithmeticOperator): Lowering {
  return (call) => {
    const arguments_ = written(call).map((each) => lowerValue(call.scope, each));
    const [first, ...others] = arguments_;
    if (first === undefined) return null;
    return others.reduce<Value | null>(
      (left, right) => (left === null ? null : arithmetic(call, operator, left, right)),
      first,
    );
  };
}

function arithmetic(call: StandardCall, operator: ArithmeticOperator, left: Value, right: Value): Value | null {
  if (isTemporal(left.shape) || isTemporal(right.shape)) {
    return temporalArithmetic(call.scope, operator, left, right, call.shape, call.site);
  }
  const shape = resultShape(call);
  if (shape.kind !== 'integer' && shape.kind !== 'real' && shape.kind !== 'lreal') return null;
  return {
    op: 'arithmetic',
    shape,
    operator,
    left: as(call, left, shape),
    right: as(call, right, shape),
    site: call.site,
  };
}

function logical(operator: LogicOperator): Lowering {
  return (call) => {
    const shape = resultShape(call);
    const [first, ...others] = written(call).map((each) => lowerAs(call.scope, each, shape));
    if (first === undefined || (shape.kind !== 'bool' && shape.kind !== 'integer')) return null;
    return others.reduce<Value>((left, right) => ({ op: 'logic', shape, operator, left, right }), first);
  };
}

/** `GT(a, b, c)`: every neighbouring pair must fulfil the comparison. */
function comparison(operator: CompareOperator): Lowering {
  return (call) => {
    const shapes = written(call).map((each) => call.scope.builder.shapeOf(call.scope.project.model.typeOf(each)));
    const shape = shapes.reduce(commonShape, shapes[0] ?? DINT);
    const values = written(call).map((each) => lowerAs(call.scope, each, shape));
    let result: Value | null = null;
    for (let index = 0; index + 1 < values.length; index++) {
      const left = values[index];
      const right = values[index + 1];
      if (left === undefined || right === undefined) continue;
      const pair: Value = { op: 'compare', shape: BOOL, operator, left, right };
      result = result === null ? pair : { op: 'logic', shape: BOOL, operator: 'AND', left: result, right: pair };
    }
    return result;
  };
}

function extreme(name: string): Lowering {
  return (call) => {
    const shape = resultShape(call);
    return intrinsic(
      name,
      shape,
      written(call).map((each) => lowerAs(call.scope, each, shape)),
    );
  };
}

function shift(name: string): Lowering {
  return (call) => {
    const shape = resultShape(call);
    if (shape.kind === 'bool') return null;
    if (shape.kind !== 'integer') return null;
    const bits = shape.bits;
    const unsigned: IntegerShape = { ...shape, isSigned: false, range: null, names: null };
    const count = inputAs(call, 1, DINT);
    const beyond = call.scope.builder.profile.semantics.shiftBeyondWidth;
    const isShift = name === '$shl' || name === '$shr';
    const turned: Value =
      beyond === 'modulo' && isShift
        ? { op: 'arithmetic', shape: DINT, operator: 'MOD', left: count, right: plain(bits), site: call.site }
        : count;
    const value = as(call, inputAs(call, 0, shape), unsigned);
    const result =
      bits === 64
        ? intrinsic(`${name}Big`, unsigned, [value, turned])
        : intrinsic(name, unsigned, [value, turned, plain(bits)]);
    return as(call, result, shape);
  };
}

/** A string function whose further arguments are positions and lengths. */
function textual(name: string, texts: number, numbers: number): Lowering {
  return (call) => {
    const shape = resultShape(call);
    const wide: Shape = {
      kind: 'string',
      isWide: shape.kind === 'string' && shape.isWide,
      isCharacter: false,
      length: 1 << 20,
    };
    const values: Value[] = [];
    for (let index = 0; index < texts; index++) values.push(inputAs(call, index, wide));
    for (let index = 0; index < numbers; index++) values.push(inputAs(call, texts + index, DINT));
    return as(call, intrinsic(name, wide, values), shape.kind === 'string' ? shape : wide);
  };
}

function select(call: StandardCall): Value | null {
  const shape = resultShape(call, 1);
  const condition = inputAs(call, 0, BOOL);
  const whenFalse = inputAs(call, 1, shape);
  const whenTrue = inputAs(call, 2, shape);
  if (isQuiet(whenFalse) && isQuiet(whenTrue)) return { op: 'choose', shape, condition, whenTrue, whenFalse };
  return intrinsic('$select', shape, [condition, whenFalse, whenTrue]);
}

function multiplex(call: StandardCall): Value | null {
  const shape = resultShape(call, 1);
  const [, ...inputs] = written(call);
  return intrinsic('$mux', shape, [
    plain(call.site),
    inputAs(call, 0, DINT),
    ...inputs.map((each) => lowerAs(call.scope, each, shape)),
  ]);
}

function absolute(call: StandardCall): Value | null {
  const shape = resultShape(call);
  const value = inputAs(call, 0, shape);
  if (isBig(shape)) return intrinsic('$absBig', shape, [value]);
  if (shape.kind === 'integer' && isQuiet(value)) {
    const isNegative: Value = { op: 'compare', shape: BOOL, operator: '<', left: value, right: constant(shape, 0) };
    return {
      op: 'choose',
      shape,
      condition: isNegative,
      whenTrue: { op: 'negate', shape, operand: value, site: call.site },
      whenFalse: value,
    };
  }
  if (shape.kind !== 'integer') return intrinsic('Math.abs', shape, [value]);
  // ABS of the least negative number does not fit: it overflows like any other operation.
  const number: Value = { op: 'convert', shape: LREAL, operand: value, site: call.site };
  return as(call, intrinsic('Math.abs', LREAL, [number]), shape);
}

function bound(which: 0 | 1): Lowering {
  return (call) => {
    const array = input(call, 0);
    if (array === null) return null;
    const value = lowerValue(call.scope, array);
    return intrinsic('$bound', DINT, [value, inputAs(call, 1, DINT), plain(which), plain(call.site)]);
  };
}

const FUNCTIONS: Readonly<Record<string, Lowering>> = {
  ABS: absolute,
  SQRT: mathematical('Math.sqrt'),
  LN: mathematical('Math.log'),
  LOG: mathematical('Math.log10'),
  LOG10: mathematical('Math.log10'),
  EXP: mathematical('Math.exp'),
  SIN: mathematical('Math.sin'),
  COS: mathematical('Math.cos'),
  TAN: mathematical('Math.tan'),
  ASIN: mathematical('Math.asin'),
  ACOS: mathematical('Math.acos'),
  ATAN: mathematical('Math.atan'),
  SQR: (call) => arithmetic(call, '*', inputValue(call, 0), inputValue(call, 0)),
  CEIL: (call) => as(call, intrinsic('Math.ceil', LREAL, [inputAs(call, 0, LREAL)]), resultShape(call)),
  FLOOR: (call) => as(call, intrinsic('Math.floor', LREAL, [inputAs(call, 0, LREAL)]), resultShape(call)),
  LTRUNC: mathematical('Math.trunc'),
  ATAN2: (call) =>
    as(call, intrinsic('Math.atan2', LREAL, [inputAs(call, 0, LREAL), inputAs(call, 1, LREAL)]), resultShape(call)),
  ADD: folded('+'),
  MUL: folded('*'),
  SUB: folded('-'),
  DIV: folded('/'),
  MOD: folded('MOD'),
  EXPT: (call) => power(call.scope, inputAs(call, 0, LREAL), inputAs(call, 1, LREAL), resultShape(call), call.site),
  MOVE: (call) => inputAs(call, 0, resultShape(call)),
  SHL: shift('$shl'),
  SHR: shift('$shr'),
  ROL: shift('$rol'),
  ROR: shift('$ror'),
  AND: logical('AND'),
  OR: logical('OR'),
  XOR: logical('XOR'),
  NOT: (call) => ({ op: 'not', shape: resultShape(call), operand: inputAs(call, 0, resultShape(call)) }),
  SEL: select,
  MAX: extreme('$maxOf'),
  MIN: extreme('$minOf'),
  LIMIT: extreme('$limit'),
  MUX: multiplex,
  GT: comparison('>'),
  GE: comparison('>='),
  EQ: comparison('='),
  LE: comparison('<='),
  LT: comparison('<'),
  NE: comparison('<>'),
  LEN: (call) => as(call, intrinsic('$len', DINT, [inputValue(call, 0)]), INT),
  LEFT: textual('$left', 1, 1),
  RIGHT: textual('$right', 1, 1),
  MID: textual('$mid', 1, 2),
  CONCAT: (call) => {
    const shape = resultShape(call);
    const wide: Shape = { kind: 'string', isWide: false, isCharacter: false, length: 1 << 20 };
    return as(
      call,
      intrinsic(
        '$concat',
        wide,
        written(call).map((each) => lowerAs(call.scope, each, wide)),
      ),
      shape.kind === 'string' ? shape : wide,
    );
  },
  INSERT: textual('$insert', 2, 1),
  DELETE: textual('$delete', 1, 2),
  REPLACE: textual('$replace', 2, 2),
  FIND: (call) => as(call, intrinsic('$find', DINT, [inputValue(call, 0), inputValue(call, 1)]), INT),
  ...TEMPORAL_FUNCTIONS,
  ...SCALING_FUNCTIONS,
  LOWER_BOUND: bound(0),
  UPPER_BOUND: bound(1),
  IS_VALID: (call) => intrinsic('Number.isFinite', BOOL, [inputAs(call, 0, LREAL)]),
  SIZEOF: (call) => {
    const target = input(call, 0);
    const size = target === null ? null : sizeOf(measuredShape(call, target), call.scope.builder.profile);
    return size === null ? null : as(call, plain(size), resultShape(call));
  },
  REF: reference,
  ADR: reference,
  __ISVALIDREF: (call) => validReference(call),
  __QUERYINTERFACE: lowerQuery,
  __QUERYPOINTER: lowerQuery,
  __NEW: (call) => refusedMemory(call),
  __DELETE: (call) => refusedMemory(call),
  TRUNC: (call) => truncated(call, call.shape.kind === 'integer' ? call.shape : DINT),
  TRUNC_INT: (call) => truncated(call, INT),
};

/** The shape of what SIZEOF measures: a variable, or a type by its name. */
function measuredShape(call: StandardCall, target: Expression): Shape {
  const { model } = call.scope.project;
  const symbol = target.kind === 'Name' ? model.symbolOf(target) : null;
  if (symbol?.kind === 'type') return call.scope.builder.shapeOf(symbol.type);
  const type = target.kind === 'Name' && symbol === null ? elementaryNamed(keyOf(target.name.name)) : null;
  return call.scope.builder.shapeOf(type ?? model.typeOf(target));
}

/** Memory that a program asks for while it runs: how much there is, and what happens at its end, is up to a controller. */
function refusedMemory(call: StandardCall): Value {
  const reason = 'the simulator has no heap; declare the instance or the array as a variable instead';
  return unknownValue(call.scope, call.call, call.shape, call.name, reason);
}

function reference(call: StandardCall): Value | null {
  const target = input(call, 0);
  return target === null ? null : referenceTo(call.scope, target);
}

function validReference(call: StandardCall): Value | null {
  const target = input(call, 0);
  const symbol =
    target?.kind === 'Name' || target?.kind === 'Member' ? call.scope.project.model.symbolOf(target) : null;
  if (target === null || symbol === null) return null;
  const place = referencePlaceOf(call, target);
  return place === null ? null : intrinsic('$isSet', BOOL, [place]);
}

function referencePlaceOf(call: StandardCall, target: Expression): Value | null {
  const value = referenceTo(call.scope, target);
  return value?.op === 'reference' && value.to.place === 'target' ? value.to.reference : null;
}

function truncated(call: StandardCall, shape: Shape): Value {
  return as(call, intrinsic('Math.trunc', LREAL, [inputAs(call, 0, LREAL)]), shape);
}
