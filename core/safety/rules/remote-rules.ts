import type { Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinOf } from '../safety-pins.js';
import type { ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const PANEL =
  'TYPE ST_Panel : STRUCT\n  ok : BOOL;\n  limit : INT;\nEND_STRUCT\nEND_TYPE\nVAR_GLOBAL\n  Panel : ST_Panel;\nEND_VAR';
const OPERATOR = '    - { tag: Panel.*, role: operator }\n';
const LATCH = `edge(CLK := RESET);
IF NOT (EStop_OK AND Guard_Closed) THEN
  tripped := TRUE;
ELSIF edge.Q THEN
  tripped := FALSE;
END_IF
Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;`;

/** ES11: whoever resets must see the machine. */
export const resetRemote: StateRule = {
  kind: 'state',
  code: 'ES11',
  name: 'reset-remote',
  severity: 'error',
  title: 'A reset can come from a panel or from the network',
  rationale:
    'A manual reset belongs to a place from which the whole danger zone is in view. A tag that a panel or SCADA may write can be set from anywhere.',
  reference: 'ISO 13849-1:2023, 5.2.2; Top 20 Secure PLC Coding Practices, 8',
  decision: 'whole-program',
  flags: [
    example('the panel may reset as well', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'edge : R_TRIG; tripped : BOOL := TRUE;',
      body: LATCH.replace('RESET', 'Reset_PB OR Panel.ok'),
    }),
    example('a copy of a panel tag', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'edge : R_TRIG; tripped : BOOL := TRUE; quit : BOOL;',
      body: `quit := Panel.ok;\n${LATCH.replace('RESET', 'quit')}`,
    }),
  ],
  accepts: [
    example('the button only', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'edge : R_TRIG; tripped : BOOL := TRUE;',
      body: LATCH.replace('RESET', 'Reset_PB'),
    }),
    example('the panel starts', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'edge : R_TRIG; tripped : BOOL := TRUE; begin : BOOL;',
      body: `begin := Panel.ok;\n${LATCH.replace('RESET', 'Reset_PB').replace('Start_PB OR', 'Start_PB OR begin OR')}`,
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const operators = model.signals.filter((signal) => signal.role === 'operator' && signal.source === 'manifest');
    if (operators.length === 0) return [];
    return oncePerPlace(
      clearingWrites(model).flatMap(({ latch, event, sources }): Finding[] => {
        const operator = operators.find((candidate) =>
          sources.some((source) => reaches(model, source, candidate.location, 6)),
        );
        if (operator === undefined) return [];
        return [
          findingAtEvent(resetRemote, site, event, {
            message: `${operator.tag} can be written by a panel or by SCADA, and resets ${model.tagOf(latch)} here: ${sourceText(event)}. Reset by a button at the machine.`,
            subject: `${latch} ${operator.location}`,
          }),
        ];
      }),
    );
  },
};

/** Writes that clear a trip: of latches whose FALSE stands for conditions, and the reset pins of certified blocks. */
function clearingWrites(model: SafetyModel): { latch: Location; event: WriteEvent; sources: readonly Location[] }[] {
  const implied = impliedConditions(model);
  return model.trace.writes.flatMap((event) => {
    if (!coneTouches(model.hazardCone, event.target)) return [];
    const pin = pinOf(event.target, model);
    const isResetPin =
      pin !== null &&
      ((isSafetyBlock(pin.type) && (pin.name === 'RESET' || pin.name === 'ACK')) ||
        (pin.type === 'SR' &&
          (pin.name === 'RESET' || pin.name === 'R') &&
          implied.whenFalse(`${pin.instance}.Q1`).length > 0));
    if (pin !== null && isResetPin) return [{ latch: pin.instance, event, sources: event.sources }];
    if (event.kind === 'input' || event.kind === 'library' || event.condition === null) return [];
    const value = event.value === null ? null : model.site.project.model.constantOf(event.value);
    const clears = event.kind === 'reset' || (event.kind === 'assign' && value === false);
    if (!clears || implied.whenFalse(event.target).length === 0) return [];
    return [
      {
        latch: event.target,
        event,
        sources: conditionsAround(event)
          .filter((condition) => condition.holds)
          .flatMap((condition) => condition.reads),
      },
    ];
  });
}

/** Through copies, expressions and edge detection; not through what other states decide. */
function reaches(model: SafetyModel, from: Location, wanted: Location, depth: number): boolean {
  if (from === wanted) return true;
  if (depth === 0) return false;
  return model.index.writersOf(from).some((event) => {
    const pin = event.kind === 'library' ? pinOf(event.target, model) : null;
    if (pin !== null && !/^(R_TRIG|F_TRIG|L?TON|L?TOF|L?TP)/.test(pin.type)) return false;
    return event.sources.some((source) => reaches(model, source, wanted, depth - 1));
  });
}

/** ES16: an e-stop that only lights a lamp. */
export const estopAlarmOnly: StateRule = {
  kind: 'state',
  code: 'ES16',
  name: 'estop-alarm-only',
  severity: 'error',
  title: 'An e-stop reaches no hazard',
  rationale:
    'The e-stop is read for messages or lamps, or not at all, and no hazardous output of its zone depends on it.',
  reference: 'ISO 13850:2015, 4.1.1; IEC 60204-1:2016, 9.2.3.4.2',
  decision: 'whole-program',
  flags: [
    example('a lamp only', {
      variables: 'lamp : BOOL;',
      body: 'lamp := NOT EStop_OK;\nMotor := Start_PB AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('through a release', {
      variables: 'free : BOOL;',
      body: 'free := EStop_OK AND Guard_Closed;\nMotor := Start_PB AND free;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const hazards = model.hazards.filter((hazard) => hazard.source === 'manifest');
    return model.signals
      .filter((signal): signal is ResolvedSignal => signal.role === 'estop' && signal.source === 'manifest')
      .flatMap((estop) => {
        const own = hazards.filter((hazard) =>
          model.conditionsOf(hazard).some((condition) => condition.location === estop.location),
        );
        if (own.length === 0 || own.some((hazard) => coneTouches(model.coneOf(hazard.location), estop.location)))
          return [];
        return [
          {
            ...estop.declaration,
            code: estopAlarmOnly.code,
            rule: estopAlarmOnly.name,
            severity: estopAlarmOnly.severity,
            message: `${estop.tag} is an e-stop, and no hazardous output of zone ${estop.zone} depends on it. Combine it with every hazard of the zone.`,
            related: [],
            witness: { subject: estop.location },
          },
        ];
      });
  },
};

/** SB09: a certified block that works for nobody. */
export const safeOutputUnused: StateRule = {
  kind: 'state',
  code: 'SB09',
  name: 'safe-output-unused',
  severity: 'blocker',
  title: 'The safe output of a certified block is not used',
  rationale: 'The block evaluates its sensors, and nothing that moves listens to the result.',
  reference: 'PLCopen Safety part 1; ISO 13849-1:2023, 7.4',
  decision: 'whole-program',
  flags: [
    example('its output goes nowhere', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('its output releases the motor', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    if (model.hazards.length === 0) return [];
    return oncePerPlace(
      model.trace.calls.flatMap((call) => {
        if (!isSafetyBlock(call.typeName) || keyOf(call.typeName).includes('DIAGNOSTIC')) return [];
        return call.instances.flatMap((instance) => {
          const outputs = model.trace.writes.filter(
            (event) => event.kind === 'library' && event.target.startsWith(`${instance}.S_`),
          );
          if (outputs.length === 0 || outputs.some((event) => coneTouches(model.hazardCone, event.target))) return [];
          return [
            findingAtEvent(
              safeOutputUnused,
              site,
              { frame: call.frame, node: call.call },
              {
                message: `No hazardous output depends on a safe output of ${model.tagOf(instance)} (${call.typeName}). Combine it with the outputs that it is meant to stop.`,
                subject: instance,
              },
            ),
          ];
        });
      }),
    );
  },
};
