/** A change of the fixture fleet that the verifiers refuse, and its report: what the docs show and the tests read. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { changeReport } from '../../core/fleet/change-report.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import { verifyChange } from '../../core/verify/pipeline.js';
import type { Verdict } from '../../core/verify/verdict.js';

const SITE = 'plant-03-conveyor';
const FILE = 'src/conveyor_main.st';

/** The panel moves a belt with the drive cover open. */
const EDITS: readonly (readonly [from: string, to: string])[] = [
  [
    'Motor2_Run := Starter2.Run AND SafetyReleased\n  AND EStop1_OK AND EStop2_OK AND EStop3_OK AND PullCord_OK AND DriveCover_Ch1;',
    'Motor2_Run := (Starter2.Run AND SafetyReleased AND DriveCover_Ch1 OR Hmi_JamReset)\n  AND EStop1_OK AND EStop2_OK AND EStop3_OK AND PullCord_OK;',
  ],
];

export interface VetoedChange {
  readonly verdict: Verdict;
  readonly report: string;
}

export async function vetoedChange(): Promise<VetoedChange> {
  const root = fileURLToPath(new URL(`../fixtures/fleet/sites/${SITE}`, import.meta.url));
  const before: SiteSnapshot = new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort()
      .map((path) => [path, new Uint8Array(readFileSync(join(root, path)))]),
  );
  const edited = EDITS.reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${FILE} has no "${from}"`);
      return text.replace(from, to);
    },
    new TextDecoder().decode(before.get(FILE)),
  );
  const after = new Map(before).set(FILE, new TextEncoder().encode(edited));
  const verdict = await verifyChange({
    before,
    after,
    base: '4f1d2c7',
    head: 'a90b3e5',
    scope: { author: 'agent', mayChange: null, mustNotChange: [], touches: null },
    unread: [],
    judge: null,
    signal: new AbortController().signal,
    progress: () => undefined,
    clock: () => 0,
  });
  const report = changeReport({
    id: 'refused-5c2e81d0',
    site: SITE,
    migration: {
      name: 'jam-jog',
      version: '0.3.0',
      title: 'Jog belt 2 from the panel to clear a jam',
      digest: `sha256:${'0'.repeat(64)}`,
    },
    engine: { kind: 'agent', model: 'local-model', endpoint: 'http://localhost:8080' },
    summary: 'The button for a jam on the panel moves belt 2 as long as it is pressed.',
    author: 'controls-1',
    verdict,
    patch: patchOf(before, after),
    checklist: [],
    blockedBecause: ['The verifiers found that the change weakens safety logic.'],
  });
  return { verdict, report };
}

/** The patch as git writes it. */
function patchOf(before: SiteSnapshot, after: SiteSnapshot): string {
  const folder = mkdtempSync(join(tmpdir(), 'plantwright-report-'));
  const git = (...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'core.autocrlf=false', ...args],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
  try {
    git('init', '-q');
    write(folder, before);
    git('add', '-A');
    git('commit', '-q', '-m', 'before');
    write(folder, after);
    return git('diff', '--no-renames');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, files: SiteSnapshot): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
