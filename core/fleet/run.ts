/** Runs: a migration over the sites of a fleet. Started, continued after a kill, done again where it failed. */

import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfJson } from '../base/digest.js';
import { writeDurably } from '../base/durable-file.js';
import { failsVerdict } from '../base/finding.js';
import { TOOL_VERSION } from '../base/version.js';
import type { Migration } from '../site/migration.js';
import { readMigration } from '../site/read-migration.js';
import { cancelFacts, type EngineFor, runAttempt, type VerifyChange } from './attempt.js';
import { AuditLog, type Clock } from './audit-log.js';
import { json } from './change-request.js';
import type { Fleet, FleetSite } from './fleet.js';
import { acquireLock } from './lock.js';
import { checkRepository } from './plan.js';
import { RunDamagedError, RunJournal } from './run-journal.js';
import {
  type AttemptSummary,
  isOpen,
  type PlannedSite,
  type RunEvent,
  type RunPlan,
  type RunSummary,
  replay,
} from './run-record.js';
import { moveAttemptAside, purposeOf, readRun } from './runs.js';
import { attemptFolder, prepareStore, readTextIfThere, runPaths, storePaths } from './store.js';

/** What a run needs besides its plan: given anew when it is continued. */
export interface RunSupport {
  readonly fleet: Fleet;
  readonly engineFor: EngineFor;
  readonly verifyChange: VerifyChange;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Called after each event is on the disk. */
  readonly onEvent?: (event: RunEvent, summary: RunSummary) => void;
  /** Progress inside an attempt: a fraction of the engine's or verifier's work, and what is being done. Not recorded. */
  readonly onProgress?: (site: string, fraction: number, message: string) => void;
}

export interface RunRequest extends RunSupport {
  readonly migration: Migration;
  readonly sites: readonly FleetSite[];
  readonly dryRun: boolean;
  /** Sites worked on at the same time. */
  readonly concurrency: number;
  /** Id of the person who starts the run: its author, who can't approve what comes out. */
  readonly startedBy: string;
  readonly budgetUsd: number | null;
  readonly budgetTokens: number | null;
}

/** A run can't be started or continued as asked. The message is for people. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** Starts a run and returns its summary when it ended. Only one run works on a fleet at a time. */
export async function startRun(request: RunRequest): Promise<RunSummary> {
  const { fleet, migration, clock } = request;
  if (request.sites.length === 0) throw new RunError('No site is selected.');
  if (!Number.isInteger(request.concurrency) || request.concurrency < 1)
    throw new RunError('The concurrency must be at least 1.');
  const startedAt = clock();
  const lock = acquireLock(storePaths(fleet.folder).runLock, `running migration ${migration.name}`, startedAt);
  try {
    prepareStore(fleet.folder);
    const plan = await planOf(request, startedAt);
    lock.describe(purposeOf(plan.id));
    const paths = runPaths(fleet.folder, plan.id);
    writeDurably(join(paths.folder, plan.migration.copy), migration.text);
    writeDurably(paths.summary, json(replay(plan, [])));
    const journal = await openJournal(request, plan);
    const { sites, ...rest } = plan;
    await journal.recordRun('run.started', {
      plan: digestOfJson(plan),
      migration: rest.migration,
      dryRun: plan.dryRun,
      sites: sites.map(({ name, base }) => ({ name, base })),
    });
    return await work(request, plan, migration, journal);
  } finally {
    lock.release();
  }
}

/**
 * Continues a run that was killed or interrupted. Sites that ended stay as they are; the others are taken up where they
 * were, from the commit that was fixed when the run started.
 */
export async function resumeRun(run: string, support: RunSupport): Promise<RunSummary> {
  return continueRun(
    run,
    support,
    'run.resumed',
    (attempt) => isOpen(attempt.state) || attempt.cause === 'interrupted',
  );
}

/**
 * Does the given sites of a run again (default: all that failed, were cancelled, refused or left to an engineer), from
 * the commit that their HEAD is at now.
 */
export async function retryRun(
  run: string,
  support: RunSupport,
  sites: readonly string[] | null = null,
): Promise<RunSummary> {
  const again = ['failed', 'cancelled', 'blocked', 'needs-engineer'];
  return continueRun(run, support, 'run.retried', (attempt) =>
    sites === null
      ? again.includes(attempt.state) || isOpen(attempt.state)
      : sites.includes(attempt.site) && (again.includes(attempt.state) || isOpen(attempt.state)),
  );
}

/**
 * Asks a run, of this process or another, to cancel. It stops at the next step; sites that ended stay as they are. A run
 * that nobody works on can't be asked: that is a `RunError`.
 */
export function requestCancel(fleetFolder: string, run: string, by: string): void {
  const summary = readRun(fleetFolder, run);
  if (summary === null) throw new RunError(`There is no run ${run}.`);
  if (summary.state === 'interrupted')
    throw new RunError(`Nobody works on run ${run}: it was interrupted and stays as it is until it is resumed.`);
  if (summary.state !== 'running') throw new RunError(`Run ${run} has ended already (${summary.state}).`);
  writeDurably(runPaths(fleetFolder, run).cancel, `${by}\n`);
}

async function continueRun(
  run: string,
  support: RunSupport,
  event: 'run.resumed' | 'run.retried',
  isMeant: (attempt: AttemptSummary) => boolean,
): Promise<RunSummary> {
  const { fleet, clock } = support;
  const lock = acquireLock(storePaths(fleet.folder).runLock, purposeOf(run), clock());
  try {
    const stored = readRun(fleet.folder, run);
    if (stored === null) throw new RunError(`There is no run ${run}.`);
    const plan = planIn(stored);
    const migration = storedMigration(fleet.folder, plan);
    rmSync(runPaths(fleet.folder, run).cancel, { force: true });
    const journal = await openJournal(support, plan);
    checkPlan(plan, journal);
    if (journal.events.length === 0) {
      await journal.recordRun('run.started', {
        plan: digestOfJson(plan),
        migration: plan.migration,
        dryRun: plan.dryRun,
        sites: plan.sites.map(({ name, base }) => ({ name, base })),
      });
    }
    const meant = journal.summary.attempts.filter(isMeant);
    if (meant.length === 0 && journal.summary.state !== 'running') return journal.summary;
    await journal.recordRun(event, { sites: meant.map(({ site }) => site) });
    for (const attempt of meant) await requeue(support, plan, journal, attempt, event);
    return await work(support, plan, migration, journal);
  } finally {
    lock.release();
  }
}

/** Puts an attempt that ended back in the queue. A retry is a new attempt from the site's present HEAD. */
async function requeue(
  support: RunSupport,
  plan: RunPlan,
  journal: RunJournal,
  attempt: AttemptSummary,
  event: 'run.resumed' | 'run.retried',
): Promise<void> {
  if (event === 'run.resumed') {
    if (!isOpen(attempt.state)) await journal.recordAttempt(attempt.site, 'queued');
    return;
  }
  const site = siteNamed(support.fleet, attempt.site);
  const { repository, problem } = await checkRepository(site);
  moveAttemptAside(attemptFolder(support.fleet.folder, plan.id, attempt.folderName), attempt.attempt);
  await journal.recordAttempt(attempt.site, 'queued', {
    attempt: attempt.attempt + 1,
    base: repository?.head ?? null,
    baseBranch: repository?.branch ?? null,
    reasons: problem === null ? [] : [problem],
  });
}

async function planOf(request: RunRequest, startedAt: Date): Promise<RunPlan> {
  const sites: PlannedSite[] = [];
  for (const site of request.sites) {
    const { repository, problem } = await checkRepository(site);
    sites.push({
      name: site.name,
      folderName: site.folderName,
      wave: site.wave,
      base: repository?.head ?? null,
      baseBranch: repository?.branch ?? null,
      problem,
    });
  }
  const { migration } = request;
  return {
    schema: 'plantwright/run@1',
    id: freeRunId(request.fleet.folder, startedAt),
    migration: {
      name: migration.name,
      version: migration.version,
      title: migration.title,
      digest: migration.digest,
      copy: /\.(md|markdown)$/i.test(migration.file) ? 'migration.md' : 'migration.yaml',
    },
    fleet: request.fleet.digest,
    startedBy: request.startedBy,
    startedAt: startedAt.toISOString(),
    dryRun: request.dryRun,
    concurrency: request.concurrency,
    budgetUsd: request.budgetUsd,
    budgetTokens: request.budgetTokens,
    sites,
    toolVersion: TOOL_VERSION,
  };
}

/** `20260301-080000`, with a number behind it when two runs start in one second. A folder without a plan is no run. */
function freeRunId(fleetFolder: string, startedAt: Date): string {
  const stamp = startedAt.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  let id = stamp;
  for (let number = 2; existsSync(runPaths(fleetFolder, id).summary); number++) id = `${stamp}-${number}`;
  return id;
}

async function openJournal(support: RunSupport, plan: RunPlan): Promise<RunJournal> {
  const { fleet, clock } = support;
  const onEvent = support.onEvent ?? (() => undefined);
  try {
    return await RunJournal.open({
      fleetFolder: fleet.folder,
      plan,
      audit: new AuditLog(fleet.folder, clock),
      clock,
      onEvent,
    });
  } catch (error) {
    if (error instanceof RunDamagedError) throw new RunError(error.message);
    throw error;
  }
}

/** Works on all open attempts and records the end of the run. */
async function work(
  support: RunSupport,
  plan: RunPlan,
  migration: Migration,
  journal: RunJournal,
): Promise<RunSummary> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort('interrupted');
  if (support.signal.aborted) interrupt();
  support.signal.addEventListener('abort', interrupt, { once: true });
  const { cancel } = runPaths(support.fleet.folder, plan.id);
  const watch = setInterval(() => {
    if (existsSync(cancel)) stop.abort('cancelled');
  }, 200);
  try {
    await workers(support, plan, migration, journal, stop);
  } finally {
    clearInterval(watch);
    support.signal.removeEventListener('abort', interrupt);
  }
  removeEmptyFolder(join(storePaths(support.fleet.folder).worktrees, plan.id));
  const reason: unknown = stop.signal.reason;
  const state = reason === 'cancelled' ? 'cancelled' : reason === 'interrupted' ? 'interrupted' : 'finished';
  await journal.recordRun('run.ended', {
    state,
    ...(state === 'cancelled' ? { cancelledBy: readTextIfThere(cancel)?.trim() ?? null } : {}),
    attempts: journal.summary.attempts.map(({ site, state: end, car }) => ({ site, state: end, car })),
  });
  return journal.summary;
}

/** Not empty only when another process put something there: that stays. */
function removeEmptyFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // it is not there, or not empty
  }
}

async function workers(
  support: RunSupport,
  plan: RunPlan,
  migration: Migration,
  journal: RunJournal,
  stop: AbortController,
): Promise<void> {
  const queue = journal.summary.attempts.filter(({ state }) => isOpen(state));
  const worker = async (): Promise<void> => {
    for (let attempt = queue.shift(); attempt !== undefined; attempt = queue.shift()) {
      if (!stop.signal.aborted && isOverBudget(plan, journal.summary)) stop.abort('budget');
      if (stop.signal.aborted) {
        await journal.recordAttempt(attempt.site, 'cancelled', cancelFacts(stop.signal));
        continue;
      }
      await runAttempt(
        {
          fleetFolder: support.fleet.folder,
          plan,
          migration,
          site: siteNamed(support.fleet, attempt.site),
          engineFor: support.engineFor,
          verifyChange: support.verifyChange,
          journal,
          signal: stop.signal,
          clock: support.clock,
          onProgress: support.onProgress ?? (() => undefined),
        },
        attempt,
      );
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(plan.concurrency, queue.length) }, worker));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function isOverBudget(plan: RunPlan, summary: RunSummary): boolean {
  const costs = summary.attempts.map(({ cost }) => cost);
  const usd = costs.reduce((sum, cost) => sum + (cost?.usd ?? 0), 0);
  const tokens = costs.reduce((sum, cost) => sum + (cost === null ? 0 : cost.inputTokens + cost.outputTokens), 0);
  return (
    (plan.budgetUsd !== null && usd >= plan.budgetUsd) || (plan.budgetTokens !== null && tokens >= plan.budgetTokens)
  );
}

function siteNamed(fleet: Fleet, name: string): FleetSite {
  const site = fleet.sites.find((each) => each.name === name);
  if (site === undefined)
    throw new RunError(`The site "${name}" of this run is no longer in fleet.yaml. Add it again or start a new run.`);
  return site;
}

function planIn(summary: RunSummary): RunPlan {
  const { state: _state, endedAt: _endedAt, attempts: _attempts, ...plan } = summary;
  return plan;
}

/** The plan in `run.json` must be the one that the first event is bound to. */
function checkPlan(plan: RunPlan, journal: RunJournal): void {
  const [first] = journal.events;
  if (first !== undefined && first.payload['plan'] !== digestOfJson(plan)) {
    throw new RunError(
      `run.json of run ${plan.id} was changed after the run was started. The run can't go on; start a new one.`,
    );
  }
}

/** The migration as it was when the run started, whatever happened to the prompt since. */
function storedMigration(fleetFolder: string, plan: RunPlan): Migration {
  const file = join(runPaths(fleetFolder, plan.id).folder, plan.migration.copy);
  const text = readTextIfThere(file);
  const { migration, findings } =
    text === null ? { migration: null, findings: [] } : readMigration(file, Buffer.from(text, 'utf8'));
  const [fault] = findings.filter(({ severity }) => failsVerdict(severity));
  if (migration === null)
    throw new RunError(
      `The copy of the migration in ${file} can't be read${fault === undefined ? '' : `: ${fault.message}`} Start a new run.`,
    );
  if (migration.digest !== plan.migration.digest)
    throw new RunError(`The copy of the migration in ${file} was changed after the run was started. Start a new run.`);
  return migration;
}
