import { describe, expect, it } from 'vitest';
import { type MachineParts, machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { proveSite } from './prove.js';

function statusOf(parts: MachineParts, kind = 'dominance'): Record<string, string> {
  const results = proveSite(siteOf(machine(parts))).filter((result) => result.kind === kind);
  return Object.fromEntries(results.map((result) => [result.condition ?? '', result.status]));
}

const HELD = { 'Main.EStop_OK': 'proved', 'Main.Guard_Closed': 'proved' };

describe('a hazard is off while a condition is not healthy', () => {
  const holds: Record<string, MachineParts> = {
    'seal-in contact': {},
    'IF with both conditions': {
      body: 'IF EStop_OK AND Guard_Closed THEN IF Start_PB THEN Motor := TRUE; END_IF ELSE Motor := FALSE; END_IF',
    },
    'De Morgan': { body: 'Motor := NOT (NOT EStop_OK OR NOT Guard_Closed) AND Start_PB;' },
    'early return after the outputs are off': {
      body: 'Motor := FALSE; IF NOT EStop_OK THEN RETURN; END_IF IF NOT Guard_Closed THEN RETURN; END_IF Motor := Start_PB;',
    },
    'state machine with a final block': {
      variables: 'st : INT;',
      body: `CASE st OF 0: IF Start_PB THEN st := 1; END_IF 1: Motor := TRUE; IF Reset_PB THEN st := 0; Motor := FALSE; END_IF END_CASE
IF NOT EStop_OK OR NOT Guard_Closed THEN st := 0; Motor := FALSE; END_IF`,
    },
    'guard inside a function block': {
      blocks:
        'FUNCTION_BLOCK Zone\nVAR_INPUT a, b : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\nok := a AND b;\nEND_FUNCTION_BLOCK',
      variables: 'zone : Zone;',
      body: 'zone(a := EStop_OK, b := Guard_Closed); Motor := (Start_PB OR Motor) AND zone.ok;',
    },
    'RS bistable, reset dominant': {
      variables: 'run : RS;',
      body: 'run(SET := Start_PB, RESET1 := NOT (EStop_OK AND Guard_Closed), Q1 => Motor);',
    },
    'array of channels in a loop': {
      variables: 'ch : ARRAY[0..1] OF BOOL; ok : BOOL; i : INT;',
      body: 'ch[0] := EStop_OK; ch[1] := Guard_Closed; ok := TRUE; FOR i := 0 TO 1 DO ok := ok AND ch[i]; END_FOR Motor := Start_PB AND ok;',
    },
    'PLCopen emergency stop block': {
      variables: 'es : SF_EmergencyStop;',
      body: 'es(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB); Motor := es.S_EStopOut AND Guard_Closed AND Start_PB;',
    },
    'timer in the start path': {
      variables: 't : TON;',
      body: 't(IN := Start_PB, PT := T#1s); Motor := t.Q AND EStop_OK AND Guard_Closed;',
    },
    'a latch that needs an invariant': {
      variables: 'run : BOOL; tripped : BOOL;',
      body: `IF NOT EStop_OK OR NOT Guard_Closed THEN tripped := TRUE; run := FALSE; ELSIF Reset_PB THEN tripped := FALSE; END_IF
IF Start_PB AND NOT tripped THEN run := TRUE; END_IF
Motor := run;`,
    },
  };
  for (const [name, parts] of Object.entries(holds)) {
    it(`proves: ${name}`, () => {
      expect(statusOf(parts)).toEqual(HELD);
    });
  }

  const fails: Record<string, [MachineParts, Record<string, string>]> = {
    'guard dropped': [{ body: 'Motor := Start_PB AND EStop_OK;' }, { ...HELD, 'Main.Guard_Closed': 'refuted' }],
    'OR instead of AND': [
      { body: 'Motor := Start_PB AND (EStop_OK OR Guard_Closed);' },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'precedence: seal-in outside the interlock': [
      { body: 'Motor := Start_PB OR Motor AND EStop_OK AND Guard_Closed;' },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'early return before the output': [
      {
        variables: 'fault : BOOL;',
        body: 'fault := NOT EStop_OK; IF fault THEN RETURN; END_IF Motor := Start_PB AND Guard_Closed AND EStop_OK;',
      },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'later overwrite': [
      { body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed; IF Reset_PB THEN Motor := TRUE; END_IF' },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'ELSIF order lets the request win': [
      { body: 'IF Start_PB THEN Motor := TRUE; ELSIF NOT EStop_OK OR NOT Guard_Closed THEN Motor := FALSE; END_IF' },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'SR bistable, set dominant': [
      { variables: 'run : SR;', body: 'run(S1 := Start_PB, RESET := NOT (EStop_OK AND Guard_Closed), Q1 => Motor);' },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'off delay between e-stop and motor': [
      { variables: 't : TOF;', body: 't(IN := EStop_OK, PT := T#5s); Motor := t.Q AND Guard_Closed AND Start_PB;' },
      { ...HELD, 'Main.EStop_OK': 'refuted' },
    ],
    'written through a reference': [
      {
        variables: 'r : REFERENCE TO BOOL;',
        body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed; r REF= Motor; r := TRUE;',
      },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
    'maintenance mode by a number': [
      { variables: 'mode : INT;', body: 'Motor := Start_PB AND (EStop_OK AND Guard_Closed OR mode > 7 AND mode < 9);' },
      { 'Main.EStop_OK': 'refuted', 'Main.Guard_Closed': 'refuted' },
    ],
  };
  for (const [name, [parts, expected]] of Object.entries(fails)) {
    it(`refutes: ${name}`, () => {
      expect(statusOf(parts)).toEqual(expected);
    });
  }

  it('a mode that can not be is no counterexample', () => {
    expect(
      statusOf({
        variables: 'mode : INT;',
        body: 'Motor := Start_PB AND (EStop_OK AND Guard_Closed OR mode > 7 AND mode < 8);',
      }),
    ).toEqual(HELD);
  });
});
