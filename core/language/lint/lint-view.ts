/** A project as the lint rules see it: nodes by kind, bodies and uses of variables, each collected once. */

import { type AccessHandler, type AccessKind, readExpression, visitAssignment, writeTarget } from '../flow/accesses.js';
import type { Project, SemanticModel } from '../semantics/model.js';
import type {
  ActionSymbol,
  CodeSymbol,
  MethodSymbol,
  PouSymbol,
  PropertySymbol,
  VariableSymbol,
} from '../semantics/symbols.js';
import type { Body, Identifier, SourceFile, Span, VariableSection } from '../syntax/tree.js';
import { type SyntaxNode, walk } from '../syntax/walk.js';

type NodeOfKind<Kind extends SyntaxNode['kind']> = Extract<SyntaxNode, { readonly kind: Kind }>;

/** The code of a POU, method, action or accessor. */
export interface LintBody {
  readonly file: SourceFile;
  readonly pou: PouSymbol | null;
  readonly owner: PouSymbol | MethodSymbol | ActionSymbol | PropertySymbol | null;
  /** The node that holds the body, and its name for messages. */
  readonly span: Span;
  readonly name: Identifier;
  readonly sections: readonly VariableSection[];
  readonly body: Body;
}

/** A node with its place in the project. */
export interface Placed<Node> {
  readonly node: Node;
  readonly file: SourceFile;
  readonly parent: SyntaxNode | null;
  /** The body around it; null in declarations of types and globals. */
  readonly inside: LintBody | null;
}

/** A use of a variable in code. */
export interface Use {
  readonly kind: AccessKind;
  readonly node: Span;
  readonly file: SourceFile;
  /** Null for initial values. */
  readonly inside: LintBody | null;
}

export interface LintView {
  readonly project: Project;
  readonly model: SemanticModel;
  readonly files: readonly SourceFile[];
  readonly bodies: readonly LintBody[];
  /** The body of a POU or method; null when it has none. */
  bodyOf(owner: CodeSymbol | null): LintBody | null;
  nodes<Kind extends SyntaxNode['kind']>(kind: Kind): readonly Placed<NodeOfKind<Kind>>[];
  /** Uses in code, declarations left out. */
  usesOf(symbol: VariableSymbol): readonly Use[];
  /** True when some identifier apart from its declaration names the symbol. */
  isNamed(symbol: CodeSymbol): boolean;
  /** POUs that another one extends. */
  readonly bases: ReadonlySet<PouSymbol>;
  /** True when not everything that the POU does is in the tree: a graphical body, a syntax error, an unknown base. */
  isOpaque(pou: PouSymbol | null): boolean;
  /** True when every body of the project could be read. */
  readonly isComplete: boolean;
}

export function createLintView(project: Project): LintView {
  const { model, files } = project;
  const nodes = new Map<SyntaxNode['kind'], Placed<SyntaxNode>[]>();
  const bodies: LintBody[] = [];
  for (const file of files) collect(project, file, nodes, bodies);
  const bases = new Set(project.pous.flatMap(({ base }) => (base === null ? [] : [base])));
  const byOwner = new Map<CodeSymbol, LintBody>();
  for (const body of bodies) if (body.owner !== null && !byOwner.has(body.owner)) byOwner.set(body.owner, body);
  const opaque = opaquePous(project, nodes);
  let uses: ReadonlyMap<VariableSymbol, readonly Use[]> | null = null;
  let named: ReadonlySet<CodeSymbol> | null = null;
  return {
    project,
    model,
    files,
    bodies,
    bodyOf: (owner) => (owner === null ? null : (byOwner.get(owner) ?? null)),
    nodes: <Kind extends SyntaxNode['kind']>(kind: Kind) =>
      (nodes.get(kind) ?? []) as unknown as readonly Placed<NodeOfKind<Kind>>[],
    usesOf(symbol) {
      uses ??= collectUses(model, nodes);
      return uses.get(symbol) ?? [];
    },
    isNamed(symbol) {
      named ??= namedSymbols(model, nodes);
      return named.has(symbol);
    },
    bases,
    isOpaque: (pou) => pou !== null && opaque.has(pou),
    isComplete: opaque.size === 0 && !files.some(({ syntaxErrors }) => syntaxErrors.length > 0),
  };
}

function collect(
  project: Project,
  file: SourceFile,
  nodes: Map<SyntaxNode['kind'], Placed<SyntaxNode>[]>,
  bodies: LintBody[],
): void {
  const stack: { readonly end: number; readonly body: LintBody }[] = [];
  walk(file, (node, parents) => {
    while (stack.length > 0 && (stack[stack.length - 1]?.end ?? 0) <= node.start) stack.pop();
    const parent = parents[parents.length - 1] ?? null;
    const body = HOLDS_BODY.has(node.kind) ? bodyOf(project, file, node, pouAround(parents), parent) : null;
    if (body !== null) {
      bodies.push(body);
      stack.push({ end: node.end, body });
    }
    const placed = { node, file, parent, inside: stack[stack.length - 1]?.body ?? null };
    const list = nodes.get(node.kind);
    if (list === undefined) nodes.set(node.kind, [placed]);
    else list.push(placed);
    return undefined;
  });
}

const HOLDS_BODY: ReadonlySet<SyntaxNode['kind']> = new Set(['Pou', 'Method', 'Action', 'PropertyAccessor']);

function pouAround(parents: readonly SyntaxNode[]): Identifier | null {
  const pou = parents.find((one) => one.kind === 'Pou');
  return pou?.kind === 'Pou' ? pou.name : null;
}

function bodyOf(
  { model }: Project,
  file: SourceFile,
  node: SyntaxNode,
  pouName: Identifier | null,
  parent: SyntaxNode | null,
): LintBody | null {
  const around = pouName === null ? null : pouSymbol(model.symbolOf(pouName));
  const make = (name: Identifier, sections: readonly VariableSection[], body: Body): LintBody => {
    const symbol = model.symbolOf(name);
    const owner =
      symbol?.kind === 'pou' || symbol?.kind === 'method' || symbol?.kind === 'action' || symbol?.kind === 'property'
        ? symbol
        : null;
    const pou = node.kind === 'Pou' ? pouSymbol(owner) : around;
    return { file, pou, owner, span: node, name, sections, body };
  };
  if (node.kind === 'Pou' || node.kind === 'Method') return make(node.name, node.sections, node.body);
  if (node.kind === 'Action') return make(node.name, [], node.body);
  if (node.kind === 'PropertyAccessor' && parent?.kind === 'Property')
    return make(parent.name, node.sections, node.body);
  return null;
}

function pouSymbol(symbol: CodeSymbol | null): PouSymbol | null {
  return symbol?.kind === 'pou' ? symbol : null;
}

function opaquePous(
  { pous, files, findings }: Project,
  nodes: ReadonlyMap<SyntaxNode['kind'], readonly Placed<SyntaxNode>[]>,
): ReadonlySet<PouSymbol> {
  const opaque = new Set<PouSymbol>();
  for (const { inside } of [...(nodes.get('ErrorStatement') ?? []), ...(nodes.get('ErrorExpression') ?? [])])
    if (inside?.pou != null) opaque.add(inside.pou);
  const unread = new Set(files.filter((file) => (file.unsupportedBodies?.length ?? 0) > 0));
  const hasUnknownBase = new Set(
    findings.filter(({ code }) => code === 'PW2009' || code === 'PW2002').map(({ file }) => file),
  );
  for (const pou of pous) {
    if (pou.site === null) continue;
    const extendsUnknown = (pou.declaration?.extends.length ?? 0) > 0 && pou.base === null;
    if (unread.has(pou.site.file) || (extendsUnknown && hasUnknownBase.size > 0)) opaque.add(pou);
  }
  return opaque;
}

function collectUses(
  model: SemanticModel,
  nodes: ReadonlyMap<SyntaxNode['kind'], readonly Placed<SyntaxNode>[]>,
): ReadonlyMap<VariableSymbol, readonly Use[]> {
  const uses = new Map<VariableSymbol, Use[]>();
  const told = new Set<Span>();
  const add = (symbol: VariableSymbol, use: Use): void => {
    const list = uses.get(symbol);
    if (list === undefined) uses.set(symbol, [use]);
    else list.push(use);
    if (symbol.externalTarget !== null) add(symbol.externalTarget, use);
  };
  const handlerAt = ({ file, inside }: Placed<SyntaxNode>): AccessHandler => ({
    access: ({ kind, symbol, node }) => {
      told.add(node);
      add(symbol, { kind, node, file, inside });
    },
    call: () => undefined,
  });
  const handlerForRest = ({ file, inside }: Placed<SyntaxNode>): AccessHandler => ({
    access: ({ kind, symbol, node }) => {
      if (told.has(node)) return;
      told.add(node);
      add(symbol, { kind, node, file, inside });
    },
    call: () => undefined,
  });
  for (const placed of nodes.get('Assignment') ?? [])
    if (placed.node.kind === 'Assignment') visitAssignment(model, placed.node, handlerAt(placed));
  for (const placed of nodes.get('For') ?? [])
    if (placed.node.kind === 'For') writeTarget(model, placed.node.variable, handlerAt(placed));
  for (const placed of nodes.get('CallStatement') ?? [])
    if (placed.node.kind === 'CallStatement') readExpression(model, placed.node.expression, handlerAt(placed));
  for (const placed of nodes.get('AssignmentExpression') ?? [])
    if (placed.node.kind === 'AssignmentExpression') visitAssignment(model, placed.node, handlerForRest(placed));
  for (const placed of nodes.get('Call') ?? [])
    if (placed.node.kind === 'Call') readExpression(model, placed.node, handlerForRest(placed));
  for (const kind of ['Name', 'Member'] as const)
    for (const { node, file, inside } of nodes.get(kind) ?? []) {
      if ((node.kind !== 'Name' && node.kind !== 'Member') || told.has(node)) continue;
      const symbol = model.symbolOf(node);
      if (symbol?.kind === 'variable') add(symbol, { kind: 'read', node, file, inside });
    }
  return uses;
}

function namedSymbols(
  model: SemanticModel,
  nodes: ReadonlyMap<SyntaxNode['kind'], readonly Placed<SyntaxNode>[]>,
): ReadonlySet<CodeSymbol> {
  const named = new Set<CodeSymbol>();
  for (const { node } of nodes.get('Identifier') ?? []) {
    if (node.kind !== 'Identifier') continue;
    const symbol = model.symbolOf(node);
    if (symbol !== null && !('site' in symbol && symbol.site?.identifier === node)) named.add(symbol);
  }
  return named;
}
