/** Calls of library functions, whose parameters may be generic: ANY_NUM and the like stand for one type per call. */

import { libraryType } from '../library/library.js';
import type { Signature, SignatureParameter } from '../library/signature.js';
import { constantOfChecked } from '../semantics/constants.js';
import {
  BOOL_TYPE,
  carrierOf,
  elementary,
  elementaryNamed,
  familyOf,
  isUnknown,
  valueTypeOf,
} from '../semantics/elementary-types.js';
import type { ArgumentBinding } from '../semantics/model.js';
import { lookupValue } from '../semantics/scope.js';
import { suggestion } from '../semantics/suggestions.js';
import { type ActionSymbol, keyOf, type PouSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { defaultTypeOfLiteral, isIntegerLike } from '../semantics/type-relations.js';
import { type Type, UNKNOWN_TYPE, VOID_TYPE } from '../semantics/types.js';
import type { Argument, BinaryOperator, Call, Expression } from '../syntax/tree.js';
import { reportMixed } from './arguments.js';
import { checkFits } from './assignments.js';
import { type CheckContext, checkExpression, recordSymbol, report, symbolOf } from './context.js';
import { binaryType, commonType } from './operators.js';
import { checkTarget } from './targets.js';

interface TypedArgument {
  readonly argument: Argument;
  readonly parameter: SignatureParameter | null;
  readonly type: Type;
}

export function checkGenericCall(context: CheckContext, call: Call, target: PouSymbol, signature: Signature): Type {
  const typed = matchArguments(context, call, signature);
  const classes = typesOfClasses(context, typed, target);
  const bindings = typed.map((one) => bind(context, one, target, classes));
  reportMixed(context, call);
  reportMissing(context, call, signature, typed);
  const returnType = resultOf(context, call, signature, typed, classes);
  const routine = routineOf(context, call, signature);
  if (routine === null) context.index.facts.calls.set(call, { target, instance: null, bindings, returnType });
  else context.index.facts.calls.set(call, { target: routine, instance: null, bindings: [], returnType: VOID_TYPE });
  return returnType;
}

function matchArguments(context: CheckContext, call: Call, signature: Signature): TypedArgument[] {
  const { parameters, variadicType } = signature;
  const byKey = new Map(parameters.map((parameter) => [keyOf(parameter.name), parameter]));
  const typed: TypedArgument[] = [];
  let position = 0;
  let isToldTooMany = false;
  for (const argument of call.arguments) {
    let parameter: SignatureParameter | null = null;
    if (argument.name !== null) {
      parameter = byKey.get(keyOf(argument.name.name)) ?? implicitParameter(argument, variadicType);
      if (parameter === null) reportUnknown(context, argument, signature, byKey.keys());
      else if (typed.some((one) => one.parameter === parameter))
        report(
          context,
          'PW3028',
          argument,
          `"${parameter.name}" already has a value in this call. Remove one of the two.`,
        );
    } else {
      parameter = parameters[position++] ?? variadicParameter(parameters, variadicType, position);
      if (parameter === null && !isToldTooMany) {
        isToldTooMany = true;
        report(
          context,
          'PW3025',
          argument,
          `"${signature.name}" takes ${parameters.length} argument(s). Remove this one.`,
        );
      }
    }
    const expected = parameter === null ? null : libraryType(parameter.type);
    const previous = typed.findLast((one) => one.parameter?.type === parameter?.type)?.type ?? null;
    const hint = expected !== null && isUnknown(expected) ? previous : expected;
    const type =
      argument.value === null
        ? UNKNOWN_TYPE
        : parameter?.type.startsWith('@') === true
          ? checkNameOperand(context, argument.value, parameter.type)
          : (typeOperand(signature, argument.value) ?? checkExpression(context, argument.value, hint));
    if (type.kind === 'void' && argument.value !== null)
      report(context, 'PW3041', argument.value, 'This call gives no value, so it can only stand as a statement.');
    typed.push({ argument, parameter, type: type.kind === 'void' ? UNKNOWN_TYPE : type });
  }
  return typed;
}

/** An operand that is a name: a value where one of that name is declared, else a word that the controller knows. */
function checkNameOperand(context: CheckContext, value: Expression, type: string): Type {
  if (value.kind !== 'Name') return checkExpression(context, value, null);
  const key = keyOf(value.name.name);
  if (type === ROUTINE_OPERAND) {
    const actions = context.unit.pou?.actions;
    const routine = actions?.get(key);
    if (routine !== undefined) {
      recordSymbol(context, value, routine);
      recordSymbol(context, value.name, routine);
    } else if (actions !== undefined && actions.size > 0 && key !== keyOf(context.unit.pou?.name ?? ''))
      report(
        context,
        'PW2003',
        value,
        `The routine "${value.name.name}" is not in this program.${suggestion(value.name.name, actions.keys(), (one) => actions.get(one)?.name ?? one)}`,
      );
    return UNKNOWN_TYPE;
  }
  return lookupValue(context.scope, key) === null ? UNKNOWN_TYPE : checkExpression(context, value, null);
}

const ROUTINE_OPERAND = '@ROUTINE';

/** The routine that `JSR(name)` or `JSR(name, 0)` runs; with parameters the call stays one of JSR. */
function routineOf(context: CheckContext, call: Call, signature: Signature): ActionSymbol | null {
  if (signature.parameters[0]?.type !== ROUTINE_OPERAND) return null;
  const [first, count, ...rest] = call.arguments;
  if (first?.value?.kind !== 'Name' || rest.length > 0) return null;
  if (count?.value != null && constantOfChecked(context.index, count.value) !== 0n) return null;
  const symbol = symbolOf(context, first.value);
  return symbol?.kind === 'action' ? symbol : null;
}

/** Functions that take a type where others take a value: `SIZEOF(INT)`, `__NEW(INT)`. */
const TYPE_TAKERS = new Set(['SIZEOF', 'XSIZEOF', '__NEW']);

/** An elementary type that stands as an argument; null for everything else. */
function typeOperand(signature: Signature, value: Expression): Type | null {
  if (value.kind !== 'Name' || !TYPE_TAKERS.has(keyOf(signature.name))) return null;
  return elementaryNamed(keyOf(value.name.name));
}

/** EN and ENO of every function, and the numbered inputs of extensible ones: IN3, IN4 … */
function implicitParameter(argument: Argument, variadicType: string | null): SignatureParameter | null {
  const key = keyOf(argument.name?.name ?? '');
  if (key === 'EN') return { name: 'EN', direction: 'in', type: 'BOOL', isOptional: true };
  if (key === 'ENO') return { name: 'ENO', direction: 'out', type: 'BOOL', isOptional: true };
  if (variadicType !== null && /^IN\d+$/.test(key))
    return { name: key, direction: 'in', type: variadicType, isOptional: true };
  return null;
}

function variadicParameter(
  parameters: readonly SignatureParameter[],
  variadicType: string | null,
  position: number,
): SignatureParameter | null {
  if (variadicType === null) return null;
  const last = parameters.at(-1)?.name ?? 'IN1';
  const number = Number(/\d+$/.exec(last)?.[0] ?? 0) + position - parameters.length;
  return { name: `${last.replace(/\d+$/, '')}${number}`, direction: 'in', type: variadicType, isOptional: true };
}

function reportUnknown(context: CheckContext, argument: Argument, signature: Signature, names: Iterable<string>): void {
  const { name } = argument;
  const target = context.index.library.pou(keyOf(signature.name));
  if (name === null || (target !== null && !context.index.library.isExact(target))) return;
  report(
    context,
    'PW3027',
    name,
    `"${signature.name}" has no parameter "${name.name}".${suggestion(name.name, names)}`,
  );
}

/** The type that each generic class stands for in this call: the common type of the arguments of that class. */
function typesOfClasses(
  context: CheckContext,
  typed: readonly TypedArgument[],
  target: PouSymbol,
): ReadonlyMap<string, Type> {
  const classes = new Map<string, Type>();
  for (const { argument, parameter, type } of typed) {
    if (parameter === null || !parameter.type.startsWith('ANY') || argument.value === null) continue;
    const value = valueTypeOf(type);
    if (!classAccepts(context, parameter.type, value)) {
      report(
        context,
        'PW3030',
        argument.value,
        `"${parameter.name}" of ${target.name} wants ${CLASS_WORDS[parameter.type] ?? parameter.type}, and this is ${describeType(value)}.`,
      );
      continue;
    }
    const known = classes.get(parameter.type);
    if (known === undefined || isUnknown(known)) classes.set(parameter.type, value);
    else if (!isUnknown(value) && parameter.type !== 'ANY') {
      const common = commonType(context, known, value);
      if (common !== null) classes.set(parameter.type, common);
      else
        report(
          context,
          'PW3030',
          argument.value,
          `${target.name} joins ${describeType(known)} with ${describeType(value)}. Its arguments must be of one type.`,
        );
    } else if (!isUnknown(value)) classes.set(parameter.type, commonType(context, known, value) ?? known);
  }
  return classes;
}

const CLASS_WORDS: Readonly<Record<string, string>> = {
  ANY_NUM: 'a number',
  ANY_INT: 'a whole number',
  ANY_REAL: 'a REAL',
  ANY_BIT: 'BOOL or a bit string',
  ANY_STRING: 'a text',
  ANY_MAGNITUDE: 'a number or a time',
  ANY_ELEMENTARY: 'an elementary value',
};

function classAccepts(context: CheckContext, genericClass: string, type: Type): boolean {
  if (isUnknown(type)) return true;
  const { rules } = context.index;
  const family = familyOf(type);
  const isLiteral = type.kind === 'literal';
  const isInteger = isLiteral
    ? type.class === 'integer'
    : family === 'signed' || family === 'unsigned' || (family === 'bits' && rules.bitsAreNumbers);
  const isBits =
    family === 'bits' ||
    family === 'boolean' ||
    (isLiteral && isInteger) ||
    (rules.bitsAreNumbers && isIntegerLike(type));
  switch (genericClass) {
    case 'ANY_NUM':
      return isLiteral || isInteger || family === 'real';
    case 'ANY_REAL':
      return isLiteral || isInteger || family === 'real';
    case 'ANY_INT':
      return isInteger;
    case 'ANY_BIT':
      return isBits;
    case 'ANY_STRING':
      return type.kind === 'string' || family === 'character';
    case 'ANY_MAGNITUDE':
      return (
        isLiteral ||
        isInteger ||
        family === 'real' ||
        family === 'duration' ||
        family === 'date' ||
        family === 'time-of-day' ||
        family === 'date-and-time'
      );
    case 'ANY_ELEMENTARY':
      return isLiteral || family !== null || type.kind === 'string' || type.kind === 'pointer';
    default:
      return true;
  }
}

function bind(
  context: CheckContext,
  { argument, parameter, type }: TypedArgument,
  target: PouSymbol,
  classes: ReadonlyMap<string, Type>,
): ArgumentBinding {
  if (parameter === null)
    return {
      argument,
      parameter: null,
      parameterName: argument.name?.name ?? '',
      direction: argument.direction,
      parameterType: UNKNOWN_TYPE,
    };
  const isGeneric = parameter.type.startsWith('ANY');
  const parameterType = isGeneric ? concrete(classes.get(parameter.type) ?? type) : libraryType(parameter.type);
  if (argument.value !== null) {
    if (argument.direction === 'out' || parameter.direction === 'out') checkTarget(context, argument.value, 'output');
    else if (!isGeneric)
      checkFits(context, parameterType, argument.value, type, 'PW3030', `"${parameter.name}" of "${target.name}"`);
  }
  return {
    argument,
    parameter: isGeneric ? null : (target.variables.get(keyOf(parameter.name)) ?? null),
    parameterName: parameter.name,
    direction: parameter.direction,
    parameterType,
  };
}

/** What a class of literals only computes in. */
function concrete(type: Type): Type {
  return type.kind === 'literal' ? defaultTypeOfLiteral(type) : type;
}

function reportMissing(context: CheckContext, call: Call, signature: Signature, typed: readonly TypedArgument[]): void {
  const missing = signature.parameters.filter(
    (parameter) =>
      parameter.direction !== 'out' &&
      !parameter.isOptional &&
      !typed.some((one) => one.parameter?.name === parameter.name),
  );
  if (missing.length === 0 || typed.some((one) => one.parameter === null)) return;
  report(
    context,
    'PW3026',
    call,
    `${missing.map((parameter) => `"${parameter.name}"`).join(', ')} of "${signature.name}" ${missing.length === 1 ? 'is' : 'are'} not given.`,
  );
}

function resultOf(
  context: CheckContext,
  call: Call,
  signature: Signature,
  typed: readonly TypedArgument[],
  classes: ReadonlyMap<string, Type>,
): Type {
  const { result } = signature;
  if (result.startsWith('=')) return foldOperator(context, call, result.slice(1) as BinaryOperator, typed);
  if (result.startsWith('^')) {
    const [first] = typed;
    const aim = first === undefined ? UNKNOWN_TYPE : first.type;
    return { kind: 'pointer', pointerKind: 'pointer', target: aim.kind === 'void' ? UNKNOWN_TYPE : aim };
  }
  if (!result.startsWith('ANY')) return libraryType(result);
  const type = classes.get(result);
  if (type === undefined) return UNKNOWN_TYPE;
  if (result === 'ANY_REAL' && familyOf(type) !== 'real') return elementary('REAL');
  if (type.kind === 'string') return { ...type, length: null };
  return type.kind === 'literal' ? type : carrierOf(type) !== null && type.kind === 'subrange' ? type.base : type;
}

/** ADD(a, b, c) has the type of a + b + c. */
function foldOperator(
  context: CheckContext,
  call: Call,
  operator: BinaryOperator,
  typed: readonly TypedArgument[],
): Type {
  const inputs = typed.filter((one) => one.argument.direction === 'in' && one.parameter?.name !== 'EN');
  const divisor = operator === '/' || operator === 'MOD' ? (inputs[1]?.argument.value ?? null) : null;
  const divisorValue = divisor === null ? null : constantOfChecked(context.index, divisor);
  if (divisor !== null && (divisorValue === 0n || divisorValue === 0))
    report(context, 'PW4004', divisor, 'The divisor is always 0. Divide by something that is not 0.');
  let type: Type | null = null;
  for (const one of inputs) {
    const next = valueTypeOf(one.type);
    if (type === null) {
      type = next;
      continue;
    }
    const typing = binaryType(context, operator, type, next);
    if (typing.problem !== null) {
      report(context, 'PW3012', call, typing.problem);
      return UNKNOWN_TYPE;
    }
    type = typing.type;
  }
  return type ?? (LOGICAL.has(operator) ? BOOL_TYPE : UNKNOWN_TYPE);
}

const LOGICAL: ReadonlySet<BinaryOperator> = new Set(['AND', 'OR', 'XOR']);
