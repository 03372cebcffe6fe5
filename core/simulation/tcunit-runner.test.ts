import { describe, expect, it } from 'vitest';
import { buildProject } from '../language/semantics/project.js';
import { parseSourceFile } from '../language/syntax/parser.js';
import { coverageTotals } from './coverage.js';
import { junitCaseOfTest, junitXml } from './junit.js';
import { runTcUnitSuites, tcUnitSuites } from './tcunit-runner.js';
import { projectOf } from './test-support.js';

const SUITE = `FUNCTION_BLOCK FB_Sum
VAR_INPUT a : INT; b : INT; END_VAR
VAR_OUTPUT sum : INT; END_VAR
sum := a + b;
END_FUNCTION_BLOCK

FUNCTION_BLOCK FB_Sum_Test EXTENDS FB_TestSuite
Adds();
AddsWrong();
Waits();
Arrays();
METHOD Adds
VAR fb : FB_Sum; END_VAR
TEST('adds');
fb(a := 2, b := 3);
AssertEquals_INT(Expected := 5, Actual := fb.sum, Message := 'two and three');
AssertEquals_REAL(Expected := 0.3, Actual := 0.1 + 0.2, Delta := 0.001, Message := 'near');
AssertTrue(Condition := fb.sum = 5, Message := 'true');
TEST_FINISHED();
END_METHOD
METHOD AddsWrong
VAR fb : FB_Sum; END_VAR
TEST('adds wrong');
fb(a := 2, b := 3);
AssertEquals_INT(Expected := 6, Actual := fb.sum, Message := 'not six');
AssertEquals_INT(Expected := 7, Actual := fb.sum, Message := 'only the first failure counts');
TEST_FINISHED();
END_METHOD
METHOD Waits
VAR_INST timer : TON; END_VAR
TEST('waits for a timer');
timer(IN := TRUE, PT := T#2S);
IF timer.Q THEN
  AssertEquals_TIME(Expected := T#2S, Actual := timer.ET, Message := 'elapsed');
  TEST_FINISHED();
END_IF;
END_METHOD
METHOD Arrays
VAR one : ARRAY[1..3] OF INT := [1, 2, 3]; two : ARRAY[0..2] OF INT := [1, 2, 4]; END_VAR
TEST('compares arrays');
AssertArrayEquals_INT(Expecteds := one, Actuals := two, Message := 'third element');
TEST_FINISHED();
END_METHOD
END_FUNCTION_BLOCK

PROGRAM PRG_TEST
VAR tests : FB_Sum_Test; END_VAR
TcUnit.RUN();
END_PROGRAM
`;

describe('TcUnit suites', () => {
  it('are found by what they extend', () => {
    const more = `${SUITE}FUNCTION_BLOCK FB_More_Test EXTENDS FB_Sum_Test END_FUNCTION_BLOCK FUNCTION_BLOCK FB_Else END_FUNCTION_BLOCK`;
    expect(tcUnitSuites(projectOf(more, 'twincat')).map((each) => each.name)).toEqual(['FB_Sum_Test', 'FB_More_Test']);
  });

  for (const dialect of ['codesys', 'twincat'] as const) {
    it(`run scan by scan until every test has finished (${dialect})`, () => {
      const run = runTcUnitSuites(projectOf(SUITE, dialect));
      expect(run.findings).toEqual([]);
      expect(run.tests).toMatchObject([
        { name: 'FB_Sum_Test.adds', status: 'passed', line: 14, message: '' },
        {
          name: 'FB_Sum_Test.adds wrong',
          status: 'failed',
          line: 23,
          failedAt: 25,
          expected: '6',
          actual: '5',
          message: 'expected 6, actual 5 (not six)',
        },
        { name: 'FB_Sum_Test.waits for a timer', status: 'passed', line: 31 },
        { name: 'FB_Sum_Test.compares arrays', status: 'failed', expected: '3', actual: '4' },
      ]);
    });
  }

  it('a test that never finishes fails', () => {
    const text = SUITE.replace('IF timer.Q THEN', 'IF timer.Q AND FALSE THEN');
    const [, , waits] = runTcUnitSuites(projectOf(text, 'twincat')).tests;
    expect(waits).toMatchObject({ status: 'failed', message: expect.stringContaining('TEST_FINISHED was not called') });
  });

  it('a fault ends the suite, and its tests fail', () => {
    const text = SUITE.replace("TEST('adds wrong');", "TEST('adds wrong'); fb.a := 1 / fb.b;");
    const run = runTcUnitSuites(projectOf(text, 'twincat'));
    expect(run.tests.map((each) => each.status)).toEqual(['passed', 'failed']);
  });

  it('a suite without a test does not pass', () => {
    const text = 'FUNCTION_BLOCK FB_Empty EXTENDS FB_TestSuite END_FUNCTION_BLOCK';
    expect(runTcUnitSuites(projectOf(text, 'twincat')).tests).toMatchObject([{ status: 'failed', name: 'FB_Empty' }]);
  });

  it('tests in order wait for each other', () => {
    const text = `FUNCTION_BLOCK FB_Order_Test EXTENDS FB_TestSuite
VAR n : INT; END_VAR
IF TEST_ORDERED('first') THEN n := n + 1; IF n = 3 THEN TEST_FINISHED(); END_IF; END_IF;
IF TEST_ORDERED('second') THEN AssertEquals_INT(Expected := 3, Actual := n, Message := ''); TEST_FINISHED(); END_IF;
END_FUNCTION_BLOCK`;
    expect(runTcUnitSuites(projectOf(text, 'twincat')).tests.map((each) => each.status)).toEqual(['passed', 'passed']);
  });

  it('go into JUnit like any other test', () => {
    const xml = junitXml(runTcUnitSuites(projectOf(SUITE, 'twincat')).tests.map(junitCaseOfTest));
    expect(xml).toContain('name="FB_Sum_Test.adds"');
    expect(xml).toContain('<failure message="expected 6, actual 5 (not six)"/>');
  });

  it('cover the code under test, not themselves', () => {
    const at = SUITE.indexOf('FUNCTION_BLOCK FB_Sum_Test');
    const project = buildProject({
      files: [
        parseSourceFile('FB_Sum.st', SUITE.slice(0, at), 'twincat'),
        parseSourceFile('FB_Sum_Test.st', SUITE.slice(at), 'twincat'),
      ],
      dialect: 'twincat',
      entry: null,
      cycle: 10_000_000n,
    });
    const { coverage } = runTcUnitSuites(project, { coverage: true });
    expect(coverage.map((each) => each.file)).toEqual(['FB_Sum.st']);
    expect(coverageTotals(coverage).statements).toEqual({ covered: 1, total: 1 });
  });
});
