/** Puts what was bound later where it stands in the files, as if everything had been bound in one go. */

import type { SourceFile } from '../syntax/tree.js';
import type { CodeUnit, ProjectIndex } from './project-index.js';
import type { CodeSymbol, VariableSymbol } from './symbols.js';

/** Offsets are smaller than this. */
const FILE_STEP = 2 ** 32;

export function restoreOrder(index: ProjectIndex, files: readonly SourceFile[]): void {
  const numbers = new Map(files.map((file, number) => [file, number]));
  const placeOf = (file: SourceFile, offset: number): number =>
    (numbers.get(file) ?? files.length) * FILE_STEP + offset;
  const siteOf = ({ site }: CodeSymbol): number =>
    site === null ? files.length * FILE_STEP : placeOf(site.file, site.identifier.start);
  sortBy(index.pous, siteOf);
  sortBy(index.interfaces, siteOf);
  sortBy(index.lists, siteOf);
  sortBy(index.units, (unit) => placeOf(unit.file, offsetOfUnit(unit)));
  sortBy(index.pendingVariables, ({ symbol, file }) => placeOf(file, offsetOfVariable(symbol)));
  const types = [...index.pendingTypes];
  if (sortBy(types, ([symbol]) => siteOf(symbol)) === 'changed') {
    index.pendingTypes.clear();
    for (const [symbol, pending] of types) index.pendingTypes.set(symbol, pending);
  }
  sortMap(index.types, siteOf);
  sortMap(index.globals, siteOf);
  sortMap(index.values, (symbol) => valueRank(symbol) * (files.length + 1) * FILE_STEP + siteOf(symbol));
  for (const list of index.lists) sortMap(list.variables as Map<string, VariableSymbol>, siteOf);
  for (const { members } of index.fileLists.values()) sortMap(members, siteOf);
  for (const [key, values] of index.enumValues) {
    if (values.length < 2) continue;
    const distinct = [...new Set(values)];
    sortBy(distinct, siteOf);
    index.enumValues.set(key, distinct);
  }
}

/** Units of one declaration stay in the order in which they were bound; tests come behind the rest of their file. */
function offsetOfUnit(unit: CodeUnit): number {
  if (unit.kind === 'test' || unit.kind === 'fixture') return FILE_STEP - 1;
  return startOfOwner(unit.pou ?? unit.symbol) ?? unit.span.start;
}

/** Variables of a POU are declared with the POU, its own before those of its members; global ones where they stand. */
function offsetOfVariable({ owner, scope, site }: VariableSymbol): number {
  const isOfTest = owner === null && scope !== 'global';
  return isOfTest ? FILE_STEP - 1 : (startOfOwner(owner) ?? site?.identifier.start ?? 0);
}

/** Where the POU or interface starts that a symbol is or belongs to; undefined when it is in none. */
function startOfOwner(symbol: CodeSymbol | null): number | undefined {
  switch (symbol?.kind) {
    case 'pou':
    case 'interface':
      return symbol.declaration?.start;
    case 'method':
    case 'property':
    case 'action':
      return symbol.owner.declaration?.start;
    default:
      return undefined;
  }
}

/** Lists that are named by their files, and then program instances, are declared when all else is. */
function valueRank(symbol: CodeSymbol): number {
  if (symbol.kind === 'program-instance') return 2;
  return symbol.site === null ? 1 : 0;
}

/** Sorts in place, and leaves the order of equal ranks. */
function sortBy<T>(list: T[], rankOf: (one: T) => number): 'changed' | 'same' {
  const ranks = list.map(rankOf);
  if (isSorted(ranks)) return 'same';
  const order = [...list.keys()].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
  const sorted = order.flatMap((position) => list.slice(position, position + 1));
  for (const [position, one] of sorted.entries()) list[position] = one;
  return 'changed';
}

function sortMap<T extends CodeSymbol>(map: Map<string, T>, rankOf: (symbol: T) => number): void {
  const entries = [...map];
  if (sortBy(entries, ([, symbol]) => rankOf(symbol)) === 'same') return;
  map.clear();
  for (const [key, symbol] of entries) map.set(key, symbol);
}

function isSorted(ranks: readonly number[]): boolean {
  for (let position = 1; position < ranks.length; position++)
    if ((ranks[position - 1] ?? 0) > (ranks[position] ?? 0)) return false;
  return true;
}
