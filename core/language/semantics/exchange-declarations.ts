/**
 * Takes declarations that came, went or changed over into a bound project: only they are bound, and only what mentions
 * their names is resolved again. Everything unusual gives null: the project is then built anew, and the index is used up.
 */

import { compareText } from '../../base/finding.js';
import type { FileEdit } from '../syntax/edit-source-file.js';
import type { ExchangedGlobals } from '../syntax/exchange-bodies.js';
import type { Declaration, GlobalVariableList, SourceFile, VariableSection } from '../syntax/tree.js';
import type { SyntaxNode } from '../syntax/walk.js';
import { bindTests } from './bind-tests.js';
import { bindBareGlobals, bindDeclaration, declareListMembers, listNameOf } from './binder.js';
import type { BindingPlace } from './binding-place.js';
import { isSafeType } from './elementary-types.js';
import { mentionsAny, type NamesOfTypes } from './mentions.js';
import { restoreOrder } from './order.js';
import type { ProjectIndex } from './project-index.js';
import { boundSoFar, type ChangedDeclarations, renew } from './renew.js';
import type { Report } from './reports.js';
import { type GlobalListSymbol, keyOf, type VariableSymbol } from './symbols.js';
import { nodesBelow, projectNamesOf, unbind } from './unbind.js';
import { reportUnresolvedTypes } from './unresolved-types.js';

/** Kinds that are bound by themselves. Namespaces and configurations are read with what is around them. */
const PLAIN_KINDS: ReadonlySet<string> = new Set<Declaration['kind']>([
  'Pou',
  'Interface',
  'TypeDeclaration',
  'GlobalVariableList',
  'TestCase',
  'TestFixture',
]);

/** Reports of binder and resolver that depend on more than the node at which they stand. */
const CIRCLES: ReadonlySet<string> = new Set(['PW2016', 'PW2017', 'PW2018']);
const UNRESOLVED: ReadonlySet<string> = new Set(['PW2002', 'PW2009']);

/** Declarations of one file to be bound anew. */
export interface FileExchange {
  readonly file: SourceFile;
  readonly removed: readonly Declaration[];
  readonly added: readonly Declaration[];
  readonly globals: readonly ExchangedGlobals[];
  /** Parts that are not in the tree any more, of declarations that stay in it and are bound anew. */
  readonly dropped: readonly SyntaxNode[];
}

/** What of an edit concerns declarations as a whole; null when nothing does. */
export function declarationsOf({ file, exchange }: FileEdit): FileExchange | null {
  const { removed, added, globals } = exchange;
  const isEmpty = removed.length === 0 && added.length === 0 && globals.length === 0;
  return isEmpty ? null : { file, removed, added, globals, dropped: [] };
}

/** Exchanges declarations. `reports.declarations` is brought up to date, but for what the checks report. */
export function exchangeDeclarations(
  index: ProjectIndex,
  files: readonly SourceFile[],
  exchanges: readonly FileExchange[],
  reports: { declarations: readonly Report[] },
  mentioned: NamesOfTypes,
): ChangedDeclarations | null {
  if (!exchanges.every((one) => isPlain(index, one))) return null;
  if (reports.declarations.some(({ code }) => CIRCLES.has(code))) return null;
  const traits = traitsOf(index);
  const gone = nodesBelow(exchanges.flatMap(rootsThatGo));
  const names = projectNamesOf(exchanges.flatMap(declarationsThatGo));
  const isToldOfGone = ({ span, related }: Report): boolean =>
    !gone.has(span) && related.some((one) => gone.has(one.span));
  if (reports.declarations.some(isToldOfGone)) return null;
  if (!unbind(index, gone, names)) return null;
  index.reports.take();

  const before = boundSoFar(index);
  const keys = new Set([...names, ...projectNamesOf(exchanges.flatMap(declarationsThatCome))]);
  if (!exchanges.every((one) => bind(index, one))) return null;
  const changed: ChangedDeclarations = { keys, symbols: new Set(), owners: new Set(), nodes: new Set() };
  for (const key of keys) index.library.forgetConversions(key);
  renew(index, before, changed, mentioned);
  if (index.configurations.some(({ declaration }) => mentionsAny([declaration], keys))) return null;

  const staying = reports.declarations.filter(
    ({ code, span }) => !gone.has(span) && !changed.nodes.has(span) && !UNRESOLVED.has(code),
  );
  index.missingLibraries.clear();
  reportUnresolvedTypes(index);
  if (traitsOf(index) !== traits) return null;
  const later = index.reports.take();
  if (later.some(({ code }) => CIRCLES.has(code))) return null;
  reports.declarations = [...staying, ...later];
  restoreOrder(index, files);
  return changed;
}

/** What checks everywhere ask of the project as a whole: missing libraries, SAFE types, and whether it has tags at all. */
function traitsOf({ missingLibraries, pendingVariables, globals }: ProjectIndex): string {
  const usesSafeTypes = pendingVariables.some(({ symbol }) => isSafeType(symbol.type));
  return JSON.stringify([[...missingLibraries].sort(compareText), usesSafeTypes, globals.size === 0]);
}

function isPlain(index: ProjectIndex, { file, removed, added }: FileExchange): boolean {
  if (file.openConditions !== undefined || file.declarations.some(({ kind }) => kind === 'Using')) return false;
  if (![...removed, ...added].every(isBoundByItself)) return false;
  if ((removed.length === 0 && added.length === 0) || !index.rules.listsAreNamedByFile) return true;
  // Whether a file is a list of its own depends on all that it declares.
  const isList = file.declarations.every(({ kind }) => kind === 'GlobalVariableList');
  return !isList && !index.fileLists.has(keyOf(listNameOf(file)));
}

function isBoundByItself(declaration: Declaration): boolean {
  if (!PLAIN_KINDS.has(declaration.kind)) return false;
  return declaration.kind !== 'Pou' || (declaration.usings.length === 0 && declaration.accessPaths === undefined);
}

function rootsThatGo({ file, removed, added, globals, dropped }: FileExchange): SyntaxNode[] {
  const gone = [...removed, ...dropped, ...globals.flatMap((one) => one.removed)];
  // Tests of a file share its fixtures, so all of them are bound together.
  return hasTests({ removed, added }) ? [...gone, ...file.declarations.filter(isTest)] : gone;
}

function declarationsThatGo({ removed, globals, dropped }: FileExchange): Declaration[] {
  const sections = dropped.filter((node) => node.kind === 'VariableSection');
  return [...removed, ...globals.map(({ list, removed: gone }) => listOf(list, gone)), listWith(sections)];
}

function declarationsThatCome({ added, globals }: FileExchange): Declaration[] {
  return [...added, ...globals.map(({ list, added: sections }) => ({ ...list, name: null, sections }))];
}

/** Some variables of a list, without its name. */
function listOf(list: GlobalVariableList, variables: VariableSection['variables']): GlobalVariableList {
  const { start, end } = list;
  const section: VariableSection = {
    kind: 'VariableSection',
    start,
    end,
    sectionKind: 'VAR_GLOBAL',
    isConstant: false,
    retention: 'default',
    access: null,
    variables,
  };
  return { ...list, name: null, sections: [section] };
}

/** The constants among dropped sections are named as those of a list are. */
function listWith(sections: readonly VariableSection[]): GlobalVariableList {
  return {
    kind: 'GlobalVariableList',
    start: 0,
    end: 0,
    name: null,
    qualifiedOnly: false,
    sections: sections.filter(({ isConstant }) => isConstant),
    pragmas: [],
  };
}

/** Binds what is new in a file. False when a name of it is taken: which one is reported depends on their order. */
function bind(index: ProjectIndex, { file, removed, added, globals }: FileExchange): boolean {
  const place: BindingPlace = { file, scope: index.scope, prefix: '', members: null };
  for (const declaration of added) {
    if (isTest(declaration)) continue;
    if (!areFree(index, declaration)) return false;
    bindDeclaration(index, declaration, place);
  }
  if (!globals.every((one) => bindGlobals(index, one, place))) return false;
  if (hasTests({ removed, added })) bindTests(index, file, index.scope);
  return true;
}

function isTest({ kind }: Declaration): boolean {
  return kind === 'TestCase' || kind === 'TestFixture';
}

function hasTests({ removed, added }: Pick<FileExchange, 'removed' | 'added'>): boolean {
  return removed.some(isTest) || added.some(isTest);
}

function areFree(index: ProjectIndex, declaration: Declaration): boolean {
  switch (declaration.kind) {
    case 'GlobalVariableList':
      return (
        (declaration.name === null || isFree(index, keyOf(declaration.name.name))) &&
        declaration.sections.every((section) => areVariablesFree(index, section))
      );
    case 'Pou':
    case 'Interface':
    case 'TypeDeclaration': {
      const taken = new Set(index.programInstances.map(({ name }) => keyOf(name)));
      const isTaken = (key: string): boolean => index.fileLists.has(key) || taken.has(key);
      return !index.types.has(keyOf(declaration.name.name)) && ![...projectNamesOf([declaration])].some(isTaken);
    }
    default:
      return false;
  }
}

function isFree(index: ProjectIndex, key: string): boolean {
  return !index.values.has(key) && !index.fileLists.has(key) && !index.ambiguousGlobals.has(key);
}

function areVariablesFree(index: ProjectIndex, { variables }: VariableSection): boolean {
  return variables.every(({ names }) => names.every(({ name }) => isFree(index, keyOf(name.name))));
}

function bindGlobals(index: ProjectIndex, { list, added }: ExchangedGlobals, place: BindingPlace): boolean {
  if (!added.every((section) => areVariablesFree(index, section))) return false;
  const part: GlobalVariableList = { ...list, sections: added };
  if (list.name === null) {
    bindBareGlobals(index, part, place);
    return true;
  }
  const symbol = index.values.get(keyOf(list.name.name));
  if (symbol?.kind !== 'global-list' || symbol.declaration !== list) return false;
  return takeMembers(index, part, place, symbol);
}

function takeMembers(
  index: ProjectIndex,
  part: GlobalVariableList,
  place: BindingPlace,
  list: GlobalListSymbol,
): boolean {
  const variables = list.variables as Map<string, VariableSymbol>;
  const names = part.sections.flatMap((section) => section.variables.flatMap((variable) => variable.names));
  if (names.some(({ name }) => variables.has(keyOf(name.name)))) return false;
  declareListMembers(index, part, place, list, variables);
  return true;
}
