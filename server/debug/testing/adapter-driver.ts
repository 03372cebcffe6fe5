import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { AdapterClient, bundleAdapter } from './adapter-client.js';

/** The program that most tests debug. */
export const MAIN = `TYPE Mode : (Idle, Running, Stopped); END_TYPE

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

export interface Started {
  readonly breakpoints: readonly DebugProtocol.Breakpoint[];
}

export interface Place {
  readonly reason: string;
  readonly line: number;
  readonly stack: readonly string[];
  readonly frameId: number;
}

/** Bundles the adapter for a test file and drives it as an editor does; each test has a session of its own. */
export function driveAdapter() {
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

  function siteOf(name: string, more: Readonly<Record<string, string>> = {}): { site: string; main: string } {
    const site = folderOf(name, { 'plantwright.yaml': MANIFEST, 'main.st': MAIN, ...more });
    return { site, main: join(site, 'main.st') };
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

  /** A session that has said hello and launched nothing. */
  async function initialized(): Promise<AdapterClient> {
    client = new AdapterClient(adapter);
    await client.request('initialize', { adapterID: 'plantwright-st' });
    return client;
  }

  return {
    scratch: () => scratch,
    folderOf,
    siteOf,
    launch,
    initialized,
    adapterClient,
    stopped,
    go,
    variables,
    evaluated,
  };
}
