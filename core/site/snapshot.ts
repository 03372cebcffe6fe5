import { compareText } from '../base/finding.js';

/**
 * The content of a site's repository at one moment: what verifiers read instead of a disk. Keys are paths relative to
 * the site's root with forward slashes; values are raw bytes.
 */
export type SiteSnapshot = ReadonlyMap<string, Uint8Array>;

/** A file that differs between two snapshots. */
export interface ChangedFile {
  readonly path: string;
  readonly status: 'added' | 'deleted' | 'modified';
}

/** The files that differ, sorted by path. A rename is a deletion and an addition. */
export function changedFiles(before: SiteSnapshot, after: SiteSnapshot): ChangedFile[] {
  const changes: ChangedFile[] = [];
  for (const [path, bytes] of before) {
    const other = after.get(path);
    if (other === undefined) changes.push({ path, status: 'deleted' });
    else if (Buffer.compare(bytes, other) !== 0) changes.push({ path, status: 'modified' });
  }
  for (const path of after.keys()) if (!before.has(path)) changes.push({ path, status: 'added' });
  return changes.sort((a, b) => compareText(a.path, b.path));
}
