/** The tasks of a schedule: where they are declared, and the routine that runs one program of a task. */

import type { Project, ScheduledProgram, ScheduledTask } from '../../language/semantics/model.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { SourceFile, TaskDeclaration } from '../../language/syntax/tree.js';
import type { Effect, Routine, Site, Value } from '../compile/ir.js';
import { UNKNOWN } from '../compile/shape.js';
import type { ProgramBuilder } from './context.js';
import { lowerAs } from './expressions.js';
import { memberPlace } from './places.js';
import { createScope } from './routines.js';
import { storeInto, storeValue } from './stores.js';
import { load } from './values.js';

/** The file whose configuration declares the task; null when none of the project does. */
export function configurationOf(project: Project, task: TaskDeclaration): SourceFile | null {
  const declares = (file: SourceFile): boolean =>
    file.declarations.some(
      (each) =>
        each.kind === 'Configuration' &&
        (each.tasks.includes(task) || each.resources.some((resource) => resource.tasks.includes(task))),
    );
  return project.files.find(declares) ?? null;
}

/** The place of a task: its declaration, or its first program where nothing declares it. */
export function taskSite(builder: ProgramBuilder, project: Project, { declaration, programs }: ScheduledTask): Site {
  const own = declaration === null ? null : configurationOf(project, declaration);
  if (own !== null && declaration !== null) return builder.site(project, own, declaration);
  const first = programs[0]?.pou.site;
  const file = first?.file ?? project.files[0];
  return file === undefined ? 0 : builder.site(project, file, first?.identifier ?? { start: 0, end: 0 });
}

/** Runs one program of a task: arguments of its declaration in, body, outputs. */
export function taskRoutine(
  builder: ProgramBuilder,
  project: Project,
  program: ScheduledProgram,
  name: string,
  object: Value | null,
): Routine {
  const file = program.instance?.site?.file ?? program.pou.site?.file ?? project.files[0];
  const body: Effect[] = [];
  if (object !== null && file !== undefined) {
    const scope = createScope({ builder, project, file, self: null, callable: null, result: null, isTest: false });
    const after: Effect[] = [];
    for (const argument of program.instance?.declaration.arguments ?? []) {
      const parameter = argument.name === null ? undefined : program.pou.variables.get(keyOf(argument.name.name));
      if (parameter === undefined || argument.value === null) continue;
      const place = memberPlace(scope, object, parameter);
      if (argument.direction === 'in') body.push(...storeValue(place, lowerAs(scope, argument.value, place.shape)));
      else after.push(...storeInto(scope, argument.value, load(place), argument));
    }
    const site = builder.site(project, file, program.pou.site?.identifier ?? { start: 0, end: 0 });
    if (builder.isOpaque(program.pou)) body.push({ do: 'unknown', site });
    else
      body.push({
        do: 'evaluate',
        value: { op: 'invoke', shape: UNKNOWN, object, method: 'run', arguments: [], site },
      });
    body.push(...after);
  }
  return { name, parameters: [], locals: [], result: null, outputs: [], body, mock: null };
}
