/** One change through the verifiers, in process, with the version before opened once. */

import { failsVerdict } from '../../core/base/finding.js';
import { keyOf } from '../../core/language/semantics/symbols.js';
import type { ChangeComparison } from '../../core/proof/compare-change.js';
import type { ChangeScope } from '../../core/safety/rule.js';
import { safetyModelOf } from '../../core/safety/safety-model.js';
import { openSite } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import { compileStage } from '../../core/verify/compile-stage.js';
import { proofStage } from '../../core/verify/proof-stage.js';
import { safetyStage } from '../../core/verify/safety-stage.js';
import { simulationStage } from '../../core/verify/simulation-stage.js';
import { runStage } from '../../core/verify/stage.js';
import type { StageResult } from '../../core/verify/verdict.js';
import type { Machine } from './machine.js';
import { applyChange, type Mutation } from './mutation.js';

/** As `verify` without options: the change of an agent without a migration. */
const AGENT: ChangeScope = { author: 'agent', mayChange: null, mustNotChange: [], touches: null };

export interface Judgement {
  readonly status: 'passed' | 'failed';
  /** The stages that vetoed. */
  readonly vetoes: readonly string[];
  /** Codes of the findings that vetoed, each with its stage, and the first words of the message. */
  readonly findings: readonly string[];
  /** What the proof says about each subject that is not equal: `hazard:Main.qMotor weaker`. */
  readonly relations: readonly string[];
  /** True when the proof shows for every hazard, condition and command that it is equal or stronger. */
  readonly isEqualOrStronger: boolean;
  /** A hazard that was seen to behave otherwise on the same inputs; null when none was. */
  readonly observed: string | null;
  readonly ms: number;
  readonly stageMs: Readonly<Record<string, number>>;
}

/** `every` runs all stages as the command line does; `until-veto` stops at the first veto, for a fast search for survivors. */
export type Thoroughness = 'every' | 'until-veto';

/** Judges one mutation as the command line does. The judge stage is left out: without a model it never applies. */
export async function judgeMutation(
  machine: Machine,
  { changed }: Mutation,
  thoroughness: Thoroughness = 'every',
): Promise<Judgement> {
  const started = performance.now();
  const before = machine.site;
  const change = { before, after: openSite(applyChange(before.snapshot, changed)), scope: AGENT };
  const opened = performance.now() - started;
  const signal = AbortSignal.timeout(60_000);
  const options = { signal, progress: () => undefined };
  const clock = (): number => performance.now();
  const run: readonly (() => Promise<StageResult>)[] = [
    () => runStage('compile', () => compileStage(change, []), signal, clock),
    () => runStage('safety', () => safetyStage(change), signal, clock),
    () => runStage('proof', () => proofStage(change, options), signal, clock),
    () => runStage('simulation', () => simulationStage(change, options), signal, clock),
  ];
  const stages: StageResult[] = [];
  for (const stage of run) {
    if (thoroughness === 'until-veto' && stages.some(({ status }) => status === 'failed')) break;
    stages.push(await stage());
  }
  const comparisons = comparisonsOf(stages.find(({ stage }) => stage === 'proof'));
  const failed = stages.filter(({ status }) => status === 'failed');
  return {
    status: failed.length > 0 ? 'failed' : 'passed',
    vetoes: failed.map(({ stage }) => stage),
    findings: failed.flatMap(({ stage, findings }) =>
      findings
        .filter(({ severity }) => failsVerdict(severity))
        .map(({ code, file, line, message }) => `${stage} ${code} ${file}:${line} ${message}`),
    ),
    relations: comparisons
      ?.filter(({ relation }) => relation !== 'equal')
      .map(({ id, relation }) => `${id} ${relation}`) ?? ['the proof has no comparison'],
    isEqualOrStronger: comparisons?.every((comparison) => isExplained(comparison, before)) ?? false,
    observed: observedBy(stages.find(({ stage }) => stage === 'simulation')),
    ms: performance.now() - started,
    stageMs: Object.fromEntries([['open', opened], ...stages.map(({ stage, ms }) => [stage, ms])]),
  };
}

type Comparison = Pick<ChangeComparison, 'id' | 'kind' | 'subject' | 'relation'>;

/** Null when the proof did not come so far. */
function comparisonsOf(proof: StageResult | undefined): readonly Comparison[] | null {
  const comparisons: unknown = proof?.evidence['comparisons'];
  return Array.isArray(comparisons) ? (comparisons as readonly Comparison[]) : null;
}

/**
 * Equal or stronger; or a Boolean output that the site declares to be no safety signal, a lamp, say: what it shows
 * switches nothing on that could hurt. A set point is no such output.
 */
function isExplained({ kind, subject, relation }: Comparison, before: Site): boolean {
  if (relation === 'equal' || relation === 'stronger') return true;
  if (kind !== 'output') return false;
  const model = safetyModelOf(before);
  const location = keyOf(subject);
  const type = model.variableAt(location)?.type;
  return type?.kind === 'elementary' && type.name === 'BOOL' && model.signalsAt(location).length === 0;
}

function observedBy(simulation: StageResult | undefined): string | null {
  const difference = simulation?.findings.find(({ code }) => code === 'SIM-DIFFERS');
  return difference?.message ?? null;
}
