import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { codePages } from './code-pages.js';

const FOLDER = resolve(import.meta.dirname, '../docs/codes');

test('the pages in docs/codes are those of the rule tables: run "npm run docs" after a change of a table', () => {
  const pages = codePages();
  expect(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.md'))
      .sort(),
  ).toEqual([...pages.keys()].sort());
  const stale = [...pages].filter(([name, text]) => readFileSync(resolve(FOLDER, name), 'utf8') !== text);
  expect(stale.map(([name]) => name)).toEqual([]);
});

test('a page says what is reported, why, how strict, and shows both sides', () => {
  const pages = codePages();
  const narrowing = pages.get('PW3002.md') ?? '';
  for (const text of ['# PW3002 narrowing', 'warning in codesys', '## Reported', '## Fine', 'DINT_TO_INT'])
    expect(narrowing).toContain(text);
  expect(pages.get('PW5122.md')).toContain('lint: { self-assignment: warning }');
  expect(pages.get('ES01.md')).toContain('ISO 13850:2015');
  expect(pages.get('README.md')).toContain('[ES03](ES03.md)');
});
