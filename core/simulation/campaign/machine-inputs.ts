/** Which tags of a plan can be driven, and the values at which a healthy machine rests. */

import type { Project } from '../../language/semantics/model.js';
import { inputTags } from '../inputs.js';
import type { FaultName } from '../scenario-file.js';
import type { Simulation } from '../simulation.js';
import type { Tag } from '../tags.js';
import type { CampaignCondition, CampaignDiagnosis, CampaignHazard, CampaignPlan } from './plan.js';

export type SignalKind = 'bool' | 'number';

/** An input of the machine that concerns a hazard. */
export interface DrivenSignal {
  readonly tag: string;
  readonly kind: SignalKind;
  /** Value at rest: conditions are healthy, commands are not given. */
  readonly rest: boolean | number;
  readonly role: 'condition' | 'reset' | 'start' | 'other';
  /** True where an actuator tells by it where it is. */
  readonly isFeedback: boolean;
}

export interface MachineInputs {
  readonly signals: readonly DrivenSignal[];
  readonly notDriven: readonly string[];
}

const sameTag = (a: string, b: string): boolean => a.toUpperCase() === b.toUpperCase();

/** The inputs among the signals that reach a hazard, its conditions and commands; sorted as the plan names them. */
export function machineInputs(
  project: Project,
  simulation: Simulation,
  plan: CampaignPlan,
  hazard: CampaignHazard,
): MachineInputs {
  const inputs = new Set(inputTags(project).flatMap((name) => placeOf(simulation.tag(name))));
  const signals: DrivenSignal[] = [];
  const notDriven: string[] = [];
  const seen = new Set<string>();
  for (const name of [...hazard.conditions, ...hazard.resets, ...hazard.starts, ...hazard.reach]) {
    const tag = simulation.tag(name);
    const [place] = placeOf(tag);
    if (tag === null || place === undefined || seen.has(place)) continue;
    seen.add(place);
    const { kind } = tag.shape;
    const isNumber = kind === 'integer' || kind === 'real' || kind === 'lreal';
    const isInput = inputs.has(place);
    if (!isInput || (kind !== 'bool' && !isNumber)) {
      notDriven.push(tag.name);
      continue;
    }
    const condition = conditionOf(plan, name);
    const role = hazard.resets.some((each) => sameTag(each, name))
      ? 'reset'
      : hazard.starts.some((each) => sameTag(each, name))
        ? 'start'
        : condition === undefined
          ? 'other'
          : 'condition';
    const rest = condition?.healthy ?? (isNumber ? Number(simulation.peek(tag)) : simulation.peek(tag) === true);
    signals.push({
      tag: tag.name,
      kind: isNumber ? 'number' : 'bool',
      rest,
      role,
      isFeedback: condition?.isFeedback === true,
    });
  }
  return { signals, notDriven };
}

/** Where a tag is kept: programs have two names, that of their type and that of their instance. */
function placeOf(tag: Tag | null): string[] {
  if (tag === null) return [];
  return [`${tag.root}/${tag.steps.map((step) => ('field' in step ? step.field : step.index)).join('/')}`];
}

/** The condition that a signal is, or of which it is another channel: all channels of a sensor rest alike. */
function conditionOf(plan: CampaignPlan, name: string): CampaignCondition | undefined {
  const names = channelsWith(plan.diagnoses, name);
  return plan.conditions.find((each) => names.some((channel) => sameTag(each.tag, channel)));
}

/** All channels of the sensor that a signal belongs to, the signal first. */
export function channelsWith(diagnoses: readonly CampaignDiagnosis[], name: string): string[] {
  const others = diagnoses.flatMap(({ channels }) => (channels.some((each) => sameTag(each, name)) ? channels : []));
  return [name, ...new Set(others.filter((each) => !sameTag(each, name)))];
}

/** A fault as it stands in a scenario, without its tag and its end. */
export interface FaultShape {
  readonly kind: FaultName;
  readonly value?: boolean | number;
  readonly period?: string;
  readonly delay?: string;
  readonly rate?: number;
  readonly amplitude?: number;
  readonly for?: string;
  readonly by?: string;
}
