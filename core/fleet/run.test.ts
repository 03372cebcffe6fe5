import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { auditPaths, readAuditEntries } from './audit-log.js';
import { readChangeRecord } from './change-store.js';
import { previewSites, selectSites } from './plan.js';
import { requestCancel, resumeRun, retryRun, startRun } from './run.js';
import { listRuns, readRun } from './runs.js';
import {
  git,
  loadFleet,
  MAIN,
  makeFleetFolder,
  migration,
  runRequest,
  TEST_ENGINE,
  writeFiles,
} from './testing/fixture-fleet.js';
import { verifyAudit } from './verify-audit.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function fleetOf(...args: Parameters<typeof makeFleetFolder>): string {
  const folder = makeFleetFolder(...args);
  folders.push(folder);
  return folder;
}

const site = (folder: string, name: string): string => join(folder, 'sites', name);

describe('a run', () => {
  it('ends in a change request per site, on a branch of its own, without touching the checkout', async () => {
    const folder = fleetOf(['A', 'B']);
    const summary = await startRun(runRequest(folder));
    expect(summary.attempts.map(({ state }) => state)).toEqual(['awaiting-approval', 'awaiting-approval']);
    expect(summary.state).toBe('finished');
    const [attempt] = summary.attempts;
    const root = site(folder, 'A');
    expect(git(root, 'status', '--porcelain')).toBe('');
    expect(git(root, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
    expect(git(root, 'show', `plantwright/add-estop/${summary.id}:src/Main.st`)).toContain('Guard_Closed AND EStop_OK');
    expect(git(root, 'log', '-1', '--format=%an', attempt?.branch ?? '')).toBe('Plantwright');
    expect(git(root, 'worktree', 'list').split('\n')).toHaveLength(1);
    const record = readChangeRecord(folder, attempt?.car ?? '');
    expect(record).toMatchObject({
      site: 'A',
      base: attempt?.base,
      head: attempt?.head,
      author: 'eng-1',
      review: 'safety-engineer',
    });
    expect(record?.id).toMatch(/^CAR-A-20260301-[0-9a-f]{8}$/);
    const change = join(folder, '.plantwright/changes', record?.id ?? '');
    expect(readFileSync(join(change, 'diff.patch'), 'utf8')).toContain('+  Motor := Guard_Closed AND EStop_OK;');
    expect(readFileSync(join(change, 'checklist.md'), 'utf8')).toContain('## What a person must confirm');
    expect(await verifyAudit(loadFleet(folder))).toMatchObject({ ok: true });
    expect(readAuditEntries(folder).map(({ event }) => event)).toContain('attempt.awaiting-approval');
  });

  it('gives a patch that git applies', async () => {
    const folder = fleetOf(['A'], { A: { main: MAIN.replace(/\n/g, '\r\n') } });
    const summary = await startRun(runRequest(folder));
    const patch = join(folder, '.plantwright/changes', summary.attempts[0]?.car ?? '', 'diff.patch');
    git(site(folder, 'A'), 'apply', patch);
    expect(readFileSync(join(site(folder, 'A'), 'src/Main.st'), 'utf8')).toBe(
      MAIN.replace('Motor := Guard_Closed;', 'Motor := Guard_Closed AND EStop_OK;').replace(/\n/g, '\r\n'),
    );
  });

  it('says for every site why there is no change request', async () => {
    const folder = fleetOf(['done', 'ask', 'unsafe', 'broken', 'other', 'fails', 'crashes', 'badmanifest', 'tag'], {
      done: { main: MAIN.replace('Guard_Closed;', 'Guard_Closed AND EStop_OK;') },
      ask: { main: MAIN.replace('alone decides', 'needs-engineer') },
      unsafe: { main: MAIN.replace('alone decides', 'make-unsafe') },
      broken: { files: { 'src/Broken.st': 'PROGRAM P\n  IF x THEN\nEND_PROGRAM\n' } },
      other: { manifest: 'site: other\ndialect: iec\nplc_type: Rockwell\n' },
      fails: { main: MAIN.replace('alone decides', 'engine-fails') },
      crashes: { main: MAIN.replace('alone decides', 'engine-crashes') },
      badmanifest: { manifest: 'site: x\ndialect: iec\nzone: 1\n' },
      tag: {
        manifest:
          'site: tag\ndialect: iec\nplc_type: Siemens S7-1500\nfirmware_version: "2.9.3"\nsafety:\n  signals: [{ tag: Main.Gaurd_Closed, role: guard }]\n',
      },
    });
    const summary = await startRun(runRequest(folder));
    const told = Object.fromEntries(
      summary.attempts.map(({ site: name, state, reasons }) => [name, `${state}: ${reasons.join(' | ')}`]),
    );
    expect(told['done']).toBe('not-needed: The motor already has the emergency stop.');
    expect(told['ask']).toContain('needs-engineer: plantwright.yaml:1: There is no second channel.');
    expect(told['unsafe']).toContain(
      'blocked: The safety verifier refused the change. | src/Main.st:8:3: IL01 Main.Motor runs',
    );
    expect(told['broken']).toMatch(
      /^needs-engineer: The site has syntax errors before any change.*src\/Broken\.st:\d+:\d+/s,
    );
    expect(told['other']).toContain('skipped: plc_type is Siemens S7-1500 in fleet.yaml but Rockwell');
    expect(told['fails']).toBe('failed: The endpoint does not answer.');
    expect(told['crashes']).toContain('failed: Internal error (index out of range). This is a bug in Plantwright');
    expect(told['badmanifest']).toContain(
      'The manifest of the site can\'t be used. plantwright.yaml:3:1: Unknown key "zone"',
    );
    expect(told['tag']).toMatch(/^failed: plantwright\.yaml:6:\d+: .*Main\.Gaurd_Closed/);
    expect(existsSync(join(folder, '.plantwright/changes'))).toBe(false);
    for (const name of Object.keys(told)) expect(git(site(folder, name), 'branch', '--list', 'plantwright/*')).toBe('');
    const evidence = join(folder, '.plantwright/runs', summary.id, 'attempts/unsafe');
    expect(readFileSync(join(evidence, 'report.html'), 'utf8')).toContain('runs with the guard &lt;open&gt;');
    expect(existsSync(join(evidence, 'blocked.json'))).toBe(true);
  });

  it('leaves nothing in a site in a dry run, and keeps the evidence', async () => {
    const folder = fleetOf(['A']);
    const summary = await startRun(runRequest(folder, { dryRun: true }));
    expect(summary.attempts[0]).toMatchObject({ state: 'verified', car: null, branch: null });
    expect(git(site(folder, 'A'), 'branch', '--list')).toBe('* main');
    expect(existsSync(join(folder, '.plantwright/changes'))).toBe(false);
    expect(readFileSync(join(folder, '.plantwright/runs', summary.id, 'attempts/A/diff.patch'), 'utf8')).toContain(
      'EStop_OK',
    );
  });

  it('does nothing at a site that can not be used, and says what to do', async () => {
    const folder = fleetOf(['dirty', 'gone', 'plain', 'inside', 'empty', 'good']);
    writeFileSync(join(site(folder, 'dirty'), 'src/Main.st'), 'half an edit');
    writeFileSync(join(site(folder, 'dirty'), 'notes.txt'), '');
    rmSync(site(folder, 'gone'), { recursive: true });
    rmSync(join(site(folder, 'plain'), '.git'), { recursive: true });
    rmSync(site(folder, 'empty'), { recursive: true });
    mkdirSync(site(folder, 'empty'));
    git(site(folder, 'empty'), 'init', '-q');
    rmSync(join(site(folder, 'inside'), '.git'), { recursive: true });
    const summary = await startRun(runRequest(folder));
    const told = Object.fromEntries(
      summary.attempts.map(({ site: name, state, cause, reasons }) => [
        name,
        `${state} ${cause}: ${reasons.join(' ')}`,
      ]),
    );
    expect(told['dirty']).toContain(
      'failed bad-input: The site has uncommitted work: notes.txt, src/Main.st. Commit, stash or remove it',
    );
    expect(told['gone']).toMatch(/failed bad-input: The folder .*sites\/gone does not exist/);
    expect(told['plain']).toMatch(/failed bad-input: .*sites\/plain is no git repository\. Run "git init"/);
    expect(told['empty']).toContain('has no commit yet');
    expect(told['good']).toContain('awaiting-approval');
    expect(readFileSync(join(site(folder, 'dirty'), 'src/Main.st'), 'utf8')).toBe('half an edit');
    git(folder, 'init', '-q');
    const preview = await previewSites(
      migration(),
      loadFleet(folder).sites.filter(({ name }) => name === 'inside'),
    );
    expect(preview[0]?.reasons[0]).toContain('is no git repository of its own: it belongs to the repository');
  });

  it('refuses a second run on the same fleet, with a message that says who works on it', async () => {
    const folder = fleetOf(['A']);
    let second = '';
    await startRun(
      runRequest(folder, {
        engineFor: async () => {
          second = await startRun(runRequest(folder)).then(
            () => 'started',
            (error: Error) => error.message,
          );
          return { engine: TEST_ENGINE };
        },
      }),
    );
    expect(second).toMatch(/^Another Plantwright \(process \d+, working on run 20260301-080000, since/);
    expect(listRuns(folder)).toHaveLength(1);
  });

  it('is cancelled from elsewhere, and retried', async () => {
    const folder = fleetOf(['A', 'B']);
    const waiting = {
      ...TEST_ENGINE,
      run: (input: Parameters<typeof TEST_ENGINE.run>[0]) =>
        new Promise<never>((_, reject) => input.signal.addEventListener('abort', () => reject(input.signal.reason))),
    };
    const run = startRun(
      runRequest(folder, {
        concurrency: 1,
        engineFor: () => ({ engine: waiting }),
        onEvent: ({ state }, { id }) => state === 'running' && requestCancel(folder, id, 'eng-1'),
      }),
    );
    const summary = await run;
    expect(summary.state).toBe('cancelled');
    expect(summary.attempts.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
      'cancelled cancelled',
      'cancelled cancelled',
    ]);
    expect(git(site(folder, 'A'), 'worktree', 'list').split('\n')).toHaveLength(1);
    expect((await resumeRun(summary.id, runRequest(folder))).state).toBe('cancelled');
    expect(() => requestCancel(folder, summary.id, 'eng-1')).toThrow('has ended already (cancelled)');
    expect(readAuditEntries(folder).find(({ event }) => event === 'run.ended')?.payload).toMatchObject({
      cancelledBy: 'eng-1',
    });
    const again = await retryRun(summary.id, runRequest(folder));
    expect(again.attempts.map(({ state, attempt }) => `${state} ${attempt}`)).toEqual([
      'awaiting-approval 2',
      'awaiting-approval 2',
    ]);
    expect(await verifyAudit(loadFleet(folder))).toMatchObject({ ok: true });
  });

  it('is interrupted by its signal and resumed', async () => {
    const folder = fleetOf(['A', 'B']);
    const stop = new AbortController();
    const summary = await startRun(
      runRequest(folder, {
        concurrency: 1,
        signal: stop.signal,
        onEvent: ({ state }) => state === 'awaiting-approval' && stop.abort(),
      }),
    );
    expect(summary).toMatchObject({
      state: 'interrupted',
      attempts: [{ state: 'awaiting-approval' }, { state: 'cancelled', cause: 'interrupted' }],
    });
    const resumed = await resumeRun(summary.id, runRequest(folder));
    expect(resumed).toMatchObject({
      state: 'finished',
      attempts: [
        { state: 'awaiting-approval', attempt: 1 },
        { state: 'awaiting-approval', attempt: 1 },
      ],
    });
  });

  it('stops when the budget is used up', async () => {
    const folder = fleetOf(['A', 'B']);
    const expensive = {
      ...TEST_ENGINE,
      run: async (input: Parameters<typeof TEST_ENGINE.run>[0]) => ({
        ...(await TEST_ENGINE.run(input)),
        cost: { inputTokens: 1, outputTokens: 1, turns: 1, usd: 3 },
      }),
    };
    const summary = await startRun(
      runRequest(folder, { concurrency: 1, budgetUsd: 2, engineFor: () => ({ engine: expensive }) }),
    );
    expect(summary.attempts.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
      'awaiting-approval null',
      'cancelled budget',
    ]);
  });

  it('does not go on when its plan or its events were changed', async () => {
    const folder = fleetOf(['A']);
    const { id } = await startRun(runRequest(folder));
    const events = join(folder, '.plantwright/runs', id, 'events.jsonl');
    const good = readFileSync(events, 'utf8');
    writeFileSync(events, good.replace('"dryRun":false', '"dryRun":true'));
    await expect(resumeRun(id, runRequest(folder))).rejects.toThrow('damaged at line 1');
    writeFileSync(events, good);
    const plan = join(folder, '.plantwright/runs', id, 'run.json');
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('"startedBy": "eng-1"', '"startedBy": "nobody"'));
    await expect(resumeRun(id, runRequest(folder))).rejects.toThrow('run.json of run');
    await expect(resumeRun('20200101-000000', runRequest(folder))).rejects.toThrow('There is no run');
    await expect(resumeRun('../../etc', runRequest(folder))).rejects.toThrow('There is no run');
  });

  it.skipIf(process.getuid?.() === 0)('says that the disk can not be written, and leaves the sites alone', async () => {
    const folder = fleetOf(['A']);
    chmodSync(folder, 0o555);
    await expect(startRun(runRequest(folder))).rejects.toThrow("can't be written");
    chmodSync(folder, 0o755);
    expect(git(site(folder, 'A'), 'branch', '--list')).toBe('* main');
  });

  it('says that a part of the store is no folder', async () => {
    const folder = fleetOf(['A']);
    writeFileSync(join(folder, '.plantwright'), 'a file');
    await expect(startRun(runRequest(folder))).rejects.toThrow(
      /\.plantwright can't be written: .*Nothing was half-written/,
    );
  });

  it('runs nothing that the configuration of a site names', async () => {
    const folder = fleetOf(['A'], { A: { files: { '.gitattributes': '*.st filter=evil diff=evil merge=evil\n' } } });
    const root = site(folder, 'A');
    const marker = join(folder, 'ran');
    const evil = `touch ${marker}; cat`;
    for (const hook of [
      'post-checkout',
      'pre-commit',
      'reference-transaction',
      'post-index-change',
      'post-merge',
      'commit-msg',
    ]) {
      writeFiles(join(root, '.git/hooks'), { [hook]: `#!/bin/sh\n${evil}\n` });
      chmodSync(join(root, '.git/hooks', hook), 0o755);
    }
    const settings = [
      'core.fsmonitor',
      'filter.evil.smudge',
      'filter.evil.clean',
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'core.pager',
      'core.editor',
      'core.sshCommand',
      'gpg.program',
      'merge.evil.driver',
    ];
    for (const key of settings) git(root, 'config', key, evil);
    git(root, 'config', 'commit.gpgSign', 'true');
    git(root, 'config', 'filter.evil.required', 'true');
    rmSync(marker, { force: true });
    const summary = await startRun(runRequest(folder));
    expect(summary.attempts[0]?.state).toBe('awaiting-approval');
    expect(existsSync(marker)).toBe(false);
  });

  it('refuses links that an engine makes', async () => {
    const folder = fleetOf(['A']);
    const linking = {
      ...TEST_ENGINE,
      run: async (input: Parameters<typeof TEST_ENGINE.run>[0]) => {
        const { symlinkSync } = await import('node:fs');
        symlinkSync('/etc/passwd', join(input.worktree, 'src/x.st'));
        return TEST_ENGINE.run(input);
      },
    };
    const summary = await startRun(runRequest(folder, { engineFor: () => ({ engine: linking }) }));
    expect(summary.attempts[0]).toMatchObject({
      state: 'failed',
      reasons: [expect.stringContaining('src/x.st, but it is a symbolic link')],
    });
  });

  it('mends an audit log that a kill left behind the run', async () => {
    const folder = fleetOf(['A']);
    const { id } = await startRun(runRequest(folder, { dryRun: true }));
    const { log, checkpoints } = auditPaths(folder);
    const lines = readFileSync(log, 'utf8').split('\n');
    writeFileSync(log, `${lines.slice(0, -3).join('\n')}\n`);
    rmSync(checkpoints);
    await resumeRun(id, runRequest(folder));
    expect(readAuditEntries(folder)).toHaveLength(lines.length - 1);
    expect(await verifyAudit(loadFleet(folder))).toMatchObject({ ok: true });
  });

  it('is shown as interrupted when nobody works on it any more', async () => {
    const folder = fleetOf(['A']);
    const { id } = await startRun(runRequest(folder));
    const events = join(folder, '.plantwright/runs', id, 'events.jsonl');
    writeFileSync(events, `${readFileSync(events, 'utf8').split('\n').slice(0, 3).join('\n')}\n`);
    appendFileSync(events, '{"seq":4,"to');
    expect(readRun(folder, id)).toMatchObject({ state: 'interrupted', attempts: [{ state: 'running' }] });
  });
});

describe('the choice of sites', () => {
  it('names what does not exist', () => {
    const folder = fleetOf(
      ['Alpha', 'Beta'],
      {},
      'waves: [{ name: pilot, where: { names: [Beta] } }, { name: rest, where: all }]\n',
    );
    const fleet = loadFleet(folder);
    const chosen = (selection: Parameters<typeof selectSites>[1]): unknown => {
      const result = selectSites(fleet, selection);
      return result.ok ? result.sites.map(({ name }) => name) : result.problem;
    };
    expect(chosen({})).toEqual(['Alpha', 'Beta']);
    expect(chosen({ names: ['beta'] })).toEqual(['Beta']);
    expect(chosen({ wave: 'pilot' })).toEqual(['Beta']);
    expect(chosen({ where: 'name~alp' })).toEqual(['Alpha']);
    expect(chosen({ names: ['Betta'] })).toBe(
      'The fleet has no site "Betta". Did you mean "Beta"? It has: Alpha, Beta.',
    );
    expect(chosen({ wave: 'pilots' })).toContain('Did you mean "pilot"?');
    expect(chosen({ where: 'nam=x' })).toContain('Did you mean "name"?');
  });
});
