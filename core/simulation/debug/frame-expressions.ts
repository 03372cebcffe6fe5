/** ST expressions where a program stands: paths that lead to a variable, and anything that has a value. */

import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import { parseExpression } from '../../language/syntax/parser.js';
import type { Expression } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import type { Shape } from '../compile/shape.js';
import { RunTimeFault } from '../run-time/fault.js';
import type { Simulation } from '../simulation.js';
import type { RunTimeValue } from '../values.js';
import type { FrameWatch } from '../watch.js';
import { type FrameVariable, frameVariables, SELF } from './frame-variables.js';
import type { Frame } from './probe.js';
import { type Slot, type SlotTree, spelled, storedSlot } from './slots.js';

export type Evaluation =
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'value'; readonly value: RunTimeValue; readonly shape: Shape }
  | { readonly kind: 'problem'; readonly problem: string };

interface Compiled {
  readonly watch: FrameWatch;
  /** Where the values of its parameters come from. */
  readonly inputs: readonly ((frame: Frame | null) => unknown)[];
}

export class FrameExpressions {
  readonly #simulation: Simulation;
  readonly #tree: SlotTree;
  readonly #compiled = new Map<string, Compiled | { readonly problem: string }>();

  constructor(simulation: Simulation, tree: SlotTree) {
    this.#simulation = simulation;
    this.#tree = tree;
  }

  /** The variable or value of an expression; `frame` is null between two scans. */
  evaluate(text: string, frame: Frame | null): Evaluation {
    const parsed = parseExpression(text, this.#simulation.project.dialect);
    const [error] = parsed.errors;
    if (error !== undefined) return { kind: 'problem', problem: error.message };
    const variables = frame === null ? [] : frameVariables(frame, this.#simulation, this.#tree);
    const slot = this.#slotOf(parsed.expression, variables, frame);
    if (slot !== null) return { kind: 'slot', slot: { ...slot, name: text } };
    const compiled = this.#compile(text, parsed.expression, frame);
    return 'problem' in compiled ? { kind: 'problem', problem: compiled.problem } : read(compiled, frame);
  }

  /** The value of an expression, also of one that is a plain variable. Quick when it was asked for before. */
  value(text: string, frame: Frame | null): Exclude<Evaluation, { kind: 'slot' }> {
    const known = this.#compiled.get(keyIn(frame, text));
    if (known !== undefined && 'watch' in known) return read(known, frame);
    const found = this.evaluate(text, frame);
    if (found.kind !== 'slot') return found;
    const compiled = this.#compile(text, parseExpression(text, this.#simulation.project.dialect).expression, frame);
    if ('watch' in compiled) return read(compiled, frame);
    const target = this.#tree.target(found.slot);
    if (target === null) return { kind: 'problem', problem: `${text} stands for nothing` };
    return { kind: 'value', value: target.read() as RunTimeValue, shape: target.shape };
  }

  #compile(text: string, expression: Expression, frame: Frame | null): Compiled | { readonly problem: string } {
    const key = keyIn(frame, text);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const variables = frame === null ? [] : frameVariables(frame, this.#simulation, this.#tree);
    const mentioned = mentionedVariables(expression, variables);
    const hasSelf = frame?.self != null;
    const byParameter = mentioned.filter(({ parameter }) => parameter !== null);
    const parameters = [...(hasSelf ? [SELF] : []), ...byParameter.map(({ parameter }) => parameter ?? '')];
    const inputs: Compiled['inputs'] = [
      ...(hasSelf ? [(each: Frame | null) => each?.self] : []),
      ...byParameter.map((variable) => inputOf(variable)),
    ];
    const found = this.#simulation.watchIn(
      {
        sections: sectionsOf(mentioned, variables),
        placeOf: (name) => mentioned.find((each) => keyOf(each.name) === name)?.place ?? null,
        parameters,
      },
      text,
    );
    const compiled = 'problem' in found ? found : { watch: found.watch, inputs };
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #slotOf(expression: Expression, variables: readonly FrameVariable[], frame: Frame | null): Slot | null {
    const globals = this.#simulation.roots['G'] ?? {};
    switch (expression.kind) {
      case 'Parenthesized':
        return this.#slotOf(expression.expression, variables, frame);
      case 'Name': {
        const key = keyOf(expression.name.name);
        const local = variables.find((each) => keyOf(each.name) === key);
        return local?.slot ?? this.#programSlot(key) ?? this.#globalSlot(key);
      }
      case 'Member': {
        const label = dottedName(expression);
        const named = label === null ? null : this.#globalSlot(label);
        if (named !== null) return named;
        const object = this.#slotOf(expression.object, variables, frame);
        const key = keyOf(expression.member.name);
        return object === null
          ? null
          : (this.#tree.children(object, globals).find((each) => keyOf(each.name) === key) ?? null);
      }
      case 'Index': {
        const object = this.#slotOf(expression.object, variables, frame);
        const array = object === null ? null : this.#tree.target(object);
        if (array === null || array.shape.kind !== 'array') return null;
        const indices = expression.indices.map(
          (each) => this.#simulation.project.model.constantOf(each) ?? literal(each),
        );
        if (indices.some((each) => each === null)) return null;
        const name = `[${indices.join(',')}]`;
        return this.#tree.children(array, globals).find((each) => each.name === name) ?? null;
      }
      case 'Dereference': {
        if (expression.object.kind === 'Self') return frame === null ? null : selfSlot(frame);
        const object = this.#slotOf(expression.object, variables, frame);
        return object === null || object.shape.kind !== 'reference' ? null : this.#tree.target(object);
      }
      case 'DirectAddress':
        return this.#globalSlot(addressLabel(expression.text));
      case 'Self':
        return frame === null ? null : selfSlot(frame);
      default:
        return null;
    }
  }

  #programSlot(key: string): Slot | null {
    const { program, roots } = this.#simulation;
    const root = program.roots.find((each) => keyOf(each.pou.name) === key || keyOf(each.instanceName) === key);
    if (root === undefined) return null;
    const object = roots[root.root];
    const path = this.#tree.rootName(root.pou.name, root.instanceName);
    return { name: path, path: spelled(path), shape: root.shape, read: () => object, write: null };
  }

  #globalSlot(label: string): Slot | null {
    const { program, roots } = this.#simulation;
    const fields = this.#tree.fieldsOf(program.globalsClass);
    // A variable of a list may stand without the name of its list, when only one list has it.
    const inLists = fields.filter((each) => keyOf(each.label).endsWith(`.${label}`));
    const field = fields.find((each) => keyOf(each.label) === label) ?? (inLists.length === 1 ? inLists[0] : undefined);
    if (field === undefined) return null;
    return storedSlot(roots['G'] ?? {}, field.sharedAs ?? field.name, {
      name: field.label,
      path: spelled(field.label),
      shape: field.shape,
    });
  }
}

/** As the simulator names the cell: `%IX0.0` for `%I0.0`. */
function addressLabel(text: string): string {
  return text.toUpperCase().replace(/^%([IQM])(?=\d)/, '%$1X');
}

function selfSlot(frame: Frame): Slot | null {
  const { self, routine } = frame;
  if (self === null || routine.form === null) return null;
  const shape: Shape = { kind: 'object', className: routine.form.name, typeName: routine.form.typeName };
  return { name: 'THIS^', path: 'THIS^', shape, read: () => self, write: null };
}

/** `GVL.x` in upper case; null for anything but names. */
function dottedName(expression: Expression): string | null {
  if (expression.kind === 'Name') return keyOf(expression.name.name);
  if (expression.kind !== 'Member') return null;
  const object = dottedName(expression.object);
  return object === null ? null : `${object}.${keyOf(expression.member.name)}`;
}

function literal(expression: Expression): string | null {
  if (expression.kind === 'Unary' && expression.operator === '-') {
    const inner = literal(expression.operand);
    return inner === null ? null : `-${inner}`;
  }
  return expression.kind === 'Literal' && typeof expression.value === 'bigint' ? String(expression.value) : null;
}

function keyIn(frame: Frame | null, text: string): string {
  return `${frame?.routine.number ?? -1}:${text}`;
}

function read({ watch, inputs }: Compiled, frame: Frame | null): Exclude<Evaluation, { kind: 'slot' }> {
  try {
    return {
      kind: 'value',
      value: watch.readIn(inputs.map((input) => input(frame))) as RunTimeValue,
      shape: watch.shape,
    };
  } catch (error) {
    if (error instanceof RunTimeFault) return { kind: 'problem', problem: error.message };
    throw error;
  }
}

/** How a parameter or local of the routine is handed to an expression: by reference as the reference, else its value. */
function inputOf({ parameter, place }: FrameVariable): (frame: Frame | null) => unknown {
  const index = Number((parameter ?? '').replace('local_', ''));
  if (place.place === 'target') return (frame) => frame?.locals(index);
  return (frame) => {
    if (frame === null) return null;
    const { parameters, locals } = frame.routine.routine;
    const local = [...parameters, ...locals][index];
    const value = frame.locals(index);
    return local?.isBoxed === true && local.shape.kind === 'bool' ? value === 1 : value;
  };
}

function mentionedVariables(expression: Expression, variables: readonly FrameVariable[]): FrameVariable[] {
  const names = new Set<string>();
  walk(expression, (node) => {
    if (node.kind === 'Name') names.add(keyOf(node.name.name));
    return undefined;
  });
  const found = new Map<string, FrameVariable>();
  for (const each of variables) {
    const key = keyOf(each.name);
    if (names.has(key) && !found.has(key)) found.set(key, each);
  }
  return [...found.values()];
}

/** Declarations of the variables, and of the constants that their types and values name. */
function sectionsOf(mentioned: readonly FrameVariable[], all: readonly FrameVariable[]): string {
  const declared = mentioned.filter(({ symbol }) => symbol !== null && !symbol.isConstant);
  const texts = declared.flatMap(({ symbol, name }) => {
    const type = symbol === null ? null : typeText(symbol);
    return type === null ? [] : [`${spelled(name)} : ${type};`];
  });
  const constants = constantsFor([...texts, ...mentioned.map(({ name }) => name)].join(' '), all);
  return [
    constants === '' ? '' : `VAR CONSTANT\n${constants}\nEND_VAR`,
    texts.length === 0 ? '' : `VAR\n${texts.join('\n')}\nEND_VAR`,
  ].join('\n');
}

function constantsFor(text: string, all: readonly FrameVariable[]): string {
  const taken = new Map<string, string>();
  let open = text;
  for (let isGrowing = true; isGrowing; ) {
    isGrowing = false;
    const words = new Set((open.match(/[A-Za-z_]\w*/g) ?? []).map(keyOf));
    for (const { symbol, name } of all) {
      if (symbol?.isConstant !== true || taken.has(name) || !words.has(keyOf(name))) continue;
      const type = typeText(symbol);
      if (type === null) continue;
      const value = textOf(symbol, symbol.initializer);
      const declaration = `${spelled(name)} : ${type}${value === null ? '' : ` := ${value}`};`;
      taken.set(name, declaration);
      open += declaration;
      isGrowing = true;
    }
  }
  return [...taken.values()].reverse().join('\n');
}

function typeText(symbol: VariableSymbol): string | null {
  return textOf(symbol, symbol.declaration?.type ?? null);
}

function textOf(symbol: VariableSymbol, span: { readonly start: number; readonly end: number } | null): string | null {
  const file = symbol.site?.file;
  return span === null || file === undefined ? null : file.text.slice(span.start, span.end);
}
