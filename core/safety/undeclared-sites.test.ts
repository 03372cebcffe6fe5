/** Sites whose manifest names no signal: what is safety has to come from types, pins and names, and from what they reach. */

import { describe, expect, test } from 'vitest';
import { failsVerdict } from '../base/finding.js';
import { checkChange, newFindings } from './rule-table.js';
import { safetyModelOf } from './safety-model.js';
import { changeOf, siteOf } from './testing/site-of.js';

const MANIFEST = (dialect: string, entry: string): string =>
  `site: s\ndialect: ${dialect}\nsources: [src/**]\nentry: ${entry}\n`;

/** Outputs that say nothing, inputs by their names, a comment above the guard. */
const PLAIN = {
  'plantwright.yaml': MANIFEST('codesys', 'Main'),
  'src/Main.st': `PROGRAM Main
VAR
  EStopOk AT %IX0.0 : BOOL;
  bNotHalt AT %IX0.1 : BOOL;
  xEmergencyOff AT %IX0.2 : BOOL;
  DoorClosed AT %IX0.3 : BOOL;
  bStart AT %IX0.4 : BOOL;
  Y17 AT %QX0.0 : BOOL;
  Y18 AT %QX0.1 : BOOL;
  Ready : BOOL;
  lamp AT %QX0.2 : BOOL;
END_VAR
(* all stops of the cell *)
Ready := EStopOk AND bNotHalt AND xEmergencyOff;
Y17 := (bStart OR Y17) AND Ready AND DoorClosed;
// the second drive
IF NOT DoorClosed THEN
  Y18 := FALSE;
ELSIF bStart AND Ready THEN
  Y18 := TRUE;
ELSIF NOT Ready THEN
  Y18 := FALSE;
END_IF
lamp := NOT EStopOk;
END_PROGRAM
`,
};

/** Terminals in a structure of a global list, a block of its own, no address anywhere. */
const STRUCTURED = {
  'plantwright.yaml': MANIFEST('twincat', 'MAIN'),
  'src/io.st': `TYPE ST_In : STRUCT
  bNotAus : BOOL;
  bSchutztuerZu : BOOL;
  bTaster : BOOL;
END_STRUCT END_TYPE
TYPE ST_Out : STRUCT
  bA : BOOL;
  bB : BOOL;
END_STRUCT END_TYPE
VAR_GLOBAL
  stIn : ST_In;
  stOut : ST_Out;
END_VAR
`,
  'src/MAIN.st': `FUNCTION_BLOCK FB_Freigabe
VAR_INPUT a : BOOL; b : BOOL; END_VAR
VAR_OUTPUT q : BOOL; END_VAR
q := a AND b;
END_FUNCTION_BLOCK
PROGRAM MAIN
VAR fbFrei : FB_Freigabe; END_VAR
fbFrei(a := stIn.bNotAus, b := stIn.bSchutztuerZu);
stOut.bA := (stIn.bTaster OR stOut.bA) AND fbFrei.q;
stOut.bB := stIn.bTaster AND stIn.bNotAus AND stIn.bSchutztuerZu;
END_PROGRAM
`,
};

/** One output has a safe type, the one beside it has none. */
const HALF_TYPED = {
  'plantwright.yaml': MANIFEST('codesys', 'Main'),
  'src/Main.st': `PROGRAM Main
VAR
  S_EStop AT %IX0.0 : SAFEBOOL;
  S_Curtain AT %IX0.1 : SAFEBOOL;
  xFeed AT %IX0.2 : BOOL;
  S_Spindle AT %QX0.0 : SAFEBOOL;
  qPusher AT %QX0.1 : BOOL;
END_VAR
S_Spindle := S_EStop AND S_Curtain;
qPusher := xFeed AND S_EStop AND S_Curtain;
END_PROGRAM
`,
};

const SITES = { PLAIN, STRUCTURED, HALF_TYPED };

function codesOf(site: keyof typeof SITES, file: string, from: string, to: string): string[] {
  const before: Record<string, string> = SITES[site];
  const text = before[file] ?? '';
  if (!text.includes(from)) throw new Error(`"${from}" does not stand in ${file}`);
  const change = changeOf(before, { ...before, [file]: text.replace(from, to) });
  return [...checkChange(change), ...newFindings(change)]
    .filter(({ severity }) => failsVerdict(severity))
    .map(({ code }) => code);
}

test('an output that something interlocks counts as a hazard when the manifest names none', () => {
  const hazards = (files: Record<string, string>): string[] =>
    safetyModelOf(siteOf(files)).hazards.map(({ tag }) => tag);
  expect(hazards(PLAIN)).toEqual(['Main.Y17', 'Main.Y18']);
  expect(hazards(STRUCTURED)).toEqual(['stOut.bA', 'stOut.bB']);
});

describe('a way around a guessed condition is vetoed', () => {
  test.each<[keyof typeof SITES, string, string, string]>([
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt AND xEmergencyOff', 'bNotHalt AND xEmergencyOff'],
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt AND xEmergencyOff', 'EStopOk AND xEmergencyOff'],
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt AND xEmergencyOff', 'EStopOk AND bNotHalt'],
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt AND', 'EStopOk OR bNotHalt AND'],
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt', 'NOT EStopOk AND bNotHalt'],
    ['PLAIN', 'src/Main.st', 'Ready AND DoorClosed', 'Ready'],
    ['PLAIN', 'src/Main.st', 'Ready AND DoorClosed', 'DoorClosed'],
    ['PLAIN', 'src/Main.st', 'Ready AND DoorClosed', 'Ready AND (DoorClosed OR bStart)'],
    [
      'PLAIN',
      'src/Main.st',
      'IF NOT DoorClosed THEN\n  Y18 := FALSE;\nELSIF bStart AND Ready THEN',
      'IF bStart AND Ready THEN',
    ],
    [
      'PLAIN',
      'src/Main.st',
      'IF NOT DoorClosed THEN\n  Y18 := FALSE;\nELSIF bStart AND Ready THEN\n  Y18 := TRUE;',
      'IF bStart AND Ready THEN\n  Y18 := TRUE;\nELSIF NOT DoorClosed THEN\n  Y18 := FALSE;',
    ],
    ['PLAIN', 'src/Main.st', 'ELSIF NOT Ready THEN\n  Y18 := FALSE;\n', ''],
    [
      'PLAIN',
      'src/Main.st',
      '(* all stops of the cell *)\nReady := EStopOk AND bNotHalt AND xEmergencyOff;',
      '(* all stops of the cell *)\n(* Ready := EStopOk AND bNotHalt AND xEmergencyOff; *)\nReady := bNotHalt;',
    ],
    ['STRUCTURED', 'src/MAIN.st', 'q := a AND b;', 'q := a;'],
    ['STRUCTURED', 'src/MAIN.st', 'q := a AND b;', 'q := a OR b;'],
    ['STRUCTURED', 'src/MAIN.st', 'b := stIn.bSchutztuerZu', 'b := TRUE'],
    ['STRUCTURED', 'src/MAIN.st', 'AND stIn.bNotAus AND', 'AND'],
    ['STRUCTURED', 'src/MAIN.st', 'AND fbFrei.q;', 'AND (fbFrei.q OR stIn.bTaster);'],
    ['HALF_TYPED', 'src/Main.st', 'xFeed AND S_EStop AND S_Curtain', 'xFeed AND S_EStop'],
    ['HALF_TYPED', 'src/Main.st', 'xFeed AND S_EStop AND S_Curtain', 'xFeed AND S_EStop OR S_Curtain'],
  ])('%s: %s %s -> %s', (site, file, from, to) => {
    expect(codesOf(site, file, from, to)).not.toEqual([]);
  });
});

describe('what takes nothing away passes', () => {
  test.each<[keyof typeof SITES, string, string, string]>([
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt AND xEmergencyOff', 'xEmergencyOff AND bNotHalt AND EStopOk'],
    ['PLAIN', 'src/Main.st', 'EStopOk AND bNotHalt AND', 'NOT (NOT EStopOk OR NOT bNotHalt) AND'],
    ['PLAIN', 'src/Main.st', 'lamp := NOT EStopOk;', 'lamp := NOT EStopOk OR NOT DoorClosed;'],
    ['PLAIN', 'src/Main.st', '// the second drive', '// the drive of the belt'],
    ['STRUCTURED', 'src/MAIN.st', 'q := a AND b;', 'q := b AND a;'],
    ['HALF_TYPED', 'src/Main.st', 'xFeed AND S_EStop AND S_Curtain', 'S_Curtain AND xFeed AND S_EStop'],
    ['STRUCTURED', 'src/MAIN.st', 'AND fbFrei.q;', 'AND fbFrei.q AND stIn.bSchutztuerZu;'],
  ])('%s: %s %s -> %s', (site, file, from, to) => {
    expect(codesOf(site, file, from, to)).toEqual([]);
  });
});
