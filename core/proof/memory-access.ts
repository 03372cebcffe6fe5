/** Reading and writing memory of the symbolic scan, and forgetting what can no longer be known. */

import type { PouSymbol } from '../language/semantics/symbols.js';
import { type Type, UNKNOWN_TYPE } from '../language/semantics/types.js';
import { FALSE, TRUE } from './circuit.js';
import type { Machine, Place, Reference } from './machine.js';
import { readPart, writePart } from './parts.js';
import { ELEMENT_LIMIT, elementPlace, memberPlace } from './places.js';
import { isChoice, type Value } from './terms.js';
import { isBooleanType, isScalarType, rangeOfType, typeKey } from './value-types.js';

/** Structures with more scalar members than this are not copied member by member. */
const LEAF_LIMIT = 4096;

/** A value about which nothing is known but what it depends on. */
export function unknownValue(machine: Machine, key: string, type: Type, inputs: readonly Value[]): Value {
  const oracle = machine.terms.oracle(`${key}${machine.suffix}`, inputs);
  return isBooleanType(type) ? oracle.boolean('value') : oracle.choice('value', rangeOfType(type));
}

/** A name that no other unknown of this scan has; the same one in another version of the program, as long as the order is kept. */
export function freshName(machine: Machine, name: string): string {
  const count = machine.ordinals.get(name) ?? 0;
  machine.ordinals.set(name, count + 1);
  return `${name}:${count}`;
}

export function readReference(machine: Machine, reference: Reference): Value {
  const { terms } = machine;
  let value: Value | null = null;
  if (reference.unknown !== FALSE || reference.alternatives.length === 0) {
    machine.assumptions.add('what could not be resolved may have any value');
    value = unknownValue(machine, freshName(machine, `unresolved:${reference.label}`), reference.type, []);
  }
  for (const { guard, place } of reference.alternatives) {
    const here = readPlace(machine, place);
    value = value === null ? here : terms.ite(guard, here, value);
  }
  return value ?? FALSE;
}

export function readPlace(machine: Machine, place: Place): Value {
  return place.part === null ? machine.environment.read(place.path) : readPart(machine, place, place.part);
}

export function writePlace(machine: Machine, place: Place, value: Value): void {
  if (place.part === null) machine.environment.write(place.path, normalised(machine, place.type, value));
  else writePart(machine, place, place.part, value);
  if (machine.unions.size > 0) writeUnionMates(machine, place);
  const constant = place.part === null ? constantOfValue(machine, value) : null;
  for (const { path, bit } of machine.overlapsOf(place.path)) {
    if (constant !== null && bit !== null) {
      machine.environment.write(path, ((constant >> BigInt(bit)) & 1n) === 1n ? TRUE : FALSE);
      continue;
    }
    machine.assumptions.add('variables at overlapping addresses may have any value after one of them is written');
    const other = machine.cells.get(path) ?? machine.knownCells.get(path);
    machine.environment.write(
      path,
      unknownValue(machine, `overlap:${machine.aliasOf(path)}`, other?.type ?? UNKNOWN_TYPE, [value]),
    );
  }
}

/** The number that is written, when it is the same in every case. */
function constantOfValue({ terms }: Machine, value: Value): bigint | null {
  if (!isChoice(value)) return null;
  const [only] = value;
  const constant = value.length === 1 && only !== undefined ? terms.constantOf(only.term) : null;
  return typeof constant === 'bigint' ? constant : null;
}

/** The other members of a union that a write goes to: the same where they are of the same type, else not known. */
function writeUnionMates(machine: Machine, place: Place): void {
  const value = machine.environment.read(place.path);
  for (const path of machine.unions) {
    if (!place.path.startsWith(`${path}.`)) continue;
    const union = machine.cells.get(path);
    if (union?.type.kind !== 'struct') continue;
    machine.assumptions.add(
      'members of a union that are of another type may have any value after one of them is written',
    );
    for (const member of union.type.members.values()) {
      for (const leaf of leavesOf(machine, memberPlace(machine, union, member))) {
        if (leaf.path === place.path || place.path.startsWith(`${path}.${member.name.toUpperCase()}.`)) continue;
        const isSame =
          isDirectMember(leaf, path) && isDirectMember(place, path) && typeKey(leaf.type) === typeKey(place.type);
        machine.environment.write(
          leaf.path,
          isSame ? value : unknownValue(machine, `union:${machine.aliasOf(leaf.path)}`, leaf.type, [value]),
        );
      }
    }
  }
}

function isDirectMember(place: Place, union: string): boolean {
  return !/[.[]/.test(place.path.slice(union.length + 1));
}

function normalised(machine: Machine, type: Type, value: Value): Value {
  if (isBooleanType(type)) return machine.terms.asLiteral(value);
  return type.kind === 'unknown' ? value : machine.terms.asChoice(value);
}

/** Writes under the guards of a reference; where the target is not known, everything it may be is lost. */
export function writeReference(machine: Machine, reference: Reference, value: Value): void {
  for (const { guard, place } of reference.alternatives) {
    const current =
      guard === TRUE
        ? value
        : machine.terms.ite(guard, normalised(machine, place.type, value), readPlace(machine, place));
    writePlace(machine, place, current);
  }
  if (reference.unknown !== FALSE) {
    const lost = machine.environment.branch(() => loseAddressTaken(machine, value));
    machine.environment.merge(machine.terms, [{ guard: reference.unknown, layer: lost }]);
  }
}

/** A write through a pointer that could not be followed. */
function loseAddressTaken(machine: Machine, value: Value): void {
  machine.assumptions.add('an unresolved pointer changes only variables whose address is taken in the project');
  const cells = new Map([...machine.knownCells, ...machine.cells]);
  for (const place of cells.values()) {
    if (place.symbol !== null && machine.addressTaken.has(place.symbol)) lose(machine, place, [value]);
  }
}

/** Forgets the value of a place and everything in it. */
export function lose(machine: Machine, place: Place, inputs: readonly Value[]): void {
  for (const leaf of leavesOf(machine, place))
    writePlace(
      machine,
      leaf,
      unknownValue(machine, freshName(machine, `lost:${machine.aliasOf(leaf.path)}`), leaf.type, inputs),
    );
}

/** The scalar places of a value, in order of declaration. */
export function leavesOf(machine: Machine, place: Place): Place[] {
  const leaves: Place[] = [];
  const visit = (each: Place, depth: number): void => {
    if (leaves.length >= LEAF_LIMIT || depth > 16) return;
    if (isScalarType(each.type)) {
      leaves.push(each);
    } else if (each.type.kind === 'struct') {
      for (const member of each.type.members.values()) visit(memberPlace(machine, each, member), depth + 1);
    } else if (each.type.kind === 'pou') {
      for (let pou: PouSymbol | null = each.type.pou; pou !== null; pou = pou.base) {
        for (const member of pou.variables.values()) {
          if (member.scope !== 'temporary' && member.scope !== 'external' && member.scope !== 'in-out')
            visit(memberPlace(machine, each, member), depth + 1);
        }
      }
    } else if (each.type.kind === 'array') {
      for (const indices of indicesOf(each.type.dimensions)) visit(elementPlace(machine, each, indices), depth + 1);
    }
  };
  visit(place, 0);
  return leaves;
}

function indicesOf(dimensions: readonly ({ readonly lower: bigint; readonly upper: bigint } | null)[]): bigint[][] {
  let rows: bigint[][] = [[]];
  for (const dimension of dimensions) {
    if (dimension === null) return [];
    const grown: bigint[][] = [];
    for (const row of rows) {
      for (let value = dimension.lower; value <= dimension.upper && grown.length <= ELEMENT_LIMIT; value++)
        grown.push([...row, value]);
    }
    rows = grown;
  }
  return rows.length > ELEMENT_LIMIT ? [] : rows;
}
