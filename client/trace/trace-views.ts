import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { SimulatorProcess } from '../testing/simulator-process.js';
import type { TraceSource } from '../testing/simulator-protocol.js';
import { viewStateOf } from '../webview/trace/trace-messages.js';
import type { SourceValues } from './source-values.js';
import { TRACE_VIEW, TracePanel } from './trace-panel.js';
import { keyOfSource, traceSourceOf } from './trace-source.js';

/** The windows with traces: one for each source. */
export class TraceViews extends Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #simulator: SimulatorProcess;
  readonly #values: SourceValues;
  readonly #panels = new Map<string, TracePanel>();

  constructor(extensionUri: vscode.Uri, simulator: SimulatorProcess, values: SourceValues) {
    super();
    this.#extensionUri = extensionUri;
    this.#simulator = simulator;
    this.#values = values;
    this.register({ dispose: () => this.#closeAll() });
    this.register(
      vscode.window.registerWebviewPanelSerializer(TRACE_VIEW, {
        deserializeWebviewPanel: async (panel, state) => {
          const source = traceSourceOf(viewStateOf(state)?.source);
          if (source === null) panel.dispose();
          else await this.#adopt(panel, source).load();
        },
      }),
    );
  }

  /** Records a trace and shows it; `other` is laid over it. */
  async open(source: TraceSource, other: TraceSource | null = null): Promise<void> {
    const known = this.#panels.get(keyOfSource(source));
    known?.panel.reveal();
    const panel =
      known ??
      this.#adopt(
        vscode.window.createWebviewPanel(TRACE_VIEW, 'Trace', vscode.ViewColumn.Active, { enableScripts: true }),
        source,
      );
    try {
      await panel.load();
      if (other !== null) await panel.compareWith(other);
    } catch (error) {
      // The window was closed meanwhile: nobody waits for it.
      if (!(error instanceof vscode.CancellationError)) throw error;
    }
  }

  #adopt(panel: vscode.WebviewPanel, source: TraceSource): TracePanel {
    const key = keyOfSource(source);
    const adopted = new TracePanel(panel, source, this.#extensionUri, this.#simulator, this.#values);
    this.#panels.set(key, adopted);
    panel.onDidDispose(() => this.#panels.delete(key));
    return adopted;
  }

  #closeAll(): void {
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }
}
