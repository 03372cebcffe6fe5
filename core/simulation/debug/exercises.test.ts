import { describe, expect, test } from 'vitest';
import { projectWithFile } from '../../language/semantics/project-with-file.js';
import { parseSourceFile } from '../../language/syntax/parser.js';
import { runScenario } from '../scenario.js';
import { readScenario } from '../scenario-file.js';
import { createSimulation } from '../simulation.js';
import { prepareSuite } from '../tcunit-runner.js';
import { prepareTest } from '../test-runner.js';
import { projectOf } from '../test-support.js';
import { lineOf, shown, stopOf, UNBROKEN } from './debug.test-data.js';
import { DebugRun } from './debug-run.js';
import { scenarioExercise, suiteExercise, testExercise } from './exercise.js';
import { Probe } from './probe.js';

const MOTOR = `FUNCTION_BLOCK FB_Motor
VAR_INPUT start : BOOL; guard : BOOL; END_VAR
VAR_OUTPUT run : BOOL; END_VAR
VAR delay : TON; END_VAR
delay(IN := start AND guard, PT := T#30ms);
run := delay.Q;
END_FUNCTION_BLOCK

PROGRAM Main
VAR start : BOOL; guard : BOOL; motor : FB_Motor; speed : INT; END_VAR
motor(start := start, guard := guard);
IF motor.run THEN
  speed := speed + 10;
ELSE
  speed := 0;
END_IF;
END_PROGRAM
`;

function debugScenario(text: string): DebugRun {
  const project = projectOf(MOTOR);
  const reading = readScenario('scenarios/motor.yaml', text);
  if ('findings' in reading) throw new Error(reading.findings[0]?.message);
  const probe = new Probe(project);
  const created = createSimulation(project, { debugger: probe });
  if ('findings' in created) throw new Error('no program');
  const run = new DebugRun(scenarioExercise(created.simulation, reading.scenario), probe, () => undefined);
  run.restart();
  return run;
}

const BOUNCING = `name: guard opens
record: [Main.speed]
steps:
  - at: 0
    set: { Main.start: true, Main.guard: true }
  - at: 50ms
    expect: { Main.motor.run: true }
  - at: 60ms
    fault: { tag: Main.guard, kind: bounce, for: 60ms, period: 20ms }
  - at: 200ms
    expect: { Main.motor.run: true }
`;

describe('a scenario', () => {
  test('runs under the debugger as without it', () => {
    const run = debugScenario(BOUNCING);
    const plain = runScenario(projectOf(MOTOR), scenarioOf(BOUNCING));
    run.exceptions = { faults: false, assertions: false };
    const progress = run.forward('continue', UNBROKEN);
    expect(progress.kind === 'over' && progress.outcome.end).toBe(`guard opens: ${plain.status}.`);
    const speed = plain.trace.signals.find(({ name }) => name === 'Main.speed');
    expect(shown(run, 'Main.speed')).toBe(String(speed?.values.at(-1)));
  });

  test('goes back over its inputs and faults, and forward to the same values', () => {
    const run = debugScenario(BOUNCING);
    run.forward('in', UNBROKEN);
    const speeds = new Map<number, string>();
    for (let scan = 1; scan < 18; scan++) {
      run.forward('scan', UNBROKEN);
      speeds.set(scan, shown(run, 'Main.speed') + shown(run, 'Main.guard'));
    }
    for (let scan = 16; scan > 0; scan--) {
      run.backward('scan', UNBROKEN);
      expect([scan, shown(run, 'Main.speed') + shown(run, 'Main.guard')]).toEqual([scan, speeds.get(scan)]);
    }
    for (let scan = 2; scan < 18; scan++) {
      run.forward('scan', UNBROKEN);
      expect([scan, shown(run, 'Main.speed') + shown(run, 'Main.guard')]).toEqual([scan, speeds.get(scan)]);
    }
  });

  test('a change in the past leads to another course of the same scenario', () => {
    const run = debugScenario(BOUNCING);
    run.goToScan(10, UNBROKEN);
    run.goToScan(2, UNBROKEN);
    expect(run.set('Main.motor.delay.ET', 'T#0s', null)).toEqual({ text: 'T#0s' });
    expect(run.force('Main.start', 'FALSE', null)).toEqual({ text: 'FALSE' });
    const stop = stopOf(run.forward('continue', UNBROKEN));
    expect(stop.reason.kind === 'exception' && stop.reason.finding.message).toContain('Main.motor.run is FALSE');
    expect(run.simulation.nowNs).toBe(50_000_000);
    expect([run.engine.position.scan, lineOf(run)]).toEqual([5, 'end']);
  });

  test('an expectation that fails stops at the end of its scan, and the run goes on', () => {
    const run = debugScenario(BOUNCING.replace(/true \}\n$/, 'false }\n'));
    const { reason, position } = stopOf(run.forward('continue', UNBROKEN));
    expect(reason.kind === 'exception' && [reason.finding.code, reason.finding.file]).toEqual([
      'SIM-EXPECT',
      'scenarios/motor.yaml',
    ]);
    expect(position).toEqual({ scan: 20, statement: Number.POSITIVE_INFINITY });
    expect(run.forward('continue', UNBROKEN).kind).toBe('over');
  });
});

function scenarioOf(text: string) {
  const reading = readScenario('scenarios/motor.yaml', text);
  if ('findings' in reading) throw new Error(reading.findings[0]?.message);
  return reading.scenario;
}

const TESTS = `SETUP
VAR motor : FB_Motor; END_VAR
motor(start := TRUE, guard := TRUE);
END_SETUP
TEARDOWN
motor.start := FALSE;
END_TEARDOWN
TEST 'starts late'
VAR n : INT; END_VAR
n := 1;
ADVANCE_TIME(T#20ms);
motor();
ASSERT_FALSE(motor.run);
ADVANCE_TIME(T#20ms);
motor();
n := n + 1;
ASSERT_TRUE(motor.run);
ASSERT_EQ(n, 3, 'count');
END_TEST
`;

function debugTest(): DebugRun {
  const own = projectOf(MOTOR);
  const file = parseSourceFile('motor_test.st', TESTS, 'codesys');
  const project = projectWithFile(own, file);
  const probe = new Probe(project);
  const prepared = prepareTest(project, project.files.at(-1) ?? file, 'starts late', probe);
  if (prepared === null) throw new Error('there is no such test');
  const run = new DebugRun(testExercise(prepared, 'starts late'), probe, () => undefined);
  run.restart();
  return run;
}

describe('a test', () => {
  test('stops at the assertion that fails, with its variables', () => {
    const run = debugTest();
    const stop = stopOf(run.forward('continue', UNBROKEN));
    expect(stop.reason.kind === 'exception' && stop.reason.finding.message).toBe(
      'ASSERT_EQ failed: expected 3, actual 2 (count)',
    );
    expect(stop.frames.map((frame) => frame.routine.name)).toEqual(['TEST']);
    expect([lineOf(run), shown(run, 'n'), shown(run, 'motor.run'), shown(run, 'n * 2')]).toEqual([
      18,
      '2',
      'TRUE',
      '4',
    ]);
    const progress = run.forward('continue', UNBROKEN);
    expect(progress.kind === 'over' && progress.outcome.end).toContain('failed');
  });

  test('steps by time instead of by scans', () => {
    const run = debugTest();
    run.forward('in', UNBROKEN);
    expect(lineOf(run)).toBe(3);
    run.forward('scan', UNBROKEN);
    expect([lineOf(run), run.simulation.nowNs]).toEqual([12, 20_000_000]);
    run.forward('scan', UNBROKEN);
    expect([lineOf(run), run.simulation.nowNs]).toEqual([15, 40_000_000]);
    run.backward('scan', UNBROKEN);
    expect([lineOf(run), run.simulation.nowNs]).toEqual([12, 20_000_000]);
  });

  test('changes by hand count in it', () => {
    const run = debugTest();
    run.forward('in', UNBROKEN);
    run.forward('scan', UNBROKEN);
    expect(run.set('n', '2', 0)).toEqual({ text: '2' });
    const progress = run.forward('continue', UNBROKEN);
    expect(progress.kind === 'over' && progress.outcome.end).toBe('starts late: passed.');
  });
});

const SUITE = `FUNCTION_BLOCK FB_MotorTest EXTENDS FB_TestSuite
VAR motor : FB_Motor; END_VAR
TEST('starts late');
motor(start := TRUE, guard := TRUE);
AssertFalse(Condition := motor.run AND motor.delay.ET < T#30ms, Message := 'too early');
IF motor.run THEN
  AssertEquals_INT(Expected := 4, Actual := 5, Message := 'scans');
  TEST_FINISHED();
END_IF;
END_FUNCTION_BLOCK
`;

describe('a suite in the manner of TcUnit', () => {
  test('runs scan by scan in its own files, and what failed is shown at the end', () => {
    const project = projectOf(MOTOR + SUITE, 'twincat');
    const probes: Probe[] = [];
    const suite = prepareSuite(project, 'FB_MotorTest', (alone) => {
      const probe = new Probe(alone);
      probes.push(probe);
      return probe;
    });
    const [probe] = probes;
    if (suite === null || probe === undefined) throw new Error('there is no suite');
    const run = new DebugRun(suiteExercise(suite, 'FB_MotorTest'), probe, () => undefined);
    run.restart();
    const { frames } = stopOf(run.forward('in', UNBROKEN));
    expect([frames.map((frame) => frame.routine.name), lineOf(run)]).toEqual([['FB_MotorTest'], 20]);
    run.forward('scan', UNBROKEN);
    expect([run.engine.position.scan, shown(run, 'motor.delay.ET')]).toEqual([1, 'T#0s']);
    const { reason } = stopOf(run.forward('continue', UNBROKEN));
    expect(reason.kind === 'exception' && reason.finding.message).toContain('expected 4, actual 5');
    const progress = run.forward('continue', UNBROKEN);
    expect(progress.kind === 'over' && progress.outcome.end).toBe('FB_MotorTest: 0 of 1 tests passed.');
  });
});
