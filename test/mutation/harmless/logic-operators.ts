/** Rewrites of the logic that compute the same in every scan. */

import type { Argument, Assignment, Binary, Expression, SourceFile } from '../../../core/language/syntax/tree.js';
import { walk } from '../../../core/language/syntax/walk.js';
import {
  declared,
  edit,
  isBool,
  type Machine,
  type Placed,
  type SafetyExpression,
  symbolsIn,
  textOf,
} from '../machine.js';
import type { Mutation, Operator } from '../mutation.js';
import { endOfStatement } from '../operators/writer-operators.js';

const harmless = (name: string, group: string, mutations: Operator['mutations']): Operator => ({
  name,
  group,
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    mutations(machine).filter(({ changed }) => [...changed.keys()].every((path) => !/certified|estop\//.test(path))),
});

function binaries(
  machine: Machine,
  operators: readonly string[],
): { readonly at: SafetyExpression; readonly node: Binary }[] {
  return machine.expressions.flatMap((at) => {
    const found: { readonly at: SafetyExpression; readonly node: Binary }[] = [];
    walk(at.node, (node) => {
      if (node.kind === 'Call') return 'skip';
      if (
        node.kind === 'Binary' &&
        operators.includes(node.operator) &&
        isBool(machine.site.project.model.typeOf(node.left))
      )
        found.push({ at, node });
      return undefined;
    });
    return found;
  });
}

/** An operand as an argument of a stronger operator. */
function wrapped(file: SourceFile, node: Expression): string {
  const text = textOf(file, node);
  return ['Name', 'Member', 'Parenthesized', 'Literal', 'Call'].includes(node.kind) ? text : `(${text})`;
}

const deMorgan = harmless('de-morgan', 'De Morgan', (machine) =>
  binaries(machine, ['AND', 'OR']).map(({ at, node }) => {
    const other = node.operator === 'AND' ? 'OR' : 'AND';
    const text = `NOT (NOT ${wrapped(at.file, node.left)} ${other} NOT ${wrapped(at.file, node.right)})`;
    return edit(machine, at.file, node, [{ start: node.start, end: node.end, text }], 'De Morgan');
  }),
);

const operandOrder = harmless('operand-order', 'operand order', (machine) =>
  binaries(machine, ['AND', 'OR', 'XOR']).map(({ at, node }) => {
    const text = `${wrapped(at.file, node.right)} ${node.operator} ${wrapped(at.file, node.left)}`;
    return edit(
      machine,
      at.file,
      node,
      [{ start: node.start, end: node.end, text: `(${text})` }],
      'operands in another order',
    );
  }),
);

const parentheses = harmless('redundant-parentheses', 'redundant parentheses', (machine) =>
  binaries(machine, ['AND', 'OR', 'XOR']).map(({ at, node }) =>
    edit(
      machine,
      at.file,
      node,
      [{ start: node.start, end: node.end, text: `((${textOf(at.file, node)}))` }],
      'parentheses',
    ),
  ),
);

const doubleNegation = harmless('double-negation', 'double negation', (machine) =>
  machine.expressions.map(({ file, node }) =>
    edit(
      machine,
      file,
      node,
      [{ start: node.start, end: node.end, text: `NOT (NOT ${wrapped(file, node)})` }],
      'double negation',
    ),
  ),
);

const equalsTrue = harmless('equals-true', 'comparison with TRUE, & for AND', (machine) => [
  ...machine.expressions.map(({ file, node }) =>
    edit(
      machine,
      file,
      node,
      [{ start: node.start, end: node.end, text: `${wrapped(file, node)} = TRUE` }],
      'compared with TRUE',
    ),
  ),
  ...binaries(machine, ['AND']).flatMap(({ at, node }) => {
    const between = at.file.text.slice(node.left.end, node.right.start);
    if (!/\bAND\b/i.test(between)) return [];
    return [
      edit(
        machine,
        at.file,
        node,
        [{ start: node.left.end, end: node.right.start, text: between.replace(/\bAND\b/i, '&') }],
        '& for AND',
      ),
    ];
  }),
]);

const extracted = harmless('sub-expression-extracted', 'extract into a local variable', (machine) =>
  machine.expressions.flatMap(({ file, owner, node, use, parents }) => {
    const statement = parents.findLast((each) => each.kind === 'Assignment' || each.kind === 'CallStatement');
    const variable = declared(machine, owner, 'xTeil7', 'BOOL');
    if (use === 'condition' || statement === undefined || variable === null) return [];
    if (node.kind !== 'Binary' || node.operator !== 'AND') return [];
    return [node.left, node.right, node].map((part) =>
      edit(
        machine,
        file,
        part,
        [
          { start: statement.start, end: statement.start, text: `${variable.name} := ${textOf(file, part)};\n` },
          { start: part.start, end: part.end, text: variable.name },
          variable.splice,
        ],
        'a part of the condition in a variable of its own',
      ),
    );
  }),
);

const asIf = harmless('assignment-to-if', 'IF/ELSE and assignment', (machine) =>
  boolAssignments(machine).flatMap(({ file, node }) => {
    const target = textOf(file, node.target);
    const value = textOf(file, node.value);
    const end = endOfStatement(file.text, node);
    const isOwnOperand = symbolsIn(machine.site, node.value).some((symbol) =>
      symbolsIn(machine.site, node.target).includes(symbol),
    );
    return [
      `IF ${value} THEN\n    ${target} := TRUE;\nELSE\n    ${target} := FALSE;\nEND_IF;`,
      ...(isOwnOperand ? [] : [`${target} := FALSE;\nIF ${value} THEN\n    ${target} := TRUE;\nEND_IF;`]),
      `IF NOT (${value}) THEN\n    ${target} := FALSE;\nELSE\n    ${target} := TRUE;\nEND_IF;`,
      `${target} := SEL(${value}, FALSE, TRUE);`,
    ].map((text) => edit(machine, file, node, [{ start: node.start, end, text }], 'the same written as IF'));
  }),
);

function boolAssignments(machine: Machine): Placed<Assignment>[] {
  return machine.assignments.filter(
    ({ node }) => node.operator === ':=' && machine.expressions.some((each) => each.node === node.value),
  );
}

const elsifNested = harmless('elsif-nested', 'ELSIF as ELSE IF, IF as CASE', (machine) => {
  const found: Mutation[] = [];
  for (const file of machine.files) {
    walk(file, (node) => {
      if (node.kind !== 'If') return undefined;
      const second = node.branches[1];
      if (second !== undefined) {
        const keyword = file.text.slice(0, second.condition.start).toUpperCase().lastIndexOf('ELSIF');
        const end = endOfStatement(file.text, node);
        const inner = `IF ${file.text.slice(second.condition.start, node.end).replace(/;$/, '')};`;
        found.push(
          edit(
            machine,
            file,
            node,
            [{ start: keyword, end, text: `ELSE\n    ${inner}\nEND_IF;` }],
            'ELSE IF for ELSIF',
          ),
        );
      }
      const [only] = node.branches;
      const condition = only?.condition;
      if (
        node.branches.length === 1 &&
        condition?.kind === 'Binary' &&
        condition.operator === '=' &&
        condition.right.kind === 'Literal' &&
        condition.right.literalKind === 'integer' &&
        only !== undefined
      ) {
        const otherwise = node.otherwise === null ? '' : `ELSE\n${textOf(file, node.otherwise)}\n`;
        const text = `CASE ${textOf(file, condition.left)} OF\n    ${textOf(file, condition.right)}: ${textOf(file, only.body)}\n${otherwise}END_CASE;`;
        found.push(
          edit(machine, file, node, [{ start: node.start, end: endOfStatement(file.text, node), text }], 'CASE for IF'),
        );
      }
      return undefined;
    });
  }
  return found;
});

const literalForms = harmless('literal-form', 'literal forms', (machine) =>
  machine.files.flatMap((file) => {
    const found: Mutation[] = [];
    walk(file, (node, parents) => {
      if (node.kind !== 'Literal') return undefined;
      if (parents.some((each) => each.kind === 'CaseLabel')) return undefined;
      for (const text of otherForms(node.literalKind, node.value, textOf(file, node), machine.site.project.dialect)) {
        found.push(
          edit(machine, file, node, [{ start: node.start, end: node.end, text }], 'the same value written otherwise'),
        );
      }
      return undefined;
    });
    return found;
  }),
);

function otherForms(kind: string, value: unknown, text: string, dialect: string): string[] {
  if (kind === 'time' && typeof value === 'bigint' && value % 1_000_000n === 0n) {
    const ms = value / 1_000_000n;
    return [`T#${ms}ms`, `TIME#${ms}MS`, ...(dialect === 'siemens' ? [] : [`T#${Number(ms) / 1000}s`])].filter(
      (each) => each !== text,
    );
  }
  if (kind === 'integer' && typeof value === 'bigint' && value > 9n && /^\d+$/.test(text)) {
    return [`16#${value.toString(16).toUpperCase()}`, `2#${value.toString(2)}`];
  }
  if (kind === 'real' && /^\d+\.\d+$/.test(text)) return [`${text}0`];
  return [];
}

const argumentsOrder = harmless('arguments-order', 'named arguments in another order', (machine) =>
  machine.calls.flatMap(({ file, node }) => {
    if (node.expression.kind !== 'Call') return [];
    const written = node.expression.arguments;
    const [first] = written;
    const last = written.at(-1);
    if (first === undefined || last === undefined || written.length < 2 || written.some(({ name }) => name === null))
      return [];
    const texts = written.map((argument: Argument) => textOf(file, argument));
    return [
      edit(
        machine,
        file,
        node,
        [{ start: first.start, end: last.end, text: [...texts].reverse().join(', ') }],
        'arguments in another order',
      ),
    ];
  }),
);

const statementsSwapped = harmless('statements-swapped', 'independent statements reordered', (machine) => {
  const found: Mutation[] = [];
  for (const file of machine.files) {
    walk(file, (node) => {
      if (node.kind !== 'StatementList') return undefined;
      node.statements.forEach((one, index) => {
        const other = node.statements[index + 1];
        if (one.kind !== 'Assignment' || other?.kind !== 'Assignment') return;
        if (!areIndependent(machine, one, other)) return;
        found.push(
          edit(
            machine,
            file,
            one,
            [
              { start: one.start, end: one.end, text: textOf(file, other) },
              { start: other.start, end: other.end, text: textOf(file, one) },
            ],
            'two statements that do not see each other',
          ),
        );
      });
      return undefined;
    });
  }
  return found;
});

function areIndependent(machine: Machine, one: Assignment, other: Assignment): boolean {
  const isPlain = ({ target, value }: Assignment): boolean => {
    let plain = ['Name', 'Member'].includes(target.kind);
    walk(value, (node) => {
      if (node.kind === 'Call' || node.kind === 'Dereference' || node.kind === 'DirectAddress') plain = false;
      return undefined;
    });
    return plain;
  };
  const written = (each: Assignment): readonly unknown[] => symbolsIn(machine.site, each.target);
  const touched = (each: Assignment): readonly unknown[] => [...written(each), ...symbolsIn(machine.site, each.value)];
  const disjoint = (a: readonly unknown[], b: readonly unknown[]): boolean =>
    a.slice(-1).every((item) => !b.includes(item));
  return (
    isPlain(one) && isPlain(other) && disjoint(written(one), touched(other)) && disjoint(written(other), touched(one))
  );
}

const operandAdded = harmless('condition-added', 'one condition more', (machine) =>
  machine.assignments.flatMap(({ file, node }) => {
    const symbol = symbolsIn(machine.site, node.target).at(-1);
    if (symbol === undefined || !machine.hazards.has(symbol)) return [];
    const condition = [...machine.conditions].find(({ name }) => file.text.includes(name));
    const text =
      condition === undefined
        ? null
        : new RegExp(`(?:"[^"\\n]+"\\.|\\w+\\.|#)?"?\\b${condition.name}\\b"?`).exec(textOf(file, node.value))?.[0];
    if (text === null || text === undefined) return [];
    return [
      edit(
        machine,
        file,
        node,
        [{ start: node.value.start, end: node.value.end, text: `(${textOf(file, node.value)}) AND ${text}` }],
        'a condition once more',
      ),
    ];
  }),
);

export const LOGIC_OPERATORS: readonly Operator[] = [
  deMorgan,
  operandOrder,
  parentheses,
  doubleNegation,
  equalsTrue,
  extracted,
  asIf,
  elsifNested,
  literalForms,
  argumentsOrder,
  statementsSwapped,
  operandAdded,
];
