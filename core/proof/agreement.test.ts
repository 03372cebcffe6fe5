/** Proof and simulation look at the same programs: what is proved never happens in a run, what is refuted happens. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { createSimulation } from '../simulation/simulation.js';
import type { Site } from '../site/site.js';
import { proveObligations, proveSite } from './prove.js';

const INPUTS = ['EStop_OK', 'Guard_Closed', 'Reset_PB', 'Start_PB'] as const;
const BOOLEANS = ['a', 'b', 'c'] as const;

const operand = fc.constantFrom(
  ...INPUTS,
  ...BOOLEANS,
  'Motor',
  'TRUE',
  'n > 2',
  'n = 1',
  't.Q',
  'off.Q',
  'pulse.Q',
  'edge.Q',
  'fall.Q',
  'latch.Q1',
  'counter.Q',
  'hold.held',
  'bits[1]',
  'bits[n MOD 3]',
  'mode = E_Mode.Run',
  'word.2',
  'Both(a, EStop_OK)',
);
const expression = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    operand,
    tie('expression').map((inner) => `NOT (${inner})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('AND', 'OR', 'XOR'), tie('expression'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
  ),
})).expression;
const target = fc.constantFrom(...BOOLEANS, 'Motor');
const statement = fc.letrec<{ statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.tuple(target, expression).map(([name, value]) => `${name} := ${value};`),
    fc.constantFrom('n := n + 1;', 'n := 0;', 'IF n > 5 THEN n := 0; END_IF'),
    expression.map((input) => `edge(CLK := ${input});`),
    fc
      .tuple(fc.constantFrom('t', 'off', 'pulse'), expression)
      .map(([timer, input]) => `${timer}(IN := ${input}, PT := T#20ms);`),
    expression.map((input) => `fall(CLK := ${input});`),
    fc.tuple(expression, expression).map(([up, clear]) => `counter(CU := ${up}, RESET := ${clear}, PV := 2);`),
    fc.tuple(expression, expression).map(([set, clear]) => `hold(set := ${set}, clear := ${clear});`),
    fc.tuple(fc.constantFrom('0', '1', '2', 'n MOD 3'), expression).map(([at, value]) => `bits[${at}] := ${value};`),
    fc.constantFrom('mode := E_Mode.Run;', 'mode := E_Mode.Idle;', 'word := SHL(word, 1);', 'word.2 := Start_PB;'),
    fc
      .tuple(tie('statement'), tie('statement'))
      .map(([one, other]) => `CASE mode OF E_Mode.Idle: ${one} E_Mode.Run: ${other} END_CASE`),
    tie('statement').map((inner) => `j := 0; WHILE j < 2 DO j := j + 1; ${inner} END_WHILE`),
    fc.tuple(expression, expression).map(([set, reset]) => `latch(SET := ${set}, RESET1 := ${reset});`),
    fc
      .tuple(expression, tie('statement'), tie('statement'))
      .map(([condition, yes, no]) => `IF ${condition} THEN ${yes} ELSE ${no} END_IF`),
    fc
      .tuple(tie('statement'), tie('statement'))
      .map(([one, other]) => `CASE n OF 0: ${one} 1, 2: ${other} ELSE a := FALSE; END_CASE`),
    expression.map((condition) => `IF ${condition} THEN RETURN; END_IF`),
    fc
      .tuple(target, expression)
      .map(([name, value]) => `FOR i := 0 TO 2 DO ${name} := ${value}; IF Start_PB THEN EXIT; END_IF END_FOR`),
  ),
})).statement;
/** Ends with the interlock more often than not, so that both answers occur. */
const program = fc.tuple(
  fc.array(statement, { minLength: 1, maxLength: 7 }),
  fc.constantFrom(
    'Motor := Motor AND EStop_OK AND Guard_Closed;',
    'Motor := a AND Guard_Closed;',
    'IF NOT EStop_OK THEN Motor := FALSE; END_IF',
    '',
  ),
);

const VARIABLES = `a, b, c : BOOL; n : INT; i : INT; j : INT; t : TON; off : TOF; pulse : TP; edge : R_TRIG; fall : F_TRIG;
  latch : RS; counter : CTU; hold : Hold; bits : ARRAY[0..2] OF BOOL; mode : E_Mode; word : WORD;`;
const BLOCKS = `FUNCTION_BLOCK Hold
VAR_INPUT set : BOOL; clear : BOOL; END_VAR
VAR_OUTPUT held : BOOL; END_VAR
IF clear THEN held := FALSE; ELSIF set THEN held := TRUE; END_IF
END_FUNCTION_BLOCK
FUNCTION Both : BOOL
VAR_INPUT one : BOOL; other : BOOL; END_VAR
Both := one AND other;
END_FUNCTION
TYPE E_Mode : (Idle, Run); END_TYPE`;

function siteFor([statements, end]: readonly [readonly string[], string]) {
  return siteOf(machine({ variables: VARIABLES, blocks: BLOCKS, body: `${statements.join('\n')}\n${end}` }));
}

function simulationOf(site: Site) {
  const created = createSimulation(site.project);
  if (!('simulation' in created)) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

describe('proof and simulation agree', () => {
  it('what is proved never happens in a run', () => {
    fc.assert(
      fc.property(program, fc.array(fc.nat(15), { minLength: 20, maxLength: 60 }), (parts, inputs) => {
        const site = siteFor(parts);
        expect(site.project.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        const proved = proveSite(site, { scope: 'dominance' }).filter(
          ({ kind, status }) => kind === 'dominance' && status === 'proved',
        );
        if (proved.length === 0) return;
        const simulation = simulationOf(site);
        for (const row of inputs) {
          for (const [index, name] of INPUTS.entries()) simulation.write(`Main.${name}`, ((row >> index) & 1) === 1);
          expect(simulation.scan()).toBeNull();
          for (const { condition } of proved) {
            const healthy = simulation.read(condition ?? '') === true;
            expect(healthy || simulation.read('Main.Motor') === false, `${condition} ${JSON.stringify(inputs)}`).toBe(
              true,
            );
          }
        }
      }),
      { numRuns: 250 },
    );
  });

  it('what is refuted from a cold start happens in the simulator with the inputs of the witness', () => {
    let replayed = 0;
    fc.assert(
      fc.property(program, (parts) => {
        const site = siteFor(parts);
        for (const { result, scenario } of proveObligations(site, { scope: 'dominance' })) {
          if (result.status !== 'refuted') continue;
          const shown = `${result.id}\n${scenario}\n${JSON.stringify(result.witness)}`;
          expect(result.replayed, shown).not.toBe('disagrees');
          // a timer that the proof let expire at will may not be shown within the scans that are tried
          if (result.witness?.scans.every(({ isComplete }) => isComplete) !== true) continue;
          expect(result.replayed, shown).toBe('replayed');
          replayed++;
        }
      }),
      { numRuns: 250 },
    );
    expect(replayed).toBeGreaterThan(20);
  });
});
