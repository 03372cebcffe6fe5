import { describe, expect, test } from 'vitest';
import type { Finding } from '../base/finding.js';
import { changeOf } from '../safety/testing/site-of.js';
import { runScenario } from '../simulation/scenario.js';
import { readScenario } from '../simulation/scenario-file.js';
import { compareUnderFaults } from './fault-campaign.js';

/** A saw with two switches on its hood; the guard block reports when they disagree. */
const SAW = {
  'plantwright.yaml': `site: saw
dialect: codesys
sources: [src/**]
entry: Main
cycle: 10ms
safety:
  rating: SIL-2
  signals:
    - { tag: Main.EStop_OK, role: estop }
    - { tag: Main.Hood_1, role: guard }
    - { tag: Main.Reset_PB, role: reset }
    - { tag: Main.Start_PB, role: start }
    - { tag: Main.Blade, role: hazard }
migrations:
  safety-interlock-update:
    guards:
      - { signal: Main.Hood_1, channels: [Main.Hood_1, Main.Hood_2], reset: Main.Reset_PB, discrepancy: 100ms, diagnostic: Main.Hood_Diag }
`,
  'src/Main.st': `PROGRAM Main
VAR
  EStop_OK, Hood_1, Hood_2, Reset_PB, Start_PB, Stop_PB, Service_Key : BOOL;
  Blade : BOOL; Hood_Diag : WORD; Lamp : BOOL;
  Tripped : BOOL := TRUE; Run : BOOL; Disagree : TON; ResetEdge : R_TRIG; StartEdge : R_TRIG;
END_VAR
ResetEdge(CLK := Reset_PB);
StartEdge(CLK := Start_PB);
Disagree(IN := Hood_1 XOR Hood_2, PT := T#100ms);
IF Disagree.Q THEN Hood_Diag := 16#C001; END_IF;
IF NOT EStop_OK OR NOT Hood_1 OR NOT Hood_2 THEN
  Tripped := TRUE; Run := FALSE;
ELSIF ResetEdge.Q THEN
  Tripped := FALSE; Hood_Diag := 0;
ELSIF StartEdge.Q AND NOT Tripped THEN
  Run := TRUE;
END_IF;
IF Stop_PB THEN Run := FALSE; END_IF;
Blade := Run AND NOT Tripped AND EStop_OK AND Hood_1 AND Hood_2;
Lamp := NOT Tripped;
END_PROGRAM
`,
};

type Edit = readonly [from: string, to: string];

function edited(...edits: readonly Edit[]): typeof SAW {
  let text = SAW['src/Main.st'];
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  return { ...SAW, 'src/Main.st': text };
}

function compare(before: typeof SAW, after: typeof SAW): ReturnType<typeof compareUnderFaults> {
  return compareUnderFaults(changeOf(before, after), {
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}

const messages = (findings: readonly Finding[]): string[] => findings.map(({ code, message }) => `${code} ${message}`);

describe('a change that only the version after fails under faults is vetoed', () => {
  test.each<[string, string, ...Edit[]]>([
    [
      'a service key hides the e-stop',
      'hazard-off',
      ['IF NOT EStop_OK OR', 'IF NOT EStop_OK AND NOT Service_Key OR'],
      ['AND EStop_OK AND', 'AND (EStop_OK OR Service_Key) AND'],
    ],
    ['the hood trips no latch', 'restart', ['NOT EStop_OK OR NOT Hood_1 OR NOT Hood_2', 'NOT EStop_OK']],
    ['the run is kept over a trip', 'restart', ['Tripped := TRUE; Run := FALSE;', 'Tripped := TRUE;']],
    [
      'a reset under demand is remembered',
      'reset-under-demand',
      ['Tripped := TRUE; Run', 'Tripped := NOT ResetEdge.Q AND Tripped OR Run; Run'],
    ],
    [
      'the disagreement is not reported',
      'diagnosis',
      [
        'IF Disagree.Q THEN Hood_Diag := 16#C001; END_IF;',
        'IF Disagree.Q AND Stop_PB THEN Hood_Diag := 16#C001; END_IF;\nRun := Run AND NOT Disagree.Q;',
      ],
    ],
  ])('%s', (_, check, ...edits) => {
    const after = edited(...edits);
    const { findings } = compare(SAW, after);
    const finding = findings.find((each) => each.witness['check'] === check);
    expect(finding, messages(findings).join('\n')).toMatchObject({ code: 'SIM-CAMPAIGN', severity: 'blocker' });
    expect(finding?.message).toMatch(
      /Main\.(Blade|Hood).* fault \w+ of .* phase ".*within 0 ms.*before the change passes/s,
    );
    const reading = readScenario('witness.yaml', String(finding?.witness['scenario']));
    if ('findings' in reading) throw new Error(reading.findings[0]?.message);
    const change = changeOf(SAW, after);
    expect(runScenario(change.before.project, reading.scenario).status).toBe('passed');
    expect(runScenario(change.after.project, reading.scenario).status).toBe('failed');
  });
});

describe('what is not new is no veto', () => {
  test('the same logic in other words', () => {
    const { findings, evidence } = compare(
      SAW,
      edited(['Blade := Run AND NOT Tripped', 'Blade := NOT (NOT Run OR Tripped)']),
    );
    expect(messages(findings)).toEqual([]);
    expect(evidence).toMatchObject({ status: 'passed', newFailures: [], notReached: [], noLongerReached: [] });
    expect(evidence?.['cases']).toBeGreaterThan(300);
  });

  test('a change outside of the hazard runs no campaign', () => {
    expect(compare(SAW, edited(['Lamp := NOT Tripped;', 'Lamp := Tripped;'])).evidence).toBeNull();
  });

  test('a weakness that the version before has too is named, not vetoed', () => {
    const weak: Edit = ['Tripped := TRUE; Run := FALSE;', 'Tripped := TRUE;'];
    const { findings, evidence } = compare(
      edited(weak),
      edited(weak, ['Blade := Run AND', 'Blade := NOT Stop_PB AND Run AND']),
    );
    expect(messages(findings)).toEqual([]);
    expect(evidence?.['failuresAsBefore']).toContainEqual(expect.objectContaining({ check: 'restart' }));
  });

  test('a hazard that neither version can turn on is said, not vetoed', () => {
    const never: Edit = ['Blade := Run AND', 'Blade := FALSE AND Run AND'];
    const { findings, evidence } = compare(
      edited(never),
      edited(never, ['IF Stop_PB THEN', 'IF Stop_PB OR Service_Key THEN']),
    );
    expect(messages(findings)).toEqual([]);
    expect(evidence?.['notReached']).toContainEqual({ hazard: 'Main.Blade', phase: 'running' });
  });

  test('one more condition', () => {
    const { findings } = compare(SAW, edited(['Blade := Run AND', 'Blade := Run AND Service_Key AND']));
    expect(messages(findings)).toEqual([]);
  });
});

test('a hazard that can no longer be examined fails, because nothing is known of it any more', () => {
  const { findings } = compare(SAW, edited(['Blade := Run AND', 'Blade := FALSE AND Run AND']));
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ code: 'SIM-UNREACHED', severity: 'error' });
  expect(findings[0]?.message).toMatch(/Main\.Blade could be examined in the phases .*running.* before the change/);
});

test('the same change gives the same answer, to the byte', () => {
  const after = edited(['Tripped := TRUE; Run := FALSE;', 'Tripped := TRUE;']);
  expect(JSON.stringify(compare(SAW, after))).toBe(JSON.stringify(compare(SAW, after)));
});
