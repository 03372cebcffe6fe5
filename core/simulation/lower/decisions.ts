/** Decisions and their conditions, made visible to the coverage recorder. Without coverage nothing is added. */

import type { Expression, Span } from '../../language/syntax/tree.js';
import type { Effect, Site, Value } from '../compile/ir.js';
import { BOOL, DINT, VOID } from '../compile/shape.js';
import { type RoutineScope, siteOf } from './context.js';
import { intrinsic, plain } from './values.js';

/** How the conditions of a decision are joined. */
export type DecisionTree =
  | { readonly join: 'condition'; readonly index: number }
  | { readonly join: 'constant'; readonly value: boolean }
  | { readonly join: 'not'; readonly operand: DecisionTree }
  | { readonly join: 'and' | 'or' | 'xor'; readonly left: DecisionTree; readonly right: DecisionTree };

/** A Boolean expression that decides: of IF, WHILE, REPEAT, or one with operators that is assigned. */
export interface Decision {
  readonly site: Site;
  readonly tree: DecisionTree;
  /** One for each condition, in order of writing. */
  readonly conditions: readonly Site[];
  /** True when statements depend on it: then its two outcomes are branches. */
  readonly branches: boolean;
}

/** A branch of CASE: `owner` is the statement. */
export interface CaseArm {
  readonly owner: Site;
  readonly site: Site;
}

/** What coverage can count, collected while lowering. Numbers in generated code are positions in these lists. */
export interface CoveragePlan {
  readonly decisions: Decision[];
  readonly arms: CaseArm[];
}

/** A condition within a decision that is being lowered. */
export interface MarkedCondition {
  readonly decision: number;
  readonly index: number;
}

const JOINS = { AND: 'and', AND_THEN: 'and', OR: 'or', OR_ELSE: 'or', XOR: 'xor' } as const;

/** A decision as a value. `lowered` gives the value of the expression itself. */
export function lowerDecision(
  scope: RoutineScope,
  expression: Expression,
  use: 'branch' | 'value',
  lowered: () => Value,
): Value {
  const plan = scope.builder.coverage;
  if (plan === null || scope.isTest || scope.project.model.constantOf(expression) !== null) return lowered();
  if (use === 'value' && !isJoined(scope, expression)) return lowered();
  const site = siteOf(scope, expression);
  if (plan.decisions.some((each) => each.site === site)) return lowered();
  const decision = plan.decisions.length;
  const conditions: Site[] = [];
  const tree = treeOf(scope, expression, decision, conditions);
  plan.decisions.push({ site, tree, conditions, branches: use === 'branch' });
  return intrinsic('$decision', BOOL, [intrinsic('$enter', DINT, [plain(decision)]), lowered()]);
}

function isBoolean(scope: RoutineScope, expression: Expression): boolean {
  return scope.builder.shapeOf(scope.project.model.typeOf(expression)).kind === 'bool';
}

function isJoined(scope: RoutineScope, expression: Expression): boolean {
  if (expression.kind === 'Parenthesized') return isJoined(scope, expression.expression);
  if (expression.kind === 'Unary') return expression.operator === 'NOT' && isJoined(scope, expression.operand);
  return expression.kind === 'Binary' && expression.operator in JOINS && isBoolean(scope, expression);
}

function treeOf(scope: RoutineScope, expression: Expression, decision: number, conditions: Site[]): DecisionTree {
  if (expression.kind === 'Parenthesized') return treeOf(scope, expression.expression, decision, conditions);
  const known = scope.project.model.constantOf(expression);
  if (typeof known === 'boolean') return { join: 'constant', value: known };
  if (expression.kind === 'Unary' && expression.operator === 'NOT') {
    return { join: 'not', operand: treeOf(scope, expression.operand, decision, conditions) };
  }
  if (expression.kind === 'Binary' && isJoined(scope, expression)) {
    const join = JOINS[expression.operator as keyof typeof JOINS];
    const left = treeOf(scope, expression.left, decision, conditions);
    return { join, left, right: treeOf(scope, expression.right, decision, conditions) };
  }
  const index = conditions.length;
  conditions.push(siteOf(scope, expression));
  scope.conditions.set(expression, { decision, index });
  return { join: 'condition', index };
}

/** The value of a condition, reported to the recorder. */
export function markedCondition(scope: RoutineScope, expression: Expression, value: Value): Value {
  const marked = scope.conditions.get(expression);
  if (marked === undefined) return value;
  return intrinsic('$condition', BOOL, [plain(marked.decision), plain(marked.index), value]);
}

/** The start of a branch of CASE, ELSE included; nothing without coverage. */
export function caseArm(scope: RoutineScope, owner: Span, arm: Span): Effect[] {
  const plan = scope.builder.coverage;
  if (plan === null || scope.isTest) return [];
  plan.arms.push({ owner: siteOf(scope, owner), site: siteOf(scope, arm) });
  return [{ do: 'evaluate', value: intrinsic('$branch', VOID, [plain(plan.arms.length - 1)]) }];
}
