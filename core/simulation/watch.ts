/**
 * ST expressions over the state of a running program: `always:` of scenarios, watch windows, replayed proofs. They are
 * parsed, checked and compiled like any other expression of the project.
 */

import type { Project } from '../language/semantics/model.js';
import { projectWithFile } from '../language/semantics/project-with-file.js';
import { keyOf, type PouSymbol } from '../language/semantics/symbols.js';
import { parseExpression, parseSourceFile } from '../language/syntax/parser.js';
import type { CallStatement, Expression } from '../language/syntax/tree.js';
import { walk } from '../language/syntax/walk.js';
import type { EmitContext } from './compile/emit-value.js';
import { valueCode } from './compile/emit-value.js';
import { createInlineState } from './compile/inlining.js';
import type { Place, Value } from './compile/ir.js';
import type { Machine } from './compile/machine.js';
import { fieldName } from './compile/mangle.js';
import { executionProfile } from './compile/profile.js';
import type { Shape } from './compile/shape.js';
import type { ProgramBuilder } from './lower/context.js';
import { lowerValue } from './lower/expressions.js';
import type { LoweredProgram } from './lower/program.js';
import { createScope } from './lower/routines.js';
import { shapeOfType } from './lower/types.js';

/** A compiled expression. */
export interface Watch {
  readonly text: string;
  readonly shape: Shape;
  /** The value in the state as it stands. May throw a RunTimeFault (an index out of bounds). */
  read(): unknown;
}

const WATCH_FILE = '<expression>';

/** What an expression sees beside the project: the variables of a routine that a debugger has stopped. */
export interface WatchFrame {
  /** Their declarations as sections of a PROGRAM. */
  readonly sections: string;
  /** Where a variable is, by its upper-case name: in terms of the parameters. */
  placeOf(name: string): Place | null;
  /** Names in the compiled expression whose values `readIn` takes. */
  readonly parameters: readonly string[];
}

/** An expression in a frame. */
export interface FrameWatch {
  readonly shape: Shape;
  /** The value in the state as it stands, with values of the frame's parameters. May throw a RunTimeFault. */
  readIn(values: readonly unknown[]): unknown;
}

/** Compiles expressions; the result stands in the order of the texts. */
export function compileWatches(
  project: Project,
  program: LoweredProgram,
  machine: Pick<Machine, 'watch'>,
  texts: readonly string[],
): ({ readonly watch: Watch } | { readonly problem: string })[] {
  return printExpressions(project, program, texts, null).map((printed, index) =>
    'problem' in printed
      ? printed
      : { watch: { text: texts[index] ?? '', shape: printed.shape, read: machine.watch(printed.code) } },
  );
}

/** Compiles an expression that may name the variables of a frame. */
export function compileFrameWatch(
  project: Project,
  program: LoweredProgram,
  machine: Pick<Machine, 'expressions' | 'roots' | 'getTime'>,
  text: string,
  frame: WatchFrame,
): { readonly watch: FrameWatch } | { readonly problem: string } {
  const [printed] = printExpressions(project, program, [text], frame);
  if (printed === undefined || 'problem' in printed) return printed ?? { problem: 'it is not one ST expression' };
  const roots = ['G', ...program.roots.map((each) => each.root)];
  const [read] = machine.expressions([{ parameters: ['now', ...roots, ...frame.parameters], code: printed.code }]);
  const readIn = (values: readonly unknown[]): unknown => {
    const objects = machine.roots();
    return read?.(machine.getTime(), ...roots.map((name) => objects[name]), ...values);
  };
  return { watch: { shape: printed.shape, readIn } };
}

interface PrintedExpression {
  readonly shape: Shape;
  /** JavaScript over the roots and the parameters of the frame. */
  readonly code: string;
}

function printExpressions(
  project: Project,
  program: LoweredProgram,
  texts: readonly string[],
  frame: WatchFrame | null,
): (PrintedExpression | { readonly problem: string })[] {
  const parsed = texts.map((text) => parseExpression(text, project.dialect));
  const valid = texts.flatMap((text, index) => {
    const each = parsed[index];
    return each === undefined || each.errors.length > 0 ? [] : [withAliases(text, each.expression, program)];
  });
  // The end of a line closes a line comment at the end of an expression.
  const body = valid.map((text) => `(${text}\n);`).join('\n');
  const source = `PROGRAM PW_WATCH\n${frame?.sections ?? ''}\n${body}\nEND_PROGRAM\n${instancesOfPrograms(program)}`;
  const file = parseSourceFile(WATCH_FILE, source, project.dialect);
  const watched = projectWithFile(project, file, { entry: null, cycle: 10_000_000n });
  const pou = watched.pous.find((each) => each.site?.file === file);
  const statements = pou?.declaration?.body.kind === 'StatementList' ? pou.declaration.body.statements : [];
  const expressions = statements
    .filter((statement): statement is CallStatement => statement.kind === 'CallStatement')
    .map((statement) => statement.expression);
  let next = 0;
  return texts.map((_, index) => {
    const error = parsed[index]?.errors[0];
    if (error !== undefined) return { problem: error.message };
    const expression = expressions[next++];
    if (expression === undefined || pou === undefined) return { problem: 'it is not one ST expression' };
    const compiled = printExpression({ project: watched, program, frame }, expression, file, pou);
    return 'problem' in compiled ? { problem: withProgramNames(compiled.problem, program) } : compiled;
  });
}

/** `PW_P0 …`: the name under which a watched expression reaches a program of the schedule. */
const ALIAS = 'PW_PROGRAM_';

/**
 * Tags name a program by its type, which within ST is no variable. So every program gets an instance with a name of
 * ours, and the expression is rewritten to it.
 */
function instancesOfPrograms(program: LoweredProgram): string {
  const instances = program.roots
    .map((root, index) => ({ root, index }))
    .filter(({ root }) => root.pou.pouKind === 'program' && /^\w+$/.test(root.pou.name))
    .map(({ root, index }) => `PROGRAM ${ALIAS}${index} WITH PW_TASK : ${root.pou.name};`);
  if (instances.length === 0) return '';
  return `CONFIGURATION PW_WATCHED\nRESOURCE PW_RESOURCE ON PLC\nTASK PW_TASK(INTERVAL := T#1s, PRIORITY := 1);\n${instances.join('\n')}\nEND_RESOURCE\nEND_CONFIGURATION\n`;
}

/** A message in the words of the user. */
function withProgramNames(message: string, program: LoweredProgram): string {
  return message.replaceAll(
    new RegExp(`${ALIAS}(\\d+)`, 'g'),
    (alias, index: string) => program.roots[Number(index)]?.pou.name ?? alias,
  );
}

function withAliases(text: string, expression: Expression, program: LoweredProgram): string {
  const splices: { start: number; end: number; text: string }[] = [];
  walk(expression, (node) => {
    if (node.kind !== 'Member' || node.object.kind !== 'Name') return;
    const name = keyOf(node.object.name.name);
    const index = program.roots.findIndex(
      (root) => root.pou.pouKind === 'program' && (keyOf(root.pou.name) === name || keyOf(root.instanceName) === name),
    );
    if (index >= 0) splices.push({ start: node.object.start, end: node.object.end, text: `${ALIAS}${index}` });
  });
  let rewritten = text;
  for (const splice of splices.sort((x, y) => y.start - x.start)) {
    rewritten = rewritten.slice(0, splice.start) + splice.text + rewritten.slice(splice.end);
  }
  return rewritten;
}

interface WatchInput {
  readonly project: Project;
  readonly program: LoweredProgram;
  readonly frame: WatchFrame | null;
}

function printExpression(
  input: WatchInput,
  expression: Expression,
  file: Parameters<typeof createScope>[0]['file'],
  pou: PouSymbol,
): PrintedExpression | { readonly problem: string } {
  const { project, frame } = input;
  const problems: string[] = [];
  const builder = watchBuilder(input, problems);
  const scope = createScope({ builder, project, file, self: null, callable: null, result: null, isTest: false });
  for (const variable of frame === null ? [] : pou.variables.values()) {
    const place = frame?.placeOf(keyOf(variable.name)) ?? null;
    if (place !== null) scope.locals.set(variable, place);
  }
  const value = lowerValue(scope, expression);
  const table = project.lineTableOf(file);
  const finding = project.findings.find(
    (each) =>
      each.file === WATCH_FILE &&
      each.severity !== 'info' &&
      each.severity !== 'warning' &&
      each.line >= table.positionAt(expression.start).line &&
      each.endLine <= table.positionAt(expression.end).line,
  );
  if (problems.length > 0) return { problem: finding?.message ?? problems[0] ?? '' };
  if (['object', 'array', 'void', 'unknown', 'reference', 'interface'].includes(value.shape.kind)) {
    return { problem: finding?.message ?? 'it has no single value; name a member or an element' };
  }
  let serial = 0;
  const context: EmitContext = {
    profile: executionProfile(project.dialect),
    memberCells: new Set(),
    withMocks: false,
    withCoverage: false,
    returnCode: 'return;',
    self: 'this',
    promoted: new Map(),
    classes: new Map(),
    inlineDepth: 0,
    inlined: createInlineState({ body: [], routine: 0 }),
    effectsCode: () => {
      throw new Error('a watched expression has no effects');
    },
    fresh: (prefix) => `${prefix}$${++serial}`,
  };
  if (hasEffects(value)) return { problem: 'it calls code of the program, which a watched expression must not do' };
  return { shape: value.shape, code: valueCode(value, context) };
}

/** Calls would change the state that is being watched. */
function hasEffects(value: Value): boolean {
  switch (value.op) {
    case 'after':
    case 'call':
    case 'invoke':
      return true;
    default:
      return Object.values(value).some((member: unknown) =>
        Array.isArray(member)
          ? member.some((each) => isValue(each) && hasEffects(each))
          : isValue(member) && hasEffects(member),
      );
  }
}

function isValue(member: unknown): member is Value {
  return typeof member === 'object' && member !== null && 'op' in member;
}

/** Finds by name what the running program has: nothing is added to it. */
function watchBuilder({ project, program }: WatchInput, problems: string[]): ProgramBuilder {
  const profile = executionProfile(project.dialect);
  const classOf = (name: string): string =>
    program.classes.find((form) => keyOf(form.typeName) === keyOf(name))?.name ?? '';
  const globals = program.classes.find((form) => form.isGlobals);
  const globalsValue: Value = {
    op: 'root',
    name: 'G',
    shape: { kind: 'object', className: program.globalsClass, typeName: 'globals' },
  };
  const root = (name: string): Value | null => {
    const found = program.roots.find(
      (each) => keyOf(each.instanceName) === keyOf(name) || keyOf(each.pou.name) === keyOf(name),
    );
    return found === undefined ? null : { op: 'root', name: found.root, shape: found.shape };
  };
  const missing = (name: string): Value => {
    problems.push(`the program ${name} does not run`);
    return { op: 'unknown', shape: { kind: 'unknown' }, site: 0 };
  };
  return {
    profile,
    coverage: null,
    shapeOf: (type) =>
      shapeOfType(type, profile, {
        classOf: (pou) => classOf(pou.name),
        structClassOf: (type) => classOf(type.name ?? 'STRUCT'),
      }),
    classOf: (pou) => classOf(pou.name),
    isKin: (one, other) => one === other,
    modelNamed: () => null,
    isOpaque: () => false,
    functionOf: (pou) => ({ name: pou.name, outputs: [] }),
    outputsOf: () => [],
    programOf: (pou) => root(pou.name) ?? missing(pou.name),
    programInstance(name) {
      const found = name.startsWith(ALIAS) ? program.roots[Number(name.slice(ALIAS.length))] : undefined;
      return found === undefined ? root(name) : { op: 'root', name: found.root, shape: found.shape };
    },
    globalPlace(variable) {
      const name = fieldName(variable.qualifiedName);
      const field = globals?.fields.find((each) => each.name === name);
      if (field === undefined) problems.push(`there is no global variable ${variable.qualifiedName}`);
      return {
        place: 'field',
        object: globalsValue,
        name: field?.sharedAs ?? name,
        shape: field?.shape ?? { kind: 'unknown' },
      };
    },
    staticPlace: (variable) => ({
      place: 'field',
      object: globalsValue,
      name: fieldName(variable.qualifiedName),
      shape: { kind: 'unknown' },
    }),
    addressPlace(address, shape) {
      const name = fieldName(address.toUpperCase().replace(/^%([IQM])(?=\d)/, '%$1X'));
      if (globals?.fields.some((each) => each.name === name) !== true)
        problems.push(`the program does not use ${address}`);
      return { place: 'field', object: globalsValue, name, shape };
    },
    site: () => 0,
    unknown: (_site, name, reason) => problems.push(`${name}: ${reason}`),
    assertion: () => undefined,
  };
}
