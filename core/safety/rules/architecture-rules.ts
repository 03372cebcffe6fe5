import type { Finding } from '../../base/finding.js';
import { channelOf, comparisonsOf, evaluationOf } from '../channels.js';
import { coneTouches } from '../dataflow/cone.js';
import { wordsOf } from '../role-names.js';
import type { SafetyRule, StateRule } from '../rule.js';
import { isSafetyBlock } from '../safety-blocks.js';
import { type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { type MachineParts, machine } from './example-machine.js';

const DISCREPANCY = `late(IN := Guard_Closed XOR second, PT := T#100ms);
IF late.Q THEN bad := TRUE; ELSIF edge.Q THEN bad := FALSE; END_IF
edge(CLK := Reset_PB);
Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND second AND NOT bad;`;

/** The example machine with a category at one of its signals. */
function withCategory(tag: string, category: string, parts: MachineParts): ReturnType<typeof machine> {
  const files = machine(parts);
  const manifest = (files['plantwright.yaml'] ?? '').replace(
    new RegExp(`(tag: Main\\.${tag}, role: \\w+)`),
    `$1, category: "${category}"`,
  );
  return { ...files, 'plantwright.yaml': manifest };
}

const SECOND: MachineParts = {
  variables: 'late : TON; edge : R_TRIG; second AT %IX0.5 : BOOL; bad : BOOL := TRUE;',
  body: DISCREPANCY,
};

/** ES18: one contact, two promised. */
export const estopSingleChannel: StateRule = {
  kind: 'state',
  code: 'ES18',
  name: 'estop-single-channel',
  severity: 'error',
  title: 'An e-stop of category 3 or 4 is read through one channel',
  rationale:
    'A category that withstands one fault needs two channels and a look at whether they agree. One welded contact or one short circuit takes a single channel away.',
  reference: 'ISO 13849-1:2023, 6.1.3.4 and 6.1.3.5',
  decision: 'whole-program',
  flags: [{ title: 'one contact', files: withCategory('EStop_OK', '3', {}) }],
  accepts: [
    { title: 'category 1', files: withCategory('EStop_OK', '1', {}) },
    {
      title: 'two contacts that are compared',
      files: withCategory('EStop_OK', '3', {
        ...SECOND,
        body: DISCREPANCY.replace('Guard_Closed XOR', 'EStop_OK XOR'),
      }),
    },
    { title: 'evaluated outside of the program: no category is asked of it', files: machine() },
  ],
  check: (site) =>
    needsTwoChannels(safetyModelOf(site), ({ role }) => role === 'estop').map((signal) =>
      atSignal(
        estopSingleChannel,
        signal,
        `${signal.tag} is to reach category ${signal.category}, and the program reads one channel of it. Wire both contacts to a block such as SF_Equivalent or compare them within a discrepancy time; leave "category" out when a relay or a safe terminal evaluates both.`,
      ),
    ),
};

/** PL02: the same for every other condition. */
export const architectureAgainstCode: StateRule = {
  kind: 'state',
  code: 'PL02',
  name: 'arch-vs-code',
  severity: 'error',
  title: 'A condition of category 3 or 4 is read through one channel',
  rationale:
    'The architecture that the risk assessment counts on is not in the program: one fault of the only channel takes the protection away.',
  reference: 'ISO 13849-1:2023, 6.1.3',
  decision: 'whole-program',
  flags: [{ title: 'one contact at the guard', files: withCategory('Guard_Closed', '4', {}) }],
  accepts: [
    { title: 'two contacts that are compared', files: withCategory('Guard_Closed', '4', SECOND) },
    {
      title: 'two channels at a certified block',
      files: withCategory('Guard_Closed', '3', {
        inputType: 'SAFEBOOL',
        variables: 'guard : SF_GuardMonitoring; Guard_Ch2 AT %IX0.5 : SAFEBOOL;',
        body: 'guard(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := Guard_Ch2, DiscrepancyTime := T#100ms, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND guard.S_GuardMonitoring;',
      }),
    },
  ],
  check: (site) =>
    needsTwoChannels(safetyModelOf(site), ({ role }) => role !== 'estop' && role !== 'edm').map((signal) =>
      atSignal(
        architectureAgainstCode,
        signal,
        `${signal.tag} (${signal.role}) is to reach category ${signal.category}, and the program reads one channel of it. Wire the second channel, or leave "category" out when it is evaluated outside of the program.`,
      ),
    ),
};

function needsTwoChannels(model: SafetyModel, isWanted: (signal: ResolvedSignal) => boolean): ResolvedSignal[] {
  return model.conditions.filter(
    (signal) =>
      isWanted(signal) &&
      (signal.category === '3' || signal.category === '4') &&
      evaluationOf(model, signal.location) === null,
  );
}

/** PL04: a fault that nothing looks for. */
export const noDiagnostics: StateRule = {
  kind: 'state',
  code: 'PL04',
  name: 'no-diagnostics',
  severity: 'error',
  title: 'Nothing looks for a fault in a monitored channel',
  rationale:
    'Categories 2 to 4 count on diagnosis: a test, or two channels that have to agree within a time. A comparison without a time never trips, or trips on every bounce.',
  reference: 'ISO 13849-1:2023, 6.1.3.3 and annex E',
  decision: 'whole-program',
  flags: [
    { title: 'category 2 without a test', files: withCategory('Guard_Closed', '2', {}) },
    {
      title: 'a comparison that leads to nothing but a lamp',
      files: withCategory('Guard_Closed', '3', {
        variables: 'second AT %IX0.5 : BOOL; lamp : BOOL;',
        body: 'lamp := Guard_Closed XOR second;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND second;',
      }),
    },
  ],
  accepts: [{ title: 'a discrepancy time', files: withCategory('Guard_Closed', '3', SECOND) }],
  check(site) {
    const model = safetyModelOf(site);
    return model.conditions.flatMap((signal) => {
      const isAsked = signal.category === '2' || signal.category === '3' || signal.category === '4';
      if (!isAsked || evaluationOf(model, signal.location) === 'block' || hasTimedComparison(model, signal)) return [];
      if (needsTwoChannels(model, (other) => other === signal).length > 0) return [];
      return [
        atSignal(
          noDiagnostics,
          signal,
          `${signal.tag} (${signal.role}) is to reach category ${signal.category}, and no test and no discrepancy time stops a hazard when it fails. Add one, or use a certified block.`,
        ),
      ];
    });
  },
};

/** A comparison of the signal with another one that a timer waits for, and that a hazard depends on. */
function hasTimedComparison(model: SafetyModel, signal: ResolvedSignal): boolean {
  return comparisonsOf(model).some(
    ({ origins, event }) =>
      origins.has(signal.location) && origins.size > 1 && coneTouches(model.hazardCone, event.target),
  );
}

/** GD02: two channels that may disagree for ever. */
export const noDiscrepancy: StateRule = {
  kind: 'state',
  code: 'GD02',
  name: 'no-discrepancy',
  severity: 'error',
  title: 'Two channels of one guard are combined and never compared',
  rationale:
    'AND stops when one channel opens, but a channel that stays closed for ever is not seen. With the next fault the guard is gone.',
  reference: 'ISO 13849-1:2023, annex E (cross monitoring); ISO 14119:2013, 8',
  decision: 'dataflow',
  flags: [
    {
      title: 'AND of both channels only',
      files: machine({
        variables: 'Door_Ch1 AT %IX1.0 : BOOL; Door_Ch2 AT %IX1.1 : BOOL;',
        signals: '    - { tag: Main.Door_Ch1, role: guard }\n',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Door_Ch1 AND Door_Ch2;',
      }),
    },
  ],
  accepts: [
    {
      title: 'compared within a time',
      files: machine({
        variables: 'late : TON; Door_Ch1 AT %IX1.0 : BOOL; Door_Ch2 AT %IX1.1 : BOOL; bad : BOOL := TRUE;',
        signals: '    - { tag: Main.Door_Ch1, role: guard }\n',
        body: 'late(IN := Door_Ch1 <> Door_Ch2, PT := T#100ms);\nIF late.Q THEN bad := TRUE; ELSIF Reset_PB THEN bad := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Door_Ch1 AND Door_Ch2 AND NOT bad;',
      }),
    },
    {
      title: 'two guards',
      files: machine({
        variables: 'Front_Closed AT %IX1.0 : BOOL; Rear_Closed AT %IX1.1 : BOOL;',
        signals: '    - { tag: Main.Front_Closed, role: guard }\n    - { tag: Main.Rear_Closed, role: guard }\n',
        body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Front_Closed AND Rear_Closed;',
      }),
    },
  ],
  check(site) {
    const model = safetyModelOf(site);
    return model.conditions.flatMap((signal) => {
      const own = channelOf(signal.symbol?.name ?? '');
      if (own === null || !isDeclared(signal) || evaluationOf(model, signal.location) !== null) return [];
      const twin = [...model.hazardCone.locations].find((location) => {
        if (location === signal.location || model.index.writersOf(location).length > 0) return false;
        const other = channelOf(model.variableAt(location)?.name ?? '');
        return other !== null && other.stem === own.stem && other.channel !== own.channel;
      });
      if (twin === undefined || !coneTouches(model.hazardCone, signal.location)) return [];
      return [
        atSignal(
          noDiscrepancy,
          signal,
          `${signal.tag} and ${model.tagOf(twin)} are two channels of one device and are never compared. Stop when they disagree for longer than the discrepancy time, and let a reset clear it.`,
        ),
      ];
    });
  },
};

const CONTACTOR =
  /^(contactor|contacteur|contattore|contactador|contactor[es]?|schuetz|schutz|relay|relais|magneetschakelaar|stycznik|stykac|kontaktor)$/;

/** SB12: a contactor that may be welded. */
export const noEdm: StateRule = {
  kind: 'state',
  code: 'SB12',
  name: 'no-edm',
  severity: 'error',
  title: 'The feedback of a contactor is not monitored',
  rationale:
    'A welded contact keeps the motor on after the output has gone off. Only the mirror contact tells, and only before the next start.',
  reference: 'ISO 13849-1:2023, annex E (direct monitoring); PLCopen Safety part 1, SF_EDM',
  decision: 'whole-program',
  flags: [{ title: 'category 3 without feedback', files: withCategory('Motor', '3', {}) }],
  accepts: [
    {
      title: 'SF_EDM',
      files: withCategory('Motor', '3', {
        inputType: 'SAFEBOOL',
        variables: 'edm : SF_EDM; k1 AT %IX0.5 : BOOL; k2 AT %IX0.6 : BOOL; command : SAFEBOOL;',
        body: 'command := EStop_OK AND Guard_Closed;\nedm(Activate := TRUE, S_OutControl := command, EDM1 := k1, EDM2 := k2, MonitoringTime := T#200ms, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND edm.S_EDM_Out;',
      }),
    },
    {
      title: 'a mirror contact with the role edm',
      files: withCategory('Motor', '3', {
        signals: '    - { tag: Main.Mirror, role: edm }\n',
        variables: 'Mirror AT %IX0.5 : BOOL;',
        body: 'Motor := (Start_PB AND Mirror OR Motor) AND EStop_OK AND Guard_Closed;',
      }),
    },
    { title: 'a drive with a safe torque off of its own: no category is asked of the program', files: machine() },
  ],
  check(site) {
    const model = safetyModelOf(site);
    return model.hazards.flatMap((hazard) => {
      const isAsked = hazard.category === '2' || hazard.category === '3' || hazard.category === '4';
      const isNamed = wordsOf(hazard.symbol?.name ?? '').some((word) => CONTACTOR.test(word)) && isRated(model);
      if ((!isAsked && !isNamed) || hasFeedback(model, hazard)) return [];
      return [
        atSignal(
          noEdm,
          hazard,
          `${hazard.tag} switches something that may weld or stick, and no feedback of it is monitored. Wire the mirror contacts to SF_EDM or FDBACK, or give them the role edm and ask them before a start.`,
          isAsked,
        ),
      ];
    });
  },
};

function isRated({ site }: SafetyModel): boolean {
  const { rating, performance_level: level } = site.manifest?.safety ?? {};
  return rating === 'SIL-2' || rating === 'SIL-3' || level === 'd' || level === 'e';
}

function hasFeedback(model: SafetyModel, hazard: ResolvedSignal): boolean {
  const cone = model.coneOf(hazard.location);
  const own = model.signals.some(({ role, location }) => role === 'edm' && coneTouches(cone, location));
  return (
    own ||
    pinWritesOf(model).some(
      ({ pin }) =>
        isSafetyBlock(pin.type) && /^(SF_EDM|FDBACK|FB_EDM|CROUT)/.test(pin.type) && coneTouches(cone, pin.instance),
    )
  );
}

/** A finding at the manifest's entry of a signal, where the promise stands; at its declaration when it has none. */
function atSignal(rule: SafetyRule, signal: ResolvedSignal, message: string, isCertain = true): Finding {
  const isCapped = !isCertain || !isDeclared(signal);
  return {
    ...(signal.manifestPlace ?? signal.declaration),
    code: rule.code,
    rule: rule.name,
    severity: isCapped ? 'warning' : rule.severity,
    message,
    related: [],
    witness: { subject: signal.location, tag: signal.tag },
  };
}
