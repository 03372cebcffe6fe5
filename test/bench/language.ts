/**
 * Speed and memory of the language front-end on projects made of copies of the fixture fleet: `npm run bench -- language`.
 * Prints tables with the bar beside each figure, or with `--json` one document.
 */

import { buildProject } from '../../core/language/semantics/project.js';
import { parseSourceFile } from '../../core/language/syntax/parser.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import { chevrotainTokens } from './chevrotain-parser.js';
import { errorsIn, fleetCopies, type GeneratedFile, largeFile, linesIn } from './fleet-copies.js';
import { EDIT_KINDS, type EditKind, type KeystrokeFigures, measureKeystrokes } from './keystrokes.js';
import { collectGarbage, retainedBytes, timeOf } from './measure.js';
import { measureWorkspace } from './workspace.js';

const PROJECT_LINES = 100_000;
const LARGE_FILE_LINES = 10_000;
const ROUNDS = 5;
/** Places in a project at which each kind of edit is typed. */
const PLACES = 4;

/** What the front-end is to reach on one core. */
const BARS = {
  parse: 4,
  'parse + check': 1.5,
  bodyKeystroke: 20,
  interfaceKeystroke: 60,
  bytesPerLine: 700,
  warmRatio: 5,
} as const;

interface Throughput {
  readonly what: string;
  readonly megabytesPerSecond: number;
  readonly linesPerSecond: number;
  /** Against the lexer of chevrotain on the same text. */
  readonly ratio: number;
  readonly firstRun: number;
  readonly bar: number | null;
}

function parseAll(files: readonly GeneratedFile[]): SourceFile[] {
  return files.map(({ path, text }) => parseSourceFile(path, text, 'codesys'));
}

function check(files: readonly SourceFile[]): ReturnType<typeof buildProject> {
  return buildProject({ files, dialect: 'codesys', entry: null, cycle: 10_000_000n });
}

function measureThroughput(files: readonly GeneratedFile[], bytes: number, lines: number): Throughput[] {
  const lexer = timeOf(ROUNDS, () => files.map(({ text }) => chevrotainTokens(text)));
  const parse = timeOf(ROUNDS, () => parseAll(files));
  const full = timeOf(ROUNDS, () => check(parseAll(files)));
  const trees = parseAll(files);
  const checked = timeOf(ROUNDS, () => check(trees));
  const row = (what: string, { best, first }: typeof parse, bar: number | null): Throughput => ({
    what,
    megabytesPerSecond: bytes / 1000 / best,
    linesPerSecond: (lines / best) * 1000,
    ratio: lexer.best / best,
    firstRun: bytes / 1000 / first,
    bar,
  });
  return [
    row('chevrotain lexer', lexer, null),
    row('parse', parse, BARS.parse),
    row('check', checked, null),
    row('parse + check', full, BARS['parse + check']),
  ];
}

/** Every kind of edit in the project where interfaces matter most; the plain ones in the others. */
function measureKeystrokeTable(): KeystrokeFigures[] {
  const projects: readonly (readonly [string, readonly GeneratedFile[], readonly EditKind[]])[] = [
    ['one file of 10,000 lines', [largeFile(LARGE_FILE_LINES)], ['body', 'variable']],
    ['50 files', fleetCopies((count) => count >= 50), ['body', 'variable', 'global']],
    ['600 files', fleetCopies((count) => count >= 600), EDIT_KINDS],
  ];
  return projects.flatMap(([name, texts, edits]) => edits.map((edit) => measureKeystrokes(name, texts, edit, PLACES)));
}

const files = fleetCopies((_, lines) => lines >= PROJECT_LINES);
const lines = files.reduce((sum, { text }) => sum + linesIn(text), 0);
const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
// The workspace first: opening it is measured on code that no benchmark has warmed up.
const workspace = await measureWorkspace();
collectGarbage();
const throughput = measureThroughput(files, bytes, lines);
const memory = {
  treeBytesPerLine: retainedBytes(() => parseAll(files)) / lines,
  projectBytesPerLine: retainedBytes(() => check(parseAll(files))) / lines,
};
const keystrokes = measureKeystrokeTable();
const result = {
  project: { files: files.length, lines, bytes, errors: errorsIn(files) },
  throughput,
  memory,
  keystrokes,
  workspace,
  bars: BARS,
};

if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else printTables();

function printTables(): void {
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  const { project } = result;
  write(
    `project: ${project.files} files, ${project.lines} lines, ${(project.bytes / 1e6).toFixed(2)} MB, ${project.errors} errors`,
  );
  write('                        MB/s     lines/s   of the lexer   first run MB/s        bar');
  for (const { what, megabytesPerSecond, linesPerSecond, ratio, firstRun, bar } of throughput)
    write(
      `  ${what.padEnd(18)}${fixed(megabytesPerSecond, 2, 8)}${fixed(linesPerSecond, 0, 12)}${fixed(ratio, 2, 12)}${fixed(firstRun, 2, 14)}${bar === null ? '' : `   at least ${bar} MB/s`}`,
    );
  write('retained heap, bytes per line');
  write(
    `  trees ${memory.treeBytesPerLine.toFixed(0)}, trees and checked project ${memory.projectBytesPerLine.toFixed(0)}${' '.repeat(17)}under ${BARS.bytesPerLine}`,
  );
  write(
    'keystroke to diagnostics, ms of processor time    keys     p50     p95   worst   p95 on the clock   bar of p95',
  );
  for (const { project: name, edit, keystrokes: count, p50, p95, worst, clockP95 } of keystrokes)
    write(
      `  ${name.padEnd(28)}${edit.padEnd(16)}${String(count).padStart(8)}${[p50, p95, worst].map((one) => fixed(one, 1, 8)).join('')}${fixed(clockP95, 1, 19)}${String(barOf(edit)).padStart(13)}`,
    );
  write(`workspace of ${workspace.sites} sites, ${workspace.lines} lines: read, check, index`);
  for (const [what, { coldSeconds, warmSeconds }] of [
    ['one thread', workspace.here],
    ['worker threads', workspace.threads],
  ] as const)
    write(
      `  ${what.padEnd(16)}cold ${coldSeconds.toFixed(2)} s, warm ${warmSeconds.toFixed(2)} s, ${(coldSeconds / warmSeconds).toFixed(1)} times faster   at least ${BARS.warmRatio} times`,
    );
  write(`  kept on disk ${(workspace.cacheBytes / 1e6).toFixed(1)} MB`);
}

function barOf(edit: EditKind): number {
  return edit === 'body' ? BARS.bodyKeystroke : BARS.interfaceKeystroke;
}

function fixed(value: number, digits: number, width: number): string {
  return value.toFixed(digits).padStart(width);
}
