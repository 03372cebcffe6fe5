/** States at the start of scans, and how scans came out: what going back in time rests on. */

import type { SimulationImage } from '../simulation.js';
import type { ScanOutcome } from './exercise.js';

interface Past {
  outcome: ScanOutcome | null;
  statements: number;
}

/** `thinned`: of old scans every hundredth stays. `latest`: an unbroken row of the latest ones. */
export type Retention = 'thinned' | 'latest';

const THINNED = 100;
/** Values that all states together may hold: about 100 MB. */
const VALUES = 8_000_000;
const MOST_SCANS = 5000;
const FEWEST_SCANS = 20;

export class ScanHistory {
  readonly #retention: Retention;
  readonly #images = new Map<number, SimulationImage>();
  readonly #past = new Map<number, Past>();
  #limit: number | null = null;

  constructor(retention: Retention) {
    this.#retention = retention;
  }

  clear(): void {
    this.#images.clear();
    this.#past.clear();
  }

  remember(scan: number, image: SimulationImage): void {
    this.#limit ??= Math.min(MOST_SCANS, Math.max(FEWEST_SCANS, Math.floor(VALUES / sizeOf(image))));
    this.#images.set(scan, image);
    const old = scan - this.#limit;
    if (old < 0 || (this.#retention === 'thinned' && old % THINNED === 0)) return;
    this.#images.delete(old);
    this.#past.delete(old);
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
    if (known === undefined) this.#past.set(scan, { outcome: null, statements });
    else known.statements = statements;
  }

  noteOutcome(scan: number, outcome: ScanOutcome): void {
    const known = this.#past.get(scan);
    if (known === undefined) this.#past.set(scan, { outcome, statements: 0 });
    else known.outcome = outcome;
  }

  /** Forgets what came after a place; `isOver`: after the end of the scan, whose outcome stays. */
  forgetAfter(scan: number, isOver: boolean): void {
    for (const each of [...this.#images.keys()]) if (each > scan) this.#images.delete(each);
    for (const each of [...this.#past.keys()]) if (each > scan || (each === scan && !isOver)) this.#past.delete(each);
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
