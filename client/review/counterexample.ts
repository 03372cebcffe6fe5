import type { Finding } from '../../core/base/finding.js';
import { memberOf } from '../../core/base/member.js';
import type { InputCase, InputChange, ScenarioCase } from '../testing/simulator-protocol.js';

/**
 * The case that a finding of a verdict carries, as something that can be run: the scenario of a fault campaign, the
 * inputs of a difference, or the inputs of a refuted proof from a cold start. Null: it carries none.
 */
export function caseOfFinding({ witness }: Pick<Finding, 'witness'>): ScenarioCase | InputCase | null {
  const { scenario } = witness;
  if (typeof scenario === 'string') return { scenario };
  return differenceOf(witness) ?? proofOf(witness['counterexample']);
}

function differenceOf({ tag, scan, inputs }: Finding['witness']): InputCase | null {
  if (typeof tag !== 'string' || typeof scan !== 'number' || !Array.isArray(inputs)) return null;
  const changes = inputs.flatMap((each: unknown) => {
    const at = memberOf(each, 'scan');
    return typeof at === 'number' ? (changeOf(at, memberOf(each, 'tag'), memberOf(each, 'value')) ?? []) : [];
  });
  return { inputs: changes, scans: scan + 1, tags: [tag] };
}

/** What every scan reads from outside. Names that are no signals (results of comparisons, timers) can't be set. */
function proofOf(proof: unknown): InputCase | null {
  const scans = memberOf(proof, 'scans');
  if (memberOf(proof, 'from') !== 'cold-start' || !Array.isArray(scans) || scans.length === 0) return null;
  const changes = scans.flatMap((scan: unknown, index) => {
    const inputs = memberOf(scan, 'inputs');
    if (!Array.isArray(inputs)) return [];
    return inputs.flatMap((each: unknown) => changeOf(index, memberOf(each, 'name'), memberOf(each, 'value')) ?? []);
  });
  const settable = changes.filter(({ tag }) => !/[#( ]/.test(tag));
  return settable.length === 0 ? null : { inputs: settable, scans: scans.length, tags: [] };
}

function changeOf(scan: number, tag: unknown, value: unknown): InputChange | null {
  const isValue = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
  return typeof tag === 'string' && isValue ? { scan, tag, value } : null;
}
