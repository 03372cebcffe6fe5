import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../core/base/digest.js';
import { readOutline, type SiteIndex } from '../../core/site/site-index.js';
import { bundleServer } from '../testing/protocol-client.js';
import { IndexCache } from './index-cache.js';
import { indexFolder } from './index-folder.js';
import { type IndexerOptions, SiteIndexer } from './site-indexer.js';

const ENGINE = 'test';
let scratch = '';
let workerFile = '';

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'plantwright-index-'));
  workerFile = join(dirname(await bundleServer(join(scratch, 'bundle'))), 'index-worker.js');
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const MANIFEST = 'site: line-1\ndialect: codesys\nsources: [src/**]\n';
const PUMP = `FUNCTION_BLOCK FB_Pump
VAR_INPUT
  xRun : BOOL;
END_VAR
METHOD Stop
END_METHOD
END_FUNCTION_BLOCK
`;
const MAIN = `PROGRAM PLC_PRG
VAR
  fbPump : FB_Pump;
END_VAR
fbPump(xRun := missing);
END_PROGRAM
`;

function writeSite(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const SITE = { 'plantwright.yaml': MANIFEST, 'src/FB_Pump.st': PUMP, 'src/PLC_PRG.st': MAIN };

describe('the index of a site', () => {
  it('holds its findings and its declared names', async () => {
    const { index } = await indexFolder(writeSite('holds', SITE), ENGINE, null);
    expect(index.findings.map(({ code, file, line }) => `${code} ${file}:${line}`)).toEqual([
      'PW2001 src/PLC_PRG.st:5',
    ]);
    expect(readOutline(index.outline).map(({ name, kind, container }) => `${kind} ${container} ${name}`)).toEqual([
      'function-block  FB_Pump',
      'method FB_Pump Stop',
      'program  PLC_PRG',
    ]);
  });

  it('is taken from the cache as long as no input changes', async () => {
    const folder = writeSite('unchanged', SITE);
    const cache = new IndexCache(join(scratch, 'unchanged-cache'));
    const first = await indexFolder(folder, ENGINE, cache);
    const second = await indexFolder(folder, ENGINE, cache);
    expect([first.isFromCache, second.isFromCache]).toEqual([false, true]);
    expect(second.index).toEqual(first.index);
    expect((await indexFolder(folder, 'another program', cache)).isFromCache).toBe(false);
  });

  it('of damaged or foreign files in the cache is made anew', async () => {
    const folder = writeSite('damaged', SITE);
    const cacheFolder = join(scratch, 'damaged-cache');
    const cache = new IndexCache(cacheFolder);
    const { index } = await indexFolder(folder, ENGINE, cache);
    const [name = ''] = readdirSync(cacheFolder);
    const whole = readFileSync(join(cacheFolder, name), 'utf8');
    for (const damaged of ['', whole.slice(0, -20), whole.replace('PW2001', 'PW2002'), whole.replace('-1 ', '-0 ')]) {
      writeFileSync(join(cacheFolder, name), damaged);
      const again = await indexFolder(folder, ENGINE, cache);
      expect([again.isFromCache, again.index]).toEqual([false, index]);
    }
  });

  it('is the same with a cache as without one after every edit', async () => {
    const edits = fc.constantFrom<readonly [path: string, find: string, replacement: string]>(
      ['src/PLC_PRG.st', 'missing', 'TRUE'],
      ['src/PLC_PRG.st', 'TRUE', 'missing'],
      ['src/FB_Pump.st', 'xRun : BOOL', 'xRun : INT'],
      ['src/FB_Pump.st', 'xRun : INT', 'xRun : BOOL'],
      ['src/FB_Pump.st', 'FB_Pump', 'FB_Pumps'],
      ['plantwright.yaml', 'codesys', 'iec'],
      ['plantwright.yaml', 'iec', 'codesys'],
      ['plantwright.yaml', 'src/**', 'src/PLC*'],
      ['plantwright.yaml', 'site:', 'sites:'],
    );
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 6 }), async (steps) => {
        const folder = writeSite(`edited-${number++}`, SITE);
        const cache = new IndexCache(join(scratch, 'edited-cache'));
        for (const [path, find, replacement] of steps) {
          const file = join(folder, path);
          writeFileSync(file, readFileSync(file, 'utf8').replace(find, replacement));
          const kept: SiteIndex = (await indexFolder(folder, ENGINE, cache)).index;
          expect(kept).toEqual((await indexFolder(folder, ENGINE, null)).index);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('notices files that come and go', async () => {
    const folder = writeSite('coming', SITE);
    const cache = new IndexCache(join(scratch, 'coming-cache'));
    const { digest } = await indexFolder(folder, ENGINE, cache);
    writeSite('coming', { 'src/More.st': 'PROGRAM More\nEND_PROGRAM\n' });
    expect((await indexFolder(folder, ENGINE, cache)).digest).not.toBe(digest);
    rmSync(join(folder, 'src/More.st'));
    expect(await indexFolder(folder, ENGINE, cache)).toMatchObject({ digest, isFromCache: true });
  });
});

describe('the cache on disk', () => {
  it('drops what was not used for the longest time when it grows over its limit', async () => {
    const folder = join(scratch, 'limited');
    const index: SiteIndex = { findings: [], outline: 'x'.repeat(1000) as SiteIndex['outline'] };
    const digests = ['a', 'b', 'c', 'd'].map((text) => digestOf(text));
    const unlimited = new IndexCache(folder);
    for (const digest of digests) {
      unlimited.write(digest, index);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [oldest, second] = digests;
    if (oldest === undefined || second === undefined) throw new Error('no digests');
    expect(unlimited.read(oldest)).toEqual(index);
    await new IndexCache(folder, 3500).prune();
    expect(digests.map((digest) => unlimited.read(digest) !== null)).toEqual([true, false, true, true]);
    expect(readdirSync(folder).every((name) => statSync(join(folder, name)).size > 0)).toBe(true);
  });

  it('is left alone when its folder can not be written', async () => {
    const blocked = join(scratch, 'blocked');
    writeFileSync(blocked, 'a file where the folder should be');
    const cache = new IndexCache(join(blocked, 'index'));
    expect((await indexFolder(writeSite('without', SITE), ENGINE, cache)).isFromCache).toBe(false);
    await cache.prune();
  });
});

async function indexAll(
  options: Partial<IndexerOptions>,
  folders: readonly string[],
  signal = new AbortController().signal,
): Promise<Map<string, SiteIndex>> {
  const found = new Map<string, SiteIndex>();
  const indexer = new SiteIndexer({
    engine: ENGINE,
    cacheFolder: null,
    startWorker: null,
    log: () => undefined,
    ...options,
  });
  try {
    await indexer.index(folders, { signal, onSite: (folder, { index }) => found.set(folder, index) });
  } finally {
    indexer.stop();
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('indexing a workspace', () => {
  const sites = (): string[] =>
    Array.from({ length: 5 }, (_, number) =>
      writeSite(`many-${number}`, { ...SITE, 'src/PLC_PRG.st': MAIN.replace('missing', `missing${number}`) }),
    );

  it('gives the same in threads, in this thread, and where threads fail', async () => {
    const folders = sites();
    const here = await indexAll({}, folders);
    expect(here.size).toBe(5);
    const messages: string[] = [];
    const startWorker: IndexerOptions['startWorker'] = (workerData) => new Worker(workerFile, { workerData });
    expect(await indexAll({ startWorker, log: (message) => messages.push(message) }, folders)).toEqual(here);
    expect(messages).toEqual([]);
    const broken: IndexerOptions['startWorker'] = () => new Worker(join(scratch, 'no-such-worker.js'));
    expect(await indexAll({ startWorker: broken, log: (message) => messages.push(message) }, folders)).toEqual(here);
    expect(messages.length).toBeGreaterThan(0);
  });

  it('leaves out a folder that is gone', async () => {
    const [first = ''] = sites();
    expect([...(await indexAll({}, [join(scratch, 'gone'), first])).keys()]).toEqual([first]);
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    const startWorker: IndexerOptions['startWorker'] = (workerData) => new Worker(workerFile, { workerData });
    const run = indexAll({ startWorker }, sites(), controller.signal);
    controller.abort();
    await expect(run).rejects.toThrow();
  });
});
