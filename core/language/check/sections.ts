/** What a VAR section may say: retention, addresses, edges, open arrays, agreement with globals. */

import { isBoolean, isUnknown } from '../semantics/elementary-types.js';
import { keyOf } from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import type { VariableDeclaration, VariableSection } from '../syntax/tree.js';
import { type CheckContext, declaredAt, report } from './context.js';

const PARAMETERS: ReadonlySet<string> = new Set(['VAR_INPUT', 'VAR_OUTPUT', 'VAR_IN_OUT']);
const NOT_KEPT: ReadonlySet<string> = new Set(['VAR_TEMP', 'VAR_IN_OUT', 'VAR_EXTERNAL']);

/** Checks the words of a section and of its declarations. */
export function checkSection(context: CheckContext, section: VariableSection): void {
  const [first] = section.variables;
  const { sectionKind, retention } = section;
  if (retention !== 'default' && retention !== 'non-retain' && first !== undefined && NOT_KEPT.has(sectionKind))
    report(context, 'PW2053', first, `Variables in ${sectionKind} can't be kept. Remove ${wordsOf(retention)}.`);
  for (const declaration of section.variables) {
    checkLocation(context, section, declaration);
    checkEdge(context, declaration);
    checkOpenArray(context, section, declaration);
    if (sectionKind === 'VAR_EXTERNAL') checkExternal(context, section, declaration);
  }
}

function wordsOf(retention: VariableSection['retention']): string {
  return retention.toUpperCase().replace('-', ' ');
}

function checkLocation(context: CheckContext, section: VariableSection, declaration: VariableDeclaration): void {
  const { kind, pou } = context.unit;
  const isFunction = kind === 'method' || (kind === 'pou' && pou?.pouKind === 'function');
  const isPassing = section.sectionKind === 'VAR_TEMP' || section.sectionKind === 'VAR_IN_OUT';
  if (!isPassing && !(isFunction && section.sectionKind !== 'VAR_STAT' && section.sectionKind !== 'VAR_INST')) return;
  // SCL overlays variables: "a AT b" names another variable, not an address.
  for (const { location, name } of declaration.names)
    if (location?.text.startsWith('%') === true)
      report(
        context,
        'PW2054',
        location,
        `"${name.name}" lives for one call only and has no fixed address. Declare ${location.text} in a program or as a global variable.`,
      );
}

function checkEdge(context: CheckContext, declaration: VariableDeclaration): void {
  const type = context.index.facts.typeNodes.get(declaration.type);
  if (declaration.edge === null || type === undefined || isUnknown(type) || isBoolean(type)) return;
  const word = declaration.edge === 'rising' ? 'R_EDGE' : 'F_EDGE';
  report(context, 'PW2055', declaration.type, `${word} sees a BOOL change, and this is ${describeType(type)}.`);
}

function checkOpenArray(context: CheckContext, section: VariableSection, { type }: VariableDeclaration): void {
  if (type.kind !== 'ArrayType' || PARAMETERS.has(section.sectionKind)) return;
  const open = type.dimensions.find(({ lower, upper }) => lower === null && upper === null);
  if (open !== undefined)
    report(
      context,
      'PW2057',
      type,
      'Only a parameter can leave its bounds open. Write them, for example ARRAY[1..10].',
    );
}

function checkExternal(context: CheckContext, section: VariableSection, declaration: VariableDeclaration): void {
  if (declaration.initializer !== null)
    report(
      context,
      'PW2051',
      declaration.initializer,
      'A VAR_EXTERNAL has no initial value of its own. Write it in VAR_GLOBAL.',
    );
  if (section.isConstant) return;
  for (const { name } of declaration.names) {
    const global = context.unit.variables.get(keyOf(name.name))?.externalTarget;
    if (global?.isConstant === true)
      report(
        context,
        'PW2050',
        name,
        `The global "${global.name}" is CONSTANT. Write VAR_EXTERNAL CONSTANT.`,
        declaredAt(global),
      );
  }
}
