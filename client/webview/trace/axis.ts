import { type ChangeTrace, sampleAt } from '../../../core/simulation/change-trace.js';

/** `time`: virtual time in nanoseconds. `sample`: scans one beside the other, however much time lies between them. */
export type AxisKind = 'time' | 'sample';

/** Where samples stand along the horizontal axis. */
export interface Axis {
  readonly kind: AxisKind;
  /** First and last position; the last sample is as wide as the others. */
  readonly start: number;
  readonly end: number;
  positionOf(sample: number): number;
  /** The sample in force at a position, within the trace. */
  sampleAt(position: number): number;
}

export function axisOf(trace: Pick<ChangeTrace, 'timesNs'>, kind: AxisKind): Axis {
  const { timesNs } = trace;
  const count = timesNs.length;
  const first = timesNs[0] ?? 0;
  const last = timesNs[count - 1] ?? 0;
  const clamp = (sample: number): number => Math.max(0, Math.min(count - 1, sample));
  if (kind === 'sample') {
    return {
      kind,
      start: 0,
      end: Math.max(1, count),
      positionOf: (sample) => sample,
      sampleAt: (position) => clamp(Math.floor(position)),
    };
  }
  const step = count > 1 && last > first ? (last - first) / (count - 1) : 1_000_000;
  return {
    kind,
    start: first,
    end: last + step,
    positionOf: (sample) => (sample >= count ? last + step : (timesNs[Math.max(0, sample)] ?? first)),
    sampleAt: (position) => clamp(sampleAt(trace, position)),
  };
}

/** Positions of the grid: at most `most` of them, at 1, 2 or 5 times a power of ten. */
export function ticksOf(start: number, end: number, most: number, kind: AxisKind): number[] {
  const raw = Math.max((end - start) / Math.max(1, most), kind === 'sample' ? 1 : 1e-3);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= raw * (1 - 1e-9)) ?? 10);
  const ticks: number[] = [];
  for (let index = Math.ceil(start / step); index * step <= end; index++) ticks.push(index * step);
  return ticks;
}

/** The positions of a grid in words, all in one unit: `0.5 s`, `340 ms`, `scan 12`. */
export function tickTexts(ticks: readonly number[], kind: AxisKind, sampleName: string): string[] {
  if (kind === 'sample') return ticks.map((tick) => `${sampleName} ${Math.round(tick)}`);
  const step = Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0));
  const [scale, unit] = TICK_UNITS.find(([each]) => step >= each / 10) ?? [1, 'ns'];
  return ticks.map((tick) => `${Number((tick / scale).toFixed(3))} ${unit}`);
}

const TICK_UNITS = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

const UNITS = [
  [3600e9, 'h'],
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

export function timeText(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  if (size === 0) return '0 ms';
  // A whole number of a smaller unit reads better than a long fraction of a larger one.
  const [scale, unit] = UNITS.find(([each]) => size >= each && isShort(size / each)) ??
    UNITS.find(([each]) => size >= each) ?? [1, 'ns'];
  return `${Number((nanoseconds / scale).toFixed(6))} ${unit}`;
}

function isShort(value: number): boolean {
  return Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6;
}
