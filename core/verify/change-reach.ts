import { sourceChanges } from '../safety/compare/source-changes.js';
import { safetyConeTouched } from '../safety/compare/touched-roles.js';
import type { Change } from '../safety/rule.js';
import { changedFiles } from '../site/snapshot.js';
import { matchesAny, sitePaths } from '../site/source-paths.js';
import type { ChangeReach } from './review-level.js';

/** What people read and no machine runs. */
const isNote = matchesAny(['**/*.{md,txt,pdf,png,jpg,jpeg,svg,docx,xlsx}', 'docs/**', 'LICENSE', '.gitignore']);

/** How far a change reaches: decides who must review it. When in doubt, into the safety logic. */
export function changeReach(change: Change): ChangeReach {
  if (changedFiles(change.before.snapshot, change.after.snapshot).length === 0) return 'nothing';
  if (safetyConeTouched(change).touched || touchesUnread(change)) return 'safety-logic';
  return 'ordinary-logic';
}

/**
 * Files that are neither code nor checks nor notes: project files, settings of devices, libraries in a format that is
 * not read. What they do to a hazard can't be told. Tests and scenarios that are no longer what they were count as well:
 * they are what the safety functions are judged by.
 */
function touchesUnread(change: Change): boolean {
  const { before, after } = change;
  const all = new Set([...before.snapshot.keys(), ...after.snapshot.keys()]);
  const paths = [before.manifest, after.manifest].map((manifest) => sitePaths(manifest, all));
  const checks = new Set(paths.flatMap(({ tests, scenarios }) => [...tests, ...scenarios]));
  return sourceChanges(change).some((entry) => {
    if (checks.has(entry.path)) return entry.status !== 'added';
    return entry.before === null && entry.after === null && !isNote(entry.path);
  });
}
