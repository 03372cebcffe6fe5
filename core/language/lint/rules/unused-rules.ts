import { body } from '../../diagnostics/diagnostic.js';
import type { CodeSymbol, VariableSymbol } from '../../semantics/symbols.js';
import type { SourceFile } from '../../syntax/tree.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintView, Use } from '../lint-view.js';

interface Declared {
  readonly symbol: VariableSymbol;
  readonly file: SourceFile;
  readonly uses: readonly Use[];
}

/** Variables of POUs and methods of which every use is in the tree. */
function* declaredIn(view: LintView, scopes: readonly VariableSymbol['scope'][]): Iterable<Declared> {
  for (const { node, file, inside } of view.nodes('VariableName')) {
    const symbol = view.model.symbolOf(node.name);
    if (inside === null || symbol?.kind !== 'variable' || !scopes.includes(symbol.scope)) continue;
    if (view.isOpaque(inside.pou) || isPrototype(view, symbol.owner)) continue;
    yield { symbol, file, uses: view.usesOf(symbol) };
  }
}

/** Parameters of interfaces, abstract methods and empty bodies are there for others. */
function isPrototype(view: LintView, owner: CodeSymbol | null): boolean {
  if (owner?.kind === 'method' && (owner.owner.kind === 'interface' || overrides(owner.owner, owner.name))) return true;
  const found = view.bodyOf(owner);
  return found === null || (found.body.kind === 'StatementList' && found.body.statements.length === 0);
}

function overrides(owner: CodeSymbol, name: string): boolean {
  if (owner.kind !== 'pou') return false;
  const key = name.toUpperCase();
  return (
    owner.base?.methods.has(key) === true ||
    owner.interfaces.some(({ methods }) => methods.has(key)) ||
    /^FB_/i.test(name)
  );
}

function isExtended(view: LintView, symbol: VariableSymbol): boolean {
  return symbol.owner?.kind === 'pou' && view.bases.has(symbol.owner);
}

function isRead(use: Use): boolean {
  return use.kind !== 'write' && use.kind !== 'partial-write';
}

function isWrite(use: Use): boolean {
  return use.kind !== 'read';
}

/** What a program declares may be written and read by panels and other systems, by its name. */
function isPanelVariable({ owner, sectionKind }: VariableSymbol): boolean {
  const isProgram = owner?.kind === 'pou' && (owner.pouKind === 'program' || owner.pouKind === 'organization-block');
  return isProgram && sectionKind !== 'VAR_TEMP';
}

/** An instance or an alias of memory is used without being named, and an external variable belongs to others. */
function isPlainValue(symbol: VariableSymbol): boolean {
  const { kind } = symbol.type;
  if (symbol.location !== null || isPanelVariable(symbol)) return false;
  return kind !== 'pou' && kind !== 'unknown' && kind !== 'pointer' && kind !== 'interface';
}

const HELPER = (inside: string, code: string): string =>
  `FUNCTION_BLOCK Helper\nVAR_INPUT\n  speed : INT;\nEND_VAR\nVAR_OUTPUT\n  fast : BOOL;\nEND_VAR\nVAR\n  limit : INT;\n${inside}END_VAR\n${code}END_FUNCTION_BLOCK\n`;

/** What is declared and not used: PLCopen CP2 and CP24. */
export const UNUSED_RULES: readonly LintRule[] = [
  {
    code: 'PW5021',
    name: 'unused-variable',
    title: 'A variable is not used',
    explanation: 'A variable that no code names is left over, or the code that should use it is missing.',
    default: 'info',
    guideline: ['PCG CP24', 'SA0033'],
    bad: HELPER('  left : INT;\n', 'fast := speed > limit;\n'),
    good: HELPER('', 'fast := speed > limit;\n'),
    *check(view) {
      for (const { symbol, file, uses } of declaredIn(view, ['local', 'temporary']))
        if (uses.length === 0 && symbol.location === null && !isExtended(view, symbol) && symbol.site !== null)
          yield at(file, symbol.site.identifier, `"${symbol.name}" is not used. Remove it.`);
    },
  },
  {
    code: 'PW5022',
    name: 'unused-input',
    title: 'An input is not read',
    explanation: 'Callers give a value that changes nothing.',
    default: 'info',
    guideline: ['PCG CP24', 'SA0035'],
    bad: HELPER('', 'fast := limit > 3;\n'),
    good: HELPER('', 'fast := speed > limit;\n'),
    *check(view) {
      for (const { symbol, file, uses } of declaredIn(view, ['input', 'in-out']))
        if (
          !isExtended(view, symbol) &&
          symbol.site !== null &&
          !uses.some((use) => use.inside?.pou === ownerPou(symbol))
        )
          yield at(
            file,
            symbol.site.identifier,
            `The input "${symbol.name}" is not used in its POU. Use it or remove it.`,
          );
    },
  },
  {
    code: 'PW5023',
    name: 'unused-output',
    title: 'An output never gets a value',
    explanation: 'Callers read an output that always has its initial value.',
    default: 'warning',
    guideline: ['PCG CP24', 'SA0036'],
    bad: HELPER('', 'limit := speed;\n'),
    good: HELPER('', 'fast := speed > limit;\n'),
    *check(view) {
      for (const { symbol, file, uses } of declaredIn(view, ['output'])) {
        if (isExtended(view, symbol) || symbol.site === null || !isPlainValue(symbol) || symbol.initializer !== null)
          continue;
        if (!uses.some(isWrite))
          yield at(
            file,
            symbol.site.identifier,
            `The output "${symbol.name}" never gets a value. Assign it or remove it.`,
          );
      }
    },
  },
  {
    code: 'PW5024',
    name: 'written-not-read',
    title: 'A variable is written and never read',
    explanation: 'The value is computed for nobody. Either a use is missing, or the variable is left over.',
    default: 'info',
    guideline: ['PCG CP2', 'SA0033'],
    bad: HELPER('  last : INT;\n', 'fast := speed > limit;\nlast := speed;\n'),
    good: HELPER('  last : INT;\n', 'fast := speed > limit AND speed <> last;\nlast := speed;\n'),
    *check(view) {
      for (const { symbol, file, uses } of declaredIn(view, ['local', 'temporary']))
        if (
          uses.length > 0 &&
          !uses.some(isRead) &&
          isPlainValue(symbol) &&
          !isExtended(view, symbol) &&
          symbol.site !== null
        )
          yield at(file, symbol.site.identifier, `"${symbol.name}" is written but never read. Use it or remove it.`);
    },
  },
  {
    code: 'PW5025',
    name: 'read-not-written',
    title: 'A variable without a value is only read',
    explanation: 'Nothing ever writes the variable, and it has no initial value: it is always 0, FALSE or empty.',
    default: 'info',
    guideline: ['PCG CP3', 'SA0033'],
    bad: HELPER('', 'fast := speed > limit;\n'),
    good: HELPER('', 'limit := MAX(speed, limit);\nfast := speed = limit;\n'),
    *check(view) {
      for (const { symbol, file, uses } of declaredIn(view, ['local', 'temporary'])) {
        if (symbol.initializer !== null || symbol.isConstant || isExtended(view, symbol) || symbol.site === null)
          continue;
        if (!isPlainValue(symbol) || symbol.type.kind === 'struct' || symbol.type.kind === 'array') continue;
        const isPlain = symbol.retention === 'default' || symbol.retention === 'non-retain';
        if (isPlain && uses.length > 0 && !uses.some(isWrite))
          yield at(file, symbol.site.identifier, `"${symbol.name}" is read but never written. Give it a value.`);
      }
    },
  },
  {
    code: 'PW5026',
    name: 'could-be-constant',
    title: 'A variable could be a constant',
    explanation: 'It has an initial value and nothing writes it. As CONSTANT nobody can change it by mistake.',
    default: 'off',
    guideline: ['SA0012'],
    bad: body('y := x + offset;', 'x : INT;\n  y : INT;\n  offset : INT := 5;'),
    good: 'PROGRAM Main\nVAR CONSTANT\n  OFFSET : INT := 5;\nEND_VAR\nVAR\n  x : INT;\n  y : INT;\nEND_VAR\ny := x + OFFSET;\nEND_PROGRAM\n',
    *check(view) {
      for (const { symbol, file, uses } of declaredIn(view, ['local', 'temporary']))
        if (
          symbol.initializer !== null &&
          symbol.type.kind === 'elementary' &&
          !symbol.isConstant &&
          uses.length > 0 &&
          !uses.some(isWrite) &&
          symbol.retention === 'default' &&
          symbol.location === null &&
          symbol.site !== null
        )
          yield at(file, symbol.site.identifier, `Nothing writes "${symbol.name}". Declare it in VAR CONSTANT.`);
    },
  },
  {
    code: 'PW5027',
    name: 'unused-pou',
    title: 'A function or block is not used',
    explanation: 'No code calls the function or has an instance of the block. In a library that is as it should be.',
    default: 'off',
    guideline: ['PCG CP2', 'SA0031'],
    bad: 'FUNCTION Half : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nHalf := v / 2;\nEND_FUNCTION\n',
    good: body(
      'x := Half(x);',
      'x : INT;',
      'FUNCTION Half : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nHalf := v / 2;\nEND_FUNCTION',
    ),
    *check(view) {
      for (const { node, file, inside } of view.nodes('Pou')) {
        const symbol = inside?.pou ?? null;
        if (symbol === null || (node.pouKind !== 'function' && node.pouKind !== 'function-block')) continue;
        if (view.isComplete && !isUsedOutside(view, symbol))
          yield at(file, node.name, `"${node.name.name}" is not used in this project.`);
      }
    },
  },
  {
    code: 'PW5028',
    name: 'unused-type',
    title: 'A type is not used',
    explanation: 'No declaration names the type.',
    default: 'off',
    guideline: ['PCG CP2', 'SA0032'],
    bad: 'TYPE Mode : (Idle, Auto);\nEND_TYPE\n',
    good: body('', 'mode : Mode;', 'TYPE Mode : (Idle, Auto);\nEND_TYPE'),
    *check(view) {
      for (const { node, file } of view.nodes('TypeDeclaration')) {
        const symbol = view.model.symbolOf(node.name);
        if (symbol !== null && view.isComplete && !view.isNamed(symbol))
          yield at(file, node.name, `The type "${node.name.name}" is not used in this project.`);
      }
    },
  },
  {
    code: 'PW5029',
    name: 'unused-global',
    title: 'A global variable is not used',
    explanation: 'No code of the project names the variable. A panel or another controller still may.',
    default: 'off',
    guideline: ['PCG CP24', 'SA0033'],
    bad: 'VAR_GLOBAL\n  lineSpeed : INT;\nEND_VAR\n',
    good: `VAR_GLOBAL\n  lineSpeed : INT;\nEND_VAR\n${body('lineSpeed := 1;')}`,
    *check(view) {
      if (!view.isComplete) return;
      for (const { node, file, inside } of view.nodes('VariableName')) {
        const symbol = view.model.symbolOf(node.name);
        if (
          inside === null &&
          symbol?.kind === 'variable' &&
          symbol.scope === 'global' &&
          view.usesOf(symbol).length === 0
        )
          yield at(file, node.name, `No code of this project uses the global variable "${node.name.name}".`);
      }
    },
  },
  {
    code: 'PW5030',
    name: 'global-in-one-pou',
    title: 'A global variable is used in one POU only',
    explanation: 'What only one POU needs belongs into it; then no other code can change it by mistake.',
    default: 'off',
    guideline: ['PCG CP18', 'SA0043'],
    bad: `VAR_GLOBAL\n  lineSpeed : INT;\nEND_VAR\n${body('lineSpeed := x;')}`,
    good: `VAR_GLOBAL\n  lineSpeed : INT;\nEND_VAR\nPROGRAM Other\nVAR\n  y : INT;\nEND_VAR\ny := lineSpeed;\nEND_PROGRAM\n${body('lineSpeed := x;')}`,
    *check(view) {
      if (!view.isComplete) return;
      for (const { node, file, inside } of view.nodes('VariableName')) {
        const symbol = view.model.symbolOf(node.name);
        if (inside !== null || symbol?.kind !== 'variable' || symbol.scope !== 'global' || symbol.location !== null)
          continue;
        const pous = new Set(view.usesOf(symbol).map((use) => use.inside?.pou ?? null));
        const [only] = pous;
        if (pous.size === 1 && only != null && !symbol.isConstant)
          yield at(
            file,
            node.name,
            `Only "${only.name}" uses the global variable "${node.name.name}". Declare it there.`,
          );
      }
    },
  },
];

function ownerPou(symbol: VariableSymbol): CodeSymbol | null {
  const { owner } = symbol;
  return owner?.kind === 'method' ? owner.owner : owner;
}

function isUsedOutside(view: LintView, symbol: CodeSymbol): boolean {
  return view
    .nodes('Identifier')
    .some(({ node, inside }) => view.model.symbolOf(node) === symbol && inside?.pou !== symbol);
}
