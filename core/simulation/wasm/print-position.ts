/** Prints positions of array elements: each index checked against its bounds, then row-major. */

import type { PositionPart, Value } from '../compile/ir.js';
import type { Shape } from '../compile/shape.js';
import { close, constI32, type Emitter, getLocal, newLocal, op, open, teeLocal } from './emitter.js';
import { VOID_BLOCK } from './encoder.js';
import { OP } from './opcodes.js';
import { callHost, pushAs, SITE } from './print-place.js';
import { unsupported } from './unsupported.js';

/** Pushes the checked, zero-based position of an element. */
export function pushPosition(e: Emitter, value: Extract<Value, { op: 'position' }>): void {
  value.parts.forEach((part, order) => {
    pushPart(e, part, value.site);
    if (part.stride !== 1) {
      constI32(e, part.stride);
      op(e, OP.i32Mul);
    }
    if (order > 0) op(e, OP.i32Add);
  });
}

function pushPart(e: Emitter, part: PositionPart, site: number): void {
  if (part.index.shape.kind !== 'integer' || part.index.shape.bits === 64) unsupported('an index that is no integer');
  pushAs(e, part.index, 'i32');
  if (part.index.op !== 'constant' && !part.isProven) {
    checkIndex(e, part.index.shape, part.lower, part.upper, site);
    return;
  }
  if (part.lower === 0) return;
  constI32(e, part.lower);
  op(e, OP.i32Sub);
}

/** Turns the index on the stack into its distance from the lower bound, or faults. */
export function checkIndex(e: Emitter, shape: Shape, lower: number, upper: number, site: number): void {
  const isUnsigned = shape.kind === 'integer' && !shape.isSigned;
  // As an unsigned distance one comparison checks both bounds; it needs an index that does not wrap into them.
  if (isUnsigned && lower < 0) unsupported('an unsigned index into an array with a negative bound');
  const index = newLocal(e, 'i32');
  const distance = newLocal(e, 'i32');
  teeLocal(e, index);
  constI32(e, lower);
  op(e, OP.i32Sub);
  teeLocal(e, distance);
  constI32(e, upper - lower + 1);
  op(e, OP.i32GeU);
  open(e, OP.if, VOID_BLOCK);
  getLocal(e, index);
  constI32(e, lower);
  constI32(e, upper);
  constI32(e, site);
  callHost(e, '$outOfBounds(a0, a1, a2, a3)', [shape, SITE, SITE, SITE], null);
  op(e, OP.unreachable);
  close(e);
  getLocal(e, distance);
}
