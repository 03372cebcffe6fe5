/** Prints effects of the intermediate form as instructions. */

import { bodyToInline } from '../compile/inlining.js';
import type { CaseBranch, Effect, Place, Value } from '../compile/ir.js';
import { BODY } from '../compile/mangle.js';
import { isAggregate } from '../compile/shape.js';
import {
  alternatives,
  branch,
  close,
  constI32,
  type Emitter,
  forgetBase,
  getLocal,
  op,
  open,
  setLocal,
} from './emitter.js';
import { VOID_BLOCK } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { copyAggregate } from './print-aggregate.js';
import { pushUnknown } from './print-conversion.js';
import { printFor, printRepeat, printWhile } from './print-loop.js';
import { addOffset, pushAddress, pushAs, pushValue, staticAddress, store } from './print-place.js';
import { evaluate, keep } from './print-value.js';
import { unsupported } from './unsupported.js';

export function printEffects(e: Emitter, effects: readonly Effect[]): void {
  for (const effect of effects) printEffect(e, effect);
}

/** A local that stands for an object, for instance for the element of an array that is called, gets its address. */
function pointAt(e: Emitter, place: Place, object: Value): void {
  const slot = place.place === 'local' ? e.slots.get(place.local) : undefined;
  if (slot === undefined || !('local' in slot)) {
    unsupported('an object stored as a value');
    return;
  }
  addOffset(e, pushAddress(e, object));
  setLocal(e, slot.local);
  forgetBase(e, slot.local);
}

function printEffect(e: Emitter, effect: Effect): void {
  switch (effect.do) {
    case 'store':
      if (isAggregate(effect.to.shape)) {
        pointAt(e, effect.to, effect.value);
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
