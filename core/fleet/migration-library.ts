/** Finds migrations on disk: those of the fleet first, then those that ship with Plantwright. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../base/finding.js';
import { type MigrationReading, readMigration } from '../site/read-migration.js';

/** A migration file and what reading it gave. */
export interface LibraryEntry {
  readonly file: string;
  readonly reading: MigrationReading;
}

/** Folder of migrations inside a fleet folder, and inside the installation of Plantwright. */
export const PROMPTS_FOLDER = 'prompts';

/**
 * Every migration in the given folders, sorted by name. Where two folders have a migration of the same name, the earlier
 * folder wins: a fleet may replace a shipped migration by its own version. A folder that does not exist has none.
 */
export function loadMigrations(folders: readonly string[]): LibraryEntry[] {
  const byName = new Map<string, LibraryEntry>();
  for (const folder of folders) {
    for (const name of migrationFiles(folder)) {
      const file = join(folder, name);
      const reading = readMigration(file, readFileSync(file));
      const key = reading.migration?.name ?? file;
      if (!byName.has(key)) byName.set(key, { file, reading });
    }
  }
  return [...byName].sort(([a], [b]) => compareText(a, b)).map(([, entry]) => entry);
}

function migrationFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(md|ya?ml)$/i.test(name) && !/^readme\.md$/i.test(name))
      .sort(compareText);
  } catch {
    return [];
  }
}
