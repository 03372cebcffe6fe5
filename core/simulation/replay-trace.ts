/** Runs a program on the recorded inputs of a machine and holds what it computes against what was recorded. */

import { type ChangeTrace, decodedValue } from './change-trace.js';
import { sequenceOfTrace, valueFor } from './input-sequences.js';
import { inputTags } from './inputs.js';
import type { Simulation } from './simulation.js';
import type { Tag } from './tags.js';
import { fromInput, type JsonValue, sameValue } from './values.js';

/** The first scan in which a recorded signal is not what the program computes. */
export interface RecordedDifference {
  readonly tag: string;
  readonly scan: number;
  readonly timeNs: number;
  readonly recorded: JsonValue;
  readonly simulated: JsonValue;
}

export interface TraceReplay {
  readonly scans: number;
  /** Inputs that were driven, and computed signals that were compared. */
  readonly driven: readonly string[];
  readonly compared: readonly string[];
  /** Inputs of the program that the recording does not hold: they stay at their initial values. */
  readonly missing: readonly string[];
  /** Signals of the recording that are no variable of the program, and values that do not fit. */
  readonly unknown: readonly string[];
  readonly misfits: readonly string[];
  /** One for each signal that differs, the first in time first. */
  readonly differences: readonly RecordedDifference[];
}

interface Watched {
  readonly tag: Tag;
  /** Recorded values by scan, in order. */
  readonly changes: readonly { readonly scan: number; readonly value: JsonValue }[];
}

/** Replays from a cold start; stops at a run-time fault. `afterScan` sees each scan, to record it. */
export function replayTrace(simulation: Simulation, trace: ChangeTrace, afterScan: () => void): TraceReplay {
  const names = inputTags(simulation.project);
  const inputs = new Set(names.map((tag) => tag.toUpperCase()));
  const { sequence, unknown, misfits } = sequenceOfTrace('', trace, simulation, [...inputs]);
  const watched = computedSignals(simulation, trace, inputs);
  const differences = new Map<Watched, RecordedDifference>();
  simulation.reset();
  let next = 0;
  let scan = 0;
  for (; scan < sequence.scans && simulation.fault === null; scan++) {
    for (let each = sequence.changes[next]; each !== undefined && each.scan <= scan; each = sequence.changes[++next])
      simulation.write(each.tag, each.value);
    simulation.scan();
    afterScan();
    for (const each of watched) {
      if (differences.has(each)) continue;
      const difference = differenceAt(simulation, each, scan);
      if (difference !== null) differences.set(each, difference);
    }
  }
  const driven = [...new Set(sequence.changes.map((each) => each.tag))];
  const isDriven = new Set(driven.map((tag) => tag.toUpperCase()));
  return {
    scans: scan,
    driven,
    missing: names.filter((tag) => !isDriven.has(tag.toUpperCase())),
    compared: watched.map(({ tag }) => tag.name),
    unknown,
    misfits,
    differences: [...differences.values()],
  };
}

function computedSignals(simulation: Simulation, trace: ChangeTrace, inputs: ReadonlySet<string>): Watched[] {
  const start = trace.timesNs[0] ?? 0;
  return trace.signals.flatMap((signal) => {
    const tag = simulation.tag(signal.name);
    if (tag === null || inputs.has(tag.name.toUpperCase())) return [];
    const changes = [...signal.changes].map((sample, change) => ({
      scan: Math.round(((trace.timesNs[sample] ?? start) - start) / simulation.cycleNs),
      value: valueFor(tag.shape, decodedValue(signal, change), signal.type),
    }));
    return [{ tag, changes }];
  });
}

/** Compares with the value that was recorded last; a value that was not recorded says nothing. */
function differenceAt(simulation: Simulation, { tag, changes }: Watched, scan: number): RecordedDifference | null {
  const recorded = changes.findLast((each) => each.scan <= scan)?.value ?? null;
  if (recorded === null) return null;
  const converted = fromInput(recorded, tag.shape);
  const isSame = 'value' in converted && sameValue(converted.value, simulation.peek(tag), tag.shape);
  if (isSame) return null;
  return { tag: tag.name, scan, timeNs: simulation.nowNs, recorded, simulated: simulation.peekJson(tag) };
}
