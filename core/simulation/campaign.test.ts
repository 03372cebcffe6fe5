import { expect, test } from 'vitest';
import type { CampaignPlan, CampaignResult } from './campaign/plan.js';
import { runCampaign } from './campaign.js';
import { runScenario } from './scenario.js';
import { readScenario } from './scenario-file.js';
import { projectOf } from './test-support.js';

/** A press with a latch: a demand trips it, a reset edge after the demand readies it, a start edge moves it. */
const PRESS = `
PROGRAM Main
VAR
  EStop_OK : BOOL; Guard_A : BOOL; Guard_B : BOOL; Reset_PB : BOOL; Start_PB : BOOL; Stop_PB : BOOL;
  Motor : BOOL; Guard_Diag : WORD;
  Tripped : BOOL := TRUE; Run : BOOL; Disagree : TON; ResetEdge : R_TRIG; StartEdge : R_TRIG;
END_VAR
ResetEdge(CLK := Reset_PB);
StartEdge(CLK := Start_PB);
Disagree(IN := Guard_A XOR Guard_B, PT := T#100ms);
IF Disagree.Q THEN Guard_Diag := 16#C001; END_IF;
IF NOT EStop_OK OR NOT Guard_A OR NOT Guard_B THEN
  Tripped := TRUE; Run := FALSE;
ELSIF ResetEdge.Q THEN
  Tripped := FALSE; Guard_Diag := 0;
ELSIF StartEdge.Q AND NOT Tripped THEN
  Run := TRUE;
END_IF;
IF Stop_PB THEN Run := FALSE; END_IF;
Motor := Run AND NOT Tripped AND EStop_OK AND Guard_A AND Guard_B;
END_PROGRAM
`;

const PLAN: CampaignPlan = {
  hazards: [
    {
      tag: 'Main.Motor',
      off: false,
      conditions: ['Main.EStop_OK', 'Main.Guard_A', 'Main.Guard_B'],
      resets: ['Main.Reset_PB'],
      starts: ['Main.Start_PB'],
      reach: ['Main.EStop_OK', 'Main.Guard_A', 'Main.Guard_B', 'Main.Reset_PB', 'Main.Start_PB', 'Main.Stop_PB'],
    },
  ],
  conditions: [
    { tag: 'Main.EStop_OK', healthy: true, restart: 'commanded' },
    { tag: 'Main.Guard_A', healthy: true, restart: 'commanded' },
    { tag: 'Main.Guard_B', healthy: true, restart: 'commanded' },
  ],
  diagnoses: [{ channels: ['Main.Guard_A', 'Main.Guard_B'], tag: 'Main.Guard_Diag', withinNs: 120_000_000 }],
  seeds: [],
};

function campaign(text: string, plan = PLAN): CampaignResult {
  return runCampaign(projectOf(text), plan, { seed: 7 });
}

test('a press with a latch holds in every phase, and every phase is reached', () => {
  const result = campaign(PRESS);
  expect(result.failures).toEqual([]);
  expect(result.unreached).toEqual([]);
  expect(result.status).toBe('passed');
  expect(result.cases).toBeGreaterThan(200);
});

const WRONG: readonly { readonly what: string; readonly check: string; readonly from: string; readonly to: string }[] =
  [
    {
      what: 'the e-stop only trips the latch in the next scan',
      check: 'hazard-off',
      from: 'IF NOT EStop_OK OR NOT Guard_A OR NOT Guard_B THEN\n  Tripped := TRUE; Run := FALSE;',
      to: 'Motor := Run AND NOT Tripped;\nIF NOT EStop_OK OR NOT Guard_A OR NOT Guard_B THEN\n  Tripped := TRUE; Run := FALSE; RETURN;',
    },
    {
      what: 'a demand leaves Run set',
      check: 'restart',
      from: 'Tripped := TRUE; Run := FALSE;',
      to: 'Tripped := TRUE;',
    },
    {
      what: 'the guard does not trip the latch',
      check: 'restart',
      from: 'IF NOT EStop_OK OR NOT Guard_A OR NOT Guard_B THEN',
      to: 'IF NOT EStop_OK THEN',
    },
    {
      what: 'a reset under demand is remembered',
      check: 'reset-under-demand',
      from: 'Tripped := TRUE; Run := FALSE;',
      to: 'Tripped := NOT ResetEdge.Q AND Tripped OR Run; Run := FALSE;',
    },
    {
      what: 'the latch does not survive a power cycle',
      check: 'restart',
      from: 'Tripped : BOOL := TRUE; Run : BOOL;',
      to: 'Tripped : BOOL; END_VAR VAR RETAIN Run : BOOL; END_VAR VAR',
    },
    {
      what: 'a start button that is held starts the machine with the reset',
      check: 'restart',
      from: 'ELSIF StartEdge.Q AND NOT Tripped THEN',
      to: 'ELSIF Start_PB AND NOT Tripped THEN',
    },
    {
      what: 'a reset button that is held resets when the demand ends',
      check: 'restart',
      from: 'ELSIF ResetEdge.Q THEN',
      to: 'ELSIF Reset_PB THEN',
    },
    {
      what: 'buttons that stick when power comes back start the machine',
      check: 'restart',
      from: 'ResetEdge(CLK := Reset_PB);\nStartEdge(CLK := Start_PB);',
      to: 'ResetEdge(CLK := Reset_PB);\nStartEdge(CLK := Start_PB);\nIF Reset_PB AND Start_PB THEN Tripped := FALSE; Run := TRUE; END_IF;',
    },
    { what: 'the discrepancy is not reported', check: 'diagnosis', from: 'IF Disagree.Q THEN', to: 'IF FALSE THEN' },
    {
      what: 'an index leaves its bounds when a button bounces',
      check: 'run-time-fault',
      from: 'StartEdge(CLK := Start_PB);',
      to: 'StartEdge(CLK := Start_PB);\nIF StartEdge.Q THEN Count := Count + 1; List[Count] := 1; END_IF;',
    },
  ];

for (const { what, check, from, to } of WRONG) {
  test(`found, small and reproducible: ${what}`, () => {
    expect(PRESS).toContain(from);
    const text = PRESS.replace(from, to).replace(
      'Motor : BOOL;',
      'Motor : BOOL; Count : INT; List : ARRAY[0..4] OF INT;',
    );
    const project = projectOf(text);
    expect(project.findings.filter((each) => each.severity === 'error')).toEqual([]);
    const result = runCampaign(project, PLAN, { seed: 7 });
    expect(result.status).toBe('failed');
    expect(result.failures.map((each) => each.check)).toContain(check);
    for (const failure of result.failures) {
      const reading = readScenario('found.yaml', failure.yaml);
      if ('findings' in reading) throw new Error(reading.findings[0]?.message);
      expect(reading.scenario.content).toEqual(failure.scenario);
      expect(runScenario(project, reading.scenario).status).toBe('failed');
      expect(runScenario(projectOf(PRESS), reading.scenario).status, failure.yaml).toBe('passed');
      expect(failure.scenario.steps.length).toBeLessThanOrEqual(9);
    }
  });
}

/** Remembers only the first cause of a trip, and lets a reset through as soon as that one is healthy again. */
const FIRST_CAUSE_ONLY = PRESS.replace(
  'IF NOT EStop_OK OR NOT Guard_A OR NOT Guard_B THEN\n  Tripped := TRUE; Run := FALSE;',
  `IF Cause = 0 AND NOT EStop_OK THEN Cause := 1; Tripped := TRUE; Run := FALSE;
ELSIF Cause = 0 AND (NOT Guard_A OR NOT Guard_B) THEN Cause := 2; Tripped := TRUE; Run := FALSE;
ELSIF Cause = 1 AND NOT EStop_OK OR Cause = 2 AND (NOT Guard_A OR NOT Guard_B) THEN Run := FALSE;`,
)
  .replace('Tripped := FALSE; Guard_Diag := 0;', 'Tripped := FALSE; Guard_Diag := 0; Mended := TRUE;')
  .replace('ELSIF StartEdge.Q AND NOT Tripped THEN', 'ELSIF StartEdge.Q AND NOT Tripped AND Mended THEN')
  .replace('AND NOT Tripped AND EStop_OK AND Guard_A AND Guard_B;', 'AND NOT Tripped;')
  .replace('IF Stop_PB THEN', 'IF EStop_OK AND Guard_A AND Guard_B THEN Cause := 0; END_IF;\nIF Stop_PB THEN')
  .replace('Motor : BOOL;', 'Motor : BOOL; Cause : INT; Mended : BOOL;');

test('where two faults may stand at once, the first must not mask the second', () => {
  const [hazard] = PLAN.hazards;
  if (hazard === undefined) throw new Error('no hazard');
  const project = projectOf(FIRST_CAUSE_ONLY);
  expect(project.findings.filter((each) => each.severity === 'error')).toEqual([]);
  expect(campaign(FIRST_CAUSE_ONLY).failures).toEqual([]);
  const plan = { ...PLAN, hazards: [{ ...hazard, simultaneousFaults: 2 as const }] };
  const result = runCampaign(project, plan, { seed: 7 });
  const masked = result.failures.find((each) => each.check === 'hazard-off');
  expect(masked).toMatchObject({ check: 'hazard-off', kind: 'open_circuit', second: { kind: 'open_circuit' } });
  expect(masked?.scenario.name).toMatch(/open_circuit of Main\.\w+ and open_circuit of Main\.\w+ while/);
  expect(runCampaign(projectOf(PRESS), plan, { seed: 7 }).status).toBe('passed');
});

test('the report counts the cases of each kind of fault', () => {
  const { kinds, cases } = campaign(PRESS);
  expect(Object.keys(kinds)).toEqual([
    'stuck_at',
    'open_circuit',
    'short',
    'bounce',
    'glitch',
    'delay',
    'discrepancy',
    'comm_loss',
    'actuator_stuck',
    'start_held',
    'reset_held',
    'overrun',
    'clock_jump',
  ]);
  expect(Object.values(kinds).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(cases);
});

test('the same seed gives the same report, to the byte', () => {
  const text = PRESS.replace('Tripped := TRUE; Run := FALSE;', 'Tripped := TRUE;');
  expect(JSON.stringify(campaign(text))).toBe(JSON.stringify(campaign(text)));
});

test('a machine that can not be brought to run is incomplete, not passed', () => {
  const result = campaign(PRESS.replace('Motor := Run', 'Motor := FALSE AND Run'));
  expect(result.status).toBe('incomplete');
  expect(result.unreached.map((each) => each.phase)).toContain('running');
});

test('cases beyond the limit are counted, not passed', () => {
  const result = runCampaign(projectOf(PRESS), PLAN, { seed: 7, maximumCases: 10 });
  expect(result).toMatchObject({ status: 'incomplete', cases: 10 });
  expect(result.skipped).toBeGreaterThan(100);
});

test('a plan that names what is not there is a finding', () => {
  const result = campaign(PRESS, { ...PLAN, conditions: [{ tag: 'Main.Nothing', healthy: true, restart: 'free' }] });
  expect(result.status).toBe('failed');
  expect(result.findings[0]).toMatchObject({ code: 'SIM-TAG', message: expect.stringContaining('Main.Nothing') });
});

test('it can be cancelled and tells how far it is', () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const run = () =>
    runCampaign(projectOf(PRESS), PLAN, {
      seed: 7,
      signal: controller.signal,
      progress: (fraction) => {
        seen.push(fraction);
        if (fraction > 0.5) controller.abort();
      },
    });
  expect(run).toThrow(/abort/i);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

test('a scenario of the site shows how a machine with its own conditions is brought to run', () => {
  const text = PRESS.replace('StartEdge.Q AND NOT Tripped', 'StartEdge.Q AND Recipe = 4711 AND NOT Tripped').replace(
    'Motor : BOOL;',
    'Motor : BOOL; Recipe : INT;',
  );
  expect(campaign(text).status).toBe('incomplete');
  const seeded = campaign(text, {
    ...PLAN,
    seeds: [
      {
        name: 'production',
        steps: [
          { at: 0, set: { 'Main.Recipe': 4711, 'Main.EStop_OK': true, 'Main.Guard_A': true, 'Main.Guard_B': true } },
          { at: '100ms', pulse: { 'Main.Reset_PB': '50ms' } },
          { at: '200ms', pulse: { 'Main.Start_PB': '50ms' } },
        ],
      },
    ],
  });
  expect(seeded.status).toBe('passed');
});
