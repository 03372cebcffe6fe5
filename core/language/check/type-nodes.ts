/** Types as written: values of enumerations, bases, lengths of strings. IEC 61131-3 ed. 3, 6.4.4. */

import { constantInScope } from '../semantics/constants.js';
import { elementaryNamed, integerRangeOf, traitsOf } from '../semantics/elementary-types.js';
import { keyOf } from '../semantics/symbols.js';
import type { EnumType } from '../semantics/types.js';
import type { EnumTypeNode, QualifiedName, StringTypeNode } from '../syntax/tree.js';
import { type CheckContext, report } from './context.js';

const COUNTABLE: ReadonlySet<string> = new Set(['signed', 'unsigned', 'bits']);

/** False for a base type that is known and counts nothing. */
function isCountable(base: QualifiedName): boolean {
  const [only, ...rest] = base.parts;
  const type = only === undefined || rest.length > 0 ? null : elementaryNamed(keyOf(only.name));
  return type === null || COUNTABLE.has(traitsOf(type).family);
}

export function checkEnumNode(context: CheckContext, node: EnumTypeNode): void {
  if (node.base !== null && !isCountable(node.base)) {
    report(context, 'PW2067', node.base, 'The base of an enumeration must be an integer type, for example INT.');
    return;
  }
  const type = context.index.enums.get(node)?.type;
  if (type === undefined) return;
  checkRange(context, node, type);
  const names = new Map<bigint, string>();
  for (const { name } of node.values) {
    const number = type.values.get(keyOf(name.name));
    if (number === undefined) continue;
    const first = names.get(number);
    if (first === undefined) names.set(number, name.name);
    else if (keyOf(first) !== keyOf(name.name))
      report(context, 'PW2065', name, `"${name.name}" has the number ${number} of "${first}". Give it another one.`);
  }
}

function checkRange(context: CheckContext, node: EnumTypeNode, type: EnumType): void {
  const range = integerRangeOf(type.base);
  if (range === null) return;
  for (const { name } of node.values) {
    const number = type.values.get(keyOf(name.name));
    if (number !== undefined && (number < range.lower || number > range.upper))
      report(
        context,
        'PW2066',
        name,
        `${number} does not fit into ${type.base.name} (${range.lower}..${range.upper}). Take a wider base type.`,
      );
  }
}

export function checkSubrangeBase(context: CheckContext, base: QualifiedName): void {
  if (!isCountable(base)) report(context, 'PW2068', base, 'A subrange must have an integer type, for example INT.');
}

export function checkStringLength(context: CheckContext, { length }: StringTypeNode): void {
  const value = length === null ? null : constantInScope(context.index, context.scope, length);
  if (length !== null && typeof value === 'bigint' && value < 1n)
    report(context, 'PW2069', length, `A string can't have the length ${value}. Write a number above zero.`);
}
