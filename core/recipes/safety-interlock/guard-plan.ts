/** What is to be done for one sensor, or why an engineer must do it. */

import type { Finding } from '../../base/finding.js';
import type { Assignment, Expression, Pou, SourceFile, Statement } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import type { SafetyModel } from '../../safety/safety-model.js';
import type { Site } from '../../site/site.js';
import type { WritePolicy } from '../write-policy.js';
import { namesNode } from './access-path.js';
import { hostOf, type InstancePlace } from './evaluation-host.js';
import { needsEngineer, placeOf } from './findings.js';
import { isCovered, isSetFrom, monitorCallOf } from './monitor-calls.js';
import type { Host } from './references.js';
import type { GuardSettings } from './settings.js';
import { contains, hazardReads, readsOf, type SignalRead } from './signal-reads.js';

/** An expression that gives way to the evaluated signal. */
export interface Replacement {
  readonly file: SourceFile;
  readonly pou: Pou;
  readonly expression: Expression;
  /** `evaluated`: by the safe output. `conjunction`: by `(signal AND safe output)`, because no channel is the signal. */
  readonly by: 'evaluated' | 'conjunction';
}

export interface GuardPlan {
  readonly settings: GuardSettings;
  /** The block that calls the evaluation. */
  readonly host: Host;
  readonly instance: InstancePlace;
  /** The statement in front of which the evaluation is called; null: at the start of the body. */
  readonly anchor: Statement | null;
  readonly replacements: readonly Replacement[];
}

export type Planning =
  | { readonly kind: 'plan'; readonly plan: GuardPlan }
  | { readonly kind: 'migrated'; readonly settings: GuardSettings }
  | { readonly kind: 'needs-engineer'; readonly findings: readonly Finding[] };

/** Decides what to do for one sensor. */
export function planGuard(site: Site, model: SafetyModel, policy: WritePolicy, settings: GuardSettings): Planning {
  const { signalNode, signal, channels } = settings;
  const reads = readsOf(site, signalNode);
  const deciding = hazardReads(model, reads);
  const monitor = monitorCallOf(site, channels);
  if (monitor !== null) {
    if (isSetFrom(site, model, monitor, signalNode)) return { kind: 'migrated', settings };
    const raw = deciding.filter((read) => !isCovered(site, monitor, read));
    if (raw.length === 0) return { kind: 'migrated', settings };
    return refuse(
      raw.map((read) =>
        needsEngineer(
          'half-migrated',
          placeOf(site, read.file, read.expression),
          `Both channels of ${signal.tag} are evaluated already, but this place still decides by the single channel. Use the output S_GuardMonitoring of the evaluation here, or say why not.`,
        ),
      ),
    );
  }
  const writers = model.index.writersOf(signalNode.location);
  if (writers.length > 0) return planCopy(site, model, policy, settings);
  if (deciding.length === 0) {
    return refuse([
      needsEngineer(
        'unclear-evaluation',
        signal.declaration,
        `${signal.tag} decides about no hazard that the manifest declares, so there is no evaluation to replace. Check the roles under safety.signals, or why the signal is unused.`,
      ),
    ]);
  }
  const isChannel = channels.some((channel) => channel.location === signalNode.location);
  const findings = deciding.flatMap((read) => untouchable(site, policy, settings, read));
  if (findings.length > 0) return refuse(findings);
  const found = hostOf(site, model, policy, deciding, settings);
  if (found.kind === 'refused') return refuse(found.findings);
  const { host } = found;
  return {
    kind: 'plan',
    plan: {
      settings,
      host,
      instance: found.instance,
      anchor: found.instance.kind === 'host' ? anchorFor(host.pou, deciding) : null,
      replacements: deciding.flatMap(({ file, pou, expression }) =>
        pou === null ? [] : [{ file, pou, expression, by: isChannel ? 'evaluated' : 'conjunction' } as const],
      ),
    },
  };
}

function refuse(findings: readonly Finding[]): Planning {
  return { kind: 'needs-engineer', findings };
}

/** The signal is a variable that the program sets from one contact: that one assignment is the evaluation. */
function planCopy(site: Site, model: SafetyModel, policy: WritePolicy, settings: GuardSettings): Planning {
  const { signalNode, signal, channels } = settings;
  const copies = assignmentsTo(site, settings);
  const [copy, ...others] = copies;
  const writers = model.index.writersOf(signalNode.location);
  const [writer] = writers;
  const isPlainCopy =
    copy !== undefined &&
    others.length === 0 &&
    writers.length === 1 &&
    writer !== undefined &&
    writer.condition === null &&
    writer.guard === null &&
    copy.assignment.operator === ':=' &&
    channels.some((channel) => namesNode(copy.assignment.value, channel, site.project.model));
  if (!isPlainCopy) {
    const findings = (copies.length === 0 ? [null] : copies).map((place) =>
      needsEngineer(
        'unclear-evaluation',
        place === null ? signal.declaration : placeOf(site, place.file, place.assignment),
        `${signal.tag} is computed by the program and is no plain copy of a channel: what its evaluation means is not clear. Name the contact itself as signal: in the manifest, or change this place by hand.`,
      ),
    );
    return refuse(findings);
  }
  const read: SignalRead = { file: copy.file, pou: copy.pou, expression: copy.assignment.value, parents: [] };
  const findings = untouchable(site, policy, settings, read);
  if (findings.length > 0) return refuse(findings);
  const found = hostOf(site, model, policy, [read], settings);
  if (found.kind === 'refused') return refuse(found.findings);
  return {
    kind: 'plan',
    plan: {
      settings,
      host: found.host,
      instance: { kind: 'host' },
      anchor: anchorFor(found.host.pou, [read]),
      replacements: [{ file: copy.file, pou: found.host.pou, expression: copy.assignment.value, by: 'evaluated' }],
    },
  };
}

interface PlacedAssignment {
  readonly file: SourceFile;
  readonly pou: Pou | null;
  readonly assignment: Assignment;
}

function assignmentsTo(site: Site, settings: GuardSettings): PlacedAssignment[] {
  const found: PlacedAssignment[] = [];
  for (const file of site.project.files) {
    walk(file, (node, parents) => {
      if (node.kind !== 'Assignment') return undefined;
      if (namesNode(node.target, settings.signalNode, site.project.model)) {
        found.push({ file, pou: parents.find((parent) => parent.kind === 'Pou') ?? null, assignment: node });
      }
      return undefined;
    });
  }
  return found;
}

/** Certified and protected code, and the arguments of calls of it, are not the recipe's to change. */
function untouchable(site: Site, policy: WritePolicy, settings: GuardSettings, read: SignalRead): Finding[] {
  const { tag } = settings.signal;
  const reason = policy.reasonAgainst(read.file.path, read.pou?.name.name ?? null);
  if (reason !== null) {
    return [
      needsEngineer(
        'untouchable-code',
        placeOf(site, read.file, read.expression),
        `${tag} is evaluated in ${read.file.path}, which a recipe may not change: ${reason}. An engineer must decide how the second channel gets in there, and have it certified again where that applies.`,
      ),
    ];
  }
  for (const parent of read.parents) {
    if (parent.kind !== 'Call') continue;
    const target = site.project.model.callOf(parent)?.target ?? null;
    const called = target === null || target.kind === 'pou' ? target : target.owner;
    const place = called?.kind === 'pou' ? called.site : null;
    if (called === null || place === null) continue;
    const calledReason = policy.reasonAgainst(place.file.path, called.name);
    if (calledReason === null) continue;
    return [
      needsEngineer(
        'untouchable-code',
        placeOf(site, read.file, read.expression),
        `${tag} is evaluated by ${called.name} in ${place.file.path}, which a recipe may not change: ${calledReason}. How it is wired belongs to it. An engineer must decide how the second channel gets in there, and have it certified again where that applies.`,
      ),
    ];
  }
  return [];
}

/**
 * The statement of the body in which the signal is read first. Null when a method reads it too, or when the body can
 * be left before: then the call goes to the start.
 */
function anchorFor(pou: Pou, reads: readonly SignalRead[]): Statement | null {
  const { body } = pou;
  if (body.kind !== 'StatementList') return null;
  if (!reads.every((read) => contains(body, read.expression))) return null;
  const index = body.statements.findIndex((statement) => reads.some((read) => contains(statement, read.expression)));
  const anchor = body.statements[index];
  if (anchor === undefined || body.statements.slice(0, index).some(canLeave)) return null;
  if (anchor.kind !== 'Region') return anchor;
  const inner = anchor.body.statements.findIndex((statement) =>
    reads.some((read) => contains(statement, read.expression)),
  );
  const isReachedAlways = inner >= 0 && !anchor.body.statements.slice(0, inner).some(canLeave);
  return isReachedAlways ? (anchor.body.statements[inner] ?? anchor) : anchor;
}

function canLeave(statement: Statement): boolean {
  let found = false;
  walk(statement, (node) => {
    if (node.kind === 'Return' || node.kind === 'Goto' || node.kind === 'Exit') found = true;
    return found ? 'skip' : undefined;
  });
  return found;
}
