import { describe, expect, test } from 'vitest';
import { analyseAssignment } from './definite-assignment.js';
import { subjectOf } from './testing.test-data.js';

interface Seen {
  /** Variables read too early: `a` on every way, `a?` on some. */
  readonly early: string;
  /** Of a, b and c: written at every end; in brackets those written at some. */
  readonly end: string;
}

function analysed(statements: string): Seen | null {
  const { project, pou, body } = subjectOf(statements);
  const tracked = new Set([...pou.variables.values()].filter(({ name }) => ['a', 'b', 'c'].includes(name)));
  const result = analyseAssignment(project.model, body, tracked, null);
  if (result === null) return null;
  const { earlyReads, assignedAtEnd, assignedSomewhere } = result;
  const early = earlyReads.map(({ symbol, certainty }) => `${symbol.name}${certainty === 'never-written' ? '' : '?'}`);
  const end = [...tracked].flatMap((symbol) =>
    assignedAtEnd.has(symbol) ? [symbol.name] : assignedSomewhere.has(symbol) ? [`(${symbol.name})`] : [],
  );
  return { early: early.join(' '), end: end.join(' ') };
}

describe('what has a value where', () => {
  test.each<[string, string, Seen]>([
    ['written, then read', 'a := 1; b := a;', { early: '', end: 'a b' }],
    ['read, then written', 'b := a; a := 1;', { early: 'a', end: 'a b' }],
    ['one branch only', 'IF x THEN a := 1; END_IF; b := a;', { early: 'a?', end: '(a) b' }],
    ['both branches', 'IF x THEN a := 1; ELSE a := 2; END_IF; b := a;', { early: '', end: 'a b' }],
    ['ELSIF without ELSE', 'IF x THEN a := 1; ELSIF n > 1 THEN a := 2; END_IF;', { early: '', end: '(a)' }],
    ['a branch that leaves', 'IF NOT x THEN RETURN; END_IF; a := 1;', { early: '', end: '(a)' }],
    ['CASE without ELSE', 'CASE n OF 1: a := 1; 2: a := 2; END_CASE;', { early: '', end: '(a)' }],
    ['CASE with ELSE', 'CASE n OF 1: a := 1; ELSE a := 2; END_CASE;', { early: '', end: 'a' }],
    ['CASE over all values', 'CASE m OF Mode.Idle: a := 1; Mode.Auto: a := 2; END_CASE;', { early: '', end: 'a' }],
    ['FOR that runs', 'FOR a := 1 TO 3 DO b := a; END_FOR;', { early: '', end: 'a b' }],
    ['FOR that may not run', 'FOR a := 1 TO n DO b := a; END_FOR;', { early: '', end: 'a (b)' }],
    ['a value from the pass before', 'FOR a := 1 TO 3 DO c := b; b := a; END_FOR;', { early: 'b?', end: 'a b c' }],
    ['WHILE', 'WHILE x DO a := 1; END_WHILE;', { early: '', end: '(a)' }],
    ['REPEAT runs once', 'REPEAT a := 1; UNTIL a > 0 END_REPEAT;', { early: '', end: 'a' }],
    ['EXIT before the write', 'REPEAT IF x THEN EXIT; END_IF; a := 1; UNTIL x END_REPEAT;', { early: '', end: '(a)' }],
    [
      'left by EXIT only',
      'WHILE TRUE DO a := 1; IF x THEN EXIT; END_IF; END_WHILE; b := a;',
      { early: '', end: 'a b' },
    ],
    [
      'CONTINUE before the write',
      'REPEAT IF x THEN CONTINUE; END_IF; a := 1; UNTIL x END_REPEAT;',
      { early: '', end: '(a)' },
    ],
    ['an output of a block', 'f(i := a, o => b, io := c);', { early: 'a', end: 'b c' }],
    ['an index is read', 'l[a] := 1;', { early: 'a', end: '' }],
    ['a bit of it', 'a.3 := TRUE;', { early: '', end: 'a' }],
    ['counting', 'a := a + 1;', { early: 'a', end: 'a' }],
    ['an address may be written through', 'p := ADR(a); b := a;', { early: '', end: 'a b' }],
    ['assignment in a chain', 'a := b := 1; c := a + b;', { early: '', end: 'a b c' }],
  ])('%s', (_name, statements, expected) => {
    expect(analysed(statements)).toEqual(expected);
  });

  test('a body with jumps is left alone', () => {
    expect(analysed('again: b := a; IF x THEN JMP again; END_IF;')).toBeNull();
  });
});
