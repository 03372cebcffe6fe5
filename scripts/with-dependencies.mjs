/**
 * Runs an npm script after making sure that the dependencies of this checkout are installed. Plain JavaScript that any
 * Node from 20 on can run: it is what `npm run demo` and `npm test` start on a machine that has nothing yet.
 * Usage: node scripts/with-dependencies.mjs <npm script> [arguments …]
 */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...rest] = process.argv.slice(2);
if (script === undefined) {
  console.error('usage: node scripts/with-dependencies.mjs <npm script> [arguments …]');
  process.exit(2);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(`Plantwright needs Node.js 20 or later to start; this is ${process.versions.node}.`);
  process.exit(2);
}

const npm = (argumentsOfNpm) =>
  spawnSync('npm', argumentsOfNpm, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;

const stamp = join(root, 'node_modules', '.plantwright-installed');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('Installing the dependencies of this checkout …');
  const status = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) {
    console.error('npm ci failed: see the lines above. The package registry must be reachable the first time.');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

process.exit(npm(['run', '--silent', script, ...(rest.length > 0 ? ['--', ...rest] : [])]));
