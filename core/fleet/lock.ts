/** One writer at a time: a lock file with the identity of the process that holds it. A holder that died is recognised. */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder, WriteError, writeDurably } from '../base/durable-file.js';

interface Holder {
  readonly pid: number;
  /** Start of the process, in the form of the system: a reused pid has another one. Null where it can't be told. */
  readonly started: string | null;
  readonly host: string;
  /** What the holder does, for the message to others. */
  readonly purpose: string;
  readonly since: string;
  readonly token: string;
}

export interface Lock {
  /** Says anew what the holder does. */
  describe(purpose: string): void;
  release(): void;
}

/** Another process holds the lock. The message says which, and what to do. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** Takes a lock or throws a `LockedError`. The lock of a process that died is taken over. */
export function acquireLock(file: string, purpose: string, now: Date): Lock {
  makeFolder(dirname(file));
  const holder: Holder = {
    pid: process.pid,
    started: processStart(process.pid),
    host: hostname(),
    purpose,
    since: now.toISOString(),
    token: randomBytes(8).toString('hex'),
  };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (createExclusively(file, JSON.stringify(holder))) return lockOf(file, holder);
    const other = readHolder(file);
    if (other === 'gone') continue;
    if (other !== 'unreadable' && !isDead(other)) throw new LockedError(describe(file, other));
    removeStale(file, other);
  }
  throw new LockedError(`${file} is taken again and again by other processes. Try again later.`);
}

function lockOf(file: string, holder: Holder): Lock {
  return {
    describe: (purpose) => writeDurably(file, JSON.stringify({ ...holder, purpose })),
    release: () => release(file, holder.token),
  };
}

/** What the living holder of a lock does; null when nobody holds it. */
export function lockPurpose(file: string): string | null {
  const holder = readHolder(file);
  return typeof holder === 'object' && !isDead(holder) ? holder.purpose : null;
}

/** Takes a lock that is held for a moment only; waits for it up to `patience` milliseconds. */
export async function waitForLock(file: string, purpose: string, now: () => Date, patience = 15_000): Promise<Lock> {
  for (let waited = 0; ; waited += 25) {
    try {
      return acquireLock(file, purpose, now());
    } catch (error) {
      if (!(error instanceof LockedError) || waited >= patience) throw error;
    }
    await sleep(25);
  }
}

function createExclusively(file: string, content: string): boolean {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = openSync(temporary, 'wx', 0o644);
    try {
      writeSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // A link appears with its whole content, so no reader sees an empty lock; it fails when the lock exists.
    publish(temporary, file, content);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new WriteError(file, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function publish(temporary: string, file: string, content: string): void {
  try {
    linkSync(temporary, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(code)) throw error;
    // a file system without hard links: the next best thing
    const handle = openSync(file, 'wx', 0o644);
    try {
      writeSync(handle, content);
    } finally {
      closeSync(handle);
    }
  }
}

function release(file: string, token: string): void {
  const holder = readHolder(file);
  if (typeof holder === 'object' && holder.token === token) rmSync(file, { force: true });
}

function readHolder(file: string): Holder | 'gone' | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return 'gone';
  }
  try {
    const holder = JSON.parse(text) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.token === 'string' && typeof holder.host === 'string'
      ? (holder as Holder)
      : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** Only a process of this machine can be known to be dead. */
function isDead(holder: Holder): boolean {
  if (holder.host !== hostname()) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const started = processStart(holder.pid);
  return started !== null && holder.started !== null && started !== holder.started;
}

/** Moves a stale lock away. When another process was faster and its fresh lock was moved, that one is put back. */
function removeStale(file: string, expected: Holder | 'unreadable'): void {
  const aside = `${file}.stale-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  const isExpected =
    typeof expected === 'object' ? typeof moved === 'object' && moved.token === expected.token : moved === 'unreadable';
  if (!isExpected) {
    try {
      linkSync(aside, file);
    } catch {
      // a third process holds it by now; the loop of the caller finds out
    }
  }
  rmSync(aside, { force: true });
}

function describe(file: string, holder: Holder): string {
  const where = holder.host === hostname() ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host}`;
  const hint =
    holder.host === hostname()
      ? 'Wait until it ends, or end that process; the work of a process that died is continued with "plantwright runs resume".'
      : `If that machine is gone, remove ${file}.`;
  return `Another Plantwright (${where}, ${holder.purpose}, since ${holder.since}) works on this fleet. ${hint}`;
}

/** When a process started, as the system tells it; null when it can't be told. */
function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
    }
    if (process.platform === 'win32') return null;
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || null
    );
  } catch {
    return null;
  }
}
