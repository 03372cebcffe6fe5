import { body } from '../../diagnostics/diagnostic.js';
import type { PouSymbol, VariableSymbol } from '../../semantics/symbols.js';
import type { Call } from '../../syntax/tree.js';
import { excludeEachOther } from '../branches.js';
import { textOf } from '../expressions.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintView, Placed } from '../lint-view.js';

const MOST_PARAMETERS = 16;
const LOOPS: ReadonlySet<string> = new Set(['For', 'While', 'Repeat']);

interface BlockCall extends Placed<Call> {
  readonly instance: VariableSymbol;
  readonly block: PouSymbol;
}

/** Calls of instances by their name: `delay(IN := x)`. */
function* blockCalls(view: LintView): Iterable<BlockCall> {
  for (const placed of view.nodes('Call')) {
    const symbol = view.model.symbolOf(placed.node.callee);
    if (symbol?.kind === 'variable' && symbol.type.kind === 'pou' && placed.node.callee.kind === 'Name')
      yield { ...placed, instance: symbol, block: symbol.type.pou };
  }
}

const TIMER = 'delay : TON;\n  x : INT;\n  b : BOOL;';
const MANY = Array.from({ length: MOST_PARAMETERS + 1 }, (_, index) => `  p${index} : INT;\n`).join('');

/** Calls and instances: PLCopen CP16 to CP23. */
export const CALL_RULES: readonly LintRule[] = [
  {
    code: 'PW5101',
    name: 'instance-called-twice',
    title: 'An instance is called at several places',
    explanation: 'A timer or edge that is called twice per scan counts twice, and the second call hides the first.',
    default: 'info',
    guideline: ['PCG CP20', 'SA0105'],
    bad: body('delay(IN := b, PT := T#1s);\ndelay(IN := x > 1, PT := T#1s);', TIMER),
    good: body('delay(IN := b OR x > 1, PT := T#1s);', TIMER),
    *check(view) {
      const first = new Map<VariableSymbol, Map<unknown, BlockCall>>();
      for (const call of blockCalls(view)) {
        const known = first.get(call.instance) ?? new Map<unknown, BlockCall>();
        first.set(call.instance, known);
        const before = known.get(call.inside);
        if (call.inside === null) continue;
        if (before === undefined) known.set(call.inside, call);
        else if (!excludeEachOther(view, call.file, [before.node, call.node]))
          yield {
            ...at(
              call.file,
              call.node,
              `"${call.instance.name}" is called before in this body. Call an instance once per scan.`,
            ),
            related: [{ file: before.file, span: before.node, message: 'the first call' }],
          };
      }
    },
  },
  {
    code: 'PW5102',
    name: 'instance-in-loop',
    title: 'One instance is called in a loop',
    explanation:
      'The same timer, edge or counter runs several times per scan. Take an array of instances, or a function.',
    default: 'warning',
    guideline: ['PCG CP20'],
    bad: body('FOR x := 1 TO 4 DO\n  delay(IN := b, PT := T#1s);\nEND_FOR;', TIMER),
    good: body('delay(IN := b, PT := T#1s);', TIMER),
    *check(view) {
      const loops = [...view.nodes('For'), ...view.nodes('While'), ...view.nodes('Repeat')];
      for (const call of blockCalls(view)) {
        if (!call.block.isLibrary) continue;
        const isInLoop = loops.some(
          ({ node, file }) =>
            file === call.file && LOOPS.has(node.kind) && node.start < call.node.start && call.node.end <= node.end,
        );
        if (isInLoop)
          yield at(
            call.file,
            call.node,
            `"${call.instance.name}" is called in every pass of the loop. Use one instance per pass.`,
          );
      }
    },
  },
  {
    code: 'PW5103',
    name: 'instance-not-called',
    title: 'An instance is never called',
    explanation: 'Its outputs keep their initial values, because its code never runs.',
    default: 'warning',
    guideline: ['PCG CP2'],
    bad: body('b := delay.Q;', TIMER),
    good: body('delay(IN := x > 1, PT := T#1s);\nb := delay.Q;', TIMER),
    *check(view) {
      for (const { node, file, inside } of view.nodes('VariableName')) {
        const symbol = view.model.symbolOf(node.name);
        if (inside === null || symbol?.kind !== 'variable' || symbol.type.kind !== 'pou') continue;
        if (symbol.scope !== 'local' && symbol.scope !== 'temporary') continue;
        const block = symbol.type.pou;
        const hasCode = block.isLibrary && block.pouKind === 'function-block' && block.methods.size === 0;
        const owner = symbol.owner;
        if (!hasCode || view.isOpaque(inside.pou) || (owner?.kind === 'pou' && view.bases.has(owner))) continue;
        const uses = view.usesOf(symbol);
        if (uses.length > 0 && uses.every(({ kind }) => kind === 'read'))
          yield at(
            file,
            node.name,
            `"${node.name.name}" is never called, so its outputs never change. Call it once per scan.`,
          );
      }
    },
  },
  {
    code: 'PW5104',
    name: 'block-in-function',
    title: 'A function block has its instance in a function',
    explanation:
      'A function and VAR_TEMP forget everything between calls, so timers, edges and counters never get anywhere.',
    default: 'warning',
    guideline: ['SA0167', 'PCG CP21'],
    bad: 'PROGRAM Main\nVAR_TEMP\n  delay : TON;\nEND_VAR\ndelay(IN := TRUE, PT := T#1s);\nEND_PROGRAM\n',
    good: body('delay(IN := b, PT := T#1s);', TIMER),
    *check(view) {
      for (const { node, file } of view.nodes('VariableName')) {
        const symbol = view.model.symbolOf(node.name);
        if (symbol?.kind !== 'variable' || symbol.type.kind !== 'pou' || !symbol.type.pou.isLibrary) continue;
        const { owner, sectionKind } = symbol;
        const forgets =
          sectionKind === 'VAR_TEMP' ||
          (sectionKind === 'VAR' &&
            (owner?.kind === 'method' || (owner?.kind === 'pou' && owner.pouKind === 'function')));
        if (forgets && symbol.type.pou.pouKind === 'function-block')
          yield at(
            file,
            node.name,
            `"${node.name.name}" forgets its state after every call. Declare it in VAR of a block or program.`,
          );
      }
    },
  },
  {
    code: 'PW5105',
    name: 'many-parameters',
    title: 'A POU has many parameters',
    explanation: `More than ${MOST_PARAMETERS} inputs and outputs are easily mixed up. Group them in a structure.`,
    default: 'off',
    guideline: ['PCG CP23', 'SA0166'],
    bad: `FUNCTION_BLOCK Big\nVAR_INPUT\n${MANY}END_VAR\nEND_FUNCTION_BLOCK\n`,
    good: 'FUNCTION_BLOCK Small\nVAR_INPUT\n  a : INT;\nEND_VAR\nEND_FUNCTION_BLOCK\n',
    *check(view) {
      for (const { owner, name, file } of view.bodies) {
        if (owner?.kind !== 'pou' && owner?.kind !== 'method') continue;
        const count = [...owner.variables.values()].filter(
          ({ scope }) => scope === 'input' || scope === 'output' || scope === 'in-out',
        ).length;
        if (count > MOST_PARAMETERS)
          yield at(file, name, `"${name.name}" has ${count} parameters. Group them in structures.`);
      }
    },
  },
  {
    code: 'PW5106',
    name: 'arguments-without-names',
    title: 'A call has many arguments without names',
    explanation: 'From three arguments on, names show which value goes where, also after a parameter was added.',
    default: 'off',
    guideline: ['PCG L14'],
    bad: body('x := LIMIT(0, x, 10);', TIMER),
    good: body('x := LIMIT(MN := 0, IN := x, MX := 10);', TIMER),
    *check(view) {
      for (const { node, file } of view.nodes('Call'))
        if (node.arguments.filter(({ name }) => name === null).length > 2)
          yield at(file, node, `Name the arguments of "${textOf(file, node.callee)}".`);
    },
  },
  {
    code: 'PW5107',
    name: 'input-left-open',
    title: 'A call leaves inputs open',
    explanation: 'An input without a value keeps the one of the last call.',
    default: 'off',
    guideline: ['PCG CP17', 'SA0107'],
    bad: body('delay(IN := b);', TIMER),
    good: body('delay(IN := b, PT := T#1s);', TIMER),
    *check(view) {
      for (const { node, file, instance, block } of blockCalls(view)) {
        const given = new Set(
          view.model.callOf(node)?.bindings.map(({ parameterName }) => parameterName.toUpperCase()),
        );
        const open = [...block.variables]
          .filter(([key, { scope }]) => scope === 'input' && !given.has(key))
          .map(([, { name }]) => name);
        if (open.length > 0) yield at(file, node, `"${instance.name}" gets no value for ${open.join(', ')}.`);
      }
    },
  },
  {
    code: 'PW5108',
    name: 'program-calls-program',
    title: 'A program is called by code',
    explanation: 'Programs are started by tasks. One that is called as well runs at two places with one memory.',
    default: 'off',
    guideline: ['PCG CP16', 'SA0120'],
    bad: body('Other();', 'x : INT;', 'PROGRAM Other\nVAR\n  y : INT;\nEND_VAR\ny := 1;\nEND_PROGRAM'),
    good: body(
      'other();',
      'other : FB_Other;',
      'FUNCTION_BLOCK FB_Other\nVAR\n  y : INT;\nEND_VAR\ny := 1;\nEND_FUNCTION_BLOCK',
    ),
    *check(view) {
      for (const { node, file } of view.nodes('Call')) {
        const target = view.model.callOf(node)?.target;
        if (target?.kind === 'pou' && target.pouKind === 'program')
          yield at(file, node, `"${target.name}" is a program. Let a task start it, or make it a function block.`);
      }
    },
  },
  {
    code: 'PW5109',
    name: 'obsolete',
    title: 'Something obsolete is used',
    explanation: 'Its declaration has the attribute "obsolete": it will go, and something else takes its place.',
    default: 'warning',
    guideline: ['PCG CP27'],
    bad: body(
      'x := Half(x);',
      'x : INT;',
      "{attribute 'obsolete' := 'use Scale'}\nFUNCTION Half : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nHalf := v / 2;\nEND_FUNCTION",
    ),
    good: body(
      'x := Half(x);',
      'x : INT;',
      'FUNCTION Half : INT\nVAR_INPUT\n  v : INT;\nEND_VAR\nHalf := v / 2;\nEND_FUNCTION',
    ),
    *check(view) {
      for (const { node, file, inside } of view.nodes('Identifier')) {
        const symbol = view.model.symbolOf(node);
        if (
          (symbol?.kind !== 'pou' && symbol?.kind !== 'method') ||
          symbol.site?.identifier === node ||
          inside?.owner === symbol
        )
          continue;
        const text = symbol.declaration?.pragmas
          .map((pragma) => /'obsolete'(?:\s*:=\s*'([^']*)')?/i.exec(pragma.text))
          .find((one) => one !== null);
        if (text != null)
          yield at(file, node, `"${symbol.name}" is obsolete${text[1] === undefined ? '' : `: ${text[1]}`}.`);
      }
    },
  },
];
