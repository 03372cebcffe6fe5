/** Interfaces, abstract methods and overrides. IEC 61131-3 ed. 3, 6.6.5 and 6.6.6. */

import { isUnknown } from '../semantics/elementary-types.js';
import { isOpenPou, type ProjectIndex } from '../semantics/project-index.js';
import { MAXIMUM_INHERITANCE_DEPTH, memberOfPou } from '../semantics/scope.js';
import {
  type InterfaceSymbol,
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type PropertySymbol,
} from '../semantics/symbols.js';
import { describeType } from '../semantics/type-names.js';
import { conversionTo, sameType } from '../semantics/type-relations.js';
import type { Type } from '../semantics/types.js';
import { parametersOf } from './arguments.js';

export function checkConformance(index: ProjectIndex): void {
  for (const pou of index.pous) {
    if (pou.pouKind !== 'function-block' && pou.pouKind !== 'class') continue;
    checkInterfaces(index, pou);
    checkOverrides(index, pou);
    checkAbstractMembers(index, pou);
  }
}

function isAbstract(pou: PouSymbol): boolean {
  return pou.declaration?.modifiers.isAbstract === true;
}

function checkInterfaces(index: ProjectIndex, pou: PouSymbol): void {
  const missing: string[] = [];
  for (const one of allInterfaces(pou.interfaces, 0)) {
    for (const member of [...one.methods.values(), ...one.properties.values()]) {
      const found = memberOfPou(pou, keyOf(member.name));
      if (found === null) {
        if (!isOpenPou(index, pou) && !isAbstract(pou)) missing.push(`${one.name}.${member.name}`);
      } else if (found.kind === 'method' && member.kind === 'method') compareMethods(index, pou, found, member);
      else if (found.kind === 'property' && member.kind === 'property') compareProperties(index, pou, found, member);
    }
  }
  if (missing.length === 0 || pou.site === null) return;
  index.reports.add(
    'PW2021',
    pou.site.file,
    pou.site.identifier,
    `"${pou.name}" does not implement ${[...new Set(missing)].join(', ')}. Add ${missing.length === 1 ? 'it' : 'them'}.`,
  );
}

function allInterfaces(interfaces: readonly InterfaceSymbol[], depth: number): InterfaceSymbol[] {
  if (depth > MAXIMUM_INHERITANCE_DEPTH) return [];
  return interfaces.flatMap((one) => [one, ...allInterfaces(one.bases, depth + 1)]);
}

function checkOverrides(index: ProjectIndex, pou: PouSymbol): void {
  if (pou.base === null) return;
  for (const method of pou.methods.values()) {
    const overridden = memberOfPou(pou.base, keyOf(method.name));
    if (overridden === null) reportNothingToOverride(index, pou, method);
    if (overridden?.kind !== 'method' || /^FB_(re)?init$|^FB_exit$/i.test(method.name)) continue;
    if (overridden.declaration?.modifiers.isFinal === true && method.site !== null)
      index.reports.add(
        'PW2024',
        method.site.file,
        method.site.identifier,
        `"${overridden.qualifiedName}" is FINAL and can't be overridden.`,
      );
    compareMethods(index, pou, method, overridden);
  }
}

/** OVERRIDE promises that a base has the method: a misspelled name would silently make a new one. */
function reportNothingToOverride(index: ProjectIndex, pou: PouSymbol, method: MethodSymbol): void {
  if (method.declaration?.modifiers.isOverride !== true || method.site === null || isOpenPou(index, pou)) return;
  index.reports.add(
    'PW2026',
    method.site.file,
    method.site.identifier,
    `No base of "${pou.name}" has a method "${method.name}" to override.`,
  );
}

function checkAbstractMembers(index: ProjectIndex, pou: PouSymbol): void {
  if (isAbstract(pou) || pou.base === null || pou.site === null) return;
  const missing: string[] = [];
  let base: PouSymbol | null = pou.base;
  for (let depth = 0; base !== null && depth < MAXIMUM_INHERITANCE_DEPTH; depth++) {
    for (const member of [...base.methods.values(), ...base.properties.values()]) {
      if (member.declaration?.modifiers.isAbstract !== true) continue;
      if (memberOfPou(pou, keyOf(member.name)) === member) missing.push(member.qualifiedName);
    }
    base = base.base;
  }
  if (missing.length > 0)
    index.reports.add(
      'PW2027',
      pou.site.file,
      pou.site.identifier,
      `"${pou.name}" must implement ${missing.join(', ')}, or be ABSTRACT itself.`,
    );
}

function compareMethods(index: ProjectIndex, pou: PouSymbol, own: MethodSymbol, model: MethodSymbol): void {
  if (own === model) return;
  const difference = differenceOf(index, own, model);
  const site = own.owner === pou ? own.site : pou.site;
  if (difference === null || site === null) return;
  index.reports.once(
    `${own.qualifiedName} ${model.qualifiedName}`,
    'PW2022',
    site.file,
    site.identifier,
    `"${own.qualifiedName}" stands for "${model.qualifiedName}", but ${difference}.`,
  );
}

function differenceOf(index: ProjectIndex, own: MethodSymbol, model: MethodSymbol): string | null {
  if (!agrees(index, own.returnType, model.returnType))
    return `its result is ${describeType(own.returnType)} instead of ${describeType(model.returnType)}`;
  const [mine, theirs] = [parametersOf(own), parametersOf(model)];
  if (mine.length !== theirs.length) return `it has ${mine.length} parameter(s) instead of ${theirs.length}`;
  for (const [position, parameter] of mine.entries()) {
    const other = theirs[position];
    if (other === undefined) continue;
    if (keyOf(parameter.name) !== keyOf(other.name))
      return `parameter ${position + 1} is "${parameter.name}" instead of "${other.name}"`;
    if (parameter.scope !== other.scope) return `"${parameter.name}" is ${parameter.scope} instead of ${other.scope}`;
    if (!agrees(index, parameter.type, other.type))
      return `"${parameter.name}" is ${describeType(parameter.type)} instead of ${describeType(other.type)}`;
  }
  return null;
}

/** Equal, or where nothing is known; a result may be narrower than that of the base. */
function agrees(index: ProjectIndex, own: Type, model: Type): boolean {
  if (isUnknown(own) || isUnknown(model) || sameType(own, model)) return true;
  if (own.kind === 'pointer' && model.kind === 'pointer') return agrees(index, own.target, model.target);
  const isObject = own.kind === 'pou' || own.kind === 'interface';
  return isObject && conversionTo(model, own, index.rules) === 'widening';
}

function compareProperties(index: ProjectIndex, pou: PouSymbol, own: PropertySymbol, model: PropertySymbol): void {
  if (own === model || own.site === null) return;
  const missing = model.canRead && !own.canRead ? 'GET' : model.canWrite && !own.canWrite ? 'SET' : null;
  const difference = !agrees(index, own.type, model.type)
    ? `its type is ${describeType(own.type)} instead of ${describeType(model.type)}`
    : missing !== null && !isAbstract(pou)
      ? `it has no ${missing}`
      : null;
  if (difference !== null)
    index.reports.once(
      `${own.qualifiedName} ${model.qualifiedName}`,
      'PW2022',
      own.site.file,
      own.site.identifier,
      `"${own.qualifiedName}" stands for "${model.qualifiedName}", but ${difference}.`,
    );
}
