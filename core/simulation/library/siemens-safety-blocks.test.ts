/** Blocks of SIMATIC Safety, scan by scan at 10 ms: inputs in, outputs out. */

import { describe, expect, it } from 'vitest';
import { simulate } from '../test-support.js';

interface Row {
  readonly title: string;
  readonly block: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly fixed?: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const ROWS: readonly Row[] = [
  {
    title: 'stops at once, delayed stop later, back by an edge of ACK only while the button is released',
    block: 'ESTOP1',
    fixed: 'TIME_DEL := T#20ms',
    inputs: { E_STOP: '11110000111', ACK: '01000110010' },
    outputs: { Q: '01110000011', Q_DELAY: '01111100011', ACK_REQ: '10000000100' },
  },
  {
    title: 'ACK that is held from before does nothing',
    block: 'ESTOP1',
    inputs: { E_STOP: '0111', ACK: '1111' },
    outputs: { Q: '0000', ACK_REQ: '0111' },
  },
  {
    title: 'without ACK_NEC it follows the button',
    block: 'ESTOP1',
    fixed: 'ACK_NEC := FALSE',
    inputs: { E_STOP: '1011' },
    outputs: { Q: '1011' },
  },
  {
    title: 'the contactor follows in time, both ways',
    block: 'FDBACK',
    fixed: 'FDB_TIME := T#30ms',
    inputs: { ON: '0111100', FEEDBACK: '1100001' },
    outputs: { Q: '0111100', ERROR: '0000000' },
  },
  {
    title: 'a contactor that does not pull in is an error; it is acknowledged when it rests',
    block: 'FDBACK',
    fixed: 'FDB_TIME := T#30ms',
    inputs: { ON: '1111100000', FEEDBACK: '1111111111', ACK: '0000000100' },
    outputs: { Q: '1110000000', ERROR: '0001111000', ACK_REQ: '0001111000' },
  },
  {
    title: 'a welded contactor does not start again',
    block: 'FDBACK',
    fixed: 'FDB_TIME := T#20ms',
    inputs: { ON: '1110001111', FEEDBACK: '1000000000', ACK: '0000000101' },
    outputs: { Q: '1110000000', ERROR: '0000011111' },
  },
  {
    title: 'the door must open and close at a start, and be acknowledged',
    block: 'SFDOOR',
    inputs: { IN1: '1100111', IN2: '1100011', ACK: '0100001' },
    outputs: { Q: '0000001', ACK_REQ: '0000010' },
  },
  {
    title: 'one switch that stays closed when the door opens keeps it off',
    block: 'SFDOOR',
    fixed: 'OPEN_NEC := FALSE, ACK_NEC := FALSE',
    inputs: { IN1: '11011101', IN2: '11111001' },
    outputs: { Q: '11000001' },
  },
  {
    title: 'two channels: FALSE wins, a long difference is kept until they agree and ACK comes',
    block: 'EV1oo2DI',
    fixed: 'DISCTIME := T#20ms',
    inputs: { IN1: '1011111111', IN2: '1010000111', ACK: '0000010010' },
    outputs: { Q: '1010000011', DISC_FLT: '0000011100', ACK_REQ: '0000000100' },
  },
];

function run(row: Row): Record<string, string> {
  const names = Object.keys(row.inputs);
  const text = `FUNCTION_BLOCK "Host"
VAR ${names.map((name) => `i${name} : BOOL;`).join(' ')} fb : ${row.block}; END_VAR
BEGIN
#fb(${[...names.map((name) => `${name} := #i${name}`), ...(row.fixed === undefined ? [] : [row.fixed])].join(', ')});
END_FUNCTION_BLOCK
DATA_BLOCK "Host_DB" "Host" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
"Host_DB"();
END_ORGANIZATION_BLOCK`;
  const simulation = simulate(text, 'siemens');
  const seen: Record<string, string> = {};
  const length = Math.max(...Object.values(row.inputs).map((each) => each.length));
  for (let scan = 0; scan < length; scan++) {
    for (const [name, values] of Object.entries(row.inputs)) {
      expect(simulation.write(`Host_DB.i${name}`, values[scan] === '1')).toBeNull();
    }
    expect(simulation.scan()).toBeNull();
    for (const output of Object.keys(row.outputs)) {
      seen[output] = (seen[output] ?? '') + (simulation.read(`Host_DB.fb.${output}`) === true ? '1' : '0');
    }
  }
  expect(simulation.isUnknown).toBe(false);
  return seen;
}

describe('SIMATIC Safety', () => {
  for (const row of ROWS) {
    it(`${row.block}: ${row.title}`, () => expect(run(row)).toEqual(row.outputs));
  }
});
