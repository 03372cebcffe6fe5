import type { DocumentHighlight, Location } from 'vscode-languageserver/node';
import { DocumentHighlightKind } from 'vscode-languageserver/node';
import type { CodeSymbol } from '../../core/language/semantics/symbols.js';
import { identifierAt } from '../symbols/identifier-at.js';
import type { Occurrence } from '../symbols/symbol-index.js';
import type { CheckedFile } from '../workspace/unit.js';
import { rangeOfSpan } from './text-range.js';

/** Gives the URI of a file of the unit. */
export type UriOfFile = (path: string) => string;

/** Where the symbol at an offset is declared. Null for the standard library, which has no source. */
export function definitionAt(checked: CheckedFile, offset: number, uriOf: UriOfFile): Location | null {
  const symbol = symbolAt(checked, offset);
  return symbol?.site == null ? null : locationOf(checked, symbol.site, uriOf);
}

/** Where the type of the variable at an offset is declared. */
export function typeDefinitionAt(checked: CheckedFile, offset: number, uriOf: UriOfFile): Location | null {
  const symbol = symbolAt(checked, offset);
  if (symbol?.kind !== 'variable' && symbol?.kind !== 'property') return null;
  const { type } = symbol;
  const declared =
    type.kind === 'pou'
      ? type.pou
      : type.kind === 'interface'
        ? type.interface
        : 'name' in type && type.name !== null
          ? checked.project.lookup(type.name)
          : null;
  return declared?.site == null ? null : locationOf(checked, declared.site, uriOf);
}

/** Every place that names the symbol at an offset. */
export function referencesAt(checked: CheckedFile, offset: number, uriOf: UriOfFile): Location[] {
  const symbol = symbolAt(checked, offset);
  if (symbol === null) return [];
  return checked.symbols.occurrencesOf(symbol).map((occurrence) => locationOf(checked, occurrence, uriOf));
}

/** The places in the same file that name the symbol at an offset. */
export function highlightsAt(checked: CheckedFile, offset: number): DocumentHighlight[] {
  const symbol = symbolAt(checked, offset);
  if (symbol === null) return [];
  const lines = checked.project.lineTableOf(checked.file);
  return checked.symbols
    .occurrencesOf(symbol)
    .filter(({ file }) => file === checked.file)
    .map(({ identifier }) => ({ range: rangeOfSpan(lines, identifier), kind: DocumentHighlightKind.Text }));
}

function symbolAt({ file, symbols }: CheckedFile, offset: number): CodeSymbol | null {
  const identifier = identifierAt(file, offset);
  return identifier === null ? null : symbols.symbolAt(identifier);
}

function locationOf({ project }: CheckedFile, { file, identifier }: Occurrence, uriOf: UriOfFile): Location {
  return { uri: uriOf(file.path), range: rangeOfSpan(project.lineTableOf(file), identifier) };
}
