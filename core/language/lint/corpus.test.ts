import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSource } from '../../formats/read-source.js';
import { buildProject } from '../semantics/project.js';
import { lintProject } from './lint-project.js';

const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus/twincat');
/** More of them in code that works, and people switch the tool off. */
const MOST_PER_THOUSAND_LINES = 5;

describe.runIf(existsSync(CORPUS))('real code under the default settings', () => {
  test('is not flooded, and nothing in it is called a likely mistake', () => {
    const paths = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tc(pou|dut|gvl|io)$/i.test(path))
      .sort();
    const files = paths.map((path) => readSource(path, readFileSync(join(CORPUS, path)), 'twincat'));
    const project = buildProject({ files, dialect: 'twincat', entry: null, cycle: 10_000_000n });
    const findings = lintProject(project);
    const lines = files.reduce((sum, { text }) => sum + text.split('\n').length, 0);
    expect((findings.length / lines) * 1000).toBeLessThan(MOST_PER_THOUSAND_LINES);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});

test.runIf(!existsSync(CORPUS))('real code: left out, because the corpus is not beside the repository', () => {
  expect(existsSync(CORPUS)).toBe(false);
});
