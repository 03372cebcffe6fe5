/** What a person can look at where a run stands: variables by kind, globals, process image, and the task itself. */

import { compareText } from '../../base/finding.js';
import type { Field } from '../compile/ir.js';
import type { StateObject } from '../compile/machine.js';
import { formatDuration } from '../run-time/temporal.js';
import type { DebugRun } from './debug-run.js';
import { frameVariables, type VariableGroup } from './frame-variables.js';
import type { Frame } from './probe.js';
import { type Group, type Slot, spelled } from './slots.js';

export interface Scope {
  readonly name: string;
  readonly entries: readonly (Slot | Group)[];
}

const ORDER: readonly VariableGroup[] = ['Locals', 'Inputs', 'Outputs', 'In/Out', 'Steps', 'External', 'Instance'];

/** Scopes of a frame; null: between two scans. Scopes without entries are left out. */
export function scopesOf(run: DebugRun, frame: Frame | null): readonly Scope[] {
  const variables = frame === null ? [] : frameVariables(frame, run.simulation, run.tree);
  const own = ORDER.map((name) => ({
    name: name === 'Instance' ? `Instance ${instanceName(run, frame)}`.trim() : name,
    entries: variables.filter(({ group }) => group === name).map(({ slot }) => slot),
  }));
  const scopes = [
    ...own,
    ...(frame === null ? [{ name: 'Programs', entries: programSlots(run) }] : []),
    { name: 'Globals', entries: globalEntries(run) },
    { name: 'Process image', entries: processImage(run) },
    { name: 'Task', entries: taskEntries(run) },
  ];
  return scopes.filter(({ entries }) => entries.length > 0);
}

/** The path of the object of a routine: `Main.guard`. Empty for functions. */
export function instanceName(run: DebugRun, frame: Frame | null): string {
  return frame?.self == null ? '' : (run.tree.instancePaths(run.simulation.roots).get(frame.self) ?? '');
}

function programSlots(run: DebugRun): Slot[] {
  const { program, roots } = run.simulation;
  return program.roots.map((root) => {
    const object = roots[root.root];
    const name = run.tree.rootName(root.pou.name, root.instanceName);
    return { name, path: spelled(name), shape: root.shape, read: () => object, write: null };
  });
}

function globalFields(run: DebugRun): readonly Field[] {
  return run.tree.fieldsOf(run.simulation.program.globalsClass);
}

/** Variables of lists stand below the name of their list. */
function globalEntries(run: DebugRun): (Slot | Group)[] {
  const globals = globalsOf(run);
  const lists = new Map<string, Slot[]>();
  const bare: Slot[] = [];
  for (const field of globalFields(run)) {
    if (field.isHidden) continue;
    const slot = run.tree.memberSlot(globals, globals, field, spelled(field.label));
    const end = field.label.lastIndexOf('.');
    if (end < 0) bare.push(slot);
    else {
      const list = field.label.slice(0, end);
      const members = lists.get(list) ?? [];
      members.push({ ...slot, name: field.label.slice(end + 1) });
      lists.set(list, members);
    }
  }
  const groups = [...lists].map(([name, children]): Group => ({ name, text: variableCount(children), children }));
  return [...bare, ...groups];
}

function variableCount(children: readonly unknown[]): string {
  return children.length === 1 ? '1 variable' : `${children.length} variables`;
}

const AREAS = [
  ['%I', 'Inputs'],
  ['%Q', 'Outputs'],
  ['%M', 'Memory'],
] as const;

/** Cells at direct addresses with the variables that are declared there. */
function processImage(run: DebugRun): Group[] {
  const globals = globalsOf(run);
  const fields = globalFields(run);
  const names = new Map<string, string[]>();
  const note = (cell: string, name: string): void => {
    names.set(cell, [...(names.get(cell) ?? []), name]);
  };
  for (const field of fields) if (field.sharedAs !== null) note(field.sharedAs, field.label);
  for (const root of run.simulation.program.roots) {
    for (const field of run.tree.fieldsOf(root.shape.className)) {
      if (field.sharedAs !== null)
        note(field.sharedAs, `${run.tree.rootName(root.pou.name, root.instanceName)}.${field.label}`);
    }
  }
  return AREAS.flatMap(([prefix, name]) => {
    const cells = fields.filter((field) => field.label.startsWith(prefix));
    if (cells.length === 0) return [];
    const children = cells
      .map((field): Slot => {
        const declared = names.get(field.name) ?? [];
        const slot = run.tree.memberSlot(globals, globals, field, spelled(declared[0] ?? field.label));
        return { ...slot, name: [field.label, ...declared].join(' ') };
      })
      .sort((a, b) => compareText(a.name, b.name));
    return [{ name, text: variableCount(children), children }];
  });
}

/** The scan and its time, the schedule, and what is forced or unknown. */
function taskEntries(run: DebugRun): Group[] {
  const { simulation, engine } = run;
  const plain = (name: string, text: string): Group => ({ name, text, children: [] });
  const tasks = simulation.project.schedule.map((task) => {
    const programs = task.programs.map((each) => each.instanceName).join(', ');
    const interval = task.interval === null ? 'on its event' : `every ${formatDuration(task.interval)}`;
    return plain(task.name, `${interval}, priority ${task.priority}: ${programs}`);
  });
  const forces = simulation.forces.map(
    ({ tag, value }): Slot => ({
      name: tag.name,
      path: spelled(tag.name),
      shape: tag.shape,
      read: () => value,
      write: null,
    }),
  );
  const unknown = simulation.unknownBlocks
    .filter((each) => each.isReached)
    .map((each) => plain(each.name, `${each.file}:${each.line}: ${each.reason}`));
  return [
    plain(
      engine.exercise.unit === 'scan' ? 'Scan' : 'Test',
      engine.exercise.unit === 'scan' ? String(engine.position.scan) : engine.exercise.name,
    ),
    plain('Time', `T#${formatDuration(BigInt(Math.round(simulation.nowNs)))}`),
    plain('Cycle', `T#${formatDuration(BigInt(Math.round(simulation.cycleNs)))}`),
    { name: 'Tasks', text: variableText(tasks.length, 'task'), children: tasks },
    {
      name: 'Forces',
      text: forces.length === 0 ? 'nothing is forced' : variableText(forces.length, 'variable'),
      children: forces,
    },
    ...(unknown.length === 0 ? [] : [{ name: 'Unknown', text: 'results can not be relied on', children: unknown }]),
    plain('Semantics', simulation.profile.name),
  ];
}

function variableText(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function globalsOf(run: DebugRun): StateObject {
  return run.simulation.roots['G'] ?? {};
}
