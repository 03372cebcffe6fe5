/** A change request: the reviewable, signable package for one site (files.md, `changes/CAR-…`). */

import { type Digest, digestOf, digestOfJson } from '../base/digest.js';
import type { Migration } from '../site/migration.js';
import type { EngineCost, EngineIdentity } from '../verify/engine.js';
import type { ReviewLevel, Verdict } from '../verify/verdict.js';
import { changeReport } from './change-report.js';
import { checklistOf } from './checklist.js';
import { VerifiedChange } from './verified-change.js';

/** `change.json`: binds everything about a change by digest. Approvals are signatures over the digest of this value. */
export interface ChangeRecord {
  readonly schema: 'plantwright/change@1';
  readonly id: string;
  readonly site: string;
  readonly run: string;
  readonly migration: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly digest: Digest;
  };
  readonly base: string;
  /** Branch that the base was on; null when HEAD was detached. */
  readonly baseBranch: string | null;
  readonly head: string;
  readonly branch: string;
  /** Digest of the exact difference, as in the verdict. */
  readonly diff: Digest;
  readonly verdict: Digest;
  readonly review: ReviewLevel;
  /** Digests of the files beside `change.json`; `verdict.json` is bound by the verdict's own digest. */
  readonly files: Readonly<Record<BoundFile, Digest>>;
  readonly engine: EngineIdentity;
  readonly tool: Verdict['tool'];
  readonly cost: EngineCost;
  readonly summary: string;
  /** Who started the run: the author of the change as far as approval is concerned. */
  readonly author: string;
  readonly created: string;
}

export const BOUND_FILES = ['diff.patch', 'simulation.json', 'checklist.md', 'report.html'] as const;
type BoundFile = (typeof BOUND_FILES)[number];

export interface ChangePackage {
  readonly record: ChangeRecord;
  readonly files: Readonly<Record<BoundFile | 'verdict.json', string>>;
}

export interface ChangeOrigin {
  readonly run: string;
  /** When the run was started: gives the day in the id, and the author's date of the commit. */
  readonly runStarted: Date;
  readonly site: string;
  readonly folderName: string;
  /** 1 for the first attempt of a run at a site, 2 after one retry, … */
  readonly attempt: number;
  readonly migration: Migration;
  readonly baseBranch: string | null;
  readonly branch: string;
  readonly engine: EngineIdentity;
  readonly cost: EngineCost;
  readonly summary: string;
  readonly author: string;
  readonly created: Date;
}

/** The id of a change request follows from run, site and attempt: an attempt that is done again gets the same. */
export function changeId(origin: Pick<ChangeOrigin, 'run' | 'runStarted' | 'folderName' | 'attempt'>): string {
  const day = origin.runStarted.toISOString().slice(0, 10).replace(/-/g, '');
  const id = digestOfJson({ run: origin.run, site: origin.folderName, attempt: origin.attempt }).slice(
    'sha256:'.length,
    'sha256:'.length + 8,
  );
  return `CAR-${origin.folderName}-${day}-${id}`;
}

/** Packs a verified change. There is no change request without a `VerifiedChange` (promise 1). */
export function packChange(change: VerifiedChange, patch: string, origin: ChangeOrigin): ChangePackage {
  if (!VerifiedChange.is(change)) throw new TypeError('packChange: the change is not verified');
  const { verdict } = change;
  const id = changeId(origin);
  const migration = {
    name: origin.migration.name,
    version: origin.migration.version,
    title: origin.migration.title,
    digest: origin.migration.digest,
  };
  const facts = {
    id,
    site: origin.site,
    migration,
    engine: origin.engine,
    summary: origin.summary,
    author: origin.author,
  };
  const checklist = checklistOf(facts, origin.migration, verdict);
  const report = changeReport({ ...facts, verdict, patch, checklist: checklist.items, blockedBecause: [] });
  const { ms: _, ...simulation } = verdict.stages[2];
  const files = {
    'diff.patch': patch,
    'verdict.json': json(verdict),
    'simulation.json': json(simulation),
    'checklist.md': checklist.markdown,
    'report.html': report,
  };
  const record: ChangeRecord = {
    schema: 'plantwright/change@1',
    id,
    site: origin.site,
    run: origin.run,
    migration,
    base: verdict.base,
    baseBranch: origin.baseBranch,
    head: verdict.head,
    branch: origin.branch,
    diff: verdict.diff,
    verdict: verdict.digest,
    review: verdict.review,
    files: {
      'diff.patch': digestOf(files['diff.patch']),
      'simulation.json': digestOf(files['simulation.json']),
      'checklist.md': digestOf(files['checklist.md']),
      'report.html': digestOf(files['report.html']),
    },
    engine: origin.engine,
    tool: verdict.tool,
    cost: origin.cost,
    summary: origin.summary,
    author: origin.author,
    created: origin.created.toISOString(),
  };
  return { record, files };
}

/** The digest that approvals sign. */
export function changeDigest(record: ChangeRecord): Digest {
  return digestOfJson(record);
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
