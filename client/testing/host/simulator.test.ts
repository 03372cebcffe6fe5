import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeTrace, sampleAt } from '../../../core/simulation/change-trace.js';
import { unpackTrace } from '../../../core/simulation/packed-trace.js';
import type { CheckOutcome, OpenTrace, RunEvent, TraceSource } from '../simulator-protocol.js';
import { explain } from './explain.js';
import { findChecks } from './find-checks.js';
import { recordTrace } from './record-trace.js';
import { runChecks } from './run-checks.js';
import { SiteFiles } from './site-files.js';

const FILES: Readonly<Record<string, string>> = {
  'plantwright.yaml': 'site: cell\ndialect: codesys\nentry: Main\ncycle: 10ms\n',
  'src/latch.st': `FUNCTION_BLOCK Latch
VAR_INPUT Start, Stop : BOOL; END_VAR
VAR_OUTPUT On : BOOL; END_VAR
IF Stop THEN
  On := FALSE;
ELSIF Start THEN
  On := TRUE;
END_IF;
END_FUNCTION_BLOCK
`,
  'src/main.st': `PROGRAM Main
VAR Start, Guard : BOOL; l : Latch; Motor : BOOL; n : INT; END_VAR
n := n + 1;
l(Start := Start, Stop := NOT Guard);
Motor := l.On AND Guard;
END_PROGRAM
`,
  'src/suite.st': `FUNCTION_BLOCK LatchSuite EXTENDS FB_TestSuite
VAR l : Latch; END_VAR
TEST('starts');
l(Start := TRUE);
AssertTrue(Condition := l.On, Message := 'on');
TEST_FINISHED();
TEST('counts');
AssertEquals_INT(Expected := 2, Actual := 3, Message := 'three is not two');
TEST_FINISHED();
END_FUNCTION_BLOCK
`,
  'tests/latch_test.st': `SETUP
  VAR l : Latch; END_VAR
END_SETUP
TEST 'holds'
  l(Start := TRUE);
  l(Start := FALSE);
  ASSERT_TRUE(l.On);
END_TEST
TEST 'stop wins'
  l(Start := TRUE, Stop := TRUE);
  ADVANCE_TIME(T#50ms);
  ASSERT_EQ(l.On, TRUE, 'stop is stronger');
END_TEST
TEST 'holds'
  ASSERT_FALSE(l.On);
END_TEST
`,
  'scenarios/guard.yaml': `name: guard opens
steps:
  - { at: 0ms, set: { Main.Guard: true } }
  - { at: 20ms, pulse: { Main.Start: 20ms } }
  - { at: 60ms, expect: { Main.Motor: true } }
  - { at: 100ms, set: { Main.Guard: false } }
  - { at: 100ms, expect: { Main.Motor: true } }
until: 150ms
`,
  'scenarios/broken.yaml': 'name: broken\nstep: []\n',
};

let root = '';
const sites = new SiteFiles();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plantwright-simulator-'));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('what a site has to run', () => {
  it('lists tests, suites and scenarios with their places', async () => {
    const { name, files } = await findChecks(root, sites);
    expect(name).toBe('cell');
    expect(files.flatMap(({ checks }) => checks.map(({ id, range }) => `${id} ${range.line}`))).toEqual([
      'tests/latch_test.st::holds 4',
      'tests/latch_test.st::stop wins 9',
      'tests/latch_test.st::holds#2 14',
      'src/suite.st::LatchSuite.starts 3',
      'src/suite.st::LatchSuite.counts 7',
      'scenarios/broken.yaml 1',
      'scenarios/guard.yaml 1',
    ]);
  });

  it('says what is wrong with a file that can not be run', async () => {
    const { files } = await findChecks(root, sites);
    expect(files.find(({ file }) => file === 'scenarios/broken.yaml')?.problem).toContain(
      'scenarios/broken.yaml:1: steps',
    );
  });
});

describe('running checks', () => {
  it('gives each check its result, with place, expected and actual value', async () => {
    const { outcomes } = await run(null);
    expect(outcomes.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'tests/latch_test.st::holds passed',
      'tests/latch_test.st::stop wins failed',
      'tests/latch_test.st::holds#2 passed',
      'src/suite.st::LatchSuite.starts passed',
      'src/suite.st::LatchSuite.counts failed',
      'scenarios/broken.yaml broken',
      'scenarios/guard.yaml failed',
    ]);
    const message = (id: string): unknown => outcomes.find((each) => each.id === id)?.messages[0];
    expect(message('tests/latch_test.st::stop wins')).toMatchObject({
      file: 'tests/latch_test.st',
      line: 12,
      expected: 'TRUE',
      actual: 'FALSE',
    });
    expect(message('src/suite.st::LatchSuite.counts')).toMatchObject({ line: 8, expected: '2', actual: '3' });
    expect(message('scenarios/guard.yaml')).toMatchObject({
      file: 'scenarios/guard.yaml',
      line: 7,
      expected: 'TRUE',
      actual: 'FALSE',
    });
  });

  it('runs only what was chosen', async () => {
    const { outcomes } = await run(['tests/latch_test.st::stop wins', 'src/suite.st::LatchSuite.starts']);
    expect(outcomes.map(({ name }) => name)).toEqual(['stop wins', 'LatchSuite.starts']);
  });

  it('gives coverage by statement, branch and MC/DC, for the files of the site only', async () => {
    const { coverage } = await run(['scenarios/guard.yaml']);
    expect(coverage.map(({ file }) => file)).toEqual(['src/latch.st', 'src/main.st']);
    const [latch, main] = coverage;
    expect(latch?.pous).toMatchObject([{ name: 'Latch', hits: expect.any(Number), range: { line: 1 } }]);
    expect(latch?.statements.map(({ range, hits }) => [range.line, hits > 0])).toEqual([
      [4, true],
      [5, true],
      [7, true],
    ]);
    expect(latch?.statements[0]?.branches.map(({ label }) => label)).toContain('TRUE');
    const motor = main?.statements.find(({ range }) => range.line === 5);
    expect(motor?.branches.map(({ label, hits }) => [label, hits])).toEqual([
      ['MC/DC: l.On decides alone', 1],
      // Without the guard the latch is off too: nothing shows that the guard alone stops the motor.
      ['MC/DC: Guard decides alone', 0],
    ]);
  });

  it('says of every check why nothing can be run when the code has errors', async () => {
    await writeFile(join(root, 'src/main.st'), FILES['src/main.st']?.replace('n + 1', 'nowhere') ?? '');
    try {
      const { outcomes } = await run(['scenarios/guard.yaml']);
      expect(outcomes[0]).toMatchObject({ status: 'broken', messages: [{ file: 'src/main.st', line: 3 }] });
    } finally {
      await writeFile(join(root, 'src/main.st'), FILES['src/main.st'] ?? '');
    }
  });
});

describe('recording', () => {
  it('records a scenario with all its tags; those of the scenario stand first', async () => {
    const { trace, focus, summary } = await record(check('scenarios/guard.yaml'), sites);
    expect(trace.timesNs.length).toBe(16);
    expect(focus).toEqual(['Main.Guard', 'Main.Start', 'Main.Motor']);
    expect(trace.signals.map(({ name }) => name)).toContain('Main.l.On');
    expect(trace.markers.map(({ kind }) => kind)).toContain('failure');
    expect(summary).toContain('failed');
  });

  it('records a unit test statement by statement, with its own variables', async () => {
    const { trace, focus, sampleName } = await record(check('tests/latch_test.st::stop wins'), sites);
    expect(sampleName).toBe('statement');
    expect(focus).toContain('l.On');
    expect(trace.markers.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
      'step line 12: ASSERT_EQ',
      'failure ASSERT_EQ failed: expected TRUE, actual FALSE (stop is stronger)',
    ]);
    expect([...trace.timesNs]).toEqual([0, 50e6, 50e6]);
    expect(trace.markers.map(({ sample }) => sample)).toEqual([2, 2]);
  });

  it('records a suite scan by scan', async () => {
    const { trace } = await record(check('src/suite.st::LatchSuite.starts'), sites);
    expect(trace.signals.map(({ name }) => name)).toContain('l.On');
  });

  it('simulates a program with inputs that are held', async () => {
    const { trace, summary } = await record(program(['Main.Guard=TRUE', 'Main.Start=TRUE']), sites);
    expect(trace.timesNs.length).toBe(100);
    const motor = trace.signals.find(({ name }) => name === 'Main.Motor');
    expect([...(motor?.values ?? [])]).toEqual([1]);
    expect(summary).toContain('held: Main.Guard=TRUE');
  });

  it('runs the inputs of a counterexample, and its scenario', async () => {
    const inputs = [
      { scan: 0, tag: 'Main.Guard', value: true },
      { scan: 2, tag: 'Main.Start', value: true },
      { scan: 5, tag: 'Main.GoneSince', value: true },
    ];
    const common = { kind: 'case', root, revision: null, title: 'SIM-VIOLATION' } as const;
    const { trace, focus } = await record({ ...common, what: { inputs, scans: 8, tags: ['Main.Motor'] } }, sites);
    expect(focus).toEqual(['Main.Motor', 'Main.Guard', 'Main.Start']);
    expect([...(trace.signals.find(({ name }) => name === 'Main.Motor')?.changes ?? [])]).toEqual([0, 2]);
    const scenario = FILES['scenarios/guard.yaml'] ?? '';
    expect((await record({ ...common, what: { scenario } }, sites)).summary).toContain('failed');
  });

  it.each([
    [['Main.Nothing=1'], 'Main.Nothing=1'],
    [['Main.Guard'], 'expected tag=value'],
    [['Main.n=hello'], 'Main.n'],
  ])('says what is wrong with the input %j', async (inputs, expected) => {
    await expect(recordTrace(program(inputs), sites)).rejects.toThrow(expected);
  });
});

describe('from a point in time to the source', () => {
  it('shows which writes of a tag ran in that scan, with the values of the names', async () => {
    const source = check('scenarios/guard.yaml');
    const { trace } = await record(source, sites);
    const sample = sampleAt(trace, 20e6);
    const on = await explain(source, 'Main.l.On', sample, sites);
    expect(on.value).toBe('TRUE');
    expect(on.writes.map(({ range, ran }) => [range.line, ran])).toEqual([
      [7, true],
      [5, false],
    ]);
    const off = await explain(source, 'Main.l.On', sampleAt(trace, 100e6), sites);
    expect(off.writes.map(({ range, ran }) => [range.line, ran])).toEqual([
      [5, true],
      [7, false],
    ]);
    const text = (line: number): string | undefined => off.lines.find((each) => each.line === line)?.text;
    expect(text(4)).toBe('Stop = TRUE');
    expect(off.lines.map(({ line, ran }) => [line, ran])).toEqual([
      [4, true],
      [5, true],
      [6, true],
      [7, false],
    ]);
    expect(text(5)).toBe('On = FALSE');
  });

  it('explains a program and a variable of a unit test', async () => {
    const counted = await explain(program([]), 'Main.n', 9, sites);
    expect([counted.value, counted.timeNs, counted.writes[0]?.range.line]).toEqual(['10', 90e6, 3]);
    const inTest = await explain(check('tests/latch_test.st::stop wins'), 'l.On', 0, sites);
    const later = await explain(check('tests/latch_test.st::stop wins'), 'l.On', 2, sites);
    expect([later.sample, later.writes[0]?.ran]).toEqual([0, true]);
    expect(inTest.writes[0]).toMatchObject({ file: join(root, 'src/latch.st'), ran: true, range: { line: 5 } });
  });
});

async function record(
  source: TraceSource,
  files: SiteFiles,
): Promise<Omit<OpenTrace, 'trace'> & { trace: ChangeTrace }> {
  const opened = await recordTrace(source, files);
  return { ...opened, trace: unpackTrace(opened.trace) };
}

function check(id: string): TraceSource {
  return { kind: 'check', root, id, revision: null };
}

function program(inputs: readonly string[]): TraceSource {
  const file = join(root, 'src/main.st');
  return { kind: 'program', root, file, dialect: 'codesys', program: 'Main', durationNs: 1e9, inputs };
}

async function run(
  ids: readonly string[] | null,
): Promise<{ outcomes: CheckOutcome[]; coverage: ReturnType<typeof runChecks> }> {
  const events: RunEvent[] = [];
  const opened = await sites.open(root, null);
  const chosen = ids === null ? null : new Set(ids);
  const options = { coverage: true, clock: () => 0, say: (event: RunEvent) => events.push(event) };
  const coverage = runChecks(opened, await findChecks(root, sites), chosen, options);
  return { outcomes: events.flatMap((each) => (each.event === 'outcome' ? [each.outcome] : [])), coverage };
}
