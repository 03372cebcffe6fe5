/** Fixes for names that nothing declares: the name that was meant, or a declaration. */

import { createLibrary } from '../library/library.js';
import { DIALECT_RULES } from '../semantics/dialect-rules.js';
import { elementaryNamed } from '../semantics/elementary-types.js';
import type { Project } from '../semantics/model.js';
import { declaredSymbols, enclosingPou } from '../semantics/queries.js';
import { nearestName } from '../semantics/suggestions.js';
import type { CodeSymbol } from '../semantics/symbols.js';
import { membersOfType } from '../semantics/tags.js';
import { ELEMENTARY_TYPE_NAMES, type ElementaryTypeName, type Type } from '../semantics/types.js';
import type { Expression, Identifier, Method, Pou, VariableSection } from '../syntax/tree.js';
import { type Fix, type FixMaker, type FixPlace, filling, innermost, replace } from './fix.js';

function changeTo({ file }: FixPlace, identifier: Identifier, names: Iterable<string>): Fix[] {
  const nearest = nearestName(identifier.name, names);
  if (nearest === null) return [];
  // Quotes and the "#" of Siemens names stay as they are.
  const at = file.text.slice(identifier.start, identifier.end).indexOf(identifier.name);
  if (at < 0) return [];
  const start = identifier.start + at;
  return [replace(`Change to "${nearest}"`, { start, end: start + identifier.name.length }, nearest)];
}

/** The name of a variable, function or instance that is nearest to what was written. */
export const similarName: FixMaker = (place) => {
  const identifier = innermost(place, 'Identifier');
  if (identifier === null) return [];
  return changeTo(place, identifier, visibleNames(place));
};

/** As `similarName`, with the functions and blocks of the libraries. */
export const similarFunction: FixMaker = (place) => {
  const identifier = innermost(place, 'Identifier');
  if (identifier === null) return [];
  const library = createLibrary(DIALECT_RULES[place.project.dialect]);
  return changeTo(place, identifier, [...visibleNames(place), ...library.names()]);
};

function visibleNames({ project, file, span }: FixPlace): string[] {
  const { pou, member } = enclosingPou(project, file, span.start);
  const names: string[] = [];
  for (let current = pou, depth = 0; current !== null && depth < 64; current = current.base, depth++)
    names.push(
      ...namesOf(current.variables),
      ...namesOf(current.methods),
      ...namesOf(current.properties),
      ...namesOf(current.actions),
    );
  if (member?.kind === 'method') names.push(...namesOf(member.variables));
  names.push(...namesOf(project.globals), ...declaredSymbols(project).map(({ name }) => name));
  return names;
}

function namesOf(symbols: ReadonlyMap<string, { readonly name: string }>): string[] {
  return [...symbols.values()].map(({ name }) => name);
}

/** The type, block or interface that is nearest to what was written. */
export const similarType: FixMaker = (place) => {
  const identifier = innermost(place, 'Identifier');
  if (identifier === null) return [];
  const declared = declaredSymbols(place.project)
    .filter(({ kind }) => kind === 'type' || kind === 'pou' || kind === 'interface')
    .map(({ name }) => name);
  return changeTo(place, identifier, [...declared, ...ELEMENTARY_TYPE_NAMES]);
};

/** The member of the structure, block, list or enumeration that is nearest to what was written. */
export const similarMember: FixMaker = (place) => {
  const access = innermost(place, 'Member');
  if (access === null) return [];
  return changeTo(place, access.member, memberNames(place.project, access.object));
};

function memberNames({ model }: Project, object: Expression): string[] {
  const symbol = model.symbolOf(object);
  const names = symbol === null ? [] : namesInside(symbol);
  const type = model.typeOf(object);
  names.push(...namesOf(membersOfType(type)));
  if (type.kind === 'pou')
    names.push(...namesOf(type.pou.methods), ...namesOf(type.pou.properties), ...namesOf(type.pou.actions));
  return names;
}

function namesInside(symbol: CodeSymbol): string[] {
  if (symbol.kind === 'type') {
    const node = symbol.declaration?.definition;
    return node?.kind === 'EnumType' ? node.values.map(({ name }) => name.name) : [];
  }
  return symbol.kind === 'global-list' ? namesOf(symbol.variables) : [];
}

/** The parameter of the call that is nearest to what was written. */
export const similarParameter: FixMaker = (place) => {
  const [call, identifier] = [innermost(place, 'Call'), innermost(place, 'Identifier')];
  const target = call === null ? null : (place.project.model.callOf(call)?.target ?? null);
  if (identifier === null || target === null || target.kind === 'action') return [];
  const parameters = [...target.variables.values()].filter(({ scope }) =>
    ['input', 'output', 'in-out'].includes(scope),
  );
  return changeTo(
    place,
    identifier,
    parameters.map(({ name }) => name),
  );
};

// ---------------------------------------------------------------------------------------------- declaring

/** Declares the variable in the innermost method, function, block or program, with the type that its use asks for. */
export const declareVariable: FixMaker = (place) => {
  const name = innermost(place, 'Name');
  const owner = innermost(place, 'Method') ?? innermost(place, 'Pou');
  if (name === null || owner === null || name.name.quoting === 'quotes') return [];
  const type = typeOfUse(place) ?? 'INT';
  const edit = declarationEdit(place, owner, `${name.name.name} : ${type};`);
  if (edit === null) return [];
  return [{ title: `Declare "${name.name.name}" as ${type}`, edits: [edit], isPreferred: false }];
};

/** What the place of a name wants: the type of the other side, of the parameter, or BOOL in a condition. */
function typeOfUse(place: FixPlace): string | null {
  const found = filling({ ...place, nodes: place.nodes.filter(({ kind }) => kind !== 'Identifier') });
  if (found === null) return null;
  const { node, parent } = found;
  const { model } = place.project;
  switch (parent.kind) {
    case 'Assignment':
      return typeText(model.typeOf(parent.target === node ? parent.value : parent.target));
    case 'Argument': {
      const call = innermost(place, 'Call');
      const binding =
        call === null ? undefined : model.callOf(call)?.bindings.find(({ argument }) => argument === parent);
      return binding === undefined ? null : typeText(binding.parameterType);
    }
    case 'Binary':
      if (parent.operator === 'AND' || parent.operator === 'OR') return 'BOOL';
      return typeText(model.typeOf(parent.left === node ? parent.right : parent.left));
    case 'ConditionalBranch':
    case 'While':
    case 'Repeat':
      return 'BOOL';
    case 'Unary':
      return parent.operator === 'NOT' ? 'BOOL' : null;
    default:
      return null;
  }
}

/** A type as it is written in a declaration; null where it has no name. */
export function typeText(type: Type): string | null {
  switch (type.kind) {
    case 'elementary':
      return type.name === 'ANY' ? null : type.name;
    case 'string':
      return `${type.isWide ? 'W' : ''}STRING${type.length === null ? '' : `[${type.length}]`}`;
    case 'literal':
      return type.class === 'real' ? 'REAL' : 'INT';
    case 'enum':
    case 'struct':
    case 'subrange':
      return type.name === '' ? null : type.name;
    case 'pou':
      return type.pou.name;
    default:
      return null;
  }
}

/** True for a name of a type that a conversion can be written with. */
export function isElementaryName(name: string): name is ElementaryTypeName {
  return elementaryNamed(name) !== null;
}

function declarationEdit({ file }: FixPlace, owner: Pou | Method, declaration: string) {
  const section = owner.sections.findLast(
    (one) =>
      (one.sectionKind === 'VAR' || one.sectionKind === 'VAR_TEMP') && !one.isConstant && isWritten(file.text, one),
  );
  if (section !== undefined) return behindLast(file.text, section, declaration);
  const headEnd = owner.sections.at(-1)?.end ?? owner.returnType?.end ?? owner.name.end;
  if (owner.name.end > headEnd || !/^[A-Za-z]/.test(file.text.slice(owner.start, owner.start + 1))) return null;
  const at = endOfLine(file.text, headEnd);
  return { start: at, end: at, text: `\nVAR\n    ${declaration}\nEND_VAR` };
}

/** Containers such as L5X declare variables in attributes: nothing can be inserted there. */
function isWritten(text: string, { start, end }: VariableSection): boolean {
  return /^VAR/i.test(text.slice(start, start + 3)) && /END_VAR$/i.test(text.slice(start, end));
}

function behindLast(text: string, section: VariableSection, declaration: string) {
  const last = section.variables.at(-1);
  const keywordAt = section.end - 'END_VAR'.length;
  const lineStart = text.lastIndexOf('\n', keywordAt - 1) + 1;
  const indentation = last === undefined ? '    ' : (/[ \t]*$/.exec(text.slice(0, last.start))?.[0] ?? '');
  const isOwnLine = text.slice(lineStart, keywordAt).trim() === '';
  if (isOwnLine) return { start: lineStart, end: lineStart, text: `${indentation}${declaration}\n` };
  return { start: keywordAt, end: keywordAt, text: `${declaration} ` };
}

function endOfLine(text: string, offset: number): number {
  const end = text.slice(offset).search(/\r?\n/);
  return end < 0 ? text.length : offset + end;
}
