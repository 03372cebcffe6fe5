import type { Finding } from '../../base/finding.js';
import { startOfFile } from '../../base/finding.js';
import type { Expression } from '../../language/syntax/tree.js';
import { MANIFEST_FILE } from '../../site/manifest.js';
import { valueKey } from '../boolean/formula.js';
import { coneTouches } from '../dataflow/cone.js';
import { isWrittenInEveryScan } from '../dataflow/coverage.js';
import { conditionsAround, type Frame } from '../dataflow/trace.js';
import { codeUnitsOf, forEachExpression, forEachExpressionIn, statementListsOf } from '../dataflow/visit.js';
import type { ChangeRule, StateRule } from '../rule.js';
import { findingAt, findingAtEvent, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isDeclared } from '../signal-roles.js';
import { example, machine } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** SB03: safe by declaration only. */
export const forcedCast: StateRule = {
  kind: 'state',
  code: 'SB03',
  name: 'forced-cast',
  severity: 'blocker',
  title: 'An ordinary signal is converted to a safe one',
  rationale: 'A conversion gives an ordinary bit the name of a safe one. No redundancy, no diagnosis stands behind it.',
  reference: 'PLCopen Safety part 1, 4.1 (data types)',
  decision: 'syntax',
  flags: [
    example('BOOL_TO_SAFEBOOL', {
      blocks: 'FUNCTION BOOL_TO_SAFEBOOL : BOOL\nVAR_INPUT IN : BOOL; END_VAR\nBOOL_TO_SAFEBOOL := IN;\nEND_FUNCTION',
      variables: 'safe : BOOL;',
      body: 'safe := BOOL_TO_SAFEBOOL(Reset_PB);\nMotor := safe AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('an ordinary conversion', {
      variables: 'n : INT;',
      body: 'n := BOOL_TO_INT(Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const findings: Finding[] = [];
    for (const file of site.project.files) {
      for (const unit of codeUnitsOf(file)) {
        for (const list of statementListsOf(unit.body)) {
          forEachExpressionIn(list, (expression) => {
            if (
              expression.kind !== 'Call' ||
              expression.callee.kind !== 'Name' ||
              !/^(?!SAFE)\w+_TO_SAFE\w+$|^TO_SAFE\w+$/i.test(expression.callee.name.name)
            )
              return;
            const text = excerpt(file.text.slice(expression.start, expression.end));
            findings.push(
              findingAt(forcedCast, site, file, expression, {
                message: `${text} makes a safe signal of an ordinary one. Evaluate the sensor with a certified block instead.`,
                subject: `${file.path} ${text}`,
              }),
            );
          });
        }
      }
    }
    return findings;
  },
};

/** SB13: the contactor confirms itself. */
export const edmSameSignal: StateRule = {
  kind: 'state',
  code: 'SB13',
  name: 'edm-same-signal',
  severity: 'error',
  title: 'The feedback of a contactor is the command itself',
  rationale:
    'External device monitoring compares command and feedback. When both are one signal, a welded contactor is never seen.',
  reference: 'PLCopen Safety part 1, SF_EDM; ISO 13849-1:2023, annex E',
  decision: 'syntax',
  flags: [
    example('EDM1 gets the command', {
      inputType: 'SAFEBOOL',
      variables: 'edm : SF_EDM;',
      body: 'edm(Activate := TRUE, S_OutControl := EStop_OK, EDM1 := EStop_OK, EDM2 := Reset_PB, MonitoringTime := T#200ms, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND edm.S_EDM_Out;',
    }),
  ],
  accepts: [
    example('two contacts', {
      inputType: 'SAFEBOOL',
      variables: 'edm : SF_EDM; k1 AT %IX0.5 : BOOL; k2 AT %IX0.6 : BOOL;',
      body: 'edm(Activate := TRUE, S_OutControl := EStop_OK, EDM1 := k1, EDM2 := k2, MonitoringTime := T#200ms, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND edm.S_EDM_Out;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const source = { project: site.project, trace: model.trace };
    const commands = new Map<string, string>();
    const findings: Finding[] = [];
    const isFeedback = (name: string): boolean => name === 'EDM1' || name === 'EDM2' || name === 'FEEDBACK';
    for (const pass of ['command', 'feedback'] as const) {
      for (const { pin, event } of pinWritesOf(model)) {
        if (event.kind !== 'input' || event.value === null || !/^(SF_EDM|FDBACK)/.test(pin.type)) continue;
        const key = valueKey(event.value, event.frame, source, []);
        if (pass === 'command' && (pin.name === 'S_OUTCONTROL' || pin.name === 'ON')) commands.set(pin.instance, key);
        if (pass === 'feedback' && isFeedback(pin.name) && commands.get(pin.instance) === key) {
          findings.push(
            findingAtEvent(edmSameSignal, site, event, {
              message: `${pin.name} of ${model.tagOf(pin.instance)} gets the command itself. Wire the mirror contact of the contactor.`,
              subject: event.target,
            }),
          );
        }
      }
    }
    return oncePerPlace(findings);
  },
};

/** TM09: equality of what is never quite equal. */
export const realEquality: StateRule = {
  kind: 'state',
  code: 'TM09',
  name: 'real-equality',
  severity: 'error',
  title: 'REAL or TIME is compared for equality in safety logic',
  rationale: 'A measured value or a running time meets an exact value by luck. A trip on equality may never come.',
  reference: 'PLCopen Coding Guidelines CP8, CP28; CODESYS SA0054',
  decision: 'syntax',
  flags: [
    example('a measured value', {
      variables: 'speed AT %ID8 : REAL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND NOT (speed = 100.0);',
    }),
  ],
  accepts: [
    example('an ordering', {
      variables: 'speed AT %ID8 : REAL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND speed < 100.0;',
    }),
    example('an equality for the display', {
      variables: 'speed AT %ID8 : REAL; lamp : BOOL;',
      body: 'lamp := speed = 0.0;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    const seen = new Set<Expression>();
    const look = (expression: Expression | null, frame: Frame): void => {
      if (expression === null || seen.has(expression)) return;
      seen.add(expression);
      forEachExpression(expression, (part) => {
        if (part.kind !== 'Binary' || (part.operator !== '=' && part.operator !== '<>')) return;
        const type = site.project.model.operandTypeOf(part);
        if (type.kind !== 'elementary' || !/^(L?REAL|L?TIME|S5TIME)$/.test(type.name)) return;
        const text = excerpt(frame.file.text.slice(part.start, part.end));
        findings.push(
          findingAt(realEquality, site, frame.file, part, {
            message: `"${text}" compares ${type.name} for equality, and a hazard depends on it. Compare with a tolerance, or with < and >.`,
            subject: `${frame.owner.qualifiedName} ${text}`,
          }),
        );
      });
    };
    for (const event of model.hazardCone.events) {
      look(event.value, event.frame);
      for (const condition of conditionsAround(event)) look(condition.expression, condition.frame);
    }
    return oncePerPlace(findings);
  },
};

/** IL09: every output in every scan. */
export const notAssignedEveryPath: StateRule = {
  kind: 'state',
  code: 'IL09',
  name: 'not-assigned-every-path',
  severity: 'error',
  title: 'A hazardous output is not written on every path',
  rationale:
    'On a path that does not write the output it keeps its old value: on stays on, whatever the conditions say now.',
  reference: 'PLCopen Safety part 1 (every output assigned each cycle); PLCopen Coding Guidelines CP3',
  decision: 'dataflow',
  flags: [
    example('a CASE without ELSE', {
      variables: 'step : INT;',
      body: 'CASE step OF\n  0: Motor := FALSE;\n  1: Motor := EStop_OK AND Guard_Closed;\nEND_CASE\nIF Start_PB THEN step := 1; END_IF',
    }),
  ],
  accepts: [
    example('a CASE with ELSE', {
      variables: 'step : INT;',
      body: 'CASE step OF\n  0: Motor := FALSE;\n  1: Motor := EStop_OK AND Guard_Closed;\nELSE\n  Motor := FALSE;\nEND_CASE\nIF Start_PB THEN step := 1; END_IF',
    }),
    example('a default in front', {
      variables: 'step : INT;',
      body: 'Motor := FALSE;\nIF step = 1 THEN Motor := EStop_OK AND Guard_Closed; END_IF\nIF Start_PB THEN step := 1; END_IF',
    }),
    example('a latch that every lost condition clears', {
      body: 'IF NOT EStop_OK OR NOT Guard_Closed THEN Motor := FALSE; ELSIF Start_PB THEN Motor := TRUE; END_IF',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return model.hazards.flatMap((hazard) => {
      const writes = model.index.writersOf(hazard.location).filter((event) => event.target === hazard.location);
      const [first] = writes;
      if (first === undefined || isWrittenInEveryScan(writes)) return [];
      const isLatch = writes.some((event) => {
        if (event.kind === 'reset') return true;
        const value = event.value === null ? null : site.project.model.constantOf(event.value);
        return (
          value === hazard.off &&
          conditionsAround(event).length > 0 &&
          model
            .conditionsOf(hazard)
            .some((condition) =>
              conditionsAround(event).some((around) =>
                around.reads.some((read) => coneTouches(model.coneOf(read), condition.location)),
              ),
            )
        );
      });
      if (isLatch) return [];
      return [
        findingAtEvent(notAssignedEveryPath, site, first, {
          message: `${hazard.tag} is written under conditions only, and keeps its value on the other paths. Write it on every path, or give it a default in front.`,
          subject: hazard.location,
          isCertainRole: isDeclared(hazard),
        }),
      ];
    });
  },
};

const RATINGS = ['SIL-1', 'SIL-2', 'SIL-3'];
const LEVELS = ['a', 'b', 'c', 'd', 'e'];

/** PL01: the required integrity does not fall by an edit. */
export const levelLowered: ChangeRule = {
  kind: 'change',
  code: 'PL01',
  name: 'level-lowered',
  severity: 'blocker',
  title: 'The required integrity level was lowered',
  rationale:
    'SIL and performance level follow from the risk assessment. A lower one asks for less of everything that comes after it, the review included.',
  reference: 'IEC 62061:2021, 6; ISO 13849-1:2023, 5',
  decision: 'configuration',
  flags: [
    {
      title: 'SIL 2 becomes SIL 1',
      before: machine({ safety: '  rating: SIL-2\n' }),
      files: machine({ safety: '  rating: SIL-1\n' }),
    },
  ],
  accepts: [
    {
      title: 'SIL 1 becomes SIL 2',
      before: machine({ safety: '  rating: SIL-1\n' }),
      files: machine({ safety: '  rating: SIL-2\n' }),
    },
  ],
  check({ before, after }) {
    const findings: Finding[] = [];
    const old = before.manifest?.safety;
    const now = after.manifest?.safety;
    const report = (what: string, was: string, is: string | undefined): void => {
      findings.push({
        ...startOfFile(MANIFEST_FILE),
        code: levelLowered.code,
        rule: levelLowered.name,
        severity: levelLowered.severity,
        message: `${what} was ${was} and is ${is === undefined ? 'gone' : `now ${is}`}. It follows from the risk assessment. Restore it.`,
        related: [],
        witness: { subject: what },
      });
    };
    if (old?.rating !== undefined && RATINGS.indexOf(now?.rating ?? '') < RATINGS.indexOf(old.rating))
      report('rating', old.rating, now?.rating);
    if (
      old?.performance_level !== undefined &&
      LEVELS.indexOf(now?.performance_level ?? '') < LEVELS.indexOf(old.performance_level)
    )
      report('performance_level', old.performance_level, now?.performance_level);
    return findings;
  },
};

/** DP01: a name that promises a way around. */
export const bypassName: StateRule = {
  kind: 'state',
  code: 'DP01',
  name: 'bypass-name',
  severity: 'warning',
  title: 'Something that is called a bypass decides about a hazard',
  rationale: 'A name alone proves nothing, but a bypass, jumper or override in the logic of a hazard deserves a look.',
  reference: 'ISO 14119:2013, 7',
  decision: 'whole-program',
  flags: [
    example('a jumper bit', {
      variables: 'xJumper : BOOL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND NOT xJumper;',
    }),
  ],
  accepts: [
    example('a valve in a bypass line', {
      variables: 'BypassValve : BOOL; BypassValveTemp : REAL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND NOT BypassValve;',
    }),
    example('a limit of a load cell', {
      variables: 'rForceLimit : REAL; force : REAL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND force < rForceLimit;',
    }),
    example('a jumper that only a lamp shows', {
      variables: 'xJumper : BOOL; lamp : BOOL;',
      body: 'lamp := xJumper;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return model.signals.flatMap((signal) => {
      if (signal.role !== 'bypass' || signal.symbol?.site == null || !coneTouches(model.hazardCone, signal.location))
        return [];
      return [
        findingAt(bypassName, site, signal.symbol.site.file, signal.symbol.site.identifier, {
          message: `${signal.tag} is called a bypass and decides about a hazard. Remove it, or give it the role that it has in the manifest.`,
          subject: signal.location,
        }),
      ];
    });
  },
};
