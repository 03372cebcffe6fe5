import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FleetSetUp, setUpFleet } from '../../scripts/set-up-fleet.ts';
import { jsonOf, plantwright } from '../support/command-line.js';

/** Edits made by hand in the bundled fleet, judged by the command line as a person would run it. */

interface VerdictDocument {
  readonly status: 'passed' | 'failed';
  readonly review: string;
  readonly digest: string;
  readonly stages: readonly {
    readonly stage: string;
    readonly status: string;
    readonly findings: readonly { readonly code: string; readonly severity: string }[];
  }[];
}

let folder: string;
let fleet: FleetSetUp;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantwright-verify-'));
  fleet = setUpFleet(folder, ['plant-01-press', 'plant-03-conveyor', 'plant-08-assembly']);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Edits one file of a site, verifies the working tree, and puts the file back. */
async function judged(
  site: string,
  file: string,
  edit: (text: string) => string,
): Promise<VerdictDocument & { readonly codes: ReadonlySet<string> }> {
  const root = fleet.sites.get(site) ?? '';
  const path = join(root, file);
  const original = readFileSync(path);
  const edited = edit(original.toString('latin1'));
  expect(edited, 'the edit must change the file').not.toBe(original.toString('latin1'));
  writeFileSync(path, edited, 'latin1');
  try {
    const result = await plantwright(root, ['verify', '.', '--json', '--quiet']);
    const verdict = jsonOf<VerdictDocument>(result);
    expect(result.code).toBe(verdict.status === 'passed' ? 0 : 1);
    const failing = verdict.stages
      .flatMap((stage) => stage.findings)
      .filter((finding) => finding.severity === 'blocker' || finding.severity === 'error');
    return { ...verdict, codes: new Set(failing.map((finding) => finding.code)) };
  } finally {
    writeFileSync(path, original);
  }
}

describe('an unsafe edit by hand is vetoed with the rule named', () => {
  test.each<[string, string, string, [RegExp, string], string]>([
    ['a guard operand is dropped', 'plant-03-conveyor', 'src/conveyor_main.st', [/ AND DriveCover_Ch1;/, ';'], 'IL03'],
    [
      'an e-stop pin is tied to TRUE',
      'plant-08-assembly',
      'src/StationMain.st',
      [/S_EStopIn := [^,)]+/, 'S_EStopIn := TRUE'],
      'DP07',
    ],
    [
      'a discrepancy time is changed',
      'plant-08-assembly',
      'src/StationMain.st',
      [/DiscrepancyTime := T#\w+/, 'DiscrepancyTime := T#5s'],
      'TM01',
    ],
    ['a line that no longer parses', 'plant-03-conveyor', 'src/conveyor_main.st', [/END_IF;/, 'END_IF IF;'], 'AG07'],
  ])('%s', async (_name, site, file, [pattern, replacement], rule) => {
    const verdict = await judged(site, file, (text) => text.replace(pattern, replacement));
    expect(verdict.status).toBe('failed');
    expect([...verdict.codes]).toContain(rule);
  });
});

describe('a harmless edit by hand passes', () => {
  test('a comment', async () => {
    const verdict = await judged(
      'plant-03-conveyor',
      'src/conveyor_main.st',
      (text) => `(* bypass EStop: not done here *)\n${text}`,
    );
    expect([...verdict.codes]).toEqual([]);
    expect(verdict.status).toBe('passed');
  });

  test('the same input gives the same digest', async () => {
    const edit = (text: string): string => `${text}\n// end\n`;
    const first = await judged('plant-03-conveyor', 'src/conveyor_main.st', edit);
    const second = await judged('plant-03-conveyor', 'src/conveyor_main.st', edit);
    expect(first.digest).toBe(second.digest);
  });
});
