/**
 * The process of the debug adapter: speaks the protocol over stdin and stdout and hands each message to the thread that
 * runs the program. A wish to pause takes a shorter way, for that thread does not look up while a scan runs.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol.js';
import type { DebugProtocol } from '@vscode/debugprotocol';

/** Requests that a running program must hear. */
const INTERRUPTING: ReadonlySet<string> = new Set(['pause', 'restart', 'terminate', 'disconnect']);

class Relay extends ProtocolServer {
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;

  constructor() {
    super();
    this.#worker = new Worker(join(__dirname, 'debug-worker.js'), { workerData: this.#pause.buffer });
    this.#worker.on('message', (message: DebugProtocol.ProtocolMessage) => this.#pass(message));
    this.#worker.on('error', (error) => {
      process.stderr.write(`${error.stack ?? error.message}\n`);
      process.exit(1);
    });
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    if (INTERRUPTING.has(request.command)) Atomics.store(this.#pause, 0, 1);
    this.#worker.postMessage(request);
  }

  #pass(message: DebugProtocol.ProtocolMessage): void {
    if (isEvent(message)) this.sendEvent(message);
    else if (isResponse(message)) {
      // Messages are numbered here; one that has a number already counts as sent.
      message.seq = 0;
      this.sendResponse(message);
      if (message.command === 'disconnect') process.stdout.write('', () => process.exit(0));
    }
  }
}

function isEvent(message: DebugProtocol.ProtocolMessage): message is DebugProtocol.Event {
  return message.type === 'event';
}

function isResponse(message: DebugProtocol.ProtocolMessage): message is DebugProtocol.Response {
  return message.type === 'response';
}

process.stdin.on('end', () => process.exit(0));
new Relay().start(process.stdin, process.stdout);
