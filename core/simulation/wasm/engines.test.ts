import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DialectId } from '../../language/dialects/dialect-id.js';
import { projectOf, simulate } from '../test-support.js';
import { compareEngines } from './test-support.js';
import { generatedProgram } from './testing/generated-program.js';

/** The generator does not look at values, so some of its divisors are constants that come to zero. */
const ALWAYS_ZERO = /divisor is always 0/;

describe('both engines give the same values', () => {
  for (const dialect of ['codesys', 'iec', 'siemens', 'rockwell'] satisfies DialectId[]) {
    test(`generated programs with the semantics of ${dialect}`, () => {
      fc.assert(
        fc.property(generatedProgram, fc.integer({ min: 1, max: 1000 }), (text, seed) => {
          const project = projectOf(text, 'codesys');
          const errors = project.findings.filter((each) => each.severity === 'error').map((each) => each.message);
          fc.pre(!errors.some((each) => ALWAYS_ZERO.test(each)));
          expect(errors).toEqual([]);
          const options = { iterationBudget: 500 };
          const comparison = compareEngines({ ...project, dialect }, { seed, rounds: 30, options });
          expect(comparison.difference).toBe(null);
          expect(comparison.whyJavaScript).toBe(null);
        }),
        { numRuns: 15 },
      );
    });
  }

  const corpus = join('..', 'shared', 'corpus', 'st');
  test.runIf(existsSync(corpus))('programs of other projects', () => {
    let ran = 0;
    for (const path of readdirSync(corpus, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!path.endsWith('.st')) continue;
      for (const dialect of ['codesys', 'iec'] satisfies DialectId[]) {
        const project = projectOf(readFileSync(join(corpus, path), 'utf8'), dialect, path);
        if (project.schedule.every((task) => task.programs.length === 0)) continue;
        const options = { iterationBudget: 100_000 };
        const comparison = compareEngines(project, { seed: 5, rounds: 20, options });
        expect({ path, dialect, ...comparison }).toMatchObject({ difference: null });
        if (comparison.whyJavaScript === null) ran++;
      }
    }
    expect(ran).toBeGreaterThan(0);
  });
});

/** Blocks that are reached by an index: the local that stands for one points to another one after each step. */
const BLOCKS_BY_INDEX: readonly (readonly [name: string, variables: string, body: string])[] = [
  ['constant indices', '', 'l[0](go := a); l[1](go := b); n := l[0].sum - l[1].sum;'],
  [
    'an index that changes',
    'k : INT;',
    'k := (k + 1) MOD 3; l[k](go := a, step := n); n := l[k].sum; l[0].sum := l[0].sum + 1;',
  ],
  ['a loop', 'k : INT;', 'FOR k := 0 TO 2 DO l[k](go := a OR k = 1, step := k); n := n + l[k].sum; END_FOR;'],
  ['the same block under two names', 'k : INT;', 'l[k](go := a); l[0](go := b, step := l[k].sum); n := l[k].sum;'],
  [
    'one in a branch',
    '',
    'IF a THEN l[1](go := TRUE); n := l[1].sum; ELSE l[2](go := TRUE); n := l[2].sum; END_IF; n := n + l[1].sum;',
  ],
  [
    'blocks in structures and arrays of arrays',
    'm : ARRAY[1..2, 1..2] OF Cell; k : INT := 1;',
    'k := 3 - k; m[k, 1].b(go := a); m[1, k].b(go := b, step := 2); n := m[k, k].b.sum;',
  ],
  ['an index that leaves its bounds', 'k : INT;', 'k := k + 1; l[k](go := a); n := l[k].sum;'],
];

describe('blocks in arrays run in both engines alike', () => {
  const types = `
FUNCTION_BLOCK Adder
VAR_INPUT go : BOOL; step : INT := 1; END_VAR
VAR_OUTPUT sum : DINT; END_VAR
VAR t : TON; END_VAR
t(IN := go, PT := T#30ms);
IF go THEN sum := sum + step; END_IF;
IF t.Q THEN sum := sum + 100; END_IF;
END_FUNCTION_BLOCK
TYPE Cell : STRUCT b : Adder; END_STRUCT; END_TYPE
`;
  test.each(BLOCKS_BY_INDEX)('%s', (_, variables, body) => {
    const text = `${types}PROGRAM Main\nVAR a, b : BOOL; n : DINT; l : ARRAY[0..2] OF Adder; ${variables} END_VAR\n${body}\nEND_PROGRAM\n`;
    for (const seed of [1, 2, 3, 4]) {
      const comparison = compareEngines(projectOf(text), { seed, rounds: 60 });
      expect(comparison).toMatchObject({ difference: null, whyJavaScript: null });
    }
  });
});

/** Variables, a body, and the fault that stops both engines at the same place with the same words. */
const FAULTS: readonly (readonly [name: string, variables: string, body: string, message: RegExp])[] = [
  ['index', 'a : ARRAY[1..3] OF INT; i : INT := 4;', 'a[i] := 1;', /index 4 is outside of the bounds 1\.\.3/],
  ['index below', 'a : ARRAY[-2..3] OF INT; i : INT := -3;', 'i := a[i];', /index -3 is outside/],
  ['two dimensions', 'a : ARRAY[0..1, 0..2] OF INT; i : INT := 3;', 'i := a[1, i];', /index 3 is outside/],
  ['division', 'a : INT; b : INT := 5;', 'b := b / a;', /division by zero/],
  ['division of LINT', 'a : LINT; b : LINT := 5;', 'b := b MOD a;', /MOD by zero/],
  ['null reference', 'p : POINTER TO INT;', 'p^ := 1;', /null reference/],
  ['endless loop', 'a : INT;', 'WHILE TRUE DO a := a + 1; END_WHILE;', /iteration budget/],
  ['endless FOR', 'a : INT; b : SINT;', 'FOR b := 0 TO 127 DO a := a + 1; b := 1; END_FOR;', /iteration budget/],
  ['subrange', 'a : INT(0..10); b : INT := 11;', 'a := b;', /11 is outside of the subrange/],
  ['selector', 'a : INT; b : INT := 3;', 'a := MUX(b, 1, 2);', /MUX selects input 3/],
];

describe('a fault is the same finding in both engines', () => {
  for (const [name, variables, body, message] of FAULTS) {
    test(name, () => {
      const text = `PROGRAM Main\nVAR n : INT; ${variables} END_VAR\nn := n + 1;\nIF n > 3 THEN\n${body}\nEND_IF;\nEND_PROGRAM\n`;
      const faults = (['javascript', 'wasm'] as const).map((engine) => {
        const simulation = simulate(text, 'codesys', { engine, iterationBudget: 1000 });
        simulation.runScans(10);
        expect(simulation.engine).toBe(engine);
        return { fault: simulation.fault, values: simulation.values(), scans: simulation.scans };
      });
      expect(faults[1]).toEqual(faults[0]);
      expect(faults[1]?.fault?.message).toMatch(message);
      expect(faults[1]?.fault?.line).toBe(5);
      expect(faults[1]?.scans).toBe(3);
    });
  }
});

describe('the choice of the engine', () => {
  const counter = 'PROGRAM Main\nVAR n : DINT; s : STRING; END_VAR\nn := n + 1;\nEND_PROGRAM\n';

  test('a short run stays in JavaScript, a long one moves', () => {
    const simulation = simulate(counter);
    simulation.runScans(10);
    expect(simulation.engine).toBe('javascript');
    simulation.runScans(5000);
    expect(simulation.engine).toBe('wasm');
    expect(simulation.readJson('Main.n')).toBe(5010);
  });

  test('single scans move, too, and keep time, forces, watches and writes', () => {
    const simulation = simulate(counter);
    simulation.force('Main.s', 'held');
    const watched = simulation.watches(['Main.n > 2500', 'LEN(Main.s)']);
    for (let scan = 0; scan < 3000; scan++) simulation.scan();
    expect(simulation.engine).toBe('wasm');
    expect(simulation.nowNs).toBe(2999 * 10_000_000);
    expect(watched.map((each) => ('watch' in each ? each.watch.read() : each.problem))).toEqual([true, 4]);
    simulation.unforce('Main.s');
    expect(simulation.write('Main.s', 'other')).toBe(null);
    simulation.scan();
    expect(simulation.values()).toMatchObject({ 'Main.n': 3001, 'Main.s': 'other' });
  });

  test('retained variables outlive a warm start out of WebAssembly', () => {
    const text =
      'PROGRAM Main\nVAR RETAIN kept : DINT; END_VAR\nVAR lost : DINT; END_VAR\nkept := kept + 1; lost := lost + 1;\nEND_PROGRAM\n';
    const simulation = simulate(text);
    simulation.runScans(3000);
    simulation.start('warm');
    simulation.runScans(3000);
    expect(simulation.values()).toEqual({ 'Main.kept': 6000, 'Main.lost': 3000 });
  });

  test('mocks, coverage and unknown forms keep a program in JavaScript, which says why', () => {
    const why = (text: string, options = {}): string | null => {
      const simulation = simulate(text, 'codesys', options);
      simulation.runScans(3000);
      expect(simulation.engine).toBe('javascript');
      return simulation.whyJavaScript;
    };
    expect(why(counter, { coverage: true })).toBe('coverage');
    expect(why(counter, { mocks: true })).toBe('mocks');
    const withInterface =
      'INTERFACE I_A\nMETHOD M : INT\nEND_METHOD\nEND_INTERFACE\nPROGRAM Main\nVAR i : I_A; n : INT; END_VAR\nn := n + 1;\nEND_PROGRAM\n';
    expect(why(withInterface)).toBe('an interface');
  });
});
