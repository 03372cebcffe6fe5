/**
 * One attempt: a migration at one site, from the pinned commit to a change request or a reason why there is none. Every
 * step can be done again after a kill and ends in the same: the commit's date, the change's id and the verdict follow
 * from the run's plan and the site's content.
 */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { WriteError, writeDurably } from '../base/durable-file.js';
import { failsVerdict } from '../base/finding.js';
import type { ChangeScope } from '../safety/rule.js';
import { resolveSignals } from '../safety/signal-roles.js';
import { SiteReadError, type SkippedPath, snapshotOfRevision, snapshotOfTree } from '../site/load-snapshot.js';
import type { Migration } from '../site/migration.js';
import { openSite } from '../site/open-site.js';
import { refusedPaths } from '../site/refused-paths.js';
import type { Site } from '../site/site.js';
import { changedFiles, type SiteSnapshot } from '../site/snapshot.js';
import type { EngineIdentity, EngineOutcome, MigrationEngine } from '../verify/engine.js';
import { treeDigest } from '../verify/snapshot-digest.js';
import type { Verdict } from '../verify/verdict.js';
import type { ReportProgress } from '../verify/verifier.js';
import { appliesTo } from './applies-to.js';
import {
  branchOf,
  commitMessage,
  failing,
  freshTranscript,
  inOneLine,
  keepRefused,
  MAX_TOLD_FINDINGS,
  originOf,
  type Proposal,
  summaryOf,
} from './attempt-evidence.js';
import { AuditDamagedError, type Clock } from './audit-log.js';
import { changeId, json, packChange } from './change-request.js';
import { storeChange } from './change-store.js';
import type { FleetSite } from './fleet.js';
import { LockedError } from './lock.js';
import {
  createBranch,
  createWorktree,
  hasCommit,
  isRepositoryProblem,
  openRepository,
  patchOf,
  type Repository,
  removeWorktree,
  writeCommit,
} from './repository.js';
import type { RunJournal } from './run-journal.js';
import type { AttemptFacts, AttemptState, AttemptSummary, EndCause, RunPlan } from './run-record.js';
import { attemptFolder, worktreePath } from './store.js';
import { VerifiedChange } from './verified-change.js';

/** What the verifiers are asked about: two snapshots, what they are called, and what the migration may touch. */
export interface ChangeToVerify {
  readonly before: SiteSnapshot;
  readonly after: SiteSnapshot;
  readonly base: string;
  readonly head: string;
  readonly scope: ChangeScope;
  /** What of `after` is new and could not be read (links): it can't be verified. */
  readonly unread: readonly SkippedPath[];
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
}

export type VerifyChange = (change: ChangeToVerify) => Promise<Verdict>;

/** What performs the migration at a site, or why nothing can. */
export type EngineChoice = { readonly engine: MigrationEngine } | { readonly unavailable: string };

export type EngineFor = (site: FleetSite, migration: Migration) => EngineChoice | Promise<EngineChoice>;

export interface AttemptContext {
  readonly fleetFolder: string;
  readonly plan: RunPlan;
  readonly migration: Migration;
  readonly site: FleetSite;
  readonly engineFor: EngineFor;
  readonly verifyChange: VerifyChange;
  readonly journal: RunJournal;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onProgress: (site: string, fraction: number, message: string) => void;
}

interface Ending {
  readonly state: Exclude<AttemptState, 'queued' | 'preparing' | 'running' | 'verifying'>;
  readonly facts: AttemptFacts;
}

/** Leaves the steps of an attempt with its end; caught in `endOf` alone. */
class AttemptEnd extends Error {
  readonly ending: Ending;

  constructor(state: Ending['state'], facts: AttemptFacts) {
    super(state);
    this.ending = { state, facts };
  }
}

function fail(cause: EndCause, reason: string, facts: AttemptFacts = {}): never {
  throw new AttemptEnd('failed', { cause, reasons: [reason], ...facts });
}

/** Performs or continues an attempt. Records every state; rejects only when the record itself can't be written. */
export async function runAttempt(context: AttemptContext, attempt: AttemptSummary): Promise<void> {
  // The worktree is gone before the end is on record: an attempt that ended never leaves one behind.
  const { state, facts } = await endOf(context, attempt);
  await context.journal.recordAttempt(context.site.name, state, facts);
}

async function endOf(context: AttemptContext, attempt: AttemptSummary): Promise<Ending> {
  const { signal, site } = context;
  const worktree = worktreePath(context.fleetFolder, context.plan.id, site.folderName);
  let repository: Repository | null = null;
  try {
    signal.throwIfAborted();
    repository = await openPlanned(context, attempt);
    return await steps(context, attempt, repository, worktree);
  } catch (error) {
    if (error instanceof AttemptEnd) return error.ending;
    if (isRecordError(error)) throw error;
    if (signal.aborted) return { state: 'cancelled', facts: cancelFacts(signal) };
    const isBadInput = isRepositoryProblem(error) || error instanceof SiteReadError;
    if (isBadInput) return { state: 'failed', facts: { cause: 'bad-input', reasons: [error.message] } };
    return { state: 'failed', facts: { cause: 'internal', reasons: [internalReason(error)] } };
  } finally {
    if (repository !== null) removeWorktree(repository, worktree);
  }
}

/** Facts of an attempt that ends because the run was stopped. */
export function cancelFacts(signal: AbortSignal): AttemptFacts {
  const reason: unknown = signal.reason;
  if (reason === 'cancelled') return { cause: 'cancelled', reasons: ['The run was cancelled.'] };
  if (reason === 'budget') return { cause: 'budget', reasons: ['The budget of the run is used up.'] };
  return { cause: 'interrupted', reasons: ['The run was interrupted; "plantwright runs resume" continues it.'] };
}

/** The store is not writable or damaged: the run stops, whatever the attempt would like to record. */
function isRecordError(error: unknown): boolean {
  return error instanceof WriteError || error instanceof AuditDamagedError || error instanceof LockedError;
}

function internalReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `Internal error (${message}). This is a bug in Plantwright; the site is as it was.`;
}

async function openPlanned(context: AttemptContext, attempt: AttemptSummary): Promise<Repository> {
  const planned = context.plan.sites.find(({ name }) => name === context.site.name);
  if (attempt.base === null)
    fail('bad-input', attempt.reasons[0] ?? planned?.problem ?? 'The repository of the site could not be read.');
  const repository = await openRepository(context.site.root);
  if (!(await hasCommit(repository, attempt.base))) {
    fail(
      'bad-input',
      `The commit ${attempt.base} from which the run started is no longer in ${repository.root}. Start a new run.`,
    );
  }
  return repository;
}

async function steps(
  context: AttemptContext,
  attempt: AttemptSummary,
  repository: Repository,
  worktree: string,
): Promise<Ending> {
  const { site, signal } = context;
  const base = attempt.base ?? repository.head;
  const { snapshot: before, skipped } = await snapshotOfRevision(repository.root, base, signal);
  const proposal =
    (await kept(context, attempt, repository)) ?? (await propose(context, attempt, repository, worktree, base, before));
  const { snapshot: after, skipped: skippedAfter } = await snapshotOfRevision(repository.root, proposal.head, signal);
  const unread = refusedPaths(skipped, skippedAfter);
  const verdict = await context.verifyChange({
    before,
    after,
    base,
    head: proposal.head,
    scope: scopeOf(context.migration),
    unread,
    signal,
    progress: progressOf(context),
  });
  signal.throwIfAborted();
  writeDurably(
    join(attemptFolder(context.fleetFolder, context.plan.id, site.folderName), 'verdict.json'),
    json(verdict),
  );
  const patch = await patchOf(repository, base, proposal.head, before, after);
  const change = VerifiedChange.from(verdict, { base, head: proposal.head, before, after });
  const facts = {
    base,
    head: proposal.head,
    engine: proposal.engine,
    cost: proposal.cost,
    summary: proposal.summary,
    verdict: summaryOf(verdict),
  };
  if (!change.verified) {
    const reasons = [...change.reasons, ...failing(verdict).slice(0, MAX_TOLD_FINDINGS).map(inOneLine)];
    keepRefused(context, attempt, verdict, patch, proposal, reasons);
    return {
      state: 'blocked',
      facts: {
        ...facts,
        reasons,
        findings: failing(verdict),
      },
    };
  }
  if (context.plan.dryRun) {
    writeDurably(join(attemptFolder(context.fleetFolder, context.plan.id, site.folderName), 'diff.patch'), patch);
    return { state: 'verified', facts };
  }
  const branch = branchOf(context.plan, attempt);
  const origin = originOf(context, attempt, proposal, branch);
  await createBranch(repository, branch, proposal.head);
  storeChange(context.fleetFolder, packChange(change, patch, origin));
  return { state: 'awaiting-approval', facts: { ...facts, branch, car: changeId(origin) } };
}

/** The proposal of an attempt that was killed while it was verified: it is verified again, not made again. */
async function kept(
  context: AttemptContext,
  attempt: AttemptSummary,
  repository: Repository,
): Promise<Proposal | null> {
  const { state, head, engine, cost, summary } = attempt;
  if (state !== 'verifying' || head === null || engine === null || cost === null || summary === null) return null;
  if (!(await hasCommit(repository, head))) return null;
  context.onProgress(context.site.name, 0.5, 'verifying again');
  return { head, engine, cost, summary };
}

async function propose(
  context: AttemptContext,
  attempt: AttemptSummary,
  repository: Repository,
  worktree: string,
  base: string,
  before: SiteSnapshot,
): Promise<Proposal> {
  const { journal, site, migration, signal, clock } = context;
  await journal.recordAttempt(site.name, 'preparing', { base });
  const opened = openSite(before);
  checkSite(context, opened);
  const choice = await context.engineFor(site, migration);
  if ('unavailable' in choice) fail('no-engine', choice.unavailable);
  const { engine } = choice;
  const folder = attemptFolder(context.fleetFolder, context.plan.id, site.folderName);
  const transcript = freshTranscript(folder);
  await createWorktree(repository, worktree, base, before);
  await journal.recordAttempt(site.name, 'running', { engine: engine.identity });
  const journalEntry = (entry: Readonly<Record<string, unknown>>): void => {
    appendFileSync(transcript, `${JSON.stringify({ time: clock().toISOString(), ...entry })}\n`);
  };
  const verify = async (): Promise<Verdict> => {
    const { snapshot: after, skipped } = await snapshotOfTree(worktree);
    return context.verifyChange({
      before,
      after,
      base,
      head: treeDigest(after),
      scope: scopeOf(migration),
      unread: skipped,
      signal,
      progress: progressOf(context),
    });
  };
  const outcome = await engine.run({
    migration,
    site: opened,
    worktree,
    verify,
    signal,
    progress: progressOf(context),
    journal: journalEntry,
  });
  signal.throwIfAborted();
  journalEntry({ outcome: outcome.kind });
  const changed = expectChange(outcome, engine.identity);
  const { snapshot: after, skipped } = await snapshotOfTree(worktree);
  const [link] = skipped;
  if (link !== undefined) {
    fail('engine', `The engine made ${link.path}, but ${link.reason}. Only regular files can be part of a change.`, {
      engine: engine.identity,
      cost: changed.cost,
    });
  }
  if (changedFiles(before, after).length === 0) {
    fail('engine', 'The engine says that it changed the site, but no file differs.', {
      engine: engine.identity,
      cost: changed.cost,
    });
  }
  const message = commitMessage(context, changed.summary, engine.identity);
  const date = new Date(context.plan.startedAt);
  const head = await writeCommit(repository, base, before, after, { message, date }, join(folder, 'index'));
  const proposal = { head, summary: changed.summary, engine: engine.identity, cost: changed.cost };
  await journal.recordAttempt(site.name, 'verifying', { ...proposal, attempt: attempt.attempt });
  return proposal;
}

/** Ends the attempt when the site is not one for this migration, or not fit to be changed. */
function checkSite(context: AttemptContext, site: Site): void {
  const faults = site.manifestFindings.filter(({ severity }) => failsVerdict(severity));
  if (site.manifest === null || faults.length > 0) {
    const [first] = faults;
    const where = first === undefined ? '' : ` ${first.file}:${first.line}:${first.column}: ${first.message}`;
    fail('bad-input', `The manifest of the site can't be used.${where}`, { findings: faults });
  }
  const applicability = appliesTo(context.migration, context.site, site.manifest);
  if (!applicability.applies) throw new AttemptEnd('skipped', { reasons: applicability.reasons });
  checkSyntax(site);
  checkTags(site);
}

function checkSyntax(site: Site): void {
  const broken = site.project.files.filter((file) => file.syntaxErrors.length > 0).map(({ path }) => path);
  if (broken.length === 0) return;
  const findings = site.project.findings.filter(
    ({ file, severity }) => broken.includes(file) && failsVerdict(severity),
  );
  const reasons = findings.map(inOneLine);
  throw new AttemptEnd('needs-engineer', {
    reasons: [
      'The site has syntax errors before any change. Mend them first: code that is not readable is not changed.',
      ...reasons.slice(0, 20),
    ],
    findings,
  });
}

/** Tags of the manifest that the code does not have: what they stand for can't be checked. */
function checkTags(site: Site): void {
  const findings = resolveSignals(site).findings.filter(({ severity }) => failsVerdict(severity));
  if (findings.length > 0)
    fail('bad-input', findings.slice(0, MAX_TOLD_FINDINGS).map(inOneLine).join(' '), { findings });
}

function expectChange(outcome: EngineOutcome, engine: EngineIdentity): Extract<EngineOutcome, { kind: 'changed' }> {
  const facts = { engine, cost: outcome.cost };
  switch (outcome.kind) {
    case 'changed':
      return outcome;
    case 'not-needed':
      throw new AttemptEnd('not-needed', { ...facts, reasons: [outcome.reason] });
    case 'needs-engineer':
      throw new AttemptEnd('needs-engineer', {
        ...facts,
        findings: outcome.reasons,
        reasons: outcome.reasons.map(({ file, line, message }) => `${file}:${line}: ${message}`),
      });
    case 'failed':
      return fail('engine', outcome.reason, facts);
  }
}

function scopeOf(migration: Migration): ChangeScope {
  return {
    author: 'agent',
    mayChange: migration.mayChange,
    mustNotChange: migration.mustNotChange,
    touches: migration.touches,
  };
}

function progressOf(context: AttemptContext): ReportProgress {
  return (fraction, message) => context.onProgress(context.site.name, fraction, message);
}
