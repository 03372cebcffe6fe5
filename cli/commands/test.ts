import type { Command } from 'commander';
import { writeDurably } from '../../core/base/durable-file.js';
import type { Finding } from '../../core/base/finding.js';
import { failsVerdict } from '../../core/base/finding.js';
import { readSource } from '../../core/formats/read-source.js';
import { executionProfile } from '../../core/simulation/compile/profile.js';
import {
  type CoverageTotals,
  coverageToLcov,
  coverageTotals,
  type FileCoverage,
  mergeCoverage,
} from '../../core/simulation/coverage.js';
import { junitCaseOfScenario, junitCaseOfTest, junitXml } from '../../core/simulation/junit.js';
import type { ScenarioResult } from '../../core/simulation/scenario.js';
import { runSiteChecks, runTestFile, type SiteChecks } from '../../core/simulation/site-checks.js';
import { runTcUnitSuites } from '../../core/simulation/tcunit-runner.js';
import type { TestResult } from '../../core/simulation/test-runner.js';
import { attach, type CommonOptions, printJson, type ReportExit, withCommonOptions } from '../command.js';
import { EXIT } from '../exit-code.js';
import { findingsAsText } from '../print-findings.js';
import { looseProject, openSiteFolder, parseDialect } from '../project-sources.js';
import { readInput } from '../read-input.js';
import { groupSources, requireSiteRoot, siteRootOf } from '../source-groups.js';
import { UsageError } from '../usage-error.js';

interface TestOptions extends CommonOptions {
  readonly tests?: readonly string[];
  readonly dialect?: string;
  readonly junit?: string;
  readonly coverage?: string;
}

interface TestRow {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message: string;
  readonly ms: number;
}

export function registerTest(program: Command, signal: AbortSignal, reportExit: ReportExit): void {
  const command = withCommonOptions(program.command('test'))
    .description('ST unit tests and scenarios')
    .argument('[sources...]', 'a site, or ST files under test; default: the site around this folder')
    .option('--tests <files...>', 'test files for sources outside of a site')
    .option('--dialect <dialect>', 'dialect of files outside of a site')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--coverage <file>', 'write statement, branch and MC/DC coverage as lcov')
    .addHelpText(
      'after',
      '\nExamples:\n  plantwright test plant-01 --junit results.xml --coverage coverage.lcov\n  plantwright test Counter.st --tests counter_test.st',
    );
  attach<TestOptions>(command, signal, reportExit, async ({ terminal, wantsJson }, options, operands) => {
    const siteRoot = options.tests === undefined ? siteOf(operands) : null;
    const checks =
      siteRoot === null
        ? runLooseTests(operands, options, signal)
        : await runSite(siteRoot, options, signal, (fraction, file) => terminal.progress(fraction, file));
    terminal.endProgress();
    const rows = [...checks.tests.map(testRow), ...checks.scenarios.map(scenarioRow)];
    const passed = rows.filter((row) => row.status === 'passed').length;
    const broken = checks.findings.filter((finding) => failsVerdict(finding.severity));
    const failed = rows.filter((row) => row.status === 'failed').length;
    if (options.junit !== undefined) {
      writeDurably(
        options.junit,
        junitXml([...checks.tests.map(junitCaseOfTest), ...checks.scenarios.map(junitCaseOfScenario)]),
      );
    }
    const coverage = options.coverage === undefined ? null : writeCoverage(options.coverage, checks.coverage);
    if (wantsJson)
      printJson(terminal, {
        passed,
        failed,
        skipped: 0,
        tests: rows,
        coverage,
        findings: checks.findings,
        profile: checks.profile,
      });
    else {
      for (const row of rows) {
        const mark = row.status === 'passed' ? terminal.colors('green', 'passed') : terminal.colors('red', 'failed');
        terminal.result(
          `${mark} ${row.file}:${row.line} ${row.name}${row.message === '' ? '' : `\n       ${row.message.replaceAll('\n', '\n       ')}`}`,
        );
      }
      if (checks.findings.length > 0) terminal.result(findingsAsText(checks.findings, terminal.colors));
      if (coverage !== null) terminal.result(coverageText(coverage));
      terminal.result(`${passed} passed, ${failed} failed, 0 skipped`);
      terminal.log(`with the semantics of ${checks.profile}`);
    }
    return failed === 0 && broken.length === 0 ? EXIT.clean : EXIT.findings;
  });
}

/** The results, and the semantics profile under which they came about. */
type NamedChecks = SiteChecks & { readonly profile: string };

/** The site to test: the one that is named, or the one around this folder when nothing is named. */
function siteOf(operands: readonly string[]): string | null {
  const [only, ...more] = operands;
  if (only === undefined) return requireSiteRoot('.');
  return more.length === 0 ? siteRootOf(only) : null;
}

async function runSite(
  root: string,
  options: TestOptions,
  signal: AbortSignal,
  progress: (fraction: number, file: string) => void,
): Promise<NamedChecks> {
  const site = await openSiteFolder(root, signal);
  const errors: Finding[] = [...site.manifestFindings, ...site.project.findings].filter((finding) =>
    failsVerdict(finding.severity),
  );
  const profile = executionProfile(site.project.dialect).name;
  if (errors.length > 0) return { tests: [], scenarios: [], findings: errors, coverage: [], profile };
  const checks = runSiteChecks(site, {
    signal,
    progress,
    clock: () => performance.now(),
    coverage: options.coverage !== undefined,
  });
  if (checks.tests.length + checks.scenarios.length + checks.findings.length === 0) {
    throw new UsageError('the site has no tests and no scenarios. Name them under checks: in plantwright.yaml.');
  }
  return { ...checks, profile };
}

function runLooseTests(operands: readonly string[], options: TestOptions, signal: AbortSignal): NamedChecks {
  const dialect = parseDialect(options.dialect);
  const sources = groupSources(operands);
  const files = [...sources.files, ...operands.filter((path) => siteRootOf(path) !== null)];
  const project = looseProject([...new Set(files)], dialect, null);
  const errors = project.findings.filter((finding) => failsVerdict(finding.severity));
  const profile = executionProfile(project.dialect).name;
  if (errors.length > 0) return { tests: [], scenarios: [], findings: errors, coverage: [], profile };
  const suites = runTcUnitSuites(project, {
    signal,
    clock: () => performance.now(),
    coverage: options.coverage !== undefined,
  });
  if ((options.tests ?? []).length + suites.tests.length + suites.findings.length === 0) {
    throw new UsageError('name the test files with --tests; only a site names its own.');
  }
  const tests: TestResult[] = [...suites.tests];
  const findings: Finding[] = [...suites.findings];
  const coverage: (readonly FileCoverage[])[] = [suites.coverage];
  for (const path of options.tests ?? []) {
    const run = runTestFile(project, readSource(path, readInput(path), project.dialect), {
      signal,
      clock: () => performance.now(),
      coverage: options.coverage !== undefined,
    });
    coverage.push(run.coverage);
    tests.push(...run.tests);
    findings.push(...run.findings);
  }
  return { tests, scenarios: [], findings, coverage: mergeCoverage(coverage), profile };
}

/** The numbers of all files together, and of each. */
interface CoverageReport extends CoverageTotals {
  readonly files: readonly (CoverageTotals & { readonly file: string })[];
}

function writeCoverage(path: string, files: readonly FileCoverage[]): CoverageReport {
  writeDurably(path, coverageToLcov(files));
  return { ...coverageTotals(files), files: files.map((each) => ({ file: each.file, ...coverageTotals([each]) })) };
}

const COVERAGE_KINDS = ['statements', 'branches', 'conditions', 'mcdc'] as const;

function coverageText(totals: CoverageTotals): string {
  const parts = COVERAGE_KINDS.map((name) => {
    const { covered, total } = totals[name];
    const percent = total === 0 ? '' : ` (${((100 * covered) / total).toFixed(1)} %)`;
    return `${name === 'mcdc' ? 'MC/DC' : name} ${covered} of ${total}${percent}`;
  });
  return `coverage: ${parts.join(', ')}`;
}

function testRow({ file, line, name, status, message, ms }: TestResult): TestRow {
  return { file, line, name, status: status === 'passed' ? 'passed' : 'failed', message, ms: ms ?? 0 };
}

function scenarioRow(result: ScenarioResult): TestRow {
  const reached = result.unknown.filter((use) => use.isReached);
  const messages = [
    ...result.findings.map((finding) => `${finding.file}:${finding.line}: ${finding.message}`),
    ...(result.status === 'unknown'
      ? reached.map((use) => `the result is unknown: ${use.name} (${use.file}:${use.line}): ${use.reason}`)
      : []),
  ];
  return {
    file: result.file,
    line: result.findings[0]?.line ?? 1,
    name: result.name,
    status: result.status === 'passed' ? 'passed' : 'failed',
    message: messages.join('\n'),
    ms: 0,
  };
}
