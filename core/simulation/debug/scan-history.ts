/** States at the start of scans, and how scans came out: what going back in time rests on. */

import type { SimulationImage } from '../simulation-options.js';
import type { ScanOutcome } from './exercise.js';

interface Past {
  outcome: ScanOutcome | null;
  /** The state behind the judgement, where the judgement may change it. */
  end: SimulationImage | null;
  statements: number;
}

/** `thinned`: of scans far away every hundredth stays, or fewer. `latest`: an unbroken row of the latest ones. */
export type Retention = 'thinned' | 'latest';

/** Values that all states together may hold: about 100 MB. */
const VALUES = 8_000_000;
const MOST_SCANS = 5000;
const FEWEST_SCANS = 20;

export class ScanHistory {
  readonly #retention: Retention;
  readonly #images = new Map<number, SimulationImage>();
  readonly #past = new Map<number, Past>();
  #limit: number | null = null;
  /** Of scans far away those stay whose number it divides. */
  #stride = 100;

  constructor(retention: Retention) {
    this.#retention = retention;
  }

  clear(): void {
    this.#images.clear();
    this.#past.clear();
    this.#stride = 100;
  }

  remember(scan: number, image: SimulationImage): void {
    // Of an exercise that keeps its latest scans the end of each is kept beside its start.
    const states = this.#retention === 'latest' ? 2 : 1;
    this.#limit ??= Math.min(MOST_SCANS, Math.max(FEWEST_SCANS, Math.floor(VALUES / (states * sizeOf(image)))));
    this.#images.set(scan, image);
    if (this.#retention === 'latest') this.#forget(scan - this.#limit);
    else if (this.#images.size > 2 * this.#limit) this.#thin(scan, this.#limit);
  }

  /** Leaves the scans around one, and of the others so few that all of them fit. */
  #thin(around: number, limit: number): void {
    for (; ; this.#stride *= 2) {
      for (const scan of [...this.#images.keys()])
        if (Math.abs(scan - around) > limit / 2 && scan % this.#stride !== 0) this.#forget(scan);
      if (this.#images.size <= 1.5 * limit) return;
    }
  }

  #forget(scan: number): void {
    this.#images.delete(scan);
    this.#past.delete(scan);
  }

  exactly(scan: number): SimulationImage | null {
    return this.#images.get(scan) ?? null;
  }

  /** The latest state that is known from before the start of a scan. */
  before(scan: number): { readonly scan: number; readonly image: SimulationImage } | null {
    let best: { scan: number; image: SimulationImage } | null = null;
    for (const [each, image] of this.#images)
      if (each < scan && (best === null || each > best.scan)) best = { scan: each, image };
    return best;
  }

  outcomeOf(scan: number): ScanOutcome | null {
    return this.#past.get(scan)?.outcome ?? null;
  }

  /** The last statement of the scan, or that at which it failed; 0 when it has not run to its end. */
  statementsOf(scan: number): number {
    return this.#past.get(scan)?.statements ?? 0;
  }

  noteStatements(scan: number, statements: number): void {
    const known = this.#past.get(scan);
    if (known === undefined) this.#past.set(scan, { outcome: null, end: null, statements });
    else known.statements = statements;
  }

  noteOutcome(scan: number, outcome: ScanOutcome, end: SimulationImage | null): void {
    const statements = this.#past.get(scan)?.statements ?? 0;
    this.#past.set(scan, { outcome, end, statements });
  }

  endOf(scan: number): SimulationImage | null {
    return this.#past.get(scan)?.end ?? null;
  }

  /** Forgets all later scans: what happens in them is void. */
  forgetAfter(scan: number): void {
    for (const each of [...this.#images.keys()]) if (each > scan) this.#images.delete(each);
    for (const each of [...this.#past.keys()]) if (each > scan) this.#past.delete(each);
  }

  /** Forgets how a scan came out: it will come out anew. */
  forgetOutcome(scan: number): void {
    this.#past.delete(scan);
  }
}

/** Values in a state. */
function sizeOf({ machine }: SimulationImage): number {
  if (machine.state.engine !== 'javascript') return 1;
  let size = 1;
  for (const image of machine.state.images.values())
    for (const value of image) size += ArrayBuffer.isView(value) ? value.byteLength / 8 : 1;
  return size;
}
