import type { SourceFile, Span } from '../syntax/tree.js';
import type { LintView } from './lint-view.js';

/** True when all places lie in one IF or CASE of the file, each in a branch of its own: at most one of them runs. */
export function excludeEachOther(view: LintView, file: SourceFile, places: readonly Span[]): boolean {
  return [...view.nodes('If'), ...view.nodes('Case')].some(({ node, file: own }) => {
    if (own !== file) return false;
    const bodies = [
      ...node.branches.map((branch) => branch.body),
      ...(node.otherwise === null ? [] : [node.otherwise]),
    ];
    const taken = places.map(({ start, end }) => bodies.findIndex((one) => one.start <= start && end <= one.end));
    return taken.every((index) => index >= 0) && new Set(taken).size === taken.length;
  });
}
