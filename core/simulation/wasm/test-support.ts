/** Runs a project in both engines with the same inputs and finds the first difference. */

import type { Project } from '../../language/semantics/model.js';
import { createRandom } from '../random.js';
import { createSimulation, type Simulation } from '../simulation.js';
import type { SimulationOptions } from '../simulation-options.js';
import type { JsonValue } from '../values.js';

export interface Comparison {
  /** The first value or event that differs; null when both engines agree to the end. */
  readonly difference: string | null;
  /** What kept the program out of WebAssembly; null when it ran there. */
  readonly whyJavaScript: string | null;
  readonly fault: string | null;
}

const INPUTS: Readonly<Record<string, (random: () => number) => JsonValue>> = {
  BOOL: (random) => random() < 0.7,
  INT: (random) => Math.floor(random() * 200 - 50),
  DINT: (random) => Math.floor(random() * 100_000 - 5000),
  UINT: (random) => Math.floor(random() * 65_536),
  WORD: (random) => Math.floor(random() * 65_536),
  REAL: (random) => Math.floor(random() * 1000) / 8,
};

function start(project: Project, options: SimulationOptions): Simulation {
  const created = createSimulation(project, options);
  if ('findings' in created) throw new Error(created.findings.map((each) => each.message).join('\n'));
  return created.simulation;
}

function differenceBetween(a: Simulation, b: Simulation): string | null {
  if (JSON.stringify(a.fault) !== JSON.stringify(b.fault))
    return `fault: ${a.fault?.message ?? 'none'} / ${b.fault?.message ?? 'none'}`;
  if (JSON.stringify(a.unknownBlocks) !== JSON.stringify(b.unknownBlocks)) return 'unknown blocks';
  if (a.nowNs !== b.nowNs || a.scans !== b.scans) return `time ${a.nowNs} / ${b.nowNs}`;
  const left = a.values();
  const right = b.values();
  for (const [name, value] of Object.entries(left)) {
    if (!Object.is(value, right[name])) return `${name}: ${String(value)} / ${String(right[name])}`;
  }
  return null;
}

/**
 * Writes random values into random variables before scans, runs single scans and longer runs, goes through a warm
 * start, and compares every variable, fault and unknown block.
 */
export function compareEngines(
  project: Project,
  {
    seed,
    rounds,
    options = {},
  }: { readonly seed: number; readonly rounds: number; readonly options?: SimulationOptions },
): Comparison {
  const script = start(project, { ...options, engine: 'javascript' });
  const native = start(project, { ...options, engine: 'wasm' });
  const { next: random } = createRandom(seed);
  const writable = native.tags().filter((tag) => tag.type in INPUTS);
  for (let round = 0; round < rounds; round++) {
    const count = Math.floor(random() * 4);
    for (let write = 0; write < count && writable.length > 0; write++) {
      const tag = writable[Math.floor(random() * writable.length)];
      const value = tag === undefined ? null : INPUTS[tag.type]?.(random);
      if (tag === undefined || value === undefined || value === null) continue;
      if (script.write(tag.name, value) !== native.write(tag.name, value)) return result(native, `write ${tag.name}`);
    }
    if (round === Math.floor(rounds / 2)) for (const each of [script, native]) each.start('warm');
    const length = round % 5 === 4 ? 20 : 1;
    for (const each of [script, native]) each.runScans(length);
    const difference = differenceBetween(script, native);
    if (difference !== null) return result(native, `round ${round}: ${difference}`);
    const kind = random() < 0.5 ? 'hot' : 'cold';
    if (script.fault !== null) for (const each of [script, native]) each.start(kind);
  }
  return result(native, null);
}

function result(native: Simulation, difference: string | null): Comparison {
  return { difference, whyJavaScript: native.whyJavaScript, fault: native.fault?.message ?? null };
}
