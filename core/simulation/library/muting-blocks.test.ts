/** Muting, scan by scan at 10 ms. Each column is a scan; switches in the order 11, 12, 21, 22. */

import { describe, expect, it } from 'vitest';
import { simulate } from '../test-support.js';

interface Row {
  readonly title: string;
  readonly block: 'SF_MutingSeq' | 'SF_MutingPar';
  readonly curtain: string;
  readonly switches: readonly [string, string, string, string];
  readonly fixed?: string;
  readonly lamp?: string;
  readonly reset?: string;
  readonly output: string;
  readonly muted: string;
}

const ROWS: readonly Row[] = [
  {
    title: 'a pallet passes in order: muted from the second switch to the first exit switch that opens',
    block: 'SF_MutingSeq',
    switches: ['000111110000', '000011111000', '000000111100', '000000011110'],
    curtain: '111111000111',
    output: '011111111111',
    muted: '000011111100',
  },
  {
    title: 'the same backwards',
    block: 'SF_MutingSeq',
    switches: ['000000011110', '000000111100', '000011111000', '000111110000'],
    curtain: '111111000111',
    output: '011111111111',
    muted: '000011111100',
  },
  {
    title: 'a person without a pallet stops it, and it needs a reset',
    block: 'SF_MutingSeq',
    switches: ['0000000000', '0000000000', '0000000000', '0000000000'],
    curtain: '1110011111',
    reset: '0000000100',
    output: '0110000111',
    muted: '0000000000',
  },
  {
    title: 'one switch alone does not mute',
    block: 'SF_MutingSeq',
    switches: ['00111111', '00000000', '00000000', '00000000'],
    curtain: '11111011',
    output: '01111000',
    muted: '00000000',
  },
  {
    title: 'a wrong order is an error that is off',
    block: 'SF_MutingSeq',
    switches: ['00001111', '00111111', '00000000', '00000000'],
    curtain: '11111111',
    output: '01000000',
    muted: '00000000',
  },
  {
    title: 'muting ends after its longest time',
    block: 'SF_MutingSeq',
    switches: ['0011111111', '0001111111', '0000000000', '0000000000'],
    curtain: '1111110000',
    fixed: 'MaxMutingTime := T#30ms',
    output: '0111111000',
    muted: '0001111000',
  },
  {
    title: 'a dark lamp ends it',
    block: 'SF_MutingSeq',
    switches: ['00111111', '00011111', '00000000', '00000000'],
    curtain: '11111111',
    lamp: '11111000',
    output: '01111000',
    muted: '00011000',
  },
  {
    title: 'without MutingEnable nothing is muted',
    block: 'SF_MutingSeq',
    switches: ['00111111', '00011111', '00000000', '00000000'],
    curtain: '11111011',
    fixed: 'MutingEnable := FALSE',
    output: '01111000',
    muted: '00000000',
  },
  {
    title: 'two switches side by side within the discrepancy time',
    block: 'SF_MutingPar',
    switches: ['000111110000', '000011110000', '000000011100', '000000011100'],
    curtain: '111111000111',
    fixed: 'DiscTime11_12 := T#20ms, DiscTime21_22 := T#20ms',
    output: '011111111111',
    muted: '000011111100',
  },
  {
    title: 'too late after each other is an error',
    block: 'SF_MutingPar',
    switches: ['00111111', '00000011', '00000000', '00000000'],
    curtain: '11111111',
    fixed: 'DiscTime11_12 := T#20ms',
    output: '01111000',
    muted: '00000000',
  },
];

function run(row: Row): { output: string; muted: string } {
  const fixed = row.fixed ?? '';
  const enable = fixed.includes('MutingEnable') ? '' : ', MutingEnable := TRUE';
  const simulation = simulate(
    `PROGRAM Main
VAR fb : ${row.block}; curtain : BOOL; s11 : BOOL; s12 : BOOL; s21 : BOOL; s22 : BOOL; lamp : BOOL; reset : BOOL; END_VAR
fb(Activate := TRUE, S_AOPD_In := curtain, MutingSwitch11 := s11, MutingSwitch12 := s12, MutingSwitch21 := s21,
  MutingSwitch22 := s22, S_MutingLamp := lamp, S_StartReset := TRUE, Reset := reset${enable}${fixed === '' ? '' : `, ${fixed}`});
END_PROGRAM`,
    'codesys',
  );
  let output = '';
  let muted = '';
  for (let scan = 0; scan < row.curtain.length; scan++) {
    const inputs: Record<string, string> = { curtain: row.curtain, lamp: row.lamp ?? '', reset: row.reset ?? '' };
    ['s11', 's12', 's21', 's22'].forEach((name, index) => {
      inputs[name] = row.switches[index] ?? '';
    });
    for (const [name, values] of Object.entries(inputs)) {
      simulation.write(`Main.${name}`, (values[scan] ?? (name === 'lamp' ? '1' : '0')) === '1');
    }
    expect(simulation.scan()).toBeNull();
    output += simulation.read('Main.fb.S_AOPD_Out') === true ? '1' : '0';
    muted += simulation.read('Main.fb.S_MutingActive') === true ? '1' : '0';
  }
  expect(simulation.isUnknown).toBe(false);
  return { output, muted };
}

describe('muting', () => {
  for (const row of ROWS) {
    it(`${row.block}: ${row.title}`, () => expect(run(row)).toEqual({ output: row.output, muted: row.muted }));
  }
});
