/** All that a project says, as text that two projects can be compared by. */

import { walk } from '../syntax/walk.js';
import type { Project } from './model.js';
import { type CodeSymbol, keyOf, type VariableSymbol } from './symbols.js';
import { describeType } from './type-names.js';
import type { Type } from './types.js';

/** Findings, schedule, symbols with their types, and per node its type, symbol, constant and call. */
export function digestOfProject(project: Project): readonly string[] {
  return [
    ...project.findings.map((finding) => JSON.stringify(finding)),
    ...project.schedule.map(
      ({ name, interval, priority, programs }) =>
        `task ${name} ${interval} ${priority} ${programs.map((one) => `${one.instanceName}:${one.pou.qualifiedName}`).join(' ')}`,
    ),
    ...project.pous.flatMap(linesOfPou),
    ...[...project.globals].map(([key, variable]) => `global ${key} ${lineOfVariable(variable)}`),
    ...project.files.flatMap((file) => linesOfNodes(project, file)),
  ];
}

function linesOfPou(pou: Project['pous'][number]): string[] {
  return [
    `pou ${pou.pouKind} ${place(pou)} base ${pou.base?.qualifiedName} result ${shape(pou.returnType)}`,
    ...[...pou.variables.values()].map(lineOfVariable),
    ...[...pou.methods.values()].flatMap((method) => [
      `method ${place(method)} ${shape(method.returnType)}`,
      ...[...method.variables.values()].map(lineOfVariable),
    ]),
    ...[...pou.properties.values()].map((property) => `property ${place(property)} ${shape(property.type)}`),
    ...[...pou.actions.values()].map((action) => `action ${place(action)}`),
  ];
}

function lineOfVariable(variable: VariableSymbol): string {
  const { scope, isConstant, retention, externalTarget } = variable;
  return `  ${place(variable)} ${scope} ${isConstant} ${retention} ${externalTarget?.qualifiedName} ${shape(variable.type)}`;
}

function place(symbol: CodeSymbol): string {
  const site = symbol.site;
  return site === null
    ? symbol.qualifiedName
    : `${symbol.qualifiedName} at ${site.file.path}:${site.identifier.start}-${site.identifier.end}`;
}

/** The type in words, and what of it the words leave out. */
function shape(type: Type): string {
  if (type.kind === 'struct')
    return `${describeType(type)}{${[...type.members.values()].map((one) => `${keyOf(one.name)}:${describeType(one.type)}`).join(' ')}}`;
  if (type.kind === 'enum')
    return `${type.name}(${[...type.values].map(([name, value]) => `${name}=${value}`).join(' ')})${type.isStrict}`;
  if (type.kind === 'pou') return `pou ${place(type.pou)} ${type.pou.variables.size}`;
  return describeType(type);
}

function linesOfNodes({ model }: Project, file: Project['files'][number]): string[] {
  const lines: string[] = [];
  walk(file, (node) => {
    const parts: string[] = [];
    const asked = node as Parameters<typeof model.typeOf>[0];
    if (node.kind !== 'Identifier') parts.push(shape(model.typeOf(asked)), shape(model.operandTypeOf(asked)));
    const symbol = model.symbolOf(asked);
    if (symbol !== null) parts.push(`${symbol.kind} ${place(symbol)}`);
    if (node.kind === 'Name' || node.kind === 'Binary' || node.kind === 'Literal' || node.kind === 'Member')
      parts.push(String(model.constantOf(node)));
    if (node.kind === 'Call') {
      const call = model.callOf(node);
      parts.push(
        `${call?.target?.qualifiedName} ${call?.bindings.map((one) => `${one.parameterName}:${shape(one.parameterType)}`).join(' ')}`,
      );
    }
    lines.push(`${file.path}:${node.start}-${node.end} ${node.kind} ${parts.join(' ')}`);
    return undefined;
  });
  return lines;
}
