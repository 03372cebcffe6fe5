import { lossesOf } from '../compare/condition-losses.js';
import type { ChangeRule } from '../rule.js';
import {
  fallbackFindings,
  isOperatorChange,
  isSenseChange,
  lossText,
  operatorChanges,
  removals,
  report,
  unlistedFindings,
  usesText,
  viaText,
} from './condition-lost-findings.js';
import { changeExample } from './example-machine.js';

const SUPERVISOR = `FUNCTION_BLOCK Supervisor
VAR_INPUT a : BOOL; b : BOOL; END_VAR
VAR_OUTPUT q : BOOL; END_VAR
q := a AND b;
END_FUNCTION_BLOCK`;

const TRIP = `edge(CLK := Reset_PB);
IF NOT (EStop_OK AND Guard_Closed) THEN tripped := TRUE; ELSIF edge.Q THEN tripped := FALSE; END_IF
`;

const MUTED = `edge(CLK := Reset_PB);
free := Guard_Closed OR muting;
IF NOT EStop_OK OR NOT free THEN tripped := TRUE; ELSIF edge.Q THEN tripped := FALSE; END_IF
Motor := (Start_PB OR Motor) AND EStop_OK AND free AND NOT tripped;`;

function supervisorBody(first: string): string {
  return `supervisor(a := ${first}, b := Guard_Closed);\nMotor := (Start_PB OR Motor) AND supervisor.q;`;
}

/** ES02: the e-stop no longer reaches a hazard. */
export const estopDropped: ChangeRule = {
  kind: 'change',
  code: 'ES02',
  name: 'estop-dropped',
  severity: 'blocker',
  title: 'The e-stop no longer stops a hazard',
  rationale:
    'After the change a hazardous output does not depend on the e-stop any more: pressing the button stops less than it did.',
  reference: 'IEC 60204-1:2016, 9.2.3.4.2; ISO 13850:2015, 4.1.1',
  decision: 'change',
  flags: [
    changeExample(
      'an output that the manifest does not name',
      {
        variables: 'Belt AT %QX1.0 : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nBelt := Start_PB AND EStop_OK AND Guard_Closed;',
      },
      {
        variables: 'Belt AT %QX1.0 : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nBelt := Start_PB AND Guard_Closed;',
      },
    ),
    changeExample('the operand is gone', {}, { body: 'Motor := (Start_PB OR Motor) AND Guard_Closed;' }),
    changeExample(
      'the block gets another signal',
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('EStop_OK') },
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('Guard_Closed') },
    ),
  ],
  accepts: [
    changeExample(
      'a lamp that the manifest does not name',
      {
        variables: 'Lamp AT %QX1.0 : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nLamp := EStop_OK AND Guard_Closed;',
      },
      {
        variables: 'Lamp AT %QX1.0 : BOOL;',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nLamp := Guard_Closed;',
      },
    ),
    changeExample(
      'the e-stop moved into a block',
      {},
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('EStop_OK') },
    ),
  ],
  check(change) {
    const losses = lossesOf(change);
    const isEstop = (roles: readonly string[]): boolean => roles.includes('estop');
    const unlisted = unlistedFindings(estopDropped, change, isEstop);
    if (losses.length === 0) return [...unlisted, ...removals(estopDropped, change, isEstop)];
    return [
      ...unlisted,
      ...losses
        .filter((loss) => loss.condition.role === 'estop' && loss.kind !== 'inverted')
        .map((loss) => report(estopDropped, change, loss, lossText(change.before, loss))),
    ];
  },
};

/** ES05: healthy became unhealthy. */
export const estopPolarity: ChangeRule = {
  kind: 'change',
  code: 'ES05',
  name: 'estop-polarity',
  severity: 'blocker',
  title: 'The e-stop is asked in the opposite sense',
  rationale:
    'E-stop contacts are normally closed: TRUE is healthy, so that a broken wire stops the machine. Inverted, a broken wire lets it run.',
  reference: 'ISO 13850:2015, 4.1.1; IEC 60204-1:2016, 9.4.3',
  decision: 'change',
  flags: [
    changeExample(
      'a NOT before the e-stop',
      {},
      { body: 'Motor := (Start_PB OR Motor) AND NOT EStop_OK AND Guard_Closed;' },
    ),
  ],
  accepts: [
    changeExample(
      'De Morgan',
      {},
      { body: 'Motor := NOT (NOT (Start_PB OR Motor) OR NOT EStop_OK OR NOT Guard_Closed);' },
    ),
  ],
  check: (change) =>
    lossesOf(change)
      .filter((loss) => loss.condition.role === 'estop' && isSenseChange(loss))
      .map((loss) =>
        report(
          estopPolarity,
          change,
          loss,
          `${loss.condition.tag} is an e-stop and is asked in the opposite sense: it was used for ${usesText(change.before, loss.lostUses)} and is now used for ${usesText(change.before, loss.gainedUses)}. Restore the sense.`,
        ),
      ),
};

const SEQUENCE = `CASE step OF
  0: IF Start_PB AND EStop_OK AND Guard_Closed THEN step := 1; END_IF
  1: IF NOT EStop_OK OR NOT Guard_Closed THEN step := 0; END_IF
ELSE
  step := 0;
END_CASE
Motor := step = 1 AND EStop_OK AND Guard_Closed;`;

/** IL03: a condition other than the e-stop was taken out. */
export const operandRemoved: ChangeRule = {
  kind: 'change',
  code: 'IL03',
  name: 'operand-removed',
  severity: 'blocker',
  title: 'A condition was taken out of an interlock',
  rationale: 'A hazard could only be on while this condition was healthy. After the change it can be on without it.',
  reference: 'IEC 61508-3:2010, 7.8; ISO 14119:2013, 5',
  decision: 'change',
  flags: [
    changeExample(
      'the ELSE of a sequence',
      { variables: 'step : INT;', body: SEQUENCE },
      { variables: 'step : INT;', body: SEQUENCE.replace('ELSE\n  step := 0;\n', '') },
    ),
    changeExample(
      'the ELSE of a sequence leads to a step that moves',
      { variables: 'step : INT;', body: SEQUENCE },
      { variables: 'step : INT;', body: SEQUENCE.replace('ELSE\n  step := 0;\n', 'ELSE\n  step := 1;\n') },
    ),
    changeExample('the guard is gone', {}, { body: 'Motor := (Start_PB OR Motor) AND EStop_OK;' }),
    changeExample(
      'an operand that another one covers',
      {
        variables: 'free : BOOL;',
        body: 'free := EStop_OK AND Guard_Closed;\nMotor := (Start_PB OR Motor) AND free AND Guard_Closed;',
      },
      { variables: 'free : BOOL;', body: 'free := EStop_OK AND Guard_Closed;\nMotor := (Start_PB OR Motor) AND free;' },
    ),
    changeExample(
      'an operand in which muting may stand in for the guard',
      {
        variables: 'muting AT %IX1.0 : BOOL; edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL;',
        body: MUTED,
      },
      {
        variables: 'muting AT %IX1.0 : BOOL; edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL;',
        body: MUTED.replace('EStop_OK AND free AND NOT', 'EStop_OK AND NOT'),
      },
    ),
    changeExample(
      'an operand that something may stand in for, although another one covers it',
      {
        variables: 'free : BOOL; x7 : BOOL;',
        body: 'free := EStop_OK AND Guard_Closed;\nMotor := (Start_PB OR Motor) AND free AND Guard_Closed;',
      },
      {
        variables: 'free : BOOL; x7 : BOOL;',
        body: 'free := EStop_OK AND Guard_Closed;\nMotor := (Start_PB OR Motor) AND free AND (Guard_Closed OR x7);',
      },
    ),
    changeExample(
      'the trip latch',
      {
        variables: 'edge : R_TRIG; tripped : BOOL := TRUE;',
        body: `${TRIP}Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;`,
      },
      {
        variables: 'edge : R_TRIG; tripped : BOOL := TRUE;',
        body: `${TRIP}Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;`,
      },
    ),
    changeExample(
      'the guard is gone from the block that nobody would guess',
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('EStop_OK') },
      {
        blocks: SUPERVISOR.replace(' AND b', ''),
        variables: 'supervisor : Supervisor;',
        body: supervisorBody('EStop_OK'),
      },
    ),
  ],
  accepts: [
    changeExample(
      'the ELSE of a sequence by the name of the step',
      { variables: 'step : INT;', body: SEQUENCE },
      {
        variables: 'step : INT;\nEND_VAR\nVAR CONSTANT\n  IDLE : INT := 0;',
        body: SEQUENCE.replace('ELSE\n  step := 0;\n', 'ELSE\n  step := IDLE;\n'),
      },
    ),
    changeExample(
      'CASE written as IF',
      { variables: 'step : INT;', body: SEQUENCE },
      {
        variables: 'step : INT;',
        body: SEQUENCE.replace('CASE step OF\n  0: ', 'IF step = 0 THEN ')
          .replace('\n  1: ', '\nELSIF step = 1 THEN ')
          .replace('END_CASE', 'END_IF'),
      },
    ),
    changeExample(
      'an operand in which muting may stand in for the guard, written out',
      {
        variables: 'muting AT %IX1.0 : BOOL; edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL;',
        body: MUTED,
      },
      {
        variables: 'muting AT %IX1.0 : BOOL; edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL;',
        body: MUTED.replace('EStop_OK AND free AND NOT', 'EStop_OK AND (Guard_Closed OR muting) AND NOT'),
      },
    ),
    changeExample(
      'the demand collected in a variable first, muting and all',
      {
        variables: 'muting AT %IX1.0 : BOOL; edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL;',
        body: MUTED,
      },
      {
        variables: 'muting AT %IX1.0 : BOOL; edge : R_TRIG; tripped : BOOL := TRUE; free, demand : BOOL;',
        body: MUTED.replace('IF NOT EStop_OK OR NOT free THEN', 'demand := NOT EStop_OK OR NOT free;\nIF demand THEN'),
      },
    ),
    changeExample(
      'operands in another order',
      {},
      { body: 'Motor := Guard_Closed AND EStop_OK AND (Motor OR Start_PB);' },
    ),
    changeExample(
      'De Morgan',
      {},
      { body: 'Motor := NOT (NOT (Start_PB OR Motor) OR NOT EStop_OK OR NOT Guard_Closed);' },
    ),
    changeExample(
      'a variable in between',
      {},
      { variables: 'free : BOOL;', body: 'free := EStop_OK AND Guard_Closed;\nMotor := (Start_PB OR Motor) AND free;' },
    ),
    changeExample(
      'the trip latch as a bistable, read at its pin',
      {
        variables: 'edge : R_TRIG; tripped : BOOL := TRUE;',
        body: `${TRIP}Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;`,
      },
      {
        variables: 'edge : R_TRIG; latch : SR := (Q1 := TRUE); tripped : BOOL := TRUE;',
        body: 'edge(CLK := Reset_PB);\nlatch(S1 := NOT (EStop_OK AND Guard_Closed), RESET := edge.Q, Q1 => tripped);\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;',
      },
    ),
    changeExample(
      'an output read with => instead of by its name',
      {
        blocks: SUPERVISOR,
        variables: 'supervisor : Supervisor; free : BOOL;',
        body: 'supervisor(a := EStop_OK, b := Guard_Closed);\nfree := supervisor.q;\nMotor := (Start_PB OR Motor) AND free;',
      },
      {
        blocks: SUPERVISOR,
        variables: 'supervisor : Supervisor; free : BOOL;',
        body: 'supervisor(a := EStop_OK, b := Guard_Closed, q => free);\nMotor := (Start_PB OR Motor) AND free;',
      },
    ),
    changeExample(
      'as IF',
      {},
      { body: 'IF EStop_OK AND Guard_Closed THEN\n  Motor := Start_PB OR Motor;\nELSE\n  Motor := FALSE;\nEND_IF' },
    ),
  ],
  check(change) {
    const losses = lossesOf(change);
    const isOther = (roles: readonly string[]): boolean => !roles.includes('estop');
    const elsewhere = [
      ...fallbackFindings(operandRemoved, change),
      ...unlistedFindings(operandRemoved, change, isOther),
    ];
    if (losses.length === 0) return [...elsewhere, ...removals(operandRemoved, change, isOther)];
    return [
      ...elsewhere,
      ...losses
        .filter((loss) => loss.condition.role !== 'estop' && !isOperatorChange(loss))
        .map((loss) => report(operandRemoved, change, loss, lossText(change.before, loss))),
    ];
  },
};

/** IL04: the condition is still there and does not decide any more. */
export const andToOr: ChangeRule = {
  kind: 'change',
  code: 'IL04',
  name: 'and-to-or',
  severity: 'blocker',
  title: 'An operator of an interlock changed',
  rationale:
    'AND became OR, a NOT came or went: the condition still stands in the text, but the hazard can be on without it.',
  reference: 'IEC 61508-3:2010, 7.8',
  decision: 'change',
  flags: [
    changeExample('AND became OR', {}, { body: 'Motor := (Start_PB OR Motor) AND EStop_OK OR Guard_Closed;' }),
    changeExample(
      'OR between a release and its latch',
      {
        variables: 'edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL; released : BOOL;',
        body: `${TRIP}free := EStop_OK AND Guard_Closed;\nreleased := free AND NOT tripped;\nMotor := Start_PB AND released AND EStop_OK AND Guard_Closed;`,
      },
      {
        variables: 'edge : R_TRIG; tripped : BOOL := TRUE; free : BOOL; released : BOOL;',
        body: `${TRIP}free := EStop_OK AND Guard_Closed;\nreleased := free OR NOT tripped;\nMotor := Start_PB AND released AND EStop_OK AND Guard_Closed;`,
      },
    ),
    changeExample('a NOT came', {}, { body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND NOT Guard_Closed;' }),
  ],
  accepts: [
    changeExample(
      'AND written as nested IF',
      {},
      { body: 'Motor := FALSE;\nIF EStop_OK THEN\n  IF Guard_Closed THEN\n    Motor := Start_PB;\n  END_IF\nEND_IF' },
    ),
  ],
  check(change) {
    const losses = lossesOf(change);
    if (losses.length === 0) return operatorChanges(andToOr, change);
    return losses
      .filter((loss) => loss.condition.role !== 'estop' && isOperatorChange(loss))
      .map((loss) =>
        report(
          andToOr,
          change,
          loss,
          loss.kind === 'inverted'
            ? `${viaText(change.before, loss)} asks ${loss.condition.tag} (${loss.condition.role}) in the opposite sense: it was used for ${usesText(change.before, loss.lostUses)} and is now used for ${usesText(change.before, loss.gainedUses)}. Restore the sense.`
            : `${loss.hazard.tag} can now be on although ${loss.condition.tag} (${loss.condition.role}) is not healthy: it was used for ${usesText(change.before, loss.lostUses)} and is now used for ${usesText(change.before, loss.gainedUses)}. Restore the operator.`,
        ),
      );
  },
};
