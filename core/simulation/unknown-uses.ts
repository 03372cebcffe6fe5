/** What of a program can't be executed, and which of it a run has reached. */

import { compareText } from '../base/finding.js';
import type { Site } from './compile/ir.js';
import type { LoweredProgram } from './lower/program.js';
import type { Tag } from './tags.js';
import { type UnknownReach, unknownReach } from './unknown-reach.js';

/** A block or construct that can't be executed, with the place that needs it. */
export interface UnknownUse {
  readonly name: string;
  readonly reason: string;
  readonly file: string;
  readonly line: number;
  /** True once a scan has reached it: from then on every result is unknown. */
  readonly isReached: boolean;
}

export class UnknownUses {
  readonly #program: LoweredProgram;
  readonly #reached = new Set<Site>();
  /** Tasks whose trigger is unknown: from the start on, so is everything. */
  readonly #tasks: UnknownUse[] = [];
  #reach: UnknownReach | null = null;

  constructor(program: LoweredProgram) {
    this.#program = program;
  }

  reached(site: Site): void {
    this.#reached.add(site);
  }

  addTask(use: UnknownUse): void {
    this.#tasks.push(use);
  }

  /** Forgets what was reached. */
  clear(): void {
    this.#reached.clear();
  }

  save(): readonly Site[] {
    return [...this.#reached];
  }

  restore(sites: readonly Site[]): void {
    this.#reached.clear();
    for (const site of sites) this.#reached.add(site);
  }

  get isAnyReached(): boolean {
    return this.#reached.size > 0 || this.#tasks.length > 0;
  }

  /** True when one of the tags may depend on something that was reached. */
  concerns(tags: readonly Tag[]): boolean {
    if (!this.isAnyReached) return false;
    if (this.#tasks.length > 0) return true;
    this.#reach ??= unknownReach(this.#program);
    const members = this.#reach([...this.#reached]);
    return members === null || tags.some((tag) => members.has(tag.member));
  }

  /** Reached or not, in order of place. */
  list(): readonly UnknownUse[] {
    return this.#program.unknownBlocks
      .map((each) => ({
        name: each.name,
        reason: each.reason,
        ...this.#placeOf(each.site),
        isReached: this.#reached.has(each.site),
      }))
      .concat(this.#tasks)
      .sort((a, b) => compareText(a.file, b.file) || a.line - b.line || compareText(a.name, b.name));
  }

  #placeOf(site: Site): { readonly file: string; readonly line: number } {
    const source = this.#program.sites[site];
    if (source === undefined) return { file: '', line: 1 };
    const { file, line } = source.project.lineTableOf(source.file).locate(source.file.path, source.start, source.end);
    return { file, line };
  }
}
