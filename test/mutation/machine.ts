/**
 * A site seen by the mutation engine. What counts as safety logic is found here by a small data flow of its own, apart
 * from the one that the verifiers use: an engine that asked the verifier where to cut would not find its blind spots.
 */

import type { CodeSymbol, VariableSymbol } from '../../core/language/semantics/symbols.js';
import type { Type } from '../../core/language/semantics/types.js';
import type {
  Argument,
  Assignment,
  Call,
  CallStatement,
  Expression,
  Method,
  Pou,
  SourceFile,
  Statement,
  StatementList,
} from '../../core/language/syntax/tree.js';
import { type SyntaxNode, walk } from '../../core/language/syntax/walk.js';
import { type ResolvedSignal, resolveSignals } from '../../core/safety/signal-roles.js';
import { openSite } from '../../core/site/open-site.js';
import type { Site } from '../../core/site/site.js';
import type { SiteSnapshot } from '../../core/site/snapshot.js';
import type { ChangedFiles, Mutation, Splice } from './mutation.js';

/** A statement with the file and POU that it stands in. */
export interface Placed<Node extends SyntaxNode> {
  readonly file: SourceFile;
  readonly owner: Pou;
  readonly node: Node;
  /** The lists of statements around it, innermost last, each with the condition nodes between them. */
  readonly parents: readonly SyntaxNode[];
}

/** A Boolean expression that decides about safety: a value, a condition or an argument. */
export interface SafetyExpression extends Placed<Expression> {
  readonly use: 'value' | 'condition' | 'argument';
}

export interface Machine {
  readonly name: string;
  readonly site: Site;
  readonly files: readonly SourceFile[];
  readonly signals: readonly ResolvedSignal[];
  /** Variables that carry a condition or reset towards a hazard. */
  readonly carriers: ReadonlySet<VariableSymbol>;
  /** Variables on which a hazard depends. */
  readonly cone: ReadonlySet<VariableSymbol>;
  readonly hazards: ReadonlySet<VariableSymbol>;
  readonly conditions: ReadonlySet<VariableSymbol>;
  readonly resets: ReadonlySet<VariableSymbol>;
  readonly expressions: readonly SafetyExpression[];
  readonly assignments: readonly Placed<Assignment>[];
  readonly calls: readonly Placed<CallStatement>[];
}

/** Opens a site for mutation. */
export function machineOf(name: string, snapshot: SiteSnapshot): Machine {
  const site = openSite(snapshot);
  const files = site.project.files.filter(({ path }) => !site.libraryPaths.has(path));
  const signals = strongest(resolveSignals(site).signals);
  const symbolsOf = (wanted: (signal: ResolvedSignal) => boolean): Set<VariableSymbol> =>
    new Set(signals.filter(wanted).flatMap(({ symbol }) => (symbol === null ? [] : [symbol])));
  const hazards = symbolsOf(({ role }) => role === 'hazard');
  const conditions = symbolsOf(
    ({ role }) => !['hazard', 'reset', 'start', 'mode', 'bypass', 'operator'].includes(role),
  );
  const resets = symbolsOf(({ role }) => role === 'reset');

  const statements = files.flatMap((file) => placedStatements(file));
  const flows = statements.flatMap((placed) => flowsOf(site, placed));
  const cone = closure(hazards, (known) => flows.filter(({ to }) => known.has(to)).flatMap(({ from }) => [...from]));
  const reached = closure(new Set([...conditions, ...resets]), (known) =>
    flows.filter(({ to, from }) => carries(to.type) && [...from].some((each) => known.has(each))).map(({ to }) => to),
  );
  const carriers = new Set([...reached].filter((symbol) => cone.has(symbol) && !hazards.has(symbol)));

  const machine = { name, site, files, signals, carriers, cone, hazards, conditions, resets };
  return {
    ...machine,
    assignments: statements.flatMap((each) => (each.node.kind === 'Assignment' ? [{ ...each, node: each.node }] : [])),
    calls: statements.flatMap((each) => (each.node.kind === 'CallStatement' ? [{ ...each, node: each.node }] : [])),
    expressions: statements.flatMap((each) => safetyExpressions(machine, each)),
  };
}

/** The signals that a site declares; where it declares none, those that its names give away. */
function strongest(signals: readonly ResolvedSignal[]): readonly ResolvedSignal[] {
  const declaredOnes = signals.filter(({ source }) => source === 'manifest');
  return declaredOnes.length === 0 ? signals : declaredOnes;
}

// -------------------------------------------------------------------------------------------------- data flow

interface Flow {
  readonly to: VariableSymbol;
  readonly from: ReadonlySet<VariableSymbol>;
}

function closure(
  start: ReadonlySet<VariableSymbol>,
  next: (known: ReadonlySet<VariableSymbol>) => readonly VariableSymbol[],
): Set<VariableSymbol> {
  const known = new Set(start);
  for (let size = -1; size !== known.size; ) {
    size = known.size;
    for (const symbol of next(known)) known.add(symbol);
  }
  return known;
}

function carries(type: Type): boolean {
  return isBool(type) || (type.kind === 'pou' && type.pou.isLibrary);
}

export function isBool(type: Type): boolean {
  return type.kind === 'elementary' && (type.name === 'BOOL' || type.name === 'SAFEBOOL');
}

function placedStatements(file: SourceFile): Placed<Statement>[] {
  const found: Placed<Statement>[] = [];
  walk(file, (node, parents) => {
    const list = parents[parents.length - 1];
    if (list?.kind !== 'StatementList') return;
    const owner = parents.find((each): each is Pou => each.kind === 'Pou');
    if (owner !== undefined) found.push({ file, owner, node: node as Statement, parents: [...parents] });
  });
  return found;
}

function flowsOf(site: Site, { node, parents }: Placed<Statement>): Flow[] {
  const context = parents.flatMap((parent) => conditionOf(parent));
  const flows: Flow[] = [];
  const add = (target: Expression | VariableSymbol, values: readonly (Expression | VariableSymbol)[]): void => {
    const targets = target.kind === 'variable' ? [target] : symbolsIn(site, target).slice(-1);
    const from = new Set(
      [...values, ...context].flatMap((each) => (each.kind === 'variable' ? [each] : symbolsIn(site, each))),
    );
    for (const to of targets) flows.push({ to, from });
  };
  if (node.kind === 'Assignment') add(node.target, [node.value]);
  if (!['Assignment', 'CallStatement'].includes(node.kind)) return flows;
  walk(node, (inner) => {
    if (inner.kind !== 'Call') return;
    const call = site.project.model.callOf(inner);
    if (call === null) return;
    const instance = call.instance === null ? [] : symbolsIn(site, call.instance).slice(-1);
    const isLibrary = call.target === null || (call.target.kind === 'pou' && call.target.isLibrary);
    for (const { argument, parameter, direction } of call.bindings) {
      if (argument.value === null) continue;
      const inside = isLibrary ? instance : parameter === null ? [] : [parameter];
      for (const symbol of inside) {
        if (direction !== 'out') add(symbol, [argument.value]);
        if (direction !== 'in') add(argument.value, [symbol]);
      }
    }
  });
  return flows;
}

function conditionOf(parent: SyntaxNode): Expression[] {
  if (parent.kind === 'If') return parent.branches.map(({ condition }) => condition);
  if (parent.kind === 'Case') return [parent.selector];
  if (parent.kind === 'While') return [parent.condition];
  return [];
}

/** Variables that an expression names, in order; a VAR_EXTERNAL is the global behind it. */
export function symbolsIn(site: Site, expression: Expression): VariableSymbol[] {
  const found: VariableSymbol[] = [];
  const visit = (node: SyntaxNode): undefined => {
    if (node.kind !== 'Name' && node.kind !== 'Member') return undefined;
    const symbol = variableOf(site.project.model.symbolOf(node));
    if (symbol !== null) found.push(symbol);
    return undefined;
  };
  const inOrder = (node: SyntaxNode): void => {
    if (node.kind === 'Member') {
      inOrder(node.object);
      visit(node);
      return;
    }
    walk(node, (inner) => {
      if (inner !== node && inner.kind === 'Member') {
        inOrder(inner);
        return 'skip';
      }
      return visit(inner);
    });
  };
  inOrder(expression);
  return found;
}

function variableOf(symbol: CodeSymbol | null): VariableSymbol | null {
  if (symbol?.kind !== 'variable') return null;
  return symbol.externalTarget ?? symbol;
}

// -------------------------------------------------------------------------------------------------- safety logic

type Facts = Pick<Machine, 'site' | 'carriers' | 'cone'>;

/** Whether an expression names a variable that carries a condition or reset. */
export function mentionsCarrier(
  { site, carriers }: Pick<Machine, 'site' | 'carriers'>,
  expression: Expression,
): boolean {
  return symbolsIn(site, expression).some((symbol) => carriers.has(symbol));
}

function safetyExpressions(machine: Facts, { file, owner, node, parents }: Placed<Statement>): SafetyExpression[] {
  const { site, cone } = machine;
  const placed = (use: SafetyExpression['use'], expression: Expression): SafetyExpression[] =>
    isBool(site.project.model.typeOf(expression)) && mentionsCarrier(machine, expression)
      ? [{ file, owner, node: expression, parents: [...parents, node], use }]
      : [];
  if (node.kind === 'Assignment') {
    return symbolsIn(site, node.target)
      .slice(-1)
      .some((symbol) => cone.has(symbol))
      ? placed('value', node.value)
      : [];
  }
  if (node.kind === 'If') {
    return writesCone(machine, node) ? node.branches.flatMap(({ condition }) => placed('condition', condition)) : [];
  }
  if (node.kind !== 'CallStatement' || node.expression.kind !== 'Call') return [];
  return coneArguments(machine, node.expression).flatMap((argument) =>
    argument.value === null ? [] : placed('argument', argument.value),
  );
}

/** Arguments of a call that go into a parameter, or a library block, on which a hazard depends. */
export function coneArguments({ site, cone }: Pick<Machine, 'site' | 'cone'>, call: Call): Argument[] {
  const resolved = site.project.model.callOf(call);
  if (resolved === null) return [];
  const instance = resolved.instance === null ? [] : symbolsIn(site, resolved.instance).slice(-1);
  const hasInstance = instance.some((symbol) => cone.has(symbol));
  return resolved.bindings.flatMap(({ argument, parameter, direction }) =>
    direction === 'in' && (hasInstance || (parameter !== null && cone.has(parameter))) ? [argument] : [],
  );
}

/** Whether a statement writes, or calls a block that decides about, a variable of the cone. */
export function writesCone({ site, cone }: Pick<Machine, 'site' | 'cone'>, statement: Statement): boolean {
  let writes = false;
  walk(statement, (node) => {
    if (
      node.kind === 'Assignment' &&
      symbolsIn(site, node.target)
        .slice(-1)
        .some((symbol) => cone.has(symbol))
    )
      writes = true;
    if (node.kind === 'Call' && coneArguments({ site, cone }, node).length > 0) writes = true;
    return undefined;
  });
  return writes;
}

// -------------------------------------------------------------------------------------------------- making edits

/** The source text of a node. */
export function textOf(file: SourceFile, node: { readonly start: number; readonly end: number }): string {
  return file.text.slice(node.start, node.end);
}

/** The bytes of a file with replacements, its byte order mark kept. */
export function spliced(machine: Pick<Machine, 'site'>, file: SourceFile, splices: readonly Splice[]): Uint8Array {
  let text = file.text;
  for (const { start, end, text: replacement } of [...splices].sort((a, b) => b.start - a.start || b.end - a.end)) {
    text = text.slice(0, start) + replacement + text.slice(end);
  }
  return encoded(machine, file.path, text);
}

/** Bytes of a text for a path: with the byte order mark that the file has in the site. */
export function encoded({ site }: Pick<Machine, 'site'>, path: string, text: string): Uint8Array {
  const original = site.snapshot.get(path);
  const hasMark = original !== undefined && original[0] === 0xef && original[1] === 0xbb;
  return new TextEncoder().encode(hasMark && !text.startsWith('\uFEFF') ? `\uFEFF${text}` : text);
}

/** One edit in one file. */
export function edit(
  machine: Machine,
  file: SourceFile,
  at: { readonly start: number },
  splices: readonly Splice[],
  reason: string,
  more: ChangedFiles = new Map(),
): Mutation {
  const { line } = machine.site.project.lineTableOf(file).positionAt(at.start);
  const what = splices.map(({ start, end, text }) => `"${brief(file.text.slice(start, end))}" -> "${brief(text)}"`);
  return {
    place: `${file.path}:${line} ${what.join(', ')}`,
    reason,
    changed: new Map([[file.path, spliced(machine, file, splices)], ...more]),
  };
}

function brief(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 90 ? `${flat.slice(0, 87)}...` : flat;
}

/** A new local variable of a POU: its declaration, and the name as code of the dialect writes it. */
export function declared(
  machine: Machine,
  owner: Pou,
  name: string,
  type: string,
): { readonly splice: Splice; readonly name: string } | null {
  const last = owner.sections[owner.sections.length - 1];
  if (last === undefined) return null;
  const isFunction = owner.pouKind === 'function' || owner.pouKind === 'organization-block';
  const keyword = machine.site.project.dialect === 'siemens' && isFunction ? 'VAR_TEMP' : 'VAR';
  return {
    splice: { start: last.end, end: last.end, text: `\n${keyword}\n    ${name} : ${type};\nEND_VAR` },
    name: machine.site.project.dialect === 'siemens' ? `#${name}` : name,
  };
}

/** The statements of a POU; null for a sequential function chart. */
export function bodyOf(owner: Pou | Method): StatementList | null {
  return owner.body.kind === 'StatementList' && owner.body.statements.length > 0 ? owner.body : null;
}

/** Variables of a POU (or global ones of the operator panel) that are Boolean and no safety signal: candidates of a bypass. */
export function bypassCandidates(machine: Machine, owner: Pou): string[] {
  const { site, carriers, hazards, conditions } = machine;
  const pou = site.project.pous.find(({ declaration }) => declaration === owner);
  const isSiemens = site.project.dialect === 'siemens';
  const own = [...(pou?.variables.values() ?? [])].find((variable) => {
    const symbol = variable.externalTarget ?? variable;
    return (
      isBool(variable.type) &&
      !variable.isConstant &&
      ['local', 'input', 'external', 'output'].includes(variable.scope) &&
      !carriers.has(symbol) &&
      !hazards.has(symbol) &&
      !conditions.has(symbol)
    );
  });
  const panel = panelVariable(machine);
  return [...(own === undefined ? [] : [isSiemens ? `#${own.name}` : own.name]), ...(panel === null ? [] : [panel])];
}

/** A Boolean variable that the operator panel may write, as code names it; null when there is none. */
export function panelVariable(machine: Machine): string | null {
  const { signals, site } = machine;
  const isSiemens = site.project.dialect === 'siemens';
  for (const { role, symbol, root, path } of signals) {
    if (role !== 'operator' || symbol === null) continue;
    const names = [root.name, ...path];
    if (isBool(symbol.type)) return written(root.qualifiedName, path, isSiemens);
    if (symbol.type.kind === 'struct') {
      const member = [...symbol.type.members.values()].find((each) => isBool(each.type));
      if (member !== undefined) return written(root.qualifiedName, [...names.slice(1), member.name], isSiemens);
    }
  }
  return null;
}

function written(root: string, path: readonly string[], isSiemens: boolean): string {
  const names = [...root.split('.'), ...path];
  return isSiemens ? [`"${names[0]}"`, ...names.slice(1)].join('.') : names.join('.');
}
