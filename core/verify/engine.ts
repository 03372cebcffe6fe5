/**
 * What performs a migration on one site: a recipe or an agent, behind one interface. An engine proposes edits in a
 * worktree; it never decides: the verdict is made outside of it, on the final tree.
 */

import type { Finding } from '../base/finding.js';
import type { Migration } from '../site/migration.js';
import type { Site } from '../site/site.js';
import type { Verdict } from './verdict.js';
import type { ReportProgress } from './verifier.js';

/** Who proposed a change. Goes into the change request and the audit log. */
export type EngineIdentity =
  | { readonly kind: 'recipe'; readonly name: string; readonly version: string }
  | { readonly kind: 'agent'; readonly model: string; readonly endpoint: string };

export interface EngineInput {
  readonly migration: Migration;
  /** The site as it is at the base commit. */
  readonly site: Site;
  /** Absolute path of the worktree: the only folder an engine may write to. */
  readonly worktree: string;
  /** Runs the whole pipeline on the worktree as it stands. */
  readonly verify: () => Promise<Verdict>;
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  /** Appends one JSON value to the transcript of the attempt. */
  readonly journal: (entry: Readonly<Record<string, unknown>>) => void;
}

export interface EngineCost {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
  /** Null when the price of the model is not known; zero for a recipe. */
  readonly usd: number | null;
}

export type EngineOutcome =
  | { readonly kind: 'changed'; readonly summary: string; readonly cost: EngineCost }
  /** The site already is as the migration wants it. */
  | { readonly kind: 'not-needed'; readonly reason: string; readonly cost: EngineCost }
  /** What the engine must not guess: each finding says what is missing and where to write it. */
  | { readonly kind: 'needs-engineer'; readonly reasons: readonly Finding[]; readonly cost: EngineCost }
  /** Budget, refusal, endpoint, stuck: nothing usable was produced. */
  | { readonly kind: 'failed'; readonly reason: string; readonly cost: EngineCost };

export interface MigrationEngine {
  readonly identity: EngineIdentity;
  run(input: EngineInput): Promise<EngineOutcome>;
}
