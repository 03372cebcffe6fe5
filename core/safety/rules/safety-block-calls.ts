import type { Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { areExclusive, type CallEvent } from '../dataflow/trace.js';
import { instancesByPou } from '../program-tree.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { findingAt, relatedAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

const ESTOP_CALL = 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);';
const MOTOR = 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;';
const DOOR =
  'FUNCTION_BLOCK DoorWatch\nVAR_INPUT a : BOOL; b : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\nok := a AND b;\nEND_FUNCTION_BLOCK';

/** IL18: a safety block runs once in every scan. */
export const safetyBlockCall: StateRule = {
  kind: 'state',
  code: 'IL18',
  name: 'safety-fb-call',
  severity: 'blocker',
  title: 'A safety block is not called exactly once per scan',
  rationale:
    'A block that is not called keeps its last output: permitted stays permitted. A block that is called twice sees its edges and times twice.',
  reference: 'PLCopen Safety part 1 (one call per cycle); PLCopen Coding Guidelines CP20',
  decision: 'whole-program',
  flags: [
    example('called under a condition', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: `IF Start_PB THEN\n  ${ESTOP_CALL}\nEND_IF\n${MOTOR}`,
    }),
    example('never called', { inputType: 'SAFEBOOL', variables: 'estop : SF_EmergencyStop;', body: MOTOR }),
    example('called twice', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: `${ESTOP_CALL}\n${ESTOP_CALL}\n${MOTOR}`,
    }),
    example('the site’s own guard block under a condition', {
      blocks: DOOR,
      variables: 'door : DoorWatch;',
      body: 'IF Start_PB THEN door(a := Guard_Closed, b := EStop_OK); END_IF\nMotor := Start_PB AND door.ok;',
    }),
  ],
  accepts: [
    example('called once', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: `${ESTOP_CALL}\n${MOTOR}`,
    }),
    example('called in every branch', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: `IF Start_PB THEN\n  ${ESTOP_CALL}\nELSE\n  ${ESTOP_CALL}\nEND_IF\n${MOTOR}`,
    }),
    example('an ordinary block under a condition', {
      blocks: 'FUNCTION_BLOCK Counter\nVAR_OUTPUT n : INT; END_VAR\nn := n + 1;\nEND_FUNCTION_BLOCK',
      variables: 'parts : Counter;',
      body: 'IF Start_PB THEN parts(); END_IF\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const calls = callsByInstance(model);
    const findings: Finding[] = [];
    for (const [pou, nodes] of instancesByPou(site.project)) {
      const isCertified = isSafetyBlock(pou.name);
      if (pou.pouKind !== 'function-block' && pou.pouKind !== 'class') continue;
      for (const node of nodes) {
        // A base type shares the instance of the derived one: it is judged there.
        if (node.type.kind !== 'pou' || node.type.pou !== pou || node.location.includes('*')) continue;
        const own = calls.get(node.location) ?? [];
        if (!isCertified && !isConditionBlock(model, node.location, own)) continue;
        const fault = faultOf(own);
        const symbol = node.symbol?.site ?? node.root.site;
        if (fault === null || symbol === null) continue;
        if (fault === 'never' && !isCertified) continue;
        const [first] = own;
        const words = {
          never: 'is never called',
          condition: 'is called under a condition only',
          twice: 'is called more than once per scan',
        }[fault];
        const message = `${node.tag} (${pou.name}) ${words}: its outputs do not follow the machine in every scan. Call it once, unconditionally.`;
        const subject = `${node.location} ${fault}`;
        findings.push(
          first === undefined
            ? findingAt(safetyBlockCall, site, symbol.file, symbol.identifier, { message, subject })
            : findingAt(safetyBlockCall, site, first.frame.file, first.call, {
                message,
                subject,
                related: own.slice(1).map((call) => relatedAt(site, call.frame.file, call.call, 'called here as well')),
              }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

function callsByInstance(model: SafetyModel): ReadonlyMap<Location, CallEvent[]> {
  const calls = new Map<Location, CallEvent[]>();
  for (const call of model.trace.calls) {
    if (call.target?.kind === 'method' || call.target?.kind === 'action') continue;
    for (const instance of call.instances) calls.set(instance, [...(calls.get(instance) ?? []), call]);
  }
  return calls;
}

/** A block of the site that evaluates conditions for a hazard: a condition is wired to it, and it drives a hazard. */
function isConditionBlock(model: SafetyModel, instance: Location, calls: readonly CallEvent[]): boolean {
  if (calls.length === 0 || !coneTouches(model.hazardCone, instance)) return false;
  return model.conditions.some((condition) =>
    model.index
      .readersOf(condition.location)
      .some((event) => event.kind === 'input' && event.target.startsWith(`${instance}.`)),
  );
}

function faultOf(calls: readonly CallEvent[]): 'never' | 'condition' | 'twice' | null {
  const [first] = calls;
  if (first === undefined) return 'never';
  for (const [position, call] of calls.entries()) {
    if (calls.slice(position + 1).some((other) => !areExclusive(call.branch, other.branch))) return 'twice';
  }
  return calls.every((call) => call.condition !== null) && !coversAllArms(calls) ? 'condition' : null;
}

/** One call in each arm of one IF … ELSE or CASE … ELSE at the top of the body. */
function coversAllArms(calls: readonly CallEvent[]): boolean {
  const [first] = calls;
  const branch = first?.branch ?? null;
  if (branch === null || !branch.isComplete || branch.outer !== null) return false;
  const { statement } = branch;
  if (!('kind' in statement) || (statement.kind !== 'If' && statement.kind !== 'Case')) return false;
  const arms = new Set(
    calls
      .filter((call) => call.branch?.statement === statement && call.branch.outer === null)
      .map((call) => call.branch?.arm),
  );
  return arms.size === statement.branches.length + 1;
}

/** IL22: EN can suppress a safety block. */
export const enableSkip: StateRule = {
  kind: 'state',
  code: 'IL22',
  name: 'eneno-skip',
  severity: 'error',
  title: 'EN can suppress the call of a safety block',
  rationale: 'With EN FALSE the block does not run and keeps its outputs, and nobody looks at ENO.',
  reference: 'IEC 61131-3:2013, 6.6.1.6; PLCopen Safety part 1',
  decision: 'dataflow',
  flags: [
    example('EN from a button', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: `${ESTOP_CALL.replace('(Activate', '(EN := Start_PB, Activate')}\n${MOTOR}`,
    }),
  ],
  accepts: [
    example('EN is TRUE', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: `${ESTOP_CALL.replace('(Activate', '(EN := TRUE, Activate')}\n${MOTOR}`,
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      model.trace.calls.flatMap((call) => {
        if (call.enable === null || site.project.model.constantOf(call.enable) === true) return [];
        const isSafety =
          isSafetyBlock(call.typeName) || call.instances.some((instance) => isConditionBlock(model, instance, [call]));
        if (!isSafety) return [];
        return [
          findingAt(enableSkip, site, call.frame.file, call.enable, {
            message: `EN can suppress this call of ${call.typeName}, and its outputs then keep their values. Call it unconditionally and use its own Activate or inputs.`,
            subject: `${call.instances.join(' ')} EN ${keyOf(call.typeName)}`,
          }),
        ];
      }),
    );
  },
};

/** TM07: time that only passes now and then. */
export const timerConditionalCall: StateRule = {
  kind: 'state',
  code: 'TM07',
  name: 'timer-conditional-call',
  severity: 'error',
  title: 'A timer of safety logic is called under a condition only',
  rationale: 'A timer that is not called in every scan does not see its input drop, and its output stays as it was.',
  reference: 'IEC 61131-3:2013, 6.6.3.5.4; PLCopen Coding Guidelines CP20',
  decision: 'dataflow',
  flags: [
    example('a discrepancy timer inside of IF', {
      variables: 'late : TON; second AT %IX0.5 : BOOL; fault : BOOL;',
      body: 'IF Start_PB THEN late(IN := Guard_Closed XOR second, PT := T#100ms); END_IF\nfault := late.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT fault;',
    }),
  ],
  accepts: [
    example('called in every scan', {
      variables: 'late : TON; second AT %IX0.5 : BOOL;',
      body: 'late(IN := Guard_Closed XOR second, PT := T#100ms);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT late.Q;',
    }),
    example('a lamp timer inside of IF', {
      variables: 'blink : TON; lamp : BOOL;',
      body: 'IF Start_PB THEN blink(IN := TRUE, PT := T#1s); END_IF\nlamp := blink.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const [instance, calls] of callsByInstance(model)) {
      const [first] = calls;
      if (
        first === undefined ||
        !/^(L?TON|L?TOF|L?TP)(_|$)/.test(keyOf(first.typeName)) ||
        faultOf(calls) !== 'condition'
      )
        continue;
      if (!isSafetyTimer(model, instance)) continue;
      findings.push(
        findingAt(timerConditionalCall, site, first.frame.file, first.call, {
          message: `${model.tagOf(instance)} times a safety condition and is called under a condition only. Call it in every scan and put the condition into IN.`,
          subject: `${instance} condition`,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** A timer that stands between a condition (or a reset) and a hazard. */
export function isSafetyTimer(model: SafetyModel, instance: Location): boolean {
  if (!coneTouches(model.hazardCone, `${instance}.Q`)) return false;
  const inputs = model.index.writersOf(`${instance}.IN`);
  const direct = model.signals.filter(
    (signal) => signal.role !== 'hazard' && signal.role !== 'operator' && signal.role !== 'start',
  );
  return inputs.some((event) =>
    event.sources.some((source) => direct.some((signal) => reaches(model, source, signal.location))),
  );
}

/** Within one scan and a few copies: not through states that other things set. */
function reaches(model: SafetyModel, from: Location, wanted: Location, depth = 4): boolean {
  if (from === wanted) return true;
  if (depth === 0) return false;
  return model.index
    .writersOf(from)
    .some(
      (event) => event.kind !== 'library' && event.sources.some((source) => reaches(model, source, wanted, depth - 1)),
    );
}
