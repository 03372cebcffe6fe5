import { memberOf } from '../../../core/base/member.js';
import type { ChangeTrace } from '../../../core/simulation/change-trace.js';
import { type PackedTrace, unpackTrace } from '../../../core/simulation/packed-trace.js';
import type { AxisKind } from './axis.js';
import { SORT_TITLES, type SortKind } from './tag-order.js';

/** What the window of a trace and the extension say to each other. The extension holds the trace. */

export interface ShownTrace<Form = ChangeTrace> {
  readonly title: string;
  readonly summary: string;
  readonly trace: Form;
}

/** `Form`: packed on the way, by its changes in the window. */
export interface TraceContent<Form = ChangeTrace> extends ShownTrace<Form> {
  /** From where the trace comes, as the extension wants it back when the window is restored. */
  readonly source: unknown;
  readonly focus: readonly string[];
  readonly canExplain: boolean;
  /** Whether there may be an older version of the code to compare with. */
  readonly canCompareRevision: boolean;
  readonly sampleName: string;
  readonly other: ShownTrace<Form> | null;
}

export type HostMessage =
  | { readonly kind: 'content'; readonly content: TraceContent<PackedTrace> }
  | { readonly kind: 'problem'; readonly message: string };

export function unpackContent(content: TraceContent<PackedTrace>): TraceContent {
  const { trace, other } = content;
  return {
    ...content,
    trace: unpackTrace(trace),
    other: other === null ? null : { ...other, trace: unpackTrace(other.trace) },
  };
}

export type ExportFormat = 'svg' | 'vcd' | 'csv' | 'json';

export type ViewMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'explain'; readonly tag: string; readonly sample: number }
  | { readonly kind: 'compare'; readonly with: 'file' | 'revision' | 'nothing' }
  | {
      readonly kind: 'export';
      readonly format: ExportFormat;
      readonly firstSample: number;
      readonly lastSample: number;
      readonly tags: readonly string[];
    };

/** What a window keeps when it is hidden or restored. */
export interface ViewState {
  readonly source: unknown;
  readonly axis: AxisKind;
  readonly start: number | null;
  readonly end: number | null;
  readonly pinned: readonly string[];
  readonly filter: string;
  readonly sort: SortKind;
  readonly onlyChanging: boolean;
  readonly selected: string | null;
  /** Samples. */
  readonly cursor: number | null;
  readonly second: number | null;
}

const FORMATS: readonly ExportFormat[] = ['svg', 'vcd', 'csv', 'json'];

/** Reads a message of the window: what is not one of ours is null. */
export function viewMessageOf(value: unknown): ViewMessage | null {
  const kind = memberOf(value, 'kind');
  if (kind === 'ready') return { kind };
  if (kind === 'explain') {
    const tag = memberOf(value, 'tag');
    const sample = memberOf(value, 'sample');
    return typeof tag === 'string' && isIndex(sample) ? { kind, tag, sample } : null;
  }
  if (kind === 'compare') {
    const other = memberOf(value, 'with');
    return other === 'file' || other === 'revision' || other === 'nothing' ? { kind, with: other } : null;
  }
  if (kind !== 'export') return null;
  const format = FORMATS.find((each) => each === memberOf(value, 'format'));
  const firstSample = memberOf(value, 'firstSample');
  const lastSample = memberOf(value, 'lastSample');
  const tags = memberOf(value, 'tags');
  if (format === undefined || !isIndex(firstSample) || !isIndex(lastSample) || !isTexts(tags)) return null;
  return { kind, format, firstSample, lastSample, tags };
}

/** Reads what a window has kept; anything that does not fit is as if it had never been set. */
export function viewStateOf(value: unknown): ViewState | null {
  if (typeof value !== 'object' || value === null || !('source' in value)) return null;
  const text = (key: string): string | null => {
    const member = memberOf(value, key);
    return typeof member === 'string' ? member : null;
  };
  const number = (key: string): number | null => {
    const member = memberOf(value, key);
    return typeof member === 'number' && Number.isFinite(member) ? member : null;
  };
  const pinned = memberOf(value, 'pinned');
  const sort = text('sort');
  return {
    source: value.source,
    axis: text('axis') === 'sample' ? 'sample' : 'time',
    start: number('start'),
    end: number('end'),
    pinned: isTexts(pinned) ? pinned : [],
    filter: text('filter') ?? '',
    sort: isSort(sort) ? sort : 'relevance',
    onlyChanging: memberOf(value, 'onlyChanging') === true,
    selected: text('selected'),
    cursor: number('cursor'),
    second: number('second'),
  };
}

function isSort(text: string | null): text is SortKind {
  return text !== null && Object.hasOwn(SORT_TITLES, text);
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
