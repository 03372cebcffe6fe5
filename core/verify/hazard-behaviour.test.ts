import { describe, expect, test } from 'vitest';
import { changeOf } from '../safety/testing/site-of.js';
import { compareHazardBehaviour } from './hazard-behaviour.js';

/** A mixer that stops on a torque which made-up inputs do not hit: 4711 and 815 at once. */
const MIXER = {
  'plantwright.yaml': `site: mixer
dialect: codesys
sources: [src/**]
entry: Main
cycle: 10ms
safety:
  rating: SIL-2
  signals:
    - { tag: Main.EStop_OK, role: estop }
    - { tag: Main.Start_PB, role: start }
    - { tag: Main.Mixer, role: hazard }
checks:
  traces: [traces/**]
`,
  'src/Main.st': `PROGRAM Main
VAR EStop_OK, Start_PB, Mixer : BOOL; Torque, Speed : DINT; Pause : TIME; END_VAR
IF Start_PB THEN Mixer := TRUE; END_IF;
IF NOT EStop_OK THEN Mixer := FALSE; END_IF;
IF Torque * 7 = 32977 AND Speed * 3 = 2445 THEN Mixer := FALSE; END_IF;
END_PROGRAM
`,
  'traces/line.csv': `time_ms,Main.EStop_OK,Main.Start_PB,Main.Torque,Main.Speed,Main.Room
0,1,0,0,0,7
50,1,1,10,10,7
500,1,0,4711,815,7
900,1,0,4711,815,8
`,
};

const BLIND = { ...MIXER, 'src/Main.st': MIXER['src/Main.st'].replace('Torque * 7 = 32977', 'Torque * 7 = 32984') };

function compare(before: Record<string, string>, after: Record<string, string>) {
  return compareHazardBehaviour(changeOf(before, after), [], new AbortController().signal);
}

describe('both versions follow the recordings of the site', () => {
  test('a difference that only the recording shows is found at its scan', () => {
    const { findings, evidence } = compare(MIXER, BLIND);
    expect(evidence).toMatchObject({
      status: 'different',
      sequences: ['recording traces/line.csv'],
      recordings: [{ file: 'traces/line.csv', scans: 91, followed: 91, unknown: ['Main.Room'] }],
    });
    expect(findings.map((each) => each.code)).toEqual(['SIM-DIFFERS']);
    expect(findings[0]?.message).toContain('At 500 ms (scan 50) Main.Mixer was FALSE');
    const { 'traces/line.csv': _, ...without } = MIXER;
    const { 'traces/line.csv': __, ...blind } = BLIND;
    expect(compare(without, blind).evidence).toMatchObject({ status: 'equal', sequences: [] });
  });

  test('a change that takes the recording away is still measured by it', () => {
    const { 'traces/line.csv': _, ...blind } = BLIND;
    expect(compare(MIXER, blind).evidence).toMatchObject({ status: 'different' });
  });

  test.each([
    ['a time that is none', MIXER['traces/line.csv'].replace('500,1', 'noon,1'), 4, '"noon" is no time'],
    ['no input of the program', 'time_ms,Other.Start\n0,1\n', 1, 'drives no input of the program'],
    ['a value that does not fit', MIXER['traces/line.csv'].replace('4711', '0.5'), 1, '0.5 is no DINT'],
  ])('a recording with %s fails with its line', (_, text, line, expected) => {
    const { findings } = compare(MIXER, { ...BLIND, 'traces/line.csv': text });
    const finding = findings.find((each) => each.code === 'SIM-TRACE');
    expect(finding).toMatchObject({ file: 'traces/line.csv', line, severity: 'error' });
    expect(finding?.message).toContain(expected);
  });
});
