import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgress,
  WorkDoneProgressCreateRequest,
} from 'vscode-languageserver/node';
import { bundleProgram } from './bundle-program.js';

/** Bundles the server and its worker as the product does, into a folder of the test. */
export async function bundleServer(folder: string): Promise<string> {
  const entryPoints = {
    server: 'server/main.ts',
    'safety-worker': 'server/safety/safety-worker.ts',
    'index-worker': 'server/index/index-worker.ts',
  };
  await bundleProgram(entryPoints, folder);
  return join(folder, 'server.js');
}

/** A client of the server over stdio, as any editor has one. */
export interface ProtocolClient {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  open(path: string, languageId: string, text: string): Promise<string>;
  /** Replaces a text that occurs once by another, as an incremental change. */
  edit(uri: string, find: string, replacement: string): Promise<void>;
  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  /** Waits for pushed diagnostics of a document that fulfil a condition. */
  pushed(uri: string, fits: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]>;
  textOf(uri: string): string;
  /** Kinds of the reports of progress so far: begin, report, end. */
  readonly progress: readonly string[];
  stop(): Promise<void>;
}

export async function startClient(
  server: string,
  capabilities: ClientCapabilities,
  initializationOptions: Readonly<Record<string, unknown>> = {},
  folders: readonly string[] = [],
): Promise<ProtocolClient> {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const latest = new Map<string, readonly Diagnostic[]>();
  const watchers = new Set<() => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    latest.set(uri, diagnostics);
    for (const watcher of watchers) watcher();
  });
  const progress: string[] = [];
  connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
    connection.onProgress(WorkDoneProgress.type, token, ({ kind }) => void progress.push(kind));
  });
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities,
    initializationOptions,
    workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const texts = new Map<string, { text: string; version: number }>();
  return {
    connection,
    initialized,
    open: async (path, languageId, text) => {
      const uri = pathToFileURL(path).href;
      texts.set(uri, { text, version: 1 });
      await connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId, version: 1, text },
      });
      return uri;
    },
    edit: async (uri, find, replacement) => {
      const known = texts.get(uri);
      if (known === undefined) throw new Error(`${uri} is not open`);
      const start = known.text.indexOf(find);
      if (start < 0) throw new Error(`"${find}" does not occur in ${uri}`);
      const range = { start: positionIn(known.text, start), end: positionIn(known.text, start + find.length) };
      const version = known.version + 1;
      texts.set(uri, { text: known.text.replace(find, () => replacement), version });
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ range, text: replacement }],
      });
    },
    pull: async (uri, previousResultId) =>
      connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      }),
    pushed: async (uri, fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const diagnostics = latest.get(uri);
          if (diagnostics === undefined || !fits(diagnostics)) return;
          watchers.delete(look);
          resolve(diagnostics);
        };
        watchers.add(look);
        look();
      }),
    progress,
    textOf: (uri) => texts.get(uri)?.text ?? '',
    stop: () => stop(connection, child),
  };
}

/** Line and character, from 0, of an offset. */
export function positionIn(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

async function stop(connection: ProtocolConnection, child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  await ended;
  connection.dispose();
}
