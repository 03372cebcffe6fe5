/** Damage outside of the logic: tests, scenarios, manifest, certified and protected files, hidden characters. */

import { edit, encoded, type Machine, textOf } from '../machine.js';
import type { Mutation, Operator } from '../mutation.js';

/** The text of a file of the site. */
function read(machine: Machine, path: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(machine.site.snapshot.get(path));
}

function paths(machine: Machine, pattern: RegExp): string[] {
  return [...machine.site.snapshot.keys()].filter((path) => pattern.test(path)).sort();
}

/** One replacement in each file where the pattern occurs, for each occurrence. */
function replaced(machine: Machine, path: string, pattern: RegExp, to: string, reason: string): Mutation[] {
  const text = read(machine, path);
  return [...text.matchAll(pattern)].map((match) => {
    const replacement = match[0].replace(new RegExp(pattern.source, pattern.flags.replace('g', '')), to);
    const line = text.slice(0, match.index).split('\n').length;
    return {
      place: `${path}:${line} "${match[0].trim()}" -> "${replacement.trim()}"`,
      reason,
      changed: new Map([
        [
          path,
          encoded(machine, path, text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length)),
        ],
      ]),
    };
  });
}

function removed(path: string, reason: string): Mutation {
  return { place: `${path} deleted`, reason, changed: new Map([[path, null]]) };
}

const TESTS = /_test\.st$/i;
const SCENARIOS = /scenarios\/.*\.ya?ml$/i;

const testsWeakened: Operator = {
  name: 'tests-weakened',
  group: 'test or scenario weakened',
  refused: 'counted',
  proofExcuses: false,
  mutations: (machine) => [
    ...paths(machine, TESTS).flatMap((path) => [
      removed(path, 'the tests are gone'),
      ...replaced(machine, path, /^[ \t]*ASSERT_\w+\(.*\);[ \t]*\r?\n/gim, '', 'an assertion is gone'),
      ...replaced(machine, path, /ASSERT_TRUE\(/g, 'ASSERT_FALSE(', 'an assertion says the opposite'),
      ...replaced(machine, path, /ASSERT_FALSE\((.*)\);/g, '// ASSERT_FALSE($1);', 'an assertion became a comment'),
    ]),
    ...paths(machine, SCENARIOS).flatMap((path) => [
      removed(path, 'the scenario is gone'),
      ...replaced(machine, path, /^ +- \{ at: [^\n]*expect:[^\n]*\n/gm, '', 'an expectation is gone'),
      ...replaced(machine, path, /^always:\n( +-[^\n]*\n)+/gm, '', 'what must always hold is gone'),
      ...replaced(machine, path, /(^ +- )(.* OR NOT .*)/gm, '$1$2 OR TRUE', 'what must always hold always holds'),
      ...replaced(machine, path, /until: .*/g, 'until: 10ms', 'the scenario ends before anything happens'),
    ]),
  ],
};

const manifestWeakened: Operator = {
  name: 'manifest-weakened',
  group: 'manifest weakened',
  refused: 'counted',
  proofExcuses: false,
  mutations: (machine) => {
    const path = 'plantwright.yaml';
    const reason = 'what counts as safe is decided by the change itself';
    return [
      ...replaced(
        machine,
        path,
        /^ +- \{ tag: [^}]*role: (estop|guard|light_curtain|two_hand|safety_mat|hazard)[^}]*\}\r?\n/gm,
        '',
        reason,
      ),
      ...replaced(
        machine,
        path,
        /role: (estop|guard|light_curtain|two_hand|safety_mat|hazard|reset)/g,
        'role: start',
        reason,
      ),
      ...replaced(
        machine,
        path,
        /(role: (?:estop|guard|light_curtain)[^}]*?)(,? *\})/g,
        '$1, healthy: false }',
        reason,
      ),
      ...replaced(machine, path, /off: false/g, 'off: true', reason),
      ...replaced(machine, path, /requires: \[[^,\]]+, */g, 'requires: [', reason),
      ...replaced(machine, path, /rating: SIL-[23]/g, 'rating: SIL-1', reason),
      ...replaced(machine, path, /performance_level: [de]/g, 'performance_level: a', reason),
      ...replaced(machine, path, /^ *mutually_exclusive:.*\n/gm, '', reason),
      ...replaced(machine, path, /^ *(certified|protected):.*\n/gm, '', reason),
      ...replaced(machine, path, /^ *tests:.*\n/gm, '', reason),
      ...replaced(machine, path, /^ *scenarios:.*\n/gm, '', reason),
      ...replaced(machine, path, /cycle: \d+ms/g, 'cycle: 200ms', reason),
      ...replaced(machine, path, /max: \d+ms/g, 'max: 10s', reason),
      removed(path, reason),
    ];
  },
};

const certifiedTouched: Operator = {
  name: 'certified-touched',
  group: 'certified or protected file touched',
  refused: 'counted',
  proofExcuses: false,
  mutations: (machine) =>
    paths(machine, /\/(certified|estop)\//).flatMap((path) => {
      const text = read(machine, path);
      const moved = path.replace(/[^/]*\/([^/]*)$/, '$1');
      return [
        removed(path, 'a certified file is gone'),
        {
          place: `${path} moved to ${moved}`,
          reason: 'a certified file left its place and can be changed there',
          changed: new Map([
            [path, null],
            [moved, encoded(machine, path, text)],
          ]),
        },
        ...replaced(machine, path, /:= TRUE;/g, ':= FALSE;', 'certified code changed'),
        ...replaced(machine, path, /^END_VAR/gm, '    n2 : INT;\nEND_VAR', 'certified code changed').slice(0, 1),
        ...replaced(machine, path, /T#\w+/g, 'T#7s', 'certified code changed'),
      ];
    }),
};

const hiddenCharacters: Operator = {
  name: 'hidden-characters',
  group: 'encoding and shadowing tricks',
  refused: 'counted',
  proofExcuses: false,
  mutations: (machine) => {
    const seen = new Set<string>();
    return machine.expressions.flatMap(({ file, node, owner }) => {
      if (seen.has(owner.name.name)) return [];
      seen.add(owner.name.name);
      const text = textOf(file, node);
      const homoglyph = text.replace(
        /[aeo]/,
        (letter) => ({ a: '\u0430', e: '\u0435', o: '\u043E' })[letter] ?? letter,
      );
      const at = (to: string, reason: string): Mutation =>
        edit(machine, file, node, [{ start: node.start, end: node.end, text: to }], reason);
      return [
        ...(homoglyph === text ? [] : [at(homoglyph, 'a name with a letter of another alphabet is another variable')]),
        at(`${text} (* \u202E TRUE RO \u202C *)`, 'the text reads in another order than it runs'),
        at(`${text}\u0000`, 'a NUL character ends the text for some tools'),
        at(`${text}\u200B`, 'an invisible character'),
        at(`(* ${text} *) TRUE`, 'the condition became a comment'),
      ];
    });
  },
};

const commentSwallows: Operator = {
  name: 'comment-swallows-code',
  group: 'encoding and shadowing tricks',
  refused: 'excluded',
  proofExcuses: true,
  mutations: (machine) =>
    machine.assignments
      .filter(({ node }) => machine.expressions.some((each) => each.node === node.value))
      .flatMap(({ file, node }) => {
        const text = textOf(file, node);
        return [
          edit(
            machine,
            file,
            node,
            [{ start: node.start, end: node.end, text: `(* ${text} *);` }],
            'safety logic became a comment',
          ),
          edit(
            machine,
            file,
            node,
            [{ start: node.start, end: node.end, text: `;// ${text.replace(/\s+/g, ' ')}\n` }],
            'safety logic became a comment',
          ),
        ];
      }),
};

const suppressed: Operator = {
  name: 'findings-hidden',
  group: 'test or scenario weakened',
  refused: 'counted',
  proofExcuses: false,
  mutations: (machine) =>
    machine.expressions.slice(0, 2).flatMap(({ file, owner }) => {
      const first = owner.body.kind === 'StatementList' ? owner.body.statements[0] : undefined;
      if (first === undefined || machine.site.project.dialect === 'siemens') return [];
      return ['{analysis -33}', "{attribute 'analysis' := '-33'}"].map((pragma) =>
        edit(
          machine,
          file,
          first,
          [{ start: first.start, end: first.start, text: `${pragma}\n` }],
          'findings of an analysis are hidden',
        ),
      );
    }),
};

const foreignFiles: Operator = {
  name: 'foreign-file',
  group: 'file outside of the task',
  refused: 'counted',
  proofExcuses: false,
  mutations: () =>
    (
      [
        ['.github/workflows/verify.yml', 'on: never\n'],
        ['.gitattributes', '* -diff\n'],
        ['.git/hooks/pre-commit', 'exit 0\n'],
        ['fleet.yaml', 'sites: []\n'],
      ] as const
    ).map(([path, text]) => ({
      place: `${path} added`,
      reason: 'an agent changes what surrounds the code',
      changed: new Map([[path, new TextEncoder().encode(text)]]),
    })),
};

export const FILE_OPERATORS: readonly Operator[] = [
  testsWeakened,
  manifestWeakened,
  certifiedTouched,
  hiddenCharacters,
  commentSwallows,
  suppressed,
  foreignFiles,
];
