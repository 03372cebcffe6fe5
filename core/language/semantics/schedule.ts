/** Tasks and their programs: from the configurations, else from the entry of the manifest, else from usual names. */

import type { Configuration, ProgramInstance, SourceFile, TaskDeclaration } from '../syntax/tree.js';
import { constantInScope } from './constants.js';
import { lookupTypeName } from './lookup.js';
import type { ProjectInput, ScheduledProgram, ScheduledTask } from './model.js';
import type { ProjectIndex } from './project-index.js';
import { suggestion } from './suggestions.js';
import { keyOf, type PouSymbol, type ProgramInstanceSymbol } from './symbols.js';

interface ResourceParts {
  readonly tasks: readonly TaskDeclaration[];
  readonly programs: readonly ProgramInstance[];
}

/** Program instances become symbols, so that `Instance.variable` can be written. */
export function bindProgramInstances(index: ProjectIndex): void {
  for (const { declaration, file } of index.configurations)
    for (const { tasks, programs } of partsOf(declaration))
      for (const program of programs) bindProgramInstance(index, program, tasks, file);
}

function partsOf(configuration: Configuration): readonly ResourceParts[] {
  return [{ tasks: configuration.tasks, programs: configuration.programs }, ...configuration.resources];
}

function bindProgramInstance(
  index: ProjectIndex,
  declaration: ProgramInstance,
  tasks: readonly TaskDeclaration[],
  file: SourceFile,
): void {
  const found = lookupTypeName(index, index.scope, declaration.type);
  const written = declaration.type.parts.map((part) => part.name).join('.');
  if (found?.kind !== 'pou' || (found.pouKind !== 'program' && found.pouKind !== 'organization-block')) {
    const programs = index.pous.filter((pou) => pou.pouKind === 'program').map((pou) => pou.name);
    index.reports.add(
      'PW2030',
      file,
      declaration.type,
      found === null
        ? `The program "${written}" is not declared.${suggestion(written, programs)}`
        : `"${written}" is not a program, so it can't be scheduled.`,
    );
    return;
  }
  const last = declaration.type.parts.at(-1);
  if (last !== undefined) index.facts.symbols.set(last, found);
  const taskName = declaration.task;
  const task = taskName === null ? null : (tasks.find((one) => keyOf(one.name.name) === keyOf(taskName.name)) ?? null);
  if (taskName !== null && task === null)
    index.reports.add(
      'PW2029',
      file,
      taskName,
      `The task "${taskName.name}" is not declared in this resource.${suggestion(
        taskName.name,
        tasks.map((one) => one.name.name),
      )}`,
    );
  const symbol: ProgramInstanceSymbol = {
    kind: 'program-instance',
    name: declaration.name.name,
    qualifiedName: declaration.name.name,
    site: { file, identifier: declaration.name },
    pou: found,
    declaration,
    task,
  };
  index.programInstances.push(symbol);
  index.facts.symbols.set(declaration.name, symbol);
  const key = keyOf(symbol.name);
  if (!index.values.has(key) && !index.types.has(key)) index.values.set(key, symbol);
}

/** The order of execution. IEC 61131-3 ed. 3, 6.8.2: a lower PRIORITY runs first; without a task a program runs last. */
export function scheduleOf(index: ProjectIndex, input: ProjectInput): ScheduledTask[] {
  const tasks: ScheduledTask[] = [];
  const untasked: ScheduledProgram[] = [];
  for (const { declaration, file } of index.configurations)
    for (const { tasks: declared } of partsOf(declaration))
      for (const task of declared) tasks.push(scheduledTask(index, task, file));
  for (const instance of index.programInstances)
    if (instance.task === null) untasked.push({ instanceName: instance.name, pou: instance.pou, instance });
  if (untasked.length > 0)
    tasks.push({ name: 'Default', interval: input.cycle, priority: 65_535, declaration: null, programs: untasked });
  const used = tasks.filter((task) => task.programs.length > 0);
  if (used.length > 0) return used.sort((a, b) => a.priority - b.priority);
  const programs = entryPrograms(index, input.entry);
  if (programs.length === 0) return [];
  return [
    {
      name: 'Main',
      interval: input.cycle,
      priority: 0,
      declaration: null,
      programs: programs.map((pou) => ({ instanceName: pou.name, pou, instance: null })),
    },
  ];
}

function scheduledTask(index: ProjectIndex, task: TaskDeclaration, file: SourceFile): ScheduledTask {
  const interval = task.interval === null ? null : constantInScope(index, index.scope, task.interval);
  const priority = task.priority === null ? 0n : constantInScope(index, index.scope, task.priority);
  if (task.interval !== null && (typeof interval !== 'bigint' || interval <= 0n))
    index.reports.add(
      'PW2031',
      file,
      task.interval,
      'INTERVAL must be a constant TIME above zero, for example T#10ms.',
    );
  if (task.priority !== null && (typeof priority !== 'bigint' || priority < 0n))
    index.reports.add(
      'PW2031',
      file,
      task.priority,
      'PRIORITY must be a constant whole number from 0 on; 0 runs first.',
    );
  return {
    name: task.name.name,
    interval: typeof interval === 'bigint' && interval > 0n ? interval : null,
    priority: typeof priority === 'bigint' ? Number(priority) : 0,
    declaration: task,
    programs: index.programInstances
      .filter((instance) => instance.task === task)
      .map((instance) => ({ instanceName: instance.name, pou: instance.pou, instance })),
  };
}

/** Cyclic organization blocks and the programs that a PLC of the dialect starts by itself. */
function entryPrograms(index: ProjectIndex, entry: string | null): readonly PouSymbol[] {
  const programs = index.pous.filter((pou) => pou.pouKind === 'program' || pou.pouKind === 'organization-block');
  if (entry !== null) {
    const key = keyOf(entry);
    return programs.filter((pou) => keyOf(pou.name) === key || keyOf(pou.qualifiedName) === key).slice(0, 1);
  }
  if (programs.length <= 1) return programs;
  for (const name of index.rules.entryNames) {
    const named = programs.find((pou) => keyOf(pou.name) === name);
    if (named !== undefined) return [named];
  }
  const cyclic = programs.filter((pou) => pou.pouKind === 'program');
  return cyclic.length > 0 ? cyclic : programs;
}
