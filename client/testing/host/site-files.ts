/** Sites as the process of the simulator knows them: read anew for each order, checked anew only when a file changed. */

import { type Finding, failsVerdict } from '../../../core/base/finding.js';
import { snapshotOfFolder, snapshotOfRevision } from '../../../core/site/load-snapshot.js';
import { openSite } from '../../../core/site/open-site.js';
import type { Site } from '../../../core/site/site.js';
import { changedFiles, type SiteSnapshot } from '../../../core/site/snapshot.js';
import { type SitePaths, sitePaths } from '../../../core/site/source-paths.js';

export interface OpenedSite {
  readonly site: Site;
  readonly paths: SitePaths;
  /** Errors of the manifest and the code: with one, nothing can be run. */
  readonly errors: readonly Finding[];
}

/** A few sites are worked on at a time; more would only fill the memory. */
const KEPT = 6;

export class SiteFiles {
  readonly #sites = new Map<string, OpenedSite>();

  /** `revision` null: the files as they are on disk. */
  async open(root: string, revision: string | null): Promise<OpenedSite> {
    const snapshot = await readSnapshot(root, revision);
    const key = `${root}\n${revision ?? ''}`;
    const known = this.#sites.get(key);
    this.#sites.delete(key);
    const isSame = known !== undefined && changedFiles(known.site.snapshot, snapshot).length === 0;
    const opened = isSame ? known : openedSite(snapshot);
    this.#sites.set(key, opened);
    for (const oldest of [...this.#sites.keys()].slice(0, Math.max(0, this.#sites.size - KEPT)))
      this.#sites.delete(oldest);
    return opened;
  }
}

export async function readSnapshot(root: string, revision: string | null): Promise<SiteSnapshot> {
  return (revision === null ? await snapshotOfFolder(root) : await snapshotOfRevision(root, revision)).snapshot;
}

function openedSite(snapshot: SiteSnapshot): OpenedSite {
  const site = openSite(snapshot);
  return {
    site,
    paths: sitePaths(site.manifest, snapshot.keys()),
    errors: [...site.manifestFindings, ...site.project.findings].filter(({ severity }) => failsVerdict(severity)),
  };
}

/** The first error in words, with its place. */
export function errorText({ file, line, message }: Finding): string {
  return `${file}:${line}: ${message}`;
}
