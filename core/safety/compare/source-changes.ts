/** The files of a change as code: what was added, deleted, really changed, or only written differently. */

import type { SourceFile } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { changedFiles } from '../../site/snapshot.js';
import type { Change } from '../rule.js';
import { areTokenEqual } from './tokens.js';

export interface SourceChange {
  readonly path: string;
  readonly status: 'added' | 'deleted' | 'modified';
  /** Null when the file is no code of that version's project. */
  readonly before: SourceFile | null;
  readonly after: SourceFile | null;
  /** True when both are code and differ in comments, spaces and case only. */
  readonly isTokenEqual: boolean;
}

const CHANGES = new WeakMap<Change, readonly SourceChange[]>();

/** The changed files of a change, sorted by path. Memo by identity: several rules ask. */
export function sourceChanges(change: Change): readonly SourceChange[] {
  const known = CHANGES.get(change);
  if (known !== undefined) return known;
  const before = filesByPath(change.before);
  const after = filesByPath(change.after);
  const changes = changedFiles(change.before.snapshot, change.after.snapshot).map(({ path, status }): SourceChange => {
    const old = before.get(path) ?? null;
    const now = after.get(path) ?? null;
    return {
      path,
      status,
      before: old,
      after: now,
      isTokenEqual: old !== null && now !== null && areTokenEqual(old, now),
    };
  });
  CHANGES.set(change, changes);
  return changes;
}

function filesByPath(site: Site): ReadonlyMap<string, SourceFile> {
  return new Map(site.project.files.map((file) => [file.path, file]));
}

/** True when nothing that runs differs: every changed file is code that is token-equal. */
export function isTokenEqualChange(change: Change): boolean {
  return sourceChanges(change).every((entry) => entry.isTokenEqual);
}
