/** Ties the lowering of expressions together. */

import { lowerCall } from './calls.js';
import type { ExpressionLowering } from './context.js';
import { lowerAs, lowerValue } from './expressions.js';
import { lowerAssignmentExpression } from './statements.js';

export const EXPRESSION_LOWERING: ExpressionLowering = {
  value: lowerValue,
  as: lowerAs,
  call: lowerCall,
  assignment: lowerAssignmentExpression,
};
