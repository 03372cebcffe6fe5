/**
 * A run in a process of its own that dies by SIGKILL at a chosen point: before the n-th time that something is forced to
 * the disk, or while the engine or a verifier works. Arguments: fleet folder, point (`fsync:<n>`, `engine:<site>`,
 * `verify:<site>`, `never`), and the id of a run to resume instead of starting one. Prints how often something was forced
 * to the disk.
 */

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import type { EngineInput } from '../../verify/engine.js';
import { resumeRun, startRun } from '../run.js';
import { runRequest, TEST_ENGINE, verifyForTest } from './fixture-fleet.js';

const [folder = '', point = 'never', run] = process.argv.slice(2);
const [kind = '', where = ''] = point.split(':');

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

let writes = 0;
const original = fs.fsyncSync;
fs.fsyncSync = (handle) => {
  writes++;
  if (kind === 'fsync' && writes === Number(where)) die();
  original(handle);
};
syncBuiltinESMExports();

const request = runRequest(folder, {
  concurrency: 1,
  engineFor: (site) => ({
    engine: {
      ...TEST_ENGINE,
      run: async (input: EngineInput) => {
        if (kind === 'engine' && site.name === where) {
          fs.writeFileSync(join(input.worktree, 'src/half.st'), 'half an edit');
          die();
        }
        return TEST_ENGINE.run(input);
      },
    },
  }),
  verifyChange: async (change) => {
    const manifest = Buffer.from(change.before.get('plantwright.yaml') ?? new Uint8Array()).toString('utf8');
    if (kind === 'verify' && manifest.includes(`site: ${where}\n`)) die();
    return verifyForTest(change);
  },
});

await (run === undefined ? startRun(request) : resumeRun(run, request));
console.log(writes);
