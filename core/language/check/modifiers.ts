/** Modifiers of blocks, methods and properties. IEC 61131-3 ed. 3, 6.6.5. */

import type { ProjectIndex } from '../semantics/project-index.js';
import { memberOfPou } from '../semantics/scope.js';
import {
  type InterfaceSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
} from '../semantics/symbols.js';
import type { QualifiedName } from '../syntax/tree.js';

/** Who may use a member, from few to many. A member without a word is left out: its meaning differs by dialect. */
const REACH = { private: 0, protected: 1, internal: 2, public: 3 } as const;

export function checkModifiers(index: ProjectIndex): void {
  for (const pou of index.pous) {
    checkAbstract(index, pou);
    reportRepeated(index, pou, pou.declaration?.implements ?? []);
    for (const member of [...pou.methods.values(), ...pou.properties.values()]) checkMember(index, pou, member);
  }
  for (const one of index.interfaces) {
    reportRepeated(index, one, one.declaration?.extends ?? []);
    for (const member of [...one.methods.values(), ...one.properties.values()]) {
      const access = member.declaration?.modifiers.access;
      if (member.site !== null && (access === 'private' || access === 'protected'))
        index.reports.add(
          'PW2064',
          member.site.file,
          member.site.identifier,
          `"${member.name}" belongs to an interface and can't be ${access.toUpperCase()}. Remove the word.`,
        );
    }
  }
}

function checkAbstract(index: ProjectIndex, { declaration, site, name }: PouSymbol): void {
  if (declaration?.modifiers.isAbstract === true && declaration.modifiers.isFinal && site !== null)
    index.reports.add('PW2061', site.file, site.identifier, `"${name}" can't be both ABSTRACT and FINAL. Remove one.`);
}

function reportRepeated(
  index: ProjectIndex,
  { site, name }: PouSymbol | InterfaceSymbol,
  names: readonly QualifiedName[],
): void {
  const seen = new Set<string>();
  for (const one of names) {
    const key = keyOf(one.parts.map((part) => part.name).join('.'));
    if (seen.has(key) && site !== null && key !== '')
      index.reports.add('PW2063', site.file, one, `"${name}" names this interface twice. Remove one.`);
    seen.add(key);
  }
}

function checkMember(index: ProjectIndex, pou: PouSymbol, member: MethodSymbol | PropertySymbol): void {
  const { declaration, site, name } = member;
  if (declaration === null || site === null) return;
  const { isAbstract, isFinal } = declaration.modifiers;
  const add = (code: string, message: string): void => index.reports.add(code, site.file, site.identifier, message);
  if (isAbstract && isFinal) add('PW2061', `"${name}" can't be both ABSTRACT and FINAL. Remove one.`);
  else if (isAbstract && pou.declaration?.modifiers.isAbstract === false)
    add('PW2060', `"${name}" is ABSTRACT, and "${pou.name}" is not. Make the block ABSTRACT, or write the code.`);
  if (declaration.kind === 'Property' && declaration.get === null && declaration.set === null && !isAbstract)
    add('PW2075', `The property "${name}" has neither GET nor SET. Add one.`);
  const overridden = pou.base === null ? null : memberOfPou(pou.base, keyOf(name));
  if (overridden?.kind === member.kind && member.kind === 'method')
    checkOverride(index, member, overridden as MethodSymbol);
}

function checkOverride(index: ProjectIndex, own: MethodSymbol, model: MethodSymbol): void {
  const [mine, theirs] = [own.declaration?.modifiers, model.declaration?.modifiers];
  if (mine === undefined || theirs === undefined || own.site === null || /^FB_(re)?init$|^FB_exit$/i.test(own.name))
    return;
  const { file, identifier } = own.site;
  if (!mine.isOverride)
    index.reports.add(
      'PW2058',
      file,
      identifier,
      `"${own.name}" overrides "${model.qualifiedName}". Add OVERRIDE, or choose another name.`,
    );
  if (mine.access !== null && theirs.access !== null && REACH[mine.access] < REACH[theirs.access])
    index.reports.add(
      'PW2059',
      file,
      identifier,
      `"${model.qualifiedName}" is ${theirs.access.toUpperCase()}, and this is only ${mine.access.toUpperCase()}.`,
    );
}
