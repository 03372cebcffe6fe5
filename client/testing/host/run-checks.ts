/** Runs tests, suites and scenarios of a site, and says of each how it came out. */

import { decodeText } from '../../../core/base/decode.js';
import { type Finding, failsVerdict } from '../../../core/base/finding.js';
import { readSource } from '../../../core/formats/read-source.js';
import { type FileCoverage, mergeCoverage } from '../../../core/simulation/coverage.js';
import { runScenario, type ScenarioResult } from '../../../core/simulation/scenario.js';
import { readScenario } from '../../../core/simulation/scenario-file.js';
import { runTestFile } from '../../../core/simulation/site-checks.js';
import { runTcUnitSuites } from '../../../core/simulation/tcunit-runner.js';
import type { TestResult } from '../../../core/simulation/test-runner.js';
import type {
  CheckMessage,
  CheckOutcome,
  CoveredFile,
  FoundCheck,
  FoundSite,
  RunEvent,
} from '../simulator-protocol.js';
import { coverageForEditor } from './editor-coverage.js';
import { numbered } from './find-checks.js';
import { errorText, type OpenedSite } from './site-files.js';

export interface RunOptions {
  readonly coverage: boolean;
  readonly clock: () => number;
  readonly say: (event: RunEvent) => void;
}

/** Never aborted: a run that is cancelled ends with its process. */
const { signal } = new AbortController();

/** Runs the checks with the given ids, file by file; null: all. Returns what they covered together. */
export function runChecks(
  { site, errors }: OpenedSite,
  found: FoundSite,
  ids: ReadonlySet<string> | null,
  options: RunOptions,
): CoveredFile[] {
  const chosen = found.files.flatMap((file) => {
    const checks = file.checks.filter(({ id }) => ids === null || ids.has(id));
    return checks.length === 0 ? [] : [{ file: file.file, checks }];
  });
  const [error] = errors;
  const coverage: (readonly FileCoverage[])[] = [];
  for (const { file, checks } of chosen) {
    for (const { id } of checks) options.say({ event: 'started', id });
    const run = error === undefined ? runFile(site, file, checks, options) : allBroken(checks, [error]);
    coverage.push(run.coverage);
    for (const outcome of run.outcomes) options.say({ event: 'outcome', outcome });
  }
  return options.coverage ? coverageForEditor(site.project, mergeCoverage(coverage)) : [];
}

interface FileRun {
  readonly outcomes: readonly CheckOutcome[];
  readonly coverage: readonly FileCoverage[];
}

function runFile(
  site: OpenedSite['site'],
  path: string,
  checks: readonly FoundCheck[],
  { coverage, clock }: RunOptions,
): FileRun {
  const bytes = site.snapshot.get(path) ?? new Uint8Array();
  const common = { signal, clock, coverage };
  switch (checks[0]?.kind) {
    case 'scenario': {
      const reading = readScenario(path, decodeText(bytes).text);
      if ('findings' in reading) return allBroken(checks, reading.findings);
      const begin = clock();
      const result = runScenario(site.project, reading.scenario, { coverage });
      return { outcomes: [outcomeOfScenario(result, clock() - begin)], coverage: result.coverage };
    }
    case 'suite-test': {
      const suites = new Set(checks.map(({ name }) => name.split('.')[0]));
      const run = runTcUnitSuites(site.project, { ...common, only: (name) => suites.has(name) });
      return outcomesOfTests(run, checks, (test) => `${test.file}::${test.name}`);
    }
    default: {
      const names = new Set(checks.map(({ name }) => name));
      const file = readSource(path, bytes, site.project.dialect);
      const run = runTestFile(site.project, file, { ...common, only: (name) => names.has(name) });
      const idOf = numbered();
      return outcomesOfTests(run, checks, (test) => idOf(`${test.file}::${test.name}`));
    }
  }
}

function outcomesOfTests(
  run: {
    readonly tests: readonly TestResult[];
    readonly findings: readonly Finding[];
    readonly coverage: readonly FileCoverage[];
  },
  checks: readonly FoundCheck[],
  idOf: (test: TestResult) => string,
): FileRun {
  const errors = run.findings.filter(({ severity }) => failsVerdict(severity));
  if (errors.length > 0) return allBroken(checks, errors);
  const results = new Map(run.tests.map((test) => [idOf(test), test] as const));
  const outcomes: CheckOutcome[] = [];
  for (const check of checks) {
    const own = results.get(check.id);
    // A suite whose tests are named only while it runs is one check with many results.
    const inside = [...results].filter(([id]) => check.kind === 'suite-test' && id.startsWith(`${check.id}.`));
    if (own !== undefined) outcomes.push(outcomeOfTest(check.id, own));
    for (const [id, test] of inside) outcomes.push(outcomeOfTest(id, test));
    // What gave no result must not look like something that is still to come.
    if (own === undefined && inside.length === 0)
      outcomes.push(brokenOutcome(check, [messageOf('It gave no result: the suite did not reach it.')]));
  }
  return { outcomes, coverage: run.coverage };
}

function outcomeOfTest(id: string, test: TestResult): CheckOutcome {
  const { name, status, ms } = test;
  if (status === 'passed') return { id, name, status, ms, messages: [] };
  const placed = /^(.+?):(\d+): ([\s\S]*)$/.exec(test.message);
  const isPlaced = placed !== null && Number(placed[2]) === test.failedAt;
  const message: CheckMessage = {
    text: isPlaced ? (placed[3] ?? '') : test.message,
    file: isPlaced ? (placed[1] ?? test.file) : test.file,
    line: test.failedAt ?? test.line,
    column: 1,
    expected: test.expected,
    actual: test.actual,
  };
  return { id, name, status, ms, messages: [message] };
}

function outcomeOfScenario(result: ScenarioResult, ms: number): CheckOutcome {
  const reached = result.unknown.filter(({ isReached }) => isReached);
  const messages =
    result.status === 'unknown'
      ? reached.map(
          (use): CheckMessage => ({
            ...messageOf(`The result is unknown: ${use.name}: ${use.reason}`),
            file: use.file,
            line: use.line,
          }),
        )
      : result.findings.map(messageOfFinding);
  return { id: result.file, name: result.name, status: result.status, ms, messages };
}

function messageOfFinding({ message, file, line, column, witness }: Finding): CheckMessage {
  const text = (value: unknown): string | null =>
    value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : shownValue(value);
  const { expected, actual } = witness;
  return { text: message, file, line, column, expected: text(expected), actual: text(actual) };
}

function shownValue(value: unknown): string {
  return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
}

function messageOf(text: string): CheckMessage {
  return { text, file: null, line: 1, column: 1, expected: null, actual: null };
}

function allBroken(checks: readonly FoundCheck[], findings: readonly Finding[]): FileRun {
  const messages = findings.slice(0, 5).map(messageOfFinding);
  return { outcomes: checks.map((check) => brokenOutcome(check, messages)), coverage: [] };
}

function brokenOutcome({ id, name }: FoundCheck, messages: readonly CheckMessage[]): CheckOutcome {
  return { id, name, status: 'broken', ms: null, messages };
}

/** Why a site can't be run; null when it can. */
export function obstacleOf({ errors }: OpenedSite): string | null {
  const [first, ...more] = errors;
  if (first === undefined) return null;
  return `The code has errors and can not be run: ${errorText(first)}${more.length === 0 ? '' : ` (and ${more.length} more)`}`;
}
