import { describe, expect, test } from 'vitest';
import { codeUnitsOf } from '../dataflow/visit.js';
import { siteOf } from '../testing/site-of.js';
import { normalBody } from './normal-form.js';
import { areTokenEqual } from './tokens.js';

const DECLARATIONS =
  'VAR a : BOOL; b : BOOL; c : BOOL; n : INT; w : WORD; v : WORD; t : TON; x : TIME; END_VAR\nVAR CONSTANT K : INT := 5; END_VAR';

function siteWith(body: string) {
  return siteOf({
    'plantwright.yaml': 'site: s\ndialect: codesys\nsources: [src/**]\n',
    'src/a.st': `PROGRAM Main\n${DECLARATIONS}\n${body}\nEND_PROGRAM`,
  });
}

function normalOf(body: string): string {
  const site = siteWith(body);
  const unit = site.project.files.flatMap(codeUnitsOf)[0];
  if (unit === undefined) throw new Error('no body');
  return normalBody(unit.body, { model: site.project.model });
}

describe('written differently, meant the same', () => {
  test.each([
    ['a := b AND c;', 'a := c AND b;'],
    ['a := b AND c;', 'a := NOT (NOT b OR NOT c);'],
    ['a := b AND c;', 'A := (B) & (C);'],
    ['a := b;', 'a := b = TRUE;'],
    ['a := NOT b;', 'a := b = FALSE;'],
    ['a := n > 5;', 'a := 5 < n;'],
    ['a := n > 5;', 'a := n > K;'],
    ['a := NOT (n > 5);', 'a := n <= 5;'],
    ['x := T#500MS;', 'x := T#0.5S;'],
    ['n := 16#10;', 'n := 16;'],
    ['t(IN := a, PT := x);', 't(PT := x, IN := a);'],
    ['IF a THEN b := c; ELSIF b THEN c := a; END_IF', 'IF a THEN b := c; ELSE IF b THEN c := a; END_IF END_IF'],
    ['a := b;', '; a := b;;'],
  ])('%s = %s', (one, other) => expect(normalOf(one)).toBe(normalOf(other)));
});

describe('not the same', () => {
  test.each([
    ['a := b AND c;', 'a := b OR c;'],
    ['a := b AND NOT c;', 'a := NOT b AND c;'],
    ['a := n > 5;', 'a := n >= 5;'],
    ['a := b; c := a;', 'c := a; a := b;'],
    ['w := NOT (w AND v);', 'w := NOT w AND NOT v;'],
    ['x := T#500MS;', 'x := T#5S;'],
    ['a := b AND c OR a;', 'a := b AND (c OR a);'],
  ])('%s is not %s', (one, other) => expect(normalOf(one)).not.toBe(normalOf(other)));
});

describe('tokens', () => {
  const fileOf = (body: string) => {
    const file = siteWith(body).project.files[0];
    if (file === undefined) throw new Error('no file');
    return file;
  };
  test('comments, spacing and case make no difference', () => {
    expect(areTokenEqual(fileOf('a := b AND c;'), fileOf('A:=B (* AND NOT c *)\r\n  and C; // x'))).toBe(true);
  });
  test('a comment that swallows code does', () => {
    expect(areTokenEqual(fileOf('a := b; c := a;'), fileOf('a := b; (* c := a; *)'))).toBe(false);
  });
  test('the case of a text in quotes does', () => {
    expect(areTokenEqual(fileOf("n := LEN('ab');"), fileOf("n := LEN('AB');"))).toBe(false);
  });
});
