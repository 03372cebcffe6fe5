import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AdapterClient, bundleAdapter } from './testing/adapter-client.js';

let scratch = '';
let adapter = '';
let client: AdapterClient | null = null;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'plantwright-debug-'));
  adapter = await bundleAdapter(join(scratch, 'bundle'));
});

afterEach(async () => {
  await client?.stop();
  client = null;
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Writes a folder of files and gives its path. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const MAIN = `TYPE Mode : (Idle, Running, Stopped); END_TYPE

FUNCTION_BLOCK FB_Motor
VAR_INPUT start : BOOL; END_VAR
VAR_OUTPUT run : BOOL; END_VAR
VAR delay : TON; END_VAR
delay(IN := start, PT := T#20ms);
run := delay.Q;
END_FUNCTION_BLOCK

PROGRAM Main
VAR
  start AT %IX0.0 : BOOL;
  lamp AT %QX0.0 : BOOL;
  motor : FB_Motor;
  mode : Mode;
  word : WORD := 16#00FF;
  wait : TIME := T#1s500ms;
  list : ARRAY[1..300] OF INT;
  n : INT;
END_VAR
n := n + 1;
motor(start := start);
IF motor.run THEN
  mode := Mode#Running;
END_IF;
lamp := motor.run;
END_PROGRAM
`;

const MANIFEST = `site: cell
dialect: codesys
sources: ["*.st"]
entry: Main
cycle: 10ms
`;

function siteOf(name: string, more: Readonly<Record<string, string>> = {}): { site: string; main: string } {
  const site = folderOf(name, { 'plantwright.yaml': MANIFEST, 'main.st': MAIN, ...more });
  return { site, main: join(site, 'main.st') };
}

interface Started {
  readonly breakpoints: readonly DebugProtocol.Breakpoint[];
}

/** From the start of the adapter to the running program, as an editor does it. */
async function launch(
  args: object,
  file: string | null = null,
  breakpoints: readonly DebugProtocol.SourceBreakpoint[] = [],
): Promise<Started> {
  client = new AdapterClient(adapter);
  await client.request('initialize', { adapterID: 'plantwright-st', linesStartAt1: true, columnsStartAt1: true });
  await client.request('launch', args);
  await client.event('initialized');
  const set =
    file === null
      ? { breakpoints: [] }
      : await client.request<Started>('setBreakpoints', { source: { path: file }, breakpoints });
  await client.request('setExceptionBreakpoints', { filters: ['fault', 'assertion'] });
  await client.request('configurationDone');
  return set;
}

function adapterClient(): AdapterClient {
  if (client === null) throw new Error('nothing was launched');
  return client;
}

interface Place {
  readonly reason: string;
  readonly line: number;
  readonly stack: readonly string[];
  readonly frameId: number;
}

/** Waits for the next stop and looks at the stack. */
async function stopped(): Promise<Place> {
  const event = await adapterClient().event<{ reason: string }>('stopped');
  const { stackFrames } = await adapterClient().request<{ stackFrames: DebugProtocol.StackFrame[] }>('stackTrace', {
    threadId: 1,
  });
  const [top] = stackFrames;
  return {
    reason: event.reason,
    line: top?.line ?? 0,
    stack: stackFrames.map(({ name }) => name),
    frameId: top?.id ?? 0,
  };
}

async function go(command: string, args: object = {}): Promise<Place> {
  await adapterClient().request(command, { threadId: 1, ...args });
  return stopped();
}

/** `Locals/motor/delay`: the variables below a path of names, as text. */
async function variables(frameId: number, path: string, more: object = {}): Promise<Record<string, string>> {
  const [scope, ...names] = path.split('/');
  const { scopes } = await adapterClient().request<{ scopes: DebugProtocol.Scope[] }>('scopes', { frameId });
  let reference = scopes.find(({ name }) => name === scope)?.variablesReference ?? 0;
  const read = async (): Promise<DebugProtocol.Variable[]> =>
    (
      await adapterClient().request<{ variables: DebugProtocol.Variable[] }>('variables', {
        variablesReference: reference,
        ...more,
      })
    ).variables;
  for (const name of names) reference = (await read()).find((each) => each.name === name)?.variablesReference ?? 0;
  return Object.fromEntries((await read()).map(({ name, value }) => [name, value]));
}

async function evaluated(expression: string, frameId: number, context = 'watch'): Promise<string> {
  const response = await adapterClient().ask('evaluate', { expression, frameId, context });
  return response.success ? String(response.body.result) : `refused: ${response.message}`;
}

describe('a program of a site', () => {
  test('stops at a breakpoint, shows its variables, steps and goes on', async () => {
    const { site, main } = siteOf('stops');
    const { breakpoints } = await launch({ site }, main, [{ line: 8 }, { line: 21 }, { line: 60 }]);
    expect(breakpoints.map(({ verified, line }) => [verified, line])).toEqual([
      [true, 8],
      [true, 22],
      [false, undefined],
    ]);
    let place = await stopped();
    expect([place.reason, place.line, place.stack]).toEqual(['breakpoint', 22, ['Main', 'Main [scan 0, T#0s]']]);
    place = await go('continue');
    expect([place.line, place.stack]).toEqual([8, ['FB_Motor (Main.motor)', 'Main', 'Main [scan 0, T#0s]']]);
    expect(await variables(place.frameId, 'Inputs')).toEqual({ start: 'FALSE' });
    expect(await variables(place.frameId, 'Locals/delay')).toEqual({
      IN: 'FALSE',
      PT: 'T#20ms',
      Q: 'FALSE',
      ET: 'T#0s',
    });
    place = await go('stepOut');
    expect([place.line, place.stack.length]).toEqual([24, 2]);
    expect(await variables(place.frameId, 'Locals')).toMatchObject({
      mode: 'IDLE',
      word: '255',
      wait: 'T#1s500ms',
      list: 'ARRAY[1..300] OF INT',
      motor: 'FB_Motor (start: FALSE, run: FALSE)',
    });
    place = await go('stepIn');
    place = await go('next');
    expect([place.reason, place.line]).toEqual(['breakpoint', 22]);
  });

  test('scopes show the process image, the globals and the task', async () => {
    const { site } = siteOf('scopes');
    await launch({ site, stopOnEntry: true });
    const { frameId } = await stopped();
    expect(await variables(frameId, 'Process image/Inputs')).toEqual({ '%IX0.0 Main.start': 'FALSE' });
    expect(await variables(frameId, 'Task')).toMatchObject({
      Scan: '0',
      Time: 'T#0s',
      Cycle: 'T#10ms',
      Forces: 'nothing is forced',
    });
  });

  test('arrays come in pages, integers in hexadecimal when asked', async () => {
    const { site } = siteOf('pages');
    await launch({ site, stopOnEntry: true });
    const { frameId } = await stopped();
    const { scopes } = await adapterClient().request<{ scopes: DebugProtocol.Scope[] }>('scopes', { frameId });
    const locals = await adapterClient().request<{ variables: DebugProtocol.Variable[] }>('variables', {
      variablesReference: scopes[0]?.variablesReference,
      format: { hex: true },
    });
    const list = locals.variables.find(({ name }) => name === 'list');
    expect([list?.indexedVariables, locals.variables.find(({ name }) => name === 'word')?.value]).toEqual([
      300,
      '16#00FF',
    ]);
    const elements = await adapterClient().request<{ variables: DebugProtocol.Variable[] }>('variables', {
      variablesReference: list?.variablesReference,
      filter: 'indexed',
      start: 100,
      count: 2,
    });
    expect(elements.variables.map(({ name, evaluateName }) => [name, evaluateName])).toEqual([
      ['[101]', 'list[101]'],
      ['[102]', 'list[102]'],
    ]);
  });

  test('watches, the console and hover evaluate ST', async () => {
    const { site, main } = siteOf('watches');
    await launch({ site }, main, [{ line: 7 }]);
    const { frameId, stack } = await stopped();
    expect(await evaluated('start OR NOT delay.Q', frameId)).toBe('TRUE');
    expect(await evaluated('Main.n + 41', frameId)).toBe('42');
    expect(await evaluated('Main.wait', frameId, 'hover')).toBe('T#1s500ms');
    expect(await evaluated('nothing', frameId)).toContain('refused: ');
    expect(await evaluated('Main.n := 7', frameId, 'repl')).toBe('7');
    expect(await evaluated('Main.n', frameId)).toBe('7');
    expect(await evaluated('/scan x', frameId, 'repl')).toContain('a number from 0');
    expect(stack[0]).toBe('FB_Motor (Main.motor)');
    const { targets } = await adapterClient().request<{ targets: { label: string }[] }>('completions', {
      text: 'Main.motor.',
      column: 12,
      frameId,
    });
    expect(targets.map(({ label }) => label)).toEqual(['start', 'run', 'delay']);
  });
});

describe('time', () => {
  test('goes on by scans and back, to a scan, and starts again', async () => {
    const { site } = siteOf('scans');
    await launch({ site, stopOnEntry: true });
    await stopped();
    let place = await go('plantwright.nextScan');
    place = await go('plantwright.nextScan');
    expect([place.stack.at(-1), await evaluated('n', place.frameId)]).toEqual(['Main [scan 2, T#20ms]', '2']);
    place = await go('stepBack');
    expect([place.stack.at(-1), place.line]).toEqual(['Main [scan 1, T#10ms]', 27]);
    place = await go('plantwright.previousScan');
    expect(place.stack.at(-1)).toBe('Main [scan 0, T#0s]');
    place = await go('plantwright.goToScan', { scan: 50 });
    expect([place.stack.at(-1), await evaluated('n', place.frameId)]).toEqual(['Main [scan 50, T#500ms]', '50']);
    place = await go('reverseContinue');
    expect(place.stack.at(-1)).toBe('Main [scan 0, T#0s]');
    place = await go('restart');
    expect([place.reason, place.line]).toEqual(['entry', 22]);
  });

  test('a power cycle starts the program anew while time goes on', async () => {
    const { site } = siteOf('power');
    await launch({ site, stopOnEntry: true });
    await stopped();
    await go('plantwright.goToScan', { scan: 9 });
    await go('plantwright.powerCycle', { kind: 'cold' });
    const place = await go('next');
    expect([place.stack.at(-1), await evaluated('n', place.frameId)]).toEqual(['Main [scan 10, T#100ms]', '0']);
  });

  test('stops after a number of scans', async () => {
    const { site } = siteOf('limit');
    await launch({ site, scans: 1000 });
    await adapterClient().event('terminated');
    expect(adapterClient().outputs()).toContain('1000 scans have run.');
  });

  test('runs until it is paused, as fast as it goes and in real time', async () => {
    for (const speed of ['fast', 'real-time']) {
      const { site } = siteOf(`pause-${speed}`);
      await launch({ site, speed });
      const place = await go('pause');
      expect(place.reason).toBe('pause');
      await adapterClient().stop();
    }
  });

  test('tells where it is while it runs, and when it stands', async () => {
    const { site } = siteOf('state');
    await launch({ site, speed: 'real-time' });
    const running = await adapterClient().event('plantwright.state');
    expect(running).toMatchObject({ isRunning: true, forces: [] });
    await go('pause');
    let state = running;
    while (state['isRunning'] === true) state = await adapterClient().event('plantwright.state');
    expect(Number(state['scan'])).toBeGreaterThan(Number(running['scan']));
  });

  test('an endless loop without a limit of its own can be paused and stepped', async () => {
    const text = 'PROGRAM Main\nVAR n : DINT; END_VAR\nWHILE TRUE DO\n  n := n + 1;\nEND_WHILE;\nEND_PROGRAM\n';
    const { site } = siteOf('endless', { 'main.st': text });
    await launch({ site, loopLimit: 1_000_000_000 });
    const place = await go('pause');
    expect([place.reason, place.stack[0]]).toEqual(['pause', 'Main']);
    const before = Number(await evaluated('n', place.frameId));
    expect(before).toBeGreaterThan(0);
    await go('next');
    const after = await go('next');
    expect(Number(await evaluated('n', after.frameId))).toBe(before + 1);
  });
});

describe('changes', () => {
  test('set and force, seen in the tree, until they are released', async () => {
    const { site } = siteOf('force');
    await launch({ site, stopOnEntry: true });
    let { frameId } = await stopped();
    const { scopes } = await adapterClient().request<{ scopes: DebugProtocol.Scope[] }>('scopes', { frameId });
    const locals = scopes[0]?.variablesReference;
    const set = await adapterClient().request('setVariable', {
      variablesReference: locals,
      name: 'wait',
      value: 'T#3s',
    });
    expect(set['value']).toBe('T#3s');
    expect(
      await adapterClient().refusal('setVariable', { variablesReference: locals, name: 'n', value: '40000' }),
    ).toContain('does not fit INT');
    await adapterClient().request('plantwright.force', { expression: 'start', value: 'TRUE', frameId });
    expect(await adapterClient().event('invalidated')).toMatchObject({ areas: ['variables'] });
    ({ frameId } = await go('plantwright.goToScan', { scan: 4 }));
    expect(await variables(frameId, 'Locals')).toMatchObject({ start: 'TRUE (forced)', wait: 'T#3s', mode: 'RUNNING' });
    expect(await variables(frameId, 'Task/Forces')).toEqual({ 'Main.start': 'TRUE (forced)' });
    await adapterClient().request('plantwright.releaseAll');
    expect(await variables(frameId, 'Locals')).toMatchObject({ start: 'TRUE' });
    expect(await adapterClient().refusal('plantwright.release', { expression: 'start', frameId })).toBe(
      'Main.start is not forced',
    );
  });

  test('a data breakpoint stops where a variable changes', async () => {
    const { site } = siteOf('data');
    await launch({ site, stopOnEntry: true, inputs: { 'Main.start': true } });
    const { frameId } = await stopped();
    const info = await adapterClient().request<{ dataId: string }>('dataBreakpointInfo', {
      name: 'motor.run',
      frameId,
    });
    expect(info.dataId).toBe('Main.motor.run');
    await adapterClient().request('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId }] });
    const place = await go('continue');
    expect([place.reason, place.stack.at(-1), place.line]).toEqual(['data breakpoint', 'Main [scan 2, T#20ms]', 24]);
  });

  test('conditions, hit counts and messages', async () => {
    const { site, main } = siteOf('conditions');
    const { breakpoints } = await launch({ site }, main, [
      { line: 22, condition: 'n = 7' },
      { line: 23, hitCondition: '= 20' },
      { line: 24, logMessage: 'n is {n}' },
      { line: 27, condition: 'n >' },
      { line: 27, hitCondition: 'often' },
    ]);
    expect(breakpoints.map(({ verified }) => verified)).toEqual([true, true, true, false, false]);
    let place = await stopped();
    expect(await evaluated('n', place.frameId)).toBe('7');
    expect(adapterClient().outputs()).toEqual(['n is 1', 'n is 2', 'n is 3', 'n is 4', 'n is 5', 'n is 6', 'n is 7']);
    place = await go('continue');
    expect([place.line, await evaluated('n', place.frameId)]).toEqual([23, '20']);
  });
});

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
    const site = join(scratch, name);
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
    client = new AdapterClient(adapter);
    await client.request('initialize', { adapterID: 'plantwright-st' });
    expect(await client.refusal('launch', 'site' in args ? { ...args, site } : args)).toContain(reason);
  });

  test('code with errors is not run', async () => {
    const { site } = siteOf('broken', {
      'main.st': 'PROGRAM Main\nVAR n : INT; END_VAR\nn := missing;\nEND_PROGRAM\n',
    });
    client = new AdapterClient(adapter);
    await client.request('initialize', { adapterID: 'plantwright-st' });
    expect(await client.refusal('launch', { site })).toMatch(/^main\.st:3: /);
  });
});
