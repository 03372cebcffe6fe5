/**
 * Lays the bundled fleet out in a scratch folder the way a company has it: every site a git repository of its own, the
 * fleet folder another one, signing keys outside of both. Used by the demo, the integration and the end-to-end tests.
 */

import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the bundled fleet lives in this checkout. */
export const BUNDLED_FLEET = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test', 'fixtures', 'fleet');

export interface FleetSetUp {
  /** Absolute path of fleet.yaml. */
  readonly fleetFile: string;
  /** Absolute paths of the site repositories by folder name. */
  readonly sites: ReadonlyMap<string, string>;
  /** Private key files by person id. */
  readonly keys: ReadonlyMap<string, string>;
}

/** The people of the bundled fleet: an engineer who starts runs, and two safety engineers who sign. */
const PEOPLE = [
  { id: 'engineer-1', roles: 'engineer' },
  { id: 'safety-1', roles: 'safety-engineer' },
  { id: 'safety-2', roles: 'safety-engineer' },
] as const;

/** Sets the fleet up below `target`, which must not exist or be empty. `sites`: folder names, all by default. */
export function setUpFleet(target: string, sites?: readonly string[]): FleetSetUp {
  const fleetFolder = join(target, 'fleet');
  const keyFolder = join(target, 'keys');
  mkdirSync(fleetFolder, { recursive: true });
  mkdirSync(keyFolder, { recursive: true, mode: 0o700 });

  const names = readdirSync(join(BUNDLED_FLEET, 'sites')).sort();
  const wanted = sites ?? names;
  const repositories = new Map<string, string>();
  for (const name of names.filter((candidate) => wanted.includes(candidate))) {
    const repository = join(fleetFolder, 'sites', name);
    cpSync(join(BUNDLED_FLEET, 'sites', name), repository, { recursive: true });
    makeRepository(repository, 'Import the machine program');
    repositories.set(name, repository);
  }

  const keys = new Map<string, string>();
  const people = PEOPLE.map(({ id, roles }) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const file = join(keyFolder, `${id}.pem`);
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    keys.set(id, file);
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
    return `  - { id: ${id}, roles: [${roles}], key: "ed25519:${raw}" }`;
  });
  const bundled = readFileSync(join(BUNDLED_FLEET, 'fleet.yaml'), 'utf8');
  const fleetText = bundled.replace(/^people: \[\]$/m, ['people:', ...people].join('\n'));
  if (fleetText === bundled) throw new Error('fleet.yaml of the bundled fleet has no line "people: []"');
  writeFileSync(join(fleetFolder, 'fleet.yaml'), fleetText);
  writeFileSync(join(fleetFolder, '.gitignore'), 'sites/\n.plantwright/worktrees/\n');
  makeRepository(fleetFolder, 'Describe the fleet');
  return { fleetFile: join(fleetFolder, 'fleet.yaml'), sites: repositories, keys };
}

/** `git init` with one commit, under fixed names and times so that commits are the same in every set-up. */
function makeRepository(folder: string, message: string): void {
  const git = (...words: string[]): void => {
    execFileSync('git', words, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_AUTHOR_NAME: 'Plant Engineering',
        GIT_AUTHOR_EMAIL: 'plc@plant.example',
        GIT_AUTHOR_DATE: '2026-01-12T06:00:00Z',
        GIT_COMMITTER_NAME: 'Plant Engineering',
        GIT_COMMITTER_EMAIL: 'plc@plant.example',
        GIT_COMMITTER_DATE: '2026-01-12T06:00:00Z',
      },
    });
  };
  git('init', '-q', '-b', 'main');
  git('config', 'core.autocrlf', 'false');
  git('add', '-A');
  git('commit', '-q', '-m', message);
}
