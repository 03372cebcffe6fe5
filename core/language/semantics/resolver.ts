/** Second pass: types as written become types. Structures, enums and aliases are resolved on demand, so order is free. */

import type {
  ArrayTypeNode,
  EnumTypeNode,
  Expression,
  NamedTypeNode,
  QualifiedName,
  SourceFile,
  StructTypeNode,
  TypeNode,
} from '../syntax/tree.js';
import { constantInScope } from './constants.js';
import { declareEnum, declareMembers } from './declare-variables.js';
import { elementary, elementaryNamed, integerRangeOf } from './elementary-types.js';
import { lookupTypeName } from './lookup.js';
import type { Mutable } from './mutable.js';
import type { PendingResult, PendingType, PendingVariable, ProjectIndex } from './project-index.js';
import type { Scope } from './scope.js';
import { type CodeSymbol, keyOf, type TypeSymbol, type VariableSymbol } from './symbols.js';
import { type ElementaryType, type Type, UNKNOWN_TYPE, VOID_TYPE } from './types.js';

/** Resolves everything the binder left open: types, variables, results. */
export function resolveAll(index: ProjectIndex): void {
  for (const pending of index.pendingTypes.values()) resolvePendingType(index, pending);
  for (const pending of index.pendingVariables) resolveVariable(index, pending);
  for (const pending of index.pendingResults) resolveResult(index, pending);
  for (const [node] of index.enums) resolveEnumNode(index, node);
}

export function resolveVariable(index: ProjectIndex, { symbol, node, scope, file }: PendingVariable): void {
  symbol.type = resolveType(index, node, scope, file);
  if (symbol.scope === 'external') symbol.externalTarget = globalNamed(index, symbol.name);
}

export function resolveResult(index: ProjectIndex, { symbol, result, node, scope, file }: PendingResult): void {
  const type = resolveType(index, node, scope, file);
  if (symbol.kind === 'property') symbol.type = type;
  else symbol.returnType = type;
  if (result !== null) result.type = type;
}

/** The global variable that a VAR_EXTERNAL names. */
function globalNamed(index: ProjectIndex, name: string): VariableSymbol | null {
  const symbol = index.values.get(keyOf(name));
  return symbol?.kind === 'variable' ? symbol : null;
}

/** The type of a declared type, resolved now if it was not yet. */
export function resolvePendingType(index: ProjectIndex, pending: PendingType): Type {
  if (pending.state === 'done') return pending.symbol.type;
  const { symbol, node, scope, file } = pending;
  if (pending.state === 'resolving') {
    if (node.kind === 'StructType') return symbol.type;
    index.reports.once(
      `${file.path} ${node.start}`,
      'PW2016',
      file,
      symbol.site?.identifier ?? node,
      `The type "${symbol.name}" is defined by itself. Break the circle, for example with a POINTER TO or REF_TO.`,
    );
    return UNKNOWN_TYPE;
  }
  pending.state = 'resolving';
  const type =
    node.kind === 'StructType'
      ? resolveStruct(index, node, scope, file, symbol)
      : resolveType(index, node, scope, file);
  symbol.type = type.kind === 'subrange' && type.name === null ? { ...type, name: symbol.name } : type;
  index.facts.typeNodes.set(node, symbol.type);
  pending.state = 'done';
  return symbol.type;
}

/** The type that a node stands for. Failures are reported once and give the unknown type. */
export function resolveType(index: ProjectIndex, node: TypeNode, scope: Scope, file: SourceFile): Type {
  const known = index.facts.resolvedTypeOf(node);
  if (known !== undefined) return known;
  const type = resolveFresh(index, node, scope, file);
  index.facts.typeNodes.set(node, type);
  return type;
}

function resolveFresh(index: ProjectIndex, node: TypeNode, scope: Scope, file: SourceFile): Type {
  switch (node.kind) {
    case 'NamedType':
      return resolveNamed(index, node, scope, file);
    case 'StringType': {
      const length = node.length === null ? null : constantInScope(index, scope, node.length);
      return { kind: 'string', isWide: node.isWide, length: typeof length === 'bigint' ? Number(length) : null };
    }
    case 'SubrangeType':
      return resolveSubrange(index, node, scope, file);
    case 'EnumType': {
      const declared = declareEnum(index, node, '', scope, file);
      resolveEnumNode(index, node);
      return declared.type;
    }
    case 'StructType':
      return resolveStruct(index, node, scope, file, null);
    case 'ArrayType':
      return resolveArray(index, node, scope, file);
    case 'PointerType':
      return { kind: 'pointer', pointerKind: node.pointerKind, target: resolveType(index, node.target, scope, file) };
    case 'ErrorType':
      return UNKNOWN_TYPE;
  }
}

function resolveNamed(index: ProjectIndex, node: NamedTypeNode, scope: Scope, file: SourceFile): Type {
  const symbol = lookupTypeName(index, scope, node.name);
  const [first] = node.name.parts;
  if (symbol === null || (symbol.kind === 'pou' && symbol.pouKind === 'function')) {
    const key = node.name.parts.length === 1 ? keyOf(first?.name ?? '') : '';
    if (key === 'VOID') return VOID_TYPE;
    if (key === 'PVOID') return { kind: 'pointer', pointerKind: 'pointer', target: elementary('ANY') };
    const type = elementaryNamed(key);
    if (type !== null) return type;
    if (symbol === null) {
      if (first !== undefined && first.name !== '')
        index.unresolvedTypes.push({ name: node.name, file, position: 'type' });
      return UNKNOWN_TYPE;
    }
  }
  recordName(index, node.name, symbol);
  return typeOfTypeSymbol(index, symbol, node.name, file);
}

function recordName(index: ProjectIndex, name: QualifiedName, symbol: CodeSymbol): void {
  const last = name.parts.at(-1);
  if (last !== undefined) index.facts.symbols.set(last, symbol);
}

/** The type that a type, POU or interface symbol stands for; anything else is reported. */
function typeOfTypeSymbol(index: ProjectIndex, symbol: CodeSymbol, name: QualifiedName, file: SourceFile): Type {
  switch (symbol.kind) {
    case 'type':
      return typeOfSymbol(index, symbol);
    case 'interface':
      return { kind: 'interface', interface: symbol };
    case 'pou':
      if (symbol.pouKind !== 'function') return { kind: 'pou', pou: symbol };
      index.reports.add(
        'PW2019',
        file,
        name,
        `"${symbol.name}" is a function and can't be used as a type. Name the type of its result instead.`,
      );
      return UNKNOWN_TYPE;
    default:
      index.reports.add('PW2019', file, name, `"${symbol.name}" is a ${symbol.kind}, not a type.`);
      return UNKNOWN_TYPE;
  }
}

/** The type of a declared type, resolved now if it was not yet. */
function typeOfSymbol(index: ProjectIndex, symbol: TypeSymbol): Type {
  const pending = index.pendingTypes.get(symbol);
  return pending === undefined ? symbol.type : resolvePendingType(index, pending);
}

function resolveStruct(
  index: ProjectIndex,
  node: StructTypeNode,
  scope: Scope,
  file: SourceFile,
  symbol: Mutable<TypeSymbol> | null,
): Type {
  const members = new Map<string, VariableSymbol>();
  const type: Type = { kind: 'struct', name: symbol?.name ?? null, isUnion: node.isUnion, members };
  if (symbol !== null) symbol.type = type;
  index.facts.typeNodes.set(node, type);
  if (node.extends !== null) addInheritedMembers(index, node.extends, scope, file, members);
  const owner = { owner: symbol, prefix: symbol?.qualifiedName ?? '', scope, file, localEnums: null };
  for (const [key, member] of declareMembers(index, node.members, owner)) {
    members.set(key, member);
    if (member.declaration !== null) member.type = resolveType(index, member.declaration.type, scope, file);
  }
  return type;
}

function addInheritedMembers(
  index: ProjectIndex,
  name: QualifiedName,
  scope: Scope,
  file: SourceFile,
  members: Map<string, VariableSymbol>,
): void {
  const base = lookupTypeName(index, scope, name);
  if (base === null) {
    index.unresolvedTypes.push({ name, file, position: 'base' });
    return;
  }
  recordName(index, name, base);
  const type = base.kind === 'type' ? typeOfSymbol(index, base) : UNKNOWN_TYPE;
  if (type.kind === 'struct') for (const [key, member] of type.members) members.set(key, member);
  else if (type.kind !== 'unknown' || base.kind !== 'type')
    index.reports.add('PW2020', file, name, `"${base.name}" is not a structure, so a structure can't extend it.`);
}

function resolveArray(index: ProjectIndex, node: ArrayTypeNode, scope: Scope, file: SourceFile): Type {
  const dimensions = node.dimensions.map((dimension) => {
    if (dimension.lower === null || dimension.upper === null) return null;
    const lower = constantInScope(index, scope, dimension.lower);
    const upper = constantInScope(index, scope, dimension.upper);
    if (typeof lower !== 'bigint' || typeof upper !== 'bigint') return null;
    if (lower > upper)
      index.reports.add(
        'PW2033',
        file,
        dimension,
        `The lower bound ${lower} is above the upper bound ${upper}. Swap the bounds.`,
      );
    return { lower, upper };
  });
  return { kind: 'array', dimensions, element: resolveType(index, node.element, scope, file) };
}

function resolveSubrange(
  index: ProjectIndex,
  node: Extract<TypeNode, { kind: 'SubrangeType' }>,
  scope: Scope,
  file: SourceFile,
): Type {
  const base = namedElementary(index, node.base, scope, file);
  if (base === null) return UNKNOWN_TYPE;
  const lower = constantInScope(index, scope, node.lower);
  const upper = constantInScope(index, scope, node.upper);
  if (typeof lower !== 'bigint' || typeof upper !== 'bigint') return base;
  if (lower > upper)
    index.reports.add('PW2032', file, node, `The lower limit ${lower} is above the upper limit ${upper}. Swap them.`);
  const range = integerRangeOf(base);
  if (range !== null && (lower < range.lower || upper > range.upper))
    index.reports.add(
      'PW3005',
      file,
      node,
      `The range ${lower}..${upper} does not fit into ${base.name} (${range.lower}..${range.upper}). Use a wider base type.`,
    );
  return { kind: 'subrange', name: null, base, lower, upper };
}

function namedElementary(
  index: ProjectIndex,
  name: QualifiedName,
  scope: Scope,
  file: SourceFile,
): ElementaryType | null {
  const key = keyOf(name.parts.map((part) => part.name).join('.'));
  const known = elementaryNamed(key);
  if (known !== null) return known;
  const symbol = lookupTypeName(index, scope, name);
  if (symbol === null) {
    index.unresolvedTypes.push({ name, file, position: 'type' });
    return null;
  }
  const type = symbol.kind === 'type' ? typeOfSymbol(index, symbol) : UNKNOWN_TYPE;
  if (type.kind === 'elementary') return type;
  if (type.kind === 'subrange') return type.base;
  index.reports.add(
    'PW2019',
    file,
    name,
    `"${symbol.name}" can't be the base of a range or an enumeration; an integer type can.`,
  );
  return null;
}

/** Gives the values of an enum their numbers: as written, else one more than the one before. */
export function resolveEnumNode(index: ProjectIndex, node: EnumTypeNode): void {
  const declared = index.enums.get(node);
  if (declared === undefined || declared.state !== 'waiting') return;
  declared.state = 'resolving';
  const { type, symbols, scope, file } = declared;
  if (node.base !== null) type.base = namedElementary(index, node.base, scope, file) ?? type.base;
  const values = new Map<string, bigint>();
  let next = 0n;
  for (const symbol of symbols) {
    const written = symbol.declaration?.value ?? null;
    if (written !== null) {
      const value = constantInEnum(index, scope, written, symbols);
      if (typeof value === 'bigint') next = value;
    }
    symbol.value = next;
    values.set(keyOf(symbol.name), next);
    next += 1n;
  }
  type.values = values;
  declared.state = 'done';
}

/** A value may name another one of the same enum, also where the enum is only reachable by its name. */
function constantInEnum(
  index: ProjectIndex,
  scope: Scope,
  expression: Expression,
  symbols: readonly { readonly name: string; readonly value: bigint }[],
): unknown {
  if (expression.kind === 'Name') {
    const key = keyOf(expression.name.name);
    const own = symbols.find((one) => keyOf(one.name) === key);
    if (own !== undefined) return own.value;
  }
  return constantInScope(index, scope, expression);
}
