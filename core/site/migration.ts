/** A migration: a versioned Markdown prompt of `prompts/` (files.md), read into values. */

import type { Digest } from '../base/digest.js';

export type MigrationKind = 'safety' | 'protocol' | 'configuration' | 'modernization';

export interface MigrationExample {
  readonly title: string;
  /** Structured Text of the fenced blocks `st before` and `st after`, with their line in the prompt file. */
  readonly before: { readonly text: string; readonly line: number };
  readonly after: { readonly text: string; readonly line: number };
}

export interface Migration {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly kind: MigrationKind;
  /** Which sites a migration is meant for. Empty arrays and null: no limit. */
  readonly targets: {
    readonly plcTypes: readonly string[];
    readonly firmwareVersion: string | null;
    readonly safetyRatings: readonly string[];
    readonly tags: readonly string[];
  };
  readonly recipe: string | null;
  readonly touches: readonly string[] | null;
  readonly mayChange: readonly string[] | null;
  readonly mustNotChange: readonly string[];
  readonly sections: {
    readonly goal: string;
    readonly preconditions: string;
    readonly examples: string;
    readonly doNotChange: string;
    readonly successCriteria: string;
    readonly notes: string;
  };
  readonly examples: readonly MigrationExample[];
  /** The whole prompt as read, and its digest: change requests are bound to it. */
  readonly text: string;
  readonly digest: Digest;
}
