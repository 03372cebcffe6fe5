/**
 * Pointers of the CODESYS family: what a pointer of one type may be seen as, and arithmetic on them. A pointer is no
 * number here: it knows the variable or the element of an array it stands for. It moves within that array, in bytes as
 * on a controller; beyond its ends it may stand, but not be used.
 */

import type { Binary, Expression, IndexAccess } from '../../language/syntax/tree.js';
import type { CompareOperator, Place, Value } from '../compile/ir.js';
import { type ArrayShape, BOOL, describeShape, LREAL, lengthOf, type Shape, sameShape } from '../compile/shape.js';
import { type RoutineScope, siteOf, sourceText, unknownValue } from './context.js';
import { sizeOf } from './sizes.js';
import { constant, convert, intrinsic, load, plain } from './values.js';

const NOTHING: Shape = { kind: 'reference', target: { kind: 'unknown' } };

type Reference = Extract<Shape, { kind: 'reference' }>;

/** True for an expression of a type `POINTER TO`, which can be moved and compared. */
export function isPointer(scope: RoutineScope, expression: Expression): boolean {
  const type = scope.project.model.typeOf(expression);
  return type.kind === 'pointer' && type.pointerKind === 'pointer';
}

/** A value where a pointer or a number is wanted and the other one stands, or a pointer to something else. */
export function convertPointer(scope: RoutineScope, expression: Expression, value: Value, to: Shape): Value | null {
  const from = value.shape;
  const isForeign = (shape: Shape): boolean => ['interface', 'object', 'unknown', 'void'].includes(shape.kind);
  if (isForeign(from) || isForeign(to) || (from.kind !== 'reference' && to.kind !== 'reference')) return null;
  const no = (reason: string): Value => unknownValue(scope, expression, to, sourceText(scope, expression), reason);
  if (from.kind !== 'reference') {
    if (scope.project.model.constantOf(expression) === 0n) return constant(to, null);
    return no('an address can not be made of a number');
  }
  if (to.kind !== 'reference') return no('the address of a variable is not known as a number');
  const seen = viewOf(scope, value, from, to, siteOf(scope, expression));
  return (
    seen ??
    no(`the bytes of ${describeShape(from.target)} can not be seen as ${describeShape(to.target)} through a pointer`)
  );
}

function viewOf(scope: RoutineScope, value: Value, from: Reference, to: Reference, site: number): Value | null {
  const same = (a: Shape, b: Shape): boolean =>
    a.kind === 'object' && b.kind === 'object' ? scope.builder.isKin(a.className, b.className) : sameShape(a, b);
  if (from.target.kind === 'unknown' || to.target.kind === 'unknown') return value;
  if (same(bare(from.target), bare(to.target))) return value;
  if (from.target.kind !== 'array' || from.target.dimensions === null) return null;
  if (to.target.kind === 'array') {
    const isInside = to.target.dimensions !== null && lengthOf(to.target) <= lengthOf(from.target);
    return isInside && same(bare(from.target.element), bare(to.target.element)) ? value : null;
  }
  if (!same(bare(from.target.element), bare(to.target))) return null;
  return firstElement(value, from.target, site);
}

/** A pointer to an array is one to its first element. */
function firstElement(value: Value, target: ArrayShape, site: number): Value {
  const array = load({ place: 'target', reference: value, shape: target, site });
  const first: Place = { place: 'element', array, index: plain(0), shape: target.element };
  return { op: 'reference', shape: { kind: 'reference', target: target.element }, to: first };
}

/** Without the range of a subrange and the names of an enumeration: they do not change the bytes. */
function bare(shape: Shape): Shape {
  return shape.kind === 'integer' ? { ...shape, range: null, names: null } : shape;
}

/** `p + 4`, `p - SIZEOF(x)`, `p - q`; null when no pointer stands there. */
export function lowerPointerArithmetic(scope: RoutineScope, expression: Binary, shape: Shape): Value | null {
  const [left, right] = [isPointer(scope, expression.left), isPointer(scope, expression.right)];
  if ((!left && !right) || (expression.operator !== '+' && expression.operator !== '-')) return null;
  if (left && right)
    return convert(distance(scope, expression), shape, siteOf(scope, expression), scope.builder.profile);
  const [pointer, number] = left ? [expression.left, expression.right] : [expression.right, expression.left];
  const bytes = scope.lower.as(scope, number, LREAL);
  const signed: Value =
    expression.operator === '+'
      ? bytes
      : { op: 'negate', shape: LREAL, operand: bytes, site: siteOf(scope, expression) };
  return moved(scope, expression, pointer, signed);
}

/** A pointer further by a number of bytes. */
function moved(scope: RoutineScope, whole: Expression, pointer: Expression, bytes: Value): Value {
  const whatever = scope.lower.value(scope, pointer);
  const target = whatever.shape.kind === 'reference' ? whatever.shape.target : whatever.shape;
  const isArray = target.kind === 'array' && target.dimensions !== null;
  const value = isArray ? firstElement(whatever, target, siteOf(scope, whole)) : whatever;
  const size = value.shape.kind === 'reference' ? elementSize(scope, value.shape) : null;
  if (size === null) {
    const reason = 'only pointers to values of elementary types can be moved';
    return unknownValue(scope, whole, value.shape, sourceText(scope, whole), reason);
  }
  return intrinsic('$moved', value.shape, [value, bytes, plain(size), plain(siteOf(scope, whole))]);
}

function elementSize(scope: RoutineScope, shape: Reference): number | null {
  const { target } = shape;
  return target.kind === 'object' || target.kind === 'array' ? null : sizeOf(target, scope.builder.profile);
}

/** Bytes from the right pointer to the left one. */
function distance(scope: RoutineScope, { left, right, ...whole }: Binary): Value {
  const [a, b] = [scope.lower.value(scope, left), scope.lower.value(scope, right)];
  const size = a.shape.kind === 'reference' ? elementSize(scope, a.shape) : null;
  const isSame = b.shape.kind === 'reference' && size === elementSize(scope, b.shape);
  if (size === null || !isSame) {
    const reason = 'only pointers to values of one elementary type have a distance';
    return unknownValue(scope, whole, LREAL, sourceText(scope, whole), reason);
  }
  return intrinsic('$distance', LREAL, [a, b, plain(size), plain(siteOf(scope, whole))]);
}

/** `p < q`: by their places in one array. */
export function lowerPointerOrder(scope: RoutineScope, expression: Binary, operator: CompareOperator): Value {
  if (isPointer(scope, expression.left) && isPointer(scope, expression.right))
    return { op: 'compare', shape: BOOL, operator, left: distance(scope, expression), right: constant(LREAL, 0) };
  const reason = 'references can only be compared for equality';
  return unknownValue(scope, expression, BOOL, sourceText(scope, expression), reason);
}

/** `p[i]`: the element that lies i values further. */
export function pointerElement(scope: RoutineScope, expression: IndexAccess): Place | null {
  const [index, ...others] = expression.indices;
  if (index === undefined || others.length > 0 || !isPointer(scope, expression.object)) return null;
  const { target } = scope.project.model.typeOf(expression.object) as Extract<
    ReturnType<typeof scope.project.model.typeOf>,
    { kind: 'pointer' }
  >;
  const shape = scope.builder.shapeOf(target);
  const size = elementSize(scope, { kind: 'reference', target: shape });
  if (size === null) return null;
  const site = siteOf(scope, expression);
  const steps = scope.lower.as(scope, index, LREAL);
  const bytes: Value = {
    op: 'arithmetic',
    shape: LREAL,
    operator: '*',
    left: steps,
    right: constant(LREAL, size),
    site,
  };
  return { place: 'target', reference: moved(scope, expression, expression.object, bytes), shape, site };
}

/** NULL, for comparison with a pointer. */
export const NULL_POINTER: Value = constant(NOTHING, null);
