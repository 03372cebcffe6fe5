import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { dialectForPath } from '../../core/formats/read-source.js';
import { DIALECT_IDS, type DialectId } from '../../core/language/dialects/dialect-id.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { pathOfUri, uriOfPath } from './document-path.js';
import { Unit } from './unit.js';

/** A document that the editor has open. */
export interface OpenDocument {
  readonly uri: string;
  readonly text: string;
}

/** A file inside its unit. */
export interface UnitFile {
  readonly unit: Unit;
  /** Relative to the root of the unit: the path by which findings name it. */
  readonly path: string;
}

/**
 * All units with an open document, by folder. Opening one reads its files from disk; afterwards it follows the
 * notifications of the editor. Requests for a unit wait until it is open.
 */
export class Workspace {
  readonly #units = new Map<string, Promise<Unit>>();
  readonly #siteFolders = new Map<string, Promise<string | null>>();
  readonly #openUris = new Map<string, string>();
  readonly #log: (message: string) => void;
  #defaultDialect: DialectId = 'codesys';
  #changes: Promise<unknown> = Promise.resolve();

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  setDefaultDialect(dialect: string): void {
    this.#defaultDialect = DIALECT_IDS.find((id) => id === dialect) ?? this.#defaultDialect;
  }

  /** Takes the text of a document that was opened or changed. Null: it has no path on disk. */
  async setDocument(document: OpenDocument): Promise<UnitFile | null> {
    const path = pathOfUri(document.uri);
    if (path === null) return null;
    this.#openUris.set(path, document.uri);
    return this.#inOrder(async () => {
      const unit = await this.#unitFor(path);
      const file = { unit, path: unit.relative(path) };
      unit.setDocument(file.path, document.text);
      return file;
    });
  }

  async closeDocument(uri: string): Promise<UnitFile | null> {
    const path = pathOfUri(uri);
    if (path === null) return null;
    this.#openUris.delete(path);
    return this.#inOrder(async () => {
      const unit = await this.#unitFor(path);
      const file = { unit, path: unit.relative(path) };
      unit.closeDocument(file.path);
      if (!unit.hasOpenDocuments) this.#units.delete(unit.key);
      return file;
    });
  }

  /** The unit and path of a document, with every change that came before this call. */
  async find(uri: string): Promise<UnitFile | null> {
    const path = pathOfUri(uri);
    if (path === null) return null;
    return this.#inOrder(async () => {
      const unit = await this.#unitFor(path);
      return { unit, path: unit.relative(path) };
    });
  }

  /** Takes a change on disk. Gives the units that it concerns. */
  async changedOnDisk(uri: string): Promise<readonly Unit[]> {
    const path = pathOfUri(uri);
    return path === null ? [] : this.#inOrder(() => this.#takeFromDisk(path));
  }

  async #takeFromDisk(path: string): Promise<readonly Unit[]> {
    if (basename(path) === MANIFEST_FILE) return this.#manifestChanged(path);
    const changed: Unit[] = [];
    for (const opening of this.#units.values()) {
      const unit = await opening;
      const relative = unit.relative(path);
      const belongs = unit.isSite
        ? path.startsWith(`${unit.root}/`)
        : unit.kind.kind === 'loose' && relative === unit.kind.path;
      if (!belongs) continue;
      unit.setDisk(relative, await readFile(path).catch(() => null));
      changed.push(unit);
    }
    return changed;
  }

  /** The URI by which the editor knows a file of a unit. */
  uriOf(unit: Unit, relativePath: string): string {
    return this.uriOfAbsolute(unit.absolute(relativePath));
  }

  /** The URI by which the editor knows a path. */
  uriOfAbsolute(path: string): string {
    return this.#openUris.get(path) ?? uriOfPath(path);
  }

  /** True when a file of the site in a folder is open. */
  hasSite(folder: string): boolean {
    return this.#units.has(folder);
  }

  async openUnits(): Promise<readonly Unit[]> {
    return Promise.all(this.#units.values());
  }

  /** Changes and questions in the order in which the editor sent them: an answer never misses a change before it. */
  async #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(work);
    this.#changes = result.catch(() => undefined);
    return result;
  }

  /** A manifest that appears or goes changes to which unit a file belongs: everything below is opened anew. */
  async #manifestChanged(path: string): Promise<readonly Unit[]> {
    this.#siteFolders.clear();
    const folder = dirname(path);
    const known = this.#units.get(folder);
    const bytes = await readFile(path).catch(() => null);
    if (known !== undefined && bytes !== null) {
      const unit = await known;
      unit.setDisk(MANIFEST_FILE, bytes);
      return [unit];
    }
    for (const [key, opening] of [...this.#units]) {
      const unit = await opening;
      if (unit.root === folder || unit.root.startsWith(`${folder}/`)) this.#units.delete(key);
    }
    return [];
  }

  async #unitFor(path: string): Promise<Unit> {
    const folder = basename(path) === MANIFEST_FILE ? dirname(path) : await this.#siteFolderOf(dirname(path));
    const key = folder ?? path;
    const known = this.#units.get(key);
    if (known !== undefined) return known;
    const opening = folder === null ? this.#openLoose(path) : this.#openSite(folder);
    this.#units.set(key, opening);
    return opening;
  }

  async #openSite(folder: string): Promise<Unit> {
    try {
      const { snapshot } = await snapshotOfFolder(folder);
      return new Unit(folder, { kind: 'site' }, snapshot);
    } catch (error) {
      this.#log(`The site in ${folder} could not be read from disk: ${error instanceof Error ? error.message : error}`);
      return new Unit(folder, { kind: 'site' }, new Map());
    }
  }

  async #openLoose(path: string): Promise<Unit> {
    const bytes = await readFile(path).catch(() => null);
    const name = basename(path);
    const disk = new Map<string, Uint8Array>(bytes === null ? [] : [[name, bytes]]);
    return new Unit(
      dirname(path),
      { kind: 'loose', path: name, dialect: dialectForPath(name) ?? this.#defaultDialect },
      disk,
    );
  }

  /** The nearest folder at or above with a manifest. */
  async #siteFolderOf(folder: string): Promise<string | null> {
    const known = this.#siteFolders.get(folder);
    if (known !== undefined) return known;
    const search = (async (): Promise<string | null> => {
      if (await isFile(`${folder}/${MANIFEST_FILE}`)) return folder;
      const parent = dirname(folder);
      return parent === folder ? null : this.#siteFolderOf(parent);
    })();
    this.#siteFolders.set(folder, search);
    return search;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
