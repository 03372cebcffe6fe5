import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { bundleProgram } from '../../testing/bundle-program.js';

/** Bundles the debug adapter and its thread as the product does, into a folder of the test. */
export async function bundleAdapter(folder: string): Promise<string> {
  await bundleProgram({ debug: 'server/debug/main.ts', 'debug-worker': 'server/debug/debug-worker.ts' }, folder);
  return join(folder, 'debug.js');
}

/** A client of the adapter over stdio, as any editor has one. */
export class AdapterClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  readonly #events: DebugProtocol.Event[] = [];
  readonly #listeners = new Set<() => void>();
  readonly exited: Promise<number | null>;
  #buffer = Buffer.alloc(0);
  #seq = 0;

  constructor(adapter: string) {
    this.#child = spawn(process.execPath, [adapter], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
    this.exited = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Sends a request; the answer comes as it is, also a refusal. */
  async ask(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const seq = ++this.#seq;
    const answered = new Promise<DebugProtocol.Response>((resolve) => this.#waiting.set(seq, resolve));
    const body = JSON.stringify({ seq, type: 'request', command, arguments: args });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return answered;
  }

  /** The body of the answer; a refusal fails the test. */
  async request<Body = Record<string, unknown>>(command: string, args: object = {}): Promise<Body> {
    const response = await this.ask(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body as Body;
  }

  /** Why a request is refused. */
  async refusal(command: string, args: object = {}): Promise<string> {
    const response = await this.ask(command, args);
    return response.success ? 'it was not refused' : String(response.message);
  }

  /** The next event of that name, one after the other. */
  async event<Body = Record<string, unknown>>(name: string): Promise<Body> {
    for (;;) {
      const index = this.#events.findIndex((each) => each.event === name);
      if (index >= 0) return this.#events.splice(index, 1)[0]?.body as Body;
      await new Promise<void>((resolve) => {
        const heard = (): void => {
          this.#listeners.delete(heard);
          resolve();
        };
        this.#listeners.add(heard);
      });
    }
  }

  /** Texts of all output so far. */
  outputs(): string[] {
    return this.#events.filter((each) => each.event === 'output').map((each) => String(each.body?.output).trimEnd());
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      await Promise.race([this.ask('disconnect'), this.exited]);
      await this.exited;
    }
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      const length = /Content-Length: (\d+)/.exec(this.#buffer.subarray(0, Math.max(0, end)).toString())?.[1];
      if (end < 0 || length === undefined || this.#buffer.length < end + 4 + Number(length)) return;
      const body = this.#buffer.subarray(end + 4, end + 4 + Number(length)).toString('utf8');
      this.#buffer = this.#buffer.subarray(end + 4 + Number(length));
      this.#hear(JSON.parse(body));
    }
  }

  #hear(message: DebugProtocol.Response | DebugProtocol.Event): void {
    if (message.type === 'response' && 'request_seq' in message) {
      this.#waiting.get(message.request_seq)?.(message);
      this.#waiting.delete(message.request_seq);
    } else if ('event' in message) {
      this.#events.push(message);
      for (const listener of [...this.#listeners]) listener();
    }
  }
}
