import { describe, expect, test } from 'vitest';
import { LANGUAGE_DIAGNOSTICS } from '../diagnostics/registry.js';
import { buildProject } from '../semantics/project.js';
import { parseSourceFile } from '../syntax/parser.js';
import { type LintSettings, lintProject } from './lint-project.js';
import type { LintRule } from './lint-rule.js';
import { LINT_RULES } from './lint-rules.js';

function only(rule: LintRule): LintSettings {
  return Object.fromEntries(LINT_RULES.map(({ code }) => [code, code === rule.code ? 'warning' : 'off']));
}

function linted(rule: LintRule, text: string): { readonly errors: string[]; readonly found: string[] } {
  const dialect = rule.dialect ?? 'codesys';
  const file = parseSourceFile(`example.${dialect === 'siemens' ? 'scl' : 'st'}`, text, dialect);
  const project = buildProject({ files: [file], dialect, entry: null, cycle: 10_000_000n });
  return {
    errors: project.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => `${code} ${message}`),
    found: lintProject(project, only(rule)).map(
      ({ code, line, column, message }) => `${code} ${line}:${column} ${message}`,
    ),
  };
}

const EACH = LINT_RULES.map((rule) => [`${rule.code} ${rule.name}`, rule] as const);

describe('every lint rule', () => {
  test.each(EACH)('%s reports its bad example, once, and the example is legal', (_name, rule) => {
    const { errors, found } = linted(rule, rule.bad);
    expect(errors).toEqual([]);
    expect(
      found.map((text) => text.slice(0, 6)),
      found.join('\n'),
    ).toEqual([rule.code]);
  });

  test.each(EACH)('%s is content with its good example', (_name, rule) => {
    expect(linted(rule, rule.good)).toEqual({ errors: [], found: [] });
  });

  test('has a code and a name of its own, and none of a diagnostic', () => {
    const codes = [...LINT_RULES, ...LANGUAGE_DIAGNOSTICS].map(({ code }) => code);
    const names = [...LINT_RULES, ...LANGUAGE_DIAGNOSTICS].map(({ name }) => name);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
