/** Time and memory, measured so that figures of a shared machine can be compared. */

/** Processor time in milliseconds, collection of garbage and compiling threads included. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Processor time of this thread in milliseconds: what it works itself, whoever else keeps the machine busy. */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export function collectGarbage(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

export interface Speed {
  /** Milliseconds on the clock, of the best round: what one core does when nothing disturbs it. */
  readonly best: number;
  readonly first: number;
  readonly median: number;
  /** Milliseconds of processor time in the best round; more than `best` when collection of garbage ran beside. */
  readonly processor: number;
}

/** Runs the work a number of times, with a clean heap before each. */
export function timeOf(rounds: number, work: () => unknown): Speed {
  const clock: number[] = [];
  const processor: number[] = [];
  for (let round = 0; round < rounds; round++) {
    collectGarbage();
    const [startedProcessor, started] = [processorTime(), performance.now()];
    work();
    clock.push(performance.now() - started);
    processor.push(processorTime() - startedProcessor);
  }
  return {
    best: Math.min(...clock),
    first: clock[0] ?? 0,
    median: percentile(clock, 50),
    processor: Math.min(...processor),
  };
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

/** Bytes of heap that what `make` gives keeps alive. */
export function retainedBytes(make: () => object): number {
  const before = collectGarbage();
  const kept = make();
  const after = collectGarbage();
  if (Object.keys(kept).length === 0) throw new Error('nothing was made');
  return after - before;
}
