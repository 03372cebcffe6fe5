/** The checks of record of a site: its unit tests and its scenarios, run as its manifest names them. */

import { decodeText } from '../base/decode.js';
import type { Finding } from '../base/finding.js';
import { failsVerdict } from '../base/finding.js';
import { readSource } from '../formats/read-source.js';
import type { Project } from '../language/semantics/model.js';
import { projectWithFile } from '../language/semantics/project-with-file.js';
import type { SourceFile } from '../language/syntax/tree.js';
import type { Site } from '../site/site.js';
import { sitePaths } from '../site/source-paths.js';
import { type FileCoverage, mergeCoverage } from './coverage.js';
import { runScenario, type ScenarioResult } from './scenario.js';
import { readScenario } from './scenario-file.js';
import { runTcUnitSuites } from './tcunit-runner.js';
import { runTests, type TestOptions, type TestResult, type TestRun } from './test-runner.js';

export interface SiteChecks {
  readonly tests: readonly TestResult[];
  readonly scenarios: readonly ScenarioResult[];
  /** Test and scenario files that can't be read or do not compile. */
  readonly findings: readonly Finding[];
  /** What all tests and scenarios together ran; empty unless asked for. */
  readonly coverage: readonly FileCoverage[];
}

export interface SiteCheckOptions {
  readonly signal: AbortSignal;
  /** Called before each file: what part is done, and the file that is next. */
  readonly progress?: (fraction: number, file: string) => void;
  /** Milliseconds of real time for the durations of tests; without one they are null. */
  readonly clock?: () => number;
  readonly coverage?: boolean;
}

/** Runs every test and every scenario of a site, in order of paths. */
export function runSiteChecks(site: Site, options: SiteCheckOptions): SiteChecks {
  const paths = sitePaths(site.manifest, site.snapshot.keys());
  const total = paths.tests.length + paths.scenarios.length;
  const tests: TestResult[] = [];
  const scenarios: ScenarioResult[] = [];
  const findings: Finding[] = [];
  const coverage: (readonly FileCoverage[])[] = [];
  let done = 0;
  const next = (path: string): Uint8Array => {
    options.signal.throwIfAborted();
    options.progress?.(done / Math.max(1, total), path);
    done++;
    return site.snapshot.get(path) ?? new Uint8Array();
  };
  for (const path of paths.tests) {
    const file = readSource(path, next(path), site.project.dialect);
    const run = runTestFile(site.project, file, options);
    tests.push(...run.tests);
    findings.push(...run.findings);
    coverage.push(run.coverage);
  }
  // Suites that extend FB_TestSuite are sources of the site; there is no test file to name.
  options.signal.throwIfAborted();
  const suites = runTcUnitSuites(site.project, options);
  tests.push(...suites.tests);
  findings.push(...suites.findings);
  coverage.push(suites.coverage);
  for (const path of paths.scenarios) {
    const reading = readScenario(path, decodeText(next(path)).text);
    if ('findings' in reading) findings.push(...reading.findings);
    else {
      const result = runScenario(site.project, reading.scenario, options);
      scenarios.push(result);
      coverage.push(result.coverage);
    }
  }
  return { tests, scenarios, findings, coverage: mergeCoverage(coverage) };
}

/**
 * Runs one test file against a project: the file becomes part of a project of its own, so that test files never see each
 * other. A test file that does not compile has no results, only findings.
 */
export function runTestFile(project: Project, file: SourceFile, options: TestOptions): TestRun {
  const withTests = projectWithFile(project, file);
  const mistakes = withTests.findings.filter((finding) => finding.file === file.path && failsVerdict(finding.severity));
  if (mistakes.length > 0) return { tests: [], findings: mistakes, coverage: [] };
  return runTests(withTests, file, options);
}
