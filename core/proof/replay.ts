/** Replays a counterexample in the simulator: a second opinion on every refutation that Boolean inputs can show. */

import type { Project } from '../language/semantics/model.js';
import { createSimulation } from '../simulation/simulation.js';
import type { Obligation } from './obligations.js';
import type { WitnessScan } from './prove-goal.js';

/**
 * Whether the simulator shows the violation with the inputs of the witness, from a cold start. `abstract` says that it
 * could not be shown: the witness needs numbers, or timers that expire at will, or the simulator answers differently.
 */
export function replayWitness(
  project: Project,
  obligation: Obligation,
  scans: readonly WitnessScan[],
): 'replayed' | 'abstract' {
  const { hazard, condition, kind } = obligation;
  if (hazard === null || scans.some(({ inputs }) => inputs.some(({ name }) => !isPlainTag(name)))) return 'abstract';
  const created = createSimulation(project);
  if (!('simulation' in created)) return 'abstract';
  const { simulation } = created;
  const known = new Set<string>();
  for (const { inputs } of scans) {
    for (const name of known) simulation.write(name, false);
    for (const { name, value } of inputs) {
      known.add(name);
      if (simulation.write(name, value) !== null) return 'abstract';
    }
    if (simulation.scan() !== null || simulation.isUnknown) return 'abstract';
  }
  const isOn = simulation.read(hazard.tag) !== hazard.off;
  if (kind !== 'dominance' || condition === null) return isOn ? 'replayed' : 'abstract';
  return isOn && simulation.read(condition.tag) !== condition.healthy ? 'replayed' : 'abstract';
}

/** Comparisons of numbers and what timers did are not inputs that can be written. */
function isPlainTag(name: string): boolean {
  return /^[\w.[\],]+$/.test(name);
}
