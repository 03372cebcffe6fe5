/** Calls: what runs, and how the arguments meet the parameters. IEC 61131-3 ed. 3, 6.6.1.4 and 6.6.3.4. */

import { isUnknown, valueTypeOf } from '../semantics/elementary-types.js';
import { article } from '../semantics/inheritance.js';
import type { ArgumentBinding } from '../semantics/model.js';
import type { ActionSymbol, CodeSymbol, MethodSymbol, PouSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { type Type, UNKNOWN_TYPE, VOID_TYPE } from '../semantics/types.js';
import type { Argument, Call, Expression } from '../syntax/tree.js';
import { bindArguments, checkLooseArguments } from './arguments.js';
import { type CheckContext, checkExpression, declaredAt, recordSymbol, report, symbolOf, unwrap } from './context.js';
import { checkGenericCall } from './generic-calls.js';

type CallTarget = PouSymbol | MethodSymbol | ActionSymbol;

interface Callee {
  readonly target: CallTarget;
  readonly instance: Expression | null;
  /** What is left for the parameters, where the first argument is the instance. */
  readonly operands?: readonly Argument[];
}

export function checkCall(context: CheckContext, call: Call): Type {
  noteCall(context, call);
  const type = checkExpression(context, call.callee, null, 'callee');
  const callee = resolveCallee(context, call, type);
  if (callee === null) {
    checkLooseArguments(context, call);
    return UNKNOWN_TYPE;
  }
  const { target, instance } = callee;
  recordSymbol(context, call, target);
  const signature = target.kind === 'pou' ? context.index.library.signatureOf(target) : null;
  if (signature !== null && target.kind === 'pou') return checkGenericCall(context, call, target, signature);
  const bindings =
    target.kind === 'action'
      ? bindNothing(context, call, target)
      : bindArguments(context, call, target, callee.operands ?? call.arguments);
  const returnType =
    target.kind === 'action'
      ? VOID_TYPE
      : target.kind === 'pou' && target.pouKind !== 'function'
        ? VOID_TYPE
        : target.returnType;
  context.index.facts.calls.set(call, { target, instance, bindings, returnType });
  return returnType;
}

function noteCall({ index, unit }: CheckContext, call: Call): void {
  const known = index.calls.get(unit);
  if (known === undefined) index.calls.set(unit, [call]);
  else known.push(call);
}

function bindNothing(context: CheckContext, call: Call, target: ActionSymbol): readonly ArgumentBinding[] {
  const [first] = call.arguments;
  if (first !== undefined)
    report(context, 'PW3025', first, `The action "${target.name}" takes no arguments.`, declaredAt(target));
  checkLooseArguments(context, call);
  return [];
}

function resolveCallee(context: CheckContext, call: Call, type: Type): Callee | null {
  const callee = unwrap(call.callee);
  const symbol = symbolOf(context, callee);
  if (symbol === null || callee.kind === 'Self') return calleeOfType(context, call, type);
  switch (symbol.kind) {
    case 'pou':
      return calleeOfPou(context, call, callee, symbol);
    case 'method':
      return { target: symbol, instance: callee.kind === 'Member' ? callee.object : null };
    case 'action':
      return { target: symbol, instance: callee.kind === 'Member' ? callee.object : null };
    case 'program-instance':
      return { target: symbol.pou, instance: callee };
    case 'variable':
      if (symbol.scope === 'result') return recursiveCallee(context, call, symbol, type);
      return calleeOfType(context, call, type);
    case 'property':
      return calleeOfType(context, call, type);
    default:
      notCallable(context, callee, `"${symbol.name}" is ${article(symbol)}`);
      return null;
  }
}

/** Inside of a function its name is the result variable; before `(` it is the function. */
function recursiveCallee(context: CheckContext, call: Call, symbol: CodeSymbol, type: Type): Callee | null {
  const owner = symbol.kind === 'variable' ? symbol.owner : null;
  if (owner?.kind !== 'pou' && owner?.kind !== 'method') return calleeOfType(context, call, type);
  recordSymbol(context, call.callee, owner);
  return { target: owner, instance: null };
}

function calleeOfPou(context: CheckContext, call: Call, callee: Expression, symbol: PouSymbol): Callee | null {
  if (symbol.pouKind === 'function' || symbol.pouKind === 'program') return { target: symbol, instance: null };
  if (symbol.pouKind === 'organization-block') {
    notCallable(context, callee, `"${symbol.name}" is an organization block, which the operating system calls`);
    return null;
  }
  if (context.index.rules.instancesAreOperands) return calleeOfOperand(context, call, symbol);
  report(
    context,
    'PW3035',
    callee,
    `"${symbol.name}" is a type of function block and has no memory of its own. Declare an instance ("x : ${symbol.name};") and call that.`,
    declaredAt(symbol),
  );
  return null;
}

/** `Valve(v1, open)`: the first operand is the instance. Rockwell 1756-PM010, "Add-On Instructions". */
function calleeOfOperand(context: CheckContext, call: Call, symbol: PouSymbol): Callee | null {
  const [first, ...operands] = call.arguments;
  const instance = first?.value ?? null;
  if (instance === null) {
    report(
      context,
      'PW3026',
      call,
      `"${symbol.name}" needs a tag of its own type as first operand.`,
      declaredAt(symbol),
    );
    return null;
  }
  const type = valueTypeOf(checkExpression(context, instance, null));
  if (isUnknown(type) || (type.kind === 'pou' && type.pou === symbol)) return { target: symbol, instance, operands };
  report(
    context,
    'PW3030',
    instance,
    `The first operand of "${symbol.name}" must be a tag of that type, and this is ${describeType(type)}.`,
    declaredAt(symbol),
  );
  return { target: symbol, instance, operands };
}

function calleeOfType(context: CheckContext, call: Call, type: Type): Callee | null {
  const callee = unwrap(call.callee);
  const value = valueTypeOf(type);
  if (isUnknown(value)) return null;
  if (value.kind === 'pou' && value.pou.pouKind !== 'class') return { target: value.pou, instance: callee };
  const symbol = symbolOf(context, callee);
  const subject = symbol === null ? 'This' : `"${symbol.name}"`;
  const hint = value.kind === 'pointer' && value.target.kind === 'pou' ? ' (write "^" before the bracket)' : '';
  notCallable(context, callee, `${subject} is ${describeType(value)}${hint}`);
  return null;
}

function notCallable(context: CheckContext, at: Expression, what: string): void {
  report(
    context,
    'PW3034',
    at,
    `${what} and can't be called. Only functions, methods and instances of function blocks can.`,
  );
}
