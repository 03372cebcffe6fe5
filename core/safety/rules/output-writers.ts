import { compareText, type Finding } from '../../base/finding.js';
import { atomsOf } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { areExclusive, type WriteEvent } from '../dataflow/trace.js';
import type { StateRule } from '../rule.js';
import { findingAtEvent, relatedAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { listText, oncePerPlace, sourceText } from './rule-text.js';

const JOG = `PROGRAM Jog
VAR_EXTERNAL pump : BOOL; END_VAR
pump := TRUE;
END_PROGRAM`;

/** IL07: one place decides about a hazard. */
export const multiWriter: StateRule = {
  kind: 'state',
  code: 'IL07',
  name: 'multi-writer',
  severity: 'error',
  title: 'A hazardous output is written in several program parts',
  rationale:
    'When two places write an output, the last one in the scan wins, and whoever changes the other one believes in an interlock that does not act.',
  reference: 'ISO 13849-1:2023, 7.4 (safety output at one location); PLCopen Coding Guidelines CP12',
  decision: 'whole-program',
  flags: [
    example('a second block writes the output', {
      blocks:
        'FUNCTION_BLOCK JogMode\nVAR_INPUT button : BOOL; END_VAR\nVAR_IN_OUT drive : BOOL; END_VAR\nIF button THEN drive := TRUE; END_IF\nEND_FUNCTION_BLOCK',
      variables: 'jog : JogMode;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\njog(button := Reset_PB AND EStop_OK AND Guard_Closed, drive := Motor);',
    }),
    example('an alias of the same address', {
      variables: 'same AT %QX0.0 : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nsame := Reset_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('branches of one IF', {
      body: 'IF EStop_OK AND Guard_Closed THEN Motor := Start_PB; ELSE Motor := FALSE; END_IF',
    }),
    example('a second block that only switches off', {
      blocks:
        'FUNCTION_BLOCK Watch\nVAR_INPUT bad : BOOL; END_VAR\nVAR_IN_OUT drive : BOOL; END_VAR\nIF bad THEN drive := FALSE; END_IF\nEND_FUNCTION_BLOCK',
      variables: 'watch1 : Watch;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nwatch1(bad := Reset_PB, drive := Motor);',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings = model.hazards.flatMap((hazard): Finding[] => {
      const writes = drivingWrites(model, hazard);
      const [first] = writes;
      if (first === undefined) return [];
      const others = writes.filter((event) => event.node !== first.node || event.frame.self !== first.frame.self);
      const foreign = others.filter(
        (event) =>
          (event.frame.owner !== first.frame.owner ||
            event.frame.self !== first.frame.self ||
            event.target !== first.target) &&
          !areExclusive(first.branch, event.branch),
      );
      const [second] = foreign;
      if (second === undefined) return [];
      const places = [...new Set([first, ...foreign].map((event) => event.frame.owner.qualifiedName))].sort(
        compareText,
      );
      return [
        findingAtEvent(multiWriter, site, second, {
          message: `${hazard.tag} is a hazardous output and is written in ${places.length > 1 ? listText(places) : `several places of ${places[0]}`}. Give it one place, and let the others write requests that this place combines with the interlock.`,
          subject: `${hazard.location} ${places.join(' ')}`,
          related: [relatedAt(site, first.frame.file, first.node, 'also written here')],
          isCertainRole: isDeclared(hazard),
        }),
      ];
    });
    return oncePerPlace(findings);
  },
};

/** IL08: what comes later in the scan undoes the interlock. */
export const overwriteAfterInterlock: StateRule = {
  kind: 'state',
  code: 'IL08',
  name: 'overwrite-after-interlock',
  severity: 'blocker',
  title: 'A later write overrides an interlocked output',
  rationale:
    'The last write of a scan wins. A write after the interlock that does not ask the same conditions makes the interlock a comment.',
  reference: 'ISO 13849-1:2023, 7.4; PLCopen Coding Guidelines CP12',
  decision: 'whole-program',
  flags: [
    example('an IF below the interlock', {
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nIF Reset_PB THEN Motor := TRUE; END_IF',
    }),
    example('in a program that runs later', {
      blocks: `VAR_GLOBAL\n  pump : BOOL;\nEND_VAR\n${JOG}`,
      signals: '    - { tag: pump, role: hazard }\n',
      body: 'pump := EStop_OK AND Guard_Closed;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;\nJog();',
    }),
    example('through a pointer', {
      variables: 'p : POINTER TO BOOL;',
      body: 'p := ADR(Motor);\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\np^ := Reset_PB;',
    }),
  ],
  accepts: [
    example('a later write that only switches off', {
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nIF Reset_PB THEN Motor := FALSE; END_IF',
    }),
    example('a later write that asks the same', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nIF Reset_PB THEN Motor := EStop_OK AND Guard_Closed; END_IF',
    }),
    example('a later write that narrows', {
      variables: 'cool : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nMotor := Motor AND NOT cool;',
    }),
    example('a default before', {
      body: 'Motor := FALSE;\nIF EStop_OK AND Guard_Closed THEN Motor := Start_PB; END_IF',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const findings = model.hazards.flatMap((hazard): Finding[] => {
      const required = new Set(model.conditionsOf(hazard).map((signal) => signal.location));
      const writes = drivingWrites(model, hazard);
      const asked = (event: WriteEvent): ResolvedSignal[] => {
        const ofValue =
          event.value === null
            ? implied.whenTrue(event.sources[0] ?? '')
            : implied.ofExpression(event.value, event.frame);
        return [...ofValue, ...implied.ofContext(event)].filter((signal) => required.has(signal.location));
      };
      return writes.flatMap((later, position) => {
        if (isNarrowing(later, hazard, model)) return [];
        const has = new Set(asked(later).map((signal) => signal.location));
        for (const earlier of writes.slice(0, position)) {
          if (areExclusive(earlier.branch, later.branch)) continue;
          const missing = asked(earlier).filter((signal) => !has.has(signal.location));
          if (missing.length === 0) continue;
          return [
            findingAtEvent(overwriteAfterInterlock, site, later, {
              message: `This write of ${hazard.tag} comes after an interlocked one and does not ask ${listText([...new Set(missing.map((signal) => signal.tag))])}. Combine it with the conditions, or move it in front of the interlock.`,
              subject: `${hazard.location} ${sourceText(later)}`,
              related: [relatedAt(site, earlier.frame.file, earlier.node, 'the interlock that is overridden')],
              isCertainRole: isDeclared(hazard) && missing.every(isDeclared),
              witness: { hazard: hazard.tag, missing: missing.map((signal) => signal.tag) },
            }),
          ];
        }
        return [];
      });
    });
    return oncePerPlace(findings);
  },
};

/** Writes of a hazard that may switch it on, in scan order. */
function drivingWrites(model: SafetyModel, hazard: ResolvedSignal): WriteEvent[] {
  return model.index.writersOf(hazard.location).filter((event) => {
    if (event.kind === 'reset') return hazard.off !== false;
    if (event.value === null) return true;
    const value = model.site.project.model.constantOf(event.value);
    if (value === null) return true;
    return !(value === hazard.off || (typeof value === 'bigint' && Number(value) === hazard.off));
  });
}

/** `Motor := Motor AND …`: never on when it was not on before. */
function isNarrowing(event: WriteEvent, hazard: ResolvedSignal, model: SafetyModel): boolean {
  if (event.value === null) return false;
  const formula = model.formulaOf(event.value, event.frame);
  const operands = formula.kind === 'and' ? formula.operands : [formula];
  return operands.some(
    (operand) => operand.kind === 'atom' && atomsOf(operand).some(({ atom }) => atom.location === hazard.location),
  );
}
