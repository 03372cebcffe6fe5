/** In which sense an operand stands in an expression: plain or negated, under AND or OR. */

import type { Expression } from '../../language/syntax/tree.js';
import { type Location, mayOverlap } from '../dataflow/location.js';
import type { Frame } from '../dataflow/trace.js';
import type { SafetyModel } from '../safety-model.js';
import { type Formula, negationNormalForm, simplify } from './formula.js';

/** `AND`, `OR`, `AND of OR`, `NOT, AND`, …; every occurrence, sorted. `compare` when it is part of a comparison or call. */
export function operandSense(expression: Expression, frame: Frame, location: Location, model: SafetyModel): string {
  const formula = negationNormalForm(simplify(model.formulaOf(expression, frame)));
  const senses = new Set<string>();
  collect(formula, location, [], true, senses);
  return [...senses].sort().join(' + ') || 'value';
}

function collect(
  formula: Formula,
  location: Location,
  path: readonly string[],
  isPositive: boolean,
  into: Set<string>,
): void {
  switch (formula.kind) {
    case 'atom': {
      if (!formula.reads.some((read) => mayOverlap(read, location))) return;
      const sense = formula.location === null ? 'compare' : isPositive ? '' : 'NOT';
      into.add([sense, path.join(' of ')].filter((part) => part !== '').join(', ') || 'copy');
      return;
    }
    case 'not':
      collect(formula.operand, location, path, !isPositive, into);
      return;
    case 'and':
    case 'or':
      for (const operand of formula.operands)
        collect(operand, location, [formula.kind.toUpperCase(), ...path], isPositive, into);
      return;
    default:
      return;
  }
}
