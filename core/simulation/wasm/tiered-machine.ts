/**
 * A program that starts in JavaScript, which is there at once, and moves its state into WebAssembly when it runs long
 * enough for that to pay. Both engines print the same intermediate form and give the same values.
 *
 * JavaScript alone runs programs with mocks or coverage, and those with a form that the WebAssembly printer does not
 * know; `engine` and `whyJavaScript` say so.
 */

import { createMachine, type Machine, type MachineOptions, type StateObject } from '../compile/machine.js';
import type { Shape } from '../compile/shape.js';
import type { LoweredProgram } from '../lower/program.js';
import type { Host } from '../run-time/library.js';
import { type ObjectImage, ObjectImager } from '../run-time/object-image.js';
import type { Tag } from '../tags.js';
import { HOST_MODULE } from './encoder.js';
import { printModule, type WasmProgram } from './module.js';
import { type WasmImage, WasmState } from './state.js';
import type { Decoding, HostFunction } from './unit.js';

export type Engine = 'javascript' | 'wasm';
/** `auto`: JavaScript first, WebAssembly for long runs. */
export type EngineChoice = 'auto' | Engine;

/** A copy of the state of a program at one moment, and the engine that had it. */
export interface MachineImage {
  readonly nowNs: number;
  readonly state:
    | { readonly engine: 'wasm'; readonly image: WasmImage }
    | {
        readonly engine: 'javascript';
        readonly roots: Readonly<Record<string, StateObject>>;
        readonly images: ReadonlyMap<string, ObjectImage>;
      };
}

export interface TieredMachine extends Omit<Machine, 'adopt'> {
  /** The engine that runs the next scan. */
  readonly engine: Engine;
  /** What keeps the program in JavaScript; null when nothing does, or when nothing has tried yet. */
  readonly whyJavaScript: string | null;
  /** The stored value of a variable, wherever it is; quicker than through `roots`. */
  peek(tag: Tag): unknown;
  poke(tag: Tag, value: unknown): void;
  /** Moves to the engine of long runs before the next scan, when it is the one to use from the start. */
  settle(): void;
  save(): MachineImage;
  /** Puts a state back that this machine has saved. */
  restore(image: MachineImage): void;
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

  const imager = new ObjectImager(program.classes);
  const addresses = new Map<Tag, number>();
  function addressOf(state: WasmState, tag: Tag): number {
    const known = addresses.get(tag);
    if (known !== undefined) return known;
    const address = state.addressOf(tag.root, shapes.get(tag.root) ?? tag.shape, tag.steps);
    addresses.set(tag, address);
    return address;
  }

  const classNameOf = (shape: Shape): string => (shape.kind === 'object' ? shape.className : '');
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
    peek(tag) {
      if (active === null) return tag.read(script.roots());
      const value = active.state.get(tag.shape, addressOf(active.state, tag));
      return tag.shape.kind === 'bool' ? value === 1 : value;
    },
    poke(tag, value) {
      if (active === null) tag.write(script.roots(), value);
      else active.state.set(tag.shape, addressOf(active.state, tag), value);
    },
    settle() {
      if (options.engine === 'wasm') advance(1);
    },
    save() {
      const nowNs = getTime();
      if (active !== null) return { nowNs, state: { engine: 'wasm', image: active.state.save() } };
      const objects = script.roots();
      const images = new Map(names.map(({ name, shape }) => [name, imager.save(objects[name], classNameOf(shape))]));
      return { nowNs, state: { engine: 'javascript', roots: objects, images } };
    },
    restore({ nowNs, state }) {
      if (state.engine === 'wasm') {
        active = native;
        native?.state.restore(state.image);
      } else {
        active = null;
        script.adopt(state.roots);
        for (const { name, shape } of names)
          imager.restore(state.roots[name], classNameOf(shape), state.images.get(name) ?? []);
      }
      script.setTime(nowNs);
      if (active !== null) active.now.value = nowNs;
    },
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
