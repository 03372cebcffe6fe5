import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  type CodeAction,
  CodeActionRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  RenameRequest,
  TypeHierarchyPrepareRequest,
  TypeHierarchySubtypesRequest,
  TypeHierarchySupertypesRequest,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { bundleServer, type ProtocolClient, positionIn, startClient } from './testing/protocol-client.js';

let scratch = '';
let server = '';
let client: ProtocolClient | null = null;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'plantwright-refactoring-'));
  server = await bundleServer(join(scratch, 'bundle'));
});

afterEach(async () => {
  await client?.stop();
  client = null;
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const MAIN = `PROGRAM Main
VAR
  EStop_OK : BOOL;
  drive : FB_Drive;
  speed : INT;
END_VAR
drive(run := EStop_OK);
speed := LIMIT(0, speeed, 100);
END_PROGRAM
`;
const DRIVE = `INTERFACE I_Drive
METHOD Stop
END_METHOD
END_INTERFACE
FUNCTION_BLOCK FB_Base
END_FUNCTION_BLOCK
FUNCTION_BLOCK FB_Drive EXTENDS FB_Base IMPLEMENTS I_Drive
VAR_INPUT
  run : BOOL;
END_VAR
IF NOT run THEN Stop(); END_IF;
METHOD Stop
END_METHOD
END_FUNCTION_BLOCK
`;
const MANIFEST = `site: a
dialect: codesys
entry: Main
safety:
  rating: SIL-2
  signals:
    - { tag: Main.EStop_OK, role: estop, zone: z }
`;

async function openSite(
  name: string,
): Promise<{ readonly running: ProtocolClient; readonly main: string; readonly drive: string }> {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const files = { 'plantwright.yaml': MANIFEST, 'Main.st': MAIN, 'Drive.st': DRIVE };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const running = await startClient(
    server,
    { textDocument: { diagnostic: {} } },
    { settings: { diagnostics: { delay: 0 } } },
  );
  client = running;
  const main = await running.open(join(folder, 'Main.st'), 'structured-text', MAIN);
  return { running, main, drive: pathToFileURL(join(folder, 'Drive.st')).href };
}

/** The new texts of an edit by file name, in order. */
function newTexts({ changes = {} }: WorkspaceEdit): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(changes).map(([uri, edits]) => [uri.split('/').at(-1), edits.map(({ newText }) => newText)]),
  );
}

test('rename changes the sources of the site and the tags of its manifest', async () => {
  const { running, main } = await openSite('rename');
  const at = { textDocument: { uri: main }, position: positionIn(MAIN, MAIN.indexOf('EStop_OK')) };
  expect(await running.connection.sendRequest(PrepareRenameRequest.type, at)).toMatchObject({
    placeholder: 'EStop_OK',
  });
  const edit = await running.connection.sendRequest(RenameRequest.type, { ...at, newName: 'EmergencyStop' });
  expect(newTexts(edit ?? {})).toEqual({
    'Main.st': ['EmergencyStop', 'EmergencyStop'],
    'plantwright.yaml': ['EmergencyStop'],
  });
});

test('rename says why it is refused', async () => {
  const { running, main } = await openSite('refused');
  const place = (word: string) => ({ textDocument: { uri: main }, position: positionIn(MAIN, MAIN.indexOf(word)) });
  const rename = (word: string, newName: string) =>
    running.connection.sendRequest(RenameRequest.type, { ...place(word), newName });
  await expect(rename('EStop_OK', 'END_VAR')).rejects.toThrow(/keyword/);
  await expect(rename('EStop_OK', 'DRIVE')).rejects.toThrow(/already Main\.drive/);
  await expect(running.connection.sendRequest(PrepareRenameRequest.type, place('LIMIT'))).rejects.toThrow(
    /standard library/,
  );
});

test('a diagnostic offers what was probably meant, and a declaration', async () => {
  const { running, main } = await openSite('actions');
  const report = await running.pull(main);
  const diagnostics = report.kind === 'full' ? report.items : [];
  const [first] = diagnostics;
  if (first === undefined) throw new Error('no diagnostic');
  const answer = await running.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri: main },
    range: first.range,
    context: { diagnostics: [...diagnostics] },
  });
  const actions = (answer ?? []).filter((one): one is CodeAction => 'edit' in one);
  expect(actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([
    ['Change to "speed"', 'quickfix', true],
    ['Declare "speeed" as INT', 'quickfix', false],
  ]);
  expect(newTexts(actions[0]?.edit ?? {})).toEqual({ 'Main.st': ['speed'] });
});

test('arguments without names show the names of their parameters', async () => {
  const { running, main } = await openSite('hints');
  const hints = await running.connection.sendRequest(InlayHintRequest.type, {
    textDocument: { uri: main },
    range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
  });
  expect(hints?.map(({ label }) => label)).toEqual(['MN:', 'IN:', 'MX:']);
});

test('calls can be followed in both directions', async () => {
  const { running, main, drive } = await openSite('calls');
  const position = positionIn(MAIN, MAIN.indexOf('drive(run'));
  const [item] =
    (await running.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri: main },
      position,
    })) ?? [];
  if (item === undefined) throw new Error('no item');
  expect(item).toMatchObject({ name: 'FB_Drive', uri: drive });
  const incoming = await running.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item });
  expect(incoming?.map(({ from }) => from.name)).toEqual(['Main']);
  const outgoing = await running.connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, { item });
  expect(outgoing?.map(({ to }) => to.name)).toEqual(['FB_Drive.Stop']);
});

test('types can be followed up and down', async () => {
  const { running, main } = await openSite('types');
  const position = positionIn(MAIN, MAIN.indexOf('FB_Drive'));
  const [item] =
    (await running.connection.sendRequest(TypeHierarchyPrepareRequest.type, {
      textDocument: { uri: main },
      position,
    })) ?? [];
  if (item === undefined) throw new Error('no item');
  const above = await running.connection.sendRequest(TypeHierarchySupertypesRequest.type, { item });
  expect(above?.map(({ name }) => name)).toEqual(['FB_Base', 'I_Drive']);
  const [base] = above ?? [];
  if (base === undefined) throw new Error('no base');
  const below = await running.connection.sendRequest(TypeHierarchySubtypesRequest.type, { item: base });
  expect(below?.map(({ name }) => name)).toEqual(['FB_Drive']);
});
