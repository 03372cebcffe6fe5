import type { Finding } from '../../base/finding.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { type PinParameter, pinParameters, timeText } from '../compare/parameters.js';
import { coneTouches } from '../dataflow/cone.js';
import type { StateRule } from '../rule.js';
import { findingAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinOf, pinWritesOf } from '../safety-pins.js';
import type { ResolvedSignal } from '../signal-roles.js';
import { taintedByOperator } from '../taint.js';
import { example, machine } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';
import { isSafetyTimer } from './safety-block-calls.js';

const TIMER = /^L?T(ON|OF|P)(_|$)/;
const PANEL = 'TYPE ST_Panel : STRUCT\n  wait : TIME;\nEND_STRUCT\nEND_TYPE\nVAR_GLOBAL\n  Panel : ST_Panel;\nEND_VAR';

/** TM02: the panel decides how long a fault may last. */
export const timeFromOutside: StateRule = {
  kind: 'state',
  code: 'TM02',
  name: 'pt-variable',
  severity: 'error',
  title: 'A time of a safety function can be set from outside',
  rationale:
    'A discrepancy or monitoring time that a panel may write was validated for one value and works with any other.',
  reference: 'Top 20 Secure PLC Coding Practices, 6; ISO 13849-1:2023, 7.5',
  decision: 'dataflow',
  flags: [
    example('the discrepancy time from the panel', {
      blocks: PANEL,
      signals: '    - { tag: Panel.*, role: operator }\n',
      variables: 'late : TON; second AT %IX0.5 : BOOL; bad : BOOL;',
      body: 'late(IN := Guard_Closed XOR second, PT := Panel.wait);\nbad := late.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND second AND NOT bad;',
    }),
  ],
  accepts: [
    example('a literal', {
      blocks: PANEL,
      signals: '    - { tag: Panel.*, role: operator }\n',
      variables: 'late : TON; second AT %IX0.5 : BOOL; bad : BOOL;',
      body: 'late(IN := Guard_Closed XOR second, PT := T#100ms);\nbad := late.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND second AND NOT bad;',
    }),
    example('a process time from the panel', {
      blocks: PANEL,
      signals: '    - { tag: Panel.*, role: operator }\n',
      variables: 'step : TON;',
      body: 'step(IN := Start_PB, PT := Panel.wait);\nMotor := step.Q AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const tainted = taintedByOperator(model);
    if (tainted.size === 0) return [];
    return oncePerPlace(
      [...pinParameters(model).values()].flatMap((parameter): Finding[] => {
        const pin = pinOf(parameter.location, model);
        const taint = tainted.get(parameter.location);
        if (pin === null || taint === undefined || parameter.place === null || !TIMER.test(pin.type)) return [];
        if (pin.name !== 'PT' || !isSafetyTimer(model, pin.instance)) return [];
        return [
          findingAt(timeFromOutside, site, parameter.place.frame.file, parameter.place.node, {
            message: `${model.tagOf(parameter.location)} comes from ${taint.operator.tag}, which a panel or the network can write, and a safety function relies on this time. Write a constant.`,
            subject: parameter.location,
          }),
        ];
      }),
    );
  },
};

function withResponse(response: string, time: string): ReturnType<typeof machine> {
  const files = machine({
    variables: 'late : TON;',
    body: `late(IN := NOT Guard_Closed, PT := ${time});\nMotor := (Start_PB OR Motor) AND EStop_OK AND NOT late.Q;`,
  });
  const manifest = (files['plantwright.yaml'] ?? '').replace(
    'tag: Main.Motor, role: hazard',
    `tag: Main.Motor, role: hazard, response: ${response}`,
  );
  return { ...files, 'plantwright.yaml': manifest };
}

/** TM06: what is left of the distance to the light curtain. */
export const responseBudget: StateRule = {
  kind: 'state',
  code: 'TM06',
  name: 'response-budget',
  severity: 'error',
  title: 'The program takes longer to stop than the manifest allows',
  rationale:
    'The safety distance was calculated with a response time. Tasks, filters and delays of the program are part of it, whatever the rest of the chain takes.',
  reference: 'ISO 13855:2024 (response time); IEC 61508-2:2010, 7.4.4',
  decision: 'whole-program',
  flags: [{ title: 'a delay of 100 ms within 50 ms', files: withResponse('50ms', 'T#100ms') }],
  accepts: [{ title: 'a delay of 20 ms and two scans within 50 ms', files: withResponse('50ms', 'T#20ms') }],
  check(site) {
    const model = safetyModelOf(site);
    return model.hazards.flatMap((hazard): Finding[] => {
      const { response, manifestPlace } = hazard;
      if (response === null || manifestPlace === null) return [];
      const slowest = slowestStop(model, hazard);
      if (slowest !== null && slowest.total <= response) return [];
      const parts =
        slowest === null ? 'a time in it is computed' : `${slowest.parts.join(', ')}: ${timeText(slowest.total)}`;
      return [
        {
          ...manifestPlace,
          code: responseBudget.code,
          rule: responseBudget.name,
          severity: responseBudget.severity,
          message: `${hazard.tag} may take longer than the ${timeText(response)} of its response: ${parts}. Shorten the delays or the task interval, or have the safety distance calculated again.`,
          related: [],
          witness: { subject: `${hazard.location} response`, parts: slowest?.parts ?? [] },
        },
      ];
    });
  },
};

/**
 * Nanoseconds from the loss of a condition to off, in the worst case: an input changes just after it was read and the
 * output is written at the end of the next scan (two intervals per task on the way), and every timer that delays a stop
 * runs to its end. Null when a time is computed.
 */
function slowestStop(model: SafetyModel, hazard: ResolvedSignal): { total: bigint; parts: string[] } | null {
  const implied = impliedConditions(model);
  const cone = model.coneOf(hazard.location);
  const parts: string[] = [];
  let total = 0n;
  const tasks = new Set<number>();
  for (const event of cone.events)
    if (implied.whenTrue(event.target).length > 0 || implied.whenFalse(event.target).length > 0) tasks.add(event.task);
  for (const event of model.index.writersOf(hazard.location)) tasks.add(event.task);
  for (const index of [...tasks].sort((a, b) => a - b)) {
    const task = model.site.project.schedule[index];
    if (task === undefined) continue;
    if (task.interval === null) return null;
    total += 2n * task.interval;
    parts.push(`two scans of ${task.name} ${timeText(2n * task.interval)}`);
  }
  const parameters = pinParameters(model);
  const direct = new Set(
    (hazard.off === true ? implied.whenFalse(hazard.location) : implied.whenTrue(hazard.location)).map(
      ({ location }) => location,
    ),
  );
  const counted = new Set<string>();
  for (const { pin, event } of pinWritesOf(model)) {
    if (pin.name !== 'IN' || !TIMER.test(pin.type) || counted.has(pin.instance)) continue;
    if (!coneTouches(cone, `${pin.instance}.Q`)) continue;
    const delayed = /^L?TON/.test(pin.type) ? implied.whenFalse(event.target) : implied.whenTrue(event.target);
    if (!delayed.some(({ location }) => !direct.has(location))) continue;
    counted.add(pin.instance);
    const time = longestOf(parameters.get(`${pin.instance}.PT`));
    if (time === null) return null;
    total += time;
    parts.push(`${model.tagOf(pin.instance)} ${timeText(time)}`);
  }
  return { total, parts };
}

function longestOf(parameter: PinParameter | undefined): bigint | null {
  let longest: bigint | null = null;
  for (const value of parameter?.values ?? []) {
    if (typeof value !== 'bigint') return null;
    if (longest === null || value > longest) longest = value;
  }
  return longest;
}
