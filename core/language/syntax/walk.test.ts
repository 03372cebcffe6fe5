import { describe, expect, it } from 'vitest';
import { parseSourceFile } from './parser.js';
import { CODESYS_SAMPLE, SIEMENS_SAMPLE, TEST_SAMPLE } from './samples.test-data.js';
import { childrenOf, nodesAt, walk } from './walk.js';

describe('walk', () => {
  it('visits nodes in the order of the text, with their parents', () => {
    const file = parseSourceFile('a.st', 'FUNCTION f : INT\nVAR a : INT; END_VAR\nf := a + 1;\nEND_FUNCTION', 'iec');
    const visited: string[] = [];
    walk(file, (node, parents) => {
      if (node.kind === 'Identifier')
        visited.push(`${node.name} in ${parents.map((parent) => parent.kind).join(' > ')}`);
      return undefined;
    });
    expect(visited).toEqual([
      'f in SourceFile > Pou',
      'INT in SourceFile > Pou > NamedType > QualifiedName',
      'a in SourceFile > Pou > VariableSection > VariableDeclaration > VariableName',
      'INT in SourceFile > Pou > VariableSection > VariableDeclaration > NamedType > QualifiedName',
      'f in SourceFile > Pou > StatementList > Assignment > Name',
      'a in SourceFile > Pou > StatementList > Assignment > Binary > Name',
    ]);
  });

  it('leaves out what the visitor skips', () => {
    const file = parseSourceFile('a.st', 'PROGRAM P\na := b;\nEND_PROGRAM', 'iec');
    const kinds: string[] = [];
    walk(file, (node) => {
      kinds.push(node.kind);
      return node.kind === 'Assignment' ? 'skip' : undefined;
    });
    expect(kinds).toEqual(['SourceFile', 'Pou', 'Identifier', 'StatementList', 'Assignment']);
  });

  it.each([
    ['codesys', CODESYS_SAMPLE, 'a.st'],
    ['siemens', SIEMENS_SAMPLE, 'a.scl'],
    ['codesys', TEST_SAMPLE, 'a_test.st'],
  ] as const)('reaches every object of a %s tree that is a node', (dialect, text, path) => {
    const file = parseSourceFile(path, text, dialect);
    const reached = new Set<unknown>();
    walk(file, (node) => {
      reached.add(node);
      return undefined;
    });
    const missed: string[] = [];
    const search = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if (Array.isArray(value)) {
        value.forEach(search);
        return;
      }
      const kind = 'kind' in value && typeof value.kind === 'string' ? value.kind : null;
      if (kind === 'Pragma' || kind === 'Comment') return;
      if (kind !== null && !reached.has(value)) missed.push(kind);
      Object.values(value).forEach(search);
    };
    search(file);
    expect(missed).toEqual([]);
  });
});

describe('childrenOf', () => {
  it('sorts members that the tree keeps by kind', () => {
    const text = 'FUNCTION_BLOCK f\na();\nMETHOD m\nEND_METHOD\nVAR x : INT; END_VAR\nEND_FUNCTION_BLOCK';
    const pou = parseSourceFile('a.st', text, 'codesys').declarations[0];
    if (pou === undefined) throw new Error('no POU');
    expect(childrenOf(pou).map((child) => child.kind)).toEqual([
      'Identifier',
      'StatementList',
      'Method',
      'VariableSection',
    ]);
  });
});

describe('nodesAt', () => {
  it('finds the nodes around an offset, the end of a name included', () => {
    const text = 'PROGRAM P\nfoo.bar := 1;\nEND_PROGRAM';
    const file = parseSourceFile('a.st', text, 'codesys');
    expect(nodesAt(file, text.indexOf('bar') + 3).map((node) => node.kind)).toEqual([
      'SourceFile',
      'Pou',
      'StatementList',
      'Assignment',
      'Member',
      'Identifier',
    ]);
  });
});
