import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { readSettings } from '../base/settings.js';
import { hasDebugger } from '../testing/debug-type.js';
import { CODE_PAGE_SCHEME } from './code-pages.js';

/** Languages that the server answers for. */
export const LANGUAGE_IDS = ['structured-text', 'scl', 'twincat-object', 'logix-export'] as const;

/** Documents of the server: source files by language, manifests and fleets by name. */
const DOCUMENT_SELECTOR = [
  ...LANGUAGE_IDS.map((language) => ({ scheme: 'file', language })),
  { scheme: 'file', pattern: '**/plantwright.yaml' },
  { scheme: 'file', pattern: '**/fleet.yaml' },
];

/** The language server process: one per window, restarted by the client when it crashes. */
export class LanguageServer extends Disposable {
  readonly #client: LanguageClient;
  readonly #status: vscode.LanguageStatusItem;

  constructor(context: vscode.ExtensionContext, log: Log) {
    super();
    const module = context.asAbsolutePath('dist/server.js');
    this.#client = this.register(
      new LanguageClient(
        'plantwright',
        'Plantwright Language Server',
        {
          run: { module, transport: TransportKind.ipc },
          debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--enable-source-maps'] } },
        },
        {
          documentSelector: DOCUMENT_SELECTOR,
          synchronize: {
            configurationSection: 'plantwright',
            fileEvents: vscode.workspace.createFileSystemWatcher(
              '**/{plantwright.yaml,fleet.yaml,*.st,*.iecst,*.exp,*.EXP,*.scl,*.udt,*.db,*.s7dcl,*.TcPOU,*.TcGVL,*.TcDUT,*.TcIO,*.L5X,*.l5x}',
            ),
          },
          diagnosticPullOptions: { onChange: true, onSave: true, onFocus: true },
          // Asked anew at each start: a workspace may have become trusted meanwhile.
          initializationOptions: () => ({
            settings: serverSettings(),
            pageScheme: CODE_PAGE_SCHEME,
            cacheFolder: vscode.Uri.joinPath(context.globalStorageUri, 'index').fsPath,
            lenses: lensesOf(context),
          }),
        },
      ),
    );
    this.#status = this.register(vscode.languages.createLanguageStatusItem('plantwright.server', DOCUMENT_SELECTOR));
    this.#status.name = 'Plantwright';
    this.#status.command = { command: 'plantwright.showLog', title: 'Show Log' };
    this.register(
      this.#client.onDidChangeState(({ newState }) => {
        const running = newState === 2;
        this.#status.text = running ? 'Plantwright' : 'Plantwright (starting)';
        this.#status.busy = !running;
        log.info(`Language server ${running ? 'is running' : 'is not running'}`);
      }),
    );
  }

  async start(): Promise<void> {
    await this.#client.start();
  }

  async restart(): Promise<void> {
    await this.#client.restart();
  }

  async stop(): Promise<void> {
    if (this.#client.needsStop()) await this.#client.stop();
  }
}

/** The commands behind lenses exist in a trusted workspace; the debugger only where the extension has one. */
function lensesOf(context: vscode.ExtensionContext): string[] {
  if (!vscode.workspace.isTrusted) return [];
  return ['simulate', 'run', ...(hasDebugger(context) ? ['debug'] : [])];
}

function serverSettings(): { delay: number; dialect: string } {
  const settings = readSettings(null);
  return { delay: settings.diagnosticsDelay, dialect: settings.dialect };
}
