import type { Finding } from '../../base/finding.js';
import { nameChanges } from '../compare/name-changes.js';
import { type PinParameter, pinParameters } from '../compare/parameters.js';
import { isTokenEqualChange } from '../compare/source-changes.js';
import { mayOverlap } from '../dataflow/location.js';
import type { Change, ChangeRule } from '../rule.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { isSafetyParameter } from '../safety-parameters.js';
import { changeExample } from './example-machine.js';

const DISCREPANCY = `late(IN := Guard_Closed XOR second, PT := TIME);
IF late.Q THEN fault := TRUE; ELSIF edge.Q THEN fault := FALSE; END_IF
edge(CLK := Reset_PB);
Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND second AND NOT fault;`;
const DISCREPANCY_VARIABLES = 'late : TON; edge : R_TRIG; second AT %IX0.5 : BOOL; fault : BOOL := TRUE;';

const LOOP_VARIABLES = 'late : ARRAY[1..2] OF TON; i : INT; second AT %IX0.5 : BOOL;';
const LOOP_CALL = 'late[i](IN := Guard_Closed XOR second, PT := T#100ms);';
const LOOP_MOTOR =
  'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND second AND NOT late[1].Q AND NOT late[2].Q;';

/** TM01: a time that a safety function relies on. */
export const safetyTimeChanged: ChangeRule = {
  kind: 'change',
  code: 'TM01',
  name: 'safety-pt-changed',
  severity: 'blocker',
  title: 'A time of a safety function changed',
  rationale:
    'Discrepancy, monitoring and stop times were calculated for the machine. A longer one lets a fault or a person stay unnoticed.',
  reference: 'ISO 13849-1:2023, 7.5 (parameterisation); Top 20 Secure PLC Coding Practices, 6',
  decision: 'change',
  flags: [
    changeExample(
      'the discrepancy time',
      { variables: DISCREPANCY_VARIABLES, body: DISCREPANCY.replace('TIME', 'T#100ms') },
      { variables: DISCREPANCY_VARIABLES, body: DISCREPANCY.replace('TIME', 'T#2s') },
    ),
    changeExample(
      'a named constant far away',
      {
        blocks: 'VAR_GLOBAL CONSTANT\n  tDoor : TIME := T#100ms;\nEND_VAR',
        variables: DISCREPANCY_VARIABLES,
        body: DISCREPANCY.replace('TIME', 'tDoor'),
      },
      {
        blocks: 'VAR_GLOBAL CONSTANT\n  tDoor : TIME := T#1s;\nEND_VAR',
        variables: DISCREPANCY_VARIABLES,
        body: DISCREPANCY.replace('TIME', 'tDoor'),
      },
    ),
    changeExample(
      'a constant becomes a variable',
      { variables: DISCREPANCY_VARIABLES, body: DISCREPANCY.replace('TIME', 'T#100ms') },
      { variables: `${DISCREPANCY_VARIABLES} t : TIME := T#100ms;`, body: DISCREPANCY.replace('TIME', 't') },
    ),
    changeExample(
      'what a variable starts with that no code writes',
      { variables: `${DISCREPANCY_VARIABLES} t : TIME := T#100ms;`, body: DISCREPANCY.replace('TIME', 't') },
      { variables: `${DISCREPANCY_VARIABLES} t : TIME := T#1s;`, body: DISCREPANCY.replace('TIME', 't') },
    ),
  ],
  accepts: [
    changeExample(
      'the same time in other units',
      { variables: DISCREPANCY_VARIABLES, body: DISCREPANCY.replace('TIME', 'T#500ms') },
      { variables: DISCREPANCY_VARIABLES, body: DISCREPANCY.replace('TIME', 'T#0.5S') },
    ),
    changeExample(
      'a loop over timers written out',
      { variables: LOOP_VARIABLES, body: `FOR i := 1 TO 2 DO\n  ${LOOP_CALL}\nEND_FOR\n${LOOP_MOTOR}` },
      {
        variables: LOOP_VARIABLES,
        body: `${LOOP_CALL.replaceAll('i]', '1]')}\n${LOOP_CALL.replaceAll('i]', '2]')}\n${LOOP_MOTOR}`,
      },
    ),
    changeExample(
      'a lamp blinks faster',
      {
        variables: 'blink : TON; lamp : BOOL;',
        body: 'blink(IN := NOT blink.Q, PT := T#1s);\nlamp := blink.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      },
      {
        variables: 'blink : TON; lamp : BOOL;',
        body: 'blink(IN := NOT blink.Q, PT := T#250ms);\nlamp := blink.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
      },
    ),
  ],
  check(change) {
    return parameterChanges(change)
      .filter(({ old }) => old.isTime)
      .flatMap(({ old, now, isSafety, longer }) => {
        if (!isSafety) return [];
        return [
          reportParameter(safetyTimeChanged, change, old, now, {
            message: `${tagBefore(change, old.location)} was ${old.text} and is ${now === null ? 'gone' : `now ${now.text}`}. A safety function relies on this time. Restore it; a new value needs a calculation and a safety engineer.`,
            // Only a manifest limit says that shorter is safe; without one every difference counts the same.
            isShorter: longer === false,
          }),
        ];
      });
  },
};

/** TM12: a count that a safety function relies on. */
export const counterPresetChanged: ChangeRule = {
  kind: 'change',
  code: 'TM12',
  name: 'counter-preset',
  severity: 'error',
  title: 'A number at a block of safety logic changed',
  rationale:
    'Counter presets and thresholds at safety blocks decide how often or how far something may happen before the machine stops.',
  reference: 'ISO 13849-1:2023, 7.5; Top 20 Secure PLC Coding Practices, 6',
  decision: 'change',
  flags: [changeExample('a preset', counterMachine('3'), counterMachine('30'))],
  accepts: [changeExample('the same number', counterMachine('16#A'), counterMachine('10'))],
  check: (change) =>
    parameterChanges(change)
      .filter(({ old, isSafety }) => !old.isTime && isSafety)
      .map(({ old, now }) =>
        reportParameter(counterPresetChanged, change, old, now, {
          message: `${tagBefore(change, old.location)} was ${old.text} and is ${now === null ? 'gone' : `now ${now.text}`}. A safety function relies on this number. Restore it.`,
          isShorter: false,
        }),
      ),
};

function counterMachine(preset: string): Parameters<typeof changeExample>[1] {
  return {
    variables: 'bounces : CTU; tooMany : BOOL;',
    body: `bounces(CU := NOT Guard_Closed, PV := ${preset});\ntooMany := bounces.Q;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tooMany;`,
  };
}

function tagBefore(change: Change, location: string): string {
  return safetyModelOf(change.before).tagOf(location);
}

/** Tuning: at most a quarter shorter, or twice as long. More than that is another behaviour. */
const LARGEST_TUNING = { longer: 2, shorter: 0.75 };

/**
 * Timer instances, by their location before the change, whose constant time changed and which stand between no
 * condition or reset and a hazard: they time the process. `tuned`, or the shorter of both times in nanoseconds, with
 * which a proof can say what the change does to the hazards. What a safety function relies on is reported by TM01.
 */
export function changedProcessTimes(change: Change): ReadonlyMap<string, 'tuned' | bigint> {
  return new Map(
    parameterChanges(change).flatMap(({ old, now, isSafety }): [string, 'tuned' | bigint][] => {
      const [first, second] = [single(old), now === null ? null : single(now)];
      if (isSafety || !old.isTime || !old.location.endsWith('.PT') || first === null || second === null) return [];
      const ratio = Number(second) / Number(first);
      const isTuned = ratio <= LARGEST_TUNING.longer && ratio >= LARGEST_TUNING.shorter;
      if (isTuned) return [[old.instance, 'tuned']];
      return [[old.instance, ratio < 1 ? second : first]];
    }),
  );
}

/** The one positive value of a parameter; null when it has several or is computed. */
function single({ values }: PinParameter): bigint | null {
  const [only] = values;
  return values.length === 1 && typeof only === 'bigint' && only > 0n ? only : null;
}

interface ParameterChange {
  readonly old: PinParameter;
  readonly now: PinParameter | null;
  readonly isSafety: boolean;
  /** Null when it can't be told. */
  readonly longer: boolean | null;
}

function parameterChanges(change: Change): ParameterChange[] {
  if (isTokenEqualChange(change)) return [];
  const before = safetyModelOf(change.before);
  const after = safetyModelOf(change.after);
  const { locationBefore } = nameChanges(change);
  const now = new Map(
    [...pinParameters(after).values()].map((parameter) => [locationBefore(parameter.location), parameter]),
  );
  const changes: ParameterChange[] = [];
  for (const old of pinParameters(before).values()) {
    const next = now.get(old.location) ?? overlapping(now, old.location);
    if (next !== null && sameValues(old.values, next.values) && sameValues(old.startValues, next.startValues)) continue;
    // A block that is gone takes its times with it; the rules on calls and conditions judge that.
    if (next === null && after.variableAt(old.location) === null) continue;
    const isComputed = ({ values, startValues }: PinParameter): boolean =>
      startValues.length === 0 && values.every((value) => value === null);
    if (isComputed(old) && (next === null || isComputed(next))) continue;
    const first = old.values[0] ?? old.startValues[0];
    const second = next?.values[0] ?? next?.startValues[0];
    const longer =
      first === null || first === undefined || second === null || second === undefined ? null : second > first;
    changes.push({ old, now: next, isSafety: isSafetyParameter(before, old), longer });
  }
  return changes;
}

/** The elements of an array, whose loop became single calls, or the other way round: as one parameter. */
function overlapping(parameters: ReadonlyMap<string, PinParameter>, location: string): PinParameter | null {
  if (!location.includes('[')) return null;
  const found = [...parameters].filter(([other]) => mayOverlap(other, location)).map(([, parameter]) => parameter);
  const [first] = found;
  if (first === undefined) return null;
  return {
    ...first,
    values: found.flatMap(({ values }) => values),
    startValues: found.flatMap(({ startValues }) => startValues),
    text: [...new Set(found.map(({ text }) => text))].join(' / '),
  };
}

function sameValues(a: readonly unknown[], b: readonly unknown[]): boolean {
  const distinct = (values: readonly unknown[]): string => [...new Set(values.map(String))].sort().join(' ');
  return distinct(a) === distinct(b);
}

function reportParameter(
  rule: ChangeRule,
  change: Change,
  old: PinParameter,
  now: PinParameter | null,
  parts: { message: string; isShorter: boolean },
): Finding {
  const after = safetyModelOf(change.after);
  const witness = { parameter: old.location, before: old.text, after: now?.text ?? null };
  const place = now?.place ?? null;
  if (place !== null)
    return findingAt(rule, change.after, place.frame.file, place.node, {
      message: parts.message,
      subject: old.location,
      witness,
    });
  const declared = after.variableAt(now?.instance ?? old.instance)?.site;
  if (declared)
    return findingAt(rule, change.after, declared.file, declared.identifier, {
      message: parts.message,
      subject: old.location,
      witness,
    });
  const file = change.after.project.files[0];
  if (file === undefined) throw new Error('a site without files has no parameters');
  return findingAt(
    rule,
    change.after,
    file,
    { start: 0, end: 0 },
    { message: parts.message, subject: old.location, witness },
  );
}
