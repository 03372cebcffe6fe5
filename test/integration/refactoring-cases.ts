/**
 * Harmless refactorings of the press, most with an unsafe twin: the same kind of edit with the mistake that happens to
 * people. Harmless ones must pass with the hazards proved equal; twins must be refused.
 */

import { type Files, PRESS } from './refactoring-machine.js';

export interface Edit {
  readonly file: string;
  readonly from?: string;
  readonly to: string | null;
}

export interface RefactoringCase {
  readonly title: string;
  readonly harmless: readonly Edit[];
  /** The stage that refuses it all the same, on the safe side. The test says so when it no longer does. */
  readonly refusedBy?: 'safety' | 'proof';
  readonly unsafe?: readonly Edit[];
}

const MAIN = 'src/Main.st';
const DOOR = 'src/DoorPair.st';

const main = (from: string, to: string): Edit => ({ file: MAIN, from, to });
const door = (from: string, to: string): Edit => ({ file: DOOR, from, to });
const declare = (line: string): Edit => main('  count : INT;\nEND_VAR', `  count : INT;\n  ${line}\nEND_VAR`);

const PERMIT = 'permit := EStopOk AND safety.S_EStopOut AND door.ok;';
const LATCH = `IF NOT permit THEN
  tripped := TRUE;
  running := FALSE;
ELSIF ackEdge.Q THEN
  tripped := FALSE;
END_IF`;
const SEQUENCE = `  CASE step OF
    0: IF allReady THEN step := 10; END_IF
    10: IF Present THEN step := 20; END_IF
    20: IF AtTop THEN step := 30; END_IF
    30: step := 0;
        count := count + 1;
  ELSE
    step := 0;
  END_CASE`;
const TENFOLD = SEQUENCE.replace(/\b[123]0\b/g, (step) => `${step}0`);
const RAM = 'RamDown := step = 20 AND running AND permit AND DoorA AND DoorB AND Pressure < MAX_PRESSURE;';
const FEEDER = 'Feeder := step = 10 AND running AND permit AND DoorA AND DoorB;';
const HEATER = 'Heater := heaterLatch.Q1 AND permit AND DoorA AND DoorB;';
const HEATER_LATCH = 'heaterLatch(S1 := running AND Temperature < 180, RESET := Temperature > 200);';

export const CASES: readonly RefactoringCase[] = [
  {
    title: 'De Morgan in the permit',
    harmless: [main(PERMIT, 'permit := NOT (NOT EStopOk OR NOT safety.S_EStopOut OR NOT door.ok);')],
    unsafe: [main(PERMIT, 'permit := NOT (NOT EStopOk AND NOT safety.S_EStopOut OR NOT door.ok);')],
  },
  {
    title: 'the doors read into a temporary',
    harmless: [
      declare('doorsClosed : BOOL;'),
      main(RAM, `doorsClosed := DoorA AND DoorB;\n${RAM.replace('DoorA AND DoorB', 'doorsClosed')}`),
      main(FEEDER, FEEDER.replace('DoorA AND DoorB', 'doorsClosed')),
    ],
    unsafe: [
      declare('doorsClosed : BOOL;'),
      main(
        HEATER,
        `${HEATER.replace('permit AND DoorA AND DoorB', 'doorsClosed')}\ndoorsClosed := permit AND DoorA AND DoorB;`,
      ),
    ],
  },
  {
    title: 'the condition in a FUNCTION',
    harmless: [
      main(PERMIT, 'permit := Released(EStopOk, safety.S_EStopOut, door.ok);'),
      {
        file: 'src/Released.st',
        to: 'FUNCTION Released : BOOL\nVAR_INPUT e : BOOL; s : BOOL; d : BOOL; END_VAR\nReleased := e AND s AND d;\nEND_FUNCTION\n',
      },
    ],
    unsafe: [
      main(PERMIT, 'permit := Released(EStopOk, safety.S_EStopOut, door.ok);'),
      {
        file: 'src/Released.st',
        to: 'FUNCTION Released : BOOL\nVAR_INPUT e : BOOL; s : BOOL; d : BOOL; END_VAR\nReleased := e AND (s OR d);\nEND_FUNCTION\n',
      },
    ],
  },
  {
    title: 'the latch in a function block',
    harmless: [
      main(
        LATCH,
        'trip(permit := permit, ack := ackEdge.Q);\ntripped := trip.tripped;\nIF NOT permit THEN\n  running := FALSE;\nEND_IF',
      ),
      declare('trip : TripLatch;'),
      {
        file: 'src/TripLatch.st',
        to: 'FUNCTION_BLOCK TripLatch\nVAR_INPUT permit : BOOL; ack : BOOL; END_VAR\nVAR_OUTPUT tripped : BOOL := TRUE; END_VAR\nIF NOT permit THEN\n  tripped := TRUE;\nELSIF ack THEN\n  tripped := FALSE;\nEND_IF\nEND_FUNCTION_BLOCK\n',
      },
    ],
    unsafe: [
      main(
        LATCH,
        'trip(permit := permit, ack := ackEdge.Q);\ntripped := trip.tripped;\nIF NOT permit THEN\n  running := FALSE;\nEND_IF',
      ),
      declare('trip : TripLatch;'),
      {
        file: 'src/TripLatch.st',
        to: 'FUNCTION_BLOCK TripLatch\nVAR_INPUT permit : BOOL; ack : BOOL; END_VAR\nVAR_OUTPUT tripped : BOOL := TRUE; END_VAR\nIF NOT permit THEN\n  tripped := TRUE;\nELSE\n  tripped := FALSE;\nEND_IF\nEND_FUNCTION_BLOCK\n',
      },
    ],
  },
  {
    title: 'the outputs in an ACTION',
    harmless: [
      main(`${RAM}\n${FEEDER}`, 'Drives();'),
      main('END_PROGRAM', `ACTION Drives:\n${RAM}\n${FEEDER}\nEND_ACTION\nEND_PROGRAM`),
    ],
    unsafe: [
      main(`${RAM}\n${FEEDER}`, 'IF running THEN Drives(); END_IF'),
      main('END_PROGRAM', `ACTION Drives:\n${RAM}\n${FEEDER}\nEND_ACTION\nEND_PROGRAM`),
    ],
  },
  {
    title: 'the permit in a METHOD',
    harmless: [
      main(PERMIT, 'permit := door.Releases(EStopOk, safety.S_EStopOut);'),
      door(
        'END_FUNCTION_BLOCK',
        'METHOD Releases : BOOL\nVAR_INPUT stop : BOOL; block : BOOL; END_VAR\nReleases := stop AND block AND ok;\nEND_METHOD\nEND_FUNCTION_BLOCK',
      ),
    ],
    unsafe: [
      main(PERMIT, 'permit := door.Releases(EStopOk, safety.S_EStopOut);'),
      door(
        'END_FUNCTION_BLOCK',
        'METHOD Releases : BOOL\nVAR_INPUT stop : BOOL; block : BOOL; END_VAR\nReleases := stop AND block AND a;\nEND_METHOD\nEND_FUNCTION_BLOCK',
      ),
    ],
  },
  {
    title: 'the sequence as an IF chain',
    harmless: [
      main(
        SEQUENCE,
        '  IF step = 0 THEN\n    IF allReady THEN step := 10; END_IF\n  ELSIF step = 10 THEN\n    IF Present THEN step := 20; END_IF\n  ELSIF step = 20 THEN\n    IF AtTop THEN step := 30; END_IF\n  ELSE\n    IF step = 30 THEN count := count + 1; END_IF\n    step := 0;\n  END_IF',
      ),
    ],
    unsafe: [
      main(
        SEQUENCE,
        '  IF step = 0 THEN\n    IF allReady THEN step := 10; END_IF\n  END_IF\n  IF step = 10 THEN\n    step := 20;\n  ELSIF step = 20 THEN\n    IF AtTop THEN step := 30; END_IF\n  ELSIF step = 30 THEN\n    step := 0;\n    count := count + 1;\n  END_IF',
      ),
    ],
  },
  {
    title: 'the sequence as an enumeration',
    harmless: [
      { file: MAIN, from: '  step : INT;', to: '  step : E_Step;' },
      main(
        SEQUENCE,
        SEQUENCE.replace('    0:', '    E_Step.Idle:')
          .replace('    10:', '    E_Step.Feed:')
          .replace('    20:', '    E_Step.Press:')
          .replace('    30:', '    E_Step.Done:')
          .replaceAll('step := 0', 'step := E_Step.Idle')
          .replace('step := 10', 'step := E_Step.Feed')
          .replace('step := 20', 'step := E_Step.Press')
          .replace('step := 30', 'step := E_Step.Done'),
      ),
      main('IF NOT running THEN\n  step := 0;', 'IF NOT running THEN\n  step := E_Step.Idle;'),
      main('step = 20', 'step = E_Step.Press'),
      main('step = 10', 'step = E_Step.Feed'),
      { file: 'src/E_Step.st', to: 'TYPE E_Step : (Idle := 0, Feed := 10, Press := 20, Done := 30) INT; END_TYPE\n' },
    ],
  },
  {
    title: 'a step more that runs nothing',
    harmless: [main('    30: step := 0;', '    30: step := 40;\n    40: step := 0;')],
    unsafe: [main('    30: step := 0;', '    30: step := 40;\n    40: step := 20;')],
  },
  {
    title: 'one more condition to start',
    harmless: [main('permit AND NOT tripped THEN', 'permit AND NOT tripped AND Pressure < 100 THEN')],
    unsafe: [main('permit AND NOT tripped THEN', 'permit AND (NOT tripped OR Pressure < 100) THEN')],
  },
  {
    title: 'one more condition to leave a step in which nothing moves',
    harmless: [main('0: IF allReady THEN', '0: IF allReady AND AtTop THEN')],
    unsafe: [main('10: IF Present THEN step := 20; END_IF', '10: IF Present THEN step := 20; ELSE step := 20; END_IF')],
  },
  {
    title: 'steps with other numbers',
    harmless: [
      main(SEQUENCE, TENFOLD),
      main(RAM, RAM.replace('step = 20', 'step = 200')),
      main(FEEDER, FEEDER.replace('step = 10', 'step = 100')),
    ],
    unsafe: [
      main(SEQUENCE, TENFOLD),
      main(RAM, RAM.replace('step = 20', 'step = 100')),
      main(FEEDER, FEEDER.replace('step = 10', 'step = 200')),
    ],
  },
  {
    title: 'independent statements in another order',
    harmless: [main(`${RAM}\n${FEEDER}`, `${FEEDER}\n${RAM}`)],
    unsafe: [main(`${LATCH}\n\n`, ''), main('hornPulse(IN', `${LATCH}\nhornPulse(IN`)],
  },
  {
    title: 'the bistable as explicit code',
    harmless: [
      main('heaterLatch : SR;', 'heaterOn : BOOL;'),
      main(HEATER_LATCH, 'heaterOn := running AND Temperature < 180 OR heaterOn AND NOT (Temperature > 200);'),
      main(HEATER, HEATER.replace('heaterLatch.Q1', 'heaterOn')),
    ],
    unsafe: [
      main('heaterLatch : SR;', 'heaterOn : BOOL;'),
      main(HEATER_LATCH, 'heaterOn := (running AND Temperature < 180 OR heaterOn) OR NOT (Temperature > 200);'),
      main(HEATER, HEATER.replace('heaterLatch.Q1', 'heaterOn')),
    ],
  },
  {
    title: 'the latch as an SR block',
    harmless: [
      main('tripped : BOOL := TRUE;', 'tripLatch : SR := (Q1 := TRUE);\n  tripped : BOOL := TRUE;'),
      main(
        LATCH,
        'tripLatch(S1 := NOT permit, RESET := ackEdge.Q, Q1 => tripped);\nIF NOT permit THEN running := FALSE; END_IF',
      ),
    ],
    unsafe: [
      main('tripped : BOOL := TRUE;', 'tripLatch : RS;\n  tripped : BOOL := TRUE;'),
      main(
        LATCH,
        'tripLatch(SET := NOT permit, RESET1 := AckPB, Q1 => tripped);\nIF NOT permit THEN running := FALSE; END_IF',
      ),
    ],
  },
  {
    title: 'IF instead of a Boolean assignment',
    harmless: [
      main(RAM, RAM.replace('RamDown := ', 'IF ').replace(';', ' THEN RamDown := TRUE; ELSE RamDown := FALSE; END_IF')),
    ],
    unsafe: [main(RAM, RAM.replace('RamDown := ', 'IF ').replace(';', ' THEN RamDown := TRUE; END_IF'))],
  },
  {
    title: 'an early return inside a block',
    refusedBy: 'safety',
    harmless: [door('ok := a AND b AND NOT fault;', 'ok := FALSE;\nIF fault THEN RETURN; END_IF\nok := a AND b;')],
    unsafe: [door('ok := a AND b AND NOT fault;', 'IF fault THEN RETURN; END_IF\nok := a AND b;')],
  },
  {
    title: 'the limit as a comparison the other way round',
    harmless: [main('Pressure < MAX_PRESSURE', 'NOT (Pressure >= MAX_PRESSURE)')],
    unsafe: [main('Pressure < MAX_PRESSURE', 'NOT (Pressure <= MAX_PRESSURE)')],
  },
  {
    title: 'a stricter limit',
    harmless: [{ file: 'src/Globals.st', from: 'INT := 800', to: 'INT := 750' }],
    unsafe: [{ file: 'src/Globals.st', from: 'INT := 800', to: 'INT := 850' }],
  },
  {
    title: 'the limit written as a literal',
    harmless: [main('Pressure < MAX_PRESSURE', 'Pressure <= 799')],
    unsafe: [main('Pressure < MAX_PRESSURE', 'Pressure <= 800')],
  },
  {
    title: 'an unused counter',
    harmless: [declare('scans : UDINT;'), main('hornPulse(IN', 'scans := scans + 1;\nhornPulse(IN')],
  },
  {
    title: 'a horn that sounds longer',
    harmless: [main('T#2s', 'T#3s')],
  },
  {
    title: 'a block renamed with all its uses',
    harmless: [
      { file: DOOR, to: null },
      { file: 'src/GuardPair.st', to: (PRESS[DOOR] ?? '').replace('DoorPair', 'GuardPair') },
      main('door : DoorPair;', 'door : GuardPair;'),
    ],
  },
  {
    title: 'a variable renamed with all its uses',
    harmless: [{ file: MAIN, to: (PRESS[MAIN] ?? '').replaceAll('tripped', 'lockedOut') }],
  },
  {
    title: 'an instance renamed with all its uses',
    harmless: [{ file: MAIN, to: (PRESS[MAIN] ?? '').replace(/\bdoor\b/g, 'doorPair') }],
  },
  {
    title: 'the loop written out',
    harmless: [
      main(
        'allReady := TRUE;\nFOR index := 1 TO 3 DO\n  stations[index](request := running, present := Present);\n  allReady := allReady AND stations[index].ready;\nEND_FOR',
        'stations[1](request := running, present := Present);\nstations[2](request := running, present := Present);\nstations[3](request := running, present := Present);\nallReady := stations[1].ready AND stations[2].ready AND stations[3].ready;',
      ),
    ],
  },
  {
    title: 'the sequence moved to a program of its own block',
    harmless: [
      main(
        `IF NOT running THEN\n  step := 0;\nELSE\n${SEQUENCE}\nEND_IF`,
        'sequence(run := running, ready := allReady, present := Present, top := AtTop);\nstep := sequence.step;\ncount := sequence.count;',
      ),
      declare('sequence : Sequence;'),
      {
        file: 'src/Sequence.st',
        to: `FUNCTION_BLOCK Sequence\nVAR_INPUT run, ready, present, top : BOOL; END_VAR\nVAR_OUTPUT step : INT; count : INT; END_VAR\nIF NOT run THEN\n  step := 0;\nELSE\n${SEQUENCE.replace('allReady', 'ready').replace('Present', 'present').replace('AtTop', 'top')}\nEND_IF\nEND_FUNCTION_BLOCK\n`,
      },
    ],
    unsafe: [
      main(
        `IF NOT running THEN\n  step := 0;\nELSE\n${SEQUENCE}\nEND_IF`,
        'sequence(run := TRUE, ready := allReady, present := Present, top := AtTop);\nstep := sequence.step;\ncount := sequence.count;',
      ),
      declare('sequence : Sequence;'),
      {
        file: 'src/Sequence.st',
        to: `FUNCTION_BLOCK Sequence\nVAR_INPUT run, ready, present, top : BOOL; END_VAR\nVAR_OUTPUT step : INT; count : INT; END_VAR\nIF NOT run THEN\n  step := 0;\nELSE\n${SEQUENCE.replace('allReady', 'ready').replace('Present', 'present').replace('AtTop', 'top')}\nEND_IF\nEND_FUNCTION_BLOCK\n`,
      },
    ],
  },
  {
    title: 'an intermediate variable for a call output',
    harmless: [
      declare('emergency : BOOL;'),
      main(PERMIT, `emergency := safety.S_EStopOut;\n${PERMIT.replace('safety.S_EStopOut', 'emergency')}`),
    ],
    unsafe: [
      declare('emergency : BOOL;'),
      main(
        PERMIT,
        `emergency := emergency OR safety.S_EStopOut;\n${PERMIT.replace('EStopOk AND safety.S_EStopOut', 'emergency')}`,
      ),
    ],
  },
  {
    title: 'an enabling IF around the diagnosis',
    harmless: [main('Hmi.Count := count;', 'IF count > 0 THEN Hmi.Count := count; END_IF')],
  },
  {
    title: 'a long condition split in two statements',
    harmless: [
      declare('ramPermit : BOOL;'),
      main(
        RAM,
        'ramPermit := running AND permit AND DoorA AND DoorB;\nRamDown := ramPermit AND step = 20 AND Pressure < MAX_PRESSURE;',
      ),
    ],
    unsafe: [
      declare('heat : BOOL;'),
      main(HEATER, 'Heater := heat AND DoorA AND DoorB;\nheat := heaterLatch.Q1 AND permit;'),
    ],
  },
  {
    title: 'the heater threshold with a constant',
    harmless: [
      main('Temperature < 180', 'Temperature < HEAT_ON'),
      {
        file: 'src/Globals.st',
        from: 'MAX_PRESSURE : INT := 800;',
        to: 'MAX_PRESSURE : INT := 800;\n  HEAT_ON : INT := 180;',
      },
    ],
    unsafe: [
      main('Temperature < 180', 'Temperature < HEAT_ON'),
      {
        file: 'src/Globals.st',
        from: 'MAX_PRESSURE : INT := 800;',
        to: 'MAX_PRESSURE : INT := 800;\n  HEAT_ON : INT := 1800;',
      },
    ],
  },
  {
    title: 'a WHILE loop instead of FOR',
    harmless: [
      main('FOR index := 1 TO 3 DO', 'index := 1;\nWHILE index <= 3 DO'),
      main('AND stations[index].ready;\nEND_FOR', 'AND stations[index].ready;\n  index := index + 1;\nEND_WHILE'),
    ],
  },
  {
    title: 'positional arguments for named ones',
    harmless: [main('door(a := DoorA, b := DoorB, ack := ackEdge.Q);', 'door(DoorA, DoorB, ackEdge.Q);')],
    unsafe: [main('door(a := DoorA, b := DoorB, ack := ackEdge.Q);', 'door(DoorA, DoorA, ackEdge.Q);')],
  },
  {
    title: 'the edge by hand',
    harmless: [
      main('ackEdge : R_TRIG;', 'ackBefore : BOOL;\n  ackRises : BOOL;'),
      main('ackEdge(CLK := AckPB);', 'ackRises := AckPB AND NOT ackBefore;\nackBefore := AckPB;'),
      main('ack := ackEdge.Q', 'ack := ackRises'),
      main('ELSIF ackEdge.Q THEN', 'ELSIF ackRises THEN'),
    ],
    unsafe: [
      main('ackEdge : R_TRIG;', 'ackRises : BOOL;'),
      main('ackEdge(CLK := AckPB);', 'ackRises := AckPB;'),
      main('ack := ackEdge.Q', 'ack := ackRises'),
      main('ELSIF ackEdge.Q THEN', 'ELSIF ackRises THEN'),
    ],
  },
];

/** The files of the press after edits. */
export function applied(edits: readonly Edit[]): Files {
  const files: Record<string, string> = { ...PRESS };
  for (const { file, from, to } of edits) {
    if (to === null) delete files[file];
    else if (from === undefined) files[file] = to;
    else {
      const text = files[file] ?? '';
      if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
      files[file] = text.replace(from, () => to);
    }
  }
  return files;
}
