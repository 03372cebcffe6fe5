/** The memory of the symbolic scan: the value of every access path at the point of execution. */

import type { Literal } from './circuit.js';
import type { TermStore, Value } from './terms.js';

export type Layer = ReadonlyMap<string, Value>;

/** One way through a branching statement: taken when `guard` holds and no earlier arm was taken. */
export interface Arm {
  readonly guard: Literal;
  readonly layer: Layer;
}

/**
 * Writes go to the innermost layer; a branch is a layer that is merged into the one below under its guard. So a value
 * written in a branch is read back in that branch as it is, and branches cost only what they write.
 */
export class Environment {
  readonly #layers: Map<string, Value>[] = [new Map()];
  readonly #start = new Map<string, Value>();
  readonly #startOf: (path: string) => Value;
  readonly #logs: Set<string>[] = [];

  readonly #adjust: (path: string, value: Value) => Value;

  /** @param adjust what is stored in place of a value that is written */
  constructor(startOf: (path: string) => Value, adjust: (path: string, value: Value) => Value = (_, value) => value) {
    this.#startOf = startOf;
    this.#adjust = adjust;
  }

  read(path: string): Value {
    for (const log of this.#logs) log.add(path);
    return this.#valueAt(path);
  }

  /** The value of a path when the scan began. */
  startOf(path: string): Value {
    const known = this.#start.get(path);
    if (known !== undefined) return known;
    const value = this.#startOf(path);
    this.#start.set(path, value);
    return value;
  }

  write(path: string, value: Value): void {
    this.#layers.at(-1)?.set(path, this.#adjust(path, value));
  }

  /** Paths that were read or written so far, with their value at the start of the scan. */
  get started(): ReadonlyMap<string, Value> {
    return this.#start;
  }

  /** What the scan wrote, at its end. */
  get written(): Layer {
    return this.#layers[0] ?? new Map();
  }

  /** Runs a part of the program without keeping its writes; gives them back. */
  branch(run: () => void): Layer {
    const layer = new Map<string, Value>();
    this.#layers.push(layer);
    try {
      run();
    } finally {
      this.#layers.pop();
    }
    return layer;
  }

  /** Like `branch`, and says which paths were read. */
  observe(run: () => void): { readonly layer: Layer; readonly reads: ReadonlySet<string> } {
    const reads = new Set<string>();
    this.#logs.push(reads);
    try {
      return { layer: this.branch(run), reads };
    } finally {
      this.#logs.splice(this.#logs.indexOf(reads), 1);
    }
  }

  /** Keeps what the arms wrote, each where its guard is the first that holds. */
  merge(terms: TermStore, arms: readonly Arm[]): void {
    const paths = new Set(arms.flatMap(({ layer }) => [...layer.keys()]));
    for (const path of paths) {
      const before = this.#valueAt(path);
      this.write(
        path,
        arms.reduceRight<Value>(
          (otherwise, { guard, layer }) => terms.ite(guard, layer.get(path) ?? before, otherwise),
          before,
        ),
      );
    }
  }

  #valueAt(path: string): Value {
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const value = this.#layers[index]?.get(path);
      if (value !== undefined) return value;
    }
    return this.startOf(path);
  }
}
