/** The runs of a fleet as they stand on disk: for lists, for the tree of the editor, for `resume`. */

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../base/durable-file.js';
import { readChain } from './hash-chain.js';
import { lockPurpose } from './lock.js';
import { type AttemptSummary, type RunEventBody, type RunSummary, replay } from './run-record.js';
import { foldersIn, isStoreName, readTextIfThere, runPaths, storePaths } from './store.js';

/**
 * A run; null when there is none of that id. The state comes from its events, not from `run.json`, which may lag behind
 * by one event after a kill. A run that nobody works on any more although it has not ended is "interrupted".
 */
export function readRun(fleetFolder: string, run: string): RunSummary | null {
  if (!isStoreName(run)) return null;
  const paths = runPaths(fleetFolder, run);
  const text = readTextIfThere(paths.summary);
  if (text === null) return null;
  const stored = parse(text);
  if (stored === null) return null;
  const { state: _state, endedAt: _endedAt, attempts: _attempts, ...plan } = stored;
  const summary = replay(plan, readChain<RunEventBody>(paths.events).entries);
  if (summary.state !== 'running' || lockPurpose(storePaths(fleetFolder).runLock) === purposeOf(run)) return summary;
  return { ...summary, state: 'interrupted' };
}

/** What the run lock says while a run is worked on. */
export function purposeOf(run: string): string {
  return `working on run ${run}`;
}

/** All runs, the newest first. */
export function listRuns(fleetFolder: string): RunSummary[] {
  return foldersIn(storePaths(fleetFolder).runs)
    .reverse()
    .flatMap((run) => readRun(fleetFolder, run) ?? []);
}

/** For each site the latest attempt of any run that was no dry run, by name of the site. */
export function readAttempts(fleetFolder: string): ReadonlyMap<string, AttemptSummary & { readonly run: string }> {
  const latest = new Map<string, AttemptSummary & { readonly run: string }>();
  for (const run of listRuns(fleetFolder)) {
    if (run.dryRun) continue;
    for (const attempt of run.attempts)
      if (!latest.has(attempt.site)) latest.set(attempt.site, { ...attempt, run: run.id });
  }
  return latest;
}

/** Keeps the evidence of an attempt that is done again, as `earlier-<n>` inside the attempt's folder. */
export function moveAttemptAside(folder: string, attempt: number): void {
  if (!existsSync(folder)) return;
  const aside = `${folder}.earlier-${attempt}`;
  if (existsSync(aside)) return;
  renameSync(folder, aside);
  makeFolder(folder);
  renameSync(aside, join(folder, `earlier-${attempt}`));
}

function parse(text: string): RunSummary | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'sites' in value && 'id' in value
      ? (value as RunSummary)
      : null;
  } catch {
    return null;
  }
}
