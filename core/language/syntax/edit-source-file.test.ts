import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectId } from '../dialects/dialect-id.js';
import { editFile, openEditableFile } from './edit-source-file.js';
import { applyEdit, fixtureSources, randomEdit } from './edits.test-data.js';
import { parseSourceFile } from './parser.js';

const TEXTS: readonly { readonly dialect: DialectId; readonly text: string }[] = [
  { dialect: 'codesys', text: joined('plant-01-press') },
  { dialect: 'codesys', text: joined('plant-05-filling') },
  { dialect: 'iec', text: joined('plant-03-conveyor') },
  { dialect: 'siemens', text: joined('plant-04-packaging') },
];

function joined(site: string): string {
  return fixtureSources(site)
    .map(({ text }) => text)
    .join('\n');
}

const FILE = [
  'FUNCTION_BLOCK A\nVAR\n  x : INT;\nEND_VAR\nx := x + 1;\nEND_FUNCTION_BLOCK\n',
  "// about B\n{attribute 'b'}\nFUNCTION_BLOCK B\nVAR\n  y : INT;\nEND_VAR\ny := y + 1;\nEND_FUNCTION_BLOCK\n",
  'FUNCTION_BLOCK C\nVAR\n  z : INT;\nEND_VAR\nz := z + 1;\nEND_FUNCTION_BLOCK\n',
  'FUNCTION_BLOCK D\nVAR\n  w : INT;\nEND_VAR\nw := w + 1;\nEND_FUNCTION_BLOCK\n',
].join('\n');

describe('editFile', () => {
  it('keeps the nodes of all declarations when a body changes', () => {
    const editable = openEditableFile('a.st', FILE, 'codesys');
    const nodes = [...editable.file.declarations];
    const { exchange } = editFile(editable, FILE.replace('y + 1', 'y + 1000'));
    expect(editable.file.declarations).toEqual(nodes);
    for (const [position, node] of editable.file.declarations.entries()) expect(node).toBe(nodes[position]);
    expect(
      exchange.bodies.map(({ owner }) => ('name' in owner && typeof owner.name === 'object' ? owner.name.name : '')),
    ).toContain('B');
    expect(exchange.bodies.length).toBeLessThan(4);
  });

  it('says so when a declaration changes', () => {
    const editable = openEditableFile('a.st', FILE, 'codesys');
    const behind = editable.file.declarations[3];
    const { exchange } = editFile(editable, FILE.replace('FUNCTION_BLOCK B', 'FUNCTION_BLOCK B2'));
    const names = (list: typeof exchange.added): unknown[] => list.map((one) => 'name' in one && one.name);
    expect([names(exchange.removed), names(exchange.added)]).toMatchObject([[{ name: 'B' }], [{ name: 'B2' }]]);
    expect(editable.file.declarations[3]).toBe(behind);
  });

  it('takes a comment or a space in a header for no change of it', () => {
    const editable = openEditableFile('a.st', FILE, 'codesys');
    expect(editFile(editable, FILE.replace('y : INT;', 'y  :  INT; // count')).exchange.sections).toEqual([]);
  });

  it('gives the tree of a fresh parse after every edit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TEXTS),
        fc.array(randomEdit, { minLength: 1, maxLength: 5 }),
        ({ dialect, text }, edits) => {
          const editable = openEditableFile('site.st', text, dialect);
          let current = text;
          for (const edit of edits) {
            current = applyEdit(current, edit);
            editFile(editable, current);
            if (!isDeepStrictEqual(editable.file, parseSourceFile('site.st', current, dialect)))
              expect(editable.file).toEqual(parseSourceFile('site.st', current, dialect));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
