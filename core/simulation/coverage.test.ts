import { describe, expect, it } from 'vitest';
import { coverageOf, coverageToLcov, coverageTotals, mergeCoverage } from './coverage.js';
import { simulate } from './test-support.js';

const GUARDED = `PROGRAM Main
VAR a : BOOL; b : BOOL; c : BOOL; q : BOOL; mode : INT; n : INT; END_VAR
IF a AND (b OR NOT c) THEN
  q := TRUE;
ELSE
  q := FALSE;
END_IF;
CASE mode OF
  1: n := 1;
  2, 3: n := 2;
END_CASE;
END_PROGRAM`;

type Inputs = Readonly<Record<string, boolean | number>>;

function covered(text: string, runs: readonly Inputs[]) {
  const simulation = simulate(text, 'codesys', { coverage: true });
  for (const run of runs) {
    for (const [name, value] of Object.entries(run)) expect(simulation.write(`Main.${name}`, value)).toBeNull();
    simulation.scan();
  }
  return coverageOf(simulation);
}

const vectors = (...rows: readonly string[]): Inputs[] =>
  rows.map((row) => ({ a: row[0] === '1', b: row[1] === '1', c: row[2] === '1' }));

describe('MC/DC of a AND (b OR NOT c)', () => {
  const table: readonly {
    readonly runs: string[];
    readonly conditions: number;
    readonly mcdc: number;
    readonly why: string;
  }[] = [
    { runs: ['110'], conditions: 0, mcdc: 0, why: 'one evaluation shows nothing' },
    { runs: ['110', '010'], conditions: 1, mcdc: 1, why: 'a alone turned' },
    { runs: ['111', '101'], conditions: 1, mcdc: 1, why: 'b decides while c is TRUE' },
    { runs: ['110', '100'], conditions: 1, mcdc: 0, why: 'c FALSE masks b' },
    { runs: ['111', '000'], conditions: 3, mcdc: 1, why: 'all turned at once: only a decided in both' },
    { runs: ['111', '101', '100', '011'], conditions: 3, mcdc: 3, why: 'n + 1 evaluations are enough' },
  ];
  for (const { runs, conditions, mcdc, why } of table) {
    it(`${runs.join(' ')}: ${why}`, () => {
      const totals = coverageTotals(covered(GUARDED, vectors(...runs)));
      expect(totals.conditions).toEqual({ covered: conditions, total: 3 });
      expect(totals.mcdc).toEqual({ covered: mcdc, total: 3 });
    });
  }
});

describe('branches', () => {
  it('are both ways of a decision and every label list of CASE, with the ELSE that is not written', () => {
    const totals = (runs: Inputs[]) => coverageTotals(covered(GUARDED, runs)).branches;
    expect(totals([{ a: false, mode: 1 }])).toEqual({ covered: 2, total: 5 });
    expect(totals([{ a: false, mode: 1 }, { mode: 3 }, { mode: 7 }])).toEqual({ covered: 4, total: 5 });
    expect(totals([{ a: false, mode: 1 }, { mode: 3 }, { a: true, b: true, mode: 7 }])).toEqual({
      covered: 5,
      total: 5,
    });
  });

  it('of loops are going on and ending', () => {
    const text = `PROGRAM Main
VAR n : INT; limit : INT; END_VAR
n := 0;
WHILE n < limit DO n := n + 1; END_WHILE;
END_PROGRAM`;
    expect(coverageTotals(covered(text, [{ limit: 0 }])).branches).toEqual({ covered: 1, total: 2 });
    expect(coverageTotals(covered(text, [{ limit: 2 }])).branches).toEqual({ covered: 2, total: 2 });
  });
});

it('a short-circuit operator leaves conditions unevaluated, and they are not counted as seen', () => {
  const text = `PROGRAM Main
VAR a : BOOL; b : BOOL; q : BOOL; END_VAR
q := a AND_THEN b;
END_PROGRAM`;
  const once = coverageTotals(
    covered(text, [
      { a: false, b: false },
      { a: false, b: true },
    ]),
  );
  expect(once.conditions).toEqual({ covered: 0, total: 2 });
  const all = coverageTotals(covered(text, [{ a: false }, { a: true, b: false }, { a: true, b: true }]));
  expect(all.mcdc).toEqual({ covered: 2, total: 2 });
});

it('comparisons and calls are conditions, whatever runs within them', () => {
  const text = `FUNCTION Inner : BOOL
VAR_INPUT x : INT; END_VAR
Inner := x > 3 AND x < 9;
END_FUNCTION
PROGRAM Main
VAR n : INT; go : BOOL; q : BOOL; END_VAR
IF Inner(n) AND go THEN q := NOT q; END_IF;
END_PROGRAM`;
  const totals = coverageTotals(
    covered(text, [
      { n: 5, go: true },
      { n: 2, go: true },
      { n: 5, go: false },
      { n: 20, go: true },
    ]),
  );
  expect(totals.mcdc).toEqual({ covered: 4, total: 4 });
});

it('coverage changes no result', () => {
  const runs = vectors('111', '101', '100', '011', '000');
  for (const run of runs) {
    const [plain, counted] = [simulate(GUARDED, 'codesys'), simulate(GUARDED, 'codesys', { coverage: true })];
    for (const simulation of [plain, counted]) {
      for (const [name, value] of Object.entries(run)) simulation.write(`Main.${name}`, value);
      simulation.scan();
    }
    expect(counted.values()).toEqual(plain.values());
  }
});

it('runs of the same project add up', () => {
  const one = covered(GUARDED, [...vectors('111'), { mode: 1 }]);
  const other = covered(GUARDED, [...vectors('101', '100', '011'), { mode: 2 }]);
  expect(coverageTotals(mergeCoverage([one, other]))).toEqual({
    statements: { covered: 6, total: 6 },
    branches: { covered: 5, total: 5 },
    conditions: { covered: 3, total: 3 },
    mcdc: { covered: 3, total: 3 },
  });
});

it('lcov has lines, branches and conditions', () => {
  const lcov = coverageToLcov(covered(GUARDED, [{ a: false, mode: 1 }]));
  expect(lcov).toMatch(/^TN:\nSF:main\.st\nBRDA:3,\d+,0,0\nBRDA:3,\d+,1,1\n/);
  expect(lcov).toContain('BRF:5\nBRH:2\n');
  expect(lcov).toContain('MCDC:3,3,t,0,0,a\nMCDC:3,3,f,0,0,a\n');
  expect(lcov).toContain('MCF:6\nMCH:0\n');
  expect(lcov).toContain('DA:3,1\nDA:4,0\nDA:6,1\n');
});
