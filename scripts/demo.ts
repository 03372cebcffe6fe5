/**
 * The main job, offline: sets the bundled fleet up in a scratch folder, migrates it with the recipe, shows the table of
 * sites and verdicts, signs one change request, and lets the verifiers veto an unsafe edit. Everything runs through the
 * same command line that a user has.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUpFleet } from './set-up-fleet.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target =
  process.argv[2] === undefined ? mkdtempSync(join(tmpdir(), 'plantwright-demo-')) : resolve(process.argv[2]);

/** Runs one command of Plantwright as a user would, shows it, and gives its exit code and output. */
function plantwright(words: readonly string[], show: 'shown' | 'hidden' = 'shown'): { code: number; output: string } {
  console.log(`\n$ plantwright ${words.join(' ')}`);
  const result = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {
    cwd: target,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // Without a model: the demo shows what works offline.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: process.env['NO_COLOR'] },
  });
  if (show === 'shown') process.stdout.write(result.stdout);
  return { code: result.status ?? 1, output: result.stdout };
}

function title(text: string): void {
  console.log(`\n== ${text}`);
}

title('A fleet of sites, each a git repository of its own');
const fleet = setUpFleet(target);
console.log(`${fleet.sites.size} sites in ${join(target, 'fleet')}`);
plantwright(['fleet', 'sites', '--fleet', 'fleet/fleet.yaml']);

title('The migration: single-channel guards become redundant, monitored and manually reset');
const run = plantwright(['migrate', 'safety-interlock-update', '--fleet', 'fleet/fleet.yaml', '--as', 'engineer-1']);
if (run.code > 1) process.exit(run.code);

title('Its change requests');
const listed = plantwright(['changes', 'list', '--fleet', 'fleet/fleet.yaml', '--json'], 'hidden');
const changes = (JSON.parse(listed.output) as { changes: { id: string; site: string; review: string }[] }).changes;
for (const change of changes) console.log(`${change.id}  review: ${change.review}`);
const forOne = changes.find((change) => change.review === 'safety-engineer');
if (forOne === undefined) {
  console.error('The run gave no change request that one safety engineer can approve.');
  process.exit(1);
}

title('A safety engineer signs one');
const key = fleet.keys.get('safety-1') ?? '';
plantwright(['changes', 'approve', forOne.id, '--fleet', 'fleet/fleet.yaml', '--as', 'safety-1', '--key', key]);

title('An unsafe edit by hand: the guard is dropped from the condition of a drive');
const conveyor = [...fleet.sites].find(([name]) => name.includes('conveyor'))?.[1];
if (conveyor === undefined) process.exit(1);
const edited = dropGuard(conveyor);
console.log(edited);
const vetoed = plantwright(['verify', join('fleet', 'sites', conveyor.split(/[/\\]/).at(-1) ?? '')]);
spawnSync('git', ['checkout', '-q', '--', '.'], { cwd: conveyor });
if (vetoed.code !== 1) {
  console.error('The unsafe edit was not vetoed. This is a bug.');
  process.exit(1);
}

title('The audit log');
const audit = plantwright(['audit', 'verify', '--fleet', 'fleet/fleet.yaml']);

title('Where to look');
const changeFolder = join(target, 'fleet', '.plantwright', 'changes', forOne.id);
console.log(`report of ${forOne.site}:  ${join(changeFolder, 'report.html')}`);
console.log(`its diff:          ${join(changeFolder, 'diff.patch')}`);
console.log(`the fleet in VS Code: install the extension (npm run package) and open ${join(target, 'fleet')}`);
if (process.argv[2] === undefined) console.log(`everything is in ${target}; delete it when you are done`);
process.exit(audit.code);

/** Takes the drive cover out of the last condition of a motor: the kind of edit that compiles and reads well. */
function dropGuard(site: string): string {
  const file = join(site, 'src', 'conveyor_main.st');
  const text = readFileSync(file, 'utf8');
  const without = text.replace(' AND DriveCover_Ch1;', ';');
  if (without === text) throw new Error('the conveyor has no drive cover in the condition of a motor');
  writeFileSync(file, without);
  return 'src/conveyor_main.st: DriveCover_Ch1 is no longer in the condition of Motor1_Run';
}
