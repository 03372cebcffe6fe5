/**
 * Benchmarks of the simulator: `npm run bench -- simulation`, or alone:
 *
 *     esbuild test/bench/simulation.ts --bundle --platform=node --format=esm --outfile=.cache/simulation.mjs && node .cache/simulation.mjs [scans] [--json]
 *
 * Runs `cell.st` against the same program in C (`gcc -O2`) in turns and ends with 1 when their values differ. `ratio` is
 * scans per second of the simulator by those of C, of the best round of each; `ratioProcessor` the same by processor
 * time of the thread that runs the scans, which other work on the machine disturbs less.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProject } from '../../core/language/semantics/project.js';
import { parseSourceFile } from '../../core/language/syntax/parser.js';
import { runCampaign } from '../../core/simulation/campaign.js';
import { createSimulation, type Simulation } from '../../core/simulation/simulation.js';
import type { EngineChoice } from '../../core/simulation/wasm/tiered-machine.js';
import { snapshotOfFolder } from '../../core/site/load-snapshot.js';
import { openSite } from '../../core/site/open-site.js';
import { campaignPlanOf } from '../../core/verify/campaign-plan.js';
import { largeProgram } from './large-program.js';
import { collectGarbage } from './measure.js';

const FOLDER = 'test/bench';
const given = process.argv.slice(2).filter((each) => /^\d+$/.test(each));
const scans = Number(given[0] ?? 500_000);
const ROUNDS = 12;
const CYCLE = 10_000_000;
const DAY_SCANS = 8_640_000;

interface Outcome {
  readonly scansPerSecond: number;
  readonly sum: number;
  readonly crc: number;
  readonly pv1: number;
  readonly count0: number;
  readonly count3: number;
  readonly count7: number;
}

interface Native {
  run(): Outcome;
  runByProcessor(): Outcome;
}

/** Runs `work` with the C program compiled twice: timed by the clock on the wall and by processor time. */
function withNative<T>(work: (native: Native) => T): T {
  const out = mkdtempSync(join(tmpdir(), 'plantwright-cell-'));
  try {
    const wall = join(out, 'cell');
    const processor = join(out, 'cell-processor');
    const source = join(FOLDER, 'cell.c');
    execFileSync('gcc', ['-O2', '-o', wall, source]);
    execFileSync('gcc', ['-O2', '-DCLOCK_MONOTONIC=CLOCK_PROCESS_CPUTIME_ID', '-o', processor, source]);
    const run = (program: string): Outcome => JSON.parse(execFileSync(program, [String(scans)]).toString()) as Outcome;
    return work({ run: () => run(wall), runByProcessor: () => run(processor) });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function simulationOf(path: string, text: string, dialect: 'iec' | 'codesys', engine: EngineChoice): Simulation {
  const file = parseSourceFile(path, text, dialect);
  const project = buildProject({ files: [file], dialect, entry: null, cycle: BigInt(CYCLE) });
  const created = createSimulation(project, { engine });
  if ('findings' in created) throw new Error(created.findings.map((each) => each.message).join('\n'));
  return created.simulation;
}

interface Timed {
  readonly wall: number;
  readonly processor: number;
}

/** Milliseconds of a run from a cold start at time 0. */
function timed(simulation: Simulation, count: number): Timed {
  simulation.reset();
  const used = process.threadCpuUsage();
  const began = performance.now();
  simulation.runScans(count);
  const wall = performance.now() - began;
  const { user, system } = process.threadCpuUsage(used);
  if (simulation.fault !== null) throw new Error(simulation.fault.message);
  return { wall, processor: (user + system) / 1000 };
}

const perSecond = (count: number, milliseconds: number): number => Math.round((count / milliseconds) * 1000);

function outcomeOf(simulation: Simulation, scansPerSecond: number): Outcome {
  const number = (tag: string): number => Number(simulation.readJson(tag));
  return {
    scansPerSecond,
    sum: number('Main.sum'),
    crc: number('Main.crc'),
    pv1: number('Main.pv1'),
    count0: number('Main.stn1.Count'),
    count3: number('Main.stn4.Count'),
    count7: number('Main.stn8.Count'),
  };
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  return (
    a.sum === b.sum &&
    a.crc === b.crc &&
    a.count0 === b.count0 &&
    a.count3 === b.count3 &&
    a.count7 === b.count7 &&
    Math.abs(a.pv1 - b.pv1) < 10 ** (Math.ceil(Math.log10(Math.abs(b.pv1))) - 5)
  );
}

const cell = readFileSync(join(FOLDER, 'cell.st'), 'utf8');

/** Rounds of C and of the simulator in turns, so that both meet the same load. */
function againstNative(engine: EngineChoice): {
  readonly native: Outcome;
  readonly simulated: Outcome;
  readonly engine: string;
  readonly isEqual: boolean;
  readonly ratio: number;
  readonly ratioProcessor: number;
} {
  const simulation = simulationOf('cell.st', cell, 'iec', engine);
  return withNative((native) => {
    timed(simulation, 100_000);
    const natives: Outcome[] = [];
    const processors: Outcome[] = [];
    const runs: Timed[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      natives.push(native.run());
      runs.push(timed(simulation, scans));
      processors.push(native.runByProcessor());
    }
    const best = natives.reduce((a, b) => (b.scansPerSecond > a.scansPerSecond ? b : a));
    const simulated = outcomeOf(simulation, perSecond(scans, Math.min(...runs.map((each) => each.wall))));
    const bestProcessor = Math.max(...processors.map((each) => each.scansPerSecond));
    const ownProcessor = perSecond(scans, Math.min(...runs.map((each) => each.processor)));
    return {
      native: best,
      simulated,
      engine: simulation.engine,
      isEqual: sameOutcome(simulated, best),
      ratio: simulated.scansPerSecond / best.scansPerSecond,
      ratioProcessor: ownProcessor / bestProcessor,
    };
  });
}

/** Milliseconds from text to the end of the first scan. */
function firstScan(path: string, text: string, dialect: 'iec' | 'codesys'): number {
  const times = Array.from({ length: 3 }, () => {
    const began = performance.now();
    simulationOf(path, text, dialect, 'auto').scan();
    return performance.now() - began;
  });
  return Math.round(Math.min(...times));
}

function largeFigures(): Readonly<Record<string, number | string | null>> {
  const text = largeProgram(10_000);
  const msToFirstScan = firstScan('large.st', text, 'codesys');
  const result: Record<string, number | string | null> = { lines: text.split('\n').length, msToFirstScan };
  for (const engine of ['javascript', 'auto'] as const) {
    const simulation = simulationOf('large.st', text, 'codesys', engine);
    const began = performance.now();
    simulation.runScans(2001);
    result[`msOfFirst2001Scans (${engine})`] = Math.round(performance.now() - began);
    timed(simulation, 5000);
    const run = [timed(simulation, 20_000), timed(simulation, 20_000)];
    result[`scansPerSecond (${engine})`] = perSecond(20_000, Math.min(...run.map((each) => each.wall)));
    if (engine === 'auto') result['engine'] = simulation.engine;
    if (engine === 'auto') result['whyJavaScript'] = simulation.whyJavaScript;
  }
  return result;
}

/** Kilobytes that one more running instance of a program adds to the process, by engine. */
function memoryPerInstance(): Readonly<Record<string, number>> {
  const COUNT = 60;
  const file = parseSourceFile('cell.st', cell, 'iec');
  const project = buildProject({ files: [file], dialect: 'iec', entry: null, cycle: BigInt(CYCLE) });
  const kept: Simulation[] = [];
  const add = (engine: EngineChoice): void => {
    const created = createSimulation(project, { engine });
    if ('findings' in created) throw new Error('the program does not run');
    created.simulation.runScans(10);
    kept.push(created.simulation);
  };
  const total = (): number => {
    collectGarbage();
    return process.memoryUsage().rss;
  };
  const result: Record<string, number> = {};
  for (const engine of ['javascript', 'wasm'] as const) {
    add(engine);
    const before = total();
    for (let index = 0; index < COUNT; index++) add(engine);
    result[engine] = Math.round((total() - before) / COUNT / 1024);
  }
  if (kept.some((each) => each.fault !== null)) throw new Error('an instance has stopped');
  return result;
}

function virtualDay(): Readonly<Record<string, number>> {
  const simulation = simulationOf('cell.st', cell, 'iec', 'auto');
  const { wall } = timed(simulation, DAY_SCANS);
  return { scans: DAY_SCANS, seconds: Math.round(wall) / 1000, timesRealTime: Math.round(86_400_000 / wall) };
}

const SITES = ['plant-01-press', 'plant-03-conveyor', 'plant-08-assembly', 'plant-11-welding'];

/** The whole fault campaign of some fixture sites, with the search for their phases and the shrinking of failures. */
async function campaignFigures(): Promise<Readonly<Record<string, unknown>>> {
  const result: Record<string, unknown> = {};
  for (const name of SITES) {
    const folder = join('test/fixtures/fleet/sites', name);
    const site = openSite((await snapshotOfFolder(folder, new AbortController().signal)).snapshot);
    const plan = campaignPlanOf(site);
    const used = process.threadCpuUsage();
    const began = performance.now();
    const { status, cases, scans, unreached } = runCampaign(site.project, plan, { seed: 1, maximumCases: 20_000 });
    const wall = performance.now() - began;
    const { user, system } = process.threadCpuUsage(used);
    result[name] = {
      status,
      cases,
      scans,
      phasesNotReached: unreached.length,
      casesPerSecond: perSecond(cases, wall),
      casesPerSecondOfProcessor: perSecond(cases, (user + system) / 1000),
    };
  }
  return result;
}

// Memory first: later figures leave garbage behind.
const kilobytesPerInstance = memoryPerInstance();
const wasm = againstNative('auto');
const script = againstNative('javascript');
const report = {
  scans,
  cell: wasm,
  cellInJavaScript: { ...script, native: undefined },
  msFromSourceToFirstScan: firstScan('cell.st', cell, 'iec'),
  large: largeFigures(),
  virtualDayAt10ms: virtualDay(),
  campaign: await campaignFigures(),
  kilobytesPerInstance,
};
console.log(JSON.stringify(report, null, 2));
if (!wasm.isEqual || !script.isEqual) process.exitCode = 1;
