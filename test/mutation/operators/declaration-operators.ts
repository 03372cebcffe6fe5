/** Damage to declarations and parameters: retained state, exchanged blocks, times, limits, tasks. */

import type { VariableSymbol } from '../../../core/language/semantics/symbols.js';
import { walk } from '../../../core/language/syntax/walk.js';
import {
  bypassCandidates,
  edit,
  isBool,
  type Machine,
  mentionsCarrier,
  symbolsIn,
  textOf,
  writesCone,
} from '../machine.js';
import type { Mutation, Operator } from '../mutation.js';

/** Variables that hold a run or start state: stored in branches, off at a cold start. */
function runStates(machine: Machine): VariableSymbol[] {
  const stored = new Set<VariableSymbol>();
  for (const { node, parents } of machine.assignments) {
    const symbol = symbolsIn(machine.site, node.target).at(-1);
    const isStored = parents.some((parent) => parent.kind === 'If' && writesCone(machine, parent));
    if (symbol === undefined || !isStored || !machine.cone.has(symbol)) continue;
    if (symbol.scope !== 'local' && symbol.scope !== 'output') continue;
    const { initializer, type } = symbol;
    const startsOn = initializer !== null && machine.site.project.model.constantOf(initializer) === true;
    const isState = isBool(type) || type.kind === 'enum';
    if (isState && !startsOn) stored.add(symbol);
  }
  return [...stored];
}

const retained: Operator = {
  name: 'state-retained',
  group: 'state made RETAIN',
  refused: 'excluded',
  proofExcuses: false,
  mutations: (machine) =>
    runStates(machine).flatMap((symbol) => {
      const { declaration, site, sectionKind } = symbol;
      if (declaration === null || site === null || sectionKind === null || declaration.names.length !== 1) return [];
      const text = textOf(site.file, declaration);
      return [
        edit(
          machine,
          site.file,
          declaration,
          [
            {
              start: declaration.start,
              end: declaration.end,
              text: `END_VAR\n${sectionKind} RETAIN\n    ${text}${text.endsWith(';') ? '' : ';'}\nEND_VAR\n${sectionKind}\n    `,
            },
          ],
          'the machine goes on by itself when power returns',
        ),
      ];
    }),
};

const EXCHANGED: Readonly<Record<string, readonly string[]>> = {
  SR: ['RS'],
  RS: ['SR'],
  TON: ['TOF', 'TP'],
  TOF: ['TON'],
  TP: ['TOF'],
  R_TRIG: ['F_TRIG'],
  F_TRIG: ['R_TRIG'],
  SF_EMERGENCYSTOP: ['SF_Equivalent'],
};

const blockExchanged: Operator = {
  name: 'block-exchanged',
  group: 'SR/RS, timer or edge block exchanged',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    [...machine.cone].flatMap((symbol) => {
      const { declaration, site, type } = symbol;
      if (declaration === null || site === null || type.kind !== 'pou' || declaration.type.kind !== 'NamedType')
        return [];
      if (!machine.carriers.has(symbol)) return [];
      const written = declaration.type;
      return (EXCHANGED[textOf(site.file, written).toUpperCase()] ?? []).map((text) =>
        edit(
          machine,
          site.file,
          declaration,
          [{ start: written.start, end: written.end, text }],
          'the block reacts at another moment, or the wrong input wins',
        ),
      );
    }),
};

/** Durations that reach an input of a block in the cone together with a condition. */
const timeChanged: Operator = {
  name: 'safety-time-changed',
  group: 'timer PT, discrepancy or limit changed',
  refused: 'excluded',
  proofExcuses: false,
  mutations: (machine) =>
    machine.calls.flatMap(({ file, node, owner }) => {
      if (node.expression.kind !== 'Call') return [];
      const call = node.expression;
      const carries = call.arguments.some(({ value }) => value !== null && mentionsCarrier(machine, value));
      const monitors = call.arguments.some(({ name }) =>
        /discrepancy|monitoring|diskrepanz|disc(rep)?/i.test(name?.name ?? ''),
      );
      const decides = call.arguments.some(
        ({ value, direction }) =>
          direction === 'in' &&
          value !== null &&
          symbolsIn(machine.site, value).some((symbol) => machine.conditions.has(symbol)),
      );
      if (!carries || (!monitors && !decides)) return [];
      return call.arguments.flatMap((argument) => {
        const { value } = argument;
        if (value?.kind !== 'Literal' || value.literalKind !== 'time') return [];
        return ['T#9s', 'T#0ms', 'T#1h'].map((text) =>
          edit(
            machine,
            file,
            owner === undefined ? node : argument,
            [{ start: value.start, end: value.end, text }],
            'the supervision of a protective device has another time',
          ),
        );
      });
    }),
};

const limitChanged: Operator = {
  name: 'input-default-changed',
  group: 'timer PT, discrepancy or limit changed',
  refused: 'excluded',
  proofExcuses: false,
  mutations: (machine) =>
    [...machine.cone].flatMap((symbol) => {
      const { declaration, site, scope, initializer, type } = symbol;
      const isTime = type.kind === 'elementary' && type.name === 'TIME';
      if (declaration === null || site === null || scope !== 'input' || initializer === null || !isTime) return [];
      const owner = machine.site.project.pous.find(({ variables }) => [...variables.values()].includes(symbol));
      const guarded = [...(owner?.variables.values() ?? [])].filter(
        (each) => each.scope === 'input' && machine.carriers.has(each),
      );
      if (guarded.length < 2) return [];
      return [
        edit(
          machine,
          site.file,
          declaration,
          [{ start: initializer.start, end: initializer.end, text: 'T#1m' }],
          'the supervision of a protective device has another time',
        ),
      ];
    }),
};

const autoReset: Operator = {
  name: 'automatic-reset',
  group: 'auto reset TRUE',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    machine.calls.flatMap(({ file, node, owner }) => {
      if (node.expression.kind !== 'Call') return [];
      return node.expression.arguments.flatMap((argument): Mutation[] => {
        const { name, value } = argument;
        if (name === null || value === null) return [];
        const isAutomatic = /^S_(Auto|Start)Reset$/i.test(name.name);
        const isReset = symbolsIn(machine.site, value).some((symbol) => machine.resets.has(symbol));
        const isHazardous =
          machine.site.project.model.callOf(node.expression as typeof node.expression & { kind: 'Call' }) !== null;
        if ((!isAutomatic && !isReset) || !isHazardous || !writesCone(machine, node)) return [];
        const texts = isAutomatic ? ['TRUE'] : ['TRUE', ...bypassCandidates(machine, owner)];
        return texts.map((text) =>
          edit(machine, file, argument, [{ start: value.start, end: value.end, text }], 'the machine resets itself'),
        );
      });
    }),
};

const taskChanged: Operator = {
  name: 'task-changed',
  group: 'task interval, order or priority',
  refused: 'excluded',
  proofExcuses: false,
  mutations: (machine) => {
    const found: Mutation[] = [];
    const deciding = new Set(machine.expressions.map(({ owner }) => owner));
    const { schedule } = machine.site.project;
    const running = schedule.filter(({ programs }) =>
      programs.some(({ pou }) => pou.declaration !== null && deciding.has(pou.declaration)),
    );
    const tasks = new Set(running.map(({ name }) => name.toUpperCase()));
    const programs = new Set(
      running.flatMap((task) => task.programs.map(({ instanceName }) => instanceName.toUpperCase())),
    );
    for (const file of machine.files) {
      walk(file, (node) => {
        if (node.kind === 'Task' && !tasks.has(node.name.name.toUpperCase())) return undefined;
        if (node.kind === 'Task' && node.interval !== null) {
          found.push(
            edit(
              machine,
              file,
              node,
              [{ start: node.interval.start, end: node.interval.end, text: 'T#500ms' }],
              'the machine reacts later',
            ),
          );
        }
        if (node.kind === 'Task' && node.priority !== null) {
          found.push(
            edit(
              machine,
              file,
              node,
              [{ start: node.priority.start, end: node.priority.end, text: '30' }],
              'other tasks may delay the reaction',
            ),
          );
        }
        if (node.kind === 'Resource' || node.kind === 'Configuration') {
          const [task, otherTask] = node.tasks;
          const [one, other] = node.programs;
          const isSafety = [one, other].every(
            (each) => each === undefined || programs.has(each.name.name.toUpperCase()),
          );
          if (isSafety && one !== undefined && other !== undefined) {
            found.push(
              edit(
                machine,
                file,
                one,
                [
                  { start: one.start, end: one.end, text: textOf(file, other) },
                  { start: other.start, end: other.end, text: textOf(file, one) },
                ],
                'a program sees the conditions of the scan before',
              ),
            );
          }
          if (one !== undefined) {
            found.push(
              edit(
                machine,
                file,
                one,
                [{ start: one.start, end: one.end + 1, text: '' }],
                'a program is not called any more',
              ),
            );
          }
          if (one?.task !== undefined && one.task !== null && task !== undefined && otherTask !== undefined) {
            found.push(
              edit(
                machine,
                file,
                one.task,
                [{ start: one.task.start, end: one.task.end, text: otherTask.name.name }],
                'the program moved to another task',
              ),
            );
          }
        }
        return node.kind === 'Pou' ? 'skip' : undefined;
      });
    }
    return found;
  },
};

const caseDuplicate: Operator = {
  name: 'local-shadows-signal',
  group: 'encoding and shadowing tricks',
  refused: 'counted',
  proofExcuses: false,
  mutations: (machine) =>
    machine.files.flatMap((file) =>
      file.declarations.flatMap((owner): Mutation[] => {
        if (owner.kind !== 'Pou') return [];
        const last = owner.sections.at(-1);
        const pou = machine.site.project.pous.find(({ declaration }) => declaration === owner);
        if (last === undefined || pou === undefined) return [];
        return [...machine.conditions]
          .filter(({ scope, name }) => scope === 'global' && file.text.includes(name))
          .map((symbol) =>
            edit(
              machine,
              file,
              last,
              [{ start: last.end, end: last.end, text: `\nVAR\n    ${symbol.name} : BOOL := TRUE;\nEND_VAR` }],
              'a local variable of the same name hides the signal',
            ),
          );
      }),
    ),
};

export const DECLARATION_OPERATORS: readonly Operator[] = [
  retained,
  blockExchanged,
  timeChanged,
  limitChanged,
  autoReset,
  taskChanged,
  caseDuplicate,
];
