import type { Finding } from '../../core/base/finding.js';
import type { DialectId } from '../../core/language/dialects/dialect-id.js';

/** What the server asks of the safety worker: the rules on one version of a unit. */
export interface SafetyRequest {
  readonly ticket: number;
  readonly unit: string;
  /** Null for a site; the file and its dialect for a file that belongs to none. */
  readonly loose: { readonly path: string; readonly dialect: DialectId } | null;
  /** Whether `changes` hold every file of the unit, so that what the worker knows of it is void. */
  readonly isComplete: boolean;
  /** Files that changed since the last request for this unit; null: the file is gone. */
  readonly changes: ReadonlyMap<string, Uint8Array | null>;
}

export interface SafetyAnswer {
  readonly ticket: number;
  readonly findings: readonly Finding[];
}
