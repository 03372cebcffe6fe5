/**
 * The simulator as a second opinion on proofs: what is proved must not happen in a run either. A contradiction is no
 * finding about the program; it says that the prover or the simulator is wrong.
 */

import { type Finding, startOfFile } from '../base/finding.js';
import { inputTags } from '../simulation/inputs.js';
import { createRandom, type RandomSource } from '../simulation/random.js';
import type { Simulation } from '../simulation/simulation.js';
import type { Site } from '../site/site.js';
import type { ProvedObligation } from './prove.js';
import { hasOneTask, simulationOf, unlessItStops } from './replay.js';

/** Scans of one run, and runs; each starts cold. */
const SCANS = 150;
const RUNS = 3;
const SEED = 20_260_301;

/** A proved obligation that a run can contradict. */
interface Claimed {
  readonly id: string;
  readonly hazard: { readonly tag: string; readonly off: boolean | number };
  /** Tag and value that it must have while the hazard is on. */
  readonly needs: { readonly tag: string; readonly value: unknown };
}

/** What the simulator says against the proofs and counterexamples of a site: empty when both agree. */
export function contradictions(site: Site, proved: readonly ProvedObligation[], signal?: AbortSignal): Finding[] {
  return [
    ...proved.flatMap(({ result, scenario }) =>
      result.replayed === 'disagrees'
        ? [
            disagreement(`The proof refutes ${result.id}, and the simulator does not show it with the same inputs.`, {
              obligation: result.id,
              proof: result.witness,
              scenario,
            }),
          ]
        : [],
    ),
    ...runAgainst(site, proved.flatMap(claimedBy), signal),
  ];
}

function disagreement(message: string, witness: Readonly<Record<string, unknown>>): Finding {
  return {
    ...startOfFile('plantwright.yaml'),
    code: 'PROOF-DISAGREES',
    rule: 'proof-and-simulation-disagree',
    severity: 'blocker',
    message: `${message} One of them is wrong: this is a bug in Plantwright, and until it is mended the change counts as not verified.`,
    related: [],
    witness,
  };
}

function claimedBy({ obligation, result }: ProvedObligation): Claimed[] {
  const { kind, hazard, condition } = obligation;
  if (result.status !== 'proved' || kind !== 'dominance' || hazard === null || condition === null) return [];
  return [{ id: result.id, hazard, needs: { tag: condition.tag, value: condition.healthy } }];
}

function runAgainst(site: Site, claims: readonly Claimed[], signal: AbortSignal | undefined): Finding[] {
  const { project } = site;
  const simulation = claims.length === 0 || !hasOneTask(project) ? null : simulationOf(project);
  if (simulation === null) return [];
  const inputs = inputTags(project);
  // a condition that code writes may read otherwise after the scan than it came in
  const fromOutside = new Set(inputs.map((tag) => tag.toUpperCase()));
  const watched = claims.filter(({ needs }) => fromOutside.has(needs.tag.toUpperCase()));
  const random = createRandom(SEED);
  for (let run = 0; run < RUNS; run++) {
    signal?.throwIfAborted();
    simulation.reset();
    for (let scan = 1; scan <= SCANS; scan++) {
      stir(simulation, inputs, random, run);
      const fault = unlessItStops(() => ({ fault: simulation.scan() }));
      if (fault === null || fault.fault !== null || simulation.isUnknown) return [];
      const broken = watched.find(
        ({ hazard, needs }) =>
          simulation.readJson(hazard.tag) !== hazard.off && simulation.readJson(needs.tag) !== needs.value,
      );
      if (broken === undefined) continue;
      const values = Object.fromEntries(inputs.map((tag) => [tag, simulation.readJson(tag)]));
      return [
        disagreement(
          `${broken.id} is proved, and the simulator shows ${broken.hazard.tag} on while ${broken.needs.tag} is ${String(simulation.readJson(broken.needs.tag))}, in scan ${scan} of run ${run + 1} from a cold start.`,
          { obligation: broken.id, seed: SEED, run: run + 1, scan, inputs: values },
        ),
      ];
    }
  }
  return [];
}

/** Changes few inputs of a scan, most to TRUE: machines run only while nearly everything is healthy. */
function stir(simulation: Simulation, inputs: readonly string[], random: RandomSource, run: number): void {
  const share = run === 0 ? 1 : 0.2;
  for (const tag of inputs) {
    if (random.next() > share) continue;
    const current = simulation.readJson(tag);
    if (typeof current === 'boolean') simulation.write(tag, random.next() < 0.75);
    else if (typeof current === 'number')
      simulation.write(tag, random.below(4) === 0 ? random.below(1000) : random.below(12));
  }
}
