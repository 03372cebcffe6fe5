/** What a person changed while a program stood, kept with the place so that it happens again in re-executions. */

import type { Frame } from './probe.js';

export interface Edit {
  /** The statement before which it happens; Infinity: at the end of the scan. */
  readonly statement: number;
  /** Changes the state, or a local of a frame on the stack. */
  apply(frames: readonly Frame[]): void;
}

const NONE: readonly Edit[] = [];

export class EditJournal {
  readonly #edits = new Map<number, Edit[]>();

  clear(): void {
    this.#edits.clear();
  }

  /** Edits of a scan in the order in which they happen. */
  of(scan: number): readonly Edit[] {
    return this.#edits.get(scan) ?? NONE;
  }

  add(scan: number, edit: Edit): void {
    const known = this.#edits.get(scan);
    if (known === undefined) this.#edits.set(scan, [edit]);
    else {
      const after = known.findIndex((each) => each.statement > edit.statement);
      known.splice(after < 0 ? known.length : after, 0, edit);
    }
  }

  /** Forgets what happened after a place: it belongs to a course of events that is void. */
  dropAfter(scan: number, statement: number): void {
    for (const each of [...this.#edits.keys()]) if (each > scan) this.#edits.delete(each);
    const edits = this.#edits.get(scan);
    if (edits !== undefined)
      this.#edits.set(
        scan,
        edits.filter((each) => each.statement <= statement),
      );
  }
}
