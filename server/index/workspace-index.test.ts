import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type SymbolInformation,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver/node';
import { bundleServer, type ProtocolClient, startClient } from '../testing/protocol-client.js';

let scratch = '';
let server = '';
let client: ProtocolClient | null = null;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'plantwright-workspace-index-'));
  server = await bundleServer(join(scratch, 'bundle'));
});

afterEach(async () => {
  await client?.stop();
  client = null;
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const MAIN = 'PROGRAM PLC_PRG\nVAR\n  n : INT;\nEND_VAR\nn := n + 1;\nEND_PROGRAM\n';
const WRONG = MAIN.replace('n + 1', 'n + TRUE');

/** Two sites in one folder, the second of them with an error. */
function workspaceNamed(name: string): string {
  const manifest = (site: string): string => `site: ${site}\ndialect: codesys\n`;
  return writeFiles(join(scratch, name), {
    'one/plantwright.yaml': manifest('one'),
    'one/Main.st': MAIN,
    'lines/two/plantwright.yaml': manifest('two'),
    'lines/two/Main.st': WRONG,
    'lines/two/Pump.st': 'FUNCTION_BLOCK FB_FeedPump\nEND_FUNCTION_BLOCK\n',
    'lines/two/.plantwright/worktree/plantwright.yaml': manifest('copy'),
  });
}

async function start(folder: string, cacheFolder: string | null = null): Promise<ProtocolClient> {
  const capabilities = { textDocument: { diagnostic: {} }, window: { workDoneProgress: true } };
  const options = { settings: { diagnostics: { delay: 0 } }, cacheFolder };
  client = await startClient(server, capabilities, options, [folder]);
  return client;
}

function uriOf(...parts: readonly string[]): string {
  return pathToFileURL(join(...parts)).href;
}

describe('a workspace of sites', () => {
  it('shows what is wrong in files that nobody has opened, and that it is at work', async () => {
    const folder = workspaceNamed('unopened');
    const { pushed, progress } = await start(folder);
    const [found] = await pushed(uriOf(folder, 'lines/two/Main.st'), (items) => items.length > 0);
    expect(found?.range.start.line).toBe(4);
    expect(progress[0]).toBe('begin');
  });

  it('follows files that change on disk', async () => {
    const folder = workspaceNamed('followed');
    const { pushed, connection } = await start(folder);
    const uri = uriOf(folder, 'lines/two/Main.st');
    await pushed(uri, (items) => items.length > 0);
    writeFiles(folder, { 'lines/two/Main.st': MAIN });
    await connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri, type: FileChangeType.Changed }],
    });
    expect(await pushed(uri, (items) => items.length === 0)).toEqual([]);
  });

  it('leaves the findings of an open file to those who ask for them', async () => {
    const folder = workspaceNamed('opened');
    const { pushed, open, pull } = await start(folder);
    const uri = uriOf(folder, 'lines/two/Main.st');
    await pushed(uri, (items) => items.length > 0);
    await open(join(folder, 'lines/two/Main.st'), 'structured-text', WRONG);
    const report = await pull(uri);
    expect(report.kind === 'full' ? report.items.map(({ code }) => code) : []).toEqual(['PW3012']);
    await pushed(uri, (items) => items.every(({ code }) => code !== 'PW3012'));
  });

  it('finds a declaration of any site by letters of its name', async () => {
    const folder = workspaceNamed('searched');
    const { pushed, connection } = await start(folder);
    await pushed(uriOf(folder, 'lines/two/Main.st'), (items) => items.length > 0);
    const found = (await connection.sendRequest(WorkspaceSymbolRequest.type, {
      query: 'feedp',
    })) as SymbolInformation[];
    expect(found.map(({ name, location }) => `${name} ${location.uri}`)).toEqual([
      `FB_FeedPump ${uriOf(folder, 'lines/two/Pump.st')}`,
    ]);
  });

  it('keeps an index for each site in the folder that the client names, and gives the same from there', async () => {
    const folder = workspaceNamed('kept');
    const cacheFolder = join(scratch, 'kept-cache');
    const uri = uriOf(folder, 'lines/two/Main.st');
    const cold = await (await start(folder, cacheFolder)).pushed(uri, (items) => items.length > 0);
    await client?.stop();
    client = null;
    expect(readdirSync(cacheFolder).length).toBeGreaterThan(0);
    expect(await (await start(folder, cacheFolder)).pushed(uri, (items) => items.length > 0)).toEqual(cold);
  });
});
