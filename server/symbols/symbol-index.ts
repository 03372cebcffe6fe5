import type { Project } from '../../core/language/semantics/model.js';
import type { CodeSymbol } from '../../core/language/semantics/symbols.js';
import type { Identifier, SourceFile } from '../../core/language/syntax/tree.js';
import { walk } from '../../core/language/syntax/walk.js';

/** An identifier in its file. */
export interface Occurrence {
  readonly file: SourceFile;
  readonly identifier: Identifier;
}

/** Which symbol stands at which identifier, and where each symbol is named. */
export interface SymbolIndex {
  symbolAt(identifier: Identifier): CodeSymbol | null;
  /** Every place that names the symbol, its declaration included, in order of files and places. */
  occurrencesOf(symbol: CodeSymbol): readonly Occurrence[];
}

/** Indexes all identifiers of a project's files, when the first of them is asked for. */
export function indexSymbols(project: Project): SymbolIndex {
  let known: ReadonlyMap<Identifier, CodeSymbol> | null = null;
  const declared = (): ReadonlyMap<Identifier, CodeSymbol> => {
    known ??= declarationsOf(project);
    return known;
  };
  const occurrences = new Map<CodeSymbol, Occurrence[]>();
  const symbolAt = (identifier: Identifier): CodeSymbol | null =>
    declared().get(identifier) ?? project.model.symbolOf(identifier);
  let complete = false;
  const collect = (): void => {
    complete = true;
    for (const file of project.files) {
      walk(file, (node) => {
        if (node.kind !== 'Identifier') return;
        const symbol = symbolAt(node);
        if (symbol !== null) addTo(occurrences, sameVariable(symbol), { file, identifier: node });
      });
    }
  };
  return {
    symbolAt,
    occurrencesOf: (symbol) => {
      if (!complete) collect();
      return occurrences.get(sameVariable(symbol)) ?? [];
    },
  };
}

/** A VAR_EXTERNAL and its global are one variable to whoever looks for references. */
function sameVariable(symbol: CodeSymbol): CodeSymbol {
  return symbol.kind === 'variable' && symbol.externalTarget !== null ? symbol.externalTarget : symbol;
}

/** Symbols by the identifier that declares them. */
function declarationsOf(project: Project): ReadonlyMap<Identifier, CodeSymbol> {
  const declared = new Map<Identifier, CodeSymbol>();
  const seen = new Set<CodeSymbol>();
  const add = (symbol: CodeSymbol | null): void => {
    if (symbol === null || seen.has(symbol)) return;
    seen.add(symbol);
    if (symbol.site !== null) declared.set(symbol.site.identifier, symbol);
    for (const member of membersOf(symbol)) add(member);
  };
  for (const pou of project.pous) add(pou);
  for (const variable of project.globals.values()) {
    add(variable.owner);
    add(variable);
  }
  for (const file of project.files) for (const name of namesDeclaredIn(file)) add(project.lookup(name));
  return declared;
}

function namesDeclaredIn(file: SourceFile): string[] {
  return file.declarations.flatMap((declaration) => {
    if (!('name' in declaration) || declaration.name === null || typeof declaration.name === 'string') return [];
    return declaration.name.kind === 'QualifiedName'
      ? [declaration.name.parts.map(({ name }) => name).join('.')]
      : [declaration.name.name];
  });
}

/** What a symbol declares inside of it. */
export function membersOf(symbol: CodeSymbol): CodeSymbol[] {
  switch (symbol.kind) {
    case 'pou':
      return [
        ...symbol.variables.values(),
        ...symbol.methods.values(),
        ...symbol.properties.values(),
        ...symbol.actions.values(),
      ];
    case 'method':
    case 'global-list':
      return [...symbol.variables.values()];
    case 'interface':
      return [...symbol.methods.values(), ...symbol.properties.values()];
    case 'namespace':
      return [...symbol.members.values()];
    case 'type':
      return symbol.type.kind === 'struct' ? [...symbol.type.members.values()] : [];
    default:
      return [];
  }
}

function addTo(map: Map<CodeSymbol, Occurrence[]>, symbol: CodeSymbol, occurrence: Occurrence): void {
  const known = map.get(symbol);
  if (known === undefined) map.set(symbol, [occurrence]);
  else known.push(occurrence);
}
