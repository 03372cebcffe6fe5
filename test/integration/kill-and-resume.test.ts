import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { setUpFleet } from '../../scripts/set-up-fleet.ts';
import { jsonOf, plantwright, startPlantwright } from '../support/command-line.js';

/** `kill -9` in the middle of a real run, then `runs resume`: the result is that of an undisturbed run. */

const SITES = ['plant-03-conveyor', 'plant-04-packaging', 'plant-08-assembly', 'plant-09-labeller'];

interface RunDocument {
  readonly id: string;
  readonly state: string;
  readonly attempts: readonly { readonly site: string; readonly folderName: string; readonly state: string }[];
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFleet(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plantwright-kill-'));
  folders.push(folder);
  setUpFleet(folder, SITES);
  return join(folder, 'fleet');
}

const MIGRATE = [
  'migrate',
  'safety-interlock-update',
  '--sites',
  SITES.join(','),
  '--as',
  'engineer-1',
  '--quiet',
  '--json',
];

/**
 * What must be the same: everything but ids and times. The commit of a change carries the start of its run, so the
 * verdicts are compared by what they judged and found.
 */
function outcome(fleet: string, run: RunDocument): unknown {
  return run.attempts.map(({ site, state, folderName }) => {
    const file = join(fleet, '.plantwright', 'runs', run.id, 'attempts', folderName, 'verdict.json');
    if (!existsSync(file)) return { site, state };
    const verdict = JSON.parse(readFileSync(file, 'utf8')) as VerdictDocument;
    const stages = verdict.stages.map(({ ms: _ms, ...stage }) => stage);
    return { site, state, diff: verdict.diff, status: verdict.status, review: verdict.review, stages };
  });
}

interface VerdictDocument {
  readonly diff: string;
  readonly status: string;
  readonly review: string;
  readonly stages: readonly { readonly ms: number }[];
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('kill -9 in the middle of a run', () => {
  test('resume ends in the same result, does no site twice, and the log holds', async () => {
    const quiet = newFleet();
    const undisturbed = jsonOf<RunDocument>(await plantwright(quiet, MIGRATE));
    expect(undisturbed.state).toBe('finished');

    const fleet = newFleet();
    const child = startPlantwright(fleet, MIGRATE);
    const died = new Promise((resolve) => child.once('close', resolve));
    const runs = join(fleet, '.plantwright', 'runs');
    const events = (): string => {
      const run = existsSync(runs) ? readdirSync(runs)[0] : undefined;
      const file = run === undefined ? '' : join(runs, run, 'events.jsonl');
      return file !== '' && existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    await until(() => events().includes('"verifying"') || child.exitCode !== null);
    child.kill('SIGKILL');
    await died;

    const [listed] = jsonOf<{ runs: RunDocument[] }>(await plantwright(fleet, ['runs', 'list', '--json'])).runs;
    expect(listed?.state).toBe('interrupted');
    const resumed = jsonOf<RunDocument>(
      await plantwright(fleet, ['runs', 'resume', listed?.id ?? '', '--quiet', '--json']),
    );
    expect(resumed.state).toBe('finished');
    expect(outcome(fleet, resumed)).toEqual(outcome(quiet, undisturbed));

    const ended = events()
      .split('\n')
      .filter((line) => line.includes('"awaiting-approval"'));
    expect(new Set(ended.map((line) => (JSON.parse(line) as { site: string }).site)).size).toBe(ended.length);
    expect(readdirSync(join(fleet, '.plantwright', 'worktrees'))).toEqual([]);
    expect((await plantwright(fleet, ['audit', 'verify'])).code).toBe(0);
  });
});
