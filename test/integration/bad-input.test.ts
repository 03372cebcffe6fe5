import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FleetSetUp, setUpFleet } from '../../scripts/set-up-fleet.ts';
import { plantwright, startPlantwright } from '../support/command-line.js';

/** What is wrong in a hand-written file or a folder, and what the command line says of it: never a stack trace. */

let folder: string;
let fleetFolder: string;
let fleet: FleetSetUp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantwright-bad-'));
  fleet = setUpFleet(folder, ['plant-03-conveyor', 'plant-09-labeller']);
  fleetFolder = join(folder, 'fleet');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const site = (name = 'plant-03-conveyor'): string => fleet.sites.get(name) ?? '';
const edit = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));
const MIGRATE = ['migrate', 'safety-interlock-update', '--as', 'engineer-1', '--quiet', '--sites', 'plant-03-conveyor'];

describe('bad input is said with its place and its mend', () => {
  test.each<[string, () => void, readonly string[], number, readonly string[]]>([
    [
      'an unknown key in fleet.yaml',
      () => edit(fleet.fleetFile, (text) => text.replace('waves:', 'wavs:')),
      MIGRATE,
      2,
      ['fleet.yaml:', 'wavs', 'waves'],
    ],
    [
      'a safety verifier that is not required',
      () => appendFileSync(fleet.fleetFile, 'verification: { verifiers: [{ type: safety, required: false }] }\n'),
      MIGRATE,
      2,
      ['fleet.yaml:', 'safety'],
    ],
    ['a fleet file that is not there', () => rmSync(fleet.fleetFile), MIGRATE, 2, ['fleet.yaml']],
    [
      'a site path that is no git repository',
      () => rmSync(join(site(), '.git'), { recursive: true }),
      MIGRATE,
      1,
      ['plant-03-conveyor', 'repository'],
    ],
    [
      'a dirty site',
      () => appendFileSync(join(site(), 'src', 'conveyor_main.st'), '\n'),
      MIGRATE,
      1,
      ['uncommitted work', 'conveyor_main.st'],
    ],
    ['an unknown migration', () => undefined, ['migrate', 'safety-interlok'], 2, ['safety-interlock-update']],
    [
      'an unknown site',
      () => undefined,
      ['migrate', 'safety-interlock-update', '--sites', 'plant-3'],
      2,
      ['plant-3', 'plant-03-conveyor'],
    ],
    ['an unknown engine', () => undefined, [...MIGRATE, '--engine', 'magic'], 2, ['magic', 'recipe']],
    ['an unreadable filter', () => undefined, [...MIGRATE, '--where', 'colour=red'], 2, ['colour']],
    [
      'a tag that the code lacks',
      () => edit(join(site(), 'plantwright.yaml'), (text) => text.replace('Motor1_Run', 'Motor9_Run')),
      ['check', 'sites/plant-03-conveyor'],
      1,
      ['plantwright.yaml:', 'Motor9_Run'],
    ],
    [
      'a file with a syntax error',
      () => edit(join(site(), 'src', 'conveyor_main.st'), (text) => text.replace('END_IF;', 'END_IFF;')),
      ['check', 'sites/plant-03-conveyor'],
      1,
      ['conveyor_main.st:', 'PW1'],
    ],
    ['a path that does not exist', () => undefined, ['check', 'nowhere'], 2, ['nowhere']],
    ['a folder that is no site', () => undefined, ['verify', '/'], 2, ['plantwright.yaml']],
    [
      'an unknown revision',
      () => undefined,
      ['verify', 'sites/plant-03-conveyor', '--base', 'nothing'],
      2,
      ['nothing'],
    ],
    ['an unknown option', () => undefined, ['check', '--fast'], 2, ['--fast']],
    ['an unknown command', () => undefined, ['chek'], 2, ['check']],
  ])('%s', async (_name, spoil, words, code, expected) => {
    spoil();
    const result = await plantwright(fleetFolder, words);
    const said = result.stdout + result.stderr;
    for (const text of expected) expect(said).toContain(text);
    expect(said).not.toMatch(/\n\s+at .*\(.*:\d+:\d+\)|internal error/);
    expect(result.code).toBe(code);
  });

  test('two runs on one fleet at once: the second says who works on it, and nothing is lost', async () => {
    const first = startPlantwright(fleetFolder, MIGRATE);
    const firstEnded = new Promise<number>((resolve) => first.once('close', (code) => resolve(code ?? -1)));
    let second = await plantwright(fleetFolder, MIGRATE);
    // The first may still be starting up: then the second won the lock, and the first is the one that was refused.
    const firstCode = await firstEnded;
    if (second.code === 0 && firstCode === 0) second = await plantwright(fleetFolder, ['runs', 'list']);
    const codes = [firstCode, second.code].sort();
    expect([
      [0, 0],
      [0, 2],
    ]).toContainEqual(codes);
    expect((await plantwright(fleetFolder, ['audit', 'verify'])).code).toBe(0);
  });

  test('a read-only disk', async () => {
    // Root writes everywhere, so a file stands where the folder would be made.
    writeFileSync(join(fleetFolder, '.plantwright'), '');
    const result = await plantwright(fleetFolder, MIGRATE);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('.plantwright');
    expect(result.stderr).not.toContain('    at ');
    const branches = execFileSync('git', ['branch', '--list'], { cwd: site(), encoding: 'utf8' });
    expect(branches.trim()).toBe('* main');
  });
});
