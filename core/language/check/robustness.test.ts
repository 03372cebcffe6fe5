import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEMANTIC_DIAGNOSTICS } from '../diagnostics/registry.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { foundIn, projectOf } from './testing/marked-source.js';

const SEEDS: readonly string[] = SEMANTIC_DIAGNOSTICS.flatMap((one) => [one.good, one.bad]);
const SCRAPS = [
  'END_VAR',
  'END_IF;',
  ';',
  '(',
  ')',
  ':=',
  '.',
  '^',
  '[',
  'x',
  'THIS^',
  'SUPER',
  '1.5',
  "'",
  'ARRAY[1..3] OF',
  'TON',
  'x : x;',
  '#',
  '(*',
];

type Mutation = { readonly at: number; readonly length: number; readonly scrap: number };

function mutate(text: string, mutations: readonly Mutation[]): string {
  let result = text;
  for (const { at, length, scrap } of mutations) {
    const start = result.length === 0 ? 0 : at % result.length;
    result = `${result.slice(0, start)} ${SCRAPS[scrap % SCRAPS.length] ?? ''} ${result.slice(start + length)}`;
  }
  return result;
}

const mutations = fc.array(fc.record({ at: fc.nat(4000), length: fc.nat(12), scrap: fc.nat(SCRAPS.length - 1) }), {
  minLength: 1,
  maxLength: 4,
});

test('damaged programs are checked without a crash, the same way every time, with places inside of the text', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SEEDS),
      fc.constantFrom(...SEEDS),
      mutations,
      fc.constantFrom<DialectId>('iec', 'codesys', 'twincat', 'siemens', 'rockwell'),
      (first, second, changes, dialect) => {
        const files = { 'a.st': mutate(first, changes), 'b.st': second };
        const project = projectOf(files, dialect);
        for (const finding of project.findings) {
          const lines = (finding.file === 'a.st' ? files['a.st'] : second).split(/\r\n|\r|\n/);
          expect(finding.line).toBeLessThanOrEqual(lines.length);
          expect(finding.rule).not.toBe('unknown-diagnostic');
        }
        expect(projectOf(files, dialect).findings).toEqual(project.findings);
      },
    ),
    { numRuns: 400 },
  );
});

test('long chains and deep nesting', () => {
  const chain = Array.from({ length: 1200 }, (_, index) => `b${index % 3}`).join(' OR ');
  const deep = `${'('.repeat(400)}b0${')'.repeat(400)}`;
  const nested = `${'IF b0 THEN '.repeat(300)}b1 := FALSE;${' END_IF;'.repeat(300)}`;
  const text = `PROGRAM Main\nVAR b0, b1, b2 : BOOL; END_VAR\nb0 := ${chain};\nb1 := ${deep};\n${nested}\nEND_PROGRAM\n`;
  expect(foundIn(projectOf({ 'a.st': text }, 'iec'), 'a.st')).toEqual([]);
});
