/**
 * Which memory of a changed program corresponds to which memory before the change. Names that exist in both versions
 * correspond; variables that only one version has are paired when they are declared alike. A pairing of memory is only
 * a guess that the proof then has to confirm; inputs are paired only when they lie at the same address.
 */

import { type CodeSymbol, keyOf, type VariableSymbol } from '../language/semantics/symbols.js';
import type { Place } from './machine.js';
import type { ScanModel } from './scan-model.js';
import { typeKey } from './value-types.js';

/** Gives the path before the change for a path after it. */
export type PathMap = (path: string) => string;

export function correspondence(before: ScanModel, after: ScanModel): PathMap {
  const declared = renamedDeclarations(before, after);
  const cache = new Map<string, string>();
  const throughDeclarations = (path: string): string => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const mapped = mapSegments(after, declared, path);
    cache.set(path, mapped);
    return mapped;
  };
  const moved = movedInstances(before, after, throughDeclarations);
  if (moved.size === 0 && declared.size === 0) return (path) => path;
  return (path) => {
    const mapped = throughDeclarations(path);
    for (const [from, to] of moved)
      if (mapped === from || mapped.startsWith(`${from}.`)) return to + mapped.slice(from.length);
    return mapped;
  };
}

function ownerKey(symbol: VariableSymbol): string {
  const owner: CodeSymbol | null = symbol.owner;
  return owner === null ? '' : keyOf(owner.qualifiedName);
}

/** `OWNER.NAME` after the change to `NAME` before it. */
function renamedDeclarations(before: ScanModel, after: ScanModel): ReadonlyMap<string, string> {
  const declarationsOf = (model: ScanModel): Map<string, VariableSymbol> => {
    const found = new Map<string, VariableSymbol>();
    for (const { symbol } of model.cells.values())
      if (symbol !== null) found.set(`${ownerKey(symbol)}.${keyOf(symbol.name)}`, symbol);
    return found;
  };
  const old = declarationsOf(before);
  const fresh = declarationsOf(after);
  const group = (
    symbols: Iterable<[string, VariableSymbol]>,
    other: ReadonlyMap<string, VariableSymbol>,
  ): Map<string, VariableSymbol[]> => {
    const groups = new Map<string, VariableSymbol[]>();
    for (const [key, symbol] of symbols) {
      if (other.has(key)) continue;
      const like = [ownerKey(symbol), typeKey(symbol.type), symbol.scope, symbol.location?.text ?? ''].join(' ');
      groups.set(like, [...(groups.get(like) ?? []), symbol]);
    }
    for (const list of groups.values())
      list.sort((a, b) => (a.site?.identifier.start ?? 0) - (b.site?.identifier.start ?? 0));
    return groups;
  };
  const gone = group(old, fresh);
  const renamed = new Map<string, string>();
  for (const [like, added] of group(fresh, old)) {
    const removed = gone.get(like) ?? [];
    if (removed.length !== added.length) continue;
    added.forEach((symbol, index) => {
      const counterpart = removed[index];
      if (counterpart === undefined || !mayPair(before, after, counterpart, symbol)) return;
      renamed.set(`${ownerKey(symbol)}.${keyOf(symbol.name)}`, keyOf(counterpart.name));
    });
  }
  return renamed;
}

/**
 * A name that comes from outside stands for a wire: another name is the same wire only at the same address. An instance
 * of a block is no wire, whatever is wired to it.
 */
function mayPair(before: ScanModel, after: ScanModel, old: VariableSymbol, fresh: VariableSymbol): boolean {
  if (old.type.kind === 'pou' && fresh.type.kind === 'pou') return true;
  const comesFromOutside = (model: ScanModel, symbol: VariableSymbol): boolean =>
    [...model.cells].some(([path, place]) => place.symbol === symbol && model.roleOf(path) === 'input');
  if (!comesFromOutside(before, old) && !comesFromOutside(after, fresh)) return true;
  if (old.location !== null || fresh.location !== null) return old.location?.text === fresh.location?.text;
  return standsInTheSamePlace(old, fresh);
}

/**
 * Members of a list of globals or a data block that differ in nothing but this one name: as many members, in the same
 * order, every other one under its old name. Then whoever supplies the values supplies this one as before.
 */
function standsInTheSamePlace(old: VariableSymbol, fresh: VariableSymbol): boolean {
  if (old.owner?.kind !== 'global-list' || fresh.owner?.kind !== 'global-list') return false;
  const oldMembers = [...old.owner.variables.values()];
  const newMembers = [...fresh.owner.variables.values()];
  return (
    oldMembers.length === newMembers.length &&
    oldMembers.every((member, index) => {
      const other = newMembers[index];
      if (other === undefined || typeKey(member.type) !== typeKey(other.type)) return false;
      return member === old ? other === fresh : other !== fresh && keyOf(member.name) === keyOf(other.name);
    })
  );
}

function mapSegments(after: ScanModel, renamed: ReadonlyMap<string, string>, path: string): string {
  let prefix = '';
  let mapped = '';
  for (const segment of path.split(/(?=[.[])/)) {
    prefix += segment;
    const symbol = after.cells.get(prefix)?.symbol ?? null;
    const name =
      symbol === null || segment.startsWith('[') ? undefined : renamed.get(`${ownerKey(symbol)}.${keyOf(symbol.name)}`);
    mapped += name === undefined ? segment : segment.startsWith('.') ? `.${name}` : name;
  }
  return mapped;
}

/** Instances of library blocks that moved, for example into a new function block: paired by type, in order of their paths. */
function movedInstances(before: ScanModel, after: ScanModel, map: PathMap): ReadonlyMap<string, string> {
  const instances = (cells: Iterable<[string, Place]>): [string, string][] =>
    [...cells].flatMap(([path, { type }]): [string, string][] =>
      type.kind === 'pou' && type.pou.isLibrary ? [[path, typeKey(type)]] : [],
    );
  const old = instances(before.cells);
  const fresh = instances(after.cells).map(([path, type]): [string, string] => [map(path), type]);
  const moved = new Map<string, string>();
  for (const type of new Set(fresh.map(([, each]) => each))) {
    const pathsOf = (list: readonly [string, string][], other: readonly [string, string][]): string[] =>
      list.filter(([path, each]) => each === type && !other.some(([known]) => known === path)).map(([path]) => path);
    const gone = pathsOf(old, fresh);
    const added = pathsOf(fresh, old);
    if (gone.length !== added.length) continue;
    added.forEach((path, index) => {
      const counterpart = gone[index];
      if (counterpart !== undefined) moved.set(path, counterpart);
    });
  }
  return moved;
}
