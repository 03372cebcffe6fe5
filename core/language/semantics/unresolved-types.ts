/** Decides, when all names are known, which unknown type is a typing error and which belongs to a missing library. */

import type { Identifier } from '../syntax/tree.js';
import { textOf } from './inheritance.js';
import type { ProjectIndex, UnresolvedType } from './project-index.js';
import { suggestion } from './suggestions.js';
import { keyOf } from './symbols.js';
import { ELEMENTARY_TYPE_NAMES } from './types.js';

/** Containers of a TwinCAT project: the libraries they reference stand in a project file, not in the sources. */
const CONTAINER = /\.tc(pou|dut|gvl|io)$/i;

/** Interfaces that the compiler of the CODESYS family brings along, for example `__System.IQueryInterface`. */
const SYSTEM_NAMESPACE = '__SYSTEM';

export function reportUnresolvedTypes(index: ProjectIndex): void {
  for (const { name } of index.unresolvedTypes) {
    const [first] = name.parts;
    if (first !== undefined && name.parts.length > 1 && !isDeclared(index, keyOf(first.name)))
      index.missingLibraries.add(keyOf(first.name));
  }
  const hasEvidence = index.missingLibraries.size > 0;
  for (const one of index.unresolvedTypes) reportOne(index, one, hasEvidence);
}

/**
 * Reports types that became unknown later. False, without a report, when one of them may belong to a library: then it
 * matters to the whole project.
 */
export function reportLaterUnresolved(index: ProjectIndex, later: readonly UnresolvedType[]): boolean {
  if (!later.every((one) => isPlainMistake(index, one))) return false;
  for (const one of later) reportOne(index, one, false);
  return true;
}

/** True for an unknown type that is a typing error, whatever else the project holds. */
export function isPlainMistake(index: ProjectIndex, { name, file, position }: UnresolvedType): boolean {
  const [first] = name.parts;
  if (first === undefined || name.parts.length > 1 || index.missingLibraries.size > 0) return false;
  if (keyOf(first.name) === SYSTEM_NAMESPACE || mayBeUserType(index, first, file.path)) return false;
  return !isLibraryName(index, textOf(name), file.path, position, false);
}

/** A structure whose end is missing takes the type behind it for a member. */
function isSwallowed(index: ProjectIndex, key: string): boolean {
  for (const { declaration } of index.pendingTypes.keys()) {
    if (declaration?.isDamaged !== true || declaration.definition.kind !== 'StructType') continue;
    for (const { names } of declaration.definition.members)
      if (names.some(({ name }) => keyOf(name.name) === key)) return true;
  }
  return false;
}

function isDeclared(index: ProjectIndex, key: string): boolean {
  return key === SYSTEM_NAMESPACE || index.types.has(key);
}

function reportOne(index: ProjectIndex, { name, file, position }: UnresolvedType, hasEvidence: boolean): void {
  const [first] = name.parts;
  if (first === undefined) return;
  const text = textOf(name);
  if (keyOf(first.name) === SYSTEM_NAMESPACE || isSwallowed(index, keyOf(first.name))) return;
  if (index.missingLibraries.has(keyOf(first.name)) && name.parts.length > 1) {
    reportMissing(index, first.name, file, name);
    return;
  }
  if (name.parts.length === 1 && isLibraryName(index, text, file.path, position, hasEvidence)) {
    reportMissing(index, text, file, name);
    return;
  }
  if (mayBeUserType(index, first, file.path)) {
    reportMissing(index, text, file, name);
    return;
  }
  const candidates = [...index.types.keys(), ...index.library.names(), ...ELEMENTARY_TYPE_NAMES];
  index.reports.add(
    'PW2002',
    file,
    name,
    `The type "${text}" is not declared.${suggestion(text, candidates, (key) => index.types.get(key)?.name ?? index.library.pou(key)?.name ?? key)}`,
  );
}

/** A Siemens type of the user, which may stand in a file that was not exported: in quotes, or bare in SIMATIC SD. */
function mayBeUserType(index: ProjectIndex, { quoting }: Identifier, path: string): boolean {
  return index.rules.tagNames === 'quoted' && (quoting === 'quotes' || /\.s7dcl$/i.test(path));
}

function isLibraryName(
  index: ProjectIndex,
  name: string,
  path: string,
  position: UnresolvedType['position'],
  hasEvidence: boolean,
): boolean {
  const pattern = index.rules.libraryNames;
  if (pattern === null) return false;
  return position === 'base' || hasEvidence || CONTAINER.test(path) || pattern.test(keyOf(name));
}

function reportMissing(
  index: ProjectIndex,
  name: string,
  file: UnresolvedType['file'],
  span: UnresolvedType['name'],
): void {
  index.missingLibraries.add(keyOf(name));
  index.reports.once(
    keyOf(name),
    'PW2009',
    file,
    span,
    `"${name}" is not among the sources: the library that declares it is missing. What depends on it is not checked. Add its source under \`libraries:\` of plantwright.yaml.`,
  );
}

/** True in a project that visibly uses compiled libraries: then an unknown name may come from one. */
export function usesMissingLibraries(index: ProjectIndex, path: string): boolean {
  return index.rules.libraryNames !== null && (index.missingLibraries.size > 0 || CONTAINER.test(path));
}
