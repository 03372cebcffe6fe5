import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Finding, startOfFile } from '../../core/base/finding.js';
import { MANIFEST_FILE } from '../../core/site/manifest.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import type { Unit } from '../workspace/unit.js';
import type { SafetyAnswer, SafetyRequest } from './messages.js';

/** A check that takes longer is ended: the editor says so instead of showing nothing. */
const LIMIT_MS = 30_000;

/**
 * Runs the safety rules in a thread of its own, one check at a time. A unit that changed again while it waited is
 * checked once, in its newest version.
 */
export class SafetyRunner {
  readonly #publish: (unit: Unit, findings: readonly Finding[]) => void;
  readonly #log: (message: string) => void;
  readonly #waiting = new Set<Unit>();
  readonly #sent = new Map<Unit, SiteSnapshot>();
  #worker: Worker | null = null;
  #running = false;
  #ticket = 0;

  constructor(publish: (unit: Unit, findings: readonly Finding[]) => void, log: (message: string) => void) {
    this.#publish = publish;
    this.#log = log;
  }

  request(unit: Unit): void {
    this.#waiting.add(unit);
    void this.#next();
  }

  /** Forgets a unit that was closed. */
  forget(unit: Unit): void {
    this.#waiting.delete(unit);
    this.#sent.delete(unit);
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  async #next(): Promise<void> {
    if (this.#running) return;
    const unit = this.#waiting.values().next().value;
    if (unit === undefined) return;
    this.#waiting.delete(unit);
    this.#running = true;
    try {
      this.#publish(unit, await this.#check(unit));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log(`The safety rules did not finish for ${unit.root}: ${reason}`);
      this.#publish(unit, [didNotFinish(unit, reason)]);
    } finally {
      this.#running = false;
      void this.#next();
    }
  }

  async #check(unit: Unit): Promise<readonly Finding[]> {
    const snapshot = unit.snapshot();
    const sent = this.#sent.get(unit);
    const changes = changesBetween(sent ?? new Map(), snapshot);
    const ticket = ++this.#ticket;
    const loose = unit.kind.kind === 'loose' ? { path: unit.kind.path, dialect: unit.kind.dialect } : null;
    const request: SafetyRequest = { ticket, unit: unit.key, loose, isComplete: sent === undefined, changes };
    const answer = await this.#ask(request);
    this.#sent.set(unit, snapshot);
    return answer.findings;
  }

  async #ask(request: SafetyRequest): Promise<SafetyAnswer> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => fail(new Error(`not finished after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
      const done = (): void => {
        clearTimeout(limit);
        worker.off('message', onMessage);
        worker.off('error', fail);
        worker.off('exit', onExit);
      };
      const onMessage = (answer: SafetyAnswer): void => {
        if (answer.ticket !== request.ticket) return;
        done();
        resolve(answer);
      };
      // The state of a worker that failed is not known: the next check starts a new one with everything.
      const fail = (error: Error): void => {
        done();
        this.#worker = null;
        this.#sent.clear();
        void worker.terminate();
        reject(error);
      };
      const onExit = (code: number): void => fail(new Error(`the worker ended with code ${code}`));
      worker.on('message', onMessage);
      worker.on('error', fail);
      worker.on('exit', onExit);
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    const worker = new Worker(join(__dirname, 'safety-worker.js'));
    worker.unref();
    return worker;
  }
}

function changesBetween(before: SiteSnapshot, after: SiteSnapshot): Map<string, Uint8Array | null> {
  const changes = new Map<string, Uint8Array | null>();
  for (const [path, bytes] of after) if (before.get(path) !== bytes) changes.set(path, bytes);
  for (const path of before.keys()) if (!after.has(path)) changes.set(path, null);
  return changes;
}

function didNotFinish(unit: Unit, reason: string): Finding {
  const file = unit.kind.kind === 'loose' ? unit.kind.path : MANIFEST_FILE;
  return {
    ...startOfFile(file),
    code: 'PW0001',
    rule: 'safety-rules-did-not-finish',
    severity: 'error',
    message: `The safety rules did not finish (${reason}), so no safety finding is shown for this site. Look into the log of the language server.`,
    related: [],
    witness: {},
  };
}
