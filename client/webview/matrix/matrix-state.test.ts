import { expect, test } from 'vitest';
import { viewMessageOf } from './matrix-state.js';

test.each([
  [{ kind: 'ready' }, { kind: 'ready' }],
  [
    { kind: 'open-change', changeId: 'CAR-1', more: 1 },
    { kind: 'open-change', changeId: 'CAR-1' },
  ],
  [{ kind: 'open-change', changeId: 7 }, null],
  [{ kind: 'run', command: 'rm' }, null],
  ['ready', null],
  [null, null],
])('a message %j of the webview is read as %j', (value, expected) => {
  expect(viewMessageOf(value)).toEqual(expected);
});
