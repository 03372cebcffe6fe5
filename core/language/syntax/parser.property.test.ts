import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectOf } from '../dialects/dialect.js';
import { DIALECT_IDS, type DialectId } from '../dialects/dialect-id.js';
import { tokenize } from './lexer.js';
import { parseSourceFile } from './parser.js';
import { SAMPLES } from './samples.test-data.js';
import { childrenOf, type SyntaxNode, walk } from './walk.js';

const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/st');

function corpusTexts(): string[] {
  if (!existsSync(CORPUS)) return [];
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.st'))
    .sort()
    .map((name) => readFileSync(join(CORPUS, name), 'utf8'));
}

/** 500 mutations in every test run; a nightly run asks for more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? '500');

const TEXTS = [...SAMPLES, ...corpusTexts()];

/** Pieces that turn up where they don't belong while somebody types. */
const PIECES = [
  'END_IF',
  'IF',
  'THEN',
  'ELSE',
  'CASE x OF',
  'END_CASE',
  'FOR i := 0 TO',
  'VAR',
  'END_VAR',
  'FUNCTION_BLOCK F',
  'END_FUNCTION_BLOCK',
  'METHOD m',
  'PROPERTY p : INT',
  'GET',
  'TYPE',
  'STRUCT',
  'ARRAY[',
  'REF_TO',
  'ACTION a:',
  'STEP s:',
  'TRANSITION',
  'REGION x',
  'NAMESPACE n',
  '(',
  ')',
  '[',
  ']',
  ';',
  ':',
  ':=',
  '=>',
  '=',
  '.',
  '..',
  ',',
  '^',
  '#',
  '%',
  "'",
  '"',
  '(*',
  '*)',
  '//',
  '/*',
  '{',
  '}',
  '\n',
  '\r\n',
  ' ',
  '$',
  '\0',
  '\u{1f600}',
  'é',
  '16#',
  'T#',
  'D#2024-',
  '1.',
  '1e',
  '@',
  '?=',
  'REF=',
  'S=',
  'x',
  '_',
  'TRUE',
  'CONFIGURATION c',
  "TEST 't'",
  'DATA_BLOCK "d"',
  'BEGIN',
];

interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  insert: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
});

function mutate(text: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((current, { at, remove, insert }) => {
    const offset = Math.floor(at * current.length);
    return current.slice(0, offset) + insert + current.slice(offset + remove);
  }, text);
}

/** The first violation of the tree's invariants, or null. */
function brokenInvariant(root: SyntaxNode, text: string): string | null {
  let problem: string | null = null;
  walk(root, (node) => {
    if (node.start < 0 || node.end > text.length || node.start > node.end)
      problem ??= `${node.kind} ${node.start}..${node.end}`;
    for (const child of childrenOf(node)) {
      if (child.start < node.start || child.end > node.end) {
        problem ??= `${child.kind} ${child.start}..${child.end} is not inside ${node.kind} ${node.start}..${node.end}`;
      }
    }
    return undefined;
  });
  return problem;
}

describe('the parser on mutated programs', () => {
  it('never throws, and spans nest and lie in the text', () => {
    fc.assert(
      fc.property(
        fc.nat(TEXTS.length - 1),
        fc.array(mutation, { minLength: 0, maxLength: 4 }),
        fc.constantFrom(...DIALECT_IDS),
        fc.constantFrom('a.st', 'a_test.st'),
        (index, mutations, dialect, path) => {
          const mutated = mutate(TEXTS[index] ?? '', mutations);
          const file = parseSourceFile(path, mutated, dialect);
          expect(brokenInvariant(file, mutated)).toBeNull();
          for (const error of file.syntaxErrors) {
            expect(error.start).toBeGreaterThanOrEqual(0);
            expect(error.end).toBeGreaterThanOrEqual(error.start);
            expect(error.end).toBeLessThanOrEqual(mutated.length);
          }
        },
      ),
      { numRuns: RUNS, seed: 20260101 },
    );
  });

  it('covers every token by a declaration when it reports nothing', () => {
    fc.assert(
      fc.property(fc.nat(TEXTS.length - 1), fc.array(mutation, { maxLength: 2 }), (index, mutations) => {
        const mutated = mutate(TEXTS[index] ?? '', mutations);
        const file = parseSourceFile('a.st', mutated, 'codesys');
        if (file.syntaxErrors.length > 0) return;
        const tokens = tokenize(mutated, 0, mutated.length, dialectOf('codesys'), 'program');
        for (let token = 0; token < tokens.count - 1; token++) {
          const start = tokens.starts[token] ?? 0;
          const end = tokens.ends[token] ?? 0;
          const isCovered =
            mutated.slice(start, end) === ';' ||
            file.declarations.some((declaration) => declaration.start <= start && end <= declaration.end) ||
            isBetween(file.text, start);
          expect(isCovered, `'${mutated.slice(start, end)}' at ${start}`).toBe(true);
        }
      }),
      { numRuns: RUNS, seed: 20260102 },
    );
  });

  it('scans every character into a token, a comment, a pragma or a blank', () => {
    fc.assert(
      fc.property(
        fc.nat(TEXTS.length - 1),
        fc.array(mutation, { maxLength: 3 }),
        fc.constantFrom<DialectId>('codesys', 'siemens', 'rockwell'),
        (index, mutations, dialect) => {
          const mutated = mutate(TEXTS[index] ?? '', mutations);
          const tokens = tokenize(mutated, 0, mutated.length, dialectOf(dialect), 'program');
          const covered = new Uint8Array(mutated.length);
          for (let token = 0; token < tokens.count; token++) covered.fill(1, tokens.starts[token], tokens.ends[token]);
          for (const trivia of [...tokens.comments, ...tokens.pragmas]) covered.fill(1, trivia.start, trivia.end);
          const lost = [...mutated.matchAll(/\S/g)].find(
            (match) => covered[match.index] === 0 && !/[\u200b\u0085]/.test(match[0]),
          );
          expect(lost?.[0]).toBeUndefined();
        },
      ),
      { numRuns: RUNS, seed: 20260103 },
    );
  });
});

/** `TYPE`, `END_TYPE` stand around type declarations, which don't include them. */
function isBetween(text: string, start: number): boolean {
  return /^(?:TYPE|END_TYPE|PUBLIC|INTERNAL)\b/i.test(text.slice(start));
}

describe('the parser on extreme texts', () => {
  const extreme: readonly (readonly [name: string, text: string, errors?: number])[] = [
    ['5000 nested parentheses', `PROGRAM M\nx := ${'('.repeat(5000)}1${')'.repeat(5000)};\nEND_PROGRAM`],
    ['5000 nested IF', `PROGRAM M\n${'IF a THEN\n'.repeat(5000)}${'END_IF\n'.repeat(5000)}END_PROGRAM`],
    ['5000 nested NOT', `PROGRAM M\nx := ${'NOT '.repeat(5000)}a;\nEND_PROGRAM`],
    ['5000 nested calls', `PROGRAM M\nx := ${'f('.repeat(5000)}1${')'.repeat(5000)};\nEND_PROGRAM`],
    ['5000 nested array types', `TYPE A : ${'ARRAY[0..1] OF '.repeat(5000)}INT; END_TYPE`],
    ['5000 nested structures', `TYPE A : ${'STRUCT a : '.repeat(5000)}INT; END_TYPE`],
    ['20000 operands', `PROGRAM M\nx := a${' + a'.repeat(20000)};\nEND_PROGRAM`],
    ['20000 members', `PROGRAM M\nx := a${'.b'.repeat(20000)};\nEND_PROGRAM`],
    ['5000 assignments in one', `PROGRAM M\n${'x := '.repeat(5000)}1;\nEND_PROGRAM`],
    ['5000 nested namespaces', `${'NAMESPACE n\n'.repeat(5000)}`],
    [
      '5000 nested initial values',
      `PROGRAM M\nVAR x : T := ${'('.repeat(0)}${'[3('.repeat(5000)}1; END_VAR\nEND_PROGRAM`,
    ],
    ['a megabyte of NUL', '\0'.repeat(1_000_000)],
    ['a megabyte of one line', `PROGRAM M\n${'x := x + 1; '.repeat(90_000)}\nEND_PROGRAM`],
    ['a megabyte of open comments', '(*'.repeat(500_000)],
    ['a megabyte of quotes', "'".repeat(1_000_000)],
    ['a megabyte of braces', '{'.repeat(1_000_000)],
    [
      '50000 names in place of a label',
      `PROGRAM M\nCASE x OF\n${'a.b.c.d '.repeat(50_000)}\nEND_CASE\nEND_PROGRAM`,
      60_000,
    ],
    ['50000 labels', `PROGRAM M\nCASE x OF\n${'1, '.repeat(50_000)}2: y := 1;\nEND_CASE\nEND_PROGRAM`],
    ['100000 open structure values', `PROGRAM M\nx := ${'(a := '.repeat(100_000)}1\nEND_PROGRAM`],
    ['100000 statements', `PROGRAM M\n${'x := 1;\n'.repeat(100_000)}END_PROGRAM`],
    ['many parentheses in braces', `{${"'".repeat(100_000)}`],
  ];
  it.each(extreme.map(([name, text, errors = 20]) => [name, text, errors] as const))('%s', (_, text, errors) => {
    const file = parseSourceFile('a.st', text, 'codesys');
    expect(brokenInvariant(file, text)).toBeNull();
    expect(file.syntaxErrors.length).toBeLessThan(errors);
  });

  it('reads 500 levels without an error', () => {
    const parentheses = parseSourceFile(
      'a.st',
      `PROGRAM M\nx := ${'('.repeat(500)}1${')'.repeat(500)};\nEND_PROGRAM`,
      'codesys',
    );
    expect(parentheses.syntaxErrors).toEqual([]);
    const blocks = parseSourceFile(
      'a.st',
      `PROGRAM M\n${'IF a THEN\n'.repeat(500)}${'END_IF\n'.repeat(500)}END_PROGRAM`,
      'codesys',
    );
    expect(blocks.syntaxErrors).toEqual([]);
  });
});
