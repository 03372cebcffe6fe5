import { type ChangeSignal, isDurationType } from '../../../core/simulation/change-trace.js';
import { timeText } from './axis.js';

/** `relevance`: pinned, then those of the run, then what differs, then what changes. */
export type SortKind = 'relevance' | 'name' | 'changes' | 'first-change' | 'recorded';

export const SORT_TITLES: Readonly<Record<SortKind, string>> = {
  relevance: 'Relevance',
  name: 'Name',
  changes: 'Most changes',
  'first-change': 'First change',
  recorded: 'As recorded',
};

export interface TagChoice {
  readonly pinned: readonly string[];
  /** Words that a name must contain, in any order; case does not matter. */
  readonly filter: string;
  readonly sort: SortKind;
  /** Leave out what never changes, unless it is pinned, or the run is about it. */
  readonly onlyChanging: boolean;
}

/** The signals to show, in order. `focus` are the tags that the run is about, `differing` those that two traces differ in. */
export function orderedSignals(
  signals: readonly ChangeSignal[],
  { pinned, filter, sort, onlyChanging }: TagChoice,
  focus: readonly string[],
  differing: ReadonlySet<string> = new Set(),
): ChangeSignal[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const pinnedNames = new Set(pinned);
  const focusRank = new Map(focus.map((name, index) => [name, index]));
  const isKept = (name: string): boolean => differing.has(name) || focusRank.has(name);
  const shown = signals.filter(({ name, changes }) => {
    if (pinnedNames.has(name)) return true;
    if (onlyChanging && changes.length < 2 && !isKept(name)) return false;
    return words.every((word) => name.toLowerCase().includes(word));
  });
  const recorded = new Map(signals.map((signal, index) => [signal, index]));
  const rank = ({ name }: ChangeSignal): number => (pinnedNames.has(name) ? pinned.indexOf(name) : pinned.length);
  const order: Readonly<Record<SortKind, (a: ChangeSignal, b: ChangeSignal) => number>> = {
    relevance: (a, b) =>
      (focusRank.get(a.name) ?? focus.length) - (focusRank.get(b.name) ?? focus.length) ||
      Number(differing.has(b.name)) - Number(differing.has(a.name)) ||
      Number(b.changes.length > 1) - Number(a.changes.length > 1),
    name: (a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()),
    changes: (a, b) => b.changes.length - a.changes.length,
    'first-change': (a, b) => (a.changes[1] ?? Number.MAX_VALUE) - (b.changes[1] ?? Number.MAX_VALUE),
    recorded: () => 0,
  };
  return shown.sort(
    (a, b) => rank(a) - rank(b) || order[sort](a, b) || (recorded.get(a) ?? 0) - (recorded.get(b) ?? 0),
  );
}

/** By code units, so that the order is the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A value as it is read on a panel. */
export function valueText(signal: ChangeSignal, change: number): string {
  const value = signal.values[change];
  if (value === undefined || Number.isNaN(value)) return '';
  if (signal.kind === 'bool') return value === 1 ? 'TRUE' : 'FALSE';
  if (signal.kind === 'text') return signal.texts[value] ?? '';
  return numberText(signal, value);
}

/** A number with its unit, where its type has one. */
export function numberText({ type }: Pick<ChangeSignal, 'type'>, value: number): string {
  if (isDurationType(type)) return timeText(value * 1e6);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7)));
}
