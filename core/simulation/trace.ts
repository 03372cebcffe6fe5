/** Recorded signals by scan, and the forms in which they are written: JSON, CSV, VCD. */

import { describeShape } from './compile/shape.js';
import type { Simulation } from './simulation.js';
import type { Tag } from './tags.js';
import type { JsonValue } from './values.js';

export interface TraceSignal {
  readonly name: string;
  readonly type: string;
  readonly kind: 'bool' | 'number' | 'text';
  /** One value per entry of `timesNs`. */
  readonly values: readonly JsonValue[];
}

/** Something that happened between scans: a step, a fault, a power cycle. */
export interface TraceMarker {
  readonly timeNs: number;
  readonly kind: 'step' | 'fault' | 'power' | 'failure';
  readonly label: string;
}

export interface Trace {
  readonly timesNs: readonly number[];
  readonly signals: readonly TraceSignal[];
  readonly markers: readonly TraceMarker[];
}

/** Scans that are recorded one by one; after that only those in which a signal changed. */
const DENSE_SAMPLES = 20_000;
/** Greatest number of recorded scans: a trace must fit into memory, however long the run. */
const SAMPLE_LIMIT = 500_000;

/** Collects values after each scan. */
export class TraceRecorder {
  readonly #simulation: Simulation;
  readonly #tags: readonly Tag[];
  readonly #times: number[] = [];
  readonly #columns: JsonValue[][];
  readonly #markers: TraceMarker[] = [];

  /** Names without a variable are left out; the caller reports them. */
  constructor(simulation: Simulation, names: readonly string[]) {
    this.#simulation = simulation;
    this.#tags = [...new Set(names)].flatMap((name) => simulation.tag(name) ?? []);
    this.#columns = this.#tags.map(() => []);
  }

  sample(): void {
    const values = this.#tags.map((tag) => this.#simulation.peekJson(tag));
    if (this.#times.length >= DENSE_SAMPLES) {
      const isSame = values.every((value, index) => this.#columns[index]?.at(-1) === value);
      if (isSame || this.#times.length >= SAMPLE_LIMIT) return;
    }
    this.#times.push(this.#simulation.nowNs);
    values.forEach((value, index) => {
      this.#columns[index]?.push(value);
    });
  }

  mark(kind: TraceMarker['kind'], label: string, timeNs = this.#simulation.nowNs): void {
    this.#markers.push({ timeNs, kind, label });
  }

  finish(): Trace {
    return {
      timesNs: this.#times,
      signals: this.#tags.map(({ name, shape }, index) => {
        const isNumber =
          shape.kind === 'real' || shape.kind === 'lreal' || (shape.kind === 'integer' && shape.names === null);
        return {
          name,
          type: describeShape(shape),
          kind: shape.kind === 'bool' ? 'bool' : isNumber ? 'number' : 'text',
          values: this.#columns[index] ?? [],
        };
      }),
      markers: this.#markers,
    };
  }
}

/** The trace as a JSON document. */
export function traceToJson(trace: Trace): string {
  return `${JSON.stringify(trace, null, 2)}\n`;
}

function csvCell(value: JsonValue): string {
  const text = value === null ? '' : typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row per scan; the first column is the time in milliseconds. RFC 4180. */
export function traceToCsv(trace: Trace): string {
  const header = ['time_ms', ...trace.signals.map((signal) => csvCell(signal.name))].join(',');
  const rows = trace.timesNs.map((time, index) =>
    [String(time / 1e6), ...trace.signals.map((signal) => csvCell(signal.values[index] ?? null))].join(','),
  );
  return `${[header, ...rows].join('\r\n')}\r\n`;
}

/** Identifier codes of VCD: printable characters, shortest first. */
function vcdCode(index: number): string {
  let code = '';
  let rest = index;
  do {
    code = String.fromCharCode(33 + (rest % 94)) + code;
    rest = Math.floor(rest / 94) - 1;
  } while (rest >= 0);
  return code;
}

function vcdValue(signal: TraceSignal, value: JsonValue, code: string): string {
  if (signal.kind === 'bool') return `${value === true ? '1' : '0'}${code}`;
  if (signal.kind === 'number') return `r${typeof value === 'number' ? value : Number(value ?? 0)} ${code}`;
  return `s${String(value ?? '').replace(/\s/g, '_')} ${code}`;
}

/** Value change dump (IEEE 1364-2005, 18): only changes are written. Time scale 1 us. */
export function traceToVcd(trace: Trace): string {
  const lines = ['$timescale 1 us $end', '$scope module plc $end'];
  trace.signals.forEach((signal, index) => {
    const kind = signal.kind === 'bool' ? 'wire 1' : signal.kind === 'number' ? 'real 64' : 'string 1';
    lines.push(`$var ${kind} ${vcdCode(index)} ${signal.name.replace(/\s/g, '')} $end`);
  });
  lines.push('$upscope $end', '$enddefinitions $end');
  trace.timesNs.forEach((time, row) => {
    const changes = trace.signals.flatMap((signal, index) => {
      const value = signal.values[row] ?? null;
      return row > 0 && signal.values[row - 1] === value ? [] : [vcdValue(signal, value, vcdCode(index))];
    });
    if (changes.length > 0) lines.push(`#${Math.round(time / 1000)}`, ...changes);
  });
  const last = trace.timesNs.at(-1);
  if (last !== undefined) lines.push(`#${Math.round(last / 1000)}`);
  return `${lines.join('\n')}\n`;
}
