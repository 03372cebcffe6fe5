/** The library of a project: symbols of standard and vendor functions, blocks and structures, made when first asked for. */

import type { DialectRules, LibraryId } from '../semantics/dialect-rules.js';
import { ANY_TYPE, elementaryNamed } from '../semantics/elementary-types.js';
import type { Mutable } from '../semantics/mutable.js';
import {
  keyOf,
  type MethodSymbol,
  type PouSymbol,
  type TypeSymbol,
  type VariableSymbol,
} from '../semantics/symbols.js';
import { type Type, UNKNOWN_TYPE, VOID_TYPE } from '../semantics/types.js';
import { CODESYS_BLOCKS, CODESYS_FUNCTIONS, CODESYS_TYPES } from './codesys-library.js';
import { conversionSignature } from './conversions.js';
import { IEC_BLOCKS, IEC_PIN_ALIASES } from './iec-blocks.js';
import { IEC_FUNCTIONS } from './iec-functions.js';
import { PLCOPEN_SAFETY_BLOCKS } from './plcopen-safety-blocks.js';
import { ROCKWELL_FUNCTIONS } from './rockwell-library.js';
import { ROCKWELL_OPEN_TYPES, ROCKWELL_TYPES } from './rockwell-structures.js';
import { SIEMENS_BLOCKS, SIEMENS_FUNCTIONS, SIEMENS_TYPES } from './siemens-library.js';
import { indexTable, parseBlockLine, parseFunctionLine, type Signature, type SignatureParameter } from './signature.js';
import { TEST_FUNCTIONS } from './test-library.js';

interface LibraryTables {
  readonly functions: string;
  readonly blocks: string;
  readonly types: string;
  /** Structures that are known by name only: they fit everything. */
  readonly openTypes?: readonly string[];
}

const TABLES: Readonly<Record<LibraryId, LibraryTables>> = {
  iec: { functions: IEC_FUNCTIONS, blocks: IEC_BLOCKS, types: '' },
  'plcopen-safety': { functions: '', blocks: PLCOPEN_SAFETY_BLOCKS, types: '' },
  codesys: { functions: CODESYS_FUNCTIONS, blocks: CODESYS_BLOCKS, types: CODESYS_TYPES },
  siemens: { functions: SIEMENS_FUNCTIONS, blocks: SIEMENS_BLOCKS, types: SIEMENS_TYPES },
  rockwell: { functions: ROCKWELL_FUNCTIONS, blocks: '', types: ROCKWELL_TYPES, openTypes: ROCKWELL_OPEN_TYPES },
  test: { functions: TEST_FUNCTIONS, blocks: '', types: '' },
};

export interface Library {
  /** A function or function block by upper-case name, or null. */
  pou(key: string): PouSymbol | null;
  /** A structure of the system, for example DTL. */
  type(key: string): TypeSymbol | null;
  /** The conversion between an enumeration and a number under an upper-case name such as `INT_TO_MODE`. */
  enumConversion(key: string, from: Type, to: Type): PouSymbol;
  /** Forgets the conversions of a type whose declaration changed. */
  forgetConversions(typeKey: string): void;
  /** The signature behind a function of this library; null for blocks and foreign symbols. */
  signatureOf(pou: PouSymbol): Signature | null;
  /** The pin that another spelling of it names: `RESET` of a CTU is `R`. */
  pinOf(pou: PouSymbol, key: string): VariableSymbol | null;
  /** False for vendor blocks that are typed in part only: an unknown pin of one is no error. */
  isExact(pou: PouSymbol): boolean;
  /** True for functions that only compute a result: calling one as a statement does nothing. */
  isPure(pou: PouSymbol): boolean;
  /** Names of all functions and blocks but the conversions, for suggestions and completion. */
  names(): readonly string[];
}

interface Entry {
  readonly kind: 'function' | 'function-block';
  readonly line: string;
  readonly isExact: boolean;
}

/** A result that has the type of the arguments: a class, or an operator that keeps it. */
const RESULT_OF_ARGUMENTS = /^(?:ANY|=(?:[-+*/]|MOD|AND|OR|XOR)$)/;

/** Libraries whose tables hold every pin. Those of vendors differ from version to version. */
const EXACT_LIBRARIES: ReadonlySet<LibraryId> = new Set<LibraryId>(['iec', 'test']);

/** The library as a dialect sees it. */
export function createLibrary(rules: DialectRules): Library {
  const entries = new Map<string, Entry>();
  const types = new Map<string, string>();
  const openTypes = new Set<string>();
  for (const id of [...rules.libraries].reverse()) {
    const isExact = EXACT_LIBRARIES.has(id);
    for (const [key, line] of indexTable(TABLES[id].functions)) entries.set(key, { kind: 'function', line, isExact });
    for (const [key, line] of indexTable(TABLES[id].blocks))
      entries.set(key, { kind: 'function-block', line, isExact });
    for (const [key, line] of indexTable(TABLES[id].types)) types.set(key, line);
    for (const key of TABLES[id].openTypes ?? []) openTypes.add(key);
  }
  const pureKeys = new Set(indexTable(IEC_FUNCTIONS).keys());
  const pous = new Map<string, PouSymbol | null>();
  const conversions = new Map<string, PouSymbol>();
  const structures = new Map<string, TypeSymbol | null>();
  const signatures = new Map<PouSymbol, Signature>();

  function makePou(key: string): PouSymbol | null {
    const entry = entries.get(key);
    if (entry?.kind === 'function-block') return librarySymbol(parseBlockLine(entry.line), 'function-block');
    const signature =
      entry === undefined ? (conversionSignature(key) ?? typedSignature(key)) : parseFunctionLine(entry.line);
    if (signature === null) return null;
    const symbol = librarySymbol(signature, 'function');
    signatures.set(symbol, signature);
    return symbol;
  }

  /** `LIMIT_REAL`, `ADD_INT`: an overloaded function for one type. IEC 61131-3 ed. 3, 6.6.1.6.1. */
  function typedSignature(key: string): Signature | null {
    const at = key.lastIndexOf('_');
    const [base, word] = [key.slice(0, at), key.slice(at + 1)];
    const entry = at > 0 && elementaryNamed(word) !== null ? entries.get(base) : undefined;
    if (entry?.kind !== 'function') return null;
    const { parameters, variadicType, result } = parseFunctionLine(entry.line);
    const typed = (one: string): string => (one.startsWith('ANY') ? word : one);
    if (!parameters.some(({ type }) => type.startsWith('ANY'))) return null;
    return {
      name: key,
      parameters: parameters.map((one) => ({ ...one, type: typed(one.type) })),
      variadicType: variadicType === null ? null : typed(variadicType),
      result: RESULT_OF_ARGUMENTS.test(result) ? word : typed(result),
    };
  }

  return {
    pou(key) {
      const known = pous.get(key);
      if (known !== undefined) return known;
      const made = makePou(key);
      pous.set(key, made);
      return made;
    },
    type(key) {
      const known = structures.get(key);
      if (known !== undefined) return known;
      const line = types.get(key);
      const made =
        line !== undefined ? structureSymbol(parseBlockLine(line)) : openTypes.has(key) ? openSymbol(key) : null;
      structures.set(key, made);
      return made;
    },
    enumConversion(key, from, to) {
      const known = conversions.get(key);
      if (known !== undefined) return known;
      const made = conversionSymbol(key, from, to);
      conversions.set(key, made);
      return made;
    },
    forgetConversions(typeKey) {
      for (const key of conversions.keys()) if (key.split('_TO_').includes(typeKey)) conversions.delete(key);
    },
    signatureOf: (pou) => signatures.get(pou) ?? null,
    pinOf(pou, key) {
      const alias = pou.isLibrary ? IEC_PIN_ALIASES[keyOf(pou.name)]?.[key] : undefined;
      return alias === undefined ? null : (pou.variables.get(alias) ?? null);
    },
    isExact: (pou) => !pou.isLibrary || entries.get(keyOf(pou.name))?.isExact !== false,
    isPure: (pou) => {
      const key = keyOf(pou.name);
      return (
        pureKeys.has(key) && (signatures.get(pou)?.parameters.every(({ direction }) => direction === 'in') ?? false)
      );
    },
    names: () => [...entries.keys()],
  };
}

/** The type of a table word; a generic class is ANY here and decided per call. */
export function libraryType(word: string): Type {
  if (word === '') return VOID_TYPE;
  if (word === '#') return { kind: 'literal', class: 'integer', value: null };
  if (word.startsWith('^')) return { kind: 'pointer', pointerKind: 'pointer', target: libraryType(word.slice(1)) };
  if (word === 'STRING' || word === 'WSTRING') return { kind: 'string', isWide: word === 'WSTRING', length: null };
  return elementaryNamed(word) ?? ANY_TYPE;
}

const SCOPES = { in: 'input', out: 'output', 'in-out': 'in-out' } as const;
const SECTIONS = { in: 'VAR_INPUT', out: 'VAR_OUTPUT', 'in-out': 'VAR_IN_OUT' } as const;

function librarySymbol(signature: Signature, pouKind: 'function' | 'function-block'): PouSymbol {
  const variables = new Map<string, VariableSymbol>();
  const isTyped = signature.result === '' || !/^(=|ANY)/.test(signature.result);
  const symbol: Mutable<PouSymbol> = {
    kind: 'pou',
    name: signature.name,
    qualifiedName: signature.name,
    site: null,
    pouKind,
    declaration: null,
    variables,
    methods: new Map<string, MethodSymbol>(),
    properties: new Map(),
    actions: new Map(),
    base: null,
    interfaces: [],
    returnType: isTyped ? libraryType(signature.result) : ANY_TYPE,
    isLibrary: true,
  };
  for (const parameter of signature.parameters) variables.set(keyOf(parameter.name), pinSymbol(parameter, symbol));
  if (signature.name === 'IEC_TIMER' || signature.name === 'IEC_LTIMER') addTimerMethods(symbol);
  return symbol;
}

/** A function from one type to another one that no table knows. */
function conversionSymbol(name: string, from: Type, to: Type): PouSymbol {
  const parameter: SignatureParameter = { name: 'IN', direction: 'in', type: 'ANY', isOptional: false };
  const symbol = librarySymbol({ name, parameters: [parameter], variadicType: null, result: '' }, 'function');
  const variables = new Map([['IN', { ...pinSymbol(parameter, symbol), type: from }]]);
  return Object.assign(symbol, { variables, returnType: to });
}

function pinSymbol(parameter: SignatureParameter, owner: PouSymbol | TypeSymbol): VariableSymbol {
  return {
    kind: 'variable',
    name: parameter.name,
    qualifiedName: `${owner.name}.${parameter.name}`,
    site: null,
    type: libraryType(parameter.type),
    scope: owner.kind === 'type' ? 'member' : SCOPES[parameter.direction],
    sectionKind: owner.kind === 'type' ? null : SECTIONS[parameter.direction],
    isConstant: false,
    retention: 'default',
    location: null,
    initializer: null,
    edge: null,
    declaration: null,
    owner,
    externalTarget: null,
  };
}

/** `"T1".TON(IN := …, PT := …)`: the mode of a Siemens multi-mode timer is the method it is called by. */
function addTimerMethods(timer: Mutable<PouSymbol>): void {
  const methods = new Map<string, MethodSymbol>();
  for (const name of ['TON', 'TOF', 'TP', 'TONR']) {
    const variables = new Map(timer.variables);
    methods.set(name, {
      kind: 'method',
      name,
      qualifiedName: `${timer.name}.${name}`,
      site: null,
      declaration: null,
      owner: timer,
      variables,
      returnType: VOID_TYPE,
    });
  }
  timer.methods = methods;
}

/** A structure of which only the name is known: its members are not checked. */
function openSymbol(name: string): TypeSymbol {
  return {
    kind: 'type',
    name,
    qualifiedName: name,
    site: null,
    type: UNKNOWN_TYPE,
    declaration: null,
    initializer: null,
  };
}

function structureSymbol(signature: Signature): TypeSymbol {
  const members = new Map<string, VariableSymbol>();
  const symbol: TypeSymbol = {
    kind: 'type',
    name: signature.name,
    qualifiedName: signature.name,
    site: null,
    type: { kind: 'struct', name: signature.name, isUnion: false, members },
    declaration: null,
    initializer: null,
  };
  for (const parameter of signature.parameters) members.set(keyOf(parameter.name), pinSymbol(parameter, symbol));
  return symbol;
}
