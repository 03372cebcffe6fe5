import { expect, test } from 'vitest';
import { machine } from '../rules/example-machine.js';
import { changeOf } from '../testing/site-of.js';
import { compareHazardLogic } from './hazard-logic.js';

const BLOCK = 'FUNCTION Low : BOOL\nVAR_INPUT p : INT; END_VAR\nLow := p < 200;\nEND_FUNCTION';
const BODY =
  'late(IN := NOT Guard_Closed, PT := T#100ms);\nIF Start_PB THEN step := 10; END_IF\nMotor := step = 10 AND EStop_OK AND Guard_Closed AND NOT late.Q AND Low(p := pressure);';
const before = machine({
  blocks: BLOCK,
  variables: 'late : TON; step : INT; pressure AT %IW4 : INT;',
  body: BODY,
});

/** The number that stands in a place of memory is that of its activation; a number in the code is a value. */
test.each([
  ['a time', 'T#100ms', 'T#10s', true],
  ['the same time', 'T#100ms', 'T#0.1s', false],
  ['a step', 'step = 10', 'step = 20', true],
  ['the same step', 'step = 10', 'step = 16#A', false],
  ['a written value', 'step := 10', 'step := 20', true],
  ['an order', 'EStop_OK AND Guard_Closed', 'Guard_Closed AND EStop_OK', false],
])('%s: %s and %s', (_title, from, to, differs) => {
  const after = { ...before, 'src/Main.st': (before['src/Main.st'] ?? '').replace(from, to) };
  expect(compareHazardLogic(changeOf(before, after)).length > 0).toBe(differs);
});

test('a limit within a function that is called', () => {
  const after = { ...before, 'src/blocks.st': BLOCK.replace('200', '900') };
  expect(compareHazardLogic(changeOf(before, after))).not.toEqual([]);
});
