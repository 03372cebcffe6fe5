/** What the mutation engine makes: changed copies of a site, each with the reason why the change matters. */

import type { SiteSnapshot } from '../../core/site/snapshot.js';
import type { Machine } from './machine.js';

/** A replacement in the text of one file; `start` and `end` are offsets of the syntax tree. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The files that a change writes; null deletes one. */
export type ChangedFiles = ReadonlyMap<string, Uint8Array | null>;

export interface Mutation {
  /** Stable within a machine and operator, for example `src/Main.st:120 xGuard`. */
  readonly place: string;
  /** What the edit does, and for an unsafe one what can hurt a person. */
  readonly reason: string;
  readonly changed: ChangedFiles;
}

/** One way to damage, or harmlessly rewrite, a machine. */
export interface Operator {
  readonly name: string;
  /** The class under which the results are counted. */
  readonly group: string;
  /**
   * What becomes of an edit that the compiler refuses: `excluded` where only code that runs can be unsafe, `counted`
   * where the edit itself is the offence (a weakened test, a hidden character).
   */
  readonly refused: 'excluded' | 'counted';
  /**
   * Whether a proof that no hazard is switched on in any scan excuses the edit. Not so where the proof can't see what
   * changed (terminals, times, tasks, tests), or where the edit is an offence whatever it computes.
   */
  readonly proofExcuses: boolean;
  readonly mutations: (machine: Machine) => readonly Mutation[];
}

/** The snapshot after the edit. */
export function applyChange(before: SiteSnapshot, changed: ChangedFiles): SiteSnapshot {
  const after = new Map(before);
  for (const [path, bytes] of changed) {
    if (bytes === null) after.delete(path);
    else after.set(path, bytes);
  }
  return after;
}
