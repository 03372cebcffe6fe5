/** What a scenario says about the controller that runs it: its cycle, its tasks, how they are scheduled. */

import type { Project } from '../language/semantics/model.js';
import { executionProfile } from './compile/profile.js';
import type { PreemptionChoice } from './preemption.js';
import { durationNs, type ScenarioContent } from './scenario-file.js';
import type { SimulationOptions, TaskTiming } from './simulation-options.js';

/** The options of a simulation that is compiled for a scenario. */
export function scenarioOptions(
  content: ScenarioContent,
): Pick<SimulationOptions, 'cycleNs' | 'timing' | 'preemption'> {
  const timing = Object.entries(content.tasks ?? {}).map(([name, { takes, watchdog }]): [string, TaskTiming] => [
    name,
    {
      takesNs: takes === undefined ? undefined : durationNs(takes),
      watchdogNs: watchdog === undefined ? undefined : durationNs(watchdog),
    },
  ]);
  return {
    ...(content.cycle === undefined ? {} : { cycleNs: durationNs(content.cycle) }),
    timing: Object.fromEntries(timing),
    preemption: preemptionOf(content),
  };
}

function preemptionOf({ scheduling, seed }: ScenarioContent): PreemptionChoice | undefined {
  if (scheduling === 'preemptive') return { seed: seed ?? 1 };
  return scheduling === 'every-statement' ? scheduling : undefined;
}

/** The semantics under which a scenario runs, for reports: the profile of the dialect, and preemption where it is on. */
export function scenarioProfile(project: Project, content: ScenarioContent): string {
  const { name } = executionProfile(project.dialect);
  if (content.scheduling === 'every-statement') return `${name}, each scan also interrupted once at every statement`;
  if (content.scheduling !== 'preemptive') return name;
  return `${name}, preemptive tasks (a scan is interrupted once, at a statement that seed ${content.seed ?? 1} chooses)`;
}
