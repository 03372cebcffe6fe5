import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../formats/read-source.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { buildProject } from '../semantics/project.js';

const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus');

function errorsIn(folder: string, extension: RegExp, dialect: DialectId): string[] {
  const paths = readdirSync(join(CORPUS, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => extension.test(path))
    .sort();
  const files = paths.map((path) => readSource(path, readFileSync(join(CORPUS, folder, path)), dialect));
  const { findings } = buildProject({ files, dialect, entry: null, cycle: 10_000_000n });
  return findings
    .filter((finding) => finding.severity === 'error')
    .map((finding) => `${finding.code} ${finding.file}:${finding.line} ${finding.message}`);
}

describe.runIf(existsSync(CORPUS))('real code has no false errors', () => {
  test('TwinCAT', () => {
    const errors = errorsIn('twincat', /\.tc(pou|dut|gvl|io)$/i, 'twincat');
    // One file belongs to another project, in which the list IO holds arrays and not structures: its errors are true.
    expect(errors.filter((error) => !error.includes('DefaultContext.TcPOU'))).toEqual([]);
  });

  test.each(['iec', 'codesys'] as const)('IEC, read as %s', (dialect) => {
    expect(errorsIn('st/trust', /\.st$/i, dialect)).toEqual([]);
  });

  test('SCL', () => {
    expect(errorsIn('tia', /\.scl$/i, 'siemens')).toEqual([]);
  });
});

test.runIf(!existsSync(CORPUS))('real code: left out, because the corpus is not beside the repository', () => {
  expect(existsSync(CORPUS)).toBe(false);
});
