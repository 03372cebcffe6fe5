/** `kill -9` at any point of a run, then resume: the same result as a run that nobody disturbed. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuditEntries } from './audit-log.js';
import { resumeRun, startRun } from './run.js';
import { listRuns } from './runs.js';
import { git, loadFleet, MAIN, makeFleetFolder, runRequest } from './testing/fixture-fleet.js';
import { verifyAudit } from './verify-audit.js';

const scratch = mkdtempSync(join(tmpdir(), 'plantwright-kill-'));
const program = join(scratch, 'killed-run.mjs');
const folders = [scratch];

const newFleet = (): string => {
  const folder = makeFleetFolder(['A', 'B'], { B: { main: MAIN.replace('alone decides', 'make-unsafe') } });
  folders.push(folder);
  return folder;
};

/** All that a run leaves behind which does not depend on when and how often it was stopped. */
function resultOf(folder: string): unknown {
  const changes = join(folder, '.plantwright/changes');
  const [run] = listRuns(folder);
  return {
    run: { ...run, attempts: run?.attempts },
    changes: readdirSync(changes).map((id) => ({
      id,
      files: readdirSync(join(changes, id)).map((name) => [
        name,
        name === 'approvals' ? '' : readFileSync(join(changes, id, name), 'utf8'),
      ]),
    })),
    refused: readFileSync(join(folder, '.plantwright/runs', run?.id ?? '', 'attempts/B/blocked.json'), 'utf8'),
    branches: ['A', 'B'].map((name) =>
      git(join(folder, 'sites', name), 'for-each-ref', '--format=%(refname) %(objectname)'),
    ),
    worktrees: ['A', 'B'].map((name) => git(join(folder, 'sites', name), 'worktree', 'list').split('\n').length),
    status: ['A', 'B'].map((name) => git(join(folder, 'sites', name), 'status', '--porcelain')),
  };
}

/** The states that an attempt came to at its end, in order of the events: each site ends once. */
function endsOf(folder: string): string[] {
  return readAuditEntries(folder)
    .filter(({ event }) => event === 'attempt.awaiting-approval' || event === 'attempt.blocked')
    .map(({ subject, event }) => `${subject.split('/')[1]} ${event}`);
}

let undisturbed: unknown;
/** How often an undisturbed run forces something to the disk. */
let writes = 0;

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'testing/killed-run.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    outfile: program,
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const folder = newFleet();
  await startRun(runRequest(folder, { concurrency: 1 }));
  undisturbed = resultOf(folder);
  writes = Number(runAndDie(newFleet(), 'never').stdout);
  expect(writes).toBeGreaterThan(40);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function runAndDie(
  folder: string,
  point: string,
  run?: string,
): { signal: NodeJS.Signals | null; stdout: string; stderr: string } {
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    [program, folder, point, ...(run === undefined ? [] : [run])],
    { encoding: 'utf8' },
  );
  return { signal, stdout, stderr };
}

async function checkResumed(folder: string): Promise<void> {
  const [run] = listRuns(folder);
  if (run === undefined) {
    // killed before the plan was on the disk: there is nothing to resume, and a new run is free to start
    await startRun(runRequest(folder, { concurrency: 1 }));
  } else {
    await resumeRun(run.id, runRequest(folder, { concurrency: 1 }));
  }
  expect(resultOf(folder)).toEqual(undisturbed);
  expect(endsOf(folder)).toEqual(['A attempt.awaiting-approval', 'B attempt.blocked']);
  expect(await verifyAudit(loadFleet(folder))).toMatchObject({ ok: true });
}

describe('a run that is killed', () => {
  it.each(['engine:A', 'engine:B', 'verify:A', 'verify:B'])(
    'at %s ends as an undisturbed one after resume',
    async (point) => {
      const folder = newFleet();
      expect(runAndDie(folder, point)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
      expect(listRuns(folder)[0]).toMatchObject({ state: 'interrupted' });
      await checkResumed(folder);
    },
  );

  it.each([0.03, 0.08, 0.15, 0.3, 0.45, 0.6, 0.8, 0.95, 1])(
    'before the write at %d of its way ends as an undisturbed one after resume',
    async (part) => {
      const folder = newFleet();
      expect(runAndDie(folder, `fsync:${Math.ceil(part * writes)}`)).toMatchObject({ signal: 'SIGKILL', stderr: '' });
      await checkResumed(folder);
    },
  );

  it('and killed again while it is resumed still ends as an undisturbed one', async () => {
    const folder = newFleet();
    runAndDie(folder, 'engine:A');
    const run = listRuns(folder)[0]?.id ?? '';
    expect(runAndDie(folder, 'verify:A', run).signal).toBe('SIGKILL');
    expect(runAndDie(folder, 'engine:B', run).signal).toBe('SIGKILL');
    await checkResumed(folder);
  });
});
