import type { Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import { parseDuration } from '../../site/duration.js';
import { numberOf, type PinParameter, pinParameters, timeText } from '../compare/parameters.js';
import type { StateRule } from '../rule.js';
import { safetyBlockOf } from '../safety-blocks.js';
import { findingAt, safetyModelOf } from '../safety-model.js';
import { isSafetyParameter } from '../safety-parameters.js';
import { example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

const DISCREPANCY = `late(IN := Guard_Closed XOR second, PT := TIME);
IF late.Q THEN fault := TRUE; ELSIF edge.Q THEN fault := FALSE; END_IF
edge(CLK := Reset_PB);
Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND second AND NOT fault;`;
const DISCREPANCY_VARIABLES = 'late : TON; edge : R_TRIG; second AT %IX0.5 : BOOL; fault : BOOL := TRUE;';

/** TM03: a monitoring time that monitors nothing, or a value outside of the manifest's limits. */
export const timeOutOfRange: StateRule = {
  kind: 'state',
  code: 'TM03',
  name: 'pt-zero-or-huge',
  severity: 'error',
  title: 'A time of a safety function is zero or beyond its limit',
  rationale:
    'A monitoring time of zero switches the monitoring off in most blocks; one beyond the limit monitors too late.',
  reference: 'PLCopen Safety part 1, MonitoringTime and DiscrepancyTime; ISO 13855:2024',
  decision: 'dataflow',
  flags: [
    example('beyond the limit of the manifest', {
      safety: '  limits: [{ tag: Main.late.PT, max: 100ms }]\n',
      variables: DISCREPANCY_VARIABLES,
      body: DISCREPANCY.replace('TIME', 'T#250ms'),
    }),
    example('a discrepancy time of zero', {
      variables: DISCREPANCY_VARIABLES,
      body: DISCREPANCY.replace('TIME', 'T#0ms'),
    }),
  ],
  accepts: [
    example('within the limit', {
      safety: '  limits: [{ tag: Main.late.PT, max: 100ms }]\n',
      variables: DISCREPANCY_VARIABLES,
      body: DISCREPANCY.replace('TIME', 'T#100ms'),
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    const parameters = pinParameters(model);
    const report = (parameter: PinParameter, message: string): void => {
      const place = parameter.place;
      const declared = model.variableAt(parameter.instance)?.site;
      if (place !== null)
        findings.push(
          findingAt(timeOutOfRange, site, place.frame.file, place.node, {
            message,
            subject: `${parameter.location} ${parameter.text}`,
          }),
        );
      else if (declared)
        findings.push(
          findingAt(timeOutOfRange, site, declared.file, declared.identifier, {
            message,
            subject: `${parameter.location} ${parameter.text}`,
          }),
        );
    };
    for (const parameter of parameters.values()) {
      if (!parameter.isTime || !parameter.values.some((value) => value !== null && value <= 0)) continue;
      if (isSafetyParameter(model, parameter) && keyOf(parameter.location).match(/PT$|TIME/) !== null) {
        report(
          parameter,
          `${model.tagOf(parameter.location)} is ${parameter.text}: the time never passes, or passes at once. Give it the value that the risk assessment names.`,
        );
      }
    }
    for (const limit of model.resolution.limits) {
      const parameter = parameters.get(limit.location);
      const low = bound(limit.min);
      const high = bound(limit.max);
      const variable = model.variableAt(limit.location);
      const constant = variable?.initializer ? numberOf(site.project.model.constantOf(variable.initializer)) : null;
      const writes = model.index.writersOf(limit.location);
      for (const value of parameter?.values ??
        (writes.length === 0
          ? [constant]
          : writes.map((event) =>
              event.value === null ? null : numberOf(site.project.model.constantOf(event.value)),
            ))) {
        const isOutside =
          value === null ? parameter !== undefined : (high !== null && value > high) || (low !== null && value < low);
        if (!isOutside) continue;
        const place =
          parameter?.place ?? (writes[0] === undefined ? null : { frame: writes[0].frame, node: writes[0].node });
        const text =
          value === null
            ? 'computed'
            : typeof limit.max === 'string' || typeof limit.min === 'string'
              ? timeText(value)
              : String(value);
        const message = `${limit.tag} is ${text}; the manifest allows ${limit.min === null ? '' : `at least ${limit.min}`}${limit.min !== null && limit.max !== null ? ' and ' : ''}${limit.max === null ? '' : `at most ${limit.max}`}. Write a constant within these limits.`;
        const subject = `${limit.location} ${text}`;
        if (place !== null)
          findings.push(findingAt(timeOutOfRange, site, place.frame.file, place.node, { message, subject }));
        else if (variable?.site)
          findings.push(
            findingAt(timeOutOfRange, site, variable.site.file, variable.site.identifier, { message, subject }),
          );
      }
    }
    return oncePerPlace(findings);
  },
};

function bound(value: string | number | null): bigint | number | null {
  return typeof value === 'string' ? parseDuration(value) : value;
}

/** SB07: times of certified blocks are constants. */
export const timeNotConstant: StateRule = {
  kind: 'state',
  code: 'SB07',
  name: 'time-not-constant',
  severity: 'error',
  title: 'A time of a safety block is a variable',
  rationale: 'A time that the program or a panel can change is no time that was validated.',
  reference: 'PLCopen Safety part 1 (DiscrepancyTime, MonitoringTime: constant)',
  decision: 'syntax',
  flags: [
    example('a variable', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring; t : TIME := T#100ms;',
      body: 'guard(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := Guard_Closed, DiscrepancyTime := t, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND guard.S_GuardMonitoring;',
    }),
  ],
  accepts: [
    example('a literal', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring;',
      body: 'guard(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := Guard_Closed, DiscrepancyTime := T#100ms, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND guard.S_GuardMonitoring;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const parameter of pinParameters(model).values()) {
      const type = model.variableAt(parameter.instance)?.type;
      const block = type?.kind === 'pou' ? safetyBlockOf(type.pou.name) : null;
      const pin = parameter.location.slice(parameter.location.lastIndexOf('.') + 1);
      if (block === null || !block.times.includes(pin) || !parameter.values.includes(null) || parameter.place === null)
        continue;
      findings.push(
        findingAt(timeNotConstant, site, parameter.place.frame.file, parameter.place.node, {
          message: `${pin} of ${model.tagOf(parameter.instance)} is computed. Write a literal or a constant.`,
          subject: parameter.location,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};
