/** Prints functions of the run-time library: as instructions where there are any, else as calls of the host. */

import type { Value } from '../compile/ir.js';
import { isAggregate, type Shape } from '../compile/shape.js';
import { constI32, type Emitter, getLocal, newLocal, op, setLocal } from './emitter.js';
import type { ValueType } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { callHost, checkReference, pushAs, pushValue } from './print-place.js';
import { checkIndex } from './print-position.js';
import { unsupported } from './unsupported.js';

type Intrinsic = Extract<Value, { op: 'intrinsic' }>;

const FLOAT_INSTRUCTIONS: Readonly<Record<string, number>> = {
  'Math.abs': OP.f64Abs,
  'Math.ceil': 0x9b,
  'Math.floor': OP.f64Floor,
  'Math.trunc': OP.f64Trunc,
  'Math.sqrt': OP.f64Sqrt,
};

export function pushIntrinsic(e: Emitter, value: Intrinsic): ValueType | null {
  const { name, arguments: values, shape } = value;
  const [first] = values;
  const instruction = FLOAT_INSTRUCTIONS[name];
  if (instruction !== undefined && first !== undefined) {
    const type = pushValue(e, first);
    if (type !== 'f64' && !(type === 'f32' && name === 'Math.abs')) return unsupported(`${name} of a whole number`);
    op(e, type === 'f32' ? 0x8b : instruction);
    return type;
  }
  switch (name) {
    case '$limit':
    case '$select':
    case '$maxOf':
    case '$minOf':
      if (valueTypeOf(shape) !== 'externref') return pushSelection(e, value);
      break;
    case '$shl':
    case '$shr':
    case '$rol':
    case '$ror':
      return pushShift(e, value);
    case '$index':
      return pushCheckedIndex(e, values);
    case '$known': {
      const site = values[1];
      if (first === undefined || site?.op !== 'constant') return unsupported(name);
      pushAs(e, first, 'i32');
      checkReference(e, Number(site.value));
      return 'i32';
    }
    case '$isSet':
      if (first === undefined) return unsupported(name);
      pushAs(e, first, 'i32');
      op(e, OP.i32Eqz, OP.i32Eqz);
      return 'i32';
    case '$indexOfBig':
      return unsupported('an index of 64 bits');
    case '$bound':
      return unsupported('the bound of an array');
  }
  for (const each of values) {
    if (isAggregate(each.shape) || each.shape.kind === 'reference') return unsupported(`${name} of an aggregate`);
    pushValue(e, each);
  }
  const parameters = values.map((_, index) => `a${index}`).join(', ');
  callHost(
    e,
    `${name}(${parameters})`,
    values.map((each) => each.shape),
    shape,
  );
  return valueTypeOf(shape);
}

function pushCheckedIndex(e: Emitter, values: readonly Value[]): ValueType {
  const [index, lower, upper, site] = values;
  if (index === undefined || lower?.op !== 'constant' || upper?.op !== 'constant' || site?.op !== 'constant')
    return unsupported('$index');
  pushAs(e, index, 'i32');
  checkIndex(e, index.shape, Number(lower.value), Number(upper.value), Number(site.value));
  return 'i32';
}

/** Numbers of instructions `<` and `>` for values of a shape. */
function orderOf(shape: Shape): { readonly less: number; readonly greater: number } {
  const unsigned = shape.kind === 'integer' ? !shape.isSigned : shape.kind === 'bool';
  switch (valueTypeOf(shape)) {
    case 'i32':
      return unsigned ? { less: 0x49, greater: 0x4b } : { less: 0x48, greater: 0x4a };
    case 'i64':
      return unsigned ? { less: 0x54, greater: 0x56 } : { less: 0x53, greater: 0x55 };
    case 'f32':
      return { less: 0x5d, greater: 0x5e };
    case 'f64':
      return { less: 0x63, greater: 0x64 };
    default:
      return unsupported('an order of strings');
  }
}

/** LIMIT, SEL, MAX and MIN: all arguments are evaluated, in their order, before one is chosen. */
function pushSelection(e: Emitter, value: Intrinsic): ValueType {
  const type = valueTypeOf(value.shape);
  const locals = value.arguments.map((each, index) => {
    const own = value.name === '$select' && index === 0 ? 'i32' : type;
    pushAs(e, each, own);
    const local = newLocal(e, own);
    setLocal(e, local);
    return local;
  });
  const [a = 0, b = 0, c = 0] = locals;
  if (value.name === '$select') {
    getLocal(e, c);
    getLocal(e, b);
    getLocal(e, a);
    op(e, OP.select);
    return type;
  }
  const { less, greater } = orderOf(value.shape);
  if (value.name === '$limit') {
    getLocal(e, a);
    getLocal(e, c);
    getLocal(e, b);
    getLocal(e, b);
    getLocal(e, c);
    op(e, greater, OP.select);
    getLocal(e, b);
    getLocal(e, a);
    op(e, less, OP.select);
    return type;
  }
  const best = newLocal(e, type);
  getLocal(e, a);
  setLocal(e, best);
  for (const local of locals.slice(1)) {
    getLocal(e, local);
    getLocal(e, best);
    getLocal(e, local);
    getLocal(e, best);
    op(e, value.name === '$maxOf' ? greater : less, OP.select);
    setLocal(e, best);
  }
  getLocal(e, best);
  return type;
}

/** Shifts and rotations of up to 32 bits. The operand is in its unsigned range. */
function pushShift(e: Emitter, value: Intrinsic): ValueType {
  const [operand, count, width] = value.arguments;
  if (operand === undefined || count === undefined || width?.op !== 'constant') return unsupported(value.name);
  const bits = Number(width.value);
  const word = newLocal(e, 'i32');
  const places = newLocal(e, 'i32');
  pushAs(e, operand, 'i32');
  setLocal(e, word);
  pushAs(e, count, 'i32');
  setLocal(e, places);
  const cut = (): void => {
    if (bits === 32) return;
    constI32(e, 2 ** bits - 1);
    op(e, OP.i32And);
  };
  if (value.name === '$shl' || value.name === '$shr') {
    getLocal(e, word);
    getLocal(e, places);
    op(e, value.name === '$shl' ? OP.i32Shl : OP.i32ShrU);
    cut();
    constI32(e, 0);
    getLocal(e, places);
    constI32(e, bits);
    op(e, OP.i32LtU, OP.select);
    return 'i32';
  }
  if (bits === 32) {
    getLocal(e, word);
    getLocal(e, places);
    op(e, value.name === '$rol' ? OP.i32Rotl : 0x78);
    return 'i32';
  }
  // A turn to the right by n is one to the left by -n; both counts are taken modulo the width.
  const left = newLocal(e, 'i32');
  if (value.name === '$rol') getLocal(e, places);
  else {
    constI32(e, 0);
    getLocal(e, places);
    op(e, OP.i32Sub);
  }
  constI32(e, bits - 1);
  op(e, OP.i32And);
  setLocal(e, left);
  getLocal(e, word);
  getLocal(e, left);
  op(e, OP.i32Shl);
  getLocal(e, word);
  constI32(e, bits);
  getLocal(e, left);
  op(e, OP.i32Sub, OP.i32ShrU, OP.i32Or);
  cut();
  return 'i32';
}
