/** Prints effects of the intermediate form as instructions. */

import { bodyToInline, promotableFields } from '../compile/inlining.js';
import type { CaseBranch, Effect, Value } from '../compile/ir.js';
import { BODY } from '../compile/mangle.js';
import { isAggregate, lengthOf, limitsOf, type Shape, sameShape } from '../compile/shape.js';
import {
  alternatives,
  branch,
  close,
  constF64,
  constI32,
  constI64,
  type Emitter,
  flush,
  forgetAll,
  forgetNames,
  getLocal,
  keyOfMember,
  loadMember,
  loadScalar,
  newLocal,
  OP,
  op,
  open,
  pushInitial,
  setLocal,
  slotOfAddress,
  startsAsZero,
  storeScalar,
  withIndex,
} from './emitter.js';
import { pushUnsigned, VOID_BLOCK } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { pushUnknown } from './print-conversion.js';
import {
  addOffset,
  pushAddress,
  pushAs,
  pushPlace,
  pushValue,
  raise,
  staticAddress,
  store,
  storeBehind,
} from './print-place.js';
import { evaluate, keep } from './print-value.js';
import { GLOBAL_BUDGET } from './unit.js';
import { unsupported } from './unsupported.js';

export function printEffects(e: Emitter, effects: readonly Effect[]): void {
  for (const effect of effects) printEffect(e, effect);
}

function printEffect(e: Emitter, effect: Effect): void {
  switch (effect.do) {
    case 'store':
      if (isAggregate(effect.to.shape)) {
        unsupported('an object stored as a value');
        return;
      }
      store(e, effect.to, () => pushAs(e, effect.value, valueTypeOf(effect.to.shape)));
      return;
    case 'copy':
      copyAggregate(e, effect.to, effect.from);
      return;
    case 'evaluate':
      runInline(e, effect.value) ? undefined : evaluate(e, effect.value);
      return;
    case 'if':
      printIf(e, effect.branches, effect.otherwise);
      return;
    case 'case':
      printCase(e, effect);
      return;
    case 'for':
      printFor(e, effect);
      return;
    case 'while':
      printWhile(e, effect);
      return;
    case 'repeat':
      printRepeat(e, effect);
      return;
    case 'exit':
    case 'continue': {
      const label = e.labels.get(effect.label);
      if (label === undefined) {
        unsupported('a jump out of an unknown loop');
        return;
      }
      branch(e, OP.br, effect.do === 'exit' ? label.exit : label.next);
      return;
    }
    case 'return':
      branch(e, OP.br, e.returnDepth);
      return;
    case 'unknown':
      pushUnknown(e, { kind: 'void' }, effect.site);
      return;
    case 'statement':
      return;
  }
}

/** Prints the body of a small block in place of its call. */
function runInline(e: Emitter, value: Value): boolean {
  if (value.op !== 'invoke' || value.method !== BODY || value.object === 'super') return false;
  const body = bodyToInline(value.object, e.unit.layout.classes, e.inlineDepth, e.inlined);
  const self = body === null ? null : staticAddress(e, value.object);
  if (body === null || self === null || value.object.shape.kind !== 'object') return false;
  const inner: Emitter = { ...e, self, ownClass: value.object.shape.className, inlineDepth: e.inlineDepth + 1 };
  printEffects(inner, body);
  return true;
}

// ------------------------------------------------------------------------------------------------ aggregates

function copyAggregate(e: Emitter, to: Value, from: Value): void {
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

// ------------------------------------------------------------------------------------------------ branches

function printIf(
  e: Emitter,
  branches: readonly { readonly condition: Value; readonly body: readonly Effect[] }[],
  otherwise: readonly Effect[],
): void {
  const [first, ...others] = branches;
  if (first === undefined) {
    printEffects(e, otherwise);
    return;
  }
  pushAs(e, first.condition, 'i32');
  open(e, OP.if, VOID_BLOCK);
  alternatives(e, [
    () => printEffects(e, first.body),
    () => {
      if (others.length === 0 && otherwise.length === 0) return;
      op(e, OP.else);
      printIf(e, others, otherwise);
    },
  ]);
  close(e);
}

function printCase(e: Emitter, effect: Extract<Effect, { do: 'case' }>): void {
  const { selector } = effect;
  const type = pushValue(e, selector);
  const local = keep(e, type);
  if (type === 'i32' && selector.shape.kind === 'integer' && printJumpTable(e, effect, local)) return;
  printCaseChain(e, effect, local, effect.branches);
}

function printCaseChain(
  e: Emitter,
  effect: Extract<Effect, { do: 'case' }>,
  selector: number,
  branches: readonly CaseBranch[],
): void {
  const [first, ...others] = branches;
  if (first === undefined) {
    printEffects(e, effect.otherwise);
    return;
  }
  pushTests(e, effect.selector, selector, first.labels);
  open(e, OP.if, VOID_BLOCK);
  alternatives(e, [
    () => printEffects(e, first.body),
    () => {
      if (others.length === 0 && effect.otherwise.length === 0) return;
      op(e, OP.else);
      printCaseChain(e, effect, selector, others);
    },
  ]);
  close(e);
}

function pushTests(e: Emitter, value: Value, selector: number, labels: CaseBranch['labels']): void {
  if (labels.length === 0) constI32(e, 0);
  labels.forEach((label, index) => {
    if (!isConstantLabel(label)) unsupported('a CASE label that is no constant');
    pushTest(e, value, selector, label);
    if (index > 0) op(e, OP.i32Or);
  });
}

function isConstantLabel(label: CaseBranch['labels'][number]): boolean {
  return label.lower.op === 'constant' && (label.upper === null || label.upper.op === 'constant');
}

function pushTest(e: Emitter, value: Value, selector: number, label: CaseBranch['labels'][number]): void {
  const type = valueTypeOf(value.shape);
  if (type !== 'i32' && type !== 'i64') {
    unsupported('a CASE of something else than a whole number');
    return;
  }
  const unsigned = value.shape.kind === 'integer' && !value.shape.isSigned ? 1 : 0;
  const first = type === 'i32' ? OP.i32Eq : OP.i64Eq;
  getLocal(e, selector);
  pushAs(e, label.lower, type);
  if (label.upper === null) {
    op(e, first);
    return;
  }
  op(e, first + 8 + unsigned);
  getLocal(e, selector);
  pushAs(e, label.upper, type);
  op(e, first + 6 + unsigned, OP.i32And);
}

const LEAST_LABELS = 6;
const GREATEST_SPAN = 1024;

/** A CASE over many neighbouring numbers jumps through a table. Returns false when it is better compared one by one. */
function printJumpTable(e: Emitter, effect: Extract<Effect, { do: 'case' }>, selector: number): boolean {
  const targets = new Map<number, number>();
  for (const [number, each] of effect.branches.entries()) {
    for (const label of each.labels) {
      if (label.lower.op !== 'constant' || label.upper !== null) return false;
      const value = Number(label.lower.value);
      if (!targets.has(value)) targets.set(value, number);
    }
  }
  const values = [...targets.keys()];
  const lowest = Math.min(...values);
  const span = Math.max(...values) - lowest + 1;
  if (values.length < LEAST_LABELS || span > GREATEST_SPAN || span > values.length * 12) return false;
  const count = effect.branches.length;
  const outer = open(e, OP.block, VOID_BLOCK);
  // Block n is left to reach branch n; the outermost of them is the ELSE part.
  const depths = new Array<number>(count + 1);
  for (let index = count; index >= 0; index--) depths[index] = open(e, OP.block, VOID_BLOCK);
  getLocal(e, selector);
  constI32(e, lowest);
  op(e, OP.i32Sub, 0x0e);
  const otherwise = e.depth - (depths[count] ?? 0);
  const entries = Array.from({ length: span }, (_, index) => {
    const target = targets.get(lowest + index);
    return target === undefined ? otherwise : e.depth - (depths[target] ?? 0);
  });
  pushVector(e, entries);
  pushVector(e, [otherwise], false);
  alternatives(
    e,
    [...effect.branches.map((each) => each.body), effect.otherwise].map((body) => () => {
      close(e);
      printEffects(e, body);
      branch(e, OP.br, outer);
    }),
  );
  close(e);
  return true;
}

function pushVector(e: Emitter, values: readonly number[], counts = true): void {
  const write = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      e.bytes.push((rest & 127) | 128);
      rest >>= 7;
    }
    e.bytes.push(rest);
  };
  if (counts) write(values.length);
  for (const value of values) write(value);
}

// ------------------------------------------------------------------------------------------------ loops

/** What the body of a loop writes, before any of it is printed: members by name, or everything. */
function writtenNames(node: unknown, names: Set<string>): boolean {
  if (Array.isArray(node)) return node.every((each) => writtenNames(each, names));
  if (typeof node !== 'object' || node === null) return true;
  if ('op' in node && (node.op === 'call' || node.op === 'invoke' || node.op === 'after')) return false;
  if ('do' in node) {
    const effect = node as Effect;
    if (effect.do === 'copy') return false;
    if (effect.do === 'store' && !addName(effect.to, names)) return false;
    if (effect.do === 'for' && !addName(effect.variable, names)) return false;
  }
  return Object.entries(node).every(([key, value]) => key === 'shape' || key === 'local' || writtenNames(value, names));
}

function addName(place: Extract<Effect, { do: 'store' }>['to'], names: Set<string>): boolean {
  if (place.place === 'target') return false;
  if (place.place === 'bits') return addName(place.of, names);
  if (place.place === 'field') names.add(place.name);
  return true;
}

/** Makes what is known of members hold at the head of a loop, however often it comes back there. */
function prepareLoop(e: Emitter, loop: Effect): void {
  const names = new Set<string>();
  if (writtenNames(loop, names)) forgetNames(e, names);
  else forgetAll(e);
}

function chargeOne(e: Emitter, site: number): void {
  withIndex(e, OP.globalGet, GLOBAL_BUDGET);
  constF64(e, 1);
  op(e, OP.f64Sub);
  chargeRest(e, site);
}

/** The rest of the budget is on the stack. */
function chargeRest(e: Emitter, site: number): void {
  const rest = newLocal(e, 'f64');
  withIndex(e, OP.localTee, rest);
  withIndex(e, OP.globalSet, GLOBAL_BUDGET);
  getLocal(e, rest);
  constF64(e, 0);
  op(e, OP.f64Lt);
  open(e, OP.if, VOID_BLOCK);
  raise(e, '$endless(a0)', site);
  close(e);
}

function printWhile(e: Emitter, effect: Extract<Effect, { do: 'while' }>): void {
  prepareLoop(e, effect);
  const known = new Set(e.cache.valid);
  const exit = open(e, OP.block, VOID_BLOCK);
  const next = open(e, OP.loop, VOID_BLOCK);
  pushAs(e, effect.condition, 'i32');
  op(e, OP.i32Eqz);
  branch(e, OP.brIf, exit);
  chargeOne(e, effect.site);
  e.labels.set(effect.label, { exit, next });
  printEffects(e, effect.body);
  branch(e, OP.br, next);
  close(e);
  close(e);
  e.cache.valid = known;
}

function printRepeat(e: Emitter, effect: Extract<Effect, { do: 'repeat' }>): void {
  prepareLoop(e, effect);
  const known = new Set(e.cache.valid);
  const exit = open(e, OP.block, VOID_BLOCK);
  const head = open(e, OP.loop, VOID_BLOCK);
  chargeOne(e, effect.site);
  const next = open(e, OP.block, VOID_BLOCK);
  e.labels.set(effect.label, { exit, next });
  printEffects(e, effect.body);
  close(e);
  e.cache.valid = new Set(known);
  pushAs(e, effect.until, 'i32');
  op(e, OP.i32Eqz);
  branch(e, OP.brIf, head);
  close(e);
  close(e);
  e.cache.valid = known;
}

type For = Extract<Effect, { do: 'for' }>;

/**
 * Members that only the loop sees stay in locals while it runs and are written back behind it, where the JavaScript
 * printer does the same.
 */
function printFor(e: Emitter, effect: For): void {
  const fields = e.cache.deferred.size > 0 || e.self === null || e.ownClass === null ? [] : promotableFields(effect);
  const keys: string[] = [];
  const names = new Set<string>();
  writtenNames(effect, names);
  for (const name of fields) {
    if (!names.has(name) || e.self === null || e.ownClass === null) continue;
    const member = e.unit.layout.memberOf(e.ownClass, name);
    if (member.shape.kind === 'string') continue;
    loadMember(e, e.self, member);
    op(e, OP.drop);
    keys.push(keyOfMember(e.self, member));
  }
  for (const key of keys) e.cache.deferred.add(key);
  prepareLoop(e, effect);
  const known = new Set(e.cache.valid);
  printLoop(e, effect);
  e.cache.valid = known;
  for (const key of keys) e.cache.deferred.delete(key);
  flush(e, keys);
}

interface Counter {
  readonly type: 'i32' | 'i64';
  readonly local: number;
  readonly to: number;
  readonly by: number;
  /** The step when it is constant. */
  readonly step: number | null;
}

/** Pushes a limit or step of a loop in the type in which it counts: wide enough that the counter can't overflow. */
function pushCount(e: Emitter, value: Value, type: 'i32' | 'i64'): void {
  const own = pushValue(e, value);
  if (own !== 'i32') {
    unsupported('a FOR loop over 64 bit numbers');
    return;
  }
  const isSigned = value.shape.kind !== 'integer' || value.shape.isSigned;
  if (type === 'i64') op(e, isSigned ? 0xac : 0xad);
}

function isNarrow(value: { readonly shape: Shape }): boolean {
  return value.shape.kind === 'integer' && value.shape.bits <= 16;
}

function isSmallConstant(value: Value): boolean {
  return value.op === 'constant' && Math.abs(Number(value.value)) < 2 ** 29;
}

function printLoop(e: Emitter, effect: For): void {
  const { shape } = effect.variable;
  if (shape.kind !== 'integer' || shape.bits === 64) {
    unsupported('a FOR loop over 64 bit numbers');
    return;
  }
  const isSmall =
    isNarrow(effect.variable) &&
    [effect.from, effect.to, effect.by].every((each) => isNarrow(each) || isSmallConstant(each));
  const type = isSmall ? 'i32' : 'i64';
  const counter: Counter = {
    type,
    local: newLocal(e, type),
    to: newLocal(e, type),
    by: newLocal(e, type),
    step: effect.by.op === 'constant' && effect.by.value !== null ? Number(effect.by.value) : null,
  };
  pushCount(e, effect.from, type);
  setLocal(e, counter.local);
  pushCount(e, effect.to, type);
  setLocal(e, counter.to);
  pushCount(e, effect.by, type);
  setLocal(e, counter.by);
  checkReachable(e, effect, counter);
  const outer = e.counters.get(effect.counter);
  e.counters.set(effect.counter, { local: counter.local, type });
  const bounded = counter.step !== null && counter.step !== 0 && !effect.readsBack;
  if (bounded) chargeAll(e, effect, counter);
  const storeCounter = (): void => store(e, effect.variable, () => pushWrapped(e, counter, shape));
  if (effect.readsBack) storeCounter();
  const known = new Set(e.cache.valid);
  const exit = open(e, OP.block, VOID_BLOCK);
  const head = open(e, OP.loop, VOID_BLOCK);
  pushGoesOn(e, counter);
  op(e, OP.i32Eqz);
  branch(e, OP.brIf, exit);
  const next = open(e, OP.block, VOID_BLOCK);
  e.labels.set(effect.label, { exit, next });
  if (!bounded) chargeOne(e, effect.site);
  if (!effect.readsBack) storeCounter();
  printEffects(e, effect.body);
  close(e);
  e.cache.valid = new Set([...known].filter((key) => !effect.readsBack || e.cache.deferred.has(key)));
  if (effect.readsBack) pushReadBack(e, effect, type);
  else getLocal(e, counter.local);
  getLocal(e, counter.by);
  op(e, type === 'i32' ? OP.i32Add : OP.i64Add);
  setLocal(e, counter.local);
  if (effect.readsBack) storeCounter();
  branch(e, OP.br, head);
  close(e);
  close(e);
  e.cache.valid = known;
  if (!effect.readsBack) storeCounter();
  if (outer === undefined) e.counters.delete(effect.counter);
  else e.counters.set(effect.counter, outer);
}

function pushReadBack(e: Emitter, effect: For, type: 'i32' | 'i64'): void {
  pushPlace(e, effect.variable);
  const isSigned = effect.variable.shape.kind !== 'integer' || effect.variable.shape.isSigned;
  if (type === 'i64') op(e, isSigned ? 0xac : 0xad);
}

/** The counter as a value of the variable. */
function pushWrapped(e: Emitter, counter: Counter, shape: Extract<Shape, { kind: 'integer' }>): void {
  getLocal(e, counter.local);
  if (counter.type === 'i64') op(e, 0xa7);
  const shift = 32 - shape.bits;
  if (shift === 0) return;
  if (shape.isSigned) op(e, shape.bits === 8 ? 0xc0 : 0xc1);
  else {
    constI32(e, 2 ** shape.bits - 1);
    op(e, OP.i32And);
  }
}

/** Pushes whether the limit is not yet passed. */
function pushGoesOn(e: Emitter, counter: Counter): void {
  const first = counter.type === 'i32' ? OP.i32Eq : OP.i64Eq;
  const notAbove = (): void => {
    getLocal(e, counter.local);
    getLocal(e, counter.to);
    op(e, first + 6);
  };
  const notBelow = (): void => {
    getLocal(e, counter.local);
    getLocal(e, counter.to);
    op(e, first + 8);
  };
  if (counter.step !== null) {
    counter.step >= 0 ? notAbove() : notBelow();
    return;
  }
  notAbove();
  notBelow();
  getLocal(e, counter.by);
  pushZero(e, counter.type);
  op(e, first + 8, OP.select);
}

function pushZero(e: Emitter, type: 'i32' | 'i64'): void {
  if (type === 'i32') constI32(e, 0);
  else constI64(e, 0n);
}

/** Charges all trips of a loop at once: their number is known at its entry. */
function chargeAll(e: Emitter, effect: For, counter: Counter): void {
  const toDouble = counter.type === 'i32' ? 0xb7 : 0xb9;
  const trips = newLocal(e, 'f64');
  getLocal(e, counter.to);
  op(e, toDouble);
  getLocal(e, counter.local);
  op(e, toDouble, OP.f64Sub);
  getLocal(e, counter.by);
  op(e, toDouble, OP.f64Div, OP.f64Floor);
  constF64(e, 1);
  op(e, OP.f64Add);
  withIndex(e, OP.localTee, trips);
  constF64(e, 0);
  op(e, OP.f64Gt);
  open(e, OP.if, VOID_BLOCK);
  withIndex(e, OP.globalGet, GLOBAL_BUDGET);
  getLocal(e, trips);
  op(e, OP.f64Sub);
  chargeRest(e, effect.site);
  close(e);
}

/** A limit beyond the type of the control variable is never passed: on a controller the loop does not end. */
function checkReachable(e: Emitter, effect: For, counter: Counter): void {
  const { shape } = effect.variable;
  if (shape.kind !== 'integer' || shape.bits >= 32) return;
  const { lower, upper } = limitsOf({ ...shape, range: null });
  const { to } = effect;
  if (to.op === 'constant' && Number(to.value) <= Number(upper) && Number(to.value) >= Number(lower)) return;
  const push = (value: bigint): void => {
    if (counter.type === 'i32') constI32(e, Number(value));
    else constI64(e, value);
  };
  const first = counter.type === 'i32' ? OP.i32Eq : OP.i64Eq;
  pushGoesOn(e, counter);
  getLocal(e, counter.to);
  push(upper);
  op(e, first + 4);
  getLocal(e, counter.to);
  push(lower);
  op(e, first + 2, OP.i32Or, OP.i32And);
  open(e, OP.if, VOID_BLOCK);
  raise(e, '$endless(a0)', effect.site);
  close(e);
}
