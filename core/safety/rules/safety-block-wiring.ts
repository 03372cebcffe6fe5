import type { Finding } from '../../base/finding.js';
import { CONDITION_ROLES } from '../../site/manifest.js';

import { coneTouches } from '../dataflow/cone.js';
import type { WriteEvent } from '../dataflow/trace.js';
import { roleOfName, wordsOf } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock, safetyBlockOf } from '../safety-blocks.js';
import { findingAtEvent, relatedAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { constantOfEvent, type Pin, pinName, pinWritesOf } from '../safety-pins.js';
import { isCondition } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const GUARD_CALL =
  'guard(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := SECOND, DiscrepancyTime := T#100ms, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND guard.S_GuardMonitoring;';

/** DP07: a pin that no sensor drives. */
export const pinTied: StateRule = {
  kind: 'state',
  code: 'DP07',
  name: 'pin-tied',
  severity: 'blocker',
  title: 'A safety input pin is tied to a constant',
  rationale:
    'Constants are legal values of safe types, so the compiler accepts a channel that is always healthy. The block then monitors nothing.',
  reference: 'PLCopen Safety part 1, 4; ISO 13849-1:2023, 7.4',
  decision: 'dataflow',
  flags: [
    example('a channel is TRUE', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring;',
      body: GUARD_CALL.replace('SECOND', 'SAFEBOOL#TRUE'),
    }),
    example('a channel gets a variable that is always TRUE', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring; present : SAFEBOOL;',
      body: `present := SAFEBOOL#TRUE;\n${GUARD_CALL.replace('SECOND', 'present')}`,
    }),
    example('the block is switched off', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring;',
      body: GUARD_CALL.replace('SECOND', 'Guard_Closed').replace('Activate := TRUE', 'Activate := FALSE'),
    }),
    example('a channel of the site’s own block', {
      blocks:
        'FUNCTION_BLOCK DoorWatch\nVAR_INPUT channel1 : BOOL; channel2 : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\nok := channel1 AND channel2;\nEND_FUNCTION_BLOCK',
      variables: 'door : DoorWatch;',
      body: 'door(channel1 := Guard_Closed, channel2 := TRUE);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND door.ok;',
    }),
  ],
  accepts: [
    example('Activate is TRUE, channels are wired', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring; second AT %IX0.5 : SAFEBOOL;',
      body: GUARD_CALL.replace('SECOND', 'second'),
    }),
    example('an option of an ordinary block', {
      blocks:
        'FUNCTION_BLOCK Ramp\nVAR_INPUT enable : BOOL; smooth : BOOL; END_VAR\nVAR_OUTPUT done : BOOL; END_VAR\ndone := enable AND smooth;\nEND_FUNCTION_BLOCK',
      variables: 'ramp1 : Ramp;',
      body: 'ramp1(enable := Start_PB, smooth := TRUE);\nMotor := ramp1.done AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      const value = constantOfEvent(event, model);
      if (value === null || !isTied(pin, value, model)) continue;
      findings.push(
        findingAtEvent(pinTied, site, event, {
          message: `${pinName(pin, model)} of ${model.tagOf(pin.instance)} (${pin.type}) is always ${value ? 'TRUE' : 'FALSE'}: ${sourceText(event)}. Wire it to the sensor that it is meant for.`,
          subject: `${event.target} ${sourceText(event)}`,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

function isTied(pin: Pin, value: boolean, model: SafetyModel): boolean {
  if (isSafetyBlock(pin.type)) {
    if (pin.name === 'ACTIVATE') return !value;
    const block = safetyBlockOf(pin.type);
    if (block?.automaticReset.includes(pin.name) || pin.name === 'S_STARTRESET' || pin.name === 'S_AUTORESET')
      return false;
    const role = block?.inputs[pin.name];
    const isSafetyPin =
      role === undefined
        ? pin.name.startsWith('S_') && !pin.name.startsWith('S_MODE')
        : role !== 'reset' && role !== 'mode';
    return value && isSafetyPin;
  }
  if (!value || !pin.isUserBlock || !coneTouches(model.hazardCone, pin.instance)) return false;
  const variable = model.variableAt(`${pin.instance}.${pin.name}`);
  if (variable?.scope !== 'input') return false;
  const role = roleOfName(variable.name);
  const isChannel = wordsOf(variable.name).some((word) => ['channel', 'ch', 'kanal', 'canal', 'ossd'].includes(word));
  return isChannel || CONDITION_ROLES.some((condition) => condition === role);
}

/** PL03: two channels are only two when they come from two contacts. */
export const commonCause: StateRule = {
  kind: 'state',
  code: 'PL03',
  name: 'common-cause',
  severity: 'error',
  title: 'Both channels of a safety function come from one signal',
  rationale:
    'Two inputs of a block that compare two contacts get the same contact: one fault passes both, and the discrepancy is never seen.',
  reference: 'ISO 13849-1:2023, 6.1.3 and annex F',
  decision: 'whole-program',
  flags: [
    example('one contact at both channels', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring;',
      body: GUARD_CALL.replace('SECOND', 'Guard_Closed'),
    }),
    example('through a copy', {
      blocks:
        'FUNCTION_BLOCK Pair\nVAR_INPUT door_1 : BOOL; door_2 : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; END_VAR\nok := door_1 AND door_2;\nEND_FUNCTION_BLOCK',
      variables: 'pair : Pair; twin : BOOL;',
      body: 'twin := Guard_Closed;\npair(door_1 := Guard_Closed, door_2 := twin);\nMotor := Start_PB AND EStop_OK AND pair.ok;',
    }),
  ],
  accepts: [
    example('two contacts', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring; second AT %IX0.5 : SAFEBOOL;',
      body: GUARD_CALL.replace('SECOND', 'second'),
    }),
    example('two different inputs that share a condition', {
      blocks:
        'FUNCTION_BLOCK Drive\nVAR_INPUT enable : BOOL; release : BOOL; END_VAR\nVAR_OUTPUT on : BOOL; END_VAR\non := enable AND release;\nEND_FUNCTION_BLOCK',
      variables: 'drive1 : Drive;',
      body: 'drive1(enable := Guard_Closed, release := Guard_Closed);\nMotor := Start_PB AND EStop_OK AND drive1.on;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const first = new Map<string, { pin: Pin; event: WriteEvent }>();
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      if (event.kind !== 'input' || event.value === null || !coneTouches(model.hazardCone, pin.instance)) continue;
      const origin = originOf(event, model);
      if (origin === null || !model.signalsAt(origin).some(isCondition)) continue;
      const key = `${pin.instance} ${channelStem(pin.name)} ${origin}`;
      const known = first.get(key);
      if (known === undefined) first.set(key, { pin, event });
      else if (known.pin.name !== pin.name) {
        findings.push(
          findingAtEvent(commonCause, site, event, {
            message: `${pinName(known.pin, model)} and ${pinName(pin, model)} of ${model.tagOf(pin.instance)} (${pin.type}) both get ${model.tagOf(origin)}. Wire the second contact to the second channel.`,
            subject: `${pin.instance} ${known.pin.name} ${pin.name} ${origin}`,
            related: [relatedAt(site, known.event.frame.file, known.event.node, 'the other channel')],
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** `S_GuardSwitch1` and `S_GuardSwitch2`, `ChannelA` and `ChannelB`, `a` and `b`: the name without what tells them apart. */
function channelStem(name: string): string {
  return name.replace(
    /_?(CH|CHANNEL|KANAL|K)?_?([0-9]+|NC|NO|LEFT|RIGHT|LINKS|RECHTS)$|(?<=CHANNEL|KANAL|CH|^)[AB]$/i,
    '',
  );
}

/** The one location that a pin gets unchanged, over plain copies. */
function originOf(event: WriteEvent, model: SafetyModel): string | null {
  let current: WriteEvent | undefined = event;
  for (let step = 0; step < 6 && current !== undefined && current.value !== null && !current.isNegated; step++) {
    const formula = model.formulaOf(current.value, current.frame);
    if (formula.kind !== 'atom' || formula.location === null) return null;
    const { location } = formula;
    const writers: readonly WriteEvent[] = model.index.writersOf(location);
    const [only] = writers;
    if (only === undefined || writers.length > 1 || only.condition !== null || only.kind === 'library') return location;
    if (model.signalsAt(location).some(isCondition)) return location;
    current = only;
  }
  return null;
}
