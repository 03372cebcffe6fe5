/**
 * Speed and memory of the language front-end on projects made of copies of the fixture fleet: `npm run bench -- language`.
 * Prints tables, or with `--json` one document.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildProject } from '../../core/language/semantics/project.js';
import { parseSourceFile } from '../../core/language/syntax/parser.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { openSite } from '../../core/site/open-site.js';
import { chevrotainTokens } from './chevrotain-parser.js';
import { errorsIn, fleetCopies, type GeneratedFile, largeFile, linesIn } from './fleet-copies.js';
import { type KeystrokeFigures, measureKeystrokes } from './keystrokes.js';
import { collectGarbage, retainedBytes, timeOf } from './measure.js';

const PROJECT_LINES = 100_000;
const LARGE_FILE_LINES = 10_000;
const WORKSPACE_SITES = 50;
const SITE_LINES = 10_000;
const ROUNDS = 5;

interface Throughput {
  readonly what: string;
  readonly megabytesPerSecond: number;
  readonly linesPerSecond: number;
  /** Against the lexer of chevrotain on the same text. */
  readonly ratio: number;
  readonly firstRun: number;
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
  const row = (what: string, { best, first }: typeof parse): Throughput => ({
    what,
    megabytesPerSecond: bytes / 1000 / best,
    linesPerSecond: (lines / best) * 1000,
    ratio: lexer.best / best,
    firstRun: bytes / 1000 / first,
  });
  return [row('chevrotain lexer', lexer), row('parse', parse), row('check', checked), row('parse + check', full)];
}

function measureKeystrokeTable(): KeystrokeFigures[] {
  const large = [largeFile(LARGE_FILE_LINES)];
  const fifty = fleetCopies((count) => count >= 50);
  const sixHundred = fleetCopies((count) => count >= 600);
  return [
    measureKeystrokes('one file of 10,000 lines', large, 'body', 10),
    measureKeystrokes('one file of 10,000 lines', large, 'interface', 4),
    measureKeystrokes('50 files', fifty, 'body', 10),
    measureKeystrokes('50 files', fifty, 'interface', 6),
    measureKeystrokes('600 files', sixHundred, 'body', 10),
    measureKeystrokes('600 files', sixHundred, 'interface', 4),
  ];
}

interface WorkspaceFigures {
  readonly sites: number;
  readonly lines: number;
  readonly coldSeconds: number;
  readonly againSeconds: number;
}

/** Opens every site of a workspace from disk, twice in one process. Nothing is kept on disk between the two. */
async function measureWorkspace(): Promise<WorkspaceFigures> {
  const root = mkdtempSync(join(tmpdir(), 'plantwright-workspace-'));
  try {
    let lines = 0;
    for (let site = 0; site < WORKSPACE_SITES; site++) {
      const files = fleetCopies((_, count) => count >= SITE_LINES, site * 100);
      lines += files.reduce((sum, { text }) => sum + linesIn(text), 0);
      const manifest = { path: 'plantwright.yaml', text: `site: site-${site}\ndialect: codesys\nsources: [src/**]\n` };
      for (const { path, text } of [...files, manifest]) {
        const target = join(root, `site-${site}`, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
    }
    const openAll = async (): Promise<number> => {
      const started = performance.now();
      for (let site = 0; site < WORKSPACE_SITES; site++)
        openSite((await snapshotOfFolder(join(root, `site-${site}`))).snapshot);
      return (performance.now() - started) / 1000;
    };
    const coldSeconds = await openAll();
    return { sites: WORKSPACE_SITES, lines, coldSeconds, againSeconds: await openAll() };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
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
};

if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
else printTables();

function printTables(): void {
  const write = (line: string): boolean => process.stdout.write(`${line}\n`);
  const { project } = result;
  write(
    `project: ${project.files} files, ${project.lines} lines, ${(project.bytes / 1e6).toFixed(2)} MB, ${project.errors} errors`,
  );
  write('                        MB/s     lines/s   of the lexer   first run MB/s');
  for (const { what, megabytesPerSecond, linesPerSecond, ratio, firstRun } of throughput)
    write(
      `  ${what.padEnd(18)}${megabytesPerSecond.toFixed(2).padStart(8)}${linesPerSecond.toFixed(0).padStart(12)}${ratio.toFixed(2).padStart(12)}${firstRun.toFixed(2).padStart(14)}`,
    );
  write('retained heap, bytes per line');
  write(`  trees ${memory.treeBytesPerLine.toFixed(0)}, trees and project ${memory.projectBytesPerLine.toFixed(0)}`);
  write('keystroke to diagnostics, ms                  keys     p50     p95   worst');
  for (const { project: name, edit, keystrokes: count, p50, p95, worst } of keystrokes)
    write(
      `  ${name.padEnd(28)}${edit.padEnd(12)}${String(count).padStart(8)}${p50.toFixed(1).padStart(8)}${p95.toFixed(1).padStart(8)}${worst.toFixed(1).padStart(8)}`,
    );
  write(`workspace of ${workspace.sites} sites, ${workspace.lines} lines`);
  write(
    `  cold ${workspace.coldSeconds.toFixed(1)} s, again in the same process ${workspace.againSeconds.toFixed(1)} s (nothing is kept on disk)`,
  );
}
