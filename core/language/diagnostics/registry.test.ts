import { describe, expect, test } from 'vitest';
import { buildProject } from '../semantics/project.js';
import { parseSourceFile } from '../syntax/parser.js';
import type { DiagnosticDefinition } from './diagnostic.js';
import { LANGUAGE_DIAGNOSTICS, SEMANTIC_DIAGNOSTICS } from './registry.js';

function findingsIn(definition: DiagnosticDefinition, text: string): string[] {
  const dialect = definition.dialect ?? 'iec';
  const file = parseSourceFile(`example.${dialect === 'siemens' ? 'scl' : 'st'}`, text, dialect);
  return buildProject({ files: [file], dialect, entry: null, cycle: 10_000_000n }).findings.map(
    (finding) => `${finding.code} ${finding.line}:${finding.column} ${finding.message}`,
  );
}

describe('every diagnostic', () => {
  test.each(SEMANTIC_DIAGNOSTICS.map((one) => [one.code, one] as const))(
    '%s is reported by its bad example, once',
    (code, one) => {
      const codes = findingsIn(one, one.bad).map((text) => text.slice(0, 6));
      expect([codes, findingsIn(one, one.bad)][0]).toEqual([code]);
    },
  );

  test.each(SEMANTIC_DIAGNOSTICS.map((one) => [one.code, one] as const))(
    '%s is not reported by its good example',
    (_code, one) => {
      expect(findingsIn(one, one.good)).toEqual([]);
    },
  );

  test('has a code and a name of its own', () => {
    expect(new Set(LANGUAGE_DIAGNOSTICS.map((one) => one.code)).size).toBe(LANGUAGE_DIAGNOSTICS.length);
    expect(new Set(LANGUAGE_DIAGNOSTICS.map((one) => one.name)).size).toBe(LANGUAGE_DIAGNOSTICS.length);
  });
});
