/**
 * Modified condition/decision coverage in its masking form (DO-178C, CAST-6): a condition is shown when two evaluations
 * exist in which it alone decides the outcome, once TRUE and once FALSE. A condition decides alone where turning it
 * would turn the outcome; a condition that was not evaluated (AND_THEN, OR_ELSE) may have had either value.
 */

import type { DecisionTree } from './lower/decisions.js';
import { conditionIn } from './run-time/coverage-recorder.js';

interface Evaluations {
  readonly tree: DecisionTree;
  readonly conditions: readonly string[];
  readonly records: readonly (readonly [number, number])[];
}

/** True for each condition whose independent effect on its decision was shown. */
export function shownConditions({ tree, conditions, records }: Evaluations): boolean[] {
  const vectors = records.map(([key]) => Math.floor(key / 2));
  return conditions.map((_, index) => {
    const deciding = vectors.filter((vector) => decidesAlone(tree, vector, index));
    return [true, false].every((value) => deciding.some((vector) => conditionIn(vector, index) === value));
  });
}

function decidesAlone(tree: DecisionTree, vector: number, index: number): boolean {
  switch (tree.join) {
    case 'constant':
      return false;
    case 'condition':
      return tree.index === index && conditionIn(vector, index) !== null;
    case 'not':
      return decidesAlone(tree.operand, vector, index);
    default: {
      const isLeft = contains(tree.left, index);
      const other = isLeft ? tree.right : tree.left;
      if (!decidesAlone(isLeft ? tree.left : tree.right, vector, index)) return false;
      return tree.join === 'xor' || canBe(other, vector, tree.join === 'and');
    }
  }
}

function contains(tree: DecisionTree, index: number): boolean {
  switch (tree.join) {
    case 'constant':
      return false;
    case 'condition':
      return tree.index === index;
    case 'not':
      return contains(tree.operand, index);
    default:
      return contains(tree.left, index) || contains(tree.right, index);
  }
}

/** True when the part can have had the value in that evaluation. */
function canBe(tree: DecisionTree, vector: number, value: boolean): boolean {
  switch (tree.join) {
    case 'constant':
      return tree.value === value;
    case 'condition': {
      const seen = conditionIn(vector, tree.index);
      return seen === null || seen === value;
    }
    case 'not':
      return canBe(tree.operand, vector, !value);
    case 'xor':
      return [true, false].some((left) => canBe(tree.left, vector, left) && canBe(tree.right, vector, left !== value));
    default: {
      const needsBoth = (tree.join === 'and') === value;
      const [left, right] = [canBe(tree.left, vector, value), canBe(tree.right, vector, value)];
      return needsBoth ? left && right : left || right;
    }
  }
}
