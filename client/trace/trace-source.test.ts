import { expect, test } from 'vitest';
import { traceSourceOf } from './trace-source.js';

const PROGRAM = {
  kind: 'program',
  root: null,
  file: '/a/main.st',
  dialect: 'iec',
  program: 'Main',
  durationNs: 1e9,
  inputs: ['a=1'],
};

const CASE = {
  kind: 'case',
  root: '/a',
  revision: 'abc',
  title: 'SIM-VIOLATION',
  what: { inputs: [{ scan: 0, tag: 'Main.x', value: true }], scans: 3, tags: ['Main.y'] },
};

test.each([
  [
    { kind: 'file', path: '/a/run.json' },
    { kind: 'file', path: '/a/run.json' },
  ],
  [
    { kind: 'check', root: '/a', id: 'scenarios/x.yaml' },
    { kind: 'check', root: '/a', id: 'scenarios/x.yaml', revision: null },
  ],
  [
    { kind: 'check', root: '/a', id: 'x', revision: 'HEAD' },
    { kind: 'check', root: '/a', id: 'x', revision: 'HEAD' },
  ],
  [PROGRAM, PROGRAM],
  [{ ...PROGRAM, durationNs: -1 }, null],
  [{ ...PROGRAM, durationNs: '1s' }, null],
  [CASE, CASE],
  [{ ...CASE, what: { inputs: 'all' } }, null],
  [{ kind: 'file' }, null],
  [{ kind: 'check', root: 1, id: 'x' }, null],
  ['file', null],
])('%j is read as %j', (value, expected) => {
  expect(traceSourceOf(value)).toEqual(expected);
});
