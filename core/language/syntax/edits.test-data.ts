/** Edits as a person makes them, for tests of what follows edits. */

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

/** Replaces `length` characters at `at` (a share of the text) by `text`. */
export interface RandomEdit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

const SNIPPETS = [
  '',
  ' ',
  ';',
  'x',
  '\n',
  'foo.',
  '(*',
  '*)',
  "'",
  '{',
  '}',
  '// note\n',
  'IF x THEN\n',
  'END_IF;\n',
  'END_VAR\n',
  'VAR\n  added : INT;\nEND_VAR\n',
  'END_FUNCTION_BLOCK\n',
  'END_PROGRAM\n',
  'FUNCTION_BLOCK FB_New\nEND_FUNCTION_BLOCK\n',
  '\nVAR_GLOBAL\n  g_Added : BOOL;\nEND_VAR\n',
  '\nTYPE E_New : (NewA, NewB); END_TYPE\n',
  'a := a + 1;\n',
  ' := ',
  "{attribute 'qualified_only'}\n",
  'END_METHOD\n',
  'STRUCT',
];

export const randomEdit: fc.Arbitrary<RandomEdit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 7, max: 400 }) },
  ),
  text: fc.constantFrom(...SNIPPETS),
});

export function applyEdit(before: string, { at, length, text }: RandomEdit): string {
  const start = Math.floor(at * before.length);
  return before.slice(0, start) + text + before.slice(start + length);
}

const SITES = 'test/fixtures/fleet/sites';

/** The plain sources of a fixture site by path, tests left out. */
export function fixtureSources(site: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(`${SITES}/${site}/src`)
    .filter((name) => /\.(st|scl)$/.test(name) && !name.endsWith('_test.st'))
    .sort()
    .map((name) => ({ path: `src/${name}`, text: readFileSync(`${SITES}/${site}/src/${name}`, 'utf8') }));
}
