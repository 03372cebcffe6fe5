import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { FleetSetUp } from '../../scripts/set-up-fleet.js';
import { startBridge } from './host/bridge.js';
import { findChromium } from './host/chromium.js';
import { codeServerHost } from './host/code-server.js';
import { desktopHost, desktopIsPossible } from './host/desktop.js';
import type { Host } from './host/host.js';
import { stageExtension } from './host/stage-extension.js';
import type { TestResult } from './suite/registry.js';

const ARTIFACTS = resolve('test-artifacts');

/** Runs the end-to-end tests in a real VS Code. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const host = await chooseHost(optionOf(args, '--host'));
  if (host === null)
    return leftOut('there is neither a desktop VS Code to download nor a Chromium, and no root to install one');
  const scratch = await mkdtemp(join(tmpdir(), 'plantwright-e2e-'));
  const bridge = await startBridge(ARTIFACTS);
  try {
    const extension = await stageExtension(join(scratch, 'extension'));
    const suite = await bundleSuite();
    const fleet = await setUpFleet(join(scratch, 'company'));
    const results = join(ARTIFACTS, 'e2e-results.json');
    await rm(results, { force: true });
    const log = createWriteStream(join(ARTIFACTS, 'host.log'));
    const passed = await host({
      extension,
      suite,
      workspace: dirname(fleet.fleetFile),
      scratch,
      environment: {
        PLANTWRIGHT_E2E_BRIDGE: bridge.address,
        PLANTWRIGHT_E2E_RESULTS: results,
        PLANTWRIGHT_E2E_KEYS: JSON.stringify(Object.fromEntries(fleet.keys)),
        PLANTWRIGHT_E2E_ONLY: optionOf(args, '--only') ?? '',
      },
      attach: bridge.attach,
      log: (line) => log.write(`${line}\n`),
    });
    return (await report(results)) && passed ? 0 : 1;
  } finally {
    bridge.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function optionOf(args: readonly string[], option: string): string | null {
  const index = args.indexOf(option);
  return index < 0 ? null : (args[index + 1] ?? null);
}

async function chooseHost(wanted: string | null): Promise<Host | null> {
  if (wanted === 'desktop' || (wanted === null && (await desktopIsPossible()))) return desktopHost('stable');
  const chromium = await findChromium();
  return chromium === null ? null : codeServerHost(chromium);
}

/** Under CI the end-to-end part may not be left out. */
function leftOut(reason: string): number {
  process.stdout.write(`e2e: left out: ${reason}\n`);
  return process.env['CI'] === 'true' ? 1 : 0;
}

async function bundleSuite(): Promise<string> {
  const outfile = resolve('.cache/e2e/suite/index.js');
  await build({
    entryPoints: ['test/e2e/suite/index.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  await writeFile(resolve('.cache/e2e/suite/package.json'), '{ "type": "commonjs" }\n');
  return outfile;
}

/** Sets the bundled fleet up as repositories. The script runs as it is, not bundled: it looks for files beside itself. */
async function setUpFleet(target: string): Promise<FleetSetUp> {
  const script: typeof import('../../scripts/set-up-fleet.js') = await import(
    pathToFileURL(resolve('scripts/set-up-fleet.ts')).href
  );
  return script.setUpFleet(target);
}

async function report(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) {
    process.stdout.write('e2e: the suite gave no results; see test-artifacts/host.log\n');
    return false;
  }
  const results: readonly TestResult[] = JSON.parse(text);
  for (const { name, status, message, milliseconds } of results) {
    process.stdout.write(`${status.padEnd(8)} ${name} (${milliseconds} ms)\n`);
    if (message !== '') process.stdout.write(`${message.replace(/^/gm, '         ')}\n`);
  }
  return results.every(({ status }) => status !== 'failed');
}
