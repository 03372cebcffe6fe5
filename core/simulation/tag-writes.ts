/** Which statements of a project may write a tag: the way back from a value in a trace to the source. */

import { accessPathOf } from '../language/semantics/access-path.js';
import type { Project } from '../language/semantics/model.js';
import { memberOfPou } from '../language/semantics/scope.js';
import { type CodeSymbol, keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import { findTag } from '../language/semantics/tags.js';
import type { Type } from '../language/semantics/types.js';
import type { Call, Expression, SourceFile } from '../language/syntax/tree.js';
import { type SyntaxNode, walk } from '../language/syntax/walk.js';

/** A statement that may write a tag. */
export interface TagWrite {
  readonly file: SourceFile;
  /** Offsets of the statement. */
  readonly start: number;
  readonly end: number;
  /** The POU in which it stands; null for a test case. */
  readonly pou: PouSymbol | null;
}

/** A variable with the instances and structures that hold it, outermost first. */
export interface TagChain {
  /** Names as written in a trace: `Main`, `guard`, `Out`; as long as `variables`, or one longer for the program. */
  readonly parts: readonly string[];
  readonly variables: readonly VariableSymbol[];
}

/**
 * The variables behind the name of a trace, or null. `scopes` are declarations whose variables stand before those of
 * the project: the test and its SETUP.
 */
export function tagChain(project: Project, name: string, scopes: readonly VariableSymbol[] = []): TagChain | null {
  const parts = name.split('.');
  const [first = ''] = parts;
  const local = scopes.find((each) => keyOf(each.name) === keyOf(withoutIndex(first)));
  if (local !== undefined) {
    const variables = [local];
    for (const part of parts.slice(1)) {
      const next = memberOfType(variables.at(-1)?.type, keyOf(withoutIndex(part)));
      if (next === null) return null;
      variables.push(next);
    }
    return { parts, variables };
  }
  const tag = findTag(project, name);
  return tag === null ? null : { parts, variables: tag.variables };
}

/** Statements that may write the variable, in order of files and text. */
export function writesOf(project: Project, chain: TagChain): TagWrite[] {
  const variables = chain.variables.map(canonical);
  const owner = variables.at(-1)?.owner ?? null;
  const isOfLibrary = owner?.kind === 'pou' && owner.isLibrary;
  const found: TagWrite[] = [];
  for (const file of project.files) {
    let last = -1;
    walk(file, (node, parents) => {
      if (!writes(project, node, variables, isOfLibrary)) return undefined;
      const statement = statementAround(node, parents);
      if (statement === null || statement.start === last) return undefined;
      last = statement.start;
      found.push({ file, start: statement.start, end: statement.end, pou: pouAround(project, parents) });
      return undefined;
    });
  }
  return found;
}

function writes(
  project: Project,
  node: SyntaxNode,
  variables: readonly VariableSymbol[],
  isOfLibrary: boolean,
): boolean {
  switch (node.kind) {
    case 'Assignment':
    case 'AssignmentExpression':
      return names(project, node.target, variables);
    case 'For':
      return names(project, node.variable, variables);
    case 'Call':
      return callWrites(project, node, variables, isOfLibrary);
    default:
      return false;
  }
}

function callWrites(project: Project, call: Call, variables: readonly VariableSymbol[], isOfLibrary: boolean): boolean {
  const resolved = project.model.callOf(call);
  if (resolved === null) return false;
  const { instance } = resolved;
  const holder = variables.slice(0, -1);
  const isOnHolder = instance !== null && holder.length > 0 && names(project, instance, holder);
  // The body of a library block can't be shown: its call is where its outputs change.
  if (isOfLibrary && isOnHolder) return true;
  return resolved.bindings.some(({ argument, parameter, direction }) => {
    if (direction === 'in') return isOnHolder && parameter !== null && canonical(parameter) === variables.at(-1);
    return argument.value !== null && names(project, argument.value, variables);
  });
}

/** True when an expression names the variable, or a structure or instance that holds it. */
function names(project: Project, expression: Expression, variables: readonly VariableSymbol[]): boolean {
  const path = accessPathOf(project.model, expression);
  if (path === null) return false;
  const target = [path.root, ...path.steps.flatMap((step) => (step.kind === 'member' ? [step.symbol] : []))].map(
    canonicalSymbol,
  );
  return variables.some((_, end) =>
    // A path inside of a block begins at the variable of the block: what holds the instance stands before it.
    target.every((symbol, index) => variables[end - (target.length - 1 - index)] === symbol),
  );
}

function canonical(variable: VariableSymbol): VariableSymbol {
  return variable.externalTarget ?? variable;
}

function canonicalSymbol(symbol: CodeSymbol): CodeSymbol {
  return symbol.kind === 'variable' ? canonical(symbol) : symbol;
}

function memberOfType(type: Type | undefined, key: string): VariableSymbol | null {
  if (type === undefined) return null;
  if (type.kind === 'array') return memberOfType(type.element, key);
  if (type.kind === 'struct') return type.members.get(key) ?? null;
  const member = type.kind === 'pou' ? memberOfPou(type.pou, key) : null;
  return member?.kind === 'variable' ? member : null;
}

function withoutIndex(part: string): string {
  return part.replace(/\[.*$/, '');
}

const STATEMENTS: ReadonlySet<SyntaxNode['kind']> = new Set(['Assignment', 'CallStatement', 'For']);

function statementAround(node: SyntaxNode, parents: readonly SyntaxNode[]): SyntaxNode | null {
  if (STATEMENTS.has(node.kind)) return node;
  return parents.findLast((each) => STATEMENTS.has(each.kind)) ?? null;
}

function pouAround(project: Project, parents: readonly SyntaxNode[]): PouSymbol | null {
  const node = parents.findLast((each) => each.kind === 'Pou');
  const symbol = node?.kind === 'Pou' ? project.model.symbolOf(node.name) : null;
  return symbol?.kind === 'pou' ? symbol : null;
}
