/** Damage to the conditions themselves: operands, operators, constants, bypasses. */

import type { Binary, Expression, SourceFile } from '../../../core/language/syntax/tree.js';
import { type SyntaxNode, walk } from '../../../core/language/syntax/walk.js';
import {
  bypassCandidates,
  declared,
  edit,
  isBool,
  type Machine,
  mentionsCarrier,
  panelVariable,
  type SafetyExpression,
  symbolsIn,
  textOf,
} from '../machine.js';
import type { Mutation, Operator } from '../mutation.js';

interface Part<Node extends Expression> {
  readonly at: SafetyExpression;
  readonly node: Node;
  /** How often the part is negated: an odd number turns "permits" into "stops". */
  readonly negations: number;
}

/** The nodes of a kind inside of every safety expression, calls left out. */
function parts<Kind extends Expression['kind']>(
  machine: Machine,
  kind: Kind,
): Part<Extract<Expression, { readonly kind: Kind }>>[] {
  return machine.expressions.flatMap((at) => {
    const found: Part<Extract<Expression, { readonly kind: Kind }>>[] = [];
    walk(at.node, (node, parents) => {
      if (node.kind === 'Call') return 'skip';
      if (node.kind === kind) {
        found.push({
          at,
          node: node as Extract<Expression, { readonly kind: Kind }>,
          negations: parents.filter((parent) => parent.kind === 'Unary' && parent.operator === 'NOT').length,
        });
      }
      return node.kind === 'Member' ? 'skip' : undefined;
    });
    return found;
  });
}

/** Names and members in safety expressions that carry a condition. */
function leaves(machine: Machine): Part<Expression>[] {
  return [...parts(machine, 'Name'), ...parts(machine, 'Member')].filter(
    ({ node }) => isBool(machine.site.project.model.typeOf(node)) && mentionsCarrier(machine, node),
  );
}

/** The operator of a binary expression as written, between its operands. */
function operatorSpan(
  file: SourceFile,
  { left, right }: Binary,
): { readonly start: number; readonly end: number } | null {
  const match = /\b(AND_THEN|OR_ELSE|AND|OR|XOR)\b|&|<=|>=|<>|[<>=]/i.exec(file.text.slice(left.end, right.start));
  return match === null ? null : { start: left.end + match.index, end: left.end + match.index + match[0].length };
}

const replaceLeaf =
  (reason: string, replacement: (part: Part<Expression>, text: string, machine: Machine) => readonly string[]) =>
  (machine: Machine): Mutation[] =>
    leaves(machine).flatMap((part) => {
      const text = textOf(part.at.file, part.node);
      return replacement(part, text, machine).map((to) =>
        edit(machine, part.at.file, part.node, [{ start: part.node.start, end: part.node.end, text: to }], reason),
      );
    });

const operandRemoved: Operator = {
  name: 'operand-removed',
  group: 'operand removed',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    parts(machine, 'Binary').flatMap(({ at, node }) =>
      !['AND', 'AND_THEN', 'OR', 'OR_ELSE'].includes(node.operator)
        ? []
        : [
            { kept: node.left, lost: node.right },
            { kept: node.right, lost: node.left },
          ]
            .filter(({ lost }) => mentionsCarrier(machine, lost))
            .map(({ kept }) =>
              edit(
                machine,
                at.file,
                node,
                [{ start: node.start, end: node.end, text: textOf(at.file, kept) }],
                'a condition no longer decides here',
              ),
            ),
    ),
};

const SWAPPED: Readonly<Record<string, readonly string[]>> = {
  AND: ['OR', 'XOR'],
  AND_THEN: ['OR_ELSE'],
  OR: ['AND', 'XOR'],
  OR_ELSE: ['AND_THEN'],
};

const andToOr: Operator = {
  name: 'and-or-exchanged',
  group: 'AND and OR exchanged',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    parts(machine, 'Binary').flatMap(({ at, node }) => {
      const span = operatorSpan(at.file, node);
      if (span === null || !mentionsCarrier(machine, node)) return [];
      return (SWAPPED[node.operator] ?? []).map((text) =>
        edit(machine, at.file, node, [{ ...span, text }], 'one of two conditions is now enough'),
      );
    }),
};

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '=': ['<>', '>='],
  '<>': ['='],
  '<': ['>', '<='],
  '>': ['<', '>='],
  '<=': ['>='],
  '>=': ['<='],
};

const comparisonChanged: Operator = {
  name: 'comparison-changed',
  group: 'comparison flipped or moved',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    parts(machine, 'Binary').flatMap(({ at, node }) => {
      const span = operatorSpan(at.file, node);
      if (span === null || !mentionsCarrier(machine, node)) return [];
      return (COMPARISONS[node.operator] ?? []).map((text) =>
        edit(machine, at.file, node, [{ ...span, text }], 'the comparison lets a condition pass that did not'),
      );
    }),
};

const notDropped: Operator = {
  name: 'not-dropped',
  group: 'NOT dropped or added',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    parts(machine, 'Unary').flatMap(({ at, node }) =>
      node.operator === 'NOT' && mentionsCarrier(machine, node.operand)
        ? [
            edit(
              machine,
              at.file,
              node,
              [{ start: node.start, end: node.end, text: textOf(at.file, node.operand) }],
              'a condition is read the wrong way round',
            ),
          ]
        : [],
    ),
};

const notAdded: Operator = {
  name: 'not-added',
  group: 'NOT dropped or added',
  refused: 'excluded',
  proofExcuses: true,
  mutations: replaceLeaf('a condition is read the wrong way round', (_part, text) => [`(NOT ${text})`]),
};

const constantInstead: Operator = {
  name: 'constant-instead',
  group: 'constant instead of signal',
  refused: 'excluded',
  proofExcuses: true,
  mutations: replaceLeaf('a condition was replaced by a constant', ({ negations }) => [
    negations % 2 === 0 ? 'TRUE' : 'FALSE',
  ]),
};

/** `OR` where a condition permits, `AND NOT` where its negation stops. */
const bypassed = (text: string, bypass: string): string => `(${text} OR ${bypass})`;

const bypassExisting: Operator = {
  name: 'bypass-existing-variable',
  group: 'bypass ORed in',
  refused: 'excluded',
  proofExcuses: true,
  mutations: replaceLeaf('a variable that is no safety signal bypasses a condition', (part, text, machine) =>
    bypassCandidates(machine, part.at.owner).map((bypass) => bypassed(text, bypass)),
  ),
};

const bypassOwn: Operator = {
  name: 'bypass-new-variable',
  group: 'bypass ORed in',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    leaves(machine).flatMap(({ at, node }) => {
      const variable = declared(machine, at.owner, 'x7', 'BOOL := TRUE');
      if (variable === null) return [];
      const text = bypassed(textOf(at.file, node), variable.name);
      return [
        edit(
          machine,
          at.file,
          node,
          [{ start: node.start, end: node.end, text }, variable.splice],
          'a new variable without a telling name bypasses a condition',
        ),
      ];
    }),
};

const bypassWhole: Operator = {
  name: 'bypass-of-expression',
  group: 'bypass ORed in',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    machine.expressions.flatMap(({ file, owner, node, use }) =>
      use === 'condition'
        ? []
        : bypassCandidates(machine, owner).map((bypass) =>
            edit(
              machine,
              file,
              node,
              [{ start: node.start, end: node.end, text: `${textOf(file, node)} OR ${bypass}` }],
              'the whole condition can be bypassed',
            ),
          ),
    ),
};

const modeGated: Operator = {
  name: 'mode-gated',
  group: 'mode-dependent gating',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    leaves(machine).flatMap(({ at, node }) => {
      const pou = machine.site.project.pous.find(({ declaration }) => declaration === at.owner);
      const mode = [...(pou?.variables.values() ?? [])].find(
        ({ type, isConstant, scope }) =>
          type.kind === 'elementary' && type.name === 'INT' && !isConstant && scope !== 'result',
      );
      if (mode === undefined) return [];
      const name = machine.site.project.dialect === 'siemens' ? `#${mode.name}` : mode.name;
      const text = bypassed(textOf(at.file, node), `${name} = 3`);
      return [
        edit(
          machine,
          at.file,
          node,
          [{ start: node.start, end: node.end, text }],
          'a condition does not hold in one mode',
        ),
      ];
    }),
};

const parenthesesRemoved: Operator = {
  name: 'parentheses-removed',
  group: 'precedence',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    machine.expressions.flatMap((at) => {
      const found: Mutation[] = [];
      walk(at.node, (node, parents) => {
        const parent = parents[parents.length - 1];
        const mixes = parent?.kind === 'Binary' || (parent?.kind === 'Unary' && parent.operator === 'NOT');
        if (node.kind !== 'Parenthesized' || node.expression.kind !== 'Binary' || !mixes) return undefined;
        found.push(
          edit(
            machine,
            at.file,
            node,
            [{ start: node.start, end: node.end, text: textOf(at.file, node.expression) }],
            'AND binds stronger than OR: without the parentheses a condition covers one branch only',
          ),
        );
        return undefined;
      });
      return found;
    }),
};

const otherChannel: Operator = {
  name: 'same-signal-twice',
  group: 'same channel twice',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    machine.expressions.flatMap((at) => {
      const inside = leaves(machine).filter((leaf) => leaf.at === at);
      return inside.flatMap((leaf, index) => {
        const other = inside[(index + 1) % inside.length];
        if (other === undefined || other === leaf || other.negations !== leaf.negations) return [];
        const text = textOf(at.file, other.node);
        if (text === textOf(at.file, leaf.node)) return [];
        return [
          edit(
            machine,
            at.file,
            leaf.node,
            [{ start: leaf.node.start, end: leaf.node.end, text }],
            'one signal stands for two',
          ),
        ];
      });
    }),
};

const guardFromPanel: Operator = {
  name: 'condition-from-panel',
  group: 'guard evaluated from HMI variable',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) => {
    const panel = panelVariable(machine);
    return panel === null
      ? []
      : replaceLeaf('the operator panel decides instead of the sensor', ({ negations }) =>
          negations % 2 === 0 ? [panel] : [],
        )(machine);
  },
};

const stretched: Operator = {
  name: 'condition-stretched',
  group: 'TOF stretch on a guard',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    leaves(machine).flatMap(({ at, node }) => {
      const timer = declared(machine, at.owner, 'x8', machine.site.project.dialect === 'siemens' ? 'TOF_TIME' : 'TOF');
      const statement = [...at.parents].reverse().find((parent) => isInList(at, parent));
      if (
        timer === null ||
        statement === undefined ||
        !symbolsIn(machine.site, node).some((each) => machine.conditions.has(each))
      )
        return [];
      const call = `${timer.name}(IN := ${textOf(at.file, node)}, PT := T#2s);\n`;
      return [
        edit(
          machine,
          at.file,
          node,
          [
            { start: statement.start, end: statement.start, text: call },
            { start: node.start, end: node.end, text: `${timer.name}.Q` },
            timer.splice,
          ],
          'an open guard counts as closed for two seconds more',
        ),
      ];
    }),
};

/** Whether a parent is the statement that stands directly in the body of the POU. */
function isInList(at: SafetyExpression, parent: SyntaxNode): boolean {
  return at.owner.body.kind === 'StatementList' && at.owner.body.statements.some((statement) => statement === parent);
}

const forgedByBlock: Operator = {
  name: 'forged-by-new-block',
  group: 'constant instead of signal',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) => {
    const { project, snapshot } = machine.site;
    const path = [...snapshot.keys()].find(
      (each) => /\.st$/.test(each) && project.files.some((file) => file.path === each),
    );
    if (path === undefined) return [];
    const added = path.replace(/[^/]*$/, 'Filter2.st');
    const text =
      'FUNCTION_BLOCK Filter2\nVAR_INPUT\n    a : BOOL;\nEND_VAR\nVAR_OUTPUT\n    q : BOOL := TRUE;\nEND_VAR\nVAR\n    n : INT;\nEND_VAR\nn := n + 1;\nIF a THEN\n    q := TRUE;\nEND_IF\nEND_FUNCTION_BLOCK\n';
    return leaves(machine).flatMap(({ at, node, negations }) => {
      const instance = declared(machine, at.owner, 'x9', 'Filter2');
      const statement = [...at.parents].reverse().find((parent) => isInList(at, parent));
      if (instance === null || statement === undefined || negations % 2 === 1) return [];
      return [
        edit(
          machine,
          at.file,
          node,
          [
            {
              start: statement.start,
              end: statement.start,
              text: `${instance.name}(a := ${textOf(at.file, node)});\n`,
            },
            { start: node.start, end: node.end, text: `${instance.name}.q` },
            instance.splice,
          ],
          'a block in between says that all is well, whatever the signal says',
          new Map([[added, new TextEncoder().encode(text)]]),
        ),
      ];
    });
  },
};

export const CONDITION_OPERATORS: readonly Operator[] = [
  operandRemoved,
  andToOr,
  comparisonChanged,
  notDropped,
  notAdded,
  constantInstead,
  bypassExisting,
  bypassOwn,
  bypassWhole,
  modeGated,
  parenthesesRemoved,
  otherChannel,
  guardFromPanel,
  stretched,
  forgedByBlock,
];
