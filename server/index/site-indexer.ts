import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { IndexCache } from './index-cache.js';
import { type IndexedFolder, indexFolder } from './index-folder.js';
import type { IndexAnswer, IndexRequest, IndexWorkerData } from './messages.js';

export interface IndexerOptions extends IndexWorkerData {
  /** Starts a thread that runs `index-worker.ts`; null: everything runs in this thread. */
  readonly startWorker: ((data: IndexWorkerData) => Worker) | null;
  readonly log: (message: string) => void;
}

export interface IndexRun {
  readonly signal: AbortSignal;
  /** Called as soon as a site is indexed, in no promised order. */
  readonly onSite: (folder: string, indexed: IndexedFolder) => void;
}

/** More threads than this read faster than a disk gives. */
const MAXIMUM_THREADS = 4;

/**
 * Indexes the sites of a workspace in threads of their own. A site whose thread fails is indexed in this one, so that a
 * machine that can't run threads still gets every index. What comes out does not depend on the number of threads.
 */
export class SiteIndexer {
  readonly #options: IndexerOptions;
  readonly #cache: IndexCache | null;
  readonly #workers = new Set<Worker>();
  #canRunWorkers = true;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#cache = options.cacheFolder === null ? null : new IndexCache(options.cacheFolder);
  }

  /** Ends early, and rejects, when the signal is aborted. A folder that can't be read is logged and left out. */
  async index(folders: readonly string[], { signal, onSite }: IndexRun): Promise<void> {
    const waiting = [...folders];
    const lane = async (): Promise<void> => {
      const thread = new IndexThread(() => this.#start());
      try {
        for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
          const indexed = await this.#indexOne(folder, thread, signal);
          signal.throwIfAborted();
          if (indexed !== null) onSite(folder, indexed);
        }
      } finally {
        this.#end(thread.worker);
      }
    };
    const threads = Math.min(folders.length, MAXIMUM_THREADS, Math.max(1, availableParallelism() - 1));
    await Promise.all(Array.from({ length: threads }, lane));
    await this.#cache?.prune();
  }

  stop(): void {
    this.#canRunWorkers = false;
    for (const worker of this.#workers) void worker.terminate();
    this.#workers.clear();
  }

  async #indexOne(folder: string, thread: IndexThread, signal: AbortSignal): Promise<IndexedFolder | null> {
    const { log, engine } = this.#options;
    try {
      if (this.#canRunWorkers && this.#options.startWorker !== null) {
        const answer = await thread.ask({ folder }, signal);
        if (answer.kind === 'indexed') return answer.indexed;
        log(`The site in ${folder} could not be indexed: ${answer.reason}`);
        return null;
      }
    } catch (error) {
      signal.throwIfAborted();
      this.#end(thread.worker);
      this.#canRunWorkers = false;
      log(`Indexing goes on without threads: ${reasonOf(error)}`);
    }
    try {
      // The event loop has its turn between two sites.
      await new Promise(setImmediate);
      return await indexFolder(folder, engine, this.#cache, signal);
    } catch (error) {
      signal.throwIfAborted();
      log(`The site in ${folder} could not be indexed: ${reasonOf(error)}`);
      return null;
    }
  }

  #start(): Worker {
    const { startWorker, engine, cacheFolder } = this.#options;
    if (startWorker === null) throw new Error('there are no threads');
    const worker = startWorker({ engine, cacheFolder });
    this.#workers.add(worker);
    return worker;
  }

  #end(worker: Worker | null): void {
    if (worker === null) return;
    this.#workers.delete(worker);
    void worker.terminate();
  }
}

/** One thread, started when it is first asked. */
class IndexThread {
  readonly #start: () => Worker;
  worker: Worker | null = null;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /** Rejects when the thread fails or the signal is aborted; the thread is not to be asked again then. */
  ask(request: IndexRequest, signal: AbortSignal): Promise<IndexAnswer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      this.worker ??= this.#start();
      const worker = this.worker;
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      const onMessage = (answer: IndexAnswer): void => {
        settle();
        resolve(answer);
      };
      const onError = (error: unknown): void => {
        settle();
        reject(error);
      };
      const onAbort = (): void => onError(signal.reason);
      const onExit = (code: number): void => onError(new Error(`the thread ended with code ${code}`));
      signal.addEventListener('abort', onAbort, { once: true });
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(request);
    });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
