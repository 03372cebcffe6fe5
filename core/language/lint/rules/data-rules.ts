import { body } from '../../diagnostics/diagnostic.js';
import { findDeadStores } from '../../flow/dead-stores.js';
import { canBeFollowed } from '../../flow/followable.js';
import type { VariableSymbol } from '../../semantics/symbols.js';
import { bare, codeOf, hasCall, textOf } from '../expressions.js';
import { at, type LintRule } from '../lint-rule.js';
import type { LintBody, LintView } from '../lint-view.js';

/** Variables of a body whose every use in it is known: no alias, no instance, no address. */
function trackedIn(view: LintView, { pou, owner }: LintBody): ReadonlySet<VariableSymbol> {
  const own = [
    ...(owner?.kind === 'method' || owner?.kind === 'pou' ? owner.variables.values() : []),
    ...(pou?.variables.values() ?? []),
  ];
  return new Set(
    own.filter((symbol) => {
      const { scope, type, location } = symbol;
      const isOwn = scope === 'local' || scope === 'temporary' || scope === 'output' || scope === 'result';
      const isValue =
        type.kind === 'elementary' || type.kind === 'string' || type.kind === 'enum' || type.kind === 'subrange';
      return isOwn && isValue && location === null && !view.usesOf(symbol).some(({ kind }) => kind === 'escape');
    }),
  );
}

/** What the next call, another body or the caller can still read. */
function outlivesBody({ scope, owner, sectionKind }: VariableSymbol, body: LintBody): boolean {
  if (scope === 'output' || scope === 'result') return true;
  const isForgotten =
    sectionKind === 'VAR_TEMP' ||
    (sectionKind === 'VAR' && (owner?.kind === 'method' || (owner?.kind === 'pou' && owner.pouKind === 'function')));
  return !isForgotten || owner !== body.owner;
}

const LOOP_VARIABLES = 'i : INT;\n  sum : INT;\n  a : ARRAY[1..4] OF INT;';

/** How values flow: PLCopen CP2, CP3 and L13. */
export const DATA_RULES: readonly LintRule[] = [
  {
    code: 'PW5121',
    name: 'dead-store',
    title: 'A value is overwritten before anybody reads it',
    explanation: 'The first assignment has no effect. Often the wrong variable was assigned.',
    default: 'info',
    guideline: ['PCG CP2', 'SA0168'],
    bad: body('x := y + 1;\nx := y + 2;', 'x : INT;\n  y : INT;'),
    good: body('x := y + 1;\ny := x + 2;', 'x : INT;\n  y : INT;'),
    *check(view) {
      for (const body of view.bodies) {
        if (body.body.kind !== 'StatementList' || body.body.statements.length < 2) continue;
        const tracked = trackedIn(view, body);
        const outliving = new Set([...tracked].filter((symbol) => outlivesBody(symbol, body)));
        for (const { statement, symbol } of findDeadStores({ model: view.model, body: body.body, tracked, outliving }))
          yield at(
            body.file,
            statement,
            `The value that "${symbol.name}" gets here is never read. Remove the assignment, or use the value.`,
          );
      }
    },
  },
  {
    code: 'PW5122',
    name: 'self-assignment',
    title: 'A variable is assigned to itself',
    explanation:
      'Nothing changes. One of the two sides was meant to be something else, or the line switches something off.',
    default: 'warning',
    guideline: ['SA0168'],
    bad: body('x := x;'),
    good: body('x := x + 1;'),
    *check(view) {
      for (const { node, file } of view.nodes('Assignment'))
        if (
          node.operator === ':=' &&
          !hasCall(node.value) &&
          codeOf(file, bare(node.value)) === codeOf(file, node.target) &&
          view.model.symbolOf(node.target)?.kind !== 'property'
        )
          yield at(
            file,
            node,
            `"${textOf(file, node.target)}" is assigned to itself. Remove the line, or correct one side.`,
          );
    },
  },
  {
    code: 'PW5123',
    name: 'loop-variable-after-loop',
    title: 'The variable of a FOR loop is used after the loop',
    explanation: 'What it holds after the last pass depends on the compiler (IEC 61131-3, 7.3.3.4.2).',
    default: 'off',
    guideline: ['PCG L13', 'SA0072'],
    bad: body('FOR i := 1 TO 4 DO\n  sum := sum + a[i];\nEND_FOR;\nsum := i;', LOOP_VARIABLES),
    good: body('FOR i := 1 TO 4 DO\n  sum := sum + a[i];\nEND_FOR;', LOOP_VARIABLES),
    *check(view) {
      for (const { node, file, inside } of view.nodes('For')) {
        const symbol = view.model.symbolOf(node.variable);
        if (symbol?.kind !== 'variable' || inside?.body.kind !== 'StatementList' || !canBeFollowed(inside.body))
          continue;
        const later = view
          .usesOf(symbol)
          .filter((use) => use.inside === inside && use.node.start > node.end)
          .sort((a, b) => a.node.start - b.node.start);
        const [next] = later;
        if (next !== undefined && next.kind === 'read')
          yield at(
            file,
            next.node,
            `What "${symbol.name}" holds after its loop depends on the compiler. Keep the value in another variable.`,
          );
      }
    },
  },
  {
    code: 'PW5124',
    name: 'lasting-loop-variable',
    title: 'A FOR loop counts with a lasting variable',
    explanation: 'A counter of a loop is needed in the loop only. VAR_TEMP keeps it from being used elsewhere.',
    default: 'off',
    guideline: ['PCG CP21', 'SA0073'],
    bad: body('FOR i := 1 TO 4 DO\n  sum := sum + a[i];\nEND_FOR;', LOOP_VARIABLES),
    good: 'PROGRAM Main\nVAR\n  sum : INT;\nEND_VAR\nVAR_TEMP\n  i : INT;\nEND_VAR\nFOR i := 1 TO 4 DO\n  sum := sum + i;\nEND_FOR;\nEND_PROGRAM\n',
    *check(view) {
      for (const { node, file } of view.nodes('For')) {
        const symbol = view.model.symbolOf(node.variable);
        if (symbol?.kind !== 'variable' || symbol.owner?.kind !== 'pou' || symbol.owner.pouKind === 'function')
          continue;
        if (symbol.sectionKind !== 'VAR_TEMP') yield at(file, node.variable, `Declare "${symbol.name}" in VAR_TEMP.`);
      }
    },
  },
  {
    code: 'PW5125',
    name: 'loop-bound-not-constant',
    title: 'The end of a FOR loop is not a constant',
    explanation:
      'How long the loop takes depends on a value of the running program. A large one may break the cycle time.',
    default: 'off',
    guideline: ['SA0081'],
    bad: body('FOR i := 1 TO sum DO\n  a[1] := i;\nEND_FOR;', LOOP_VARIABLES),
    good: body('FOR i := 1 TO 4 DO\n  a[1] := i;\nEND_FOR;', LOOP_VARIABLES),
    *check(view) {
      for (const { node, file } of view.nodes('For'))
        if (view.model.constantOf(node.to) === null && !hasCall(node.to))
          yield at(file, node.to, `The loop runs as often as "${textOf(file, node.to)}" says. Limit it by a constant.`);
    },
  },
  {
    code: 'PW5126',
    name: 'loop-beyond-array',
    title: 'A loop counts beyond an array',
    explanation: 'The counter of the loop is the index of an array and takes values that are none of its elements.',
    default: 'warning',
    guideline: ['PCG L22', 'SA0180'],
    bad: body('FOR i := 0 TO 4 DO\n  sum := sum + a[i];\nEND_FOR;', LOOP_VARIABLES),
    good: body('FOR i := 1 TO 4 DO\n  sum := sum + a[i];\nEND_FOR;', LOOP_VARIABLES),
    *check(view) {
      for (const { node, file } of view.nodes('For')) {
        const [from, to, by] = [node.from, node.to, node.by].map((one) =>
          one === null ? 1n : view.model.constantOf(one),
        );
        const counter = view.model.symbolOf(node.variable);
        if (
          typeof from !== 'bigint' ||
          typeof to !== 'bigint' ||
          typeof by !== 'bigint' ||
          counter === null ||
          by === 0n
        )
          continue;
        if (by > 0n ? from > to : from < to) continue;
        const [lowest, highest] =
          by > 0n ? [from, from + ((to - from) / by) * by] : [from + ((to - from) / by) * by, from];
        for (const index of view.nodes('Index')) {
          if (index.file !== file || index.node.start < node.body.start || index.node.end > node.body.end) continue;
          const type = view.model.typeOf(index.node.object);
          if (type.kind !== 'array' || index.node.indices.some(hasCall)) continue;
          // A condition or EXIT around the access may keep it within the array.
          if (!isUnconditional(view, node.body.statements, index.node.start)) continue;
          for (const [position, expression] of index.node.indices.entries()) {
            const bounds = type.dimensions[position];
            if (bounds == null || view.model.symbolOf(bare(expression)) !== counter) continue;
            if (lowest < bounds.lower || highest > bounds.upper)
              yield at(
                file,
                expression,
                `The loop counts from ${lowest} to ${highest}, and the array goes from ${bounds.lower} to ${bounds.upper}.`,
              );
          }
        }
      }
    },
  },
  {
    code: 'PW5127',
    name: 'direct-address',
    title: 'Code uses an address instead of a name',
    explanation:
      'An address in the code hides what is wired to it, and moves with the hardware. Declare a variable AT it.',
    default: 'info',
    guideline: ['PCG N1', 'PCG CP1', 'SA0047'],
    bad: body('x := %IW4;'),
    good: 'PROGRAM Main\nVAR\n  level AT %IW4 : INT;\n  x : INT;\nEND_VAR\nx := level;\nEND_PROGRAM\n',
    *check(view) {
      for (const { node, file, inside, parent } of view.nodes('DirectAddress'))
        if (inside !== null && parent?.kind !== 'VariableName' && parent?.kind !== 'InstanceInitializer')
          yield at(file, node, `Declare a variable AT ${node.text} and use its name.`);
    },
  },
  {
    code: 'PW5128',
    name: 'located-in-pou',
    title: 'A POU declares an address',
    explanation:
      'Addresses in one list of global variables can be compared with the wiring; spread over POUs they can not.',
    default: 'off',
    guideline: ['PCG N1', 'SA0048'],
    bad: 'PROGRAM Main\nVAR\n  level AT %IW4 : INT;\nEND_VAR\nEND_PROGRAM\n',
    good: 'VAR_GLOBAL\n  level AT %IW4 : INT;\nEND_VAR\n',
    *check(view) {
      for (const { node, file, inside } of view.nodes('VariableName'))
        if (inside !== null && node.location !== null && !node.location.text.includes('*'))
          yield at(file, node.location, `Declare "${node.name.name}" in a list of global variables.`);
    },
  },
  {
    code: 'PW5129',
    name: 'array-of-one',
    title: 'An array has one element',
    explanation: 'A variable says the same, and a bound that was meant otherwise does not go unnoticed.',
    default: 'info',
    guideline: ['SA0010'],
    bad: body('', 'a : ARRAY[1..1] OF INT;'),
    good: body('', 'a : ARRAY[1..2] OF INT;'),
    *check(view) {
      for (const { node, file } of view.nodes('ArrayType')) {
        const type = view.model.typeOfNode(node);
        const areLiteral = node.dimensions.every(
          ({ lower, upper }) => lower?.kind === 'Literal' && upper?.kind === 'Literal',
        );
        if (
          type.kind === 'array' &&
          areLiteral &&
          type.dimensions.every((one) => one !== null && one.lower === one.upper)
        )
          yield at(file, node, 'This array has one element. Is the upper bound right?');
      }
    },
  },
];

/** True when the place lies in the body of the loop itself, not under a condition or after a way out. */
function isUnconditional(view: LintView, statements: LintStatements, offset: number): boolean {
  for (const statement of statements) {
    if (statement.start <= offset && offset < statement.end)
      return (
        statement.kind === 'Assignment' ||
        statement.kind === 'CallStatement' ||
        (statement.kind === 'If' &&
          statement.branches[0] !== undefined &&
          offset < statement.branches[0].condition.end &&
          bare(statement.branches[0].condition).kind !== 'Binary') ||
        (statement.kind === 'Region' && isUnconditional(view, statement.body.statements, offset))
      );
    if (statement.kind !== 'Assignment' && statement.kind !== 'CallStatement' && statement.kind !== 'EmptyStatement')
      return false;
  }
  return false;
}

type LintStatements = Extract<LintBody['body'], { kind: 'StatementList' }>['statements'];
