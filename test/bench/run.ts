/**
 * The benchmarks: `npm run bench [-- name …] [--json]`. Names: language, parser, simulation; all of these without one.
 * `--json` makes `language` print one JSON document instead of tables. `safety` runs only by its name, with the options
 * that `safety.ts` lists: `npm run bench -- safety --limit 300`.
 * Bundles each benchmark, because the tree uses `.js` specifiers that plain Node does not map to `.ts`, and runs it in
 * a process of its own, with the collector of garbage at hand. Never a part of the tests.
 */

import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const BENCHES: Readonly<Record<string, string>> = {
  language: 'test/bench/language.ts',
  parser: 'test/bench/parser-choice.ts',
  simulation: 'test/bench/simulation.ts',
};
const SAFETY = 'test/bench/safety.ts';

process.chdir(new URL('../..', import.meta.url).pathname);
const given = process.argv.slice(2);
const isSafety = given[0] === 'safety';
const flags = isSafety ? [] : given.filter((one) => one.startsWith('--'));
const names = isSafety ? ['safety'] : given.filter((one) => !one.startsWith('--'));
const unknown = isSafety
  ? []
  : [...names.filter((name) => !(name in BENCHES)), ...flags.filter((flag) => flag !== '--json')];
if (unknown.length > 0) {
  process.stderr.write(
    `bench: unknown ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')} and --json\n`,
  );
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  const outfile = `.cache/bench/${name}.mjs`;
  await build({
    entryPoints: [isSafety ? SAFETY : (BENCHES[name] ?? '')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'warning',
  });
  if (!flags.includes('--json')) process.stdout.write(`\n${name}\n`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      '--max-old-space-size=6000',
      outfile,
      ...(isSafety ? given.slice(1) : name === 'language' ? flags : []),
    ],
    {
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exitCode = 1;
}
