import type { Digest } from '../../core/base/digest.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { digestOfInputs, indexSite, type SiteIndex } from '../../core/site/site-index.js';
import type { IndexCache } from './index-cache.js';

/** The index of the files that a folder holds on disk. */
export interface IndexedFolder {
  readonly digest: Digest;
  readonly index: SiteIndex;
  readonly isFromCache: boolean;
}

/**
 * Reads a site from disk and indexes it, or takes the index that is kept for exactly these files.
 *
 * @param engine names the exact program: an index of another one is not used
 */
export async function indexFolder(
  folder: string,
  engine: string,
  cache: IndexCache | null,
  signal?: AbortSignal,
): Promise<IndexedFolder> {
  const { snapshot } = await snapshotOfFolder(folder, signal);
  const digest = digestOfInputs(snapshot, engine);
  const known = cache?.read(digest) ?? null;
  if (known !== null) return { digest, index: known, isFromCache: true };
  const index = indexSite(snapshot);
  cache?.write(digest, index);
  return { digest, index, isFromCache: false };
}
