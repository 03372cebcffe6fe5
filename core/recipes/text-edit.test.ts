import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../base/decode.js';
import { applyEdits, spliceBytes } from './text-edit.js';

describe('edits of a text', () => {
  it('are applied at the places of the text before, in the order given where they share a place', () => {
    const edits = [
      { start: 6, end: 7, text: 'second' },
      { start: 0, end: 0, text: '<' },
      { start: 0, end: 0, text: '(' },
    ];
    expect(applyEdits('a and b', edits)).toBe('<(a and second');
  });

  it('must not overlap', () => {
    const edits = [
      { start: 0, end: 4, text: 'x' },
      { start: 3, end: 5, text: 'y' },
    ];
    expect(() => applyEdits('abcdef', edits)).toThrow(/overlap/);
  });
});

describe('edits of bytes', () => {
  it.each([
    ['UTF-8 with a byte order mark and CRLF', Buffer.from('\ufeffa := TRUE;\r\nb := FALSE;\r\n')],
    ['UTF-16 little endian', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a := TRUE;\r\n', 'utf16le')])],
    ['Windows-1252', Buffer.from('// Abf\xfcllung\r\na := TRUE;\r\n', 'latin1')],
  ])('leave all other bytes alone: %s', (_, bytes) => {
    const { text } = decodeText(bytes);
    const start = text.indexOf('a := TRUE');
    const inserted = spliceBytes(bytes, [{ start, end: start, text: 'x' }]);
    const removed = inserted === null ? null : spliceBytes(inserted, [{ start, end: start + 1, text: '' }]);
    expect(removed === null ? null : Buffer.from(removed)).toEqual(bytes);
  });

  it('refuse a character that the encoding lacks', () => {
    const bytes = Buffer.from('// \xfc\r\n', 'latin1');
    expect(spliceBytes(bytes, [{ start: 0, end: 0, text: '\u4e2d' }])).toBeNull();
  });

  it('give the same bytes without an edit, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = Buffer.from(text, 'utf8');
        const copy = spliceBytes(bytes, []);
        expect(copy === null ? null : Buffer.from(copy)).toEqual(bytes);
      }),
    );
  });
});
