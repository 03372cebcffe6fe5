import { decodeText } from '../../core/base/decode.js';
import { dialectOf } from '../../core/language/dialects/dialect.js';
import { elementaryNamed } from '../../core/language/semantics/elementary-types.js';
import type { Project } from '../../core/language/semantics/model.js';
import {
  type CodeSymbol,
  keyOf,
  type MethodSymbol,
  type PropertySymbol,
} from '../../core/language/semantics/symbols.js';
import { findTags } from '../../core/language/semantics/tags.js';
import { derivesFrom, implementsInterface } from '../../core/language/semantics/type-relations.js';
import type { Identifier, SourceFile, Span } from '../../core/language/syntax/tree.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { openSite } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import { identifierAt } from '../symbols/identifier-at.js';
import type { SymbolIndex } from '../symbols/symbol-index.js';
import { type CheckedFile, isTestFile, type Unit } from '../workspace/unit.js';

/** A stretch of a file of the unit that gets another text. */
export interface TextReplacement extends Span {
  readonly path: string;
  readonly text: string;
}

/** What a rename changes, or why it is refused. */
export type Renaming =
  | { readonly kind: 'edits'; readonly edits: readonly TextReplacement[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** The name at an offset that can be renamed, or why it can't. */
export function renameTarget(
  unit: Unit,
  checked: CheckedFile,
  offset: number,
):
  | { readonly kind: 'name'; readonly span: Span; readonly name: string; readonly symbol: CodeSymbol }
  | { readonly kind: 'refused'; readonly reason: string } {
  const identifier = identifierAt(checked.file, offset);
  const symbol = identifier === null ? null : checked.symbols.symbolAt(identifier);
  if (identifier === null || symbol === null) return refused('There is no name here that the project declares.');
  const { site, name } = symbol;
  if (site === null) return refused(`"${name}" belongs to the standard library and can't be renamed.`);
  if (unit.site().libraryPaths.has(site.file.path))
    return refused(`"${name}" is declared in the library ${site.file.path}, which is checked and never changed.`);
  if (NAMED_BY_OBJECT.test(site.file.path) && symbol.kind !== 'variable' && symbol.kind !== 'enum-value')
    return refused(`"${name}" is also the name of an object of the TwinCAT project. Rename it there.`);
  const unread = unit.site().project.files.find((file) => isNamedUnread(file, name));
  if (unread !== undefined)
    return refused(
      `"${name}" is also named in a part of ${unread.path} that is not read here. Rename it in its own tool.`,
    );
  const span = nameSpan(checked.file, identifier);
  if (span === null) return refused(`The name "${name}" is not written in this place.`);
  return { kind: 'name', span, name, symbol };
}

/** TwinCAT names objects in the XML, in the file name and in the project file. */
const NAMED_BY_OBJECT = /\.tc(?:pou|gvl|dut|io)$/i;

/** True when a body in another language, which nothing is known of, holds the name as a word. */
function isNamedUnread({ text, unsupportedBodies = [] }: SourceFile, name: string): boolean {
  const word = new RegExp(`(?<![\\w])${name.replace(/[^\w]/g, '\\$&')}(?![\\w])`, 'i');
  return unsupportedBodies.some(({ start, end }) => word.test(text.slice(start, end)));
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}

/** The letters of a name without its quoting; null where the file does not write it. */
function nameSpan({ text }: SourceFile, { start, end, name, quoting }: Identifier): Span | null {
  const written = text.slice(start, end);
  const at = quoting === 'none' ? 0 : written.toUpperCase().indexOf(name.toUpperCase());
  const span = { start: start + at, end: start + at + name.length };
  return at >= 0 && text.slice(span.start, span.end).toUpperCase() === name.toUpperCase() ? span : null;
}

/**
 * Renames a symbol in the whole unit: sources, tests, and the tags of its manifest and scenarios. The result is checked
 * as a whole before it is handed out: it must not bring an error, and every name must still mean what it meant.
 */
export function renameAt(unit: Unit, checked: CheckedFile, offset: number, newName: string): Renaming {
  const target = renameTarget(unit, checked, offset);
  if (target.kind === 'refused') return target;
  const { symbol } = target;
  const problem = problemOfName(newName, checked.project);
  if (problem !== null) return refused(problem);
  const own = symbol.site?.file === checked.file && isTestFile(checked.file.path);
  const names = own ? namesIn(checked, new Set([symbol])) : namesInUnit(unit, checked, symbol);
  const edits: TextReplacement[] = [];
  for (const { file, identifier } of names) {
    const span = nameSpan(file, identifier);
    if (span === null)
      return refused(`${file.path} names "${symbol.name}" in a way that can't be changed. Rename it there first.`);
    edits.push({ ...span, path: file.path, text: newName });
  }
  if (!own) edits.push(...tagEdits(unit, symbol, newName));
  const inOrder = distinct(edits);
  const collision = collisionOf(unit, inOrder, symbol, newName);
  return collision === null ? { kind: 'edits', edits: inOrder } : refused(collision);
}

function problemOfName(name: string, project: Project): string | null {
  if (!/^[A-Za-z_]\w*$/.test(name))
    return `"${name}" is no name: a name is a letter or "_" and then letters, digits and "_".`;
  const key = keyOf(name);
  const isKeyword = dialectOf(project.dialect).keywords.some((keyword) => keyword === key);
  return isKeyword || elementaryNamed(key) !== null
    ? `"${name}" is a keyword of ${dialectOf(project.dialect).title}.`
    : null;
}

interface NamePlace {
  readonly file: SourceFile;
  readonly identifier: Identifier;
}

function namesIn({ symbols }: { readonly symbols: SymbolIndex }, family: ReadonlySet<CodeSymbol>): NamePlace[] {
  return [...family].flatMap((one) => symbols.occurrencesOf(one));
}

/** Every place in sources and tests. Projects of tests have symbols of their own: they are matched by their place. */
function namesInUnit(unit: Unit, checked: CheckedFile, symbol: CodeSymbol): NamePlace[] {
  const { project } = unit.site();
  const symbols = unit.symbols();
  const own = project === checked.project ? symbol : sameSymbol(project, symbols, symbol);
  if (own === null) return [];
  const family = familyOf(project, own);
  const names = namesIn({ symbols }, family);
  for (const path of unit.snapshot().keys()) {
    if (!isTestFile(path) || project.files.some((file) => file.path === path)) continue;
    const test = unit.fileOf(path);
    if (test === null) continue;
    const there = [...family].flatMap((one) => sameSymbol(test.project, test.symbols, one) ?? []);
    names.push(...namesIn(test, new Set(there)).filter(({ file }) => file === test.file));
  }
  return names;
}

/** The symbol of another project over the same files that is declared at the same place. */
function sameSymbol(project: Project, symbols: SymbolIndex, { site }: CodeSymbol): CodeSymbol | null {
  const file = project.files.find(({ path }) => path === site?.file.path);
  if (site === null || file === undefined) return null;
  const identifier = identifierAt(file, site.identifier.start + (site.identifier.quoting === 'none' ? 0 : 1));
  return identifier === null ? null : symbols.symbolAt(identifier);
}

/** The symbols that have one name because they are one thing: a function and its result, a method and what overrides it. */
function familyOf(project: Project, symbol: CodeSymbol): Set<CodeSymbol> {
  const start =
    symbol.kind === 'variable' && symbol.scope === 'result' && symbol.owner !== null ? symbol.owner : symbol;
  const family = new Set<CodeSymbol>([start]);
  if (start.kind === 'method' || start.kind === 'property') addOverrides(project, family);
  for (const one of [...family]) {
    if (one.kind !== 'pou' && one.kind !== 'method') continue;
    for (const variable of one.variables.values()) if (variable.scope === 'result') family.add(variable);
  }
  return family;
}

function addOverrides(project: Project, family: Set<CodeSymbol>): void {
  const members = [...memberSymbols(project)];
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const member of members)
      for (const one of [...family])
        if ((one.kind === 'method' || one.kind === 'property') && isSameMember(one, member)) family.add(member);
  }
}

function* memberSymbols(project: Project): Iterable<MethodSymbol | PropertySymbol> {
  const interfaces = new Set(project.pous.flatMap((pou) => [...pou.interfaces]));
  for (const found of interfaces) for (const base of found.bases) interfaces.add(base);
  for (const owner of [...project.pous, ...interfaces]) {
    yield* owner.methods.values();
    yield* owner.properties.values();
  }
}

function isSameMember(a: MethodSymbol | PropertySymbol, b: MethodSymbol | PropertySymbol): boolean {
  if (a.kind !== b.kind || keyOf(a.name) !== keyOf(b.name) || a.owner === b.owner) return false;
  const [one, other] = [a.owner, b.owner];
  if (one.kind === 'pou' && other.kind === 'pou') return derivesFrom(one, other) || derivesFrom(other, one);
  if (one.kind === 'pou' && other.kind === 'interface') return implementsInterface(one, other);
  return one.kind === 'interface' && other.kind === 'pou' && implementsInterface(other, one);
}

// ---------------------------------------------------------------------------------------------- tags in YAML

const TAG = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/g;

/** Tags in the manifest and in scenarios whose path leads through the symbol. */
function tagEdits(unit: Unit, symbol: CodeSymbol, newName: string): TextReplacement[] {
  const { project } = unit.site();
  const edits: TextReplacement[] = [];
  for (const [path, bytes] of unit.snapshot()) {
    if (path !== MANIFEST_FILE && !/(?:^|\/)scenarios\/.*\.ya?ml$/.test(path)) continue;
    const { text } = decodeText(bytes);
    if (!keyOf(text).includes(keyOf(symbol.name))) continue;
    for (const match of text.matchAll(TAG)) {
      if (isInComment(text, match.index)) continue;
      let start = match.index;
      const parts = match[0].split('.');
      parts.forEach((part, at) => {
        const end = start + part.length;
        if (keyOf(part) === keyOf(symbol.name) && names(project, parts.slice(0, at + 1), symbol))
          edits.push({ path, start, end, text: newName });
        start = end + 1;
      });
    }
  }
  return edits;
}

function isInComment(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset) + 1;
  return /(?:^|\s)#/.test(text.slice(lineStart, offset));
}

/** True when the path names the symbol: as a tag with a value, or as a POU. */
function names(project: Project, path: readonly string[], symbol: CodeSymbol): boolean {
  const tag = path.join('.');
  if (symbol.kind !== 'variable') return path.length === 1 && isSamePlace(project.lookup(tag), symbol);
  if (path.length === 1 && symbol.scope !== 'global') return false;
  return (
    isSamePlace(project.lookup(tag), symbol) || findTags(project, tag).some((one) => isSamePlace(one.symbol, symbol))
  );
}

function isSamePlace(found: CodeSymbol | null, symbol: CodeSymbol): boolean {
  return (
    found !== null &&
    found.site !== null &&
    found.site.identifier.start === symbol.site?.identifier.start &&
    found.site.file.path === symbol.site.file.path
  );
}

// ---------------------------------------------------------------------------------------------- collisions

function distinct(edits: readonly TextReplacement[]): TextReplacement[] {
  const seen = new Map(edits.map((edit) => [`${edit.path} ${edit.start}`, edit]));
  return [...seen.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.start - b.start));
}

/** Checks the renamed unit: what a name collides with shows as an error, or as a name that means something else. */
function collisionOf(
  unit: Unit,
  edits: readonly TextReplacement[],
  symbol: CodeSymbol,
  newName: string,
): string | null {
  const before = unit.site();
  const visible = collisionByName(before, symbol, newName);
  if (visible !== null || unit.kind.kind !== 'site') return visible;
  const snapshot = new Map(unit.snapshot());
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const bytes = snapshot.get(path);
    if (bytes === undefined) continue;
    const own = edits.filter((edit) => edit.path === path);
    snapshot.set(path, Buffer.from(applied(decodeText(bytes).text, own), 'utf8'));
  }
  const after = openSite(snapshot);
  const known = errorsOf(before);
  for (const [code, finding] of errorsOf(after)) {
    if ((known.get(code)?.count ?? 0) >= finding.count) continue;
    return `"${newName}" can't be used here: ${finding.message} (${finding.place})`;
  }
  return null;
}

function errorsOf({ project, manifestFindings }: Site): Map<string, { count: number; message: string; place: string }> {
  const errors = new Map<string, { count: number; message: string; place: string }>();
  for (const { code, severity, message, file, line } of [...project.findings, ...manifestFindings]) {
    if (severity !== 'error' && severity !== 'blocker') continue;
    const known = errors.get(code);
    if (known === undefined) errors.set(code, { count: 1, message, place: `${file}:${line}` });
    else known.count++;
  }
  return errors;
}

function applied(text: string, edits: readonly TextReplacement[]): string {
  let result = text;
  for (const { start, end, text: replacement } of [...edits].reverse())
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

/** A name that is visible where the symbol is: one of the two would hide the other without an error. */
function collisionByName({ project }: Site, symbol: CodeSymbol, newName: string): string | null {
  const key = keyOf(newName);
  if (key === keyOf(symbol.name)) return null;
  const owner = 'owner' in symbol ? symbol.owner : null;
  const siblings =
    owner?.kind === 'pou'
      ? (owner.variables.get(key) ?? owner.methods.get(key) ?? owner.properties.get(key) ?? owner.actions.get(key))
      : owner?.kind === 'method'
        ? (owner.variables.get(key) ?? (owner.owner.kind === 'pou' ? owner.owner.variables.get(key) : undefined))
        : undefined;
  const outside = project.lookup(newName);
  const found = siblings ?? (isReachedBare(symbol) ? outside : null);
  if (found != null) return `"${newName}" is already ${found.qualifiedName}. Choose another name.`;
  if (symbol.kind !== 'variable' || symbol.scope !== 'global') return null;
  const hiding = project.pous.find((pou) => pou.variables.has(key));
  return hiding === undefined ? null : `"${newName}" is a variable of ${hiding.name}, which would hide the global one.`;
}

function isReachedBare(symbol: CodeSymbol): boolean {
  return symbol.kind !== 'variable' || symbol.scope !== 'member';
}
