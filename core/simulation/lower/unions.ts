/** What can't lie on the bytes of a UNION, with the reason and the way out. */

import type { VariableSymbol } from '../../language/semantics/symbols.js';
import type { StructType, Type } from '../../language/semantics/types.js';

export interface UnionProblem {
  /** The member of the UNION, or of a structure in it, that is in the way. */
  readonly member: VariableSymbol;
  readonly reason: string;
}

const TIMES = /TIME|DATE/;

/** Why the simulator can't lay out a UNION byte by byte; null when it can. */
export function unionProblem(type: StructType): UnionProblem | null {
  let starting: VariableSymbol | null = null;
  for (const member of type.members.values()) {
    const problem = memberProblem(member, member.type, 0);
    if (problem !== null) return problem;
    if (member.initializer === null) continue;
    if (starting !== null)
      return { member, reason: `"${starting.name}" has an initial value for the same bytes; give only one member one` };
    starting = member;
  }
  return null;
}

function memberProblem(member: VariableSymbol, type: Type, depth: number): UnionProblem | null {
  const no = (reason: string): UnionProblem => ({ member, reason });
  if (depth > 32) return no('it is nested too deeply');
  switch (type.kind) {
    case 'elementary':
      if (type.name === 'BIT') return no('a BIT shares its byte with its neighbours; use a BYTE or WORD and its bits');
      if (TIMES.test(type.name))
        return no(`the bytes of ${type.name} differ between controllers; use an integer and convert it`);
      if (/CHAR|COUNTER|TIMER|VARIANT|ANY/.test(type.name)) return no(`the bytes of ${type.name} are not defined`);
      return null;
    case 'enum':
    case 'subrange':
      return null;
    case 'array':
      if (type.dimensions.includes(null)) return no('an array in a UNION needs constant bounds');
      if (type.element.kind === 'elementary' && type.element.name === 'BOOL')
        return no('elements of type BOOL can hold bytes other than 0 and 1 here; use an array of BYTE');
      return memberProblem(member, type.element, depth + 1);
    case 'struct': {
      if (type.isUnion) return unionProblem(type);
      for (const inner of type.members.values()) {
        if (inner.site === null) return { member, reason: 'the layout of a structure of a library is not known' };
        if (/pack_mode/i.test(inner.site.file.text))
          return { member, reason: 'a file that sets pack_mode may lay the structure out in another way' };
        if (inner.initializer !== null)
          return { member: inner, reason: 'an initial value inside of a structure in a UNION; give it to the UNION' };
        const problem = memberProblem(inner, inner.type, depth + 1);
        if (problem !== null) return problem;
      }
      return null;
    }
    case 'string':
      return no('a STRING has no fixed layout here; use an array of BYTE');
    case 'pointer':
      return no('the bytes of a pointer or reference are not known before the program runs');
    case 'pou':
    case 'interface':
      return no('a function block has no bytes of its own that other members could share');
    default:
      return no('its type is not known');
  }
}
