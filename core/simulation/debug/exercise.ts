/** What a debugger runs: the scans of a program, a scenario or a suite, or one test as a whole. */

import { type Finding, startOfFile } from '../../base/finding.js';
import { driveScenario, type ScenarioDriver } from '../scenario.js';
import type { Scenario } from '../scenario-file.js';
import type { Simulation } from '../simulation.js';
import type { PreparedSuite } from '../tcunit-runner.js';
import type { JudgedTest, PreparedTest, TestResult } from '../test-runner.js';

/** How a scan came out. */
export interface ScanOutcome {
  /** Faults of the program, and expectations and invariants that did not hold. */
  readonly findings: readonly Finding[];
  /** Null while there is more to run; otherwise how it ended, for people. */
  readonly end: string | null;
}

/** Something that runs scan by scan, the same way each time. */
export interface Exercise {
  readonly simulation: Simulation;
  /** Shown as the name of the thread. */
  readonly name: string;
  /** `whole`: everything runs in one piece, as a test does; its time goes on in between. */
  readonly unit: 'scan' | 'whole';
  /** True when it remembers nothing between scans: then it can go on from any saved state. */
  readonly isStateless: boolean;
  /** Starts anew from a cold start, up to the first scan. */
  begin(): void;
  /** Runs one scan. A debugger may throw out of it. */
  run(): void;
  /** Judges the scan that has run. */
  finish(): ScanOutcome;
  /** Sets the inputs of the next scan. */
  advance(): void;
}

/**
 * A program with inputs set by hand. `scanLimit`: null for no end. `inputs`: values by tag before the first scan; they
 * must have been checked.
 */
export function programExercise(
  simulation: Simulation,
  name: string,
  scanLimit: number | null,
  inputs: ReadonlyMap<string, unknown> = new Map(),
): Exercise {
  return {
    simulation,
    name,
    unit: 'scan',
    isStateless: true,
    begin() {
      simulation.reset();
      for (const [tag, value] of inputs) simulation.write(tag, value);
    },
    run: () => void simulation.scan(),
    finish() {
      const { fault } = simulation;
      if (fault !== null) return { findings: [fault], end: 'The controller has stopped.' };
      const isDone = scanLimit !== null && simulation.scans >= scanLimit;
      return { findings: [], end: isDone ? `${simulation.scans} scans have run.` : null };
    },
    advance: () => undefined,
  };
}

/** A scenario with its inputs, expectations and invariants. */
export function scenarioExercise(simulation: Simulation, scenario: Scenario): Exercise {
  const { name } = scenario.content;
  let driver: ScenarioDriver = driveScenario(simulation, scenario);
  const endOf = (): string => {
    const { status, findings } = driver.result();
    return `${name}: ${status}${findings.length === 0 ? '' : `, ${findings.length} findings`}.`;
  };
  return {
    simulation,
    name,
    unit: 'scan',
    isStateless: false,
    begin() {
      simulation.reset();
      driver = driveScenario(simulation, scenario);
      if (!driver.isOver) driver.beforeScan();
    },
    run() {
      if (!driver.isOver) simulation.scan();
    },
    finish() {
      // A scenario that does not fit the project has run nothing; its findings say why.
      const isRefused = driver.isOver && simulation.scans === 0;
      const findings = isRefused ? driver.result().findings : driver.afterScan();
      return { findings, end: driver.isOver ? endOf() : null };
    },
    advance: () => driver.beforeScan(),
  };
}

/** One test, from SETUP to TEARDOWN in one piece. */
export function testExercise(test: PreparedTest, name: string): Exercise {
  let judged: JudgedTest | null = null;
  return {
    simulation: test.simulation,
    name,
    unit: 'whole',
    isStateless: false,
    begin: () => test.simulation.reset(),
    run() {
      judged = test.run();
    },
    finish() {
      const { outcome, finding } = judged ?? { outcome: null, finding: null };
      const end =
        outcome?.status === 'passed' ? `${name}: passed.` : `${name}: ${outcome?.status}. ${outcome?.message}`;
      return { findings: finding === null ? [] : [inOwnWords(finding, outcome?.message ?? '')], end };
    },
    advance: () => undefined,
  };
}

/** A suite in the manner of TcUnit, scan by scan. */
export function suiteExercise(suite: PreparedSuite, name: string): Exercise {
  const { simulation } = suite;
  return {
    simulation,
    name,
    unit: 'scan',
    isStateless: true,
    begin: () => suite.begin(),
    run: () => void simulation.scan(),
    finish() {
      const { fault } = simulation;
      if (fault !== null) return { findings: [fault], end: `${name}: the controller has stopped.` };
      if (!suite.isDone()) return { findings: [], end: null };
      const results = suite.results();
      const failed = results.filter((each) => each.status !== 'passed');
      const passed = results.length - failed.length;
      return { findings: failed.map(findingOfResult), end: `${name}: ${passed} of ${results.length} tests passed.` };
    },
    advance: () => undefined,
  };
}

function findingOfResult({ file, line, failedAt, name, message }: TestResult): Finding {
  return {
    ...startOfFile(file),
    line: failedAt ?? line,
    endLine: failedAt ?? line,
    code: 'SIM-TCUNIT',
    rule: 'tcunit-assertion',
    severity: 'error',
    message: `${name}: ${message}`,
    related: [],
    witness: {},
  };
}

/** A failed assertion stops the test, not the controller. */
function inOwnWords(finding: Finding, message: string): Finding {
  if (finding.code !== 'SIM-ASSERT') return finding;
  return { ...finding, message: message.replace(`${finding.file}:${finding.line}: `, '') };
}
