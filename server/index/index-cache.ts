import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../core/base/digest.js';
import { decodeIndex, encodeIndex, type SiteIndex } from '../../core/site/site-index.js';

/** What the indices of all sites may take on disk: those that were not used for the longest time go first. */
const LIMIT_BYTES = 256 * 1024 * 1024;

const ENDING = '.index';

/**
 * Indices of sites in a folder outside of every repository, one file each, named by the digest of all that the index
 * follows from. A file is either the right one or none: there is nothing to invalidate. Whatever is wrong with the folder
 * or a file counts as not kept; nothing here fails.
 */
export class IndexCache {
  readonly #folder: string;
  readonly #limitBytes: number;

  constructor(folder: string, limitBytes: number = LIMIT_BYTES) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
  }

  read(digest: Digest): SiteIndex | null {
    const path = this.#pathOf(digest);
    try {
      const index = decodeIndex(readFileSync(path, 'utf8'));
      if (index === null) {
        removeQuietly(path);
        return null;
      }
      const now = new Date();
      utimesSync(path, now, now);
      return index;
    } catch {
      return null;
    }
  }

  /** Readers see the whole file or none: it is written beside and renamed. */
  write(digest: Digest, index: SiteIndex): void {
    const temporary = join(this.#folder, `${randomUUID()}.tmp`);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(temporary, encodeIndex(index), { mode: 0o600 });
      renameSync(temporary, this.#pathOf(digest));
    } catch {
      removeQuietly(temporary);
    }
  }

  /** Removes the files that were not used for the longest time until the rest fits, and what a killed writer left. */
  async prune(): Promise<void> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const stats = await stat(path).catch(() => null);
        return { path, size: stats?.size ?? 0, used: stats?.mtimeMs ?? 0, isIndex: name.endsWith(ENDING) };
      }),
    );
    let kept = 0;
    for (const { path, size, used, isIndex } of files.sort((a, b) => b.used - a.used)) {
      const isLeftOver = !isIndex && path.endsWith('.tmp') && Date.now() - used > 3_600_000;
      if (isIndex) kept += size;
      if (isLeftOver || (isIndex && kept > this.#limitBytes)) await rm(path, { force: true }).catch(() => undefined);
    }
  }

  #pathOf(digest: Digest): string {
    return join(this.#folder, `${digest.slice('sha256:'.length)}${ENDING}`);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder that can't be written keeps nothing; that is not worth a word.
  }
}

/** Where programs of this machine keep what they can make again. */
export function defaultCacheFolder(): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (process.platform === 'win32' && local !== undefined) return join(local, 'plantwright', 'cache', 'index');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'plantwright', 'index');
  return join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg, 'plantwright', 'index');
}
