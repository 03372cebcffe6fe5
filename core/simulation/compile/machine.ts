/** Turns the text of a generated program into functions: in a realm of its own, without any of Node's globals. */

import { compileFunction, createContext, Script } from 'node:vm';
import type { LoweredProgram } from '../lower/program.js';
import { type Host, RUN_TIME_NAMES, runTimeLibrary } from '../run-time/library.js';
import type { DebugPlan } from './debug-hooks.js';
import { emitProgram } from './emit.js';
import type { ExecutionProfile } from './profile.js';

/** An object of the generated program: members by mangled name. */
export type StateObject = Record<string, unknown>;

/** The generated program, ready to run. State lives inside; `start` makes it anew. */
export interface Machine {
  start(): void;
  /** Root objects by name: `G` and the programs. */
  roots(): Readonly<Record<string, StateObject>>;
  /** Makes these the root objects. */
  adopt(roots: Readonly<Record<string, StateObject>>): void;
  /** Runs the programs of a task in order. */
  readonly tasks: readonly (() => void)[];
  /** Runs a task many times, `step` nanoseconds apart, with `limit` loop iterations each. */
  readonly repeat: readonly ((count: number, start: number, step: number, limit: number) => void)[];
  getTime(): number;
  setTime(nanoseconds: number): void;
  setBudget(iterations: number): void;
  /** A new object of a test class. */
  create(className: string): StateObject;
  /** Compiles an expression over the roots: JavaScript made by the emitter. */
  watch(code: string): () => unknown;
  /** Compiles expressions that may use the run-time library and their parameters: JavaScript made by the emitter. */
  expressions(texts: readonly ExpressionText[]): readonly ((...values: unknown[]) => unknown)[];
  /** Tells the run-time library the bounds of an array: pairs of lower and upper limit. */
  bounded(array: unknown, limits: readonly number[]): unknown;
}

export interface ExpressionText {
  readonly parameters: readonly string[];
  readonly code: string;
}

export interface MachineOptions {
  readonly profile: ExecutionProfile;
  readonly withMocks: boolean;
  readonly withCoverage: boolean;
  /** Classes that `create` may make. */
  readonly creatable: readonly string[];
  readonly debug?: DebugPlan | undefined;
}

/** The JavaScript of a program. */
function machineText(program: LoweredProgram, options: MachineOptions): string {
  const roots = program.roots.map((each) => each.root);
  const tasks = program.taskFunctions.map((names) => `() => { ${names.map((name) => `${name}();`).join(' ')} }`);
  const creatable = options.creatable.map((name) => `case ${JSON.stringify(name)}: return new ${name}();`).join(' ');
  const epilogue = [
    ...roots.map((root) => `let ${root} = null;`),
    'function advanceTime(nanoseconds) { now += nanoseconds; }',
    `return {
  start() { G = null; ${roots.map((root) => `${root} = null;`).join(' ')} new ${program.globalsClass}(); ${program.roots
    .map((root) => `${root.root} = new ${root.shape.className}();`)
    .join(' ')} },
  roots() { return { G${roots.map((root) => `, ${root}`).join('')} }; },
  adopt(objects) { G = objects.G; ${roots.map((root) => `${root} = objects.${root};`).join(' ')} },
  tasks: [${tasks.join(', ')}],
  repeat: [${program.taskFunctions
    .map(
      (names) => `(count, start, step, limit) => {
    now = start;
    for (let n = 0; n < count; n++) { budget = limit; ${names.map((name) => `${name}();`).join(' ')} now += step; }
  }`,
    )
    .join(', ')}],
  getTime() { return now; },
  setTime(t) { now = t; },
  setBudget(n) { budget = n; },
  create(name) { switch (name) { ${creatable} default: return null; } },
};`,
  ].join('\n');
  return emitProgram(
    { classes: program.classes, functions: program.functions, registers: program.registers },
    epilogue,
    {
      profile: options.profile,
      withMocks: options.withMocks,
      withCoverage: options.withCoverage,
      debug: options.debug,
      runTimeNames: RUN_TIME_NAMES,
    },
  );
}

/**
 * The realm of all generated programs: one, because a realm of its own would cost each program a megabyte. Nothing in it
 * can be changed, so that no program can reach another one through it.
 */
const REALM = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
new Script(
  `for (const name of Object.getOwnPropertyNames(globalThis)) {
  const value = globalThis[name];
  if (typeof value === 'function' && value.prototype !== undefined) Object.freeze(value.prototype);
  if (value !== globalThis && (typeof value === 'function' || typeof value === 'object')) Object.freeze(value);
}`,
  { filename: 'plc-realm.js' },
).runInContext(REALM);

/** Compiles a program. Its only way out is the run-time library. */
export function createMachine(program: LoweredProgram, host: Host, options: MachineOptions): Machine {
  const library = runTimeLibrary(host);
  const text = machineText(program, options);
  const factory = compileFunction(text, ['$rt'], { parsingContext: REALM, filename: 'plc-program.js' });
  const generated = factory(library) as Omit<Machine, 'watch' | 'expressions' | 'bounded'>;
  const expressions: Machine['expressions'] = (texts) => {
    const code = texts.map((each) => `(${each.parameters.join(', ')}) => ${each.code}`).join(',\n');
    const mentioned = new Set(code.match(/\$[a-zA-Z]\w*/g));
    const used = [...RUN_TIME_NAMES].filter((name) => mentioned.has(name)).join(', ');
    const body = `"use strict"; const { ${used} } = $rt; return [${code}];`;
    const compiled = compileFunction(body, ['$rt'], { parsingContext: REALM, filename: 'plc-expressions.js' });
    return compiled(library) as readonly ((...values: unknown[]) => unknown)[];
  };
  return {
    ...generated,
    expressions,
    bounded: library['$bounded'] as Machine['bounded'],
    watch(code) {
      const names = ['G', ...program.roots.map((each) => each.root)];
      const [read] = expressions([{ parameters: ['now', ...names], code }]);
      return () => {
        const roots = generated.roots();
        return read?.(generated.getTime(), ...names.map((name) => roots[name]));
      };
    },
  };
}
