import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  ReferencesRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver/node';
import { bundleServer, type ProtocolClient, positionIn, startClient } from './testing/protocol-client.js';

const PULLING = { textDocument: { diagnostic: {} } };

let scratch = '';
let server = '';
let client: ProtocolClient | null = null;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'plantwright-server-'));
  server = await bundleServer(join(scratch, 'bundle'));
});

afterEach(async () => {
  await client?.stop();
  client = null;
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function start(capabilities: Parameters<typeof startClient>[1] = PULLING, options = {}): Promise<ProtocolClient> {
  client = await startClient(server, capabilities, { settings: { diagnostics: { delay: 0 } }, ...options });
  return client;
}

/** Writes a folder of files and gives its path. */
function folderOf(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function itemsOf(report: DocumentDiagnosticReport): readonly Diagnostic[] {
  return report.kind === 'full' ? report.items : [];
}

const COUNTER = `FUNCTION_BLOCK Counter
VAR_INPUT
  step : INT; (* how much one call adds *)
END_VAR
VAR_OUTPUT
  count : INT;
END_VAR
count := count + step;
END_FUNCTION_BLOCK

PROGRAM Main
VAR
  parts : Counter;
  total : INT;
END_VAR
parts(step := 1);
total := parts.count;
END_PROGRAM
`;

describe('diagnostics', () => {
  test('an unknown name is reported where it stands and goes when it is mended', async () => {
    const { open, edit, pull } = await start();
    const folder = folderOf('unknown-name', { 'Main.st': '' });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', COUNTER);
    expect(itemsOf(await pull(uri))).toEqual([]);

    await edit(uri, 'total := parts', 'totl := parts');
    const [diagnostic, ...more] = itemsOf(await pull(uri));
    expect(more).toEqual([]);
    expect(diagnostic?.message).toContain('totl');
    expect(diagnostic?.range).toEqual({ start: { line: 16, character: 0 }, end: { line: 16, character: 4 } });
    expect(diagnostic?.code).toMatch(/^PW\d{4}$/);
    expect(diagnostic?.source).toBe('plantwright');

    await edit(uri, 'totl := parts', 'total := parts');
    expect(itemsOf(await pull(uri))).toEqual([]);
  });

  test('an unchanged result is answered without its items', async () => {
    const { open, pull } = await start();
    const folder = folderOf('unchanged', { 'Main.st': '' });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', COUNTER.replace('total :=', 'totl :='));
    const first = await pull(uri);
    expect(itemsOf(first)).toHaveLength(1);
    const second = await pull(uri, first.resultId);
    expect(second).toEqual({ kind: 'unchanged', resultId: first.resultId });
  });

  test('a client that cannot pull gets diagnostics pushed', async () => {
    const { open, edit, pushed, initialized } = await start({});
    expect(initialized.capabilities.diagnosticProvider).toBeUndefined();
    const folder = folderOf('pushed', { 'Main.st': '' });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', COUNTER.replace('total :=', 'totl :='));
    const diagnostics = await pushed(uri, (items) => items.some(({ message }) => String(message).includes('totl')));
    expect(diagnostics).toHaveLength(1);
    await edit(uri, 'totl :=', 'total :=');
    await pushed(uri, (items) => items.length === 0);
  });

  test('a code leads to its page when the client has pages', async () => {
    const { open, pull } = await start(PULLING, { pageScheme: 'plantwright-code' });
    const folder = folderOf('pages', { 'Main.st': '' });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', COUNTER.replace('total :=', 'totl :='));
    const [diagnostic] = itemsOf(await pull(uri));
    expect(diagnostic?.codeDescription?.href).toBe(`plantwright-code:/${diagnostic?.code}.md`);
  });

  test('two sites with a block of the same name never see each other', async () => {
    const { open, pull } = await start();
    const manifest = (site: string): string => `site: ${site}\ndialect: codesys\n`;
    const pump = (type: string): string =>
      `FUNCTION_BLOCK Pump\nVAR_INPUT\n  speed : ${type};\nEND_VAR\nEND_FUNCTION_BLOCK\n`;
    const main = 'PROGRAM Main\nVAR\n  p : Pump;\nEND_VAR\np(speed := TRUE);\nEND_PROGRAM\n';
    const a = folderOf('fleet/a', { 'plantwright.yaml': manifest('a'), 'Pump.st': pump('BOOL'), 'Main.st': main });
    const b = folderOf('fleet/b', { 'plantwright.yaml': manifest('b'), 'Pump.st': pump('REAL'), 'Main.st': main });
    const inA = await open(join(a, 'Main.st'), 'structured-text', main);
    const inB = await open(join(b, 'Main.st'), 'structured-text', main);
    expect(itemsOf(await pull(inA))).toEqual([]);
    expect(itemsOf(await pull(inB)).map(({ range }) => range.start.line)).toEqual([4]);
  });

  test('an edit of one file is seen by the others of its site before it is saved', async () => {
    const { open, edit, pull } = await start();
    const main = 'PROGRAM Main\nVAR\n  p : Pump;\nEND_VAR\np(speed := 1.5);\nEND_PROGRAM\n';
    const pump = 'FUNCTION_BLOCK Pump\nVAR_INPUT\n  speed : REAL;\nEND_VAR\nEND_FUNCTION_BLOCK\n';
    const folder = folderOf('interface-edit', {
      'plantwright.yaml': 'site: one\ndialect: codesys\n',
      'Pump.st': pump,
      'Main.st': main,
    });
    const mainUri = await open(join(folder, 'Main.st'), 'structured-text', main);
    const pumpUri = await open(join(folder, 'Pump.st'), 'structured-text', pump);
    expect(itemsOf(await pull(mainUri))).toEqual([]);
    await edit(pumpUri, 'speed : REAL', 'speed : BOOL');
    expect(itemsOf(await pull(mainUri))).not.toEqual([]);
  });

  test('a mistake in plantwright.yaml is reported in it', async () => {
    const { open, pull } = await start();
    const manifest = 'site: one\ndialect: codesys\nsafty: {}\n';
    const folder = folderOf('manifest', { 'plantwright.yaml': manifest, 'Main.st': COUNTER });
    const uri = await open(join(folder, 'plantwright.yaml'), 'yaml', manifest);
    const [diagnostic] = itemsOf(await pull(uri));
    expect(diagnostic?.range.start.line).toBe(2);
    expect(diagnostic?.message).toContain('safety');
  });

  test('a mistake in fleet.yaml is reported in it, and a good one has none', async () => {
    const { open, edit, pull } = await start();
    const fleet = 'sites:\n  - { name: a, repo_path: sites/a }\nwaves:\n  - { name: all, where: all }\n';
    const folder = folderOf('fleet-file', { 'fleet.yaml': fleet });
    const uri = await open(join(folder, 'fleet.yaml'), 'yaml', fleet);
    expect(itemsOf(await pull(uri))).toEqual([]);
    await edit(uri, 'repo_path', 'repo_pth');
    const messages = itemsOf(await pull(uri)).map(({ message, range }) => [range.start.line, String(message)]);
    expect(messages).toContainEqual([1, expect.stringContaining('repo_path')]);
  });

  test('a file in Windows-1252 that the editor took for UTF-8 has no false error', async () => {
    const { open, pull } = await start();
    const text = 'PROGRAM Main\nVAR\n  T\u00fcr : BOOL;\nEND_VAR\nT\u00fcr := TRUE;\nEND_PROGRAM\n';
    const folder = folderOf('windows-1252', {});
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'Main.st'), Buffer.from(text, 'latin1'));
    const shown = new TextDecoder('utf-8').decode(Buffer.from(text, 'latin1'));
    expect(shown).toContain('\uFFFD');
    const uri = await open(join(folder, 'Main.st'), 'structured-text', shown);
    expect(itemsOf(await pull(uri))).toEqual([]);
  });
});

describe('safety findings', () => {
  test('a guard that is dropped from the condition of a hazard is reported while typing', async () => {
    const { open, edit, pushed } = await start();
    const main = `PROGRAM Main
VAR
  EStop_OK : BOOL;
  Guard_Closed : BOOL;
  Start_PB : BOOL;
  Motor : BOOL;
END_VAR
Motor := EStop_OK AND Guard_Closed AND (Start_PB OR Motor);
END_PROGRAM
`;
    const manifest = `site: one
dialect: codesys
entry: Main
safety:
  rating: SIL-2
  signals:
    - { tag: Main.EStop_OK, role: estop }
    - { tag: Main.Guard_Closed, role: guard }
    - { tag: Main.Start_PB, role: start }
    - { tag: Main.Motor, role: hazard }
`;
    const folder = folderOf('dominance', { 'plantwright.yaml': manifest, 'Main.st': main });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', main);
    const found = pushed(uri, (items) => items.some(({ code }) => code === 'GD01'));
    await edit(uri, 'EStop_OK AND Guard_Closed AND', 'EStop_OK AND');
    const diagnostic = (await found).find(({ code }) => code === 'GD01');
    expect(diagnostic?.message).toContain('Guard_Closed');
    await edit(uri, 'EStop_OK AND', 'EStop_OK AND Guard_Closed AND');
    await pushed(uri, (items) => items.every(({ code }) => code !== 'GD01'));
  }, 30_000);

  test('a quick fix of a safety rule is offered where it is reported', async () => {
    const { open, pushed, connection } = await start();
    const main =
      'PROGRAM Main\nVAR\n  EStop_OK AT %IX0.0 : BOOL;\n  Motor AT %QX0.0 : BOOL;\nEND_VAR\nMotor := EStop_OK AND TRUE;\nEND_PROGRAM\n';
    const manifest =
      'site: one\ndialect: codesys\nentry: Main\nsafety:\n  signals: [{ tag: Main.EStop_OK, role: estop }, { tag: Main.Motor, role: hazard }]\n';
    const folder = folderOf('quick-fix', { 'plantwright.yaml': manifest, 'Main.st': main });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', main);
    const found = (await pushed(uri, (items) => items.some(({ code }) => code === 'DP05'))).filter(
      ({ code }) => code === 'DP05',
    );
    const [diagnostic] = found;
    if (diagnostic === undefined) throw new Error('DP05 was not reported');
    const answer = await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: found },
    });
    const edits = (answer ?? []).flatMap((one) => ('edit' in one ? (one.edit?.changes?.[uri] ?? []) : []));
    expect(edits).toEqual([{ range: diagnostic.range, newText: 'EStop_OK' }]);
  }, 30_000);

  test('lint findings come with them, as the manifest wants them', async () => {
    const { open, pushed } = await start();
    const main = 'PROGRAM Main\nVAR\n  n : INT;\nEND_VAR\nn := n;\nn := n + 0;\nEND_PROGRAM\n';
    const manifest = 'site: one\ndialect: codesys\nlint: { useless-operand: off, pou-prefix: warning }\n';
    const folder = folderOf('lint', { 'plantwright.yaml': manifest, 'Main.st': main });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', main);
    const found = await pushed(uri, (items) => items.some(({ code }) => code === 'PW5122'));
    expect(found.filter(({ code }) => String(code).startsWith('PW')).map(({ code }) => code)).toEqual(['PW5122']);
  }, 30_000);

  test('an e-stop that software writes is reported while typing', async () => {
    const { open, edit, pushed } = await start();
    const main = 'PROGRAM Main\nVAR\n  EStop_OK : BOOL;\n  n : INT;\nEND_VAR\nn := n + 1;\nEND_PROGRAM\n';
    const manifest =
      'site: one\ndialect: codesys\nentry: Main\nsafety:\n  signals:\n    - { tag: Main.EStop_OK, role: estop }\n';
    const folder = folderOf('estop-write', { 'plantwright.yaml': manifest, 'Main.st': main });
    const uri = await open(join(folder, 'Main.st'), 'structured-text', main);
    await edit(uri, 'n := n + 1;', 'EStop_OK := TRUE;');
    const found = await pushed(uri, (items) => items.some(({ code }) => code === 'ES01'));
    expect(found.find(({ code }) => code === 'ES01')?.range.start.line).toBe(5);
  }, 30_000);
});

describe('navigation', () => {
  async function opened(): Promise<{
    uri: string;
    at: (find: string, offset?: number) => object;
    client: ProtocolClient;
  }> {
    const running = await start();
    const folder = folderOf('navigation', { 'Main.st': '' });
    const uri = await running.open(join(folder, 'Main.st'), 'structured-text', COUNTER);
    const at = (find: string, offset = 0): object => ({
      textDocument: { uri },
      position: positionIn(COUNTER, COUNTER.indexOf(find) + offset),
    });
    return { uri, at, client: running };
  }

  test('hover shows the declaration and its comment', async () => {
    const { at, client: running } = await opened();
    const hover = await running.connection.sendRequest(HoverRequest.method, at('count + step', 8));
    expect(JSON.stringify(hover)).toContain('VAR_INPUT step : INT');
    expect(JSON.stringify(hover)).toContain('how much one call adds');
  });

  test('definition goes from a use to the declaration', async () => {
    const { uri, at, client: running } = await opened();
    const definition = await running.connection.sendRequest(DefinitionRequest.method, at('parts.count', 7));
    const start = positionIn(COUNTER, COUNTER.indexOf('count : INT'));
    expect(definition).toEqual({ uri, range: { start, end: { ...start, character: start.character + 5 } } });
  });

  test('references are the declaration and every use', async () => {
    const { at, client: running } = await opened();
    const found = await running.connection.sendRequest<{ range: { start: { line: number } } }[]>(
      ReferencesRequest.method,
      { ...at('count : INT'), context: { includeDeclaration: true } },
    );
    expect(found.map(({ range }) => range.start.line)).toEqual([5, 7, 7, 16]);
  });

  test('completion after a dot offers the outputs of the instance', async () => {
    const { uri, client: running } = await opened();
    await running.edit(uri, 'total := parts.count;', 'total := parts.;');
    const text = running.textOf(uri);
    const items = await running.connection.sendRequest<{ label: string }[]>(CompletionRequest.method, {
      textDocument: { uri },
      position: positionIn(text, text.indexOf('parts.;') + 6),
    });
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['count', 'step']));
    expect(items.map(({ label }) => label)).not.toContain('total');
  });

  test('completion in a call offers the pins that are not yet written', async () => {
    const { uri, client: running } = await opened();
    await running.edit(uri, 'parts(step := 1);', 'parts(step := 1, );');
    const text = running.textOf(uri);
    const items = await running.connection.sendRequest<{ label: string }[]>(CompletionRequest.method, {
      textDocument: { uri },
      position: positionIn(text, text.indexOf(', );') + 2),
    });
    const labels = items.map(({ label }) => label);
    expect(labels).toContain('count =>');
    expect(labels).not.toContain('step :=');
    expect(labels).toContain('total');
  });

  test('signature help names the parameter at hand', async () => {
    const { at, client: running } = await opened();
    const help = await running.connection.sendRequest<{ signatures: { label: string }[]; activeParameter: number }>(
      SignatureHelpRequest.method,
      at('step := 1)', 9),
    );
    expect(help.signatures[0]?.label).toBe('Counter(step := INT, count => INT)');
    expect(help.activeParameter).toBe(0);
  });

  test('the outline has every block with its variables', async () => {
    const { uri, client: running } = await opened();
    const symbols = await running.connection.sendRequest<{ name: string; children: { name: string }[] }[]>(
      DocumentSymbolRequest.method,
      { textDocument: { uri } },
    );
    expect(symbols.map(({ name, children }) => [name, children.map((child) => child.name)])).toEqual([
      ['Counter', ['step', 'count']],
      ['Main', ['parts', 'total']],
    ]);
  });

  test('blocks and sections fold', async () => {
    const { uri, client: running } = await opened();
    const ranges = await running.connection.sendRequest<{ startLine: number; endLine: number }[]>(
      FoldingRangeRequest.method,
      { textDocument: { uri } },
    );
    expect(ranges.map(({ startLine, endLine }) => [startLine, endLine])).toContainEqual([0, 7]);
  });

  test('formatting edits only what is not formatted', async () => {
    const { uri, client: running } = await opened();
    const ask = (): Promise<{ newText: string; range: { start: { line: number } } }[]> =>
      running.connection.sendRequest(DocumentFormattingRequest.method, {
        textDocument: { uri },
        options: { insertSpaces: true, tabSize: 2 },
      });
    expect(await ask()).toEqual([]);
    await running.edit(uri, 'total := parts.count;', 'total:=parts.count;');
    const edits = await ask();
    expect(edits.map(({ range }) => range.start.line)).toEqual([16]);
  });

  test('semantic tokens come in order and tell a block from a variable', async () => {
    const { uri, client: running } = await opened();
    const { data } = await running.connection.sendRequest<{ data: number[] }>(SemanticTokensRequest.method, {
      textDocument: { uri },
    });
    expect(data.length % 5).toBe(0);
    expect(data.slice(0, 5)).toEqual([0, 15, 7, 2, 1]);
  });
});

test('a document without a path on disk is left alone', async () => {
  const { connection } = await start();
  const uri = 'untitled:Untitled-1';
  expect(
    await connection.sendRequest(HoverRequest.method, { textDocument: { uri }, position: { line: 0, character: 0 } }),
  ).toBeNull();
});
