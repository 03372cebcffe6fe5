import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChangeView, viewChanges } from '../../core/fleet/changes.js';
import type { Fleet } from '../../core/fleet/fleet.js';
import { readFleet } from '../../core/fleet/read-fleet.js';
import { type AttemptSummary, isOpen, type RunSummary } from '../../core/fleet/run-record.js';
import { readRun } from '../../core/fleet/runs.js';
import { attemptFolder, foldersIn, storePaths } from '../../core/fleet/store.js';
import type { Verdict } from '../../core/verify/verdict.js';
import { attemptView, type LiveProgress } from './attempt-view.js';
import type { FleetState, RunView, SiteView } from './fleet-state.js';

/** What a process that this window started says about its work, by site. */
export type ProgressBySite = ReadonlyMap<string, LiveProgress>;

/** Reads all that the views show from disk. The newest run stands for the state of its sites. */
export async function readFleetState(fleetFile: string, progress: ProgressBySite): Promise<FleetState> {
  const { fleet, findings } = await readFleet(fleetFile);
  if (fleet === null) return { fleet, problems: findings, run: null, sites: [] };
  const newest = foldersIn(storePaths(fleet.folder).runs).at(-1);
  const run = newest === undefined ? null : readRun(fleet.folder, newest);
  const changes = newestChanges(fleet);
  const sites = fleet.sites.map((site): SiteView => {
    const attempt = run?.attempts.find((entry) => entry.site === site.name);
    const verdict = run === null || attempt === undefined ? null : readVerdict(fleet.folder, run.id, attempt);
    const live = progress.get(site.name) ?? null;
    return {
      site,
      attempt: attempt === undefined ? null : attemptView(attempt, verdict, live, run?.state === 'running'),
      change: changes.get(site.name) ?? null,
    };
  });
  return { fleet, problems: findings, run: run === null ? null : runView(run), sites };
}

function newestChanges(fleet: Fleet): ReadonlyMap<string, ChangeView> {
  const newest = new Map<string, ChangeView>();
  for (const view of viewChanges(fleet)) {
    const known = newest.get(view.record.site);
    if (known === undefined || known.record.created < view.record.created) newest.set(view.record.site, view);
  }
  return newest;
}

function runView(run: RunSummary): RunView {
  return {
    id: run.id,
    title: run.migration.title,
    state: run.state,
    isDryRun: run.dryRun,
    done: run.attempts.filter(({ state }) => !isOpen(state)).length,
    total: run.attempts.length,
  };
}

function readVerdict(folder: string, run: string, attempt: AttemptSummary): Verdict | null {
  if (attempt.verdict === null) return null;
  try {
    const file = join(attemptFolder(folder, run, attempt.folderName), 'verdict.json');
    const verdict: Verdict = JSON.parse(readFileSync(file, 'utf8'));
    return verdict;
  } catch {
    return null;
  }
}
