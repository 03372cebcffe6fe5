/** Runs a program in slices, so that requests are heard in between, as fast as it goes or in real time. */

import type { Progress, RunControl } from '../../core/simulation/debug/debug-engine.js';
import type { DebugRun } from '../../core/simulation/debug/debug-run.js';

/** Milliseconds of work after which the adapter looks for requests. */
const SLICE_MS = 25;

/** Milliseconds between two tellings of where the program is. */
const TICK_MS = 200;

/** Asks for and clears the wish of a person to pause; the wish may come from another thread. */
export interface PauseSwitch {
  isOn(): boolean;
  clear(): void;
}

export type Speed = 'fast' | 'real-time';

/** A movement that has not arrived. */
export interface Movement {
  /** Ends it where it is; nothing is told. */
  abandon(): void;
}

/** Moves until the program stands or is over. `tick` is called now and then on the way. */
export function moveRun(
  run: DebugRun,
  begin: (control: RunControl) => Progress,
  options: { readonly pause: PauseSwitch; readonly speed: Speed; readonly tick: () => void },
  arrive: (progress: Exclude<Progress, { kind: 'more' }>) => void,
): Movement {
  const isRealTime = options.speed === 'real-time';
  const start = { ms: performance.now(), ns: run.simulation.nextNs };
  let sliceStart = start.ms;
  let lastTick = start.ms;
  let timer: NodeJS.Timeout | null = null;
  /** Milliseconds by which virtual time is ahead of the clock on the wall. */
  const ahead = (): number => (run.simulation.nextNs - start.ns) / 1e6 - (performance.now() - start.ms);
  const control: RunControl = {
    isPaused: () => options.pause.isOn(),
    isSliceOver: () => performance.now() - sliceStart > SLICE_MS || (isRealTime && ahead() > 0),
  };
  const take = (progress: Progress): void => {
    if (progress.kind !== 'more') {
      arrive(progress);
      return;
    }
    if (performance.now() - lastTick > TICK_MS) {
      lastTick = performance.now();
      options.tick();
    }
    timer = setTimeout(goOn, isRealTime ? Math.max(0, ahead()) : 0);
  };
  const goOn = (): void => {
    sliceStart = performance.now();
    take(run.goOn(control));
  };
  // The answer to the request that moves goes out first.
  timer = setTimeout(() => {
    sliceStart = performance.now();
    take(begin(control));
  }, 0);
  return {
    abandon() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
