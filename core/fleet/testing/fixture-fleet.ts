/** A small fleet of real git repositories in a temporary folder, an engine that edits one file, and verifiers for tests. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOf } from '../../base/digest.js';
import { type Finding, failsVerdict, startOfFile } from '../../base/finding.js';
import type { Migration } from '../../site/migration.js';
import { openSite } from '../../site/open-site.js';
import { readMigration } from '../../site/read-migration.js';
import type { EngineInput, EngineOutcome, MigrationEngine } from '../../verify/engine.js';
import { diffDigest } from '../../verify/snapshot-digest.js';
import type { Verdict } from '../../verify/verdict.js';
import { verdictDigest } from '../../verify/verdict-digest.js';
import type { VerifyChange } from '../attempt.js';
import type { Fleet } from '../fleet.js';
import { readFleetText } from '../read-fleet.js';
import type { RunRequest } from '../run.js';
import type { SigningKey } from '../signing-key.js';

export const MAIN = `PROGRAM Main
VAR
  Guard_Closed : BOOL;
  EStop_OK : BOOL;
  Motor : BOOL;
END_VAR
  // the guard alone decides
  Motor := Guard_Closed;
END_PROGRAM
`;

const MANIFEST = (site: string): string => `site: ${site}
dialect: iec
plc_type: Siemens S7-1500
firmware_version: "2.9.3"
entry: Main
safety:
  rating: SIL-2
  signals:
    - { tag: Main.Guard_Closed, role: guard }
    - { tag: Main.Motor, role: hazard }
`;

export const MIGRATION_TEXT = `---
name: add-estop
version: 1.0.0
title: Emergency stop in every motor
kind: safety
targets: { plc_type: [Siemens S7-1500], firmware_version: ">=2.9" }
touches: [guard]
---
## Goal
The motor needs the emergency stop besides the guard.
## Preconditions
- Only proceed if there is a guard.
- Do not proceed if there is no emergency stop.
## Examples
None here.
## Do not change
- Anything else.
## Success criteria
- The proof shows that the motor is off while the emergency stop is pressed.
## Notes
None.
`;

export function migration(): Migration {
  const reading = readMigration('add-estop.md', Buffer.from(MIGRATION_TEXT));
  if (reading.migration === null) throw new Error(JSON.stringify(reading.findings));
  return reading.migration;
}

/** Runs git as a user would, with dates that do not change from test to test. */
export function git(folder: string, ...args: string[]): string {
  const env = {
    ...process.env,
    GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
    GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  return execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export interface SiteOverride {
  readonly manifest?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly main?: string;
}

/** A fleet folder with one repository per name, each with a manifest and `src/Main.st`. */
export function makeFleetFolder(
  names: readonly string[],
  overrides: Readonly<Record<string, SiteOverride>> = {},
  more = '',
): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plantwright-fleet-')));
  const sites = names.map(
    (name) =>
      `  - { name: ${name}, repo_path: sites/${name}, plc_type: Siemens S7-1500, firmware_version: "2.9.3", safety_rating: SIL-2 }`,
  );
  writeFiles(folder, { 'fleet.yaml': `sites:\n${sites.join('\n')}\n${more}` });
  for (const name of names) {
    const root = join(folder, 'sites', name);
    const override = overrides[name] ?? {};
    writeFiles(root, {
      'plantwright.yaml': override.manifest ?? MANIFEST(name),
      'src/Main.st': override.main ?? MAIN,
      ...override.files,
    });
    git(root, 'init', '-q', '-b', 'main');
    git(root, 'add', '-A');
    git(root, 'commit', '-q', '-m', 'As delivered');
  }
  return folder;
}

export function loadFleet(folder: string): Fleet {
  const file = join(folder, 'fleet.yaml');
  const { fleet, findings } = readFleetText(readFileSync(file, 'utf8'), file);
  if (fleet === null) throw new Error(JSON.stringify(findings));
  return fleet;
}

export function personLine(id: string, roles: readonly string[], key: SigningKey): string {
  return `  - { id: ${id}, roles: [${roles.join(', ')}], key: "${key.publicKey}" }\n`;
}

const NO_COST = { inputTokens: 0, outputTokens: 0, turns: 0, usd: 0 } as const;

/** Adds the emergency stop to the motor. What it does otherwise depends on a word in the site's source. */
export const TEST_ENGINE: MigrationEngine = {
  identity: { kind: 'recipe', name: 'test-engine', version: '1.0.0' },
  run: async (input: EngineInput): Promise<EngineOutcome> => {
    const file = join(input.worktree, 'src/Main.st');
    const text = readFileSync(file, 'utf8');
    input.journal({ step: 'read', file: 'src/Main.st' });
    if (text.includes('Guard_Closed AND EStop_OK'))
      return { kind: 'not-needed', reason: 'The motor already has the emergency stop.', cost: NO_COST };
    if (text.includes('needs-engineer'))
      return { kind: 'needs-engineer', reasons: [problem('There is no second channel.')], cost: NO_COST };
    if (text.includes('engine-fails'))
      return { kind: 'failed', reason: 'The endpoint does not answer.', cost: NO_COST };
    if (text.includes('engine-crashes')) throw new Error('index out of range');
    const condition = text.includes('make-unsafe') ? 'TRUE' : 'Guard_Closed AND EStop_OK';
    writeFileSync(file, text.replace('Motor := Guard_Closed;', `Motor := ${condition};`));
    return { kind: 'changed', summary: 'Added the emergency stop to the motor.', cost: NO_COST };
  },
};

function problem(message: string): Finding {
  return {
    ...startOfFile('plantwright.yaml'),
    code: 'RECIPE',
    rule: 'missing',
    severity: 'error',
    message,
    related: [],
    witness: {},
  };
}

/** Verifiers for tests: the real compiler front end, and a safety rule that refuses a motor that always runs. */
export const verifyForTest: VerifyChange = async ({ before, after, base, head }) => {
  const site = openSite(after);
  const compile = [...site.manifestFindings, ...site.project.findings].filter(({ severity }) => failsVerdict(severity));
  const main = Buffer.from(after.get('src/Main.st') ?? new Uint8Array()).toString('utf8');
  const line = main.split('\n').findIndex((text) => text.includes('Motor := TRUE')) + 1;
  const safety: Finding[] =
    line === 0
      ? []
      : [
          {
            file: 'src/Main.st',
            line,
            column: 3,
            endLine: line,
            endColumn: 17,
            code: 'IL01',
            rule: 'hazard-not-gated',
            severity: 'blocker',
            message: 'Main.Motor runs with the guard <open>.',
            related: [],
            witness: { 'Main.Guard_Closed': false },
          },
        ];
  const stage = <Name extends string>(
    name: Name,
    findings: readonly Finding[],
    evidence: Readonly<Record<string, unknown>> = {},
  ) => ({ stage: name, status: findings.length === 0 ? 'passed' : 'failed', findings, evidence, ms: 1 }) as const;
  const proof = {
    obligations: [
      {
        id: 'T1',
        kind: 'dominance',
        output: 'Main.Motor',
        condition: 'Main.Guard_Closed',
        status: 'proved',
        method: 'bdd',
      },
    ],
  };
  const stages = [
    stage('compile', compile),
    stage('safety', safety),
    stage('simulation', []),
    stage('proof', [], proof),
    stage('judge', []),
  ] as const;
  const unsealed = {
    schema: 'plantwright/verdict@1',
    site: site.manifest?.site ?? 'unknown',
    base,
    head,
    diff: diffDigest(before, after),
    status: stages.some(({ status }) => status === 'failed') ? 'failed' : 'passed',
    review: site.manifest?.safety?.rating === 'SIL-3' ? 'two-safety-engineers' : 'safety-engineer',
    stages,
    tool: { version: '0.0.0', rules: digestOf('rules') },
  } as const satisfies Omit<Verdict, 'digest'>;
  return { ...unsealed, digest: verdictDigest(unsealed) };
};

export const START = new Date('2026-03-01T08:00:00Z');

/** A request to run the test migration over the whole fleet in a folder. */
export function runRequest(folder: string, more: Partial<RunRequest> = {}): RunRequest {
  const fleet = loadFleet(folder);
  return {
    fleet,
    migration: migration(),
    sites: fleet.sites,
    engineFor: () => ({ engine: TEST_ENGINE }),
    verifyChange: verifyForTest,
    dryRun: false,
    concurrency: 2,
    startedBy: 'eng-1',
    budgetUsd: null,
    budgetTokens: null,
    signal: new AbortController().signal,
    clock: () => START,
    ...more,
  };
}
