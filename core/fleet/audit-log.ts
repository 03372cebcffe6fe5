/** The audit log of a fleet: every event, hash-chained, with checkpoints that make a cut tail visible. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../base/digest.js';
import { digestOf } from '../base/digest.js';
import { appendDurably } from '../base/durable-file.js';
import { anchorCheckpoint, readAnchors } from './audit-anchor.js';
import { STORE_FOLDER } from './fleet.js';
import { appendEntry, type ChainEntry, type ChainHead, mendTornLine, readChain } from './hash-chain.js';
import { waitForLock } from './lock.js';

export interface Actor {
  readonly kind: 'person' | 'agent' | 'recipe' | 'system';
  readonly id: string;
}

export interface AuditEvent {
  readonly actor: Actor;
  /** `run.started`, `attempt.verifying`, `change.approved`, … */
  readonly event: string;
  /** What it is about: `run:<id>`, `attempt:<run>/<site>`, `change:<car>`. */
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export type AuditEntry = ChainEntry<AuditEvent & { readonly time: string }>;

interface Checkpoint extends ChainHead {
  readonly time: string;
}

/** The clock is given from outside, so that tests and replays decide what time it is. */
export type Clock = () => Date;

export function auditPaths(folder: string): {
  readonly log: string;
  readonly checkpoints: string;
  readonly lock: string;
} {
  const audit = join(folder, STORE_FOLDER, 'audit');
  return { log: join(audit, 'log.jsonl'), checkpoints: join(audit, 'checkpoints.jsonl'), lock: join(audit, 'lock') };
}

/** The log is damaged: nothing more is written to it until a person has looked. */
export class AuditDamagedError extends Error {
  override readonly name = 'AuditDamagedError';
}

/** Appends events to the log of one fleet folder. Several processes may do so; each append holds the log's lock. */
export class AuditLog {
  readonly #folder: string;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();
  /** Head after our own last append, with the length of the file then: saves checking the whole chain every time. */
  #known: { readonly head: ChainHead; readonly length: number } | null = null;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Returns when the event is on the disk. */
  append(event: AuditEvent): Promise<AuditEntry> {
    return this.#inTurn(() => this.#appendLocked(event));
  }

  /**
   * Writes the head of the log to the checkpoints. With `anchor`, also as a tag in the fleet's git repository, when the
   * fleet folder is the root of one.
   */
  checkpoint(options: { readonly anchor: boolean }): Promise<void> {
    return this.#inTurn(async () => {
      const { checkpoints, lock } = auditPaths(this.#folder);
      const held = await waitForLock(lock, 'writing a checkpoint', this.#clock);
      try {
        const head = this.#head();
        if (head.seq === 0) return;
        const checkpoint: Checkpoint = { seq: head.seq, hash: head.hash, time: this.#clock().toISOString() };
        appendDurably(checkpoints, `${JSON.stringify(checkpoint)}\n`);
        if (options.anchor) await anchorCheckpoint(this.#folder, checkpoint);
      } finally {
        held.release();
      }
    });
  }

  async #appendLocked(event: AuditEvent): Promise<AuditEntry> {
    const { log, lock } = auditPaths(this.#folder);
    const held = await waitForLock(lock, 'writing to the audit log', this.#clock);
    try {
      const head = this.#head();
      const entry = appendEntry(log, { time: this.#clock().toISOString(), ...event }, head);
      this.#known = { head: entry, length: lengthOf(log) };
      return entry;
    } finally {
      held.release();
    }
  }

  #head(): ChainHead {
    const { log } = auditPaths(this.#folder);
    if (this.#known !== null && this.#known.length === lengthOf(log)) return this.#known.head;
    const reading = readChain<AuditEvent & { time: string }>(log);
    if (reading.fault !== null) {
      throw new AuditDamagedError(
        `The audit log ${log} is damaged at line ${reading.fault.line}: ${reading.fault.reason}. Nothing is done until a person has looked; see "plantwright audit verify".`,
      );
    }
    const cut = mendTornLine(log, reading);
    if (cut === null) return readChain(log).head;
    const time = this.#clock().toISOString();
    const payload = { bytes: Buffer.byteLength(cut), digest: digestOf(cut) };
    return appendEntry(
      log,
      {
        time,
        actor: { kind: 'system', id: 'plantwright' },
        event: 'audit.torn-line-removed',
        subject: 'audit',
        payload,
      },
      reading.head,
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** The entries of a fleet's log, up to the first damaged one. */
export function readAuditEntries(folder: string): readonly AuditEntry[] {
  return readChain<AuditEvent & { time: string }>(auditPaths(folder).log).entries;
}

export interface AuditReport {
  readonly entries: number;
  readonly ok: boolean;
  readonly firstBad: { readonly seq: number; readonly line: number; readonly reason: string } | null;
}

/** Checks of single entries beyond the chain: signatures of approvals. Returns the reason when one is bad. */
export type EntryCheck = (entry: AuditEntry) => string | null;

/**
 * Verifies the whole log: the chain, every checkpoint beside it and in git, and what `checkEntry` checks. An edit, a
 * dropped line, another order, a cut tail or a bad signature is named by the first entry that does not hold.
 */
export async function verifyAuditChain(folder: string, checkEntry: EntryCheck): Promise<AuditReport> {
  const { log } = auditPaths(folder);
  const reading = readChain<AuditEvent & { time: string }>(log);
  const bad = (seq: number, line: number, reason: string): AuditReport => ({
    entries: reading.entries.length,
    ok: false,
    firstBad: { seq, line, reason },
  });
  const checkpoints = [...readCheckpoints(folder), ...(await readAnchors(folder))];
  const problems: { seq: number; line: number; reason: string }[] = [];
  if (reading.fault !== null) problems.push(reading.fault);
  else if (reading.torn !== '') {
    const seq = reading.head.seq + 1;
    problems.push({
      seq,
      line: seq,
      reason: 'the last line is cut off, by a power failure or by hand; the next event moves it aside and goes on',
    });
  }
  for (const entry of reading.entries) {
    const reason = checkEntry(entry);
    if (reason !== null) {
      problems.push({ seq: entry.seq, line: entry.seq, reason });
      break;
    }
  }
  for (const checkpoint of checkpoints) {
    const entry = reading.entries[checkpoint.seq - 1];
    if (entry === undefined && reading.fault === null) {
      const reason = `the log ends at entry ${reading.head.seq}, but ${checkpoint.source} knows entry ${checkpoint.seq}: the end of the log was cut off`;
      problems.push({ seq: reading.head.seq + 1, line: reading.head.seq + 1, reason });
    } else if (entry !== undefined && entry.hash !== checkpoint.hash) {
      problems.push({
        seq: checkpoint.seq,
        line: checkpoint.seq,
        reason: `it is not the entry that ${checkpoint.source} knows: the log was rewritten`,
      });
    }
  }
  const [first] = problems.sort((a, b) => a.seq - b.seq);
  return first === undefined
    ? { entries: reading.entries.length, ok: true, firstBad: null }
    : bad(first.seq, first.line, first.reason);
}

interface KnownHead {
  readonly seq: number;
  readonly hash: Digest;
  /** Where it is written down, for the message. */
  readonly source: string;
}

function readCheckpoints(folder: string): KnownHead[] {
  const { checkpoints } = auditPaths(folder);
  if (!existsSync(checkpoints)) return [];
  return readFileSync(checkpoints, 'utf8')
    .split('\n')
    .flatMap((line): KnownHead[] => {
      try {
        const { seq, hash } = JSON.parse(line) as Checkpoint;
        return typeof seq === 'number' && typeof hash === 'string'
          ? [{ seq, hash, source: 'audit/checkpoints.jsonl' }]
          : [];
      } catch {
        return [];
      }
    });
}

function lengthOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
