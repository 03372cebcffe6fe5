/** Expressions that must give a value. */

import { type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type { Expression } from '../syntax/tree.js';
import { type CheckContext, checkExpression, declaredAt, report, unwrap } from './context.js';

/** An expression that must give a value: a call of something without a result, or a type, is reported. */
export function checkValue(context: CheckContext, expression: Expression, expected: Type | null): Type {
  const type = checkExpression(context, expression, expected);
  if (type.kind === 'void') {
    report(context, 'PW3041', expression, 'This call gives no value, so it can only stand as a statement.');
    return UNKNOWN_TYPE;
  }
  const symbol = context.index.facts.symbols.get(expression);
  if (symbol === undefined) return type;
  if (
    symbol.kind === 'type' ||
    symbol.kind === 'interface' ||
    symbol.kind === 'namespace' ||
    symbol.kind === 'global-list'
  ) {
    report(
      context,
      'PW3047',
      expression,
      `"${symbol.name}" is a ${symbol.kind === 'global-list' ? 'list of variables' : symbol.kind}, not a value.`,
    );
    return UNKNOWN_TYPE;
  }
  if (symbol.kind === 'pou' && (symbol.pouKind === 'function-block' || symbol.pouKind === 'class')) {
    report(
      context,
      'PW3035',
      expression,
      `"${symbol.name}" is a type of function block. Declare an instance ("x : ${symbol.name};") and use that.`,
    );
    return UNKNOWN_TYPE;
  }
  if (symbol.kind === 'property' && !symbol.canRead && symbol.declaration !== null) {
    report(
      context,
      'PW3051',
      expression,
      `The property "${symbol.name}" has no GET, so it can't be read.`,
      declaredAt(symbol),
    );
    return type;
  }
  if ((symbol.kind === 'pou' && symbol.pouKind === 'function') || symbol.kind === 'method') {
    if (unwrap(expression).kind === 'Call') return type;
    report(
      context,
      'PW3048',
      expression,
      `"${symbol.name}" must be called: write "${symbol.name}()" with its arguments.`,
    );
    return UNKNOWN_TYPE;
  }
  return type;
}
