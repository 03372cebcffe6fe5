/** The safety rules that a proof decides, as data: what they say, why, and examples of both sides. */

import type { ChangeRule, StateRule } from '../safety/rule.js';
import { changeExample, example } from '../safety/rules/example-machine.js';
import { changeFindings, siteFindings } from './rule-checks.js';

const LATCH = { variables: 'run : BOOL; tripped : BOOL;' };
const LATCHED_BODY = `IF NOT EStop_OK OR NOT Guard_Closed THEN tripped := TRUE; run := FALSE; ELSIF Reset_PB THEN tripped := FALSE; END_IF
IF Start_PB AND NOT tripped THEN run := TRUE; END_IF
Motor := run;`;

export const estopNotDominating: StateRule = {
  kind: 'state',
  code: 'ES03',
  name: 'estop-not-dominating',
  severity: 'blocker',
  title: 'A hazard can be on while the e-stop is pressed',
  rationale:
    'An emergency stop overrides all functions and all modes. If one combination of inputs keeps the output on, that is the combination that will hurt somebody.',
  reference: 'ISO 13850:2015, 4.1.1',
  decision: 'proof',
  flags: [
    example('seal-in contact outside of the interlock', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed OR Motor AND Guard_Closed;',
    }),
    example('a service mode around the e-stop', {
      variables: 'service : BOOL;',
      body: 'Motor := Start_PB AND Guard_Closed AND (EStop_OK OR service);',
    }),
    example('the set input of the bistable wins', {
      variables: 'run : SR;',
      body: 'run(S1 := Start_PB, RESET := NOT EStop_OK OR NOT Guard_Closed);\nMotor := run.Q1 AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('the interlock written with De Morgan', {
      body: 'Motor := NOT (NOT EStop_OK OR NOT Guard_Closed) AND Start_PB;',
    }),
    example('a latch that the e-stop clears', { ...LATCH, body: LATCHED_BODY }),
  ],
  check: (site) => siteFindings(site, estopNotDominating),
};

export const guardOpenRuns: StateRule = {
  kind: 'state',
  code: 'GD01',
  name: 'guard-open-runs',
  severity: 'blocker',
  title: 'A hazard can be on while a guard is open',
  rationale:
    'A guard protects only if the movement behind it stops whenever it is open, in every mode and in every state of the program.',
  reference: 'ISO 14120:2015, 5; ISO 14119:2013, 5',
  decision: 'proof',
  flags: [
    example('the guard is not asked', { body: 'Motor := (Start_PB OR Motor) AND EStop_OK;' }),
    example('the guard is asked only at the start', {
      body: 'Motor := (Start_PB AND Guard_Closed OR Motor) AND EStop_OK;',
    }),
    example('an off delay holds the guard closed', {
      variables: 'hold : TOF;',
      body: 'hold(IN := Guard_Closed, PT := T#2s);\nMotor := Start_PB AND EStop_OK AND hold.Q;',
    }),
  ],
  accepts: [
    example('the guard in a function block', {
      blocks:
        'FUNCTION_BLOCK Door\nVAR_INPUT closed : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\nok := closed;\nEND_FUNCTION_BLOCK',
      variables: 'door : Door;',
      body: 'door(closed := Guard_Closed);\nMotor := Start_PB AND EStop_OK AND door.ok;',
    }),
    example('a state machine that the guard throws back', {
      variables: 'step : INT;',
      body: 'CASE step OF\n0: Motor := FALSE; IF Start_PB THEN step := 1; END_IF\n1: Motor := TRUE;\nEND_CASE\nIF NOT EStop_OK OR NOT Guard_Closed THEN step := 0; Motor := FALSE; END_IF',
    }),
  ],
  check: (site) => siteFindings(site, guardOpenRuns),
};

export const interlockNotDominating: StateRule = {
  kind: 'state',
  code: 'IL01',
  name: 'interlock-not-dominating',
  severity: 'blocker',
  title: 'A hazard can be on while a permissive is missing',
  rationale:
    'The safety function is not implemented if there is a state in which the output is on without its permissive.',
  reference: 'ISO 13849-1:2023, 5.2',
  decision: 'proof',
  flags: [
    example('an ELSIF branch forgets the permissive', {
      variables: 'Air_OK AT %IX0.4 : BOOL; jog : BOOL;',
      signals: '    - { tag: Main.Air_OK, role: permissive }\n',
      body: 'IF NOT EStop_OK OR NOT Guard_Closed THEN Motor := FALSE; ELSIF jog THEN Motor := TRUE; ELSE Motor := Start_PB AND Air_OK; END_IF',
    }),
  ],
  accepts: [
    example('every branch asks', {
      variables: 'Air_OK AT %IX0.4 : BOOL; jog : BOOL;',
      signals: '    - { tag: Main.Air_OK, role: permissive }\n',
      body: 'IF NOT (EStop_OK AND Guard_Closed AND Air_OK) THEN Motor := FALSE; ELSIF jog THEN Motor := TRUE; ELSE Motor := Start_PB; END_IF',
    }),
  ],
  check: (site) => siteFindings(site, interlockNotDominating),
};

export const mutualExclusion: StateRule = {
  kind: 'state',
  code: 'IL11',
  name: 'mutual-exclusion',
  severity: 'blocker',
  title: 'Two outputs that exclude each other can be on together',
  rationale:
    'Forward and reverse, or two valves of one cylinder, at once destroy the machine or move it in a way nobody expects.',
  reference: 'IEC 60204-1:2016, 9.3.4',
  decision: 'proof',
  flags: [
    example('two buttons pressed together', {
      variables: 'Fwd AT %QX0.1 : BOOL; Rev AT %QX0.2 : BOOL; a AT %IX1.0 : BOOL; b AT %IX1.1 : BOOL;',
      safety: '  mutually_exclusive: [[Main.Fwd, Main.Rev]]\n',
      body: 'Fwd := a; Rev := b; Motor := FALSE;',
    }),
  ],
  accepts: [
    example('each excludes the other', {
      variables: 'Fwd AT %QX0.1 : BOOL; Rev AT %QX0.2 : BOOL; a AT %IX1.0 : BOOL; b AT %IX1.1 : BOOL;',
      safety: '  mutually_exclusive: [[Main.Fwd, Main.Rev]]\n',
      body: 'Fwd := a AND NOT b; Rev := b AND NOT a; Motor := FALSE;',
    }),
  ],
  check: (site) => siteFindings(site, mutualExclusion),
};

export const permissiveConstant: StateRule = {
  kind: 'state',
  code: 'IL05',
  name: 'permissive-constant',
  severity: 'blocker',
  title: 'A condition is healthy whatever happens',
  rationale:
    'A permissive that is TRUE on every path is a jumper in code: everything that depends on it looks interlocked and is not.',
  reference: 'ISO 13849-1:2023, 7.4',
  decision: 'proof',
  flags: [
    example('the condition is computed and always TRUE', {
      variables: 'zoneOk : BOOL;',
      signals: '    - { tag: Main.zoneOk, role: permissive }\n',
      body: 'zoneOk := Guard_Closed OR NOT Guard_Closed;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND zoneOk;',
    }),
  ],
  accepts: [
    example('the condition depends on the guard', {
      variables: 'zoneOk : BOOL;',
      signals: '    - { tag: Main.zoneOk, role: permissive }\n',
      body: 'zoneOk := Guard_Closed;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND zoneOk;',
    }),
  ],
  check: (site) => siteFindings(site, permissiveConstant),
};

export const resetRestarts: StateRule = {
  kind: 'state',
  code: 'ES06',
  name: 'reset-restarts',
  severity: 'blocker',
  title: 'The reset alone starts a hazard',
  rationale:
    'Resetting an e-stop or a guard only permits a restart. If the reset itself starts the machine, the person who resets may still stand in it.',
  reference: 'ISO 13850:2015, 4.1.4',
  decision: 'proof',
  flags: [
    example('the run request survives the trip', {
      variables: 'run : BOOL; tripped : BOOL;',
      body: `IF Start_PB THEN run := TRUE; END_IF
IF NOT EStop_OK OR NOT Guard_Closed THEN tripped := TRUE; ELSIF Reset_PB THEN tripped := FALSE; END_IF
Motor := run AND NOT tripped;`,
    }),
    example('the reset is a second start button', {
      body: 'Motor := (Start_PB OR Reset_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [example('the trip clears the run request', { ...LATCH, body: LATCHED_BODY })],
  check: (site) => siteFindings(site, resetRestarts),
};

export const releaseRestarts: StateRule = {
  kind: 'state',
  code: 'ES07',
  name: 'release-restarts',
  severity: 'blocker',
  title: 'Releasing a safety device starts a hazard',
  rationale:
    'When the e-stop is released or the guard is closed, nothing may move until somebody starts it on purpose.',
  reference: 'ISO 13850:2015, 4.1.4; ISO 12100:2010, 6.2.11.4',
  decision: 'proof',
  flags: [
    example('the run request survives the e-stop', {
      variables: 'run : BOOL;',
      body: 'IF Start_PB THEN run := TRUE; END_IF\nMotor := run AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('the seal-in contact drops with the e-stop', {
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check: (site) => siteFindings(site, releaseRestarts),
};

export const interlockWeakened: ChangeRule = {
  kind: 'change',
  code: 'IL02',
  name: 'interlock-weakened',
  severity: 'blocker',
  title: 'After the change a hazard is on where it was off',
  rationale:
    'Every new case in which an output is on, a permissive is given or a reset acts is a case that nobody has assessed.',
  reference: 'IEC 61508-3:2010, 7.8 and table A.8',
  decision: 'proof',
  flags: [
    changeExample('an operand removed', {}, { body: 'Motor := (Start_PB OR Motor) AND EStop_OK;' }),
    changeExample('AND became OR', {}, { body: 'Motor := (Start_PB OR Motor) AND (EStop_OK OR Guard_Closed);' }),
    changeExample(
      'the latch is gone, seen one scan later',
      {
        variables: 'trip : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND NOT trip AND EStop_OK AND Guard_Closed;\nIF NOT EStop_OK THEN trip := TRUE; ELSIF Reset_PB THEN trip := FALSE; END_IF',
      },
      {
        variables: 'trip : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND NOT trip AND EStop_OK AND Guard_Closed;\ntrip := NOT EStop_OK;',
      },
    ),
    changeExample(
      'a delay became longer',
      {
        variables: 't : TON;',
        body: 't(IN := NOT Guard_Closed, PT := T#50ms);\nMotor := (Start_PB OR Motor) AND EStop_OK AND NOT t.Q;',
      },
      {
        variables: 't : TON;',
        body: 't(IN := NOT Guard_Closed, PT := T#5s);\nMotor := (Start_PB OR Motor) AND EStop_OK AND NOT t.Q;',
      },
    ),
  ],
  accepts: [
    changeExample(
      'De Morgan',
      {},
      { body: 'Motor := NOT (NOT EStop_OK OR NOT Guard_Closed) AND (Motor OR Start_PB);' },
    ),
    changeExample(
      'extracted into a variable',
      {},
      {
        variables: 'allOk : BOOL;',
        body: 'allOk := EStop_OK AND Guard_Closed;\nMotor := allOk AND (Start_PB OR Motor);',
      },
    ),
    changeExample(
      'stronger: one more condition',
      {},
      {
        variables: 'Air_OK AT %IX0.4 : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Air_OK;',
      },
    ),
    changeExample(
      'another way to write the same time',
      { variables: 't : TON;', body: 't(IN := Start_PB, PT := T#500ms);\nMotor := t.Q AND EStop_OK AND Guard_Closed;' },
      { variables: 't : TON;', body: 't(IN := Start_PB, PT := T#0.5s);\nMotor := t.Q AND EStop_OK AND Guard_Closed;' },
    ),
  ],
  check: (change) => changeFindings(change, interlockWeakened),
};

export const verifierUnknown: ChangeRule = {
  kind: 'change',
  code: 'AG08',
  name: 'verifier-unknown',
  severity: 'blocker',
  title: 'A safety obligation could not be decided after the change',
  rationale:
    'What can not be proved and can not be refuted is not known to hold. The gate stays closed until a person has looked, or the code can be read.',
  reference: 'IEC 61508-3:2010, 7.9',
  decision: 'proof',
  flags: [
    changeExample(
      'the program can not be read',
      {},
      { body: 'Motor := (Start_PB OR Motor AND EStop_OK AND Guard_Closed;' },
    ),
  ],
  accepts: [
    changeExample(
      'a comment',
      {},
      { body: '(* as before *)\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;' },
    ),
  ],
  check: (change) => changeFindings(change, verifierUnknown),
};
