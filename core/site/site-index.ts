/**
 * What can be said of a site without its trees: the findings of manifest and language, and an outline of its symbols.
 * It follows from the files alone, so it can be kept under their digest and used instead of opening the site.
 */

import { createHash } from 'node:crypto';
import { type Digest, digestOf } from '../base/digest.js';
import { compareText, type Finding, type Location } from '../base/finding.js';
import { isSourcePath } from '../formats/read-source.js';
import type { Project } from '../language/semantics/model.js';
import { declaredSymbols } from '../language/semantics/queries.js';
import type { CodeSymbol, PouSymbol } from '../language/semantics/symbols.js';
import { MANIFEST_FILE } from './manifest.js';
import { openSite } from './open-site.js';
import type { SiteSnapshot } from './snapshot.js';

export interface SiteIndex {
  /** Of the manifest, then of the language, as `openSite` gives them. */
  readonly findings: readonly Finding[];
  /** `readOutline` makes symbols of it: an editor that holds many sites reads it only when it is asked for a name. */
  readonly outline: SymbolOutline;
}

/** The declared symbols of a site as one compact text. */
export type SymbolOutline = string & { readonly outline: unique symbol };

export const OUTLINE_KINDS = [
  'program',
  'function',
  'function-block',
  'class',
  'organization-block',
  'interface',
  'type',
  'enum-value',
  'global-list',
  'global',
  'method',
  'property',
  'action',
] as const;

export type OutlineKind = (typeof OUTLINE_KINDS)[number];

/** A declared name and its place. */
export interface OutlineSymbol {
  readonly name: string;
  readonly kind: OutlineKind;
  /** The POU, type, list or namespace around it; empty for one that stands alone. */
  readonly container: string;
  readonly location: Location;
}

/** Reads and checks the site. Pure: the same files give the same index. */
export function indexSite(snapshot: SiteSnapshot): SiteIndex {
  const { manifestFindings, project } = openSite(snapshot);
  return { findings: [...manifestFindings, ...project.findings], outline: outlineOf(project) };
}

/**
 * Stands for everything that an index follows from: all paths (globs look at them), the manifest, every file of a source
 * format, and `engine`, which names the exact program that makes the index.
 */
export function digestOfInputs(snapshot: SiteSnapshot, engine: string): Digest {
  const hash = createHash('sha256').update(`${engine}\n`);
  for (const path of [...snapshot.keys()].sort(compareText)) {
    const bytes = path === MANIFEST_FILE || isSourcePath(path) ? snapshot.get(path) : undefined;
    hash.update(`${JSON.stringify(path)} ${bytes?.length ?? '-'}\n`);
    if (bytes !== undefined) hash.update(bytes);
  }
  return `sha256:${hash.digest('hex')}`;
}

// ---------------------------------------------------------------------------------------------- outline

/** Name, place in `OUTLINE_KINDS`, container, place in the list of files, line, column, end line, end column. */
type OutlineRow = readonly [string, number, string, number, number, number, number, number];

interface OutlineTable {
  readonly files: readonly string[];
  readonly rows: readonly OutlineRow[];
}

/** The declared symbols of a checked project. */
export function outlineOf(project: Project): SymbolOutline {
  const files: string[] = [];
  const numbers = new Map<string, number>();
  const rows: OutlineRow[] = [];
  for (const { symbol, kind, container } of outlineSymbols(project)) {
    if (symbol.site === null || symbol.name === '') continue;
    const { file, identifier } = symbol.site;
    const place = project.lineTableOf(file).locate(file.path, identifier.start, identifier.end);
    const number = numbers.get(file.path) ?? files.push(file.path) - 1;
    numbers.set(file.path, number);
    const { line, column, endLine, endColumn } = place;
    rows.push([symbol.name, OUTLINE_KINDS.indexOf(kind), container, number, line, column, endLine, endColumn]);
  }
  const table: OutlineTable = { files, rows };
  return JSON.stringify(table) as SymbolOutline;
}

/** The symbols of an outline, in the order of files and declarations. */
export function readOutline(outline: SymbolOutline): OutlineSymbol[] {
  const { files, rows } = JSON.parse(outline) as OutlineTable;
  return rows.flatMap(([name, kindNumber, container, file, line, column, endLine, endColumn]) => {
    const kind = OUTLINE_KINDS[kindNumber];
    const path = files[file];
    if (kind === undefined || path === undefined) return [];
    return [{ name, kind, container, location: { file: path, line, column, endLine, endColumn } }];
  });
}

interface Outlined {
  readonly symbol: CodeSymbol;
  readonly kind: OutlineKind;
  readonly container: string;
}

function* outlineSymbols(project: Project): Iterable<Outlined> {
  const listed = new Set<CodeSymbol>();
  for (const symbol of declaredSymbols(project)) {
    listed.add(symbol);
    yield* outlinedOf(symbol);
  }
  // Bare globals belong to no list.
  for (const variable of project.globals.values())
    if (variable.owner === null || !listed.has(variable.owner))
      yield { symbol: variable, kind: 'global', container: containerOf(variable) };
}

function* outlinedOf(symbol: CodeSymbol): Iterable<Outlined> {
  const container = containerOf(symbol);
  const own = symbol.qualifiedName;
  switch (symbol.kind) {
    case 'pou':
      yield { symbol, kind: symbol.pouKind, container };
      yield* membersOf(symbol);
      return;
    case 'interface':
      yield { symbol, kind: 'interface', container };
      yield* membersOf(symbol);
      return;
    case 'type':
      yield { symbol, kind: 'type', container };
      return;
    case 'global-list':
      yield { symbol, kind: 'global-list', container };
      for (const variable of symbol.variables.values()) yield { symbol: variable, kind: 'global', container: own };
      return;
    default:
      return;
  }
}

function* membersOf(
  owner: Pick<PouSymbol, 'qualifiedName' | 'methods' | 'properties'> & Partial<Pick<PouSymbol, 'actions'>>,
): Iterable<Outlined> {
  const container = owner.qualifiedName;
  for (const symbol of owner.methods.values()) yield { symbol, kind: 'method', container };
  for (const symbol of owner.properties.values()) yield { symbol, kind: 'property', container };
  for (const symbol of owner.actions?.values() ?? []) yield { symbol, kind: 'action', container };
}

function containerOf({ qualifiedName }: CodeSymbol): string {
  return qualifiedName.slice(0, Math.max(0, qualifiedName.lastIndexOf('.')));
}

// ---------------------------------------------------------------------------------------------- keeping

const RECORD_MARK = 'plantwright-index-1';

/** The index as bytes for a file, with a digest of their own, so that a file that was damaged is told from a whole one. */
export function encodeIndex({ findings, outline }: SiteIndex): string {
  const content = `${JSON.stringify(findings)}\n${outline}\n`;
  return `${RECORD_MARK} ${digestOf(content)}\n${content}`;
}

/** The index in a text that `encodeIndex` made; null for anything else. */
export function decodeIndex(text: string): SiteIndex | null {
  const headEnd = text.indexOf('\n');
  const content = text.slice(headEnd + 1);
  if (headEnd < 0 || text.slice(0, headEnd) !== `${RECORD_MARK} ${digestOf(content)}`) return null;
  const [findings = '', outline = ''] = content.split('\n');
  return { findings: JSON.parse(findings) as Finding[], outline: outline as SymbolOutline };
}
