/** Damage to the order and the calls: skipped code, swapped branches, blocks that are not called or wired wrongly. */

import type { Argument, Call, CallStatement, Expression, If, Statement } from '../../../core/language/syntax/tree.js';
import { walk } from '../../../core/language/syntax/walk.js';
import {
  bodyOf,
  bypassCandidates,
  coneArguments,
  edit,
  isBool,
  type Machine,
  mentionsCarrier,
  type Placed,
  symbolsIn,
  textOf,
  writesCone,
} from '../machine.js';
import type { Mutation, Operator } from '../mutation.js';
import { endOfStatement } from './writer-operators.js';

/** Statements of the bodies of POUs that carry a condition. */
function safetyStatements(machine: Machine): Placed<Statement>[] {
  const owners = new Map(machine.expressions.map(({ owner, file }) => [owner, file]));
  return [...owners].flatMap(([owner, file]) =>
    (bodyOf(owner)?.statements ?? []).flatMap((node): Placed<Statement>[] =>
      writesCone(machine, node) ? [{ file, owner, node, parents: [] }] : [],
    ),
  );
}

const earlyReturn: Operator = {
  name: 'early-return',
  group: 'early RETURN',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyStatements(machine).flatMap(({ file, owner, node }) =>
      [...bypassCandidates(machine, owner).slice(0, 1), 'TRUE'].map((condition) =>
        edit(
          machine,
          file,
          node,
          [{ start: node.start, end: node.start, text: `IF ${condition} THEN\n    RETURN;\nEND_IF;\n` }],
          'the rest of the safety logic is skipped and the outputs keep their values',
        ),
      ),
    ),
};

/** The IF statements whose branches write the cone and whose conditions carry a safety condition. */
function safetyIfs(machine: Machine): Placed<If>[] {
  const found: Placed<If>[] = [];
  for (const file of machine.files) {
    for (const owner of file.declarations) {
      if (owner.kind !== 'Pou') continue;
      walk(owner.body, (node, parents) => {
        if (
          node.kind === 'If' &&
          writesCone(machine, node) &&
          node.branches.some(({ condition }) => mentionsCarrier(machine, condition))
        )
          found.push({ file, owner, node, parents: [...parents] });
        return undefined;
      });
    }
  }
  return found;
}

const branchesSwapped: Operator = {
  name: 'branches-swapped',
  group: 'ELSIF order swapped',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyIfs(machine).flatMap(({ file, node }) => {
      const [first, second] = node.branches;
      if (first === undefined || second === undefined) return [];
      return [
        edit(
          machine,
          file,
          node,
          [
            { start: first.condition.start, end: first.condition.end, text: textOf(file, second.condition) },
            { start: second.condition.start, end: second.condition.end, text: textOf(file, first.condition) },
            { start: first.body.start, end: first.body.end, text: textOf(file, second.body) },
            { start: second.body.start, end: second.body.end, text: textOf(file, first.body) },
          ],
          'a request is served before the stop',
        ),
      ];
    }),
};

const branchesMixed: Operator = {
  name: 'branch-conditions-swapped',
  group: 'ELSIF order swapped',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyIfs(machine).flatMap(({ file, node }) => {
      const [first, second] = node.branches;
      if (first === undefined || second === undefined) return [];
      return [
        edit(
          machine,
          file,
          node,
          [
            { start: first.condition.start, end: first.condition.end, text: textOf(file, second.condition) },
            { start: second.condition.start, end: second.condition.end, text: textOf(file, first.condition) },
          ],
          'the reset trips and the demand releases',
        ),
      ];
    }),
};

const latchRemoved: Operator = {
  name: 'latch-removed',
  group: 'latch removed',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyIfs(machine).flatMap(({ file, node }) => {
      const found: Mutation[] = [];
      for (const branch of node.branches) {
        for (const statement of branch.body.statements) {
          if (statement.kind !== 'Assignment' || !writesCone(machine, statement)) continue;
          const value = textOf(file, statement.value).toUpperCase();
          found.push(
            edit(
              machine,
              file,
              statement,
              [{ start: statement.start, end: endOfStatement(file.text, statement), text: ';' }],
              'the demand is not stored, or the stop is not carried out',
            ),
          );
          if (value === 'TRUE' || value === 'FALSE') {
            found.push(
              edit(
                machine,
                file,
                statement,
                [
                  {
                    start: statement.value.start,
                    end: statement.value.end,
                    text: value === 'TRUE' ? 'FALSE' : 'TRUE',
                  },
                ],
                'the latch stores the opposite',
              ),
            );
          }
        }
      }
      return found;
    }),
};

const selfReset: Operator = {
  name: 'latch-resets-itself',
  group: 'trip latch reset on release',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyIfs(machine).flatMap(({ file, node }) => {
      const second = node.branches[1];
      if (second === undefined || node.branches.length !== 2 || node.otherwise !== null) return [];
      const keyword = file.text.slice(0, second.condition.start).toUpperCase().lastIndexOf('ELSIF');
      return [
        edit(
          machine,
          file,
          node,
          [{ start: keyword, end: second.body.start, text: 'ELSE\n    ' }],
          'the latch releases itself as soon as the demand is gone',
        ),
        edit(
          machine,
          file,
          second,
          [{ start: second.condition.start, end: second.condition.end, text: 'TRUE' }],
          'the latch releases itself as soon as the demand is gone',
        ),
      ];
    }),
};

const outOfIf: Operator = {
  name: 'statement-out-of-if',
  group: 'hazard moved out of the interlock',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyIfs(machine).flatMap(({ file, node }) =>
      node.branches.flatMap(({ body }) => {
        const last = body.statements.at(-1);
        if (last === undefined || !writesCone(machine, last)) return [];
        const end = endOfStatement(file.text, node);
        const text = file.text.slice(last.start, endOfStatement(file.text, last));
        return [
          edit(
            machine,
            file,
            last,
            [
              { start: last.start, end: endOfStatement(file.text, last), text: ';' },
              { start: end, end, text: `\n${text}` },
            ],
            'what was done under a condition is done always',
          ),
        ];
      }),
    ),
};

// ------------------------------------------------------------------------------------------------------ calls

interface SafetyCall extends Placed<CallStatement> {
  readonly call: Call;
  /** Arguments that a hazard depends on. */
  readonly deciding: readonly Argument[];
}

/** Calls that take part in the safety logic: an argument that decides carries a condition, or the block reads it itself. */
function safetyCalls(machine: Machine): SafetyCall[] {
  return machine.calls.flatMap((placed): SafetyCall[] => {
    const { expression } = placed.node;
    if (expression.kind !== 'Call') return [];
    const deciding = coneArguments(machine, expression);
    const carries = deciding.some(({ value }) => value !== null && mentionsCarrier(machine, value));
    return carries ? [{ ...placed, call: expression, deciding }] : [];
  });
}

const callConditional: Operator = {
  name: 'call-conditional',
  group: 'safety FB called conditionally or not at all',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyCalls(machine).flatMap(({ file, owner, node }) => {
      const end = endOfStatement(file.text, node);
      const text = file.text.slice(node.start, end);
      const bypass = bypassCandidates(machine, owner)[0];
      return [
        ...(bypass === undefined
          ? []
          : [`IF NOT ${bypass} THEN\n    ${text}\nEND_IF;`, `IF ${bypass} THEN\n    ${text}\nEND_IF;`]),
        ';',
      ].map((to) =>
        edit(
          machine,
          file,
          node,
          [{ start: node.start, end, text: to }],
          'the block does not see its inputs any more and keeps its last answer',
        ),
      );
    }),
};

const argumentsSwapped: Operator = {
  name: 'arguments-swapped',
  group: 'two FB arguments swapped',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyCalls(machine).flatMap(({ file, call, deciding }) => {
      const found: Mutation[] = [];
      const inputs = call.arguments.filter(
        ({ direction, value }) => direction === 'in' && value !== null && isBoolValue(machine, value),
      );
      for (const one of inputs) {
        for (const other of inputs) {
          if (one.start >= other.start || one.value === null || other.value === null) continue;
          const decides = deciding.some((each) => each === one || each === other);
          const carries = mentionsCarrier(machine, one.value) || mentionsCarrier(machine, other.value);
          if (!decides || !carries || textOf(file, one.value) === textOf(file, other.value)) continue;
          found.push(
            edit(
              machine,
              file,
              one,
              [
                { start: one.value.start, end: one.value.end, text: textOf(file, other.value) },
                { start: other.value.start, end: other.value.end, text: textOf(file, one.value) },
              ],
              'two inputs of a block are exchanged',
            ),
          );
        }
      }
      return found.slice(0, 6);
    }),
};

function isBoolValue(machine: Machine, value: Expression): boolean {
  return isBool(machine.site.project.model.typeOf(value));
}

const pinTied: Operator = {
  name: 'pin-tied',
  group: 'safety pin tied',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyCalls(machine).flatMap(({ file, deciding }) =>
      deciding.flatMap((argument) => {
        const { value } = argument;
        if (value === null || !isBoolValue(machine, value) || !mentionsCarrier(machine, value)) return [];
        return ['TRUE', 'FALSE'].map((text) =>
          edit(
            machine,
            file,
            argument,
            [{ start: value.start, end: value.end, text }],
            'an input of a safety block is a constant',
          ),
        );
      }),
    ),
};

const argumentDropped: Operator = {
  name: 'argument-dropped',
  group: 'safety pin tied',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyCalls(machine).flatMap(({ file, call, deciding }) =>
      deciding.flatMap((argument) => {
        if (argument.name === null || argument.value === null || !mentionsCarrier(machine, argument.value)) return [];
        const kept = call.arguments.filter((each) => each !== argument).map((each) => textOf(file, each));
        const first = call.arguments[0];
        const last = call.arguments.at(-1);
        if (first === undefined || last === undefined) return [];
        return [
          edit(
            machine,
            file,
            argument,
            [{ start: first.start, end: last.end, text: kept.join(', ') }],
            'an input of a block keeps its start value for ever',
          ),
        ];
      }),
    ),
};

const channelTwice: Operator = {
  name: 'one-channel-on-two-pins',
  group: 'same channel twice',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    safetyCalls(machine).flatMap(({ file, deciding }) => {
      const signals = deciding.filter(
        ({ value }) =>
          value !== null && symbolsIn(machine.site, value).some((symbol) => machine.conditions.has(symbol)),
      );
      return signals.flatMap((one, index) => {
        const other = signals[(index + 1) % signals.length];
        if (other === undefined || other === one || one.value === null || other.value === null) return [];
        return [
          edit(
            machine,
            file,
            one,
            [{ start: one.value.start, end: one.value.end, text: textOf(file, other.value) }],
            'one contact stands for two',
          ),
        ];
      });
    }),
};

const edgeToLevel: Operator = {
  name: 'edge-to-level',
  group: 'edge to level',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) => {
    const levels = new Map<string, string>();
    for (const { file, owner, node } of machine.calls) {
      if (node.expression.kind !== 'Call') continue;
      const resolved = machine.site.project.model.callOf(node.expression);
      const clock = node.expression.arguments.find(({ name }) => name?.name.toUpperCase() === 'CLK')?.value;
      if (resolved?.target?.name.toUpperCase() !== 'R_TRIG' || clock === null || clock === undefined) continue;
      levels.set(`${owner.name.name}|${textOf(file, node.expression.callee).toUpperCase()}`, textOf(file, clock));
    }
    const found: Mutation[] = [];
    for (const file of machine.files) {
      for (const owner of file.declarations) {
        if (owner.kind !== 'Pou') continue;
        walk(owner.body, (node, parents) => {
          if (node.kind !== 'Member' || node.member.name.toUpperCase() !== 'Q') return undefined;
          const level = levels.get(`${owner.name.name}|${textOf(file, node.object).toUpperCase()}`);
          const carries = symbolsIn(machine.site, node.object).some((symbol) => machine.carriers.has(symbol));
          const decides = parents.some(
            (parent) =>
              (parent.kind === 'If' && parent.branches.length > 1 && writesCone(machine, parent)) ||
              (parent.kind === 'CallStatement' && writesCone(machine, parent)),
          );
          if (level === undefined || !carries || !decides) return undefined;
          found.push(
            edit(
              machine,
              file,
              node,
              [{ start: node.start, end: node.end, text: `(${level})` }],
              'a button that is held or stuck resets or starts by itself',
            ),
          );
          return undefined;
        });
      }
    }
    return found;
  },
};

const edgeConstant: Operator = {
  name: 'edge-input-constant',
  group: 'edge to level',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    machine.calls.flatMap(({ file, node, owner }) => {
      if (node.expression.kind !== 'Call') return [];
      const clock = coneArguments(machine, node.expression).find(({ name }) => name?.name.toUpperCase() === 'CLK');
      if (clock?.value === null || clock?.value === undefined || !mentionsCarrier(machine, clock.value)) return [];
      const { value } = clock;
      return bypassCandidates(machine, owner).map((bypass) =>
        edit(
          machine,
          file,
          clock,
          [{ start: value.start, end: value.end, text: `${textOf(file, value)} OR ${bypass}` }],
          'something else than the reset button resets',
        ),
      );
    }),
};

export const FLOW_OPERATORS: readonly Operator[] = [
  earlyReturn,
  branchesSwapped,
  branchesMixed,
  latchRemoved,
  selfReset,
  outOfIf,
  callConditional,
  argumentsSwapped,
  pinTied,
  argumentDropped,
  channelTwice,
  edgeToLevel,
  edgeConstant,
];
