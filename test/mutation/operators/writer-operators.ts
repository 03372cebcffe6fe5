/** Damage by writing: hazards switched on somewhere else, signals forged, start values. */

import type { VariableSymbol } from '../../../core/language/semantics/symbols.js';
import type { Assignment, Pou, Statement } from '../../../core/language/syntax/tree.js';
import {
  bodyOf,
  bypassCandidates,
  declared,
  edit,
  isBool,
  type Machine,
  mentionsCarrier,
  type Placed,
  panelVariable,
  symbolsIn,
  textOf,
} from '../machine.js';
import type { Mutation, Operator } from '../mutation.js';

/** The assignments of hazards, one per hazard. */
function hazardWrites(machine: Machine): Placed<Assignment>[] {
  const seen = new Set<VariableSymbol>();
  return machine.assignments.filter(({ node }) => {
    const symbol = symbolsIn(machine.site, node.target).at(-1);
    if (symbol === undefined || !machine.hazards.has(symbol) || seen.has(symbol)) return false;
    seen.add(symbol);
    return true;
  });
}

/** Code added behind the last statement of the POU that writes each hazard. */
function behind(
  reason: string,
  code: (write: Placed<Assignment>, target: string, machine: Machine) => readonly (string | Extra)[],
): (machine: Machine) => Mutation[] {
  return (machine) =>
    hazardWrites(machine).flatMap((write) => {
      const last = bodyOf(write.owner)?.statements.at(-1);
      if (last === undefined) return [];
      return code(write, textOf(write.file, write.node.target), machine).flatMap((each) => {
        const { text, variable, file } = typeof each === 'string' ? { text: each, variable: null, file: null } : each;
        const instance = variable === null ? null : declared(machine, write.owner, variable[0], variable[1]);
        if (variable !== null && instance === null) return [];
        return [
          edit(
            machine,
            write.file,
            last,
            [
              {
                start: last.end,
                end: last.end,
                text: `\n${instance === null ? text : text.replaceAll('$', instance.name)}`,
              },
              ...(instance === null ? [] : [instance.splice]),
            ],
            reason,
            file === null ? new Map() : new Map([[file[0], new TextEncoder().encode(file[1])]]),
          ),
        ];
      });
    });
}

interface Extra {
  /** `$` stands for the name of the new variable. */
  readonly text: string;
  readonly variable: readonly [name: string, type: string] | null;
  readonly file: readonly [path: string, text: string] | null;
}

const overwrite: Operator = {
  name: 'later-overwrite',
  group: 'later overwrite of a hazard',
  refused: 'excluded',
  proofExcuses: true,
  mutations: behind('a later write switches the hazard on past its conditions', ({ owner }, target, machine) => [
    `${target} := TRUE;`,
    `${target} := ${target} OR TRUE;`,
    ...bypassCandidates(machine, owner).flatMap((bypass) => [
      `IF ${bypass} THEN\n    ${target} := TRUE;\nEND_IF;`,
      `${target} := ${target} OR ${bypass};`,
      `${target} := SEL(${bypass}, ${target}, TRUE);`,
    ]),
  ]),
};

const throughAlias: Operator = {
  name: 'write-through-alias',
  group: 'write through alias',
  refused: 'excluded',
  proofExcuses: true,
  mutations: behind('the hazard is switched on under another name', ({ node, file, owner }, target, machine) => {
    const bypass = bypassCandidates(machine, owner)[0] ?? 'TRUE';
    const address = symbolsIn(machine.site, node.target).at(-1)?.location?.text;
    const folder = file.path.replace(/[^/]*$/, '');
    const isSiemens = machine.site.project.dialect === 'siemens';
    const block = `FUNCTION_BLOCK Copy2\nVAR_IN_OUT\n    d : BOOL;\nEND_VAR\nVAR_INPUT\n    s : BOOL;\nEND_VAR\nIF s THEN\n    d := TRUE;\nEND_IF\nEND_FUNCTION_BLOCK\n`;
    const function_ = `FUNCTION Copy3 : BOOL\nVAR_OUTPUT\n    d : BOOL;\nEND_VAR\nVAR_INPUT\n    s : BOOL;\nEND_VAR\nd := s;\nCopy3 := TRUE;\nEND_FUNCTION\n`;
    const general: Extra[] = isSiemens
      ? []
      : [
          { text: `$(d := ${target}, s := ${bypass});`, variable: ['x4', 'Copy2'], file: [`${folder}Copy2.st`, block] },
          {
            text: `$ := Copy3(s := TRUE, d => ${target});`,
            variable: ['x4', 'BOOL'],
            file: [`${folder}Copy3.st`, function_],
          },
          { text: `$ REF= ${target};\n$ := ${bypass};`, variable: ['x4', 'REFERENCE TO BOOL'], file: null },
          { text: `$ := ADR(${target});\n$^ := ${bypass};`, variable: ['x4', 'POINTER TO BOOL'], file: null },
          { text: `$ := REF(${target});\n$^ := ${bypass};`, variable: ['x4', 'REF_TO BOOL'], file: null },
        ];
    const byAddress: (string | Extra)[] =
      address === undefined || isSiemens
        ? []
        : [
            `${address} := ${bypass};`,
            { text: `x4 := ${bypass};`, variable: [`x4 AT ${address}`, 'BOOL'], file: null },
            `${address.replace(/X(\d+)\.\d+/, 'B$1')} := 16#FF;`,
          ];
    return [...general, ...byAddress];
  }),
};

const secondWriter: Operator = {
  name: 'second-writer-elsewhere',
  group: 'second writer in another POU',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    hazardWrites(machine).flatMap((write) => {
      const symbol = symbolsIn(machine.site, write.node.target).at(-1);
      const called = machine.files
        .flatMap((file) => file.declarations.map((declaration) => ({ file, declaration })))
        .filter(
          (each): each is { file: typeof each.file; declaration: Pou } =>
            each.declaration.kind === 'Pou' &&
            each.declaration !== write.owner &&
            each.declaration.pouKind !== 'function',
        );
      return called.flatMap(({ file, declaration }) => {
        const last = bodyOf(declaration)?.statements.at(-1);
        if (last === undefined) return [];
        const found: Mutation[] = [];
        const reason = 'another POU switches the hazard on';
        const add = (target: string, declaration_: ReturnType<typeof declared>): void => {
          found.push(
            edit(
              machine,
              file,
              last,
              [
                { start: last.end, end: last.end, text: `\n${target} := TRUE;` },
                ...(declaration_ === null ? [] : [declaration_.splice]),
              ],
              reason,
            ),
          );
        };
        if (symbol?.scope === 'global' || symbol?.scope === 'member') add(textOf(write.file, write.node.target), null);
        const address = symbol?.location?.text;
        if (address !== undefined) {
          const alias = declared(machine, declaration, `x4 AT ${address}`, 'BOOL');
          if (alias !== null) add('x4', alias);
        }
        return found;
      });
    }),
};

const branchSetsHazard: Operator = {
  name: 'branch-sets-hazard',
  group: 'CASE or IF branch sets hazard directly',
  refused: 'excluded',
  proofExcuses: true,
  mutations: behind('a branch of its own switches the hazard on', ({ owner }, target, machine) => {
    const pou = machine.site.project.pous.find(({ declaration }) => declaration === owner);
    const selector = [...(pou?.variables.values() ?? [])].find(
      ({ type, isConstant }) => type.kind === 'elementary' && type.name === 'INT' && !isConstant,
    );
    if (selector === undefined) return [];
    const name = machine.site.project.dialect === 'siemens' ? `#${selector.name}` : selector.name;
    return [
      `CASE ${name} OF\n    3: ${target} := TRUE;\nEND_CASE;`,
      `IF ${name} = 17 THEN\n    ${target} := TRUE;\nEND_IF;`,
    ];
  }),
};

const interlockSplit: Operator = {
  name: 'interlock-leaves-hazard',
  group: 'hazard moved out of the interlock',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    hazardWrites(machine).flatMap((write) => {
      const { file, node, owner } = write;
      const value = textOf(file, node.value);
      const target = textOf(file, node.target);
      const bypass = bypassCandidates(machine, owner)[0];
      const reason = 'the hazard keeps its value, or is switched on, outside of its conditions';
      const first = firstFreeOperand(machine, write);
      return [
        `IF ${value} THEN\n    ${target} := TRUE;\nEND_IF;`,
        ...(bypass === undefined ? [] : [`IF NOT ${bypass} THEN\n    ${target} := ${value};\nEND_IF;`]),
        ...(first === null
          ? []
          : [`${target} := ${first};`, `IF ${value} THEN\n    ${target} := FALSE;\nEND_IF;\n${target} := ${first};`]),
        `${target} := ${target} OR (${value});`,
      ].map((text) =>
        edit(machine, file, node, [{ start: node.start, end: endOfStatement(file.text, node), text }], reason),
      );
    }),
};

/** The operand of a conjunction that carries no condition: the bare request. */
function firstFreeOperand(machine: Machine, { file, node: { value } }: Placed<Assignment>): string | null {
  let node = value;
  while (node.kind === 'Binary' && node.operator === 'AND') node = node.left;
  return mentionsCarrier(machine, node) || node === value ? null : textOf(file, node);
}

/** Behind the semicolon of a statement. */
export function endOfStatement(text: string, { end }: { readonly end: number }): number {
  const match = /^\s*;/.exec(text.slice(end));
  return text[end - 1] === ';' || match === null ? end : end + match[0].length;
}

const signalWritten: Operator = {
  name: 'signal-written',
  group: 'safety signal written',
  refused: 'excluded',
  proofExcuses: false,
  mutations: (machine) => {
    const panel = panelVariable(machine);
    const seen = new Set<string>();
    return machine.expressions.flatMap(({ file, owner, node }) => {
      const first: Statement | undefined = bodyOf(owner)?.statements[0];
      const symbol = symbolsIn(machine.site, node).find((each) => machine.conditions.has(each));
      if (first === undefined || symbol === undefined || seen.has(`${owner.name.name} ${symbol.qualifiedName}`))
        return [];
      seen.add(`${owner.name.name} ${symbol.qualifiedName}`);
      const target = writtenName(machine, file, node, symbol);
      if (target === null) return [];
      const bypass = bypassCandidates(machine, owner)[0];
      return [
        `${target} := TRUE;\n`,
        ...(panel === null
          ? []
          : [`${target} := ${target} OR ${panel};\n`, `IF ${panel} THEN\n    ${target} := TRUE;\nEND_IF;\n`]),
        ...(bypass === undefined ? [] : [`${target} := ${bypass};\n`]),
      ].map((text) =>
        edit(
          machine,
          file,
          first,
          [{ start: first.start, end: first.start, text }],
          'the program overwrites a safety signal',
        ),
      );
    });
  },
};

function writtenName(
  machine: Machine,
  file: Machine['files'][number],
  expression: Assignment['value'],
  symbol: VariableSymbol,
): string | null {
  const text = textOf(file, expression);
  const pattern = new RegExp(`(?:"[^"]+"\\.|\\w+\\.|#)?"?${symbol.name}"?`, 'i');
  return isBool(symbol.type) && machine.conditions.has(symbol) ? (pattern.exec(text)?.[0] ?? null) : null;
}

const startValue: Operator = {
  name: 'start-value',
  group: 'initial value of an enable',
  refused: 'excluded',
  // The proof starts from these values, so that it sees what they do.
  proofExcuses: true,
  mutations: (machine) =>
    [...machine.carriers, ...machine.hazards].flatMap((symbol) => {
      const { declaration, site, type, scope } = symbol;
      if (declaration === null || site === null || !isBool(type) || declaration.names.length !== 1) return [];
      if (scope === 'input' || scope === 'in-out' || symbol.externalTarget !== null) return [];
      if (/^%I/.test(symbol.location?.text ?? '')) return [];
      const reason = 'before the first evaluation the machine counts as released';
      const { initializer } = declaration;
      const at = initializer ?? declaration.type;
      const isOn = initializer !== null && textOf(site.file, initializer).toUpperCase() === 'TRUE';
      const splice =
        initializer === null
          ? { start: at.end, end: at.end, text: ' := TRUE' }
          : { start: at.start, end: at.end, text: isOn ? 'FALSE' : 'TRUE' };
      return [edit(machine, site.file, declaration, [splice], reason)];
    }),
};

const addressChanged: Operator = {
  name: 'input-address-changed',
  group: 'polarity or address of an input',
  refused: 'excluded',
  proofExcuses: false,
  mutations: (machine) =>
    [...machine.conditions].flatMap((symbol) => {
      const { site, location } = symbol;
      if (site === null || location === null) return [];
      const others = machine.files.flatMap((file) =>
        file.text.includes(location.text) || file === site.file
          ? [...file.text.matchAll(/%IX?\d+\.\d+/gi)].map(([text]) => text.toUpperCase())
          : [],
      );
      const other = others.find((text) => text !== location.text.toUpperCase());
      const fresh = location.text.replace(/\d+\.\d+$/, '99.7');
      return [...(other === undefined ? [] : [other]), fresh].map((text) =>
        edit(
          machine,
          site.file,
          location,
          [{ start: location.start, end: location.end, text }],
          'the signal is read from another terminal',
        ),
      );
    }),
};

export const WRITER_OPERATORS: readonly Operator[] = [
  overwrite,
  throughAlias,
  secondWriter,
  branchSetsHazard,
  interlockSplit,
  signalWritten,
  startValue,
  addressChanged,
];
