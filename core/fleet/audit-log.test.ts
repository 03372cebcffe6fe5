import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AuditDamagedError, AuditLog, auditPaths, verifyAuditChain } from './audit-log.js';
import { acquireLock, LockedError } from './lock.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function fleetFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plantwright-audit-'));
  folders.push(folder);
  return folder;
}

const clock = (): Date => new Date('2026-03-01T08:00:00Z');
const noCheck = (): null => null;

/** A log of five events with a checkpoint on the last. */
async function logOfFive(folder: string): Promise<string> {
  const audit = new AuditLog(folder, clock);
  for (let n = 1; n <= 5; n++) {
    await audit.append({ actor: { kind: 'person', id: 'ann' }, event: `event-${n}`, subject: 'run:1', payload: { n } });
  }
  await audit.checkpoint({ anchor: true });
  return auditPaths(folder).log;
}

function edit(file: string, change: (lines: string[]) => string[]): void {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  writeFileSync(
    file,
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

const swap = (lines: string[]): string[] => [lines[0] ?? '', lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)];

describe('the audit log', () => {
  it('verifies when nobody touched it, and when it is empty', async () => {
    const folder = fleetFolder();
    expect(await verifyAuditChain(folder, noCheck)).toEqual({ entries: 0, ok: true, firstBad: null });
    await logOfFive(folder);
    expect(await verifyAuditChain(folder, noCheck)).toEqual({ entries: 5, ok: true, firstBad: null });
  });

  it.each([
    [
      'one flipped byte',
      (log: string) => edit(log, (lines) => lines.map((line, i) => (i === 2 ? line.replace('"n":3', '"n":4') : line))),
      3,
      'does not match its hash',
    ],
    ['a dropped line', (log: string) => edit(log, (lines) => lines.filter((_, i) => i !== 1)), 2, 'was removed'],
    ['two lines in another order', (log: string) => edit(log, swap), 2, 'number 3 instead of 2'],
    [
      'a line twice',
      (log: string) => edit(log, (lines) => [...lines.slice(0, 2), ...lines.slice(1)]),
      3,
      'another order',
    ],
    ['a cut tail', (log: string) => edit(log, (lines) => lines.slice(0, 4)), 5, 'the end of the log was cut off'],
    ['a log that is gone', (log: string) => rmSync(log), 1, 'the end of the log was cut off'],
    [
      'a cut in the middle of the last line',
      (log: string) => writeFileSync(log, readFileSync(log, 'utf8').slice(0, -20)),
      5,
      'cut off',
    ],
    [
      'a line that is no JSON',
      (log: string) => edit(log, (lines) => lines.map((line, i) => (i === 3 ? 'x' : line))),
      4,
      'no JSON',
    ],
  ])('shows %s', async (_, tamper, seq, reason) => {
    const folder = fleetFolder();
    tamper(await logOfFive(folder));
    const report = await verifyAuditChain(folder, noCheck);
    expect(report).toMatchObject({ ok: false, firstBad: { seq, line: seq } });
    expect(report.firstBad?.reason).toContain(reason);
  });

  it('shows a log that was rewritten as a whole, with its checkpoints, by the tag in the fleet repository', async () => {
    const folder = fleetFolder();
    execFileSync('git', ['init', '-q', folder]);
    const log = await logOfFive(folder);
    rmSync(log);
    rmSync(auditPaths(folder).checkpoints);
    const forger = new AuditLog(folder, clock);
    for (let n = 1; n <= 5; n++)
      await forger.append({
        actor: { kind: 'person', id: 'ann' },
        event: 'harmless',
        subject: 'run:1',
        payload: { n },
      });
    expect((await verifyAuditChain(folder, noCheck)).firstBad).toMatchObject({
      seq: 5,
      reason: expect.stringContaining('the tag plantwright-audit/00000005'),
    });
  });

  it('names the entry whose signature is bad', async () => {
    const folder = fleetFolder();
    await logOfFive(folder);
    const report = await verifyAuditChain(folder, (entry) => (entry.seq === 2 ? 'bad signature' : null));
    expect(report).toEqual({ entries: 5, ok: false, firstBad: { seq: 2, line: 2, reason: 'bad signature' } });
  });

  it('moves a torn last line aside, says so, and goes on', async () => {
    const folder = fleetFolder();
    const log = await logOfFive(folder);
    appendFileSync(log, '{"seq":6,"ti');
    await new AuditLog(folder, clock).append({
      actor: { kind: 'system', id: 'x' },
      event: 'later',
      subject: 's',
      payload: {},
    });
    expect(await verifyAuditChain(folder, noCheck)).toMatchObject({ entries: 7, ok: true });
    expect(readFileSync(`${log}.torn-6`, 'utf8')).toBe('{"seq":6,"ti');
  });

  it('writes nothing more to a damaged log', async () => {
    const folder = fleetFolder();
    const log = await logOfFive(folder);
    edit(log, swap);
    const append = new AuditLog(folder, clock).append({
      actor: { kind: 'system', id: 'x' },
      event: 'later',
      subject: 's',
      payload: {},
    });
    await expect(append).rejects.toThrow(AuditDamagedError);
  });

  it('keeps the chain when two writers append at once', async () => {
    const folder = fleetFolder();
    const writers = [new AuditLog(folder, clock), new AuditLog(folder, clock)];
    const event = { actor: { kind: 'system', id: 'x' }, event: 'e', subject: 's', payload: {} } as const;
    await Promise.all(Array.from({ length: 20 }, (_, n) => writers[n % 2]?.append(event)));
    expect(await verifyAuditChain(folder, noCheck)).toMatchObject({ entries: 20, ok: true });
  });
});

describe('a lock', () => {
  it('is refused while its holder lives, with a message that says who holds it', () => {
    const file = join(fleetFolder(), 'lock');
    const lock = acquireLock(file, 'running migration x', clock());
    expect(() => acquireLock(file, 'again', clock())).toThrow(LockedError);
    expect(() => acquireLock(file, 'again', clock())).toThrow(
      `process ${process.pid}, running migration x, since 2026-03-01`,
    );
    lock.release();
    acquireLock(file, 'again', clock()).release();
  });

  it('of a process that died, or whose number was given to another, is taken over', () => {
    const file = join(fleetFolder(), 'lock');
    acquireLock(file, 'first', clock());
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...holder, started: '1' }));
    acquireLock(file, 'second', clock()).release();
    const dead = Number(execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }));
    writeFileSync(file, JSON.stringify({ ...holder, pid: dead }));
    acquireLock(file, 'third', clock()).release();
  });

  it('of another machine is never taken over', () => {
    const file = join(fleetFolder(), 'lock');
    acquireLock(file, 'first', clock());
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), host: 'elsewhere', pid: 1 }));
    expect(() => acquireLock(file, 'second', clock())).toThrow('If that machine is gone, remove');
  });
});
