/** What a bare name means, and what is said when nobody declares it. */

import { BOOL_TYPE, elementaryNamed, familyOf } from '../semantics/elementary-types.js';
import { isOpenScope, lookupType, lookupValue, visibleKeys } from '../semantics/scope.js';
import { suggestion } from '../semantics/suggestions.js';
import { type CodeSymbol, type EnumValueSymbol, keyOf, type VariableSymbol } from '../semantics/symbols.js';
import { type Type, UNKNOWN_TYPE, VOID_TYPE } from '../semantics/types.js';
import { usesMissingLibraries } from '../semantics/unresolved-types.js';
import type { NameExpression } from '../syntax/tree.js';
import { reportHidden } from './access.js';
import { type CheckContext, declaredAt, type NameUse, recordSymbol, report } from './context.js';

/** Variables that the runtime of a dialect declares by itself. Their members are not checked. */
const SYSTEM_NAMES = new Set([
  '__SYSTEM',
  '_APPINFO',
  '_TASKINFO',
  'TWINCAT_SYSTEMINFOVARLIST',
  '__VFTABLE',
  // Status of a Logix controller: first scan, and what the last instruction left.
  'S:FS',
  'S:N',
  'S:Z',
  'S:V',
  'S:C',
  'S:MINOR',
]);

/** The symbol of a name, or null after an undeclared one was reported. */
export function resolveName(
  context: CheckContext,
  expression: NameExpression,
  expected: Type | null,
  use: NameUse,
): CodeSymbol | null {
  const { index } = context;
  const { name } = expression.name;
  if (name === '') return null;
  const key = plainKey(name);
  const symbol: CodeSymbol | 'ambiguous' | null =
    lookupValue(expression.isGlobal ? index.scope : context.scope, key) ??
    enumValueNamed(context, expression, key, expected) ??
    lookupType(context.scope, key) ??
    index.library.pou(key) ??
    index.library.type(key) ??
    enumConversion(context, key) ??
    implicitVariable(context, key);
  if (symbol === 'ambiguous') return null;
  if (symbol === null) {
    reportUndeclared(context, expression, use);
    return null;
  }
  const ambiguous = index.ambiguousGlobals.get(key);
  if (ambiguous !== undefined && ambiguous[0] === symbol) reportAmbiguousGlobal(context, expression, ambiguous);
  reportHidden(context, expression, symbol);
  recordSymbol(context, expression, symbol);
  recordSymbol(context, expression.name, symbol);
  return symbol;
}

function reportAmbiguousGlobal(
  context: CheckContext,
  expression: NameExpression,
  variables: readonly [VariableSymbol, VariableSymbol],
): void {
  const [first, second] = variables;
  report(
    context,
    'PW2012',
    expression,
    `"${first.name}" is declared in several lists of global variables. Write ${first.qualifiedName} or ${second.qualifiedName}.`,
    [...declaredAt(first, 'one of them'), ...declaredAt(second, 'another one')],
  );
}

/** A value of an enum without its name: the expected enum decides among several. */
function enumValueNamed(
  context: CheckContext,
  expression: NameExpression,
  key: string,
  expected: Type | null,
): EnumValueSymbol | 'ambiguous' | null {
  const values = context.index.enumValues.get(key);
  if (values === undefined) return null;
  const [first] = values;
  if (first === undefined || values.length === 1) return first ?? null;
  const fitting = values.find((value) => value.type === expected);
  if (fitting !== undefined) return fitting;
  if (expected === null || expected.kind === 'enum' || expected.kind === 'unknown') {
    const inSameFile = values.filter((value) => value.site?.file === context.file);
    if (inSameFile.length === 1) return inSameFile[0] ?? first;
  }
  const owners = values.map((value) => value.qualifiedName);
  report(
    context,
    'PW2012',
    expression,
    `"${first.name}" is a value of several enumerations. Write ${owners.slice(0, 3).join(' or ')}.`,
  );
  return 'ambiguous';
}

/** `INT_TO_Mode` and `Mode_TO_INT`, which several compilers make for every enumeration. */
function enumConversion({ scope, index }: CheckContext, key: string): CodeSymbol | null {
  if (!index.rules.hasEnumConversions) return null;
  const parts = key.split('_TO_');
  const [from, to] = parts.map((name) => conversionType(lookupType(scope, name), name));
  if (parts.length !== 2 || from == null || to == null || (from.kind === 'enum') === (to.kind === 'enum')) return null;
  return index.library.enumConversion(key, from, to);
}

function conversionType(symbol: CodeSymbol | null, name: string): Type | null {
  if (symbol?.kind === 'type' && symbol.type.kind === 'enum') return symbol.type;
  const type = elementaryNamed(name);
  return type !== null && ['signed', 'unsigned', 'bits'].includes(familyOf(type) ?? '') ? type : null;
}

/** EN and ENO exist in every function and function block without a declaration. IEC 61131-3 ed. 3, 6.6.1.6. */
function implicitVariable(context: CheckContext, key: string): VariableSymbol | null {
  if (key !== 'EN' && key !== 'ENO') return null;
  if (context.unit.pou === null) return null;
  const known = context.index.implicitVariables.get(key);
  if (known !== undefined) return known;
  const symbol: VariableSymbol = {
    kind: 'variable',
    name: key,
    qualifiedName: key,
    site: null,
    type: BOOL_TYPE,
    scope: key === 'EN' ? 'input' : 'output',
    sectionKind: null,
    isConstant: false,
    retention: 'default',
    location: null,
    initializer: null,
    edge: null,
    declaration: null,
    owner: null,
    externalTarget: null,
  };
  context.index.implicitVariables.set(key, symbol);
  return symbol;
}

/** Logix writes the program of a tag as `\\Program.tag` or `Program:Program.tag`; its name is what is declared. */
function plainKey(name: string): string {
  return keyOf(name.replace(/^(?:\\|program:)/i, ''));
}

function mayBeTag({ index }: CheckContext, { name, quoting }: NameExpression['name']): boolean {
  const { tagNames } = index.rules;
  const isQuoted = quoting === 'quotes';
  // `Local:1:I`: the tags of I/O modules are not in an export.
  if (name.includes(':')) return true;
  return (tagNames === 'quoted' && isQuoted) || (tagNames === 'all-without-tags' && index.globals.size === 0);
}

function reportUndeclared(context: CheckContext, expression: NameExpression, use: NameUse): void {
  const { index, file, state } = context;
  const { name } = expression.name;
  const key = keyOf(name);
  if (SYSTEM_NAMES.has(key) || index.missingLibraries.has(key) || isOpenScope(context.scope)) return;
  if (mayBeTag(context, expression.name)) {
    const what = use === 'callee' ? 'block' : 'tag or block';
    context.reports.once(
      key,
      'PW2010',
      file,
      expression,
      name.includes(':')
        ? `The tag "${name}" of an I/O module is not among the sources. What depends on it is not checked.`
        : `The ${what} "${name}" is not among the sources: it may stand in a PLC tag table. What depends on it is not checked. Export the tag table or block beside the sources.`,
    );
    return;
  }
  if (use !== 'value' && usesMissingLibraries(index, file.path)) {
    context.reports.once(
      key,
      'PW2009',
      file,
      expression,
      `"${name}" is not among the sources: the library that declares it is missing. What depends on it is not checked.`,
    );
    return;
  }
  if (state.undeclared.has(key)) return;
  state.undeclared.add(key);
  const candidates =
    use === 'callee' ? [...visibleKeys(context.scope), ...index.library.names()] : visibleKeys(context.scope);
  const hint = suggestion(name, candidates, (found) => lookupValue(context.scope, found)?.name ?? found);
  if (use === 'callee')
    report(context, 'PW2003', expression, `The function or instance "${name}" is not declared.${hint}`);
  else
    report(
      context,
      'PW2001',
      expression,
      `"${name}" is not declared.${hint === '' ? ' Declare it in a VAR section.' : hint}`,
    );
}

/** The type of a symbol where a value is wanted; misuse (a type as a value) is reported by the caller. */
export function valueTypeOfSymbol(symbol: CodeSymbol): Type {
  switch (symbol.kind) {
    case 'variable':
    case 'property':
    case 'enum-value':
    case 'type':
      return symbol.type;
    case 'pou':
      return symbol.pouKind === 'function' ? symbol.returnType : { kind: 'pou', pou: symbol };
    case 'program-instance':
      return { kind: 'pou', pou: symbol.pou };
    case 'method':
      return symbol.returnType;
    case 'action':
      return VOID_TYPE;
    case 'interface':
      return { kind: 'interface', interface: symbol };
    case 'global-list':
    case 'namespace':
      return UNKNOWN_TYPE;
  }
}
