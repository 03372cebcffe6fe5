import { type ChangeSignal, decodedValue } from '../../../core/simulation/change-trace.js';
import type { Axis } from './axis.js';

/** A stretch of the axis in which two traces differ. */
export interface Difference {
  readonly start: number;
  readonly end: number;
}

/** Where two recordings of one signal have different values, ascending. What only one trace covers is no difference. */
export function differencesOf(a: ChangeSignal, aAxis: Axis, b: ChangeSignal, bAxis: Axis): Difference[] {
  const start = Math.max(aAxis.start, bAxis.start);
  const end = Math.min(aAxis.end, bAxis.end);
  const found: Difference[] = [];
  let left = 0;
  let right = 0;
  let position = start;
  const positionOf = (signal: ChangeSignal, axis: Axis, change: number): number => {
    const sample = signal.changes[change];
    return sample === undefined ? Number.POSITIVE_INFINITY : axis.positionOf(sample);
  };
  while (position < end) {
    while (positionOf(a, aAxis, left + 1) <= position) left++;
    while (positionOf(b, bAxis, right + 1) <= position) right++;
    const next = Math.min(positionOf(a, aAxis, left + 1), positionOf(b, bAxis, right + 1), end);
    if (decodedValue(a, left) !== decodedValue(b, right)) {
      const last = found.at(-1);
      if (last !== undefined && last.end === position) found[found.length - 1] = { start: last.start, end: next };
      else found.push({ start: position, end: next });
    }
    position = next;
  }
  return found;
}
