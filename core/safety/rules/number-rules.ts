import type { Finding } from '../../base/finding.js';
import type { Type } from '../../language/semantics/types.js';
import type { Binary, Expression } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { numberOf } from '../compare/parameters.js';
import { addressArea, type Location } from '../dataflow/location.js';
import { conditionsAround, type Frame, type WriteEvent } from '../dataflow/trace.js';
import { forEachExpression } from '../dataflow/visit.js';
import type { StateRule } from '../rule.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared } from '../signal-roles.js';
import { example } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** A comparison of numbers in the logic of a hazard. */
interface LimitComparison {
  readonly part: Binary;
  readonly frame: Frame;
  readonly target: Location;
}

/** TM10: so hot that it is cold again. */
export const overflowInTrip: StateRule = {
  kind: 'state',
  code: 'TM10',
  name: 'overflow-in-trip',
  severity: 'error',
  title: 'A number may overflow before it is compared with its limit',
  rationale:
    'A 16-bit sum or product wraps round to the other end: the value that should trip looks small. A narrowing conversion cuts the same bits off.',
  reference: 'PLCopen Coding Guidelines CP25; CODESYS SA0130 and SA0133; CWE-190, CWE-197',
  decision: 'dataflow',
  flags: [
    example('a product of a raw value', {
      variables: 'raw AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND raw * 10 < 8000;',
    }),
    example('a narrowing conversion', {
      variables: 'counts AT %ID4 : DINT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND DINT_TO_INT(counts) < 800;',
    }),
  ],
  accepts: [
    example('widened first', {
      variables: 'raw AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND INT_TO_DINT(raw) * 10 < 8000;',
    }),
    example('held within bounds first', {
      variables: 'raw AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND LIMIT(0, raw, 1000) * 10 < 8000;',
    }),
    example('for the panel', {
      variables: 'raw AT %IW4 : INT; high : BOOL;',
      body: 'high := raw * 10 > 8000;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    return oncePerPlace(
      limitComparisons(site).flatMap(({ part, frame, target }) =>
        [part.left, part.right].flatMap((side): Finding[] => {
          const why = overflowIn(side, site);
          if (why === null) return [];
          return [
            findingAt(overflowInTrip, site, frame.file, side, {
              message: `"${excerpt(frame.file.text.slice(side.start, side.end))}" ${why}, and a hazard depends on the comparison. Convert to a wider type first, or hold the value with LIMIT.`,
              subject: `${target.replace(/#\d+/g, '')} overflow`,
            }),
          ];
        }),
      ),
    );
  },
};

interface Interval {
  readonly low: bigint;
  readonly high: bigint;
}

const RANGES: Readonly<Record<string, Interval>> = {
  SINT: { low: -128n, high: 127n },
  USINT: { low: 0n, high: 255n },
  BYTE: { low: 0n, high: 255n },
  INT: { low: -32768n, high: 32767n },
  UINT: { low: 0n, high: 65535n },
  WORD: { low: 0n, high: 65535n },
  DINT: { low: -2147483648n, high: 2147483647n },
  UDINT: { low: 0n, high: 4294967295n },
  DWORD: { low: 0n, high: 4294967295n },
};

/** Why a part of an expression may leave its type; null when it does not. */
function overflowIn(expression: Expression, site: Site): string | null {
  let why: string | null = null;
  forEachExpression(expression, (part) => {
    if (why !== null) return;
    if (part.kind === 'Call' && part.callee.kind === 'Name') {
      const match = /^(\w+)_TO_(\w+)$/i.exec(part.callee.name.name);
      const to = RANGES[(match?.[2] ?? '').toUpperCase()];
      const argument = part.arguments[0]?.value ?? null;
      const value = argument === null ? null : intervalOf(argument, site);
      if (to !== undefined && value !== null && (value.low < to.low || value.high > to.high))
        why = `cuts off what does not fit into ${(match?.[2] ?? '').toUpperCase()}`;
    }
    if (part.kind !== 'Binary' || !/^[-+*]$/.test(part.operator)) return;
    const type = site.project.model.operandTypeOf(part);
    const range = type.kind === 'elementary' ? RANGES[type.name] : undefined;
    const value = intervalOf(part, site);
    // Of 32-bit values only products are worth the words: sums of real machines stay far below.
    if (type.kind !== 'elementary' || range === undefined || value === null || /^(U?DINT|DWORD)$/.test(type.name))
      return;
    if (value.low < range.low || value.high > range.high) why = `may leave the range of ${type.name}`;
  });
  return why;
}

function intervalOf(expression: Expression, site: Site): Interval | null {
  const { model } = site.project;
  const constant = model.constantOf(expression);
  if (typeof constant === 'bigint') return { low: constant, high: constant };
  switch (expression.kind) {
    case 'Parenthesized':
      return intervalOf(expression.expression, site);
    case 'Unary': {
      const inner = intervalOf(expression.operand, site);
      return inner === null || expression.operator !== '-' ? inner : { low: -inner.high, high: -inner.low };
    }
    case 'Binary': {
      const [left, right] = [intervalOf(expression.left, site), intervalOf(expression.right, site)];
      if (left === null || right === null) return null;
      if (expression.operator === '+') return { low: left.low + right.low, high: left.high + right.high };
      if (expression.operator === '-') return { low: left.low - right.high, high: left.high - right.low };
      if (expression.operator === '*') {
        const ends = [left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high];
        const sorted = ends.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        return { low: sorted[0] ?? 0n, high: sorted.at(-1) ?? 0n };
      }
      if (expression.operator === 'MOD' && right.low > 0n) return { low: -right.high, high: right.high };
      return expression.operator === '/' ? left : null;
    }
    case 'Call': {
      const name = expression.callee.kind === 'Name' ? expression.callee.name.name.toUpperCase() : '';
      const values = expression.arguments.map(({ value }) => (value === null ? null : intervalOf(value, site)));
      if (name === 'LIMIT' && values[0] && values[2]) return { low: values[0].low, high: values[2].high };
      if (/_TO_/.test(name) && values[0]) return values[0];
      return ofType(model.typeOf(expression));
    }
    default:
      return ofType(model.typeOf(expression));
  }
}

function ofType(type: Type): Interval | null {
  if (type.kind === 'subrange') return { low: type.lower, high: type.upper };
  return type.kind === 'elementary' ? (RANGES[type.name] ?? null) : null;
}

/** Ends of names that tell a unit. */
const UNITS: Readonly<Record<string, string>> = {
  ms: 'milliseconds',
  sec: 'seconds',
  min: 'minutes',
  mm: 'millimetres',
  cm: 'centimetres',
  bar: 'bar',
  mbar: 'millibar',
  kpa: 'kilopascal',
  psi: 'pounds per square inch',
  degc: 'degrees Celsius',
  degf: 'degrees Fahrenheit',
  rpm: 'revolutions per minute',
  hz: 'hertz',
  kn: 'kilonewton',
  newton: 'newton',
};

/** TM11: millimetres and inches. */
export const unitMismatch: StateRule = {
  kind: 'state',
  code: 'TM11',
  name: 'unit-mismatch',
  severity: 'warning',
  title: 'Two values of different units are compared',
  rationale:
    'A pressure in millibar compared with a limit in bar trips a thousand times too early or never. The names say what the types don\u2019t.',
  reference: 'IEC 61508-3:2010, 7.4.4; Top 20 Secure PLC Coding Practices, 12',
  decision: 'dataflow',
  flags: [
    example('millibar and bar', {
      variables: 'pressure_mbar AT %IW4 : INT; limit_bar : INT := 6;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure_mbar < limit_bar;',
    }),
  ],
  accepts: [
    example('converted', {
      variables: 'pressure_mbar AT %IW4 : INT; limit_bar : INT := 6;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure_mbar < limit_bar * 1000;',
    }),
    example('the same unit', {
      variables: 'pressure_bar AT %IW4 : INT; limit_bar : INT := 6;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure_bar < limit_bar;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      limitComparisons(site).flatMap(({ part, frame, target }): Finding[] => {
        const [left, right] = [part.left, part.right].map((side) => unitOf(side, frame, model));
        if (left == null || right == null || left === right) return [];
        return [
          findingAt(unitMismatch, site, frame.file, part, {
            message: `"${excerpt(frame.file.text.slice(part.start, part.end))}" compares ${UNITS[left]} with ${UNITS[right]}, by their names. Convert one of them.`,
            subject: `${target.replace(/#\d+/g, '')} unit ${left} ${right}`,
          }),
        ];
      }),
    );
  },
};

function unitOf(expression: Expression, frame: Frame, model: SafetyModel): string | null {
  if (expression.kind === 'Parenthesized') return unitOf(expression.expression, frame, model);
  const place =
    expression.kind === 'Name' || expression.kind === 'Member' ? model.trace.places.placeOf(expression, frame) : null;
  const name = model.variableAt(place?.locations[0] ?? '')?.name ?? '';
  const end = /_([A-Za-z]+)$/.exec(name)?.[1]?.toLowerCase();
  return end !== undefined && end in UNITS ? end : null;
}

/** TM05: on above, off further above. */
export const hysteresisInverted: StateRule = {
  kind: 'state',
  code: 'TM05',
  name: 'hysteresis-inverted',
  severity: 'error',
  title: 'The two limits of a switching hysteresis overlap the wrong way',
  rationale:
    'A trip that sets above one limit and clears below a higher one is set and cleared in the same range: it chatters, or the later line always wins.',
  reference: 'IEC 61511-1:2016, 11.6; IEC 61508-3:2010, 7.4.4',
  decision: 'dataflow',
  flags: [
    example('clears before it sets', {
      variables: 'hot AT %IW4 : INT; trip : BOOL := TRUE;',
      body: 'IF hot > 80 THEN trip := TRUE; ELSIF hot < 95 THEN trip := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT trip;',
    }),
  ],
  accepts: [
    example('sets above, clears below', {
      variables: 'hot AT %IW4 : INT; trip : BOOL := TRUE;',
      body: 'IF hot > 95 THEN trip := TRUE; ELSIF hot < 80 THEN trip := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT trip;',
    }),
    example('a pressure that has to be there', {
      variables: 'air AT %IW4 : INT; low : BOOL := TRUE;',
      body: 'IF air < 40 THEN low := TRUE; ELSIF air > 55 THEN low := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT low;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    const byTarget = new Map<Location, WriteEvent[]>();
    for (const event of model.hazardCone.events)
      byTarget.set(event.target, [...(byTarget.get(event.target) ?? []), event]);
    for (const [target, events] of byTarget) {
      const switches = events.flatMap((event) => switchOf(event, model));
      for (const on of switches.filter(({ value }) => value)) {
        const off = switches.find(
          ({ value, subject, isAbove }) => !value && subject === on.subject && isAbove !== on.isAbove,
        );
        if (off === undefined) continue;
        const overlaps = on.isAbove ? Number(off.limit) > Number(on.limit) : Number(off.limit) < Number(on.limit);
        if (!overlaps) continue;
        findings.push(
          findingAtEvent(hysteresisInverted, site, on.event, {
            message: `${model.tagOf(target)} becomes TRUE ${on.isAbove ? 'above' : 'below'} ${on.limit} and FALSE ${off.isAbove ? 'above' : 'below'} ${off.limit}: both hold in between. Let it clear on the safe side of the limit that sets it.`,
            subject: `${target} hysteresis`,
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

interface Switch {
  readonly event: WriteEvent;
  readonly value: boolean;
  readonly subject: Location;
  readonly limit: bigint | number;
  readonly isAbove: boolean;
}

/** `IF x > 95 THEN b := TRUE`: a constant given on one side of a limit. */
function switchOf(event: WriteEvent, model: SafetyModel): Switch[] {
  const { model: semantics } = model.site.project;
  const written =
    event.kind === 'set'
      ? true
      : event.kind === 'reset'
        ? false
        : event.value === null
          ? null
          : semantics.constantOf(event.value);
  const { condition } = event;
  if (typeof written !== 'boolean' || condition?.expression?.kind !== 'Binary' || !condition.holds) return [];
  const { left, right, operator } = condition.expression;
  const limit = numberOf(semantics.constantOf(right));
  const subject = model.trace.places.placeOf(left, condition.frame)?.locations[0];
  if (limit === null || subject === undefined || !/^(<|>|<=|>=)$/.test(operator)) return [];
  return [{ event, value: written, subject, limit, isAbove: operator.startsWith('>') }];
}

/** PL12: four milliamperes or a broken wire. */
export const analogPlausibility: StateRule = {
  kind: 'state',
  code: 'PL12',
  name: 'plausibility',
  severity: 'error',
  title: 'An analog value decides about a hazard without a look at its range',
  rationale:
    'A broken wire reads as zero: below every upper limit, and the trip never comes. The range, or the quality of the channel, has to be asked with it.',
  reference: 'Top 20 Secure PLC Coding Practices, 11 and 12; IEC 61508-2:2010, table A.14',
  decision: 'dataflow',
  flags: [
    example('the upper limit only', {
      safety: '  limits: [{ tag: Main.pressure, max: 250 }]\n',
      variables: 'pressure AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure < 200;',
    }),
  ],
  accepts: [
    example('both ends of the range', {
      safety: '  limits: [{ tag: Main.pressure, max: 250 }]\n',
      variables: 'pressure AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure > 20 AND pressure < 200;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const sides = new Map<Location, Set<string>>();
    const first = new Map<Location, LimitComparison>();
    const isLimited = new Set(model.resolution.limits.map(({ location }) => location));
    for (const comparison of limitComparisons(site)) {
      const { part, frame } = comparison;
      for (const [side, operator] of [
        [part.left, part.operator],
        [part.right, MIRROR[part.operator] ?? part.operator],
      ] as const) {
        const location = model.trace.places.placeOf(side, frame)?.locations[0];
        const address = location === undefined ? null : (model.variableAt(location)?.location?.text ?? null);
        if (location === undefined || address === null || addressArea(address) !== 'I') continue;
        sides.set(location, (sides.get(location) ?? new Set()).add(operator.charAt(0)));
        if (!first.has(location)) first.set(location, comparison);
      }
    }
    return oncePerPlace(
      [...sides].flatMap(([location, operators]): Finding[] => {
        const use = first.get(location);
        if (use === undefined || operators.size !== 1 || operators.has('=')) return [];
        const isSafety = isLimited.has(location) || model.signalsAt(location).some(isDeclared);
        return [
          findingAt(analogPlausibility, site, use.frame.file, use.part, {
            message: `${model.tagOf(location)} is compared at one end of its range only: a broken wire looks like a good value. Ask the other end as well, or the status of its channel.`,
            subject: location,
            isCertainRole: isSafety,
          }),
        ];
      }),
    );
  },
};

const MIRROR: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** Comparisons of numbers in the values and conditions of everything that a hazard depends on. */
function limitComparisons(site: Site): LimitComparison[] {
  const model = safetyModelOf(site);
  const found: LimitComparison[] = [];
  const seen = new Set<Expression>();
  const look = (expression: Expression | null, frame: Frame, target: Location): void => {
    if (expression === null || seen.has(expression)) return;
    seen.add(expression);
    forEachExpression(expression, (part) => {
      if (part.kind !== 'Binary' || !/^(<|>|<=|>=|=|<>)$/.test(part.operator)) return;
      const type = site.project.model.operandTypeOf(part);
      const isNumber =
        type.kind === 'literal' ||
        type.kind === 'subrange' ||
        (type.kind === 'elementary' && /INT$|REAL$|BYTE|WORD/.test(type.name));
      if (isNumber) found.push({ part, frame, target });
    });
  };
  for (const event of [...model.hazardCone.events].sort((a, b) => a.order - b.order)) {
    look(event.value, event.frame, event.target);
    for (const condition of conditionsAround(event)) look(condition.expression, condition.frame, event.target);
  }
  return found;
}
