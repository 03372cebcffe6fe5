/**
 * The memory of the running program as a tree: scheduled programs and global variables are its roots, members of
 * structures and instances its branches. Tags of a manifest are patterns over it.
 */

import { listNameOf } from '../language/semantics/binder.js';
import type { Project } from '../language/semantics/model.js';
import { type CodeSymbol, keyOf, type PouSymbol, type VariableSymbol } from '../language/semantics/symbols.js';
import type { Type } from '../language/semantics/types.js';
import type { Location } from './dataflow/location.js';

/** A place in the tree. */
export interface TreeNode {
  readonly location: Location;
  /** As an engineer writes it: `Main.guard1.ok`. */
  readonly tag: string;
  /** The program variable or global that holds it. */
  readonly root: VariableSymbol;
  /** Names after the root, as declared: `['guard1', 'ok']` is empty for the root itself. Indices as `[3]`. */
  readonly path: readonly string[];
  /** The innermost variable; null when its type could not be resolved. */
  readonly symbol: VariableSymbol | null;
  readonly type: Type;
}

/** A program as it runs: one entry per scheduled instance, and one for each program that no task names. */
export interface ProgramRoot {
  readonly location: Location;
  /** Names under which a tag may reach it, upper case: instance, type, qualified type. */
  readonly names: readonly string[];
  readonly tag: string;
  readonly pou: PouSymbol;
  readonly isScheduled: boolean;
}

/** Memo by identity: the project of a site does not change (an editor edits one of its own), and every step asks for its tree. */
const PROGRAM_ROOTS = new WeakMap<Project, readonly ProgramRoot[]>();
const ROOT_NODES = new WeakMap<Project, readonly TreeNode[]>();
const INSTANCES = new WeakMap<Project, ReadonlyMap<PouSymbol, readonly TreeNode[]>>();

export function programRoots(project: Project): readonly ProgramRoot[] {
  const known = PROGRAM_ROOTS.get(project);
  if (known !== undefined) return known;
  const roots = findProgramRoots(project);
  PROGRAM_ROOTS.set(project, roots);
  return roots;
}

function findProgramRoots(project: Project): ProgramRoot[] {
  const roots: ProgramRoot[] = [];
  const scheduled = new Set<PouSymbol>();
  for (const task of project.schedule) {
    for (const program of task.programs) {
      scheduled.add(program.pou);
      const names = new Set([keyOf(program.instanceName), keyOf(program.pou.name), keyOf(program.pou.qualifiedName)]);
      roots.push({
        location: keyOf(program.instanceName),
        names: [...names],
        tag: program.instanceName,
        pou: program.pou,
        isScheduled: true,
      });
    }
  }
  for (const pou of project.pous) {
    if (scheduled.has(pou) || (pou.pouKind !== 'program' && pou.pouKind !== 'organization-block')) continue;
    const names = new Set([keyOf(pou.name), keyOf(pou.qualifiedName)]);
    roots.push({
      location: keyOf(pou.qualifiedName),
      names: [...names],
      tag: pou.qualifiedName,
      pou,
      isScheduled: false,
    });
  }
  return roots;
}

/** Variables of a POU with those of its bases, derived first. */
export function variablesOf(pou: PouSymbol): VariableSymbol[] {
  const variables: VariableSymbol[] = [];
  const seen = new Set<PouSymbol>();
  for (let current: PouSymbol | null = pou; current !== null && !seen.has(current); current = current.base) {
    seen.add(current);
    variables.push(...current.variables.values());
  }
  return variables;
}

/** The members that a value of this type has in memory; empty for elementary types and for what is only pointed to. */
export function membersOf(type: Type): readonly VariableSymbol[] {
  if (type.kind === 'struct') return [...type.members.values()];
  if (type.kind === 'pou' && type.pou.pouKind !== 'function') return variablesOf(type.pou);
  return [];
}

/** An unlimited tree is a recursive type or a machine no manifest describes; both are cut here. */
const MAX_DEPTH = 12;

/** Every place in which an instance of each function block, class or program lives. */
export function instancesByPou(project: Project): ReadonlyMap<PouSymbol, readonly TreeNode[]> {
  const known = INSTANCES.get(project);
  if (known !== undefined) return known;
  const found = findInstances(project);
  INSTANCES.set(project, found);
  return found;
}

function findInstances(project: Project): ReadonlyMap<PouSymbol, readonly TreeNode[]> {
  const instances = new Map<PouSymbol, TreeNode[]>();
  const walk = (node: TreeNode, depth: number): void => {
    if (depth > MAX_DEPTH || isReferenceToElsewhere(node)) return;
    if (node.type.kind === 'array') {
      const element = {
        ...node,
        location: `${node.location}[*]`,
        tag: `${node.tag}[*]`,
        path: [...node.path, '[*]'],
        type: node.type.element,
      };
      walk(element, depth + 1);
      return;
    }
    if (node.type.kind === 'pou') {
      const seen = new Set<PouSymbol>();
      for (let pou: PouSymbol | null = node.type.pou; pou !== null && !seen.has(pou); pou = pou.base) {
        seen.add(pou);
        const list = instances.get(pou);
        if (list === undefined) instances.set(pou, [node]);
        else list.push(node);
      }
    }
    for (const member of membersOf(node.type)) walk(childOf(node, member), depth + 1);
  };
  for (const root of rootNodes(project)) walk(root, 0);
  return instances;
}

/** Program variables of every program, and every global variable. */
export function rootNodes(project: Project): readonly TreeNode[] {
  const known = ROOT_NODES.get(project);
  if (known !== undefined) return known;
  const nodes = findRootNodes(project);
  ROOT_NODES.set(project, nodes);
  return nodes;
}

function findRootNodes(project: Project): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (const program of programRoots(project)) {
    for (const variable of variablesOf(program.pou)) {
      if (variable.scope === 'external') continue;
      nodes.push(rootNode(`${program.location}.${keyOf(variable.name)}`, `${program.tag}.${variable.name}`, variable));
    }
  }
  for (const variable of project.globals.values()) {
    nodes.push(rootNode(keyOf(variable.qualifiedName), variable.qualifiedName, variable));
  }
  return nodes;
}

/** Members of members of a structure: deeper ones belong to data, not to terminals. */
const STRUCTURE_DEPTH = 3;

/** The nodes, and the members of those that are structures. Blocks and arrays are not looked into. */
export function withStructureMembers(nodes: readonly TreeNode[], depth = STRUCTURE_DEPTH): TreeNode[] {
  return nodes.flatMap((node) => {
    const isStructure = node.type.kind === 'struct' && !node.type.isUnion && !isReferenceToElsewhere(node);
    if (!isStructure || depth === 0) return [node];
    return [
      node,
      ...withStructureMembers(
        membersOf(node.type).map((member) => childOf(node, member)),
        depth - 1,
      ),
    ];
  });
}

function rootNode(location: Location, tag: string, root: VariableSymbol): TreeNode {
  return { location, tag, root, path: [], symbol: root, type: root.type };
}

function childOf(parent: TreeNode, member: VariableSymbol): TreeNode {
  return {
    location: `${parent.location}.${keyOf(member.name)}`,
    tag: `${parent.tag}.${member.name}`,
    root: parent.root,
    path: [...parent.path, member.name],
    symbol: member,
    type: member.type,
  };
}

function isReferenceToElsewhere(node: TreeNode): boolean {
  return node.symbol?.scope === 'in-out' || node.symbol?.scope === 'external';
}

/**
 * The places that a tag names. `Program.variable`, `Program.instance.member`, `List.variable`, a bare global, or
 * `FunctionBlock.variable` for every instance of it; `*` matches any text within one part. Sorted, without doubles.
 * Empty when the code has no such place.
 */
export function resolveTag(project: Project, tag: string): TreeNode[] {
  const parts = splitTag(tag);
  const found = new Map<Location, TreeNode>();
  const add = (node: TreeNode, rest: readonly string[]): void => {
    for (const match of descend(node, rest, 0)) if (!found.has(match.location)) found.set(match.location, match);
  };
  for (const program of programRoots(project)) {
    for (const name of program.names) {
      const rest = matchName(name, parts);
      if (rest === null || rest.length === 0) continue;
      for (const variable of variablesOf(program.pou)) {
        if (variable.scope === 'external') continue;
        const after = matchPart(variable.name, rest);
        if (after === null) continue;
        add(
          rootNode(`${program.location}.${keyOf(variable.name)}`, `${program.tag}.${variable.name}`, variable),
          after,
        );
      }
    }
  }
  for (const variable of project.globals.values()) {
    for (const name of namesOfGlobal(project, variable)) {
      const rest = matchName(name, parts);
      if (rest !== null) add(rootNode(keyOf(variable.qualifiedName), variable.qualifiedName, variable), rest);
    }
  }
  if (found.size === 0) for (const [node, rest] of instanceMatches(project, parts)) add(node, rest);
  return [...found.values()].sort((a, b) => (a.location < b.location ? -1 : a.location > b.location ? 1 : 0));
}

function* instanceMatches(project: Project, parts: readonly string[]): Generator<[TreeNode, readonly string[]]> {
  for (const [pou, nodes] of instancesByPou(project)) {
    const rest = matchName(keyOf(pou.qualifiedName), parts) ?? matchName(keyOf(pou.name), parts);
    if (rest === null || rest.length === 0 || pou.pouKind === 'program' || pou.isLibrary) continue;
    for (const node of nodes) yield [node, rest];
  }
}

function namesOfGlobal(project: Project, variable: VariableSymbol): string[] {
  const qualified = keyOf(variable.qualifiedName);
  const owner: CodeSymbol | null = variable.owner;
  if (owner?.kind !== 'global-list') return [qualified, ...nameByFileList(project, variable)];
  const isQualifiedOnly = owner.declaration.kind === 'GlobalVariableList' && owner.declaration.qualifiedOnly;
  return isQualifiedOnly || owner.declaration.kind === 'DataBlock' ? [qualified] : [qualified, keyOf(variable.name)];
}

/** A variable of a VAR_GLOBAL without a name is, where the dialect says so, also a member of the list of its file. */
function nameByFileList(project: Project, variable: VariableSymbol): string[] {
  if (variable.site === null) return [];
  const list = project.lookup(listNameOf(variable.site.file));
  const isMember = list?.kind === 'global-list' && list.variables.get(keyOf(variable.name)) === variable;
  return isMember ? [`${keyOf(list.name)}.${keyOf(variable.name)}`] : [];
}

function* descend(node: TreeNode, rest: readonly string[], depth: number): Generator<TreeNode> {
  const [next, ...after] = rest;
  if (next === undefined) {
    yield node;
    return;
  }
  if (depth > MAX_DEPTH) return;
  if (next.startsWith('[')) {
    const element = node.type.kind === 'array' ? node.type.element : null;
    if (element === null) return;
    yield* descend(
      { ...node, location: node.location + next, tag: node.tag + next, path: [...node.path, next], type: element },
      after,
      depth + 1,
    );
    return;
  }
  if (node.type.kind === 'unknown') {
    // The type comes from a library that is not here: the tag can't be refuted.
    yield {
      ...node,
      location: `${node.location}.${rest.join('.').toUpperCase()}`,
      tag: `${node.tag}.${rest.join('.')}`,
      path: [...node.path, ...rest],
      symbol: null,
    };
    return;
  }
  for (const member of membersOf(node.type)) {
    if (matchesGlob(member.name, next)) yield* descend(childOf(node, member), after, depth + 1);
  }
}

/** `Main.valve[3].open` as `MAIN`, `VALVE`, `[3]`, `OPEN`. Siemens quotes are dropped. */
function splitTag(tag: string): string[] {
  return tag
    .replace(/["#\s]/g, '')
    .toUpperCase()
    .split(/\.|(?=\[)/)
    .filter((part) => part !== '');
}

/** What is left of `parts` after a dotted name, by glob; null when it does not match. */
function matchName(name: string, parts: readonly string[]): readonly string[] | null {
  const names = name.split('.');
  if (names.length > parts.length) return null;
  return names.every((part, position) => matchesGlob(part, parts[position] ?? '')) ? parts.slice(names.length) : null;
}

function matchPart(name: string, parts: readonly string[]): readonly string[] | null {
  const [first, ...rest] = parts;
  return first !== undefined && matchesGlob(name, first) ? rest : null;
}

function matchesGlob(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return keyOf(name) === pattern;
  const expression = pattern
    .split('*')
    .map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(keyOf(name));
}
