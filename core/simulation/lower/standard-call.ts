/** A call of a library function while it is lowered, and its arguments in the shapes that are wanted. */

import type { Call, Expression } from '../../language/syntax/tree.js';
import type { Value } from '../compile/ir.js';
import type { Shape } from '../compile/shape.js';
import { type RoutineScope, unknownValue } from './context.js';
import { lowerAs, lowerValue } from './expressions.js';
import { commonShape, convert } from './values.js';

/** A call of a library function while it is lowered. */
export interface StandardCall {
  readonly scope: RoutineScope;
  readonly call: Call;
  readonly name: string;
  /** Arguments in the order of the signature; left-out ones are null. */
  readonly inputs: readonly (Expression | null)[];
  readonly shape: Shape;
  readonly site: number;
}

export function input(call: StandardCall, index: number): Expression | null {
  return call.inputs[index] ?? null;
}

export function inputAs(call: StandardCall, index: number, shape: Shape): Value {
  const expression = input(call, index);
  return expression === null
    ? unknownValue(call.scope, call.call, shape, call.name, `argument ${index + 1} is missing`)
    : lowerAs(call.scope, expression, shape);
}

export function inputValue(call: StandardCall, index: number): Value {
  const expression = input(call, index);
  return expression === null
    ? unknownValue(call.scope, call.call, call.shape, call.name, `argument ${index + 1} is missing`)
    : lowerValue(call.scope, expression);
}

export function written(call: StandardCall): Expression[] {
  return call.inputs.filter((each): each is Expression => each !== null);
}

/** The result's shape; where the checker left it open, the common one of the arguments. */
export function resultShape(call: StandardCall, from = 0): Shape {
  if (call.shape.kind !== 'unknown' && call.shape.kind !== 'void') return call.shape;
  const shapes = written(call)
    .slice(from)
    .map((each) => call.scope.builder.shapeOf(call.scope.project.model.typeOf(each)));
  return shapes.reduce(commonShape, shapes[0] ?? call.shape);
}

export function as(call: StandardCall, value: Value, shape: Shape): Value {
  return convert(value, shape, call.site, call.scope.builder.profile);
}

/** How one standard function is lowered; null: not with these arguments. */
export type Lowering = (call: StandardCall) => Value | null;
