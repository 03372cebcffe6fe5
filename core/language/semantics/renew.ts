/** Resolves again what mentions a name that may stand for something else now: types, variables, results, bases. */

import type { Span, TypeNode } from '../syntax/tree.js';
import { type SyntaxNode, walk } from '../syntax/walk.js';
import { constantOfSymbol } from './constants.js';
import { cutCircle, resolveHeader } from './inheritance.js';
import { mentionsAny, type NamesOfTypes, overlap, typeMentionsAny } from './mentions.js';
import type { PendingHeader, PendingResult, PendingType, PendingVariable, ProjectIndex } from './project-index.js';
import { resolveEnumNode, resolvePendingType, resolveResult, resolveVariable } from './resolver.js';
import { type CodeSymbol, type InterfaceSymbol, keyOf, type PouSymbol } from './symbols.js';
import { UNKNOWN_TYPE, VOID_TYPE } from './types.js';

/** What an edit of declarations changed. */
export interface ChangedDeclarations {
  /** Upper-case names that may stand for something else now, wherever they are written. */
  readonly keys: Set<string>;
  /** Symbols with another type or other parameters. */
  readonly symbols: Set<CodeSymbol>;
  /** POUs and interfaces that are the same, with another base or other members. */
  readonly owners: Set<PouSymbol | InterfaceSymbol>;
  /** Nodes about which everything is to be reported anew. */
  readonly nodes: Set<Span>;
}

/** How much was bound before: what is behind it was bound by the edit. */
export interface BoundBefore {
  readonly variables: number;
  readonly results: number;
  readonly headers: number;
  readonly types: ReadonlySet<CodeSymbol>;
}

export function boundSoFar(index: ProjectIndex): BoundBefore {
  return {
    variables: index.pendingVariables.length,
    results: index.pendingResults.length,
    headers: index.pendingHeaders.length,
    types: new Set(index.pendingTypes.keys()),
  };
}

/**
 * Resolves what was bound since then, and all that mentions one of the names in `changed.keys`, which grows by what
 * follows. `mentioned` keeps the names in types, which never change: an edited type is another node.
 */
export function renew(
  index: ProjectIndex,
  before: BoundBefore,
  changed: ChangedDeclarations,
  mentioned: NamesOfTypes,
): void {
  const types = changedTypes(index, before, changed, mentioned);
  const headers = index.pendingHeaders.filter(
    (header, position) =>
      position >= before.headers || mentionsAny([...header.extends, ...header.implements], changed.keys),
  );
  const variables = index.pendingVariables.filter(
    (pending, position) => position >= before.variables || isVariableConcerned(pending, changed.keys),
  );
  const results = index.pendingResults.filter(
    ({ node }, position) => position >= before.results || typeMentionsAny(node, changed.keys),
  );
  const renewed = new Set<Span>();
  for (const { node } of [...types, ...variables, ...results]) forgetType(index, node, renewed);
  for (const { extends: bases, implements: interfaces } of headers)
    for (const name of [...bases, ...interfaces]) walk(name, (node) => void renewed.add(node));
  for (const node of renewed) changed.nodes.add(node);
  const unresolved = index.unresolvedTypes.splice(0).filter(({ name }) => !renewed.has(name));
  index.unresolvedTypes.push(...unresolved);
  renewHeaders(index, headers, changed);
  for (const pending of types) {
    changed.symbols.add(pending.symbol);
    pending.state = 'waiting';
    pending.symbol.type = UNKNOWN_TYPE;
  }
  for (const pending of types) resolvePendingType(index, pending);
  for (const [node, { state }] of index.enums) if (state === 'waiting') resolveEnumNode(index, node);
  for (const pending of variables) renewVariable(index, pending, changed);
  for (const pending of results) renewResult(index, pending, changed);
  for (const constant of index.constantScopes.keys()) constantOfSymbol(index, constant);
}

/** Types, enumerations and constants build on each other: the names grow until nothing more follows. */
function changedTypes(
  index: ProjectIndex,
  before: BoundBefore,
  { keys }: ChangedDeclarations,
  mentioned: NamesOfTypes,
): PendingType[] {
  const types = new Set<PendingType>();
  for (const [symbol, pending] of index.pendingTypes) if (!before.types.has(symbol)) types.add(pending);
  const constants = new Set<CodeSymbol>();
  for (let size = -1; size !== keys.size + types.size + constants.size; ) {
    size = keys.size + types.size + constants.size;
    for (const [symbol, pending] of index.pendingTypes) {
      if (types.has(pending) || !overlap(mentioned.of(pending.node), keys)) continue;
      types.add(pending);
      keys.add(keyOf(symbol.name));
      if (pending.node.kind === 'EnumType') for (const { name } of pending.node.values) keys.add(keyOf(name.name));
    }
    for (const constant of index.constantScopes.keys()) {
      const { declaration, initializer } = constant;
      const nodes = [
        ...(initializer === null ? [] : [initializer]),
        ...(declaration === null ? [] : [declaration.type]),
      ];
      if (constants.has(constant) || !mentionsAny(nodes, keys)) continue;
      constants.add(constant);
      index.constantValues.delete(constant);
      keys.add(keyOf(constant.name));
    }
  }
  for (const [node, declared] of index.enums) if (overlap(mentioned.of(node), keys)) declared.state = 'waiting';
  return [...types];
}

function isVariableConcerned({ symbol, node }: PendingVariable, keys: ReadonlySet<string>): boolean {
  return typeMentionsAny(node, keys) || (symbol.scope === 'external' && keys.has(keyOf(symbol.name)));
}

/** The values of an enumeration stay declared by its nodes, and so does what the checker knows of expressions. */
function forgetType(index: ProjectIndex, root: TypeNode, renewed: Set<Span>): void {
  walk(root, (node: SyntaxNode) => {
    renewed.add(node);
    index.facts.forget(node);
    return node.kind === 'EnumType' ? 'skip' : undefined;
  });
}

function renewHeaders(index: ProjectIndex, headers: readonly PendingHeader[], { owners }: ChangedDeclarations): void {
  for (const header of headers) {
    const { symbol } = header;
    owners.add(symbol);
    index.openSymbols.delete(symbol);
    if (symbol.kind === 'pou') symbol.base = null;
    resolveHeader(index, header);
  }
  for (const header of headers) cutCircle(index, header);
}

function renewVariable(index: ProjectIndex, pending: PendingVariable, changed: ChangedDeclarations): void {
  const { symbol } = pending;
  changed.symbols.add(symbol);
  symbol.externalTarget = null;
  resolveVariable(index, pending);
  if (symbol.scope === 'local' || symbol.scope === 'temporary') return;
  if (symbol.owner?.kind === 'pou') changed.owners.add(symbol.owner);
  else if (symbol.owner !== null) changed.symbols.add(symbol.owner);
}

function renewResult(index: ProjectIndex, pending: PendingResult, { symbols, owners }: ChangedDeclarations): void {
  const { symbol, result } = pending;
  symbols.add(symbol);
  if (result !== null) symbols.add(result);
  if (symbol.kind === 'pou') {
    owners.add(symbol);
    symbol.returnType = VOID_TYPE;
  }
  resolveResult(index, pending);
}
