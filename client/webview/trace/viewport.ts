import type { Axis } from './axis.js';

/** The part of the axis that is shown. */
export interface Viewport {
  readonly start: number;
  readonly end: number;
}

export function wholeOf(axis: Axis): Viewport {
  return { start: axis.start, end: axis.end };
}

/** Zooms around a position, which stays where it is; `factor` below 1 shows less. At most 200 times closer than a sample. */
export function zoomed(view: Viewport, axis: Axis, around: number, factor: number, sampleCount: number): Viewport {
  const whole = axis.end - axis.start;
  const least = whole / Math.max(1, sampleCount) / 50;
  const span = Math.min(whole, Math.max(Math.min(least, whole), (view.end - view.start) * factor));
  const share = (around - view.start) / (view.end - view.start);
  return inside({ start: around - share * span, end: around + (1 - share) * span }, axis);
}

/** Moves by a distance along the axis, not beyond its ends. */
export function panned(view: Viewport, axis: Axis, by: number): Viewport {
  return inside({ start: view.start + by, end: view.end + by }, axis);
}

/** The same zoom, moved as little as it takes to show a position. */
export function showing(view: Viewport, axis: Axis, position: number): Viewport {
  const margin = (view.end - view.start) * 0.1;
  if (position < view.start + margin) return panned(view, axis, position - margin - view.start);
  if (position > view.end - margin) return panned(view, axis, position + margin - view.end);
  return view;
}

function inside(view: Viewport, axis: Axis): Viewport {
  const span = Math.min(view.end - view.start, axis.end - axis.start);
  const start = Math.max(axis.start, Math.min(view.start, axis.end - span));
  return { start, end: start + span };
}
