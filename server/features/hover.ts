import type { Hover } from 'vscode-languageserver/node';
import { commentOf, declarationText } from '../symbols/describe-symbol.js';
import { identifierAt } from '../symbols/identifier-at.js';
import type { CheckedFile } from '../workspace/unit.js';
import { rangeOfSpan } from './text-range.js';

/** What the name at an offset stands for. */
export function hoverAt({ file, project, symbols }: CheckedFile, offset: number): Hover | null {
  const identifier = identifierAt(file, offset);
  const symbol = identifier === null ? null : symbols.symbolAt(identifier);
  if (identifier === null || symbol === null) return null;
  const parts = [`\`\`\`structured-text\n${declarationText(symbol)}\n\`\`\``];
  const comment = commentOf(symbol);
  if (comment !== '') parts.push(escapeMarkdown(comment));
  if (symbol.kind === 'variable' && symbol.owner !== null) parts.push(`Tag \`${symbol.qualifiedName}\``);
  return {
    contents: { kind: 'markdown', value: parts.join('\n\n') },
    range: rangeOfSpan(project.lineTableOf(file), identifier),
  };
}

/** Comments are text, not markup: a source file must not be able to put links into a hover. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+\-.!|&]/g, '\\$&').replace(/\n/g, '  \n');
}
