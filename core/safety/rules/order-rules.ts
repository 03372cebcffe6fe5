import type { Finding } from '../../base/finding.js';
import type { PouSymbol } from '../../language/semantics/symbols.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import { isWrittenInEveryScan } from '../dataflow/coverage.js';
import { isWithin, type Location } from '../dataflow/location.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import type { RuleExample, StateRule } from '../rule.js';
import { findingAtEvent, relatedAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example, machine } from './example-machine.js';
import { listText, oncePerPlace } from './rule-text.js';

/** IL13: the release of the scan before. */
export const stalePermissive: StateRule = {
  kind: 'state',
  code: 'IL13',
  name: 'stale-permissive',
  severity: 'warning',
  title: 'An output uses a release that is computed after it',
  rationale:
    'What is computed further down in the scan is the value of the scan before: the hazard stops one cycle later than the text suggests.',
  reference: 'ISO 13855:2024 (response time); PLCopen Coding Guidelines CP12',
  decision: 'whole-program',
  flags: [
    example('the release stands below the output', {
      variables: 'free : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND free;\nfree := EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('the release stands above the output', {
      variables: 'free : BOOL;',
      body: 'free := EStop_OK AND Guard_Closed;\nMotor := (Start_PB OR Motor) AND free;',
    }),
    example('the output asks the conditions itself as well', {
      variables: 'free : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND free AND EStop_OK AND Guard_Closed;\nfree := EStop_OK AND Guard_Closed;',
    }),
    example('a trip latch that is set further down', {
      variables: 'tripped : BOOL := TRUE; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT tripped;\nIF NOT EStop_OK THEN tripped := TRUE; ELSIF edge.Q THEN tripped := FALSE; END_IF',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const findings: Finding[] = [];
    for (const hazard of model.hazards) {
      for (const event of model.index.writersOf(hazard.location)) {
        const reads = readsOf(event);
        for (const read of reads) {
          const carried = conditionsOfRelease(model, read);
          if (carried.length === 0 || read === hazard.location) continue;
          const writes = model.index.writersOf(read).filter((write) => write.kind !== 'library');
          const [first] = writes;
          if (first === undefined || !writes.every((write) => write.order > event.order)) continue;
          if (!isWrittenInEveryScan(writes)) continue;
          const asked = new Set(
            [...reads]
              .filter((other) => other !== read && other !== hazard.location)
              .flatMap((other) => implied.whenTrue(other).map(locationOf)),
          );
          const late = carried.filter((signal) => !asked.has(signal.location));
          if (late.length === 0) continue;
          findings.push(
            findingAtEvent(stalePermissive, site, event, {
              message: `${hazard.tag} uses ${model.tagOf(read)} here, which is computed further down: it acts one scan late on ${listText(late.map(({ tag }) => tag))}. Compute it above this line.`,
              subject: `${hazard.location} ${read}`,
              related: [relatedAt(site, first.frame.file, first.node, 'computed here')],
            }),
          );
        }
      }
    }
    return oncePerPlace(findings);
  },
};

/** IL19: what a block says before it has run. */
export const readBeforeCall: StateRule = {
  kind: 'state',
  code: 'IL19',
  name: 'read-before-call',
  severity: 'warning',
  title: 'The output of a safety block is read before the block is called',
  rationale: 'Before its call a block still shows the result of the scan before, in the first scan its initial value.',
  reference: 'IEC 61131-3:2013, 6.6.3; PLCopen Safety part 1 (one call per cycle)',
  decision: 'dataflow',
  flags: [
    example('used above the call', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'Motor := Start_PB AND Guard_Closed AND estop.S_EStopOut;\nestop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);',
    }),
  ],
  accepts: [
    example('used below the call', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND Guard_Closed AND estop.S_EStopOut;',
    }),
    example('a lamp block', {
      blocks: 'FUNCTION_BLOCK Blink\nVAR_OUTPUT on : BOOL; END_VAR\non := NOT on;\nEND_FUNCTION_BLOCK',
      variables: 'blink : Blink; lamp : BOOL;',
      body: 'lamp := blink.on;\nblink();\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const firstCall = new Map<Location, number>();
    for (const call of model.trace.calls)
      for (const instance of call.instances)
        firstCall.set(instance, Math.min(call.order, firstCall.get(instance) ?? Number.POSITIVE_INFINITY));
    const findings: Finding[] = [];
    for (const event of model.hazardCone.events) {
      for (const read of readsOf(event)) {
        const dot = read.lastIndexOf('.');
        const called = dot < 0 ? undefined : firstCall.get(read.slice(0, dot));
        if (called === undefined || called < event.order || isWithin(event.frame.self, read.slice(0, dot))) continue;
        if (model.variableAt(read)?.scope !== 'output' || !isMissed(model, event, read)) continue;
        findings.push(
          findingAtEvent(readBeforeCall, site, event, {
            message: `${model.tagOf(read)} is read here before ${model.tagOf(read.slice(0, dot))} is called: the value is that of the scan before. Call the block above this line.`,
            subject: `${event.target.replace(/#\d+/g, '')} ${read}`,
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** The output is all that brings some condition to a hazard here: a "done" that only steps a sequence is no release. */
function isMissed(model: SafetyModel, event: WriteEvent, read: Location): boolean {
  const implied = impliedConditions(model);
  if (!model.hazards.some(({ location }) => location === event.target)) return false;
  const others = [...readsOf(event)].filter((other) => other !== read && other !== event.target);
  const asked = new Set(others.flatMap((other) => implied.whenTrue(other).map(locationOf)));
  return implied.whenTrue(read).some(({ location }) => !asked.has(location));
}

const TWO_TASKS = (writer: string, reader: string): RuleExample['files'] => ({
  ...machine({
    blocks:
      `PROGRAM Watch\nVAR_EXTERNAL watchOk : BOOL; Door AT %IX4.0 : BOOL; END_VAR\nwatchOk := Door;\nEND_PROGRAM\nCONFIGURATION Line\nVAR_GLOBAL watchOk : BOOL; Door AT %IX4.0 : BOOL; END_VAR\nRESOURCE Cpu ON PLC\nTASK Fast(INTERVAL := T#10ms, PRIORITY := 1);\nTASK Slow(INTERVAL := T#200ms, PRIORITY := 9);\nPROGRAM Watch WITH ${writer} : Watch;\nPROGRAM Main WITH ${reader} : Main;\nEND_RESOURCE\nEND_CONFIGURATION`.replace(
        'VAR_EXTERNAL watchOk : BOOL; Door AT %IX4.0 : BOOL; END_VAR',
        'VAR_EXTERNAL watchOk : BOOL; Door : BOOL; END_VAR',
      ),
    signals: '    - { tag: Door, role: guard }\n',
    variables: 'END_VAR\nVAR_EXTERNAL\n  watchOk : BOOL;',
    body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND watchOk;',
  }),
});

/** IL14: a release from a task that comes round less often. */
export const crossTask: StateRule = {
  kind: 'state',
  code: 'IL14',
  name: 'cross-task',
  severity: 'error',
  title: 'A release comes from a slower task than the output that it stops',
  rationale:
    'The output goes on with the old release until the slower task comes round. Its interval is part of the response time, and nobody sees it at the output.',
  reference: 'PLCopen Coding Guidelines CP10, CP11; ISO 13855:2024 (response time)',
  decision: 'whole-program',
  flags: [{ title: 'the release is made every 200 ms', files: TWO_TASKS('Slow', 'Fast') }],
  accepts: [
    { title: 'both in one task', files: TWO_TASKS('Fast', 'Fast') },
    { title: 'the release comes more often', files: TWO_TASKS('Fast', 'Slow') },
  ],
  check(site) {
    const model = safetyModelOf(site);
    const { schedule } = site.project;
    if (schedule.length < 2) return [];
    const findings: Finding[] = [];
    for (const hazard of model.hazards) {
      for (const event of model.index.writersOf(hazard.location)) {
        for (const read of readsOf(event)) {
          const [condition] = conditionsOfRelease(model, read);
          if (condition === undefined || read === hazard.location) continue;
          const writes = model.index.writersOf(read);
          const [writer] = writes;
          if (writer === undefined || !writes.every((write) => write.task !== event.task)) continue;
          const [from, to] = [schedule[writer.task], schedule[event.task]];
          const isSlower =
            from !== undefined &&
            to !== undefined &&
            (from.interval === null || (to.interval !== null && from.interval > to.interval));
          if (!isSlower) continue;
          findings.push(
            findingAtEvent(crossTask, site, event, {
              message: `${hazard.tag} is written in task ${to.name} and uses ${model.tagOf(read)}, which the slower task ${from.name} computes from ${condition.tag}. Compute the release in the task of the output.`,
              subject: `${hazard.location} ${read} task`,
              related: [relatedAt(site, writer.frame.file, writer.node, 'computed here')],
              isCertainRole: isDeclared(hazard) && isDeclared(condition),
            }),
          );
        }
      }
    }
    return oncePerPlace(findings);
  },
};

const SHARED =
  'VAR_GLOBAL\n  released : BOOL;\nEND_VAR\nPROGRAM Service\nVAR key AT %IX5.0 : BOOL; END_VAR\nIF key THEN released := Main.Guard_Closed; END_IF\nEND_PROGRAM';

/** HM08: two programs that both give a release. */
export const multiProgramGlobal: StateRule = {
  kind: 'state',
  code: 'HM08',
  name: 'multi-program-global',
  severity: 'error',
  title: 'A release is written by several programs',
  rationale:
    'When two programs write one release, the last one in the scan wins, and with tasks of their own nobody can tell which one that is.',
  reference: 'PLCopen Coding Guidelines CP26; CODESYS SA0006',
  decision: 'whole-program',
  flags: [
    example('a service program writes the release as well', {
      blocks: SHARED,
      body: 'released := EStop_OK AND Guard_Closed;\nMotor := Start_PB AND released;\nService();',
    }),
  ],
  accepts: [
    example('one program writes it', {
      blocks: SHARED.replace('released := Main', 'copy := Main').replace('VAR key', 'VAR copy : BOOL; key'),
      body: 'released := EStop_OK AND Guard_Closed;\nMotor := Start_PB AND released;\nService();',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const location of model.hazardCone.locations) {
      if (model.variableAt(location)?.scope !== 'global' || location.includes('#')) continue;
      const [condition] = conditionsOfRelease(model, location);
      if (condition === undefined || model.hazards.some((hazard) => hazard.location === location)) continue;
      const byProgram = new Map<PouSymbol, WriteEvent>();
      for (const event of model.index.writersOf(location)) {
        const program = programOf(event);
        if (program !== null && !byProgram.has(program)) byProgram.set(program, event);
      }
      const [first, second] = [...byProgram.values()];
      if (first === undefined || second === undefined) continue;
      findings.push(
        findingAtEvent(multiProgramGlobal, site, second, {
          message: `${model.tagOf(location)} stands for ${condition.tag} and is written by ${listText([...byProgram.keys()].map(({ name }) => name).sort())}. Let one program write it, and the others ask it for that.`,
          subject: location,
          related: [relatedAt(site, first.frame.file, first.node, 'also written here')],
          isCertainRole: isDeclared(condition),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** The innermost program whose code runs. */
function programOf(event: WriteEvent): PouSymbol | null {
  for (let frame: WriteEvent['frame'] | null = event.frame; frame !== null; frame = frame.caller) {
    const { owner } = frame;
    if (owner.kind === 'pou' && (owner.pouKind === 'program' || owner.pouKind === 'organization-block')) return owner;
  }
  return null;
}

/** Conditions that a computed location stands for. Signals themselves are no releases. */
function conditionsOfRelease(model: SafetyModel, location: Location): readonly ResolvedSignal[] {
  if (model.conditions.some((condition) => condition.location === location)) return [];
  const implied = impliedConditions(model);
  const permits = implied.whenTrue(location);
  return (permits.length > 0 ? permits : implied.whenFalse(location)).filter((condition) =>
    coneTouches(model.hazardCone, condition.location),
  );
}

function readsOf(event: WriteEvent): ReadonlySet<Location> {
  const reads = new Set(event.sources);
  for (const condition of conditionsAround(event)) for (const read of condition.reads) reads.add(read);
  return reads;
}

function locationOf({ location }: ResolvedSignal): Location {
  return location;
}
