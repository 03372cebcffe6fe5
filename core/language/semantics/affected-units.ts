/** Which units may say something else after an edit: those that name what changed, or reach it through a type. */

import { severityIn } from '../diagnostics/diagnostic.js';
import { diagnosticOf } from '../diagnostics/registry.js';
import type { SyntaxNode } from '../syntax/walk.js';
import { extendsPou, holds, symbolsNamedIn } from './exchange-variables.js';
import { NamesOfTypes, namesIn, overlap } from './mentions.js';
import type { CodeUnit, ProjectIndex } from './project-index.js';
import type { ChangedDeclarations } from './renew.js';
import type { Report } from './reports.js';
import type { CodeSymbol, InterfaceSymbol, PouSymbol } from './symbols.js';
import type { Type } from './types.js';

/** What units mention, kept until they are checked again. */
export class UnitUses {
  readonly #symbols = new Map<CodeUnit, ReadonlySet<CodeSymbol>>();
  readonly types = new NamesOfTypes();
  readonly #names = new Map<CodeUnit, ReadonlySet<string>>();

  symbolsOf(index: ProjectIndex, unit: CodeUnit): ReadonlySet<CodeSymbol> {
    const known = this.#symbols.get(unit);
    if (known !== undefined) return known;
    const symbols = symbolsNamedIn(index, unit);
    this.#symbols.set(unit, symbols);
    return symbols;
  }

  namesOf(unit: CodeUnit): ReadonlySet<string> {
    const known = this.#names.get(unit);
    if (known !== undefined) return known;
    const nodes: SyntaxNode[] = [...unit.sections];
    if (unit.body !== null) nodes.push(unit.body);
    if (unit.kind === 'declarations') nodes.push(unit.span as SyntaxNode);
    const names = namesIn(nodes);
    this.#names.set(unit, names);
    return names;
  }

  forget(unit: CodeUnit): void {
    this.#symbols.delete(unit);
    this.#names.delete(unit);
  }
}

/**
 * The units that changed declarations concern.
 *
 * @param reports what is reported of each unit now; none for one that was never checked
 */
export function unitsConcerned(
  index: ProjectIndex,
  uses: UnitUses,
  changed: ChangedDeclarations,
  reports: ReadonlyMap<CodeUnit, readonly Report[]>,
): ReadonlySet<CodeUnit> {
  const reach = reachOf(changed);
  const units = new Set<CodeUnit>();
  for (const unit of index.units) {
    const known = reports.get(unit);
    const names = uses.namesOf(unit);
    const isConcerned =
      known === undefined ||
      // An unknown name may be known now, or another one may be closest to it.
      known.some((report) => isError(index, report)) ||
      (unit.pou !== null && reach.pou(unit.pou)) ||
      overlap(names, changed.keys) ||
      some(uses.symbolsOf(index, unit), (symbol) => changed.symbols.has(symbol) || reach.symbol(symbol));
    if (isConcerned) units.add(unit);
  }
  return units;
}

function isError({ dialect }: ProjectIndex, { code }: Report): boolean {
  const definition = diagnosticOf(code);
  return definition === null || severityIn(definition, dialect) === 'error';
}

/** Whether something leads to a POU or interface that changed. */
function reachOf({ owners }: ChangedDeclarations): {
  pou(pou: PouSymbol): boolean;
  symbol(symbol: CodeSymbol): boolean;
} {
  const known = new Map<PouSymbol | InterfaceSymbol, boolean>();
  const leadsToOwner = (symbol: PouSymbol | InterfaceSymbol): boolean => {
    const before = known.get(symbol);
    if (before !== undefined) return before;
    known.set(symbol, false);
    const above =
      symbol.kind === 'interface'
        ? symbol.bases
        : [...(symbol.base === null ? [] : [symbol.base]), ...symbol.interfaces];
    const leads = owners.has(symbol) || above.some(leadsToOwner);
    known.set(symbol, leads);
    return leads;
  };
  const type = (one: Type): boolean => {
    switch (one.kind) {
      case 'array':
        return type(one.element);
      case 'pointer':
        return type(one.target);
      case 'pou':
        return leadsToOwner(one.pou);
      case 'interface':
        return leadsToOwner(one.interface);
      default:
        return false;
    }
  };
  const symbol = (one: CodeSymbol): boolean => {
    switch (one.kind) {
      case 'variable':
      case 'property':
      case 'type':
        return type(one.type);
      case 'pou':
        return leadsToOwner(one) || type(one.returnType);
      case 'interface':
        return leadsToOwner(one);
      case 'method':
        return type(one.returnType);
      case 'program-instance':
        return leadsToOwner(one.pou);
      default:
        return false;
    }
  };
  return { pou: leadsToOwner, symbol };
}

/** The units inside of a POU and of what extends it, and those that name something of its type. */
export function unitsReaching(index: ProjectIndex, uses: UnitUses, pou: PouSymbol): CodeUnit[] {
  return index.units.filter(
    (unit) =>
      (unit.pou !== null && extendsPou(unit.pou, pou)) ||
      some(uses.symbolsOf(index, unit), (symbol) => reachesVariables(symbol, pou)),
  );
}

/** True when the variables of a POU can be reached through a symbol: the POU, what extends it, and all that holds one. */
function reachesVariables(symbol: CodeSymbol, pou: PouSymbol): boolean {
  switch (symbol.kind) {
    case 'variable':
      return symbol.owner === pou || holds(symbol.type, pou);
    case 'property':
    case 'type':
      return holds(symbol.type, pou);
    case 'pou':
      return extendsPou(symbol, pou) || holds(symbol.returnType, pou);
    case 'method':
      return holds(symbol.returnType, pou);
    case 'program-instance':
      return extendsPou(symbol.pou, pou);
    default:
      return false;
  }
}

function some<T>(values: Iterable<T>, fits: (value: T) => boolean): boolean {
  for (const value of values) if (fits(value)) return true;
  return false;
}
