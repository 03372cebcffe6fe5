import { body } from '../../diagnostics/diagnostic.js';
import { keyOf, type VariableSymbol } from '../../semantics/symbols.js';
import type { Identifier, SourceFile } from '../../syntax/tree.js';
import { at, type LintReport, type LintRule } from '../lint-rule.js';
import type { LintView } from '../lint-view.js';

/** The longest name that is still read at a glance. PLCopen leaves the number to the plant. */
const LONGEST_NAME = 40;

function* declaredNames(view: LintView): Iterable<{ readonly name: Identifier; readonly file: SourceFile }> {
  for (const kind of ['VariableName', 'Pou', 'Method', 'Property', 'TypeDeclaration', 'Interface'] as const)
    for (const { node, file } of view.nodes(kind)) if (node.name.name !== '') yield { name: node.name, file };
}

const PREFIXES: Readonly<Record<string, string>> = {
  BOOL: 'x or b',
  BYTE: 'by',
  WORD: 'w',
  DWORD: 'dw',
  SINT: 'si',
  INT: 'i or n',
  DINT: 'di',
  UINT: 'ui',
  UDINT: 'udi',
  REAL: 'r or f',
  LREAL: 'lr',
  TIME: 't or tim',
};

const POU_PREFIXES: Readonly<Record<string, RegExp>> = {
  'function-block': /^FB_/i,
  function: /^(F|FC|FUN)_/i,
  program: /^(PRG_|P_|PLC_PRG$|MAIN)/i,
};

function* misspelled(view: LintView): Iterable<LintReport> {
  for (const { node, file } of view.nodes('Identifier')) {
    const symbol = view.model.symbolOf(node);
    if (symbol?.site == null || symbol.name === node.name || keyOf(symbol.name) !== keyOf(node.name)) continue;
    yield at(file, node, `"${node.name}" is declared as "${symbol.name}". Write it the same way everywhere.`);
  }
}

function typeNameOf(symbol: VariableSymbol): string {
  return symbol.type.kind === 'elementary' ? symbol.type.name : '';
}

/** Names: PLCopen coding guidelines, chapter 3. */
export const NAME_RULES: readonly LintRule[] = [
  {
    code: 'PW5001',
    name: 'spelling-of-name',
    title: 'A name is written in another case than its declaration',
    explanation:
      'IEC 61131-3 does not tell upper from lower case, but people and search tools do. One spelling everywhere keeps a name findable.',
    default: 'info',
    guideline: ['PCG N4'],
    bad: body('Counter := 1;', 'counter : INT;'),
    good: body('counter := 1;', 'counter : INT;'),
    check: misspelled,
  },
  {
    code: 'PW5002',
    name: 'type-prefix',
    title: 'A variable has no prefix of its type',
    explanation: 'Plants that prefix names by type can read the type at every use. A name without one breaks that.',
    default: 'off',
    guideline: ['PCG N2', 'SA0029'],
    bad: body('', 'speed : REAL;'),
    good: body('', 'rSpeed : REAL;'),
    *check(view) {
      for (const { node, file } of view.nodes('VariableName')) {
        const symbol = view.model.symbolOf(node.name);
        if (symbol?.kind !== 'variable') continue;
        const prefixes = PREFIXES[typeNameOf(symbol)];
        if (prefixes === undefined || prefixes.split(' or ').some((one) => hasPrefix(node.name.name, one))) continue;
        yield at(file, node.name, `"${node.name.name}" is ${typeNameOf(symbol)}; such names start with ${prefixes}.`);
      }
    },
  },
  {
    code: 'PW5003',
    name: 'name-of-library',
    title: 'A variable is called like something of the standard library',
    explanation:
      'A variable with the name of a standard function or block hides it, and a reader takes one for the other.',
    default: 'info',
    guideline: ['PCG N3', 'SA0027'],
    bad: body('limit := 1;', 'limit : INT;'),
    good: body('upperLimit := 1;', 'upperLimit : INT;'),
    *check(view) {
      for (const { node, file, inside } of view.nodes('VariableName')) {
        const known = view.project.lookup(node.name.name);
        if (inside === null || known?.kind !== 'pou' || !known.isLibrary) continue;
        const what = known.pouKind === 'function' ? 'function' : 'function block';
        yield at(file, node.name, `"${node.name.name}" is also the name of a standard ${what}. Choose another name.`);
      }
    },
  },
  {
    code: 'PW5004',
    name: 'name-length',
    title: 'A name is very long',
    explanation: `Names of more than ${LONGEST_NAME} characters do not fit into displays and comparisons.`,
    default: 'off',
    guideline: ['PCG N6', 'SA0101'],
    bad: body('', 'speedOfTheConveyorBehindTheSecondPalletiser : REAL;'),
    good: body('', 'conveyorSpeed : REAL;'),
    *check(view) {
      for (const { name, file } of declaredNames(view))
        if (name.name.length > LONGEST_NAME)
          yield at(file, name, `"${name.name}" has ${name.name.length} characters; keep names within ${LONGEST_NAME}.`);
    },
  },
  {
    code: 'PW5005',
    name: 'name-characters',
    title: 'A name has unusual characters',
    explanation:
      'Umlauts, and underscores that are doubled or stand at the end, get lost or misread in other tools and on panels.',
    default: 'off',
    guideline: ['PCG N8', 'SA0181'],
    bad: body('', 'pump__speed : REAL;'),
    good: body('', 'pump_speed : REAL;'),
    *check(view) {
      for (const { name, file } of declaredNames(view))
        if (/__|_$|[^\x20-\x7e]/.test(name.name) && name.quoting === 'none')
          yield at(
            file,
            name,
            `"${name.name}" has characters that other tools may not take. Use letters, digits and single underscores.`,
          );
    },
  },
  {
    code: 'PW5006',
    name: 'one-name-two-meanings',
    title: 'A variable is called like a POU or type of the project',
    explanation: 'Where the variable is visible, the POU or type is not, and a reader has to know which one is meant.',
    default: 'info',
    guideline: ['PCG N9', 'SA0027'],
    bad: body('', 'Pump : INT;', 'FUNCTION_BLOCK Pump\nEND_FUNCTION_BLOCK'),
    good: body('', 'pump1 : Pump;', 'FUNCTION_BLOCK Pump\nEND_FUNCTION_BLOCK'),
    *check(view) {
      for (const { node, file, inside } of view.nodes('VariableName')) {
        const known = view.project.lookup(node.name.name);
        if (inside === null || known === null || known.site === null) continue;
        if (known.kind !== 'pou' && known.kind !== 'type' && known.kind !== 'interface') continue;
        if (known === view.model.symbolOf(node.name)) continue;
        yield at(file, node.name, `"${node.name.name}" is also the name of a POU or type. Rename one of the two.`);
      }
    },
  },
  {
    code: 'PW5007',
    name: 'pou-prefix',
    title: 'A POU has no prefix of its kind',
    explanation: 'With FB_, F_ and PRG_ the kind of a POU can be seen where it is used.',
    default: 'off',
    guideline: ['PCG N10'],
    bad: 'FUNCTION_BLOCK Pump\nEND_FUNCTION_BLOCK\n',
    good: 'FUNCTION_BLOCK FB_Pump\nEND_FUNCTION_BLOCK\n',
    *check(view) {
      for (const { node, file } of view.nodes('Pou')) {
        const wanted = POU_PREFIXES[node.pouKind];
        if (wanted === undefined || wanted.test(node.name.name) || node.name.name === '') continue;
        yield at(
          file,
          node.name,
          `The ${node.pouKind.replace('-', ' ')} "${node.name.name}" has no prefix of its kind.`,
        );
      }
    },
  },
  {
    code: 'PW5008',
    name: 'type-name-prefix',
    title: 'A type has no prefix of its kind',
    explanation: 'With ST_, E_ and I_ structures, enumerations and interfaces can be told apart where they are used.',
    default: 'off',
    guideline: ['PCG N10'],
    bad: 'TYPE Mode : (Idle, Auto);\nEND_TYPE\n',
    good: 'TYPE E_Mode : (Idle, Auto);\nEND_TYPE\n',
    *check(view) {
      for (const { node, file } of view.nodes('TypeDeclaration')) {
        const prefix = { EnumType: 'E_', StructType: 'ST_' }[node.definition.kind as 'EnumType' | 'StructType'];
        const isUnion = node.definition.kind === 'StructType' && node.definition.isUnion;
        const wanted = isUnion ? 'U_' : prefix;
        if (wanted === undefined || keyOf(node.name.name).startsWith(wanted) || node.name.name === '') continue;
        yield at(file, node.name, `"${node.name.name}" does not start with ${wanted}.`);
      }
      for (const { node, file } of view.nodes('Interface'))
        if (!/^I_?[A-Z]/.test(node.name.name) && node.name.name !== '')
          yield at(file, node.name, `The interface "${node.name.name}" does not start with I_.`);
    },
  },
];

function hasPrefix(name: string, prefix: string): boolean {
  const rest = name.slice(prefix.length);
  return name.startsWith(prefix) && /^[A-Z_]/.test(rest);
}
