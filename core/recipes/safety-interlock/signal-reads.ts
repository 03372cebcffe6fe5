/** Where the code reads a signal, and which of these places decide about a hazard. */

import type { Expression, Pou, SourceFile, Span } from '../../language/syntax/tree.js';
import { type SyntaxNode, walk } from '../../language/syntax/walk.js';
import type { TreeNode } from '../../safety/program-tree.js';
import type { SafetyModel } from '../../safety/safety-model.js';
import type { Site } from '../../site/site.js';
import { namesNode } from './access-path.js';

/** One place that reads a variable. */
export interface SignalRead {
  readonly file: SourceFile;
  /** The POU around it; null outside of POUs. */
  readonly pou: Pou | null;
  readonly expression: Expression;
  /** From the file down to the direct parent. */
  readonly parents: readonly SyntaxNode[];
}

/** Every read of a variable in sources and libraries, in order of files and text. */
export function readsOf(site: Site, node: TreeNode): SignalRead[] {
  const { model } = site.project;
  const reads: SignalRead[] = [];
  for (const file of site.project.files) {
    walk(file, (candidate, parents) => {
      if (candidate.kind !== 'Name' && candidate.kind !== 'Member') return undefined;
      if (!namesNode(candidate, node, model)) return undefined;
      if (!isWritten(candidate, parents)) {
        const pou = parents.find((parent) => parent.kind === 'Pou') ?? null;
        reads.push({ file, pou, expression: candidate, parents: [...parents] });
      }
      return 'skip';
    });
  }
  return reads;
}

function isWritten(node: SyntaxNode, parents: readonly SyntaxNode[]): boolean {
  const parent = parents[parents.length - 1];
  if (parent?.kind === 'Assignment' || parent?.kind === 'AssignmentExpression') return parent.target === node;
  return parent?.kind === 'Argument' && parent.direction === 'out';
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/**
 * The reads that may decide about a hazard: those in statements and arguments of the hazards' cone, and those in
 * conditions around such statements. Displays, alarms and counters are not among them, and keep the raw signal: an
 * operator must see the contact itself.
 */
export function hazardReads(model: SafetyModel, reads: readonly SignalRead[]): SignalRead[] {
  const spans = new Map<SourceFile, Span[]>();
  for (const event of model.hazardCone.events) {
    const { file } = event.frame;
    const list = spans.get(file);
    if (list === undefined) spans.set(file, [event.node]);
    else list.push(event.node);
  }
  const exits = new Map<SourceFile, Span[]>();
  for (const exit of model.trace.exits) {
    const { file } = exit.frame;
    const list = exits.get(file);
    if (list === undefined) exits.set(file, [exit.statement]);
    else list.push(exit.statement);
  }
  return reads.filter((read) => {
    const decided = [...(spans.get(read.file) ?? []), ...(exits.get(read.file) ?? [])];
    if (decided.some((span) => contains(span, read.expression))) return true;
    return read.parents.some(
      (parent) => isConditionOf(parent, read.expression) && decided.some((span) => contains(parent, span)),
    );
  });
}

/** True when the expression stands in what decides whether the statements inside of `parent` run. */
function isConditionOf(parent: SyntaxNode, expression: Expression): boolean {
  switch (parent.kind) {
    case 'If':
      return parent.branches.some((branch) => contains(branch.condition, expression));
    case 'Case':
      return contains(parent.selector, expression);
    case 'While':
      return contains(parent.condition, expression);
    case 'Repeat':
      return contains(parent.until, expression);
    case 'For':
      return !contains(parent.body, expression);
    default:
      return false;
  }
}
