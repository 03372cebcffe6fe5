/**
 * The flow of data through a compiled program. Variables are told apart by the name of their member alone, never by
 * instance, and everything that is reached by reference is one; so a variable may be held to depend on another without
 * need, but no dependence is missed.
 */

import type { Effect, Local, Place, Routine, Value } from './compile/ir.js';
import type { LoweredProgram } from './lower/program.js';

type Key = string;

const BY_REFERENCE: Key = 'reference';
const memberKey = (name: string): Key => `member ${name}`;

/** Which variables may depend on which others, over the whole program. */
export class DataFlow {
  /** True when the program holds something whose effect can't be followed. */
  isOpaque = false;
  readonly #targets = new Map<Key, Set<Key>>();
  readonly #locals = new Map<Local, Key>();
  readonly #program: LoweredProgram;
  readonly #bases: ReadonlyMap<string, string | null>;

  constructor(program: LoweredProgram) {
    this.#program = program;
    this.#bases = new Map(program.classes.map((form) => [form.name, form.base]));
    for (const form of program.classes) {
      for (const routine of form.routines) this.#routine(`${form.name} ${routine.name}`, routine);
      for (const field of form.fields) {
        this.#flow(this.#read(field.initial, []), memberKey(field.name));
      }
    }
    this.#unions();
    for (const routine of program.functions) this.#routine(`function ${routine.name}`, routine);
  }

  /** Members of a UNION, and of what is in it, share their bytes: each depends on each. */
  #unions(): void {
    const classes = new Map(this.#program.classes.map((form) => [form.name, form]));
    const link = (className: string, union: Key): void => {
      for (const { name, shape } of classes.get(className)?.fields ?? []) {
        this.#flow([memberKey(name)], union);
        this.#flow([union], memberKey(name));
        let inner = shape;
        while (inner.kind === 'array') inner = inner.element;
        if (inner.kind === 'object') link(inner.className, union);
      }
    };
    for (const form of classes.values()) if (form.isUnion === true) link(form.name, `union ${form.name}`);
  }

  /** Members that may depend on one of some members. */
  membersFrom(names: readonly string[]): ReadonlySet<string> {
    const queue = names.map(memberKey);
    const seen = new Set(queue);
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      for (const target of this.#targets.get(key) ?? []) {
        if (seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
      }
    }
    return new Set([...seen].filter((key) => key.startsWith('member ')).map((key) => key.slice('member '.length)));
  }

  /**
   * Members that may influence one of some members, each with the number of assignments between them; null when the
   * program holds something whose effect can't be followed.
   */
  distancesTo(names: readonly string[]): ReadonlyMap<string, number> | null {
    if (this.isOpaque) return null;
    const sources = this.#sources();
    const distances = new Map<Key, number>(names.map((name) => [memberKey(name), 0]));
    // A map keeps the order of insertion: it is its own queue.
    for (const [key, distance] of distances) {
      for (const source of sources.get(key) ?? []) if (!distances.has(source)) distances.set(source, distance + 1);
    }
    return new Map(
      [...distances].flatMap(([key, distance]) =>
        key.startsWith('member ') ? [[key.slice('member '.length), distance] as const] : [],
      ),
    );
  }

  #sources(): ReadonlyMap<Key, readonly Key[]> {
    const sources = new Map<Key, Key[]>();
    for (const [source, targets] of this.#targets) {
      for (const target of targets) {
        const known = sources.get(target) ?? [];
        sources.set(target, known);
        known.push(source);
      }
    }
    return sources;
  }

  #flow(sources: Iterable<Key>, target: Key): void {
    for (const source of sources) {
      const targets = this.#targets.get(source) ?? new Set<Key>();
      this.#targets.set(source, targets);
      targets.add(target);
    }
  }

  #localKey(local: Local): Key {
    const key = this.#locals.get(local) ?? `local ${this.#locals.size}`;
    this.#locals.set(local, key);
    return key;
  }

  #routine(key: string, routine: Routine): void {
    // What decides about an early end decides about all that follows: here, about the whole routine.
    const control = [`control ${key}`, ...jumpConditions(routine.body).flatMap((each) => this.#read(each, []))];
    for (const local of routine.locals) {
      if (local.initial !== null) this.#flow(this.#read(local.initial, control), this.#localKey(local));
    }
    this.#effects(routine.body, control);
    if (routine.result !== null) this.#flow([this.#localKey(routine.result), ...control], `result ${key}`);
    for (const { root, local } of routine.outputs) this.#flow([this.#localKey(local), ...control], `root ${root}`);
  }

  #placeKey(place: Place): Key {
    switch (place.place) {
      case 'local':
        return this.#localKey(place.local);
      case 'field':
        return memberKey(place.name);
      case 'target':
        return BY_REFERENCE;
      case 'bits':
        return this.#placeKey(place.of);
      case 'element':
        return this.#holderKey(place.array);
    }
  }

  #holderKey(value: Value): Key {
    if (value.op === 'load') return this.#placeKey(value.from);
    if (value.op === 'root') return `root ${value.name}`;
    this.isOpaque = true;
    return BY_REFERENCE;
  }

  /** Everything that a value may depend on. */
  #read(value: Value, control: readonly Key[]): Key[] {
    const keys: Key[] = [];
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) for (const each of node) visit(each);
      if (typeof node !== 'object' || node === null) return;
      if ('do' in node) {
        this.#effects([node as Effect], control);
        return;
      }
      if ('place' in node) keys.push(this.#placeKey(node as Place));
      if ('op' in node) this.#operation(node as Value, keys, control);
      for (const [name, member] of Object.entries(node)) if (name !== 'shape' && name !== 'local') visit(member);
    };
    visit(value);
    return keys;
  }

  #operation(value: Value, keys: Key[], control: readonly Key[]): void {
    switch (value.op) {
      case 'unknown':
        // Its site seeds nothing: whoever reaches it gets no answer from `outputs`.
        return;
      case 'root':
        keys.push(`root ${value.name}`);
        return;
      case 'reference': {
        const key = this.#placeKey(value.to);
        this.#flow([BY_REFERENCE], key);
        this.#flow([key], BY_REFERENCE);
        return;
      }
      case 'object-of':
        if (value.constructorArguments !== null) this.isOpaque = true;
        for (const { name, value: member } of value.members) this.#flow(this.#read(member, control), memberKey(name));
        return;
      case 'call':
        keys.push(...this.#call([`function ${value.name}`], this.#program.functions, value, control));
        return;
      case 'invoke': {
        const classes = this.#classesOf(value.object);
        for (const form of classes) {
          const routines = form.routines.filter((each) => each.name === value.method);
          keys.push(
            ...this.#call([`${form.name} ${value.method}`], routines, { ...value, name: value.method }, control),
          );
        }
        return;
      }
      default:
    }
  }

  /** Arguments flow into parameters, the decision to call into all that the routine does. */
  #call(
    names: readonly string[],
    candidates: readonly Routine[],
    call: { readonly name: string; readonly arguments: readonly Value[] },
    control: readonly Key[],
  ): Key[] {
    for (const routine of candidates.filter((each) => each.name === call.name)) {
      call.arguments.forEach((argument, index) => {
        const parameter = routine.parameters[index];
        if (parameter !== undefined)
          this.#flow([...this.#read(argument, control), ...control], this.#localKey(parameter));
      });
    }
    for (const name of names) this.#flow(control, `control ${name}`);
    return names.map((name) => `result ${name}`);
  }

  /** Classes whose routine a call may mean: the class, what it extends and what extends it; all for an interface. */
  #classesOf(object: Value | 'super'): LoweredProgram['classes'] {
    if (object === 'super' || object.shape.kind !== 'object') return this.#program.classes;
    const { className } = object.shape;
    return this.#program.classes.filter(
      (form) => this.#extends(form.name, className) || this.#extends(className, form.name),
    );
  }

  #extends(derived: string, base: string): boolean {
    for (
      let name: string | null | undefined = derived;
      name !== null && name !== undefined;
      name = this.#bases.get(name)
    ) {
      if (name === base) return true;
    }
    return false;
  }

  #effects(effects: readonly Effect[], control: readonly Key[]): void {
    for (const effect of effects) this.#effect(effect, control);
  }

  #effect(effect: Effect, control: readonly Key[]): void {
    const under = (conditions: readonly Value[]): Key[] => [
      ...control,
      ...conditions.flatMap((each) => this.#read(each, control)),
    ];
    switch (effect.do) {
      case 'store':
        this.#flow(
          [...this.#read(effect.value, control), ...this.#indexKeys(effect.to, control), ...control],
          this.#placeKey(effect.to),
        );
        return;
      case 'copy': {
        this.#flow(
          [...this.#read(effect.from, control), ...this.#read(effect.to, control), ...control],
          this.#holderKey(effect.to),
        );
        if (effect.to.shape.kind === 'object') this.#wholeObject(effect.to.shape.className, control, new Set());
        return;
      }
      case 'evaluate':
        this.#read(effect.value, control);
        return;
      case 'if': {
        const inner = under(effect.branches.map((branch) => branch.condition));
        for (const branch of effect.branches) this.#effects(branch.body, inner);
        this.#effects(effect.otherwise, inner);
        return;
      }
      case 'case': {
        const labels = effect.branches.flatMap((branch) =>
          branch.labels.flatMap(({ lower, upper }) => (upper === null ? [lower] : [lower, upper])),
        );
        const inner = under([effect.selector, ...labels]);
        for (const branch of effect.branches) this.#effects(branch.body, inner);
        this.#effects(effect.otherwise, inner);
        return;
      }
      case 'for': {
        const inner = under([effect.from, effect.to, effect.by]);
        this.#flow([...inner, `counter ${effect.counter}`], this.#placeKey(effect.variable));
        this.#flow(inner, `counter ${effect.counter}`);
        // The counter itself is a local of the generated code that has no place of its own.
        this.#effects(effect.body, [...inner, this.#placeKey(effect.variable)]);
        return;
      }
      case 'while':
        this.#effects(effect.body, under([effect.condition]));
        return;
      case 'repeat':
        this.#effects(effect.body, under([effect.until]));
        return;
      default:
    }
  }

  #indexKeys(place: Place, control: readonly Key[]): Key[] {
    if (place.place === 'element') return [...this.#read(place.index, control), ...this.#read(place.array, control)];
    return place.place === 'bits' ? this.#indexKeys(place.of, control) : [];
  }

  /** A copy under a condition makes every member depend on it. */
  #wholeObject(className: string, control: readonly Key[], seen: Set<string>): void {
    if (seen.has(className)) return;
    seen.add(className);
    for (const form of this.#program.classes.filter((each) => this.#extends(className, each.name))) {
      for (const field of form.fields) {
        this.#flow(control, memberKey(field.name));
        if (field.shape.kind === 'object') this.#wholeObject(field.shape.className, control, seen);
      }
    }
  }
}

/** Conditions that guard a RETURN, EXIT or CONTINUE. */
function jumpConditions(effects: readonly Effect[]): Value[] {
  return effects.flatMap((effect): Value[] => {
    const within = (conditions: readonly Value[], bodies: readonly (readonly Effect[])[]): Value[] =>
      bodies.some(hasJump) ? [...conditions, ...bodies.flatMap(jumpConditions)] : [];
    switch (effect.do) {
      case 'if':
        return within(
          effect.branches.map((branch) => branch.condition),
          [...effect.branches.map((branch) => branch.body), effect.otherwise],
        );
      case 'case':
        return within([effect.selector], [...effect.branches.map((branch) => branch.body), effect.otherwise]);
      case 'for':
        return within([effect.from, effect.to, effect.by], [effect.body]);
      case 'while':
        return within([effect.condition], [effect.body]);
      case 'repeat':
        return within([effect.until], [effect.body]);
      default:
        return [];
    }
  });
}

function hasJump(effects: readonly Effect[]): boolean {
  return effects.some((effect) => {
    switch (effect.do) {
      case 'return':
      case 'exit':
      case 'continue':
        return true;
      case 'if':
      case 'case':
        return effect.branches.some((branch) => hasJump(branch.body)) || hasJump(effect.otherwise);
      case 'for':
      case 'while':
      case 'repeat':
        return hasJump(effect.body);
      default:
        return false;
    }
  });
}
