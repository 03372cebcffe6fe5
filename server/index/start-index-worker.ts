import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { IndexWorkerData } from './messages.js';

/** Starts a thread that indexes sites; its file stands beside the server's. */
export function startIndexWorker(workerData: IndexWorkerData): Worker {
  return new Worker(join(__dirname, 'index-worker.js'), { workerData });
}
