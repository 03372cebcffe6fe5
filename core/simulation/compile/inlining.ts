/** Which bodies are printed in place of their call, and which variables a loop may keep in JavaScript locals. */

import type { ClassForm, Effect, Place, Value } from './ir.js';
import { BODY } from './mangle.js';

/** How large a body may be to be printed in place, by depth, and all of them together in one routine; in nodes. */
export interface InlineLimits {
  readonly body: readonly number[];
  readonly routine: number;
}

const SMALL_PROGRAM = 20_000;

/** A small program runs fastest with much in place; a large one must not keep V8 busy with long functions. */
export function inlineLimits(classes: readonly ClassForm[]): InlineLimits {
  return sizeOf(
    classes.map((form) => form.routines),
    SMALL_PROGRAM,
  ) <= SMALL_PROGRAM
    ? { body: [400, 120, 40], routine: 3000 }
    : { body: [120, 60], routine: 1000 };
}

/** What a routine has printed in place so far, and the sizes of bodies that were measured. */
export interface InlineState {
  readonly limits: InlineLimits;
  used: number;
  readonly sizes: Map<readonly Effect[], number>;
}

export function createInlineState(limits: InlineLimits, sizes: InlineState['sizes'] = new Map()): InlineState {
  return { limits, used: 0, sizes };
}

/** Size of a body in nodes; infinite when it has a RETURN, which only a routine of its own can have. */
function measured(body: readonly Effect[], state: InlineState): number {
  const known = state.sizes.get(body);
  if (known !== undefined) return known;
  const largest = Math.max(...state.limits.body, 0);
  const count = sizeOf(body, largest);
  const size = count > largest || hasReturn(body) ? Number.POSITIVE_INFINITY : count;
  state.sizes.set(body, size);
  return size;
}

/**
 * The effects of the body that a call of `object` runs, when it is small, has no locals and no RETURN, and the class
 * of the object is certain: a member declared as an instance always holds exactly that class.
 */
export function bodyToInline(
  object: Value,
  classes: ReadonlyMap<string, ClassForm>,
  depth: number,
  state: InlineState,
): readonly Effect[] | null {
  const limit = state.limits.body[depth];
  if (limit === undefined || object.shape.kind !== 'object' || !isDeclaredInstance(object)) return null;
  const form = classes.get(object.shape.className);
  if (form === undefined || form.base !== null || !form.isCallable) return null;
  const body = form.routines.find((each) => each.name === BODY);
  if (body === undefined || body.locals.length > 0 || body.result !== null || body.outputs.length > 0) return null;
  const size = measured(body.body, state);
  if (size > limit || state.used + size > state.limits.routine) return null;
  state.used += size;
  return body.body;
}

function isDeclaredInstance(object: Value): boolean {
  if (object.op === 'root') return true;
  if (object.op !== 'load' || object.from.place !== 'field') return false;
  const { object: owner } = object.from;
  return owner.op === 'self' || owner.op === 'root' || isDeclaredInstance(owner);
}

/** Operations and effects in a node; counting ends beyond `limit`. Loops by hand: it runs over whole programs. */
function sizeOf(node: unknown, limit: number): number {
  if (typeof node !== 'object' || node === null) return 0;
  let size = 'op' in node || 'do' in node ? 1 : 0;
  for (const key in node) {
    if (key === 'shape') continue;
    size += sizeOf((node as Readonly<Record<string, unknown>>)[key], limit - size);
    if (size > limit) return size;
  }
  return size;
}

function hasReturn(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('do' in node && node.do === 'return') return true;
  for (const key in node) {
    if (key !== 'shape' && hasReturn((node as Readonly<Record<string, unknown>>)[key])) return true;
  }
  return false;
}

/**
 * Scalar members of the own object that a loop may keep in locals: the loop calls nothing, follows no reference, can't
 * fault and does not return, so nobody sees the members before they are written back.
 */
export function promotableFields(loop: Extract<Effect, { do: 'for' }>): string[] {
  const fields = new Map<string, boolean>();
  if (!isClosed(loop, fields)) return [];
  // A member that the loop also reaches through another object may be the same variable.
  const others = new Set<string>();
  namesOfOthers(loop, others);
  return [...fields].filter(([name, isScalar]) => isScalar && !others.has(name)).map(([name]) => name);
}

function namesOfOthers(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) {
    for (const each of node) namesOfOthers(each, names);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if ('place' in node && node.place === 'field' && (node as Extract<Place, { place: 'field' }>).object.op !== 'self')
    names.add((node as Extract<Place, { place: 'field' }>).name);
  for (const [key, value] of Object.entries(node)) if (key !== 'shape' && key !== 'local') namesOfOthers(value, names);
}

const CLOSED_OPERATIONS = new Set([
  'constant',
  'load',
  'self',
  'root',
  'arithmetic',
  'logic',
  'not',
  'negate',
  'compare',
  'convert',
  'choose',
  'position',
  'intrinsic',
]);
const CLOSED_EFFECTS = new Set(['store', 'if', 'case', 'for', 'exit', 'continue', 'statement']);
const CLOSED_INTRINSICS = new Set(['$rol', '$ror', '$shl', '$shr', '$limit', 'Math.abs', 'Math.sqrt']);
const SCALARS = new Set(['bool', 'integer', 'real', 'lreal', 'time']);

/** True when nothing in the node can fault, call or alias; collects the own members that it touches. */
function isClosed(node: unknown, fields: Map<string, boolean>): boolean {
  if (Array.isArray(node)) return node.every((each) => isClosed(each, fields));
  if (typeof node !== 'object' || node === null) return true;
  if ('op' in node && !isClosedValue(node as Value)) return false;
  if ('do' in node && !CLOSED_EFFECTS.has((node as Effect).do)) return false;
  if ('place' in node) {
    const place = node as Place;
    if (place.place === 'target' || place.place === 'bits') return false;
    if (place.place === 'field' && place.object.op === 'self') fields.set(place.name, SCALARS.has(place.shape.kind));
  }
  return Object.entries(node).every(([key, value]) => key === 'shape' || key === 'local' || isClosed(value, fields));
}

function isClosedValue(value: Value): boolean {
  if (!CLOSED_OPERATIONS.has(value.op)) return false;
  if (value.op === 'intrinsic') return CLOSED_INTRINSICS.has(value.name);
  if (value.op === 'arithmetic' && (value.operator === '/' || value.operator === 'MOD')) {
    return value.shape.kind === 'integer' && value.right.op === 'constant' && Number(value.right.value) !== 0;
  }
  if (value.op === 'arithmetic' && value.shape.kind === 'time') return false;
  if (value.op === 'convert') return value.shape.kind !== 'integer' || value.shape.range === null;
  return value.op !== 'position' || value.parts.every((part) => part.isProven || part.index.op === 'constant');
}
