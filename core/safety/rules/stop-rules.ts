import type { Finding } from '../../base/finding.js';
import { parseDuration } from '../../site/duration.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { openHazards } from '../boolean/open-conditions.js';
import { numberOf, pinParameters } from '../compare/parameters.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import { suggestsMode } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { allDeclared, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

/** ES12: the stop waits for a timer. */
export const estopDelayed: StateRule = {
  kind: 'state',
  code: 'ES12',
  name: 'estop-delayed',
  severity: 'error',
  title: 'A timer delays the e-stop',
  rationale:
    'A stop of category 0 removes power at once. A delay in the demand, or a filter of more than the manifest allows, adds its time to the stopping distance.',
  reference: 'IEC 60204-1:2016, 9.2.2; ISO 13855:2024 (response time)',
  decision: 'dataflow',
  flags: [
    example('TON in the demand', {
      variables: 'late : TON;',
      body: 'late(IN := NOT EStop_OK, PT := T#500ms);\nMotor := (Start_PB OR Motor) AND Guard_Closed AND NOT late.Q;',
    }),
    example('a counter of scans', {
      variables: 'count : CTU;',
      body: 'count(CU := NOT EStop_OK, RESET := EStop_OK, PV := 5);\nMotor := (Start_PB OR Motor) AND Guard_Closed AND NOT count.Q;',
    }),
  ],
  accepts: [
    example('the manifest allows the filter', {
      safety: '  limits: [{ tag: Main.late.PT, max: 20ms }]\n',
      variables: 'late : TON;',
      body: 'late(IN := NOT EStop_OK, PT := T#20ms);\nMotor := (Start_PB OR Motor) AND Guard_Closed AND NOT late.Q;',
    }),
    example('a timer beside the e-stop itself', {
      variables: 'late : TON; message : BOOL;',
      body: 'late(IN := NOT EStop_OK, PT := T#500ms);\nmessage := late.Q;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT late.Q;',
    }),
    example('a debounced release', {
      variables: 'free : TON;',
      body: 'free(IN := EStop_OK, PT := T#500ms);\nMotor := (Start_PB OR Motor) AND Guard_Closed AND free.Q;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const open = openHazards(model);
    // Every hazard asks its conditions directly: then no delay matters.
    if (open.length === 0) return [];
    const parameters = pinParameters(model);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      const isDelay =
        (pin.name === 'IN' && /^L?TON(_|$)/.test(pin.type)) || (pin.name === 'CU' && /^CTUD?(_|$)/.test(pin.type));
      if (!isDelay || event.value === null) continue;
      const output = `${pin.instance}.Q`;
      const affected = open.filter(({ hazard }) => coneTouches(model.coneOf(hazard.location), output));
      // While the input is FALSE the e-stop is healthy: its rise is the demand, and the output comes later.
      const estop = implied
        .whenFalse(event.target)
        .find(({ role, location }) => role === 'estop' && affected.some((entry) => entry.open.has(location)));
      if (estop === undefined || isAllowed(model, `${pin.instance}.PT`, parameters)) continue;
      findings.push(
        findingAtEvent(estopDelayed, site, event, {
          message: `${model.tagOf(pin.instance)} delays the demand of ${estop.tag}, and a hazard waits for it. Ask ${estop.tag} directly, or state the delay under limits: when the risk assessment has one.`,
          subject: `${pin.instance} ${estop.location}`,
          isCertainRole: isDeclared(estop),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** The manifest states a limit for this time, and the time keeps it. */
function isAllowed(model: SafetyModel, time: Location, parameters: ReturnType<typeof pinParameters>): boolean {
  const limit = model.resolution.limits.find(({ location }) => location === time);
  const highest = limit === undefined ? null : typeof limit.max === 'string' ? parseDuration(limit.max) : limit.max;
  if (highest === null) return false;
  const values = parameters.get(time)?.values ?? [];
  return values.length > 0 && values.every((value) => numberOf(value) !== null && value !== null && value <= highest);
}

/** ES17: a mode without an emergency stop. */
export const estopModeGated: StateRule = {
  kind: 'state',
  code: 'ES17',
  name: 'estop-mode-gated',
  severity: 'blocker',
  title: 'In one mode the e-stop is not asked',
  rationale:
    'An emergency stop is available and effective at all times and in every mode. A branch for set-up or maintenance that does not ask it leaves people alone when they are closest.',
  reference: 'ISO 13850:2015, 4.1.1; IEC 60204-1:2016, 9.2.3.4.2',
  decision: 'dataflow',
  flags: [
    example('jog mode goes its own way', {
      variables: 'mode AT %IW2 : INT;',
      signals: '    - { tag: Main.mode, role: mode }\n',
      body: 'IF mode = 2 THEN\n  Motor := Start_PB AND Guard_Closed;\nELSE\n  Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nEND_IF',
    }),
    example('the mode stands beside the e-stop', {
      variables: 'service AT %IX1.0 : BOOL;',
      signals: '    - { tag: Main.service, role: mode }\n',
      body: 'Motor := (Start_PB OR Motor) AND (EStop_OK OR service) AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('every mode asks the e-stop', {
      variables: 'mode AT %IW2 : INT;',
      signals: '    - { tag: Main.mode, role: mode }\n',
      body: 'IF mode = 2 THEN\n  Motor := Start_PB AND EStop_OK AND Guard_Closed;\nELSE\n  Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;\nEND_IF',
    }),
    example('the mode only chooses the request', {
      variables: 'service AT %IX1.0 : BOOL; jog : BOOL; request : BOOL;',
      signals: '    - { tag: Main.service, role: mode }\n',
      body: 'IF service THEN request := jog; ELSE request := Start_PB OR Motor; END_IF\njog := Reset_PB;\nMotor := request AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const findings: Finding[] = [];
    for (const { hazard, open } of openHazards(model)) {
      const estops = model.conditions.filter(({ role, location }) => role === 'estop' && open.has(location));
      if (estops.length === 0) continue;
      const writes = model.index.writersOf(hazard.location);
      const asked = (event: WriteEvent): ReadonlySet<Location> =>
        new Set(
          [
            ...implied.ofContext(event),
            ...(event.value === null ? [] : implied.ofExpression(event.value, event.frame)),
          ].map(({ location }) => location),
        );
      for (const event of writes) {
        if (event.value !== null && site.project.model.constantOf(event.value) === hazard.off) continue;
        const gate = modeRead(event, model);
        if (gate === null) continue;
        const here = asked(event);
        const missed = estops.find(
          (estop) => !here.has(estop.location) && asksSomewhere(event, writes, estop, asked, model),
        );
        if (missed === undefined) continue;
        findings.push(
          findingAtEvent(estopModeGated, site, event, {
            message: `${hazard.tag} does not ask ${missed.tag} where ${model.tagOf(gate.location)} decides. Ask the e-stop in every mode.`,
            subject: `${hazard.location} ${missed.location} ${gate.location}`,
            isCertainRole: allDeclared(hazard, missed) && gate.isDeclared,
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** The e-stop is asked in another write of the output, or in a part of this one. */
function asksSomewhere(
  event: WriteEvent,
  writes: readonly WriteEvent[],
  estop: ResolvedSignal,
  asked: (event: WriteEvent) => ReadonlySet<Location>,
  model: SafetyModel,
): boolean {
  return (
    event.sources.some((source) => coneTouches(model.coneOf(source), estop.location)) ||
    writes.some((other) => other !== event && asked(other).has(estop.location))
  );
}

/** A mode that the write asks: a signal with that role, or something that is called one. */
function modeRead(event: WriteEvent, model: SafetyModel): { location: Location; isDeclared: boolean } | null {
  const reads = [...event.sources, ...conditionsAround(event).flatMap(({ reads: inner }) => inner)];
  const declared = reads.find((read) => model.signalsAt(read).some(({ role }) => role === 'mode'));
  if (declared !== undefined) return { location: declared, isDeclared: true };
  const named = reads.find((read) => suggestsMode(model.variableAt(read)?.name ?? ''));
  return named === undefined ? null : { location: named, isDeclared: false };
}
