/** Which memory an expression names, seen from one activation. */

import type { Project } from '../../language/semantics/model.js';
import { type CodeSymbol, keyOf, type PouSymbol, type VariableSymbol } from '../../language/semantics/symbols.js';
import type { Expression } from '../../language/syntax/tree.js';
import { programRoots } from '../program-tree.js';
import { type Location, shapeOf } from './location.js';
import type { Frame } from './trace.js';

export interface Place {
  readonly locations: readonly Location[];
  /** False when an index or a pointer leaves open which memory it is. */
  readonly isCertain: boolean;
  readonly isAlias: boolean;
  /** True when a pointer of which nothing is known is followed. */
  readonly isWild: boolean;
}

/** What pointers, references and VAR_IN_OUT of instances may point to. Keys are the locations of the pointers. */
export type PointsTo = ReadonlyMap<string, ReadonlySet<Location>>;

export interface PlaceResolver {
  /** Null for what is no memory: literals, enum values, types, results of calls, properties. */
  placeOf(expression: Expression, frame: Frame): Place | null;
  /** The pointer itself instead of what it refers to. */
  pointerPlaceOf(expression: Expression, frame: Frame): Place | null;
  locateVariable(variable: VariableSymbol, frame: Frame): readonly Location[];
  locateProgram(pou: PouSymbol): readonly Location[];
}

export function createPlaceResolver(project: Project, pointsTo: PointsTo): PlaceResolver {
  const { model } = project;
  const programs = new Map<PouSymbol, Location[]>();
  for (const root of programRoots(project)) programs.set(root.pou, [...(programs.get(root.pou) ?? []), root.location]);

  const certain = (locations: readonly Location[]): Place => ({
    locations,
    isCertain: locations.length === 1,
    isAlias: false,
    isWild: false,
  });

  function locateProgram(pou: PouSymbol): readonly Location[] {
    return programs.get(pou) ?? [keyOf(pou.qualifiedName)];
  }

  function locateVariable(variable: VariableSymbol, frame: Frame): readonly Location[] {
    const name = keyOf(variable.name);
    const bound = frame.bindings.get(variable);
    if (bound !== undefined) return bound;
    if (variable.scope === 'external') return [keyOf(variable.externalTarget?.qualifiedName ?? variable.name)];
    if (variable.scope === 'result') return [`${frame.locals}.${name}`];
    const { owner } = variable;
    if (variable.scope === 'global' || owner?.kind === 'global-list' || owner === null)
      return [keyOf(variable.qualifiedName)];
    if (owner.kind === 'method' || (owner.kind === 'pou' && owner.pouKind === 'function'))
      return [`${frame.locals}.${name}`];
    if (owner.kind === 'property') return [`${frame.locals}.${name}`];
    if (owner.kind === 'pou') {
      if (frame.selfType === null || !isSameOrBase(owner, frame.selfType)) {
        return locateProgram(owner).map((location) => `${location}.${name}`);
      }
      const own = `${frame.self}.${name}`;
      if (variable.scope !== 'in-out') return [own];
      const targets = pointsTo.get(shapeOf(own));
      return targets === undefined ? [own] : [...targets];
    }
    return [keyOf(variable.qualifiedName)];
  }

  function follow(place: Place): Place {
    const locations: Location[] = [];
    let isWild = place.isWild;
    for (const location of place.locations) {
      const targets = pointsTo.get(shapeOf(location));
      if (targets === undefined || targets.size === 0) {
        isWild = true;
        locations.push(`${location}^`);
      } else locations.push(...targets);
    }
    return { locations, isCertain: place.isCertain && locations.length === 1 && !isWild, isAlias: true, isWild };
  }

  function afterReference(place: Place | null, symbol: CodeSymbol | null): Place | null {
    if (place === null || symbol?.kind !== 'variable') return place;
    if (symbol.type.kind === 'pointer' && symbol.type.pointerKind === 'reference') return follow(place);
    const isKnownInterface =
      symbol.type.kind === 'interface' && place.locations.every((location) => pointsTo.has(shapeOf(location)));
    return isKnownInterface ? follow(place) : place;
  }

  function within(place: Place | null, suffix: string): Place | null {
    return place === null ? null : { ...place, locations: place.locations.map((location) => location + suffix) };
  }

  function rawPlaceOf(expression: Expression, frame: Frame): Place | null {
    switch (expression.kind) {
      case 'Parenthesized':
        return rawPlaceOf(expression.expression, frame);
      case 'DirectAddress':
        return certain([expression.text.toUpperCase()]);
      case 'Self':
        return certain([frame.self]);
      case 'Name': {
        const symbol = model.symbolOf(expression);
        if (symbol === null) return { ...certain([`?.${keyOf(expression.name.name)}`]), isCertain: false };
        return placeOfSymbol(symbol, frame);
      }
      case 'Member': {
        const symbol = model.symbolOf(expression);
        if (symbol !== null && symbol.kind !== 'variable') return placeOfSymbol(symbol, frame);
        if (symbol !== null && isReachedByName(symbol, expression.object))
          return certain(locateVariable(symbol, frame));
        if (isSelf(expression.object) && symbol !== null) return certain(locateVariable(symbol, frame));
        const object = placeOf(expression.object, frame);
        // Members of a union share their memory: the union is one location.
        const type = model.typeOf(expression.object);
        if (type.kind === 'struct' && type.isUnion) return object === null ? null : { ...object, isCertain: false };
        return within(object, `.${keyOf(expression.member.name)}`);
      }
      case 'Index': {
        const object = placeOf(expression.object, frame);
        const indices = expression.indices.map((index) => {
          const value = model.constantOf(index);
          return typeof value === 'bigint' ? value.toString() : '*';
        });
        const place = within(object, `[${indices.join(',')}]`);
        return place === null || !indices.includes('*') ? place : { ...place, isCertain: false };
      }
      case 'Dereference': {
        if (isSelf(expression.object)) return certain([frame.self]);
        const pointer = rawPlaceOf(expression.object, frame);
        return pointer === null ? null : follow(pointer);
      }
      case 'Partial': {
        const object = placeOf(expression.object, frame);
        return object === null ? null : { ...object, isCertain: false };
      }
      default:
        return null;
    }
  }

  function placeOfSymbol(symbol: CodeSymbol, frame: Frame): Place | null {
    switch (symbol.kind) {
      case 'variable':
        return certain(locateVariable(symbol, frame));
      case 'global-list':
        return certain([keyOf(symbol.qualifiedName)]);
      case 'program-instance':
        return certain([keyOf(symbol.name)]);
      case 'pou':
        if (symbol === frame.owner) return certain([`${frame.locals}.${keyOf(symbol.name)}`]);
        return symbol.pouKind === 'program' || symbol.pouKind === 'organization-block'
          ? certain(locateProgram(symbol))
          : null;
      case 'method':
      case 'property':
        // The name of a function stands for its result inside of it.
        return symbol === frame.owner ? certain([`${frame.locals}.${keyOf(symbol.name)}`]) : null;
      default:
        return null;
    }
  }

  /** `List.variable`, `Namespace.variable`: the object is no memory of its own. */
  function isReachedByName(symbol: VariableSymbol, object: Expression): boolean {
    if (symbol.scope !== 'global') return false;
    const container = object.kind === 'Name' || object.kind === 'Member' ? model.symbolOf(object) : null;
    return container?.kind === 'global-list' || container?.kind === 'namespace';
  }

  function placeOf(expression: Expression, frame: Frame): Place | null {
    const place = rawPlaceOf(expression, frame);
    if (expression.kind === 'Name' || expression.kind === 'Member')
      return afterReference(place, model.symbolOf(expression));
    if (expression.kind === 'Parenthesized') return placeOf(expression.expression, frame);
    return place;
  }

  return { placeOf, pointerPlaceOf: rawPlaceOf, locateVariable, locateProgram };
}

function isSelf(expression: Expression): boolean {
  if (expression.kind === 'Dereference' || expression.kind === 'Parenthesized') {
    return isSelf(expression.kind === 'Dereference' ? expression.object : expression.expression);
  }
  return expression.kind === 'Self';
}

function isSameOrBase(candidate: PouSymbol, derived: PouSymbol): boolean {
  const seen = new Set<PouSymbol>();
  for (let pou: PouSymbol | null = derived; pou !== null && !seen.has(pou); pou = pou.base) {
    if (pou === candidate) return true;
    seen.add(pou);
  }
  return false;
}
