import { describe, expect, test } from 'vitest';
import { checkChange, checkState, newFindings, SAFETY_RULES } from './rule-table.js';
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

test('a finding that only moved is not new', () => {
  const rule = SAFETY_RULES.find((candidate) => candidate.code === 'ES01');
  const files = rule?.flags[0]?.files ?? {};
  const moved = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, path.endsWith('.st') ? `// a note\n\n${text}` : text]),
  );
  expect(newFindings(checkState(siteOf(files)), checkState(siteOf(moved)))).toEqual([]);
  expect(newFindings([], checkState(siteOf(moved))).length).toBeGreaterThan(0);
});
