import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runProgram } from './run-program.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of a Chromium, installed from Debian when there is none and this process may. Null: there is none. */
export async function findChromium(): Promise<string | null> {
  const found = await search();
  if (found !== null) return found;
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  try {
    await runProgram('apt-get', ['update', '-q'], '/');
    await runProgram('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], '/');
  } catch (error) {
    process.stderr.write(`e2e: Chromium could not be installed: ${error instanceof Error ? error.message : error}\n`);
  }
  return search();
}

async function search(): Promise<string | null> {
  const explicit = process.env['PLANTWRIGHT_CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  for (const candidate of explicit === undefined ? candidates : [explicit]) {
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // The next one.
    }
  }
  return null;
}
