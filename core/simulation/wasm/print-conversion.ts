/** Prints conversions. Those that no instruction does run the expression of the JavaScript printer. */

import { convertCode } from '../compile/emit-conversion.js';
import type { Value } from '../compile/ir.js';
import { type IntegerShape, isAggregate, limitsOf, type Shape } from '../compile/shape.js';
import {
  close,
  constF64,
  constI32,
  type Emitter,
  getLocal,
  newLocal,
  op,
  open,
  pushInitial,
  teeLocal,
} from './emitter.js';
import { typeCode } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { callHost, narrow, pushAs, pushValue, SITE } from './print-place.js';

type Convert = Extract<Value, { op: 'convert' }>;

/** Marks the run as unknown and pushes the initial value of the shape. */
export function pushUnknown(e: Emitter, shape: Shape, site: number): void {
  constI32(e, site);
  callHost(e, '$unknown(a0, null)', [SITE], null);
  if (shape.kind === 'void' || shape.kind === 'unknown') return;
  pushInitial(e, shape);
}

export function pushConversion(e: Emitter, value: Convert): void {
  const { operand, shape: to, site } = value;
  const from = operand.shape;
  if (isAggregate(to) || to.kind === 'reference') {
    pushAs(e, operand, 'i32');
    return;
  }
  const type = pushValue(e, operand);
  if (from.kind === to.kind && from.kind !== 'integer' && from.kind !== 'string') return;
  if (to.kind === 'bool' && (type === 'i32' || type === 'i64')) {
    op(e, type === 'i32' ? OP.i32Eqz : OP.i64Eqz, OP.i32Eqz);
    return;
  }
  if (to.kind === 'integer' && (from.kind === 'integer' || from.kind === 'bool')) {
    fromWhole(e, from, to, site);
    return;
  }
  if (to.kind === 'integer' && (from.kind === 'real' || from.kind === 'lreal')) {
    fromFloat(e, from, to, site);
    return;
  }
  if ((to.kind === 'real' || to.kind === 'lreal') && toFloat(e, from, to)) return;
  if (from.kind === 'string' && to.kind === 'string' && !to.isCharacter && from.length <= to.length) return;
  const code = convertCode('a0', from, to, e.unit.profile, site);
  if (code === null) {
    op(e, OP.drop);
    pushUnknown(e, to, site);
    return;
  }
  callHost(e, code, [from], to);
}

function isInside(from: IntegerShape, to: IntegerShape): boolean {
  const inner = limitsOf(from);
  const outer = limitsOf(to);
  return inner.lower >= outer.lower && inner.upper <= outer.upper;
}

function fromWhole(e: Emitter, from: IntegerShape | { readonly kind: 'bool' }, to: IntegerShape, site: number): void {
  const isBigFrom = from.kind === 'integer' && from.bits === 64;
  if (to.bits === 64) {
    if (!isBigFrom) op(e, from.kind === 'integer' && from.isSigned ? 0xac : 0xad);
  } else {
    if (isBigFrom) op(e, 0xa7);
    const isExact = from.kind === 'bool' || isInside({ ...from, range: null }, { ...to, range: null });
    if (!isExact) narrow(e, to);
  }
  if (to.range !== null && (from.kind === 'bool' || !isInside(from, to))) checkRange(e, to, site);
}

function checkRange(e: Emitter, to: IntegerShape, site: number): void {
  if (to.range === null) return;
  const suffix = to.bits === 64 ? 'n' : '';
  callHost(e, `$subrange(a0, ${to.range.lower}${suffix}, ${to.range.upper}${suffix}, ${site})`, [to], to);
}

/** REAL or LREAL on the stack to an integer: rounded as the profile says, then wrapped. */
function fromFloat(e: Emitter, from: Shape, to: IntegerShape, site: number): void {
  const { profile } = e.unit;
  const takesBits = to.isBitString && profile.bitStringToReal === 'bits';
  if (takesBits && from.kind === 'real' && to.bits === 32) {
    op(e, 0xbc);
    return;
  }
  if (takesBits && from.kind === 'lreal' && to.bits === 64) {
    op(e, 0xbd);
    return;
  }
  if (to.bits === 64 || profile.semantics.realToInteger === 'half-away') {
    callHost(e, convertCode('a0', from, to, profile, site) ?? '0', [from], to);
    return;
  }
  if (from.kind === 'real') op(e, 0xbb);
  op(e, profile.semantics.realToInteger === 'truncate' ? OP.f64Trunc : OP.f64Nearest);
  const rounded = newLocal(e, 'f64');
  teeLocal(e, rounded);
  op(e, OP.f64Abs);
  constF64(e, 2 ** 62);
  op(e, OP.f64Lt);
  open(e, OP.if, typeCode('i32'));
  getLocal(e, rounded);
  op(e, 0xfc, 6, 0xa7, OP.else);
  getLocal(e, rounded);
  callHost(e, '$wrapNumber(a0, 32, true)', [{ kind: 'lreal' }], SITE);
  close(e);
  narrow(e, to);
  checkRange(e, to, site);
}

/** Returns false when no instruction does it. */
function toFloat(e: Emitter, from: Shape, to: Shape): boolean {
  const single = to.kind === 'real';
  switch (from.kind) {
    case 'real':
      op(e, 0xbb);
      return true;
    case 'lreal':
      op(e, 0xb6);
      return true;
    case 'bool':
      op(e, single ? 0xb3 : 0xb8);
      return true;
    case 'integer': {
      if (from.isBitString && e.unit.profile.bitStringToReal === 'bits') {
        if (single && from.bits === 32) {
          op(e, 0xbe);
          return true;
        }
        if (!single && from.bits === 64) {
          op(e, 0xbf);
          return true;
        }
      }
      const first = valueTypeOf(from) === 'i64' ? (single ? 0xb4 : 0xb9) : single ? 0xb2 : 0xb7;
      op(e, first + (from.isSigned ? 0 : 1));
      return true;
    }
    default:
      return false;
  }
}
