/** A thread that indexes sites, one at a time: reading, checking and the cache on disk happen here. */

import { parentPort, workerData } from 'node:worker_threads';
import { IndexCache } from './index-cache.js';
import { indexFolder } from './index-folder.js';
import type { IndexAnswer, IndexRequest, IndexWorkerData } from './messages.js';

const port = parentPort;
if (port === null) throw new Error('index-worker runs as a worker thread only');
const { engine, cacheFolder } = workerData as IndexWorkerData;
const cache = cacheFolder === null ? null : new IndexCache(cacheFolder);

port.on('message', ({ folder }: IndexRequest) => {
  const say = (answer: IndexAnswer): void => port.postMessage(answer);
  indexFolder(folder, engine, cache).then(
    (indexed) => say({ kind: 'indexed', indexed }),
    (error: unknown) => say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
