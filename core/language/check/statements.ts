/** Statements: conditions, loops, selections and what can't be reached. IEC 61131-3 ed. 3, 7.3.3. */

import { constantOfChecked } from '../semantics/constants.js';
import { isBoolean, isUnknown, valueTypeOf } from '../semantics/elementary-types.js';
import { describeType } from '../semantics/type-names.js';
import { isIntegerLike } from '../semantics/type-relations.js';
import { type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type {
  Call,
  CallStatement,
  Expression,
  For,
  MockStatement,
  Return,
  Statement,
  StatementList,
} from '../syntax/tree.js';
import { checkAssignment, checkFits } from './assignments.js';
import { checkCase } from './case-statement.js';
import { type CheckContext, checkExpression, report, sourceText, unwrap } from './context.js';
import { checkCount, checkLoopCondition } from './loops.js';
import { checkTarget, rootVariable } from './targets.js';
import { checkValue } from './values.js';

export function checkStatements(context: CheckContext, list: StatementList): void {
  let leave: Statement | null = null;
  let isTold = false;
  for (const statement of list.statements) {
    if (statement.kind === 'Label') leave = null;
    if (leave !== null && !isTold && statement.kind !== 'EmptyStatement') {
      isTold = true;
      report(
        context,
        'PW4003',
        statement,
        `This is never reached: ${LEAVING[leave.kind] === undefined ? 'the loop above never ends' : `${LEAVING[leave.kind]} above leaves before it`}. Remove it, or leave under a condition.`,
      );
    }
    checkStatement(context, statement);
    if (LEAVING[statement.kind] !== undefined || isEndlessLoop(statement)) leave ??= statement;
  }
}

const LEAVING: Readonly<Partial<Record<Statement['kind'], string>>> = {
  Return: 'RETURN',
  Exit: 'EXIT',
  Continue: 'CONTINUE',
  Goto: 'the jump',
};

/** `WHILE TRUE DO … END_WHILE` without a way out. */
function isEndlessLoop(statement: Statement): boolean {
  if (statement.kind !== 'While' && statement.kind !== 'Repeat') return false;
  const condition = unwrap(statement.kind === 'While' ? statement.condition : statement.until);
  const endless = statement.kind === 'While';
  return condition.kind === 'Literal' && condition.value === endless && !leavesLoop(statement.body, true);
}

/** EXIT of this loop, or RETURN and jumps at any depth. */
function leavesLoop(list: StatementList, isOwnLoop: boolean): boolean {
  return list.statements.some((statement) => {
    if (statement.kind === 'Return' || statement.kind === 'Goto') return true;
    if (statement.kind === 'Exit') return isOwnLoop;
    const isLoop = statement.kind === 'For' || statement.kind === 'While' || statement.kind === 'Repeat';
    return bodiesOf(statement).some((body) => leavesLoop(body, isOwnLoop && !isLoop));
  });
}

function checkStatement(context: CheckContext, statement: Statement): void {
  switch (statement.kind) {
    case 'Assignment':
      checkAssignment(context, statement);
      return;
    case 'CallStatement':
      checkCallStatement(context, statement);
      return;
    case 'If':
      for (const branch of statement.branches) {
        checkCondition(context, branch.condition, 'IF');
        warnNeverTrue(context, branch.condition, branch.body);
        checkStatements(context, branch.body);
      }
      if (statement.otherwise !== null) checkStatements(context, statement.otherwise);
      return;
    case 'Case':
      checkCase(context, statement);
      return;
    case 'For':
      checkFor(context, statement);
      return;
    case 'While':
      checkCondition(context, statement.condition, 'WHILE');
      checkLoopCondition(context, statement, isEndlessLoop(statement));
      checkStatements(insideLoop(context), statement.body);
      return;
    case 'Repeat':
      checkStatements(insideLoop(context), statement.body);
      checkCondition(context, statement.until, 'UNTIL');
      checkLoopCondition(context, statement, isEndlessLoop(statement));
      return;
    case 'Exit':
    case 'Continue':
      if (context.loopDepth === 0) {
        const word = statement.kind === 'Exit' ? 'EXIT' : 'CONTINUE';
        const hint = word === 'EXIT' ? ' To leave the POU, use RETURN.' : '';
        report(context, 'PW4001', statement, `${word} only works inside a FOR, WHILE or REPEAT loop.${hint}`);
      }
      return;
    case 'Return':
      checkReturn(context, statement);
      return;
    case 'Region':
      checkStatements(context, statement.body);
      return;
    case 'Mock':
      checkMock(context, statement);
      return;
    case 'Goto':
    case 'Label':
    case 'EmptyStatement':
    case 'ErrorStatement':
      return;
  }
}

function warnNeverTrue(context: CheckContext, condition: Expression, body: StatementList): void {
  const inner = unwrap(condition);
  const [first] = body.statements;
  if (inner.kind === 'Literal' && inner.value === false && first !== undefined)
    report(context, 'PW4003', first, 'This is never reached: the condition above it is always FALSE. Remove it.');
}

function insideLoop(context: CheckContext): CheckContext {
  return { ...context, loopDepth: context.loopDepth + 1 };
}

export function checkCondition(context: CheckContext, condition: Expression, word: string): void {
  const type = checkValue(context, condition, null);
  const value = valueTypeOf(type);
  if (isUnknown(value) || isBoolean(value)) return;
  const { rules } = context.index;
  if (rules.numbersAreConditions && (isIntegerLike(value) || value.kind === 'literal')) return;
  if (value.kind === 'literal' && (value.value === 0n || value.value === 1n)) return;
  const hint = isIntegerLike(value) ? ` Compare it, for example "${sourceText(context, condition)} <> 0".` : '';
  report(
    context,
    'PW3011',
    condition,
    `The condition of ${word} must be BOOL, and this is ${describeType(value)}.${hint}`,
  );
}

function checkCallStatement(context: CheckContext, statement: CallStatement): void {
  const expression = unwrap(statement.expression);
  if (expression.kind === 'Call') {
    const type = checkExpression(context, expression, null);
    recordThrough(context, statement.expression, expression);
    warnUnusedResult(context, expression, type);
    return;
  }
  if (expression.kind === 'ErrorExpression' || expression.kind === 'AssignmentExpression') {
    checkExpression(context, statement.expression, null);
    return;
  }
  checkExpression(context, statement.expression, null);
  const symbol = context.index.facts.symbols.get(expression);
  if (
    symbol?.kind === 'method' ||
    symbol?.kind === 'action' ||
    (symbol?.kind === 'pou' && symbol.pouKind !== 'function-block')
  ) {
    report(
      context,
      'PW3048',
      expression,
      `"${symbol.name}" must be called: write "${sourceText(context, expression)}();".`,
    );
    return;
  }
  if (symbol?.kind === 'property' || isUnknown(context.index.facts.types.get(expression) ?? UNKNOWN_TYPE)) return;
  report(context, 'PW4007', statement, 'This statement has no effect. Assign the value, call something, or remove it.');
}

/** A standard function only computes its result; calling it for nothing else does nothing. */
function warnUnusedResult(context: CheckContext, call: Call, type: Type): void {
  const target = context.index.facts.calls.get(call)?.target;
  if (target?.kind !== 'pou' || target.pouKind !== 'function' || type.kind === 'void') return;
  if (!target.isLibrary)
    report(
      context,
      'PW4017',
      call,
      `The result of "${target.name}" is not used. Assign it, or give the function no result.`,
    );
  else if (context.index.library.isPure(target))
    report(context, 'PW4016', call, `The result of "${target.name}" is not used. Assign it, or remove the call.`);
}

function recordThrough(context: CheckContext, outer: Expression, inner: Expression): void {
  const type = context.index.facts.types.get(inner);
  for (let current = outer; current !== inner && current.kind === 'Parenthesized'; current = current.expression)
    if (type !== undefined) context.index.facts.types.set(current, type);
}

function checkFor(context: CheckContext, statement: For): void {
  const type = checkExpression(context, statement.variable, null);
  checkTarget(context, statement.variable, 'assignment');
  const value = valueTypeOf(type);
  if (!isUnknown(value) && !isIntegerLike(value))
    report(
      context,
      'PW4014',
      statement.variable,
      `A FOR loop counts with a whole number, and this is ${describeType(value)}.`,
    );
  for (const bound of [statement.from, statement.to, statement.by]) {
    if (bound === null) continue;
    const boundType = checkValue(context, bound, value);
    if (isUnknown(value) || isIntegerLike(value)) checkFits(context, type, bound, boundType, 'PW3001');
  }
  const from = constantOfChecked(context.index, statement.from);
  const to = constantOfChecked(context.index, statement.to);
  const by = statement.by === null ? 1n : constantOfChecked(context.index, statement.by);
  if (by === 0n && statement.by !== null)
    report(context, 'PW4010', statement.by, 'BY 0 never ends the loop. Give a step above or below 0.');
  else if (
    typeof from === 'bigint' &&
    typeof to === 'bigint' &&
    typeof by === 'bigint' &&
    (by > 0n ? from > to : from < to)
  )
    report(
      context,
      'PW4011',
      statement,
      `The loop never runs: it starts at ${from} and ends at ${to} with a step of ${by}.`,
    );
  checkCount(context, statement);
  const variable = rootVariable(context, statement.variable);
  const inner = insideLoop(context);
  checkStatements(
    variable === null ? inner : { ...inner, loopVariables: [...context.loopVariables, variable] },
    statement.body,
  );
}

function checkReturn(context: CheckContext, statement: Return): void {
  if (statement.value === null) return;
  const { result } = context.unit;
  const type = checkValue(context, statement.value, result?.type ?? null);
  context.state.isResultWritten = true;
  if (result === null)
    report(context, 'PW3041', statement.value, 'RETURN with a value only works where a result type is declared.');
  else checkFits(context, result.type, statement.value, type, 'PW3001');
}

function checkMock(context: CheckContext, statement: MockStatement): void {
  checkExpression(context, statement.target, null, 'container');
  if (statement.returns !== null) checkValue(context, statement.returns, null);
}

/** The statement lists directly inside of a statement. */
export function bodiesOf(statement: Statement): readonly StatementList[] {
  switch (statement.kind) {
    case 'If':
      return [
        ...statement.branches.map((branch) => branch.body),
        ...(statement.otherwise === null ? [] : [statement.otherwise]),
      ];
    case 'Case':
      return [
        ...statement.branches.map((branch) => branch.body),
        ...(statement.otherwise === null ? [] : [statement.otherwise]),
      ];
    case 'For':
    case 'While':
    case 'Repeat':
    case 'Region':
      return [statement.body];
    default:
      return [];
  }
}
