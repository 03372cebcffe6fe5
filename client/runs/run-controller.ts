import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import type { LiveProgress } from '../fleet/attempt-view.js';
import { type RunMessage, type RunOrder, runMessageOf } from './run-protocol.js';

/** How a run ended. */
export interface RunEnd {
  readonly run: string;
  readonly state: string;
}

/**
 * Works on runs in a process of their own: the extension host stays responsive, and a run outlives a reload of the
 * window. What is left unfinished by a kill can be resumed.
 */
export class RunController extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly #context: vscode.ExtensionContext;
  readonly #log: Log;
  readonly #progress = new Map<string, LiveProgress>();
  #process: ChildProcess | null = null;
  readonly onDidProgress = this.#changed.event;

  constructor(context: vscode.ExtensionContext, log: Log) {
    super();
    this.#context = context;
    this.#log = log;
  }

  get isWorking(): boolean {
    return this.#process !== null;
  }

  /** What the process said last, by site. */
  get progress(): ReadonlyMap<string, LiveProgress> {
    return this.#progress;
  }

  /** Carries out an order. Rejects with the reason when the run is refused. */
  async work(order: RunOrder, environment: Readonly<Record<string, string>>): Promise<RunEnd> {
    if (this.#process !== null)
      throw new Error('A run of this window is still at work. Wait for its end or cancel it.');
    this.#progress.clear();
    const child = this.#start(environment);
    this.#process = child;
    this.#log.info(`Run process ${child.pid ?? '?'}: ${order.kind}`);
    try {
      return await this.#converse(child, order);
    } finally {
      this.#process = null;
      this.#progress.clear();
      this.#changed.fire();
    }
  }

  #start(environment: Readonly<Record<string, string>>): ChildProcess {
    const folder = this.#context.logUri.fsPath;
    mkdirSync(folder, { recursive: true });
    const output = openSync(join(folder, 'runs.log'), 'a');
    try {
      const child = fork(this.#context.asAbsolutePath('dist/run-host.js'), [], {
        detached: true,
        env: { ...process.env, ...environment, ELECTRON_RUN_AS_NODE: '1' },
        stdio: ['ignore', output, output, 'ipc'],
      });
      child.unref();
      return child;
    } finally {
      closeSync(output);
    }
  }

  async #converse(child: ChildProcess, order: RunOrder): Promise<RunEnd> {
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) =>
        reject(new Error(`The run's process ended early (code ${code ?? 'none'}). Resume the run to continue it.`)),
      );
      child.on('message', (value: unknown) => {
        const message = runMessageOf(value);
        if (message !== null) this.#take(message, resolve, reject);
      });
      child.send(order);
    });
  }

  #take(message: RunMessage, resolve: (end: RunEnd) => void, reject: (error: Error) => void): void {
    switch (message.kind) {
      case 'event':
        break;
      case 'progress':
        this.#progress.set(message.site, { message: message.message });
        break;
      case 'ended':
        resolve({ run: message.run, state: message.state });
        break;
      case 'refused':
        reject(new Error(message.reason));
        break;
    }
    this.#changed.fire();
  }
}
