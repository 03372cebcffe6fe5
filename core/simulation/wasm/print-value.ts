/** Prints values of the intermediate form. */

import { isQuiet, type Value } from '../compile/ir.js';
import { isAggregate } from '../compile/shape.js';
import {
  alternatives,
  callOwn,
  close,
  conditionally,
  constI32,
  type Emitter,
  forgetAll,
  loadScalar,
  newLocal,
  op,
  open,
  pushConstant,
  pushInitial,
  setLocal,
  withIndex,
} from './emitter.js';
import { typeCode, type ValueType } from './encoder.js';
import { valueTypeOf } from './layout.js';
import { OP } from './opcodes.js';
import { pushArithmetic, pushCompare, pushNegated, pushNot } from './print-arithmetic.js';
import { pushConversion, pushUnknown } from './print-conversion.js';
import { pushIntrinsic } from './print-intrinsic.js';
import {
  addOffset,
  checkReference,
  pushAddress,
  pushAs,
  pushPlace,
  pushPlaceAddress,
  pushValue,
} from './print-place.js';
import { pushPosition } from './print-position.js';
import { GLOBAL_NOW, type RoutineEntry } from './unit.js';
import { unsupported } from './unsupported.js';

/** Pushes a value; returns its type, or null when there is none. */
export function printValue(e: Emitter, value: Value): ValueType | null {
  switch (value.op) {
    case 'constant':
      pushConstant(e, value);
      return valueTypeOf(value.shape);
    case 'load':
      if (valueTypeOf(value.shape) !== valueTypeOf(value.from.shape)) {
        // A number read as LREAL: JavaScript needs no conversion for it.
        pushConversion(e, {
          op: 'convert',
          shape: value.shape,
          operand: { ...value, shape: value.from.shape },
          site: 0,
        });
        return valueTypeOf(value.shape);
      }
      return pushPlace(e, value.from);
    case 'self':
      addOffset(e, pushAddress(e, value));
      return 'i32';
    case 'root':
      return pushRoot(e, value);
    case 'arithmetic':
      pushArithmetic(e, value);
      return valueTypeOf(value.shape);
    case 'logic':
      return pushLogic(e, value);
    case 'not':
      pushNot(e, value.operand);
      return valueTypeOf(value.shape);
    case 'negate':
      pushNegated(e, value);
      return valueTypeOf(value.shape);
    case 'compare':
      pushCompare(e, value);
      return 'i32';
    case 'convert':
      pushConversion(e, value);
      return valueTypeOf(value.shape);
    case 'intrinsic':
      return pushIntrinsic(e, value);
    case 'call':
      return pushCall(e, e.unit.routines.get(value.name) ?? unsupported(`the function ${value.name}`), value.arguments);
    case 'invoke':
      return pushInvoke(e, value);
    case 'reference':
      pushPlaceAddress(e, value.to);
      return 'i32';
    case 'choose':
      return pushChoice(e, value);
    case 'after':
      e.unit.print.effects(e, value.effects);
      return value.shape.kind === 'void' ? null : printValue(e, value.value);
    case 'position':
      pushPosition(e, value);
      return 'i32';
    case 'initial':
      if (isAggregate(value.shape)) return unsupported('an initial value without a variable');
      pushInitial(e, value.shape);
      return valueTypeOf(value.shape);
    case 'unknown':
      pushUnknown(e, value.shape, value.site);
      return value.shape.kind === 'void' || value.shape.kind === 'unknown' ? null : valueTypeOf(value.shape);
    default:
      return unsupported(`a value of the form ${value.op}`);
  }
}

function pushRoot(e: Emitter, value: Extract<Value, { op: 'root' }>): ValueType {
  if (value.name === 'now') {
    withIndex(e, OP.globalGet, GLOBAL_NOW);
    return 'f64';
  }
  const address = e.unit.roots.get(value.name);
  if (address === undefined) return unsupported(`the root ${value.name}`);
  if (isAggregate(value.shape)) {
    constI32(e, address);
    return 'i32';
  }
  constI32(e, 0);
  loadScalar(e, value.shape, address);
  return valueTypeOf(value.shape);
}

// ------------------------------------------------------------------------------------------------ logic

/** True for what has no effect, can't fault and is quicker to compute than to branch around. */
function isCheap(value: Value, depth = 4): boolean {
  if (depth === 0) return false;
  switch (value.op) {
    case 'constant':
      return value.shape.kind !== 'string';
    case 'load':
      if (value.shape.kind === 'string') return false;
      return value.from.place === 'local' || (value.from.place === 'field' && isPath(value.from.object));
    case 'not':
      return isCheap(value.operand, depth - 1);
    case 'compare':
    case 'logic':
      return isCheap(value.left, depth - 1) && isCheap(value.right, depth - 1);
    default:
      return false;
  }
}

function isPath(value: Value): boolean {
  if (value.op === 'self' || value.op === 'root') return true;
  return value.op === 'load' && value.from.place === 'field' && isPath(value.from.object);
}

function pushLogic(e: Emitter, value: Extract<Value, { op: 'logic' }>): ValueType {
  const { left, right, operator } = value;
  const isAnd = operator === 'AND' || operator === 'AND_THEN';
  const type = pushValue(e, left);
  if (type === 'i64') {
    pushAs(e, right, 'i64');
    op(e, operator === 'XOR' ? OP.i64Xor : isAnd ? OP.i64And : OP.i64Or);
    return type;
  }
  const isShort =
    operator === 'AND_THEN' ||
    operator === 'OR_ELSE' ||
    e.unit.profile.semantics.booleanEvaluation === 'short-circuit' ||
    isQuiet(right);
  if (value.shape.kind === 'integer' || operator === 'XOR' || !isShort || isCheap(right)) {
    pushAs(e, right, 'i32');
    op(e, operator === 'XOR' ? OP.i32Xor : isAnd ? OP.i32And : OP.i32Or);
    return type;
  }
  open(e, OP.if, typeCode('i32'));
  const pushRight = (): void => conditionally(e, () => pushAs(e, right, 'i32'));
  if (isAnd) pushRight();
  else constI32(e, 1);
  op(e, OP.else);
  if (isAnd) constI32(e, 0);
  else pushRight();
  close(e);
  return type;
}

function pushChoice(e: Emitter, value: Extract<Value, { op: 'choose' }>): ValueType {
  const type = valueTypeOf(value.shape);
  pushAs(e, value.condition, 'i32');
  open(e, OP.if, typeCode(type));
  alternatives(e, [
    () => pushAs(e, value.whenTrue, type),
    () => {
      op(e, OP.else);
      pushAs(e, value.whenFalse, type);
    },
  ]);
  close(e);
  return type;
}

// ------------------------------------------------------------------------------------------------ calls

/** Forms that make a new array or structure. */
const BY_VALUE: ReadonlySet<Value['op']> = new Set(['call', 'invoke', 'copy-of', 'object-of', 'array-of']);

/** Calls a function of the module; the object, if it has one, is on the stack. */
function pushCall(e: Emitter, entry: RoutineEntry, values: readonly Value[]): ValueType | null {
  const { routine } = entry;
  for (const [index, parameter] of routine.parameters.entries()) {
    const argument = values[index];
    if (argument === undefined) return unsupported('a call without all of its arguments');
    if (isAggregate(argument.shape) && BY_VALUE.has(argument.op)) return unsupported('an aggregate by value');
    pushAs(e, argument, valueTypeOf(parameter.shape));
  }
  callOwn(e, entry.index);
  forgetAll(e);
  return routine.result === null ? null : valueTypeOf(routine.result.shape);
}

/** The routine that a method call reaches; its class is certain, or no class below it has another one. */
function routineOf(e: Emitter, className: string, method: string, isExact: boolean): RoutineEntry {
  const { layout, routines } = e.unit;
  if (!isExact && layout.derived(className).some((form) => form.routines.some((each) => each.name === method)))
    return unsupported('a method that classes below override');
  for (let form = layout.classes.get(className) ?? null; form !== null; form = layout.base(form)) {
    const entry = routines.get(`${form.name}.${method}`);
    if (entry !== undefined) return entry;
  }
  return unsupported('a method that is not in the program');
}

function isDeclaredInstance(object: Value): boolean {
  if (object.op === 'root') return true;
  return object.op === 'load' && object.shape.kind === 'object' && object.from.place === 'field';
}

function pushInvoke(e: Emitter, value: Extract<Value, { op: 'invoke' }>): ValueType | null {
  if (value.object === 'super') {
    const own = e.ownClass === null ? null : (e.unit.layout.classes.get(e.ownClass) ?? null);
    const base = own === null ? null : e.unit.layout.base(own);
    if (base === null) return unsupported('SUPER without a base');
    const self: Value = { op: 'self', shape: { kind: 'object', className: base.name, typeName: base.typeName } };
    addOffset(e, pushAddress(e, self));
    return pushCall(e, routineOf(e, base.name, value.method, true), value.arguments);
  }
  const { object } = value;
  const target = object.shape.kind === 'reference' ? object.shape.target : object.shape;
  if (target.kind !== 'object') return unsupported('a call through an interface');
  const entry = routineOf(e, target.className, value.method, isDeclaredInstance(object));
  addOffset(e, pushAddress(e, object));
  if (object.shape.kind === 'reference') checkReference(e, value.site);
  return pushCall(e, entry, value.arguments);
}

/** Evaluates a value for its effects. */
export function evaluate(e: Emitter, value: Value): void {
  if (printValue(e, value) !== null) op(e, OP.drop);
}

/** Keeps what is on the stack in a new local. */
export function keep(e: Emitter, type: ValueType): number {
  const local = newLocal(e, type);
  setLocal(e, local);
  return local;
}
