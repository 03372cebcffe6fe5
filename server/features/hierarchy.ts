import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  SymbolKind,
  type TypeHierarchyItem,
} from 'vscode-languageserver/node';
import type {
  ActionSymbol,
  CodeSymbol,
  InterfaceSymbol,
  MethodSymbol,
  PouSymbol,
} from '../../core/language/semantics/symbols.js';
import type { Call, SourceFile, Span } from '../../core/language/syntax/tree.js';
import { walk } from '../../core/language/syntax/walk.js';
import { identifierAt } from '../symbols/identifier-at.js';
import type { CheckedFile } from '../workspace/unit.js';
import type { UriOfFile } from './navigation.js';
import { offsetOfPosition, rangeOfSpan } from './text-range.js';

/** What can call and be called. */
type Callable = PouSymbol | MethodSymbol | ActionSymbol;

/** The POU, method or action that is named at an offset, or that an instance named there would run. */
export function callableAt(checked: CheckedFile, offset: number): Callable | null {
  const identifier = identifierAt(checked.file, offset);
  const symbol = identifier === null ? null : checked.symbols.symbolAt(identifier);
  if (symbol?.kind === 'variable') {
    if (symbol.scope === 'result')
      return symbol.owner?.kind === 'pou' || symbol.owner?.kind === 'method' ? symbol.owner : null;
    return symbol.type.kind === 'pou' ? symbol.type.pou : null;
  }
  if (symbol?.kind === 'program-instance') return symbol.pou;
  return symbol?.kind === 'pou' || symbol?.kind === 'method' || symbol?.kind === 'action' ? symbol : null;
}

/** Null for the standard library, which has no source. */
export function callItem(checked: CheckedFile, symbol: Callable, uriOf: UriOfFile): CallHierarchyItem | null {
  const { site, declaration } = symbol;
  if (site === null || declaration === null) return null;
  const lines = checked.project.lineTableOf(site.file);
  return {
    name: symbol.qualifiedName,
    kind: KINDS[symbol.kind === 'pou' ? symbol.pouKind : symbol.kind],
    uri: uriOf(site.file.path),
    range: rangeOfSpan(lines, declaration),
    selectionRange: rangeOfSpan(lines, site.identifier),
  };
}

const KINDS = {
  program: SymbolKind.Module,
  function: SymbolKind.Function,
  'function-block': SymbolKind.Class,
  class: SymbolKind.Class,
  'organization-block': SymbolKind.Module,
  method: SymbolKind.Method,
  action: SymbolKind.Method,
} as const;

/** A call and what it stands in. */
interface CallPlace {
  readonly file: SourceFile;
  readonly call: Call;
  readonly caller: Callable | null;
  readonly target: Callable | null;
}

function callsIn({ project }: CheckedFile): CallPlace[] {
  const places: CallPlace[] = [];
  for (const file of project.files)
    walk(file, (node, parents) => {
      if (node.kind !== 'Call') return undefined;
      const owner = parents.findLast(({ kind }) => kind === 'Pou' || kind === 'Method' || kind === 'Action');
      const caller = owner !== undefined && 'name' in owner && typeof owner.name === 'object' ? owner.name : null;
      const symbol = caller?.kind === 'Identifier' ? project.model.symbolOf(caller) : null;
      places.push({
        file,
        call: node,
        caller: isCallable(symbol) ? symbol : null,
        target: project.model.callOf(node)?.target ?? null,
      });
      return undefined;
    });
  return places;
}

function isCallable(symbol: CodeSymbol | null): symbol is Callable {
  return symbol?.kind === 'pou' || symbol?.kind === 'method' || symbol?.kind === 'action';
}

export function incomingCalls(checked: CheckedFile, target: Callable, uriOf: UriOfFile): CallHierarchyIncomingCall[] {
  const calls = callsIn(checked).filter((one) => one.target === target);
  return grouped(calls, ({ caller }) => caller).flatMap(([caller, places]) => {
    const from = callItem(checked, caller, uriOf);
    return from === null
      ? []
      : [{ from, fromRanges: places.map((one) => rangeIn(checked, one.file, one.call.callee)) }];
  });
}

export function outgoingCalls(checked: CheckedFile, caller: Callable, uriOf: UriOfFile): CallHierarchyOutgoingCall[] {
  const calls = callsIn(checked).filter((one) => one.caller === caller);
  return grouped(calls, ({ target }) => target).flatMap(([target, places]) => {
    const to = callItem(checked, target, uriOf);
    return to === null ? [] : [{ to, fromRanges: places.map((one) => rangeIn(checked, one.file, one.call.callee)) }];
  });
}

function rangeIn({ project }: CheckedFile, file: SourceFile, span: Span) {
  return rangeOfSpan(project.lineTableOf(file), span);
}

function grouped(
  places: readonly CallPlace[],
  keyOf: (place: CallPlace) => Callable | null,
): [Callable, CallPlace[]][] {
  const groups = new Map<Callable, CallPlace[]>();
  for (const place of places) {
    const key = keyOf(place);
    if (key === null) continue;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [place]);
    else known.push(place);
  }
  return [...groups];
}

// ---------------------------------------------------------------------------------------------- types

type Inheriting = PouSymbol | InterfaceSymbol;

/** The block, class or interface named at an offset, or that of the variable there. */
export function inheritingAt(checked: CheckedFile, offset: number): Inheriting | null {
  const identifier = identifierAt(checked.file, offset);
  const symbol = identifier === null ? null : checked.symbols.symbolAt(identifier);
  if (symbol?.kind === 'variable')
    return symbol.type.kind === 'pou'
      ? symbol.type.pou
      : symbol.type.kind === 'interface'
        ? symbol.type.interface
        : null;
  return symbol?.kind === 'pou' || symbol?.kind === 'interface' ? symbol : null;
}

export function typeItem(checked: CheckedFile, symbol: Inheriting, uriOf: UriOfFile): TypeHierarchyItem | null {
  const { site, declaration } = symbol;
  if (site === null || declaration === null) return null;
  const lines = checked.project.lineTableOf(site.file);
  return {
    name: symbol.name,
    kind: symbol.kind === 'interface' ? SymbolKind.Interface : SymbolKind.Class,
    uri: uriOf(site.file.path),
    range: rangeOfSpan(lines, declaration),
    selectionRange: rangeOfSpan(lines, site.identifier),
  };
}

export function supertypes(symbol: Inheriting): Inheriting[] {
  if (symbol.kind === 'interface') return [...symbol.bases];
  return [...(symbol.base === null ? [] : [symbol.base]), ...symbol.interfaces];
}

export function subtypes({ project }: CheckedFile, symbol: Inheriting): Inheriting[] {
  const interfaces = new Set(project.pous.flatMap((pou) => [...pou.interfaces]));
  for (const one of interfaces) for (const base of one.bases) interfaces.add(base);
  return [...project.pous, ...interfaces].filter((one) => supertypes(one).includes(symbol));
}

/** The offset at which an item of the protocol is named. */
export function offsetOfItem({ project, file }: CheckedFile, item: CallHierarchyItem | TypeHierarchyItem): number {
  return offsetOfPosition(project.lineTableOf(file), item.selectionRange.start);
}
