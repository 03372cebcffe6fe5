import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver/node';
import { walk } from '../../core/language/syntax/walk.js';
import type { CheckedFile } from '../workspace/unit.js';
import { offsetOfPosition, rangeOfSpan } from './text-range.js';

/** The names of parameters before arguments that are given without them: `LIMIT(MN: 0, IN: x, MX: 10)`. */
export function inlayHints({ file, project }: CheckedFile, range: Range): InlayHint[] {
  const lines = project.lineTableOf(file);
  const [from, to] = [offsetOfPosition(lines, range.start), offsetOfPosition(lines, range.end)];
  const hints: InlayHint[] = [];
  walk(file, (node) => {
    if (node.end < from || node.start > to) return 'skip';
    if (node.kind !== 'Call') return undefined;
    const bindings = project.model.callOf(node)?.bindings ?? [];
    // One argument needs no name to be understood.
    if (bindings.length < 2) return undefined;
    for (const { argument, parameterName } of bindings) {
      if (argument.name !== null || argument.value === null || parameterName === '') continue;
      if (file.text.slice(argument.start, argument.end).toUpperCase() === parameterName.toUpperCase()) continue;
      const { start } = rangeOfSpan(lines, argument);
      hints.push({ position: start, label: `${parameterName}:`, kind: InlayHintKind.Parameter, paddingRight: true });
    }
    return undefined;
  });
  return hints;
}
