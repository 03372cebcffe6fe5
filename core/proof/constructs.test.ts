/** Which constructs of the language the scan model follows: each proves where it holds and refutes where it does not. */

import { describe, expect, it } from 'vitest';
import { type MachineParts, machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { proveSite } from './prove.js';

function answersOf(parts: MachineParts): string[] {
  const site = siteOf(machine(parts));
  expect(site.project.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual(
    [],
  );
  return proveSite(site, { scope: 'dominance' }).map(
    ({ condition, status }) => `${condition?.replace('Main.', '')} ${status}`,
  );
}

const HELD = ['EStop_OK proved', 'Guard_Closed proved'];

interface Construct {
  readonly variables?: string;
  readonly blocks?: string;
  /** `OK` stands for what must be asked: both conditions, or only the e-stop in the version that is refuted. */
  readonly body: string;
}

const CONSTRUCTS: Readonly<Record<string, Construct>> = {
  'array with constant bounds in a FOR loop': {
    variables: 'all : ARRAY[1..4] OF BOOL; i : INT; ok : BOOL;',
    body: 'FOR i := 1 TO 4 DO all[i] := OK; END_FOR ok := TRUE; FOR i := 1 TO 4 DO ok := ok AND all[i]; END_FOR Motor := Start_PB AND ok;',
  },
  'array with a variable index': {
    variables: 'ready : ARRAY[0..3] OF BOOL; n : INT; k : INT;',
    body: 'n := k MOD 4; IF n < 0 THEN n := 0; END_IF ready[n] := OK; Motor := Start_PB AND ready[n] AND OK;',
  },
  'two dimensions': {
    variables: 'grid : ARRAY[0..1, 0..2] OF BOOL;',
    body: 'grid[1, 2] := OK; Motor := Start_PB AND grid[1, 2];',
  },
  'WHILE with a counter': {
    variables: 'i : INT; ok : BOOL;',
    body: 'i := 0; ok := TRUE; WHILE i < 5 DO ok := ok AND OK; i := i + 1; END_WHILE Motor := Start_PB AND ok;',
  },
  'REPEAT with EXIT': {
    variables: 'i : INT; ok : BOOL;',
    body: 'i := 0; ok := OK; REPEAT i := i + 1; IF NOT ok THEN EXIT; END_IF UNTIL i >= 3 END_REPEAT Motor := Start_PB AND ok;',
  },
  'structure copied as a whole': {
    variables: 'a, b : ST_Cell;',
    blocks: 'TYPE ST_Cell : STRUCT free : BOOL; speed : INT; END_STRUCT END_TYPE',
    body: 'a.free := OK; b := a; Motor := Start_PB AND b.free;',
  },
  'function block in an array': {
    variables: 'zones : ARRAY[0..1] OF Zone; i : INT;',
    blocks:
      'FUNCTION_BLOCK Zone\nVAR_INPUT ok : BOOL; END_VAR\nVAR_OUTPUT free : BOOL; END_VAR\nfree := ok;\nEND_FUNCTION_BLOCK',
    body: 'FOR i := 0 TO 1 DO zones[i](ok := OK); END_FOR Motor := Start_PB AND zones[0].free AND zones[1].free;',
  },
  'VAR_IN_OUT of a function': {
    variables: 'ok : BOOL; done : BOOL;',
    blocks:
      'FUNCTION Release : BOOL\nVAR_INPUT wish : BOOL; END_VAR\nVAR_IN_OUT free : BOOL; END_VAR\nfree := wish; Release := TRUE;\nEND_FUNCTION',
    body: 'done := Release(wish := OK, free := ok); Motor := Start_PB AND ok;',
  },
  'method and property of a derived block': {
    variables: 'zone : SafeZone;',
    blocks: `FUNCTION_BLOCK BaseZone
VAR state : BOOL; END_VAR
METHOD Update : BOOL
VAR_INPUT ok : BOOL; END_VAR
state := ok;
END_METHOD
PROPERTY Free : BOOL
GET
Free := state;
END_GET
END_PROPERTY
END_FUNCTION_BLOCK
FUNCTION_BLOCK SafeZone EXTENDS BaseZone
END_FUNCTION_BLOCK`,
    body: 'zone.Update(ok := OK); Motor := Start_PB AND zone.Free;',
  },
  'reference and pointer to one variable': {
    variables: 'ok : BOOL; r : REFERENCE TO BOOL; p : POINTER TO BOOL;',
    body: 'r REF= ok; r := OK; p := ADR(ok); Motor := Start_PB AND p^;',
  },
  'timer on the way to start': {
    variables: 't : TON;',
    body: 't(IN := Start_PB AND OK, PT := T#100ms); Motor := t.Q;',
  },
  'off delay behind the interlock': {
    variables: 't : TOF;',
    body: 't(IN := Start_PB, PT := T#100ms); Motor := t.Q AND OK;',
  },
  'pulse behind the interlock': { variables: 't : TP;', body: 't(IN := Start_PB, PT := T#1s); Motor := t.Q AND OK;' },
  'counter that trips': {
    variables: 'c : CTU;',
    body: 'c(CU := Start_PB, RESET := NOT (OK), PV := 3); Motor := c.Q;',
  },
  'edge that starts a latch': {
    variables: 'e : R_TRIG; run : BOOL;',
    body: 'e(CLK := Start_PB); IF e.Q THEN run := TRUE; END_IF IF NOT (OK) THEN run := FALSE; END_IF Motor := run;',
  },
  'enumeration as state': {
    variables: 'state : E_State;',
    blocks: 'TYPE E_State : (Idle, Run, Stop); END_TYPE',
    body: 'CASE state OF E_State.Idle: IF Start_PB THEN state := E_State.Run; END_IF E_State.Run: IF Reset_PB THEN state := E_State.Stop; END_IF ELSE state := E_State.Idle; END_CASE IF NOT (OK) THEN state := E_State.Stop; END_IF Motor := state = E_State.Run;',
  },
  'text as a mode': {
    variables: "mode : STRING := 'STOP';",
    body: "IF NOT (OK) THEN mode := 'STOP'; ELSIF Start_PB THEN mode := 'RUN'; END_IF Motor := mode = 'RUN';",
  },
  'REAL limits': {
    variables: 'level : REAL;',
    body: 'Motor := Start_PB AND (OK AND level < 10.0 OR level > 20.0 AND level < 15.0);',
  },
  'bits of a word': {
    variables: 'status : WORD;',
    body: 'status.0 := EStop_OK; status.1 := OK; Motor := Start_PB AND status.0 AND status.1;',
  },
  'SEL, MIN, LIMIT': {
    variables: 'speed : INT; wish : INT;',
    body: 'speed := LIMIT(0, SEL(OK, 0, MIN(wish, 100)), 100); Motor := Start_PB AND speed > 0;',
  },
  'early RETURN in a block': {
    variables: 'zone : Zone;',
    blocks:
      'FUNCTION_BLOCK Zone\nVAR_INPUT ok : BOOL; END_VAR\nVAR_OUTPUT free : BOOL; END_VAR\nfree := FALSE;\nIF NOT ok THEN RETURN; END_IF\nfree := TRUE;\nEND_FUNCTION_BLOCK',
    body: 'zone(ok := OK); Motor := Start_PB AND zone.free;',
  },
  'action of the program': {
    body: 'Switch();\nEND_PROGRAM\nACTION Switch:\nMotor := Start_PB AND OK;\nEND_ACTION\nPROGRAM Spare',
  },
  'interface variable': {
    variables: 'zone : Zone; any : IZone;',
    blocks:
      'INTERFACE IZone\nMETHOD Free : BOOL\nVAR_INPUT ok : BOOL; END_VAR\nEND_METHOD\nEND_INTERFACE\nFUNCTION_BLOCK Zone IMPLEMENTS IZone\nMETHOD Free : BOOL\nVAR_INPUT ok : BOOL; END_VAR\nFree := ok;\nEND_METHOD\nEND_FUNCTION_BLOCK',
    body: 'any := zone; Motor := Start_PB AND any.Free(ok := OK);',
  },
  'AND_THEN and OR_ELSE': { body: 'Motor := Start_PB AND_THEN (OK) AND_THEN (EStop_OK OR_ELSE FALSE);' },
  'set and reset assignment': { body: 'Motor S= Start_PB; Motor R= NOT (OK);' },
  'union of two names for one bit': {
    variables: 'u : U_Bits;',
    blocks: 'TYPE U_Bits : UNION one : BOOL; other : BOOL; END_UNION END_TYPE',
    body: 'u.other := TRUE; u.one := OK; Motor := Start_PB AND u.other;',
  },
};

describe('constructs that the proof follows', () => {
  it.each(Object.entries(CONSTRUCTS))('%s', (_, { body, ...parts }) => {
    expect(
      answersOf({ ...parts, body: body.replaceAll('OK;', 'OK ;').replace(/\bOK\b/g, '(EStop_OK AND Guard_Closed)') }),
    ).toEqual(HELD);
    const [estop, guard] = answersOf({ ...parts, body: body.replace(/\bOK\b/g, 'EStop_OK') });
    expect([estop, guard]).toEqual(['EStop_OK proved', 'Guard_Closed refuted']);
  });
});
