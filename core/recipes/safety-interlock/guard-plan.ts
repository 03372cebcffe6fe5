/** What is to be done for one sensor, or why an engineer must do it. */

import type { Finding } from '../../base/finding.js';
import type { Assignment, Expression, Pou, SourceFile, Statement } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import { isUncertain } from '../../safety/dataflow/location.js';
import { instancesByPou, programRoots } from '../../safety/program-tree.js';
import type { SafetyModel } from '../../safety/safety-model.js';
import type { Site } from '../../site/site.js';
import type { WritePolicy } from '../write-policy.js';
import { namesNode } from './access-path.js';
import { needsEngineer, placeOf } from './findings.js';
import { isCovered, isSetFrom, monitorCallOf } from './monitor-calls.js';
import type { Host } from './references.js';
import type { GuardSettings } from './settings.js';
import { contains, hazardReads, readsOf, type SignalRead } from './signal-reads.js';

/** An expression that gives way to the evaluated signal. */
export interface Replacement {
  readonly expression: Expression;
  /** `evaluated`: by the safe output. `conjunction`: by `(signal AND safe output)`, because no channel is the signal. */
  readonly by: 'evaluated' | 'conjunction';
}

export interface GuardPlan {
  readonly settings: GuardSettings;
  readonly host: Host;
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
  const found = hostOf(site, model, deciding, settings);
  if (found.kind === 'refused') return refuse(found.findings);
  const { host } = found;
  return {
    kind: 'plan',
    plan: {
      settings,
      host,
      anchor: anchorFor(host.pou, deciding),
      replacements: deciding.map(({ expression }) => ({ expression, by: isChannel ? 'evaluated' : 'conjunction' })),
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
  const found = hostOf(site, model, [read], settings);
  if (found.kind === 'refused') return refuse(found.findings);
  return {
    kind: 'plan',
    plan: {
      settings,
      host: found.host,
      anchor: anchorFor(found.host.pou, [read]),
      replacements: [{ expression: copy.assignment.value, by: 'evaluated' }],
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

type HostSearch =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** The one program or function block that reads the signal, if it runs exactly once in every scan. */
function hostOf(site: Site, model: SafetyModel, reads: readonly SignalRead[], settings: GuardSettings): HostSearch {
  const { tag } = settings.signal;
  const refusal = (read: SignalRead | undefined, message: string): HostSearch => ({
    kind: 'refused',
    findings: [
      needsEngineer(
        'unclear-evaluation',
        read === undefined ? settings.signal.declaration : placeOf(site, read.file, read.expression),
        message,
      ),
    ],
  });
  const pous = [...new Set(reads.map((read) => read.pou))];
  const [pou] = pous;
  const [first] = reads;
  if (first === undefined || pou === undefined || pou === null) {
    return refusal(
      first,
      `${tag} is read outside of a program or function block. An engineer must place the evaluation.`,
    );
  }
  if (pous.length > 1) {
    const places = pous.map((each) => each?.name.name ?? '?').join(', ');
    return {
      kind: 'refused',
      findings: reads.map((read) =>
        needsEngineer(
          'unclear-evaluation',
          placeOf(site, read.file, read.expression),
          `${tag} decides about hazards in several blocks (${places}), and one evaluation must serve them all. Let one block read the contact and hand the result to the others, then run the migration again.`,
        ),
      ),
    };
  }
  const symbol = site.project.pous.find((candidate) => candidate.declaration === pou);
  if (symbol === undefined) return refusal(first, `${pou.name.name} could not be resolved.`);
  if (pou.body.kind !== 'StatementList') {
    return refusal(
      first,
      `${pou.name.name} is a sequential function chart: an evaluation must run in every scan, not in a step. An engineer must place it.`,
    );
  }
  if (pou.pouKind === 'program') {
    const runs = programRoots(site.project).filter((root) => root.pou === symbol);
    if (runs.length !== 1 || runs.some((root) => !root.isScheduled)) {
      return refusal(
        first,
        `${pou.name.name} runs ${runs.length === 1 ? 'in no task' : `${runs.length} times`}: it must run exactly once per scan to hold the evaluation of ${tag}.`,
      );
    }
    return { kind: 'host', host: { symbol, pou, file: first.file } };
  }
  if (pou.pouKind !== 'function-block') {
    return refusal(
      first,
      `${tag} is read in ${pou.name.name}, which keeps no memory between scans and can't hold an evaluation with a time. Move the reading into a function block or a program.`,
    );
  }
  const instances = instancesByPou(site.project).get(symbol) ?? [];
  const calls = model.trace.calls.filter((call) => call.target === symbol);
  const isOnce =
    instances.length === 1 && !instances.some(({ location }) => isUncertain(location)) && calls.length === 1;
  if (!isOnce) {
    return refusal(
      first,
      `${pou.name.name} has ${instances.length} instances and ${calls.length} calls per scan: to hold the evaluation of ${tag} it must have one instance that is called once.`,
    );
  }
  if (calls.some((call) => call.condition !== null || call.guard !== null || call.enable !== null)) {
    return refusal(
      first,
      `${pou.name.name} is not called in every scan, so the discrepancy time of ${tag} would stand still. Call it unconditionally first.`,
    );
  }
  return { kind: 'host', host: { symbol, pou, file: first.file } };
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
