import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialectOf } from '../dialects/dialect.js';
import type { DialectId } from '../dialects/dialect-id.js';
import { tokenize } from '../syntax/lexer.js';
import { CODESYS_SAMPLE, SIEMENS_SAMPLE, TEST_SAMPLE } from '../syntax/samples.test-data.js';
import { FIRST_KEYWORD } from '../syntax/token.js';
import { DEFAULT_FORMAT, type FormatOptions, formatText } from './format.js';

function format(text: string, options: Partial<FormatOptions> = {}, dialect: DialectId = 'codesys'): string {
  return formatText(text, dialect, { ...DEFAULT_FORMAT, ...options });
}

const MESSY = `program Main
var
x:INT:=1;// first
    longName , b :BOOL;
 t : TON:=(PT:=T#1s) ; (* second *)


  (* apart *)
  y AT %IX0.0:BOOL:=TRUE;
end_var



// start
if x>1 and   not b then
t( IN:=b,
PT :=T#1s );
case x of
1 , 2..3 :
x:=- 1;
// last
else
x:=a[ i ].b^.c - -1;
end_case
elsif b
or c then ;
end_if
for i:=0 to 10 do
x := x+1; end_for
out S= b; r REF= x;
END_PROGRAM
`;

const NEAT = `PROGRAM Main
VAR
  x           : INT := 1;            // first
  longName, b : BOOL;
  t           : TON := (PT := T#1s); (* second *)

  (* apart *)
  y AT %IX0.0 : BOOL := TRUE;
END_VAR

// start
IF x > 1 AND NOT b THEN
  t(IN := b,
    PT := T#1s);
  CASE x OF
    1, 2..3:
      x := -1;
      // last
  ELSE
    x := a[i].b^.c - -1;
  END_CASE
ELSIF b
  OR c THEN ;
END_IF
FOR i := 0 TO 10 DO
  x := x + 1; END_FOR
out S= b; r REF= x;
END_PROGRAM
`;

describe('formatText', () => {
  it('lays out a messy program', () => {
    expect(format(MESSY)).toBe(NEAT);
  });

  it('indents with tabs, keeps the case of keywords, leaves declarations alone, deepens the content of POUs', () => {
    const text = 'program Main\nvar\na : INT;\nlong : INT;\nend_var\na := 1;\nend_program\n';
    expect(format(text, { indent: 'tab', keywordCase: 'keep', declarations: 'plain', pouContent: 'indent' })).toBe(
      'program Main\n\tvar\n\t\ta : INT;\n\t\tlong : INT;\n\tend_var\n\ta := 1;\nend_program\n',
    );
  });

  it('writes keywords in lower case, but not the names that look like them', () => {
    expect(format('PROGRAM P\nStep := Get AND TRUE;\nEND_PROGRAM\n', { keywordCase: 'lower' })).toBe(
      'program P\nStep := Get and true;\nend_program\n',
    );
  });

  it('indents members of a function block and elements of a type', () => {
    const text = `FUNCTION_BLOCK F
METHOD m : INT
m := 1;
END_METHOD
PROPERTY p : INT
GET
p := 1;
END_GET
END_PROPERTY
END_FUNCTION_BLOCK
TYPE
E : (
A,
B
);
S : STRUCT
a : INT;
END_STRUCT;
END_TYPE
`;
    expect(format(text)).toBe(`FUNCTION_BLOCK F
METHOD m : INT
  m := 1;
END_METHOD
PROPERTY p : INT
  GET
    p := 1;
  END_GET
END_PROPERTY
END_FUNCTION_BLOCK
TYPE
  E : (
    A,
    B
  );
  S : STRUCT
    a : INT;
  END_STRUCT;
END_TYPE
`);
  });

  it('keeps the line ends of the file', () => {
    expect(format('PROGRAM P\r\nx:=1;\r\nEND_PROGRAM')).toBe('PROGRAM P\r\nx := 1;\r\nEND_PROGRAM\r\n');
  });

  it('keeps free text of SCL as it is', () => {
    const text =
      'FUNCTION "F" : Void\nTITLE =  It\'s  (a)  title\nVERSION : 0.1\nBEGIN\nREGION  Don\'t  touch ;x\n#a:=1;\nEND_REGION\nEND_FUNCTION\n';
    expect(format(text, {}, 'siemens')).toBe(
      'FUNCTION "F" : Void\nTITLE =  It\'s  (a)  title\nVERSION : 0.1\nBEGIN\nREGION Don\'t  touch ;x\n  #a := 1;\nEND_REGION\nEND_FUNCTION\n',
    );
  });

  it('returns a text with syntax errors as it is', () => {
    const text = 'PROGRAM P\nx:= ;\nEND_PROGRAM';
    expect(format(text)).toBe(text);
  });
});

/** The text of all tokens, keywords in upper case, with comments and pragmas. */
function contentOf(text: string, dialect: DialectId): string[] {
  const stream = tokenize(text, 0, text.length, dialectOf(dialect), 'program');
  const content: string[] = [];
  for (const [, word = '', free = ''] of text.matchAll(/^[ \t]*(REGION|TITLE)\b(.*)$/gim))
    content.push(word.toUpperCase(), free.trim());
  for (let index = 0; index < stream.count; index++) {
    const word = text.slice(stream.starts[index], stream.ends[index]);
    content.push((stream.kinds[index] ?? 0) >= FIRST_KEYWORD ? word.toUpperCase() : word);
  }
  for (const { start, end } of [...stream.comments, ...stream.pragmas]) content.push(text.slice(start, end).trimEnd());
  return content;
}

const CORPUS = join(import.meta.dirname, '../../../../shared/corpus/st');

function corpusTexts(): [string, DialectId][] {
  if (!existsSync(CORPUS)) return [];
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.st'))
    .sort()
    .map((name) => [readFileSync(join(CORPUS, name), 'utf8'), 'codesys']);
}

const TEXTS: readonly (readonly [string, DialectId])[] = [
  [CODESYS_SAMPLE, 'codesys'],
  [SIEMENS_SAMPLE, 'siemens'],
  [TEST_SAMPLE, 'codesys'],
  [MESSY, 'codesys'],
  ...corpusTexts(),
];

/** Changes blanks and line breaks at random places. Strings and comments may change with them: it is another text then. */
function shake(text: string, places: readonly { at: number; blank: string }[]): string {
  return places.reduce((current, { at, blank }) => {
    const offset = current.indexOf(' ', Math.floor(at * current.length));
    return offset < 0 ? current : current.slice(0, offset) + blank + current.slice(offset + 1);
  }, text);
}

describe('formatting', () => {
  it('never changes tokens, comments and pragmas, and twice is once', () => {
    const place = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      blank: fc.constantFrom(' ', '  ', '\t', '\n', '\n\n\n', '\r\n', ' \n ', ' (* c *) ', ' {p} ', ' // d\n'),
    });
    const options: fc.Arbitrary<FormatOptions> = fc.record({
      indent: fc.constantFrom<FormatOptions['indent']>(2, 4, 'tab'),
      keywordCase: fc.constantFrom('upper', 'lower', 'keep'),
      declarations: fc.constantFrom('align', 'plain'),
      pouContent: fc.constantFrom('flush', 'indent'),
      maximumBlankLines: fc.constantFrom(0, 1, 2),
    });
    fc.assert(
      fc.property(fc.nat(TEXTS.length - 1), fc.array(place, { maxLength: 6 }), options, (index, places, chosen) => {
        const [source, dialect] = TEXTS[index] ?? ['', 'codesys'];
        const text = shake(source, places);
        const once = formatText(text, dialect, chosen);
        expect(contentOf(once, dialect)).toEqual(contentOf(text, dialect));
        expect(formatText(once, dialect, chosen)).toBe(once);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? '400'), seed: 11 },
    );
  });

  it.each(TEXTS.map(([text, dialect], index) => [index, text, dialect] as const))(
    'formats sample %i',
    (_, text, dialect) => {
      const formatted = formatText(text, dialect);
      expect(contentOf(formatted, dialect)).toEqual(contentOf(text, dialect));
    },
  );
});
