/** What a run would do: which sites a migration applies to, why not to the others, and what is wrong with a repository. */

import { type Finding, failsVerdict } from '../base/finding.js';
import { didYouMean } from '../base/yaml-validation.js';
import { snapshotOfRevision } from '../site/load-snapshot.js';
import { MANIFEST_FILE } from '../site/manifest.js';
import type { Migration } from '../site/migration.js';
import { readManifest } from '../site/read-manifest.js';
import { appliesTo } from './applies-to.js';
import type { Fleet, FleetSite } from './fleet.js';
import { dirtyFiles, isRepositoryProblem, openRepository, type Repository } from './repository.js';
import { matchesFilter, parseSiteFilter } from './site-filter.js';

export interface SitePreview {
  readonly site: FleetSite;
  /** `applies`; `skipped`: the migration is not meant for it; `problem`: a person must mend something first. */
  readonly state: 'applies' | 'skipped' | 'problem';
  readonly reasons: readonly string[];
  readonly findings: readonly Finding[];
  readonly base: string | null;
  readonly baseBranch: string | null;
}

/** Looks at every site without changing anything. */
export async function previewSites(
  migration: Migration,
  sites: readonly FleetSite[],
  signal?: AbortSignal,
): Promise<SitePreview[]> {
  const previews: SitePreview[] = [];
  for (const site of sites) {
    signal?.throwIfAborted();
    previews.push(await previewSite(migration, site));
  }
  return previews;
}

async function previewSite(migration: Migration, site: FleetSite): Promise<SitePreview> {
  const checked = await checkRepository(site);
  const { repository } = checked;
  if (repository === null)
    return { site, state: 'problem', reasons: [checked.problem], findings: [], base: null, baseBranch: null };
  const place = { base: repository.head, baseBranch: repository.branch };
  const { snapshot } = await snapshotOfRevision(repository.root, repository.head);
  const { manifest, findings } = readManifest(snapshot);
  const faults = findings.filter(({ severity }) => failsVerdict(severity));
  if (manifest === null || faults.length > 0) {
    const reasons = faults.map(({ line, column, message }) => `${MANIFEST_FILE}:${line}:${column}: ${message}`);
    return { site, state: 'problem', reasons, findings: faults, ...place };
  }
  const { applies, reasons } = appliesTo(migration, site, manifest);
  return { site, state: applies ? 'applies' : 'skipped', reasons, findings: [], ...place };
}

/** The repository of a site when a run may start from it, else what is wrong: also uncommitted work is. */
export async function checkRepository(
  site: FleetSite,
): Promise<
  { readonly repository: Repository; readonly problem: null } | { readonly repository: null; readonly problem: string }
> {
  try {
    const repository = await openRepository(site.root);
    const dirty = await dirtyFiles(repository);
    if (dirty.length === 0) return { repository, problem: null };
    const shown = dirty.slice(0, 10).join(', ');
    const more = dirty.length > 10 ? ` and ${dirty.length - 10} more` : '';
    const problem = `The site has uncommitted work: ${shown}${more}. Commit, stash or remove it, so that what is changed and judged is what the machine gets.`;
    return { repository: null, problem };
  } catch (error) {
    if (isRepositoryProblem(error)) return { repository: null, problem: error.message };
    throw error;
  }
}

export interface SiteSelection {
  /** Text of `--where`. */
  readonly where?: string;
  readonly names?: readonly string[];
  readonly wave?: string;
}

export type SelectionResult =
  | { readonly ok: true; readonly sites: readonly FleetSite[] }
  | { readonly ok: false; readonly problem: string };

/** The sites of a fleet that a filter, names and a wave leave. An unknown name or wave is a problem, not an empty list. */
export function selectSites(fleet: Fleet, selection: SiteSelection): SelectionResult {
  let { sites } = fleet;
  if (selection.names !== undefined) {
    const chosen: FleetSite[] = [];
    for (const name of selection.names) {
      const site = fleet.sites.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (site === undefined)
        return {
          ok: false,
          problem: unknown(
            'site',
            name,
            fleet.sites.map((each) => each.name),
          ),
        };
      if (!chosen.includes(site)) chosen.push(site);
    }
    sites = chosen;
  }
  if (selection.wave !== undefined) {
    const waves = (fleet.settings.waves ?? []).map((wave) => wave.name);
    if (!waves.includes(selection.wave)) return { ok: false, problem: unknown('wave', selection.wave, waves) };
    sites = sites.filter((site) => site.wave === selection.wave);
  }
  if (selection.where !== undefined) {
    const reading = parseSiteFilter(selection.where);
    if (!reading.ok) return { ok: false, problem: reading.problem };
    sites = sites.filter((site) => matchesFilter(reading.filter, site));
  }
  return { ok: true, sites };
}

function unknown(what: string, name: string, allowed: readonly string[]): string {
  const guess = didYouMean(name, allowed);
  const hint = guess === null ? '' : ` Did you mean "${guess}"?`;
  return `The fleet has no ${what} "${name}".${hint} It has: ${allowed.length === 0 ? 'none' : allowed.join(', ')}.`;
}
