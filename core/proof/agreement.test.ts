/** Proof and simulation look at the same programs: what is proved never happens in a run, what is refuted happens. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { createSimulation } from '../simulation/simulation.js';
import type { Site } from '../site/site.js';
import { type ObligationResult, proveSite } from './prove.js';

const INPUTS = ['EStop_OK', 'Guard_Closed', 'Reset_PB', 'Start_PB'] as const;
const BOOLEANS = ['a', 'b', 'c'] as const;

const operand = fc.constantFrom(...INPUTS, ...BOOLEANS, 'Motor', 'TRUE', 'n > 2', 'n = 1', 't.Q', 'edge.Q', 'latch.Q1');
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
    expression.map((input) => `t(IN := ${input}, PT := T#20ms);`),
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
  fc.array(statement, { minLength: 1, maxLength: 6 }),
  fc.constantFrom(
    'Motor := Motor AND EStop_OK AND Guard_Closed;',
    'Motor := a AND Guard_Closed;',
    'IF NOT EStop_OK THEN Motor := FALSE; END_IF',
    '',
  ),
);

const VARIABLES = 'a, b, c : BOOL; n : INT; i : INT; t : TON; edge : R_TRIG; latch : RS;';

function siteFor([statements, end]: readonly [readonly string[], string]) {
  return siteOf(machine({ variables: VARIABLES, body: `${statements.join('\n')}\n${end}` }));
}

function simulationOf(site: Site) {
  const created = createSimulation(site.project);
  if (!('simulation' in created)) throw new Error(created.findings[0]?.message);
  return created.simulation;
}

const CONDITIONS = { 'Main.EStop_OK': 'EStop_OK', 'Main.Guard_Closed': 'Guard_Closed' } as const;

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
        for (const result of proveSite(site, { scope: 'dominance' })) {
          if (result.kind !== 'dominance' || result.status !== 'refuted' || needsMoreThanBooleans(result)) continue;
          const simulation = simulationOf(site);
          for (const { inputs } of result.witness?.scans ?? []) {
            for (const name of INPUTS) simulation.write(`Main.${name}`, false);
            // what no statement writes comes from outside as well
            for (const entry of inputs) simulation.write(entry.name, entry.value);
            simulation.scan();
          }
          expect([
            simulation.read('Main.Motor'),
            simulation.read(`Main.${CONDITIONS[result.condition as keyof typeof CONDITIONS]}`),
          ]).toEqual([true, false]);
          expect(result.replayed).toBe('replayed');
          replayed++;
        }
      }),
      { numRuns: 250 },
    );
    expect(replayed).toBeGreaterThan(20);
  });
});

/** A timer that the proof let expire at will, or a number from outside, can't be replayed from Boolean inputs. */
function needsMoreThanBooleans({ witness }: ObligationResult): boolean {
  return witness?.scans.some(({ inputs }) => inputs.some(({ name }) => name.includes(' '))) ?? false;
}
