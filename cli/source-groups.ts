/** From the paths on a command line to the sites and loose files they mean. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { compareText } from '../core/base/finding.js';
import { SOURCE_EXTENSIONS } from '../core/formats/read-source.js';
import { MANIFEST_FILE } from '../core/site/manifest.js';
import { UsageError } from './usage-error.js';

/** What the paths of a call mean: whole sites, and files outside of every site. */
export interface SourceGroups {
  readonly sites: readonly SiteGroup[];
  /** Loose files by the path as typed. */
  readonly files: readonly string[];
}

export interface SiteGroup {
  /** Absolute folder of the site. */
  readonly root: string;
  /** How to print a path of the site: relative path in the site -> path as the caller would type it. */
  readonly display: (sitePath: string) => string;
  /** True for the site's paths that the caller asked for. */
  readonly covers: (sitePath: string) => boolean;
}

/** The folder of the site that a path lies in: the nearest folder with a manifest at or above it, or null. */
export function siteRootOf(path: string): string | null {
  const absolute = resolve(path);
  let folder = existsSync(absolute) && statSync(absolute).isDirectory() ? absolute : dirname(absolute);
  while (true) {
    if (existsSync(join(folder, MANIFEST_FILE))) return folder;
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

/** The folder of the site that a command names; a path without a manifest is a usage error that says how to make one. */
export function requireSiteRoot(path: string): string {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist.`);
  const root = siteRootOf(path);
  if (root !== null) return root;
  throw new UsageError(
    `${path} is not inside a site: no ${MANIFEST_FILE} at or above it. Create one with at least "site: <name>" and "dialect: <iec|codesys|twincat|siemens|rockwell>".`,
  );
}

/** Sorts paths into sites and loose files. A folder without a manifest is searched for sites and source files. */
export function groupSources(paths: readonly string[]): SourceGroups {
  const wanted = new Map<string, { all: boolean; prefixes: string[]; given: string }>();
  const files = new Set<string>();
  const addToSite = (root: string, path: string): void => {
    const inside = toSlashes(relative(root, resolve(path)));
    const entry = wanted.get(root) ?? { all: false, prefixes: [], given: path };
    if (inside === '') entry.all = true;
    else entry.prefixes.push(inside);
    wanted.set(root, entry);
  };
  const visit = (path: string, isGiven: boolean): void => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new UsageError(`${path} does not exist.`);
    const root = isGiven
      ? siteRootOf(path)
      : stats.isDirectory() && existsSync(join(path, MANIFEST_FILE))
        ? resolve(path)
        : null;
    if (root !== null) {
      addToSite(root, path);
      return;
    }
    if (stats.isDirectory()) {
      for (const name of readdirSync(path).sort(compareText)) {
        if (name.startsWith('.') || name === 'node_modules') continue;
        const child = path === '.' ? name : join(path, name);
        const childStats = statSync(child, { throwIfNoEntry: false });
        if (childStats?.isDirectory() === true || (childStats?.isFile() === true && isSource(name)))
          visit(child, false);
      }
      return;
    }
    files.add(toSlashes(path));
  };
  for (const path of paths) visit(path, true);
  return { sites: [...wanted].map(([root, entry]) => siteGroup(root, entry)), files: [...files] };
}

function siteGroup(root: string, entry: { all: boolean; prefixes: readonly string[] }): SiteGroup {
  const fromHere = toSlashes(relative(process.cwd(), root));
  const prefix = fromHere === '' ? '' : `${fromHere}/`;
  return {
    root,
    display: (sitePath) => prefix + sitePath,
    covers: (sitePath) =>
      entry.all || entry.prefixes.some((wanted) => sitePath === wanted || sitePath.startsWith(`${wanted}/`)),
  };
}

function isSource(name: string): boolean {
  const lower = name.toLowerCase();
  return SOURCE_EXTENSIONS.some((extension) => lower.endsWith(extension.toLowerCase()));
}

function toSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
