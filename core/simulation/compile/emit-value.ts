/** Prints values and places of the intermediate form as JavaScript expressions. */

import type { DebugPlan } from './debug-hooks.js';
import { arithmeticCode } from './emit-arithmetic.js';
import { convertCode, fitCode, timeCode, wrapCode } from './emit-conversion.js';
import type { InlineState } from './inlining.js';
import type { ClassForm, Effect, Place, Value } from './ir.js';
import { isQuiet } from './ir.js';
import { methodName } from './mangle.js';
import type { ExecutionProfile } from './profile.js';
import { type ArrayShape, type IntegerShape, isAggregate, isBig, lengthOf, type Shape } from './shape.js';

/** What the printer of a routine needs and collects. */
export interface EmitContext {
  readonly profile: ExecutionProfile;
  /** Names of members to which references are taken: each gets a class of cells. */
  readonly memberCells: Set<string>;
  readonly withMocks: boolean;
  readonly withCoverage: boolean;
  /** Set when a debugger looks on. */
  readonly debug?: DebugPlan | undefined;
  /** How RETURN leaves the routine: `return;`, or `break R;` where something is handed over at the end. */
  readonly returnCode: string;
  /** JavaScript of the object of the routine: `this`, or a local where a body is printed in place of its call. */
  readonly self: string;
  /** Members of `self` that a loop keeps in JavaScript locals. */
  readonly promoted: ReadonlyMap<string, string>;
  readonly classes: ReadonlyMap<string, ClassForm>;
  readonly inlineDepth: number;
  readonly inlined: InlineState;
  /** Prints effects as statements; set by emit.ts, which depends on this file. */
  readonly effectsCode: (effects: readonly Effect[], context: EmitContext) => string;
  /** A new JavaScript name, unique in the program. */
  readonly fresh: (prefix: string) => string;
}

/** The typed array that holds elements of a shape; null for a plain Array. */
export function typedArrayOf(element: Shape): string | null {
  switch (element.kind) {
    case 'bool':
      return 'Uint8Array';
    case 'integer':
      if (element.bits === 64) return element.isSigned ? 'BigInt64Array' : 'BigUint64Array';
      return `${element.isSigned ? 'Int' : 'Uint'}${element.bits}Array`;
    case 'real':
      return 'Float32Array';
    case 'lreal':
    case 'time':
    case 'time-of-day':
      return 'Float64Array';
    case 'ltime':
    case 'ltime-of-day':
    case 'date':
    case 'ldate':
    case 'date-and-time':
    case 'ldate-and-time':
      return 'BigInt64Array';
    default:
      return null;
  }
}

function constantCode(shape: Shape, value: Extract<Value, { op: 'constant' }>['value']): string {
  if (typeof value === 'string')
    return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  if (typeof value === 'bigint') return value < 0n ? `(${value}n)` : `${value}n`;
  if (typeof value === 'number') {
    const number = shape.kind === 'real' ? Math.fround(value) : value;
    return Object.is(number, -0) || number < 0 ? `(${Object.is(number, -0) ? '-0' : number})` : String(number);
  }
  return String(value);
}

/** The value of a variable of this shape that was declared without one. */
export function initialCode(shape: Shape, context: EmitContext): string {
  switch (shape.kind) {
    case 'bool':
      return 'false';
    case 'integer': {
      const start =
        shape.first !== null
          ? shape.first
          : shape.range === null || (shape.range.lower <= 0n && shape.range.upper >= 0n)
            ? 0n
            : shape.range.lower;
      return shape.bits === 64 ? `${start}n` : String(start);
    }
    case 'string':
      return shape.isCharacter ? '"\\u0000"' : '""';
    case 'array': {
      const typed = typedArrayOf(shape.element);
      const length = lengthOf(shape);
      const fill = initialCode(shape.element, context);
      if (typed !== null) {
        const plain = `new ${typed}(${length})`;
        return withBounds(/^(0n?|false)$/.test(fill) ? plain : `${plain}.fill(${fill})`, shape);
      }
      const filled = isAggregate(shape.element)
        ? `Array.from({ length: ${length} }, () => ${fill})`
        : `new Array(${length}).fill(${fill})`;
      return withBounds(filled, shape);
    }
    case 'object':
      return `new ${shape.className}()`;
    case 'reference':
    case 'interface':
    case 'unknown':
    case 'void':
      return 'null';
    default:
      return isBig(shape) ? '0n' : '0';
  }
}

/** Arrays remember their bounds for parameters declared ARRAY[*]. */
function withBounds(code: string, shape: ArrayShape): string {
  const bounds = (shape.dimensions ?? []).flatMap((each) => [each.lower, each.upper]);
  return `$bounded(${code}, [${bounds.join(', ')}])`;
}

/**
 * True when a place holds a BOOL as 0 or 1: every member, element and cell does. V8 keeps small integers without a
 * write barrier and compares them in one instruction. Locals, arguments and results hold `true` and `false`.
 */
export function isStoredBool(place: Place): boolean {
  if (place.shape.kind !== 'bool' || place.place === 'bits') return false;
  return place.place !== 'local' || place.local.isBoxed;
}

/** A Boolean expression in the form in which it is stored. */
function storedBoolCode(code: string): string {
  if (code === 'true' || code === 'false') return code === 'true' ? '1' : '0';
  return `${code} ? 1 : 0`;
}

/** Any value in the form in which members and elements store it. */
export function storedCode(code: string, shape: Shape): string {
  return shape.kind === 'bool' ? storedBoolCode(code) : code;
}

/** The value of a place. */
export function placeCode(place: Place, context: EmitContext): string {
  const raw = rawPlaceCode(place, context);
  return isStoredBool(place) ? `(${raw} === 1)` : raw;
}

/** The place itself: what stands left of an assignment. */
export function rawPlaceCode(place: Place, context: EmitContext): string {
  switch (place.place) {
    case 'local':
      return place.local.isBoxed ? `${place.local.name}.v` : place.local.name;
    case 'field': {
      const promoted = place.object.op === 'self' ? context.promoted.get(place.name) : undefined;
      return promoted ?? `${valueCode(place.object, context)}.${place.name}`;
    }
    case 'element':
      return `${valueCode(place.array, context)}[${valueCode(place.index, context)}]`;
    case 'target': {
      const reference = `$known(${valueCode(place.reference, context)}, ${place.site})`;
      return isAggregate(place.shape) ? reference : `${reference}.v`;
    }
    case 'bits':
      return bitsCode(place, context);
  }
}

function bitsCode(place: Extract<Place, { place: 'bits' }>, context: EmitContext): string {
  const whole = placeCode(place.of, context);
  const shape = place.of.shape as IntegerShape;
  if (shape.bits === 64) {
    const part = `(BigInt.asUintN(64, ${whole}) >> ${place.from}n & ${(1n << BigInt(place.count)) - 1n}n)`;
    if (place.count === 1) return `(${part} !== 0n)`;
    return place.count === 64 ? part : `Number(${part})`;
  }
  if (place.count === 1) return `((${whole} >>> ${place.from} & 1) !== 0)`;
  return place.count === 32 ? `(${whole} >>> 0)` : `(${whole} >>> ${place.from} & ${2 ** place.count - 1})`;
}

export function valueCode(value: Value, context: EmitContext): string {
  return printValue(value, context);
}

function printValue(value: Value, context: EmitContext): string {
  switch (value.op) {
    case 'constant':
      return constantCode(value.shape, value.value);
    case 'load':
      return placeCode(value.from, context);
    case 'self':
      return context.self;
    case 'root':
      return value.name;
    case 'arithmetic':
      return arithmeticCode(value, valueCode(value.left, context), valueCode(value.right, context), context.profile);
    case 'logic':
      return logicCode(value, context);
    case 'not':
      return notCode(value.operand, context);
    case 'negate': {
      const operand = valueCode(value.operand, context);
      if (value.shape.kind === 'integer')
        return fitCode(
          value.shape.bits === 64 ? `(-${operand})` : `(0 - ${operand})`,
          value.shape,
          context.profile,
          value.site,
        );
      return value.shape.kind === 'time' ? timeCode(`(0 - ${operand})`, context.profile, value.site) : `(-${operand})`;
    }
    case 'compare':
      return compareCode(value, context);
    case 'convert': {
      const code = convertCode(
        valueCode(value.operand, context),
        value.operand.shape,
        value.shape,
        context.profile,
        value.site,
      );
      return code ?? `$unknown(${value.site}, ${initialCode(value.shape, context)})`;
    }
    case 'intrinsic':
      return constantShiftCode(value, context) ?? `${value.name}(${list(value.arguments, context)})`;
    case 'call':
      return `${value.name}(${list(value.arguments, context)})`;
    case 'invoke': {
      const parameters = list(value.arguments, context);
      if (value.object === 'super') return `super.${value.method}(${parameters})`;
      const object = valueCode(value.object, context);
      const isSure = value.object.shape.kind === 'object';
      return `${isSure ? object : `$known(${object}, ${value.site})`}.${value.method}(${parameters})`;
    }
    case 'reference':
      return referenceCode(value.to, context);
    case 'choose':
      return `(${truthCode(value.condition, context)} ? ${valueCode(value.whenTrue, context)} : ${valueCode(value.whenFalse, context)})`;
    case 'after':
      return afterCode(value, context);
    case 'array-of':
      return arrayOfCode(value, context);
    case 'object-of':
      return `$with(${initialCode(value.shape, context)}, ${objectSetter(value, context)})`;
    case 'initial':
      return initialCode(value.shape, context);
    case 'copy-of':
      return value.shape.kind === 'object'
        ? `new ${value.shape.className}().copy(${valueCode(value.operand, context)})`
        : `$cloned(${valueCode(value.operand, context)}, ${initialCode(value.shape, context)})`;
    case 'position':
      return value.parts
        .map((part) => {
          const index = valueCode(part.index, context);
          const checked =
            part.index.op === 'constant' || part.isProven
              ? part.lower === 0
                ? index
                : `(${index} - ${part.lower})`
              : `$index(${index}, ${part.lower}, ${part.upper}, ${value.site})`;
          return part.stride === 1 ? checked : `${checked} * ${part.stride}`;
        })
        .join(' + ');
    case 'open-position':
      return `$openIndex(${valueCode(value.array, context)}, [${list(value.indices, context)}], ${value.site})`;
    case 'unknown':
      return `$unknown(${value.site}, ${initialCode(value.shape, context)})`;
  }
}

/** Shifts and rotations by a constant need no call. */
function constantShiftCode(value: Extract<Value, { op: 'intrinsic' }>, context: EmitContext): string | null {
  const [operand, count, width] = value.arguments;
  if (operand === undefined || count?.op !== 'constant' || width?.op !== 'constant' || !isQuiet(operand)) return null;
  const bits = Number(width.value);
  const places = Number(count.value);
  if (places <= 0 || places >= bits) return null;
  const code = valueCode(operand, context);
  const cut = (shifted: string): string => (bits === 32 ? `(${shifted} >>> 0)` : `(${shifted} & ${2 ** bits - 1})`);
  switch (value.name) {
    case '$shl':
      return cut(`(${code} << ${places})`);
    case '$shr':
      return `(${code} >>> ${places})`;
    case '$rol':
      return cut(`(${code} << ${places} | ${code} >>> ${bits - places})`);
    case '$ror':
      return cut(`(${code} << ${bits - places} | ${code} >>> ${places})`);
    default:
      return null;
  }
}

/**
 * A BOOL in a condition. A variable is compared with `true`, which is one machine instruction; JavaScript's own truth
 * test would check for every kind of value.
 */
export function truthCode(value: Value, context: EmitContext): string {
  const code = valueCode(value, context);
  const isPlain = value.op === 'call' || value.op === 'invoke' || (value.op === 'load' && value.from.place === 'local');
  return isPlain && !(value.op === 'load' && isStoredBool(value.from)) ? `(${code} === true)` : code;
}

function list(values: readonly Value[], context: EmitContext): string {
  return values.map((each) => valueCode(each, context)).join(', ');
}

function objectSetter(value: Extract<Value, { op: 'object-of' }>, context: EmitContext): string {
  const target = context.fresh('o');
  const assignments = value.members.map((member) =>
    isAggregate(member.value.shape)
      ? `$assign(${target}.${member.name}, ${valueCode(member.value, context)});`
      : `${target}.${member.name} = ${storedCode(valueCode(member.value, context), member.value.shape)};`,
  );
  if (value.constructorArguments !== null) {
    assignments.unshift(`${target}.${methodName('FB_init')}(${list(value.constructorArguments, context)});`);
  }
  return `(${target}) => { ${assignments.join(' ')} }`;
}

function arrayOfCode(value: Extract<Value, { op: 'array-of' }>, context: EmitContext): string {
  const target = context.fresh('a');
  const shape = value.shape as ArrayShape;
  const assignments = value.elements.map((element, index) =>
    isAggregate(shape.element)
      ? `$assign(${target}[${index}], ${valueCode(element, context)});`
      : `${target}[${index}] = ${storedCode(valueCode(element, context), shape.element)};`,
  );
  return `$with(${initialCode(shape, context)}, (${target}) => { ${assignments.join(' ')} })`;
}

/** An immediately called arrow function keeps `this`; it runs only where an expression has outputs or effects. */
function afterCode(value: Extract<Value, { op: 'after' }>, context: EmitContext): string {
  return `(() => { ${context.effectsCode(value.effects, context)} return ${valueCode(value.value, context)}; })()`;
}

function referenceCode(place: Place, context: EmitContext): string {
  if (isAggregate(place.shape)) return rawPlaceCode(place, context);
  switch (place.place) {
    case 'local':
      return place.local.name;
    case 'field':
      context.memberCells.add(place.name);
      return `new R_${place.name}(${valueCode(place.object, context)})`;
    case 'element':
      return `new $ElementCell(${valueCode(place.array, context)}, ${valueCode(place.index, context)})`;
    case 'target':
      return valueCode(place.reference, context);
    case 'bits':
      return bitsCellCode(place, context);
  }
}

/** A cell for part of an integer. `this` inside of its accessors is the cell, so the own object is handed in. */
function bitsCellCode(place: Extract<Place, { place: 'bits' }>, context: EmitContext): string {
  const self = context.fresh('q');
  const value = context.fresh('b');
  const inner: EmitContext = { ...context, self, promoted: new Map() };
  const isBool = place.count === 1;
  const read = isBool ? storedBoolCode(placeCode(place, inner)) : placeCode(place, inner);
  const write = storeCode(place, isBool ? `(${value} === 1)` : value, inner);
  return `((${self}) => ({ get v() { return ${read}; }, set v(${value}) { ${write} } }))(${context.self})`;
}

/** A statement that stores printed code into a place of a scalar shape. */
export function storeCode(place: Place, code: string, context: EmitContext): string {
  if (place.place !== 'bits') {
    return `${rawPlaceCode(place, context)} = ${isStoredBool(place) ? storedBoolCode(code) : code};`;
  }
  const shape = place.of.shape as IntegerShape;
  const whole = placeCode(place.of, context);
  return storeCode(
    place.of,
    shape.bits === 64
      ? wrapCode(
          `$setBigBits(${whole}, ${place.from}, ${place.count}, ${place.count === 64 ? code : `BigInt(${code})`})`,
          shape,
        )
      : wrapCode(`$setBits(${whole}, ${place.from}, ${place.count}, +${code})`, shape),
    context,
  );
}

function logicCode(value: Extract<Value, { op: 'logic' }>, context: EmitContext): string {
  const left = valueCode(value.left, context);
  const right = valueCode(value.right, context);
  if (value.shape.kind === 'integer') {
    const operator = { AND: '&', OR: '|', XOR: '^', AND_THEN: '&', OR_ELSE: '|' }[value.operator];
    const code = `(${left} ${operator} ${right})`;
    return value.shape.bits === 32 || value.shape.bits === 64 ? wrapCode(code, value.shape) : code;
  }
  if (value.operator === 'XOR') return `(${left} !== ${right})`;
  const isShort =
    value.operator === 'AND_THEN' ||
    value.operator === 'OR_ELSE' ||
    context.profile.semantics.booleanEvaluation === 'short-circuit' ||
    isQuiet(value.right);
  const isAnd = value.operator === 'AND' || value.operator === 'AND_THEN';
  if (isShort) return `(${truthCode(value.left, context)} ${isAnd ? '&&' : '||'} ${truthCode(value.right, context)})`;
  return `${isAnd ? '$and' : '$or'}(${left}, ${right})`;
}

function notCode(operand: Value, context: EmitContext): string {
  const code = valueCode(operand, context);
  if (operand.shape.kind === 'integer') return wrapCode(`(~${code})`, operand.shape);
  if (operand.op !== 'load' || operand.from.place === 'bits') return `!${code}`;
  const raw = rawPlaceCode(operand.from, context);
  return isStoredBool(operand.from) ? `(${raw} !== 1)` : `(${raw} !== true)`;
}

function compareCode(value: Extract<Value, { op: 'compare' }>, context: EmitContext): string {
  const left = valueCode(value.left, context);
  const right = valueCode(value.right, context);
  const kind = value.left.shape.kind;
  if (kind === 'reference' || kind === 'interface' || kind === 'object') {
    const same = `$sameReference(${left}, ${right})`;
    return value.operator === '=' ? same : `!${same}`;
  }
  const operator = value.operator === '=' ? '===' : value.operator === '<>' ? '!==' : value.operator;
  return `(${left} ${operator} ${right})`;
}
