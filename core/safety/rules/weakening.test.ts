/** What may not become weaker in the change that it judges: tests, scenarios, the manifest, certified files, suppressions. */

import { describe, expect, test } from 'vitest';
import { failsVerdict } from '../../base/finding.js';
import { checkChange, newFindings } from '../rule-table.js';
import { changeOf } from '../testing/site-of.js';

const SITE: Readonly<Record<string, string>> = {
  'plantwright.yaml': `site: s
dialect: codesys
sources: [src/**]
libraries: [lib/**]
entry: Main
cycle: 10ms
safety:
  rating: SIL-2
  performance_level: d
  signals:
    - { tag: Main.estop, role: estop, zone: cell }
    - { tag: Main.guard, role: guard, zone: cell }
    - { tag: Main.reset, role: reset, zone: cell }
    - { tag: Main.motor, role: hazard, zone: cell, off: false }
    - { tag: Main.pump, role: hazard, zone: cell, requires: [Main.estop, Main.guard] }
  mutually_exclusive: [[Main.motor, Main.pump]]
  limits: [{ tag: Main.late.PT, max: 200ms }]
  certified: [src/certified/**]
  protected: [src/lamps/**]
checks:
  tests: [tests/**/*_test.st]
  scenarios: [scenarios/**/*.yaml]
`,
  'src/Main.st': `PROGRAM Main
VAR
  estop AT %IX0.0 : BOOL; guard AT %IX0.1 : BOOL; reset AT %IX0.2 : BOOL; start AT %IX0.3 : BOOL;
  motor AT %QX0.0 : BOOL; pump AT %QX0.1 : BOOL;
  late : TON; watch : Watch; pass : Pass;
END_VAR
late(IN := NOT guard, PT := T#100ms);
watch(a := guard);
pass(a := estop);
motor := start AND estop AND guard AND watch.q AND pass.q AND NOT pump;
pump := reset AND estop AND guard AND NOT motor;
END_PROGRAM
`,
  'src/certified/Watch.st': `FUNCTION_BLOCK Watch
VAR_INPUT a : BOOL; END_VAR
VAR_OUTPUT q : BOOL; END_VAR
q := a;
END_FUNCTION_BLOCK
`,
  'src/lamps/Lamp.st': 'FUNCTION_BLOCK Lamp\nVAR_OUTPUT on : BOOL; END_VAR\non := TRUE;\nEND_FUNCTION_BLOCK\n',
  'lib/Pass.st':
    'FUNCTION_BLOCK Pass\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := a;\nEND_FUNCTION_BLOCK\n',
  'tests/watch_test.st': `SETUP
VAR base : BOOL; END_VAR
base := FALSE;
END_SETUP
TEST 'follows'
VAR w : Watch; END_VAR
w(a := TRUE);
ASSERT_TRUE(w.q, 'closed');
w(a := FALSE);
ASSERT_FALSE(w.q, 'open');
ADVANCE_TIME(T#100ms);
ASSERT_NEAR(1.0, 1.0, 0.1);
END_TEST
`,
  'scenarios/guard.yaml': `name: guard opens
requirement: SR-1
program: Main
cycle: 10ms
steps:
  - { at: 0ms, set: { Main.guard: true, Main.estop: true } }
  - { at: 100ms, pulse: { Main.start: 50ms } }
  - { at: 500ms, fault: { tag: Main.guard, kind: stuck_at, value: false, for: 2s } }
  - { at: 520ms, expect: { Main.motor: false } }
always: [Main.guard OR NOT Main.motor]
record: [Main.motor]
until: 5s
`,
};

type Edit = (files: Record<string, string>) => void;

const replace =
  (path: string, from: string, to: string): Edit =>
  (files) => {
    const text = files[path] ?? '';
    if (!text.includes(from)) throw new Error(`"${from}" does not stand in ${path}`);
    files[path] = text.replace(from, to);
  };
const remove =
  (path: string): Edit =>
  (files) => {
    delete files[path];
  };
const move =
  (from: string, to: string): Edit =>
  (files) => {
    files[to] = files[from] ?? '';
    delete files[from];
  };
const add =
  (path: string, text: string): Edit =>
  (files) => {
    files[path] = text;
  };

const YAML = 'plantwright.yaml';
const TEST = 'tests/watch_test.st';
const SCENARIO = 'scenarios/guard.yaml';

function vetoes(edit: Edit, author: 'agent' | 'person' = 'agent'): string[] {
  const files = { ...SITE };
  // A comment in the code stands for the change that the edit comes with.
  replace('src/Main.st', 'watch(a := guard);', 'watch(a := guard); ')(files);
  edit(files);
  const scope = { author, mayChange: null, mustNotChange: [], touches: null };
  const change = changeOf(SITE, files, scope);
  return [...checkChange(change), ...newFindings(change)]
    .filter(({ severity }) => failsVerdict(severity))
    .map(({ code }) => code);
}

describe('weaker checks are a veto', () => {
  test.each<[string, string, Edit]>([
    ['a scenario is deleted', 'AG03', remove(SCENARIO)],
    ['a scenario is moved out of the checks', 'AG03', move(SCENARIO, 'old/guard.yaml')],
    ['a scenario gets an ending that nobody reads', 'AG03', move(SCENARIO, 'scenarios/guard.yaml.off')],
    ['a test file is deleted', 'AG03', remove(TEST)],
    ['a test file gets a name that is not discovered', 'AG03', move(TEST, 'tests/watch_tests.st')],
    ['an expectation is turned round', 'AG03', replace(SCENARIO, 'Main.motor: false', 'Main.motor: true')],
    ['an expectation comes later', 'AG03', replace(SCENARIO, 'at: 520ms', 'at: 4s')],
    ['an expectation is gone', 'AG03', replace(SCENARIO, '  - { at: 520ms, expect: { Main.motor: false } }\n', '')],
    ['the fault is shorter', 'AG03', replace(SCENARIO, 'for: 2s', 'for: 1ms')],
    ['the fault is another one', 'AG03', replace(SCENARIO, 'value: false', 'value: true')],
    ['an invariant is gone', 'AG03', replace(SCENARIO, 'always: [Main.guard OR NOT Main.motor]\n', '')],
    ['an invariant asks less', 'AG03', replace(SCENARIO, 'Main.guard OR NOT', 'Main.guard OR Main.estop OR NOT')],
    ['a scenario ends earlier', 'AG03', replace(SCENARIO, 'until: 5s', 'until: 510ms')],
    ['a scenario runs another program', 'AG03', replace(SCENARIO, 'program: Main', 'program: Other')],
    ['a scenario runs with another cycle', 'AG03', replace(SCENARIO, 'cycle: 10ms', 'cycle: 1s')],
    ['a start is pressed for longer', 'AG03', replace(SCENARIO, '50ms }', '5ms }')],
    ['an assertion is gone', 'AG03', replace(TEST, "ASSERT_FALSE(w.q, 'open');\n", '')],
    [
      'an assertion became a comment',
      'AG03',
      replace(TEST, "ASSERT_FALSE(w.q, 'open');", "// ASSERT_FALSE(w.q, 'open');"),
    ],
    ['an assertion is always met', 'AG03', replace(TEST, 'ASSERT_FALSE(w.q,', 'ASSERT_FALSE(w.q AND FALSE,')],
    ['an assertion asks something else', 'AG03', replace(TEST, 'ASSERT_FALSE(w.q,', 'ASSERT_TRUE(NOT base,')],
    [
      'an assertion stands under a condition',
      'AG03',
      replace(TEST, "ASSERT_FALSE(w.q, 'open');", "IF base THEN ASSERT_FALSE(w.q, 'open'); END_IF"),
    ],
    ['a tolerance is wider', 'AG03', replace(TEST, '0.1)', '10.0)')],
    ['the test waits longer', 'AG03', replace(TEST, 'T#100ms', 'T#10s')],
    ['the test leaves early', 'AG03', replace(TEST, 'w(a := FALSE);', 'RETURN;\nw(a := FALSE);')],
    [
      'the test does not open the guard any more',
      'AG03',
      replace(TEST, 'w(a := FALSE);', 'w(a := FALSE);\nw(a := base);'),
    ],
    ['the block under test is mocked', 'AG03', replace(TEST, 'w(a := TRUE);', 'MOCK w;\nw(a := TRUE);')],
    ['the set-up does something else', 'AG03', replace(TEST, 'base := FALSE;', 'base := TRUE;')],
    ['a test gets another name', 'AG03', replace(TEST, "TEST 'follows'", "TEST 'other'")],
    ['a test can not be read any more', 'AG03', replace(TEST, 'END_TEST', '')],
    ['tests are looked for elsewhere', 'CF08', replace(YAML, 'tests/**/*_test.st', 'nothing/**/*_test.st')],
    ['scenarios are looked for elsewhere', 'CF08', replace(YAML, 'scenarios/**/*.yaml', 'nothing/**/*.yaml')],
  ])('%s (%s)', (_title, code, edit) => expect(vetoes(edit)).toContain(code));
});

describe('a weaker manifest is a veto', () => {
  test.each<[string, string, Edit]>([
    ['the rating falls', 'PL01', replace(YAML, 'rating: SIL-2', 'rating: SIL-1')],
    ['the rating is gone', 'PL01', replace(YAML, '  rating: SIL-2\n', '')],
    ['the performance level falls', 'PL01', replace(YAML, 'performance_level: d', 'performance_level: a')],
    [
      'a hazard is dropped',
      'CF08',
      replace(YAML, '    - { tag: Main.motor, role: hazard, zone: cell, off: false }\n', ''),
    ],
    ['a guard is dropped', 'CF08', replace(YAML, '    - { tag: Main.guard, role: guard, zone: cell }\n', '')],
    ['a guard moves to another zone', 'CF08', replace(YAML, 'role: guard, zone: cell', 'role: guard, zone: other')],
    [
      'a guard counts as healthy when it is open',
      'CF08',
      replace(YAML, 'role: guard, zone: cell', 'role: guard, zone: cell, healthy: false'),
    ],
    ['a hazard is at rest when it runs', 'CF08', replace(YAML, 'off: false', 'off: true')],
    ['a hazard requires less', 'CF08', replace(YAML, '[Main.estop, Main.guard]', '[Main.estop]')],
    [
      'outputs no longer exclude each other',
      'CF08',
      replace(YAML, '  mutually_exclusive: [[Main.motor, Main.pump]]\n', ''),
    ],
    ['a limit is looser', 'CF08', replace(YAML, 'max: 200ms', 'max: 20s')],
    ['a file is no longer certified', 'CF08', replace(YAML, '  certified: [src/certified/**]\n', '')],
    ['a file is no longer protected', 'CF08', replace(YAML, '  protected: [src/lamps/**]\n', '')],
    ['the sources become fewer', 'CF08', replace(YAML, 'sources: [src/**]', 'sources: [src/*.st]')],
    ['a source becomes a library', 'CF08', replace(YAML, 'libraries: [lib/**]', 'libraries: [lib/**, src/lamps/**]')],
    ['another program is looked at', 'CF08', replace(YAML, 'entry: Main', 'entry: Other')],
    ['the manifest is gone', 'CF08', remove(YAML)],
    ['a lint rule is switched off', 'CF08', replace(YAML, 'checks:', 'lint: { recursion: off }\nchecks:')],
  ])('%s (%s)', (_title, code, edit) => {
    const found = vetoes((files) => {
      edit(files);
      // The same change touches code as well.
      replace('src/lamps/Lamp.st', 'on := TRUE', 'on := FALSE')(files);
    }, 'person');
    expect(found.length > 0 && (found.includes(code) || found.includes('CF08')), found.join(' ')).toBe(true);
  });
});

describe('certified and library code, and the tools around it', () => {
  test.each<[string, string, Edit]>([
    ['certified code changes', 'CF01', replace('src/certified/Watch.st', 'q := a;', 'q := TRUE;')],
    ['a comment in certified code', 'CF01', replace('src/certified/Watch.st', 'q := a;', 'q := a; // ok')],
    ['certified code is deleted', 'CF02', remove('src/certified/Watch.st')],
    ['certified code is moved', 'CF02', move('src/certified/Watch.st', 'src/Watch.st')],
    [
      'certified code is moved to a path that only looks the same',
      'CF02',
      move('src/certified/Watch.st', 'src/Certified/Watch.st'),
    ],
    ['certified code is renamed in its folder', 'CF02', move('src/certified/Watch.st', 'src/certified/watch.st')],
    [
      'a namesake of certified code appears',
      'CF02',
      add(
        'src/a.st',
        'FUNCTION_BLOCK WATCH\nVAR_INPUT a : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := TRUE;\nEND_FUNCTION_BLOCK\n',
      ),
    ],
    [
      'a certified block is wired to something else',
      'CF05',
      replace('src/Main.st', 'watch(a := guard);', 'watch(a := start);'),
    ],
    ['a library changes', 'CF04', replace('lib/Pass.st', 'q := a;', 'q := TRUE;')],
    [
      'an analysis is switched off',
      'DP06',
      replace('src/Main.st', 'watch(a := guard);', '{analysis -33}\nwatch(a := guard);'),
    ],
    [
      'findings are suppressed',
      'AG04',
      replace('src/Main.st', 'watch(a := guard);', '// plantwright-disable IL03\nwatch(a := guard);'),
    ],
    ['the workflow that runs the checks changes', 'AG01', add('.github/workflows/check.yml', 'on: never\n')],
  ])('%s (%s)', (_title, code, edit) => expect(vetoes(edit)).toContain(code));
});

describe('what does not weaken passes', () => {
  test.each<[string, Edit]>([
    ['nothing but the code beside it', () => undefined],
    ['an assertion more', replace(TEST, 'END_TEST', "ASSERT_TRUE(TRUE, 'still there');\nEND_TEST")],
    ['another message', replace(TEST, "'open'", "'open door'")],
    ['a test more', replace(TEST, "TEST 'follows'", "TEST 'more'\nASSERT_TRUE(TRUE);\nEND_TEST\nTEST 'follows'")],
    ['a scenario more', add('scenarios/estop.yaml', (SITE[SCENARIO] ?? '').replace('guard opens', 'stop is pressed'))],
    ['an invariant more', replace(SCENARIO, 'always: [', 'always: [NOT Main.pump OR Main.estop, ')],
    ['a comment in a scenario', replace(SCENARIO, 'steps:', '# what happens\nsteps:')],
    ['a file of tests moves within the checks', move(TEST, 'tests/blocks/watch_test.st')],
    ['a comment in the manifest', replace(YAML, 'site: s', '# the cell\nsite: s')],
    ['a scenario runs on for longer', replace(SCENARIO, 'until: 5s', 'until: 8s')],
    ['more is recorded', replace(SCENARIO, 'record: [Main.motor]', 'record: [Main.motor, Main.pump]')],
  ])('%s', (_title, edit) => expect(vetoes(edit)).toEqual([]));
});
