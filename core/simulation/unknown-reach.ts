/**
 * Where the unknown can get to: from what could not be executed to the variables that may depend on it. A variable may
 * be held to depend on the unknown without need, but none that depends on it is missed.
 */

import type { Site } from './compile/ir.js';
import { DataFlow } from './data-flow.js';
import type { LoweredProgram } from './lower/program.js';

/** Answers which member names may depend on one of some sites; null: all may. */
export type UnknownReach = (sites: readonly Site[]) => ReadonlySet<string> | null;

export function unknownReach(program: LoweredProgram): UnknownReach {
  const flow = new DataFlow(program);
  const outputs = new Map(program.unknownBlocks.map((each) => [each.site, each.outputs]));
  return (sites) => {
    const seeds: string[] = [];
    for (const site of sites) {
      const names = outputs.get(site) ?? null;
      if (names === null) return null;
      seeds.push(...names);
    }
    return flow.isOpaque ? null : flow.membersFrom(seeds);
  };
}
