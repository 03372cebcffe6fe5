/**
 * One cause, one error: sites that are right get one slip of the pen each, from a seeded generator, and the errors are
 * counted. A slip in a declaration may show once at each place that uses what is gone, and nowhere else twice.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { dialectOf } from '../dialects/dialect.js';
import { DIALECT_IDS, type DialectId } from '../dialects/dialect-id.js';
import { buildProject } from '../semantics/project.js';
import { tokenize } from '../syntax/lexer.js';
import { parseSourceFile } from '../syntax/parser.js';
import { FIRST_KEYWORD, Token } from '../syntax/token.js';

const SITES = resolve(import.meta.dirname, '../../../test/fixtures/fleet/sites');

interface Source {
  readonly path: string;
  readonly text: string;
}

interface Site {
  readonly name: string;
  readonly dialect: DialectId;
  readonly sources: readonly Source[];
}

function readSite(name: string): Site {
  const manifest = readFileSync(join(SITES, name, 'plantwright.yaml'), 'utf8');
  const dialect = DIALECT_IDS.find((id) => new RegExp(`^dialect:\\s*${id}\\b`, 'm').test(manifest)) ?? 'codesys';
  const folder = join(SITES, name, 'src');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(st|scl)$/.test(path));
  const sources = paths.sort().map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
  return { name, dialect, sources };
}

function errorsOf({ dialect, sources }: Site, changed: Source | null): string[] {
  const files = sources.map(({ path, text }) =>
    parseSourceFile(path, changed?.path === path ? changed.text : text, dialect),
  );
  return buildProject({ files, dialect, entry: null, cycle: 10_000_000n })
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, file, line, message }) => `${code} ${file}:${line} ${message}`);
}

/** A token with its text. */
interface Word {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly isFirst: boolean;
}

function wordsOf(text: string, dialect: DialectId): Word[] {
  const { count, kinds, starts, ends, startsLine } = tokenize(text, 0, text.length, dialectOf(dialect), 'program');
  return Array.from({ length: count - 1 }, (_, at) => {
    const [start, end] = [starts[at] ?? 0, ends[at] ?? 0];
    return { kind: kinds[at] ?? 0, start, end, text: text.slice(start, end), isFirst: startsLine[at] === 1 };
  });
}

const isKeyword = ({ kind }: Word): boolean => kind >= FIRST_KEYWORD && kind < Token.CONTINUE;
const HEADS = /^(THEN|DO|OF|TO|UNTIL|VAR|VAR_INPUT|IF|CASE|FOR|TYPE|STRUCT|PROGRAM|FUNCTION|FUNCTION_BLOCK)$/i;

function swapped(word: string, random: number): string {
  const at = random % (word.length - 1);
  return `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
}

interface Slip {
  readonly name: string;
  readonly fits: (word: Word) => boolean;
  /** What stands there instead. */
  readonly write: (word: Word, random: number) => string;
  /** Errors per use of what the slip takes away. */
  readonly most: number;
}

const drop = (): string => '';
const of = (kind: number) => (word: Word) => word.kind === kind;

const SLIPS: readonly Slip[] = [
  { name: 'a semicolon is missing', fits: of(Token.Semicolon), write: drop, most: 1 },
  {
    name: 'an END keyword is missing',
    fits: (word) => isKeyword(word) && /^END_(?!STRUCT)/i.test(word.text),
    write: drop,
    most: 2,
  },
  { name: 'a keyword is missing', fits: (word) => isKeyword(word) && HEADS.test(word.text), write: drop, most: 2 },
  {
    name: 'a keyword is misspelled',
    fits: (word) => isKeyword(word) && word.text.length > 3,
    write: ({ text }, random) => swapped(text, random),
    most: 2,
  },
  { name: 'a whole number is a text', fits: of(Token.Integer), write: () => "'x'", most: 1 },
  { name: 'an opening parenthesis is missing', fits: of(Token.LeftParenthesis), write: () => ' ', most: 2 },
  { name: 'a closing parenthesis is missing', fits: of(Token.RightParenthesis), write: drop, most: 2 },
  { name: 'a colon is missing', fits: of(Token.Colon), write: drop, most: 2 },
  { name: 'an assignment is missing', fits: of(Token.Assign), write: () => ' ', most: 2 },
  { name: '= for :=', fits: of(Token.Assign), write: () => '=', most: 1 },
  { name: 'a comma is missing', fits: of(Token.Comma), write: () => ' ', most: 1 },
  {
    name: 'a word too many',
    fits: ({ isFirst, kind }) => isFirst && kind !== Token.STRUCT,
    write: ({ text }) => `foo ${text}`,
    most: 3,
  },
  {
    name: 'a token twice',
    fits: ({ kind }) => kind === Token.Assign || kind === Token.RightParenthesis,
    write: ({ text }) => text + text,
    most: 2,
  },
];

/** A sequence of numbers that is the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state >>> 8;
  }
}

const RUNS_PER_SLIP = 12;

test.runIf(existsSync(SITES)).each(SLIPS.map((slip) => [slip.name, slip] as const))(
  'one error when %s',
  (name, slip) => {
    // One site is there to show a file that can't be parsed.
    const sites = readdirSync(SITES)
      .sort()
      .filter((site) => existsSync(join(SITES, site, 'src')))
      .map(readSite)
      .filter((site) => errorsOf(site, null).length === 0);
    const random = numbers(name.length * 7919);
    const pick = <Item>(list: readonly Item[]): Item | undefined =>
      list[random.next().value % Math.max(1, list.length)];
    let runs = 0;
    let withMore = 0;
    for (let at = 0; at < RUNS_PER_SLIP; at++) {
      const site = pick(sites);
      const source = pick(site?.sources ?? []);
      const word =
        source === undefined || site === undefined
          ? undefined
          : pick(wordsOf(source.text, site.dialect).filter(slip.fits));
      if (site === undefined || source === undefined || word === undefined) continue;
      const written = slip.write(word, random.next().value);
      const text = source.text.slice(0, word.start) + written + source.text.slice(word.end);
      if (written.toUpperCase() === word.text.toUpperCase()) continue;
      const errors = errorsOf(site, { path: source.path, text });
      runs++;
      if (errors.length > 1) withMore++;
      expect(
        errors.length,
        `${site.name}/${source.path} at ${word.start}, "${word.text}":\n${errors.join('\n')}`,
      ).toBeLessThanOrEqual(slip.most);
    }
    expect(runs).toBeGreaterThan(0);
    expect(withMore / runs).toBeLessThanOrEqual(slip.most === 1 ? 0 : 0.34);
  },
);
