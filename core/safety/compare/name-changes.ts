/**
 * Renamed variables and POUs: a name that the whole project lost and one that it gained, declared in the same place
 * with the same type. Rules that compare two versions see the new version under the old names.
 */

import { keyOf, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Site } from '../../site/site.js';
import type { Location } from '../dataflow/location.js';
import type { Change } from '../rule.js';

/** Gives the old name for a new one. Both in upper case. */
export interface NameChanges {
  readonly oldNameOf: ReadonlyMap<string, string>;
  /** The location as the version before would call it. */
  locationBefore(location: Location): Location;
}

const KNOWN = new WeakMap<Change, NameChanges>();

export function nameChanges(change: Change): NameChanges {
  const known = KNOWN.get(change);
  if (known !== undefined) return known;
  const oldNameOf = findRenames(change);
  const changes: NameChanges = {
    oldNameOf,
    locationBefore: (location) =>
      oldNameOf.size === 0 ? location : location.replace(/[^.[\]#^,]+/g, (part) => oldNameOf.get(part) ?? part),
  };
  KNOWN.set(change, changes);
  return changes;
}

function findRenames({ before, after }: Change): Map<string, string> {
  const oldNames = namesOf(before);
  const newNames = namesOf(after);
  const isLost = (name: string): boolean => !newNames.has(name);
  const isGained = (name: string): boolean => !oldNames.has(name);
  const renames = new Map<string, string>();
  const pair = (lost: readonly string[], gained: readonly string[]): void => {
    if (lost.length !== gained.length) return;
    lost.forEach((name, position) => {
      const now = gained[position];
      if (now !== undefined) renames.set(now, name);
    });
  };
  const lostPous = before.project.pous.filter((pou) => isLost(keyOf(pou.name)));
  const gainedPous = after.project.pous.filter((pou) => isGained(keyOf(pou.name)));
  for (const lost of lostPous) {
    const same = gainedPous.filter((pou) => shapeOfPou(pou) === shapeOfPou(lost));
    const [only] = same;
    if (same.length === 1 && only !== undefined) renames.set(keyOf(only.name), keyOf(lost.name));
  }
  for (const old of before.project.pous) {
    const now = after.project.pous.find((pou) => (renames.get(keyOf(pou.name)) ?? keyOf(pou.name)) === keyOf(old.name));
    if (now !== undefined)
      pairVariables([...old.variables.values()], [...now.variables.values()], isLost, isGained, pair);
  }
  pairVariables([...before.project.globals.values()], [...after.project.globals.values()], isLost, isGained, pair);
  return renames;
}

function pairVariables(
  old: readonly VariableSymbol[],
  now: readonly VariableSymbol[],
  isLost: (name: string) => boolean,
  isGained: (name: string) => boolean,
  pair: (lost: readonly string[], gained: readonly string[]) => void,
): void {
  const lost = old.filter((variable) => isLost(keyOf(variable.name)));
  const gained = now.filter((variable) => isGained(keyOf(variable.name)));
  for (const shape of new Set(lost.map(shapeOfVariable))) {
    pair(
      lost.filter((variable) => shapeOfVariable(variable) === shape).map((variable) => keyOf(variable.name)),
      gained.filter((variable) => shapeOfVariable(variable) === shape).map((variable) => keyOf(variable.name)),
    );
  }
}

function shapeOfPou(pou: PouSymbol): string {
  return `${pou.pouKind} ${[...pou.variables.values()].map((variable) => `${variable.scope} ${typeText(variable)}`).join(';')}`;
}

function shapeOfVariable(variable: VariableSymbol): string {
  return `${variable.scope} ${typeText(variable)} ${variable.location?.text ?? ''} ${variable.isConstant}`;
}

function typeText(variable: VariableSymbol): string {
  const { type } = variable;
  if (type.kind === 'elementary') return type.name;
  if (type.kind === 'pou') return keyOf(type.pou.name);
  if (type.kind === 'enum') return keyOf(type.name);
  if (type.kind === 'struct') return keyOf(type.name ?? 'STRUCT');
  return type.kind;
}

function namesOf(site: Site): ReadonlySet<string> {
  const names = new Set<string>();
  for (const pou of site.project.pous) {
    names.add(keyOf(pou.name));
    for (const variable of pou.variables.values()) names.add(keyOf(variable.name));
  }
  for (const variable of site.project.globals.values()) names.add(keyOf(variable.name));
  return names;
}
