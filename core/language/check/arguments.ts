/** Arguments against the parameters of a POU or method that has a declaration or a typed library entry. */

import { BOOL_TYPE, isUnknown, valueTypeOf } from '../semantics/elementary-types.js';
import type { ArgumentBinding } from '../semantics/model.js';
import { isOpenPou } from '../semantics/project-index.js';
import { MAXIMUM_INHERITANCE_DEPTH } from '../semantics/scope.js';
import { suggestion } from '../semantics/suggestions.js';
import { keyOf, type MethodSymbol, type PouSymbol, type VariableSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { conversionTo, sameType } from '../semantics/type-relations.js';
import { type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type { Argument, Call, Expression } from '../syntax/tree.js';
import { checkFits } from './assignments.js';
import { type CheckContext, checkExpression, declaredAt, report, unwrap } from './context.js';
import { checkTarget, isVariable } from './targets.js';
import { checkValue } from './values.js';

/** Parameters in the order of positional arguments: those of the base first. */
export function parametersOf(target: PouSymbol | MethodSymbol): VariableSymbol[] {
  const chain: (PouSymbol | MethodSymbol)[] = [target];
  if (target.kind === 'pou')
    for (
      let base = target.base, depth = 0;
      base !== null && depth < MAXIMUM_INHERITANCE_DEPTH;
      base = base.base, depth++
    )
      chain.unshift(base);
  return chain.flatMap((one) =>
    [...one.variables.values()].filter(({ scope }) => scope === 'input' || scope === 'output' || scope === 'in-out'),
  );
}

/** Checks and binds every argument; missing ones are reported at the call. */
export function bindArguments(
  context: CheckContext,
  call: Call,
  target: PouSymbol | MethodSymbol,
  operands: readonly Argument[] = call.arguments,
): ArgumentBinding[] {
  const parameters = parametersOf(target).filter(({ declaration }) => declaration?.isOperand !== false);
  const byKey = new Map(parameters.map((parameter) => [keyOf(parameter.name), parameter]));
  const bound = new Set<VariableSymbol>();
  const bindings: ArgumentBinding[] = [];
  let position = 0;
  for (const argument of operands) {
    if (argument.name === null) {
      const parameter = parameters[position++] ?? null;
      if (parameter === null && position === parameters.length + 1 && !isOpenTarget(context, target))
        reportTooMany(context, argument, target, parameters.length);
      bindings.push(bindOne(context, argument, parameter, bound, target));
      continue;
    }
    const parameter = parameterNamed(context, argument, target, byKey);
    bindings.push(
      parameter === 'implicit' ? bindImplicit(context, argument) : bindOne(context, argument, parameter, bound, target),
    );
  }
  reportMixed(context, call);
  // An argument under a name that the block doesn't have was meant for one of those that are missing.
  if (!bindings.some(isMisnamed)) reportMissing(context, call, target, parameters, bound);
  return bindings;
}

function isMisnamed({ argument, parameter, parameterType }: ArgumentBinding): boolean {
  return argument.name !== null && parameter === null && isUnknown(parameterType);
}

function reportTooMany(
  context: CheckContext,
  argument: Argument,
  target: PouSymbol | MethodSymbol,
  count: number,
): void {
  report(
    context,
    'PW3025',
    argument,
    `"${target.name}" takes ${count === 0 ? 'no arguments' : count === 1 ? 'one argument' : `${count} arguments`}. Remove this one.`,
    declaredAt(target),
  );
}

function parameterNamed(
  context: CheckContext,
  argument: Argument,
  target: PouSymbol | MethodSymbol,
  byKey: ReadonlyMap<string, VariableSymbol>,
): VariableSymbol | 'implicit' | null {
  const { name } = argument;
  if (name === null || name.name === '') return null;
  const key = keyOf(name.name);
  const { index } = context;
  const found = byKey.get(key) ?? (target.kind === 'pou' ? index.library.pinOf(target, key) : null);
  if (found !== null && found !== undefined) {
    index.facts.symbols.set(name, found);
    return found;
  }
  if (key === 'EN' || key === 'ENO') return 'implicit';
  if (isOpenTarget(context, target)) return null;
  const internal = target.variables.get(key);
  report(
    context,
    'PW3027',
    name,
    internal === undefined || internal.scope === 'result'
      ? `"${target.name}" has no parameter "${name.name}".${suggestion(name.name, byKey.keys(), (one) => byKey.get(one)?.name ?? one)}`
      : `"${name.name}" is an internal variable of "${target.name}", not a parameter.`,
    declaredAt(target),
  );
  return null;
}

/** Parameters may come from where nothing is known: a missing base, or a vendor block that is typed in part only. */
function isOpenTarget(context: CheckContext, target: PouSymbol | MethodSymbol): boolean {
  if (target.kind === 'method') return false;
  return isOpenPou(context.index, target) || (target.isLibrary && !context.index.library.isExact(target));
}

function bindImplicit(context: CheckContext, argument: Argument): ArgumentBinding {
  if (argument.value !== null) {
    const type = checkValue(context, argument.value, BOOL_TYPE);
    if (argument.direction === 'in') checkFits(context, BOOL_TYPE, argument.value, type, 'PW3030');
    else checkTarget(context, argument.value, 'output');
  }
  return {
    argument,
    parameter: null,
    parameterName: keyOf(argument.name?.name ?? ''),
    direction: argument.direction,
    parameterType: BOOL_TYPE,
  };
}

function bindOne(
  context: CheckContext,
  argument: Argument,
  parameter: VariableSymbol | null,
  bound: Set<VariableSymbol>,
  target: PouSymbol | MethodSymbol,
): ArgumentBinding {
  if (parameter === null) {
    if (argument.value !== null) checkExpression(context, argument.value, null);
    return {
      argument,
      parameter: null,
      parameterName: argument.name?.name ?? '',
      direction: argument.direction,
      parameterType: UNKNOWN_TYPE,
    };
  }
  if (bound.has(parameter))
    report(context, 'PW3028', argument, `"${parameter.name}" already has a value in this call. Remove one of the two.`);
  bound.add(parameter);
  const direction = parameter.scope === 'output' ? 'out' : parameter.scope === 'in-out' ? 'in-out' : 'in';
  checkArgument(context, argument, parameter, direction, target);
  return { argument, parameter, parameterName: parameter.name, direction, parameterType: parameter.type };
}

function checkArgument(
  context: CheckContext,
  argument: Argument,
  parameter: VariableSymbol,
  direction: ArgumentBinding['direction'],
  target: PouSymbol | MethodSymbol,
): void {
  const { value } = argument;
  if (value === null) return;
  if (
    argument.name !== null &&
    (argument.direction === 'out') !== (direction === 'out') &&
    !isUnknown(parameter.type)
  ) {
    const wanted = direction === 'out' ? '=>' : ':=';
    report(
      context,
      'PW3033',
      argument,
      `"${parameter.name}" is an ${direction === 'out' ? 'output' : 'input'} of "${target.name}": write "${parameter.name} ${wanted} …".`,
      declaredAt(parameter),
    );
    checkExpression(context, value, parameter.type);
    return;
  }
  if (direction === 'in') {
    const type = checkValue(context, value, valueTypeOf(parameter.type));
    checkFits(context, parameter.type, value, type, 'PW3030', `"${parameter.name}" of "${target.name}"`);
    return;
  }
  const type = checkExpression(context, value, parameter.type);
  if (direction === 'out') {
    checkTarget(context, value, 'output');
    checkOutput(context, value, parameter, type);
    return;
  }
  checkInOut(context, value, parameter, type);
}

function checkOutput(context: CheckContext, value: Expression, parameter: VariableSymbol, type: Type): void {
  const conversion = conversionTo(type, parameter.type, context.index.rules);
  if (conversion === 'incompatible' || conversion === 'real-to-integer')
    report(
      context,
      'PW3030',
      value,
      `The output "${parameter.name}" is ${describeType(parameter.type)} and can't be stored in ${describeType(type)}.`,
    );
}

/** VAR_IN_OUT works on the variable itself, so nothing is converted on the way. */
function checkInOut(context: CheckContext, value: Expression, parameter: VariableSymbol, type: Type): void {
  if (!isVariable(context, value)) {
    report(
      context,
      'PW3032',
      value,
      `"${parameter.name}" is VAR_IN_OUT: it needs a variable that can be written, not a value.`,
      declaredAt(parameter),
    );
    return;
  }
  if (!parameter.isConstant) checkTarget(context, value, 'in-out');
  const [to, from] = [valueTypeOf(parameter.type), valueTypeOf(type)];
  if (isUnknown(to) || isUnknown(from) || isSameStorage(to, from)) return;
  const conversion = conversionTo(to, from, context.index.rules);
  if (to.kind !== 'elementary' && (conversion === 'same' || conversion === 'widening')) return;
  report(
    context,
    'PW3030',
    value,
    `"${parameter.name}" is VAR_IN_OUT of ${describeType(to)}, and this is ${describeType(from)}. The types must be the same.`,
    declaredAt(parameter),
  );
}

function isSameStorage(to: Type, from: Type): boolean {
  if (sameType(to, from)) return true;
  if (to.kind === 'string' && from.kind === 'string') return to.isWide === from.isWide;
  const base = (type: Type) => (type.kind === 'subrange' ? type.base : type);
  return sameType(base(to), base(from));
}

/** IEC 61131-3 ed. 3, 6.6.1.4.1: a call names all of its arguments, or none. */
export function reportMixed(context: CheckContext, call: Call): void {
  const positional = call.arguments.find((argument) => argument.name === null);
  const named = call.arguments.find((argument) => argument.name !== null);
  if (positional === undefined || named === undefined) return;
  report(context, 'PW3029', named, 'Arguments with and without names are mixed. Name all of them ("x := …") or none.');
}

function reportMissing(
  context: CheckContext,
  call: Call,
  target: PouSymbol | MethodSymbol,
  parameters: readonly VariableSymbol[],
  bound: ReadonlySet<VariableSymbol>,
): void {
  if (isOpenTarget(context, target) && !(target.kind === 'pou' && target.isLibrary)) return;
  const { rules } = context.index;
  const isLibrary = target.kind === 'pou' && target.isLibrary;
  const unbound = parameters.filter(
    (parameter) => parameter.scope === 'in-out' && !bound.has(parameter) && !(isLibrary || rules.inOutMayStayOpen),
  );
  if (unbound.length > 0 && !isSuperCall(call))
    report(
      context,
      'PW3031',
      call.callee,
      `${listOf(unbound)} of "${target.name}" ${unbound.length === 1 ? 'is' : 'are'} VAR_IN_OUT and must be given in every call.`,
      declaredAt(target),
    );
  const areOperands = rules.instancesAreOperands && !isLibrary;
  if (target.kind === 'pou' && target.pouKind !== 'function' && !areOperands) return;
  const isPositional = call.arguments.some((argument) => argument.name === null);
  const isComplete = isPositional || rules.functionInputsAreRequired;
  const missing = parameters.filter(
    (parameter) =>
      !bound.has(parameter) &&
      (areOperands
        ? parameter.scope !== 'in-out'
        : parameter.scope === 'input' && parameter.initializer === null && isComplete),
  );
  if (missing.length === 0) return;
  report(
    context,
    'PW3026',
    call,
    `${listOf(missing)} of "${target.name}" ${missing.length === 1 ? 'is' : 'are'} not given. Add the missing ${missing.length === 1 ? 'argument' : 'arguments'}.`,
    declaredAt(target),
  );
}

/** `SUPER^()` passes the parameters of the instance on by itself. */
function isSuperCall(call: Call): boolean {
  const callee = unwrap(call.callee);
  return callee.kind === 'Self' || (callee.kind === 'Dereference' && callee.object.kind === 'Self');
}

function listOf(parameters: readonly VariableSymbol[]): string {
  return parameters.map((parameter) => `"${parameter.name}"`).join(', ');
}

/** Types the arguments of a call whose target is not known. */
export function checkLooseArguments(context: CheckContext, call: Call): void {
  for (const argument of call.arguments) if (argument.value !== null) checkExpression(context, argument.value, null);
}
