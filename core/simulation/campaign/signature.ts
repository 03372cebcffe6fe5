/**
 * What tells two states of a machine apart for a search: Booleans, enumerations and steps as they are, other numbers
 * only by the constants that the program compares them with. Only what may influence the hazard counts, the nearest
 * first, and no inputs: those the search sets itself.
 */

import type { Effect, Value } from '../compile/ir.js';
import type { Shape } from '../compile/shape.js';
import { DataFlow } from '../data-flow.js';
import type { LoweredProgram } from '../lower/program.js';
import type { Simulation } from '../simulation.js';
import type { Tag } from '../tags.js';

/** Tags beyond this many are left out, the farthest first. */
const SIGNATURE_TAGS = 160;
/** The nearest numbers that say where a sequence stands. */
const SEQUENCE_TAGS = 8;

/** What a program compares numbers with. */
interface ComparedConstants {
  /** Constants by generated member name, ascending. */
  readonly byMember: ReadonlyMap<string, readonly number[]>;
  /** Members that are compared with something that is no constant. */
  readonly withOthers: ReadonlySet<string>;
  /** Every constant, ascending. */
  readonly all: readonly number[];
}

/** A state as text: one character per tag. */
export interface StateText {
  /** Where the sequences of the machine stand: enumerations, and numbers that are compared like steps. */
  readonly sequence: string;
  readonly all: string;
}

export type Signature = () => StateText;

/** What a search knows of a program: the same for all hazards. */
export interface ProgramKnowledge {
  readonly constants: ComparedConstants;
  readonly flow: DataFlow;
}

export function knowledgeOf(program: LoweredProgram): ProgramKnowledge {
  return { constants: comparedConstants(program), flow: new DataFlow(program) };
}

export function signatureOf(
  simulation: Simulation,
  { constants, flow }: ProgramKnowledge,
  hazard: string,
  inputs: ReadonlySet<string>,
): Signature {
  const member = simulation.tag(hazard)?.member;
  const distances = member === undefined ? null : flow.distancesTo([member]);
  const parts = simulation
    .stateTags()
    .filter((tag) => !inputs.has(tag.name.toUpperCase()))
    .map((tag) => ({ tag, distance: distances === null ? 0 : (distances.get(tag.member) ?? Number.POSITIVE_INFINITY) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .flatMap(({ tag, distance }) => {
      const thresholds = constants.byMember.get(tag.member) ?? [];
      const isMeasured = constants.withOthers.has(tag.member);
      return isTold(tag.shape, isMeasured || thresholds.length > 0) ? [{ tag, distance, thresholds, isMeasured }] : [];
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SIGNATURE_TAGS);
  const isStep = ({ tag }: { readonly tag: Tag }): boolean => tag.shape.kind === 'integer';
  const sequences = parts.filter(isStep).slice(0, SEQUENCE_TAGS);
  const others = parts.filter((part) => !sequences.includes(part));
  const textOf = (some: typeof parts): string => some.map((part) => characterOf(part, simulation)).join('');
  return () => {
    const sequence = textOf(sequences);
    return { sequence, all: sequence + textOf(others) };
  };
}

function isTold(shape: Shape, isCompared: boolean): boolean {
  if (shape.kind === 'bool') return true;
  if (shape.kind === 'integer' && shape.names !== null) return true;
  return isCompared && ['integer', 'real', 'lreal', 'time'].includes(shape.kind);
}

interface Part {
  readonly tag: Tag;
  readonly thresholds: readonly number[];
  /** Compared with something that moves: then its own size counts, coarsely. */
  readonly isMeasured: boolean;
}

function characterOf({ tag, thresholds, isMeasured }: Part, simulation: Simulation): string {
  const value = simulation.peek(tag);
  if (typeof value === 'boolean') return value ? '1' : '0';
  const number = Number(value);
  if (tag.shape.kind === 'integer' && tag.shape.names !== null) return String.fromCharCode(0x100 + (number & 0xfff));
  let place = 0;
  for (const threshold of thresholds) {
    if (number < threshold) break;
    place += number === threshold ? 1 : 2;
  }
  if (isMeasured) place += 100 * (1 + sizeOf(number));
  return String.fromCharCode(0x30 + place);
}

/** 0 to 31 for small numbers one by one, from there by halves of powers of two. */
function sizeOf(number: number): number {
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 32) return size;
  return 32 + Math.max(0, Math.min(60, Math.round(2 * Math.log2(size)) + 20));
}

/** Reads the constants out of comparisons and CASE labels. */
function comparedConstants(program: LoweredProgram): ComparedConstants {
  const byMember = new Map<string, Set<number>>();
  const withOthers = new Set<string>();
  const all = new Set<number>();
  const note = (value: Value, constant: number): void => {
    all.add(constant);
    for (const name of membersOf(value)) {
      const known = byMember.get(name) ?? new Set();
      byMember.set(name, known.add(constant));
    }
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    if ('op' in node) noteComparison(node as Value, note, withOthers);
    if ('do' in node) noteCase(node as Effect, note);
    for (const [key, child] of Object.entries(node)) if (key !== 'shape') visit(child);
  };
  for (const form of program.classes) visit(form.routines);
  visit(program.functions);
  const ascending = (values: ReadonlySet<number>): number[] => [...values].sort((a, b) => a - b);
  return {
    byMember: new Map([...byMember].map(([name, set]) => [name, ascending(set)])),
    withOthers,
    all: ascending(all),
  };
}

type Note = (value: Value, constant: number) => void;

function noteComparison(value: Value, note: Note, withOthers: Set<string>): void {
  if (value.op !== 'compare') return;
  const [left, right] = [numberOf(value.left), numberOf(value.right)];
  if (right !== null) note(value.left, right);
  else if (left !== null) note(value.right, left);
  else for (const side of [value.left, value.right]) for (const name of membersOf(side)) withOthers.add(name);
}

function noteCase(effect: Effect, note: Note): void {
  if (effect.do !== 'case') return;
  for (const label of effect.branches.flatMap((branch) => branch.labels)) {
    for (const limit of [label.lower, label.upper]) {
      const number = limit === null ? null : numberOf(limit);
      if (number !== null) note(effect.selector, number);
    }
  }
}

function numberOf(value: Value): number | null {
  if (value.op === 'convert') return numberOf(value.operand);
  if (value.op === 'negate') {
    const operand = numberOf(value.operand);
    return operand === null ? null : -operand;
  }
  if (value.op !== 'constant') return null;
  return typeof value.value === 'number' || typeof value.value === 'bigint' ? Number(value.value) : null;
}

/** The member that a value is read from, through conversions. */
function membersOf(value: Value): string[] {
  if (value.op === 'convert') return membersOf(value.operand);
  if (value.op === 'load' && value.from.place === 'field') return [value.from.name];
  if (value.op === 'load' && value.from.place === 'element' && value.from.array.op === 'load')
    return membersOf(value.from.array);
  return [];
}
