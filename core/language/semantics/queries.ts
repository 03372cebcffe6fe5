/** Questions about a checked project that safety, recipes and the editor ask. All are pure. */

import type { Declaration, Identifier, Method, Pou, Property, SourceFile } from '../syntax/tree.js';
import { nodesAt, walk } from '../syntax/walk.js';
import type { Project } from './model.js';
import { type CodeSymbol, keyOf, type MethodSymbol, type PouSymbol, type PropertySymbol } from './symbols.js';

/** A place where a symbol is named. */
export interface Reference {
  readonly file: SourceFile;
  readonly identifier: Identifier;
}

/** Every place that names a symbol, its declaration included, in the order of files and text. */
export function referencesTo(project: Project, symbol: CodeSymbol): Reference[] {
  const name = keyOf(symbol.name);
  const references: Reference[] = [];
  for (const file of project.files) {
    if (!keyOf(file.text).includes(name)) continue;
    walk(file, (node) => {
      if (node.kind === 'Identifier' && project.model.symbolOf(node) === symbol)
        references.push({ file, identifier: node });
      return undefined;
    });
  }
  return references;
}

/** The symbol named at an offset of a file, and the identifier that names it; null where there is none. */
export function symbolAt(
  project: Project,
  file: SourceFile,
  offset: number,
): { readonly symbol: CodeSymbol; readonly identifier: Identifier } | null {
  const identifier = nodesAt(file, offset).findLast((node) => node.kind === 'Identifier');
  if (identifier?.kind !== 'Identifier') return null;
  const symbol = project.model.symbolOf(identifier);
  return symbol === null ? null : { symbol, identifier };
}

/** What stands around an offset. */
export interface Enclosing {
  readonly pou: PouSymbol | null;
  /** The method or property inside of the POU. */
  readonly member: MethodSymbol | PropertySymbol | null;
}

/** The POU, and the method or property of it, around an offset of a file. */
export function enclosingPou(project: Project, file: SourceFile, offset: number): Enclosing {
  let pou: PouSymbol | null = null;
  let member: MethodSymbol | PropertySymbol | null = null;
  for (const node of nodesAt(file, offset)) {
    if (node.kind === 'Pou') pou = symbolOfPou(project, node);
    else if (node.kind === 'Method' || node.kind === 'Property') member = symbolOfMember(project, node);
  }
  return { pou, member };
}

function symbolOfPou(project: Project, node: Pou): PouSymbol | null {
  const symbol = project.model.symbolOf(node.name);
  return symbol?.kind === 'pou' ? symbol : null;
}

function symbolOfMember(project: Project, node: Method | Property): MethodSymbol | PropertySymbol | null {
  const symbol = project.model.symbolOf(node.name);
  return symbol?.kind === 'method' || symbol?.kind === 'property' ? symbol : null;
}

/** Everything declared at the top of the files and namespaces: POUs, types, interfaces, lists. In order of the text. */
export function declaredSymbols(project: Project): CodeSymbol[] {
  const symbols: CodeSymbol[] = [];
  const visit = (declarations: readonly Declaration[]): void => {
    for (const declaration of declarations) {
      if (declaration.kind === 'Namespace') visit(declaration.declarations);
      const name = nameOf(declaration);
      const symbol = name === null ? null : project.model.symbolOf(name);
      if (symbol !== null) symbols.push(symbol);
    }
  };
  for (const file of project.files) visit(file.declarations);
  return symbols;
}

function nameOf(declaration: Declaration): Identifier | null {
  switch (declaration.kind) {
    case 'Pou':
    case 'Interface':
    case 'TypeDeclaration':
    case 'GlobalVariableList':
    case 'DataBlock':
      return declaration.name;
    default:
      return null;
  }
}
