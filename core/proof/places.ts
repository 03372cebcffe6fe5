/** Which memory an expression names, and reading and writing it. */

import { keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import { type Type, UNKNOWN_TYPE } from '../language/semantics/types.js';
import type { Expression, IndexAccess, MemberAccess } from '../language/syntax/tree.js';
import { FALSE, type Literal, TRUE } from './circuit.js';
import type { Frame, Machine, Place, Reference } from './machine.js';
import { type Choice, isChoice, type Value } from './terms.js';

/** Arrays with more elements are kept as a whole. */
export const ELEMENT_LIMIT = 256;

export function single(place: Place): Reference {
  return { alternatives: [{ guard: TRUE, place }], unknown: FALSE, label: place.path, type: place.type };
}

export function unresolved(type: Type, label: string): Reference {
  return { alternatives: [], unknown: TRUE, label, type };
}

/** The source text of an expression, blanks and letter case aside. */
export function sourceOf(expression: Expression, frame: Frame): string {
  const text = frame.pou.site?.file.text.slice(expression.start, expression.end) ?? expression.kind;
  return text.replace(/\s+/g, '').toUpperCase();
}

/** The place of a variable without a parent. */
export function variablePlace(machine: Machine, path: string, symbol: VariableSymbol): Place {
  return register(machine, { path, type: symbol.type, symbol, initializer: symbol.initializer, part: null });
}

function register(machine: Machine, place: Place): Place {
  const path = machine.canonicalPath(place.path);
  const canonical = path === place.path ? place : { ...place, path };
  if (canonical.part !== null) return canonical;
  if (canonical.type.kind === 'struct' && canonical.type.isUnion) machine.unions.add(path);
  const known = machine.cells.get(path);
  if (known === undefined) machine.cells.set(path, canonical);
  // seen from inside a block, a variable has the initial value of the type; that of the instance was there first
  return known === undefined || known.initializer === null
    ? canonical
    : { ...canonical, initializer: known.initializer };
}

export function memberPlace(machine: Machine, parent: Place, member: VariableSymbol): Place {
  const written =
    parent.initializer?.kind === 'StructInitializer'
      ? parent.initializer.members.find((each) => each.name !== null && keyOf(each.name.name) === keyOf(member.name))
          ?.value
      : null;
  return register(machine, {
    path: `${parent.path}.${keyOf(member.name)}`,
    type: member.type,
    symbol: member,
    initializer: written ?? member.initializer,
    part: parent.part,
  });
}

/** What an expression names. */
export function refer(machine: Machine, expression: Expression, frame: Frame): Reference {
  const lost = (): Reference => unresolved(machine.model.typeOf(expression), sourceOf(expression, frame));
  switch (expression.kind) {
    case 'Parenthesized':
      return machine.refer(expression.expression, frame);
    case 'Name': {
      const symbol = machine.model.symbolOf(expression);
      return symbol?.kind === 'variable' ? referVariable(machine, symbol, frame) : lost();
    }
    case 'Member':
      return referMember(machine, expression, frame);
    case 'Index':
      return referElement(machine, expression, frame);
    case 'Dereference':
      if (expression.object.kind === 'Self') return machine.refer(expression.object, frame);
      return dereference(
        machine,
        machine.evaluate(expression.object, frame),
        machine.model.typeOf(expression),
        sourceOf(expression, frame),
      );
    case 'Self':
      return referSelf(frame);
    case 'Partial': {
      const word = machine.refer(expression.object, frame);
      const part = { kind: 'bits', size: expression.size, index: expression.index } as const;
      if (word.alternatives.some(({ place }) => place.part !== null)) return lost();
      return {
        ...word,
        type: machine.model.typeOf(expression),
        alternatives: word.alternatives.map(({ guard, place }) => ({
          guard,
          place: { ...place, part, type: machine.model.typeOf(expression) },
        })),
      };
    }
    case 'DirectAddress': {
      const path = machine.pathOfAddress(expression.text);
      const type = machine.model.typeOf(expression);
      return single(register(machine, { path, type, symbol: null, initializer: null, part: null }));
    }
    case 'Call': {
      const result = machine.invoke(expression, frame);
      return result === null ? lost() : single(result);
    }
    default:
      return lost();
  }
}

function referSelf(frame: Frame): Reference {
  if (frame.self === null || frame.instanceType === null) return unresolved(UNKNOWN_TYPE, 'THIS');
  const type: Type = { kind: 'pou', pou: frame.instanceType };
  return single({ path: frame.self, type, symbol: null, initializer: null, part: null });
}

/** The memory of a variable as seen from an activation. */
export function referVariable(machine: Machine, symbol: VariableSymbol, frame: Frame): Reference {
  const bound = frame.bindings.get(symbol);
  if (bound !== undefined) return bound;
  if (symbol.scope === 'external') {
    return symbol.externalTarget === null
      ? unresolved(symbol.type, symbol.qualifiedName)
      : referVariable(machine, symbol.externalTarget, frame);
  }
  const place = variablePlace(machine, pathOfVariable(machine, symbol, frame), symbol);
  return followReference(machine, place);
}

function pathOfVariable(machine: Machine, symbol: VariableSymbol, frame: Frame): string {
  const key = keyOf(symbol.name);
  const owner = symbol.owner;
  const isStatic = symbol.sectionKind === 'VAR_INST' || symbol.sectionKind === 'VAR_STAT';
  if (isStatic && owner?.kind === 'method')
    return `${frame.self ?? keyOf(owner.owner.qualifiedName)}.${keyOf(owner.name)}.${key}`;
  if (isStatic && owner?.kind === 'pou' && owner.pouKind === 'function') return `${keyOf(owner.qualifiedName)}.${key}`;
  if (symbol.scope === 'global') return keyOf(symbol.qualifiedName);
  if (symbol.scope === 'temporary' || symbol.scope === 'result') return `${frame.locals}.${key}`;
  if (owner?.kind !== 'pou')
    return owner?.kind === 'method' || owner?.kind === 'property'
      ? `${frame.locals}.${key}`
      : keyOf(symbol.qualifiedName);
  if (owner.pouKind === 'function') return `${frame.locals}.${key}`;
  if (frame.self !== null && isKindOf(frame.instanceType, owner)) return `${frame.self}.${key}`;
  return `${machine.rootOfProgram(owner)}.${key}`;
}

export function isKindOf(pou: PouSymbol | null, base: PouSymbol): boolean {
  for (let each = pou; each !== null; each = each.base) if (each === base) return true;
  return false;
}

/** A `REFERENCE TO` is what it refers to. */
function followReference(machine: Machine, place: Place): Reference {
  if (place.type.kind !== 'pointer' || place.type.pointerKind !== 'reference') return single(place);
  return dereference(machine, machine.environment.read(place.path), place.type.target, place.path);
}

/** The place of a `REFERENCE TO` variable itself, as the target of `REF=`. */
export function referWithoutFollowing(machine: Machine, expression: Expression, frame: Frame): Reference {
  const symbol = machine.model.symbolOf(expression);
  if (expression.kind === 'Name' && symbol?.kind === 'variable') {
    return frame.bindings.get(symbol) ?? single(variablePlace(machine, pathOfVariable(machine, symbol, frame), symbol));
  }
  if (expression.kind === 'Member' && symbol?.kind === 'variable' && symbol.scope !== 'global') {
    return mapPlaces(machine, machine.refer(expression.object, frame), symbol.type, (place) =>
      single(memberPlace(machine, place, symbol)),
    );
  }
  return machine.refer(expression, frame);
}

export function dereference(machine: Machine, value: Value, type: Type, label: string): Reference {
  if (!isChoice(value)) return unresolved(type, label);
  const alternatives: { guard: Literal; place: Place }[] = [];
  let unknown = FALSE;
  for (const { guard, term } of value) {
    const content = machine.terms.term(term);
    const place =
      content.kind === 'address'
        ? (machine.cells.get(content.path) ?? machine.knownCells.get(content.path))
        : undefined;
    if (place === undefined) unknown = machine.terms.circuit.or(unknown, guard);
    else alternatives.push({ guard, place });
  }
  return { alternatives, unknown, label, type };
}

/** What an interface variable stands for, when that is known in every case; else the reference as it is. */
export function behindInterface(machine: Machine, reference: Reference): Reference {
  if (!reference.alternatives.some(({ place }) => place.type.kind === 'interface')) return reference;
  const instances = mapPlaces(machine, reference, reference.type, (place) =>
    place.type.kind === 'interface'
      ? dereference(machine, machine.environment.read(place.path), place.type, place.path)
      : single(place),
  );
  return instances.unknown === FALSE && instances.alternatives.length > 0 ? instances : reference;
}

function mapPlaces(machine: Machine, reference: Reference, type: Type, map: (place: Place) => Reference): Reference {
  const circuit = machine.terms.circuit;
  let unknown = reference.unknown;
  const alternatives = reference.alternatives.flatMap(({ guard, place }) => {
    const inner = map(place);
    unknown = circuit.or(unknown, circuit.and(guard, inner.unknown));
    return inner.alternatives.map((each) => ({ guard: circuit.and(guard, each.guard), place: each.place }));
  });
  return { alternatives: alternatives.filter(({ guard }) => guard !== FALSE), unknown, label: reference.label, type };
}

function referMember(machine: Machine, expression: MemberAccess, frame: Frame): Reference {
  const symbol = machine.model.symbolOf(expression);
  const type = machine.model.typeOf(expression);
  if (symbol?.kind === 'property') {
    const place = machine.readProperty(symbol, machine.refer(expression.object, frame), frame);
    return place === null ? unresolved(type, sourceOf(expression, frame)) : single(place);
  }
  if (symbol?.kind !== 'variable') return unresolved(type, sourceOf(expression, frame));
  const owner = machine.model.symbolOf(expression.object);
  if (owner?.kind === 'global-list' || owner?.kind === 'namespace') return referVariable(machine, symbol, frame);
  if (owner?.kind === 'program-instance') {
    return followReference(machine, variablePlace(machine, `${keyOf(owner.name)}.${keyOf(symbol.name)}`, symbol));
  }
  if (owner?.kind === 'pou') {
    return followReference(
      machine,
      variablePlace(machine, `${machine.rootOfProgram(owner)}.${keyOf(symbol.name)}`, symbol),
    );
  }
  return mapPlaces(machine, machine.refer(expression.object, frame), type, (place) =>
    followReference(machine, memberPlace(machine, place, symbol)),
  );
}

function referElement(machine: Machine, expression: IndexAccess, frame: Frame): Reference {
  const indices = expression.indices.map((index) => machine.terms.asChoice(machine.evaluate(index, frame)));
  const type = machine.model.typeOf(expression);
  return mapPlaces(machine, machine.refer(expression.object, frame), type, (place) =>
    elementPlaces(machine, place, indices, type),
  );
}

function elementPlaces(machine: Machine, array: Place, indices: readonly Choice[], type: Type): Reference {
  const { circuit } = machine.terms;
  const dimensions = array.type.kind === 'array' ? array.type.dimensions : [];
  const size = dimensions.reduce(
    (product, each) => product * (each === null ? Number.POSITIVE_INFINITY : Number(each.upper - each.lower) + 1),
    1,
  );
  if (array.part !== null || dimensions.length !== indices.length || size > ELEMENT_LIMIT) {
    const outer = array.part?.kind === 'element' ? array.part.indices : [];
    return single({
      path: `${array.path}[*]`,
      type,
      symbol: array.symbol,
      initializer: null,
      part: { kind: 'element', indices: [...outer, ...indices] },
    });
  }
  machine.assumptions.add('array indices stay within their bounds');
  let rows: { guard: Literal; values: bigint[] }[] = [{ guard: TRUE, values: [] }];
  dimensions.forEach((dimension, position) => {
    const index = indices[position] ?? [];
    const grown: typeof rows = [];
    if (dimension === null) return;
    for (let value = dimension.lower; value <= dimension.upper; value++) {
      const hit = machine.terms.equal(index, machine.terms.constantChoice(value), 'integer');
      if (hit === FALSE) continue;
      for (const row of rows) grown.push({ guard: circuit.and(row.guard, hit), values: [...row.values, value] });
    }
    rows = grown;
  });
  const alternatives = rows
    .filter(({ guard }) => guard !== FALSE)
    .map(({ guard, values }) => ({ guard, place: elementPlace(machine, array, values) }));
  return { alternatives, unknown: alternatives.length === 0 ? TRUE : FALSE, label: array.path, type };
}

export function elementPlace(machine: Machine, array: Place, indices: readonly bigint[]): Place {
  const type = array.type.kind === 'array' ? array.type.element : UNKNOWN_TYPE;
  return register(machine, {
    path: `${array.path}[${indices.join()}]`,
    type,
    symbol: array.symbol,
    initializer: elementInitializer(machine, array, indices),
    part: null,
  });
}

function elementInitializer(machine: Machine, array: Place, indices: readonly bigint[]): Expression | null {
  if (array.initializer?.kind !== 'ArrayInitializer' || array.type.kind !== 'array') return null;
  let position = 0n;
  array.type.dimensions.forEach((dimension, at) => {
    if (dimension !== null)
      position = position * (dimension.upper - dimension.lower + 1n) + ((indices[at] ?? 0n) - dimension.lower);
  });
  for (const { repetition, values } of array.initializer.elements) {
    const count = repetition === null ? 1n : machine.model.constantOf(repetition);
    const length = (typeof count === 'bigint' ? count : 1n) * BigInt(values.length);
    if (position < length) return values[Number(position % BigInt(values.length))] ?? null;
    position -= length;
  }
  return null;
}
