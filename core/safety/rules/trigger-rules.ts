import type { Finding } from '../../base/finding.js';
import type { Binary, Expression } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { numberOf } from '../compare/parameters.js';
import { isStepVariable } from '../compare/step-variable.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround, type Frame, type WriteEvent } from '../dataflow/trace.js';
import { forEachExpression } from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { findingAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared } from '../signal-roles.js';
import { example } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** A sequence has some dozens of steps, a batch some hundreds of parts: from here on a number is chosen for being rare. */
const RARE = 1000n;

/** DP09: nothing happens until the thousandth stroke. */
export const magicTrigger: StateRule = {
  kind: 'state',
  code: 'DP09',
  name: 'magic-trigger',
  severity: 'error',
  title: 'A rare number changes what a hazard does',
  rationale:
    'A counter that only ever grows, or a word that is compared with one odd value, can hold a change of behaviour back until long after every test.',
  reference: 'IEC 62443-4-1:2018, SM-6; CWE-511 (logic bomb)',
  decision: 'whole-program',
  flags: [
    example('a counter of scans', {
      variables: 'cycles : DINT;',
      body: 'cycles := cycles + 1;\nMotor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR cycles > 1000000);',
    }),
    example('one value of a word', {
      variables: 'code AT %IW8 : INT;',
      body: 'Motor := (Start_PB OR Motor OR code = 31337) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('a counter for the maintenance lamp', {
      variables: 'cycles : DINT; lamp : BOOL;',
      body: 'cycles := cycles + 1;\nlamp := cycles > 1000000;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('a step', {
      variables: 'step : INT;',
      body: 'IF Start_PB THEN step := 1000; ELSE step := 0; END_IF\nMotor := step = 1000 AND EStop_OK AND Guard_Closed;',
    }),
    example('a limit of a measured value', {
      variables: 'pressure AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure < 2500;',
    }),
    example('a batch counter that starts again', {
      variables: 'parts : DINT; full : BOOL;',
      body: 'IF Reset_PB THEN parts := 0; ELSIF Start_PB THEN parts := parts + 1; END_IF\nfull := parts >= 1200;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT full;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      comparisonsWithConstants(site).flatMap(({ part, other, value, frame, target }): Finding[] => {
        const number = numberOf(value);
        if (number === null || !isRare(number)) return [];
        const place = model.trace.places.placeOf(other, frame);
        const [location] = place?.locations ?? [];
        if (location === undefined || place?.isCertain !== true) return [];
        const isEquality = part.operator === '=' || part.operator === '<>';
        const isTrigger = isEquality
          ? isInteger(model, location) && !isStepVariable(model, location) && !isSetToConstants(model, location)
          : onlyGrows(model, location);
        if (!isTrigger) return [];
        const hazard = model.hazards.find((candidate) => coneTouches(model.coneOf(candidate.location), target));
        return [
          findingAt(magicTrigger, site, frame.file, part, {
            message: `"${excerpt(frame.file.text.slice(part.start, part.end))}" changes what ${hazard?.tag ?? model.tagOf(target)} does at one rare value. Say what the number stands for with a named state, or take it out.`,
            subject: `${target.replace(/#\d+/g, '')} ${location}`,
            isCertainRole: hazard !== undefined && isDeclared(hazard),
          }),
        ];
      }),
    );
  },
};

function isRare(value: bigint | number): boolean {
  return typeof value === 'bigint' && (value >= RARE || value <= -RARE);
}

function isInteger(model: SafetyModel, location: Location): boolean {
  const type = model.variableAt(location)?.type;
  return type?.kind === 'elementary' && /(INT|BYTE|WORD)$/.test(type.name);
}

function isSetToConstants(model: SafetyModel, location: Location): boolean {
  return model.index
    .writersOf(location)
    .some((event) => event.value !== null && model.site.project.model.constantOf(event.value) !== null);
}

/** Every write adds to it, and nothing ever sets it back. */
function onlyGrows(model: SafetyModel, location: Location): boolean {
  const writes = model.index.writersOf(location);
  return writes.length > 0 && writes.every((event) => event.sources.includes(location) && isSum(event));
}

function isSum({ value }: WriteEvent): boolean {
  return value?.kind === 'Binary' && (value.operator === '+' || value.operator === '-');
}

const CLOCK_TYPES = /^(L?DATE|L?TIME_OF_DAY|L?DATE_AND_TIME)$/;
const CLOCK_BLOCKS = /^(RTC|RTC_EX2?|NT_GETTIME|FB_LOCALSYSTEMTIME|GETSYSTEMTIME|DTREAD|SYSTIMERTCGET)$/;

/** DP10: on the first of April. */
export const timeBomb: StateRule = {
  kind: 'state',
  code: 'DP10',
  name: 'time-bomb',
  severity: 'error',
  title: 'The calendar decides about a hazard',
  rationale:
    'Logic that behaves otherwise from a date on passes every test before it. Nothing that stops or starts a machine depends on the time of day.',
  reference: 'IEC 62443-4-1:2018, SM-6; CWE-511 (logic bomb)',
  decision: 'whole-program',
  flags: [
    example('from a date on', {
      variables: 'today : DATE;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR today > D#2027-04-01);',
    }),
  ],
  accepts: [
    example('a service lamp', {
      variables: 'today : DATE; lamp : BOOL;',
      body: 'lamp := today > D#2027-04-01;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('a running time', {
      variables: 'late : TON;',
      body: 'late(IN := Start_PB, PT := T#5s);\nMotor := late.ET < T#5s AND Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    forEachInCone(site, (part, frame, target) => {
      const type = part.kind === 'Binary' ? site.project.model.operandTypeOf(part) : null;
      const isClock =
        type?.kind === 'elementary' && CLOCK_TYPES.test(type.name) && COMPARISONS.has((part as Binary).operator);
      const owner = part.kind === 'Member' ? site.project.model.typeOf(part.object) : null;
      const isClockBlock = owner?.kind === 'pou' && CLOCK_BLOCKS.test(owner.pou.name.toUpperCase());
      if (!isClock && !isClockBlock) return;
      const hazard = model.hazards.find((candidate) => coneTouches(model.coneOf(candidate.location), target));
      findings.push(
        findingAt(timeBomb, site, frame.file, part, {
          message: `"${excerpt(frame.file.text.slice(part.start, part.end))}" lets the calendar decide about ${hazard?.tag ?? model.tagOf(target)}. Take it out of the logic of the hazard.`,
          subject: `${target.replace(/#\d+/g, '')} clock`,
          isCertainRole: hazard !== undefined && isDeclared(hazard),
        }),
      );
    });
    return oncePerPlace(findings);
  },
};

const COMPARISONS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=', '=', '<>']);

interface ConstantComparison {
  readonly part: Binary;
  readonly other: Expression;
  readonly value: unknown;
  readonly frame: Frame;
  readonly target: Location;
}

function comparisonsWithConstants(site: Site): ConstantComparison[] {
  const { model: semantics } = site.project;
  const found: ConstantComparison[] = [];
  forEachInCone(site, (part, frame, target) => {
    if (part.kind !== 'Binary' || !COMPARISONS.has(part.operator)) return;
    const [left, right] = [semantics.constantOf(part.left), semantics.constantOf(part.right)];
    if (right !== null && left === null) found.push({ part, other: part.left, value: right, frame, target });
    if (left !== null && right === null) found.push({ part, other: part.right, value: left, frame, target });
  });
  return found;
}

function forEachInCone(site: Site, visit: (part: Expression, frame: Frame, target: Location) => void): void {
  const model = safetyModelOf(site);
  const seen = new Set<Expression>();
  const look = (expression: Expression | null, frame: Frame, target: Location): void => {
    if (expression === null || seen.has(expression)) return;
    seen.add(expression);
    forEachExpression(expression, (part) => visit(part, frame, target));
  };
  for (const event of [...model.hazardCone.events].sort((a, b) => a.order - b.order)) {
    look(event.value, event.frame, event.target);
    for (const condition of conditionsAround(event)) look(condition.expression, condition.frame, event.target);
  }
}
