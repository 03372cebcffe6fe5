/** Quick fixes of safety rules: the finding is gone, nothing new comes, and no other byte moves. */

import { describe, expect, test } from 'vitest';
import type { Fix } from '../../language/fix/fix.js';
import type { Site } from '../../site/site.js';
import type { RuleExample } from '../rule.js';
import { checkState, SAFETY_RULES } from '../rule-table.js';
import { siteOf } from '../testing/site-of.js';
import { SAFETY_FIXES, safetyFixesFor } from './safety-fixes.js';

interface Found {
  readonly path: string;
  readonly fixes: readonly Fix[];
}

function fixesOf(site: Site, code: string): Found[] {
  return checkState(site)
    .filter((finding) => finding.code === code)
    .flatMap((finding) => {
      const file = site.project.files.find(({ path }) => path === finding.file);
      if (file === undefined) return [];
      const lines = site.project.lineTableOf(file);
      const start = lines.offsetAt(finding.line, finding.column);
      const end = lines.offsetAt(finding.endLine, finding.endColumn);
      return [{ path: finding.file, fixes: safetyFixesFor(site.project, file, { code, start, end }) }];
    });
}

function applied(text: string, { edits }: Fix): string {
  let result = text;
  for (const { start, end, text: replacement } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

const serious = (site: Site): string[] =>
  [...checkState(site), ...site.project.findings]
    .filter(({ severity }) => severity === 'blocker' || severity === 'error')
    .map(({ code }) => code)
    .sort();

const EXAMPLES = SAFETY_RULES.flatMap((rule) =>
  rule.kind === 'state' && SAFETY_FIXES[rule.code] !== undefined
    ? rule.flags.map((example): readonly [string, string, RuleExample] => [rule.code, example.title, example])
    : [],
);

describe('what an example of a rule shows is gone after its fix', () => {
  test.each(EXAMPLES)('%s: %s', (code, _title, example) => {
    const before = siteOf(example.files);
    for (const { path, fixes } of fixesOf(before, code)) {
      for (const fix of fixes) {
        const text = example.files[path] ?? '';
        const after = siteOf({ ...example.files, [path]: applied(text, fix) });
        const left = (site: Site): number => checkState(site).filter((finding) => finding.code === code).length;
        expect(left(after), `${fix.title}\n${applied(text, fix)}`).toBeLessThan(left(before));
        expect(serious(before)).toEqual(expect.arrayContaining(serious(after)));
      }
    }
  });

  test.each(Object.keys(SAFETY_FIXES).filter((code) => code !== 'DP06'))('%s has an example that is mended', (code) => {
    const examples = EXAMPLES.filter(([of]) => of === code);
    expect(
      examples.flatMap(([, , { files }]) => fixesOf(siteOf(files), code)).flatMap(({ fixes }) => fixes),
    ).not.toEqual([]);
  });
});

const MANIFEST = `site: s
dialect: codesys
sources: [src/**]
entry: Main
safety:
  signals:
    - { tag: Main.stopOk, role: estop }
    - { tag: Main.motor, role: hazard }
`;

const ROWS: readonly (readonly [string, string, string, string])[] = [
  // Rule, what the fix is called, code before, code after.
  ['DP05', 'Leave the constant out', 'motor := start AND stopOk AND TRUE;', 'motor := start AND stopOk;'],
  ['DP05', 'Leave the constant out', 'motor := start AND (FALSE OR stopOk);', 'motor := start AND (stopOk);'],
];

describe('text before and after', () => {
  test.each(ROWS)('%s: %s: %s', (code, title, body, expected) => {
    const around = (text: string): string =>
      `PROGRAM Main\r\nVAR\r\n  stopOk AT %IX0.0 : BOOL;\r\n  start AT %IX0.1 : BOOL;\r\n  motor AT %QX0.0 : BOOL;\r\nEND_VAR\r\n${text}\r\nEND_PROGRAM\r\n`;
    const found = fixesOf(siteOf({ 'plantwright.yaml': MANIFEST, 'src/Main.st': around(body) }), code);
    const fix = found.flatMap(({ fixes }) => fixes).find((one) => one.title === title);
    expect(fix === undefined ? null : applied(around(body), fix)).toBe(around(expected));
  });

  test('ES14: one of several retained variables moves into a section of its own', () => {
    const around = (sections: string): string =>
      `PROGRAM Main\r\nVAR\r\n  stopOk AT %IX0.0 : BOOL;\r\n  start AT %IX0.1 : BOOL;\r\n  motor AT %QX0.0 : BOOL;\r\nEND_VAR\r\n${sections}\r\nIF NOT stopOk THEN run := FALSE; ELSIF start THEN run := TRUE; END_IF\r\nmotor := run AND stopOk;\r\ncount := count + 1;\r\nEND_PROGRAM\r\n`;
    const before = around('VAR RETAIN\r\n  count : DINT; // of parts\r\n  run : BOOL;\r\nEND_VAR');
    const [fix] = fixesOf(siteOf({ 'plantwright.yaml': MANIFEST, 'src/Main.st': before }), 'ES14').flatMap(
      ({ fixes }) => fixes,
    );
    expect(fix === undefined ? null : applied(before, fix)).toBe(
      around('VAR RETAIN\r\n  count : DINT; // of parts\r\nEND_VAR\r\nVAR\r\n  run : BOOL;\r\nEND_VAR'),
    );
  });

  test('DP06: the pragma goes with its line', () => {
    const text = 'PROGRAM Main\n{analysis -33}\nVAR a : BOOL; END_VAR\nEND_PROGRAM\n';
    const site = siteOf({ 'src/Main.st': text });
    const [file] = site.project.files;
    if (file === undefined) throw new Error('no file');
    const start = text.indexOf('{');
    const [fix] = safetyFixesFor(site.project, file, { code: 'DP06', start, end: text.indexOf('}') + 1 });
    expect(fix === undefined ? null : applied(text, fix)).toBe('PROGRAM Main\nVAR a : BOOL; END_VAR\nEND_PROGRAM\n');
  });
});
