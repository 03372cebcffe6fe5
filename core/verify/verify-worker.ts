/**
 * A worker thread that verifies changes, one at a time. The thread that started it stays responsive, several sites use
 * several cores, and stopping a verification that hangs is possible at all: the thread is ended.
 */

import { parentPort } from 'node:worker_threads';
import { verifyChange } from './pipeline.js';
import type { WorkerMessage, WorkerOrder } from './verification-pool.js';

const port = parentPort;
if (port === null) throw new Error('verify-worker runs as a worker thread only');

port.on('message', (order: WorkerOrder) => {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  verifyChange({
    ...order,
    judge: null,
    // A stop comes from outside: the whole thread ends.
    signal: new AbortController().signal,
    progress: (fraction, message) => say({ kind: 'progress', fraction, message }),
    clock: () => performance.now(),
  }).then(
    (verdict) => say({ kind: 'verdict', verdict }),
    (error: unknown) => say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
