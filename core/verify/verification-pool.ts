/** Runs verifications in worker threads. A thread that is stopped, dies or runs out of time never gives a verdict. */

import { Worker } from 'node:worker_threads';
import type { VerificationRequest } from './pipeline.js';
import type { Verdict } from './verdict.js';

/** The part of a request that goes to a thread: plain data. */
export type WorkerOrder = Pick<VerificationRequest, 'before' | 'after' | 'base' | 'head' | 'scope' | 'unread'>;

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly fraction: number; readonly message: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly reason: string };

export type PooledRequest = WorkerOrder & Pick<VerificationRequest, 'signal' | 'progress'>;

/** Threads for verification. At most one verification runs in a thread; idle threads are kept for the next one. */
export class VerificationPool {
  readonly #workerFile: string;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** @param workerFile absolute path of the bundled `verify-worker` */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /**
   * Verifies one change in a thread of its own. Rejects with the reason of the signal when it is aborted, and with an
   * error when the thread dies; there is no verdict then.
   */
  async verify({ signal, progress, ...order }: PooledRequest): Promise<Verdict> {
    signal.throwIfAborted();
    const worker = this.#idle.pop() ?? this.#start();
    // A thread that works keeps the process alive; an idle one must not.
    worker.ref();
    const verdict = await new Promise<Verdict>((resolve, reject) => {
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', stop).off('exit', onExit);
      };
      const stop = (reason: unknown): void => {
        settle();
        this.#end(worker);
        reject(reason);
      };
      const onAbort = (): void => stop(signal.reason);
      const onExit = (code: number): void => stop(new Error(`the verification thread ended with code ${code}`));
      const onMessage = (message: WorkerMessage): void => {
        if (message.kind === 'progress') progress(message.fraction, message.message);
        else if (message.kind === 'failed') stop(new Error(message.reason));
        else {
          settle();
          resolve(message.verdict);
        }
      };
      signal.addEventListener('abort', onAbort, { once: true });
      worker.on('message', onMessage).on('error', stop).on('exit', onExit);
      worker.postMessage(order);
    });
    worker.unref();
    this.#idle.push(worker);
    return verdict;
  }

  /** Ends all threads. Verifications that still run are rejected. */
  close(): void {
    for (const worker of this.#all) void worker.terminate();
    this.#all.clear();
    this.#idle.length = 0;
  }

  #start(): Worker {
    const worker = new Worker(this.#workerFile);
    this.#all.add(worker);
    return worker;
  }

  #end(worker: Worker): void {
    this.#all.delete(worker);
    void worker.terminate();
  }
}
