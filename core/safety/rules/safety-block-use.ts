import type { Finding } from '../../base/finding.js';
import { coneTouches } from '../dataflow/cone.js';
import { wordsOf } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { findingAt, findingAtEvent, safetyModelOf } from '../safety-model.js';
import { constantOfEvent, pinWritesOf } from '../safety-pins.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const DEVICE_STATUS =
  /^(ready|valid|online|ok|running|run|status|active|present|available|operational|bereit|gueltig|gultig|vorhanden)$/;

/** SB08: a block that somebody can switch off. */
export const activateGated: StateRule = {
  kind: 'state',
  code: 'SB08',
  name: 'activate-gated',
  severity: 'error',
  title: 'A safety block is activated by something that is no device status',
  rationale:
    'Without Activate a safety block is silent: its outputs go to their initial values and it monitors nothing. Only the state of the device itself may decide about that.',
  reference: 'PLCopen Safety part 1, 5 (Activate)',
  decision: 'dataflow',
  flags: [
    example('by a button', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := Start_PB, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  accepts: [
    example('always', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
    example('by the state of the device', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop; deviceReady AT %IX2.0 : BOOL;',
      body: 'estop(Activate := deviceReady, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      pinWritesOf(model).flatMap(({ pin, event }): Finding[] => {
        if (pin.name !== 'ACTIVATE' || !isSafetyBlock(pin.type) || event.kind !== 'input' || event.value === null)
          return [];
        if (constantOfEvent(event, model) !== null) return [];
        const isStatus =
          event.sources.length > 0 &&
          event.sources.every((source) =>
            wordsOf(model.variableAt(source)?.name ?? '').some((word) => DEVICE_STATUS.test(word)),
          );
        if (isStatus) return [];
        return [
          findingAtEvent(activateGated, site, event, {
            message: `${model.tagOf(pin.instance)} (${pin.type}) is active only while "${sourceText(event)}" holds. Activate it always, or by the state of its device.`,
            subject: event.target,
          }),
        ];
      }),
    );
  },
};

/** SB10: two channels agree, and off it goes. */
export const equivalentStandalone: StateRule = {
  kind: 'state',
  code: 'SB10',
  name: 'equivalent-standalone',
  severity: 'error',
  title: 'Two evaluated channels switch a hazard without a restart interlock',
  rationale:
    'SF_Equivalent and SF_Antivalent only say that two channels agree. They have no reset: as soon as the guard closes, the output is there again.',
  reference: 'PLCopen Safety part 1, SF_Equivalent and SF_Antivalent (no restart interlock); ISO 13849-1:2023, 5.2.2',
  decision: 'whole-program',
  flags: [
    example('straight to the motor', {
      inputType: 'SAFEBOOL',
      variables: 'both : SF_Equivalent; second AT %IX0.5 : SAFEBOOL; Automatic AT %IX1.0 : BOOL;',
      body: 'both(Activate := TRUE, S_ChannelA := Guard_Closed, S_ChannelB := second, DiscrepancyTime := T#100ms);\nMotor := Automatic AND EStop_OK AND both.S_EquivalentOut;',
    }),
  ],
  accepts: [
    example('behind it a block with a reset', {
      inputType: 'SAFEBOOL',
      variables:
        'both : SF_Equivalent; stop1 : SF_EmergencyStop; second AT %IX0.5 : SAFEBOOL; Automatic AT %IX1.0 : BOOL;',
      body: 'both(Activate := TRUE, S_ChannelA := Guard_Closed, S_ChannelB := second, DiscrepancyTime := T#100ms);\nstop1(Activate := TRUE, S_EStopIn := both.S_EquivalentOut, Reset := Reset_PB);\nMotor := Automatic AND EStop_OK AND stop1.S_EStopOut;',
    }),
    example('a start that has to be pressed again', {
      inputType: 'SAFEBOOL',
      variables: 'both : SF_Equivalent; second AT %IX0.5 : SAFEBOOL;',
      body: 'both(Activate := TRUE, S_ChannelA := Guard_Closed, S_ChannelB := second, DiscrepancyTime := T#100ms);\nMotor := (Start_PB OR Motor) AND EStop_OK AND both.S_EquivalentOut;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const call of model.trace.calls) {
      if (!/^SF_(EQUIVALENT|ANTIVALENT)/i.test(call.typeName)) continue;
      for (const instance of call.instances) {
        for (const hazard of model.hazards) {
          const cone = model.coneOf(hazard.location);
          if (!coneTouches(cone, instance)) continue;
          // A self-hold, a latch or a reset: something a person has to do again.
          const waits =
            model.signals.some(({ role, location }) => role === 'reset' && coneTouches(cone, location)) ||
            [...cone.events].some(
              (event) => event.sources.includes(event.target) && coneTouches(model.coneOf(event.target), instance),
            ) ||
            [...cone.events].some(
              (event) => event.kind === 'set' || (event.condition !== null && event.kind === 'assign'),
            );
          if (waits) continue;
          findings.push(
            findingAt(equivalentStandalone, site, call.frame.file, call.call, {
              message: `${hazard.tag} comes on as soon as both channels of ${model.tagOf(instance)} (${call.typeName}) agree. Put a block with a reset behind it, such as SF_OutControl.`,
              subject: `${hazard.location} ${instance}`,
            }),
          );
        }
      }
    }
    return oncePerPlace(findings);
  },
};
