import fc from 'fast-check';
import { expect, test } from 'vitest';
import { projectOf } from '../check/testing/marked-source.js';
import { SEMANTIC_DIAGNOSTICS } from '../diagnostics/registry.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { type LintSettings, lintProject } from './lint-project.js';
import { LINT_RULES } from './lint-rules.js';

const EVERYTHING: LintSettings = Object.fromEntries(LINT_RULES.map(({ code }) => [code, 'info' as const]));
const SEEDS = [...LINT_RULES, ...SEMANTIC_DIAGNOSTICS]
  .flatMap((one) => [one.good, one.bad])
  .filter((text) => text.length < 2000);
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
  'RETURN;',
  'x := x;',
  'EXIT;',
  '1',
];

test('every rule copes with damaged programs, the same way every time, with places inside of the text', () => {
  const cut = fc.record({ at: fc.nat(2000), length: fc.nat(10), scrap: fc.constantFrom(...SCRAPS) });
  fc.assert(
    fc.property(
      fc.constantFrom(...SEEDS),
      fc.constantFrom(...SEEDS),
      fc.array(cut, { maxLength: 3 }),
      fc.constantFrom<DialectId>('iec', 'codesys', 'siemens', 'rockwell'),
      (first, second, cuts, dialect) => {
        let text = first;
        for (const { at, length, scrap } of cuts) {
          const start = at % (text.length + 1);
          text = `${text.slice(0, start)} ${scrap} ${text.slice(start + length)}`;
        }
        const project = projectOf({ 'a.st': text, 'b.st': second }, dialect);
        const found = lintProject(project, EVERYTHING);
        for (const { file, line, endLine } of found) {
          const lines = (file === 'a.st' ? text : second).split(/\r\n|\r|\n/).length;
          expect(line).toBeLessThanOrEqual(endLine);
          expect(endLine).toBeLessThanOrEqual(lines);
        }
        expect(lintProject(project, EVERYTHING)).toEqual(found);
      },
    ),
    { numRuns: 300 },
  );
});

test('deeply nested loops are followed in time', () => {
  const depth = 60;
  const text = `PROGRAM Main\nVAR_TEMP i : INT; n : INT; END_VAR\n${'FOR i := 1 TO 3 DO WHILE n < 5 DO\n'.repeat(depth)}n := n + 1;\n${'END_WHILE; END_FOR;\n'.repeat(depth)}END_PROGRAM\n`;
  const project = projectOf({ 'a.st': text }, 'codesys');
  expect(project.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(lintProject(project, EVERYTHING).map(({ rule }) => rule)).toContain('deep-nesting');
});
