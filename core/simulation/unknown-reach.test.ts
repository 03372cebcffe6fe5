import { describe, expect, it } from 'vitest';
import { runScenario } from './scenario.js';
import { readScenario } from './scenario-file.js';
import { projectOf } from './test-support.js';

/** FREQ_MEASURE has no model: what depends on its output is unknown. */
function statusOf(body: string, more = '', variables = ''): string {
  const project = projectOf(`${more}
PROGRAM Main
VAR guard : BOOL; motor : BOOL; heat : REAL; meter : FREQ_MEASURE; i : INT; list : ARRAY[0..3] OF BOOL; ${variables} END_VAR
meter(IN := TRUE);
heat := meter.OUT;
${body}
END_PROGRAM`);
  const yaml = `name: x
steps:
  - { at: 0ms, set: { Main.guard: true } }
  - { at: 100ms, expect: { Main.motor: true } }
`;
  const reading = readScenario('x.yaml', yaml);
  if ('findings' in reading) throw new Error(reading.findings[0]?.message);
  const result = runScenario(project, reading.scenario);
  expect(result.unknown.map((each) => each.name)).toEqual(['FREQ_MEASURE']);
  return result.status;
}

const FB = `FUNCTION_BLOCK Relay VAR_INPUT x : BOOL; END_VAR VAR_OUTPUT y : BOOL; END_VAR
y := TRUE;
END_FUNCTION_BLOCK
FUNCTION Same : BOOL VAR_INPUT x : BOOL; END_VAR Same := x OR TRUE; END_FUNCTION
FUNCTION Put : BOOL VAR_IN_OUT t : BOOL; END_VAR VAR_INPUT x : BOOL; END_VAR t := x OR TRUE; END_FUNCTION`;

// In each of them the expectation holds, so that only the dependence decides.
describe('an unknown block', () => {
  const table: readonly {
    readonly title: string;
    readonly body: string;
    readonly variables?: string;
    readonly status: string;
  }[] = [
    { title: 'beside the motor leaves it known', body: 'motor := guard;', status: 'passed' },
    {
      title: 'whose own output is only stored leaves it known',
      body: 'motor := guard; heat := meter.OUT * 2.0;',
      status: 'passed',
    },
    { title: 'in the assigned value', body: 'motor := guard OR heat > 1.0;', status: 'unknown' },
    {
      title: 'through a chain of variables',
      body: 'a := heat > 1.0; b := a; motor := guard OR b;',
      variables: 'a : BOOL; b : BOOL;',
      status: 'unknown',
    },
    {
      title: 'in a condition around the assignment',
      body: 'IF heat < 1.0 THEN motor := guard; END_IF;',
      status: 'unknown',
    },
    {
      title: 'in a condition that ends the scan before it',
      body: 'IF heat > 9.0 THEN RETURN; END_IF; motor := guard;',
      status: 'unknown',
    },
    {
      title: 'as an index',
      body: 'list[REAL_TO_INT(heat)] := TRUE; motor := guard AND NOT list[3];',
      status: 'unknown',
    },
    {
      title: 'in a call that sets it',
      body: 'IF heat < 1.0 THEN r(); END_IF; motor := r.y;',
      variables: 'r : Relay;',
      status: 'unknown',
    },
    { title: 'in an argument of a function', body: 'motor := Same(heat > 1.0);', status: 'unknown' },
    { title: 'through an in-out parameter', body: 'Put(t := motor, x := heat > 1.0);', status: 'unknown' },
    {
      title: 'in the count of a loop',
      body: 'FOR i := 0 TO REAL_TO_INT(heat) DO motor := guard; END_FOR;',
      status: 'unknown',
    },
    {
      title: 'in the scan before',
      body: 'motor := guard OR last; last := heat > 1.0;',
      variables: 'last : BOOL;',
      status: 'unknown',
    },
    {
      title: 'in a jump around it',
      body: 'IF heat > 9.0 THEN JMP past; END_IF; motor := guard; past: ;',
      status: 'unknown',
    },
  ];
  for (const { title, body, variables, status } of table) {
    it(`${title}: ${status}`, () => expect(statusOf(body, FB, variables)).toBe(status));
  }
});
