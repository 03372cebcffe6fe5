/** Declarations with their types known: initial values, constants, externals, instances of abstract blocks. */

import { constantInScope } from '../semantics/constants.js';
import { isUnknown } from '../semantics/elementary-types.js';
import { isOpenPou } from '../semantics/project-index.js';
import { memberOfPou } from '../semantics/scope.js';
import { suggestion } from '../semantics/suggestions.js';
import { keyOf, type VariableSymbol } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { sameType } from '../semantics/type-relations.js';
import type { Type } from '../semantics/types.js';
import type {
  Argument,
  Expression,
  Identifier,
  NamedTypeNode,
  TypeNode,
  VariableDeclaration,
  VariableSection,
} from '../syntax/tree.js';
import { parametersOf } from './arguments.js';
import { type CheckContext, checkExpression, declaredAt, recordSymbol, report } from './context.js';
import { checkInitializer } from './initializers.js';
import { checkSection } from './sections.js';
import { checkEnumNode, checkStringLength, checkSubrangeBase } from './type-nodes.js';
import { checkValue } from './values.js';

/** Checks the sections of a unit. */
export function checkSections(context: CheckContext): void {
  for (const section of context.unit.sections) {
    for (const declaration of section.variables) checkDeclaration(context, declaration, section);
    checkSection(context, section);
    if (section.sectionKind === 'VAR_EXTERNAL') checkExternals(context, section);
  }
}

function checkDeclaration(
  context: CheckContext,
  declaration: VariableDeclaration,
  section: VariableSection | null,
): void {
  const type = context.index.facts.typeNodes.get(declaration.type);
  if (type === undefined) return;
  checkTypeNode(context, declaration.type);
  if (declaration.initializer !== null) checkInitializer(context, type, declaration.initializer);
  const [first] = declaration.names;
  if (first === undefined) return;
  if (
    type.kind === 'pou' &&
    type.pou.declaration?.modifiers.isAbstract === true &&
    section?.sectionKind !== 'VAR_IN_OUT'
  )
    report(
      context,
      'PW2023',
      declaration.type,
      `"${type.pou.name}" is ABSTRACT and has no instances. Declare a block that extends it.`,
      declaredAt(type.pou),
    );
  if (section === null) return;
  for (const { name } of declaration.names) checkShadowing(context, name, section);
  const isFixed =
    section.isConstant &&
    section.sectionKind !== 'VAR_EXTERNAL' &&
    section.sectionKind !== 'VAR_IN_OUT' &&
    section.sectionKind !== 'VAR_INPUT';
  if (isFixed && declaration.initializer === null && !isUnknown(type) && type.kind !== 'pou' && type.kind !== 'struct')
    report(context, 'PW2028', first, `The constant "${first.name.name}" has no value. Give it one with ":= …".`);
  if (section.sectionKind === 'VAR_IN_OUT' && declaration.initializer !== null)
    report(
      context,
      'PW2038',
      declaration.initializer,
      `A VAR_IN_OUT is the caller's variable and has no initial value of its own. Remove it.`,
    );
}

/** A variable that hides one of a base or a global one is read by mistake sooner or later. */
function checkShadowing(context: CheckContext, name: Identifier, section: VariableSection): void {
  const { pou, kind } = context.unit;
  const key = keyOf(name.name);
  if (kind === 'declarations' || section.sectionKind === 'VAR_EXTERNAL' || key === '') return;
  const inherited = kind === 'pou' && pou?.base != null ? memberOfPou(pou.base, key) : null;
  if (inherited !== null) {
    report(
      context,
      'PW2013',
      name,
      `"${name.name}" hides "${inherited.qualifiedName}". Rename one of the two.`,
      declaredAt(inherited),
    );
    return;
  }
  const member = kind === 'method' && pou !== null ? memberOfPou(pou, key) : null;
  if (member?.kind === 'variable' && section.sectionKind === 'VAR') {
    report(
      context,
      'PW2074',
      name,
      `"${name.name}" hides "${member.qualifiedName}" in this method. Rename one of the two.`,
      declaredAt(member),
    );
    return;
  }
  const global = context.index.scope.value(key);
  if (global?.kind === 'variable' && (kind === 'pou' || kind === 'method'))
    report(
      context,
      'PW2048',
      name,
      `"${name.name}" hides the global variable "${global.qualifiedName}". Rename one of the two.`,
      declaredAt(global),
    );
}

/** Expressions inside of types: bounds, lengths, arguments of FB_init. Their names get symbols, too. */
export function checkTypeNode(context: CheckContext, node: TypeNode): void {
  switch (node.kind) {
    case 'ArrayType':
      for (const { lower, upper } of node.dimensions)
        for (const bound of [lower, upper]) {
          if (bound === null) continue;
          const type = checkValue(context, bound, null);
          if (!isUnknown(type) && !isConstant(context, bound))
            report(context, 'PW2034', bound, 'A bound of an array must be a constant.');
        }
      checkTypeNode(context, node.element);
      return;
    case 'StringType':
      checkStringLength(context, node);
      if (node.length !== null) {
        const type = checkValue(context, node.length, null);
        if (!isUnknown(type) && !isConstant(context, node.length))
          report(context, 'PW2034', node.length, 'The length of a string must be a constant.');
      }
      return;
    case 'SubrangeType':
      checkValue(context, node.lower, null);
      checkValue(context, node.upper, null);
      checkSubrangeBase(context, node.base);
      return;
    case 'PointerType':
      checkTypeNode(context, node.target);
      return;
    case 'StructType':
      for (const member of node.members) checkDeclaration(context, member, null);
      return;
    case 'EnumType':
      for (const { value } of node.values) if (value !== null) checkExpression(context, value, null);
      checkEnumNode(context, node);
      return;
    case 'NamedType':
      checkConstructorArguments(context, node, node.arguments);
      for (const { members } of node.elementArguments ?? []) checkConstructorArguments(context, node, members);
      return;
    case 'ErrorType':
      return;
  }
}

/** `fb : Motor(speed := 3)`: parameters of FB_init without the two that the runtime gives, or inputs of the block. */
function checkConstructorArguments(context: CheckContext, node: NamedTypeNode, list: readonly Argument[]): void {
  if (list.length === 0) return;
  const type = context.index.facts.typeNodes.get(node);
  const pou = type?.kind === 'pou' ? type.pou : null;
  const initMethod = pou === null ? null : memberOfPou(pou, 'FB_INIT');
  const parameters = initMethod?.kind === 'method' ? parametersOf(initMethod).slice(2) : [];
  list.forEach((argument, position) => {
    if (argument.value === null) return;
    const key = keyOf(argument.name?.name ?? '');
    const input = pou === null || key === '' ? null : memberOfPou(pou, key);
    const parameter =
      argument.name === null ? parameters[position] : (parameters.find((one) => keyOf(one.name) === key) ?? input);
    if (parameter?.kind === 'variable') {
      if (argument.name !== null) recordSymbol(context, argument.name, parameter);
      checkInitializer(context, parameter.type, argument.value);
      return;
    }
    checkExpression(context, argument.value, null);
    if (pou === null || isOpenPou(context.index, pou) || pou.isLibrary) return;
    report(
      context,
      'PW3027',
      argument,
      argument.name === null
        ? `FB_init of "${pou.name}" takes ${parameters.length} argument(s).`
        : `Neither FB_init nor the inputs of "${pou.name}" have a parameter "${argument.name.name}".`,
    );
  });
}

/** A constant without a usable value counts as one: that was reported where it is declared. */
function isConstant(context: CheckContext, expression: Expression): boolean {
  const symbol = context.index.facts.symbols.get(expression);
  return (
    (symbol?.kind === 'variable' && symbol.isConstant) ||
    constantInScope(context.index, context.scope, expression) !== null
  );
}

/** VAR_EXTERNAL names a global of the same type. IEC 61131-3 ed. 3, 6.5.2.2. */
function checkExternals(context: CheckContext, section: VariableSection): void {
  for (const declaration of section.variables)
    for (const { name } of declaration.names) {
      const symbol = context.unit.variables.get(keyOf(name.name));
      if (symbol === undefined) continue;
      const global = symbol.externalTarget;
      if (global === null) {
        if (context.index.missingLibraries.size === 0) reportNoGlobal(context, symbol);
        continue;
      }
      if (!agrees(symbol.type, global.type))
        report(
          context,
          'PW2015',
          declaration.type,
          `The global "${global.name}" is ${describeType(global.type)}, and here it is declared as ${describeType(symbol.type)}.`,
          declaredAt(global),
        );
    }
}

function agrees(left: Type, right: Type): boolean {
  return isUnknown(left) || isUnknown(right) || sameType(left, right);
}

function reportNoGlobal(context: CheckContext, symbol: VariableSymbol): void {
  const { site } = symbol;
  if (site === null) return;
  const names = [...context.index.globals.values()].map((variable) => variable.name);
  report(
    context,
    'PW2014',
    site.identifier,
    `There is no global variable "${symbol.name}".${suggestion(symbol.name, names) || ' Declare it in VAR_GLOBAL.'}`,
  );
}
