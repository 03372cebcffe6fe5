/**
 * What the manifest says about the sensors of a site, under `migrations: <migration>: guards:`. Which second channel
 * and which reset belong to a sensor is wiring: it is read here and never derived from names.
 */

import { z } from 'zod';
import type { Finding } from '../../base/finding.js';
import type { Type } from '../../language/semantics/types.js';
import { isUncertain } from '../../safety/dataflow/location.js';
import { resolveTag, type TreeNode } from '../../safety/program-tree.js';
import { type SafetyModel, safetyModelOf } from '../../safety/safety-model.js';
import type { ResolvedSignal } from '../../safety/signal-roles.js';
import { parseDuration } from '../../site/duration.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import { manifestPositions } from '../../site/read-manifest.js';
import type { Site } from '../../site/site.js';
import { needsEngineer } from './findings.js';

/** Roles whose single-channel conditions the migration replaces. */
const MONITORED_ROLES = ['guard', 'light_curtain', 'safety_mat'] as const;

const entrySchema = z.strictObject({
  signal: z.string().min(1),
  channels: z.array(z.string().min(1)).length(2).optional(),
  reset: z.string().min(1).optional(),
  discrepancy: z.string().min(1).optional(),
  diagnostic: z.string().min(1).optional(),
});
const settingsSchema = z.strictObject({ guards: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/** One sensor with everything that the evaluation needs. */
export interface GuardSettings {
  readonly signal: ResolvedSignal;
  readonly signalNode: TreeNode;
  readonly channels: readonly [TreeNode, TreeNode];
  readonly reset: TreeNode;
  /** As written in the manifest, for example `100ms`. */
  readonly discrepancy: string;
  readonly diagnostic: Diagnostic | null;
}

/** Where the diagnostic code goes; `node` is null when the variable is not declared yet. */
export interface Diagnostic {
  readonly tag: string;
  readonly node: TreeNode | null;
}

export interface SettingsReading {
  readonly guards: readonly GuardSettings[];
  /** Signals of the monitored roles, whether they have an entry or not. */
  readonly sensors: readonly ResolvedSignal[];
  readonly findings: readonly Finding[];
}

/** Longest discrepancy time that still is a plausibility check and no bypass (PLCopen muting: 4 s). */
const MAX_DISCREPANCY = 4_000_000_000n;

/** Reads the settings of a migration from the manifest and resolves their tags. */
export function readSettings(site: Site, migrationName: string): SettingsReading {
  const model = safetyModelOf(site);
  const sensors = model.signals.filter(
    (signal) => signal.source === 'manifest' && MONITORED_ROLES.some((role) => role === signal.role),
  );
  const position = manifestPositions(site.snapshot);
  const root = ['migrations', migrationName];
  const written = site.manifest?.migrations?.[migrationName];
  if (written === undefined || written === null) {
    const findings = sensors.map((sensor) =>
      needsEngineer(
        'missing-setting',
        position(['safety', 'signals']),
        `The key migrations.${migrationName}.guards is missing. It must say which second channel and which reset belong to ${sensor.tag}. Add to ${MANIFEST_FILE}:\n${example(migrationName, sensor, model)}`,
      ),
    );
    return { guards: [], sensors, findings };
  }
  const parsed = settingsSchema.safeParse(written);
  if (!parsed.success) {
    const findings = parsed.error.issues.map((issue) => {
      const steps = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
      const key = [...root, ...steps].join('.');
      return needsEngineer(
        'invalid-setting',
        position([...root, ...steps]),
        `${key}: ${issue.message}. An entry has the keys signal, channels (two tags), reset, discrepancy and diagnostic.`,
      );
    });
    return { guards: [], sensors, findings };
  }
  const guards: GuardSettings[] = [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  parsed.data.guards.forEach((entry, index) => {
    const reader = new EntryReader(site, model, migrationName, entry, index);
    const guard = reader.read();
    findings.push(...reader.findings);
    if (guard === null) return;
    if (seen.has(guard.signal.location)) {
      findings.push(
        needsEngineer(
          'invalid-setting',
          position([...root, 'guards', index]),
          `migrations.${migrationName}.guards[${index}] describes ${entry.signal} a second time. Keep one entry per signal.`,
        ),
      );
      return;
    }
    seen.add(guard.signal.location);
    guards.push(guard);
  });
  const described = new Set(
    parsed.data.guards.flatMap((entry) => resolveTag(site.project, entry.signal).map(({ location }) => location)),
  );
  for (const sensor of sensors) {
    if (described.has(sensor.location)) continue;
    findings.push(
      needsEngineer(
        'missing-setting',
        position([...root, 'guards']),
        `migrations.${migrationName}.guards has no entry for ${sensor.tag} (${sensor.role}): its second channel is not known. Add to ${MANIFEST_FILE}:\n${example(migrationName, sensor, model)}`,
      ),
    );
  }
  return { guards, sensors, findings };
}

/** An entry to paste; placeholders in angle brackets are what only the wiring diagram knows. */
function example(migrationName: string, sensor: ResolvedSignal, model: SafetyModel): string {
  const resets = model.signals.filter((signal) => signal.role === 'reset' && signal.zone === sensor.zone);
  const [reset] = resets;
  const resetTag = reset !== undefined && resets.length === 1 ? reset.tag : '<reset button>';
  return [
    'migrations:',
    `  ${migrationName}:`,
    '    guards:',
    `      - signal: ${sensor.tag}`,
    `        channels: [${sensor.tag}, <second channel>]`,
    `        reset: ${resetTag}`,
    '        discrepancy: 100ms',
    '        diagnostic: <WORD variable>',
  ].join('\n');
}

/** Reads one entry; what is missing or wrong goes to `findings`. */
class EntryReader {
  readonly findings: Finding[] = [];
  readonly #site: Site;
  readonly #model: SafetyModel;
  readonly #entry: Entry;
  readonly #key: string;
  readonly #path: readonly (string | number)[];
  readonly #migrationName: string;

  constructor(site: Site, model: SafetyModel, migrationName: string, entry: Entry, index: number) {
    this.#site = site;
    this.#model = model;
    this.#migrationName = migrationName;
    this.#entry = entry;
    this.#key = `migrations.${migrationName}.guards[${index}]`;
    this.#path = ['migrations', migrationName, 'guards', index];
  }

  read(): GuardSettings | null {
    const entry = this.#entry;
    const signalNode = this.#resolve('signal', entry.signal);
    if (signalNode === null) return null;
    const signal = this.#signalAt(signalNode);
    if (signal === null) return null;
    const [first, second] = entry.channels ?? [];
    if (first === undefined || second === undefined)
      this.#missing('channels', signal, 'the two contacts of the sensor');
    if (entry.reset === undefined) this.#missing('reset', signal, 'the manual reset button of the zone');
    if (entry.discrepancy === undefined)
      this.#missing('discrepancy', signal, 'the longest time the channels may differ');
    const channelA = first === undefined ? null : this.#channel(0, first);
    const channelB = second === undefined ? null : this.#channel(1, second);
    const reset = entry.reset === undefined ? null : this.#reset(entry.reset);
    const discrepancy = entry.discrepancy === undefined ? null : this.#discrepancy(entry.discrepancy);
    const diagnostic = entry.diagnostic === undefined ? null : this.#diagnostic(entry.diagnostic);
    if (channelA === null || channelB === null || reset === null || discrepancy === null) return null;
    if (channelA.location === channelB.location) {
      this.#report(
        'invalid-setting',
        ['channels'],
        `${this.#key}.channels names ${first} twice: one contact is no redundancy. Name the second contact.`,
      );
    }
    if (this.findings.length > 0) return null;
    return { signal, signalNode, channels: [channelA, channelB], reset, discrepancy, diagnostic };
  }

  #report(reason: Parameters<typeof needsEngineer>[0], steps: readonly (string | number)[], message: string): void {
    const place = manifestPositions(this.#site.snapshot)([...this.#path, ...steps]);
    this.findings.push(needsEngineer(reason, place, message));
  }

  #missing(key: string, signal: ResolvedSignal, meaning: string): void {
    this.#report(
      'missing-setting',
      [],
      `The key ${this.#key}.${key} is missing: ${meaning}, for ${signal.tag}. Nothing is guessed from names. A whole entry in ${MANIFEST_FILE}:\n${example(this.#migrationName, signal, this.#model)}`,
    );
  }

  #signalAt(node: TreeNode): ResolvedSignal | null {
    const here = this.#model.signals.filter(
      (signal) => signal.location === node.location && signal.source === 'manifest',
    );
    const signal = here.find(({ role }) => MONITORED_ROLES.some((monitored) => monitored === role));
    if (signal === undefined) {
      const [other] = here;
      this.#report(
        'invalid-setting',
        ['signal'],
        other === undefined
          ? `${this.#key}.signal: ${node.tag} has no role. List it under safety.signals with role ${MONITORED_ROLES.join(', ')}.`
          : `${this.#key}.signal: ${node.tag} has the role ${other.role}. This migration changes ${MONITORED_ROLES.join(', ')} only; e-stop logic is never touched.`,
      );
      return null;
    }
    if (!signal.healthy) {
      this.#report(
        'invalid-setting',
        ['signal'],
        `${this.#key}.signal: ${node.tag} is healthy when FALSE. The evaluation needs contacts that are TRUE while closed, because a broken wire must stop the machine. An engineer must decide how the second channel is wired.`,
      );
      return null;
    }
    return signal;
  }

  #resolve(key: string, tag: string, step: readonly (string | number)[] = [key]): TreeNode | null {
    const nodes = resolveTag(this.#site.project, tag);
    const [node] = nodes;
    if (node === undefined) {
      this.#report(
        'unknown-tag',
        step,
        `${this.#key}.${key}: the code has no ${tag}. Declare the variable (for an input: with its address), or correct the tag.`,
      );
      return null;
    }
    if (nodes.length > 1 || isUncertain(node.location)) {
      this.#report(
        'unknown-tag',
        step,
        `${this.#key}.${key}: ${tag} names ${nodes.length} places. Name exactly one variable.`,
      );
      return null;
    }
    return node;
  }

  #boolean(key: string, tag: string, step: readonly (string | number)[]): TreeNode | null {
    const node = this.#resolve(key, tag, step);
    if (node === null || isBoolean(node.type)) return node;
    this.#report(
      'invalid-setting',
      step,
      `${this.#key}.${key}: ${tag} is no BOOL. A channel and a reset are single bits.`,
    );
    return null;
  }

  /** A channel comes from outside: one that the program computes would follow the other channel. */
  #channel(position: number, tag: string): TreeNode | null {
    const node = this.#boolean('channels', tag, ['channels', position]);
    if (node === null) return null;
    if (this.#model.index.writersOf(node.location).length === 0) return node;
    this.#report(
      'invalid-setting',
      ['channels', position],
      `${this.#key}.channels: ${tag} is written by the program. A channel must be an input of its own, else both channels fail together.`,
    );
    return null;
  }

  #reset(tag: string): TreeNode | null {
    const node = this.#boolean('reset', tag, ['reset']);
    if (node === null) return null;
    const isRemote = this.#model.signals.some(
      (signal) => signal.role === 'operator' && signal.source === 'manifest' && signal.location === node.location,
    );
    if (!isRemote) return node;
    this.#report(
      'invalid-setting',
      ['reset'],
      `${this.#key}.reset: ${tag} may be written by an operator panel. The reset must be a button with view of the zone.`,
    );
    return null;
  }

  #discrepancy(text: string): string | null {
    const duration = parseDuration(text);
    if (duration !== null && duration > 0n && duration <= MAX_DISCREPANCY) return text;
    this.#report(
      'invalid-setting',
      ['discrepancy'],
      `${this.#key}.discrepancy: "${text}" is no time above 0 and up to 4s. Write for example 100ms.`,
    );
    return null;
  }

  #diagnostic(tag: string): Diagnostic | null {
    const nodes = resolveTag(this.#site.project, tag);
    const [node] = nodes;
    if (node === undefined) return { tag, node: null };
    if (nodes.length === 1 && node.type.kind === 'elementary' && node.type.name === 'WORD') return { tag, node };
    this.#report(
      'invalid-setting',
      ['diagnostic'],
      `${this.#key}.diagnostic: ${tag} must be one variable of type WORD.`,
    );
    return null;
  }
}

function isBoolean(type: Type): boolean {
  return type.kind === 'elementary' && (type.name === 'BOOL' || type.name === 'SAFEBOOL');
}
