/** Runs suites in the manner of TcUnit: function blocks that extend FB_TestSuite, called scan by scan in virtual time. */

import { type Finding, failsVerdict, startOfFile } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import { projectWithFile, schedulingOf } from '../language/semantics/project-with-file.js';
import { keyOf, type PouSymbol } from '../language/semantics/symbols.js';
import { parseSourceFile } from '../language/syntax/parser.js';
import type { Call, SourceFile } from '../language/syntax/tree.js';
import { walk } from '../language/syntax/walk.js';
import { coverageOf } from './coverage.js';
import { TCUNIT_TESTS, tcUnitText } from './library/tcunit.js';
import { compileSimulation, type Simulation } from './simulation.js';
import type { Debugger } from './simulation-options.js';
import type { TestOptions, TestResult, TestRun } from './test-runner.js';

const LIBRARY_FILE = '<TcUnit>';
const BASE = 'FB_TESTSUITE';
/** Virtual time after which a test that has not finished fails: ten minutes. */
const LIMIT_NS = 600_000_000_000;

/** Suites of the project: blocks that extend FB_TestSuite, directly or not. Abstract ones only serve others. */
export function tcUnitSuites(project: Project): readonly PouSymbol[] {
  const byName = new Map(project.pous.map((pou) => [keyOf(pou.name), pou]));
  const extendsSuite = (pou: PouSymbol, depth: number): boolean =>
    depth < 20 &&
    (pou.declaration?.extends ?? []).some((name) => {
      const key = keyOf(name.parts.at(-1)?.name ?? '');
      if (key === BASE) return true;
      const base = byName.get(key);
      return base !== undefined && extendsSuite(base, depth + 1);
    });
  return project.pous.filter(
    (pou) => pou.pouKind === 'function-block' && pou.declaration?.modifiers.isAbstract !== true && extendsSuite(pou, 0),
  );
}

/** Runs every suite of a project, each on its own from a cold start. */
export function runTcUnitSuites(project: Project, options: TestOptions = {}): TestRun {
  const suites = tcUnitSuites(project);
  if (suites.length === 0) return { tests: [], findings: [], coverage: [] };
  const scheduled = scheduleSuites(project, suites);
  if ('findings' in scheduled) return { tests: [], findings: scheduled.findings, coverage: [] };
  const simulation = compileSimulation(scheduled.alone, { coverage: options.coverage === true });
  const tests: TestResult[] = [];
  for (const [index, suite] of suites.entries()) {
    if (options.only?.(suite.name) === false) continue;
    options.signal?.throwIfAborted();
    tests.push(...runSuite(simulation, suite, index, options));
  }
  const files = new Set(suites.map((suite) => suite.site?.file.path));
  const coverage = options.coverage === true ? coverageOf(simulation) : [];
  return {
    tests,
    findings: [],
    coverage: coverage.filter((each) => each.file !== LIBRARY_FILE && !files.has(each.file)),
  };
}

/** One suite that somebody else runs scan by scan: a debugger. */
export interface PreparedSuite {
  readonly simulation: Simulation;
  /** Cold start, with the suite chosen. */
  begin(): void;
  /** True when every test has finished, or none will. Asked after a scan. */
  isDone(): boolean;
  /** How its tests stand. */
  results(): TestResult[];
}

/** Prepares the suite of that name; null when there is none that can run. */
export function prepareSuite(project: Project, name: string, inspector: SuiteInspector): PreparedSuite | null {
  const suites = tcUnitSuites(project);
  const index = suites.findIndex((each) => keyOf(each.name) === keyOf(name));
  const suite = suites[index];
  const scheduled = suite === undefined ? null : scheduleSuites(project, suites);
  if (suite === undefined || scheduled === null || 'findings' in scheduled) return null;
  const simulation = compileSimulation(scheduled.alone, { debugger: inspector(scheduled.alone) });
  return {
    simulation,
    begin() {
      simulation.reset();
      simulation.write('PW_TCUNIT_RUNNER.PW_Suite', index);
    },
    isDone: () => isSuiteDone(simulation, index),
    results: () => resultsOf(simulation, suite, index, null),
  };
}

/** Makes the debugger of the project in which a suite runs. */
export type SuiteInspector = (project: Project) => Debugger;

/** The project with a program that calls the suites, and nothing else scheduled; or what is wrong with the suites. */
function scheduleSuites(
  project: Project,
  suites: readonly PouSymbol[],
): { readonly alone: Project } | { readonly findings: readonly Finding[] } {
  const own = project.pous.find((pou) => keyOf(pou.name) === BASE);
  if (own !== undefined) {
    const file = own.site?.file.path ?? project.files[0]?.path ?? '';
    return { findings: [ownLibraryFinding(file)] };
  }
  const library = parseSourceFile(LIBRARY_FILE, tcUnitText() + runnerText(suites), project.dialect);
  const { cycle } = schedulingOf(project);
  const complete = projectWithFile(project, library, { entry: 'PW_TCUNIT_RUNNER', cycle });
  const files = new Set(suites.map((suite) => suite.site?.file.path));
  const findings = complete.findings.filter((each) => files.has(each.file) && failsVerdict(each.severity));
  if (findings.length > 0) return { findings };
  // Only the runner is scheduled: what the site schedules would move the same globals.
  const scheduled = complete.pous.find((pou) => keyOf(pou.name) === 'PW_TCUNIT_RUNNER');
  if (scheduled === undefined) return { findings: [...library.syntaxErrors].map(brokenLibrary) };
  const alone: Project = {
    ...complete,
    lineTableOf: (file) => complete.lineTableOf(file),
    lookup: (name) => complete.lookup(name),
    schedule: [
      {
        name: 'tests',
        interval: project.schedule[0]?.interval ?? 10_000_000n,
        priority: 0,
        declaration: null,
        programs: [{ instanceName: 'PW_TCUNIT_RUNNER', pou: scheduled, instance: null }],
      },
    ],
  };
  return { alone };
}

function ownLibraryFinding(file: string): Finding {
  return {
    ...startOfFile(file),
    code: 'SIM-TCUNIT',
    rule: 'tcunit-sources',
    severity: 'error',
    message:
      'The sources of TcUnit are part of the site. Plantwright brings its own FB_TestSuite: name theirs under `libraries:` outside of the sources, or leave them out.',
    related: [],
    witness: {},
  };
}

function brokenLibrary({ message }: { readonly message: string }): Finding {
  return {
    ...startOfFile(LIBRARY_FILE),
    code: 'SIM-TCUNIT',
    rule: 'tcunit-library',
    severity: 'error',
    message,
    related: [],
    witness: {},
  };
}

/** A program with one instance of each suite; `PW_Suite` says which one runs. */
function runnerText(suites: readonly PouSymbol[]): string {
  const instances = suites.map((suite, index) => `PW_S${index} : ${suite.qualifiedName};`);
  const calls = suites.map((_, index) => `${index}: PW_S${index}();`);
  return `PROGRAM PW_TCUNIT_RUNNER
VAR PW_Suite : INT := -1; ${instances.join(' ')} END_VAR
CASE PW_Suite OF
${calls.join('\n')}
END_CASE;
END_PROGRAM
`;
}

function runSuite(simulation: Simulation, suite: PouSymbol, index: number, options: TestOptions): TestResult[] {
  const begin = options.clock?.() ?? null;
  simulation.reset();
  simulation.write('PW_TCUNIT_RUNNER.PW_Suite', index);
  options.observer?.begin(suite.name, simulation, null);
  do {
    if (simulation.scans % 256 === 0) options.signal?.throwIfAborted();
    simulation.scan();
    options.observer?.sample(null);
  } while (!isSuiteDone(simulation, index));
  const end = options.clock?.() ?? null;
  const tests = countTests(simulation, index);
  const ms = begin === null || end === null ? null : (end - begin) / Math.max(1, tests);
  const results = resultsOf(simulation, suite, index, ms);
  if (tests > 0) for (const each of results) options.observer?.end(each);
  return results;
}

const placeIn = (index: number, name: string): string => `PW_TCUNIT_RUNNER.PW_S${index}.${name}`;

function countTests(simulation: Simulation, index: number): number {
  return Number(simulation.readJson(placeIn(index, 'PW_Count')) ?? 0);
}

function isSuiteDone(simulation: Simulation, index: number): boolean {
  const tests = countTests(simulation, index);
  // A suite without tests is called once; there is nothing to wait for.
  if (simulation.fault !== null || tests === 0 || tests >= TCUNIT_TESTS || simulation.nowNs >= LIMIT_NS) return true;
  for (let test = 1; test <= tests; test++)
    if (simulation.readJson(placeIn(index, `PW_Finished[${test}]`)) !== true) return false;
  return true;
}

function resultsOf(simulation: Simulation, suite: PouSymbol, index: number, ms: number | null): TestResult[] {
  const at = (name: string): string => placeIn(index, name);
  const tests = countTests(simulation, index);
  const file = suite.site?.file;
  const results: TestResult[] = [];
  for (let test = 1; test <= tests; test++) {
    const text = (name: string): string => String(simulation.readJson(at(`${name}[${test}]`)) ?? '');
    const name = text('PW_Names');
    const isFinished = simulation.readJson(at(`PW_Finished[${test}]`)) === true;
    const isFailed = simulation.readJson(at(`PW_Failed[${test}]`)) === true;
    const message = text('PW_Message');
    results.push({
      file: file?.path ?? '',
      line: lineOfCall(simulation.project, file, ['TEST', 'TEST_ORDERED'], name) ?? 1,
      name: `${suite.name}.${name}`,
      ms,
      ...outcomeOf(simulation, {
        isFinished,
        isFailed,
        expected: text('PW_Expected'),
        actual: text('PW_Actual'),
        message,
      }),
      failedAt: isFailed ? assertionLine(simulation.project, file, message) : null,
    });
  }
  if (results.length > 0) return results;
  // A suite that stops before its first test, or has none, must not look like one that passed.
  return [
    {
      file: file?.path ?? '',
      line: 1,
      name: suite.name,
      ms,
      status: 'failed',
      message: simulation.fault?.message ?? 'The suite has no test: its body calls no TEST.',
      failedAt: simulation.fault?.line ?? null,
      actual: null,
      expected: null,
    },
  ];
}

interface Verdict {
  readonly isFinished: boolean;
  readonly isFailed: boolean;
  readonly expected: string;
  readonly actual: string;
  readonly message: string;
}

function outcomeOf(
  simulation: Simulation,
  verdict: Verdict,
): Pick<TestResult, 'status' | 'message' | 'actual' | 'expected'> {
  const { expected, actual, message } = verdict;
  if (verdict.isFailed) {
    const note = message === '' ? '' : ` (${message})`;
    return { status: 'failed', message: `expected ${expected}, actual ${actual}${note}`, expected, actual };
  }
  const nothing = { actual: null, expected: null };
  if (!verdict.isFinished) {
    const reason =
      simulation.fault?.message ?? `TEST_FINISHED was not called within ${LIMIT_NS / 1e9} s of virtual time`;
    return { status: 'failed', message: reason, ...nothing };
  }
  if (!simulation.isUnknown) return { status: 'passed', message: '', ...nothing };
  const reasons = simulation.unknownBlocks
    .filter((each) => each.isReached)
    .map((each) => `${each.name} (${each.file}:${each.line}): ${each.reason}`);
  return { status: 'unknown', message: `The result is unknown: ${reasons.join('; ')}`, ...nothing };
}

/** Line of the call of one of some names whose first argument is the text. */
function lineOfCall(
  project: Project,
  file: SourceFile | undefined,
  names: readonly string[],
  text: string,
): number | null {
  const call = callsWith(file, text).find((each) => names.includes(calleeName(each)));
  return call === undefined || file === undefined ? null : project.lineTableOf(file).positionAt(call.start).line;
}

/** The assertion with that message, when there is just one. */
function assertionLine(project: Project, file: SourceFile | undefined, message: string): number | null {
  if (message === '' || file === undefined) return null;
  const [only, ...more] = callsWith(file, message).filter((each) => calleeName(each).startsWith('ASSERT'));
  return only === undefined || more.length > 0 ? null : project.lineTableOf(file).positionAt(only.start).line;
}

function calleeName({ callee }: Call): string {
  if (callee.kind === 'Name') return keyOf(callee.name.name);
  return callee.kind === 'Member' ? keyOf(callee.member.name) : '';
}

function callsWith(file: SourceFile | undefined, text: string): Call[] {
  const calls: Call[] = [];
  if (file === undefined) return calls;
  walk(file, (node) => {
    if (node.kind !== 'Call') return;
    const hasText = node.arguments.some(({ value }) => value?.kind === 'Literal' && value.value === text);
    if (hasText) calls.push(node);
  });
  return calls;
}
