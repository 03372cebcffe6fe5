import { type ChildProcess, fork } from 'node:child_process';
import * as vscode from 'vscode';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import type { OrderKind, RunEvent, SimulatorAnswer, SimulatorOrders } from './simulator-protocol.js';

/** Without an order for so long the process ends, and its memory is free. */
const IDLE_MS = 5 * 60_000;

interface Waiting {
  readonly resolve: (answer: SimulatorOrders[OrderKind]['answer']) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * The process that simulates. It starts with the first order and ends when it idles. A simulation does not look up from
 * its work, so to cancel an order is to end the process: it keeps nothing, the next order starts a new one.
 */
export class SimulatorProcess extends Disposable {
  readonly #module: string;
  readonly #log: Log;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | null = null;
  #idle: NodeJS.Timeout | null = null;
  #ticket = 0;

  constructor(context: vscode.ExtensionContext, log: Log) {
    super();
    this.#module = context.asAbsolutePath('dist/simulator-host.js');
    this.#log = log;
    this.register({ dispose: () => this.#end(new vscode.CancellationError()) });
  }

  /** Asks for something. Cancelling ends every order that waits here. */
  async ask<Kind extends OrderKind>(
    kind: Kind,
    order: SimulatorOrders[Kind]['order'],
    token?: vscode.CancellationToken,
    onEvent: (event: RunEvent) => void = () => undefined,
  ): Promise<SimulatorOrders[Kind]['answer']> {
    if (token?.isCancellationRequested === true) throw new vscode.CancellationError();
    const child = this.#process ?? this.#start();
    if (this.#idle !== null) clearTimeout(this.#idle);
    const ticket = ++this.#ticket;
    const cancelled = token?.onCancellationRequested(() => this.#end(new vscode.CancellationError()));
    try {
      return await new Promise<SimulatorOrders[Kind]['answer']>((resolve, reject) => {
        this.#waiting.set(ticket, { resolve: resolve as Waiting['resolve'], reject, onEvent });
        child.send({ ticket, kind, order }, (error) => {
          if (error !== null) reject(error);
        });
      });
    } finally {
      cancelled?.dispose();
      this.#waiting.delete(ticket);
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#end(new vscode.CancellationError()), IDLE_MS);
    }
  }

  #start(): ChildProcess {
    const child = fork(this.#module, [], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process = child;
    child.stderr?.on('data', (chunk: Buffer) => this.#log.warn(`Simulator: ${chunk.toString().trimEnd()}`));
    child.on('message', (answer: SimulatorAnswer) => this.#take(answer));
    const lost = (reason: string): void => {
      if (this.#process === child) this.#end(new Error(`The simulator ended early (${reason}).`));
    };
    child.on('error', (error) => lost(error.message));
    child.on('exit', (code, signal) => lost(`code ${code ?? signal ?? 'none'}`));
    return child;
  }

  #take(answer: SimulatorAnswer): void {
    const waiting = this.#waiting.get(answer.ticket);
    switch (answer.kind) {
      case 'event':
        waiting?.onEvent(answer.event);
        break;
      case 'answer':
        waiting?.resolve(answer.answer);
        break;
      case 'refused':
        waiting?.reject(new Error(answer.reason));
        break;
    }
  }

  #end(reason: Error): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    const child = this.#process;
    this.#process = null;
    child?.kill('SIGKILL');
    for (const { reject } of [...this.#waiting.values()]) reject(reason);
  }
}
