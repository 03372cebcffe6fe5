import { describe, expect, it } from 'vitest';
import { type MachineParts, machine } from '../safety/rules/example-machine.js';
import { changeOf } from '../safety/testing/site-of.js';
import { compareHazards } from './compare-change.js';

function relationOfMotor(before: MachineParts, after: MachineParts): string | undefined {
  const comparisons = compareHazards(changeOf(machine(before), machine(after)));
  return comparisons.find(({ id }) => id === 'hazard:Main.Motor')?.relation;
}

/** A batch that runs for its time and ends by itself: a start that was missed is seen minutes later. */
const BATCH = {
  variables:
    'Stop_PB AT %IX0.4 : BOOL; Oil_OK AT %IX0.5 : BOOL; pressure AT %IW2 : INT; tripped : BOOL := TRUE; run : BOOL; step : INT; startEdge : R_TRIG; resetEdge : R_TRIG; batch : TON; batches : DINT;',
  body: `startEdge(CLK := Start_PB);
resetEdge(CLK := Reset_PB);
IF NOT EStop_OK OR NOT Guard_Closed THEN
  tripped := TRUE;
ELSIF resetEdge.Q THEN
  tripped := FALSE;
END_IF
IF tripped OR Stop_PB THEN
  run := FALSE;
ELSIF startEdge.Q THEN
  run := TRUE;
END_IF
CASE step OF
  0: IF run THEN step := 10; END_IF
  10: batch(IN := TRUE, PT := T#5m);
      IF batch.Q THEN batch(IN := FALSE); batches := batches + 1; run := FALSE; step := 0; END_IF
END_CASE
IF NOT run THEN step := 0; batch(IN := FALSE); END_IF
Motor := run AND EStop_OK AND Guard_Closed AND NOT tripped;`,
} satisfies MachineParts;

function edited(...edits: readonly (readonly [string, string])[]): MachineParts {
  const body = edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, BATCH.body);
  return { ...BATCH, body };
}

describe('a change that only stops earlier, or starts less often, is stronger', () => {
  const cases: Record<string, MachineParts> = {
    'one more cause of a trip': edited(['OR NOT Guard_Closed THEN', 'OR NOT Guard_Closed OR pressure > 80 THEN']),
    'one more cause of a trip that latches on its own': {
      ...edited([
        'IF NOT EStop_OK OR NOT Guard_Closed THEN',
        'IF pressure > 80 THEN high := TRUE; ELSIF resetEdge.Q THEN high := FALSE; END_IF\nIF NOT EStop_OK OR NOT Guard_Closed OR high THEN',
      ]),
      variables: `${BATCH.variables} high : BOOL;`,
    },
    'one more cause to stop without a trip': edited([
      'IF tripped OR Stop_PB THEN',
      'IF tripped OR Stop_PB OR NOT Oil_OK THEN',
    ]),
    'one more condition of a start': edited(['ELSIF startEdge.Q THEN', 'ELSIF startEdge.Q AND Oil_OK THEN']),
    'one more condition at the button': edited(['CLK := Start_PB', 'CLK := Start_PB AND Oil_OK']),
    'one more cause of a trip and one more condition of a start': edited(
      ['OR NOT Guard_Closed THEN', 'OR NOT Guard_Closed OR pressure > 80 THEN'],
      ['ELSIF startEdge.Q THEN', 'ELSIF startEdge.Q AND Oil_OK THEN'],
    ),
  };
  for (const [name, after] of Object.entries(cases)) {
    it(name, () => {
      expect(relationOfMotor(BATCH, after)).toBe('stronger');
    });
  }
});

describe('what looks like an earlier stop and is none stays a veto', () => {
  const cases: Record<string, MachineParts> = {
    'a cause of a trip added and another one lost': edited([
      'NOT EStop_OK OR NOT Guard_Closed THEN',
      'NOT EStop_OK OR pressure > 80 THEN',
    ]),
    'the cause of a trip clears it': edited(['ELSIF resetEdge.Q THEN', 'ELSIF resetEdge.Q OR pressure > 80 THEN']),
    'the added condition starts': edited(['ELSIF startEdge.Q THEN', 'ELSIF startEdge.Q OR Oil_OK THEN']),
    'the trip also ends the batch as if it were done, and goes on': edited(
      [
        'OR NOT Guard_Closed THEN\n  tripped := TRUE;',
        'OR NOT Guard_Closed OR pressure > 80 THEN\n  tripped := TRUE; IF pressure > 80 AND Start_PB THEN run := TRUE; END_IF',
      ],
      ['IF tripped OR Stop_PB THEN\n  run := FALSE;', 'IF tripped AND pressure < 80 OR Stop_PB THEN\n  run := FALSE;'],
    ),
    'the stop button is no longer asked': edited([
      'IF tripped OR Stop_PB THEN',
      'IF tripped OR Stop_PB AND Oil_OK THEN',
    ]),
    'the start is taken from the level': edited(['ELSIF startEdge.Q THEN', 'ELSIF Start_PB AND Oil_OK THEN']),
    'the reset is taken from the level': edited(['ELSIF resetEdge.Q THEN', 'ELSIF Reset_PB AND Oil_OK THEN']),
    'the batch goes on where it was left': edited(
      ['OR NOT Guard_Closed THEN', 'OR NOT Guard_Closed OR pressure > 80 THEN'],
      ['IF tripped OR Stop_PB THEN', 'IF tripped AND NOT (pressure > 80) OR Stop_PB THEN'],
    ),
  };
  for (const [name, after] of Object.entries(cases)) {
    it(name, () => {
      expect(['weaker', 'incomparable']).toContain(relationOfMotor(BATCH, after));
    });
  }
});

/** The two hands latch that a part was put in; a sensor that sees the part may do the same. */
const INSERTED = {
  variables:
    'Part_In AT %IX0.4 : BOOL; Hands_Off AT %IX0.5 : BOOL; inserted : BOOL; run : BOOL; edge : R_TRIG; step : TON;',
  body: `edge(CLK := Start_PB);
IF NOT EStop_OK OR NOT Guard_Closed THEN run := FALSE; ELSIF edge.Q AND inserted THEN run := TRUE; inserted := FALSE; END_IF
step(IN := run, PT := T#5s);
IF step.Q THEN run := FALSE; END_IF
Motor := run AND EStop_OK AND Guard_Closed;
IF Part_In THEN inserted := TRUE; END_IF`,
} satisfies MachineParts;

describe('an input that stops nothing excuses nothing', () => {
  it('when a permission for the next start is given more often', () => {
    const after = { ...INSERTED, body: INSERTED.body.replace('IF Part_In THEN', 'IF Part_In OR Hands_Off THEN') };
    expect(['weaker', 'incomparable']).toContain(relationOfMotor(INSERTED, after));
  });
});
