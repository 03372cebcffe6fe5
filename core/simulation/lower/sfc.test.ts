/** Sequential function charts, scan by scan at 10 ms. */

import { describe, expect, it } from 'vitest';
import { simulate } from '../test-support.js';

interface Row {
  readonly title: string;
  readonly chart: string;
  readonly variables?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, string>>;
}

/** Values per scan; numbers from 10 on as letters. */
function run({ chart, variables, inputs, expected }: Omit<Row, 'title'>): Record<string, string> {
  const simulation = simulate(
    `PROGRAM Main
VAR a : BOOL; b : BOOL; q : BOOL; n : INT; ${variables ?? ''} END_VAR
${chart}
END_PROGRAM`,
    'iec',
  );
  const seen: Record<string, string> = {};
  const length = Math.max(...Object.values({ ...inputs, ...expected }).map((each) => each.length));
  for (let scan = 0; scan < length; scan++) {
    for (const [name, values] of Object.entries(inputs)) simulation.write(`Main.${name}`, values[scan] === '1');
    expect(simulation.scan()).toBeNull();
    for (const name of Object.keys(expected)) {
      const value = simulation.readJson(`Main.${name}`);
      seen[name] = (seen[name] ?? '') + (typeof value === 'number' ? value.toString(36) : value === true ? '1' : '0');
    }
  }
  expect(simulation.unknownBlocks).toEqual([]);
  return seen;
}

const TWO = (association: string, more = '', last = ''): string => `INITIAL_STEP Wait: END_STEP
STEP Work: ${association} END_STEP
STEP Done: ${last} END_STEP
TRANSITION FROM Wait TO Work := a; END_TRANSITION
TRANSITION FROM Work TO Done := b; END_TRANSITION
TRANSITION FROM Done TO Wait := NOT a AND NOT b; END_TRANSITION
${more}`;

const COUNT = 'ACTION Count: n := n + 1; END_ACTION';

const ROWS: readonly Row[] = [
  {
    title: 'a token moves one step per scan',
    chart: TWO(''),
    inputs: { a: '0111000', b: '0000100' },
    expected: { 'Wait.X': '1000011', 'Work.X': '0111000', 'Done.X': '0000100' },
  },
  {
    title: 'an action N runs while its step is active, and once more when it ends',
    chart: TWO('Count(N);', COUNT),
    inputs: { a: '0111000', b: '0000100' },
    expected: { n: '0123444' },
  },
  {
    title: 'P runs once',
    chart: TWO('Count(P);', COUNT),
    inputs: { a: '0111000', b: '0000100' },
    expected: { n: '0111111' },
  },
  {
    title: 'P0 runs once, when the step ends',
    chart: TWO('Count(P0);', COUNT),
    inputs: { a: '0111000', b: '0000100' },
    expected: { n: '0000111' },
  },
  {
    title: 'a Boolean N is TRUE while its step is active',
    chart: TWO('q(N);'),
    inputs: { a: '0111000', b: '0000100' },
    expected: { q: '0111000' },
  },
  {
    title: 'S is kept until R',
    chart: TWO('q(S);', '', 'q(R);'),
    inputs: { a: '0111000', b: '0000100' },
    expected: { q: '0111000' },
  },
  {
    title: 'S without R is kept',
    chart: TWO('q(S);'),
    inputs: { a: '0111000', b: '0000100' },
    expected: { q: '0111111' },
  },
  {
    title: 'L ends after its time',
    chart: TWO('q(L, T#20ms);'),
    inputs: { a: '011111' },
    expected: { q: '011000' },
  },
  {
    title: 'L ends with its step if that is shorter',
    chart: TWO('q(L, T#20ms);'),
    inputs: { a: '011100', b: '001000' },
    expected: { q: '010000' },
  },
  {
    title: 'D begins after its time',
    chart: TWO('q(D, T#20ms);'),
    inputs: { a: '0111110', b: '0000010' },
    expected: { q: '0001100' },
  },
  {
    title: 'SD begins after its time although the step has ended',
    chart: TWO('q(SD, T#30ms);'),
    inputs: { a: '0100000', b: '0010000' },
    expected: { q: '0000111' },
  },
  {
    title: 'DS is kept only if the step lasted',
    chart: TWO('q(DS, T#20ms);'),
    inputs: { a: '01000100000', b: '00100000010' },
    expected: { q: '00000001111' },
  },
  {
    title: 'SL lasts its time although the step has ended',
    chart: TWO('q(SL, T#30ms);'),
    inputs: { a: '0100000', b: '0010000' },
    expected: { q: '0111000' },
  },
  {
    title: 'Step.T is the time since the step began',
    chart: TWO('').replace('Work TO Done := b', 'Work TO Done := Work.T >= T#20ms'),
    inputs: { a: '0111111' },
    expected: { 'Work.X': '0110000', 'Done.X': '0001111' },
  },
  {
    title: 'of two ways out the first that is TRUE is taken',
    chart: `INITIAL_STEP Wait: END_STEP STEP Left: END_STEP STEP Right: END_STEP
TRANSITION FROM Wait TO Left := a; END_TRANSITION
TRANSITION FROM Wait TO Right := b; END_TRANSITION
TRANSITION FROM Left TO Wait := NOT a; END_TRANSITION
TRANSITION FROM Right TO Wait := NOT b; END_TRANSITION`,
    inputs: { a: '01100', b: '01101' },
    expected: { 'Left.X': '01100', 'Right.X': '00001' },
  },
  {
    title: 'a priority goes before the order of writing',
    chart: `INITIAL_STEP Wait: END_STEP STEP Left: END_STEP STEP Right: END_STEP
TRANSITION (PRIORITY := 2) FROM Wait TO Left := a; END_TRANSITION
TRANSITION (PRIORITY := 1) FROM Wait TO Right := b; END_TRANSITION`,
    inputs: { a: '01', b: '01' },
    expected: { 'Left.X': '00', 'Right.X': '01' },
  },
  {
    title: 'parallel branches begin together and wait for each other',
    chart: `INITIAL_STEP Wait: END_STEP STEP One: END_STEP STEP Two: END_STEP STEP Three: END_STEP
TRANSITION FROM Wait TO (One, Two) := a; END_TRANSITION
TRANSITION FROM Two TO Three := b; END_TRANSITION
TRANSITION FROM (One, Three) TO Wait := TRUE; END_TRANSITION`,
    inputs: { a: '010000', b: '000100' },
    expected: { 'Wait.X': '100011', 'One.X': '011100', 'Two.X': '011000', 'Three.X': '000100' },
  },
];

describe('SFC', () => {
  for (const { title, ...row } of ROWS) it(title, () => expect(run(row)).toEqual(row.expected));

  it('a warm start begins at the initial step again', () => {
    const simulation = simulate(
      `PROGRAM Main VAR a : BOOL; b : BOOL; q : BOOL; n : INT; END_VAR ${TWO('')} END_PROGRAM`,
      'iec',
    );
    simulation.write('Main.a', true);
    simulation.runScans(3);
    expect(simulation.read('Main.Work.X')).toBe(true);
    simulation.start('warm');
    simulation.scan();
    expect(simulation.read('Main.Wait.X')).toBe(true);
    expect(simulation.read('Main.Work.X')).toBe(false);
  });

  it('a block that is a chart keeps its steps by instance', () => {
    const simulation = simulate(
      `FUNCTION_BLOCK Sequence VAR_INPUT a : BOOL; b : BOOL; END_VAR VAR_OUTPUT q : BOOL; END_VAR ${TWO('q(N);')} END_FUNCTION_BLOCK
PROGRAM Main VAR one : Sequence; two : Sequence; go : BOOL; END_VAR one(a := go); two(a := FALSE); END_PROGRAM`,
      'iec',
    );
    simulation.scan();
    simulation.write('Main.go', true);
    simulation.scan();
    expect(simulation.read('Main.one.q')).toBe(true);
    expect(simulation.read('Main.two.q')).toBe(false);
  });

  it('an action qualifier that nobody knows is unknown', () => {
    const simulation = simulate(`PROGRAM Main VAR a : BOOL; b : BOOL; END_VAR ${TWO('a(X);')} END_PROGRAM`, 'iec');
    simulation.scan();
    expect(simulation.isUnknown).toBe(true);
  });
});
