/**
 * Reduced ordered binary decision diagrams: canonical, so that two functions are equal exactly when their nodes are.
 *
 * Levels are variables, smallest at the root. When the node limit is reached every operation answers `BDD_LIMIT`, and
 * every operation on `BDD_LIMIT` answers `BDD_LIMIT` again: the limit can't be mistaken for a function.
 */

export type BddNode = number;

export const BDD_FALSE: BddNode = 0;
export const BDD_TRUE: BddNode = 1;
/** Not a function: the node limit was reached on the way to the result. */
export const BDD_LIMIT: BddNode = -1;

const TERMINAL_LEVEL = 0x7fffffff;
const CACHE_BITS = 15;
const CACHE_SIZE = 1 << CACHE_BITS;

/** A partial assignment: level to value. */
export type BddPath = ReadonlyMap<number, boolean>;

function mix(a: number, b: number, c: number): number {
  let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Steps for each node that is allowed: the cache forgets, so that few nodes can still take very many steps. */
const STEPS_PER_NODE = 40;

export class Bdd {
  readonly #nodeLimit: number;
  #stepsLeft: number;
  #level = new Int32Array(1024);
  #low = new Int32Array(1024);
  #high = new Int32Array(1024);
  #count = 2;
  /** Open addressing; 0 is empty (the terminals are never stored). */
  #table = new Int32Array(2048);
  readonly #iteKeys = new Int32Array(CACHE_SIZE * 3).fill(-1);
  readonly #iteResults = new Int32Array(CACHE_SIZE);

  constructor(nodeLimit: number) {
    this.#nodeLimit = nodeLimit;
    this.#stepsLeft = nodeLimit * STEPS_PER_NODE;
    this.#level[0] = TERMINAL_LEVEL;
    this.#level[1] = TERMINAL_LEVEL;
    this.#high[1] = 1;
    this.#low[1] = 1;
  }

  get nodeCount(): number {
    return this.#count;
  }

  /** The function that is the variable of this level. */
  variable(level: number): BddNode {
    return this.#make(level, BDD_FALSE, BDD_TRUE);
  }

  levelOf(node: BddNode): number {
    return this.#level[node] ?? TERMINAL_LEVEL;
  }

  lowOf(node: BddNode): BddNode {
    return this.#low[node] ?? BDD_FALSE;
  }

  highOf(node: BddNode): BddNode {
    return this.#high[node] ?? BDD_FALSE;
  }

  not(f: BddNode): BddNode {
    return this.ite(f, BDD_FALSE, BDD_TRUE);
  }

  and(f: BddNode, g: BddNode): BddNode {
    return f <= g ? this.ite(f, g, BDD_FALSE) : this.ite(g, f, BDD_FALSE);
  }

  or(f: BddNode, g: BddNode): BddNode {
    return f <= g ? this.ite(f, BDD_TRUE, g) : this.ite(g, BDD_TRUE, f);
  }

  xor(f: BddNode, g: BddNode): BddNode {
    return this.ite(f, this.not(g), g);
  }

  implies(f: BddNode, g: BddNode): BddNode {
    return this.ite(f, g, BDD_TRUE);
  }

  /** `f ? g : h`. */
  ite(f: BddNode, g: BddNode, h: BddNode): BddNode {
    if (f < 0 || g < 0 || h < 0) return BDD_LIMIT;
    if (f === BDD_TRUE || g === h) return g;
    if (f === BDD_FALSE) return h;
    const thenBranch = g === f ? BDD_TRUE : g;
    const elseBranch = h === f ? BDD_FALSE : h;
    if (thenBranch === BDD_TRUE && elseBranch === BDD_FALSE) return f;
    const slot = mix(f, thenBranch, elseBranch) & (CACHE_SIZE - 1);
    const base = slot * 3;
    const keys = this.#iteKeys;
    if (keys[base] === f && keys[base + 1] === thenBranch && keys[base + 2] === elseBranch) {
      return this.#iteResults[slot] ?? BDD_LIMIT;
    }
    if (this.#stepsLeft-- <= 0) return BDD_LIMIT;
    const top = Math.min(this.levelOf(f), this.levelOf(thenBranch), this.levelOf(elseBranch));
    const high = this.ite(
      this.#cofactor(f, top, 1),
      this.#cofactor(thenBranch, top, 1),
      this.#cofactor(elseBranch, top, 1),
    );
    // at the limit there is no point in the other branch: without this the recursion would go on for ever
    if (high === BDD_LIMIT) return BDD_LIMIT;
    const low = this.ite(
      this.#cofactor(f, top, 0),
      this.#cofactor(thenBranch, top, 0),
      this.#cofactor(elseBranch, top, 0),
    );
    const result = this.#make(top, low, high);
    if (result === BDD_LIMIT) return BDD_LIMIT;
    keys[base] = f;
    keys[base + 1] = thenBranch;
    keys[base + 2] = elseBranch;
    this.#iteResults[slot] = result;
    return result;
  }

  /** `f` with the variable of a level fixed. */
  restrict(f: BddNode, level: number, value: boolean): BddNode {
    return this.#rebuild(f, level, (node) => (value ? this.highOf(node) : this.lowOf(node)));
  }

  /** `f` with the variable of a level replaced by the function `g`. */
  compose(f: BddNode, level: number, g: BddNode): BddNode {
    return this.ite(g, this.restrict(f, level, true), this.restrict(f, level, false));
  }

  /** Existential quantification over the variables of some levels. */
  exists(f: BddNode, levels: ReadonlySet<number>): BddNode {
    if (f < 0) return BDD_LIMIT;
    const deepest = Math.max(-1, ...levels);
    const results = new Map<BddNode, BddNode>();
    const visit = (node: BddNode): BddNode => {
      if (node < 0) return BDD_LIMIT;
      const level = this.levelOf(node);
      if (level > deepest) return node;
      const known = results.get(node);
      if (known !== undefined) return known;
      const low = visit(this.lowOf(node));
      if (low === BDD_LIMIT) return BDD_LIMIT;
      const high = visit(this.highOf(node));
      const result = levels.has(level) ? this.or(low, high) : this.ite(this.variable(level), high, low);
      results.set(node, result);
      return result;
    };
    return visit(f);
  }

  /** Levels on which a function really depends, ascending. */
  support(f: BddNode): number[] {
    const levels = new Set<number>();
    const seen = new Set<BddNode>();
    const stack = [f];
    while (stack.length > 0) {
      const node = stack.pop() ?? BDD_FALSE;
      if (node <= BDD_TRUE || seen.has(node)) continue;
      seen.add(node);
      levels.add(this.levelOf(node));
      stack.push(this.lowOf(node), this.highOf(node));
    }
    return [...levels].sort((a, b) => a - b);
  }

  /** A satisfying assignment with as few literals as any path to TRUE has; null for FALSE (and at the limit). */
  satisfyingPath(f: BddNode): BddPath | null {
    if (f <= BDD_FALSE) return null;
    const costs = new Map<BddNode, number>([
      [BDD_TRUE, 0],
      [BDD_FALSE, Number.POSITIVE_INFINITY],
    ]);
    const costOf = (node: BddNode): number => {
      const known = costs.get(node);
      if (known !== undefined) return known;
      const cost = 1 + Math.min(costOf(this.lowOf(node)), costOf(this.highOf(node)));
      costs.set(node, cost);
      return cost;
    };
    costOf(f);
    const path = new Map<number, boolean>();
    let node = f;
    while (node > BDD_TRUE) {
      const takeHigh = costOf(this.highOf(node)) < costOf(this.lowOf(node));
      path.set(this.levelOf(node), takeHigh);
      node = takeHigh ? this.highOf(node) : this.lowOf(node);
    }
    return path;
  }

  /** The value under an assignment of levels; levels that are not assigned are FALSE. */
  evaluate(f: BddNode, assignment: BddPath): boolean {
    let node = f;
    while (node > BDD_TRUE) node = assignment.get(this.levelOf(node)) === true ? this.highOf(node) : this.lowOf(node);
    return node === BDD_TRUE;
  }

  #cofactor(node: BddNode, level: number, branch: 0 | 1): BddNode {
    if (this.levelOf(node) !== level) return node;
    return branch === 1 ? this.highOf(node) : this.lowOf(node);
  }

  #rebuild(f: BddNode, level: number, replace: (node: BddNode) => BddNode): BddNode {
    if (f < 0) return BDD_LIMIT;
    const results = new Map<BddNode, BddNode>();
    const visit = (node: BddNode): BddNode => {
      const at = this.levelOf(node);
      if (at > level) return node;
      if (at === level) return replace(node);
      const known = results.get(node);
      if (known !== undefined) return known;
      const result = this.#make(at, visit(this.lowOf(node)), visit(this.highOf(node)));
      results.set(node, result);
      return result;
    };
    return visit(f);
  }

  #make(level: number, low: BddNode, high: BddNode): BddNode {
    if (low < 0 || high < 0) return BDD_LIMIT;
    if (low === high) return low;
    const mask = this.#table.length - 1;
    let slot = mix(level, low, high) & mask;
    for (let entry = this.#table[slot] ?? 0; entry !== 0; entry = this.#table[slot] ?? 0) {
      if (this.#level[entry] === level && this.#low[entry] === low && this.#high[entry] === high) return entry;
      slot = (slot + 1) & mask;
    }
    if (this.#count >= this.#nodeLimit) return BDD_LIMIT;
    const node = this.#count++;
    if (node >= this.#level.length) this.#growNodes();
    this.#level[node] = level;
    this.#low[node] = low;
    this.#high[node] = high;
    this.#table[slot] = node;
    if (this.#count * 2 > this.#table.length) this.#growTable();
    return node;
  }

  #growNodes(): void {
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(old.length * 2);
      copy.set(old);
      return copy;
    };
    this.#level = grown(this.#level);
    this.#low = grown(this.#low);
    this.#high = grown(this.#high);
  }

  #growTable(): void {
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let node = 2; node < this.#count; node++) {
      let slot = mix(this.levelOf(node), this.lowOf(node), this.highOf(node)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = node;
    }
    this.#table = table;
  }
}
