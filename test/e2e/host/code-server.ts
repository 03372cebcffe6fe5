import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { withFolderLock } from './folder-lock.js';
import { freePort } from './free-port.js';
import type { Host } from './host.js';
import { runProgram } from './run-program.js';

const VERSION = '4.139.1';
const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const SUITE_LIMIT_MS = 15 * 60_000;

/** code-server carries the same workbench and extension host as VS Code; Chromium shows it, Playwright drives it. */
export function codeServerHost(chromiumPath: string): Host {
  return async (run) => {
    const server = await installCodeServer();
    const port = await freePort();
    const serverProcess = spawn(
      nodeProgram(),
      [
        join(server, 'lib/vscode/out/server-main.js'),
        ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
        ...['--accept-server-license-terms', '--enable-smoke-test-driver', '--disable-workspace-trust'],
        ...['--user-data-dir', join(run.scratch, 'user'), '--extensions-dir', join(run.scratch, 'extensions')],
        ...['--server-data-dir', join(run.scratch, 'server')],
      ],
      { env: { ...process.env, ...run.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    serverProcess.stdout.on('data', () => undefined);
    serverProcess.stderr.on('data', (chunk: Buffer) => run.log(`code-server: ${chunk.toString().trimEnd()}`));
    try {
      await answers(port, serverProcess);
      return await runInBrowser(chromiumPath, port, run);
    } finally {
      serverProcess.kill('SIGTERM');
    }
  };
}

async function runInBrowser(executablePath: string, port: number, run: Parameters<Host>[0]): Promise<boolean> {
  const browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const ended = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    });
    await page.exposeFunction('codeAutomationLog', (kind: string, parts: readonly unknown[]) =>
      run.log(`${kind}: ${parts.map(String).join(' ')}`),
    );
    run.attach(page);
    await page.goto(addressOf(port, run));
    const limit = sleep(SUITE_LIMIT_MS, 'limit' as const, { ref: false });
    const code = await Promise.race([ended, limit]);
    if (code === 'limit') run.log(`the suite did not end within ${SUITE_LIMIT_MS / 60_000} minutes`);
    return code === 0;
  } finally {
    await browser.close();
  }
}

function addressOf(port: number, run: Parameters<Host>[0]): string {
  const remote = (path: string): string => `vscode-remote://localhost:${port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(run.extension)],
    ['extensionTestsPath', remote(run.suite)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: run.workspace, payload: JSON.stringify(payload) });
  return `http://localhost:${port}/?${query}`;
}

/** Installs code-server once per machine, outside the repository: it is 600 MB. Returns its folder. */
async function installCodeServer(): Promise<string> {
  const cache =
    process.env['PLANTWRIGHT_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plantwright');
  const target = join(cache, `code-server-${VERSION}`);
  const packageFolder = join(target, 'node_modules/code-server');
  return withFolderLock(join(cache, `code-server-${VERSION}.lock`), async () => {
    if (existsSync(target)) return packageFolder;
    process.stderr.write(`e2e: installing code-server ${VERSION} into ${target} (once, 600 MB)\n`);
    const building = `${target}.building`;
    await rm(building, { recursive: true, force: true });
    await mkdir(building, { recursive: true });
    await writeFile(join(building, 'package.json'), '{ "private": true }\n');
    // Without scripts: only the terminal needs the native modules that they compile.
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
    await runProgram('npm', ['install', `code-server@${VERSION}`, ...quiet], building);
    const vscode = join(building, 'node_modules/code-server/lib/vscode');
    await runProgram('npm', ['install', '--omit=dev', ...quiet], vscode);
    await runProgram('npm', ['install', '--omit=dev', ...quiet], join(vscode, 'extensions'));
    await rename(building, target);
    return packageFolder;
  });
}

/** code-server 4.139 wants exactly Node 24; npm scripts of this package put it first on the PATH. */
function nodeProgram(): string {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  return join(process.cwd(), 'node_modules/.bin/node');
}

async function answers(port: number, serverProcess: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    if (serverProcess.exitCode !== null)
      throw new Error(`code-server ended with ${serverProcess.exitCode} before it answered`);
    try {
      await fetch(`http://127.0.0.1:${port}/version`);
      return;
    } catch {
      await sleep(500);
    }
  }
  throw new Error('code-server did not answer within a minute');
}
