import type { Finding } from '../../base/finding.js';
import type { Site } from '../../site/site.js';
import { isInverted, type Loss, lossesOf } from '../compare/condition-losses.js';
import { droppedFallbacks } from '../compare/dropped-fallbacks.js';
import { nameChanges } from '../compare/name-changes.js';
import { removedOperands } from '../compare/removed-operands.js';
import { isTokenEqualChange, sourceChanges } from '../compare/source-changes.js';
import { weakenedWrites } from '../compare/weakened-writes.js';
import type { Change, ChangeRule } from '../rule.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isCondition, isDeclared } from '../signal-roles.js';
import { changeExample } from './example-machine.js';
import { listText } from './rule-text.js';

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
    changeExample('the operand is gone', {}, { body: 'Motor := (Start_PB OR Motor) AND Guard_Closed;' }),
    changeExample(
      'the block gets another signal',
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('EStop_OK') },
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('Guard_Closed') },
    ),
  ],
  accepts: [
    changeExample(
      'the e-stop moved into a block',
      {},
      { blocks: SUPERVISOR, variables: 'supervisor : Supervisor;', body: supervisorBody('EStop_OK') },
    ),
  ],
  check(change) {
    const losses = lossesOf(change);
    if (losses.length === 0) return removals(estopDropped, change, (roles) => roles.includes('estop'));
    return losses
      .filter((loss) => loss.condition.role === 'estop' && loss.kind !== 'inverted')
      .map((loss) => report(estopDropped, change, loss, lossText(change.before, loss)));
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
    const fallbacks = fallbackFindings(change);
    if (losses.length === 0)
      return [...fallbacks, ...removals(operandRemoved, change, (roles) => !roles.includes('estop'))];
    return [
      ...fallbacks,
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
    if (losses.length === 0) return operatorChanges(change);
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

function fallbackFindings(change: Change): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  return droppedFallbacks(change).map(({ target, event, selector, values }) =>
    findingAtEvent(operandRemoved, change.after, event, {
      message:
        values === null
          ? `CASE ${selector} had an ELSE that wrote ${before.tagOf(target)}, and has none any more: any other value of ${selector} leaves a hazard as it was. Put the ELSE back.`
          : `The ELSE of CASE ${selector} led ${before.tagOf(target)} to ${values.before} and now leads it to ${values.after}: it is the way back from a number that no branch names, and a hazard depends on it. Restore it.`,
      subject: `${target} ELSE`,
      ...(values === null ? {} : { witness: values }),
    }),
  );
}

/** Operands that were only taken out, also where another one still covers them. */
function removals(rule: ChangeRule, change: Change, isWanted: (roles: readonly string[]) => boolean): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  return removedOperands(change).flatMap((removed) => {
    const own = before.signalsAt(removed.operand).filter(isCondition);
    const roles = own.length > 0 ? own.map((signal) => signal.role) : ['release'];
    if (!isWanted(roles)) return [];
    const name = `${removed.isPositive ? '' : 'NOT '}${before.tagOf(removed.operand)}`;
    const meaning =
      own.length > 0
        ? ` (${own[0]?.role})`
        : removed.conditions.length > 0
          ? `, which stands for ${listText(removed.conditions.map((signal) => signal.tag))}`
          : ', which must never be on together with it';
    const place = removed.event ?? safetyModelOf(change.after).index.writersOf(removed.target)[0];
    if (place === undefined) return [];
    return [
      findingAtEvent(rule, change.after, place, {
        message: `${before.tagOf(removed.target)} ${removed.kind === 'gone' ? 'no longer asks' : 'may now do without'} ${name}${meaning}. Put it back: even where something else still covers it, a safety engineer decides about a second line of defence.`,
        subject: `${removed.target} ${removed.operand}`,
        witness: {
          target: before.tagOf(removed.target),
          operand: name,
          conditions: removed.conditions.map((signal) => signal.tag),
        },
      }),
    ];
  });
}

/** Operands are all still there, and the result lets more through. */
function operatorChanges(change: Change): Finding[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  return weakenedWrites(change).map((weaker) => {
    const values = Object.entries(weaker.assignment).map(
      ([location, value]) => `${before.tagOf(location)} = ${value ? 'TRUE' : 'FALSE'}`,
    );
    return findingAtEvent(andToOr, change.after, weaker.event, {
      message: `${before.tagOf(weaker.target)} now lets through what it did not, although ${before.tagOf(weaker.operand)} does not permit it: ${listText(values)}. Restore the operator.`,
      subject: weaker.target,
      witness: { assignment: weaker.assignment },
    });
  });
}

/** Both uses differ in nothing but the operator. */
function isOperatorChange(loss: Loss): boolean {
  if (loss.kind === 'inverted') return true;
  const targetOf = (use: string): string => use.slice(0, use.indexOf(' ('));
  const lost = new Set(loss.lostUses.map(targetOf));
  return loss.gainedUses.some((use) => lost.has(targetOf(use)));
}

function isSenseChange(loss: Loss): boolean {
  return (
    loss.kind === 'inverted' || loss.lostUses.some((use) => loss.gainedUses.some((gained) => isInverted(use, gained)))
  );
}

function lossText(site: Site, loss: Loss): string {
  const { hazard, condition, lostUses } = loss;
  const where = lostUses.length > 0 ? ` It was used for ${usesText(site, lostUses)}.` : '';
  if (loss.kind === 'trip') {
    return `${viaText(site, loss)} no longer asks ${condition.tag} (${condition.role}), and ${hazard.tag} depends on it.${where} Put the condition back.`;
  }
  return loss.kind === 'gone'
    ? `${condition.tag} (${condition.role}) no longer has any influence on ${hazard.tag}.${where} Put it back.`
    : `${hazard.tag} can now be on although ${condition.tag} (${condition.role}) is not healthy.${where} Put the condition back.`;
}

/** Uses with their targets as an engineer writes them. */
function usesText(site: Site, uses: readonly string[]): string {
  const model = safetyModelOf(site);
  return listText(uses.map((use) => `${model.tagOf(use.slice(0, use.indexOf(' (')))}${use.slice(use.indexOf(' ('))}`));
}

function viaText(site: Site, loss: Loss): string {
  return loss.via === null ? loss.hazard.tag : safetyModelOf(site).tagOf(loss.via);
}

function report(rule: ChangeRule, change: Change, loss: Loss, message: string): Finding {
  const after = safetyModelOf(change.after);
  const place = placeOf(after, change, loss);
  return findingAt(rule, change.after, place.file, place.span, {
    message,
    subject: `${loss.hazard.location} ${loss.condition.location}`,
    witness: {
      hazard: loss.hazard.tag,
      condition: loss.condition.tag,
      kind: loss.kind,
      // A role that was only guessed from its name is enough here: what was safety logic before stays safety logic.
      role: isDeclared(loss.condition) ? 'declared' : 'inferred',
    },
  });
}

/** The last write of the hazard in a changed file, else its last write, else the start of a changed file. */
function placeOf(
  after: SafetyModel,
  change: Change,
  loss: Loss,
): { file: Parameters<typeof findingAt>[2]; span: { start: number; end: number } } {
  const changed = new Set(sourceChanges(change).map((entry) => entry.path));
  const cone = [...after.coneOf(loss.hazard.location).events].sort((a, b) => b.order - a.order);
  const lostTargets = loss.lostUses.map((use) => use.slice(0, use.indexOf(' (')));
  const { locationBefore } = nameChanges(change);
  const event =
    cone.find(
      (candidate) => lostTargets.includes(locationBefore(candidate.target)) && changed.has(candidate.frame.file.path),
    ) ??
    cone.find((candidate) => changed.has(candidate.frame.file.path)) ??
    after.index.writersOf(loss.hazard.location).at(-1);
  if (event !== undefined) return { file: event.frame.file, span: event.node };
  const file =
    change.after.project.files.find((candidate) => changed.has(candidate.path)) ?? change.after.project.files[0];
  if (file === undefined) throw new Error('a site without files has no hazard');
  return { file, span: { start: 0, end: 0 } };
}
