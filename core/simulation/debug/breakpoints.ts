/** Breakpoints at statements and on data, and whether one of them stops at a moment. */

import type { Site } from '../compile/ir.js';
import type { Simulation } from '../simulation.js';
import type { Tag } from '../tags.js';
import { describeValue, type RunTimeValue } from '../values.js';
import type { Moment, StopReason } from './debug-engine.js';
import type { FrameExpressions } from './frame-expressions.js';
import type { Frame } from './probe.js';

/** A breakpoint as a person sets it. */
export interface Breakpoint {
  readonly id: number;
  readonly site: Site;
  /** A BOOL expression in ST; null: it always stops. */
  readonly condition: string | null;
  readonly hits: HitCondition | null;
  /** Written instead of stopping; `{expression}` stands for its value. */
  readonly message: string | null;
}

/** Which of its hits count: `3` the third and later ones, `= 3`, `> 3`, `% 3` every third. */
export interface HitCondition {
  readonly operator: '>=' | '>' | '=' | '<' | '<=' | '%';
  readonly count: number;
}

/** Reads a hit condition; null when it is none. */
export function parseHitCondition(text: string): HitCondition | null {
  const match = /^\s*(>=|<=|==|=|>|<|%)?\s*(\d+)\s*$/.exec(text);
  if (match === null) return null;
  const count = Number(match[2]);
  const written = match[1] ?? '>=';
  const operator = written === '==' ? '=' : (written as HitCondition['operator']);
  return operator === '%' && count === 0 ? null : { operator, count };
}

function countsAs({ operator, count }: HitCondition, hits: number): boolean {
  switch (operator) {
    case '>=':
      return hits >= count;
    case '>':
      return hits > count;
    case '=':
      return hits === count;
    case '<':
      return hits < count;
    case '<=':
      return hits <= count;
    case '%':
      return hits % count === 0;
  }
}

interface DataWatch {
  readonly tag: Tag;
  last: RunTimeValue;
}

/** What a message of a breakpoint is written to. */
export type LogSink = (text: string, site: Site) => void;

export class Breakpoints {
  readonly #simulation: Simulation;
  readonly #expressions: FrameExpressions;
  readonly #log: LogSink;
  readonly #bySource = new Map<string, readonly Breakpoint[]>();
  #bySite = new Map<Site, readonly Breakpoint[]>();
  #data: DataWatch[] = [];
  readonly #hits = new Map<number, number>();
  /** Breakpoints whose condition does not work, and of which that was said. */
  readonly #told = new Set<number>();

  constructor(simulation: Simulation, expressions: FrameExpressions, log: LogSink) {
    this.#simulation = simulation;
    this.#expressions = expressions;
    this.#log = log;
  }

  /** Replaces the breakpoints of one file. */
  set(path: string, breakpoints: readonly Breakpoint[]): void {
    this.#bySource.set(path, breakpoints);
    const bySite = new Map<Site, Breakpoint[]>();
    for (const each of [...this.#bySource.values()].flat()) {
      const known = bySite.get(each.site);
      if (known === undefined) bySite.set(each.site, [each]);
      else known.push(each);
    }
    this.#bySite = bySite;
  }

  setData(tags: readonly Tag[]): void {
    this.#data = tags.map((tag) => ({ tag, last: this.#simulation.peek(tag) }));
  }

  /** Hits are counted anew: at the start of a run. */
  forgetHits(): void {
    this.#hits.clear();
  }

  /** What a data breakpoint stops for is a change from here on. */
  look(): void {
    for (const each of this.#data) each.last = this.#simulation.peek(each.tag);
  }

  /** Whether something stops here as the program runs forward: messages are written, hits counted. */
  forward(moment: Moment): StopReason | null {
    const changed = this.#changed();
    const here = this.#bySite.get(moment.site);
    if (here === undefined) return changed;
    const stopping = here.filter((each) => this.#stops(each, moment.frame));
    if (stopping.length === 0) return changed;
    return { kind: 'breakpoint', ids: stopping.map((each) => each.id) };
  }

  /** Whether something stopped here, on the way back: nothing is written or counted. */
  backward(moment: Moment): StopReason | null {
    const changed = this.#changed();
    const here = (this.#bySite.get(moment.site) ?? []).filter(
      (each) => each.message === null && this.#holds(each, moment.frame),
    );
    return here.length === 0 ? changed : { kind: 'breakpoint', ids: here.map((each) => each.id) };
  }

  #changed(): StopReason | null {
    if (this.#data.length === 0) return null;
    let text: string | null = null;
    for (const each of this.#data) {
      const value = this.#simulation.peek(each.tag);
      if (Object.is(value, each.last)) continue;
      const { name, shape } = each.tag;
      text ??= `${name}: ${describeValue(each.last, shape)} -> ${describeValue(value, shape)}`;
      each.last = value;
    }
    return text === null ? null : { kind: 'data-breakpoint', text };
  }

  #stops(breakpoint: Breakpoint, frame: Frame | null): boolean {
    if (!this.#holds(breakpoint, frame)) return false;
    if (breakpoint.hits !== null) {
      const hits = (this.#hits.get(breakpoint.id) ?? 0) + 1;
      this.#hits.set(breakpoint.id, hits);
      if (!countsAs(breakpoint.hits, hits)) return false;
    }
    if (breakpoint.message === null) return true;
    this.#log(this.#filled(breakpoint.message, frame), breakpoint.site);
    return false;
  }

  /** A condition that can't be evaluated stops: nobody should wait for a breakpoint that can't be hit. */
  #holds({ id, condition, site }: Breakpoint, frame: Frame | null): boolean {
    if (condition === null) return true;
    const found = this.#expressions.value(condition, frame);
    if (found.kind === 'value') return found.value === true;
    if (!this.#told.has(id)) this.#log(`The condition "${condition}" can't be evaluated: ${found.problem}.`, site);
    this.#told.add(id);
    return true;
  }

  #filled(message: string, frame: Frame | null): string {
    return message.replaceAll(/\{([^{}]+)\}/g, (_, text: string) => {
      const found = this.#expressions.value(text, frame);
      return found.kind === 'problem' ? `{${found.problem}}` : describeValue(found.value, found.shape);
    });
  }
}
