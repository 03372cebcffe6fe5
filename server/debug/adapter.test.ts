import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, test } from 'vitest';
import { driveAdapter } from './testing/adapter-driver.js';

const { siteOf, launch, adapterClient, stopped, go, variables, evaluated } = driveAdapter();

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
