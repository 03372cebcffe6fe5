/** Whether a loop body may write the control variable: then the loop must read it back after every iteration. */

import type { VariableSymbol } from '../../language/semantics/symbols.js';
import type { Expression, Statement, StatementList } from '../../language/syntax/tree.js';
import type { RoutineScope } from './context.js';

/**
 * True when statements may change a variable: by assignment, as an output or in-out argument, by a reference, or, for
 * a variable that other code can see, by any call of code that is not the library's.
 */
export function writesVariable(scope: RoutineScope, variable: VariableSymbol, list: StatementList): boolean {
  return list.statements.some((statement) => statementWrites(scope, variable, statement));
}

function statementWrites(scope: RoutineScope, variable: VariableSymbol, statement: Statement): boolean {
  const inExpression = (expression: Expression | null): boolean =>
    expression !== null && expressionWrites(scope, variable, expression);
  const inList = (list: StatementList | null): boolean => list !== null && writesVariable(scope, variable, list);
  switch (statement.kind) {
    case 'Assignment':
      return (
        names(scope, variable, statement.target) || inExpression(statement.target) || inExpression(statement.value)
      );
    case 'CallStatement':
      return inExpression(statement.expression);
    case 'If':
      return (
        statement.branches.some((branch) => inExpression(branch.condition) || inList(branch.body)) ||
        inList(statement.otherwise)
      );
    case 'Case':
      return (
        inExpression(statement.selector) ||
        statement.branches.some((branch) => inList(branch.body)) ||
        inList(statement.otherwise)
      );
    case 'For':
      return (
        names(scope, variable, statement.variable) ||
        [statement.from, statement.to, statement.by].some(inExpression) ||
        inList(statement.body)
      );
    case 'While':
      return inExpression(statement.condition) || inList(statement.body);
    case 'Repeat':
      return inExpression(statement.until) || inList(statement.body);
    case 'Region':
      return inList(statement.body);
    case 'Return':
      return inExpression(statement.value);
    default:
      return false;
  }
}

function names(scope: RoutineScope, variable: VariableSymbol, target: Expression): boolean {
  switch (target.kind) {
    case 'Name':
      return scope.project.model.symbolOf(target) === variable;
    case 'Partial':
      return names(scope, variable, target.object);
    case 'Dereference':
      return true;
    default:
      return false;
  }
}

function expressionWrites(scope: RoutineScope, variable: VariableSymbol, expression: Expression): boolean {
  const recur = (each: Expression): boolean => expressionWrites(scope, variable, each);
  switch (expression.kind) {
    case 'Call': {
      const call = scope.project.model.callOf(expression);
      if (call === null) return true;
      const isOwnCode = call.target !== null && !(call.target.kind === 'pou' && call.target.isLibrary);
      const isVisible =
        variable.scope !== 'temporary' && (variable.owner?.kind !== 'pou' || variable.owner.pouKind !== 'function');
      const isReachable =
        isOwnCode &&
        isVisible &&
        !(call.target?.kind === 'pou' && call.target.pouKind === 'function' && variable.scope === 'local');
      const isForeignInstance =
        call.target?.kind === 'pou' && call.target.pouKind === 'function-block' && variable.scope === 'local';
      if (isReachable && !isForeignInstance) return true;
      return expression.arguments.some(
        (argument) =>
          argument.value !== null &&
          argumentWrites(
            scope,
            variable,
            call.bindings.find((each) => each.argument === argument)?.direction ?? 'in-out',
            argument.value,
          ),
      );
    }
    case 'AssignmentExpression':
      return names(scope, variable, expression.target) || recur(expression.value);
    case 'Binary':
      return recur(expression.left) || recur(expression.right);
    case 'Unary':
      return recur(expression.operand);
    case 'Parenthesized':
      return recur(expression.expression);
    case 'Member':
    case 'Dereference':
    case 'Partial':
      return recur(expression.object);
    case 'Index':
      return recur(expression.object) || expression.indices.some(recur);
    default:
      return false;
  }
}

function argumentWrites(
  scope: RoutineScope,
  variable: VariableSymbol,
  direction: 'in' | 'out' | 'in-out',
  value: Expression,
): boolean {
  return (direction !== 'in' && names(scope, variable, value)) || expressionWrites(scope, variable, value);
}
