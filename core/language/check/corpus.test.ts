import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../formats/read-source.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { buildProject } from '../semantics/project.js';

const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus');

/** How many files and lines there are to check, so that none is left out unseen. */
function sizeOf(folder: string, extension: RegExp): { readonly files: number; readonly lines: number } {
  const texts = readdirSync(join(CORPUS, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => extension.test(path))
    .map((path) => readFileSync(join(CORPUS, folder, path), 'utf8'));
  return { files: texts.length, lines: texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0) };
}

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

  test('as many files and lines as there are; Logix and TIA Portal are counted beside their readers', () => {
    expect(sizeOf('twincat', /\.tc(pou|dut|gvl|io)$/i)).toEqual({ files: 87, lines: 8370 });
    expect(sizeOf('st/trust', /\.st$/i)).toEqual({ files: 11, lines: 257 });
    expect(sizeOf('st/ironplc', /\.st$/i)).toEqual({ files: 46, lines: 1228 });
  });

  test('samples of a grammar name things that nobody declares, and are right in all else', () => {
    const folder = 'st/ironplc';
    const paths = readdirSync(join(CORPUS, folder)).filter((path) => path.endsWith('.st'));
    const codes = paths.flatMap((path) => {
      const file = readSource(path, readFileSync(join(CORPUS, folder, path)), 'codesys');
      const { findings } = buildProject({ files: [file], dialect: 'codesys', entry: null, cycle: 10_000_000n });
      return findings
        .filter(({ severity, file: name }) => severity === 'error' && !/_(?:syntax|semantic)_error\.st$/.test(name))
        .map(({ code }) => code);
    });
    // Undeclared names, types, functions, globals and programs; an expression that mixes numbers with BOOL; an index of
    // an INT; and an assignment to a block that has the name of the variable.
    const known = ['PW2001', 'PW2002', 'PW2003', 'PW2014', 'PW2030', 'PW2044', 'PW3012', 'PW3013', 'PW3020', 'PW3036'];
    expect([...new Set(codes)].sort()).toEqual(known);
  });
});

test.runIf(!existsSync(CORPUS))('real code: left out, because the corpus is not beside the repository', () => {
  expect(existsSync(CORPUS)).toBe(false);
});
