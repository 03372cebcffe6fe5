/**
 * Renamed and moved variables and POUs: rules that compare two versions see the new version under the old names.
 */

import type { Project } from '../../language/semantics/model.js';
import { keyOf, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Type } from '../../language/semantics/types.js';
import type { Location } from '../dataflow/location.js';
import { membersOf, programRoots, rootNodes, variablesOf } from '../program-tree.js';
import type { Change } from '../rule.js';
import { pairSymbols, type SymbolPairs } from './symbol-pairs.js';

/** Gives the old name for a new one. Both in upper case. */
export interface NameChanges {
  /**
   * For texts without a scope: names that no version before had and that stand for one old name wherever they stand.
   */
  readonly oldNameOf: ReadonlyMap<string, string>;
  /** The location as the version before would call it; also every location in a longer text. */
  locationBefore(location: Location): Location;
}

const KNOWN = new WeakMap<Change, NameChanges>();

export function nameChanges(change: Change): NameChanges {
  const known = KNOWN.get(change);
  if (known !== undefined) return known;
  const pairs = pairSymbols(change.before.project, change.after.project);
  const oldNameOf = renamedWords(change, pairs);
  const roots = movedRoots(change, pairs);
  const isSame = oldNameOf.size === 0 && roots.size === 0 && !hasRenamedVariable(pairs);
  const after = isSame ? null : rootsByLocation(change.after.project);
  const cache = new Map<string, string>();
  const chainBefore = (chain: string): string => {
    const ready = cache.get(chain);
    if (ready !== undefined) return ready;
    const mapped = mapChain(chain, { roots, after: after ?? new Map(), pairs, oldNameOf });
    cache.set(chain, mapped);
    return mapped;
  };
  const changes: NameChanges = {
    oldNameOf,
    locationBefore: (location) => (isSame ? location : location.replace(CHAIN, chainBefore)),
  };
  KNOWN.set(change, changes);
  return changes;
}

const CHAIN = /[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+|\[[^\]]*\]|#\d+|\^)*/gu;

function hasRenamedVariable({ variables }: SymbolPairs): boolean {
  for (const [now, old] of variables) if (keyOf(now.name) !== keyOf(old.name)) return true;
  return false;
}

interface Mapping {
  /** Roots whose location changed, new to old. */
  readonly roots: ReadonlyMap<Location, Location>;
  /** The variable of each root after the change. */
  readonly after: ReadonlyMap<Location, VariableSymbol>;
  readonly pairs: SymbolPairs;
  readonly oldNameOf: ReadonlyMap<string, string>;
}

/** `MAIN.GUARD.OK[3]` under the old names: the root by what it is, each member by the type that it belongs to. */
function mapChain(chain: string, { roots, after, pairs, oldNameOf }: Mapping): string {
  const segments = chain.split(/(?=[.[#^])/);
  let root = '';
  let length = 0;
  for (const [position, segment] of segments.entries()) {
    const location = segments.slice(0, position).join('') + segment;
    if (after.has(location)) [root, length] = [location, position + 1];
  }
  const wordBefore = (word: string): string => oldNameOf.get(word) ?? word;
  const symbol = after.get(root);
  if (symbol === undefined) return chain.replace(/[\p{L}_][\p{L}\p{N}_]*/gu, wordBefore);
  let type: Type | null = symbol.type;
  let mapped = roots.get(root) ?? root;
  for (const segment of segments.slice(length)) {
    if (type?.kind === 'array' && segment.startsWith('[')) {
      type = type.element;
      mapped += segment;
      continue;
    }
    const name = segment.startsWith('.') ? segment.slice(1) : null;
    const member: VariableSymbol | undefined =
      name === null || type === null ? undefined : membersOf(type).find((each) => keyOf(each.name) === name);
    type = member?.type ?? null;
    const old = member === undefined ? undefined : pairs.variables.get(member);
    mapped += old !== undefined ? `.${keyOf(old.name)}` : segment.replace(/[\p{L}_][\p{L}\p{N}_]*/gu, wordBefore);
  }
  return mapped;
}

function rootsByLocation(project: Project): ReadonlyMap<Location, VariableSymbol> {
  return new Map(rootNodes(project).map(({ location, root }) => [location, root]));
}

/** New to old location of program variables and globals whose name, program or list changed. */
function movedRoots({ before, after }: Change, pairs: SymbolPairs): ReadonlyMap<Location, Location> {
  const moved = new Map<Location, Location>();
  for (const now of after.project.globals.values()) {
    const old = pairs.variables.get(now);
    const [from, to] = [keyOf(now.qualifiedName), old === undefined ? null : keyOf(old.qualifiedName)];
    if (to !== null && from !== to) moved.set(from, to);
  }
  const oldRoots = programRoots(before.project);
  for (const program of programRoots(after.project)) {
    const pou = pairs.pous.get(program.pou);
    const sameType = oldRoots.filter((root) => root.pou === pou);
    const old = sameType.find(({ location }) => location === program.location) ?? sameType[0];
    if (old === undefined || (old.location !== program.location && sameType.length !== 1)) continue;
    for (const variable of variablesOf(program.pou)) {
      const name = pairs.variables.get(variable)?.name ?? variable.name;
      const from = `${program.location}.${keyOf(variable.name)}`;
      const to = `${old.location}.${keyOf(name)}`;
      if (from !== to) moved.set(from, to);
    }
  }
  return moved;
}

function renamedWords({ before, after }: Change, pairs: SymbolPairs): ReadonlyMap<string, string> {
  const oldNames = namesOf(before.project);
  const renames = new Map<string, string>();
  const ambiguous = new Set<string>();
  const add = (now: string, old: string): void => {
    const [from, to] = [keyOf(now), keyOf(old)];
    if (from === to || oldNames.has(from)) return;
    if ((renames.get(from) ?? to) !== to) ambiguous.add(from);
    renames.set(from, to);
  };
  for (const [now, old] of pairs.pous) add(now.name, old.name);
  for (const [now, old] of pairs.variables) {
    add(now.name, old.name);
    const [list, oldList] = [now.owner, old.owner];
    if (list?.kind === 'global-list' && oldList?.kind === 'global-list') add(list.name, oldList.name);
  }
  for (const [now, old] of renames) if (!stands(now, old, pairs, after.project)) ambiguous.add(now);
  for (const name of ambiguous) renames.delete(name);
  return renames;
}

/** True when everything that bears the new name bore the old one: nothing new hides under it. */
function stands(now: string, old: string, { pous, variables }: SymbolPairs, after: Project): boolean {
  const wasOld = (name: string | undefined): boolean => name !== undefined && keyOf(name) === old;
  return (
    after.pous.every(
      (pou) =>
        (keyOf(pou.name) !== now || wasOld(pous.get(pou)?.name)) &&
        [...pou.variables.values()].every(
          (variable) => keyOf(variable.name) !== now || wasOld(variables.get(variable)?.name),
        ),
    ) &&
    [...after.globals.values()].every(
      (variable) => keyOf(variable.name) !== now || wasOld(variables.get(variable)?.name),
    )
  );
}

function namesOf({ pous, globals }: Project): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (symbol: PouSymbol | VariableSymbol): void => {
    names.add(keyOf(symbol.name));
  };
  const seen = new Set<Type>();
  const addMembers = (type: Type): void => {
    if (type.kind === 'array') addMembers(type.element);
    if (type.kind !== 'struct' || seen.has(type)) return;
    seen.add(type);
    for (const member of type.members.values()) {
      add(member);
      addMembers(member.type);
    }
  };
  for (const pou of pous) {
    add(pou);
    for (const variable of pou.variables.values()) {
      add(variable);
      addMembers(variable.type);
    }
  }
  for (const variable of globals.values()) {
    add(variable);
    if (variable.owner?.kind === 'global-list') names.add(keyOf(variable.owner.name));
    addMembers(variable.type);
  }
  return names;
}
