/**
 * The record of one run while it works: every event goes to `events.jsonl` (hash-chained, on the disk before anything
 * follows from it), then to the audit log, then into `run.json`. Events of parallel attempts are written one by one.
 */

import { writeDurably } from '../base/durable-file.js';
import type { Actor, AuditLog, Clock } from './audit-log.js';
import { readAuditEntries } from './audit-log.js';
import { json } from './change-request.js';
import { appendEntry, type ChainHead, mendTornLine, readChain } from './hash-chain.js';
import {
  type AttemptFacts,
  type AttemptState,
  isOpen,
  type RunEvent,
  type RunEventBody,
  type RunPlan,
  RunReplay,
  type RunSummary,
} from './run-record.js';
import { runPaths } from './store.js';

/** The record of a run was altered or damaged. The message says what to do. */
export class RunDamagedError extends Error {
  override readonly name = 'RunDamagedError';
}

export interface JournalOptions {
  readonly fleetFolder: string;
  readonly plan: RunPlan;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly onEvent: (event: RunEvent, summary: RunSummary) => void;
}

export class RunJournal {
  readonly #options: JournalOptions;
  readonly #events: RunEvent[];
  readonly #replay: RunReplay;
  #head: ChainHead;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: JournalOptions, events: readonly RunEvent[], head: ChainHead) {
    this.#options = options;
    this.#events = [...events];
    this.#replay = new RunReplay(options.plan);
    for (const event of events) this.#replay.apply(event);
    this.#head = head;
  }

  /** A journal that goes on after the events that are on the disk; those that the audit log lacks are added to it. */
  static async open(options: JournalOptions): Promise<RunJournal> {
    const { events: file } = runPaths(options.fleetFolder, options.plan.id);
    const reading = readChain<RunEventBody>(file);
    if (reading.fault !== null) {
      throw new RunDamagedError(
        `The events of run ${options.plan.id} are damaged at line ${reading.fault.line}: ${reading.fault.reason}. The run can't go on; start a new one.`,
      );
    }
    mendTornLine(file, reading);
    const whole = readChain<RunEventBody>(file);
    const journal = new RunJournal(options, whole.entries, whole.head);
    await journal.#catchUpAudit();
    return journal;
  }

  get summary(): RunSummary {
    return this.#replay.summary;
  }

  get events(): readonly RunEvent[] {
    return this.#events;
  }

  /** Records an event of the whole run. */
  recordRun(event: string, payload: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#record({ event, site: null, state: null, payload });
  }

  /** Records that an attempt is in a new state, with what is known of it now. */
  recordAttempt(site: string, state: AttemptState, facts: AttemptFacts = {}): Promise<void> {
    return this.#record({ event: 'attempt.state', site, state, payload: facts });
  }

  #record(body: Omit<RunEventBody, 'time'>): Promise<void> {
    const turn = this.#last.then(async () => {
      const { fleetFolder, plan, clock, onEvent } = this.#options;
      const paths = runPaths(fleetFolder, plan.id);
      const event = appendEntry<RunEventBody>(paths.events, { time: clock().toISOString(), ...body }, this.#head);
      this.#head = event;
      this.#events.push(event);
      this.#replay.apply(event);
      await this.#audit(event);
      const { summary } = this;
      // Readers replay the events; run.json is for people and other programs, and need not follow every step.
      if (event.state === null || !isOpen(event.state)) writeDurably(paths.summary, json(summary));
      onEvent(event, summary);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #audit(event: RunEvent): Promise<void> {
    const { plan, audit } = this.#options;
    const isAttempt = event.site !== null;
    await audit.append({
      actor: this.#actorOf(event),
      event: isAttempt ? `attempt.${event.state ?? 'event'}` : event.event,
      subject: isAttempt ? `attempt:${plan.id}/${event.site}` : `run:${plan.id}`,
      payload: { run: plan.id, runEvent: event.seq, runEventHash: event.hash, at: event.time, ...auditFacts(event) },
    });
    if (!isAttempt || (event.state !== null && !isOpen(event.state)))
      await audit.checkpoint({ anchor: event.event === 'run.ended' });
  }

  /** What an engine did is the engine's; what the run decided is Plantwright's; what was asked for is the person's. */
  #actorOf(event: RunEvent): Actor {
    const { plan } = this.#options;
    if (event.event === 'run.started' || event.event === 'run.resumed' || event.event === 'run.retried')
      return { kind: 'person', id: plan.startedBy };
    const engine = (event.payload as AttemptFacts).engine;
    if (event.state !== 'verifying' || engine === undefined || engine === null)
      return { kind: 'system', id: 'plantwright' };
    return engine.kind === 'recipe'
      ? { kind: 'recipe', id: `${engine.name}@${engine.version}` }
      : { kind: 'agent', id: engine.model };
  }

  /** A kill between the event and its entry in the audit log leaves a gap at the end; it is closed here. */
  async #catchUpAudit(): Promise<void> {
    const { plan, fleetFolder } = this.#options;
    const audited = new Set(
      readAuditEntries(fleetFolder)
        .filter((entry) => entry.payload['run'] === plan.id)
        .map((entry) => entry.payload['runEvent']),
    );
    for (const event of this.#events) if (!audited.has(event.seq)) await this.#audit(event);
  }
}

/** What the audit log repeats of an event: identities and digests, no long texts. */
function auditFacts(event: RunEvent): Record<string, unknown> {
  const { payload } = event;
  if (event.site === null) return { ...payload };
  const { base, head, branch, car, engine, cost, verdict, cause, reasons } = payload as AttemptFacts;
  return { base, head, branch, car, engine, cost, verdict: verdict?.digest, cause, reasons };
}
