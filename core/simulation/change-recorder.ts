/** Records a running simulation by its changes. */

import { ChangeColumn, type ChangeMarker, type ChangeTrace } from './change-trace.js';
import { describeShape, type Shape } from './compile/shape.js';
import type { Simulation } from './simulation.js';
import type { Tag } from './tags.js';
import type { TraceMarker, TraceSignal } from './trace.js';
import type { JsonValue } from './values.js';

/** A signal and how its value is read. */
export interface RecordedTag {
  readonly name: string;
  readonly shape: Shape;
  readonly read: () => JsonValue;
}

/** Collects the values of tags; a sample follows each scan. */
export class ChangeRecorder {
  readonly #tags: readonly { readonly read: () => JsonValue; readonly column: ChangeColumn }[];
  readonly #now: () => number;
  readonly #times: number[] = [];
  readonly #markers: ChangeMarker[] = [];

  /** `now` gives the virtual time of a sample in nanoseconds. */
  constructor(tags: readonly RecordedTag[], now: () => number) {
    this.#now = now;
    this.#tags = tags.map(({ name, shape, read }) => ({
      read,
      column: new ChangeColumn({ name, type: describeShape(shape), kind: kindOf(shape) }),
    }));
  }

  sample(): void {
    const sample = this.#times.length;
    this.#times.push(this.#now());
    for (const { read, column } of this.#tags) column.add(sample, read());
  }

  /** Marks the sample that comes next. */
  mark(kind: TraceMarker['kind'], label: string): void {
    this.#markers.push({ timeNs: this.#now(), kind, label, sample: this.#times.length });
  }

  finish(markers: readonly TraceMarker[] = []): ChangeTrace {
    return {
      timesNs: Float64Array.from(this.#times),
      signals: this.#tags.map(({ column }) => column.finish()),
      markers: [...markers, ...this.#markers].sort((a, b) => a.timeNs - b.timeNs),
    };
  }
}

/** How the signals of some tags are read from a simulation; names without a variable of one value are left out. */
export function recordedTags(simulation: Simulation, names: readonly string[]): RecordedTag[] {
  const tags = [...new Set(names)].flatMap((name): Tag[] => {
    const tag = simulation.tag(name);
    return tag === null || tag.shape.kind === 'object' || tag.shape.kind === 'array' ? [] : [tag];
  });
  return tags.map((tag) => ({ name: tag.name, shape: tag.shape, read: readerOf(simulation, tag) }));
}

function readerOf(simulation: Simulation, tag: Tag): () => JsonValue {
  const isDuration = tag.shape.kind === 'time' || tag.shape.kind === 'ltime';
  return isDuration ? () => Number(simulation.peek(tag)) / 1e6 : () => simulation.peekJson(tag);
}

function kindOf(shape: Shape): TraceSignal['kind'] {
  if (shape.kind === 'bool') return 'bool';
  const isNumber =
    ['real', 'lreal', 'time', 'ltime'].includes(shape.kind) || (shape.kind === 'integer' && shape.names === null);
  return isNumber ? 'number' : 'text';
}
