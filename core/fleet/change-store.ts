/** Change requests on disk: `changes/CAR-…/`. */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../base/digest.js';
import { makeFolder, moveFolderDurably, writeDurably } from '../base/durable-file.js';
import type { Verdict } from '../verify/verdict.js';
import { verdictDigest } from '../verify/verdict-digest.js';
import { BOUND_FILES, type ChangePackage, type ChangeRecord, changeDigest, json } from './change-request.js';
import { foldersIn, isStoreName, readTextIfThere, storePaths } from './store.js';

export function changeFolder(fleetFolder: string, id: string): string {
  return join(storePaths(fleetFolder).changes, id);
}

/**
 * Writes a change request; it appears as a whole. When the same one is there already, from an attempt that was killed
 * right after, it is left as it is.
 */
export function storeChange(fleetFolder: string, change: ChangePackage): void {
  const folder = changeFolder(fleetFolder, change.record.id);
  const existing = readChangeRecord(fleetFolder, change.record.id);
  if (existing !== null && changeDigest(existing) === changeDigest(change.record)) return;
  const building = `${folder}.tmp`;
  rmSync(building, { recursive: true, force: true });
  for (const [name, text] of Object.entries(change.files)) writeDurably(join(building, name), text);
  writeDurably(join(building, 'change.json'), json(change.record));
  makeFolder(join(building, 'approvals'));
  rmSync(folder, { recursive: true, force: true });
  moveFolderDurably(building, folder);
}

/** Ids of all change requests of a fleet, sorted. */
export function listChanges(fleetFolder: string): string[] {
  return foldersIn(storePaths(fleetFolder).changes).filter(
    (name) => name.startsWith('CAR-') && existsSync(join(changeFolder(fleetFolder, name), 'change.json')),
  );
}

/** The record of a change request; null when there is none of that id or it is no JSON. */
export function readChangeRecord(fleetFolder: string, id: string): ChangeRecord | null {
  if (!isStoreName(id)) return null;
  const text = readTextIfThere(join(changeFolder(fleetFolder, id), 'change.json'));
  return text === null ? null : (parse(text) as ChangeRecord | null);
}

export function readChangeVerdict(fleetFolder: string, id: string): Verdict | null {
  const text = readTextIfThere(join(changeFolder(fleetFolder, id), 'verdict.json'));
  return text === null ? null : (parse(text) as Verdict | null);
}

/** Files of a change request that no longer are what `change.json` binds; none when all hold. */
export function alteredFiles(fleetFolder: string, record: ChangeRecord): string[] {
  const folder = changeFolder(fleetFolder, record.id);
  const altered: string[] = BOUND_FILES.filter((name) => {
    const text = readTextIfThere(join(folder, name));
    return text === null || digestOf(text) !== record.files[name];
  });
  const verdict = readChangeVerdict(fleetFolder, record.id);
  if (verdict === null || !holds(verdict, record)) altered.push('verdict.json');
  return altered;
}

function holds(verdict: Verdict, record: ChangeRecord): boolean {
  try {
    return verdictDigest(verdict) === record.verdict && verdict.digest === record.verdict;
  } catch {
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
