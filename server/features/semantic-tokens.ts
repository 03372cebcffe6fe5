import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver/node';
import type { CodeSymbol } from '../../core/language/semantics/symbols.js';
import { walk } from '../../core/language/syntax/walk.js';
import type { CheckedFile } from '../workspace/unit.js';

const TYPES = [
  'namespace',
  'type',
  'class',
  'enum',
  'interface',
  'struct',
  'parameter',
  'variable',
  'property',
  'enumMember',
  'function',
  'method',
] as const;
const MODIFIERS = ['declaration', 'readonly', 'defaultLibrary'] as const;

export const SEMANTIC_TOKENS_LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] };

/** What each name of a file stands for. Keywords and literals are left to the grammar. */
export function semanticTokens({ file, project, symbols }: CheckedFile): SemanticTokens {
  const lines = project.lineTableOf(file);
  const found: { start: number; length: number; type: number; modifiers: number }[] = [];
  walk(file, (node) => {
    if (node.kind !== 'Identifier' || node.end === node.start) return;
    const symbol = symbols.symbolAt(node);
    const type = symbol === null ? null : tokenTypeOf(symbol);
    if (symbol === null || type === null) return;
    const modifiers =
      (symbol.site?.identifier === node ? 1 : 0) |
      (symbol.kind === 'variable' && symbol.isConstant ? 2 : 0) |
      (symbol.kind === 'pou' && symbol.isLibrary ? 4 : 0);
    found.push({ start: node.start, length: node.end - node.start, type: TYPES.indexOf(type), modifiers });
  });
  const builder = new SemanticTokensBuilder();
  for (const { start, length, type, modifiers } of found.sort((a, b) => a.start - b.start)) {
    const { line, column } = lines.positionAt(start);
    builder.push(line - 1, column - 1, length, type, modifiers);
  }
  return builder.build();
}

function tokenTypeOf(symbol: CodeSymbol): (typeof TYPES)[number] | null {
  switch (symbol.kind) {
    case 'variable':
      if (symbol.scope === 'input' || symbol.scope === 'output' || symbol.scope === 'in-out') return 'parameter';
      return symbol.scope === 'member' ? 'property' : 'variable';
    case 'pou':
      return symbol.pouKind === 'function' ? 'function' : 'class';
    case 'method':
    case 'action':
      return 'method';
    case 'property':
      return 'property';
    case 'interface':
      return 'interface';
    case 'type':
      return symbol.type.kind === 'enum' ? 'enum' : symbol.type.kind === 'struct' ? 'struct' : 'type';
    case 'enum-value':
      return 'enumMember';
    case 'global-list':
    case 'namespace':
      return 'namespace';
    case 'program-instance':
      return 'variable';
  }
}
