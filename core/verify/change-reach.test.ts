import { describe, expect, test } from 'vitest';
import { changeOf } from '../safety/testing/site-of.js';
import { changeReach } from './change-reach.js';
import { reviewLevel } from './review-level.js';

const MAIN = `PROGRAM Main
VAR estop AT %IX0.0 : BOOL; motor AT %QX0.0 : BOOL; lamp AT %QX0.1 : BOOL; start AT %IX0.1 : BOOL; END_VAR
motor := start AND estop;
lamp := start;
END_PROGRAM
`;
const SITE = {
  'plantwright.yaml':
    'site: s\ndialect: codesys\nsources: [src/**]\nentry: Main\nsafety:\n  rating: SIL-3\n  signals:\n    - { tag: Main.estop, role: estop }\n    - { tag: Main.motor, role: hazard }\n',
  'src/Main.st': MAIN,
  'line.plcproj': '<Project/>\n',
  'README.md': 'The line.\n',
  'scenarios/stop.yaml':
    'name: stop\nprogram: Main\ncycle: 10ms\nsteps:\n  - { at: 0ms, set: { Main.estop: true } }\nuntil: 1s\n',
};

describe('how far a change reaches', () => {
  test.each<[string, Record<string, string>, string]>([
    ['nothing', {}, 'nothing'],
    ['a note', { 'README.md': 'The line of hall 3.\n' }, 'ordinary-logic'],
    ['a comment', { 'src/Main.st': `// hall 3\n${MAIN}` }, 'ordinary-logic'],
    ['a lamp', { 'src/Main.st': MAIN.replace('lamp := start', 'lamp := NOT start') }, 'ordinary-logic'],
    ['a stop', { 'src/Main.st': MAIN.replace('AND estop', 'AND estop AND NOT lamp') }, 'safety-logic'],
    ['the manifest', { 'plantwright.yaml': SITE['plantwright.yaml'].replace('SIL-3', 'SIL-1') }, 'safety-logic'],
    ['a project file', { 'line.plcproj': '<Project Watchdog="0"/>\n' }, 'safety-logic'],
    ['a file that nobody knows', { 'io/mapping.bin': 'x' }, 'safety-logic'],
    [
      'a scenario that was there',
      { 'scenarios/stop.yaml': SITE['scenarios/stop.yaml'].replace('1s', '2s') },
      'safety-logic',
    ],
    [
      'a scenario more',
      { 'scenarios/more.yaml': SITE['scenarios/stop.yaml'].replace('stop', 'more') },
      'ordinary-logic',
    ],
  ])('%s: %s', (_title, edited, reach) => {
    expect(changeReach(changeOf(SITE, { ...SITE, ...edited }))).toBe(reach);
  });

  test('a rating that the change lowers still decides about its review', () => {
    const [before, after] = (['SIL-3', 'SIL-1'] as const).map((rating) => ({
      site: 's',
      dialect: 'iec' as const,
      safety: { rating },
    }));
    expect(reviewLevel('safety-logic', before ?? null, after ?? null)).toBe('two-safety-engineers');
  });
});
