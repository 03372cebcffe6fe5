/** Bases and interfaces of POUs and interfaces are looked up, and circles among them are cut. */

import type { QualifiedName, SourceFile } from '../syntax/tree.js';
import { lookupTypeName } from './lookup.js';
import type { Mutable } from './mutable.js';
import type { PendingHeader, ProjectIndex } from './project-index.js';
import { MAXIMUM_INHERITANCE_DEPTH, type Scope } from './scope.js';
import type { CodeSymbol, InterfaceSymbol, PouSymbol } from './symbols.js';

export function resolveHeaders(index: ProjectIndex): void {
  for (const header of index.pendingHeaders) resolveHeader(index, header);
  for (const header of index.pendingHeaders) cutCircle(index, header);
}

export function resolveHeader(index: ProjectIndex, header: PendingHeader): void {
  const { symbol, scope, file } = header;
  if (symbol.kind === 'interface') {
    symbol.bases = header.extends.flatMap((name) => interfaceNamed(index, name, scope, file, symbol));
    return;
  }
  const [first, ...others] = header.extends;
  if (first !== undefined) resolveBase(index, symbol, first, scope, file);
  for (const other of others)
    index.reports.add('PW2020', file, other, `A POU extends one other POU only. Remove "${textOf(other)}".`);
  symbol.interfaces = header.implements.flatMap((name) => interfaceNamed(index, name, scope, file, symbol));
}

function resolveBase(
  index: ProjectIndex,
  symbol: Mutable<PouSymbol>,
  name: QualifiedName,
  scope: Scope,
  file: SourceFile,
): void {
  const base = lookupName(index, name, scope, file, symbol);
  if (base === null) return;
  if (base.kind === 'pou' && (base.pouKind === 'function-block' || base.pouKind === 'class')) {
    symbol.base = base;
    if (base.declaration?.modifiers.isFinal === true)
      index.reports.add('PW2024', file, name, `"${base.name}" is FINAL and can't be extended.`);
    return;
  }
  index.reports.add(
    'PW2020',
    file,
    name,
    `"${base.name}" is ${article(base)}, and a function block can only extend a function block or class.${base.kind === 'interface' ? ' Use IMPLEMENTS for an interface.' : ''}`,
  );
}

function interfaceNamed(
  index: ProjectIndex,
  name: QualifiedName,
  scope: Scope,
  file: SourceFile,
  symbol: PouSymbol | InterfaceSymbol,
): InterfaceSymbol[] {
  const found = lookupName(index, name, scope, file, symbol);
  if (found === null) return [];
  if (found.kind === 'interface') return [found];
  index.reports.add('PW2020', file, name, `"${found.name}" is ${article(found)}, not an interface.`);
  return [];
}

function lookupName(
  index: ProjectIndex,
  name: QualifiedName,
  scope: Scope,
  file: SourceFile,
  symbol: PouSymbol | InterfaceSymbol,
): CodeSymbol | null {
  const found = lookupTypeName(index, scope, name);
  if (found === null) {
    index.openSymbols.add(symbol);
    index.unresolvedTypes.push({ name, file, position: 'base' });
    return null;
  }
  const last = name.parts.at(-1);
  if (last !== undefined) index.facts.symbols.set(last, found);
  return found;
}

/** A POU that is its own base, however far, loses its base so that every later walk ends. */
export function cutCircle(index: ProjectIndex, { symbol, file, extends: names }: PendingHeader): void {
  const [name] = names;
  if (name === undefined) return;
  if (symbol.kind === 'interface') {
    if (!reachesInterface(symbol, symbol, 0)) return;
    symbol.bases = [];
  } else {
    if (!reachesPou(symbol)) return;
    symbol.base = null;
  }
  index.reports.add('PW2017', file, name, `"${symbol.name}" extends itself. Remove one EXTENDS of the circle.`);
}

function reachesPou(symbol: PouSymbol): boolean {
  let current = symbol.base;
  for (let depth = 0; current !== null && depth < MAXIMUM_INHERITANCE_DEPTH; depth++) {
    if (current === symbol) return true;
    current = current.base;
  }
  return false;
}

function reachesInterface(from: InterfaceSymbol, target: InterfaceSymbol, depth: number): boolean {
  return from.bases.some(
    (base) => base === target || (depth < MAXIMUM_INHERITANCE_DEPTH && reachesInterface(base, target, depth + 1)),
  );
}

/** `a function block`, `an interface`: what a symbol is, for messages. */
export function article(symbol: CodeSymbol): string {
  const words: Readonly<Record<CodeSymbol['kind'], string>> = {
    variable: 'a variable',
    pou: 'a POU',
    method: 'a method',
    property: 'a property',
    action: 'an action',
    interface: 'an interface',
    type: 'a type',
    'enum-value': 'an enumeration value',
    'global-list': 'a list of global variables',
    namespace: 'a namespace',
    'program-instance': 'a program instance',
  };
  if (symbol.kind !== 'pou') return words[symbol.kind];
  const kinds: Readonly<Record<PouSymbol['pouKind'], string>> = {
    program: 'a program',
    function: 'a function',
    'function-block': 'a function block',
    class: 'a class',
    'organization-block': 'an organization block',
  };
  return kinds[symbol.pouKind];
}

export function textOf(name: QualifiedName): string {
  return name.parts.map((part) => part.name).join('.');
}
