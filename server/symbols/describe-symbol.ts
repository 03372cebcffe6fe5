import type { CodeSymbol, MethodSymbol, PouSymbol, VariableSymbol } from '../../core/language/semantics/symbols.js';
import { describeType } from '../../core/language/semantics/type-names.js';
import type { Type } from '../../core/language/semantics/types.js';
import type { SourceFile } from '../../core/language/syntax/tree.js';

const POU_WORDS: Readonly<Record<PouSymbol['pouKind'], string>> = {
  program: 'PROGRAM',
  function: 'FUNCTION',
  'function-block': 'FUNCTION_BLOCK',
  class: 'CLASS',
  'organization-block': 'ORGANIZATION_BLOCK',
};

/** The declaration of a symbol on one or more lines of ST, as it would be written. */
export function declarationText(symbol: CodeSymbol): string {
  switch (symbol.kind) {
    case 'variable':
      return variableText(symbol);
    case 'pou':
      return pouText(symbol);
    case 'method':
      return `METHOD ${symbol.qualifiedName}${resultText(symbol.returnType)}${interfaceText(symbol)}`;
    case 'property':
      return `PROPERTY ${symbol.qualifiedName} : ${describeType(symbol.type)}${symbol.canWrite ? '' : ' (read only)'}`;
    case 'action':
      return `ACTION ${symbol.qualifiedName}`;
    case 'interface':
      return `INTERFACE ${symbol.name}`;
    case 'type':
      return `TYPE ${symbol.name} : ${definitionText(symbol.type)}`;
    case 'enum-value':
      return `${symbol.type.name === '' ? '' : `${symbol.type.name}.`}${symbol.name} := ${symbol.value}`;
    case 'global-list':
      return `VAR_GLOBAL ${symbol.name}`;
    case 'namespace':
      return `NAMESPACE ${symbol.qualifiedName}`;
    case 'program-instance':
      return `PROGRAM ${symbol.name} : ${symbol.pou.name}`;
  }
}

function variableText(symbol: VariableSymbol): string {
  const section = symbol.sectionKind ?? (symbol.scope === 'result' ? '(result)' : '(member)');
  const qualifiers = [
    symbol.isConstant ? 'CONSTANT' : '',
    symbol.retention === 'default' ? '' : symbol.retention.toUpperCase().replace('-', ' '),
  ].filter((word) => word !== '');
  const location = symbol.location === null ? '' : ` AT ${symbol.location.text}`;
  return `${[section, ...qualifiers].join(' ')} ${symbol.name}${location} : ${describeType(symbol.type)}${initialText(symbol)}`;
}

function initialText(symbol: VariableSymbol): string {
  const { initializer, site } = symbol;
  if (initializer === null || site === null) return '';
  const text = site.file.text.slice(initializer.start, initializer.end).replace(/\s+/g, ' ');
  return ` := ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function pouText(symbol: PouSymbol): string {
  const base = symbol.base === null ? '' : ` EXTENDS ${symbol.base.name}`;
  const interfaces = symbol.interfaces.map(({ name }) => name);
  const implemented = interfaces.length === 0 ? '' : ` IMPLEMENTS ${interfaces.join(', ')}`;
  return `${POU_WORDS[symbol.pouKind]} ${symbol.qualifiedName}${resultText(symbol.returnType)}${base}${implemented}${interfaceText(symbol)}`;
}

function resultText(type: Type): string {
  return type.kind === 'void' ? '' : ` : ${describeType(type)}`;
}

/** Inputs, in-outs and outputs in order of declaration. */
export function parametersOf(symbol: PouSymbol | MethodSymbol): VariableSymbol[] {
  const base = symbol.kind === 'pou' && symbol.base !== null ? parametersOf(symbol.base) : [];
  const own = [...symbol.variables.values()].filter(
    ({ scope }) => scope === 'input' || scope === 'output' || scope === 'in-out',
  );
  return [...base, ...own];
}

function interfaceText(symbol: PouSymbol | MethodSymbol): string {
  return parametersOf(symbol)
    .map((parameter) => `\n  ${variableText(parameter)}`)
    .join('');
}

function definitionText(type: Type): string {
  if (type.kind === 'enum') {
    return `(\n${[...type.values].map(([name, value]) => `  ${name} := ${value}`).join(',\n')}\n) ${type.base.name}`;
  }
  if (type.kind === 'struct') {
    const members = [...type.members.values()].map((member) => `  ${member.name} : ${describeType(member.type)};`);
    return `${type.isUnion ? 'UNION' : 'STRUCT'}\n${members.join('\n')}`;
  }
  return describeType(type);
}

/** The comment beside or right above a declaration, without its delimiters. Empty: there is none. */
export function commentOf(symbol: CodeSymbol): string {
  const { site } = symbol;
  if (site === null) return '';
  const { file, identifier } = site;
  const lineEnd = endOfLine(file.text, identifier.end);
  const beside = file.comments.find(({ start }) => start >= identifier.end && start < lineEnd);
  if (beside !== undefined) return plainComment(file, beside);
  const lineStart = file.text.lastIndexOf('\n', identifier.start - 1) + 1;
  const above = file.comments.filter(({ end }) => end <= lineStart && file.text.slice(end, lineStart).trim() === '');
  const last = above.at(-1);
  return last === undefined || file.text.slice(last.end, lineStart).split('\n').length > 2
    ? ''
    : plainComment(file, last);
}

function plainComment(file: SourceFile, { start, end }: { readonly start: number; readonly end: number }): string {
  return file.text
    .slice(start, end)
    .replace(/^(\(\*|\/\*|\/\/+)/, '')
    .replace(/(\*\)|\*\/)$/, '')
    .replace(/^[\s*]+/gm, '')
    .trim();
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
