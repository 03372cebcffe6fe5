/**
 * Measures our parser against one made with chevrotain for a part of the language, on the same text, alternated in one
 * process; the figures of docs/decisions/0001. Run with `npm run bench:parser` (bundle, then `node --expose-gc`).
 */

import { parseSourceFile } from '../../core/language/syntax/parser.js';
import { chevrotainParse, chevrotainTokens } from './chevrotain-parser.js';
import { subsetProgram } from './subset-program.js';

const SIZE = 2_000_000;
const ROUNDS = 9;

const text = subsetProgram(SIZE);
const damaged = damage(text);
const lines = text.split('\n').length;

/** Removes one semicolon in every 400 lines, so that error recovery has to work. */
function damage(source: string): string {
  return source
    .split('\n')
    .map((line, index) => (index % 400 === 200 ? line.replace(';', '') : line))
    .join('\n');
}

interface Contender {
  readonly name: string;
  readonly run: (source: string) => { errors: number; tree: unknown };
}

const contenders: readonly Contender[] = [
  {
    name: 'hand-written, whole language',
    run: (source) => {
      const file = parseSourceFile('bench.st', source, 'codesys');
      return { errors: file.syntaxErrors.length, tree: file };
    },
  },
  { name: 'chevrotain, part of the language', run: chevrotainParse },
  { name: 'chevrotain, lexer alone', run: (source) => ({ errors: 0, tree: chevrotainTokens(source) }) },
];

function collect(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Processor time in milliseconds, collection of garbage included: steadier than the clock on a shared machine. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function measure(label: string, source: string): void {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const errors = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of contenders) {
      collect();
      const started = processorTime();
      errors.set(contender.name, contender.run(source).errors);
      times.get(contender.name)?.push(processorTime() - started);
    }
  }
  process.stdout.write(
    `${label}: ${(source.length / 1e6).toFixed(2)} MB, ${lines} lines; MB per second of processor time\n`,
  );
  for (const { name } of contenders) {
    const taken = times.get(name) ?? [];
    const speed = (milliseconds: number): string => (source.length / 1000 / milliseconds).toFixed(1);
    process.stdout.write(
      `  ${name.padEnd(34)} first ${speed(taken[0] ?? 0)}, median ${speed(median(taken))}, best ${speed(Math.min(...taken))}; ${errors.get(name) ?? 0} errors\n`,
    );
  }
}

/** Retained heap of one tree. A function of its own, so that the tree before it is free. */
function retainedBytes(run: Contender['run']): number {
  const before = collect();
  const { tree } = run(text);
  const after = collect();
  if (tree === null) throw new Error('no tree');
  return after - before;
}

measure('valid text', text);
measure('a semicolon missing every 400 lines', damaged);
process.stdout.write('retained heap of the tree\n');
for (const { name, run } of contenders) {
  retainedBytes(run);
  process.stdout.write(`  ${name.padEnd(34)} ${Math.round(retainedBytes(run) / lines)} bytes per line\n`);
}
