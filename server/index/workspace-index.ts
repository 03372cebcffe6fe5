import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { compareText, type Finding } from '../../core/base/finding.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { digestOfInputs } from '../../core/site/site-index.js';
import type { Unit } from '../workspace/unit.js';
import { findSites } from './find-sites.js';
import type { IndexedFolder } from './index-folder.js';
import type { SiteIndexer } from './site-indexer.js';

/** Tells the user how far indexing is, and lets them stop it. */
export interface IndexProgress {
  readonly signal: AbortSignal;
  report(done: number, total: number): void;
  done(): void;
}

export interface WorkspaceIndexOptions {
  readonly engine: string;
  readonly indexer: SiteIndexer;
  readonly startProgress: () => Promise<IndexProgress>;
  /** Called when the index of a site is there or new. */
  readonly onSite: (folder: string, findings: readonly Finding[]) => void;
  readonly log: (message: string) => void;
}

/** How long files of a site have to rest before it is indexed again, in milliseconds. */
const REST_MS = 300;

/** What is known of all sites of the workspace as they stand on disk, whether a file of them is open or not. */
export class WorkspaceIndex {
  readonly #options: WorkspaceIndexOptions;
  readonly #sites = new Map<string, IndexedFolder>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #stopping = new AbortController();
  #isIndexing: Promise<void> = Promise.resolve();

  constructor(options: WorkspaceIndexOptions) {
    this.#options = options;
  }

  /** Finds and indexes the sites at and below folders. Resolves when all are indexed, or the user has stopped it. */
  async start(roots: readonly string[]): Promise<void> {
    if (roots.length === 0) return;
    const progress = await this.#options.startProgress();
    try {
      const signal = AbortSignal.any([progress.signal, this.#stopping.signal]);
      await this.#index(await findSites(roots, signal), signal, progress);
    } catch (error) {
      if (!progress.signal.aborted && !this.#stopping.signal.aborted) throw error;
      this.#options.log('Indexing was stopped: sites without an open file show no diagnostics until they change.');
    } finally {
      progress.done();
    }
  }

  /** A file changed on disk: its site is indexed again when nothing of it has changed for a moment. */
  changed(path: string): void {
    const folder = basename(path) === MANIFEST_FILE ? dirname(path) : this.#siteAround(path);
    if (folder === null || this.#stopping.signal.aborted) return;
    clearTimeout(this.#timers.get(folder));
    this.#timers.set(
      folder,
      setTimeout(() => {
        this.#timers.delete(folder);
        this.#isIndexing = this.#isIndexing
          .then(() => this.#indexAgain(folder))
          .catch((error: unknown) => {
            if (!this.#stopping.signal.aborted) this.#options.log(`${folder} could not be indexed: ${String(error)}`);
          });
      }, REST_MS),
    );
  }

  /** Folder and index of every site, sorted by folder. */
  get sites(): readonly (readonly [folder: string, indexed: IndexedFolder])[] {
    return [...this.#sites].sort(([a], [b]) => compareText(a, b));
  }

  /** The findings of a unit whose files are those on disk, without checking it; null when it has to be checked. */
  findingsOf(unit: Unit): readonly Finding[] | null {
    const known = this.#sites.get(unit.root);
    if (known === undefined || !unit.isSite || unit.isChecked) return null;
    return digestOfInputs(unit.snapshot(), this.#options.engine) === known.digest ? known.index.findings : null;
  }

  findingsIn(folder: string): readonly Finding[] {
    return this.#sites.get(folder)?.index.findings ?? [];
  }

  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#options.indexer.stop();
  }

  /** The innermost site around a path. */
  #siteAround(path: string): string | null {
    const around = [...this.#sites.keys()].filter((site) => path === site || path.startsWith(`${site}/`));
    return around.sort((a, b) => b.length - a.length)[0] ?? null;
  }

  async #indexAgain(folder: string): Promise<void> {
    if ((await stat(`${folder}/${MANIFEST_FILE}`).catch(() => null)) !== null)
      return this.#index([folder], this.#stopping.signal, null);
    this.#sites.delete(folder);
    this.#options.onSite(folder, []);
  }

  async #index(folders: readonly string[], signal: AbortSignal, progress: IndexProgress | null): Promise<void> {
    let done = 0;
    await this.#options.indexer.index(folders, {
      signal,
      onSite: (folder, indexed) => {
        this.#sites.set(folder, indexed);
        this.#options.onSite(folder, indexed.index.findings);
        progress?.report(++done, folders.length);
      },
    });
  }
}
