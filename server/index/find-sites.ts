import { readdir } from 'node:fs/promises';
import { compareText } from '../../core/base/finding.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';

/** Folders that hold no site of the workspace: worktrees of runs, dependencies, the store of git. */
const IGNORED_FOLDERS: ReadonlySet<string> = new Set(['.git', '.plantwright', 'node_modules']);

/** The folders with a manifest at or below the given ones, sorted. Links are not followed; what can't be read is left out. */
export async function findSites(roots: readonly string[], signal: AbortSignal): Promise<string[]> {
  const found = new Set<string>();
  const waiting = [...roots];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal.throwIfAborted();
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.isFile() && entry.name === MANIFEST_FILE) found.add(folder);
      else if (entry.isDirectory() && !IGNORED_FOLDERS.has(entry.name)) waiting.push(`${folder}/${entry.name}`);
    }
  }
  return [...found].sort(compareText);
}
