/** Statements as effects. */

import type { VariableSymbol } from '../../language/semantics/symbols.js';
import type {
  Assignment,
  AssignmentExpression,
  AssignmentOperator,
  Case,
  Expression,
  For,
  Statement,
  StatementList,
} from '../../language/syntax/tree.js';
import type { CaseBranch, Effect, Local, Place, Value } from '../compile/ir.js';
import { BOOL, type IntegerShape, isBig, type Shape } from '../compile/shape.js';
import { evaluated, lowerCallStatement } from './calls.js';
import { type RoutineScope, siteOf, sourceText, unknownEffect } from './context.js';
import { caseArm, lowerDecision } from './decisions.js';
import { lowerAs, lowerValue, referenceTo } from './expressions.js';
import { hasLabels, lowerGoto, lowerWithLabels } from './jumps.js';
import { lowerPlace, lowerReferencePlace } from './places.js';
import { storeInto, storeValue } from './stores.js';
import { lowerMock } from './test-statements.js';
import { lowerAttempt } from './type-queries.js';
import { constant, FALSE, load, TRUE } from './values.js';
import { writesVariable } from './writes.js';

export function lowerStatements(scope: RoutineScope, list: StatementList): Effect[] {
  const lower = (statements: readonly Statement[]): Effect[] => lowerEach(scope, statements);
  return hasLabels(list) ? lowerWithLabels(scope, list, lower) : lower(list.statements);
}

function lowerEach(scope: RoutineScope, statements: readonly Statement[]): Effect[] {
  return statements.flatMap((statement) => [
    ...(statement.kind === 'EmptyStatement' || statement.kind === 'Region'
      ? []
      : [{ do: 'statement', site: siteOf(scope, statement) } as const]),
    ...lowerStatement(scope, statement),
  ]);
}

function lowerStatement(scope: RoutineScope, statement: Statement): Effect[] {
  switch (statement.kind) {
    case 'Assignment':
      return lowerAssignment(scope, statement);
    case 'CallStatement':
      if (statement.expression.kind === 'Call') return lowerCallStatement(scope, statement.expression);
      return evaluated(scope, statement.expression);
    case 'If':
      return [
        {
          do: 'if',
          branches: statement.branches.map((branch) => ({
            condition: lowerCondition(scope, branch.condition),
            body: lowerStatements(scope, branch.body),
          })),
          otherwise: statement.otherwise === null ? [] : lowerStatements(scope, statement.otherwise),
        },
      ];
    case 'Case':
      return [lowerCase(scope, statement)];
    case 'For':
      return lowerFor(scope, statement);
    case 'While': {
      const condition = lowerCondition(scope, statement.condition);
      const { label, body } = lowerLoopBody(scope, statement.body);
      return [{ do: 'while', label, condition, body, site: siteOf(scope, statement) }];
    }
    case 'Repeat': {
      const { label, body } = lowerLoopBody(scope, statement.body);
      return [
        { do: 'repeat', label, body, until: lowerCondition(scope, statement.until), site: siteOf(scope, statement) },
      ];
    }
    case 'Exit':
    case 'Continue': {
      const label = scope.loops.at(-1);
      if (label === undefined)
        return [unknownEffect(scope, statement, statement.kind.toUpperCase(), 'it stands outside of a loop')];
      return [{ do: statement.kind === 'Exit' ? 'exit' : 'continue', label }];
    }
    case 'Return':
      return lowerReturn(scope, statement.value);
    case 'Region':
      return lowerStatements(scope, statement.body);
    case 'EmptyStatement':
      return [];
    case 'Mock':
      return lowerMock(scope, statement);
    case 'Goto':
      return lowerGoto(scope, statement);
    case 'Label':
      return [];
    case 'ErrorStatement':
      return [unknownEffect(scope, statement, sourceText(scope, statement), 'the statement could not be parsed')];
  }
}

/** The condition of IF, WHILE or REPEAT. */
function lowerCondition(scope: RoutineScope, expression: Expression): Value {
  return lowerDecision(scope, expression, 'branch', () => lowerAs(scope, expression, BOOL));
}

function lowerReturn(scope: RoutineScope, value: Expression | null): Effect[] {
  if (value === null) return [{ do: 'return' }];
  if (scope.result === null) return [unknownEffect(scope, value, sourceText(scope, value), 'nothing is returned here')];
  const place: Place = { place: 'local', local: scope.result, shape: scope.result.shape };
  return [...storeValue(place, lowerAs(scope, value, place.shape)), { do: 'return' }];
}

function lowerLoopBody(scope: RoutineScope, list: StatementList): { label: string; body: Effect[] } {
  const label = `L${scope.nextTemporary++}`;
  scope.loops.push(label);
  const body = lowerStatements(scope, list);
  scope.loops.pop();
  return { label, body };
}

/** The shape that the value of an assignment is converted to. */
function targetShape(scope: RoutineScope, target: Expression): Shape {
  const place = lowerPlace(scope, target);
  return place?.shape ?? scope.builder.shapeOf(scope.project.model.typeOf(target));
}

function lowerAssignment(scope: RoutineScope, statement: Assignment): Effect[] {
  const { target, operator, value } = statement;
  switch (operator) {
    case ':=':
    case '[:=]': {
      const shape = targetShape(scope, target);
      const lowered = (): Value => lowerAs(scope, value, shape);
      const source = shape.kind === 'bool' ? lowerDecision(scope, value, 'value', lowered) : lowered();
      return storeInto(scope, target, source, statement);
    }
    case 'S=':
    case 'R=': {
      const stored = storeInto(scope, target, operator === 'S=' ? TRUE : FALSE, statement);
      return [{ do: 'if', branches: [{ condition: lowerAs(scope, value, BOOL), body: stored }], otherwise: [] }];
    }
    case 'REF=':
      return lowerReferenceAssignment(scope, statement);
    case '?=':
      return lowerAttempt(scope, statement);
    default:
      return lowerCompound(scope, statement, operator);
  }
}

const COMPOUND = { '+=': '+', '-=': '-', '*=': '*', '/=': '/' } as const;

function lowerCompound(scope: RoutineScope, statement: Assignment, operator: keyof typeof COMPOUND): Effect[] {
  const place = lowerPlace(scope, statement.target);
  if (
    place === null ||
    (place.shape.kind !== 'integer' && place.shape.kind !== 'real' && place.shape.kind !== 'lreal')
  ) {
    return [unknownEffect(scope, statement, sourceText(scope, statement), 'the operator does not fit its target')];
  }
  const value: Value = {
    op: 'arithmetic',
    shape: place.shape.kind === 'integer' ? { ...place.shape, range: null } : place.shape,
    operator: COMPOUND[operator],
    left: load(place),
    right: lowerAs(scope, statement.value, place.shape),
    site: siteOf(scope, statement),
  };
  return storeInto(scope, statement.target, value, statement);
}

/** `r REF= x` lets the reference stand for x; `REF= 0` and `REF= NULL` clear it. */
function lowerReferenceAssignment(scope: RoutineScope, statement: Assignment): Effect[] {
  const place = lowerReferencePlace(scope, statement.target);
  if (place === null || place.shape.kind !== 'reference') {
    return [unknownEffect(scope, statement, sourceText(scope, statement), 'the target is no reference')];
  }
  const isNull =
    scope.project.model.typeOf(statement.value).kind === 'null' ||
    scope.project.model.constantOf(statement.value) === 0n;
  const reference = isNull
    ? constant(place.shape, null)
    : (referenceTo(scope, statement.value) ?? lowerValue(scope, statement.value));
  return [{ do: 'store', to: place, value: reference }];
}

/** The inner part of `a := b := c`. */
export function lowerAssignmentExpression(scope: RoutineScope, expression: AssignmentExpression): Value {
  const shape = targetShape(scope, expression.target);
  if (expression.operator !== (':=' satisfies AssignmentOperator)) {
    const effect = unknownEffect(scope, expression, expression.operator, 'only := can be chained');
    return { op: 'after', shape, effects: [effect], value: { op: 'initial', shape } };
  }
  const effects = storeInto(scope, expression.target, lowerAs(scope, expression.value, shape), expression);
  return { op: 'after', shape, effects, value: lowerValue(scope, expression.target) };
}

function lowerCase(scope: RoutineScope, statement: Case): Effect {
  const shape = scope.builder.shapeOf(scope.project.model.typeOf(statement.selector));
  const branches: CaseBranch[] = statement.branches.map((branch) => ({
    labels: branch.labels.map((label) => ({
      lower: lowerAs(scope, label.lower, shape),
      upper: label.upper === null ? null : lowerAs(scope, label.upper, shape),
    })),
    body: [...caseArm(scope, statement, branch), ...lowerStatements(scope, branch.body)],
  }));
  // A CASE without ELSE has that branch too: no label fits.
  const otherwise = statement.otherwise === null ? [] : lowerStatements(scope, statement.otherwise);
  const elseSpan = statement.otherwise ?? { start: statement.end, end: statement.end };
  return {
    do: 'case',
    selector: lowerAs(scope, statement.selector, shape),
    branches,
    otherwise: [...caseArm(scope, statement, elseSpan), ...otherwise],
  };
}

function lowerFor(scope: RoutineScope, statement: For): Effect[] {
  const { model } = scope.project;
  const variable = lowerPlace(scope, statement.variable);
  const symbol = statement.variable.kind === 'Name' ? model.symbolOf(statement.variable) : null;
  if (variable === null || variable.shape.kind !== 'integer') {
    return [
      unknownEffect(
        scope,
        statement,
        sourceText(scope, statement.variable),
        'the control variable is no integer variable',
      ),
    ];
  }
  const shape: IntegerShape = { ...variable.shape, range: null, names: null };
  // The limits are compared as written: FOR i := 1 TO 300 of a USINT is endless on a controller, and ends as a finding.
  const limit: IntegerShape = isBig(shape) ? shape : { ...shape, bits: 32, isSigned: true };
  const from = lowerAs(scope, statement.from, shape);
  const to = lowerAs(scope, statement.to, shape.bits === 32 ? shape : limit);
  const by: Value =
    statement.by === null ? constant(limit, isBig(shape) ? 1n : 1) : lowerAs(scope, statement.by, limit);
  const owner: VariableSymbol | null = symbol?.kind === 'variable' ? symbol : null;
  const readsBack = owner === null || writesVariable(scope, owner, statement.body);
  const counter: Local = { name: `k_${scope.nextTemporary++}`, shape: variable.shape, isBoxed: false, initial: null };
  const known = readsBack || owner === null ? null : { local: counter, ...counterRange(from, to, by) };
  const outer = owner === null ? undefined : scope.counters.get(owner);
  if (owner !== null) scope.counters.set(owner, known);
  const { label, body } = lowerLoopBody(scope, statement.body);
  if (owner !== null) {
    if (outer === undefined) scope.counters.delete(owner);
    else scope.counters.set(owner, outer);
  }
  return [
    {
      do: 'for',
      label,
      counter: counter.name,
      variable,
      from,
      to,
      by,
      readsBack,
      body,
      site: siteOf(scope, statement),
    },
  ];
}

/** The values a counter can take inside the loop: known when all limits are constants. */
function counterRange(from: Value, to: Value, by: Value): { lower: number; upper: number } {
  if (from.op !== 'constant' || to.op !== 'constant' || by.op !== 'constant')
    return { lower: -Infinity, upper: Infinity };
  const first = Number(from.value);
  const last = Number(to.value);
  return { lower: Math.min(first, last), upper: Math.max(first, last) };
}
