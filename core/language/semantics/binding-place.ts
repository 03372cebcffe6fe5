/** Where declarations are made, and how they become visible there. */

import type { QualifiedName, SourceFile } from '../syntax/tree.js';
import { isAlternative } from './alternatives.js';
import type { ProjectIndex } from './project-index.js';
import { namespaceScope, type Scope } from './scope.js';
import { type CodeSymbol, type GlobalListSymbol, keyOf, type VariableSymbol } from './symbols.js';

/** The place in which declarations are made: the project, or a namespace of it. */
export interface BindingPlace {
  readonly file: SourceFile;
  readonly scope: Scope;
  /** Qualified name of the namespace; empty outside. */
  readonly prefix: string;
  /** Members of the namespace; null outside. */
  readonly members: Map<string, CodeSymbol> | null;
}

/** The name of a declaration in its namespace. */
export function qualify(place: BindingPlace, name: string): string {
  return place.prefix === '' ? name : `${place.prefix}.${name}`;
}

/** Registers a POU, type, interface or namespace; a second one of the name is reported (and still checked). */
export function declareNamed(index: ProjectIndex, symbol: CodeSymbol, place: BindingPlace): void {
  const key = keyOf(symbol.name);
  if (symbol.site !== null) index.facts.symbols.set(symbol.site.identifier, symbol);
  if (key === '') return;
  const map = place.members ?? index.types;
  const first = map.get(key);
  if (first === undefined) {
    map.set(key, symbol);
    return;
  }
  if (symbol.site === null || isRepeated(index, first, place) || isAlternative(first, symbol.site)) return;
  const related =
    first.site === null ? [] : [{ file: first.site.file, span: first.site.identifier, message: 'first declared here' }];
  const where = first.site === null || first.site.file === place.file ? 'this file' : first.site.file.path;
  index.reports.add(
    'PW2006',
    place.file,
    symbol.site.identifier,
    `"${symbol.name}" is already declared in ${where}. POUs and types of one project need different names; rename or remove one of the two.`,
    related,
  );
}

/** True where another file declares the same thing because each file is an export that is complete in itself. */
function isRepeated(index: ProjectIndex, first: CodeSymbol, place: BindingPlace): boolean {
  return index.rules.filesRepeatDeclarations && first.site !== null && first.site.file !== place.file;
}

/** Registers a bare global variable; one that is already there is reported. */
export function declareGlobal(index: ProjectIndex, variable: VariableSymbol, place: BindingPlace): void {
  declareValue(index, variable, place);
  const key = keyOf(place.prefix === '' ? variable.name : variable.qualifiedName);
  if (!index.globals.has(key)) index.globals.set(key, variable);
}

/** Registers a global variable or list by its name; one that is already there is reported. */
export function declareValue(
  index: ProjectIndex,
  symbol: VariableSymbol | GlobalListSymbol,
  place: BindingPlace,
): void {
  const key = keyOf(symbol.name);
  const map = place.members ?? index.values;
  const first = map.get(key);
  if (symbol.site !== null) index.facts.symbols.set(symbol.site.identifier, symbol);
  const isListMember = first?.kind === 'variable' && first.owner?.kind === 'global-list';
  if (first === undefined || isListMember) {
    map.set(key, symbol);
    return;
  }
  if (symbol.site === null || isRepeated(index, first, place) || isAlternative(first, symbol.site)) return;
  const related =
    first.site === null ? [] : [{ file: first.site.file, span: first.site.identifier, message: 'first declared here' }];
  index.reports.add(
    'PW2005',
    place.file,
    symbol.site.identifier,
    `The global "${symbol.name}" is already declared. Rename or remove one of the two.`,
    related,
  );
}

/** The members of a namespace, over all files that declare some. */
export function namespaceMembers(index: ProjectIndex, qualifiedName: string): Map<string, CodeSymbol> {
  const key = keyOf(qualifiedName);
  const known = index.namespaceMembers.get(key);
  if (known !== undefined) return known;
  const members = new Map<string, CodeSymbol>();
  index.namespaceMembers.set(key, members);
  return members;
}

/** Adds what USING directives open; the namespaces may be declared later, in another file. */
export function usingScope(index: ProjectIndex, parent: Scope, usings: readonly QualifiedName[]): Scope {
  const keys = usings.map((name) => keyOf(name.parts.map((part) => part.name).join('.')));
  return namespaceScope(parent, () => keys.flatMap((key) => index.namespaceMembers.get(key) ?? []));
}
