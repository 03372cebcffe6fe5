/** What the editor shows for a symbol: its declaration in ST and the comment above it. */

import type { SourceFile } from '../syntax/tree.js';
import { article } from './inheritance.js';
import type { CodeSymbol, MethodSymbol, PouSymbol, VariableSymbol } from './symbols.js';
import { describeType } from './type-names.js';

/** Markdown for a symbol: a code block, what it is, and its comment. */
export function hoverText(symbol: CodeSymbol): string {
  const parts = [`\`\`\`st\n${signatureOf(symbol)}\n\`\`\``];
  const comment = commentOf(symbol);
  if (comment !== '') parts.push(comment);
  return parts.join('\n\n');
}

/** The declaration of a symbol in one or a few lines of ST. */
export function signatureOf(symbol: CodeSymbol): string {
  switch (symbol.kind) {
    case 'variable':
      return `${SECTION_WORDS[symbol.scope]}${symbol.isConstant ? ' CONSTANT' : ''} ${symbol.name} : ${describeType(symbol.type)}${locationOf(symbol)}${initialOf(symbol)}`;
    case 'pou':
      return pouSignature(symbol);
    case 'method':
      return methodSignature(symbol);
    case 'property':
      return `PROPERTY ${symbol.name} : ${describeType(symbol.type)}${symbol.canWrite ? '' : ' (read only)'}`;
    case 'action':
      return `ACTION ${symbol.qualifiedName}`;
    case 'interface':
      return `INTERFACE ${symbol.qualifiedName}`;
    case 'type':
      return `TYPE ${symbol.name} : ${symbol.type.kind === 'struct' ? 'STRUCT' : symbol.type.kind === 'enum' ? `(${[...symbol.type.values.keys()].join(', ')})` : describeType(symbol.type)}`;
    case 'enum-value':
      return `${symbol.qualifiedName} := ${symbol.value}`;
    case 'global-list':
      return `VAR_GLOBAL ${symbol.name} (${article(symbol)})`;
    case 'namespace':
      return `NAMESPACE ${symbol.qualifiedName}`;
    case 'program-instance':
      return `PROGRAM ${symbol.name} : ${symbol.pou.name}`;
  }
}

const SECTION_WORDS: Readonly<Record<VariableSymbol['scope'], string>> = {
  local: 'VAR',
  temporary: 'VAR_TEMP',
  input: 'VAR_INPUT',
  output: 'VAR_OUTPUT',
  'in-out': 'VAR_IN_OUT',
  external: 'VAR_EXTERNAL',
  global: 'VAR_GLOBAL',
  member: 'field',
  result: 'result',
};

function locationOf(symbol: VariableSymbol): string {
  return symbol.location === null ? '' : ` AT ${symbol.location.text}`;
}

function initialOf({ initializer, site }: VariableSymbol): string {
  if (initializer === null || site === null) return '';
  const text = site.file.text.slice(initializer.start, initializer.end);
  return text.length > 60 ? '' : ` := ${text}`;
}

const POU_WORDS: Readonly<Record<PouSymbol['pouKind'], string>> = {
  program: 'PROGRAM',
  function: 'FUNCTION',
  'function-block': 'FUNCTION_BLOCK',
  class: 'CLASS',
  'organization-block': 'ORGANIZATION_BLOCK',
};

function pouSignature(pou: PouSymbol): string {
  const result =
    pou.pouKind === 'function' && pou.returnType.kind !== 'void' ? ` : ${describeType(pou.returnType)}` : '';
  const base = pou.base === null ? '' : ` EXTENDS ${pou.base.name}`;
  return `${POU_WORDS[pou.pouKind]} ${pou.qualifiedName}${base}${result}${parameterLines(pou)}`;
}

function methodSignature(method: MethodSymbol): string {
  const result = method.returnType.kind === 'void' ? '' : ` : ${describeType(method.returnType)}`;
  return `METHOD ${method.qualifiedName}${result}${parameterLines(method)}`;
}

function parameterLines(owner: PouSymbol | MethodSymbol): string {
  return [...owner.variables.values()]
    .filter(({ scope }) => scope === 'input' || scope === 'output' || scope === 'in-out')
    .map((one) => `\n  ${SECTION_WORDS[one.scope]} ${one.name} : ${describeType(one.type)}`)
    .join('');
}

/** The comment on the lines right above a declaration, or behind it on its line. */
function commentOf(symbol: CodeSymbol): string {
  const { site } = symbol;
  if (site === null) return symbol.kind === 'pou' && symbol.isLibrary ? 'Standard or vendor library.' : '';
  const { file, identifier } = site;
  const lineEnd = endOfLine(file, identifier.end);
  const behind = file.comments.find((comment) => comment.start >= identifier.end && comment.start < lineEnd);
  const above = file.comments.findLast(
    (comment) =>
      comment.end <= identifier.start && /^\s*(\w+\s+){0,3}$/.test(file.text.slice(comment.end, identifier.start)),
  );
  const comment = above ?? behind;
  if (comment === undefined) return '';
  return file.text
    .slice(comment.start, comment.end)
    .replace(/^(\/\/|\(\*~?|\/\*)|(~?\*\)|\*\/)$/g, '')
    .trim();
}

function endOfLine(file: SourceFile, offset: number): number {
  const end = file.text.indexOf('\n', offset);
  return end < 0 ? file.text.length : end;
}
