/**
 * Scaling of analog values on S7-1200 and S7-1500 (NORM_X, SCALE_X). The manual (STEP 7, "Conversion operations") gives
 * the formulas and not the precision in between: they are computed in double precision and rounded once.
 */

import type { ArithmeticOperator, Value } from '../compile/ir.js';
import { LREAL, REAL, type Shape } from '../compile/shape.js';
import { as, input, inputAs, type Lowering, resultShape, type StandardCall } from './standard-call.js';

/** In the order of the signatures: the least value, the value itself, the greatest one. */
const MIN = 0;
const VALUE = 1;
const MAX = 2;

export const SCALING_FUNCTIONS: Readonly<Record<string, Lowering>> = {
  /** (VALUE - MIN) / (MAX - MIN); an empty range divides by zero, which the profile of the dialect answers. */
  NORM_X: (call) => {
    const least = inputAs(call, MIN, LREAL);
    const share = computed(call, '/', computed(call, '-', inputAs(call, VALUE, LREAL), least), span(call));
    return as(call, share, call.shape.kind === 'lreal' ? LREAL : REAL);
  },
  /** VALUE * (MAX - MIN) + MIN, in the type of the limits. */
  SCALE_X: (call) => {
    const scaled = computed(call, '*', inputAs(call, VALUE, LREAL), span(call));
    return as(call, computed(call, '+', scaled, inputAs(call, MIN, LREAL)), scaledShape(call));
  },
};

function span(call: StandardCall): Value {
  return computed(call, '-', inputAs(call, MAX, LREAL), inputAs(call, MIN, LREAL));
}

function computed(call: StandardCall, operator: ArithmeticOperator, left: Value, right: Value): Value {
  return { op: 'arithmetic', shape: LREAL, operator, left, right, site: call.site };
}

/** Limits that are written as plain numbers have no type of their own: the target then decides about the rounding. */
function scaledShape(call: StandardCall): Shape {
  const limits = [input(call, MIN), input(call, MAX)].flatMap((each) => (each === null ? [] : [each]));
  if (limits.every(({ kind }) => kind === 'Literal' || kind === 'Unary')) return REAL;
  return resultShape(call);
}
