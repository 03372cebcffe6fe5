import { describe, expect, test } from 'vitest';
import { BASIC_CASES } from './testing/basic-cases.js';
import { DIALECT_CASES } from './testing/dialect-cases.js';
import { foundIn, marksOf, projectOf } from './testing/marked-source.js';

describe('checks', () => {
  test.each([...BASIC_CASES, ...DIALECT_CASES])('$name', ({ dialect, text }) => {
    const project = projectOf({ 'a.st': text }, dialect);
    const found = foundIn(project, 'a.st');
    const expected = marksOf(text);
    const messages = project.findings.map(
      (finding) => `${finding.line}:${finding.column} ${finding.code} ${finding.message}`,
    );
    expect(found, messages.join('\n')).toEqual(expected);
  });
});
