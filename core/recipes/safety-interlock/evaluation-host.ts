/** Which block calls the evaluation of a sensor, and where its instance is declared. */

import type { Finding } from '../../base/finding.js';
import type { SourceFile, VariableSection } from '../../language/syntax/tree.js';
import { walk } from '../../language/syntax/walk.js';
import { isUncertain } from '../../safety/dataflow/location.js';
import { instancesByPou, programRoots } from '../../safety/program-tree.js';
import type { SafetyModel } from '../../safety/safety-model.js';
import type { Site } from '../../site/site.js';
import type { WritePolicy } from '../write-policy.js';
import { needsEngineer, placeOf } from './findings.js';
import type { Host } from './references.js';
import type { GuardSettings } from './settings.js';
import { contains, type SignalRead } from './signal-reads.js';

/** Where the instance of the evaluation is declared: in its host, or beside the signal so that several blocks see it. */
export type InstancePlace =
  | { readonly kind: 'host' }
  /** A Siemens instance data block in a file of its own: organization blocks and data blocks can hold no instance. */
  | { readonly kind: 'data-block' }
  | {
      readonly kind: 'global';
      readonly file: SourceFile;
      readonly section: VariableSection;
      /** Name in front of the dot; null for bare globals. */
      readonly list: string | null;
    };

export type HostSearch =
  | { readonly kind: 'host'; readonly host: Host; readonly instance: InstancePlace }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** The one program or function block that reads the signal, if it runs exactly once in every scan. */
export function hostOf(
  site: Site,
  model: SafetyModel,
  policy: WritePolicy,
  reads: readonly SignalRead[],
  settings: GuardSettings,
): HostSearch {
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
  if (pous.length > 1) return sharedHost(site, model, policy, reads, settings);
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
    return { kind: 'host', host: { symbol, pou, file: first.file }, instance: { kind: 'host' } };
  }
  if (pou.pouKind === 'organization-block') {
    return { kind: 'host', host: { symbol, pou, file: first.file }, instance: { kind: 'data-block' } };
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
  return { kind: 'host', host: { symbol, pou, file: first.file }, instance: { kind: 'host' } };
}

/**
 * Several blocks decide by the signal: the evaluation is declared beside the global signal and called first of all, by
 * the first program of the task in which all of them run.
 */
function sharedHost(
  site: Site,
  model: SafetyModel,
  policy: WritePolicy,
  reads: readonly SignalRead[],
  settings: GuardSettings,
): HostSearch {
  const { tag } = settings.signal;
  const places = [...new Set(reads.map((read) => read.pou?.name.name ?? '?'))].join(', ');
  const refused = (why: string): HostSearch => ({
    kind: 'refused',
    findings: reads.map((read) =>
      needsEngineer(
        'unclear-evaluation',
        placeOf(site, read.file, read.expression),
        `${tag} decides about hazards in several blocks (${places}), and one evaluation must serve them all, but ${why}. Let one block read the contact and hand the result to the others, then run the migration again.`,
      ),
    ),
  });
  const isInDataBlock = isMemberOfDataBlock(settings);
  const declared = globalSection(settings);
  if (declared === null && !isInDataBlock)
    return refused('the signal is no variable of a global list in which an instance can be declared');
  const reason = declared === null ? null : policy.reasonAgainst(declared.file.path, null);
  if (declared !== null && reason !== null) return refused(`${declared.file.path} may not be changed: ${reason}`);
  const tasks = new Set(tasksReading(model, reads));
  const [task] = tasks;
  if (tasks.size !== 1 || task === undefined) return refused('they run in different tasks');
  const first = site.project.schedule[task]?.programs[0]?.pou;
  const file = first?.site?.file;
  if (first === undefined || file === undefined || first.declaration === null)
    return refused('no program runs before them');
  if (first.declaration.body.kind !== 'StatementList') return refused(`${first.name} is a sequential function chart`);
  const hostReason = policy.reasonAgainst(file.path, first.name);
  if (hostReason !== null) return refused(`${first.name} may not be changed: ${hostReason}`);
  return {
    kind: 'host',
    host: { symbol: first, pou: first.declaration, file },
    instance: declared === null ? { kind: 'data-block' } : { kind: 'global', ...declared },
  };
}

function isMemberOfDataBlock({ signalNode }: GuardSettings): boolean {
  const { owner } = signalNode.root;
  return owner?.kind === 'global-list' && owner.declaration.kind === 'DataBlock';
}

/** The section that declares the signal; null for data blocks and for variables of programs. */
function globalSection(
  settings: GuardSettings,
): { readonly file: SourceFile; readonly section: VariableSection; readonly list: string | null } | null {
  const { root } = settings.signalNode;
  const declaration = root.declaration;
  if (root.site === null || declaration === null || root.scope !== 'global') return null;
  if (isMemberOfDataBlock(settings)) return null;
  let section: VariableSection | null = null;
  walk(root.site.file, (node) => {
    if (node.kind === 'VariableSection' && node.variables.includes(declaration)) section = node;
    return section === null ? undefined : 'skip';
  });
  const list = root.owner?.kind === 'global-list' ? root.owner.name : null;
  return section === null ? null : { file: root.site.file, section, list };
}

/** The tasks in which the code around the reads runs. */
function tasksReading(model: SafetyModel, reads: readonly SignalRead[]): number[] {
  const spans = reads.map((read) => ({ file: read.file, span: read.pou ?? read.expression }));
  return [...model.hazardCone.events]
    .filter((event) => spans.some(({ file, span }) => event.frame.file === file && contains(span, event.node)))
    .map((event) => event.task);
}
