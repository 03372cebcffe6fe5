/** What an L5X file declares beside its routines, as declarations of the syntax tree. */

import { NO_MODIFIERS } from '../../language/syntax/members.js';
import type {
  Body,
  Configuration,
  Declaration,
  GlobalVariableList,
  Pou,
  ProgramInstance,
  TaskDeclaration,
  TypeDeclaration,
  TypeNode,
  VariableSection,
} from '../../language/syntax/tree.js';
import { attributeSpan, childNamed, childrenNamed, type XmlElement } from '../xml/xml-tree.js';
import { typeOfAlias } from './l5x-aliases.js';
import { type L5xReader, nameFrom, sectionsOf, stringType, typeFrom, variableFrom } from './l5x-nodes.js';
import { actionFrom, bodyOf, routinesOf } from './l5x-routines.js';

/** User-defined types; the hidden hosts of BOOL members are storage, not members that a program names. */
export function dataTypes({ source }: L5xReader, elements: readonly XmlElement[]): TypeDeclaration[] {
  const { text } = source;
  return elements.map((element) => {
    const { start, end } = element;
    const name = nameFrom(text, element);
    const isString = element.attributes.get('Family') === 'StringFamily';
    const members = childNamed(element, 'Members');
    const visible = members === null ? [] : childrenNamed(members, 'Member').filter(isVisible);
    const definition: TypeNode = isString
      ? stringType(text, element)
      : {
          kind: 'StructType',
          start,
          end,
          isUnion: false,
          isOverlap: false,
          extends: null,
          members: visible.map((member) => variableFrom(source, member)),
        };
    return { kind: 'TypeDeclaration', start, end, name, definition, initializer: null, pragmas: [] };
  });
}

function isVisible(member: XmlElement): boolean {
  return member.attributes.get('Hidden') !== 'true';
}

/** Tags of a controller or program. `outer`: tags that an alias may name beside those of its own list. */
function tagSections(
  { source, unsupportedBodies, aliases }: L5xReader,
  sectionKind: 'VAR' | 'VAR_GLOBAL',
  tags: readonly XmlElement[],
  outer: readonly XmlElement[],
): VariableSection[] {
  const [first, last] = [tags[0], tags[tags.length - 1]];
  if (first === undefined || last === undefined) return [];
  const scope = [...tags, ...outer];
  // Two names of one tag are two variables in the tree: nothing that follows values may rely on them.
  for (const tag of tags.filter((one) => isAliasOf(one, scope))) {
    unsupportedBodies.push({ owner: nameOf(tag), language: 'alias', start: tag.start, end: tag.end });
    aliases.add(nameOf(tag).toUpperCase());
  }
  const variables = tags.map((tag) => ({
    declaration: variableFrom(source, tag, typeOfTag(source.text, tag, scope)),
    isConstant: tag.attributes.get('Constant') === 'true',
  }));
  return sectionsOf(sectionKind, { start: first.start, end: last.end }, variables);
}

function tagsOf(owner: XmlElement): XmlElement[] {
  const list = childNamed(owner, 'Tags');
  return list === null ? [] : childrenNamed(list, 'Tag');
}

function isAliasOf(tag: XmlElement, scope: readonly XmlElement[]): boolean {
  const target = /^\w+/.exec(tag.attributes.get('AliasFor') ?? '')?.[0].toUpperCase();
  return target !== undefined && scope.some((one) => nameOf(one).toUpperCase() === target);
}

function nameOf(element: XmlElement): string {
  return element.attributes.get('Name') ?? '';
}

function typeOfTag(text: string, tag: XmlElement, scope: readonly XmlElement[]): TypeNode {
  return tag.attributes.get('TagType') === 'Alias' ? typeOfAlias(text, tag, scope) : typeFrom(text, tag);
}

export function controllerTags(reader: L5xReader, controller: XmlElement): GlobalVariableList[] {
  const sections = tagSections(reader, 'VAR_GLOBAL', tagsOf(controller), []);
  const [first] = sections;
  if (first === undefined) return [];
  const { start, end } = first;
  return [{ kind: 'GlobalVariableList', start, end, name: null, qualifiedOnly: false, sections, pragmas: [] }];
}

const PARAMETER_SECTIONS = { Input: 'VAR_INPUT', Output: 'VAR_OUTPUT', InOut: 'VAR_IN_OUT' } as const;

/** An Add-On Instruction is a function block whose logic routine is the body; its other routines are actions. */
export function instructionFrom(reader: L5xReader, element: XmlElement): Pou {
  const { source } = reader;
  const name = nameFrom(source.text, element);
  const routines = routinesOf(element);
  const logic = routines.find((routine) => routine.attributes.get('Name')?.toLowerCase() === 'logic');
  const parameters = childNamed(element, 'Parameters');
  const locals = childNamed(element, 'LocalTags');
  const localTags = locals === null ? [] : childrenNamed(locals, 'LocalTag');
  const sections: VariableSection[] = [];
  for (const parameter of parameters === null ? [] : childrenNamed(parameters, 'Parameter')) {
    const usage = parameter.attributes.get('Usage');
    const sectionKind = usage === 'Output' || usage === 'InOut' ? PARAMETER_SECTIONS[usage] : PARAMETER_SECTIONS.Input;
    const declaration = variableFrom(source, parameter, typeOfTag(source.text, parameter, localTags));
    const isRequired = parameter.attributes.get('Required') === 'true' || usage === 'InOut';
    const written = isRequired ? declaration : { ...declaration, isOperand: false as const };
    sections.push(...sectionsOf(sectionKind, parameter, [{ declaration: written, isConstant: false }]));
  }
  if (locals !== null) {
    const variables = localTags.map((tag) => ({ declaration: variableFrom(source, tag), isConstant: false }));
    sections.push(...sectionsOf('VAR', locals, variables));
  }
  return {
    ...pouAt(element, name),
    pouKind: 'function-block',
    sections,
    actions: routines.filter((one) => one !== logic).map((one) => actionFrom(reader, one, name.name)),
    body: bodyOrEmpty(reader, element.name === 'EncodedData' ? element : logic, element, name.name),
  };
}

/** A program whose main routine is the body; JSR calls the other routines, which are actions of it. */
export function programFrom(reader: L5xReader, element: XmlElement, controller: XmlElement): Pou {
  const name = nameFrom(reader.source.text, element);
  const routines = routinesOf(element);
  const mainName = element.attributes.get('MainRoutineName')?.toLowerCase();
  const main = routines.find((routine) => routine.attributes.get('Name')?.toLowerCase() === mainName);
  const sections = tagSections(reader, 'VAR', tagsOf(element), tagsOf(controller));
  return {
    ...pouAt(element, name),
    pouKind: 'program',
    sections,
    actions: routines.filter((one) => one !== main).map((one) => actionFrom(reader, one, name.name)),
    body: bodyOrEmpty(reader, main, element, name.name),
  };
}

function bodyOrEmpty(reader: L5xReader, routine: XmlElement | undefined, place: XmlElement, owner: string): Body {
  if (routine !== undefined) return bodyOf(reader, routine, owner);
  return { kind: 'StatementList', start: place.end, end: place.end, statements: [] };
}

function pouAt({ start, end }: XmlElement, name: Pou['name']): Omit<Pou, 'pouKind' | 'sections' | 'actions' | 'body'> {
  return {
    kind: 'Pou',
    start,
    end,
    name,
    modifiers: NO_MODIFIERS,
    extends: [],
    implements: [],
    returnType: null,
    methods: [],
    properties: [],
    pragmas: [],
    usings: [],
  };
}

/** Tasks with the programs that they run, as one configuration. A continuous task has no interval. */
export function tasksFrom(
  { source }: L5xReader,
  controller: XmlElement,
  elements: readonly XmlElement[],
): Declaration[] {
  const { text } = source;
  if (elements.length === 0) return [];
  const programs: ProgramInstance[] = [];
  const declared = new Set(
    (childNamed(controller, 'Programs')?.children ?? []).map((one) => one.attributes.get('Name')?.toUpperCase()),
  );
  const tasks = elements.map((element): TaskDeclaration => {
    const name = nameFrom(text, element);
    for (const scheduled of childNamed(element, 'ScheduledPrograms')?.children ?? []) {
      const program = nameFrom(text, scheduled);
      if (!declared.has(program.name.toUpperCase())) continue;
      const { start, end } = scheduled;
      const type = { kind: 'QualifiedName', start: program.start, end: program.end, parts: [program] } as const;
      programs.push({ kind: 'ProgramInstance', start, end, name: program, task: name, type, arguments: [] });
    }
    const { start, end } = element;
    const isContinuous = element.attributes.get('Type') === 'CONTINUOUS';
    return {
      kind: 'Task',
      start,
      end,
      name,
      single: null,
      interval: isContinuous ? null : interval(text, element),
      priority: priority(text, element),
      ...(isContinuous ? { isContinuous } : {}),
      ...watchdog(element),
    };
  });
  const { start, end } = controller;
  const configuration: Configuration = {
    kind: 'Configuration',
    start,
    end,
    name: nameFrom(text, controller),
    sections: [],
    resources: [],
    tasks,
    programs,
    accessPaths: [],
    instanceInitializers: [],
  };
  return [configuration];
}

/** `Rate` is in milliseconds, with up to three decimals. */
function interval(text: string, task: XmlElement): TaskDeclaration['interval'] {
  const rate = Number(task.attributes.get('Rate'));
  const place = attributeSpan(text, task, 'Rate');
  if (place === null || !(rate > 0)) return null;
  const value = BigInt(Math.round(rate * 1000)) * 1000n;
  return { kind: 'Literal', ...place, literalKind: 'time', value, typePrefix: null };
}

/** `Watchdog` is in milliseconds, with up to three decimals. */
function watchdog(task: XmlElement): { readonly watchdog?: bigint } {
  const limit = Number(task.attributes.get('Watchdog'));
  return limit > 0 ? { watchdog: BigInt(Math.round(limit * 1000)) * 1000n } : {};
}

function priority(text: string, task: XmlElement): TaskDeclaration['priority'] {
  const written = task.attributes.get('Priority') ?? '';
  const place = attributeSpan(text, task, 'Priority');
  if (place === null || !/^\d+$/.test(written)) return null;
  return { kind: 'Literal', ...place, literalKind: 'integer', value: BigInt(written), typePrefix: null };
}
