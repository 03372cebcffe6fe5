import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { driveAdapter, MAIN, type Place } from './testing/adapter-driver.js';

const { scratch, folderOf, siteOf, launch, initialized, adapterClient, stopped, go, variables, evaluated } =
  driveAdapter();

describe('what else can be debugged', () => {
  const SCENARIO = `name: start
steps:
  - at: 0
    set: { Main.start: true }
  - at: 50ms
    expect: { Main.lamp: false }
`;
  const TESTS = `TEST 'lights late'
VAR motor : FB_Motor; END_VAR
motor(start := TRUE);
ADVANCE_TIME(T#30ms);
motor();
ASSERT_FALSE(motor.run, 'too early');
END_TEST
`;

  test('a scenario: a failed expectation is shown in its file', async () => {
    const { site } = siteOf('scenario', { 'scenarios/start.yaml': SCENARIO });
    await launch({ site, scenario: 'scenarios/start.yaml' });
    const place = await stopped();
    expect([place.reason, place.line, place.stack]).toEqual(['exception', 6, ['start [after scan 5, T#50ms]']]);
    const info = await adapterClient().request('exceptionInfo', { threadId: 1 });
    expect(info['description']).toContain('Main.lamp is TRUE, expected FALSE');
    await adapterClient().request('continue', { threadId: 1 });
    expect(await adapterClient().event('exited')).toEqual({ exitCode: 1 });
  });

  test('a test: it stops at the assertion that fails', async () => {
    const { site } = siteOf('test', { 'tests/motor_test.st': TESTS });
    await launch({ site, test: 'tests/motor_test.st::lights late' });
    const place = await stopped();
    expect([place.reason, place.line, place.stack[0]]).toEqual(['exception', 6, 'TEST']);
    expect(await variables(place.frameId, 'Locals/motor')).toMatchObject({ run: 'TRUE' });
  });

  test.each([
    ['main.st', 8, 'Main'],
    ['tests/motor_test.st', 5, 'TEST'],
    ['scenarios/start.yaml', 1, 'Main'],
  ])('what stands at %s:%i', async (file, line, expected) => {
    const { site } = siteOf('looked', { 'scenarios/start.yaml': SCENARIO, 'tests/motor_test.st': TESTS });
    await launch({ site, file: join(site, file), line, stopOnEntry: true });
    expect((await stopped()).stack[0]).toBe(expected);
  });

  test('variables of the source: at the mouse and in lines', async () => {
    const { site, main } = siteOf('written');
    await launch({ site, stopOnEntry: true });
    await stopped();
    const at = await adapterClient().request('plantwright.variableAt', { path: main, line: 24, column: 11 });
    expect(at['variable']).toMatchObject({ expression: 'motor.run', column: 4, endColumn: 13 });
    const nothing = await adapterClient().request('plantwright.variableAt', { path: main, line: 24, column: 1 });
    expect(nothing['variable']).toBe(null);
    const { variables: inLines } = await adapterClient().request<{ variables: { expression: string; line: number }[] }>(
      'plantwright.variablesIn',
      { path: main, line: 22, endLine: 27 },
    );
    expect(inLines.map(({ expression, line }) => `${line} ${expression}`)).toEqual([
      '22 n',
      '22 n',
      '23 start',
      '24 motor.run',
      '25 mode',
      '27 lamp',
      '27 motor.run',
    ]);
  });

  test('a file outside of every site', async () => {
    const file = join(folderOf('loose', { 'alone.st': MAIN }), 'alone.st');
    await launch({ file }, file, [{ line: 27 }]);
    expect((await stopped()).line).toBe(27);
    await adapterClient().stop();
    await launch({ program: file }, file, [{ line: 24 }]);
    expect((await stopped()).line).toBe(24);
  });

  /** A fixture site of its own, with a breakpoint at the line that holds a text. */
  async function fixture(name: string, file: string, text: string): Promise<{ line: number; place: Place }> {
    const site = join(scratch(), name);
    cpSync(join('test/fixtures/fleet/sites', name), site, { recursive: true });
    const path = join(site, file);
    const line =
      readFileSync(path, 'utf8')
        .split('\n')
        .findIndex((each) => each.includes(text)) + 1;
    const { breakpoints } = await launch({ site }, path, [{ line }]);
    expect(breakpoints.map((each) => [each.verified, each.line])).toEqual([[true, line]]);
    return { line, place: await stopped() };
  }

  test('a TwinCAT object stops at the lines of its file', async () => {
    const { line, place } = await fixture('plant-07-palletiser', 'PLC/POUs/FB_Zone.TcPOU', 'fbStart(CLK := xStart);');
    expect([place.line, place.stack.slice(0, 2)]).toEqual([line, ['FB_Zone (MAIN.fbZone)', 'MAIN']]);
    expect(await variables(place.frameId, 'Outputs')).toEqual({ xFrei: 'FALSE', xGestartet: 'FALSE' });
    expect(await evaluated('xNotHaltFrei AND NOT fbStart.Q', place.frameId)).toBe('FALSE');
    expect((await go('next')).line).toBe(line + 1);
  });

  test('a Siemens SCL source stops at its lines and knows its names', async () => {
    const { line, place } = await fixture('plant-04-packaging', 'src/20_FB_Safety.scl', '#stored := TRUE;');
    expect([place.line, place.stack[0]?.startsWith('FB_Safety (')]).toEqual([line, true]);
    expect(await evaluated('#stored', place.frameId)).toBe('TRUE');
    expect(await evaluated('#stored AND NOT #Healthy', place.frameId)).toBe('TRUE');
    expect(await evaluated('"DB_FIO".EStop_OK', place.frameId)).toBe('FALSE');
    await adapterClient().request('plantwright.force', {
      expression: '"DB_FIO".EStop_OK',
      value: 'TRUE',
      frameId: place.frameId,
    });
    const next = await go('plantwright.goToScan', { scan: 5 });
    expect([next.reason, next.stack.at(-1)]).toEqual(['breakpoint', 'Main [scan 1, T#10ms]']);
  });

  test.each([
    [{}, 'name a "site"'],
    [{ site: 'SITE', program: 'Mian' }, 'There is no program "Mian". Programs: Main.'],
    [{ site: 'SITE', scenario: 'scenarios/none.yaml' }, "scenarios/none.yaml can't be read"],
    [{ site: 'SITE', test: 'tests/motor_test.st::none' }, 'There is no test file'],
    [{ site: 'SITE', speed: 'slow' }, 'launch configuration: speed'],
    [{ site: 'SITE', inputs: { 'Main.nothing': 1 } }, 'there is no variable "Main.nothing"'],
    [{ file: '/nowhere.st' }, "can't be read"],
  ])('%j is refused with a reason', async (args, reason) => {
    const { site } = siteOf('refused');
    const client = await initialized();
    expect(await client.refusal('launch', 'site' in args ? { ...args, site } : args)).toContain(reason);
  });

  test('code with errors is not run', async () => {
    const { site } = siteOf('broken', {
      'main.st': 'PROGRAM Main\nVAR n : INT; END_VAR\nn := missing;\nEND_PROGRAM\n',
    });
    const client = await initialized();
    expect(await client.refusal('launch', { site })).toMatch(/^main\.st:3: /);
  });
});
