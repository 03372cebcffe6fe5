import { body } from '../../diagnostics/diagnostic.js';
import { innerLists } from '../../flow/followable.js';
import type { Statement, StatementList } from '../../syntax/tree.js';
import { walk } from '../../syntax/walk.js';
import { at, type LintRule } from '../lint-rule.js';

const MOST_WAYS = 40;
const MOST_STATEMENTS = 300;
const LONGEST_LINE = 160;
const LARGEST_VARIABLE = 65_536n;

/** Ways through a body, after McCabe: one, and one more for each place where the code decides. */
function waysThrough(list: StatementList): number {
  let ways = 1;
  walk(list, (node) => {
    if (node.kind === 'ConditionalBranch' || node.kind === 'CaseBranch') ways++;
    else if (node.kind === 'For' || node.kind === 'While' || node.kind === 'Repeat') ways++;
    return undefined;
  });
  return ways;
}

function countStatements(list: StatementList): number {
  const own = (statement: Statement): number =>
    1 + innerLists(statement).reduce((sum, inner) => sum + countStatements(inner), 0);
  return list.statements.reduce((sum, statement) => sum + own(statement), 0);
}

/** Size and layout: PLCopen CP9, L11 and L16. */
export const METRIC_RULES: readonly LintRule[] = [
  {
    code: 'PW5181',
    name: 'many-ways',
    title: 'A body has very many ways through it',
    explanation: `With more than ${MOST_WAYS} ways nobody can test them all. Move parts into functions, methods or actions.`,
    default: 'off',
    guideline: ['PCG CP9', 'SA0178'],
    bad: body(
      `CASE x OF\n${Array.from({ length: MOST_WAYS }, (_, index) => `  ${index}: x := ${index + 1};\n`).join('')}END_CASE;`,
    ),
    good: body('IF x > 1 THEN\n  x := 1;\nEND_IF;'),
    *check(view) {
      for (const { body: code, name, file } of view.bodies) {
        const ways = code.kind === 'StatementList' ? waysThrough(code) : 0;
        if (ways > MOST_WAYS)
          yield at(file, name, `There are ${ways} ways through "${name.name}"; keep it within ${MOST_WAYS}.`);
      }
    },
  },
  {
    code: 'PW5182',
    name: 'long-body',
    title: 'A body is very long',
    explanation: `More than ${MOST_STATEMENTS} statements do not fit into one head.`,
    default: 'off',
    guideline: ['PCG CP9', 'SA0150'],
    bad: body('x := x + 1;\n'.repeat(MOST_STATEMENTS + 1).trim()),
    good: body('x := x + 1;'),
    *check(view) {
      for (const { body: code, name, file } of view.bodies) {
        const count = code.kind === 'StatementList' ? countStatements(code) : 0;
        if (count > MOST_STATEMENTS) yield at(file, name, `"${name.name}" has ${count} statements. Split it.`);
      }
    },
  },
  {
    code: 'PW5183',
    name: 'long-line',
    title: 'A line is very long',
    explanation: `What lies beyond ${LONGEST_LINE} characters is not seen in a comparison.`,
    default: 'off',
    guideline: ['PCG L11'],
    bad: body(`x := 1; // ${'-'.repeat(LONGEST_LINE)}`),
    good: body('x := 1;'),
    *check(view) {
      for (const file of view.files) {
        if (/^\s*</.test(file.text)) continue;
        let start = 0;
        for (const line of file.text.split('\n')) {
          const length = line.replace(/\r$/, '').length;
          if (length > LONGEST_LINE)
            yield at(
              file,
              { start: start + LONGEST_LINE, end: start + length },
              `This line has ${length} characters; keep lines within ${LONGEST_LINE}.`,
            );
          start += line.length + 1;
        }
      }
    },
  },
  {
    code: 'PW5184',
    name: 'tab',
    title: 'A line is indented by a tab',
    explanation: 'How wide a tab is depends on the tool. Spaces look the same everywhere.',
    default: 'off',
    guideline: ['PCG L16'],
    bad: 'PROGRAM Main\nVAR\n\tx : INT;\nEND_VAR\nEND_PROGRAM\n',
    good: body(''),
    *check(view) {
      for (const file of view.files) {
        // One report per file: the formatter mends all of them at once.
        const found = /\t/.exec(file.text);
        if (found !== null)
          yield at(
            file,
            { start: found.index, end: found.index + 1 },
            'This file has tabs. "plantwright format" replaces them.',
          );
      }
    },
  },
  {
    code: 'PW5185',
    name: 'large-array',
    title: 'An array has very many elements',
    explanation: `More than ${LARGEST_VARIABLE} elements take much memory and long to copy or search within a scan.`,
    default: 'off',
    guideline: ['SA0100'],
    bad: body('', 'a : ARRAY[1..100000] OF INT;'),
    good: body('', 'a : ARRAY[1..100] OF INT;'),
    *check(view) {
      for (const { node, file } of view.nodes('ArrayType')) {
        const type = view.model.typeOfNode(node);
        if (type.kind !== 'array') continue;
        const count = type.dimensions.reduce(
          (product, one) => (one === null ? product : product * (one.upper - one.lower + 1n)),
          1n,
        );
        if (count > LARGEST_VARIABLE) yield at(file, node, `This array has ${count} elements.`);
      }
    },
  },
];
