/**
 * Which variable and which POU after a change is which one before it. The same name in the same scope is the same
 * thing; what a scope lost and what it gained are paired when they are declared alike (kind, type, address) and the
 * number on both sides is the same. A name that stands in both versions is never a renamed one, so that two names that
 * changed places, and a name that moved onto another variable, stay visible.
 */

import type { Project } from '../../language/semantics/model.js';
import { keyOf, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { StructType, Type } from '../../language/semantics/types.js';

export interface SymbolPairs {
  /** By the POU after the change. */
  readonly pous: ReadonlyMap<PouSymbol, PouSymbol>;
  /** By the variable after the change: of POUs and structures, and global ones. */
  readonly variables: ReadonlyMap<VariableSymbol, VariableSymbol>;
}

interface Pairing {
  readonly pous: Map<PouSymbol, PouSymbol>;
  readonly variables: Map<VariableSymbol, VariableSymbol>;
  readonly structures: Set<StructType>;
}

export function pairSymbols(before: Project, after: Project): SymbolPairs {
  const pairing: Pairing = { pous: new Map(), variables: new Map(), structures: new Set() };
  pairPous(before, after, pairing);
  for (const [now, old] of pairing.pous)
    pairVariables([...old.variables.values()], [...now.variables.values()], pairing);
  pairGlobals(before, after, pairing);
  return pairing;
}

/** A variable list that a POU of another name shares with this one to at least this part is the renamed POU's. */
const ALIKE = 0.7;

function pairPous(before: Project, after: Project, { pous }: Pairing): void {
  const oldByName = new Map(before.pous.map((pou) => [keyOf(pou.qualifiedName), pou]));
  const newNames = new Set(after.pous.map((pou) => keyOf(pou.qualifiedName)));
  const lost = new Set(before.pous.filter((pou) => !newNames.has(keyOf(pou.qualifiedName))));
  const gained: PouSymbol[] = [];
  for (const now of after.pous) {
    const old = oldByName.get(keyOf(now.qualifiedName));
    if (old === undefined) gained.push(now);
    else pous.set(now, old);
  }
  const pairBy = (isAlike: (old: PouSymbol, now: PouSymbol) => boolean): void => {
    for (const now of gained.filter((pou) => !pous.has(pou))) {
      const candidates = [...lost].filter((old) => isAlike(old, now));
      const [only] = candidates;
      if (candidates.length !== 1 || only === undefined) continue;
      if (gained.filter((other) => !pous.has(other) && isAlike(only, other)).length !== 1) continue;
      pous.set(now, only);
      lost.delete(only);
    }
  };
  pairBy((old, now) => shapeOfPou(old) === shapeOfPou(now));
  pairBy((old, now) => old.pouKind === now.pouKind && shareOfNames(old, now) >= ALIKE);
}

function shapeOfPou(pou: PouSymbol): string {
  const variables = [...pou.variables.values()].filter(({ scope }) => scope !== 'result');
  return `${pou.pouKind} ${variables.map((variable) => `${variable.scope} ${typeText(variable.type, null)}`).join(';')}`;
}

function shareOfNames(old: PouSymbol, now: PouSymbol): number {
  const common = [...now.variables].filter(([key, variable]) => old.variables.get(key)?.scope === variable.scope);
  return common.length / Math.max(old.variables.size, now.variables.size, 1);
}

function pairGlobals(before: Project, after: Project, pairing: Pairing): void {
  const gone: VariableSymbol[] = [];
  const added: VariableSymbol[] = [];
  for (const [key, old] of before.globals) if (!after.globals.has(key)) gone.push(old);
  for (const [key, now] of after.globals) {
    const old = before.globals.get(key);
    if (old === undefined) added.push(now);
    else pair(old, now, pairing);
  }
  // Under the same name in another list it is the same variable that moved.
  const moved = new Set<VariableSymbol>();
  for (const now of added) {
    const like = (variable: VariableSymbol): boolean =>
      keyOf(variable.name) === keyOf(now.name) && shapeOf(variable, null) === shapeOf(now, pairing);
    const candidates = gone.filter(like);
    const [only] = candidates;
    if (candidates.length !== 1 || only === undefined) continue;
    if (added.filter((other) => keyOf(other.name) === keyOf(now.name)).length > 1) continue;
    pair(only, now, pairing);
    moved.add(only);
  }
  pairRest(
    gone.filter((variable) => !moved.has(variable)),
    added.filter((variable) => !pairing.variables.has(variable)),
    pairing,
  );
}

function pairVariables(old: readonly VariableSymbol[], now: readonly VariableSymbol[], pairing: Pairing): void {
  const oldByName = new Map(old.map((variable) => [keyOf(variable.name), variable]));
  const newByName = new Map(now.map((variable) => [keyOf(variable.name), variable]));
  for (const [key, variable] of newByName) {
    const same = oldByName.get(key);
    if (same !== undefined) pair(same, variable, pairing);
  }
  // Between two names that stayed, as many of a kind as before: renamed, in order. What is left is looked at as a whole.
  const anchored = (name: string): boolean => oldByName.has(name) && newByName.has(name);
  const gapsBefore = gapsOf(old, anchored);
  for (const [anchor, gained] of gapsOf(now, anchored)) pairRest(gapsBefore.get(anchor) ?? [], gained, pairing);
  const paired = new Set(pairing.variables.values());
  pairRest(
    old.filter((variable) => !newByName.has(keyOf(variable.name)) && !paired.has(variable)),
    now.filter((variable) => !oldByName.has(keyOf(variable.name)) && !pairing.variables.has(variable)),
    pairing,
  );
}

/** Variables that have no counterpart of their name, by the last name before them that has one. */
function gapsOf(
  list: readonly VariableSymbol[],
  isAnchor: (name: string) => boolean,
): ReadonlyMap<string, VariableSymbol[]> {
  const gaps = new Map<string, VariableSymbol[]>();
  let anchor = '';
  for (const variable of list) {
    if (isAnchor(keyOf(variable.name))) anchor = keyOf(variable.name);
    else gaps.set(anchor, [...(gaps.get(anchor) ?? []), variable]);
  }
  return gaps;
}

/** Pairs what was lost with what was gained, kind by kind, in order, where the numbers are equal. */
function pairRest(lost: readonly VariableSymbol[], gained: readonly VariableSymbol[], pairing: Pairing): void {
  for (const shape of new Set(lost.map((variable) => shapeOf(variable, null)))) {
    const from = lost.filter((variable) => shapeOf(variable, null) === shape);
    const to = gained.filter((variable) => shapeOf(variable, pairing) === shape);
    if (from.length !== to.length) continue;
    from.forEach((variable, position) => {
      const now = to[position];
      if (now !== undefined) pair(variable, now, pairing);
    });
  }
}

function pair(old: VariableSymbol, now: VariableSymbol, pairing: Pairing): void {
  pairing.variables.set(now, old);
  pairMembers(old.type, now.type, pairing);
}

function pairMembers(old: Type, now: Type, pairing: Pairing): void {
  if (old.kind === 'array' && now.kind === 'array') pairMembers(old.element, now.element, pairing);
  if (old.kind !== 'struct' || now.kind !== 'struct' || pairing.structures.has(now)) return;
  pairing.structures.add(now);
  pairVariables([...old.members.values()], [...now.members.values()], pairing);
}

/** `pairing` for a variable after the change: a renamed type is the type that it was. */
function shapeOf(variable: VariableSymbol, pairing: Pairing | null): string {
  return `${variable.scope} ${typeText(variable.type, pairing)} ${variable.location?.text ?? ''} ${variable.isConstant}`;
}

function typeText(type: Type, pairing: Pairing | null): string {
  switch (type.kind) {
    case 'elementary':
      return type.name;
    case 'pou':
      return keyOf((pairing?.pous.get(type.pou) ?? type.pou).qualifiedName);
    case 'enum':
      return keyOf(type.name);
    case 'struct':
      return keyOf(type.name ?? 'STRUCT');
    case 'array':
      return `ARRAY ${type.dimensions.map((bounds) => (bounds === null ? '*' : `${bounds.lower}..${bounds.upper}`)).join(',')} ${typeText(type.element, pairing)}`;
    default:
      return type.kind;
  }
}
