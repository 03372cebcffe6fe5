import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import { type HostMessage, type MatrixState, viewMessageOf } from './matrix/matrix-state.js';
import { webviewPage } from './page.js';

const VIEW_TYPE = 'plantwright.matrix';

/**
 * The verifier matrix. The host holds the state and sends it whole; the webview can be thrown away at any time. While
 * it is hidden nothing is sent: it asks again when it is shown.
 */
export class MatrixPanel extends Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #openChange: (changeId: string) => void;
  #panel: vscode.WebviewPanel | null = null;
  #state: MatrixState = { title: 'Verifier Matrix', subtitle: '', rows: [] };

  constructor(extensionUri: vscode.Uri, openChange: (changeId: string) => void) {
    super();
    this.#extensionUri = extensionUri;
    this.#openChange = openChange;
    this.register(
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: async (panel) => this.#adopt(panel),
      }),
    );
    this.register({ dispose: () => this.#panel?.dispose() });
  }

  show(): void {
    if (this.#panel !== null) {
      this.#panel.reveal();
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(VIEW_TYPE, 'Verifier Matrix', vscode.ViewColumn.Active, { enableScripts: true }),
    );
  }

  update(state: MatrixState): void {
    this.#state = state;
    this.#send();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(this.#extensionUri, 'dist'),
        vscode.Uri.joinPath(this.#extensionUri, 'media'),
      ],
    };
    const listener = webview.onDidReceiveMessage((value: unknown) => {
      const message = viewMessageOf(value);
      if (message?.kind === 'ready') this.#send();
      else if (message?.kind === 'open-change') this.#openChange(message.changeId);
    });
    panel.onDidDispose(() => {
      listener.dispose();
      this.#panel = null;
    });
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.png');
    webview.html = webviewPage(webview, this.#extensionUri, 'matrix', 'Verifier Matrix');
  }

  #send(): void {
    if (this.#panel?.visible !== true) return;
    const message: HostMessage = { kind: 'state', state: this.#state };
    void this.#panel.webview.postMessage(message);
  }
}
