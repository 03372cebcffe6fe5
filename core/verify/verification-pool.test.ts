import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PooledRequest, VerificationPool } from './verification-pool.js';

/** Threads that behave badly: whatever they do, there is a verdict only from one that finished. */

let folder: string;
let pool: VerificationPool | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantwright-pool-'));
});

afterEach(() => {
  pool?.close();
  rmSync(folder, { recursive: true, force: true });
});

function poolOf(code: string): VerificationPool {
  const file = join(folder, 'worker.cjs');
  writeFileSync(file, `const { parentPort, threadId } = require('node:worker_threads');\n${code}`);
  pool = new VerificationPool(file);
  return pool;
}

function request(signal: AbortSignal = new AbortController().signal): PooledRequest {
  return {
    before: new Map(),
    after: new Map(),
    base: 'a',
    head: 'b',
    scope: { author: 'agent', mayChange: null, mustNotChange: [], touches: null },
    unread: [],
    signal,
    progress: () => undefined,
  };
}

test('a thread is used again for the next verification', async () => {
  const threads = poolOf(
    `parentPort.on('message', () => parentPort.postMessage({ kind: 'verdict', verdict: threadId }));`,
  );
  const first = await threads.verify(request());
  expect(await threads.verify(request())).toBe(first);
});

test('a verification that hangs is stopped by its signal, and the next one gets a fresh thread', async () => {
  const threads = poolOf(`parentPort.on('message', () => { for (;;) {} });`);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('cancelled')), 100);
  await expect(threads.verify(request(controller.signal))).rejects.toThrow('cancelled');
});

test.each([
  ['throws', `parentPort.on('message', () => { throw new Error('boom'); });`, 'boom'],
  ['ends', `parentPort.on('message', () => process.exit(7));`, 'code 7'],
  [
    'says that it failed',
    `parentPort.on('message', () => parentPort.postMessage({ kind: 'failed', reason: 'no memory' }));`,
    'no memory',
  ],
  ['can not be loaded', `require('./missing');`, 'missing'],
])('a thread that %s gives no verdict', async (_name, code, reason) => {
  await expect(poolOf(code).verify(request())).rejects.toThrow(reason);
});
