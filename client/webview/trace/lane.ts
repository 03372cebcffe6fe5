import { type ChangeSignal, lastChangeAt } from '../../../core/simulation/change-trace.js';
import type { Axis } from './axis.js';
import type { Viewport } from './viewport.js';

/** A stretch of one value, in pixels. `isDense`: several values share these pixels. */
export interface Run {
  readonly from: number;
  readonly to: number;
  /** As in `ChangeSignal.values`; for a dense stretch the last one. */
  readonly value: number;
  readonly isDense: boolean;
}

/** One pixel column of a curve: the value on entering, the least and greatest within, the value on leaving. */
export interface Column {
  readonly x: number;
  readonly first: number;
  readonly least: number;
  readonly greatest: number;
  readonly last: number;
}

/** Changes that begin within the viewport, and the one in force at its start: first and last index. */
function visibleChanges(signal: ChangeSignal, axis: Axis, view: Viewport): readonly [number, number] {
  const first = Math.max(0, lastChangeAt(signal, axis.sampleAt(view.start)));
  const last = lastChangeAt(signal, axis.sampleAt(view.end));
  return [first, last];
}

/**
 * The visible stretches of equal value of a BOOL or a text. Stretches narrower than a pixel are drawn together: the
 * number of runs never exceeds twice the width, however many changes there are.
 */
export function runsOf(signal: ChangeSignal, axis: Axis, view: Viewport, width: number): Run[] {
  const [first, last] = visibleChanges(signal, axis, view);
  const scale = width / (view.end - view.start);
  const x = (change: number): number => {
    const sample = signal.changes[change];
    return sample === undefined
      ? Math.min(width, (axis.end - view.start) * scale)
      : (axis.positionOf(sample) - view.start) * scale;
  };
  const runs: Run[] = [];
  for (let change = first; change <= last; change++) {
    const from = Math.max(0, x(change));
    const to = Math.min(width, x(change + 1));
    const value = signal.values[change] ?? Number.NaN;
    const before = runs.at(-1);
    const isDense = to - from < 1;
    // Too narrow to be told apart: they share a stretch that says that much happens here.
    if (isDense && before?.isDense === true) runs[runs.length - 1] = { from: before.from, to, value, isDense };
    else runs.push({ from, to: Math.max(to, from), value, isDense });
  }
  return runs;
}

/** The visible part of a curve by pixel columns, at most one per pixel: what moves within a pixel is a vertical line. */
export function columnsOf(signal: ChangeSignal, axis: Axis, view: Viewport, width: number): Column[] {
  const [first, last] = visibleChanges(signal, axis, view);
  const scale = width / (view.end - view.start);
  const columns: Column[] = [];
  let open: { x: number; first: number; least: number; greatest: number; last: number } | null = null;
  for (let change = first; change <= last; change++) {
    const value = signal.values[change] ?? Number.NaN;
    const position = axis.positionOf(signal.changes[change] ?? 0);
    const x = Math.max(0, Math.round((position - view.start) * scale));
    if (open !== null && open.x === x) {
      open.last = value;
      if (!(value >= open.least)) open.least = Number.isNaN(value) ? open.least : value;
      if (!(value <= open.greatest)) open.greatest = Number.isNaN(value) ? open.greatest : value;
      continue;
    }
    open = { x, first: value, least: value, greatest: value, last: value };
    columns.push(open);
  }
  return columns;
}

/** Least and greatest value. */
export interface Extent {
  readonly least: number;
  readonly greatest: number;
}

/** The extent of a whole signal; null when it has no number. */
export function extentOf(signal: ChangeSignal): Extent | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of signal.values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least <= greatest ? { least, greatest } : null;
}

/** Both curves of a lane on one scale. */
export function commonExtent(a: Extent | null, b: Extent | null): Extent | null {
  if (a === null || b === null) return a ?? b;
  return { least: Math.min(a.least, b.least), greatest: Math.max(a.greatest, b.greatest) };
}
