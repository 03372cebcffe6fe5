/** Prints a whole program as a WebAssembly module, or says what keeps it from being one. */

import { createInlineState, inlineLimits } from '../compile/inlining.js';
import type { Local, Routine } from '../compile/ir.js';
import type { ExecutionProfile } from '../compile/profile.js';
import { isAggregate, type Shape } from '../compile/shape.js';
import type { LoweredProgram } from '../lower/program.js';
import {
  branch,
  callOwn,
  close,
  constI32,
  type Emitter,
  getLocal,
  newLocal,
  op,
  open,
  patchCall,
  type Slot,
  setLocal,
  withIndex,
} from './emitter.js';
import { encodeModule, type FunctionBody, type ValueType, VOID_BLOCK } from './encoder.js';
import { Layout, valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { writeInitial } from './print-aggregate.js';
import { printEffects } from './print-effect.js';
import { pushAs, storeBehind } from './print-place.js';
import { printValue } from './print-value.js';
import {
  createHostFunctions,
  GLOBAL_BUDGET,
  GLOBAL_NOW,
  type HostFunction,
  type RoutineEntry,
  type Unit,
} from './unit.js';
import { UnsupportedByWasm, unsupported } from './unsupported.js';

export interface WasmProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  /** Addresses of the globals `G` and of the programs. */
  readonly roots: ReadonlyMap<string, number>;
  /** Globals and programs with their shapes. */
  readonly rootShapes: readonly { readonly shape: Shape; readonly address: number }[];
  readonly hostFunctions: readonly HostFunction[];
  /** String constants by their place in the table of strings. */
  readonly strings: ReadonlyMap<string, number>;
}

/** Prints the program. `unsupported` names the first form that only the JavaScript engine knows. */
export function printModule(
  program: LoweredProgram,
  profile: ExecutionProfile,
): { readonly program: WasmProgram } | { readonly unsupported: string } {
  try {
    return { program: moduleOf(program, profile) };
  } catch (error) {
    if (error instanceof UnsupportedByWasm) return { unsupported: error.message };
    throw error;
  }
}

function moduleOf(program: LoweredProgram, profile: ExecutionProfile): WasmProgram {
  if (profile.semantics.integerOverflow !== 'wrap') unsupported('integers that do not wrap');
  const layout = new Layout(program.classes);
  const roots = new Map<string, number>();
  const globals: Shape = { kind: 'object', className: program.globalsClass, typeName: 'globals' };
  const rootShapes = [{ root: 'G', shape: globals }, ...program.roots].map(({ root, shape }) => {
    const address = layout.allocate(shape);
    roots.set(root, address);
    return { shape, address };
  });
  for (const register of program.registers) roots.set(register.name, layout.allocate(register.shape));
  const strings = new Map<string, number>();
  const host = createHostFunctions();
  const entries: RoutineEntry[] = [];
  const routines = new Map<string, RoutineEntry>();
  const add = (routine: Routine, className: string | null): void => {
    const entry = { routine, className, index: entries.length };
    entries.push(entry);
    routines.set(className === null ? routine.name : `${className}.${routine.name}`, entry);
  };
  for (const routine of program.functions) add(routine, null);
  for (const form of program.classes) for (const routine of form.routines) add(routine, form.name);
  let recursive: ReadonlySet<Routine> | null = null;
  const unit: Unit = {
    profile,
    layout,
    print: { value: printValue, effects: printEffects },
    roots,
    routines,
    get recursive() {
      recursive ??= recursiveRoutines(entries);
      return recursive;
    },
    stringSlot(text) {
      const known = strings.get(text);
      if (known !== undefined) return known;
      const slot = layout.allocate({ kind: 'string', isWide: false, isCharacter: false, length: 0 }) / 4;
      strings.set(text, slot);
      return slot;
    },
    hostFunction: host.number,
  };
  const limits = inlineLimits(program.classes);
  const sizes = new Map();
  const bodies = entries.map((entry) => printRoutine(unit, entry, createInlineState(limits, sizes)));
  const runs = program.taskFunctions.map((names, task) => printRepeat(unit, names, task));
  const imports = host.list.length;
  const functions = [...bodies, ...runs];
  for (const { code, calls } of functions) for (const call of calls) patchCall(code, call.at, imports + call.index);
  return {
    bytes: encodeModule({
      imports: host.list,
      functions,
      clocks: ['now', 'budget'],
      memoryBytes: layout.bytes,
      tableSize: layout.hasStrings ? Math.ceil(layout.bytes / 4) + 1 : 0,
    }),
    layout,
    roots,
    rootShapes,
    hostFunctions: host.list,
    strings,
  };
}

interface PrintedBody extends FunctionBody {
  readonly code: number[];
  readonly calls: Emitter['calls'];
}

function createEmitter(unit: Unit, parameters: readonly ValueType[], inlined: Emitter['inlined']): Emitter {
  return {
    unit,
    bytes: [],
    calls: [],
    locals: [...parameters],
    slots: new Map(),
    counters: new Map(),
    labels: new Map(),
    cache: { all: new Map(), valid: new Set(), deferred: new Set() },
    depth: 0,
    self: null,
    ownClass: null,
    inlineDepth: 0,
    inlined,
    returnDepth: 0,
  };
}

function printRoutine(unit: Unit, entry: RoutineEntry, inlined: Emitter['inlined']): PrintedBody {
  const { routine, className } = entry;
  const parameters: ValueType[] = routine.parameters.map((each) => valueTypeOf(each.shape));
  if (className !== null) parameters.unshift('i32');
  const e: Emitter = {
    ...createEmitter(unit, parameters, inlined),
    self: className === null ? null : { base: 0, offset: 0 },
    ownClass: className,
  };
  routine.parameters.forEach((parameter, index) => {
    const local = index + (className === null ? 0 : 1);
    if (!parameter.isBoxed) {
      e.slots.set(parameter, { local });
      return;
    }
    const slot = memorySlot(e, parameter, routine);
    e.slots.set(parameter, slot);
    constI32(e, 0);
    storeBehind(e, parameter.shape, slot.address, () => getLocal(e, local));
  });
  for (const local of routine.locals) declareLocal(e, local, routine);
  e.returnDepth = open(e, OP.block, VOID_BLOCK);
  printEffects(e, routine.body);
  close(e);
  e.cache.valid.clear();
  for (const output of routine.outputs) {
    const address = unit.roots.get(output.root);
    if (address === undefined || isAggregate(output.local.shape)) return unsupported('an output of this kind');
    constI32(e, 0);
    storeBehind(e, output.local.shape, address, () => pushLocal(e, output.local));
  }
  if (routine.result !== null) pushLocal(e, routine.result);
  return {
    type: { parameters, results: routine.result === null ? [] : [valueTypeOf(routine.result.shape)] },
    locals: e.locals.slice(parameters.length),
    code: e.bytes,
    calls: e.calls,
    exportName: null,
  };
}

function pushLocal(e: Emitter, local: Local): void {
  pushAs(
    e,
    { op: 'load', shape: local.shape, from: { place: 'local', local, shape: local.shape } },
    valueTypeOf(local.shape),
  );
}

/** Locals whose address is needed lie at a fixed place: routines that call themselves can't have them. */
function memorySlot(e: Emitter, local: Local, routine: Routine): { readonly address: number } {
  if (e.unit.recursive.has(routine))
    return unsupported('a local variable with an address in a routine that calls itself');
  return { address: e.unit.layout.allocate(local.shape) };
}

function declareLocal(e: Emitter, local: Local, routine: Routine): void {
  const initial = local.initial ?? { op: 'initial', shape: local.shape };
  if (isAggregate(local.shape)) {
    const isAlias = initial.op === 'constant';
    const slot: Slot = isAlias ? { local: newLocal(e, 'i32') } : memorySlot(e, local, routine);
    e.slots.set(local, slot);
    if ('local' in slot) return;
    const address = newLocal(e, 'i32');
    constI32(e, slot.address);
    setLocal(e, address);
    writeInitial(e, address, 0, initial);
    return;
  }
  if (local.isBoxed) {
    const slot = memorySlot(e, local, routine);
    e.slots.set(local, slot);
    constI32(e, 0);
    storeBehind(e, local.shape, slot.address, () => pushAs(e, initial, valueTypeOf(local.shape)));
    return;
  }
  const slot = { local: newLocal(e, valueTypeOf(local.shape)) };
  e.slots.set(local, slot);
  pushAs(e, initial, valueTypeOf(local.shape));
  setLocal(e, slot.local);
}

/** `run0(count, start, step, limit)` runs task 0 that many times; `task0()` runs it once. */
function printRepeat(unit: Unit, names: readonly string[], task: number): PrintedBody {
  const e = createEmitter(unit, ['i32', 'f64', 'f64', 'f64'], createInlineState({ body: [], routine: 0 }));
  const [count, start, step, limit] = [0, 1, 2, 3];
  getLocal(e, start);
  withIndex(e, OP.globalSet, GLOBAL_NOW);
  const exit = open(e, OP.block, VOID_BLOCK);
  const head = open(e, OP.loop, VOID_BLOCK);
  getLocal(e, count);
  op(e, OP.i32Eqz);
  branch(e, OP.brIf, exit);
  getLocal(e, limit);
  withIndex(e, OP.globalSet, GLOBAL_BUDGET);
  for (const name of names) {
    const entry = unit.routines.get(name);
    if (entry === undefined) return unsupported('a program without its function');
    callOwn(e, entry.index);
  }
  withIndex(e, OP.globalGet, GLOBAL_NOW);
  getLocal(e, step);
  op(e, OP.f64Add);
  withIndex(e, OP.globalSet, GLOBAL_NOW);
  getLocal(e, count);
  constI32(e, 1);
  op(e, OP.i32Sub);
  setLocal(e, count);
  branch(e, OP.br, head);
  close(e);
  close(e);
  return {
    type: { parameters: ['i32', 'f64', 'f64', 'f64'], results: [] },
    locals: [],
    code: e.bytes,
    calls: e.calls,
    exportName: `run${task}`,
  };
}

/** Routines that can reach themselves by calls. */
function recursiveRoutines(entries: readonly RoutineEntry[]): ReadonlySet<Routine> {
  const byMethod = new Map<string, Routine[]>();
  const byName = new Map<string, Routine>();
  for (const { routine, className } of entries) {
    if (className === null) byName.set(routine.name, routine);
    else byMethod.set(routine.name, [...(byMethod.get(routine.name) ?? []), routine]);
  }
  // By name alone: it may find a cycle that is none, but never miss one. Bodies are told apart by their class.
  const callees = new Map<Routine, Set<Routine>>();
  for (const { routine } of entries) callees.set(routine, calledBy(routine.body, { byName, byMethod, entries }));
  const recursive = new Set<Routine>();
  for (const { routine } of entries) {
    const seen = new Set<Routine>();
    const queue = [...(callees.get(routine) ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(callees.get(next) ?? []));
    }
    if (seen.has(routine)) recursive.add(routine);
  }
  return recursive;
}

interface CallTargets {
  readonly byName: ReadonlyMap<string, Routine>;
  readonly byMethod: ReadonlyMap<string, readonly Routine[]>;
  readonly entries: readonly RoutineEntry[];
}

function calledBy(node: unknown, targets: CallTargets, found = new Set<Routine>()): Set<Routine> {
  if (Array.isArray(node)) {
    for (const each of node) calledBy(each, targets, found);
    return found;
  }
  if (typeof node !== 'object' || node === null) return found;
  if ('op' in node && node.op === 'call' && 'name' in node) {
    const target = targets.byName.get(String(node.name));
    if (target !== undefined) found.add(target);
  }
  if ('op' in node && node.op === 'invoke' && 'method' in node) {
    for (const target of methodTargets(node, String(node.method), targets)) found.add(target);
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'shape') calledBy(value, targets, found);
  return found;
}

function methodTargets(node: object, method: string, targets: CallTargets): readonly Routine[] {
  const all = targets.byMethod.get(method) ?? [];
  const object: unknown = 'object' in node ? node.object : null;
  if (typeof object !== 'object' || object === null || !('shape' in object)) return all;
  const shape = object.shape as { readonly kind: string; readonly className?: string };
  if (shape.kind !== 'object') return all;
  const own = targets.entries.filter((each) => each.className === shape.className && each.routine.name === method);
  return own.length === 0 ? all : own.map((each) => each.routine);
}
