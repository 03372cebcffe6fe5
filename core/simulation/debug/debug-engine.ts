/**
 * Runs an exercise under a debugger. A place in a run is a scan and a number of statements within it. The simulator is
 * deterministic, so every such place can be reached again: the state at the start of the scan is put back and the scan
 * runs up to the statement. Stopping leaves the scan; going on, stepping and going back are all the same re-execution.
 *
 * What a person changes while the program stands is kept with its place and happens again in each re-execution. A
 * change in the past makes what came after it void.
 */

import type { Finding } from '../../base/finding.js';
import type { Site } from '../compile/ir.js';
import type { Simulation } from '../simulation.js';
import { type Edit, EditJournal } from './edit-journal.js';
import type { Exercise, ScanOutcome } from './exercise.js';
import { type Frame, Left, type Probe } from './probe.js';
import { ScanHistory } from './scan-history.js';

/** `scan` counts from 0; `statement` from 1: the statement that is next. Infinity: the scan is over. */
export interface Position {
  readonly scan: number;
  readonly statement: number;
}

/** Where and why execution stands. */
export interface Stop {
  readonly position: Position;
  readonly reason: StopReason;
  /** Outermost first; empty between two scans. */
  readonly frames: readonly Frame[];
}

export type StopReason =
  | { readonly kind: 'entry' | 'step' | 'pause' | 'goto' | 'scan' }
  | { readonly kind: 'breakpoint'; readonly ids: readonly number[] }
  | { readonly kind: 'data-breakpoint'; readonly text: string }
  | { readonly kind: 'exception'; readonly finding: Finding };

/** What a run ends with: it stands, it is over, or it has used its slice and wants to go on. */
export type Progress =
  | { readonly kind: 'stopped'; readonly stop: Stop }
  | { readonly kind: 'over'; readonly outcome: ScanOutcome }
  | { readonly kind: 'more' };

/** What is known at a statement that is about to run. */
export interface Moment {
  readonly site: Site;
  readonly scan: number;
  readonly statement: number;
  readonly depth: number;
  /** The routine in which it stands. */
  readonly frame: Frame | null;
}

interface MovingMoment extends Omit<Moment, 'site' | 'statement'> {
  site: Site;
  statement: number;
}

/** Where a run is to stop. */
export interface Search {
  /** Called once when execution goes on from where it stood: nothing that happened before counts. */
  begin?(): void;
  at(moment: Moment): StopReason | null;
  /** Findings of a scan; those for which it gives true stop. */
  stopsFor(finding: Finding): boolean;
  /** True: stand when a scan is over, before the next one. */
  readonly standsAfterScan: boolean;
}

/** Asks while something runs. */
export interface RunControl {
  /** True as soon as a person wants to stop. Asked every few thousand statements. */
  isPaused(): boolean;
  /** Asked after each scan: true to come back with `more`. */
  isSliceOver(): boolean;
}

/** Statements between two looks at `isPaused`. */
const POLL = 4096;

export class DebugEngine {
  readonly exercise: Exercise;
  readonly probe: Probe;
  readonly #history: ScanHistory;
  readonly #journal = new EditJournal();
  #position: Position = { scan: 0, statement: 0 };
  #frames: readonly Frame[] = [];
  /** The scan for which the inputs of a stateful exercise are set; it can go on from there only. */
  #driven = 0;
  /** True once a finding of the scan at which execution stands was shown. */
  #isReported = false;
  /** True while execution stands at the end of a scan that was judged there and then, not from memory. */
  #isFresh = false;

  constructor(exercise: Exercise, probe: Probe) {
    this.exercise = exercise;
    this.probe = probe;
    this.#history = new ScanHistory(exercise.isStateless ? 'thinned' : 'latest');
  }

  get simulation(): Simulation {
    return this.exercise.simulation;
  }

  get position(): Position {
    return this.#position;
  }

  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** True for a scan whose start is in memory. */
  isKnown(scan: number): boolean {
    return this.#history.exactly(scan) !== null;
  }

  /** Cold start; changes made by hand are forgotten, forces too. */
  restart(): void {
    this.#journal.clear();
    this.#begin();
  }

  #begin(): void {
    this.#history.clear();
    this.exercise.begin();
    this.#driven = 0;
    this.#history.remember(0, this.simulation.save());
    this.#stand({ scan: 0, statement: 0 }, []);
  }

  #stand(position: Position, frames: readonly Frame[]): void {
    this.#position = position;
    this.#frames = frames;
  }

  // ------------------------------------------------------------------------------------------ forward

  /** Runs on until the search finds something, the run is over or the slice is used. */
  run(search: Search, control: RunControl): Progress {
    search.begin?.();
    for (;;) {
      if (this.#position.statement !== Number.POSITIVE_INFINITY) {
        const stop = this.#runScan(search, control);
        if (stop !== null) return { kind: 'stopped', stop };
        const outcome = this.#finishScan();
        const shown = this.#isReported ? undefined : outcome.findings.find((each) => search.stopsFor(each));
        if (shown !== undefined) return { kind: 'stopped', stop: this.#showFinding(shown) };
        if (outcome.end !== null) return { kind: 'over', outcome };
        if (search.standsAfterScan) return { kind: 'stopped', stop: this.#stopHere({ kind: 'scan' }) };
      } else {
        const known = this.#history.outcomeOf(this.#position.scan);
        if (known !== null && known.end !== null) return { kind: 'over', outcome: known };
      }
      this.#nextScan();
      if (control.isPaused()) return { kind: 'stopped', stop: this.#stopHere({ kind: 'pause' }) };
      if (control.isSliceOver()) return { kind: 'more' };
    }
  }

  /** The rest of the scan. Null: it is over, and execution stands at its end. */
  #runScan(search: Search, control: RunControl): Stop | null {
    const { scan, statement: from } = this.#position;
    let found: StopReason | null = null;
    const moment = this.#momentOf(scan);
    const frames = this.#execute(from, (site, statement) => {
      if (statement <= from) return false;
      if (statement % POLL === 0 && control.isPaused()) {
        found = { kind: 'pause' };
        return true;
      }
      moment.site = site;
      moment.statement = statement;
      found = search.at(moment);
      return found !== null;
    });
    if (frames === null) return null;
    return this.#stopHere(found ?? { kind: 'step' });
  }

  /** One object for all moments of a scan: a search keeps none. */
  #momentOf(scan: number): MovingMoment {
    const { probe } = this;
    return {
      site: 0,
      scan,
      statement: 0,
      get depth() {
        return probe.depth;
      },
      get frame() {
        return probe.top;
      },
    };
  }

  /**
   * Runs the scan at which execution stands from its start. `isEnd` is asked before each statement from `from` on.
   * Gives the stack where it said so, or null when the scan is over.
   */
  #execute(from: number, isEnd: (site: Site, statement: number) => boolean): readonly Frame[] | null {
    const { scan } = this.#position;
    if (this.#position.statement !== 0) this.#restoreStart(scan);
    const edits = this.#journal.of(scan);
    let next = 0;
    const applyEdits = (statement: number): void => {
      for (let edit = edits[next]; edit !== undefined && edit.statement <= statement; edit = edits[++next])
        edit.apply(this.probe.stack());
    };
    this.#isFresh = false;
    applyEdits(0);
    let frames: readonly Frame[] | null = null;
    this.probe.listen((site, statement) => {
      if (next < edits.length) applyEdits(statement);
      if (statement < from || !isEnd(site, statement)) return;
      frames = this.probe.stack();
      throw new Left();
    });
    try {
      this.exercise.run();
    } catch (error) {
      if (!(error instanceof Left)) throw error;
    }
    const { count, lastStatement } = this.probe;
    this.probe.listen(() => undefined);
    if (frames !== null) {
      this.#stand({ scan, statement: count }, frames);
      this.#isReported = false;
      return frames;
    }
    this.#history.noteStatements(scan, lastStatement);
    this.#stand({ scan, statement: Number.POSITIVE_INFINITY }, []);
    return null;
  }

  /** How the scan came out that has run: judged the first time, remembered afterwards. Then come changes by hand. */
  #finishScan(): ScanOutcome {
    const { scan } = this.#position;
    const known = this.#history.outcomeOf(scan);
    const outcome = known ?? this.exercise.finish();
    this.#isFresh = known === null;
    // A scenario may change inputs when a scan is over: the end of the scan looks the same each time only with them.
    if (known === null)
      this.#history.noteOutcome(scan, outcome, this.exercise.isStateless ? null : this.simulation.save());
    const end = known === null ? null : this.#history.endOf(scan);
    if (end !== null) this.simulation.restore(end);
    for (const edit of this.#journal.of(scan)) if (edit.statement === Number.POSITIVE_INFINITY) edit.apply([]);
    return outcome;
  }

  /** A fault is shown before the statement that caused it, another finding at the end of its scan. */
  #showFinding(finding: Finding): Stop {
    const last = this.#history.statementsOf(this.#position.scan);
    if (isOfStatement(finding) && last > 0) this.#reach({ scan: this.#position.scan, statement: last });
    this.#isReported = true;
    return this.#stopHere({ kind: 'exception', finding });
  }

  #stopHere(reason: StopReason): Stop {
    return { position: this.#position, reason, frames: this.#frames };
  }

  /** From the end of a scan to the start of the next one. */
  #nextScan(): void {
    const scan = this.#position.scan + 1;
    this.#isReported = false;
    const known = this.#history.exactly(scan);
    if (known !== null) this.simulation.restore(known);
    else {
      this.exercise.advance();
      this.#driven = scan;
      this.#history.remember(scan, this.simulation.save());
    }
    this.#stand({ scan, statement: 0 }, []);
  }

  // ------------------------------------------------------------------------------------------ to a place

  /** Goes to a place that was reached before, or to the end of a scan. */
  goTo(position: Position): Stop {
    this.#isReported = false;
    this.#reach(position);
    return this.#stopHere({ kind: 'goto' });
  }

  #reach(position: Position): void {
    this.#toStart(position.scan);
    if (position.statement === 0) return;
    if (this.#execute(position.statement, () => true) === null) this.#finishScan();
  }

  #toStart(scan: number): void {
    this.#restoreStart(scan);
    this.#stand({ scan, statement: 0 }, []);
  }

  /** Puts the state at the start of a scan back: from memory, or by running up to it again. */
  #restoreStart(scan: number): void {
    const image = this.#history.exactly(scan);
    if (image !== null) {
      this.simulation.restore(image);
      return;
    }
    const { position, frames } = { position: this.#position, frames: this.#frames };
    const before = this.exercise.isStateless ? this.#history.before(scan) : null;
    if (before === null) this.#begin();
    else {
      this.simulation.restore(before.image);
      this.#stand({ scan: before.scan, statement: 0 }, []);
    }
    while (this.#position.scan < scan) {
      this.#execute(Number.POSITIVE_INFINITY, () => false);
      this.#finishScan();
      this.#nextScan();
    }
    this.#stand(position, frames);
  }

  // ------------------------------------------------------------------------------------------ back

  /** The last place before this one that the search finds; null: there is none, and execution stands at the start. */
  back(search: Search, control: RunControl): Stop | null {
    const start = this.#position;
    for (let scan = start.scan; scan >= 0; scan--) {
      const end = scan === start.scan ? start.statement : Number.POSITIVE_INFINITY;
      const found = this.#lastIn(scan, end, search);
      if (found !== null) {
        this.#reach({ scan, statement: found.statement });
        this.#isReported = false;
        return this.#stopHere(found.reason);
      }
      if (control.isPaused()) {
        this.#reach({ scan, statement: 1 });
        return this.#stopHere({ kind: 'pause' });
      }
    }
    this.#reach({ scan: 0, statement: 1 });
    this.#isReported = false;
    return null;
  }

  #lastIn(scan: number, end: number, search: Search): { statement: number; reason: StopReason } | null {
    this.#toStart(scan);
    search.begin?.();
    let last: { statement: number; reason: StopReason } | null = null;
    const moment = this.#momentOf(scan);
    this.#execute(1, (site, statement) => {
      if (statement >= end) return true;
      moment.site = site;
      moment.statement = statement;
      const reason = search.at(moment);
      if (reason !== null) last = { statement, reason };
      return false;
    });
    return last;
  }

  // ------------------------------------------------------------------------------------------ changes by hand

  /** Changes the state where execution stands, now and in each re-execution. What came after it is void. */
  edit(apply: Edit['apply']): void {
    const { scan, statement } = this.#position;
    apply(this.#frames);
    this.#journal.add(scan, { statement, apply });
    this.#journal.dropAfter(scan, statement);
    const isOver = statement === Number.POSITIVE_INFINITY;
    this.#history.forgetAfter(scan);
    if (!isOver) this.#history.forgetOutcome(scan);
    if (this.exercise.isStateless || (this.#driven === scan && (!isOver || this.#isFresh))) return;
    // What sets the inputs has gone further: it starts again and comes back to this place.
    this.#begin();
    this.#reach({ scan, statement });
  }
}

/** True for what a statement did, false for what was judged after the scan. */
function isOfStatement(finding: Finding): boolean {
  return finding.code.startsWith('SIM-') && !JUDGED.has(finding.code);
}

const JUDGED: ReadonlySet<string> = new Set(['SIM-EXPECT', 'SIM-ALWAYS', 'SIM-VALUE', 'SIM-FAULT', 'SIM-TCUNIT']);
