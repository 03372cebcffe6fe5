import * as vscode from 'vscode';
import type { PackedTrace } from '../../core/simulation/packed-trace.js';
import { Disposable } from '../base/disposable.js';
import type { SimulatorProcess } from '../testing/simulator-process.js';
import type { OpenTrace, TraceSource } from '../testing/simulator-protocol.js';
import { webviewPage } from '../webview/page.js';
import {
  type HostMessage,
  type ShownTrace,
  type TraceContent,
  viewMessageOf,
} from '../webview/trace/trace-messages.js';
import { exportTrace } from './export-trace.js';
import type { SourceValues } from './source-values.js';

export const TRACE_VIEW = 'plantwright.trace';

const TRACE_FILES: Readonly<Record<string, string[]>> = { Traces: ['json', 'csv'] };

/**
 * One window with a trace. The extension holds the trace and sends it whole when the window asks; the window can be
 * thrown away at any time. It keeps the source of the trace, from which the same trace is recorded again.
 */
export class TracePanel extends Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #simulator: SimulatorProcess;
  readonly #values: SourceValues;
  readonly #source: TraceSource;
  readonly #closing = new vscode.CancellationTokenSource();
  #opened: OpenTrace | null = null;
  #other: ShownTrace<PackedTrace> | null = null;
  #problem: string | null = null;

  constructor(
    panel: vscode.WebviewPanel,
    source: TraceSource,
    extensionUri: vscode.Uri,
    simulator: SimulatorProcess,
    values: SourceValues,
  ) {
    super();
    this.panel = panel;
    this.#source = source;
    this.#simulator = simulator;
    this.#values = values;
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: ['dist', 'media'].map((folder) => vscode.Uri.joinPath(extensionUri, folder)),
    };
    this.register(webview.onDidReceiveMessage((message: unknown) => void this.#take(message).catch(showProblem)));
    // A recording that nobody waits for any more is ended.
    this.register({ dispose: () => this.#closing.cancel() });
    this.register(panel.onDidDispose(() => this.dispose()));
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    webview.html = webviewPage(webview, extensionUri, 'trace', 'Trace');
  }

  /** Records the trace, anew when it was recorded before: the code may have changed. */
  async load(): Promise<void> {
    try {
      this.#opened = await this.#simulator.ask('trace', { source: this.#source }, this.#closing.token);
      if (this.isDisposed) return;
      this.#problem = null;
      this.panel.title = this.#opened.title;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#send();
  }

  async #take(value: unknown): Promise<void> {
    const message = viewMessageOf(value);
    const opened = this.#opened;
    if (message?.kind === 'ready') this.#send();
    if (message === null || opened === null) return;
    switch (message.kind) {
      case 'ready':
        break;
      case 'explain': {
        const { tag, sample } = message;
        await this.#values.show(await this.#simulator.ask('explain', { source: this.#source, tag, sample }));
        break;
      }
      case 'compare':
        await this.#compare(message.with);
        break;
      case 'export':
        await exportTrace(this.#simulator, opened, message);
        break;
    }
  }

  async #compare(other: 'file' | 'revision' | 'nothing'): Promise<void> {
    const source = other === 'nothing' ? null : other === 'file' ? await askForTrace() : this.#atHead();
    if (other === 'file' && source === null) return;
    this.#other = source === null ? null : await this.#simulator.ask('trace', { source }, this.#closing.token);
    this.#send();
  }

  /** Opens the comparison with a given trace. */
  async compareWith(source: TraceSource): Promise<void> {
    if (this.isDisposed) return;
    this.#other = await this.#simulator.ask('trace', { source }, this.#closing.token);
    this.#send();
  }

  #atHead(): TraceSource | null {
    return this.#source.kind === 'check' ? { ...this.#source, revision: 'HEAD' } : null;
  }

  #send(): void {
    if (this.isDisposed) return;
    const message: HostMessage | null =
      this.#problem !== null
        ? { kind: 'problem', message: this.#problem }
        : this.#opened === null
          ? null
          : { kind: 'content', content: contentOf(this.#opened, this.#other) };
    if (message !== null) void this.panel.webview.postMessage(message);
  }
}

function contentOf(opened: OpenTrace, other: ShownTrace<PackedTrace> | null): TraceContent<PackedTrace> {
  const { source, title, summary, trace, focus, canExplain, sampleName } = opened;
  const canCompareRevision = source.kind === 'check' && source.revision === null;
  return { source, title, summary, trace, focus, canExplain, canCompareRevision, sampleName, other };
}

export async function askForTrace(): Promise<TraceSource | null> {
  const [file] = (await vscode.window.showOpenDialog({ title: 'Open Trace', filters: TRACE_FILES })) ?? [];
  return file === undefined ? null : { kind: 'file', path: file.fsPath };
}

function showProblem(error: unknown): void {
  if (error instanceof vscode.CancellationError) return;
  void vscode.window.showErrorMessage(`Plantwright: ${error instanceof Error ? error.message : String(error)}`);
}
