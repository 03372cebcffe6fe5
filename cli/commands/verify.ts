import type { Command } from 'commander';
import { failsVerdict } from '../../core/base/finding.js';
import { hazardSummaries } from '../../core/fleet/report-hazards.js';
import type { ChangeAuthor } from '../../core/safety/rule.js';
import { resolveRevision, snapshotOfFolder, snapshotOfRevision } from '../../core/site/load-snapshot.js';
import { refusedPaths } from '../../core/site/refused-paths.js';
import { verifyChange } from '../../core/verify/pipeline.js';
import { treeDigest } from '../../core/verify/snapshot-digest.js';
import type { Verdict } from '../../core/verify/verdict.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { type Terminal, table } from '../console.js';
import { EXIT } from '../exit-code.js';
import { findingsAsText } from '../print-findings.js';
import { requireSiteRoot } from '../source-groups.js';
import { UsageError } from '../usage-error.js';

interface VerifyOptions extends CommonOptions {
  readonly base: string;
  readonly head?: string;
  readonly worktree?: boolean;
  readonly author: string;
}

export function registerVerify(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('verify'))
    .description('Runs all verifiers on a change of a site')
    .argument('<site>', 'folder of the site')
    .option('--base <revision>', 'what the change starts from', 'HEAD')
    .option('--head <revision>', 'a commit to judge instead of the working tree')
    .option('--worktree', 'judge the working tree, untracked files included (the default)')
    .option('--author <author>', 'agent or person: agents and recipes are held to protected: too', 'agent')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright verify plant-01\n  plantwright verify plant-01 --base main --head feature --author person --json',
    );
  attach<VerifyOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, [path = '.']) => {
    if (options.head !== undefined && options.worktree === true) {
      throw new UsageError('--head and --worktree exclude each other.');
    }
    const root = requireSiteRoot(path);
    const base = await resolveRevision(root, options.base);
    const before = await snapshotOfRevision(root, base, signal);
    const head = options.head === undefined ? null : await resolveRevision(root, options.head);
    const after = head === null ? await snapshotOfFolder(root, signal) : await snapshotOfRevision(root, head, signal);
    const verdict = await verifyChange({
      before: before.snapshot,
      after: after.snapshot,
      base,
      head: head ?? treeDigest(after.snapshot),
      scope: { author: parseAuthor(options.author), mayChange: null, mustNotChange: [], touches: null },
      unread: refusedPaths(before.skipped, after.skipped),
      judge: null,
      signal,
      progress: (fraction, message) => terminal.progress(fraction, message),
      clock: () => performance.now(),
    });
    if (wantsJson) printJson(terminal, verdict);
    else printVerdict(terminal, verdict);
    return verdict.status === 'passed' ? EXIT.clean : EXIT.findings;
  });
}

function parseAuthor(author: string): ChangeAuthor {
  if (author === 'agent' || author === 'person') return author;
  throw new UsageError(`--author ${author}: expected agent or person.`);
}

function printVerdict(terminal: Terminal, verdict: Verdict): void {
  const { colors } = terminal;
  const rows = verdict.stages.map((stage) => [
    stage.stage,
    stage.status,
    String(stage.findings.filter((finding) => failsVerdict(finding.severity)).length),
  ]);
  terminal.endProgress();
  terminal.result(table([['verifier', 'status', 'failing findings'], ...rows], colors));
  const findings = verdict.stages.flatMap((stage) => stage.findings);
  if (findings.length > 0) terminal.result(`\n${findingsAsText(findings, colors)}`);
  const hazards = hazardSummaries(verdict);
  if (hazards.length > 0)
    terminal.result(`\nhazards after the change, compared with before:\n  ${hazards.join('\n  ')}`);
  const color = verdict.status === 'passed' ? 'green' : 'red';
  terminal.result(`\nverdict: ${colors(color, verdict.status)}, review: ${verdict.review}\n${verdict.digest}`);
}
