import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodeText } from './decode.js';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('decodeText', () => {
  it.each([
    ['plain ASCII', Buffer.from('x := 1;'), 'utf-8', 'x := 1;'],
    ['UTF-8', Buffer.from('(* Ölpumpe *)'), 'utf-8', '(* Ölpumpe *)'],
    ['UTF-8 with a mark', Buffer.from('\ufeffx := 1;'), 'utf-8-bom', 'x := 1;'],
    ['UTF-16 LE with a mark', Buffer.from('\ufeffx := 1;', 'utf16le'), 'utf-16le-bom', 'x := 1;'],
    ['UTF-16 BE with a mark', utf16be('\ufeffx := 1;'), 'utf-16be-bom', 'x := 1;'],
    ['UTF-16 LE without a mark', Buffer.from('PROGRAM Main', 'utf16le'), 'utf-16le', 'PROGRAM Main'],
    ['UTF-16 BE without a mark', utf16be('PROGRAM Main'), 'utf-16be', 'PROGRAM Main'],
    ['Windows-1252', Buffer.from([0x28, 0x2a, 0xd6, 0x6c, 0x80, 0x2a, 0x29]), 'windows-1252', '(*Öl€*)'],
    ['nothing', Buffer.from(''), 'utf-8', ''],
  ] as const)('%s', (_, bytes, encoding, text) => {
    expect(decodeText(bytes)).toEqual({ text, encoding, problems: [] });
  });

  it('reports NUL characters and half characters', () => {
    expect(decodeText(Buffer.from('ab\0c')).problems.map((problem) => problem.offset)).toEqual([2]);
    const half = Buffer.concat([Buffer.from('\ufeffab', 'utf16le'), Buffer.from([0x41])]);
    expect(decodeText(half).problems.map((problem) => problem.offset)).toEqual([2]);
  });
});

describe('encodeText', () => {
  it('gives back the bytes of any file that decoded without a problem', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { text, encoding, problems } = decodeText(bytes);
        if (problems.some((problem) => problem.message.includes('middle of a character'))) return;
        expect(Buffer.from(encodeText(text, encoding) ?? []).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('refuses a character that the encoding lacks', () => {
    expect(encodeText('Ω', 'windows-1252')).toBeNull();
  });
});
