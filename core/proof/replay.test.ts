import { describe, expect, it } from 'vitest';
import { type MachineParts, machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { runScenario } from '../simulation/scenario.js';
import { readScenario } from '../simulation/scenario-file.js';
import { type ProvedObligation, proveObligations } from './prove.js';
import { contradictions } from './second-opinion.js';

function refuted(parts: MachineParts, id: string): ProvedObligation {
  const site = siteOf(machine(parts));
  const found = proveObligations(site).find(({ result }) => result.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  expect(found.result.status).toBe('refuted');
  if (found.scenario !== null) {
    const read = readScenario('counterexample.yaml', found.scenario);
    if ('findings' in read) throw new Error(read.findings[0]?.message);
    expect(runScenario(site.project, read.scenario).status).toBe('failed');
  }
  return found;
}

const GUARD = 'dominance:Main.Motor:Main.Guard_Closed';

describe('a counterexample becomes the smallest scenario that shows it', () => {
  it('with Boolean inputs', () => {
    const { result, scenario } = refuted({ body: 'Motor := Start_PB AND EStop_OK;' }, GUARD);
    expect(result.replayed).toBe('replayed');
    expect(scenario).toBe(`name: dominance:Main.Motor:Main.Guard_Closed
cycle: 10ms
steps:
  - at: 0ms
    set:
      Main.EStop_OK: true
      Main.Start_PB: true
always:
  - Main.Guard_Closed OR NOT Main.Motor
until: 0ms
`);
  });

  it.each<[string, MachineParts, string]>([
    [
      'with an integer between two limits',
      {
        variables: 'mode AT %IW2 : INT;',
        body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR mode > 7 AND mode < 9);',
      },
      'Main.mode: 8',
    ],
    [
      'with a real above a limit',
      { variables: 'level : REAL;', body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR level > 12.5);' },
      'Main.level: 12.501',
    ],
    [
      'with a sum of two inputs',
      { variables: 'a, b : INT;', body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR a + b = 12);' },
      'Main.b: 12',
    ],
    [
      'with a time',
      { variables: 'wait : TIME;', body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR wait > T#2s);' },
      'Main.wait: 2000000001',
    ],
    [
      'with an enumeration',
      {
        blocks: 'TYPE E_Mode : (Off, Auto, Service); END_TYPE',
        variables: 'mode : E_Mode;',
        body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR mode = E_Mode.Service);',
      },
      'Main.mode: 2',
    ],
    [
      'with a text',
      { variables: 'order : STRING;', body: "Motor := Start_PB AND EStop_OK AND (Guard_Closed OR order = 'TEST');" },
      'Main.order: TEST',
    ],
  ])('%s', (_, parts, line) => {
    const { result, scenario } = refuted(parts, GUARD);
    expect(result.replayed, scenario ?? '').toBe('replayed');
    expect(scenario).toContain(line);
  });

  it('held until a timer has run out', () => {
    const parts = {
      variables: 'patience : TON;',
      body: 'patience(IN := Reset_PB, PT := T#1500ms);\nMotor := Start_PB AND EStop_OK AND (Guard_Closed OR patience.Q);',
    };
    const { result, scenario } = refuted(parts, GUARD);
    expect(result.replayed).toBe('replayed');
    expect(scenario).toMatch(/until: 2\d{3}ms/);
  });

  it('for an ST property', () => {
    const site = siteOf(machine({ body: 'Motor := Start_PB;' }));
    expect(proveObligations(site).filter(({ result }) => result.replayed === 'replayed').length).toBeGreaterThan(0);
  });
});

describe('what the simulator can not show stays abstract', () => {
  it('an unknown block that may answer anything', () => {
    const parts = {
      variables: 'any : SF_EmergencyStop;',
      body: 'any(Activate := TRUE, S_EStopIn := Reset_PB, Reset := Start_PB);\nMotor := Start_PB AND EStop_OK AND (Guard_Closed OR any.Error);',
    };
    const { result } = refuted(parts, GUARD);
    expect(result.replayed).toBe('abstract');
  });

  it('memory that was retained over a power cycle; it is shown beside the inputs', () => {
    const site = siteOf(
      machine({
        variables: '\nEND_VAR\nVAR RETAIN\n  run : BOOL;',
        body: 'IF Start_PB THEN run := TRUE; END_IF\nIF NOT EStop_OK THEN run := FALSE; END_IF\nMotor := run AND EStop_OK AND Guard_Closed;',
      }),
    );
    const proved = proveObligations(site);
    const first = proved.find(({ result }) => result.id === 'first-scan:Main.Motor');
    expect(first?.result.replayed).toBe('abstract');
    expect(first?.result.witness?.scans[0]?.state).toEqual([{ name: 'Main.run', value: true }]);
    expect(contradictions(site, proved)).toEqual([]);
  });
});

describe('the simulator as a second opinion', () => {
  it('has nothing to say against a sound proof', () => {
    const site = siteOf(machine());
    expect(contradictions(site, proveObligations(site))).toEqual([]);
  });

  it('contradicts an answer that is wrong, and says with which inputs', () => {
    const site = siteOf(machine({ body: 'Motor := (Start_PB OR Motor) AND EStop_OK;' }));
    const forged = proveObligations(site).map(
      (proved): ProvedObligation => ({ ...proved, result: { ...proved.result, status: 'proved', replayed: null } }),
    );
    const [finding] = contradictions(site, forged);
    expect(finding?.code).toBe('PROOF-DISAGREES');
    expect(finding?.message).toContain('Main.Motor on while Main.Guard_Closed is false');
    expect(finding?.witness['inputs']).toMatchObject({ 'Main.Guard_Closed': false });
  });

  it('contradicts a counterexample that it was given in full and does not show', () => {
    const site = siteOf(machine());
    const forged = proveObligations(site).map(
      (proved): ProvedObligation => ({
        ...proved,
        result: { ...proved.result, status: 'refuted', replayed: 'disagrees' },
        scenario: 'name: x',
      }),
    );
    expect(contradictions(site, forged)[0]?.message).toContain('the simulator does not show it with the same inputs');
  });
});
