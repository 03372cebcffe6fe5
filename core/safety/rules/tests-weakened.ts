import { canonicalJson } from '../../base/digest.js';
import type { Finding } from '../../base/finding.js';
import { startOfFile } from '../../base/finding.js';
import { decodeUtf8, readYaml } from '../../base/yaml-document.js';
import { readSource } from '../../formats/read-source.js';
import type { SemanticModel } from '../../language/semantics/model.js';
import { UNKNOWN_TYPE } from '../../language/semantics/types.js';
import type { SourceFile, Statement } from '../../language/syntax/tree.js';
import { parseDuration } from '../../site/duration.js';
import type { Site } from '../../site/site.js';
import { sitePaths } from '../../site/source-paths.js';
import { normalStatement } from '../compare/normal-form.js';
import type { ChangeRule, RuleExample } from '../rule.js';
import { machine } from './example-machine.js';

const TEST =
  "TEST 'stops'\nVAR m : Main; END_VAR\nASSERT_FALSE(m.Motor, 'at rest');\nASSERT_NEAR(1.0, 1.0, 0.1);\nEND_TEST\n";
const SCENARIO = `name: guard opens
program: Main
cycle: 10ms
steps:
  - { at: 0ms, set: { Main.Guard_Closed: true } }
  - { at: 100ms, set: { Main.Guard_Closed: false } }
  - { at: 120ms, expect: { Main.Motor: false } }
always: [Main.Guard_Closed OR NOT Main.Motor]
until: 1s
`;

function withChecks(test: string | null, scenario: string | null): RuleExample['files'] {
  return {
    ...machine(),
    ...(test === null ? {} : { 'tests/main_test.st': test }),
    ...(scenario === null ? {} : { 'scenarios/guard.yaml': scenario }),
  };
}

/** AG03: a change may not lower the bar that it is measured by. */
export const testsWeakened: ChangeRule = {
  kind: 'change',
  code: 'AG03',
  name: 'tests-weakened',
  severity: 'blocker',
  title: 'A test or scenario was weakened',
  rationale: 'A change that removes the assertion which it breaks looks as good as one that keeps it.',
  reference: 'IEC 61508-3:2010, 7.9; OWASP ASI10',
  decision: 'change',
  flags: [
    {
      title: 'an assertion is gone',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST.replace("ASSERT_FALSE(m.Motor, 'at rest');\n", ''), SCENARIO),
    },
    {
      title: 'a tolerance is wider',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST.replace('0.1)', '0.5)'), SCENARIO),
    },
    {
      title: 'an expectation of a scenario is turned round',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST, SCENARIO.replace('Main.Motor: false', 'Main.Motor: true')),
    },
    {
      title: 'an invariant is gone',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST, SCENARIO.replace(/always:.*\n/, '')),
    },
    { title: 'a scenario is deleted', before: withChecks(TEST, SCENARIO), files: withChecks(TEST, null) },
    {
      title: 'a test that can’t be read any more',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST.replace('END_TEST', ''), SCENARIO),
    },
  ],
  accepts: [
    {
      title: 'an assertion more',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST.replace('END_TEST', 'ASSERT_TRUE(TRUE);\nEND_TEST'), SCENARIO),
    },
    {
      title: 'another message, other spacing',
      before: withChecks(TEST, SCENARIO),
      files: withChecks(TEST.replace("'at rest'", "'still off'").replace('1.0, 1.0', '1.0,1.0'), SCENARIO),
    },
    { title: 'a file renamed', before: withChecks(TEST, null), files: { ...machine(), 'tests/renamed_test.st': TEST } },
  ],
  check(change) {
    const before = checksOf(change.before);
    const after = checksOf(change.after);
    const findings: Finding[] = [];
    const report = (path: string, message: string, subject: string): void => {
      findings.push({
        ...startOfFile(path),
        code: testsWeakened.code,
        rule: testsWeakened.name,
        severity: testsWeakened.severity,
        message: `${message} Restore it; tests change in a change of their own.`,
        related: [],
        witness: { subject },
      });
    };
    for (const path of after.unreadable)
      if (!before.unreadable.has(path) || before.paths.has(path))
        report(path, `${path} can’t be read any more: none of its checks runs.`, `unreadable ${path}`);
    for (const [name, checks] of before.checks) {
      const now = after.checks.get(name);
      if (now === undefined) {
        report(checks.path, `${name} is gone.`, `gone ${name}`);
        continue;
      }
      const missing = missingFrom(checks.parts, now.parts);
      const [first] = missing;
      if (first !== undefined)
        report(
          now.path,
          `${name} lost "${first}"${missing.length > 1 ? ` and ${missing.length - 1} more` : ''}.`,
          `weaker ${name}`,
        );
      else if (hasInsertedSteps(checks, now))
        report(now.path, `${name} does something else before it checks what it checked.`, `steps ${name}`);
      const mocks = missingFrom(now.mocks, checks.mocks);
      const [mock] = mocks;
      if (mock !== undefined)
        report(now.path, `${name} now mocks something: "${mock}". What is mocked is not tested.`, `mock ${name}`);
      if (now.until !== null && (checks.until === null || now.until < checks.until))
        report(now.path, `${name} ends earlier than before.`, `until ${name}`);
    }
    return findings;
  },
};

/** What one test or scenario checks. */
interface Checks {
  readonly path: string;
  /** Statements, steps and invariants, as text that is the same for the same meaning. In order. */
  readonly parts: readonly string[];
  readonly mocks: readonly string[];
  /** Nanoseconds; null when it runs to its last step. */
  readonly until: bigint | null;
}

interface SiteChecks {
  readonly checks: ReadonlyMap<string, Checks>;
  readonly unreadable: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

function checksOf(site: Site): SiteChecks {
  const paths = sitePaths(site.manifest, site.snapshot.keys());
  const checks = new Map<string, Checks>();
  const unreadable = new Set<string>();
  const add = (name: string, entry: Checks): void => {
    let unique = name;
    for (let copy = 2; checks.has(unique); copy++) unique = `${name} (${copy})`;
    checks.set(unique, entry);
  };
  for (const path of paths.tests) {
    const bytes = site.snapshot.get(path);
    if (bytes === undefined) continue;
    const file = readSource(path, bytes, site.project.dialect);
    if (file.syntaxErrors.length > 0) unreadable.add(path);
    addTests(file, add);
  }
  for (const path of paths.scenarios) {
    const bytes = site.snapshot.get(path);
    const text = bytes === undefined ? null : decodeUtf8(bytes, path).text;
    const document = text === null ? null : readYaml(text, path).document;
    if (document === null || !isRecord(document.value)) {
      unreadable.add(path);
      continue;
    }
    addScenario(path, document.value, add);
  }
  return { checks, unreadable, paths: new Set([...paths.tests, ...paths.scenarios]) };
}

/** Texts of tests are compared without types: names mean what they meant. */
const WITHOUT_TYPES: SemanticModel = {
  typeOf: () => UNKNOWN_TYPE,
  operandTypeOf: () => UNKNOWN_TYPE,
  typeOfNode: () => UNKNOWN_TYPE,
  symbolOf: () => null,
  constantOf: (expression) => (expression.kind === 'Literal' && expression.value !== null ? expression.value : null),
  callOf: () => null,
};

function addTests(file: SourceFile, add: (name: string, checks: Checks) => void): void {
  for (const declaration of file.declarations) {
    if (declaration.kind !== 'TestCase' && declaration.kind !== 'TestFixture') continue;
    const name =
      declaration.kind === 'TestCase'
        ? `Test '${declaration.name}'`
        : `${declaration.phase} of ${file.path.slice(file.path.lastIndexOf('/') + 1)}`;
    const statements = declaration.body.statements.filter((statement) => statement.kind !== 'EmptyStatement');
    const isMock = (statement: Statement): boolean => statement.kind === 'Mock';
    add(name, {
      path: file.path,
      parts: statements
        .filter((statement) => !isMock(statement))
        .flatMap((statement) => normalStatement(withoutMessage(statement), { model: WITHOUT_TYPES })),
      mocks: statements.filter(isMock).flatMap((statement) => normalStatement(statement, { model: WITHOUT_TYPES })),
      until: null,
    });
  }
}

/** The trailing text of an assertion is words for people. */
function withoutMessage(statement: Statement): Statement {
  if (statement.kind !== 'CallStatement' || statement.expression.kind !== 'Call') return statement;
  const call = statement.expression;
  if (call.callee.kind !== 'Name' || !/^ASSERT_/i.test(call.callee.name.name)) return statement;
  const last = call.arguments.at(-1)?.value;
  const isMessage =
    last?.kind === 'Literal' &&
    (last.literalKind === 'string' || last.literalKind === 'wstring') &&
    call.arguments.length > 1;
  return isMessage ? { ...statement, expression: { ...call, arguments: call.arguments.slice(0, -1) } } : statement;
}

function addScenario(
  path: string,
  value: Readonly<Record<string, unknown>>,
  add: (name: string, checks: Checks) => void,
): void {
  const list = (key: string): unknown[] => (Array.isArray(value[key]) ? value[key] : []);
  const others = Object.entries(value).filter(
    ([key]) => !['name', 'requirement', 'steps', 'always', 'record', 'until', 'description'].includes(key),
  );
  add(`Scenario "${String(value['name'] ?? path)}"`, {
    path,
    parts: [
      ...list('steps').map(canonicalJson),
      ...list('always').map((entry) => `always ${String(entry).replace(/\s+/g, ' ').toUpperCase()}`),
      ...others.map((entry) => canonicalJson(entry)),
    ],
    mocks: [],
    until: typeof value['until'] === 'string' ? parseDuration(value['until']) : null,
  });
}

/**
 * True when the old parts stand in another order, or when something that is no check was put in front of an old one: a
 * test that first sets what it then asserts proves nothing.
 */
function hasInsertedSteps(before: Checks, after: Checks): boolean {
  let position = 0;
  for (const part of after.parts) {
    if (position >= before.parts.length) return false;
    if (part === before.parts[position]) position++;
    else if (!/^ASSERT_|^always |"expect":/.test(part)) return true;
  }
  return position < before.parts.length;
}

/** What of `wanted` does not occur in `given`, counting repetitions. */
function missingFrom(wanted: readonly string[], given: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const part of given) left.set(part, (left.get(part) ?? 0) + 1);
  return wanted.filter((part) => {
    const count = left.get(part) ?? 0;
    left.set(part, count - 1);
    return count <= 0;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
