/** What a stopped routine sees: its variables with their places, for the tree, for hover and for expressions. */

import { keyOf, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { VariableSection } from '../../language/syntax/tree.js';
import type { Field, Local, Place, Value } from '../compile/ir.js';
import { fieldName, localName, methodFieldName } from '../compile/mangle.js';
import type { Shape } from '../compile/shape.js';
import { declaredVariables } from '../lower/routines.js';
import { load } from '../lower/values.js';
import type { Simulation } from '../simulation.js';
import type { Frame } from './probe.js';
import { type Slot, type SlotTree, spelled, storedSlot } from './slots.js';

export type VariableGroup = 'Locals' | 'Inputs' | 'Outputs' | 'In/Out' | 'Steps' | 'External' | 'Instance';

/** A variable that a routine names without a prefix. */
export interface FrameVariable {
  readonly name: string;
  readonly group: VariableGroup;
  readonly slot: Slot;
  readonly symbol: VariableSymbol | null;
  /** Where a compiled expression finds it: a member of `SELF`, or its parameter. */
  readonly place: Place;
  /** The parameter of compiled expressions that stands for it; null for members. */
  readonly parameter: string | null;
}

/** The parameter that stands for the object of the routine. */
export const SELF = 'self_object';

const GROUPS: Partial<Record<VariableSymbol['scope'], VariableGroup>> = {
  input: 'Inputs',
  output: 'Outputs',
  'in-out': 'In/Out',
  external: 'External',
  result: 'Outputs',
};

/** All variables that a routine sees; those that hide others come first. */
export function frameVariables(frame: Frame, simulation: Simulation, tree: SlotTree): readonly FrameVariable[] {
  const { routine } = frame;
  const own = localsOf(frame);
  if (routine.part.kind === 'test') return [...own, ...testVariables(frame, tree, simulation)];
  if (routine.pou === null || routine.form === null || frame.self === null) return own;
  const isInside = routine.part.kind !== 'body' && routine.part.kind !== 'action';
  const members = [...instanceFields(frame, tree)].flatMap(([symbol, field]) => {
    const group: VariableGroup = isInside ? 'Instance' : (GROUPS[symbol.scope] ?? 'Locals');
    return field === null
      ? elsewhere(symbol, group, simulation)
      : [memberVariable(frame, simulation, tree, field, field.label, symbol, group)];
  });
  members.push(...chartSteps(frame, tree, simulation));
  if (routine.part.kind !== 'method') return [...own, ...members];
  const { symbol: method } = routine.part;
  const remembered = [...method.variables.values()].flatMap((symbol) => {
    const name = methodFieldName(method.name, symbol.name);
    const field = routine.form?.fields.find((each) => each.name === name);
    return symbol.sectionKind !== 'VAR_INST' || field === undefined
      ? []
      : [memberVariable(frame, simulation, tree, field, symbol.name, symbol, 'Locals')];
  });
  return [...own, ...remembered, ...members];
}

/** Variables of the POU and its bases with the members that hold them; null for those that live elsewhere. */
function instanceFields(frame: Frame, tree: SlotTree): Map<VariableSymbol, Field | null> {
  const fields = new Map(tree.fieldsOf(frame.routine.form?.name ?? '').map((field) => [field.name, field]));
  const found = new Map<VariableSymbol, Field | null>();
  for (let pou: PouSymbol | null = frame.routine.pou; pou !== null; pou = pou.base) {
    for (const symbol of pou.variables.values()) found.set(symbol, fields.get(fieldName(symbol.name)) ?? null);
  }
  return found;
}

/** The steps of a chart: members that no variable section declares. */
function chartSteps(frame: Frame, tree: SlotTree, simulation: Simulation): FrameVariable[] {
  const body = frame.routine.pou?.declaration?.body;
  if (body?.kind !== 'SfcBody') return [];
  const steps = new Set(body.steps.map((step) => fieldName(step.name.name)));
  return tree
    .fieldsOf(frame.routine.form?.name ?? '')
    .filter((field) => steps.has(field.name))
    .map((field) => memberVariable(frame, simulation, tree, field, field.label, null, 'Steps'));
}

function memberVariable(
  frame: Frame,
  simulation: Simulation,
  tree: SlotTree,
  field: Field,
  name: string,
  symbol: VariableSymbol | null,
  group: VariableGroup,
): FrameVariable {
  const globals = simulation.roots['G'] ?? {};
  const slot = tree.memberSlot(frame.self ?? {}, globals, field, name);
  const owner: Value =
    field.sharedAs === null
      ? { op: 'root', name: SELF, shape: selfShape(frame) }
      : { op: 'root', name: 'G', shape: { kind: 'unknown' } };
  const place: Place = { place: 'field', object: owner, name: field.sharedAs ?? field.name, shape: field.shape };
  const seen = symbol?.scope === 'in-out' ? dereferenced(slot, place, tree) : { slot, place };
  return { name, group, symbol, parameter: null, ...seen, slot: { ...seen.slot, name, path: spelled(name) } };
}

function selfShape({ routine }: Frame): Shape {
  return { kind: 'object', className: routine.form?.name ?? '', typeName: routine.pou?.name ?? '' };
}

/** A variable that a reference stands for. */
function dereferenced(slot: Slot, place: Place, tree: SlotTree): { readonly slot: Slot; readonly place: Place } {
  if (place.shape.kind !== 'reference') return { slot, place };
  return {
    slot: tree.target(slot) ?? slot,
    place: { place: 'target', reference: load(place), shape: place.shape.target, site: 0 },
  };
}

/** Externals and static variables: their values are globals. */
function elsewhere(symbol: VariableSymbol, group: VariableGroup, simulation: Simulation): FrameVariable[] {
  const global = symbol.externalTarget ?? symbol;
  const { program } = simulation;
  const name = fieldName(global.qualifiedName);
  const field = program.classes
    .find((form) => form.name === program.globalsClass)
    ?.fields.find((each) => each.name === name);
  if (field === undefined) return [];
  const key = field.sharedAs ?? field.name;
  const slot = storedSlot(simulation.roots['G'] ?? {}, key, {
    name: symbol.name,
    path: spelled(symbol.name),
    shape: field.shape,
  });
  const object: Value = { op: 'root', name: 'G', shape: { kind: 'unknown' } };
  const place: Place = { place: 'field', object, name: key, shape: field.shape };
  return [{ name: symbol.name, group, symbol, slot, place, parameter: null }];
}

/** Parameters, locals and the result of a function, method or accessor. */
function localsOf(frame: Frame): FrameVariable[] {
  const { routine } = frame;
  const symbols = new Map(routineSymbols(frame).map((symbol) => [localName(symbol.name), symbol]));
  return [...routine.routine.parameters, ...routine.routine.locals].flatMap((local, index): FrameVariable[] => {
    const isResult = local === routine.routine.result;
    const symbol = symbols.get(isResult ? local.name.replace(/^r_/, '') : local.name) ?? null;
    const name = symbol?.name ?? (isResult ? resultName(frame) : null);
    // Temporaries of the compiler have no name of the user.
    if (name === null) return [];
    const slot = localSlot(frame, local, index, name);
    const parameter = `local_${index}`;
    const place: Place = {
      place: 'local',
      local: { name: parameter, shape: local.shape, isBoxed: false, initial: null },
      shape: local.shape,
    };
    const group: VariableGroup = isResult ? 'Outputs' : (GROUPS[symbol?.scope ?? 'local'] ?? 'Locals');
    if (symbol?.scope !== 'in-out' || local.shape.kind !== 'reference')
      return [{ name, group, symbol, slot, place, parameter }];
    const target = targetOfLocal(slot, local.shape.target);
    return [
      {
        name,
        group,
        symbol,
        parameter,
        slot: target,
        place: { place: 'target', reference: load(place), shape: local.shape.target, site: 0 },
      },
    ];
  });
}

function resultName({ routine }: Frame): string | null {
  const { part } = routine;
  if (part.kind === 'function') return routine.pou?.name ?? null;
  return part.kind === 'method' || part.kind === 'getter' ? part.symbol.name : null;
}

/** A parameter whose argument is a reference: the variable that it stands for. */
function targetOfLocal(slot: Slot, shape: Shape): Slot {
  const held = slot.read();
  if (typeof held !== 'object' || held === null) return slot;
  const rest = { name: slot.name, path: slot.path, shape };
  if (shape.kind === 'object' || shape.kind === 'array') return { ...rest, read: () => held, write: null };
  return storedSlot(held as Record<string, unknown>, 'v', rest);
}

function localSlot({ locals }: Frame, local: Local, index: number, name: string): Slot {
  const isStored = local.shape.kind === 'bool' && local.isBoxed;
  return {
    name,
    path: spelled(name),
    shape: local.shape,
    read: () => (isStored ? locals(index) === 1 : locals(index)),
    write:
      local.shape.kind === 'object' || local.shape.kind === 'array'
        ? null
        : (value) => void locals(index, isStored ? (value === true ? 1 : 0) : value),
  };
}

function routineSymbols({ routine }: Frame): readonly VariableSymbol[] {
  const { part, pou } = routine;
  if (part.kind === 'function') return [...(pou?.variables.values() ?? [])];
  if (part.kind === 'method') return [...part.symbol.variables.values()];
  if (part.kind !== 'getter' && part.kind !== 'setter') return [];
  const { declaration } = part.symbol;
  const accessor = part.kind === 'getter' ? declaration?.get : declaration?.set;
  return declaredVariables({ project: routine.project }, accessor?.sections ?? []);
}

/** Variables of a test and its SETUP. */
function testVariables(frame: Frame, tree: SlotTree, simulation: Simulation): FrameVariable[] {
  const { routine } = frame;
  const first = routine.sites[0];
  const start = first === undefined ? 0 : (simulation.program.sites[first]?.start ?? 0);
  const sections: VariableSection[] = [];
  for (const each of routine.file.declarations) {
    if (each.kind === 'TestFixture') sections.push(...each.sections);
    if (each.kind === 'TestCase' && each.start <= start && start <= each.end) sections.unshift(...each.sections);
  }
  const symbols = new Map<string, VariableSymbol>();
  for (const symbol of declaredVariables({ project: routine.project }, sections))
    if (!symbols.has(keyOf(symbol.name))) symbols.set(keyOf(symbol.name), symbol);
  return tree
    .fieldsOf(routine.form?.name ?? '')
    .filter((field) => !field.isHidden)
    .reverse()
    .map((field) => {
      const symbol = symbols.get(keyOf(field.label)) ?? null;
      return memberVariable(frame, simulation, tree, field, field.label, symbol, 'Locals');
    })
    .reverse();
}
