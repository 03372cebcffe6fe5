import type { Finding } from '../../base/finding.js';
import { comparisonsOf } from '../channels.js';
import { pinParameters, timeText } from '../compare/parameters.js';
import { coneTouches } from '../dataflow/cone.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { constantOfEvent, pinName, pinOf, pinWritesOf } from '../safety-pins.js';
import { isCondition } from '../signal-roles.js';
import { example, type MachineParts } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const MUTING = /^(SF_MUTING|MUT_P|FB_MUTING)/;
const LONGEST_MUTING = 600_000_000_000n;
/** PLCopen: 0 to 4 s between the sensors of one pair. */
const LONGEST_DISCREPANCY = 4_000_000_000n;

/** GD05: a protective device that is off for ever. */
export const mutingUnbounded: StateRule = {
  kind: 'state',
  code: 'GD05',
  name: 'muting-unbounded',
  severity: 'error',
  title: 'Muting is not bounded in time',
  rationale:
    'Muting switches a protective device off. Without a limit, or with one of more than ten minutes, a stuck sensor keeps it off.',
  reference: 'PLCopen Safety part 1, MaxMutingTime 0..10 min; IEC 62046:2018',
  decision: 'dataflow',
  flags: [example('no limit', mutingMachine('T#0s'))],
  accepts: [example('half a minute', mutingMachine('T#30s'))],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const parameter of pinParameters(model).values()) {
      const pin = pinOf(parameter.location, model);
      if (pin === null || !MUTING.test(pin.type) || parameter.place === null) continue;
      if (pin.name !== 'MAXMUTINGTIME' && pin.name !== 'TIME_MAX') continue;
      const isOutside = parameter.values.some((value) => value === null || value > LONGEST_MUTING || value <= 0);
      if (!isOutside) continue;
      findings.push(
        findingAt(mutingUnbounded, site, parameter.place.frame.file, parameter.place.node, {
          message: `${pin.name} of ${model.tagOf(pin.instance)} is ${parameter.text}. Write a constant of more than zero and at most 10 minutes.`,
          subject: parameter.location,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

function mutingMachine(time: string, further = ''): MachineParts {
  return {
    inputType: 'SAFEBOOL',
    variables:
      'muting : SF_MutingSeq; m1 AT %IX1.0 : BOOL; m2 AT %IX1.1 : BOOL; m3 AT %IX1.2 : BOOL; m4 AT %IX1.3 : BOOL; wanted AT %IX1.4 : BOOL;',
    body: `muting(Activate := TRUE, S_AOPD_In := Guard_Closed, MutingSwitch11 := m1, MutingSwitch12 := m2, MutingSwitch21 := m3, MutingSwitch22 := m4, MaxMutingTime := ${time}, ${further}Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND muting.S_AOPD_Out;`,
  };
}

/** GD06: muting that is always allowed. */
export const mutingEnableConstant: StateRule = {
  kind: 'state',
  code: 'GD06',
  name: 'muting-enable-const',
  severity: 'error',
  title: 'Muting is enabled all the time, or its lamp is not monitored',
  rationale:
    'The enable says that the process wants muting now. Tied to TRUE, two pieces of wood on the sensors switch the light curtain off, and a lamp tied to healthy does not warn.',
  reference: 'PLCopen Safety part 1, SF_Muting (MutingEnable, S_MutingLamp); IEC 62046:2018, 5.7',
  decision: 'dataflow',
  flags: [
    example('enabled by a literal', mutingMachine('T#30s', 'MutingEnable := TRUE, ')),
    example('a lamp that is always healthy', mutingMachine('T#30s', 'S_MutingLamp := SAFEBOOL#TRUE, ')),
  ],
  accepts: [example('enabled by the process', mutingMachine('T#30s', 'MutingEnable := wanted, '))],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      if (!MUTING.test(pin.type) || !/^(MUTINGENABLE|ENABLE|BENABLE|S_MUTINGLAMP|MUTINGLAMP)$/.test(pin.name)) continue;
      if (constantOfEvent(event, model) !== true) continue;
      findings.push(
        findingAtEvent(mutingEnableConstant, site, event, {
          message: `${pinName(pin, model)} of ${model.tagOf(pin.instance)} is always TRUE: ${sourceText(event)}. Wire it to what tells when material passes, the lamp to its own monitoring.`,
          subject: event.target,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** GD07: how long two channels may disagree. */
export const discrepancyTime: StateRule = {
  kind: 'state',
  code: 'GD07',
  name: 'discrepancy-time',
  severity: 'error',
  title: 'Two channels may disagree for too long',
  rationale:
    'The discrepancy time tells a switch that bounces from one that is broken. Of more than some seconds, a broken channel goes unseen through many openings of the guard.',
  reference: 'PLCopen Safety part 1, DiscTime 0..4 s (constant); ISO 13849-1:2023, annex E',
  decision: 'dataflow',
  flags: [
    example('ten seconds in the program itself', {
      variables: 'late : TON; second AT %IX0.5 : BOOL; bad : BOOL;',
      body: 'late(IN := Guard_Closed XOR second, PT := T#10s);\nbad := late.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND second AND NOT bad;',
    }),
    example('a minute at a certified block', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring; second AT %IX0.5 : SAFEBOOL;',
      body: 'guard(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := second, DiscrepancyTime := T#1m, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND guard.S_GuardMonitoring;',
    }),
  ],
  accepts: [
    example('a tenth of a second', {
      variables: 'late : TON; second AT %IX0.5 : BOOL; bad : BOOL;',
      body: 'late(IN := Guard_Closed XOR second, PT := T#100ms);\nbad := late.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND second AND NOT bad;',
    }),
    example('ten seconds until a process step is late', {
      variables: 'late : TON; lamp : BOOL; done AT %IX2.0 : BOOL;',
      body: 'late(IN := Start_PB AND NOT done, PT := T#10s);\nlamp := late.Q;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const parameter of pinParameters(model).values()) {
      const pin = pinOf(parameter.location, model);
      if (pin === null || !parameter.isTime) continue;
      const isBlockTime = isSafetyBlock(pin.type) && /^DISC/.test(pin.name);
      const isTimer = pin.name === 'PT' && /^L?TON(_|$)/.test(pin.type);
      const [longest] = parameter.values.filter((value) => value !== null && value > LONGEST_DISCREPANCY);
      if (longest === undefined || longest === null || !(isBlockTime || isTimer)) continue;
      if (!isBlockTime && !comparesChannels(model, `${pin.instance}.IN`)) continue;
      const place = parameter.place;
      const declared = model.variableAt(parameter.instance)?.site;
      const parts = {
        message: `${model.tagOf(parameter.location)} lets two channels disagree for ${timeText(longest)}. Write the time that the switch needs, at most 4 s.`,
        subject: parameter.location,
      };
      if (place !== null) findings.push(findingAt(discrepancyTime, site, place.frame.file, place.node, parts));
      else if (declared) findings.push(findingAt(discrepancyTime, site, declared.file, declared.identifier, parts));
    }
    return oncePerPlace(findings);
  },
};

/** True when a place gets whether two channels, one of them a condition, agree. */
function comparesChannels(model: SafetyModel, target: string): boolean {
  return comparisonsOf(model).some(
    ({ origins, event }) =>
      event.target === target &&
      origins.size > 1 &&
      [...origins].some((origin) => model.signalsAt(origin).some(isCondition)) &&
      coneTouches(model.hazardCone, target),
  );
}
