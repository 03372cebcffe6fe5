/**
 * The process that works on a run for the extension. It takes one order, reports over the channel while somebody
 * listens, and goes on without: a window that is reloaded must not stop a run.
 */

import { dirname } from 'node:path';
import { secretsFromEnvironment } from '../../core/agent/endpoint.js';
import { engineFor } from '../../core/fleet/engine-choice.js';
import type { Fleet } from '../../core/fleet/fleet.js';
import { loadMigrations } from '../../core/fleet/migration-library.js';
import { selectSites } from '../../core/fleet/plan.js';
import { readFleet } from '../../core/fleet/read-fleet.js';
import { type RunSupport, resumeRun, startRun } from '../../core/fleet/run.js';
import type { RunSummary } from '../../core/fleet/run-record.js';
import type { Migration } from '../../core/site/migration.js';
import type { RunMessage, RunOrder } from './run-protocol.js';
import { pooledVerification } from './run-wiring.js';

const interruption = new AbortController();
process.once('SIGTERM', () => interruption.abort('interrupted'));
process.once('SIGINT', () => interruption.abort('interrupted'));

process.once('message', (order: RunOrder) => {
  carryOut(order)
    .then(({ id, state }) => say({ kind: 'ended', run: id, state }))
    .catch((error: unknown) => {
      // What is for people is an error with a message; the stack is for the log of this process.
      console.error(error);
      say({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) });
    })
    .finally(() => {
      if (process.connected) process.disconnect();
    });
});

function say(message: RunMessage): void {
  // A window that closes between the question and the call is no reason to stop.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function carryOut(order: RunOrder): Promise<RunSummary> {
  const fleet = await fleetOf(order.fleetFile);
  const support: RunSupport = {
    fleet,
    engineFor: engineFor(fleet, order.engine, secretsFromEnvironment(process.env)),
    verifyChange: pooledVerification(),
    signal: interruption.signal,
    clock: () => new Date(),
    onEvent: () => say({ kind: 'event' }),
    onProgress: (site, _fraction, message) => say({ kind: 'progress', site, message }),
  };
  if (order.kind === 'resume') return resumeRun(order.run, support);
  const selection = selectSites(fleet, { names: order.sites });
  if (!selection.ok) throw new Error(selection.problem);
  return startRun({
    ...support,
    migration: migrationIn(order.migrationFile),
    sites: selection.sites,
    dryRun: order.dryRun,
    concurrency: order.concurrency,
    startedBy: order.startedBy,
    budgetUsd: fleet.settings.budget?.usd ?? null,
    budgetTokens: fleet.settings.budget?.tokens ?? null,
  });
}

async function fleetOf(file: string): Promise<Fleet> {
  const { fleet, findings } = await readFleet(file);
  if (fleet === null) throw new Error(findings[0]?.message ?? `${file} can't be used.`);
  return fleet;
}

function migrationIn(file: string): Migration {
  const entry = loadMigrations([dirname(file)]).find((candidate) => candidate.file === file);
  const migration = entry?.reading.migration ?? null;
  if (migration === null) throw new Error(entry?.reading.findings[0]?.message ?? `${file} is no migration.`);
  return migration;
}
