import { describe, expect, test } from 'vitest';
import { findDeadStores } from './dead-stores.js';
import { subjectOf } from './testing.test-data.js';

/** The assignments whose value nobody reads; n, x and m outlive the body. */
function dead(statements: string): string[] {
  const { project, pou, body } = subjectOf(statements);
  const tracked = new Set([...pou.variables.values()].filter(({ type }) => type.kind === 'elementary'));
  const outliving = new Set([...tracked].filter(({ sectionKind }) => sectionKind === 'VAR'));
  const text = project.files[0]?.text ?? '';
  return findDeadStores({ model: project.model, body, tracked, outliving }).map(({ statement }) =>
    text.slice(statement.start, statement.end).replace(/;$/, ''),
  );
}

describe('values that nobody reads', () => {
  test.each<[string, string, string[]]>([
    ['overwritten at once', 'n := 1; n := 2;', ['n := 1']],
    ['read between', 'n := 1; x := n > 0; n := 2;', []],
    ['used to compute the next value', 'n := 1; n := n + 1;', []],
    ['read in a branch', 'n := 1; IF x THEN n := 2; END_IF;', []],
    ['overwritten in every branch', 'n := 1; IF x THEN n := 2; ELSE n := 3; END_IF;', ['n := 1']],
    ['temporary at the end', 'a := 1; b := a;', ['b := a']],
    ['lasting at the end', 'n := 1;', []],
    ['overwritten after the way out', 'n := 1; IF x THEN RETURN; END_IF; n := 2;', []],
    ['read in the next pass', 'FOR a := 1 TO 3 DO n := n + b; b := a; END_FOR;', []],
    ['overwritten in the same pass', 'FOR a := 1 TO 3 DO b := 1; b := a; n := b; END_FOR;', ['b := 1']],
    ['read by the condition of the loop', 'b := 3; WHILE b > 0 DO b := b - 1; END_WHILE;', []],
    [
      'read after EXIT',
      'b := 0; REPEAT b := 1; IF x THEN EXIT; END_IF; b := 2; UNTIL x END_REPEAT; n := b;',
      ['b := 0'],
    ],
    ['CASE overwrites in all', 'a := 0; CASE n OF 1: a := 1; ELSE a := 2; END_CASE; n := a;', ['a := 0']],
    ['given to a block', 'a := 1; f(i := a, io := n); a := 2; n := a;', []],
    ['a block may read what outlives the body', 'n := 1; f(i := 1, io := b); n := b;', []],
    ['an element is no whole value', 'l[1] := 1; l[1] := 2;', []],
  ])('%s', (_name, statements, expected) => {
    expect(dead(statements)).toEqual(expected);
  });

  test('a body with jumps is left alone', () => {
    expect(dead('again: n := 1; n := 2; IF x THEN JMP again; END_IF;')).toEqual([]);
  });
});
