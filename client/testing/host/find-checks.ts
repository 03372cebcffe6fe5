/** Lists what a site has to run: tests, suites in the manner of TcUnit, scenarios. Reads, but runs nothing. */

import { decodeText } from '../../../core/base/decode.js';
import { LineTable } from '../../../core/base/line-table.js';
import { readSource } from '../../../core/formats/read-source.js';
import type { Project } from '../../../core/language/semantics/model.js';
import type { PouSymbol } from '../../../core/language/semantics/symbols.js';
import { keyOf } from '../../../core/language/semantics/symbols.js';
import type { Call, SourceFile, TestCase } from '../../../core/language/syntax/tree.js';
import { walk } from '../../../core/language/syntax/walk.js';
import { readScenario } from '../../../core/simulation/scenario-file.js';
import { tcUnitSuites } from '../../../core/simulation/tcunit-runner.js';
import { readManifest } from '../../../core/site/read-manifest.js';
import { sitePaths } from '../../../core/site/source-paths.js';
import type { FoundCheck, FoundFile, FoundSite, TextRange } from '../simulator-protocol.js';
import { errorText, readSnapshot, type SiteFiles } from './site-files.js';

const SUITE_MARK = /FB_TestSuite/i;

export async function findChecks(root: string, sites: SiteFiles): Promise<FoundSite> {
  const snapshot = await readSnapshot(root, null);
  const { manifest, dialect } = readManifest(snapshot);
  const paths = sitePaths(manifest, snapshot.keys());
  const textOf = (path: string): string => decodeText(snapshot.get(path) ?? new Uint8Array()).text;
  const tests = paths.tests.map((path): FoundFile => {
    const file = readSource(path, snapshot.get(path) ?? new Uint8Array(), dialect);
    const [error] = file.syntaxErrors;
    const place = error === undefined ? null : new LineTable(file.text).positionAt(error.start);
    return {
      file: path,
      checks: testsIn(file),
      problem: place === null ? null : `${path}:${place.line}: ${error?.message}`,
    };
  });
  const scenarios = paths.scenarios.map((path) => scenarioIn(path, textOf(path)));
  // To know what extends FB_TestSuite takes the whole project: only where some file mentions it.
  const mayHaveSuites = paths.sources.some((path) => SUITE_MARK.test(textOf(path)));
  const suites = mayHaveSuites ? suitesIn((await sites.open(root, null)).site.project) : [];
  const files = [...tests, ...suites, ...scenarios].filter(
    ({ checks, problem }) => checks.length > 0 || problem !== null,
  );
  return { name: manifest?.site ?? '', files };
}

/** Every test of a file; a name that is used again gets a number, so that each has an id of its own. */
function testsIn(file: SourceFile): FoundCheck[] {
  const lines = new LineTable(file.text);
  const names = numbered();
  return file.declarations
    .filter((each): each is TestCase => each.kind === 'TestCase')
    .map((test) => ({
      id: names(`${file.path}::${test.name}`),
      kind: 'test',
      name: test.name,
      range: rangeOf(lines, test.start, test.end),
    }));
}

/** Tells apart what has the same text: the second `a` is `a#2`. */
export function numbered(): (text: string) => string {
  const counts = new Map<string, number>();
  return (text) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count === 1 ? text : `${text}#${count}`;
  };
}

function suitesIn(project: Project): FoundFile[] {
  const files = new Map<string, FoundCheck[]>();
  for (const suite of tcUnitSuites(project)) {
    const file = suite.site?.file;
    if (file === undefined || suite.declaration === null) continue;
    files.set(file.path, [...(files.get(file.path) ?? []), ...suiteTests(project, suite, file)]);
  }
  return [...files].map(([file, checks]) => ({ file, checks, problem: null }));
}

function suiteTests(project: Project, suite: PouSymbol, file: SourceFile): FoundCheck[] {
  const { declaration } = suite;
  const lines = project.lineTableOf(file);
  const checks: FoundCheck[] = [];
  const add = (name: string, start: number, end: number): void => {
    checks.push({ id: `${file.path}::${name}`, kind: 'suite-test', name, range: rangeOf(lines, start, end) });
  };
  if (declaration === null) return checks;
  walk(declaration, (node) => {
    const name = node.kind === 'Call' ? nameOfTest(node) : null;
    if (name !== null) add(`${suite.name}.${name}`, node.start, node.end);
    return undefined;
  });
  // Its tests are those of a base, or are named while it runs.
  if (checks.length === 0) add(suite.name, declaration.start, declaration.end);
  return checks;
}

function nameOfTest({ callee, arguments: [first] }: Call): string | null {
  if (callee.kind !== 'Name' || !['TEST', 'TEST_ORDERED'].includes(keyOf(callee.name.name))) return null;
  return first?.value?.kind === 'Literal' && typeof first.value.value === 'string' ? first.value.value : null;
}

function scenarioIn(path: string, text: string): FoundFile {
  const reading = readScenario(path, text);
  if ('findings' in reading) {
    const [first] = reading.findings;
    const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return {
      file: path,
      checks: [{ id: path, kind: 'scenario', name: path.replace(/^.*\//, ''), range }],
      problem: first === undefined ? 'The scenario can not be read.' : errorText(first),
    };
  }
  const { scenario } = reading;
  const { line, column } = scenario.locate(['name']);
  const end = new LineTable(text).positionAt(text.trimEnd().length);
  return {
    file: path,
    checks: [
      {
        id: path,
        kind: 'scenario',
        name: scenario.content.name,
        range: { line, column, endLine: end.line, endColumn: end.column },
      },
    ],
    problem: null,
  };
}

export function rangeOf(lines: LineTable, start: number, end: number): TextRange {
  const { line, column, endLine, endColumn } = lines.locate('', start, end);
  return { line, column, endLine, endColumn };
}
