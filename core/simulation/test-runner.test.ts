import { describe, expect, it } from 'vitest';
import { buildProject } from '../language/semantics/project.js';
import { parseSourceFile } from '../language/syntax/parser.js';
import { junitCaseOfTest, junitXml } from './junit.js';
import { runTests, type TestRun } from './test-runner.js';

const CODE = `
FUNCTION_BLOCK Counter
VAR_INPUT reset : BOOL; END_VAR
VAR_OUTPUT count : INT; END_VAR
IF reset THEN count := 0; ELSE count := count + 1; END_IF;
END_FUNCTION_BLOCK
FUNCTION Twice : INT
VAR_INPUT x : INT; END_VAR
Twice := 2 * x;
END_FUNCTION
FUNCTION_BLOCK Machine
VAR_OUTPUT total : INT; END_VAR
VAR inner : Counter; END_VAR
inner(reset := FALSE);
total := Twice(inner.count);
END_FUNCTION_BLOCK
PROGRAM Main
VAR c : Counter; END_VAR
c();
END_PROGRAM`;

function run(tests: string): TestRun {
  const files = [parseSourceFile('code.st', CODE, 'codesys'), parseSourceFile('code_test.st', tests, 'codesys')];
  const project = buildProject({ files, dialect: 'codesys', entry: null, cycle: 10_000_000n });
  const file = files[1];
  if (file === undefined) throw new Error('no file');
  return runTests(project, file);
}

describe('ST unit tests', () => {
  it('runs each test from fresh instances and time 0, around SETUP and TEARDOWN', () => {
    const { tests, findings } = run(`
SETUP
  VAR c : Counter; started : INT; END_VAR
  c(reset := TRUE);
  started := started + 1;
END_SETUP

TEARDOWN
  started := 0;
END_TEARDOWN

TEST 'counts'
  VAR n : INT; END_VAR
  c(reset := FALSE);
  c(reset := FALSE);
  n := c.count;
  ASSERT_EQ(n, 2, 'after two calls');
  ASSERT_EQ(started, 1);
END_TEST

TEST "starts anew"
  VAR n : INT; t : TON; END_VAR
  ASSERT_EQ(started, 1);
  ASSERT_EQ(c.count, 0);
  t(IN := TRUE, PT := T#100ms);
  ADVANCE_TIME(T#60ms);
  t(IN := TRUE, PT := T#100ms);
  ASSERT_FALSE(t.Q);
  ADVANCE_TIME(40000000);
  t(IN := TRUE, PT := T#100ms);
  ASSERT_TRUE(t.Q, 'expired');
  ASSERT_EQ(t.ET, T#100ms);
END_TEST
`);
    expect(findings).toEqual([]);
    expect(tests.map((each) => [each.name, each.status, each.message])).toEqual([
      ['counts', 'passed', ''],
      ['starts anew', 'passed', ''],
    ]);
    expect(tests[0]?.line).toBe(12);
  });

  it.each([
    ['ASSERT_TRUE(FALSE);', 'FALSE', 'TRUE'],
    ['ASSERT_EQ(1 + 1, 3);', '2', '3'],
    ['ASSERT_NEQ(x, 5);', '5', 'anything but 5'],
    ['ASSERT_GT(x, 5);', '5', 'greater than 5'],
    ['ASSERT_LT(x, 5);', '5', 'less than 5'],
    ['ASSERT_GE(x, 6);', '5', 'at least 6'],
    ['ASSERT_LE(x, 4);', '5', 'at most 4'],
    ['ASSERT_NEAR(1.5, 2.0, 0.1);', '1.5', '2 within 0.1'],
    ["ASSERT_EQ(s, 'b');", "'a'", "'b'"],
    ['ASSERT_EQ(T#1s, T#2s);', 'T#1s', 'T#2s'],
  ])('%s fails with actual and expected', (assertion, actual, expected) => {
    const { tests } = run(
      `TEST 'fails'\nVAR x : INT := 5; s : STRING := 'a'; END_VAR\n${assertion}\nx := 1 / 0;\nEND_TEST\nTEST 'next'\nEND_TEST\n`,
    );
    expect(tests[0]).toMatchObject({ status: 'failed', failedAt: 3, actual, expected });
    expect(tests[0]?.message).toMatch(/^code_test\.st:3: /);
    expect(tests[1]?.status).toBe('passed');
  });

  it('mocks blocks and functions and counts their calls', () => {
    const { tests } = run(`
TEST 'mocks'
  VAR m : Machine; END_VAR
  MOCK m.inner;
  MOCK_FUNCTION Twice RETURNS 77;
  m();
  m();
  ASSERT_EQ(m.inner.count, 0);
  ASSERT_EQ(m.total, 77);
  MOCK_VERIFY_CALLED(m.inner);
  MOCK_VERIFY_CALL_COUNT(m.inner, 2);
END_TEST
TEST 'mocks end with their test'
  VAR m : Machine; END_VAR
  m();
  ASSERT_EQ(m.total, 2);
END_TEST
TEST 'verifies'
  VAR m : Machine; END_VAR
  MOCK m.inner;
  MOCK_VERIFY_CALL_COUNT(m.inner, 1);
END_TEST
`);
    expect(tests.map((each) => each.status)).toEqual(['passed', 'passed', 'failed']);
    expect(tests[2]).toMatchObject({ actual: '0 calls', expected: '1 calls' });
  });

  it('runs programs and sees run-time faults', () => {
    const { tests } = run(
      `TEST 'program'\nMain();\nMain();\nASSERT_EQ(Main.c.count, 2);\nEND_TEST\nTEST 'fault'\nVAR a : ARRAY[0..1] OF INT; i : INT := 2; END_VAR\na[i] := 1;\nEND_TEST\n`,
    );
    expect(tests[1]).toMatchObject({ status: 'failed', failedAt: 8 });
    expect(tests[1]?.message).toMatch(/index 2/);
  });

  it('takes a program as the type of a variable', () => {
    const { tests, findings } = run(
      `TEST 'instance'\nVAR uut : Main; END_VAR\nuut();\nuut();\nASSERT_EQ(uut.c.count, 2);\nASSERT_EQ(Main.c.count, 0);\nEND_TEST\n`,
    );
    expect(findings).toEqual([]);
    expect(tests.map((each) => each.message)).toEqual(['']);
  });

  it('is unknown, not passed, when it reaches a block without a model', () => {
    const { tests } = run(`TEST 'vendor'\nVAR g : GEN; END_VAR\ng();\nASSERT_TRUE(TRUE);\nEND_TEST\n`);
    expect(tests[0]?.status).toBe('unknown');
    expect(tests[0]?.message).toMatch(/GEN/);
  });

  it('writes JUnit XML', () => {
    const { tests } = run(`TEST 'a < b'\nASSERT_EQ(1, 2);\nEND_TEST\nTEST 'ok'\nEND_TEST\n`);
    const xml = junitXml(tests.map(junitCaseOfTest));
    expect(xml).toContain('<testsuites tests="2" failures="1" errors="0"');
    expect(xml).toContain('name="a &lt; b"');
    expect(xml).toContain('<failure message="code_test.st:2: ASSERT_EQ failed: expected 2, actual 1"/>');
  });
});
