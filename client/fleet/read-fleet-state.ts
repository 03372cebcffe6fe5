import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFleet } from '../../core/fleet/read-fleet.js';
import type { AttemptSummary, RunSummary } from '../../core/fleet/run-record.js';
import { isOpen } from '../../core/fleet/run-record.js';
import { readRun } from '../../core/fleet/runs.js';
import { attemptFolder, foldersIn, storePaths } from '../../core/fleet/store.js';
import type { Verdict } from '../../core/verify/verdict.js';
import { attemptView, type LiveProgress } from './attempt-view.js';
import { newestChanges } from './change-views.js';
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
    const isLive = run?.state === 'running';
    const verdict = run === null || attempt === undefined ? null : readVerdict(fleet.folder, run.id, attempt);
    return {
      site,
      attempt: attempt === undefined ? null : attemptView(attempt, verdict, progress.get(site.name) ?? null, isLive),
      change: changes.get(site.name) ?? null,
    };
  });
  return { fleet, problems: findings, run: run === null ? null : runView(run), sites };
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
    const verdict: Verdict = JSON.parse(
      readFileSync(join(attemptFolder(folder, run, attempt.folderName), 'verdict.json'), 'utf8'),
    );
    return verdict;
  } catch {
    return null;
  }
}
