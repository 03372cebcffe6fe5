/** Reads sites and loose files into checked projects. */

import { dialectForPath, LOOSE_FILE_DIALECT, readSource } from '../core/formats/read-source.js';
import { DIALECT_IDS, type DialectId } from '../core/language/dialects/dialect-id.js';
import type { Project } from '../core/language/semantics/model.js';
import { buildProject } from '../core/language/semantics/project.js';
import { snapshotOfFolder } from '../core/site/load-snapshot.js';
import { openSite } from '../core/site/open-site.js';
import type { Site } from '../core/site/site.js';
import { readInput } from './read-input.js';
import { UsageError } from './usage-error.js';

/** Task interval of loose files, in nanoseconds: 10 ms. */
const DEFAULT_CYCLE = 10_000_000n;

/** The dialect named by `--dialect`, or null; an unknown one is a usage error. */
export function parseDialect(name: string | undefined): DialectId | null {
  if (name === undefined) return null;
  const dialect = DIALECT_IDS.find((id) => id === name.toLowerCase());
  if (dialect === undefined) throw new UsageError(`--dialect ${name}: expected one of ${DIALECT_IDS.join(', ')}.`);
  return dialect;
}

/** One project of files outside of every site. The dialect: as asked, else by the file's format, else the permissive one. */
export function looseProject(paths: readonly string[], dialect: DialectId | null, entry: string | null): Project {
  const files = paths.map((path) =>
    readSource(path, readInput(path), dialect ?? dialectForPath(path) ?? LOOSE_FILE_DIALECT),
  );
  const own =
    dialect ?? files.map((file) => dialectForPath(file.path)).find((found) => found !== null) ?? LOOSE_FILE_DIALECT;
  return buildProject({ files, dialect: own, entry, cycle: DEFAULT_CYCLE });
}

/** Opens the site in a folder as it is on disk: tracked files and untracked ones that git does not ignore. */
export async function openSiteFolder(root: string, signal: AbortSignal): Promise<Site> {
  return openSite((await snapshotOfFolder(root, signal)).snapshot);
}
