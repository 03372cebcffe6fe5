import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runTests } from '@vscode/test-electron';
import { chromium, type Page } from 'playwright-core';
import { freePort } from './free-port.js';
import type { Host } from './host.js';

/** The desktop VS Code, downloaded by @vscode/test-electron. Playwright attaches to its window for screenshots. */
export function desktopHost(version: string): Host {
  return async (run) => {
    const port = await freePort();
    const attached = attachWhenUp(port, run.attach).catch((error: unknown) => run.log(`desktop: ${error}`));
    try {
      const code = await runTests({
        version,
        extensionDevelopmentPath: run.extension,
        extensionTestsPath: run.suite,
        extensionTestsEnv: run.environment,
        launchArgs: [
          run.workspace,
          '--disable-workspace-trust',
          '--disable-extensions',
          '--skip-welcome',
          `--remote-debugging-port=${port}`,
          `--user-data-dir=${join(run.scratch, 'user')}`,
          `--extensions-dir=${join(run.scratch, 'extensions')}`,
        ],
      });
      return code === 0;
    } catch (error) {
      run.log(`desktop: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    } finally {
      await attached;
    }
  };
}

/** True when VS Code can be downloaded and a window can be shown. */
export async function desktopIsPossible(): Promise<boolean> {
  if (process.platform === 'linux' && process.env['DISPLAY'] === undefined) return false;
  try {
    const answer = await fetch('https://update.code.visualstudio.com/api/releases/stable', {
      signal: AbortSignal.timeout(5000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

async function attachWhenUp(port: number, attach: (page: Page) => void): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    try {
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      const page = browser
        .contexts()
        .flatMap((context) => context.pages())
        .find((open) => open.url().includes('workbench'));
      if (page !== undefined) {
        attach(page);
        return;
      }
      await browser.close();
    } catch {
      // Not up yet.
    }
    await sleep(1000);
  }
  throw new Error('the window of VS Code did not open its debugging port within two minutes');
}
