/** VAR_CONFIG, VAR_ACCESS and the names of a configuration. IEC 61131-3 ed. 3, 6.8. */

import { familyOf, isUnknown, valueTypeOf } from '../semantics/elementary-types.js';
import type { DeclaredConfiguration, ProjectIndex } from '../semantics/project-index.js';
import { resolveType } from '../semantics/resolver.js';
import { suggestion } from '../semantics/suggestions.js';
import { keyOf, type VariableSymbol } from '../semantics/symbols.js';
import { membersOfType } from '../semantics/tags.js';
import { describeType } from '../semantics/type-names.js';
import { sameType } from '../semantics/type-relations.js';
import { variablesOf } from '../semantics/variables-of.js';
import type { Expression, Identifier, InstanceInitializer, TaskDeclaration } from '../syntax/tree.js';
import { type CheckContext, type Checker, checkExpression, contextOf, report } from './context.js';
import { declarationUnit } from './declaration-unit.js';
import { checkInitializer } from './initializers.js';

export function checkConfigurations(index: ProjectIndex, checker: Checker): void {
  for (const configuration of index.configurations) {
    const context = contextOf(index, declarationUnit(index, configuration.file, []), checker);
    checkNames(context, configuration);
    for (const one of configuration.declaration.instanceInitializers)
      checkInstanceInitializer(context, one, configuration);
    for (const access of configuration.declaration.accessPaths) {
      resolveType(index, access.type, index.scope, configuration.file);
      if (!startsAtResource(access.target, configuration)) checkExpression(context, access.target, null);
    }
    for (const resource of [configuration.declaration, ...configuration.declaration.resources])
      for (const task of resource.tasks) checkTask(context, task);
    index.reports.addAll(context.reports.all);
  }
}

/** IEC 61131-3 ed. 3, 6.8.2: what starts a task, and the types of its properties. */
function checkTask(context: CheckContext, task: TaskDeclaration): void {
  const { name, single, interval, priority } = task;
  if (single === null && interval === null && name.name !== '' && task.isContinuous !== true)
    report(context, 'PW2052', name, `Nothing starts the task "${name.name}". Give it an INTERVAL or SINGLE.`);
  const wanted = [
    ['SINGLE', single, 'BOOL', ['boolean']],
    ['INTERVAL', interval, 'TIME', ['duration']],
    ['PRIORITY', priority, 'a whole number', ['signed', 'unsigned', 'bits']],
  ] as const;
  for (const [word, value, expected, families] of wanted) {
    if (value === null) continue;
    const type = checkExpression(context, value, null);
    const family = familyOf(valueTypeOf(type));
    const isNumber = type.kind === 'literal' && type.class === 'integer';
    const fits = isNumber ? word === 'PRIORITY' : families.some((one) => one === family);
    // A PRIORITY that is no number is told where the schedule is made.
    if (!fits && !isUnknown(type) && word !== 'PRIORITY')
      report(context, 'PW2056', value, `${word} must be ${expected}, and this is ${describeType(type)}.`);
  }
}

/** `Resource.Program.variable`: resources are no symbols, so the path is left alone. */
function startsAtResource(target: Expression, { declaration }: DeclaredConfiguration): boolean {
  let root = target;
  while (root.kind === 'Member' || root.kind === 'Index') root = root.object;
  if (root.kind !== 'Name') return false;
  const key = keyOf(root.name.name);
  return declaration.resources.some((resource) => keyOf(resource.name.name) === key);
}

/** Resources, tasks and programs of one level have names of their own. */
function checkNames(context: CheckContext, { declaration }: DeclaredConfiguration): void {
  reportDuplicates(
    context,
    declaration.resources.map((resource) => resource.name),
    'resource',
  );
  for (const resource of [declaration, ...declaration.resources]) {
    reportDuplicates(
      context,
      resource.tasks.map((task) => task.name),
      'task',
    );
    reportDuplicates(
      context,
      resource.programs.map((program) => program.name),
      'program instance',
    );
  }
}

function reportDuplicates(context: CheckContext, names: readonly Identifier[], what: string): void {
  const seen = new Map<string, Identifier>();
  for (const name of names) {
    const key = keyOf(name.name);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, name);
    else if (key !== '')
      report(context, 'PW2045', name, `The ${what} "${name.name}" is already declared here. Rename one of the two.`, [
        { file: context.file, span: first, message: 'first declared here' },
      ]);
  }
}

/** `Instance.block.variable AT %IX0.0 : BOOL := …` names a variable of an instance with its type. */
function checkInstanceInitializer(
  context: CheckContext,
  one: InstanceInitializer,
  { declaration }: DeclaredConfiguration,
): void {
  const { index } = context;
  const type = resolveType(index, one.type, index.scope, context.file);
  const resources = new Set(declaration.resources.map((resource) => keyOf(resource.name.name)));
  const [first, ...rest] = one.path.filter((name, position) => position > 0 || !resources.has(keyOf(name.name)));
  if (first === undefined) return;
  const declared = [declaration, ...declaration.resources].flatMap((part) => part.programs);
  const named = declared.find((instance) => keyOf(instance.name.name) === keyOf(first.name));
  if (named === undefined) {
    const names = declared.map((instance) => instance.name.name);
    report(
      context,
      'PW2044',
      first,
      `There is no program instance "${first.name}" in the configuration.${suggestion(first.name, names)}`,
    );
    return;
  }
  const program = index.programInstances.find((instance) => instance.declaration === named);
  if (program === undefined) return;
  index.facts.symbols.set(first, program);
  let members: ReadonlyMap<string, VariableSymbol> = new Map(
    variablesOf(program.pou).map((variable) => [keyOf(variable.name), variable]),
  );
  let owner = program.pou.name;
  let symbol: VariableSymbol | null = null;
  for (const name of rest) {
    const found: VariableSymbol | undefined = members.get(keyOf(name.name));
    if (found === undefined) {
      report(
        context,
        'PW2044',
        name,
        `"${owner}" has no variable "${name.name}".${suggestion(name.name, members.keys())}`,
      );
      return;
    }
    index.facts.symbols.set(name, found);
    symbol = found;
    owner = found.name;
    members = membersOfType(found.type);
  }
  if (symbol === null) return;
  if (!isUnknown(type) && !isUnknown(symbol.type) && !sameType(type, symbol.type))
    report(
      context,
      'PW2015',
      one.type,
      `"${symbol.qualifiedName}" is ${describeType(symbol.type)}, and here it is declared as ${describeType(type)}.`,
    );
  if (one.initializer !== null) checkInitializer(context, symbol.type, one.initializer);
}
