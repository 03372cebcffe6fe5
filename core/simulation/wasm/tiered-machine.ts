/**
 * A program that starts in JavaScript, which is there at once, and moves its state into WebAssembly when it runs long
 * enough for that to pay. Both engines print the same intermediate form and give the same values.
 *
 * JavaScript alone runs programs with mocks or coverage, and those with a form that the WebAssembly printer does not
 * know; `engine` and `whyJavaScript` say so.
 */

import { createMachine, type Machine, type MachineOptions } from '../compile/machine.js';
import type { Shape } from '../compile/shape.js';
import type { LoweredProgram } from '../lower/program.js';
import type { Host } from '../run-time/library.js';
import { HOST_MODULE } from './encoder.js';
import { printModule, type WasmProgram } from './module.js';
import { WasmState } from './state.js';
import type { Decoding, HostFunction } from './unit.js';

export type Engine = 'javascript' | 'wasm';
/** `auto`: JavaScript first, WebAssembly for long runs. */
export type EngineChoice = 'auto' | Engine;

export interface TieredMachine extends Machine {
  /** The engine that runs the next scan. */
  readonly engine: Engine;
  /** What keeps the program in JavaScript; null when nothing does, or when nothing has tried yet. */
  readonly whyJavaScript: string | null;
}

/** Scans after which a program moves to WebAssembly. */
const LONG_RUN = 2000;

type Run = (count: number, start: number, step: number, limit: number) => void;

interface Native {
  readonly runs: readonly Run[];
  readonly now: WebAssembly.Global<'f64'>;
  readonly state: WasmState;
}

const DECODED: Readonly<Record<Decoding, (parameter: string) => string>> = {
  plain: (parameter) => parameter,
  bool: (parameter) => `${parameter} !== 0`,
  unsigned: (parameter) => `${parameter} >>> 0`,
  'unsigned-big': (parameter) => `BigInt.asUintN(64, ${parameter})`,
};

/** Parameters are named `p0` … as they arrive and `a0` … as the expression takes them. */
function hostText({ code, decodings }: HostFunction): {
  readonly parameters: readonly string[];
  readonly code: string;
} {
  const parameters = decodings.map((_, index) => `p${index}`);
  const decoded = decodings.map((decoding, index) => `a${index} = ${DECODED[decoding](`p${index}`)}`);
  return {
    parameters,
    code: decoded.length === 0 ? code : `(() => { const ${decoded.join(', ')}; return ${code}; })()`,
  };
}

function instantiate(program: WasmProgram, machine: Machine, tasks: number): Native {
  const host: Record<string, WebAssembly.ImportValue> = {};
  const functions = machine.expressions(program.hostFunctions.map(hostText));
  program.hostFunctions.forEach((each, index) => {
    const own = functions[index];
    if (own !== undefined) host[each.name] = own as WebAssembly.ImportValue;
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(program.bytes), { [HOST_MODULE]: host });
  const memory = exports['memory'] as WebAssembly.Memory;
  const strings = (exports['strings'] as WebAssembly.Table | undefined) ?? null;
  return {
    runs: Array.from({ length: tasks }, (_, index) => exports[`run${index}`] as unknown as Run),
    now: exports['now'] as WebAssembly.Global<'f64'>,
    state: new WasmState(program, memory.buffer as ArrayBuffer, strings, machine.bounded),
  };
}

/** Compiles a program for both engines; the second one when it is needed. */
export function createTieredMachine(
  program: LoweredProgram,
  host: Host,
  options: MachineOptions & { readonly engine: EngineChoice },
): TieredMachine {
  const script = createMachine(program, host, options);
  const shapes = new Map<string, Shape>([
    ['G', { kind: 'object', className: program.globalsClass, typeName: 'globals' }],
    ...program.roots.map((each): [string, Shape] => [each.root, each.shape]),
  ]);
  const names = [...shapes].map(([name, shape]) => ({ name, shape }));
  let whyJavaScript: string | null = null;
  if (options.withMocks) whyJavaScript = 'mocks';
  else if (options.withCoverage) whyJavaScript = 'coverage';
  else if (options.engine === 'javascript') whyJavaScript = 'it was asked for';
  let native: Native | null = null;
  let active: Native | null = null;
  let budget = 0;
  let scans = options.engine === 'wasm' ? LONG_RUN : 0;

  function prepare(): Native | null {
    if (native !== null || whyJavaScript !== null) return native;
    const printed = printModule(program, options.profile);
    if ('unsupported' in printed) {
      whyJavaScript = printed.unsupported;
      return null;
    }
    if (!WebAssembly.validate(printed.program.bytes)) {
      whyJavaScript = 'the printed module is not valid';
      return null;
    }
    native = instantiate(printed.program, script, program.taskFunctions.length);
    return native;
  }

  /** Moves the state into WebAssembly after enough scans. */
  function advance(count: number): Native | null {
    if (active !== null || whyJavaScript !== null) return active;
    scans += count;
    if (scans <= LONG_RUN) return null;
    const ready = prepare();
    if (ready === null) return null;
    if (!ready.state.moveFrom(script.roots(), shapes)) {
      whyJavaScript = 'a reference to a variable that is gone';
      return null;
    }
    ready.now.value = script.getTime();
    active = ready;
    return ready;
  }

  const roots: Machine['roots'] = () => (active === null ? script.roots() : active.state.roots(names));
  const getTime = (): number => (active === null ? script.getTime() : Number(active.now.value));
  return {
    ...script,
    get engine() {
      return active === null ? 'javascript' : 'wasm';
    },
    get whyJavaScript() {
      return whyJavaScript;
    },
    start() {
      active = null;
      script.start();
    },
    roots,
    tasks: script.tasks.map((run, index) => () => {
      const ready = advance(1);
      if (ready === null) run();
      else ready.runs[index]?.(1, Number(ready.now.value), 0, budget);
    }),
    repeat: script.repeat.map((run, index) => (count, start, step, limit) => {
      const ready = advance(count);
      if (ready === null) run(count, start, step, limit);
      else ready.runs[index]?.(count, start, step, limit);
    }),
    getTime,
    setTime(nanoseconds) {
      script.setTime(nanoseconds);
      if (active !== null) active.now.value = nanoseconds;
    },
    setBudget(iterations) {
      budget = iterations;
      script.setBudget(iterations);
    },
    watch(code) {
      const [read] = script.expressions([{ parameters: ['now', ...shapes.keys()], code }]);
      return () => {
        const state = roots();
        return read?.(getTime(), ...names.map(({ name }) => state[name]));
      };
    },
  };
}
