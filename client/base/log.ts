import * as vscode from 'vscode';
import { Disposable } from './disposable.js';

/** The output channel of the extension. Its level follows *Developer: Set Log Level*. */
export class Log extends Disposable {
  readonly #channel: vscode.LogOutputChannel;

  constructor() {
    super();
    this.#channel = this.register(vscode.window.createOutputChannel('Plantwright', { log: true }));
  }

  info(message: string): void {
    this.#channel.info(message);
  }

  warn(message: string): void {
    this.#channel.warn(message);
  }

  /** Writes an error with its stack and that of its causes. */
  error(message: string, error: unknown): void {
    this.#channel.error(message);
    for (let cause: unknown = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
      this.#channel.error(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
    }
  }

  show(): void {
    this.#channel.show(true);
  }
}
