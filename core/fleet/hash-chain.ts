/**
 * A hash chain in a JSON Lines file: every entry carries the hash of the one before it, so an edit, a dropped line or
 * another order shows. A cut tail does not show by itself: that takes a head hash kept elsewhere (checkpoints).
 */

import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { canonicalJson, type Digest, digestOf } from '../base/digest.js';
import { appendDurably, WriteError, writeDurably } from '../base/durable-file.js';

/** `prev` of the first entry. */
const CHAIN_START: Digest = `sha256:${'0'.repeat(64)}`;

export type ChainEntry<Body> = Body & {
  /** Counts from 1 without a gap. */
  readonly seq: number;
  readonly prev: Digest;
  /** SHA-256 over the RFC 8785 canonical JSON of the entry without `hash`. */
  readonly hash: Digest;
};

export interface ChainHead {
  readonly seq: number;
  readonly hash: Digest;
}

/** The first entry that does not fit, by its line in the file, and why. */
interface ChainFault {
  readonly seq: number;
  readonly line: number;
  readonly reason: string;
}

export interface ChainReading<Body> {
  /** The entries up to the first fault. */
  readonly entries: readonly ChainEntry<Body>[];
  readonly head: ChainHead;
  readonly fault: ChainFault | null;
  /** Bytes after the last line end: what a power cut or a cut file leaves of a line. Empty in a whole file. */
  readonly torn: string;
}

/** Reads and checks a chain. A missing file is an empty chain. */
export function readChain<Body extends object>(file: string): ChainReading<Body> {
  return checkChain<Body>(readText(file));
}

function checkChain<Body extends object>(text: string): ChainReading<Body> {
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  const entries: ChainEntry<Body>[] = [];
  let head: ChainHead = { seq: 0, hash: CHAIN_START };
  for (const [index, line] of lines.entries()) {
    const checked = checkLine<Body>(line, head);
    if (typeof checked === 'string') {
      return { entries, head, fault: { seq: head.seq + 1, line: index + 1, reason: checked }, torn };
    }
    entries.push(checked);
    head = { seq: checked.seq, hash: checked.hash };
  }
  return { entries, head, fault: null, torn };
}

function checkLine<Body extends object>(line: string, head: ChainHead): ChainEntry<Body> | string {
  let entry: ChainEntry<Body>;
  try {
    entry = JSON.parse(line) as ChainEntry<Body>;
  } catch {
    return 'the line is no JSON: it was changed or damaged';
  }
  if (typeof entry !== 'object' || entry === null) return 'the line is no entry';
  if (entry.seq !== head.seq + 1) {
    const what =
      typeof entry.seq === 'number' && entry.seq > head.seq + 1
        ? 'at least one entry before it was removed'
        : 'entries were added or put in another order';
    return `it has the number ${String(entry.seq)} instead of ${head.seq + 1}: ${what}`;
  }
  if (entry.prev !== head.hash)
    return 'it does not continue the entry before it: that entry was replaced, or this one comes from elsewhere';
  const { hash, ...rest } = entry;
  if (hash !== digestOf(canonicalJson(rest))) return 'its content does not match its hash: it was changed';
  return entry;
}

/** The line of the next entry. Members that are `undefined` are left out. */
function nextEntry<Body extends object>(body: Body, head: ChainHead): ChainEntry<Body> {
  const plain = JSON.parse(JSON.stringify({ ...body, seq: head.seq + 1, prev: head.hash })) as Body & {
    seq: number;
    prev: Digest;
  };
  return { ...plain, hash: digestOf(canonicalJson(plain)) };
}

/** Appends one entry after the given head; returns it when it is on the disk. The caller holds the file's lock. */
export function appendEntry<Body extends object>(file: string, body: Body, head: ChainHead): ChainEntry<Body> {
  const entry = nextEntry(body, head);
  appendDurably(file, `${JSON.stringify(entry)}\n`);
  return entry;
}

/**
 * Mends a file whose last line is torn, as only a crash in the middle of a write leaves it. A line that is whole but
 * for its line end is kept; what is left of another is moved beside the file and cut off: it was never acknowledged.
 * Returns the text that was cut off, or null.
 */
export function mendTornLine<Body extends object>(file: string, reading: ChainReading<Body>): string | null {
  if (reading.torn === '' || reading.fault !== null) return null;
  if (typeof checkLine<Body>(reading.torn, reading.head) !== 'string') {
    appendDurably(file, '\n');
    return null;
  }
  writeDurably(`${file}.torn-${reading.head.seq + 1}`, reading.torn);
  const size = Buffer.byteLength(readText(file)) - Buffer.byteLength(reading.torn);
  try {
    const handle = openSync(file, 'r+');
    try {
      ftruncateSync(handle, size);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new WriteError(file, error);
  }
  return reading.torn;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
