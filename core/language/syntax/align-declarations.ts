/** Finds for each declaration of an edited file the one from before, so that what reads the same keeps its nodes. */

import {
  adoptHeader,
  adoptPlaces,
  type Exchange,
  hasSameSignature,
  isSameThroughout,
  isSameTree,
} from './exchange-bodies.js';
import type { Declaration, GlobalVariableList, VariableDeclaration, VariableSection } from './tree.js';

/** The declarations after an edit: nodes from before wherever their signatures are as before. `exchange` receives the rest. */
export function alignDeclarations(
  before: readonly Declaration[],
  after: readonly Declaration[],
  exchange: Exchange,
): Declaration[] {
  const known = new Map<string, Declaration[]>();
  for (const old of before) {
    const key = identityOf(old);
    const same = known.get(key);
    if (same === undefined) known.set(key, [old]);
    else same.push(old);
  }
  const declarations = after.map((fresh) => {
    const old = known.get(identityOf(fresh))?.shift();
    if (old !== undefined && isAdopted(old, fresh, exchange)) return old;
    if (old !== undefined) exchange.removed.push(old);
    exchange.added.push(fresh);
    return fresh;
  });
  for (const left of known.values()) exchange.removed.push(...left);
  return declarations;
}

/** Kind and name: the same declaration in two versions of a file. */
function identityOf(declaration: Declaration): string {
  if (!('name' in declaration)) return declaration.kind;
  const { name } = declaration;
  const text = name === null ? '' : typeof name === 'string' ? name : 'name' in name ? name.name : '';
  return `${declaration.kind} ${text.toUpperCase()}`;
}

/** True when the old node took over what the fresh one says. */
function isAdopted(old: Declaration, fresh: Declaration, exchange: Exchange): boolean {
  if (isSameThroughout(old, fresh)) adoptPlaces(old, fresh);
  else if (hasSameSignature(old, fresh)) adoptHeader(old, fresh, exchange);
  else if (old.kind === 'GlobalVariableList' && fresh.kind === 'GlobalVariableList' && hasSameHead(old, fresh))
    adoptGlobals(old, fresh, exchange);
  else return false;
  return true;
}

function hasSameHead(old: GlobalVariableList, fresh: GlobalVariableList): boolean {
  return old.qualifiedOnly === fresh.qualifiedOnly && isSameTree(old.pragmas, fresh.pragmas);
}

/** Variables that read the same, in sections of the same kind, keep their nodes. */
function adoptGlobals(old: GlobalVariableList, fresh: GlobalVariableList, exchange: Exchange): void {
  const known = new Map<string, VariableDeclaration>();
  for (const section of old.sections)
    for (const variable of section.variables) known.set(placeOf(section, variable), variable);
  const added: VariableSection[] = [];
  for (const section of fresh.sections) {
    const changed: VariableDeclaration[] = [];
    const variables = section.variables.map((variable) => {
      const key = placeOf(section, variable);
      const before = known.get(key);
      if (before !== undefined && isSameTree(before, variable)) {
        known.delete(key);
        adoptPlaces(before, variable);
        return before;
      }
      changed.push(variable);
      return variable;
    });
    (section as { variables: VariableSection['variables'] }).variables = variables;
    if (changed.length > 0) added.push({ ...section, variables: changed });
  }
  if (old.name !== null && fresh.name !== null) adoptPlaces(old.name, fresh.name);
  const { start, end, pragmas, sections } = fresh;
  Object.assign(old, { start, end, pragmas, sections });
  exchange.globals.push({ list: old, removed: [...known.values()], added });
}

function placeOf(section: VariableSection, { names }: VariableDeclaration): string {
  const { sectionKind, isConstant, retention, access } = section;
  return [sectionKind, isConstant, retention, access, ...names.map(({ name }) => name.name.toUpperCase())].join(' ');
}
