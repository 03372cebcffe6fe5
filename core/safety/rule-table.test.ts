import { describe, expect, test } from 'vitest';
import { checkChange, checkState, newFindings, notIn, SAFETY_RULES } from './rule-table.js';
import { changeOf, siteOf } from './testing/site-of.js';

/** Examples of these are about code that does not compile. */
const ABOUT_ERRORS = new Set(['AG07', 'CF02']);

describe.each(SAFETY_RULES)('$code $name', (rule) => {
  test.each(rule.flags)('flags: $title', (example) => {
    const found =
      rule.kind === 'state'
        ? checkState(siteOf(example.files))
        : checkChange(changeOf(example.before ?? {}, example.files));
    expect(found.filter((finding) => finding.code === rule.code).map((finding) => finding.severity)).not.toEqual([]);
  });

  test.each(rule.accepts)('accepts: $title', (example) => {
    const found =
      rule.kind === 'state'
        ? checkState(siteOf(example.files))
        : checkChange(changeOf(example.before ?? {}, example.files));
    expect(found.filter((finding) => finding.code === rule.code)).toEqual([]);
  });

  test('every example is code without errors, except where that is the point', () => {
    for (const example of [...rule.flags, ...rule.accepts]) {
      for (const files of [example.files, example.before ?? {}]) {
        if (Object.keys(files).length === 0 || ABOUT_ERRORS.has(rule.code)) continue;
        const site = siteOf(files);
        const errors = site.project.findings.filter((finding) => finding.severity === 'error');
        expect({ title: example.title, errors: errors.map((finding) => finding.message) }).toEqual({
          title: example.title,
          errors: [],
        });
      }
    }
  });
});

test('codes and names are unique', () => {
  expect(new Set(SAFETY_RULES.map((rule) => rule.code)).size).toBe(SAFETY_RULES.length);
  expect(new Set(SAFETY_RULES.map((rule) => rule.name)).size).toBe(SAFETY_RULES.length);
});

describe('what a change brings in', () => {
  const files = SAFETY_RULES.find((candidate) => candidate.code === 'ES01')?.flags[0]?.files ?? {};
  const edited = (edit: (text: string) => string): Record<string, string> =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, edit(text)]));

  test.each([
    ['a line that only moved', (text: string): string => text.replace('PROGRAM Main', '// a note\n\nPROGRAM Main')],
    ['other spacing and case', (text: string): string => text.replace('EStop_OK := TRUE', 'ESTOP_OK  :=  true')],
    ['a name that was changed everywhere', (text: string): string => text.replaceAll('EStop_OK', 'Red_Mushroom')],
  ])('%s is not new', (_title, edit) => {
    expect(newFindings(changeOf(files, edited(edit))).map(({ code }) => code)).toEqual([]);
  });

  test('what was not there before is new', () => {
    expect(notIn([], checkState(siteOf(files))).length).toBeGreaterThan(0);
  });
});
