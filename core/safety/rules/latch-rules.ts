import type { Finding } from '../../base/finding.js';
import { keyOf, type VariableSymbol } from '../../language/semantics/symbols.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { nameChanges } from '../compare/name-changes.js';
import { isTokenEqualChange } from '../compare/source-changes.js';
import { coneTouches } from '../dataflow/cone.js';
import type { ChangeRule, StateRule } from '../rule.js';
import { findingAt, findingAtEvent, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isDeclared } from '../signal-roles.js';
import { changeExample, example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

const BODY = `edge(CLK := Reset_PB);
IF NOT (EStop_OK AND Guard_Closed) THEN tripped := TRUE; ELSIF edge.Q THEN tripped := FALSE; END_IF
Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;`;

const RELEASE = `free := EStop_OK AND Guard_Closed;
Motor := (Start_PB OR Motor) AND free;`;

/** ES13: a trip stays until somebody resets it, power-up included. */
export const tripLatchLost: ChangeRule = {
  kind: 'change',
  code: 'ES13',
  name: 'no-trip-latch',
  severity: 'error',
  title: 'A trip latch no longer holds, or a release starts as given',
  rationale:
    'A latch that starts untripped, a release that starts as given, or a latch that is forgotten from one scan to the next lets the machine start without what it asked for before.',
  reference: 'ISO 13849-1:2023, 5.2.2 (start and restart interlock)',
  decision: 'change',
  flags: [
    changeExample(
      'it starts untripped',
      { variables: 'edge : R_TRIG; tripped : BOOL := TRUE;', body: BODY },
      { variables: 'edge : R_TRIG; tripped : BOOL;', body: BODY },
    ),
    changeExample(
      'it is temporary',
      { variables: 'edge : R_TRIG; tripped : BOOL := TRUE;', body: BODY },
      { variables: 'edge : R_TRIG; END_VAR\nVAR_TEMP\n  tripped : BOOL := TRUE;', body: BODY },
    ),
    changeExample(
      'a release starts as given',
      { variables: 'free : BOOL;', body: RELEASE },
      { variables: 'free : BOOL := TRUE;', body: RELEASE },
    ),
  ],
  accepts: [
    changeExample(
      'it moves to another section of the same kind',
      { variables: 'edge : R_TRIG; tripped : BOOL := TRUE;', body: BODY },
      { variables: 'edge : R_TRIG; END_VAR\nVAR\n  tripped : BOOL := TRUE;', body: BODY },
    ),
    changeExample(
      'a counter starts elsewhere',
      { variables: 'n : INT := 1;', body: 'n := n + 1;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;' },
      { variables: 'n : INT := 5;', body: 'n := n + 1;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;' },
    ),
  ],
  check(change) {
    if (isTokenEqualChange(change)) return [];
    const before = safetyModelOf(change.before);
    const after = safetyModelOf(change.after);
    const { locationBefore } = nameChanges(change);
    const implied = impliedConditions(before);
    const now = new Map([...after.hazardCone.locations].map((location) => [locationBefore(location), location]));
    const constantOf = (variable: VariableSymbol, model: typeof before): unknown =>
      variable.initializer === null ? false : model.site.project.model.constantOf(variable.initializer);
    const findings: Finding[] = [];
    for (const location of before.hazardCone.locations) {
      const place = now.get(location);
      const old = before.variableAt(location);
      const is = place === undefined ? null : after.variableAt(place);
      if (old === null || is?.site == null || location.includes('#')) continue;
      const stops = implied.whenFalse(location).length > 0;
      const isForgotten =
        old.scope !== 'temporary' && is.scope === 'temporary' && (stops || implied.whenTrue(location).length > 0);
      const startsFree = stops && constantOf(old, before) === true && constantOf(is, after) !== true;
      const startsGiven =
        implied.whenTrue(location).length > 0 && constantOf(old, before) === false && constantOf(is, after) === true;
      if (!isForgotten && !startsFree && !startsGiven) continue;
      findings.push(
        findingAt(tripLatchLost, change.after, is.site.file, is.site.identifier, {
          message: isForgotten
            ? `${before.tagOf(location)} decides about a hazard and is now temporary: it forgets its value after every call. Declare it under VAR as before.`
            : startsGiven
              ? `${before.tagOf(location)} says that conditions are fulfilled, and now starts as TRUE before any of them was evaluated. Let it start as FALSE.`
              : `${before.tagOf(location)} is a trip latch and started tripped; now it starts free, and nobody has to reset after power-up. Restore its initial value.`,
          subject: location,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** ES10: a falling edge that is there at power-up. */
export const fallingEdgeAtStart: StateRule = {
  kind: 'state',
  code: 'ES10',
  name: 'ftrig-first-scan',
  severity: 'error',
  title: 'A reset or start on F_TRIG acts in the first scan',
  rationale:
    'F_TRIG sees a falling edge when its input is FALSE in the very first scan: the machine resets or starts itself at power-up.',
  reference: 'IEC 61131-3:2013, table 44; ISO 13849-1:2023, 5.2.2',
  decision: 'dataflow',
  flags: [example('the reset on F_TRIG', { variables: 'edge : F_TRIG; tripped : BOOL := TRUE;', body: BODY })],
  accepts: [
    example('the reset on R_TRIG', { variables: 'edge : R_TRIG; tripped : BOOL := TRUE;', body: BODY }),
    example('a counter on F_TRIG', {
      variables: 'edge : F_TRIG; n : INT;',
      body: 'edge(CLK := Start_PB);\nIF edge.Q THEN n := n + 1; END_IF\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      if (pin.type !== 'F_TRIG' || pin.name !== 'CLK' || !coneTouches(model.hazardCone, `${pin.instance}.Q`)) continue;
      const signal = model.signals.find(
        (candidate) =>
          (candidate.role === 'reset' || candidate.role === 'start') && event.sources.includes(candidate.location),
      );
      if (signal === undefined) continue;
      findings.push(
        findingAtEvent(fallingEdgeAtStart, site, event, {
          message: `${signal.tag} (${signal.role}) is read through F_TRIG, which fires in the first scan when the button is not pressed. Use R_TRIG, or block the first scan.`,
          subject: `${pin.instance} ${signal.location}`,
          isCertainRole: isDeclared(signal),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

const TIMERS_AND_EDGES = /^(L?TON|L?TOF|L?TP|R_TRIG|F_TRIG|SR|RS|CT[UD]+)(_|$)/;

/** ES20: the block behind a name was exchanged. */
export const blockExchanged: ChangeRule = {
  kind: 'change',
  code: 'ES20',
  name: 'stop-category',
  severity: 'error',
  title: 'A timer, edge or bistable of safety logic became another one',
  rationale:
    'TON in place of TOF, or R_TRIG in place of TON, changes when a stop acts, although not one line of the logic changed.',
  reference: 'IEC 60204-1:2016, 9.2.2; ISO 13849-1:2023, 7.5',
  decision: 'change',
  flags: [
    changeExample(
      'the discrepancy timer becomes TOF',
      {
        variables: 'late : TON; second AT %IX0.5 : BOOL;',
        body: 'late(IN := Guard_Closed XOR second, PT := T#100ms);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND second AND NOT late.Q;',
      },
      {
        variables: 'late : TOF; second AT %IX0.5 : BOOL;',
        body: 'late(IN := Guard_Closed XOR second, PT := T#100ms);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND second AND NOT late.Q;',
      },
    ),
  ],
  accepts: [
    changeExample(
      'the timer of a lamp',
      {
        variables: 'blink : TON; lamp : BOOL;',
        body: 'blink(IN := Start_PB, PT := T#1s);\nlamp := blink.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      },
      {
        variables: 'blink : TP; lamp : BOOL;',
        body: 'blink(IN := Start_PB, PT := T#1s);\nlamp := blink.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      },
    ),
  ],
  check(change) {
    if (isTokenEqualChange(change)) return [];
    const before = safetyModelOf(change.before);
    const after = safetyModelOf(change.after);
    const { locationBefore } = nameChanges(change);
    const types = new Map<string, string>();
    for (const { pin } of pinWritesOf(before)) if (TIMERS_AND_EDGES.test(pin.type)) types.set(pin.instance, pin.type);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(after)) {
      const was = types.get(locationBefore(pin.instance));
      if (was === undefined || keyOf(was) === pin.type || !coneTouches(after.hazardCone, pin.instance)) continue;
      findings.push(
        findingAtEvent(blockExchanged, change.after, event, {
          message: `${after.tagOf(pin.instance)} was a ${was} and is now a ${pin.type}, and a hazard depends on it. Restore its type.`,
          subject: `${locationBefore(pin.instance)} ${pin.type}`,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};
