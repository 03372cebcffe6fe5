/** Prints places of the intermediate form: addresses, loads and stores. */

import type { Place, Value } from '../compile/ir.js';
import { type IntegerShape, isAggregate, lengthOf, type Shape } from '../compile/shape.js';
import {
  type Address,
  close,
  constF32,
  constF64,
  constI32,
  constI64,
  type Emitter,
  forgetAll,
  forgetMark,
  getLocal,
  loadMember,
  loadScalar,
  newLocal,
  op,
  open,
  pushBase,
  setLocal,
  slotOfAddress,
  storeMember,
  storeScalar,
  teeLocal,
  withIndex,
} from './emitter.js';
import { type ValueType, VOID_BLOCK } from './encoder.js';
import { type Member, valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { GLOBAL_NOW } from './unit.js';
import { unsupported } from './unsupported.js';

const NULL_REFERENCE = '$noReference(a0)';

const PUSH_NUMBER: Readonly<Partial<Record<ValueType, (e: Emitter, value: number) => void>>> = {
  i32: (e, value) => (Number.isInteger(value) ? constI32(e, value | 0) : unsupported('a fraction as a whole number')),
  f32: constF32,
  f64: constF64,
};

/** Pushes a value that must be of a type: anything else is a form that this printer does not know. */
export function pushAs(e: Emitter, value: Value, type: ValueType): void {
  const push = PUSH_NUMBER[type];
  // To JavaScript a number is a number, whatever its type.
  if (push !== undefined && value.op === 'constant' && typeof value.value === 'number') {
    push(e, value.value);
    return;
  }
  const own = e.unit.print.value(e, value);
  if (own !== type) unsupported(`a ${value.op} of mixed types: ${own ?? 'nothing'} for ${type}`);
}

/** Pushes a value in the type of its shape. */
export function pushValue(e: Emitter, value: Value): ValueType {
  const type = valueTypeOf(value.shape);
  pushAs(e, value, type);
  return type;
}

export function callHost(e: Emitter, code: string, parameters: readonly Shape[], result: Shape | null): void {
  withIndex(e, OP.call, e.unit.hostFunction(code, parameters, result));
}

export const SITE: IntegerShape = {
  kind: 'integer',
  bits: 32,
  isSigned: true,
  isBitString: false,
  range: null,
  names: null,
  first: null,
};

/** Ends the scan with a fault: `code` is JavaScript that raises it, of the site `a0`. */
export function raise(e: Emitter, code: string, site: number): void {
  constI32(e, site);
  callHost(e, code, [SITE], null);
  op(e, OP.unreachable);
}

/** The address on the stack must not be null. */
export function checkReference(e: Emitter, site: number): void {
  const address = newLocal(e, 'i32');
  teeLocal(e, address);
  op(e, OP.i32Eqz);
  open(e, OP.if, VOID_BLOCK);
  raise(e, NULL_REFERENCE, site);
  close(e);
  getLocal(e, address);
}

// ------------------------------------------------------------------------------------------------ addresses

/** The address of an object or array, when it is known without running anything. */
export function staticAddress(e: Emitter, value: Value): Address | null {
  if (value.op === 'self') return e.self;
  if (value.op === 'root') {
    const offset = e.unit.roots.get(value.name);
    return offset === undefined || !isAggregate(value.shape) ? null : { base: null, offset };
  }
  if (value.op !== 'load' || !isAggregate(value.shape)) return null;
  const place = value.from;
  if (place.place === 'local') {
    const slot = e.slots.get(place.local);
    return slot === undefined || 'address' in slot
      ? slot === undefined || place.local.isBoxed
        ? null
        : { base: null, offset: slot.address }
      : { base: slot.local, offset: 0 };
  }
  if (place.place === 'field') {
    const object = staticAddress(e, place.object);
    return object === null ? null : { ...object, offset: object.offset + memberOf(e, place).offset };
  }
  return null;
}

function memberOf(e: Emitter, place: Extract<Place, { place: 'field' }>): Member {
  if (place.object.shape.kind !== 'object') return unsupported('a member of something that is no object');
  return e.unit.layout.memberOf(place.object.shape.className, place.name);
}

/** Pushes the dynamic part of the address of an aggregate and returns the offset to add to it. */
export function pushAddress(e: Emitter, value: Value): number {
  const known = staticAddress(e, value);
  if (known !== null) {
    pushBase(e, known);
    return known.offset;
  }
  if (value.op === 'load' && value.from.place === 'field') {
    return pushAddress(e, value.from.object) + memberOf(e, value.from).offset;
  }
  if (value.op === 'load' && value.from.place === 'element') return pushElement(e, value.from);
  pushAs(e, value, 'i32');
  return 0;
}

/** Pushes the whole address of a place. */
export function pushPlaceAddress(e: Emitter, place: Place): void {
  addOffset(e, placeAddress(e, place));
}

export function addOffset(e: Emitter, offset: number): void {
  if (offset === 0) return;
  constI32(e, offset);
  op(e, OP.i32Add);
}

function placeAddress(e: Emitter, place: Place): number {
  switch (place.place) {
    case 'local': {
      const slot = e.slots.get(place.local);
      if (slot === undefined) return unsupported('a reference to a variable without an address');
      if ('address' in slot) constI32(e, slot.address);
      else if (isAggregate(place.shape)) getLocal(e, slot.local);
      else return unsupported('a reference to a local variable');
      return 0;
    }
    case 'field':
      return pushAddress(e, place.object) + memberOf(e, place).offset;
    case 'element':
      return pushElement(e, place);
    case 'target':
      pushAs(e, place.reference, 'i32');
      return 0;
    case 'bits':
      return unsupported('a reference to part of an integer');
  }
}

function constantPosition(index: Value): number | null {
  if (index.op === 'constant') return Number(index.value);
  if (index.op !== 'position') return null;
  let position = 0;
  for (const part of index.parts) {
    if (part.index.op !== 'constant') return null;
    position += (Number(part.index.value) - part.lower) * part.stride;
  }
  return position;
}

function pushElement(e: Emitter, place: Extract<Place, { place: 'element' }>): number {
  const array = place.array.shape;
  if (array.kind !== 'array' || array.dimensions === null) return unsupported('an element of an open array');
  const size = e.unit.layout.sizeOf(array.element);
  const constant = constantPosition(place.index);
  if (constant !== null && constant >= 0 && constant < lengthOf(array)) {
    return pushAddress(e, place.array) + constant * size;
  }
  const known = staticAddress(e, place.array);
  const offset = known === null ? pushAddress(e, place.array) : known.offset;
  if (known !== null && known.base !== null) getLocal(e, known.base);
  pushAs(e, place.index, 'i32');
  if (size !== 1) {
    const shift = Math.log2(size);
    constI32(e, Number.isInteger(shift) ? shift : size);
    op(e, Number.isInteger(shift) ? OP.i32Shl : OP.i32Mul);
  }
  if (known === null || known.base !== null) op(e, OP.i32Add);
  return offset;
}

// ------------------------------------------------------------------------------------------------ loads

/** Pushes the value of a place; for an aggregate its address. */
export function pushPlace(e: Emitter, place: Place): ValueType {
  const type = valueTypeOf(place.shape);
  if (isAggregate(place.shape)) {
    if (place.place === 'local' || place.place === 'field' || place.place === 'element') pushPlaceAddress(e, place);
    else if (place.place === 'target') {
      pushAs(e, place.reference, 'i32');
      checkReference(e, place.site);
    } else unsupported('an aggregate in part of an integer');
    return type;
  }
  switch (place.place) {
    case 'local':
      return pushLocal(e, place);
    case 'field': {
      const object = staticAddress(e, place.object);
      const member = memberOf(e, place);
      if (object !== null) loadMember(e, object, member);
      else loadScalar(e, member.shape, pushAddress(e, place.object) + member.offset);
      return valueTypeOf(member.shape);
    }
    case 'element': {
      const offset = pushElement(e, place);
      loadScalar(e, place.shape, offset);
      return type;
    }
    case 'target':
      pushAs(e, place.reference, 'i32');
      checkReference(e, place.site);
      loadScalar(e, place.shape, 0);
      return type;
    case 'bits':
      pushBits(e, place);
      return type;
  }
}

function pushLocal(e: Emitter, place: Extract<Place, { place: 'local' }>): ValueType {
  const slot = e.slots.get(place.local);
  if (slot !== undefined) {
    if ('local' in slot) getLocal(e, slot.local);
    else {
      constI32(e, 0);
      loadScalar(e, place.shape, slot.address);
    }
    return valueTypeOf(place.local.shape);
  }
  const counter = e.counters.get(place.local.name);
  if (counter !== undefined) {
    getLocal(e, counter.local);
    if (counter.type === 'i64') op(e, 0xa7);
    return 'i32';
  }
  if (place.local.name === 'now') {
    withIndex(e, OP.globalGet, GLOBAL_NOW);
    return 'f64';
  }
  if (place.local.name === 'BigInt(now)') {
    withIndex(e, OP.globalGet, GLOBAL_NOW);
    op(e, 0xfc, 6);
    return 'i64';
  }
  return unsupported('a local variable of an unknown place');
}

function pushBits(e: Emitter, place: Extract<Place, { place: 'bits' }>): void {
  const isBig = pushPlace(e, place.of) === 'i64';
  if (isBig) {
    constI64(e, BigInt(place.from));
    op(e, OP.i64ShrU);
    if (place.count < 64) {
      constI64(e, (1n << BigInt(place.count)) - 1n);
      op(e, OP.i64And, 0xa7);
    }
    return;
  }
  constI32(e, place.from);
  op(e, OP.i32ShrU);
  if (place.count < 32) {
    constI32(e, 2 ** place.count - 1);
    op(e, OP.i32And);
  }
}

// ------------------------------------------------------------------------------------------------ stores

/** Stores what `push` leaves on the stack, a value of the shape of the place. */
export function store(e: Emitter, place: Place, push: () => void): void {
  switch (place.place) {
    case 'local': {
      const slot = e.slots.get(place.local);
      if (slot === undefined) {
        unsupported('a store into an unknown local');
        return;
      }
      if ('local' in slot) {
        push();
        setLocal(e, slot.local);
        return;
      }
      constI32(e, 0);
      storeBehind(e, place.shape, slot.address, push);
      return;
    }
    case 'field': {
      const object = staticAddress(e, place.object);
      const member = memberOf(e, place);
      if (object !== null) {
        storeMember(e, object, member, push);
        return;
      }
      storeBehind(e, member.shape, pushAddress(e, place.object) + member.offset, push);
      forgetMark(e, member.mark, 'any');
      return;
    }
    case 'element':
      storeBehind(e, place.shape, pushElement(e, place), push);
      return;
    case 'target':
      pushAs(e, place.reference, 'i32');
      checkReference(e, place.site);
      storeBehind(e, place.shape, 0, push);
      forgetAll(e);
      return;
    case 'bits':
      storeBits(e, place, push);
      return;
  }
}

/** The dynamic address is on the stack. */
export function storeBehind(e: Emitter, shape: Shape, offset: number, push: () => void): void {
  if (shape.kind === 'string') slotOfAddress(e, offset);
  push();
  storeScalar(e, shape, offset);
}

function storeBits(e: Emitter, place: Extract<Place, { place: 'bits' }>, push: () => void): void {
  const shape = place.of.shape as IntegerShape;
  store(e, place.of, () => {
    const isBig = pushPlace(e, place.of) === 'i64';
    if (isBig) {
      const mask = ((1n << BigInt(place.count)) - 1n) << BigInt(place.from);
      constI64(e, ~mask);
      op(e, OP.i64And);
      push();
      if (place.count < 64) op(e, 0xad);
      constI64(e, BigInt(place.from));
      op(e, OP.i64Shl);
      constI64(e, mask);
      op(e, OP.i64And, OP.i64Or);
      return;
    }
    const mask = place.count === 32 ? -1 : (2 ** place.count - 1) << place.from;
    constI32(e, ~mask);
    op(e, OP.i32And);
    push();
    constI32(e, place.from);
    op(e, OP.i32Shl);
    constI32(e, mask);
    op(e, OP.i32And, OP.i32Or);
    narrow(e, shape);
  });
}

/** Wraps the number on the stack into an integer of up to 32 bits. */
export function narrow(e: Emitter, shape: IntegerShape): void {
  if (shape.bits === 8) {
    if (shape.isSigned) op(e, 0xc0);
    else {
      constI32(e, 255);
      op(e, OP.i32And);
    }
  }
  if (shape.bits === 16) {
    if (shape.isSigned) op(e, 0xc1);
    else {
      constI32(e, 65_535);
      op(e, OP.i32And);
    }
  }
}
