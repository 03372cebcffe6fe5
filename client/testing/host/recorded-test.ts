/** Runs one test with somebody looking on: for its trace, and for the lines behind a value. */

import { readSource } from '../../../core/formats/read-source.js';
import type { Project } from '../../../core/language/semantics/model.js';
import { projectWithFile } from '../../../core/language/semantics/project-with-file.js';
import { keyOf, type VariableSymbol } from '../../../core/language/semantics/symbols.js';
import type { SourceFile } from '../../../core/language/syntax/tree.js';
import { ChangeRecorder, type RecordedTag, recordedTags } from '../../../core/simulation/change-recorder.js';
import type { ChangeTrace } from '../../../core/simulation/change-trace.js';
import type { StateObject } from '../../../core/simulation/compile/machine.js';
import type { Simulation } from '../../../core/simulation/simulation.js';
import { runTestFile } from '../../../core/simulation/site-checks.js';
import { TagTable } from '../../../core/simulation/tags.js';
import { runTcUnitSuites } from '../../../core/simulation/tcunit-runner.js';
import type { TestObserver, TestResult, TestState } from '../../../core/simulation/test-runner.js';
import { type RunTimeValue, toJson } from '../../../core/simulation/values.js';
import { numbered } from './find-checks.js';
import { errorText, type OpenedSite } from './site-files.js';

const TAG_LIMIT = 500;
const RUNNER = 'PW_TCUNIT_RUNNER';
const { signal } = new AbortController();

export interface RecordedTest {
  readonly result: TestResult;
  readonly trace: ChangeTrace;
  readonly focus: readonly string[];
  readonly sampleName: 'scan' | 'statement';
  readonly project: Project;
  /** Variables of the test and its SETUP. */
  readonly variables: readonly VariableSymbol[];
}

/** Called before the test with -1, and at each sample; `tags` read the state as it stands. */
export type AtSample = (sample: number, simulation: Simulation, tags: readonly RecordedTag[]) => void;

/** Runs the test with that id. Throws an error with a message for people when there is none. */
export function runRecordedTest(opened: OpenedSite, id: string, atSample: AtSample | null): RecordedTest {
  const at = id.indexOf('::');
  const path = at < 0 ? id : id.slice(0, at);
  const { site, paths } = opened;
  const isTestFile = paths.tests.includes(path);
  const file = isTestFile
    ? readSource(path, site.snapshot.get(path) ?? new Uint8Array(), site.project.dialect)
    : (site.project.files.find((each) => each.path === path) ?? null);
  if (file === null) throw new Error(`There is no file ${path} in the site.`);
  const looker = new Looker(id, file, isTestFile, atSample);
  const options = { signal, coverage: atSample !== null, observer: looker };
  const run = isTestFile ? runTestFile(site.project, file, options) : runTcUnitSuites(site.project, options);
  const [finding] = run.findings;
  if (finding !== undefined) throw new Error(errorText(finding));
  return looker.finish(isTestFile ? projectWithFile(site.project, file) : site.project);
}

class Looker implements TestObserver {
  readonly #id: string;
  readonly #file: SourceFile;
  readonly #isTestFile: boolean;
  readonly #atSample: AtSample | null;
  readonly #idOf = numbered();
  #recorder: ChangeRecorder | null = null;
  #recorded: ChangeTrace | null = null;
  #result: TestResult | null = null;
  #simulation: Simulation | null = null;
  #tags: readonly RecordedTag[] = [];
  #samples = 0;

  constructor(id: string, file: SourceFile, isTestFile: boolean, atSample: AtSample | null) {
    this.#id = id;
    this.#file = file;
    this.#isTestFile = isTestFile;
    this.#atSample = atSample;
  }

  begin(name: string, simulation: Simulation, test: TestState | null): void {
    // The runner begins a suite once, and a test of a file each time.
    const id = this.#isTestFile ? this.#idOf(`${this.#file.path}::${name}`) : `${this.#file.path}::${name}`;
    const isWanted = this.#isTestFile ? id === this.#id : this.#id === id || this.#id.startsWith(`${id}.`);
    this.#recorder = null;
    if (!isWanted) return;
    this.#simulation = simulation;
    this.#tags = test === null ? suiteTags(simulation) : testTags(simulation, test);
    this.#samples = 0;
    this.#recorder = new ChangeRecorder(this.#tags, () => simulation.nowNs);
    this.#atSample?.(-1, simulation, this.#tags);
  }

  sample(): void {
    if (this.#recorder === null || this.#simulation === null) return;
    this.#recorder.sample();
    this.#atSample?.(this.#samples++, this.#simulation, this.#tags);
  }

  assertion(line: number, kind: string): void {
    this.#recorder?.mark('step', `line ${line}: ${kind}`);
  }

  end(result: TestResult): void {
    const isWanted = this.#recorder !== null && (this.#isTestFile || `${result.file}::${result.name}` === this.#id);
    if (!isWanted || this.#recorder === null) return;
    if (result.status !== 'passed') this.#recorder.mark('failure', result.message.replace(/^.+?:\d+: /, ''));
    // The statement that failed is not over.
    if (this.#isTestFile) this.sample();
    this.#result = result;
    this.#recorded = this.#recorder.finish();
  }

  finish(project: Project): RecordedTest {
    if (this.#result === null || this.#recorded === null)
      throw new Error(`There is no test ${this.#id.replace('::', ': ')}. It was renamed or removed.`);
    const test = this.#file.declarations.find((each) => each.kind === 'TestCase' && each.name === this.#result?.name);
    const text = test === undefined ? '' : keyOf(this.#file.text.slice(test.start, test.end));
    const names = this.#recorded.signals.map(({ name }) => name);
    return {
      result: this.#result,
      trace: this.#recorded,
      focus: names.filter((name) => text.includes(keyOf(name))),
      sampleName: this.#isTestFile ? 'statement' : 'scan',
      project,
      variables: variablesOfTest(project, this.#file.path, this.#result.name),
    };
  }
}

/** The variables of a test, then those of the programs and globals. */
function testTags(simulation: Simulation, { className, object }: TestState): RecordedTag[] {
  const table = new TagTable(simulation.program);
  const roots: Readonly<Record<string, StateObject>> = { test: object };
  const own = [...table.scalarsOf('test', { kind: 'object', className, typeName: 'test' })].map(
    (tag): RecordedTag => ({
      name: tag.name,
      shape: tag.shape,
      read: () => toJson(tag.read(roots) as RunTimeValue, tag.shape),
    }),
  );
  const others = recordedTags(
    simulation,
    simulation.tags().map(({ name }) => name),
  );
  return [...own, ...others].slice(0, TAG_LIMIT);
}

/** The members of the suites, without what the runner keeps for itself. */
function suiteTags(simulation: Simulation): RecordedTag[] {
  const names = simulation.tags().map(({ name }) => name);
  const own = names.filter((name) => !/\.PW_(?!S\d)/.test(name));
  return recordedTags(simulation, own)
    .map((tag) => ({ ...tag, name: tag.name.replace(new RegExp(`^${RUNNER}\\.PW_S\\d+\\.`), '') }))
    .slice(0, TAG_LIMIT);
}

/** Those of the test stand before those of SETUP: they hide them. */
function variablesOfTest(project: Project, path: string, test: string): VariableSymbol[] {
  const file = project.files.find((each) => each.path === path);
  const declarations = file?.declarations ?? [];
  const own = declarations.filter((each) => each.kind === 'TestCase' && each.name === test);
  const shared = declarations.filter((each) => each.kind === 'TestFixture');
  return [...own, ...shared].flatMap((each) => {
    if (each.kind !== 'TestCase' && each.kind !== 'TestFixture') return [];
    return each.sections.flatMap(({ variables }) =>
      variables.flatMap(({ names }) =>
        names.flatMap(({ name }) => {
          const symbol = project.model.symbolOf(name);
          return symbol?.kind === 'variable' ? [symbol] : [];
        }),
      ),
    );
  });
}
