/** Small builders of intermediate values: constants, conversions, calls of the run-time library. */

import type { ConstantValue } from '../../language/semantics/model.js';
import type { ConstantContent, Place, Site, Value } from '../compile/ir.js';
import type { ExecutionProfile } from '../compile/profile.js';
import { BOOL, DINT, type IntegerShape, isBig, limitsOf, type Shape, sameShape } from '../compile/shape.js';
import { roundReal } from '../run-time/numbers.js';

export function constant(shape: Shape, value: ConstantContent): Value {
  return { op: 'constant', shape, value };
}

export const TRUE: Value = constant(BOOL, true);
export const FALSE: Value = constant(BOOL, false);

export function load(from: Place): Value {
  return { op: 'load', shape: from.shape, from };
}

export function intrinsic(name: string, shape: Shape, values: readonly Value[]): Value {
  return { op: 'intrinsic', name, shape, arguments: values };
}

/** A number that is an argument of a run-time function, not a value of the program. */
export function plain(value: number): Value {
  return constant(DINT, value);
}

/** Converts a value to a shape; constants are converted here. */
export function convert(value: Value, to: Shape, site: Site, profile: ExecutionProfile): Value {
  if (sameShape(value.shape, to)) return value;
  if (value.op === 'constant' && value.value !== null) {
    const folded = constantOfShape(value.value, to, profile);
    if (folded !== null) return folded;
  }
  if (value.op === 'unknown') return { ...value, shape: to };
  if (value.shape.kind === 'unknown' || to.kind === 'unknown') return { op: 'unknown', shape: to, site };
  return { op: 'convert', shape: to, operand: value, site };
}

/** A compile-time value as a constant of a shape; null when that needs a conversion at run time. */
export function constantOfShape(value: ConstantValue, shape: Shape, profile: ExecutionProfile): Value | null {
  switch (shape.kind) {
    case 'bool':
      if (typeof value === 'boolean') return constant(shape, value);
      return typeof value === 'bigint' ? constant(shape, value !== 0n) : null;
    case 'integer':
      return integerConstant(value, shape, profile);
    case 'real':
      return typeof value === 'number' || typeof value === 'bigint'
        ? constant(shape, Math.fround(Number(value)))
        : null;
    case 'lreal':
      return typeof value === 'number' || typeof value === 'bigint' ? constant(shape, Number(value)) : null;
    case 'time':
      return typeof value === 'bigint'
        ? constant(shape, Number(value - (value % profile.semantics.time.resolution)))
        : null;
    case 'time-of-day':
      return typeof value === 'bigint' ? constant(shape, Number(value)) : null;
    case 'string':
      return typeof value === 'string' ? constant(shape, value.slice(0, shape.length)) : null;
    default:
      return isBig(shape) && typeof value === 'bigint' ? constant(shape, value) : null;
  }
}

function integerConstant(value: ConstantValue, shape: IntegerShape, profile: ExecutionProfile): Value | null {
  if (typeof value === 'string') return null;
  let whole: bigint;
  if (typeof value === 'boolean') whole = value ? 1n : 0n;
  else if (typeof value === 'bigint') whole = value;
  else {
    const rounded = roundReal(value, profile.semantics.realToInteger);
    if (!Number.isFinite(rounded)) return null;
    whole = BigInt(rounded);
  }
  const { lower, upper } = limitsOf(shape);
  if (whole < lower || whole > upper) {
    if (shape.range !== null || (profile.semantics.integerOverflow !== 'wrap' && !shape.isBitString)) return null;
  }
  if (shape.bits === 64) return constant(shape, shape.isSigned ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole));
  const wrapped = shape.isSigned ? BigInt.asIntN(shape.bits, whole) : BigInt.asUintN(shape.bits, whole);
  return constant(shape, Number(wrapped));
}

/** The shape in which an operator computes on two operands when the checker did not say. */
export function commonShape(a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  if (a.kind === 'lreal' || b.kind === 'lreal') return a.kind === 'lreal' ? a : b;
  if (a.kind === 'real' || b.kind === 'real') return a.kind === 'real' ? a : b;
  if (a.kind === 'integer' && b.kind === 'integer') {
    if (a.bits !== b.bits) return a.bits > b.bits ? a : b;
    return a.isSigned ? a : b;
  }
  if (a.kind === 'string' && b.kind === 'string') return a.length >= b.length ? a : b;
  if (a.kind === 'ltime' || b.kind === 'ltime') return a.kind === 'ltime' ? a : b;
  return a;
}
