import type { Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import { membersOf } from '../program-tree.js';
import { wordsOf } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { constantOfEvent } from '../safety-pins.js';
import { isDeclared } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const LINK =
  'TYPE ST_Link : STRUCT\n  guardOk : BOOL;\n  heartbeat : BOOL;\nEND_STRUCT\nEND_TYPE\nVAR_GLOBAL\n  Robot AT %IB10 : ST_Link;\nEND_VAR';

const QUALITY =
  /^(quality|valid|heartbeat|lifebit|lifesign|alive|watchdog|connected|online|communication|comm|kommunikation|gueltig|gultig|lebenszeichen|verbunden|connexion|valide|valido|conexion|collegato|verbonden|livecounter)$/;

/** HM03: the last that was heard of the robot. */
export const qualityIgnored: StateRule = {
  kind: 'state',
  code: 'HM03',
  name: 'quality-ignored',
  severity: 'error',
  title: 'A signal from the network is used without asking whether it is still alive',
  rationale:
    'When the connection breaks, the last value stays. A guard that was closed then stays closed for ever, unless the heartbeat or the quality is asked with it.',
  reference: 'IEC 61784-3:2021, 5 (loss of communication); IEC 61508-2:2010, 7.4.11',
  decision: 'whole-program',
  flags: [
    example('the guard of the robot without its heartbeat', {
      blocks: LINK,
      signals: '    - { tag: Robot.guardOk, role: guard }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Robot.guardOk;',
    }),
  ],
  accepts: [
    example('with its heartbeat', {
      blocks: LINK,
      signals: '    - { tag: Robot.guardOk, role: guard }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Robot.guardOk AND Robot.heartbeat;',
    }),
    example('a structure without quality', {
      blocks: LINK.replace('  heartbeat : BOOL;\n', ''),
      signals: '    - { tag: Robot.guardOk, role: guard }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Robot.guardOk;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const signal of model.conditions) {
      if (!isDeclared(signal) || !coneTouches(model.hazardCone, signal.location)) continue;
      const dot = signal.location.lastIndexOf('.');
      const owner = dot < 0 ? '' : signal.location.slice(0, dot);
      const type = model.variableAt(owner)?.type;
      if (type?.kind !== 'struct') continue;
      const quality = membersOf(type).filter(
        (member) =>
          wordsOf(member.name).some((word) => QUALITY.test(word)) &&
          keyOf(member.name) !== signal.location.slice(dot + 1),
      );
      const isAsked = quality.some((member) => coneTouches(model.hazardCone, `${owner}.${keyOf(member.name)}`));
      const [first] = quality;
      const [use] = model.index.readersOf(signal.location).filter((event) => model.hazardCone.events.has(event));
      if (first === undefined || isAsked || use === undefined) continue;
      findings.push(
        findingAtEvent(qualityIgnored, site, use, {
          message: `${signal.tag} (${signal.role}) comes together with ${model.tagOf(`${owner}.${keyOf(first.name)}`)}, and no hazard asks that. Let the hazard stop when the value is no longer alive.`,
          subject: signal.location,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

const FAILURE =
  /^(error|err|fault|fail|failed|failure|timeout|lost|loss|bad|invalid|offline|disconnected|stoerung|storung|fehler|ungueltig|ungultig|defaut|erreur|panne|fallo|falla|guasto|errore|storing|fout|fel)$/;

/** HM04: healthy because it is broken. */
export const unsafeSubstitute: StateRule = {
  kind: 'state',
  code: 'HM04',
  name: 'unsafe-substitute',
  severity: 'blocker',
  title: 'After an error a condition counts as healthy',
  rationale:
    'The substitute value of a safety signal is FALSE. A program that goes on with TRUE when a sensor or a connection fails runs exactly when nothing watches.',
  reference: 'PLCopen Safety part 1 (FALSE is the safe state); IEC 61508-2:2010, 7.4.8',
  decision: 'dataflow',
  flags: [
    example('TRUE on a sensor error', {
      variables: 'sensorError AT %IX1.0 : BOOL; closed : BOOL;',
      body: 'closed := Guard_Closed;\nIF sensorError THEN closed := TRUE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND closed;',
    }),
    example('SEL with the operating value', {
      variables: 'linkLost AT %IX1.0 : BOOL; closed : BOOL;',
      body: 'closed := SEL(linkLost, Guard_Closed, TRUE);\nMotor := (Start_PB OR Motor) AND EStop_OK AND closed;',
    }),
  ],
  accepts: [
    example('FALSE on a sensor error', {
      variables: 'sensorError AT %IX1.0 : BOOL; closed : BOOL;',
      body: 'closed := Guard_Closed;\nIF sensorError THEN closed := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND closed;',
    }),
    example('a fault latch becomes TRUE', {
      variables: 'sensorError AT %IX1.0 : BOOL; tripped : BOOL := TRUE; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\nIF sensorError OR NOT Guard_Closed THEN tripped := TRUE; ELSIF edge.Q THEN tripped := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const event of model.hazardCone.events) {
      const failure = substitutedOn(event, model);
      if (failure === null) continue;
      const condition = carriedBy(event, model);
      if (condition === null) continue;
      findings.push(
        findingAtEvent(unsafeSubstitute, site, event, {
          message: `${model.tagOf(event.target)} stands for ${condition.tag} and becomes TRUE when ${model.tagOf(failure)} reports a failure: ${sourceText(event)}. Use FALSE as the substitute value.`,
          subject: `${event.target.replace(/#\d+/g, '')} ${failure}`,
          isCertainRole: isDeclared(condition),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** The failure under which a write gives TRUE; null when it does not. */
function substitutedOn(event: WriteEvent, model: SafetyModel): string | null {
  const isFailure = (location: string): boolean =>
    wordsOf(model.variableAt(location)?.name ?? '').some((word) => FAILURE.test(word));
  if (
    event.value?.kind === 'Call' &&
    event.value.callee.kind === 'Name' &&
    /^SEL$/i.test(event.value.callee.name.name)
  ) {
    const [selector, , whenTrue] = event.value.arguments.map(({ value }) => value);
    const place =
      selector === null || selector === undefined ? null : model.trace.places.placeOf(selector, event.frame);
    const isOn = whenTrue != null && model.site.project.model.constantOf(whenTrue) === true;
    return isOn ? (place?.locations.find(isFailure) ?? null) : null;
  }
  if (event.kind !== 'set' && constantOfEvent(event, model) !== true) return null;
  for (const condition of conditionsAround(event)) {
    if (condition.expression === null || !condition.holds) continue;
    const formula = model.formulaOf(condition.expression, condition.frame);
    if (formula.kind === 'atom' && formula.location !== null && isFailure(formula.location)) return formula.location;
  }
  return null;
}

/** The condition that other writes of the same target stand for when they give TRUE. */
function carriedBy(event: WriteEvent, model: SafetyModel): SafetyModel['conditions'][number] | null {
  const own = model.conditions.find(({ location, healthy }) => location === event.target && healthy);
  if (own !== undefined) return own;
  const implied = impliedConditions(model);
  if (event.value?.kind === 'Call') {
    const normal = event.value.arguments[1]?.value ?? null;
    return normal === null ? null : (implied.ofExpression(normal, event.frame)[0] ?? null);
  }
  for (const other of model.index.writersOf(event.target)) {
    if (other === event || other.value === null) continue;
    const [condition] = implied.ofExpression(other.value, other.frame);
    if (condition !== undefined) return condition;
  }
  return null;
}

const AUTOMATIC: readonly { readonly pin: RegExp; readonly value: boolean; readonly what: string }[] = [
  { pin: /(^|\.)ACK_NEC$/, value: false, what: 'switches the acknowledgement after passivation off' },
  {
    pin: /(^|\.)(ACK_REI|ACK_REI_GLOB|ERRACK|ERR_ACK|BERRACK|COMACK)$/,
    value: true,
    what: 'acknowledges all the time',
  },
];

/** HM06: the device comes back, and so does the movement. */
export const autoReintegration: StateRule = {
  kind: 'state',
  code: 'HM06',
  name: 'auto-reintegration',
  severity: 'error',
  title: 'A passivated device comes back without an acknowledgement',
  rationale:
    'After a communication error a safe device shows FALSE until somebody acknowledges. With the acknowledgement switched off or tied to TRUE, the machine starts by itself when the cable makes contact again.',
  reference: 'ISO 13849-1:2023, 5.2.2; IEC 61784-3:2021, 5',
  decision: 'syntax',
  flags: [
    example('ACK_NEC is FALSE', {
      blocks:
        'TYPE ST_F : STRUCT\n  ACK_NEC : BOOL;\n  ACK_REI : BOOL;\n  QBAD : BOOL;\nEND_STRUCT\nEND_TYPE\nVAR_GLOBAL\n  F_IO : ST_F;\nEND_VAR',
      body: 'F_IO.ACK_NEC := FALSE;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('ErrAck is always TRUE', {
      blocks:
        'FUNCTION_BLOCK FB_Group\nVAR_INPUT ErrAck : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\nok := ErrAck;\nEND_FUNCTION_BLOCK',
      variables: 'group : FB_Group;',
      body: 'group(ErrAck := TRUE);\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('a button acknowledges', {
      blocks:
        'TYPE ST_F : STRUCT\n  ACK_NEC : BOOL;\n  ACK_REI : BOOL;\n  QBAD : BOOL;\nEND_STRUCT\nEND_TYPE\nVAR_GLOBAL\n  F_IO : ST_F;\nEND_VAR',
      body: 'F_IO.ACK_NEC := TRUE;\nF_IO.ACK_REI := Reset_PB;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      model.trace.writes.flatMap((event) => {
        const known = AUTOMATIC.find(({ pin }) => pin.test(event.target));
        if (known === undefined || event.condition !== null || constantOfEvent(event, model) !== known.value) return [];
        return [
          findingAtEvent(autoReintegration, site, event, {
            message: `"${sourceText(event)}" ${known.what}. Let a person acknowledge with a button.`,
            subject: event.target,
          }),
        ];
      }),
    );
  },
};
