/** What the fleet commands share: the fleet file, the migrations, and how their mistakes are said. */

import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failsVerdict } from '../core/base/finding.js';
import { FLEET_FILE, type Fleet, type FleetSite } from '../core/fleet/fleet.js';
import { type LibraryEntry, loadMigrations, PROMPTS_FOLDER } from '../core/fleet/migration-library.js';
import { type SiteSelection, selectSites } from '../core/fleet/plan.js';
import { readFleet } from '../core/fleet/read-fleet.js';
import type { Migration } from '../core/site/migration.js';
import type { Terminal } from './console.js';
import { findingsAsText } from './print-findings.js';
import { programFolder } from './program-folder.js';
import { UsageError } from './usage-error.js';

export const FLEET_OPTION = ['--fleet <file>', 'the fleet file', FLEET_FILE] as const;

/** Reads the fleet file or says what is wrong with it. Warnings go to the log. */
export async function requireFleet(file: string, terminal: Terminal): Promise<Fleet> {
  const { fleet, findings } = await readFleet(file);
  const failing = findings.filter((finding) => failsVerdict(finding.severity));
  if (fleet === null || failing.length > 0) {
    throw new UsageError(
      `the fleet file can't be used:\n${findingsAsText(failing.length > 0 ? failing : findings, terminal.colors)}`,
    );
  }
  if (findings.length > 0) terminal.log(findingsAsText(findings, terminal.colors));
  return fleet;
}

/** The folder of migrations that ships beside the bundle that is running. */
export function shippedPrompts(): string {
  return join(dirname(programFolder()), PROMPTS_FOLDER);
}

/** The migrations of a fleet folder (or of this folder) and those that ship. */
export function migrationsFor(fleetFolder: string): LibraryEntry[] {
  return loadMigrations([join(fleetFolder, PROMPTS_FOLDER), shippedPrompts()]);
}

/** A migration by name or by the path of its file; an unknown name lists those that exist. */
export function requireMigration(nameOrFile: string, fleetFolder: string, terminal: Terminal): Migration {
  const entries = existsSync(nameOrFile)
    ? loadMigrations([dirname(nameOrFile)]).filter((entry) => realpathSync(entry.file) === realpathSync(nameOrFile))
    : migrationsFor(fleetFolder);
  const wanted = existsSync(nameOrFile)
    ? entries[0]
    : entries.find((entry) => entry.reading.migration?.name === nameOrFile);
  if (wanted === undefined) {
    const names = entries.map((entry) => entry.reading.migration?.name ?? entry.file);
    throw new UsageError(`there is no migration "${nameOrFile}". Known: ${names.join(', ') || 'none'}.`);
  }
  const { migration, findings } = wanted.reading;
  if (migration === null) {
    throw new UsageError(`the migration ${wanted.file} can't be used:\n${findingsAsText(findings, terminal.colors)}`);
  }
  return migration;
}

/** The sites that the options select; an unknown site or wave, or an unreadable filter, is a usage error. */
export function requireSites(fleet: Fleet, selection: SiteSelection): readonly FleetSite[] {
  const selected = selectSites(fleet, selection);
  if (!selected.ok) throw new UsageError(selected.problem);
  return selected.sites;
}
