/** Puts what was bound later where it stands in the files, as if everything had been bound in one go. */

import type { SourceFile } from '../syntax/tree.js';
import type { CodeUnit, ProjectIndex } from './project-index.js';
import type { CodeSymbol, VariableSymbol } from './symbols.js';

/** A place in the order of files and text. */
type Rank = readonly [file: number, offset: number];

export function restoreOrder(index: ProjectIndex, files: readonly SourceFile[]): void {
  const numbers = new Map(files.map((file, number) => [file, number]));
  const rankOf = ({ site }: CodeSymbol): Rank =>
    site === null ? [files.length, 0] : [numbers.get(site.file) ?? files.length, site.identifier.start];
  const bySite = (a: CodeSymbol, b: CodeSymbol): number => compareRanks(rankOf(a), rankOf(b));
  index.pous.sort(bySite);
  index.interfaces.sort(bySite);
  index.lists.sort(bySite);
  const unitRanks = new Map(index.units.map((unit) => [unit, rankOfUnit(unit, numbers)]));
  index.units.sort((a, b) => compareRanks(unitRanks.get(a) ?? [0, 0], unitRanks.get(b) ?? [0, 0]));
  sortMap(index.types, bySite);
  sortMap(index.globals, bySite);
  sortMap(index.values, (a, b) => kindRank(a) - kindRank(b) || bySite(a, b));
  for (const list of index.lists) sortMap(list.variables as Map<string, VariableSymbol>, bySite);
  for (const { members } of index.fileLists.values()) sortMap(members, bySite);
  for (const [key, values] of index.enumValues)
    if (values.length > 1) index.enumValues.set(key, [...new Set(values)].sort(bySite));
}

/** Units of one declaration stay in the order in which they were bound; tests come behind the rest of their file. */
function rankOfUnit(unit: CodeUnit, numbers: ReadonlyMap<SourceFile, number>): Rank {
  const file = numbers.get(unit.file) ?? numbers.size;
  if (unit.kind === 'test' || unit.kind === 'fixture') return [file, Number.POSITIVE_INFINITY];
  const { symbol } = unit;
  const owner = unit.pou ?? (symbol !== null && 'owner' in symbol ? symbol.owner : symbol);
  const start = owner !== null && 'declaration' in owner ? owner.declaration?.start : undefined;
  return [file, start ?? unit.span.start];
}

/** Lists that are named by their files, and then program instances, are declared when all else is. */
function kindRank(symbol: CodeSymbol): number {
  if (symbol.kind === 'program-instance') return 2;
  return symbol.site === null ? 1 : 0;
}

function compareRanks([fileA, offsetA]: Rank, [fileB, offsetB]: Rank): number {
  if (fileA !== fileB) return fileA - fileB;
  return offsetA === offsetB ? 0 : offsetA - offsetB;
}

function sortMap<T extends CodeSymbol>(map: Map<string, T>, compare: (a: T, b: T) => number): void {
  const entries = [...map];
  const isSorted = entries.every(([, symbol], position) => {
    const previous = entries[position - 1];
    return previous === undefined || compare(previous[1], symbol) <= 0;
  });
  if (isSorted) return;
  map.clear();
  for (const [key, symbol] of entries.sort(([, a], [, b]) => compare(a, b))) map.set(key, symbol);
}
