/**
 * Prints a program of the intermediate form as the text of one JavaScript function body. The text holds only names made
 * by mangle.ts, names of the run-time library, numbers and quoted string constants.
 */

import type { DebugPlan } from './debug-hooks.js';
import { wrapCode } from './emit-conversion.js';
import { type OverlayPrinter, overlayViewCode, unionCode } from './emit-overlay.js';
import {
  type EmitContext,
  initialCode,
  isStoredBool,
  placeCode,
  rawPlaceCode,
  storeCode,
  storedCode,
  truthCode,
  typedArrayOf,
  valueCode,
} from './emit-value.js';
import { INLINE_HELPERS } from './inline-helpers.js';
import { bodyToInline, createInlineState, inlineLimits, promotableFields } from './inlining.js';
import type { ClassForm, Effect, Local, ProgramForm, Routine, Site, Value } from './ir.js';
import { BODY } from './mangle.js';
import { overlayLayouts } from './overlay.js';
import type { ExecutionProfile } from './profile.js';
import { isAggregate, isBig, limitsOf, type Shape } from './shape.js';

export interface EmitOptions {
  readonly profile: ExecutionProfile;
  /** Lets tests replace bodies and functions by mocks. Costs a test per call. */
  readonly withMocks: boolean;
  /** Counts the statements that run. */
  readonly withCoverage: boolean;
  /** Lets a debugger stop at statements and see routines and their locals. */
  readonly debug?: DebugPlan | undefined;
  readonly runTimeNames: ReadonlySet<string>;
}

/** JavaScript and the names of the run-time functions that it takes from its parameter `$rt`. */
export function emitProgram(program: ProgramForm, epilogue: string, options: EmitOptions): string {
  let serial = 0;
  const context: EmitContext = {
    ...options,
    memberCells: new Set(),
    effectsCode,
    returnCode: 'return;',
    self: 'this',
    promoted: new Map(),
    classes: new Map(program.classes.map((form) => [form.name, form])),
    inlineDepth: 0,
    inlined: createInlineState(inlineLimits(program.classes)),
    fresh: (prefix) => `${prefix}$${++serial}`,
  };
  const functions = program.functions.map((routine) => `function ${routineCode(routine, null, context)}`);
  const overlays = overlayPrinter(context);
  const views = [...overlays.layouts.values()].map((layout) => overlayViewCode(layout, overlays));
  const classes = program.classes.map((form) =>
    form.isUnion === true ? unionCode(form, overlays) : classCode(form, context),
  );
  const registers = program.registers.map((each) => `let ${each.name} = ${initialCode(each.shape, context)};`);
  const cells = [...context.memberCells]
    .sort()
    .map(
      (name) =>
        `class R_${name} extends $MemberCell { constructor(o) { super(o, ${JSON.stringify(name)}); } get v() { return this.object.${name}; } set v(x) { this.object.${name} = x; } }`,
    );
  const text = [...registers, ...cells, ...views, ...classes, ...functions, epilogue].join('\n');
  const mentioned = new Set(text.match(/\$[a-zA-Z]\w*/g));
  const named = [...options.runTimeNames].filter((name) => mentioned.has(name)).sort();
  const inline = named.flatMap((name) => INLINE_HELPERS[name] ?? []);
  const used = [
    ...new Set([
      ...named.filter((name) => INLINE_HELPERS[name] === undefined),
      ...inline.flatMap((each) => each.needs),
    ]),
  ];
  return [
    '"use strict";',
    // Locals instead of globals of the realm: in a vm context every access to a global runs an interceptor.
    'const { Math, BigInt, Number, String, Array, Object } = globalThis;',
    `const { ${REALM_NAMES.join(', ')} } = globalThis;`,
    `const { ${used.join(', ')} } = $rt;`,
    ...inline.map((each) => each.text),
    'let now = 0;',
    'let budget = 0;',
    'let G = null;',
    text,
  ].join('\n');
}

const REALM_NAMES = [
  'ArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

function overlayPrinter(context: EmitContext): OverlayPrinter {
  return {
    layouts: overlayLayouts(context.classes),
    copyCode: (to, from, shape) => copyCode(to, from, shape, context),
    initialCode(to, field) {
      const value = storedCode(valueCode(field.initial, context), field.shape);
      return isAggregate(field.shape) ? `$assign(${to}, ${value});` : `${to} = ${value};`;
    },
    typedArrayOf,
  };
}

function classCode(form: ClassForm, context: EmitContext): string {
  const lines: string[] = [`class ${form.name}${form.base === null ? '' : ` extends ${form.base}`} {`];
  if (form.types !== undefined) lines.push(`  get types() { return ${JSON.stringify(form.types)}; }`);
  lines.push('  constructor() {');
  if (form.isGlobals) lines.push('    G = this;');
  if (form.base !== null) lines.push('    super();');
  else if (context.withMocks && form.isCallable) lines.push('    this.mocked = 0; this.calls = 0;');
  const fields = form.fields.filter((field) => field.sharedAs === null);
  for (const field of fields) {
    if (field.shape.kind === 'real' || field.shape.kind === 'lreal' || field.shape.kind === 'time') {
      // The first store decides how V8 keeps the member: a fraction makes it an unboxed double for good.
      lines.push(`    this.${field.name} = 0.5;`);
    }
    lines.push(`    this.${field.name} = ${storedCode(valueCode(field.initial, context), field.shape)};`);
  }
  lines.push('  }');
  lines.push('  copy(o) {');
  if (form.base !== null) lines.push('    super.copy(o);');
  for (const field of fields) {
    lines.push(`    ${copyCode(`this.${field.name}`, `o.${field.name}`, field.shape, context)}`);
  }
  lines.push('    return this;', '  }');
  for (const routine of form.routines) lines.push(`  ${routineCode(routine, form, context)}`);
  lines.push('}');
  return lines.join('\n');
}

/** A statement that copies a member or element of any shape. */
function copyCode(to: string, from: string, shape: Shape, context: EmitContext): string {
  if (shape.kind === 'object') return `${to}.copy(${from});`;
  if (shape.kind !== 'array') return `${to} = ${from};`;
  if (typedArrayOf(shape.element) !== null && shape.dimensions !== null) return `${to}.set(${from});`;
  const index = context.fresh('i');
  return `for (let ${index} = 0; ${index} < ${to}.length; ${index}++) { ${copyCode(`${to}[${index}]`, `${from}[${index}]`, shape.element, context)} }`;
}

function routineCode(routine: Routine, owner: ClassForm | null, context: EmitContext): string {
  const head = `${routine.name}(${routine.parameters.map((each) => each.name).join(', ')}) {`;
  const lines: string[] = [];
  if (context.withMocks) {
    if (owner?.isCallable === true && routine.name === BODY)
      lines.push('if (this.mocked === 1) { this.calls++; return; }');
    else if (routine.mock !== null) {
      lines.push(
        `const k = $mockOf(${JSON.stringify(routine.mock)}); if (k !== undefined) { k.calls++; return k.value; }`,
      );
    }
  }
  for (const parameter of routine.parameters) {
    if (parameter.isBoxed) {
      lines.push(`${parameter.name} = new $BoxCell(${storedCode(parameter.name, parameter.shape)});`);
    }
  }
  for (const local of routine.locals) {
    const initial = valueCode(local.initial ?? { op: 'initial', shape: local.shape }, context);
    lines.push(`let ${local.name} = ${local.isBoxed ? `new $BoxCell(${storedCode(initial, local.shape)})` : initial};`);
  }
  const handsOver = routine.result !== null || routine.outputs.length > 0;
  const inlined = createInlineState(context.inlined.limits, context.inlined.sizes);
  const body = effectsCode(routine.body, { ...context, inlined, returnCode: handsOver ? 'break R;' : 'return;' });
  const frame = context.debug?.frameOf(owner?.name ?? null, routine.name) ?? null;
  if (frame !== null) lines.push(`${frameCode(frame, routine, owner)} try {`);
  lines.push(handsOver ? `R: { ${body} }` : body);
  if (frame !== null) lines.push('} finally { $frameEnd(); }');
  const current = (local: Local): string => placeCode({ place: 'local', local, shape: local.shape }, context);
  for (const output of routine.outputs) lines.push(`${output.root} = ${current(output.local)};`);
  if (routine.result !== null) lines.push(`return ${current(routine.result)};`);
  return `${head}\n    ${lines.join('\n    ')}\n  }`;
}

/** Tells the debugger of a routine, and hands it a way to its parameters and locals. */
function frameCode(frame: number, { parameters, locals }: Routine, owner: ClassForm | null): string {
  const cases = [...parameters, ...locals].map((local, index) => {
    const place = local.isBoxed ? `${local.name}.v` : local.name;
    return `case ${index}: if (x.length > 0) ${place} = x[0]; return ${place};`;
  });
  return `$frame(${frame}, ${owner === null ? 'null' : 'this'}, (n, ...x) => { switch (n) { ${cases.join(' ')} } });`;
}

function statementCode(site: Site, context: EmitContext): string {
  const stop = stopCode(site, context);
  return `${stop === '' ? '' : `${stop};`}${context.withCoverage ? `$hits[${site}]++;` : ''}`;
}

/** The call before a statement, or before a loop goes round. Empty where the debugger does not stop. */
function stopCode(site: Site, context: EmitContext): string {
  return context.debug?.isStop(site) === true ? `$statement(${site})` : '';
}

function effectsCode(effects: readonly Effect[], context: EmitContext): string {
  return effects.map((effect) => effectCode(effect, context)).join('\n    ');
}

function effectCode(effect: Effect, context: EmitContext): string {
  switch (effect.do) {
    case 'store':
      if (effect.value.op === 'load' && isStoredBool(effect.to) && isStoredBool(effect.value.from)) {
        return `${rawPlaceCode(effect.to, context)} = ${rawPlaceCode(effect.value.from, context)};`;
      }
      return storeCode(effect.to, valueCode(effect.value, context), context);
    case 'copy':
      return aggregateCopy(effect.to, effect.from, context);
    case 'evaluate':
      return inlinedCode(effect.value, context) ?? `${valueCode(effect.value, context)};`;
    case 'if':
      return ifCode(effect, context);
    case 'case':
      return caseCode(effect, context);
    case 'for':
      return forCode(effect, context);
    case 'while':
      return whileCode(effect, context);
    case 'repeat':
      return repeatCode(effect, context);
    case 'exit':
      return `break ${effect.label};`;
    case 'continue':
      return `continue ${effect.label};`;
    case 'return':
      return context.returnCode;
    case 'unknown':
      return `$unknown(${effect.site}, null);`;
    case 'statement':
      return statementCode(effect.site, context);
  }
}

/** The body of a small block in place of its call; null when the call stays one. */
function inlinedCode(value: Value, context: EmitContext): string | null {
  if (context.withMocks || value.op !== 'invoke' || value.method !== BODY || value.object === 'super') return null;
  const body = bodyToInline(value.object, context.classes, context.inlineDepth, context.inlined);
  if (body === null) return null;
  // A block that the debugger shows needs a routine of its own.
  if (value.object.shape.kind !== 'object') return null;
  if (typeof (context.debug?.frameOf(value.object.shape.className, BODY) ?? null) === 'number') return null;
  const self = context.fresh('q');
  const object = valueCode(value.object, context);
  return `{ const ${self} = ${object}; ${effectsCode(body, { ...context, self, promoted: new Map(), inlineDepth: context.inlineDepth + 1 })} }`;
}

function whileCode(effect: Extract<Effect, { do: 'while' }>, context: EmitContext): string {
  const head = `if (--budget < 0) $endless(${effect.site});`;
  const condition = truthCode(effect.condition, context);
  const stop = stopCode(effect.site, context);
  const loop = (code: string): string =>
    `${effect.label}: while (${code}) { ${head} ${effectsCode(effect.body, context)} }`;
  if (stop === '') return loop(condition);
  // The statement itself was the first stop; each further test of the condition is one more.
  const round = context.fresh('w');
  return `{ let ${round} = false; ${loop(`${round} && ${stop}, ${round} = true, ${condition}`)} }`;
}

function repeatCode(effect: Extract<Effect, { do: 'repeat' }>, context: EmitContext): string {
  const stop = stopCode(effect.site, context);
  const until = `!(${truthCode(effect.until, context)})`;
  return `${effect.label}: do { if (--budget < 0) $endless(${effect.site}); ${effectsCode(effect.body, context)} } while (${stop === '' ? until : `${stop}, ${until}`});`;
}

function aggregateCopy(to: Value, from: Value, context: EmitContext): string {
  const source = valueCode(from, context);
  const target = valueCode(to, context);
  if (to.shape.kind === 'object') return `${target}.copy(${source});`;
  const a = context.fresh('t');
  const b = context.fresh('f');
  return `{ const ${a} = ${target}, ${b} = ${source}; ${copyCode(a, b, to.shape, context)} }`;
}

function ifCode(effect: Extract<Effect, { do: 'if' }>, context: EmitContext): string {
  const branches = effect.branches.map(
    (branch) => `if (${truthCode(branch.condition, context)}) { ${effectsCode(branch.body, context)} }`,
  );
  const otherwise = effect.otherwise.length === 0 ? '' : ` else { ${effectsCode(effect.otherwise, context)} }`;
  return branches.join(' else ') + otherwise;
}

function caseCode(effect: Extract<Effect, { do: 'case' }>, context: EmitContext): string {
  const isPlain = effect.branches.every((branch) =>
    branch.labels.every((label) => label.upper === null && label.lower.op === 'constant'),
  );
  if (isPlain && !isBig(effect.selector.shape)) {
    const seen = new Set<string>();
    const branches = effect.branches.map((branch) => {
      // The first of two equal labels wins; JavaScript would accept both, but the second is dead.
      const labels = branch.labels.map((label) => valueCode(label.lower, context)).filter((label) => !seen.has(label));
      for (const label of labels) seen.add(label);
      return `${labels.map((label) => `case ${label}:`).join(' ')}${labels.length === 0 ? '' : ` { ${effectsCode(branch.body, context)} break; }`}`;
    });
    const otherwise = effect.otherwise.length === 0 ? '' : `default: { ${effectsCode(effect.otherwise, context)} }`;
    return `switch (${valueCode(effect.selector, context)}) { ${branches.join('\n    ')} ${otherwise} }`;
  }
  const selector = context.fresh('c');
  const branches = effect.branches.map((branch) => {
    const tests = branch.labels.map((label) =>
      label.upper === null
        ? `${selector} === ${valueCode(label.lower, context)}`
        : `(${selector} >= ${valueCode(label.lower, context)} && ${selector} <= ${valueCode(label.upper, context)})`,
    );
    return `if (${tests.length === 0 ? 'false' : tests.join(' || ')}) { ${effectsCode(branch.body, context)} }`;
  });
  const otherwise = effect.otherwise.length === 0 ? '' : ` else { ${effectsCode(effect.otherwise, context)} }`;
  const chain =
    branches.length === 0 ? `{ ${effectsCode(effect.otherwise, context)} }` : branches.join(' else ') + otherwise;
  return `{ const ${selector} = ${valueCode(effect.selector, context)}; ${chain} }`;
}

/**
 * FOR counts in a JavaScript local that can't overflow, so `FOR i := 0 TO 127` of a SINT ends. The loop charges all its
 * iterations to the budget at once where their number is known at entry.
 */
function forCode(effect: Extract<Effect, { do: 'for' }>, outer: EmitContext): string {
  const mayFault = outer.profile.semantics.integerOverflow === 'fault';
  const isWatched = outer.debug !== undefined;
  const fields = mayFault || isWatched || outer.promoted.size > 0 ? [] : promotableFields(effect);
  const names = new Map(fields.map((name) => [name, outer.fresh('m')]));
  const context: EmitContext = fields.length === 0 ? outer : { ...outer, promoted: names };
  const loop = loopCode(effect, context);
  if (fields.length === 0) return loop;
  const loads = [...names].map(([field, local]) => `${local} = ${outer.self}.${field}`).join(', ');
  const stores = [...names].map(([field, local]) => `${outer.self}.${field} = ${local};`).join(' ');
  return `{ let ${loads}; ${loop} ${stores} }`;
}

function loopCode(effect: Extract<Effect, { do: 'for' }>, context: EmitContext): string {
  const { counter, label } = effect;
  const shape = effect.variable.shape;
  const big = isBig(shape);
  const to = context.fresh('e');
  const by = context.fresh('s');
  const suffix = big ? 'n' : '';
  const step = effect.by.op === 'constant' && effect.by.value !== null ? BigInt(Number(effect.by.value)) : null;
  const condition =
    step === null
      ? `(${by} >= 0${suffix} ? ${counter} <= ${to} : ${counter} >= ${to})`
      : `${counter} ${step >= 0n ? '<=' : '>='} ${to}`;
  const bounded = step !== null && step !== 0n && !effect.readsBack;
  const trips = `(${to} - ${counter}) / ${by}`;
  const charge = bounded
    ? `{ const n = Math.floor(Number(${trips})) + 1; if (n > 0 && (budget -= n) < 0) $endless(${effect.site}); }`
    : '';
  const perTrip = bounded ? '' : `if (--budget < 0) $endless(${effect.site});`;
  const last = shape.kind === 'integer' ? wrapCode(counter, { ...shape, range: null }) : counter;
  const stored = storeCode(effect.variable, counter, context);
  const storedLast = storeCode(effect.variable, last, context);
  const body = effectsCode(effect.body, context);
  // A limit beyond the type of the control variable is never passed: on a controller the loop does not end.
  const limits = shape.kind === 'integer' ? limitsOf({ ...shape, range: null }) : null;
  const isInside =
    limits === null ||
    shape.kind !== 'integer' ||
    shape.bits >= 32 ||
    (effect.to.op === 'constant' &&
      Number(effect.to.value) <= Number(limits.upper) &&
      Number(effect.to.value) >= Number(limits.lower));
  const unreachable =
    isInside || limits === null
      ? ''
      : `if (${condition} && (${to} > ${limits.upper} || ${to} < ${limits.lower})) $endless(${effect.site});`;
  const head = `let ${counter} = ${valueCode(effect.from, context)}; const ${to} = ${valueCode(effect.to, context)}, ${by} = ${valueCode(effect.by, context)}; ${unreachable}`;
  const stop = stopCode(effect.site, context);
  const again = stop === '' ? '' : `, ${stop}`;
  if (effect.readsBack) {
    const next = `${counter} = ${placeCode(effect.variable, context)} + ${by}, ${storedLast.replace(/;$/, '')}${again}`;
    return `{ ${head} ${stored} ${label}: for (; ${condition}; ${next}) { ${perTrip} ${body} } }`;
  }
  return `{ ${head} ${charge} ${label}: for (; ${condition}; ${counter} += ${by}${again}) { ${perTrip} ${stored} ${body} } ${storedLast} }`;
}
