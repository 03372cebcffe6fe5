/** What an attempt leaves on record: commit message, branch, origin of the change request, evidence of a refusal. */

import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, writeDurably } from '../base/durable-file.js';
import { type Finding, failsVerdict } from '../base/finding.js';
import type { EngineCost, EngineIdentity } from '../verify/engine.js';
import type { Verdict } from '../verify/verdict.js';
import type { AttemptContext } from './attempt.js';
import { changeReport } from './change-report.js';
import { type ChangeOrigin, json } from './change-request.js';
import type { AttemptSummary, RunPlan, VerdictSummary } from './run-record.js';
import { attemptFolder } from './store.js';

/** What an engine proposed: a commit that no reference points to yet. */
export interface Proposal {
  readonly head: string;
  readonly summary: string;
  readonly engine: EngineIdentity;
  readonly cost: EngineCost;
}

/** The transcript of an attempt that was killed is kept beside the new one. */
export function freshTranscript(folder: string): string {
  makeFolder(folder);
  const transcript = join(folder, 'transcript.jsonl');
  if (existsSync(transcript)) {
    for (let number = 1; ; number++) {
      const old = join(folder, `transcript-interrupted-${number}.jsonl`);
      if (existsSync(old)) continue;
      renameSync(transcript, old);
      break;
    }
  }
  return transcript;
}

export function commitMessage(context: AttemptContext, summary: string, engine: EngineIdentity): string {
  const { migration, plan, site } = context;
  const by = engine.kind === 'recipe' ? `recipe ${engine.name} ${engine.version}` : `agent, model ${engine.model}`;
  return `${migration.title}\n\n${summary}\n\nMigration: ${migration.name} ${migration.version} (${migration.digest})\nRun: ${plan.id}\nSite: ${site.name}\nMade by: ${by}\n`;
}

export function branchOf(plan: RunPlan, attempt: AttemptSummary): string {
  const retry = attempt.attempt === 1 ? '' : `-${attempt.attempt}`;
  return `plantwright/${plan.migration.name}/${plan.id}${retry}`;
}

export function originOf(
  context: AttemptContext,
  attempt: AttemptSummary,
  proposal: Proposal,
  branch: string,
): ChangeOrigin {
  return {
    run: context.plan.id,
    runStarted: new Date(context.plan.startedAt),
    site: context.site.name,
    folderName: context.site.folderName,
    attempt: attempt.attempt,
    migration: context.migration,
    baseBranch: attempt.baseBranch,
    branch,
    engine: proposal.engine,
    cost: proposal.cost,
    summary: proposal.summary,
    author: context.plan.startedBy,
    created: new Date(context.plan.startedAt),
  };
}

export function summaryOf(verdict: Verdict): VerdictSummary {
  return {
    status: verdict.status,
    review: verdict.review,
    digest: verdict.digest,
    stages: verdict.stages.map(({ stage, status, findings }) => ({ stage, status, findings: findings.length })),
  };
}

/** Findings that the reasons of an attempt repeat; all stand in its verdict and report. */
export const MAX_TOLD_FINDINGS = 20;

export function inOneLine({ file, line, column, code, message }: Finding): string {
  return `${file}:${line}:${column}: ${code} ${message}`;
}

export function failing(verdict: Verdict): Finding[] {
  return verdict.stages.flatMap(({ findings }) => findings.filter(({ severity }) => failsVerdict(severity)));
}

/** A refused change is no change request: its evidence stays with the run, with nothing that could be signed. */
export function keepRefused(
  context: AttemptContext,
  attempt: AttemptSummary,
  verdict: Verdict,
  patch: string,
  proposal: Proposal,
  reasons: readonly string[],
): void {
  const folder = attemptFolder(context.fleetFolder, context.plan.id, context.site.folderName);
  const { migration } = context;
  const id = `refused-${createHash('sha256').update(`${context.plan.id}/${context.site.folderName}/${attempt.attempt}`).digest('hex').slice(0, 8)}`;
  const report = changeReport({
    id,
    site: context.site.name,
    migration: { name: migration.name, version: migration.version, title: migration.title, digest: migration.digest },
    engine: proposal.engine,
    summary: proposal.summary,
    author: context.plan.startedBy,
    verdict,
    patch,
    checklist: [],
    blockedBecause: reasons,
  });
  writeDurably(join(folder, 'diff.patch'), patch);
  writeDurably(join(folder, 'report.html'), report);
  writeDurably(
    join(folder, 'blocked.json'),
    json({
      schema: 'plantwright/blocked@1',
      id,
      site: context.site.name,
      run: context.plan.id,
      base: verdict.base,
      head: verdict.head,
      verdict: verdict.digest,
      reasons,
    }),
  );
  rmSync(join(folder, 'index'), { force: true });
}
