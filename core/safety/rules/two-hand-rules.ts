import type { Finding } from '../../base/finding.js';
import { pinParameters, timeText } from '../compare/parameters.js';
import { coneTouches } from '../dataflow/cone.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { allDeclared, findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isComputedFrom } from '../signal-origin.js';
import type { ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

const HANDS = {
  signals: '    - { tag: Main.Left_PB, role: two_hand }\n    - { tag: Main.Right_PB, role: two_hand }\n',
  variables: 'Left_PB AT %IX1.0 : BOOL; Right_PB AT %IX1.1 : BOOL; late : TON; held : BOOL;',
};

/** Half a second between the hands: ISO 13851 type III. */
const LONGEST_NANOSECONDS = 500_000_000n;

/** GD09: one button is tied down. */
export const twoHand: StateRule = {
  kind: 'state',
  code: 'GD09',
  name: 'two-hand',
  severity: 'blocker',
  title: 'Two-hand buttons are not asked to be pressed together',
  rationale:
    'With a button tied down, the other hand is free to reach in. Both buttons have to come within half a second, and both have to be released before the next stroke.',
  reference: 'ISO 13851:2019, type III C (0.5 s)',
  decision: 'dataflow',
  flags: [
    example('AND of both buttons only', {
      ...HANDS,
      body: 'Motor := Left_PB AND Right_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('two seconds between the hands', {
      ...HANDS,
      body: 'late(IN := Left_PB XOR Right_PB, PT := T#2s);\nIF late.Q THEN held := TRUE; ELSIF NOT Left_PB AND NOT Right_PB THEN held := FALSE; END_IF\nMotor := Left_PB AND Right_PB AND EStop_OK AND Guard_Closed AND NOT held;',
    }),
    example('the time at a certified block', {
      ...HANDS,
      variables: `${HANDS.variables} hands : TWO_H_EN;`,
      body: 'hands(IN1 := Left_PB, IN2 := Right_PB, ENABLE := Guard_Closed, DISCTIME := T#3s);\nMotor := hands.Q AND EStop_OK AND Guard_Closed AND Left_PB AND Right_PB;',
      blocks:
        'FUNCTION_BLOCK TWO_H_EN\nVAR_INPUT IN1 : BOOL; IN2 : BOOL; ENABLE : BOOL; DISCTIME : TIME; END_VAR\nVAR_OUTPUT Q : BOOL; END_VAR\nQ := IN1 AND IN2 AND ENABLE;\nEND_FUNCTION_BLOCK',
    }),
  ],
  accepts: [
    example('within half a second', {
      ...HANDS,
      body: 'late(IN := Left_PB XOR Right_PB, PT := T#500ms);\nIF late.Q THEN held := TRUE; ELSIF NOT Left_PB AND NOT Right_PB THEN held := FALSE; END_IF\nMotor := Left_PB AND Right_PB AND EStop_OK AND Guard_Closed AND NOT held;',
    }),
    example('a certified block', {
      inputType: 'SAFEBOOL',
      signals: HANDS.signals,
      variables: 'Left_PB AT %IX1.0 : SAFEBOOL; Right_PB AT %IX1.1 : SAFEBOOL; hands : SF_TwoHandControlTypeIII;',
      body: 'hands(Activate := TRUE, S_Button1 := Left_PB, S_Button2 := Right_PB);\nMotor := hands.S_TwoHandOut AND EStop_OK AND Guard_Closed;',
    }),
    example('one signal of a relay that does it', {
      signals: '    - { tag: Main.Hands_OK, role: two_hand }\n',
      variables: 'Hands_OK AT %IX1.0 : BOOL;',
      body: 'Motor := Hands_OK AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const [first, second] of buttonPairs(model)) {
      const block = certifiedBlockOf(model, first, second);
      const watch = watchOf(model, first, second);
      const time = block === null ? watch : block.time;
      if (block !== null && block.time === null) continue;
      const report = (message: string): void => {
        const place = model.hazards
          .flatMap(({ location }) => [...model.index.writersOf(location)])
          .find((event) => coneTouches(model.coneOf(event.target), first.location));
        const parts = {
          message,
          subject: `${first.location} ${second.location}`,
          isCertainRole: allDeclared(first, second),
        };
        if (time?.place) findings.push(findingAt(twoHand, site, time.place.frame.file, time.place.node, parts));
        else if (place !== undefined) findings.push(findingAtEvent(twoHand, site, place, parts));
      };
      if (time === null) {
        report(
          `${first.tag} and ${second.tag} are combined without asking that they come together: one of them may be tied down. Compare them within 500 ms, or use a block for two-hand control.`,
        );
        continue;
      }
      const [longest] = time.values.filter((value) => value === null || value > LONGEST_NANOSECONDS);
      if (longest !== undefined)
        report(
          `${first.tag} and ${second.tag} may come ${longest === null ? 'a computed time' : timeText(longest)} apart; type III allows 500 ms. Write at most T#500ms.`,
        );
    }
    return oncePerPlace(findings);
  },
};

type Time = ReturnType<typeof pinParameters> extends ReadonlyMap<string, infer Parameter> ? Parameter : never;

/** Two-hand signals of one zone that a hazard depends on, two by two as they stand in the manifest. */
function buttonPairs(model: SafetyModel): [ResolvedSignal, ResolvedSignal][] {
  const byZone = new Map<string, ResolvedSignal[]>();
  for (const signal of model.conditions)
    if (signal.role === 'two_hand' && coneTouches(model.hazardCone, signal.location))
      byZone.set(signal.zone, [...(byZone.get(signal.zone) ?? []), signal]);
  return [...byZone.values()].flatMap((signals): [ResolvedSignal, ResolvedSignal][] => {
    const [first, second] = signals;
    return first === undefined || second === undefined ? [] : [[first, second]];
  });
}

function certifiedBlockOf(
  model: SafetyModel,
  first: ResolvedSignal,
  second: ResolvedSignal,
): { readonly time: Time | null } | null {
  const instances = (signal: ResolvedSignal): string[] =>
    pinWritesOf(model)
      .filter(
        ({ pin, event }) =>
          isSafetyBlock(pin.type) && event.sources.some((source) => isComputedFrom(model, source, signal.location)),
      )
      .map(({ pin }) => pin.instance);
  const shared = instances(second);
  const instance = instances(first).find((candidate) => shared.includes(candidate));
  if (instance === undefined) return null;
  return { time: pinParameters(model).get(`${instance}.DISCTIME`) ?? null };
}

/** The time of a timer that sees both buttons and on which a hazard depends. */
function watchOf(model: SafetyModel, first: ResolvedSignal, second: ResolvedSignal): Time | null {
  const timer = pinWritesOf(model).find(
    ({ pin, event }) =>
      pin.name === 'IN' &&
      /^L?T(ON|OF|P)(_|$)/.test(pin.type) &&
      coneTouches(model.hazardCone, `${pin.instance}.Q`) &&
      [first, second].every((signal) => event.sources.some((source) => isComputedFrom(model, source, signal.location))),
  );
  return timer === undefined ? null : (pinParameters(model).get(`${timer.pin.instance}.PT`) ?? null);
}
