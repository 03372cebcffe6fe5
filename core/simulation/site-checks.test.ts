import { expect, test } from 'vitest';
import { openSite } from '../site/open-site.js';
import { coverageTotals } from './coverage.js';
import { runSiteChecks } from './site-checks.js';

const FILES: Readonly<Record<string, string>> = {
  'plantwright.yaml': `site: line-1
dialect: twincat
sources: [src/**]
entry: Main
checks:
  tests: [tests/**]
  scenarios: [scenarios/**]
`,
  'src/main.st': `FUNCTION_BLOCK Latch VAR_INPUT set : BOOL; clear : BOOL; END_VAR VAR_OUTPUT q : BOOL; END_VAR
IF clear THEN q := FALSE; ELSIF set THEN q := TRUE; END_IF;
END_FUNCTION_BLOCK
PROGRAM Main VAR latch : Latch; go : BOOL; halt : BOOL; END_VAR latch(set := go, clear := halt); END_PROGRAM
`,
  'src/latch_suite.st': `FUNCTION_BLOCK Latch_Test EXTENDS FB_TestSuite
VAR latch : Latch; END_VAR
TEST('sets'); latch(set := TRUE); AssertTrue(Condition := latch.q, Message := 'set'); TEST_FINISHED();
END_FUNCTION_BLOCK
`,
  'tests/latch_test.st': `TEST 'clears'
VAR latch : Latch; END_VAR
latch(set := TRUE, clear := TRUE);
ASSERT_FALSE(latch.q);
END_TEST
`,
  'scenarios/idle.yaml': 'name: idle\nsteps:\n  - { at: 10ms, expect: { Main.latch.q: false } }\n',
};

test('tests, suites and scenarios of a site run together, and their coverage adds up', () => {
  const encoder = new TextEncoder();
  const site = openSite(new Map(Object.entries(FILES).map(([path, text]) => [path, encoder.encode(text)])));
  const options = { signal: new AbortController().signal };
  const checks = runSiteChecks(site, { ...options, coverage: true });
  expect(checks.findings).toEqual([]);
  expect(checks.tests.map(({ name, status }) => [name, status])).toEqual([
    ['clears', 'passed'],
    ['Latch_Test.sets', 'passed'],
  ]);
  expect(checks.scenarios.map(({ name, status }) => [name, status])).toEqual([['idle', 'passed']]);
  expect(checks.coverage.map((file) => file.file)).toEqual(['src/main.st']);
  expect(coverageTotals(checks.coverage)).toMatchObject({
    statements: { covered: 4, total: 4 },
    branches: { covered: 4, total: 4 },
    mcdc: { covered: 2, total: 2 },
  });
  expect(runSiteChecks(site, options).coverage).toEqual([]);
});
