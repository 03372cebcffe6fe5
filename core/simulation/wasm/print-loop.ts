/** Prints loops. Each trip takes from the budget of the scan, so that an endless loop ends as a fault. */

import { promotableFields } from '../compile/inlining.js';
import type { Effect, Value } from '../compile/ir.js';
import { limitsOf, type Shape } from '../compile/shape.js';
import {
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
  newLocal,
  op,
  open,
  setLocal,
  withIndex,
} from './emitter.js';
import { VOID_BLOCK } from './encoder.js';
import { OP } from './opcodes.js';
import { pushAs, pushPlace, pushValue, raise, store } from './print-place.js';
import { GLOBAL_BUDGET } from './unit.js';
import { unsupported } from './unsupported.js';

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

export function printWhile(e: Emitter, effect: Extract<Effect, { do: 'while' }>): void {
  prepareLoop(e, effect);
  const known = new Set(e.cache.valid);
  const exit = open(e, OP.block, VOID_BLOCK);
  const next = open(e, OP.loop, VOID_BLOCK);
  pushAs(e, effect.condition, 'i32');
  op(e, OP.i32Eqz);
  branch(e, OP.brIf, exit);
  chargeOne(e, effect.site);
  e.labels.set(effect.label, { exit, next });
  e.unit.print.effects(e, effect.body);
  branch(e, OP.br, next);
  close(e);
  close(e);
  e.cache.valid = known;
}

export function printRepeat(e: Emitter, effect: Extract<Effect, { do: 'repeat' }>): void {
  prepareLoop(e, effect);
  const known = new Set(e.cache.valid);
  const exit = open(e, OP.block, VOID_BLOCK);
  const head = open(e, OP.loop, VOID_BLOCK);
  chargeOne(e, effect.site);
  const next = open(e, OP.block, VOID_BLOCK);
  e.labels.set(effect.label, { exit, next });
  e.unit.print.effects(e, effect.body);
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
export function printFor(e: Emitter, effect: For): void {
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
  e.unit.print.effects(e, effect.body);
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
