/** The folders and files below `.plantwright/` (files.md). */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../base/durable-file.js';
import { STORE_FOLDER } from './fleet.js';

export interface StorePaths {
  readonly root: string;
  readonly runs: string;
  readonly changes: string;
  readonly worktrees: string;
  /** Held while a run works on the fleet. */
  readonly runLock: string;
  /** Held for the moment in which a change request gets a signature or is published. */
  readonly changeLock: string;
}

export function storePaths(fleetFolder: string): StorePaths {
  const root = join(fleetFolder, STORE_FOLDER);
  return {
    root,
    runs: join(root, 'runs'),
    changes: join(root, 'changes'),
    worktrees: join(root, 'worktrees'),
    runLock: join(root, 'run.lock'),
    changeLock: join(root, 'change.lock'),
  };
}

export interface RunPaths {
  readonly folder: string;
  readonly summary: string;
  readonly events: string;
  /** A file whose being there asks the run to cancel. */
  readonly cancel: string;
}

export function runPaths(fleetFolder: string, run: string): RunPaths {
  const folder = join(storePaths(fleetFolder).runs, run);
  return {
    folder,
    summary: join(folder, 'run.json'),
    events: join(folder, 'events.jsonl'),
    cancel: join(folder, 'cancel'),
  };
}

export function attemptFolder(fleetFolder: string, run: string, folderName: string): string {
  return join(runPaths(fleetFolder, run).folder, 'attempts', folderName);
}

/**
 * Worktrees stand beside the runs, not in the temporary folder of the machine: they survive a restart, so that a
 * resumed run finds what the killed one left and removes it.
 */
export function worktreePath(fleetFolder: string, run: string, folderName: string): string {
  return join(storePaths(fleetFolder).worktrees, run, folderName);
}

/** A run id or change id as it may stand in a path. */
export function isStoreName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/.test(name) && !name.includes('..');
}

/** Names of the folders in a folder, sorted; none when it is not there. */
export function foldersIn(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isStoreName(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Makes the store; what must not be committed with the fleet is named in its `.gitignore`. */
export function prepareStore(fleetFolder: string): void {
  const ignore = join(storePaths(fleetFolder).root, '.gitignore');
  if (!existsSync(ignore)) writeDurably(ignore, 'worktrees/\n*.lock\naudit/lock\n*.tmp\n');
}

/** Text of a file, or null when it is not there. */
export function readTextIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
