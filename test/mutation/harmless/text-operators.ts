/** Rewrites that leave every token, or every meaning, as it was: layout, comments, names, files. */

import { formatSource } from '../../../core/formats/format-source.js';
import type { VariableSymbol } from '../../../core/language/semantics/symbols.js';
import type { Identifier, SourceFile } from '../../../core/language/syntax/tree.js';
import { walk } from '../../../core/language/syntax/walk.js';
import { bodyOf, declared, edit, encoded, type Machine, symbolsIn, textOf, writesCone } from '../machine.js';
import type { Mutation, Operator, Splice } from '../mutation.js';

const harmless = (name: string, group: string, mutations: Operator['mutations']): Operator => ({
  name,
  group,
  refused: 'excluded',
  proofExcuses: true,
  mutations,
});

function whole(machine: Machine, file: SourceFile, text: string, what: string): Mutation {
  return {
    place: `${file.path} ${what}`,
    reason: what,
    changed: new Map([[file.path, encoded(machine, file.path, text)]]),
  };
}

const layout = harmless('layout', 'reformat', (machine) =>
  machine.files.flatMap((file) => {
    const formatted = formatSource(file.path, file.text, machine.site.project.dialect);
    return [
      ...(typeof formatted === 'string' && formatted !== file.text
        ? [whole(machine, file, formatted, 'formatted')]
        : []),
      whole(machine, file, file.text.replaceAll(/^( +)(?=\S)/gm, '$1$1'), 'indented twice as far'),
      whole(
        machine,
        file,
        file.text.replaceAll(/[ \t]*\r?\n/g, (end) => `  ${end.trimStart() === '' ? end.replace(/[ \t]/g, '') : end}`),
        'spaces at line ends',
      ),
    ];
  }),
);

const lineEnds = harmless('line-ends', 'line ends and byte order mark', (machine) =>
  machine.files.flatMap((file) => {
    const bytes = machine.site.snapshot.get(file.path);
    if (bytes === undefined) return [];
    const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb;
    const flipped = file.text.includes('\r\n')
      ? file.text.replaceAll('\r\n', '\n')
      : file.text.replaceAll('\n', '\r\n');
    const turned = isMarked ? bytes.slice(3) : new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]);
    return [
      whole(machine, file, flipped, 'other line ends'),
      { place: `${file.path} byte order mark`, reason: 'the byte order mark', changed: new Map([[file.path, turned]]) },
    ];
  }),
);

const commentsAdded = harmless('comment-added', 'comment added, changed or moved', (machine) =>
  machine.expressions.flatMap(({ file, parents }) => {
    const statement = parents.findLast(
      (each) => each.kind === 'Assignment' || each.kind === 'If' || each.kind === 'CallStatement',
    );
    if (statement === undefined) return [];
    return [
      '(* the guard must be closed, no bypass here *)\n',
      '// emergency stop: never write TRUE to it by hand\n',
      '(* checked by the works council, see drawing 7 *) ',
    ].map((text) =>
      edit(machine, file, statement, [{ start: statement.start, end: statement.start, text }], 'a comment'),
    );
  }),
);

const commentsChanged = harmless('comment-changed', 'comment added, changed or moved', (machine) =>
  machine.files.flatMap((file) =>
    file.comments.flatMap((comment) => {
      const text = textOf(file, comment);
      const changed = comment.style === 'line' ? `${text} (rev. B)` : text.replace(/\*\)$/, ' rev. B *)');
      const removed = comment.style === 'line' ? '' : ' ';
      return [changed, removed].map((to) =>
        edit(machine, file, comment, [{ start: comment.start, end: comment.end, text: to }], 'a comment'),
      );
    }),
  ),
);

const declarationComments = harmless('comment-at-variable', 'comment added, changed or moved', (machine) =>
  machine.files.flatMap((file) => {
    const found: Mutation[] = [];
    walk(file, (node) => {
      if (node.kind !== 'VariableDeclaration') return undefined;
      found.push(
        edit(
          machine,
          file,
          node,
          [{ start: node.start, end: node.start, text: '(* contact 11-12 of the door *) ' }],
          'a comment at a variable',
        ),
      );
      return 'skip';
    });
    return found;
  }),
);

const spelling = harmless('spelling', 'upper and lower case', (machine) =>
  machine.expressions.flatMap(({ file, node }) => {
    const text = textOf(file, node);
    if (text.includes('"') || text.includes("'")) return [];
    return [text.toLowerCase(), text.toUpperCase()]
      .filter((to) => to !== text)
      .map((to) =>
        edit(machine, file, node, [{ start: node.start, end: node.end, text: to }], 'names in another case'),
      );
  }),
);

// -------------------------------------------------------------------------------------------------- names

/** The places where a variable is named in code: its declaration and every use. */
function usesOf(machine: Machine, symbol: VariableSymbol): Map<SourceFile, Identifier[]> {
  const uses = new Map<SourceFile, Identifier[]>();
  for (const file of machine.files) {
    const found: Identifier[] = [];
    walk(file, (node) => {
      if (node.kind === 'Name' && machine.site.project.model.symbolOf(node) === symbol) found.push(node.name);
      if (node.kind === 'Member' && machine.site.project.model.symbolOf(node) === symbol) found.push(node.member);
      if (node.kind === 'VariableName' && node.name === symbol.site?.identifier) found.push(node.name);
      if (node.kind === 'Call') {
        const call = machine.site.project.model.callOf(node);
        for (const { argument, parameter } of call?.bindings ?? []) {
          if (parameter === symbol && argument.name !== null) found.push(argument.name);
        }
      }
      return undefined;
    });
    if (found.length > 0) uses.set(file, found);
  }
  return uses;
}

/** Whether manifest, tests or scenarios speak of a name: those would have to change with it. */
function isNamedOutside(machine: Machine, name: string): boolean {
  const pattern = new RegExp(`\\b${name}\\b`, 'i');
  return [...machine.site.snapshot].some(
    ([path, bytes]) => /\.ya?ml$|_test\.st$/i.test(path) && pattern.test(new TextDecoder().decode(bytes)),
  );
}

function renamed(identifier: Identifier, name: string): Splice {
  const marks = { none: ['', ''], hash: ['#', ''], quotes: ['"', '"'], backticks: ['`', '`'] }[identifier.quoting];
  return { start: identifier.start, end: identifier.end, text: `${marks[0]}${name}${marks[1]}` };
}

const variableRenamed = harmless('variable-renamed', 'rename', (machine) =>
  machine.site.project.pous.flatMap((pou) =>
    [...pou.variables.values()].flatMap((symbol): Mutation[] => {
      if (symbol.site === null || symbol.scope === 'external' || symbol.scope === 'result') return [];
      if (isNamedOutside(machine, symbol.name) || machine.site.libraryPaths.has(symbol.site.file.path)) return [];
      if (/certified|estop\//.test(symbol.site.file.path)) return [];
      const uses = usesOf(machine, symbol);
      const name = `${symbol.name}_neu`;
      return [
        {
          place: `${symbol.qualifiedName} renamed to ${name}`,
          reason: 'a consistent new name',
          changed: new Map(
            [...uses].map(([file, identifiers]) => {
              let text = file.text;
              const ordered = [...new Set(identifiers)].sort((a, b) => b.start - a.start);
              for (const { start, end, text: to } of ordered.map((each) => renamed(each, name))) {
                text = text.slice(0, start) + to + text.slice(end);
              }
              return [file.path, encoded(machine, file.path, text)] as const;
            }),
          ),
        },
      ];
    }),
  ),
);

const pouRenamed = harmless('block-renamed', 'rename', (machine) =>
  machine.site.project.pous.flatMap((pou): Mutation[] => {
    const { declaration, site } = pou;
    if (declaration === null || site === null || pou.pouKind !== 'function-block') return [];
    if (isNamedOutside(machine, pou.name) || /certified|estop\//.test(site.file.path) || /\.Tc/.test(site.file.path))
      return [];
    const name = `${pou.name}_V2`;
    const pattern = new RegExp(`(?<![\\w.#])("?)${pou.name}\\1(?!\\w)`, 'gi');
    return [
      {
        place: `${pou.name} renamed to ${name}`,
        reason: 'a consistent new name',
        changed: new Map(
          machine.files
            .filter((file) => pattern.test(file.text))
            .map(
              (file) => [file.path, encoded(machine, file.path, file.text.replaceAll(pattern, `$1${name}$1`))] as const,
            ),
        ),
      },
    ];
  }),
);

// -------------------------------------------------------------------------------------------------- files and additions

const fileMoved = harmless('file-moved', 'POU moved to another file', (machine) => {
  const plain = machine.files.filter(({ path }) => /\.(st|scl)$/i.test(path) && !/certified|estop\//.test(path));
  return plain.flatMap((file, index) => {
    const bytes = machine.site.snapshot.get(file.path);
    const target = plain[(index + 1) % plain.length];
    if (bytes === undefined || target === undefined) return [];
    const moved = file.path.replace(/\.(st|scl)$/i, '_moved.$1');
    const renamedFile: Mutation = {
      place: `${file.path} -> ${moved}`,
      reason: 'the same code in a file of another name',
      changed: new Map<string, Uint8Array | null>([
        [file.path, null],
        [moved, bytes],
      ]),
    };
    if (target === file) return [renamedFile];
    return [
      renamedFile,
      {
        place: `${file.path} appended to ${target.path}`,
        reason: 'the same code in another file',
        changed: new Map<string, Uint8Array | null>([
          [file.path, null],
          [target.path, encoded(machine, target.path, `${target.text}\n${file.text.replace(/^\uFEFF/, '')}`)],
        ]),
      },
    ];
  });
});

const unusedVariable = harmless('unused-variable', 'unused variable or block added', (machine) =>
  machine.site.project.pous.flatMap((pou): Mutation[] => {
    const { declaration, site } = pou;
    if (declaration === null || site === null || /certified|estop\//.test(site.file.path)) return [];
    return (
      [
        ['iSpare', 'INT'],
        ['sNote', "STRING := 'guard door'"],
      ] as const
    ).flatMap(([name, type]) => {
      const variable = declared(machine, declaration, name, type);
      return variable === null
        ? []
        : [edit(machine, site.file, declaration, [variable.splice], 'a variable that nobody uses')];
    });
  }),
);

const newBlock = harmless('new-block', 'unused variable or block added', (machine) => {
  const file = machine.files.find(({ path }) => /\.st$/i.test(path) && !/certified|estop\//.test(path));
  if (file === undefined) return [];
  const path = file.path.replace(/[^/]*$/, 'FB_Statistik2.st');
  const text =
    'FUNCTION_BLOCK FB_Statistik2\nVAR_INPUT\n    xCount : BOOL;\nEND_VAR\nVAR_OUTPUT\n    udiCount : UDINT;\nEND_VAR\nVAR\n    fbEdge : R_TRIG;\nEND_VAR\nfbEdge(CLK := xCount);\nIF fbEdge.Q THEN\n    udiCount := udiCount + 1;\nEND_IF;\nEND_FUNCTION_BLOCK\n';
  const added = new Map([[path, new TextEncoder().encode(text)]]);
  return [
    { place: `${path} added`, reason: 'a block that nobody calls', changed: added },
    ...hazardPrograms(machine).flatMap(({ file: own, owner, hazard }) => {
      const last = bodyOf(owner)?.statements.at(-1);
      const instance = declared(machine, owner, 'fbStat2', 'FB_Statistik2');
      if (last === undefined || instance === null) return [];
      return [
        edit(
          machine,
          own,
          last,
          [{ start: last.end, end: last.end, text: `\n${instance.name}(xCount := ${hazard});` }, instance.splice],
          'a counter of the movements',
          added,
        ),
      ];
    }),
  ];
});

/** POUs that write a hazard, with the text of one hazard each. */
function hazardPrograms(machine: Machine) {
  const seen = new Set<string>();
  return machine.assignments.flatMap(({ file, owner, node }) => {
    const symbol = symbolsIn(machine.site, node.target).at(-1);
    if (symbol === undefined || !machine.hazards.has(symbol) || seen.has(owner.name.name)) return [];
    seen.add(owner.name.name);
    return [{ file, owner, node, hazard: textOf(file, node.target), value: node.value }];
  });
}

const logicAdded = harmless('log-or-counter-added', 'alarm, log or counter added', (machine) =>
  hazardPrograms(machine).flatMap(({ file, owner, hazard }) => {
    const last = bodyOf(owner)?.statements.at(-1);
    const counter = declared(machine, owner, 'diCount7', 'DINT');
    const alarm = declared(machine, owner, 'xAlarm7', 'BOOL');
    if (last === undefined || counter === null || alarm === null) return [];
    const condition = machine.expressions.find((each) => each.owner === owner && each.use === 'value');
    const add = (text: string, splices: readonly Splice[]): Mutation =>
      edit(
        machine,
        file,
        last,
        [{ start: last.end, end: last.end, text: `\n${text}` }, ...splices],
        'a count or message beside the logic',
      );
    return [
      add(`IF ${hazard} THEN\n    ${counter.name} := ${counter.name} + 1;\nEND_IF;`, [counter.splice]),
      add(`${alarm.name} := NOT ${hazard};`, [alarm.splice]),
      ...(condition === undefined
        ? []
        : [add(`${alarm.name} := NOT (${textOf(condition.file, condition.node)});`, [alarm.splice])]),
    ];
  }),
);

const declarationsSwapped = harmless('declarations-swapped', 'declarations in another order', (machine) =>
  machine.files.flatMap((file) => {
    if (/certified|estop\//.test(file.path)) return [];
    const found: Mutation[] = [];
    walk(file, (node, parents) => {
      if (node.kind !== 'VariableSection' || !['VAR', 'VAR_TEMP'].includes(node.sectionKind)) return undefined;
      if (!parents.some((parent) => parent.kind === 'Pou')) return undefined;
      node.variables.forEach((one, index) => {
        const other = node.variables[index + 1];
        if (other === undefined || index % 4 !== 0) return;
        found.push(
          edit(
            machine,
            file,
            one,
            [
              { start: one.start, end: one.end, text: textOf(file, other) },
              { start: other.start, end: other.end, text: textOf(file, one) },
            ],
            'two declarations in another order',
          ),
        );
      });
      return 'skip';
    });
    return found;
  }),
);

const textsChanged = harmless('text-changed', 'HMI text or process setting changed', (machine) =>
  machine.files.flatMap((file) => {
    const found: Mutation[] = [];
    walk(file, (node, parents) => {
      if (node.kind !== 'Literal') return undefined;
      const isText = node.literalKind === 'string' && textOf(file, node).length > 4 && file.path.endsWith('.st');
      const statement = parents.findLast((each) => each.kind === 'CallStatement');
      const isLamp =
        node.literalKind === 'time' &&
        statement?.kind === 'CallStatement' &&
        !writesCone(machine, statement) &&
        parents.some((each) => each.kind === 'Pou' && each.pouKind === 'program');
      if (isText)
        found.push(edit(machine, file, node, [{ start: node.end - 1, end: node.end - 1, text: ' 2' }], 'another text'));
      if (isLamp)
        found.push(
          edit(
            machine,
            file,
            node,
            [{ start: node.start, end: node.end, text: 'T#750ms' }],
            'another time of a lamp or message',
          ),
        );
      return undefined;
    });
    return found;
  }),
);

const notesAdded = harmless('notes-added', 'notes beside the code', (machine) => [
  ...['README.md', 'docs/notes.md', 'CHANGES.txt'].map((path) => ({
    place: `${path} ${machine.site.snapshot.has(path) ? 'changed' : 'added'}`,
    reason: 'notes for people',
    changed: new Map([[path, new TextEncoder().encode('The guard may be bypassed by nobody. Checked 2024-03-01.\n')]]),
  })),
]);

export const TEXT_OPERATORS: readonly Operator[] = [
  layout,
  lineEnds,
  commentsAdded,
  commentsChanged,
  declarationComments,
  spelling,
  variableRenamed,
  pouRenamed,
  fileMoved,
  unusedVariable,
  newBlock,
  logicAdded,
  declarationsSwapped,
  textsChanged,
  notesAdded,
];
