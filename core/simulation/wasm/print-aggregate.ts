import type { Value } from '../compile/ir.js';
import { isAggregate, lengthOf, type Shape, sameShape } from '../compile/shape.js';
import {
  constI32,
  type Emitter,
  forgetAll,
  getLocal,
  loadScalar,
  op,
  pushInitial,
  slotOfAddress,
  startsAsZero,
  storeScalar,
} from './emitter.js';
import { pushUnsigned } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { addOffset, pushAddress, pushAs, storeBehind } from './print-place.js';
import { keep } from './print-value.js';
import { unsupported } from './unsupported.js';

export function copyAggregate(e: Emitter, to: Value, from: Value): void {
  if (from.op === 'initial' || from.op === 'array-of' || from.op === 'object-of') {
    addOffset(e, pushAddress(e, to));
    const address = keep(e, 'i32');
    writeInitial(e, address, 0, from);
    forgetAll(e);
    return;
  }
  if (!sameShape(to.shape, from.shape)) {
    unsupported('a copy between different types');
    return;
  }
  const operand = from.op === 'copy-of' ? from.operand : from;
  addOffset(e, pushAddress(e, operand));
  const source = keep(e, 'i32');
  addOffset(e, pushAddress(e, to));
  const target = keep(e, 'i32');
  copyBytes(e, target, source, to.shape);
  forgetAll(e);
}

const MOST_CHUNKS = 16;
const MOST_STRINGS = 8;

/** Copies in place what is small: the bulk instructions call out of the compiled code. */
function copyBytes(e: Emitter, target: number, source: number, shape: Shape): void {
  const size = e.unit.layout.sizeOf(shape);
  if (size > MOST_CHUNKS * 8) {
    getLocal(e, target);
    getLocal(e, source);
    constI32(e, size);
    op(e, 0xfc, 10, 0, 0);
  } else copyChunks(e, target, source, size);
  const strings = stringOffsets(e, shape, 0);
  if (strings.length > MOST_STRINGS) {
    for (const local of [target, source]) {
      getLocal(e, local);
      constI32(e, 2);
      op(e, OP.i32ShrU);
    }
    constI32(e, Math.ceil(size / 4));
    op(e, 0xfc, 14, 0, 0);
    return;
  }
  for (const offset of strings) {
    getLocal(e, target);
    slotOfAddress(e, offset);
    getLocal(e, source);
    loadScalar(e, STRING, offset);
    storeScalar(e, STRING, offset);
  }
}

const STRING: Shape = { kind: 'string', isWide: false, isCharacter: false, length: 0 };
const CHUNKS: readonly (readonly [bytes: number, load: number, store: number])[] = [
  [8, 0x29, 0x37],
  [4, 0x28, 0x36],
  [2, 0x2f, 0x3b],
  [1, 0x2d, 0x3a],
];

function copyChunks(e: Emitter, target: number, source: number, size: number): void {
  let offset = 0;
  for (const [bytes, loads, stores] of CHUNKS) {
    for (; size - offset >= bytes; offset += bytes) {
      getLocal(e, target);
      getLocal(e, source);
      // The alignment is only a hint; arrays of small elements may lie at any address.
      access(e, loads, offset);
      access(e, stores, offset);
    }
  }
}

function access(e: Emitter, code: number, offset: number): void {
  op(e, code, 0);
  pushUnsigned(e.bytes, offset);
}

/** Where the strings of a value lie. */
function stringOffsets(e: Emitter, shape: Shape, offset: number): number[] {
  if (shape.kind === 'string') return [offset];
  if (shape.kind === 'array' && holdsStrings(e, shape.element)) {
    const size = e.unit.layout.sizeOf(shape.element);
    return Array.from({ length: lengthOf(shape) }, (_, index) =>
      stringOffsets(e, shape.element, offset + index * size),
    ).flat();
  }
  if (shape.kind !== 'object') return [];
  return [...e.unit.layout.classOf(shape.className).members.values()].flatMap((each) =>
    stringOffsets(e, each.shape, offset + each.offset),
  );
}

function holdsStrings(e: Emitter, shape: Shape): boolean {
  if (shape.kind === 'string') return true;
  if (shape.kind === 'array') return holdsStrings(e, shape.element);
  if (shape.kind !== 'object') return false;
  return [...e.unit.layout.classOf(shape.className).members.values()].some((each) => holdsStrings(e, each.shape));
}

const MOST_UNROLLED = 256;

/** Writes a value into fresh memory behind the address in a local. */
export function writeInitial(e: Emitter, address: number, offset: number, value: Value): void {
  const { shape } = value;
  if (!isAggregate(shape)) {
    getLocal(e, address);
    storeBehind(e, shape, offset, () => pushAs(e, value, valueTypeOf(shape)));
    return;
  }
  switch (value.op) {
    case 'initial':
      writeDefault(e, address, offset, shape);
      return;
    case 'array-of': {
      if (shape.kind !== 'array') {
        unsupported('an initial value of another type');
        return;
      }
      writeDefault(e, address, offset, shape);
      if (value.elements.length > MOST_UNROLLED) {
        unsupported('a long initial value in a routine');
        return;
      }
      const size = e.unit.layout.sizeOf(shape.element);
      value.elements.forEach((each, index) => {
        writeInitial(e, address, offset + index * size, each);
      });
      return;
    }
    case 'object-of': {
      const constructed = value.constructorArguments !== null;
      if (shape.kind !== 'object' || constructed) {
        unsupported('a constructor in a routine');
        return;
      }
      writeDefault(e, address, offset, shape);
      for (const member of value.members) {
        const place = e.unit.layout.memberOf(shape.className, member.name);
        writeInitial(e, address, offset + place.offset, member.value);
      }
      return;
    }
    default: {
      const operand = value.op === 'copy-of' ? value.operand : value;
      if (!sameShape(operand.shape, shape)) {
        unsupported('a copy between different types');
        return;
      }
      addOffset(e, pushAddress(e, operand));
      const source = keep(e, 'i32');
      getLocal(e, address);
      addOffset(e, offset);
      copyBytes(e, keep(e, 'i32'), source, shape);
    }
  }
}

function writeDefault(e: Emitter, address: number, offset: number, shape: Shape): void {
  if (startsAsZero(e, shape)) {
    getLocal(e, address);
    addOffset(e, offset);
    constI32(e, 0);
    constI32(e, e.unit.layout.sizeOf(shape));
    op(e, 0xfc, 11, 0);
    return;
  }
  if (shape.kind === 'object') {
    for (
      let form = e.unit.layout.classes.get(shape.className) ?? null;
      form !== null;
      form = e.unit.layout.base(form)
    ) {
      for (const field of form.fields) {
        if (field.sharedAs !== null) continue;
        const { offset: place } = e.unit.layout.memberOf(shape.className, field.name);
        writeInitial(e, address, offset + place, field.initial);
      }
    }
    return;
  }
  if (shape.kind !== 'array') {
    getLocal(e, address);
    storeBehind(e, shape, offset, () => pushInitial(e, shape));
    return;
  }
  const size = e.unit.layout.sizeOf(shape.element);
  const count = size === 0 ? 0 : e.unit.layout.sizeOf(shape) / size;
  if (count > MOST_UNROLLED) {
    unsupported('a long initial value in a routine');
    return;
  }
  for (let index = 0; index < count; index++) writeDefault(e, address, offset + index * size, shape.element);
}
