import { dialectOf } from '../../dialects/dialect.js';
import type { Comment, SourceFile } from '../../syntax/tree.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintView } from '../lint-view.js';
import { messageOnPragma } from '../pragmas.js';

function* comments(
  view: LintView,
): Iterable<{ readonly comment: Comment; readonly file: SourceFile; readonly text: string }> {
  for (const file of view.files)
    for (const comment of file.comments) yield { comment, file, text: file.text.slice(comment.start, comment.end) };
}

/** A statement of ST: an assignment or call that ends with a semicolon, or the head of a control statement. */
const CODE_LINE =
  /^\s*(?:[A-Za-z_#"][\w.#"[\]^]*\s*(?::=|\+=|S=|R=)[^;]*;|[A-Za-z_][\w.]*\s*\([^()]*(?::=|=>)[^;]*\)\s*;|IF\s[^;]+\sTHEN\b|END_(?:IF|FOR|WHILE|CASE)\s*;|FOR\s+\w+\s*:=[^;]+\bTO\b)/im;

/** Comments: PLCopen coding guidelines, chapter 4. */
export const COMMENT_RULES: readonly LintRule[] = [
  {
    code: 'PW5016',
    name: 'unknown-pragma',
    title: 'A pragma or attribute is unknown',
    explanation:
      'A compiler passes over a pragma that it does not know, so a misspelled one does nothing. An attribute of your own is fine; one that is nearly an attribute of the compiler is not.',
    default: 'info',
    guideline: [],
    bad: "{attribute 'qualifed_only'}\nVAR_GLOBAL\n  speed : INT;\nEND_VAR\n",
    good: "{attribute 'qualified_only'}\n{attribute 'plant_tag' := 'P12'}\nVAR_GLOBAL\n  speed : INT;\nEND_VAR\n",
    *check(view) {
      for (const file of view.files) {
        // Exports of CODESYS 2.3 keep settings in pragmas of their own.
        if (!dialectOf(file.dialect).features.has('compiler-pragmas') || /\.exp$/i.test(file.path)) continue;
        for (const pragma of file.pragmas) {
          const message = messageOnPragma(pragma.text);
          if (message !== null) yield at(file, pragma, message);
        }
      }
    },
  },
  {
    code: 'PW5011',
    name: 'pou-without-comment',
    title: 'A POU has no comment',
    explanation: 'A few words on what a POU does and what it takes for granted save the next reader an hour.',
    default: 'off',
    guideline: ['PCG C2', 'SA0162'],
    bad: 'FUNCTION_BLOCK FB_Pump\nEND_FUNCTION_BLOCK\n',
    good: '// Starts and stops one pump.\nFUNCTION_BLOCK FB_Pump\nEND_FUNCTION_BLOCK\n',
    *check(view) {
      for (const { node, file } of view.nodes('Pou')) {
        const before = file.comments.findLast(({ end }) => end <= node.start);
        const isBefore = before !== undefined && /^\s*(\{[^}]*\}\s*)*$/.test(file.text.slice(before.end, node.start));
        const inside = file.comments.some(({ start, end }) => start >= node.start && end <= node.body.start);
        if (!isBefore && !inside && node.name.name !== '')
          yield at(file, node.name, `"${node.name.name}" has no comment that says what it does.`);
      }
    },
  },
  {
    code: 'PW5012',
    name: 'nested-comment',
    title: 'A comment stands inside of a comment',
    explanation: 'Not every compiler counts nested comments, so the end of the comment depends on the tool.',
    default: 'info',
    guideline: ['PCG C3', 'SA0163'],
    bad: 'PROGRAM Main\n(* first (* second *) third *)\nEND_PROGRAM\n',
    good: 'PROGRAM Main\n(* first, second, third *)\nEND_PROGRAM\n',
    *check(view) {
      for (const { comment, file, text } of comments(view))
        if (comment.style === 'block' && text.indexOf('(*', 2) >= 0 && text.startsWith('(*'))
          yield at(file, comment, 'A comment stands inside of this one. Keep comments apart.');
    },
  },
  {
    code: 'PW5013',
    name: 'code-in-comment',
    title: 'A comment holds code',
    explanation: 'Nobody knows whether code in a comment is to come back. Remove it; the version control keeps it.',
    default: 'info',
    guideline: ['PCG C4', 'SA0140'],
    bad: 'PROGRAM Main\nVAR\n  speed : INT;\nEND_VAR\n// speed := 100;\nEND_PROGRAM\n',
    good: 'PROGRAM Main\nVAR\n  speed : INT;\nEND_VAR\n// The speed is set by the drive.\nEND_PROGRAM\n',
    *check(view) {
      let last: { readonly file: SourceFile; readonly end: number } | null = null;
      for (const { comment, file, text } of comments(view)) {
        if (!CODE_LINE.test(text.replace(/^\/\/+|^\(\*|^\/\*/, ''))) continue;
        // Lines that follow each other are one piece of code.
        const isNext = last !== null && last.file === file && file.text.slice(last.end, comment.start).trim() === '';
        if (!isNext) yield at(file, comment, 'This comment holds code. Remove it, or bring it back.');
        last = { file, end: comment.end };
      }
    },
  },
  {
    code: 'PW5014',
    name: 'block-comment',
    title: 'A comment runs over several lines as one block',
    explanation: 'With "//" on every line a reader and a comparison see at once what is comment.',
    default: 'off',
    guideline: ['PCG C5', 'SA0164'],
    bad: 'PROGRAM Main\n(* first\n   second *)\nEND_PROGRAM\n',
    good: 'PROGRAM Main\n// first\n// second\nEND_PROGRAM\n',
    *check(view) {
      for (const { comment, file, text } of comments(view))
        if (comment.style === 'block' && text.includes('\n'))
          yield at(file, comment, 'This comment runs over several lines. Start each line with "//".');
    },
  },
  {
    code: 'PW5015',
    name: 'open-work',
    title: 'A comment marks work that is not done',
    explanation: 'TODO, FIXME and HACK in code that runs a machine belong into the list of open work.',
    default: 'off',
    guideline: ['PCG C1'],
    bad: 'PROGRAM Main\n// TODO: check the limit switch\nEND_PROGRAM\n',
    good: 'PROGRAM Main\n// The limit switch is checked in FB_Lift.\nEND_PROGRAM\n',
    *check(view) {
      for (const { comment, file, text } of comments(view)) {
        const word = /\b(TODO|FIXME|HACK|XXX)\b/.exec(text)?.[1];
        if (word !== undefined)
          yield at(file, comment, `${word}: this is open work. Do it, or write it down elsewhere.`);
      }
    },
  },
];
