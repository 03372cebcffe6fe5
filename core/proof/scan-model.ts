/**
 * One scan of all scheduled programs, in order of their tasks, as functions from the memory before the scan and the
 * inputs of the scan to the memory after it.
 */

import type { Project, ScheduledProgram } from '../language/semantics/model.js';
import { keyOf } from '../language/semantics/symbols.js';
import { executeInstance } from './activations.js';
import { readProperty, writeProperty } from './callables.js';
import { invoke } from './calls.js';
import { FALSE } from './circuit.js';
import { Environment } from './environment.js';
import { evaluate } from './expressions.js';
import { initialValue } from './initial-values.js';
import { type Frame, type Machine, type Place, ScanTooLarge } from './machine.js';
import { readPlace, writePlace, writeReference } from './memory-access.js';
import { converted } from './operators.js';
import { memberPlace, refer } from './places.js';
import { type ProgramMemory, programMemoryOf } from './program-memory.js';
import { executeList } from './statements.js';
import type { TermStore, Value } from './terms.js';
import { isBooleanType, rangeOfType } from './value-types.js';
import { findVariable } from './variables.js';

/** Expressions and statements of one scan after unfolding; more is refused. */
const WORK_LIMIT = 2_000_000;

/** Hidden cells that hold numbers; all others are Boolean. */
const NUMBER_CELLS = /\.#(ELAPSED|MEMORY|VERSION|CHART)$/;

const CONSTANT_ASSUMPTION = 'variables inside of blocks that no code writes keep their initial value';

/** What a path holds before the scan. */
export type CellRole =
  /** Comes from outside: free in every scan. */
  | 'input'
  /** Written by the program: keeps its value from scan to scan. */
  | 'state'
  /** Never written and not reachable from outside: always its initial value. */
  | 'constant';

/** A project made ready for symbolic scans. */
export interface ScanModel {
  readonly project: Project;
  readonly memory: ProgramMemory;
  readonly cells: ReadonlyMap<string, Place>;
  /** Paths that some statement of the scan may write. */
  readonly written: ReadonlySet<string>;
  roleOf(path: string): CellRole;
  /** The path as an engineer writes it: `Main.guard1.ok`. */
  nameOf(path: string): string;
}

export interface ScanOptions {
  readonly terms: TermStore;
  /** Added to the names of inputs and unknowns, so that those of several scans differ. Empty for the first. */
  readonly suffix: string;
  /** The value of a state path before the scan. */
  readonly stateBefore: (path: string, place: Place | null) => Value;
  /** The path that a path of this version corresponds to in another one, see `Machine.aliasOf`. */
  readonly aliasOf?: (path: string) => string;
  /** Values of some inputs; all others are free. */
  readonly inputs?: ReadonlyMap<string, Value>;
  /** What is stored in place of a value that is written; absent: the value itself. */
  readonly adjustWrite?: (path: string, value: Value) => Value;
  readonly signal?: AbortSignal;
}

/** A scan that has been executed symbolically. */
export interface Scan {
  readonly model: ScanModel;
  readonly machine: Machine;
  before(path: string): Value;
  after(path: string): Value;
}

/** Thrown as a value by `buildScanModel` when the project can't be unfolded. */
export interface ScanRefusal {
  readonly kind: 'refused';
  readonly reason: string;
}

/** Finds out what a project's scan reads and writes. */
export function buildScanModel(project: Project, terms: TermStore, signal?: AbortSignal): ScanModel | ScanRefusal {
  const memory = programMemoryOf(project);
  const unreadable = project.files.filter((file) => file.syntaxErrors.length > 0).map((file) => file.path);
  if (unreadable.length > 0) return { kind: 'refused', reason: `${unreadable.join(', ')} has syntax errors` };
  if (project.schedule.every((task) => task.programs.length === 0)) {
    return { kind: 'refused', reason: 'no program is scheduled: name one as "entry:" in plantwright.yaml' };
  }
  let model = modelOf(project, memory, new Map(), new Set());
  try {
    for (let round = 0; round < 2; round++) {
      const scan = runScan(model, {
        terms,
        suffix: '',
        stateBefore: (path, place) => freeValue(terms, path, place),
        ...(signal ? { signal } : {}),
      });
      const written = new Set([...scan.machine.environment.written.keys()].filter(isLasting));
      if (scan.machine.unreadable.size > 0) {
        return {
          kind: 'refused',
          reason: `${[...scan.machine.unreadable].sort().join(', ')} has statements that could not be parsed`,
        };
      }
      model = modelOf(project, memory, new Map(scan.machine.cells), written);
      if (memory.addressTaken.size === 0) break;
    }
  } catch (error) {
    if (error instanceof ScanTooLarge) return { kind: 'refused', reason: error.message };
    throw error;
  }
  return model;
}

function modelOf(
  project: Project,
  memory: ProgramMemory,
  cells: ReadonlyMap<string, Place>,
  written: ReadonlySet<string>,
): ScanModel {
  return {
    project,
    memory,
    cells,
    written,
    roleOf(path) {
      if (memory.isFieldInput(path)) return 'input';
      if (written.has(path)) return 'state';
      if (memory.isFieldOutput(path)) return 'constant';
      const place = cells.get(path);
      const owner = place?.symbol?.owner ?? null;
      if (place?.symbol?.isConstant === true) return 'constant';
      if (path.includes('.#') || path.startsWith('#')) return 'constant';
      const isInternal = owner?.kind === 'pou' && owner.pouKind !== 'program' && owner.pouKind !== 'organization-block';
      return isInternal && place?.symbol?.location === null ? 'constant' : 'input';
    },
    nameOf: (path) => displayName(project, cells, path),
  };
}

/** Memory that outlives a scan: not the flags and locals of calls. */
export function isLasting(path: string): boolean {
  return !path.startsWith('#') && !path.includes('.#TEMP');
}

/** A value about which nothing is known, named after its path. */
export function freeValue(terms: TermStore, path: string, place: Place | null, suffix = ''): Value {
  const name = `${path}${suffix}`;
  if (place === null) return NUMBER_CELLS.test(path) ? terms.single(terms.symbol(name)) : terms.boolean(name);
  if (isBooleanType(place.type)) return terms.boolean(name);
  return terms.single(terms.symbol(name, rangeOfType(place.type)));
}

/** The value of a path after a cold start. */
export function coldValue(project: Project, terms: TermStore, path: string, place: Place | null): Value {
  if (place !== null) return initialValue({ terms, model: project.model }, place);
  return NUMBER_CELLS.test(path) ? terms.constantChoice(0n) : FALSE;
}

function displayName(project: Project, cells: ReadonlyMap<string, Place>, path: string): string {
  const roots = new Map(
    project.schedule.flatMap((task) =>
      task.programs.map((each) => [keyOf(each.instanceName), each.instanceName] as const),
    ),
  );
  const direct = cells.get(path)?.symbol;
  if (direct?.scope === 'global') return direct.qualifiedName;
  const segments = path.split(/(?=[.[])/);
  let prefix = '';
  return segments
    .map((segment) => {
      prefix += segment;
      const symbol = cells.get(prefix)?.symbol;
      if (symbol?.scope === 'global') return symbol.name;
      if (segment.startsWith('.') && symbol !== undefined && symbol !== null) return `.${symbol.name}`;
      return roots.get(segment) ?? project.lookup(segment)?.name ?? segment;
    })
    .join('');
}

/** Executes one scan. Throws `ScanTooLarge`, and the reason of an aborted signal. */
export function runScan(model: ScanModel, options: ScanOptions): Scan {
  const { project, memory } = model;
  const { terms, suffix } = options;
  const cells = new Map<string, Place>();
  const placeOf = (path: string): Place | null => cells.get(path) ?? model.cells.get(path) ?? null;
  const environment = new Environment((path) => {
    if (!isLasting(path)) return FALSE;
    const place = placeOf(path);
    switch (model.roleOf(path)) {
      case 'constant':
        if (model.cells.size === 0 && place?.symbol?.isConstant !== true) return options.stateBefore(path, place);
        if (place?.symbol?.isConstant === false) machine.assumptions.add(CONSTANT_ASSUMPTION);
        return coldValue(project, terms, path, place);
      case 'input':
        return options.inputs?.get(path) ?? freeValue(terms, machine.aliasOf(path), place, suffix);
      default:
        return options.stateBefore(path, place);
    }
  }, options.adjustWrite);
  let work = 0;
  const jumps = new Map<string, string[]>();
  const machine: Machine = {
    project,
    model: project.model,
    terms,
    environment,
    suffix,
    cells,
    unions: new Set(),
    ordinals: new Map(),
    assumptions: new Set(),
    addressTaken: memory.addressTaken,
    knownCells: model.cells,
    unreadable: new Set(),
    aliasOf: options.aliasOf ?? ((path) => path),
    canonicalPath: memory.canonicalPath,
    overlapsOf: memory.overlapsOf,
    pathOfAddress: memory.pathOfAddress,
    rootOfProgram: memory.rootOfProgram,
    evaluate: (expression, frame) => evaluate(machine, expression, frame),
    refer: (expression, frame) => refer(machine, expression, frame),
    execute: (list, frame) => executeList(machine, list, frame),
    invoke: (call, frame) => invoke(machine, call, frame),
    readProperty: (property, instance, frame) => readProperty(machine, property, instance, frame),
    writeProperty: (property, instance, value, frame) => writeProperty(machine, property, instance, value, frame),
    jumpFlagsOf: (frame) => jumps.get(frame.locals) ?? [],
    noteJump: (frame, flag) => {
      const known = jumps.get(frame.locals) ?? [];
      if (!known.includes(flag)) jumps.set(frame.locals, [...known, flag]);
    },
    spend: () => {
      work++;
      if ((work & 0x3ff) === 0) options.signal?.throwIfAborted();
      if (work > WORK_LIMIT) throw new ScanTooLarge(`one scan unfolds to more than ${WORK_LIMIT} expressions`);
    },
  };
  const tasks = project.schedule.filter((task) => task.programs.length > 0);
  if (tasks.length > 1)
    machine.assumptions.add('every task runs once per scan, in order of priority, without interruption');
  for (const task of tasks) for (const program of task.programs) runProgram(machine, program);
  return { model, machine, before: (path) => environment.startOf(path), after: (path) => environment.read(path) };
}

function runProgram(machine: Machine, program: ScheduledProgram): void {
  const path = keyOf(program.instanceName);
  const place: Place = { path, type: { kind: 'pou', pou: program.pou }, symbol: null, initializer: null, part: null };
  const frame = programFrame(program, path);
  const wiring = program.instance?.declaration.arguments ?? [];
  for (const { name, value, direction } of wiring) {
    const pin = name === null ? null : findVariable(program.pou, name.name);
    if (pin === null || value === null || direction === 'out') continue;
    writePlace(machine, memberPlace(machine, place, pin), converted(machine, machine.evaluate(value, frame), pin.type));
  }
  executeInstance(machine, place, program.pou, new Map(), 0);
  for (const { name, value, direction } of wiring) {
    const pin = name === null ? null : findVariable(program.pou, name.name);
    if (pin === null || value === null || direction !== 'out') continue;
    writeReference(machine, machine.refer(value, frame), readPlace(machine, memberPlace(machine, place, pin)));
  }
}

function programFrame(program: ScheduledProgram, path: string): Frame {
  return {
    self: path,
    instanceType: program.pou,
    pou: program.pou,
    locals: `${path}.#TEMP`,
    bindings: new Map(),
    result: null,
    loop: null,
    depth: 0,
  };
}
