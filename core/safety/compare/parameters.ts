/**
 * The numbers that safety depends on: times of timers and safety blocks, limits in comparisons, presets of counters.
 * Read from both versions by what they are for, so that a new spelling (`T#500MS`, `T#0.5S`, a named constant) or a
 * new place in the text is no difference.
 */

import { keyOf } from '../../language/semantics/symbols.js';
import type { Expression } from '../../language/syntax/tree.js';
import { valueKey } from '../boolean/formula.js';
import { shapeOf } from '../dataflow/location.js';
import { type Condition, conditionsAround, type Frame, type WriteEvent } from '../dataflow/trace.js';
import { forEachExpression } from '../dataflow/visit.js';
import { membersOf, rootNodes, type TreeNode } from '../program-tree.js';
import type { SafetyModel } from '../safety-model.js';

/** A parameter of an instance: a time or number at an input pin, from its calls, or its initial value. */
export interface PinParameter {
  /** `MAIN.LATE.PT` */
  readonly location: string;
  readonly instance: string;
  /** Every value that some write or initialiser gives it; null stands for "computed". */
  readonly values: readonly (bigint | number | null)[];
  /** Where a variable that no code writes gives the value: what it starts with. A panel may still write it. */
  readonly startValues: readonly (bigint | number)[];
  /** As text for messages: `T#100ms`. */
  readonly text: string;
  readonly isTime: boolean;
  readonly place: { readonly frame: Frame; readonly node: { readonly start: number; readonly end: number } } | null;
}

const PARAMETERS = new WeakMap<SafetyModel, ReadonlyMap<string, PinParameter>>();

/** Times and numbers at the input pins of every instance of a block, by location. Memo by identity: several rules ask. */
export function pinParameters(model: SafetyModel): ReadonlyMap<string, PinParameter> {
  const known = PARAMETERS.get(model);
  if (known !== undefined) return known;
  const found = findParameters(model);
  PARAMETERS.set(model, found);
  return found;
}

function findParameters(model: SafetyModel): ReadonlyMap<string, PinParameter> {
  const found = new Map<string, PinParameter>();
  const { model: semantics } = model.site.project;
  const visit = (node: TreeNode, depth: number): void => {
    if (depth > 8 || node.symbol?.scope === 'in-out' || node.symbol?.scope === 'external') return;
    const type = node.type.kind === 'array' ? node.type.element : node.type;
    if (type.kind === 'pou') {
      for (const member of membersOf(type)) {
        if (member.scope !== 'input' || member.type.kind !== 'elementary') continue;
        const isTime = member.type.name === 'TIME' || member.type.name === 'LTIME' || member.type.name === 'S5TIME';
        const isNumber = /INT$|REAL$/.test(member.type.name);
        if (!isTime && !isNumber) continue;
        const location = `${node.location}.${keyOf(member.name)}`;
        const writes = model.index
          .writersOf(location)
          .filter((event) => shapeOf(event.target) === shapeOf(location) && event.kind !== 'library');
        const initial = initialOf(node, keyOf(member.name)) ?? member.initializer;
        const start = initial === null ? [] : [numberOf(semantics.constantOf(initial))];
        // each element of an array that is called by a constant index is an instance of its own
        const targets = new Set(writes.length === 0 ? [location] : writes.map(({ target }) => target));
        for (const target of targets) {
          const own = writes.filter((event) => event.target === target);
          const values = own.length > 0 ? own.map((event) => constantOfWrite(model, event, 5)) : start;
          if (values.length === 0) continue;
          const startValues = own.flatMap((event) => startValueOfWrite(model, event, 5) ?? []);
          const [first] = own;
          found.set(target, {
            location: target,
            instance: target.slice(0, target.lastIndexOf('.')),
            values,
            startValues,
            text: valuesText(values, startValues, isTime),
            isTime,
            place: first === undefined ? null : { frame: first.frame, node: first.node },
          });
        }
      }
    }
    for (const member of membersOf(type)) {
      const suffix = node.type.kind === 'array' ? '[*]' : '';
      visit(
        {
          location: `${node.location}${suffix}.${keyOf(member.name)}`,
          tag: `${node.tag}${suffix}.${member.name}`,
          root: node.root,
          path: [...node.path, member.name],
          symbol: member,
          type: member.type,
        },
        depth + 1,
      );
    }
  };
  for (const node of rootNodes(model.site.project)) visit(node, 0);
  return found;
}

function valuesText(
  values: readonly (bigint | number | null)[],
  startValues: readonly (bigint | number)[],
  isTime: boolean,
): string {
  const textOf = (value: bigint | number): string => (isTime ? timeText(value) : String(value));
  if (startValues.length > 0) return `${startValues.map(textOf).join(' / ')} at the start`;
  return values.map((value) => (value === null ? 'computed' : textOf(value))).join(' / ');
}

/** The number that a write gives, also when it passes through inputs of blocks; null when it is computed. */
function constantOfWrite(model: SafetyModel, event: WriteEvent, depth: number): bigint | number | null {
  if (event.value === null) return null;
  const value = numberOf(model.site.project.model.constantOf(event.value));
  if (value !== null || depth === 0) return value;
  const place = model.trace.places.placeOf(event.value, event.frame);
  const [only] = place?.locations ?? [];
  if (place?.isCertain !== true || only === undefined) return null;
  const writers = model.index.writersOf(only);
  const values = new Set(
    writers.map((writer) => (writer.kind === 'input' ? constantOfWrite(model, writer, depth - 1) : null)),
  );
  const [single] = values;
  return values.size === 1 && single !== undefined ? single : inputDefault(model, only, writers.length);
}

/** The initial value of the variable behind a write, when no code ever writes that variable. */
function startValueOfWrite(model: SafetyModel, event: WriteEvent, depth: number): bigint | number | null {
  if (event.value === null || depth === 0) return null;
  if (model.site.project.model.constantOf(event.value) !== null) return null;
  const place = model.trace.places.placeOf(event.value, event.frame);
  const [only] = place?.locations ?? [];
  if (place?.isCertain !== true || only === undefined) return null;
  const writers = model.index.writersOf(only);
  if (writers.length === 0) {
    const initializer = model.variableAt(only)?.initializer ?? null;
    return initializer === null ? null : numberOf(model.site.project.model.constantOf(initializer));
  }
  const values = new Set(
    writers.map((writer) => (writer.kind === 'input' ? startValueOfWrite(model, writer, depth - 1) : null)),
  );
  const [single] = values;
  return values.size === 1 && single !== undefined ? single : null;
}

/** An input that no call wires keeps its initial value. */
function inputDefault(model: SafetyModel, location: string, writes: number): bigint | number | null {
  const variable = model.variableAt(location);
  if (writes > 0 || variable?.scope !== 'input' || variable.initializer === null) return null;
  return numberOf(model.site.project.model.constantOf(variable.initializer));
}

/** `timer : TON := (PT := T#1s)`, `block : Block(PT := T#1s)`. */
function initialOf(node: TreeNode, pin: string): Expression | null {
  const initializer = node.symbol?.initializer ?? null;
  if (initializer?.kind === 'StructInitializer') {
    const member = initializer.members.find(
      (candidate) => candidate.name !== null && keyOf(candidate.name.name) === pin,
    );
    if (member?.value) return member.value;
  }
  const declared = node.symbol?.declaration?.type;
  if (declared?.kind === 'NamedType') {
    return (
      declared.arguments.find((candidate) => candidate.name !== null && keyOf(candidate.name.name) === pin)?.value ??
      null
    );
  }
  return null;
}

/** A comparison of something with a constant, somewhere in the cone of a hazard. */
export interface LimitUse {
  /** What is compared, how and for which target: `(MAIN.SPEED < ?) -> MAIN.MOTOR`. */
  readonly key: string;
  readonly value: bigint | number;
  readonly isTime: boolean;
  /** What is compared, for messages. */
  readonly subject: string;
  readonly operator: string;
  readonly frame: Frame;
  readonly node: Expression;
}

const COMPARISONS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=', '=', '<>']);

/** Every comparison with a number in the cone of the hazards. */
export function limitUses(model: SafetyModel): LimitUse[] {
  const uses: LimitUse[] = [];
  const counts = new Map<string, number>();
  const { project } = model.site;
  const source = { project, trace: model.trace };
  const look = (expression: Expression | null, frame: Frame, target: string): void => {
    if (expression === null) return;
    forEachExpression(expression, (part) => {
      if (part.kind !== 'Binary' || !COMPARISONS.has(part.operator)) return;
      const type = project.model.operandTypeOf(part);
      const isTime = type.kind === 'elementary' && /TIME$/.test(type.name);
      const isNumber =
        type.kind === 'literal' ||
        type.kind === 'subrange' ||
        (type.kind === 'elementary' && /INT$|REAL$/.test(type.name));
      if (!isTime && !isNumber) return;
      for (const [constantSide, other, operator] of [
        [part.right, part.left, part.operator],
        [part.left, part.right, mirrored(part.operator)],
      ] as const) {
        const value = numberOf(project.model.constantOf(constantSide));
        if (value === null || project.model.constantOf(other) !== null) continue;
        const subject = valueKey(other, frame, source, []);
        const cleanTarget = target.replace(/#\d+/g, '');
        const base = `${subject} -> ${cleanTarget}`;
        const count = counts.get(base) ?? 0;
        counts.set(base, count + 1);
        // Several comparisons of one value for one target are told apart by their order.
        const key = `${base} ${count}`;
        uses.push({ key, value, isTime, subject, operator, frame, node: part });
      }
    });
  };
  const conditions = new Set<Condition>();
  for (const event of [...model.hazardCone.events].sort((a, b) => a.order - b.order)) {
    look(event.value, event.frame, event.target);
    for (const condition of conditionsAround(event)) {
      if (conditions.has(condition)) continue;
      conditions.add(condition);
      look(condition.expression, condition.frame, event.target);
    }
  }
  return uses;
}

function mirrored(operator: string): string {
  return { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }[operator] ?? operator;
}

export function numberOf(value: unknown): bigint | number | null {
  return typeof value === 'bigint' || typeof value === 'number' ? value : null;
}

/** `T#1s500ms` of nanoseconds. */
export function timeText(value: bigint | number): string {
  let rest = BigInt(typeof value === 'number' ? Math.round(value) : value);
  if (rest === 0n) return 'T#0ms';
  const sign = rest < 0n ? '-' : '';
  if (rest < 0n) rest = -rest;
  const parts: string[] = [];
  for (const [unit, size] of [
    ['d', 86_400_000_000_000n],
    ['h', 3_600_000_000_000n],
    ['m', 60_000_000_000n],
    ['s', 1_000_000_000n],
    ['ms', 1_000_000n],
    ['us', 1_000n],
    ['ns', 1n],
  ] as const) {
    if (rest >= size) parts.push(`${rest / size}${unit}`);
    rest %= size;
  }
  return `T#${sign}${parts.join('')}`;
}
