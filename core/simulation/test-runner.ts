/** Runs `*_test.st` files: SETUP, TEST and TEARDOWN with assertions, virtual time and mocks (files.md). */

import type { Finding } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import type { VariableSymbol } from '../language/semantics/symbols.js';
import type { SourceFile, StatementList, TestCase, TestFixture, VariableSection } from '../language/syntax/tree.js';
import type { Effect, Field, Place, Routine, Site } from './compile/ir.js';
import { fieldName, methodFieldName, methodName } from './compile/mangle.js';
import { type Shape, VOID } from './compile/shape.js';
import { coverageOf, type FileCoverage } from './coverage.js';
import { fieldOf } from './lower/class-forms.js';
import type { Builder } from './lower/program.js';
import { createScope, declaredVariables, testRoutine } from './lower/routines.js';
import { constant, intrinsic, plain } from './lower/values.js';
import { compileSimulation, type Simulation } from './simulation.js';
import type { Debugger, HostHooks } from './simulation-options.js';
import { describeValue, type RunTimeValue } from './values.js';

export interface TestResult {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** `unknown`: no assertion failed, but the test reached something that the simulator can't execute. */
  readonly status: 'passed' | 'failed' | 'unknown';
  /** Why it did not pass: place, actual and expected value. Empty when it passed. */
  readonly message: string;
  /** Line of the assertion that failed; null when none did. */
  readonly failedAt: number | null;
  readonly actual: string | null;
  readonly expected: string | null;
  /** Milliseconds of real time; null without a clock. */
  readonly ms: number | null;
}

export interface TestRun {
  readonly tests: readonly TestResult[];
  readonly findings: readonly Finding[];
  /** What the tests ran; empty unless asked for. */
  readonly coverage: readonly FileCoverage[];
}

export interface TestOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds of real time, for `ms`. The runner itself reads no clock. */
  readonly clock?: () => number;
  readonly coverage?: boolean;
  /** Runs only the tests whose names it accepts. Default: all. A suite in the manner of TcUnit runs as a whole. */
  readonly only?: (name: string) => boolean;
  readonly observer?: TestObserver;
}

/** Looks on while tests run, to draw what they did. It must change nothing. */
export interface TestObserver {
  /** Before the first statement of a test; `test` holds its variables, and is null where it has none of its own. */
  begin(name: string, simulation: Simulation, test: TestState | null): void;
  /** After each statement of a test and of SETUP, with its line; for suites after each scan, with null. */
  sample(line: number | null): void;
  /** Before an assertion is judged. */
  assertion(line: number, kind: string): void;
  end(result: TestResult): void;
}

/** The variables of a running test: an object of a class of the generated program. */
export interface TestState {
  readonly className: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Thrown by a failed assertion to end its test. */
class AssertionFailure extends Error {
  readonly site: number;
  readonly actual: string;
  readonly expected: string;

  constructor(site: number, message: string, actual: string, expected: string) {
    super(message);
    this.site = site;
    this.actual = actual;
    this.expected = expected;
  }
}

interface CompiledTest {
  readonly test: TestCase;
  readonly className: string;
}

/** The kind of a call that tells an observer that a statement is over: no assertion has this name. */
const STATEMENT_ENDS = 'end of statement';
const TEXT: Shape = { kind: 'string', isWide: false, length: 80, isCharacter: false };

const SETUP = methodName('SETUP');
const TEARDOWN = methodName('TEARDOWN');
const TEST = methodName('TEST');

/** Runs every test of a file that is part of the project, each from fresh instances and time 0. */
export function runTests(project: Project, testFile: SourceFile, options: TestOptions = {}): TestRun {
  const { simulation, session, compiled } = compileTests(project, testFile, options);
  const tests: TestResult[] = [];
  for (const each of compiled) {
    options.signal?.throwIfAborted();
    const begin = options.clock?.() ?? null;
    const { outcome } = runTest(simulation, session, each, options.observer ?? null);
    const end = options.clock?.() ?? null;
    const { line } = project.lineTableOf(testFile).positionAt(each.test.start);
    const result: TestResult = {
      file: testFile.path,
      line,
      name: each.test.name,
      ...outcome,
      ms: begin === null || end === null ? null : end - begin,
    };
    options.observer?.end(result);
    tests.push(result);
  }
  const findings = project.findings.filter(
    (each) => each.file === testFile.path && (each.severity === 'error' || each.severity === 'blocker'),
  );
  return { tests, findings, coverage: options.coverage === true ? coverageOf(simulation) : [] };
}

/** One test that is compiled once and run as often as somebody likes: what a debugger needs. */
export interface PreparedTest {
  readonly simulation: Simulation;
  /** Runs it from fresh instances and time 0. What a debugger throws to leave the program goes through. */
  run(): JudgedTest;
}

/** How a test came out, and the finding of its failure. */
export interface JudgedTest {
  readonly outcome: Outcome;
  readonly finding: Finding | null;
}

/** Prepares one test of a file for a debugger: the nth of that name. Null when the file has none. */
export function prepareTest(
  project: Project,
  testFile: SourceFile,
  name: string,
  inspector: Debugger & { failed(): void },
  occurrence = 1,
): PreparedTest | null {
  const options = { only: (each: string) => each === name };
  const { simulation, session, compiled } = compileTests(project, testFile, options, inspector);
  const test = compiled[occurrence - 1];
  if (test === undefined) return null;
  return { simulation, run: () => runTest(simulation, session, test, null, () => inspector.failed()) };
}

interface CompiledTests {
  readonly simulation: Simulation;
  readonly session: Session;
  readonly compiled: readonly CompiledTest[];
}

function compileTests(
  project: Project,
  testFile: SourceFile,
  options: TestOptions,
  inspector?: Debugger,
): CompiledTests {
  const fixtures = testFile.declarations.filter((each) => each.kind === 'TestFixture');
  const cases = testFile.declarations.filter((each) => each.kind === 'TestCase');
  const compiled: CompiledTest[] = [];
  const session = createSession(options.observer ?? null);
  const simulation = compileSimulation(
    project,
    { mocks: true, coverage: options.coverage === true, debugger: inspector },
    session.hooks,
    (builder) => {
      const isObserved = options.observer !== undefined;
      const fixtureClass = addFixtureClass(builder, project, testFile, fixtures, isObserved);
      for (const test of cases.filter((each) => options.only?.(each.name) !== false))
        compiled.push({
          test,
          className: addTestClass(builder, project, testFile, fixtures, test, fixtureClass, isObserved),
        });
      return compiled.map((each) => each.className);
    },
  );
  session.attach(simulation);
  return { simulation, session, compiled };
}

type Outcome = Pick<TestResult, 'status' | 'message' | 'failedAt' | 'actual' | 'expected'>;

function runTest(
  simulation: Simulation,
  session: Session,
  { className, test }: CompiledTest,
  observer: TestObserver | null,
  whenFailed: () => void = () => undefined,
): JudgedTest {
  simulation.reset();
  session.reset();
  let failure: JudgedTest | null = null;
  const attempt = (run: () => void): void => {
    simulation.restoreBudget();
    try {
      run();
    } catch (error) {
      const judged = failureOf(simulation, error);
      if (failure === null) whenFailed();
      failure ??= judged;
    }
  };
  let object: Record<string, unknown> | null = null;
  attempt(() => {
    const created = simulation.create(className);
    object = created;
    observer?.begin(test.name, simulation, { className, object: created });
  });
  const call = (name: string): void => {
    const routine = object?.[name];
    if (typeof routine === 'function') routine.call(object);
  };
  attempt(() => call(SETUP));
  if (failure === null) attempt(() => call(TEST));
  attempt(() => call(TEARDOWN));
  if (failure !== null) return failure;
  const reached = simulation.unknownBlocks.filter((each) => each.isReached);
  const nothing = { failedAt: null, actual: null, expected: null };
  if (!simulation.isUnknown) return { outcome: { status: 'passed', message: '', ...nothing }, finding: null };
  const reasons = reached.map((each) => `${each.name} (${each.file}:${each.line}): ${each.reason}`);
  const message = `The result is unknown: ${reasons.join('; ')}`;
  return { outcome: { status: 'unknown', message, ...nothing }, finding: null };
}

function failureOf(simulation: Simulation, error: unknown): JudgedTest {
  if (!(error instanceof AssertionFailure)) {
    const finding = simulation.faultOf(error);
    const message = `${finding.file}:${finding.line}: ${finding.message}`;
    return { outcome: { status: 'failed', message, failedAt: finding.line, actual: null, expected: null }, finding };
  }
  const finding = simulation.finding('assertion', error.site, error.message);
  const message = `${finding.file}:${finding.line}: ${error.message}`;
  const { actual, expected } = error;
  return { outcome: { status: 'failed', message, failedAt: finding.line, actual, expected }, finding };
}

// ---------------------------------------------------------------------------------------------- classes

function membersOf(
  project: Project,
  sections: readonly VariableSection[],
  nameOf: (name: string) => string,
  builder: Builder,
): Map<VariableSymbol, Place> {
  const members = new Map<VariableSymbol, Place>();
  for (const variable of declaredVariables({ project }, sections)) {
    members.set(variable, {
      place: 'field',
      object: { op: 'self', shape: { kind: 'object', className: '', typeName: 'test' } },
      name: nameOf(variable.name),
      shape: builder.shapeOf(variable.type),
    });
  }
  return members;
}

function fieldsOf(
  builder: Builder,
  project: Project,
  file: SourceFile,
  members: ReadonlyMap<VariableSymbol, Place>,
  visible: ReadonlyMap<VariableSymbol, Place>,
): Field[] {
  const scope = createScope({ builder, project, file, self: null, callable: null, result: null, isTest: true });
  for (const [variable, place] of visible) scope.locals.set(variable, place);
  return [...members].flatMap(([variable, place]) => {
    const field = place.place === 'field' ? fieldOf(scope, variable, place.name, variable.name) : null;
    return field === null ? [] : [field];
  });
}

function fixtureMembers(
  builder: Builder,
  project: Project,
  fixtures: readonly TestFixture[],
): Map<VariableSymbol, Place> {
  return membersOf(
    project,
    fixtures.flatMap((each) => each.sections),
    fieldName,
    builder,
  );
}

/** The class of SETUP and TEARDOWN; every test class extends it. */
function addFixtureClass(
  builder: Builder,
  project: Project,
  file: SourceFile,
  fixtures: readonly TestFixture[],
  isObserved: boolean,
): string {
  const name = builder.freshClassName('FIXTURE');
  const members = fixtureMembers(builder, project, fixtures);
  const empty: StatementList = { kind: 'StatementList', statements: [], start: 0, end: 0 };
  const bodyOf = (phase: TestFixture['phase']): StatementList =>
    fixtures.find((each) => each.phase === phase)?.body ?? empty;
  const routine = (routineName: string, phase: TestFixture['phase']): Routine =>
    testRoutine(builder, project, file, routineName, bodyOf(phase), members);
  builder.addClass({
    isCallable: false,
    name,
    typeName: 'fixture',
    base: null,
    isGlobals: false,
    fields: fieldsOf(builder, project, file, members, members),
    routines: [observed(routine(SETUP, 'setup'), isObserved), routine(TEARDOWN, 'teardown')],
  });
  return name;
}

function addTestClass(
  builder: Builder,
  project: Project,
  file: SourceFile,
  fixtures: readonly TestFixture[],
  test: TestCase,
  base: string,
  isObserved: boolean,
): string {
  const name = builder.freshClassName('TEST');
  const own = membersOf(project, test.sections, (variable) => methodFieldName('TEST', variable), builder);
  const visible = new Map([...fixtureMembers(builder, project, fixtures), ...own]);
  builder.addClass({
    isCallable: false,
    name,
    typeName: 'test',
    base,
    isGlobals: false,
    fields: fieldsOf(builder, project, file, own, visible),
    routines: [observed(testRoutine(builder, project, file, TEST, test.body, visible), isObserved)],
  });
  return name;
}

/** The routine with a call after each of its statements, for an observer to look at the state there. */
function observed(routine: Routine, isObserved: boolean): Routine {
  if (!isObserved) return routine;
  let last: Site | null = null;
  const body: Effect[] = [];
  const look = (): void => {
    if (last === null) return;
    const parts = [constant(TEXT, STATEMENT_ENDS), plain(last), constant(TEXT, null)];
    body.push({ do: 'evaluate', value: intrinsic('$assert', VOID, parts) });
  };
  for (const effect of routine.body) {
    if (effect.do === 'statement') {
      look();
      last = effect.site;
    }
    body.push(effect);
  }
  look();
  return { ...routine, body };
}

// ---------------------------------------------------------------------------------------------- assertions and mocks

interface Session {
  readonly hooks: HostHooks;
  attach(simulation: Simulation): void;
  reset(): void;
}

const RELATIONS: Readonly<
  Record<string, { readonly text: string; holds(actual: unknown, expected: unknown): boolean }>
> = {
  ASSERT_EQ: { text: '', holds: (actual, expected) => actual === expected },
  ASSERT_NEQ: { text: 'anything but ', holds: (actual, expected) => actual !== expected },
  ASSERT_GT: { text: 'greater than ', holds: (actual, expected) => (actual as number) > (expected as number) },
  ASSERT_LT: { text: 'less than ', holds: (actual, expected) => (actual as number) < (expected as number) },
  ASSERT_GE: { text: 'at least ', holds: (actual, expected) => (actual as number) >= (expected as number) },
  ASSERT_LE: { text: 'at most ', holds: (actual, expected) => (actual as number) <= (expected as number) },
};

function createSession(observer: TestObserver | null): Session {
  let simulation: Simulation | null = null;
  const mocks = new Map<string, { calls: number; value: unknown }>();

  function fail(site: number, kind: string, message: string | null, actual: string, expected: string): never {
    const note = message === null || message === '' ? '' : ` (${message})`;
    throw new AssertionFailure(site, `${kind} failed: expected ${expected}, actual ${actual}${note}`, actual, expected);
  }

  function show(site: number, value: unknown): string {
    const shape: Shape = simulation?.program.assertionShapes.get(site) ?? { kind: 'lreal' };
    return describeValue(value as RunTimeValue, shape);
  }

  return {
    attach(attached) {
      simulation = attached;
    },
    reset: () => mocks.clear(),
    hooks: {
      assert(kind, site, values, message) {
        const [actual, expected, tolerance] = values;
        if (observer !== null && simulation !== null) {
          const { line } = simulation.finding('assertion', site, '');
          if (kind === STATEMENT_ENDS) observer.sample(line);
          else observer.assertion(line, kind);
        }
        if (kind === 'ASSERT_TRUE' || kind === 'ASSERT_FALSE') {
          const wanted = kind === 'ASSERT_TRUE';
          if (actual !== wanted) fail(site, kind, message, show(site, actual), wanted ? 'TRUE' : 'FALSE');
          return;
        }
        if (kind === 'ASSERT_NEAR') {
          const isNear = Math.abs(Number(actual) - Number(expected)) <= Math.abs(Number(tolerance));
          if (!isNear)
            fail(site, kind, message, show(site, actual), `${show(site, expected)} within ${show(site, tolerance)}`);
          return;
        }
        const relation = RELATIONS[kind];
        if (relation !== undefined && !relation.holds(actual, expected)) {
          fail(site, kind, message, show(site, actual), `${relation.text}${show(site, expected)}`);
        }
      },
      mockOf: (name) => mocks.get(name),
      mockFunction(name, value) {
        mocks.set(name, { calls: 0, value });
      },
      verifyCalls(site, name, calls, expected) {
        if (expected === null && calls === 0) fail(site, 'MOCK_VERIFY_CALLED', name, 'no call', 'at least one call');
        if (expected !== null && calls !== expected)
          fail(site, 'MOCK_VERIFY_CALL_COUNT', name, `${calls} calls`, `${expected} calls`);
      },
    },
  };
}
