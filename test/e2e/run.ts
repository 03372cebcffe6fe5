/**
 * The end-to-end tests: `node test/e2e/run.ts [--host code-server|desktop] [--only <part of a test's name>]`.
 * Bundles the runner, because the tree uses `.js` specifiers that plain Node does not map to `.ts`, and starts it.
 */

import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../..', import.meta.url);
process.chdir(root.pathname);
const outfile = '.cache/e2e/main.mjs';
await build({
  entryPoints: ['test/e2e/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const runner: { main(args: readonly string[]): Promise<number> } = await import(pathToFileURL(outfile).href);
process.exit(await runner.main(process.argv.slice(2)));
