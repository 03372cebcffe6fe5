/** Assignments: what may be written, and which values fit. IEC 61131-3 ed. 3, 7.3.3.2 and 6.4.5. */

import { constantOfChecked } from '../semantics/constants.js';
import {
  familyOf,
  integerRangeOf,
  isBoolean,
  isSafeType,
  isUnknown,
  valueTypeOf,
} from '../semantics/elementary-types.js';
import type { VariableSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { type Conversion, conversionTo, sameType } from '../semantics/type-relations.js';
import type { Type } from '../semantics/types.js';
import type { Assignment, AssignmentExpression, Expression } from '../syntax/tree.js';
import { type CheckContext, checkExpression, report, sourceText, symbolOf, unwrap } from './context.js';
import { checkTarget, rootVariable } from './targets.js';
import { checkValue } from './values.js';

/** Checks target and value; the type of the whole is that of the target. */
export function checkAssignment(context: CheckContext, assignment: Assignment | AssignmentExpression): Type {
  const { operator } = assignment;
  const target = checkExpression(context, assignment.target, null);
  const isWritable = checkTarget(context, assignment.target, 'assignment');
  if (operator === 'REF=' || operator === '?=') {
    checkReferenceAssignment(context, assignment, target);
    return target;
  }
  const source = checkValue(context, assignment.value, valueTypeOf(target));
  if (operator === 'S=' || operator === 'R=') {
    requireBoolean(context, assignment.target, target, `The target of ${operator}`);
    requireBoolean(context, assignment.value, source, `The condition of ${operator}`);
    return target;
  }
  warnDangling(context, assignment);
  if (isWritable && (operator === ':=' || operator === '[:=]'))
    checkFits(context, target, assignment.value, source, 'PW3001');
  return target;
}

/** A reference to a temporary variable outlives it when it is kept in a variable that stays. */
function warnDangling(context: CheckContext, assignment: Assignment | AssignmentExpression): void {
  const call = unwrap(assignment.value);
  const target = rootVariable(context, assignment.target);
  if (call.kind !== 'Call' || target === null || target.scope === 'temporary') return;
  const called = symbolOf(context, call);
  if (called?.kind !== 'pou' || !called.isLibrary || (called.name !== 'ADR' && called.name !== 'REF')) return;
  const [argument] = call.arguments;
  if (argument?.value === undefined || argument.value === null) return;
  reportDangling(context, assignment.value, target, argument.value);
}

function reportDangling(context: CheckContext, at: Expression, target: VariableSymbol, source: Expression): void {
  const root = rootVariable(context, source);
  if (root?.scope !== 'temporary') return;
  report(
    context,
    'PW3050',
    at,
    `"${target.name}" keeps the address of "${root.name}", which is gone after this call. Make "${root.name}" a VAR of the block.`,
  );
}

function requireBoolean(context: CheckContext, at: Expression, type: Type, what: string): void {
  if (!isUnknown(type) && !isBoolean(valueTypeOf(type)))
    report(context, 'PW3011', at, `${what} must be BOOL, and this is ${describeType(type)}.`);
}

/** `ref REF= variable`, `pointer ?= other`. */
function checkReferenceAssignment(
  context: CheckContext,
  assignment: Assignment | AssignmentExpression,
  target: Type,
): void {
  const source = checkValue(context, assignment.value, null);
  if (isUnknown(target) || isUnknown(source)) return;
  if (target.kind !== 'pointer' && target.kind !== 'interface') {
    report(
      context,
      'PW3021',
      assignment.target,
      `${assignment.operator} wants a reference on its left, and this is ${describeType(target)}. Use ":=".`,
    );
    return;
  }
  if (assignment.operator === '?=' || target.kind === 'interface' || source.kind === 'null') return;
  const aim = valueTypeOf(source);
  if (source.kind === 'literal' || isUnknown(aim) || isUnknown(target.target)) return;
  const conversion = conversionTo(target.target, aim, context.index.rules);
  if (aim.kind === 'pointer' || sameType(target.target, aim) || conversion === 'same' || conversion === 'widening')
    return;
  report(
    context,
    'PW3001',
    assignment.value,
    `A ${describeType(target)} can't refer to ${describeType(aim)}. The types must be the same.`,
  );
}

/**
 * Reports when a value does not fit into a place of type `target`. `mismatch` is the code for types that have nothing
 * to do with each other: `PW3001` for assignments, `PW3030` for arguments. `place` names the parameter in messages.
 */
export function checkFits(
  context: CheckContext,
  target: Type,
  value: Expression,
  source: Type,
  mismatch: 'PW3001' | 'PW3030',
  place: string | null = null,
): void {
  const { rules } = context.index;
  const conversion = conversionTo(target, source, rules);
  if (conversion === 'same' || conversion === 'widening') {
    checkConstantRange(context, target, value);
    return;
  }
  if (isConstantInRange(context, conversion, target, value)) return;
  if (conversion === 'literal-range' && rules.basedLiteralsAreBitPatterns && isBitPattern(context, target, value))
    return;
  if (conversion === 'string-width' && unwrap(value).kind === 'Literal') return;
  if (conversion === 'unsafe-to-safe' && constantOfChecked(context.index, value) !== null) return;
  if (conversion === 'unsafe-to-safe' && !usesSafeTypes(context)) {
    report(
      context,
      'PW3052',
      value,
      `${from(source)} goes into a ${describeType(valueTypeOf(target))} pin. Nothing here shows that the signal comes from a safe input; declare it as ${describeType(valueTypeOf(target))} if it does.`,
    );
    return;
  }
  const { code, message } = problemOf(context, conversion, target, value, source);
  report(context, code ?? mismatch, value, place === null ? message : `${place}: ${message}`);
}

function from(source: Type): string {
  return describeType(valueTypeOf(source));
}

/** A project that declares no SAFE variable wires its safety blocks with plain ones: it can't tell them apart. */
function usesSafeTypes(context: CheckContext): boolean {
  return context.index.pendingVariables.some(({ symbol }) => isSafeType(symbol.type));
}

interface Problem {
  /** Null: the code of the place, for types that have nothing in common. */
  readonly code: string | null;
  readonly message: string;
}

function problemOf(
  context: CheckContext,
  conversion: Exclude<Conversion, 'same' | 'widening'>,
  target: Type,
  value: Expression,
  source: Type,
): Problem {
  const to = describeType(valueTypeOf(target));
  const from = describeType(valueTypeOf(source));
  const range = integerRangeOf(valueTypeOf(target));
  const isShown = to.includes('..');
  const limits = range === null || isShown ? '' : ` (${range.lower}..${range.upper})`;
  const text = sourceText(context, value);
  const convert = conversionName(source, target);
  switch (conversion) {
    case 'narrowing':
      return {
        code: 'PW3002',
        message: `${from} does not fit into ${to}${limits}: values may be cut off. Convert with ${convert} after checking the range.`,
      };
    case 'sign-change':
      return {
        code: 'PW3003',
        message: `${from} into ${to}${limits} may change the sign. Convert with ${convert} after checking the range.`,
      };
    case 'real-to-integer':
      return {
        code: 'PW3004',
        message: `${from} into ${to} would lose the decimals. Say how to round: ${convert} or TRUNC.`,
      };
    case 'literal-range':
      return { code: 'PW3005', message: `${text} does not fit into ${to}${limits}. Use a wider type.` };
    case 'subrange':
      return { code: 'PW3006', message: `${text} is outside of ${to}${limits}.` };
    case 'string-truncation':
      return {
        code: 'PW3007',
        message:
          unwrap(value).kind === 'Literal'
            ? `The text is longer than ${to}: it would be cut off. Make the target longer.`
            : `${from} may hold more than ${to}: the text would be cut off. Make the target longer.`,
      };
    case 'string-width':
      return { code: 'PW3008', message: `${from} and ${to} have different characters. Convert with ${convert}.` };
    case 'integer-to-enum':
      return { code: 'PW3009', message: `A number is assigned to the enumeration ${to}. Use one of its values.` };
    case 'enum-mismatch':
      return { code: 'PW3010', message: `${from} and ${to} are different enumerations.` };
    case 'unsafe-to-safe':
      return {
        code: 'PW3044',
        message: `${from} is not a safe signal and can't become ${to}. Evaluate it with a certified block first.`,
      };
    case 'incompatible':
      return { code: null, message: `Expected ${to}, found ${from}.${hintFor(source, target)}` };
  }
}

/** `INT_TO_REAL` for the two types, for the message. */
function conversionName(source: Type, target: Type): string {
  const name = (type: Type): string => {
    const value = valueTypeOf(type);
    if (value.kind === 'elementary') return value.name;
    if (value.kind === 'string') return value.isWide ? 'WSTRING' : 'STRING';
    if (value.kind === 'subrange' || value.kind === 'enum') return value.base.name;
    return value.kind === 'literal' ? (value.class === 'real' ? 'REAL' : 'INT') : '';
  };
  const [from, to] = [name(source), name(target)];
  if (valueTypeOf(source).kind === 'enum') return `TO_${to}`;
  return from === '' || to === '' ? 'a conversion function' : `${from}_TO_${to}`;
}

function hintFor(source: Type, target: Type): string {
  const [from, to] = [valueTypeOf(source), valueTypeOf(target)];
  if (to.kind === 'pointer' && sameType(to.target, from)) return ' Take its address with ADR(…) or REF(…).';
  if (from.kind === 'pointer' && sameType(from.target, to)) return ' Write "^" to get what the pointer points to.';
  const isScalar = (type: Type) => type.kind === 'elementary' || type.kind === 'string' || type.kind === 'enum';
  if (isScalar(from) && isScalar(to)) return ` Convert with ${conversionName(source, target)} if that is meant.`;
  return '';
}

/** A constant of a wider type is fine as long as its value fits. */
function isConstantInRange(context: CheckContext, conversion: Conversion, target: Type, value: Expression): boolean {
  if (conversion !== 'narrowing' && conversion !== 'sign-change') return false;
  const constant = constantOfChecked(context.index, value);
  if (typeof constant === 'number') return familyOf(target) === 'real';
  const range = integerRangeOf(valueTypeOf(target));
  return typeof constant === 'bigint' && range !== null && constant >= range.lower && constant <= range.upper;
}

/** Constant expressions of fitting types may still lie outside of a range: `Percent := 50 + 60`. */
function checkConstantRange(context: CheckContext, target: Type, value: Expression): void {
  const to = valueTypeOf(target);
  if (to.kind !== 'subrange' || unwrap(value).kind === 'Literal') return;
  const constant = constantOfChecked(context.index, value);
  if (typeof constant === 'bigint' && (constant < to.lower || constant > to.upper))
    report(
      context,
      'PW3006',
      value,
      `${constant} is outside of ${describeType(to)}${to.name === null ? '' : ` (${to.lower}..${to.upper})`}.`,
    );
}

/** `INT := 16#FFFF` fills the bits of the target. */
function isBitPattern(context: CheckContext, target: Type, value: Expression): boolean {
  const inner = unwrap(value);
  if (inner.kind !== 'Literal' || !sourceText(context, inner).includes('#') || typeof inner.value !== 'bigint')
    return false;
  const range = integerRangeOf(valueTypeOf(target));
  return range !== null && inner.value >= 0n && inner.value <= range.upper - range.lower;
}
