import type { Command } from 'commander';
import { compareFindings, type Finding, failsVerdict } from '../../core/base/finding.js';
import { TOOL_VERSION } from '../../core/base/version.js';
import { lintProject } from '../../core/language/lint/lint-project.js';
import { checkProofState } from '../../core/proof/rules.js';
import { checkState } from '../../core/safety/rule-table.js';
import { withSuppressions } from '../../core/safety/suppressions.js';
import { lintSite } from '../../core/site/lint-site.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { EXIT } from '../exit-code.js';
import {
  FINDING_FORMATS,
  type FindingFormat,
  findingsAsSarif,
  findingsAsText,
  findingsForGithub,
} from '../print-findings.js';
import { looseProject, openSiteFolder, parseDialect } from '../project-sources.js';
import { groupSources, type SiteGroup } from '../source-groups.js';
import { UsageError } from '../usage-error.js';

interface CheckOptions extends CommonOptions {
  readonly dialect?: string;
  readonly format?: string;
  readonly each?: boolean;
}

interface Checked {
  readonly files: number;
  readonly lines: number;
  readonly findings: readonly Finding[];
}

export function registerCheck(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('check'))
    .description('Parse, type-check, lint and run the safety rules')
    .argument('[paths...]', 'files and folders; default: this folder')
    .option('--dialect <dialect>', 'dialect of files outside of a site')
    .option('--format <format>', `one of ${FINDING_FORMATS.join(', ')}`)
    .option('--each', 'files outside of a site form one project each')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright check\n  plantwright check src/Main.st --format github\n  plantwright check plant-01 --json',
    );
  attach<CheckOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, operands) => {
    const format = parseFormat(options.format ?? (wantsJson ? 'json' : 'text'));
    const dialect = parseDialect(options.dialect);
    const groups = groupSources(operands.length === 0 ? ['.'] : operands);
    const started = performance.now();
    const results: Checked[] = [];
    for (const [index, site] of groups.sites.entries()) {
      terminal.progress(index / (groups.sites.length + 1), site.display(''));
      results.push(await checkSite(site, signal));
    }
    const projects =
      options.each === true ? groups.files.map((file) => [file]) : groups.files.length > 0 ? [groups.files] : [];
    for (const files of projects) {
      const project = looseProject(files, dialect, null);
      results.push({
        files: project.files.length,
        lines: countLines(project),
        findings: [...project.findings, ...lintProject(project)],
      });
    }
    if (results.length === 0)
      throw new UsageError('there is no source file to check. Name a file, or a folder with a plantwright.yaml.');
    const findings = results.flatMap((result) => result.findings).sort(compareFindings);
    const files = sum(results, (result) => result.files);
    const lines = sum(results, (result) => result.lines);
    const ms = Math.round(performance.now() - started);
    terminal.endProgress();
    switch (format) {
      case 'json':
        printJson(terminal, { files, lines, ms, findings });
        break;
      case 'sarif':
        terminal.result(findingsAsSarif(findings, TOOL_VERSION));
        break;
      case 'github':
        if (findings.length > 0) terminal.result(findingsForGithub(findings));
        break;
      case 'text':
        if (findings.length > 0) terminal.result(findingsAsText(findings, terminal.colors));
        terminal.log(`${files} files, ${lines} lines, ${findings.length} findings in ${ms} ms`);
    }
    return findings.some((finding) => failsVerdict(finding.severity)) ? EXIT.findings : EXIT.clean;
  });
}

/** The day of the report, in the time of the user: suppressions end at the end of their day. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

function parseFormat(format: string): FindingFormat {
  const known = FINDING_FORMATS.find((name) => name === format);
  if (known === undefined) throw new UsageError(`--format ${format}: expected one of ${FINDING_FORMATS.join(', ')}.`);
  return known;
}

async function checkSite(group: SiteGroup, signal: AbortSignal): Promise<Checked> {
  const site = await openSiteFolder(group.root, signal);
  const all = [
    ...site.manifestFindings,
    ...site.project.findings,
    ...lintSite(site),
    ...withSuppressions(site, [...checkState(site), ...checkProofState(site, signal)], today()),
  ];
  const covered = site.project.files.filter((file) => group.covers(file.path));
  const findings = all
    .filter((finding) => group.covers(finding.file) || finding.file === MANIFEST_FILE)
    .map((finding) => displayed(finding, group.display));
  return { files: covered.length, lines: sum(covered, (file) => site.project.lineTableOf(file).lineCount), findings };
}

/** A finding with its paths as the caller typed them. */
function displayed(finding: Finding, display: (path: string) => string): Finding {
  return {
    ...finding,
    file: display(finding.file),
    related: finding.related.map((place) => ({ ...place, file: display(place.file) })),
  };
}

function countLines(project: ReturnType<typeof looseProject>): number {
  return sum(project.files, (file) => project.lineTableOf(file).lineCount);
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
