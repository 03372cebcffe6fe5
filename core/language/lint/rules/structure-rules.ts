import { body } from '../../diagnostics/diagnostic.js';
import { innerLists } from '../../flow/followable.js';
import type { Statement, StatementList } from '../../syntax/tree.js';
import { bare, codeOf, hasCall } from '../expressions.js';
import { at, type LintRule } from '../lint-rule.js';

const DEEPEST_NESTING = 6;

function isEmpty(list: StatementList): boolean {
  return list.statements.every(({ kind }) => kind === 'EmptyStatement');
}

/** Statements that lie deeper than allowed, the outermost one of each. */
function* tooDeep(list: StatementList, depth: number): Iterable<Statement> {
  for (const statement of list.statements) {
    const lists = innerLists(statement);
    const isRegion = statement.kind === 'Region';
    if (lists.length > 0 && !isRegion && depth >= DEEPEST_NESTING) yield statement;
    else for (const inner of lists) yield* tooDeep(inner, isRegion ? depth : depth + 1);
  }
}

const NESTED =
  `${'IF x > 0 THEN\n'.repeat(DEEPEST_NESTING + 1)}x := 1;\n${'END_IF;\n'.repeat(DEEPEST_NESTING + 1)}`.trim();

/** How code is built: PLCopen coding guidelines, chapters 5 and 6. */
export const STRUCTURE_RULES: readonly LintRule[] = [
  {
    code: 'PW5041',
    name: 'empty-body',
    title: 'A function, block or method does nothing',
    explanation: 'The body is empty, so callers call it for nothing.',
    default: 'off',
    guideline: ['SA0002'],
    bad: 'PROGRAM Main\nEND_PROGRAM\n',
    good: body('x := 1;'),
    *check(view) {
      for (const { body: code, name, file, owner, pou } of view.bodies) {
        if (code.kind !== 'StatementList' || !isEmpty(code) || name.name === '' || owner?.kind === 'property') continue;
        const hasMembers = owner?.kind === 'pou' && owner.methods.size + owner.properties.size + owner.actions.size > 0;
        const isAbstract = owner?.kind === 'method' && owner.declaration?.modifiers.isAbstract === true;
        if (!hasMembers && !isAbstract && !view.isOpaque(pou))
          yield at(file, name, `"${name.name}" has an empty body.`);
      }
    },
  },
  {
    code: 'PW5040',
    name: 'empty-section',
    title: 'A VAR section declares nothing',
    explanation: 'The section is left over, or its variables are missing.',
    default: 'info',
    guideline: ['SA0002'],
    bad: 'PROGRAM Main\nVAR\nEND_VAR\nEND_PROGRAM\n',
    good: 'PROGRAM Main\nVAR\n  x : INT;\nEND_VAR\nEND_PROGRAM\n',
    *check(view) {
      // Editors put empty sections into every new object of a container.
      for (const { node, file } of view.nodes('VariableSection'))
        if (node.variables.length === 0 && !/^\s*</.test(file.text))
          yield at(
            file,
            { start: node.start, end: Math.min(node.end, node.start + 3) },
            'This section is empty. Remove it.',
          );
    },
  },
  {
    code: 'PW5055',
    name: 'repeated-section',
    title: 'A POU has two sections of one kind of parameters',
    explanation:
      'Readers look for the inputs of a block in one place. Join the sections. Several VAR sections are fine: they group what belongs together.',
    default: 'info',
    guideline: [],
    bad: 'FUNCTION_BLOCK F\nVAR_INPUT\n  a : INT;\nEND_VAR\nVAR_INPUT\n  b : INT;\nEND_VAR\nEND_FUNCTION_BLOCK\n',
    good: 'FUNCTION_BLOCK F\nVAR_INPUT\n  a : INT;\n  b : INT;\nEND_VAR\nVAR CONSTANT\n  C : INT := 1;\nEND_VAR\nVAR\n  d : INT;\nEND_VAR\nEND_FUNCTION_BLOCK\n',
    *check(view) {
      for (const { node, file } of view.nodes('Pou')) {
        const seen = new Map<string, number>();
        for (const section of node.sections) {
          // Containers without text keep each parameter apart; a comment between two sections is a reason to have both.
          if (section.sectionKind === 'VAR' || !file.text.startsWith('VAR', section.start)) continue;
          const { sectionKind, isConstant, retention, access } = section;
          const key = `${sectionKind} ${isConstant} ${retention} ${access}`;
          const before = seen.get(key);
          seen.set(key, section.end);
          if (before === undefined || file.comments.some(({ start, end }) => start >= before && end <= section.start))
            continue;
          const span = { start: section.start, end: section.start + sectionKind.length };
          yield at(file, span, `This POU has a ${sectionKind} section of this kind already. Join the two.`);
        }
      }
    },
  },
  {
    code: 'PW5042',
    name: 'empty-statement',
    title: 'A semicolon stands alone',
    explanation: 'An empty statement does nothing. It is left over, or something is missing before it.',
    default: 'info',
    guideline: ['SA0003'],
    bad: body('x := 1;;'),
    good: body('x := 1;'),
    *check(view) {
      for (const { node, file, parent } of view.nodes('EmptyStatement'))
        if (parent?.kind === 'StatementList' && parent.statements.some(({ kind }) => kind !== 'EmptyStatement'))
          yield at(file, node, 'This semicolon is an empty statement. Remove it.');
    },
  },
  {
    code: 'PW5043',
    name: 'empty-branch',
    title: 'A branch of IF is empty',
    explanation: 'The condition is evaluated for nothing, or the statements of the branch are missing.',
    default: 'info',
    guideline: ['SA0003'],
    bad: body('IF x > 1 THEN\nELSE\n  x := 1;\nEND_IF;'),
    good: body('IF x <= 1 THEN\n  x := 1;\nEND_IF;'),
    *check(view) {
      for (const { node, file } of view.nodes('If'))
        for (const branch of node.branches)
          if (branch.body.statements.length === 0)
            yield at(
              file,
              branch.condition,
              'Nothing is done under this condition. Remove the branch, or turn the condition round.',
            );
    },
  },
  {
    code: 'PW5044',
    name: 'if-without-else',
    title: 'IF … ELSIF has no ELSE',
    explanation: 'When none of the conditions holds, nothing happens. With ELSE it can be seen that this is meant.',
    default: 'off',
    guideline: ['PCG L17'],
    bad: body('IF x > 5 THEN\n  x := 5;\nELSIF x < 0 THEN\n  x := 0;\nEND_IF;'),
    good: body('IF x > 5 THEN\n  x := 5;\nELSIF x < 0 THEN\n  x := 0;\nELSE\n  ; // in range\nEND_IF;'),
    *check(view) {
      for (const { node, file } of view.nodes('If'))
        if (node.branches.length > 1 && node.otherwise === null)
          yield at(file, { start: node.start, end: node.start + 2 }, 'This IF … ELSIF has no ELSE.');
    },
  },
  {
    code: 'PW5045',
    name: 'case-without-else',
    title: 'CASE has no ELSE',
    explanation: 'A value without a label runs no branch. With ELSE the program says what happens then.',
    default: 'off',
    guideline: ['PCG L17', 'SA0075'],
    bad: body('CASE x OF\n  1: x := 2;\n  2: x := 3;\nEND_CASE;'),
    good: body('CASE x OF\n  1: x := 2;\n  2: x := 3;\nELSE\n  x := 0;\nEND_CASE;'),
    *check(view) {
      for (const { node, file } of view.nodes('Case'))
        if (node.otherwise === null && view.model.typeOf(node.selector).kind !== 'enum')
          yield at(file, { start: node.start, end: node.start + 4 }, 'This CASE has no ELSE for all other values.');
    },
  },
  {
    code: 'PW5046',
    name: 'few-case-branches',
    title: 'CASE has one branch only',
    explanation: 'An IF says the same in fewer words.',
    default: 'info',
    guideline: ['SA0078'],
    bad: body('CASE x OF\n  1: x := 2;\nEND_CASE;'),
    good: body('IF x = 1 THEN\n  x := 2;\nEND_IF;'),
    *check(view) {
      for (const { node, file } of view.nodes('Case'))
        if (node.branches.length < 2)
          yield at(
            file,
            { start: node.start, end: node.start + 4 },
            'This CASE has fewer than two branches. Write IF instead.',
          );
    },
  },
  {
    code: 'PW5047',
    name: 'several-exits',
    title: 'A body has a RETURN in the middle',
    explanation: 'With one way out, what stands at the end always runs: outputs, alarms, the reset of a state.',
    default: 'off',
    guideline: ['PCG CP14', 'PCG CP19', 'SA0090'],
    bad: body('IF x > 5 THEN\n  RETURN;\nEND_IF;\nx := x + 1;'),
    good: body('IF x <= 5 THEN\n  x := x + 1;\nEND_IF;'),
    *check(view) {
      for (const { node, file, inside } of view.nodes('Return')) {
        const code = inside?.body;
        const last = code?.kind === 'StatementList' ? code.statements[code.statements.length - 1] : undefined;
        if (last !== node) yield at(file, node, 'RETURN leaves in the middle. Put what follows under a condition.');
      }
    },
  },
  {
    code: 'PW5048',
    name: 'exit-in-loop',
    title: 'A loop is left by EXIT or CONTINUE',
    explanation: 'A loop whose condition alone says when it ends is easier to follow.',
    default: 'off',
    guideline: ['PCG L10'],
    bad: body('WHILE x < 10 DO\n  x := x + 1;\n  IF x = 5 THEN\n    EXIT;\n  END_IF;\nEND_WHILE;'),
    good: body('WHILE x < 10 AND x <> 5 DO\n  x := x + 1;\nEND_WHILE;'),
    *check(view) {
      for (const kind of ['Exit', 'Continue'] as const)
        for (const { node, file } of view.nodes(kind))
          yield at(file, node, `${kind.toUpperCase()} leaves the order of the loop. Say it in the condition.`);
    },
  },
  {
    code: 'PW5049',
    name: 'jump',
    title: 'A jump',
    explanation: 'Jumps hide in which order statements run. IF, CASE and loops say it.',
    default: 'info',
    guideline: ['PCG CP19'],
    dialect: 'siemens',
    bad: 'FUNCTION_BLOCK "F"\nVAR\n  x : Int;\nEND_VAR\nBEGIN\n  IF #x > 1 THEN\n    GOTO done;\n  END_IF;\n  #x := 1;\n  done: #x := 2;\nEND_FUNCTION_BLOCK\n',
    good: 'FUNCTION_BLOCK "F"\nVAR\n  x : Int;\nEND_VAR\nBEGIN\n  IF #x <= 1 THEN\n    #x := 1;\n  END_IF;\n  #x := 2;\nEND_FUNCTION_BLOCK\n',
    *check(view) {
      for (const { node, file } of view.nodes('Goto'))
        yield at(file, node, 'A jump hides the order of the code. Use IF or a loop.');
    },
  },
  {
    code: 'PW5050',
    name: 'deep-nesting',
    title: 'Statements are nested deeply',
    explanation: `More than ${DEEPEST_NESTING} levels are hard to follow. A function, or an early condition, makes it flat.`,
    default: 'info',
    guideline: ['PCG CP9', 'SA0178'],
    bad: body(NESTED),
    good: body('IF x > 0 THEN\n  x := 1;\nEND_IF;'),
    *check(view) {
      for (const { body: code, file } of view.bodies)
        if (code.kind === 'StatementList')
          for (const statement of tooDeep(code, 0))
            yield at(
              file,
              { start: statement.start, end: statement.start + 2 },
              `This stands more than ${DEEPEST_NESTING} levels deep. Move the inner part into a function or method.`,
            );
    },
  },
  {
    code: 'PW5051',
    name: 'duplicate-condition',
    title: 'A condition of ELSIF was asked before',
    explanation: 'The branch is never taken, because the first one with this condition is.',
    default: 'warning',
    guideline: ['SA0059'],
    bad: body('IF x = 1 THEN\n  x := 2;\nELSIF x = 1 THEN\n  x := 3;\nEND_IF;'),
    good: body('IF x = 1 THEN\n  x := 2;\nELSIF x = 2 THEN\n  x := 3;\nEND_IF;'),
    *check(view) {
      for (const { node, file } of view.nodes('If')) {
        const seen = new Set<string>();
        for (const { condition } of node.branches) {
          if (hasCall(condition)) continue;
          const code = codeOf(file, bare(condition));
          if (seen.has(code))
            yield at(file, condition, 'The same condition stands above, so this branch is never taken.');
          seen.add(code);
        }
      }
    },
  },
  {
    code: 'PW5052',
    name: 'identical-branches',
    title: 'Two branches of IF do the same',
    explanation:
      'Whatever the condition says, the same happens. One of the branches was probably copied and not changed.',
    default: 'warning',
    guideline: [],
    bad: body('IF x > 1 THEN\n  x := 2;\nELSE\n  x := 2;\nEND_IF;'),
    good: body('IF x > 1 THEN\n  x := 2;\nELSE\n  x := 3;\nEND_IF;'),
    *check(view) {
      for (const { node, file } of view.nodes('If')) {
        const last = node.branches[node.branches.length - 1];
        if (node.otherwise === null || last === undefined || isEmpty(last.body)) continue;
        if (codeOf(file, last.body) === codeOf(file, node.otherwise))
          yield at(file, last.condition, 'The branch of this condition and ELSE do the same.');
      }
    },
  },
  {
    code: 'PW5053',
    name: 'constant-condition',
    title: 'A condition is always TRUE',
    explanation: 'The branch always runs, and the ones after it never. Often it is left over from a test.',
    default: 'warning',
    guideline: ['SA0062'],
    bad: body('IF TRUE OR x > 1 THEN\n  x := 2;\nEND_IF;'),
    good: body('IF x > 1 THEN\n  x := 2;\nEND_IF;'),
    *check(view) {
      for (const { node, file } of view.nodes('If'))
        for (const { condition } of node.branches)
          if (isAlwaysTrue(view.model.constantOf(condition)) || hasTrueOperand(condition))
            yield at(file, condition, 'This condition is always TRUE. Remove it, or bring back what was tested.');
    },
  },
];

function isAlwaysTrue(value: unknown): boolean {
  return value === true;
}

function hasTrueOperand(condition: Statement | Parameters<typeof bare>[0]): boolean {
  if (condition.kind === 'Parenthesized') return hasTrueOperand(condition.expression);
  if (condition.kind === 'Literal') return condition.value === true;
  return (
    condition.kind === 'Binary' &&
    condition.operator === 'OR' &&
    (hasTrueOperand(condition.left) || hasTrueOperand(condition.right))
  );
}
