/** Prints operators. What the JavaScript printer leaves to its run-time library is called there here, too. */

import { arithmeticCode } from '../compile/emit-arithmetic.js';
import type { Value } from '../compile/ir.js';
import { type IntegerShape, type Shape, TIME } from '../compile/shape.js';
import {
  close,
  constF32,
  constF64,
  constI32,
  constI64,
  type Emitter,
  getLocal,
  newLocal,
  op,
  open,
  setLocal,
  teeLocal,
} from './emitter.js';
import { typeCode, VOID_BLOCK } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { callHost, narrow, pushAs, pushValue, raise } from './print-place.js';

type Arithmetic = Extract<Value, { op: 'arithmetic' }>;

export function pushArithmetic(e: Emitter, value: Arithmetic): void {
  const { shape, operator, left, right } = value;
  const type = valueTypeOf(shape);
  const isUniform =
    left.shape.kind === shape.kind && valueTypeOf(left.shape) === type && valueTypeOf(right.shape) === type;
  if (isUniform && shape.kind === 'integer') {
    pushInteger(e, value, shape);
    return;
  }
  if (isUniform && (shape.kind === 'real' || shape.kind === 'lreal') && operator !== 'MOD') {
    pushFloat(e, value);
    return;
  }
  if (isUniform && shape.kind === 'time' && right.shape.kind === 'time' && (operator === '+' || operator === '-')) {
    pushAs(e, left, 'f64');
    pushAs(e, right, 'f64');
    op(e, operator === '+' ? OP.f64Add : OP.f64Sub);
    fitTime(e, value.site);
    return;
  }
  if (isUniform && type === 'i64' && (operator === '+' || operator === '-')) {
    pushAs(e, left, 'i64');
    pushAs(e, right, 'i64');
    op(e, operator === '+' ? OP.i64Add : OP.i64Sub);
    return;
  }
  pushValue(e, left);
  pushValue(e, right);
  callHost(e, arithmeticCode(value, 'a0', 'a1', e.unit.profile), [left.shape, right.shape], shape);
}

const FLOAT_OPERATORS = { '+': 0, '-': 1, '*': 2, '/': 3 } as const;

function pushFloat(e: Emitter, value: Arithmetic): void {
  const type = value.shape.kind === 'real' ? 'f32' : 'f64';
  pushAs(e, value.left, type);
  pushAs(e, value.right, type);
  if (value.operator === '/' && e.unit.profile.semantics.realDivisionByZero === 'fault') {
    const divisor = newLocal(e, type);
    teeLocal(e, divisor);
    if (type === 'f32') constF32(e, 0);
    else constF64(e, 0);
    op(e, type === 'f32' ? OP.f32Eq : OP.f64Eq);
    open(e, OP.if, VOID_BLOCK);
    raise(e, '$divideReal(1, 0, a0)', value.site);
    close(e);
    getLocal(e, divisor);
  }
  const first = type === 'f32' ? 0x92 : OP.f64Add;
  op(e, first + (value.operator === 'MOD' ? 0 : FLOAT_OPERATORS[value.operator]));
}

function pushInteger(e: Emitter, value: Arithmetic, shape: IntegerShape): void {
  const isBig = shape.bits === 64;
  const type = isBig ? 'i64' : 'i32';
  pushAs(e, value.left, type);
  pushAs(e, value.right, type);
  switch (value.operator) {
    case '+':
      op(e, isBig ? 0x7c : 0x6a);
      break;
    case '-':
      op(e, isBig ? 0x7d : 0x6b);
      break;
    case '*':
      op(e, isBig ? 0x7e : 0x6c);
      break;
    default:
      pushQuotient(e, value, shape);
  }
  narrow(e, shape);
}

/** Quotient or remainder of the two numbers on the stack. */
function pushQuotient(e: Emitter, value: Arithmetic, shape: IntegerShape): void {
  const isBig = shape.bits === 64;
  const type = isBig ? 'i64' : 'i32';
  const isQuotient = value.operator === '/';
  const first = isBig ? 0x7f : 0x6d;
  const instruction = first + (isQuotient ? 0 : 2) + (shape.isSigned ? 0 : 1);
  const { right } = value;
  if (right.op === 'constant' && Number(right.value) !== 0 && Number(right.value) !== -1) {
    op(e, instruction);
    return;
  }
  const divisor = newLocal(e, type);
  const dividend = newLocal(e, type);
  setLocal(e, divisor);
  setLocal(e, dividend);
  getLocal(e, divisor);
  op(e, isBig ? OP.i64Eqz : OP.i32Eqz);
  const orZero = e.unit.profile.semantics.divisionByZero === 'zero';
  if (orZero) {
    open(e, OP.if, typeCode(type));
    if (isBig) constI64(e, 0n);
    else constI32(e, 0);
    op(e, OP.else);
  } else {
    open(e, OP.if, VOID_BLOCK);
    raise(e, isBig ? `${isQuotient ? '$divideBig' : '$remainderBig'}(1n, 0n, a0)` : '$divideByZero(a0)', value.site);
    close(e);
  }
  pushSafeQuotient(e, { instruction, dividend, divisor, isBig, negates: isQuotient && shape.isSigned });
  if (orZero) close(e);
}

interface Quotient {
  readonly instruction: number;
  readonly dividend: number;
  readonly divisor: number;
  readonly isBig: boolean;
  /** True when the least number divided by -1 must wrap instead of trap. */
  readonly negates: boolean;
}

function pushSafeQuotient(e: Emitter, { instruction, dividend, divisor, isBig, negates }: Quotient): void {
  if (negates) {
    getLocal(e, divisor);
    if (isBig) constI64(e, -1n);
    else constI32(e, -1);
    op(e, isBig ? OP.i64Eq : OP.i32Eq);
    open(e, OP.if, typeCode(isBig ? 'i64' : 'i32'));
    if (isBig) constI64(e, 0n);
    else constI32(e, 0);
    getLocal(e, dividend);
    op(e, isBig ? OP.i64Sub : OP.i32Sub, OP.else);
  }
  getLocal(e, dividend);
  getLocal(e, divisor);
  op(e, instruction);
  if (negates) close(e);
}

const TIME_LIMIT = Number.MAX_SAFE_INTEGER;
const MILLISECOND = 1_000_000;
const TIME_SPAN_32 = 2 ** 32 * MILLISECOND;

/** Keeps the TIME on the stack within what the profile's TIME can hold. */
export function fitTime(e: Emitter, site: number): void {
  const { width, isSigned } = e.unit.profile.semantics.time;
  const time = newLocal(e, 'f64');
  teeLocal(e, time);
  if (width === 64) {
    op(e, OP.f64Abs);
    constF64(e, TIME_LIMIT);
    op(e, OP.f64Le, OP.i32Eqz);
    open(e, OP.if, VOID_BLOCK);
    getLocal(e, time);
    callHost(e, `$timeTooLong(a0, ${site})`, [TIME], null);
    op(e, OP.unreachable);
    close(e);
    getLocal(e, time);
    return;
  }
  // Inside of the span only the fraction of a millisecond is cut off; the quotient of such numbers is never rounded up.
  const upper = isSigned ? TIME_SPAN_32 / 2 : TIME_SPAN_32;
  constF64(e, 0);
  op(e, OP.f64Ge);
  getLocal(e, time);
  constF64(e, upper);
  op(e, OP.f64Lt, OP.i32And);
  open(e, OP.if, typeCode('f64'));
  getLocal(e, time);
  constF64(e, MILLISECOND);
  op(e, OP.f64Div, OP.f64Floor);
  constF64(e, MILLISECOND);
  op(e, OP.f64Mul, OP.else);
  getLocal(e, time);
  callHost(e, `${isSigned ? '$wrapSignedTime' : '$wrapTime'}(a0)`, [TIME], TIME);
  close(e);
}

export function pushNegated(e: Emitter, value: Extract<Value, { op: 'negate' }>): void {
  const { shape, operand } = value;
  switch (valueTypeOf(shape)) {
    case 'i32':
      constI32(e, 0);
      pushAs(e, operand, 'i32');
      op(e, OP.i32Sub);
      if (shape.kind === 'integer') narrow(e, shape);
      return;
    case 'i64':
      constI64(e, 0n);
      pushAs(e, operand, 'i64');
      op(e, OP.i64Sub);
      return;
    case 'f32':
      pushAs(e, operand, 'f32');
      op(e, OP.f32Neg);
      return;
    default:
      if (shape.kind === 'time') {
        constF64(e, 0);
        pushAs(e, operand, 'f64');
        op(e, OP.f64Sub);
        fitTime(e, value.site);
        return;
      }
      pushAs(e, operand, 'f64');
      op(e, OP.f64Neg);
  }
}

export function pushNot(e: Emitter, operand: Value): void {
  const { shape } = operand;
  pushValue(e, operand);
  if (shape.kind !== 'integer') {
    op(e, OP.i32Eqz);
    return;
  }
  if (shape.bits === 64) {
    constI64(e, -1n);
    op(e, OP.i64Xor);
    return;
  }
  constI32(e, -1);
  op(e, OP.i32Xor);
  narrow(e, shape);
}

type Compare = Extract<Value, { op: 'compare' }>;

const INTEGER_COMPARE = { '=': 0, '<>': 1, '<': 2, '>': 4, '<=': 6, '>=': 8 } as const;
const FLOAT_COMPARE = { '=': 0, '<>': 1, '<': 2, '>': 3, '<=': 4, '>=': 5 } as const;
const BOOL: Shape = { kind: 'bool' };

export function pushCompare(e: Emitter, value: Compare): void {
  const { left, right, operator } = value;
  const type = pushValue(e, left);
  pushAs(e, right, type);
  switch (type) {
    case 'i32':
    case 'i64': {
      const isUnsigned = left.shape.kind === 'integer' ? !left.shape.isSigned : left.shape.kind === 'bool';
      const first = type === 'i32' ? OP.i32Eq : OP.i64Eq;
      const order = INTEGER_COMPARE[operator];
      op(e, first + order + (order > 1 && isUnsigned ? 1 : 0));
      return;
    }
    case 'f32':
      op(e, OP.f32Eq + FLOAT_COMPARE[operator]);
      return;
    case 'f64':
      op(e, OP.f64Eq + FLOAT_COMPARE[operator]);
      return;
    default: {
      const sign = operator === '=' ? '===' : operator === '<>' ? '!==' : operator;
      callHost(e, `(a0 ${sign} a1)`, [left.shape, right.shape], BOOL);
    }
  }
}
