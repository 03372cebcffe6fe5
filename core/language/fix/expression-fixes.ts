/** Fixes inside of statements: conversions, pointers, arguments, conditions. */

import type { Type } from '../semantics/types.js';
import type { Expression } from '../syntax/tree.js';
import type { SyntaxNode } from '../syntax/walk.js';
import { type Fix, type FixMaker, type FixPlace, filling, innermost, remove, replace, wholeLines } from './fix.js';
import { isElementaryName, typeText } from './name-fixes.js';

/** `DINT_TO_INT(x)` around a value that its place can't take. */
export const convertValue: FixMaker = (place) => {
  const found = filling(place);
  if (found === null) return [];
  const { node, parent } = found;
  const { model } = place.project;
  const to = wantedType(place, node, parent);
  const from = typeText(model.typeOf(node as Expression));
  if (to === null || from === null || to === from || !isElementaryName(from) || !isElementaryName(to)) return [];
  const name = `${from}_TO_${to}`;
  if (place.project.lookup(name) === null) return [];
  const written = place.file.text.slice(node.start, node.end);
  return [replace(`Convert with ${name}`, node, `${name}(${written})`)];
};

function wantedType(place: FixPlace, node: SyntaxNode, parent: SyntaxNode): string | null {
  const { model } = place.project;
  if (parent.kind === 'Assignment' && parent.value === node) return typeText(model.typeOf(parent.target));
  if (parent.kind === 'VariableDeclaration') return typeText(model.typeOfNode(parent.type));
  if (parent.kind !== 'Argument') return null;
  const call = innermost({ ...place, nodes: place.nodes.slice(0, place.nodes.indexOf(parent)) }, 'Call');
  const binding = call === null ? undefined : model.callOf(call)?.bindings.find(({ argument }) => argument === parent);
  return binding === undefined ? null : typeText(binding.parameterType);
}

/** `x <> 0` for a number where a condition is wanted. */
export const compareWithZero: FixMaker = (place) => {
  const found = filling(place);
  const type: Type | null = found === null ? null : place.project.model.typeOf(found.node as Expression);
  const isNumber = type?.kind === 'elementary' && /INT$|^(BYTE|[DL]?WORD)$/.test(type.name);
  if (found === null || !isNumber) return [];
  const { node } = found;
  const written = place.file.text.slice(node.start, node.end);
  const isSimple = node.kind === 'Name' || node.kind === 'Member' || node.kind === 'Index' || node.kind === 'Call';
  return [replace('Compare with 0', node, `${isSimple ? written : `(${written})`} <> 0`)];
};

/** `p.x` of a pointer is `p^.x`. */
export const dereference: FixMaker = (place) => {
  const access = innermost(place, 'Member');
  if (access === null) return [];
  return [replace('Insert "^"', { start: access.object.end, end: access.object.end }, '^')];
};

export const removeDereference: FixMaker = (place) => {
  const found = innermost(place, 'Dereference');
  return found === null ? [] : [remove('Remove "^"', { start: found.object.end, end: found.end })];
};

/** `:=` for an input, `=>` for an output. */
export const swapDirection: FixMaker = (place) => {
  const argument = innermost(place, 'Argument');
  if (argument?.name == null || argument.value === null) return [];
  const [from, to] = argument.direction === 'in' ? [':=', '=>'] : ['=>', ':='];
  const at = place.file.text.slice(argument.name.end, argument.value.start).indexOf(from);
  if (at < 0) return [];
  const start = argument.name.end + at;
  return [replace(`Change to "${to}"`, { start, end: start + from.length }, to)];
};

/** `x = TRUE` is `x`. */
export const withoutComparison: FixMaker = (place) => {
  const binary = place.nodes.findLast(
    (node) => node.kind === 'Binary' && (node.operator === '=' || node.operator === '<>'),
  );
  if (binary?.kind !== 'Binary') return [];
  const [value, other] = isBool(binary.right) ? [binary.right, binary.left] : [binary.left, binary.right];
  if (!isBool(value)) return [];
  const { text } = place.file;
  const isPositive = (value.value === true) === (binary.operator === '=');
  const isSimple =
    other.kind === 'Name' || other.kind === 'Member' || other.kind === 'Index' || other.kind === 'Parenthesized';
  const written = text.slice(other.start, other.end);
  const negated = isSimple ? `NOT ${written}` : `NOT (${written})`;
  return [replace('Remove the comparison', binary, isPositive ? written : negated)];
};

function isBool(node: Expression): node is Extract<Expression, { kind: 'Literal' }> {
  return node.kind === 'Literal' && node.literalKind === 'bool';
}

/** Writes a name as it is declared. */
export const declaredSpelling: FixMaker = (place) => {
  const identifier = innermost(place, 'Identifier');
  const symbol = identifier === null ? null : place.project.model.symbolOf(identifier);
  if (identifier === null || symbol === null || identifier.quoting !== 'none') return [];
  return [replace(`Write "${symbol.name}"`, identifier, symbol.name)];
};

// ---------------------------------------------------------------------------------------------- removing

const STATEMENTS: ReadonlySet<string> = new Set([
  'Assignment',
  'CallStatement',
  'EmptyStatement',
  'Label',
  'Exit',
  'Continue',
]);

export const removeStatement: FixMaker = (place) => {
  const statement = place.nodes.findLast(({ kind }) => STATEMENTS.has(kind));
  return statement === undefined ? [] : [remove('Remove the statement', wholeLines(place.file, statement))];
};

/** Removes the variable, with its declaration when it is the only one in it. */
export const removeVariable: FixMaker = (place) => {
  const [declaration, name] = [innermost(place, 'VariableDeclaration'), innermost(place, 'VariableName')];
  if (declaration === null || name === null) return [];
  const title = `Remove "${name.name.name}"`;
  if (declaration.names.length > 1) return [removeName(place, title, declaration.names, name)];
  const { text } = place.file;
  const semicolon = /^\s*;/.exec(text.slice(declaration.end))?.[0].length ?? 0;
  const comment =
    /^[ \t]*(?:\/\/[^\r\n]*|\(\*[^\r\n]*?\*\))/.exec(text.slice(declaration.end + semicolon))?.[0].length ?? 0;
  const end = declaration.end + semicolon + comment;
  return [remove(title, wholeLines(place.file, { start: declaration.start, end }))];
};

function removeName(
  { file }: FixPlace,
  title: string,
  names: readonly { readonly start: number; readonly end: number }[],
  name: { readonly start: number; readonly end: number },
): Fix {
  const at = names.findIndex(({ start }) => start === name.start);
  const [before, behind] = [names[at - 1], names[at + 1]];
  if (before !== undefined) return remove(title, { start: before.end, end: name.end });
  const end = behind === undefined ? name.end : behind.start;
  return remove(title, { start: name.start, end: Math.min(end, file.text.length) });
}

export const removeSection: FixMaker = (place) => {
  const section = innermost(place, 'VariableSection');
  return section === null ? [] : [remove('Remove the empty section', wholeLines(place.file, section))];
};
