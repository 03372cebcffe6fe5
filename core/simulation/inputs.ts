/**
 * Which tags are inputs of a project: scalars, and scalar members of structures, that the environment sets because no
 * code writes them.
 */

import type { Project } from '../language/semantics/model.js';
import type { VariableSymbol } from '../language/semantics/symbols.js';
import type { Expression } from '../language/syntax/tree.js';
import { walk } from '../language/syntax/walk.js';

/**
 * Tags of program and global variables that no statement of the project writes: not assigned, no output or in-out
 * argument, no constant. A variable whose address is taken counts as written; a member that is written in one variable
 * of a type counts as written in all. Elements of arrays are left out. In order of declaration.
 */
export function inputTags(project: Project): string[] {
  const written = new Set<VariableSymbol>();
  const note = (expression: Expression | null): void => {
    for (let each = expression; each !== null; ) {
      switch (each.kind) {
        case 'Name':
        case 'Member': {
          const symbol = project.model.symbolOf(each);
          if (symbol?.kind === 'variable') written.add(symbol.externalTarget ?? symbol);
          return;
        }
        case 'Index':
        case 'Partial':
          each = each.object;
          break;
        case 'Parenthesized':
          each = each.expression;
          break;
        default:
          return;
      }
    }
  };
  for (const file of project.files) {
    walk(file, (node) => {
      if (node.kind === 'Assignment' || node.kind === 'AssignmentExpression') note(node.target);
      if (node.kind === 'For') note(node.variable);
      if (node.kind === 'Call') {
        const call = project.model.callOf(node);
        const takesAddress = call?.target?.kind === 'pou' && ['ADR', 'REF'].includes(call.target.name.toUpperCase());
        for (const argument of node.arguments) {
          const direction = call?.bindings.find((each) => each.argument === argument)?.direction ?? argument.direction;
          if (direction !== 'in' || takesAddress) note(argument.value);
        }
      }
    });
  }
  const inputsIn = (tag: string, variable: VariableSymbol, depth: number): string[] => {
    if (variable.isConstant || written.has(variable) || depth > MEMBER_DEPTH) return [];
    const { type } = variable;
    if (type.kind === 'elementary' || type.kind === 'enum' || type.kind === 'subrange') return [tag];
    if (type.kind !== 'struct' || type.isUnion) return [];
    return [...type.members.values()].flatMap((member) => inputsIn(`${tag}.${member.name}`, member, depth + 1));
  };
  const tags: string[] = [];
  for (const variable of project.globals.values()) tags.push(...inputsIn(variable.qualifiedName, variable, 0));
  const programs = project.schedule.flatMap((task) => task.programs);
  for (const { pou, instanceName } of programs) {
    // As tags are named: by the type of the program, unless several instances share it.
    const isOnly = programs.filter((each) => each.pou === pou).length === 1;
    const name = isOnly ? pou.name : instanceName;
    for (const variable of pou.variables.values()) {
      if (variable.scope === 'local' || variable.scope === 'input')
        tags.push(...inputsIn(`${name}.${variable.name}`, variable, 0));
    }
  }
  return [...new Set(tags)];
}

/** Structures in structures beyond this depth are left out. */
const MEMBER_DEPTH = 6;
