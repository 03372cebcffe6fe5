/** The memory map of a project: where programs live, which names share memory, what pointers may reach. */

import { compareText } from '../base/finding.js';
import type { Project } from '../language/semantics/model.js';
import type { PouSymbol, VariableSymbol } from '../language/semantics/symbols.js';
import type { Expression } from '../language/syntax/tree.js';
import { type AddressRange, addressRangesOverlap } from '../safety/dataflow/location.js';
import { type AddressMap, addressesOf, rangeOf } from '../safety/dataflow/process-image.js';
import {
  codeUnitsOf,
  expressionsOf,
  forEachExpression,
  forEachExpressionIn,
  forEachStatement,
  statementListsOf,
} from '../safety/dataflow/visit.js';
import { programRoots } from '../safety/program-tree.js';

export interface ProgramMemory {
  rootOfProgram(pou: PouSymbol): string;
  canonicalPath(path: string): string;
  overlapsOf(path: string): readonly Overlap[];
  pathOfAddress(text: string): string;
  /** Paths of the input image: refreshed from the field before every scan. */
  isFieldInput(path: string): boolean;
  /** Paths of the output image: only the program drives them. */
  isFieldOutput(path: string): boolean;
  readonly addressTaken: ReadonlySet<VariableSymbol>;
}

/** Other memory that shares bits of the process image with a path. */
export interface Overlap {
  readonly path: string;
  /** Where the other is a single bit of this byte: its number. In wider words the order of the bytes differs. */
  readonly bit: number | null;
}

export function programMemoryOf(project: Project): ProgramMemory {
  const roots = programRoots(project);
  const addresses = addressesOf(project);
  const located = [...addresses, ...directAddressesIn(project, addresses)].sort(([a], [b]) => compareText(a, b));
  const firstByRange = new Map<string, string>();
  const aliases = new Map<string, string>();
  for (const [path, range] of located) {
    const key = `${range.area}${range.from}-${range.to}`;
    const first = firstByRange.get(key);
    if (first === undefined) firstByRange.set(key, path);
    else aliases.set(path, first);
  }
  const overlaps = new Map<string, Overlap[]>();
  for (const [path, range] of located) {
    if (aliases.has(path)) continue;
    const others = located.filter(
      ([other, each]) => other !== path && !aliases.has(other) && addressRangesOverlap(range, each),
    );
    if (others.length > 0)
      overlaps.set(
        path,
        others.map(([other, each]) => ({
          path: other,
          bit: bitNumber(each, range),
        })),
      );
  }
  const pathOfAddress = (text: string): string => {
    const range = rangeOf(text, addresses, project);
    const known = range === null ? undefined : firstByRange.get(`${range.area}${range.from}-${range.to}`);
    return known ?? text.toUpperCase();
  };
  return {
    rootOfProgram: (pou) => roots.find((root) => root.pou === pou)?.location ?? pou.qualifiedName.toUpperCase(),
    canonicalPath: (path) => aliases.get(path) ?? path,
    overlapsOf: (path) => overlaps.get(path) ?? [],
    pathOfAddress,
    isFieldOutput: (path) => path.startsWith('%Q') || addresses.get(path)?.area === 'Q',
    isFieldInput: (path) => path.startsWith('%I') || addresses.get(path)?.area === 'I',
    addressTaken: addressTakenIn(project),
  };
}

function bitNumber(part: AddressRange, whole: AddressRange): number | null {
  const isBitOfByte = part.to - part.from === 1 && whole.to - whole.from === 8;
  return isBitOfByte ? part.from - whole.from : null;
}

/** Addresses that code names without a variable, as `%QB0 := 0`. */
function directAddressesIn(project: Project, addresses: AddressMap): Map<string, AddressRange> {
  const found = new Map<string, AddressRange>();
  for (const file of project.files) {
    for (const unit of codeUnitsOf(file)) {
      for (const list of statementListsOf(unit.body)) {
        forEachExpressionIn(list, (part) => {
          if (part.kind !== 'DirectAddress') return;
          const path = part.text.toUpperCase();
          const range = rangeOf(path, addresses, project);
          if (range !== null) found.set(path, range);
        });
      }
    }
  }
  return found;
}

/** Variables that `ADR`, `REF` or `REF=` names anywhere. */
function addressTakenIn(project: Project): ReadonlySet<VariableSymbol> {
  const taken = new Set<VariableSymbol>();
  const take = (expression: Expression | null): void => {
    let each = expression;
    while (each !== null && (each.kind === 'Index' || each.kind === 'Parenthesized' || each.kind === 'Partial')) {
      each = each.kind === 'Parenthesized' ? each.expression : each.object;
    }
    const symbol = each === null ? null : project.model.symbolOf(each);
    if (symbol?.kind === 'variable') taken.add(symbol);
  };
  for (const file of project.files) {
    for (const unit of codeUnitsOf(file)) {
      for (const list of statementListsOf(unit.body)) {
        forEachStatement(list, (statement) => {
          if (statement.kind === 'Assignment' && statement.operator === 'REF=') take(statement.value);
          for (const expression of expressionsOf(statement)) {
            forEachExpression(expression, (part) => {
              if (part.kind !== 'Call' || part.callee.kind !== 'Name' || !/^(ADR|REF)$/i.test(part.callee.name.name))
                return;
              take(part.arguments[0]?.value ?? null);
            });
          }
        });
      }
    }
  }
  return taken;
}
