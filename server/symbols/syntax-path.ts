import type { Identifier, Span } from '../../core/language/syntax/tree.js';

/** Any node of the tree: a span with a kind. */
export interface SyntaxNode extends Span {
  readonly kind: string;
}

/** Children of a node in order of their place in the source. The tree knows no parents: they are found on the way down. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children.sort((a, b) => a.start - b.start);
}

/** The nodes that contain an offset, outermost first. An offset at the end of a node counts as inside. */
export function pathAt(root: SyntaxNode, offset: number): SyntaxNode[] {
  const path = [root];
  for (let node: SyntaxNode | undefined = root; node !== undefined; ) {
    const inside: SyntaxNode[] = childrenOf(node).filter(({ start, end }) => start <= offset && offset <= end);
    // Where two nodes touch, the later one starts at the offset: a name after a dot, not the dot before it.
    node = inside.findLast(({ start, end }) => end > start) ?? inside.at(-1);
    if (node !== undefined) path.push(node);
  }
  return path;
}

/** The identifier at an offset; null between words. */
export function identifierAt(root: SyntaxNode, offset: number): Identifier | null {
  const path = pathAt(root, offset);
  const last = path.at(-1);
  if (last !== undefined && isIdentifier(last)) return last;
  // `name|(`: the offset touches the end of the name and the start of what follows.
  for (const node of path.toReversed()) {
    const touching = childrenOf(node).find((child) => isIdentifier(child) && child.end === offset);
    if (touching !== undefined && isIdentifier(touching)) return touching;
  }
  return null;
}

/** Visits every node, parents before children. */
export function visitNodes(root: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(root);
  for (const child of childrenOf(root)) visitNodes(child, visit);
}

export function isIdentifier(node: SyntaxNode): node is Identifier {
  return node.kind === 'Identifier';
}

function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'start' in value &&
    'end' in value &&
    typeof value.kind === 'string' &&
    typeof value.start === 'number' &&
    typeof value.end === 'number'
  );
}
