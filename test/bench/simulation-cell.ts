/**
 * Scans per second of the simulator on `cell.st` against the same program in C (`gcc -O2`), in one process run.
 * Both must end in the same values. Prints one JSON document: `ratio` is simulator / C.
 *
 *     esbuild test/bench/simulation-cell.ts --bundle --platform=node --format=esm --outfile=/tmp/cell.mjs && node /tmp/cell.mjs [scans]
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProject } from '../../core/language/semantics/project.js';
import { parseSourceFile } from '../../core/language/syntax/parser.js';
import { createSimulation } from '../../core/simulation/simulation.js';

const folder = 'test/bench';
const scans = Number(process.argv[2] ?? 2_000_000);
const ROUNDS = 3;

interface NativeResult {
  readonly scansPerSecond: number;
  readonly sum: number;
  readonly crc: number;
  readonly pv1: number;
  readonly count0: number;
  readonly count3: number;
  readonly count7: number;
}

function runNative(): NativeResult {
  const out = mkdtempSync(join(tmpdir(), 'plantwright-cell-'));
  try {
    const program = join(out, 'cell');
    execFileSync('gcc', ['-O2', '-o', program, join(folder, 'cell.c')]);
    const results = Array.from(
      { length: ROUNDS },
      () => JSON.parse(execFileSync(program, [String(scans)]).toString()) as NativeResult,
    );
    return results.reduce((best, each) => (each.scansPerSecond > best.scansPerSecond ? each : best));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function runSimulated(): NativeResult & { readonly msToFirstScan: number } {
  const started = performance.now();
  const file = parseSourceFile('cell.st', readFileSync(join(folder, 'cell.st'), 'utf8'), 'iec');
  const project = buildProject({ files: [file], dialect: 'iec', entry: null, cycle: 10_000_000n });
  const created = createSimulation(project);
  if ('findings' in created) throw new Error(created.findings.map((each) => each.message).join('\n'));
  const { simulation } = created;
  simulation.scan();
  const msToFirstScan = performance.now() - started;
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    simulation.reset();
    const begin = performance.now();
    simulation.runScans(scans);
    best = Math.max(best, (scans / (performance.now() - begin)) * 1000);
    if (simulation.fault !== null) throw new Error(simulation.fault.message);
  }
  const number = (tag: string): number => Number(simulation.readJson(tag));
  return {
    scansPerSecond: best,
    msToFirstScan,
    sum: number('Main.sum'),
    crc: number('Main.crc'),
    pv1: number('Main.pv1'),
    count0: number('Main.stn1.Count'),
    count3: number('Main.stn4.Count'),
    count7: number('Main.stn8.Count'),
  };
}

const native = runNative();
const simulated = runSimulated();
const isEqual =
  native.sum === simulated.sum &&
  native.crc === simulated.crc &&
  native.count0 === simulated.count0 &&
  native.count3 === simulated.count3 &&
  native.count7 === simulated.count7 &&
  Math.abs(native.pv1 - simulated.pv1) < 1e-4;
console.log(
  JSON.stringify(
    { scans, native, simulated, isEqual, ratio: simulated.scansPerSecond / native.scansPerSecond },
    null,
    2,
  ),
);
if (!isEqual) process.exitCode = 1;
