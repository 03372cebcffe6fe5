import { describe, expect, it } from 'vitest';
import { machine } from '../safety/rules/example-machine.js';
import { siteOf } from '../safety/testing/site-of.js';
import { proveProperty } from './prove-property.js';

const PROJECT = siteOf(
  machine({
    variables: 'n : INT; ramp : ARRAY[0..2] OF BOOL;',
    body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed; IF n < 3 THEN n := n + 1; ELSE n := 0; END_IF ramp[1] := Motor;',
  }),
).project;

function answerTo(text: string): string {
  const proof = proveProperty(PROJECT, text);
  return proof.kind === 'answered' ? proof.proved.result.status : proof.problem;
}

describe('an ST expression that must hold after every scan', () => {
  it.each([
    ['Main.EStop_OK OR NOT Main.Motor', 'proved'],
    ['NOT Motor OR Guard_Closed AND EStop_OK', 'proved'],
    ['Main.ramp[1] = Main.Motor', 'proved'],
    ['NOT Main.Motor', 'refuted'],
    ['Main.n <> 2', 'refuted'],
  ])('%s: %s', (text, expected) => {
    expect(answerTo(text)).toBe(expected);
  });

  it.each([
    ['Main.Nothing', 'the code has no Main.Nothing'],
    ['Main.n + 1', 'is not Boolean'],
    ['Main.Motor AND', ''],
    ['ABS(Main.n) > 1', 'calls are not evaluated'],
  ])('%s is refused', (text, expected) => {
    const answer = answerTo(text);
    expect(['proved', 'refuted', 'unknown']).not.toContain(answer);
    expect(answer).toContain(expected);
  });
});
