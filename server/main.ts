/**
 * The language server: `node dist/server.js --stdio` for any client of the Language Server Protocol, by IPC in VS Code.
 * This file wires requests to the functions that answer them; it holds no knowledge of the language.
 */

import {
  CodeActionKind,
  createConnection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ProposedFeatures,
  ResponseError,
  type SymbolInformation,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { TOOL_VERSION } from '../core/base/version.js';
import { outlineOf, readOutline } from '../core/site/site-index.js';
import { Diagnostics } from './diagnostics/diagnostics.js';
import { codeActions } from './features/code-actions.js';
import { codeLenses, lensKindsOf } from './features/code-lens.js';
import { completionsAt } from './features/completion.js';
import { documentSymbols } from './features/document-symbols.js';
import { foldingRanges } from './features/folding.js';
import { formattingEdits } from './features/formatting.js';
import {
  callableAt,
  callItem,
  incomingCalls,
  inheritingAt,
  offsetOfItem,
  outgoingCalls,
  subtypes,
  supertypes,
  typeItem,
} from './features/hierarchy.js';
import { hoverAt } from './features/hover.js';
import { inlayHints } from './features/inlay-hints.js';
import { definitionAt, highlightsAt, referencesAt, typeDefinitionAt } from './features/navigation.js';
import { renameAt, renameTarget } from './features/rename.js';
import { SEMANTIC_TOKENS_LEGEND, semanticTokens } from './features/semantic-tokens.js';
import { signatureHelpAt } from './features/signature-help.js';
import { offsetOfPosition, rangeOfSpan } from './features/text-range.js';
import { workspaceEdit } from './features/workspace-edit.js';
import { engineName } from './index/engine-name.js';
import { defaultCacheFolder } from './index/index-cache.js';
import { SiteIndexer } from './index/site-indexer.js';
import { startIndexWorker } from './index/start-index-worker.js';
import { startIndexProgress } from './index/work-done-progress.js';
import { WorkspaceIndex } from './index/workspace-index.js';
import { type OutlinedSite, workspaceSymbols } from './index/workspace-symbols.js';
import { cacheFolderOf, clientOf, settingsOf, workspaceFoldersOf } from './server-settings.js';
import { pathOfUri } from './workspace/document-path.js';
import type { CheckedFile } from './workspace/unit.js';
import { type UnitFile, Workspace } from './workspace/workspace.js';

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const workspace = new Workspace((message) => connection.console.warn(message));

connection.onInitialize((params: InitializeParams): InitializeResult => {
  const client = clientOf(params);
  const settings = settingsOf(params.initializationOptions);
  const diagnostics = new Diagnostics(connection, workspace, client);
  const apply = ({ delay, dialect }: ReturnType<typeof settingsOf>): void => {
    diagnostics.delay = delay;
    workspace.setDefaultDialect(dialect);
  };
  apply(settings);
  const index = openIndex(params, diagnostics, client.showsProgress);
  followDocuments(diagnostics, index);
  answerDiagnostics(diagnostics);
  const lenses = lensKindsOf(params.initializationOptions);
  connection.onCodeLens(({ textDocument: { uri } }) => inFile(uri, [], (checked) => codeLenses(checked, uri, lenses)));
  connection.onWorkspaceSymbol(({ query }) => symbolsOfWorkspace(query, index));
  connection.onInitialized(() => {
    if (client.registersConfiguration) void connection.client.register(DidChangeConfigurationNotification.type);
    void index.start(workspaceFoldersOf(params));
  });
  connection.onDidChangeConfiguration(({ settings: changed }) => apply(settingsOf(changed)));
  connection.onShutdown(() => {
    index.stop();
    return diagnostics.stop();
  });
  return {
    serverInfo: { name: 'plantwright', version: TOOL_VERSION },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
      ...(client.pulls
        ? {
            diagnosticProvider: {
              identifier: 'plantwright',
              interFileDependencies: true,
              workspaceDiagnostics: false,
            },
          }
        : {}),
      hoverProvider: true,
      ...(lenses.length === 0 ? {} : { codeLensProvider: {} }),
      workspaceSymbolProvider: true,
      definitionProvider: true,
      typeDefinitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      inlayHintProvider: true,
      callHierarchyProvider: true,
      typeHierarchyProvider: true,
      documentHighlightProvider: true,
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
      completionProvider: { triggerCharacters: ['.', '#', '"'] },
      signatureHelpProvider: { triggerCharacters: ['(', ','] },
      semanticTokensProvider: { legend: SEMANTIC_TOKENS_LEGEND, full: true },
    },
  };
});

/** The index of all sites below the folders of the client; made in threads and kept on disk. */
function openIndex(params: InitializeParams, diagnostics: Diagnostics, showsProgress: boolean): WorkspaceIndex {
  const engine = engineName(__filename);
  const log = (message: string): void => connection.console.info(message);
  const index = new WorkspaceIndex({
    engine,
    indexer: new SiteIndexer({
      engine,
      cacheFolder: cacheFolderOf(params, defaultCacheFolder()),
      startWorker: startIndexWorker,
      log,
    }),
    startProgress: () => startIndexProgress(connection, showsProgress),
    onSite: (folder) => diagnostics.indexed(folder),
    log,
  });
  diagnostics.useIndex(index);
  return index;
}

/** Names of open sites come from what the editor shows, those of all others from the index. */
async function symbolsOfWorkspace(query: string, index: WorkspaceIndex): Promise<SymbolInformation[]> {
  const units = await workspace.openUnits();
  const live = new Set(units.map(({ root }) => root));
  const sites: OutlinedSite[] = units.map((unit) => ({
    symbols: readOutline(outlineOf(unit.site().project)),
    uriOf: (path) => workspace.uriOf(unit, path),
  }));
  for (const [folder, { index: known }] of index.sites)
    if (!live.has(folder))
      sites.push({
        symbols: readOutline(known.outline),
        uriOf: (path) => workspace.uriOfAbsolute(`${folder}/${path}`),
      });
  return workspaceSymbols(query, sites);
}

function followDocuments(diagnostics: Diagnostics, index: WorkspaceIndex): void {
  documents.onDidChangeContent(async ({ document }) => {
    const file = await workspace.setDocument({ uri: document.uri, text: document.getText() });
    if (file !== null) diagnostics.changed(file.unit);
  });
  documents.onDidClose(async ({ document }) => {
    const file = await workspace.closeDocument(document.uri);
    if (file === null) return;
    if (file.unit.hasOpenDocuments) diagnostics.changed(file.unit);
    else {
      diagnostics.closed(file.unit);
      index.changed(`${file.unit.root}/${file.path}`);
    }
  });
  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    const units = new Set((await Promise.all(changes.map(({ uri }) => workspace.changedOnDisk(uri)))).flat());
    for (const { uri } of changes) {
      const path = pathOfUri(uri);
      if (path !== null) index.changed(path);
    }
    for (const unit of units) diagnostics.changed(unit);
    if (units.size > 0) await diagnostics.refresh();
  });
}

function answerDiagnostics(diagnostics: Diagnostics): void {
  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }, token) => {
    const file = await workspace.find(textDocument.uri);
    // A newer key may be waiting already: let it in, and leave this answer to the request that follows it.
    await new Promise(setImmediate);
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    if (file === null) return { kind: 'full', items: [] };
    return diagnostics.report(file, previousResultId);
  });
}

/** Answers a request about a place, or `otherwise` when the document holds no code. */
async function atPlace<T>(
  params: TextDocumentPositionParams,
  otherwise: T,
  answer: (checked: CheckedFile, offset: number, file: UnitFile) => T,
): Promise<T> {
  return inFile(params.textDocument.uri, otherwise, (checked, file) =>
    answer(checked, offsetOfPosition(checked.project.lineTableOf(checked.file), params.position), file),
  );
}

async function inFile<T>(uri: string, otherwise: T, answer: (checked: CheckedFile, file: UnitFile) => T): Promise<T> {
  const file = await workspace.find(uri);
  const checked = file === null ? null : file.unit.fileOf(file.path);
  return file === null || checked === null ? otherwise : answer(checked, file);
}

function uriIn(file: UnitFile): (path: string) => string {
  return (path) => workspace.uriOf(file.unit, path);
}

connection.onHover((params) => atPlace(params, null, hoverAt));
connection.onDefinition((params) =>
  atPlace(params, null, (checked, offset, file) => definitionAt(checked, offset, uriIn(file))),
);
connection.onTypeDefinition((params) =>
  atPlace(params, null, (checked, offset, file) => typeDefinitionAt(checked, offset, uriIn(file))),
);
connection.onReferences((params) =>
  atPlace(params, [], (checked, offset, file) => referencesAt(checked, offset, uriIn(file))),
);
connection.onCodeAction(({ textDocument: { uri }, context }) =>
  inFile(uri, [], (checked) => codeActions(checked, uri, context.diagnostics)),
);
connection.languages.inlayHint.on(({ textDocument, range }) =>
  inFile(textDocument.uri, [], (checked) => inlayHints(checked, range)),
);
connection.languages.callHierarchy.onPrepare((params) =>
  atPlace(params, null, (checked, offset, file) => {
    const symbol = callableAt(checked, offset);
    const item = symbol === null ? null : callItem(checked, symbol, uriIn(file));
    return item === null ? null : [item];
  }),
);
connection.languages.callHierarchy.onIncomingCalls(({ item }) =>
  inFile(item.uri, [], (checked, file) => {
    const symbol = callableAt(checked, offsetOfItem(checked, item));
    return symbol === null ? [] : incomingCalls(checked, symbol, uriIn(file));
  }),
);
connection.languages.callHierarchy.onOutgoingCalls(({ item }) =>
  inFile(item.uri, [], (checked, file) => {
    const symbol = callableAt(checked, offsetOfItem(checked, item));
    return symbol === null ? [] : outgoingCalls(checked, symbol, uriIn(file));
  }),
);
connection.languages.typeHierarchy.onPrepare((params) =>
  atPlace(params, null, (checked, offset, file) => {
    const symbol = inheritingAt(checked, offset);
    const item = symbol === null ? null : typeItem(checked, symbol, uriIn(file));
    return item === null ? null : [item];
  }),
);
connection.languages.typeHierarchy.onSupertypes(({ item }) =>
  inFile(item.uri, [], (checked, file) => {
    const symbol = inheritingAt(checked, offsetOfItem(checked, item));
    return (symbol === null ? [] : supertypes(symbol)).flatMap((one) => typeItem(checked, one, uriIn(file)) ?? []);
  }),
);
connection.languages.typeHierarchy.onSubtypes(({ item }) =>
  inFile(item.uri, [], (checked, file) => {
    const symbol = inheritingAt(checked, offsetOfItem(checked, item));
    return (symbol === null ? [] : subtypes(checked, symbol)).flatMap(
      (one) => typeItem(checked, one, uriIn(file)) ?? [],
    );
  }),
);
connection.onPrepareRename((params) =>
  atPlace(params, null, (checked, offset, file) => {
    const target = renameTarget(file.unit, checked, offset);
    if (target.kind === 'refused') throw new ResponseError(LSPErrorCodes.RequestFailed, target.reason);
    return { range: rangeOfSpan(checked.project.lineTableOf(checked.file), target.span), placeholder: target.name };
  }),
);
connection.onRenameRequest((params) =>
  atPlace(params, null, (checked, offset, file) => {
    const renaming = renameAt(file.unit, checked, offset, params.newName);
    if (renaming.kind === 'refused') throw new ResponseError(LSPErrorCodes.RequestFailed, renaming.reason);
    return workspaceEdit(file.unit, renaming.edits, uriIn(file));
  }),
);
connection.onDocumentHighlight((params) => atPlace(params, [], highlightsAt));
connection.onDocumentSymbol(({ textDocument }) => inFile(textDocument.uri, [], documentSymbols));
connection.onFoldingRanges(({ textDocument }) => inFile(textDocument.uri, [], foldingRanges));
connection.onDocumentFormatting(({ textDocument, options }) =>
  inFile(textDocument.uri, [], (checked) => formattingEdits(checked, options)),
);
connection.onCompletion((params) => atPlace(params, [], completionsAt));
connection.onSignatureHelp((params) => atPlace(params, null, signatureHelpAt));
connection.languages.semanticTokens.on(({ textDocument }) => inFile(textDocument.uri, { data: [] }, semanticTokens));

documents.listen(connection);
connection.listen();
