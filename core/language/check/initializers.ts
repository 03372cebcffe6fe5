/** Initial values of arrays and structures, and FB_init arguments. IEC 61131-3 ed. 3, 6.4.4. */

import { constantOfChecked, constantOfSymbol } from '../semantics/constants.js';
import { isUnknown, valueTypeOf } from '../semantics/elementary-types.js';
import { isOpenPou } from '../semantics/project-index.js';
import { lookupValue, memberOfPou } from '../semantics/scope.js';
import { suggestion } from '../semantics/suggestions.js';
import { keyOf } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { type ArrayType, type Type, UNKNOWN_TYPE } from '../semantics/types.js';
import type { ArrayInitializer, Expression, StructInitializer } from '../syntax/tree.js';
import { checkFits } from './assignments.js';
import { type CheckContext, checkExpression, report } from './context.js';
import { checkValue } from './values.js';

/** Checks an initial value against the type of its variable. */
export function checkInitializer(context: CheckContext, type: Type, initializer: Expression): void {
  const found = checkValue(context, initializer, type);
  if (initializer.kind === 'ArrayInitializer' || initializer.kind === 'StructInitializer') return;
  checkFits(context, type, initializer, found, 'PW3001');
}

/** `[1, 2, 3(0)]` for an array. Elements of several dimensions stand in one list, last dimension first. */
export function checkArrayInitializer(
  context: CheckContext,
  initializer: ArrayInitializer,
  expected: Type | null,
): Type {
  const target = expected === null ? UNKNOWN_TYPE : valueTypeOf(expected);
  if (target.kind !== 'array') {
    if (!isUnknown(target))
      report(context, 'PW3001', initializer, `Expected ${describeType(target)}, found a list of array elements.`);
    checkElements(context, initializer, UNKNOWN_TYPE);
    return UNKNOWN_TYPE;
  }
  const nested =
    target.dimensions.length > 1 &&
    initializer.elements.some((one) => one.values.some((value) => value.kind === 'ArrayInitializer'));
  const element = nested ? { ...target, dimensions: target.dimensions.slice(1) } : target.element;
  const count = checkElements(context, initializer, element);
  const room = nested ? sizeOf({ ...target, dimensions: target.dimensions.slice(0, 1) }) : sizeOf(target);
  if (room !== null && count !== null && count > room)
    report(
      context,
      'PW3045',
      initializer,
      `The array has room for ${room} element(s), and ${count} are given. Remove some or widen the bounds.`,
    );
  return target;
}

function sizeOf(array: ArrayType): bigint | null {
  let size = 1n;
  for (const dimension of array.dimensions) {
    if (dimension === null) return null;
    size *= dimension.upper - dimension.lower + 1n;
  }
  return size;
}

/** Types the elements; the number of elements, or null where a repetition is not constant. */
function checkElements(context: CheckContext, initializer: ArrayInitializer, element: Type): bigint | null {
  let count: bigint | null = 0n;
  for (const { repetition, values } of initializer.elements) {
    const repeated = values.length === 1 && values[0] !== undefined ? repeatedByConstant(context, values[0]) : null;
    if (repeated !== null) {
      for (const value of repeated.values) checkInitializer(context, element, value);
      count = count === null ? null : count + repeated.count * BigInt(repeated.values.length);
      continue;
    }
    for (const value of values) checkInitializer(context, element, value);
    let times: bigint | null = 1n;
    if (repetition !== null) {
      checkValue(context, repetition, null);
      const constant = constantOfChecked(context.index, repetition);
      times = typeof constant === 'bigint' ? constant : null;
    }
    const length = BigInt(Math.max(1, values.length));
    count = count === null || times === null ? null : count + times * length;
  }
  return count;
}

/** `N(0)` with a constant N reads like a call; in a list of elements it is a repetition. */
function repeatedByConstant(
  context: CheckContext,
  value: Expression,
): { readonly count: bigint; readonly values: readonly Expression[] } | null {
  if (value.kind !== 'Call' || value.callee.kind !== 'Name') return null;
  const symbol = lookupValue(context.scope, keyOf(value.callee.name.name));
  const count = symbol?.kind === 'variable' ? constantOfSymbol(context.index, symbol) : null;
  if (typeof count !== 'bigint') return null;
  checkExpression(context, value.callee, null);
  return { count, values: value.arguments.flatMap((argument) => (argument.value === null ? [] : [argument.value])) };
}

/** `(a := 1, b := 2)` for a structure or the inputs of a function block. */
export function checkStructInitializer(
  context: CheckContext,
  initializer: StructInitializer,
  expected: Type | null,
): Type {
  const target = expected === null ? UNKNOWN_TYPE : valueTypeOf(expected);
  const member = memberFinder(context, target);
  if (member === null) {
    if (!isUnknown(target))
      report(context, 'PW3001', initializer, `Expected ${describeType(target)}, found a list of structure members.`);
    for (const { value } of initializer.members) if (value !== null) checkExpression(context, value, null);
    return UNKNOWN_TYPE;
  }
  const seen = new Set<string>();
  for (const { name, value } of initializer.members) {
    const key = name === null ? '' : keyOf(name.name);
    const type = name === null ? null : member(key);
    if (name !== null && type === null)
      report(
        context,
        'PW2004',
        name,
        `${describeType(target)} has no member "${name.name}".${target.kind === 'struct' ? suggestion(name.name, target.members.keys(), (one) => target.members.get(one)?.name ?? one) : ''}`,
      );
    if (name !== null && seen.has(key))
      report(context, 'PW3028', name, `"${name.name}" already has a value here. Remove one of the two.`);
    seen.add(key);
    if (value === null) continue;
    if (type === null) checkExpression(context, value, null);
    else checkInitializer(context, type, value);
  }
  return target;
}

/** Finds the type of a member; null when the type has no members that could be set. */
function memberFinder(context: CheckContext, target: Type): ((key: string) => Type | null) | null {
  if (target.kind === 'struct') return (key) => target.members.get(key)?.type ?? null;
  if (target.kind !== 'pou') return null;
  return (key) => {
    const symbol = memberOfPou(target.pou, key) ?? context.index.library.pinOf(target.pou, key);
    if (symbol?.kind === 'variable' || symbol?.kind === 'property') return symbol.type;
    const isOpen = isOpenPou(context.index, target.pou) || !context.index.library.isExact(target.pou);
    return isOpen ? UNKNOWN_TYPE : null;
  };
}
