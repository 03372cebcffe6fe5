import type { SourceFile } from '../syntax/tree.js';
import type { Project, ProjectInput } from './model.js';
import { buildProject } from './project.js';

/** 10 ms, in nanoseconds: the cycle of a project that schedules nothing. */
const DEFAULT_CYCLE = 10_000_000n;

/** What schedules the programs of a project that has no CONFIGURATION. */
export type Scheduling = Pick<ProjectInput, 'entry' | 'cycle'>;

/** The scheduling that gives a project the schedule that it has. */
export function schedulingOf({ schedule }: Project): Scheduling {
  const programs = schedule.flatMap((task) => task.programs);
  const [only] = programs;
  return {
    entry: programs.length === 1 && only !== undefined && only.instance === null ? only.pou.name : null,
    cycle: schedule[0]?.interval ?? DEFAULT_CYCLE,
  };
}

/**
 * A project of the files of another one and one file more: a test, a watch, a runner. The project itself stays as it
 * is; both share its trees.
 */
export function projectWithFile(
  project: Project,
  file: SourceFile,
  scheduling: Scheduling = schedulingOf(project),
): Project {
  return buildProject({ files: [...project.files, file], dialect: project.dialect, ...scheduling });
}
