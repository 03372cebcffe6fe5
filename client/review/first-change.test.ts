import { expect, test } from 'vitest';
import { firstChangedLine } from './first-change.js';

test.each([
  ['a\nb\nc', 'a\nx\nc', 1],
  ['a\r\nb', 'a\nb\nc', 2],
  ['', 'new file', 0],
  ['a\nb\nc', 'a\nb', 1],
  ['a\nb', 'a\nb', 1],
])('the first changed line of %j to %j', (before, after, line) => {
  expect(firstChangedLine(before, after)).toBe(line);
});
