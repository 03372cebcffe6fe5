/** Tags of manifests and scenarios (files.md): `Main.EStop_OK`, `GVL_HMI.*`, `Main.tDiscrepancy.PT`, a bare global. */

import type { Project } from './model.js';
import { suggestion } from './suggestions.js';
import { keyOf, type PouSymbol, type VariableSymbol } from './symbols.js';
import type { Type } from './types.js';
import { variablesOf } from './variables-of.js';

/** A variable that a tag names. */
export interface ResolvedTag {
  /** Canonical spelling: names as declared, the program by the name that was written for it (type or instance). */
  readonly path: string;
  /** The variables from the outermost one to the one named. */
  readonly variables: readonly [VariableSymbol, ...VariableSymbol[]];
  /** The last of `variables`. */
  readonly symbol: VariableSymbol;
  readonly type: Type;
  /** The program that holds it; null for globals. */
  readonly program: PouSymbol | null;
}

/** A name with its members, while a tag is walked. */
interface Place {
  readonly path: string;
  readonly variables: readonly VariableSymbol[];
  readonly program: PouSymbol | null;
  readonly members: ReadonlyMap<string, VariableSymbol>;
}

/**
 * The variables that a tag names, in order of declaration; empty when there are none. `*` stands for any part of one
 * name. An index may follow a name (`Main.axes[1].Enable`): the element's type is then that of the array's elements.
 */
export function findTags(project: Project, tag: string): ResolvedTag[] {
  const parts = splitTag(tag);
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  let places = rootPlaces(project, first, rest.length > 0);
  for (const part of rest) places = places.flatMap((place) => stepInto(place, part));
  const tags = places.flatMap((place): ResolvedTag[] => {
    const [outer, ...inner] = place.variables;
    const symbol = place.variables.at(-1);
    if (outer === undefined || symbol === undefined) return [];
    return [{ path: place.path, variables: [outer, ...inner], symbol, type: symbol.type, program: place.program }];
  });
  const seen = new Set<string>();
  return tags.filter((one) => {
    const key = keyOf(one.path);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The variable of a tag without `*`, or null. */
export function findTag(project: Project, tag: string): ResolvedTag | null {
  return findTags(project, tag)[0] ?? null;
}

/** Why a tag names nothing, with the nearest name. For findings on manifests. */
export function explainMissingTag(project: Project, tag: string): string {
  const parts = splitTag(tag);
  for (let length = parts.length; length > 1; length--) {
    const prefix = parts.slice(0, length - 1).join('.');
    const missing = parts[length - 1] ?? '';
    const places = placesOf(project, parts.slice(0, length - 1));
    const [place] = places;
    if (place === undefined) continue;
    return `"${prefix}" has no variable "${missing}".${suggestion(missing, place.members.keys(), (key) => place.members.get(key)?.name ?? key)}`;
  }
  const root = parts[0] ?? tag;
  const names = [
    ...project.pous.map((pou) => pou.name),
    ...[...project.globals.values()].map((one) => one.qualifiedName.split('.')[0] ?? one.name),
  ];
  return `The code has no program or global variable "${root}".${suggestion(root, names)}`;
}

function placesOf(project: Project, parts: readonly string[]): Place[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  let places = rootPlaces(project, first, true);
  for (const part of rest) places = places.flatMap((place) => stepInto(place, part));
  return places;
}

function splitTag(tag: string): string[] {
  return tag
    .split('.')
    .map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
    .filter((part) => part !== '');
}

/** Name without an index behind it. */
function nameOf(part: string): string {
  return part.replace(/\[.*$/, '').replace(/^#/, '');
}

function matcher(part: string): (name: string) => boolean {
  const name = keyOf(nameOf(part));
  if (!name.includes('*')) return (candidate) => keyOf(candidate) === name;
  const pattern = new RegExp(`^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`);
  return (candidate) => pattern.test(keyOf(candidate));
}

function rootPlaces(project: Project, part: string, hasMore: boolean): Place[] {
  const matches = matcher(part);
  const places: Place[] = [];
  if (hasMore) {
    for (const pou of project.pous) {
      if (pou.pouKind === 'function' || !(matches(pou.name) || matches(pou.qualifiedName))) continue;
      places.push(programPlace(pou.name, pou));
    }
    for (const task of project.schedule)
      for (const program of task.programs)
        if (program.instance !== null && matches(program.instanceName))
          places.push(programPlace(program.instanceName, program.pou));
    for (const [name, members] of listsOf(project))
      if (matches(name)) places.push({ path: name, variables: [], program: null, members });
    const list = project.lookup(nameOf(part));
    if (places.length === 0 && list?.kind === 'global-list')
      places.push({ path: list.name, variables: [], program: null, members: list.variables });
  }
  for (const [key, variable] of project.globals) {
    const isListMember = key.includes('.') && variable.owner?.kind === 'global-list';
    if (isListMember && !canBeBare(variable)) continue;
    if (matches(variable.name))
      places.push(variablePlace(isListMember ? variable.qualifiedName : variable.name, [variable], null, part));
  }
  return places;
}

function programPlace(path: string, pou: PouSymbol): Place {
  const members = new Map(variablesOf(pou).map((variable) => [keyOf(variable.name), variable]));
  return { path, variables: [], program: pou, members };
}

/** Members of a list may be named without the list unless it is `qualified_only`. */
function canBeBare(variable: VariableSymbol): boolean {
  const list = variable.owner;
  return (
    list?.kind === 'global-list' && list.declaration.kind === 'GlobalVariableList' && !list.declaration.qualifiedOnly
  );
}

function listsOf(project: Project): ReadonlyMap<string, ReadonlyMap<string, VariableSymbol>> {
  const lists = new Map<string, ReadonlyMap<string, VariableSymbol>>();
  for (const variable of project.globals.values())
    if (variable.owner?.kind === 'global-list') lists.set(variable.owner.name, variable.owner.variables);
  return lists;
}

function stepInto(place: Place, part: string): Place[] {
  const matches = matcher(part);
  return [...place.members.values()]
    .filter((variable) => matches(variable.name))
    .map((variable) => variablePlace(pathOf(place, variable), [...place.variables, variable], place.program, part));
}

/** A bare global that was named by the list of its file keeps its own, bare name. */
function pathOf(place: Place, variable: VariableSymbol): string {
  const isBareGlobal = place.variables.length === 0 && place.program === null && variable.owner === null;
  return isBareGlobal ? variable.qualifiedName : `${place.path}.${variable.name}`;
}

function variablePlace(
  path: string,
  variables: readonly VariableSymbol[],
  program: PouSymbol | null,
  part: string,
): Place {
  const index = /\[.*$/.exec(part)?.[0] ?? '';
  const symbol = variables.at(-1);
  return {
    path: `${path}${index}`,
    variables,
    program,
    members: symbol === undefined ? new Map() : membersOfType(symbol.type),
  };
}

/** The variables inside of a value: members of a structure, variables of an instance, of the elements of an array. */
export function membersOfType(type: Type): ReadonlyMap<string, VariableSymbol> {
  switch (type.kind) {
    case 'struct':
      return type.members;
    case 'pou':
      return new Map(variablesOf(type.pou).map((variable) => [keyOf(variable.name), variable]));
    case 'array':
      return membersOfType(type.element);
    case 'pointer':
      return membersOfType(type.target);
    default:
      return new Map();
  }
}
