/** Collects the instructions of one function, and remembers which members already stand in locals of it. */

import type { InlineState } from '../compile/inlining.js';
import type { Effect, Local, Value } from '../compile/ir.js';
import { lengthOf, type Shape } from '../compile/shape.js';
import { pushFloat32, pushFloat64, pushSigned, pushSignedBig, pushUnsigned, type ValueType } from './encoder.js';
import { type Member, valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import type { Unit } from './unit.js';
import { unsupported } from './unsupported.js';

/** A place known when the program is printed: at a fixed address, or behind an address in a local. */
export interface Address {
  /** Local that holds the base; null: the offset is the address. */
  readonly base: number | null;
  readonly offset: number;
}

/** Where a local variable of a routine lives. */
export type Slot = { readonly local: number } | { readonly address: number };

interface Cached {
  readonly local: number;
  readonly base: number | null;
  readonly member: Member;
}

/** Members whose value stands in a local. The set of valid ones follows the flow of control. */
interface Cache {
  readonly all: Map<string, Cached>;
  valid: Set<string>;
  /** Members that a loop keeps in their local only; written back behind it. */
  deferred: Set<string>;
}

export interface Emitter {
  readonly unit: Unit;
  readonly bytes: number[];
  /** Calls of functions of the module, whose numbers follow those of the host and are filled in at the end. */
  readonly calls: { readonly at: number; readonly index: number }[];
  /** Parameters and locals. */
  readonly locals: ValueType[];
  readonly slots: Map<Local, Slot>;
  /** Loop counters by name. */
  readonly counters: Map<string, { readonly local: number; readonly type: ValueType }>;
  readonly labels: Map<string, { readonly exit: number; readonly next: number }>;
  readonly cache: Cache;
  depth: number;
  /** The object of the routine; null in a function. */
  self: Address | null;
  /** The class whose routine this is; null in a function. */
  readonly ownClass: string | null;
  inlineDepth: number;
  readonly inlined: InlineState;
  /** Depth of the block around the body: RETURN leaves it. */
  returnDepth: number;
}

export function op(e: Emitter, ...codes: readonly number[]): void {
  for (const code of codes) e.bytes.push(code);
}

export function newLocal(e: Emitter, type: ValueType): number {
  e.locals.push(type);
  return e.locals.length - 1;
}

export function withIndex(e: Emitter, code: number, index: number): void {
  e.bytes.push(code);
  pushUnsigned(e.bytes, index);
}

export const getLocal = (e: Emitter, local: number): void => withIndex(e, OP.localGet, local);
export const setLocal = (e: Emitter, local: number): void => withIndex(e, OP.localSet, local);
export const teeLocal = (e: Emitter, local: number): void => withIndex(e, OP.localTee, local);

export function constI32(e: Emitter, value: number): void {
  e.bytes.push(OP.i32Const);
  pushSigned(e.bytes, value);
}

export function constI64(e: Emitter, value: bigint): void {
  e.bytes.push(OP.i64Const);
  pushSignedBig(e.bytes, value);
}

export function constF32(e: Emitter, value: number): void {
  e.bytes.push(OP.f32Const);
  pushFloat32(e.bytes, value);
}

export function constF64(e: Emitter, value: number): void {
  e.bytes.push(OP.f64Const);
  pushFloat64(e.bytes, value);
}

/** Opens a block, loop or if; `type` is VOID_BLOCK or the code of its result. Returns its depth for `branch`. */
export function open(e: Emitter, code: number, type: number): number {
  e.bytes.push(code, type);
  e.depth++;
  return e.depth;
}

export function close(e: Emitter): void {
  e.bytes.push(OP.end);
  e.depth--;
}

/** Branches to the block that was opened at `depth`. */
export function branch(e: Emitter, code: number, depth: number): void {
  withIndex(e, code, e.depth - depth);
}

/** Calls a function of the module. */
export function callOwn(e: Emitter, index: number): void {
  e.bytes.push(OP.call);
  e.calls.push({ at: e.bytes.length, index });
  e.bytes.push(0, 0, 0, 0, 0);
}

/** Fills in the number of a function in the five bytes that `callOwn` has left free. */
export function patchCall(bytes: number[], at: number, index: number): void {
  for (let place = 0; place < 5; place++) bytes[at + place] = ((index >>> (7 * place)) & 127) | (place < 4 ? 128 : 0);
}

interface Access {
  readonly load: number;
  readonly store: number;
  /** Logarithm of the alignment. */
  readonly align: number;
}

function accessOf(shape: Shape): Access {
  switch (shape.kind) {
    case 'bool':
      return { load: 0x2d, store: 0x3a, align: 0 };
    case 'integer':
      if (shape.bits === 8) return { load: shape.isSigned ? 0x2c : 0x2d, store: 0x3a, align: 0 };
      if (shape.bits === 16) return { load: shape.isSigned ? 0x2e : 0x2f, store: 0x3b, align: 1 };
      return shape.bits === 32 ? { load: 0x28, store: 0x36, align: 2 } : { load: 0x29, store: 0x37, align: 3 };
    case 'real':
      return { load: 0x2a, store: 0x38, align: 2 };
    case 'reference':
      return { load: 0x28, store: 0x36, align: 2 };
    default:
      return valueTypeOf(shape) === 'f64'
        ? { load: 0x2b, store: 0x39, align: 3 }
        : { load: 0x29, store: 0x37, align: 3 };
  }
}

/** Loads a scalar; its dynamic address is on the stack. */
export function loadScalar(e: Emitter, shape: Shape, offset: number): void {
  if (shape.kind === 'string') {
    slotOfAddress(e, offset);
    withIndex(e, OP.tableGet, 0);
    return;
  }
  const { load, align } = accessOf(shape);
  e.bytes.push(load, align);
  pushUnsigned(e.bytes, offset);
}

/** Stores a scalar; its dynamic address and the value are on the stack. A string needs its slot (`slotOfAddress`). */
export function storeScalar(e: Emitter, shape: Shape, offset: number): void {
  if (shape.kind === 'string') {
    withIndex(e, OP.tableSet, 0);
    return;
  }
  const { store, align } = accessOf(shape);
  e.bytes.push(store, align);
  pushUnsigned(e.bytes, offset);
}

/** Turns the address on the stack into the index of its string. */
export function slotOfAddress(e: Emitter, offset: number): void {
  constI32(e, offset);
  op(e, OP.i32Add);
  constI32(e, 2);
  op(e, OP.i32ShrU);
}

export function pushBase(e: Emitter, address: Address): void {
  if (address.base === null) constI32(e, 0);
  else getLocal(e, address.base);
}

// ------------------------------------------------------------------------------------------------ cache

export const keyOfMember = (address: Address, member: Member): string =>
  `${address.base ?? ''}:${address.offset + member.offset}`;

function cached(e: Emitter, object: Address, member: Member): Cached {
  const key = keyOfMember(object, member);
  const known = e.cache.all.get(key);
  if (known !== undefined) return known;
  const created: Cached = { local: newLocal(e, valueTypeOf(member.shape)), base: object.base, member };
  e.cache.all.set(key, created);
  return created;
}

/** Pushes a scalar member: from its local when it is known there. */
export function loadMember(e: Emitter, object: Address, member: Member): void {
  const offset = object.offset + member.offset;
  if (member.shape.kind === 'string') {
    pushBase(e, object);
    loadScalar(e, member.shape, offset);
    return;
  }
  const key = keyOfMember(object, member);
  const { local } = cached(e, object, member);
  if (e.cache.valid.has(key)) {
    getLocal(e, local);
    return;
  }
  pushBase(e, object);
  loadScalar(e, member.shape, offset);
  teeLocal(e, local);
  e.cache.valid.add(key);
}

/** Stores what `push` leaves on the stack into a scalar member. */
export function storeMember(e: Emitter, object: Address, member: Member, push: () => void): void {
  const offset = object.offset + member.offset;
  const key = keyOfMember(object, member);
  if (member.shape.kind === 'string') {
    pushBase(e, object);
    slotOfAddress(e, offset);
    push();
    storeScalar(e, member.shape, offset);
    return;
  }
  if (e.cache.deferred.has(key)) {
    push();
    setLocal(e, cached(e, object, member).local);
    return;
  }
  pushBase(e, object);
  push();
  teeLocal(e, cached(e, object, member).local);
  storeScalar(e, member.shape, offset);
  forgetMark(e, member.mark, object.base);
  e.cache.valid.add(key);
}

/** A member was written through a base; what other bases know of such members may be stale. */
export function forgetMark(e: Emitter, mark: string, base: number | null | 'any'): void {
  for (const key of e.cache.valid) {
    const known = e.cache.all.get(key);
    if (known?.member.mark === mark && (base === 'any' || known.base !== base)) e.cache.valid.delete(key);
  }
}

/** A local that holds an address points elsewhere: what was known of members behind it is about something else. */
export function forgetBase(e: Emitter, base: number): void {
  for (const key of e.cache.valid) if (e.cache.all.get(key)?.base === base) e.cache.valid.delete(key);
}

export function forgetAll(e: Emitter): void {
  e.cache.valid.clear();
}

/** Forgets members by name: those that the body of a loop writes. */
export function forgetNames(e: Emitter, names: ReadonlySet<string>): void {
  for (const key of e.cache.valid) {
    const known = e.cache.all.get(key);
    if (known !== undefined && names.has(known.member.name) && !e.cache.deferred.has(key)) e.cache.valid.delete(key);
  }
}

/** Runs a part that may be skipped: what it learns does not hold behind it, what it forgets is forgotten. */
export function conditionally(e: Emitter, part: () => void): void {
  const before = new Set(e.cache.valid);
  part();
  e.cache.valid = intersection(before, e.cache.valid);
}

/** Runs alternatives of which exactly one is executed. */
export function alternatives(e: Emitter, parts: readonly (() => void)[]): void {
  const before = e.cache.valid;
  let after: Set<string> | null = null;
  for (const part of parts) {
    e.cache.valid = new Set(before);
    part();
    after = after === null ? e.cache.valid : intersection(after, e.cache.valid);
  }
  e.cache.valid = after ?? before;
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a].filter((key) => b.has(key)));
}

/** Writes deferred members back to memory. */
export function flush(e: Emitter, keys: Iterable<string>): void {
  for (const key of keys) {
    const known = e.cache.all.get(key);
    if (known === undefined) continue;
    const offset = Number(key.slice(key.indexOf(':') + 1));
    pushBase(e, { base: known.base, offset });
    getLocal(e, known.local);
    storeScalar(e, known.member.shape, offset);
  }
}

// ------------------------------------------------------------------------------------------------ constants

/** Pushes the value that a scalar of this shape has before it is written. */
export function pushInitial(e: Emitter, shape: Shape): void {
  switch (valueTypeOf(shape)) {
    case 'i32':
    case 'i64': {
      const start =
        shape.kind !== 'integer'
          ? 0n
          : (shape.first ??
            (shape.range === null || (shape.range.lower <= 0n && shape.range.upper >= 0n) ? 0n : shape.range.lower));
      if (valueTypeOf(shape) === 'i64') constI64(e, start);
      else constI32(e, Number(BigInt.asIntN(32, start)));
      return;
    }
    case 'f32':
      constF32(e, 0);
      return;
    case 'f64':
      constF64(e, 0);
      return;
    case 'externref':
      pushString(e, shape.kind === 'string' && shape.isCharacter ? '\0' : '');
  }
}

/** Pushes a string constant, which lies in the table of strings. */
export function pushString(e: Emitter, text: string): void {
  constI32(e, e.unit.stringSlot(text));
  withIndex(e, OP.tableGet, 0);
}

/** Pushes a constant of the intermediate form. */
export function pushConstant(e: Emitter, value: Extract<Value, { op: 'constant' }>): void {
  const { shape, value: content } = value;
  if (shape.kind === 'string') {
    if (typeof content !== 'string') {
      unsupported('a string constant without text');
      return;
    }
    pushString(e, content);
    return;
  }
  if (content === null || typeof content === 'string') {
    if (shape.kind === 'reference' || shape.kind === 'object') {
      constI32(e, 0);
      return;
    }
    unsupported('a constant without a value');
    return;
  }
  switch (valueTypeOf(shape)) {
    case 'i32':
      constI32(e, Number(BigInt.asIntN(32, BigInt(content))));
      return;
    case 'i64':
      constI64(e, BigInt(content));
      return;
    case 'f32':
      constF32(e, Number(content));
      return;
    case 'f64':
      constF64(e, Number(content));
      return;
    default:
      unsupported('a constant of this kind');
      return;
  }
}

/** True when all bytes of the initial value are zero, so that clearing memory makes it. */
export function startsAsZero(e: Emitter, shape: Shape): boolean {
  switch (shape.kind) {
    case 'integer':
      return (
        (shape.first ?? 0n) === 0n && (shape.range === null || (shape.range.lower <= 0n && shape.range.upper >= 0n))
      );
    case 'array':
      return lengthOf(shape) === 0 || startsAsZero(e, shape.element);
    case 'object':
    case 'string':
      return false;
    default:
      return true;
  }
}

/** What the parts of the printer call of each other. */
export interface Printer {
  /** Pushes a value; returns its type, or null when there is none. */
  value(e: Emitter, value: Value): ValueType | null;
  effects(e: Emitter, effects: readonly Effect[]): void;
}
