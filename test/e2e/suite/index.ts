import { writeFile } from 'node:fs/promises';
import { activationTests } from './activation.e2e.js';
import { debugTests } from './debug.e2e.js';
import { matrixTests } from './matrix.e2e.js';
import { runTests as runAll } from './registry.js';
import { reviewTests } from './review.e2e.js';
import { runTests } from './run.e2e.js';
import { testExplorerTests } from './test-explorer.e2e.js';
import { traceTests } from './trace.e2e.js';
import { typingTests } from './typing.e2e.js';
import { appWindow } from './window.js';

/** Entry point that VS Code calls in the extension host. Resolves when every test passed. */
export async function run(): Promise<void> {
  const results = await runAll(
    [
      ...activationTests,
      ...typingTests,
      ...testExplorerTests,
      ...traceTests,
      ...debugTests,
      ...runTests,
      ...matrixTests,
      ...reviewTests,
    ],
    process.env['PLANTWRIGHT_E2E_ONLY'] ?? '',
  );
  await writeFile(process.env['PLANTWRIGHT_E2E_RESULTS'] ?? 'e2e-results.json', JSON.stringify(results, null, 2));
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return;
  await appWindow.screenshot('at-the-end').catch(() => undefined);
  throw new Error(`${failed.length} end-to-end tests failed`);
}
