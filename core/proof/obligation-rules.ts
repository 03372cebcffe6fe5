/**
 * Rules for what a proof can say beyond "the hazard is off": trip latches, operators, polarity, vacuity, delay. They
 * warn where they look at one version; a change that loses one of these proofs is refused.
 */

import type { StateRule } from '../safety/rule.js';
import { example } from '../safety/rules/example-machine.js';
import { siteFindings } from './rule-checks.js';

const LATCHED = {
  variables: 'run : BOOL; tripped : BOOL;',
  body: `IF NOT EStop_OK OR NOT Guard_Closed THEN tripped := TRUE; run := FALSE; ELSIF Reset_PB THEN tripped := FALSE; END_IF
IF Start_PB AND NOT tripped THEN run := TRUE; END_IF
Motor := run AND NOT tripped;`,
};

const latchClearedWithoutReset: StateRule = {
  kind: 'state',
  code: 'PV02',
  name: 'latch-cleared-without-reset',
  severity: 'warning',
  title: 'A trip latch is cleared by something other than the reset',
  rationale:
    'A latch is there so that a person decides, at the reset button, that the machine may run again. Whatever else clears it takes that decision away.',
  reference: 'ISO 13849-1:2023, 5.2.2.2',
  decision: 'proof',
  flags: [
    example('an unnamed input clears it too', {
      ...LATCHED,
      variables: `${LATCHED.variables} Hmi_Ack : BOOL;`,
      body: LATCHED.body.replace('ELSIF Reset_PB', 'ELSIF Reset_PB OR Hmi_Ack'),
    }),
  ],
  accepts: [
    example('only the reset clears it', LATCHED),
    example('a machine without a latch', { body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;' }),
  ],
  check: (site) => siteFindings(site, latchClearedWithoutReset),
};

const OPERATED = {
  signals: '    - { tag: Main.Override, role: operator }\n',
  variables: 'Override : BOOL;',
};

const operatorInterferes: StateRule = {
  kind: 'state',
  code: 'PV07',
  name: 'operator-interferes',
  severity: 'warning',
  title: 'What an operator writes reaches a hazard while a condition is not healthy',
  rationale:
    'A panel or a SCADA system is not a safety device. While a guard is open or an e-stop is pressed, nothing that comes from it may decide over a movement.',
  reference: 'IEC 62443-3-3:2013, SR 3.6',
  decision: 'proof',
  flags: [
    example('an override from the panel', {
      ...OPERATED,
      body: 'Motor := Start_PB AND EStop_OK AND (Guard_Closed OR Override);',
    }),
  ],
  accepts: [
    example('the panel may only stop', {
      ...OPERATED,
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND NOT Override;',
    }),
  ],
  check: (site) => siteFindings(site, operatorInterferes),
};

const polarityReversed: StateRule = {
  kind: 'state',
  code: 'PV08',
  name: 'polarity-reversed',
  severity: 'warning',
  title: 'A hazard can be on because a condition is not healthy',
  rationale:
    'A safe condition can only take a permission away. Where its failure gives one, a contact is evaluated the wrong way round, and a broken wire starts the machine.',
  reference: 'ISO 13849-2:2012, table A.2',
  decision: 'proof',
  flags: [example('a contact turned round', { body: 'Motor := Start_PB AND EStop_OK AND NOT Guard_Closed;' })],
  accepts: [example('every condition permits', { body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;' })],
  check: (site) => siteFindings(site, polarityReversed),
};

const hazardNeverRuns: StateRule = {
  kind: 'state',
  code: 'PV09',
  name: 'hazard-never-runs',
  severity: 'warning',
  title: 'A hazard can never be on',
  rationale:
    'Every statement about an output that is always off is true and says nothing. Either the output has no use, or its conditions exclude each other.',
  reference: 'IEC 61508-3:2010, 7.9.2',
  decision: 'proof',
  flags: [example('conditions that exclude each other', { body: 'Motor := Start_PB AND NOT Start_PB AND EStop_OK;' })],
  accepts: [example('it runs when it may', { body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;' })],
  check: (site) => siteFindings(site, hazardNeverRuns),
};

const responseUnbounded: StateRule = {
  kind: 'state',
  code: 'PV11',
  name: 'response-unbounded',
  severity: 'warning',
  title: 'No number of scans bounds the time to stop',
  rationale:
    'The distance of a guard from the danger is computed from the time that the machine needs to stop. A delay without a bound makes that number meaningless.',
  reference: 'ISO 13855:2010, 5',
  decision: 'proof',
  flags: [
    example('an off delay between guard and motor', {
      variables: 'hold : TOF;',
      body: 'hold(IN := Guard_Closed, PT := T#2s);\nMotor := Start_PB AND EStop_OK AND hold.Q;',
    }),
  ],
  accepts: [
    example('one scan late', {
      variables: 'free : BOOL;',
      body: 'Motor := Start_PB AND EStop_OK AND free;\nfree := Guard_Closed;',
    }),
  ],
  check: (site) => siteFindings(site, responseUnbounded),
};

export const OBLIGATION_RULES: readonly StateRule[] = [
  latchClearedWithoutReset,
  operatorInterferes,
  polarityReversed,
  hazardNeverRuns,
  responseUnbounded,
];
