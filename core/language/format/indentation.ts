import { Token } from '../syntax/token.js';
import type { SourceFile, TypeNode } from '../syntax/tree.js';
import { type SyntaxNode, walk } from '../syntax/walk.js';
import type { Piece } from './layout.js';

/** Whether sections, members and the body of a POU are one level deeper than its head. */
export type PouContentStyle = 'flush' | 'indent';

/** How deep the line is that starts at a place. */
export type DepthAt = (offset: number) => number;

/**
 * Depth of every place in the text, from the tree: what stands between the head and the end of a block is one deeper,
 * and so are the further lines of a statement.
 */
export function depthsOf(file: SourceFile, pieces: readonly Piece[], style: PouContentStyle): DepthAt {
  const tokens = pieces.filter((piece) => piece.kind === 'token');
  const steps = new Map<number, number>();
  const deepen = (from: number, to: number): void => {
    if (to <= from) return;
    steps.set(from, (steps.get(from) ?? 0) + 1);
    steps.set(to, (steps.get(to) ?? 0) - 1);
  };
  const token = (index: number): Piece | undefined => tokens[index];
  /** From behind the token before a node to the start of the token behind it: comments at both ends included. */
  const deepenAround = (start: number, end: number): void => {
    const first = indexAtOrAfter(tokens, start);
    const behind = indexAtOrAfter(tokens, Math.max(start, end));
    deepen(token(first - 1)?.end ?? 0, token(behind)?.start ?? file.end);
  };
  /** From behind the token at `start` to the token that ends a node. */
  const deepenBetween = (start: number, end: number): void => {
    const first = indexAtOrAfter(tokens, start);
    const last = indexAtOrAfter(tokens, end) - 1;
    deepen(token(first)?.end ?? start, token(last)?.start ?? end);
  };
  walk(file, (node) => {
    deepenNode(node);
    return undefined;
  });
  tokenBlocks(tokens, file.text, deepen);
  return stepsToDepth(steps);

  function deepenNode(node: SyntaxNode): void {
    switch (node.kind) {
      case 'Pou':
        if (style === 'indent') deepenBetween(node.name.start, node.end);
        break;
      case 'Method':
      case 'Interface':
      case 'Property':
      case 'Configuration':
      case 'Resource':
      case 'Action':
        deepenBetween(node.name.start, node.end);
        break;
      case 'Namespace':
        deepenBetween(node.name.parts[node.name.parts.length - 1]?.start ?? node.start, node.end);
        break;
      case 'PropertyAccessor':
        deepenBetween(node.start, node.end);
        break;
      case 'TestFixture':
      case 'TestCase':
        deepenBetween(node.start, node.end);
        break;
      case 'VariableSection':
      case 'StructType':
      case 'SfcStep':
        deepenBetween(node.start, node.end);
        break;
      case 'EnumType':
        deepenBetween(node.start, node.end);
        break;
      case 'ConditionalBranch':
        deepen(node.start + 1, node.condition.end);
        deepenAround(node.body.start, node.body.end);
        break;
      case 'If':
      case 'Case':
        if (node.kind === 'Case') deepenAround(node.branches[0]?.start ?? node.selector.end, lastEnd(node));
        if (node.otherwise !== null) deepenAround(node.otherwise.start, node.otherwise.end);
        break;
      case 'CaseBranch':
        deepen(firstBehindColon(node.labels[node.labels.length - 1]?.end ?? node.start), nextTokenStart(node.end));
        break;
      case 'For':
      case 'While':
      case 'Repeat':
      case 'Region':
        deepenAround(node.body.start, node.body.end);
        break;
      case 'Assignment':
      case 'CallStatement':
      case 'Return':
      case 'ProgramInstance':
      case 'Task':
      case 'SfcTransition':
        deepen(node.start + 1, node.end);
        break;
      case 'VariableDeclaration':
        if (!endsWithStructure(node.type)) deepen(node.start + 1, node.end);
        break;
    }
  }

  function nextTokenStart(offset: number): number {
    return token(indexAtOrAfter(tokens, offset))?.start ?? file.end;
  }

  /** Behind the colon of a CASE label. */
  function firstBehindColon(offset: number): number {
    return token(indexAtOrAfter(tokens, offset))?.end ?? offset;
  }
}

/** `STRUCT …`, `ARRAY[…] OF STRUCT …`: the members bring their own depth. */
function endsWithStructure(type: TypeNode): boolean {
  if (type.kind === 'ArrayType') return endsWithStructure(type.element);
  return type.kind === 'StructType';
}

/** End of the last branch of a CASE. */
function lastEnd(node: Extract<SyntaxNode, { kind: 'Case' }>): number {
  return node.branches[node.branches.length - 1]?.end ?? node.selector.end;
}

/** Index of the first token that starts at or behind an offset. */
function indexAtOrAfter(tokens: readonly Piece[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const TOKEN_BLOCKS: ReadonlyMap<number, number> = new Map<number, number>([
  [Token.TYPE, Token.END_TYPE],
  [Token.VAR_ACCESS, Token.END_VAR],
  [Token.VAR_CONFIG, Token.END_VAR],
]);

/** Blocks that are no node of the tree. Their content is one deeper, unless it starts on the line of the keyword. */
function tokenBlocks(tokens: readonly Piece[], text: string, deepen: (from: number, to: number) => void): void {
  tokens.forEach((piece, index) => {
    const closing = TOKEN_BLOCKS.get(piece.token);
    const next = tokens[index + 1];
    if (closing === undefined || next === undefined || !/[\r\n]/.test(text.slice(piece.end, next.start))) return;
    const end = tokens.slice(index).find((other) => other.token === closing);
    if (end !== undefined) deepen(piece.end, end.start);
  });
}

function stepsToDepth(steps: ReadonlyMap<number, number>): DepthAt {
  const offsets = [...steps.keys()].sort((a, b) => a - b);
  const depths: number[] = [];
  let depth = 0;
  for (const offset of offsets) {
    depth += steps.get(offset) ?? 0;
    depths.push(depth);
  }
  return (offset) => {
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (depths[low - 1] ?? 0);
  };
}
