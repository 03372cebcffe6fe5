/** Finding the symbol behind a name without types: for constants, types as written, and tags. */

import type { Expression, QualifiedName } from '../syntax/tree.js';
import type { ProjectIndex } from './project-index.js';
import { lookupType, lookupValue, memberOfPou, type Scope } from './scope.js';
import { type CodeSymbol, keyOf } from './symbols.js';

/** A member that is reached by name alone: of a namespace, a list, an enum, or a program. */
export function staticMember(index: ProjectIndex, container: CodeSymbol, key: string): CodeSymbol | null {
  switch (container.kind) {
    case 'namespace':
      return container.members.get(key) ?? null;
    case 'global-list':
      return container.variables.get(key) ?? null;
    case 'type':
      return enumValueOf(index, container, key);
    case 'pou':
      return container.pouKind === 'program' || container.pouKind === 'organization-block'
        ? memberOfPou(container, key)
        : null;
    case 'program-instance':
      return memberOfPou(container.pou, key);
    default:
      return null;
  }
}

/** The value of an enum type, also through an alias of it. */
function enumValueOf(index: ProjectIndex, symbol: CodeSymbol, key: string): CodeSymbol | null {
  if (symbol.kind !== 'type') return null;
  const node = symbol.declaration?.definition;
  if (node?.kind === 'EnumType')
    return index.enums.get(node)?.symbols.find((value) => keyOf(value.name) === key) ?? null;
  const { type } = symbol;
  if (type.kind !== 'enum') return null;
  for (const declared of index.enums.values())
    if (declared.type === type) return declared.symbols.find((value) => keyOf(value.name) === key) ?? null;
  return null;
}

/** The symbol of `A` or `A.B.C` in a scope, by names alone; null where a type would be needed to go on. */
export function lookupStatic(index: ProjectIndex, scope: Scope, expression: Expression): CodeSymbol | null {
  if (expression.kind === 'Parenthesized') return lookupStatic(index, scope, expression.expression);
  if (expression.kind === 'Name') {
    const key = keyOf(expression.name.name);
    const from = expression.isGlobal ? index.scope : scope;
    return lookupValue(from, key) ?? index.enumValues.get(key)?.[0] ?? null;
  }
  if (expression.kind !== 'Member') return null;
  const key = keyOf(expression.member.name);
  const container = expression.isTyped
    ? lookupTypeOfPrefix(scope, expression.object)
    : lookupStatic(index, scope, expression.object);
  return container === null ? null : staticMember(index, container, key);
}

function lookupTypeOfPrefix(scope: Scope, object: Expression): CodeSymbol | null {
  return object.kind === 'Name' ? lookupType(scope, keyOf(object.name.name)) : null;
}

/** The type, POU, interface or namespace behind a qualified name; library names included. */
export function lookupTypeName(index: ProjectIndex, scope: Scope, name: QualifiedName): CodeSymbol | null {
  const isOfProject = name.parts.length > 1 && name.parts[0]?.name === index.rules.projectNamespace;
  const [first, ...rest] = isOfProject ? name.parts.slice(1) : name.parts;
  if (first === undefined) return null;
  const firstKey = keyOf(first.name);
  let symbol = lookupType(scope, firstKey);
  if (symbol === null && rest.length === 0) return index.library.type(firstKey) ?? index.library.pou(firstKey);
  if (symbol === null && rest.length === 1 && index.rules.standardNamespaces.includes(firstKey)) {
    const key = keyOf(rest[0]?.name ?? '');
    return index.library.type(key) ?? index.library.pou(key);
  }
  for (const part of rest) {
    if (symbol?.kind !== 'namespace') return null;
    symbol = symbol.members.get(keyOf(part.name)) ?? null;
  }
  return symbol;
}
