import { type Digest, digestOf, digestOfJson } from '../base/digest.js';
import { compareText } from '../base/finding.js';
import { changedFiles, type SiteSnapshot } from '../site/snapshot.js';

/**
 * Digest of the exact difference of two snapshots: every changed path with the digests of its bytes before and after.
 * Independent of how a diff is printed, so a verdict binds the bytes and not the tool that shows them.
 */
export function diffDigest(before: SiteSnapshot, after: SiteSnapshot): Digest {
  return digestOfJson(
    changedFiles(before, after).map(({ path }) => ({
      path,
      before: digestOrNull(before.get(path)),
      after: digestOrNull(after.get(path)),
    })),
  );
}

/** Digest of all files of a snapshot: names a working tree that has no commit. */
export function treeDigest(snapshot: SiteSnapshot): Digest {
  const entries = [...snapshot].sort(([a], [b]) => compareText(a, b));
  return digestOfJson(entries.map(([path, bytes]) => ({ path, content: digestOf(bytes) })));
}

function digestOrNull(bytes: Uint8Array | undefined): Digest | null {
  return bytes === undefined ? null : digestOf(bytes);
}
