import { type SymbolInformation, SymbolKind } from 'vscode-languageserver/node';
import type { OutlineKind, OutlineSymbol } from '../../core/site/site-index.js';
import { rangeOfLocation } from '../features/text-range.js';

/** A client shows a short list; a longer query narrows it. */
const LIMIT = 500;

const KINDS: Readonly<Record<OutlineKind, SymbolKind>> = {
  program: SymbolKind.Module,
  function: SymbolKind.Function,
  'function-block': SymbolKind.Class,
  class: SymbolKind.Class,
  'organization-block': SymbolKind.Module,
  interface: SymbolKind.Interface,
  type: SymbolKind.Struct,
  'enum-value': SymbolKind.EnumMember,
  'global-list': SymbolKind.Namespace,
  global: SymbolKind.Variable,
  method: SymbolKind.Method,
  property: SymbolKind.Property,
  action: SymbolKind.Method,
};

/** The symbols of a site, and the URI of a file of it. */
export interface OutlinedSite {
  readonly symbols: readonly OutlineSymbol[];
  readonly uriOf: (path: string) => string;
}

/** The declared names that hold the letters of the query in their order, the closest ones first. */
export function workspaceSymbols(query: string, sites: readonly OutlinedSite[]): SymbolInformation[] {
  const wanted = query.toUpperCase();
  const found: { readonly rank: number; readonly symbol: OutlineSymbol; readonly uri: string }[] = [];
  for (const { symbols, uriOf } of sites)
    for (const symbol of symbols) {
      const rank = rankOf(symbol.name.toUpperCase(), wanted);
      if (rank !== null) found.push({ rank, symbol, uri: uriOf(symbol.location.file) });
    }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, LIMIT)
    .map(({ symbol: { name, kind, container, location }, uri }) => ({
      name,
      kind: KINDS[kind],
      ...(container === '' ? {} : { containerName: container }),
      location: { uri, range: rangeOfLocation(location) },
    }));
}

/** 0 for the name itself, then names that start with the query, that hold it, that hold its letters; null for others. */
function rankOf(name: string, wanted: string): number | null {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  let next = 0;
  for (const letter of name) if (letter === wanted[next]) next++;
  return next === wanted.length ? 3 : null;
}
