import * as vscode from 'vscode';
import { type RunState, STATE_EVENT } from '../../core/simulation/debug/run-state.js';
import { formatDuration } from '../../core/simulation/run-time/temporal.js';
import { Disposable } from '../base/disposable.js';
import { DEBUG_TYPE } from '../testing/debug-type.js';

/** Shows where the debugged program is in virtual time, and how much is forced. */
export class RunStatusItem extends Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #states = new Map<string, RunState>();

  constructor() {
    super();
    this.#item = this.register(
      vscode.window.createStatusBarItem('plantwright.debug', vscode.StatusBarAlignment.Left, 50),
    );
    this.#item.name = 'Plantwright Simulator';
    this.#item.command = 'plantwright.debugGoToScan';
    this.register(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type !== DEBUG_TYPE || event !== STATE_EVENT) return;
        this.#states.set(session.id, body);
        this.#show();
      }),
    );
    this.register(
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.#states.delete(id);
        this.#show();
      }),
    );
    this.register(vscode.debug.onDidChangeActiveDebugSession(() => this.#show()));
  }

  /** The state of the session in front; null: there is none. */
  get state(): RunState | null {
    const id = vscode.debug.activeDebugSession?.id;
    return id === undefined ? null : (this.#states.get(id) ?? null);
  }

  #show(): void {
    const { state } = this;
    if (state === null) {
      this.#item.hide();
      return;
    }
    const { scan, forces } = state;
    const time = `T#${formatDuration(BigInt(Math.round(state.timeNs)))}`;
    const forced = forces.length === 0 ? [] : [`${forces.length} forced`];
    const texts = [...(scan === null ? [] : [`scan ${scan}`]), time, ...forced];
    const icon = state.isRunning ? 'play' : forces.length === 0 ? 'history' : 'lock';
    this.#item.text = `$(${icon}) ${texts.join(', ')}`;
    this.#item.tooltip = [
      'Virtual time of the simulated controller. Click to go to another scan.',
      ...forces.map(({ name, value }) => `forced: ${name} = ${value}`),
    ].join('\n');
    this.#item.show();
  }
}
