/** Checks one body with its declarations: the piece that is checked again when it changes. */

import type { CodeUnit, ProjectIndex } from '../semantics/project-index.js';
import type { Report } from '../semantics/reports.js';
import { keyOf } from '../semantics/symbols.js';
import { UNKNOWN_TYPE } from '../semantics/types.js';
import type { Body, SfcBody, StatementList } from '../syntax/tree.js';
import { checkSteps } from './charts.js';
import { type CheckContext, type Checker, contextOf, recordSymbol, report } from './context.js';
import { checkSections } from './declarations.js';
import { typeOfExpression } from './expressions.js';
import { checkJumps } from './labels.js';
import { bodiesOf, checkCondition, checkStatements } from './statements.js';
import { checkValueFlow } from './value-flow.js';

/** The whole checker, for contexts. */
export const CHECKER: Checker = { expression: typeOfExpression, statements: checkStatements };

/** What is wrong in a unit. Types and symbols of its nodes go into the table of facts, which is keyed by node. */
export function checkUnit(index: ProjectIndex, unit: CodeUnit): readonly Report[] {
  const context = contextOf(index, unit, CHECKER);
  checkSections(context);
  checkAbstractMethod(context);
  if (unit.body !== null) {
    checkBody(context, unit.body);
    checkResult(context, unit.body);
  }
  return context.reports.all;
}

function checkBody(context: CheckContext, body: Body): void {
  if (body.kind === 'StatementList') {
    checkStatements(context, body);
    checkJumps(context, body);
    checkValueFlow(context, body);
    return;
  }
  checkSfc(context, body);
}

/** Steps and conditions of transitions; the actions are units of their own. */
function checkSfc(context: CheckContext, body: SfcBody): void {
  checkSteps(context, body);
  const steps = new Set(body.steps.map((step) => keyOf(step.name.name)));
  for (const { associations } of body.steps)
    for (const { action } of associations) {
      const symbol = context.scope.value(keyOf(action.name));
      if (symbol?.kind === 'action' || symbol?.kind === 'variable') recordSymbol(context, action, symbol);
      else if (action.name !== '')
        report(
          context,
          'PW2047',
          action,
          `The action "${action.name}" is not declared. Add an ACTION or a BOOL variable of that name.`,
        );
    }
  for (const transition of body.transitions) {
    checkCondition(context, transition.condition, 'TRANSITION');
    for (const name of [...transition.from, ...transition.to])
      if (name.name !== '' && !steps.has(keyOf(name.name)))
        report(context, 'PW2043', name, `The step "${name.name}" is not declared in this chart.`);
  }
}

/** The code of an abstract method never runs; the unit has no body for it. */
function checkAbstractMethod(context: CheckContext): void {
  const { symbol } = context.unit;
  if (symbol?.kind !== 'method' || symbol.declaration?.modifiers.isAbstract !== true) return;
  const { body } = symbol.declaration;
  const first =
    body.kind === 'StatementList' ? body.statements.find(({ kind }) => kind !== 'EmptyStatement') : undefined;
  if (first !== undefined)
    report(
      context,
      'PW2062',
      first,
      `"${symbol.name}" is ABSTRACT, so its code never runs. Remove the code or ABSTRACT.`,
    );
}

/** Methods that the runtime calls and whose result it ignores. */
const RUNTIME_METHODS = new Set(['FB_INIT', 'FB_EXIT', 'FB_REINIT']);

function checkResult(context: CheckContext, body: Body): void {
  const { result, symbol, kind } = context.unit;
  if (result === null || symbol === null || context.state.isResultWritten || body.kind !== 'StatementList') return;
  if (RUNTIME_METHODS.has(keyOf(symbol.name)) || result.type === UNKNOWN_TYPE) return;
  const isEmpty = body.statements.every((statement) => statement.kind === 'EmptyStatement');
  if (kind !== 'pou' && isEmpty) return;
  if (hasError(body) || result.type.kind === 'void') return;
  const span = symbol.site?.file === context.file ? symbol.site.identifier : body;
  report(context, 'PW4002', span, `"${symbol.name}" never gets a result. Assign it: "${symbol.name} := …;".`);
}

function hasError(list: StatementList): boolean {
  return list.statements.some(
    (statement) => statement.kind === 'ErrorStatement' || bodiesOf(statement).some((inner) => hasError(inner)),
  );
}
