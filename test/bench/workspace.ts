/** Opens a workspace of many sites as the language server does: cold, and warm from the cache that the cold run left. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SiteIndexer } from '../../server/index/site-indexer.js';
import { fleetCopies, linesIn } from './fleet-copies.js';

const WORKSPACE_SITES = 50;
const SITE_LINES = 10_000;
const WARM_ROUNDS = 3;

export interface WorkspaceFigures {
  readonly sites: number;
  readonly lines: number;
  readonly cacheBytes: number;
  /** One thread for everything: what one core does. */
  readonly here: OpeningFigures;
  /** As the server runs: worker threads, their start included. */
  readonly threads: OpeningFigures;
}

export interface OpeningFigures {
  readonly coldSeconds: number;
  /** Median of a few runs. */
  readonly warmSeconds: number;
}

export async function measureWorkspace(): Promise<WorkspaceFigures> {
  const root = mkdtempSync(join(tmpdir(), 'plantwright-workspace-'));
  try {
    const folders = Array.from({ length: WORKSPACE_SITES }, (_, site) => join(root, `site-${site}`));
    let lines = 0;
    for (const [site, folder] of folders.entries()) lines += writeSite(folder, site);
    const here = await measureOpening(folders, join(root, 'cache-here'), null);
    const threads = await measureOpening(
      folders,
      join(root, 'cache-threads'),
      (workerData) => new Worker('./dist/index-worker.js', { workerData }),
    );
    const kept = readdirSync(join(root, 'cache-here')).map((name) => statSync(join(root, 'cache-here', name)).size);
    return { sites: folders.length, lines, cacheBytes: kept.reduce((sum, size) => sum + size, 0), here, threads };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeSite(folder: string, site: number): number {
  const files = fleetCopies((_, count) => count >= SITE_LINES, site * 100);
  const manifest = { path: 'plantwright.yaml', text: `site: site-${site}\ndialect: codesys\nsources: [src/**]\n` };
  for (const { path, text } of [...files, manifest]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return files.reduce((sum, { text }) => sum + linesIn(text), 0);
}

async function measureOpening(
  folders: readonly string[],
  cacheFolder: string,
  startWorker: ConstructorParameters<typeof SiteIndexer>[0]['startWorker'],
): Promise<OpeningFigures> {
  const open = async (isWarm: boolean): Promise<number> => {
    const indexer = new SiteIndexer({ engine: 'bench', cacheFolder, startWorker, log: fail });
    const started = performance.now();
    let fromCache = 0;
    await indexer.index(folders, {
      signal: new AbortController().signal,
      onSite: (_, indexed) => {
        if (indexed.isFromCache) fromCache++;
      },
    });
    const seconds = (performance.now() - started) / 1000;
    indexer.stop();
    if (fromCache !== (isWarm ? folders.length : 0)) throw new Error(`${fromCache} sites came from the cache`);
    return seconds;
  };
  const coldSeconds = await open(false);
  const warm: number[] = [];
  for (let round = 0; round < WARM_ROUNDS; round++) warm.push(await open(true));
  return { coldSeconds, warmSeconds: warm.sort((a, b) => a - b)[Math.floor(WARM_ROUNDS / 2)] ?? 0 };
}

function fail(message: string): never {
  throw new Error(message);
}
