import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { STORE_FOLDER } from '../../core/fleet/fleet.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import { findFleetFile } from './fleet-location.js';
import { type FleetState, NO_FLEET } from './fleet-state.js';
import { type ProgressBySite, readFleetState } from './read-fleet-state.js';

/** While a run works the store is read at least this often (ms): file events may come late or not at all. */
const POLL_MS = 1000;
const GATHER_MS = 150;

/**
 * The state of the fleet as it stands on disk. The disk is the truth: a run of the command line, of another window or
 * of a window that was closed shows the same way.
 */
export class FleetStore extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<FleetState>());
  readonly #log: Log;
  readonly #progress: () => ProgressBySite;
  #watchers: vscode.Disposable[] = [];
  #timer: NodeJS.Timeout | null = null;
  #file: string | null = null;
  #state: FleetState = NO_FLEET;
  readonly onDidChange = this.#changed.event;

  constructor(log: Log, progress: () => ProgressBySite) {
    super();
    this.#log = log;
    this.#progress = progress;
    const watcher = this.register(vscode.workspace.createFileSystemWatcher('**/fleet.yaml'));
    const locate = (): void => void this.locate();
    this.register(watcher.onDidCreate(locate));
    this.register(watcher.onDidDelete(locate));
    this.register(watcher.onDidChange(() => this.refreshSoon()));
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('plantwright.fleet.file')) locate();
      }),
    );
    this.register({ dispose: () => this.#stopWatching() });
  }

  get state(): FleetState {
    return this.#state;
  }

  /** Absolute path of fleet.yaml; null when the workspace has none. */
  get file(): string | null {
    return this.#file;
  }

  /** Looks for the fleet of the workspace and reads it. */
  async locate(): Promise<void> {
    this.#file = await findFleetFile();
    await vscode.commands.executeCommand('setContext', 'plantwright.fleetFound', this.#file !== null);
    this.#stopWatching();
    if (this.#file !== null) {
      const store = new vscode.RelativePattern(dirname(this.#file), `${STORE_FOLDER}/{runs,changes}/**`);
      const watcher = vscode.workspace.createFileSystemWatcher(store);
      const soon = (): void => this.refreshSoon();
      this.#watchers = [watcher, watcher.onDidCreate(soon), watcher.onDidChange(soon), watcher.onDidDelete(soon)];
    }
    await this.refresh();
  }

  /** Reads the state now. */
  async refresh(): Promise<FleetState> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      this.#state = this.#file === null ? NO_FLEET : await readFleetState(this.#file, this.#progress());
    } catch (error) {
      this.#log.error('The fleet could not be read', error);
    }
    if (this.isDisposed) return this.#state;
    this.#changed.fire(this.#state);
    if (this.#state.run?.state === 'running') this.#schedule(POLL_MS);
    return this.#state;
  }

  /** Reads the state in a moment; many calls in a row read once. */
  refreshSoon(): void {
    this.#schedule(GATHER_MS);
  }

  #schedule(delay: number): void {
    if (this.isDisposed || (this.#timer !== null && delay === GATHER_MS)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.refresh();
    }, delay);
  }

  #stopWatching(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
