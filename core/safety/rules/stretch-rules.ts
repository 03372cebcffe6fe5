import type { Finding } from '../../base/finding.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { operandSense } from '../boolean/operand-sense.js';
import { coneTouches } from '../dataflow/cone.js';
import type { StateRule } from '../rule.js';
import { findingAtEvent, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isDeclared } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

/** Blocks whose output stays TRUE after their input has fallen. */
const HOLDING_TIMERS = /^(L?TOF|L?TP)(_|$)/;

/** GD12: a timer that goes on saying "closed". */
export const guardStretched: StateRule = {
  kind: 'state',
  code: 'GD12',
  name: 'guard-stretched',
  severity: 'error',
  title: 'A timer prolongs a condition',
  rationale:
    'The output of TOF and TP stays TRUE after the input has fallen: the guard counts as closed for that time although somebody has opened it.',
  reference: 'ISO 14119:2013, 8; ISO 13855:2010, 5 (response time)',
  decision: 'dataflow',
  flags: [
    example('TOF on the guard', {
      variables: 'hold : TOF;',
      body: 'hold(IN := Guard_Closed, PT := T#2s);\nMotor := Start_PB AND EStop_OK AND hold.Q;',
    }),
    example('TOF on what the conditions give', {
      variables: 'hold : TOF; free : BOOL;',
      body: 'free := Guard_Closed AND EStop_OK;\nhold(IN := free, PT := T#2s);\nMotor := Start_PB AND hold.Q;',
    }),
    example('TP on both conditions', {
      variables: 'hold : TP;',
      body: 'hold(IN := Guard_Closed AND EStop_OK, PT := T#2s);\nMotor := Start_PB AND (hold.Q OR EStop_OK AND Guard_Closed);',
    }),
  ],
  accepts: [
    example('TOF that prolongs the stop', {
      variables: 'hold : TOF;',
      body: 'hold(IN := NOT Guard_Closed, PT := T#2s);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT hold.Q;',
    }),
    example('TOF beside the conditions themselves', {
      variables: 'hold : TOF; free : BOOL;',
      body: 'free := Guard_Closed AND EStop_OK;\nhold(IN := Start_PB AND free, PT := T#2s);\nMotor := hold.Q AND free;',
    }),
    example('TOF of a lamp', {
      variables: 'hold : TOF; lamp : BOOL;',
      body: 'hold(IN := Guard_Closed, PT := T#2s);\nlamp := hold.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      if (pin.name !== 'IN' || !HOLDING_TIMERS.test(pin.type) || event.value === null) continue;
      if (!coneTouches(model.hazardCone, `${pin.instance}.Q`)) continue;
      const { value } = event;
      const held = [
        ...model.conditions.filter(
          (candidate) =>
            event.sources.includes(candidate.location) &&
            operandSense(value, event.frame, candidate.location, model).includes('NOT') !== candidate.healthy,
        ),
        ...implied.ofExpression(value, event.frame),
      ];
      const hazards = model.hazards.filter((hazard) => coneTouches(model.coneOf(hazard.location), `${pin.instance}.Q`));
      // Where a hazard also asks the condition itself, it drops at once whatever the timer says.
      const condition = held.find((candidate) =>
        hazards.some((hazard) => {
          const asked = hazard.off === true ? implied.whenFalse(hazard.location) : implied.whenTrue(hazard.location);
          return !asked.includes(candidate);
        }),
      );
      if (condition === undefined) continue;
      findings.push(
        findingAtEvent(guardStretched, site, event, {
          message: `${model.tagOf(pin.instance)} keeps ${condition.tag} (${condition.role}) fulfilled for its time after the signal has fallen, and a hazard depends on it. Use the signal itself.`,
          subject: `${pin.instance} ${condition.location}`,
          isCertainRole: isDeclared(condition),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};
