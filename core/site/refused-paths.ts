/** Which paths that can't be read refuse a change: one rule for the command line and for a run (decision 0007). */

import { posix } from 'node:path';
import { isSourcePath } from '../formats/read-source.js';
import type { SkippedPath } from './load-snapshot.js';

/**
 * What of the version after can't stand. A symbolic link that was there before, leads to the same place inside of the
 * site and is no code is left alone: what it leads to is read under its own name. Every other link, and everything that
 * is no regular file, is refused: what it stands for could not be verified.
 */
export function refusedPaths(before: readonly SkippedPath[], after: readonly SkippedPath[]): SkippedPath[] {
  const targets = new Map(before.map(({ path, target }) => [path, target]));
  return after.flatMap((entry): SkippedPath[] => {
    const { path, target, reason } = entry;
    if (target === null) return [entry];
    if (leavesSite(path, target)) return [{ ...entry, reason: 'it is a symbolic link that leads out of the site' }];
    if (isSourcePath(path)) return [{ ...entry, reason: `${reason}, and code is read from regular files only` }];
    if (!targets.has(path)) return [{ ...entry, reason: 'it is a new symbolic link' }];
    return targets.get(path) === target ? [] : [{ ...entry, reason: 'it is a symbolic link that leads elsewhere now' }];
  });
}

function leavesSite(path: string, target: string): boolean {
  const plain = target.replace(/\\/g, '/');
  if (plain.startsWith('/') || /^[A-Za-z]:/.test(plain)) return true;
  const place = posix.normalize(posix.join(posix.dirname(path), plain));
  return place === '..' || place.startsWith('../') || place === '.git' || place.startsWith('.git/');
}
