/** A run under the hands of a person: stepping both ways, looking, changing, forcing. What an adapter speaks for. */

import { keyOf } from '../../language/semantics/symbols.js';
import { MemberCell } from '../run-time/cells.js';
import type { Simulation } from '../simulation.js';
import type { Tag } from '../tags.js';
import { describeValue } from '../values.js';
import { Breakpoints, type LogSink } from './breakpoints.js';
import { DebugEngine, type Position, type Progress, type RunControl, type Stop } from './debug-engine.js';
import type { Exercise } from './exercise.js';
import { FrameExpressions } from './frame-expressions.js';
import { frameVariables } from './frame-variables.js';
import type { Frame, Probe } from './probe.js';
import {
  backwardSearch,
  type ExceptionFilter,
  forwardSearch,
  PREVIOUS_OF_ALL,
  previousStatement,
  type Target,
} from './searches.js';
import { parseInput, SlotTree } from './slots.js';

export type ForwardStep = 'continue' | 'over' | 'in' | 'out' | 'scan';
export type BackwardStep = 'continue' | 'over' | 'in' | 'scan';

/** A change that worked, with the value as it is shown now; or what is wrong. */
export type Change = { readonly text: string } | { readonly problem: string };

export class DebugRun {
  readonly engine: DebugEngine;
  readonly tree: SlotTree;
  readonly expressions: FrameExpressions;
  readonly breakpoints: Breakpoints;
  exceptions: ExceptionFilter = { faults: true, assertions: true };
  /** Where execution goes on to after a slice is used up. */
  #target: Target = { kind: 'breakpoint' };

  constructor(exercise: Exercise, probe: Probe, log: LogSink) {
    this.engine = new DebugEngine(exercise, probe);
    this.tree = new SlotTree(exercise.simulation.program, exercise.simulation.project);
    this.expressions = new FrameExpressions(exercise.simulation, this.tree);
    this.breakpoints = new Breakpoints(exercise.simulation, this.expressions, log);
  }

  get simulation(): Simulation {
    return this.engine.simulation;
  }

  get probe(): Probe {
    return this.engine.probe;
  }

  /** Cold start, before the first statement. */
  restart(): void {
    this.breakpoints.forgetHits();
    this.engine.restart();
  }

  // ------------------------------------------------------------------------------------------ moving

  /** Goes on up to a target. After `more`, `goOn` continues on the way. */
  forward(step: ForwardStep, control: RunControl): Progress {
    this.#target = this.#targetOf(step);
    return this.goOn(control);
  }

  goOn(control: RunControl): Progress {
    return this.engine.run(forwardSearch(this.breakpoints, this.exceptions, this.#target), control);
  }

  #targetOf(step: ForwardStep): Target {
    const { position: from, frames } = this.engine;
    const depth = frames.length;
    switch (step) {
      case 'continue':
        return { kind: 'breakpoint' };
      case 'in':
        return { kind: 'statement' };
      case 'over':
        return depth === 0 ? { kind: 'statement' } : { kind: 'same-level', from, depth };
      case 'out':
        return { kind: 'outer-level', from, depth };
      case 'scan':
        return this.#scanTarget(from);
    }
  }

  /** A test runs as one piece: there the next scan is what comes after virtual time has gone on. */
  #scanTarget(from: Position): Target {
    if (this.engine.exercise.unit === 'scan') return { kind: 'scan', from };
    const { nowNs } = this.simulation;
    return { kind: 'time', isLater: () => this.simulation.nowNs !== nowNs };
  }

  /** Goes back in time; at the start of the run it stands before the first statement. */
  backward(step: BackwardStep, control: RunControl): Stop {
    const { engine } = this;
    const { position: from, frames } = engine;
    switch (step) {
      case 'continue':
        return engine.back(backwardSearch(this.breakpoints), control) ?? engine.goTo(engine.position);
      case 'over':
        return engine.back(previousStatement(from, frames.length), control) ?? engine.goTo(engine.position);
      case 'in':
        return engine.back(PREVIOUS_OF_ALL, control) ?? engine.goTo(engine.position);
      case 'scan':
        return engine.exercise.unit === 'scan'
          ? engine.goTo({ scan: Math.max(0, from.scan - 1), statement: 1 })
          : this.#backInTime(control);
    }
  }

  /** To the first statement at the time before the one at which a test stands. */
  #backInTime(control: RunControl): Stop {
    const { engine, simulation } = this;
    const { nowNs } = simulation;
    let earlier = nowNs;
    const search = {
      at: () => {
        const isNew = simulation.nowNs !== earlier && simulation.nowNs !== nowNs;
        earlier = simulation.nowNs;
        return isNew ? ({ kind: 'scan' } as const) : null;
      },
      stopsFor: () => false,
      standsAfterScan: false,
    };
    return engine.back(search, control) ?? engine.goTo({ scan: 0, statement: 1 });
  }

  /** Goes to the first statement of a scan, counted from 0, in the past or ahead. */
  goToScan(scan: number, control: RunControl): Progress {
    const { engine } = this;
    if (scan <= engine.position.scan || engine.isKnown(scan))
      return { kind: 'stopped', stop: engine.goTo({ scan: Math.max(0, scan), statement: 1 }) };
    this.#target = { kind: 'scan', from: { scan: scan - 1, statement: Number.POSITIVE_INFINITY } };
    return this.goOn(control);
  }

  // ------------------------------------------------------------------------------------------ changing

  /** Sets the variable that an expression names in a frame (its index from the outermost) to text as a person types it. */
  set(path: string, text: string, level: number | null): Change {
    const frame = this.#frameAt(level);
    const found = this.expressions.evaluate(path, frame);
    if (found.kind === 'problem') return found;
    if (found.kind === 'value' || found.slot.write === null)
      return { problem: `${path} can't be set: name a variable` };
    const { shape } = found.slot;
    const parsed = this.#input(text, shape, frame);
    if ('problem' in parsed) return parsed;
    const { value } = parsed;
    this.engine.edit((frames) => {
      const again = this.expressions.evaluate(path, level === null ? null : (frames[level] ?? null));
      if (again.kind === 'slot') again.slot.write?.(value);
    });
    return { text: describeValue(value, shape) };
  }

  /** A literal, or the value of an expression. */
  #input(text: string, shape: Parameters<typeof parseInput>[1], frame: Frame | null): ReturnType<typeof parseInput> {
    const plain = parseInput(text, shape);
    if ('value' in plain || shape.kind === 'string') return plain;
    const found = this.expressions.value(text, frame);
    if (found.kind === 'problem' || found.shape.kind !== shape.kind) return plain;
    return parseInput(describeValue(found.value, found.shape), shape);
  }

  /** Holds a variable at a value until it is released. */
  force(path: string, text: string, level: number | null): Change {
    const frame = this.#frameAt(level);
    const found = this.tagOf(path, frame);
    if ('problem' in found) return found;
    const { tag } = found;
    const parsed = this.#input(text, tag.shape, frame);
    if ('problem' in parsed) return parsed;
    const { value } = parsed;
    this.engine.edit(() => void this.simulation.force(tag.name, value));
    return { text: describeValue(value, tag.shape) };
  }

  /** Lets a forced variable go; it keeps the value until something writes it. */
  release(path: string, level: number | null): Change {
    const found = this.tagOf(path, this.#frameAt(level));
    if ('problem' in found) return found;
    const { tag } = found;
    if (!this.isForced(tag)) return { problem: `${tag.name} is not forced` };
    this.engine.edit(() => this.simulation.unforce(tag.name));
    return { text: describeValue(this.simulation.peek(tag), tag.shape) };
  }

  releaseAll(): void {
    const names = this.simulation.forces.map(({ tag }) => tag.name);
    if (names.length === 0) return;
    this.engine.edit(() => {
      for (const name of names) this.simulation.unforce(name);
    });
  }

  /** Switches the controller off and on after the scan in which it stands. */
  powerCycle(kind: 'cold' | 'warm'): Stop {
    const { engine } = this;
    engine.goTo({ scan: engine.position.scan, statement: Number.POSITIVE_INFINITY });
    engine.edit(() => this.simulation.start(kind));
    return { position: engine.position, reason: { kind: 'scan' }, frames: [] };
  }

  /** Names that can go on a text that was begun: members after a dot, else what the routine sees. */
  completions(text: string, frame: Frame | null): readonly string[] {
    const begun = /([A-Za-z_][\w.^[\]]*)?$/.exec(text)?.[1] ?? '';
    const dot = begun.lastIndexOf('.');
    if (dot >= 0) {
      const found = this.expressions.evaluate(begun.slice(0, dot), frame);
      if (found.kind !== 'slot') return this.#listMembers(begun.slice(0, dot));
      return this.tree.children(found.slot, this.simulation.roots['G'] ?? {}).map(({ name }) => name);
    }
    const own = frame === null ? [] : frameVariables(frame, this.simulation, this.tree).map(({ name }) => name);
    const programs = this.simulation.program.roots.map((each) => each.pou.name);
    const globals = this.#globalLabels().map((label) => label.split('.')[0] ?? label);
    return [...new Set([...own, ...programs, ...globals])];
  }

  #globalLabels(): readonly string[] {
    const fields = this.tree.fieldsOf(this.simulation.program.globalsClass);
    return fields.filter((field) => !field.isHidden).map((field) => field.label);
  }

  #listMembers(list: string): readonly string[] {
    const prefix = `${keyOf(list)}.`;
    return this.#globalLabels().flatMap((label) =>
      keyOf(label).startsWith(prefix) ? [label.slice(prefix.length)] : [],
    );
  }

  isForced(tag: Tag): boolean {
    return this.simulation.forces.some((each) => each.tag.name === tag.name);
  }

  /** The tag of the variable that an expression names: what forces and data breakpoints hold on to. */
  tagOf(path: string, frame: Frame | null): { readonly tag: Tag } | { readonly problem: string } {
    const found = this.expressions.evaluate(path, frame);
    if (found.kind === 'problem') return found;
    if (found.kind === 'value' || found.slot.path === null) return { problem: `${path} is no variable` };
    // The path of a slot is spelled as tags are, but for the quotes of names that are no identifiers.
    const name = this.#qualified(found.slot.path.replaceAll('"', ''), frame);
    if (name === null)
      return { problem: `${path} lives only while its routine runs: it can't be forced or watched for changes` };
    const tag = this.simulation.tag(name);
    return tag === null ? { problem: `there is no variable ${path} with a single value` } : { tag };
  }

  #qualified(path: string, frame: Frame | null): string | null {
    const inside = path.replace(/^THIS\^\./i, '');
    const [first = ''] = inside.split(/[.[^]/);
    const rest = inside.slice(first.length);
    const variables = frame === null ? [] : frameVariables(frame, this.simulation, this.tree);
    const variable = variables.find((each) => keyOf(each.name) === keyOf(first));
    if (variable === undefined || frame === null) return inside;
    const paths = this.tree.instancePaths(this.simulation.roots);
    const { symbol, place } = variable;
    if (symbol?.scope === 'external') return `${symbol.externalTarget?.qualifiedName ?? first}${rest}`;
    if (place.place === 'field') {
      const owner = paths.get(frame.self);
      return owner === undefined ? null : `${owner === '' ? '' : `${owner}.`}${variable.name}${rest}`;
    }
    if (place.place !== 'target') return null;
    const held = variable.parameter === null ? heldBy(frame, place) : frame.locals(Number(variable.parameter.slice(6)));
    const target = held instanceof MemberCell ? memberPath(held, paths, this.tree) : (paths.get(held) ?? null);
    return target === null ? null : `${target}${rest}`;
  }

  #frameAt(level: number | null): Frame | null {
    return level === null ? null : (this.engine.frames[level] ?? null);
  }
}

/** The reference in an in-out member of the routine's object. */
function heldBy(frame: Frame, place: { readonly reference: { readonly op: string } }): unknown {
  const { reference } = place;
  const from = 'from' in reference ? (reference.from as { readonly name?: string }) : null;
  return from?.name === undefined ? null : frame.self?.[from.name];
}

function memberPath(cell: MemberCell, paths: ReadonlyMap<unknown, string>, tree: SlotTree): string | null {
  const owner = paths.get(cell.object);
  const field = tree.fieldsOf(cell.object.constructor.name).find((each) => each.name === cell.key);
  if (owner === undefined || field === undefined) return null;
  return owner === '' ? field.label : `${owner}.${field.label}`;
}
