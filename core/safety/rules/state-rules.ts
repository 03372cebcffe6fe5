import type { Finding } from '../../base/finding.js';
import { keyOf } from '../../language/semantics/symbols.js';
import type { Expression } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { isStepVariable } from '../compare/step-variable.js';
import { coneTouches } from '../dataflow/cone.js';
import { addressArea } from '../dataflow/location.js';
import { suggestsTrip } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pinWritesOf } from '../safety-pins.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace } from './rule-text.js';

/** ES14: power comes back, the machine must not. */
export const latchRetained: StateRule = {
  kind: 'state',
  code: 'ES14',
  name: 'latch-retained',
  severity: 'blocker',
  title: 'A run state survives a power cycle',
  rationale:
    'RETAIN or PERSISTENT on an output, a run latch or a reset memory lets the machine start by itself when power returns.',
  reference: 'IEC 60204-1:2016, 7.5; ISO 14118:2017, 6; Top 20 Secure PLC Coding Practices, 15',
  decision: 'whole-program',
  flags: [
    example('the run latch is retained', {
      variables: 'END_VAR\nVAR RETAIN\n  running : BOOL;',
      body: 'running := (Start_PB OR running) AND EStop_OK AND Guard_Closed;\nMotor := running;',
    }),
    example('the output is persistent', {
      variables: 'END_VAR\nVAR PERSISTENT\n  run : BOOL;',
      body: 'IF Start_PB THEN run := TRUE; END_IF\nMotor := run AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('a trip latch may be retained', {
      variables: 'END_VAR\nVAR RETAIN\n  tripped : BOOL := TRUE;',
      body: 'IF NOT EStop_OK THEN tripped := TRUE; END_IF\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT tripped;',
    }),
    example('a counter is no state of motion', {
      variables: 'END_VAR\nVAR RETAIN\n  parts : DINT;',
      body: 'parts := parts + 1;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    const seen = new Set<unknown>();
    for (const location of model.hazardCone.locations) {
      const variable = model.variableAt(location);
      if (variable === null || variable.site === null || seen.has(variable)) continue;
      const isRetained = variable.retention !== 'default' && variable.retention !== 'non-retain';
      const isState =
        isStepVariable(model, location) ||
        (variable.type.kind === 'elementary' && variable.type.name === 'BOOL') ||
        variable.type.kind === 'enum' ||
        (variable.type.kind === 'pou' && /^(SR|RS|R_TRIG|F_TRIG)$/.test(keyOf(variable.type.pou.name)));
      if (!isRetained || !isState || suggestsTrip(variable.name) || model.index.writersOf(location).length === 0)
        continue;
      seen.add(variable);
      findings.push(
        findingAt(latchRetained, site, variable.site.file, variable.site.identifier, {
          message: `${variable.qualifiedName} decides about a hazard and keeps its value over a power cycle (${variable.retention}). Declare it without retention, so that the machine comes up at rest.`,
          subject: location,
        }),
      );
    }
    return findings;
  },
};

/** ES15: which side of a bistable wins. */
export const bistableDominance: StateRule = {
  kind: 'state',
  code: 'ES15',
  name: 'bistable-dominance',
  severity: 'error',
  title: 'A bistable lets the start win over the trip',
  rationale:
    'In SR the set input wins. With the trip at its reset input, a held start button keeps the machine on while the guard is open.',
  reference: 'IEC 61131-3:2013, table 43; ISO 13849-1:2023, 5.2.2',
  decision: 'dataflow',
  flags: [
    example('SR with the trip at its reset input', {
      variables: 'run : SR;',
      body: 'run(S1 := Start_PB, RESET := NOT (EStop_OK AND Guard_Closed));\nMotor := run.Q1;',
    }),
    example('a trip latch that the reset wins', {
      variables: 'trip : RS; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\ntrip(SET := NOT (EStop_OK AND Guard_Closed), RESET1 := edge.Q);\nMotor := Start_PB AND NOT trip.Q1;',
    }),
  ],
  accepts: [
    example('RS with the trip at its reset input', {
      variables: 'run : RS;',
      body: 'run(SET := Start_PB, RESET1 := NOT (EStop_OK AND Guard_Closed));\nMotor := run.Q1 AND EStop_OK AND Guard_Closed;',
    }),
    example('a trip latch that the trip wins', {
      variables: 'trip : SR; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\ntrip(S1 := NOT (EStop_OK AND Guard_Closed), RESET := edge.Q);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT trip.Q1;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      if (event.kind !== 'input' || event.value === null || !coneTouches(model.hazardCone, `${pin.instance}.Q1`))
        continue;
      const demands = implied.whenFalse(event.target);
      const [demand] = demands;
      const isLosingSide =
        (pin.type === 'SR' && (pin.name === 'RESET' || pin.name === 'R')) ||
        (pin.type === 'RS' && (pin.name === 'SET' || pin.name === 'S'));
      if (!isLosingSide || demand === undefined) continue;
      findings.push(
        findingAtEvent(bistableDominance, site, event, {
          message: `The demand of ${demand.tag} is wired to ${pin.name} of ${model.tagOf(pin.instance)} (${pin.type}), the side that loses. Use ${pin.type === 'SR' ? 'RS' : 'SR'} there.`,
          subject: event.target,
          isCertainRole: isDeclared(demand),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** PL11: at power-up everything is at rest. */
export const startValue: StateRule = {
  kind: 'state',
  code: 'PL11',
  name: 'start-value',
  severity: 'blocker',
  title: 'A safety signal starts in its dangerous state',
  rationale: 'Before the first scan has evaluated anything, outputs must be off and conditions must not be fulfilled.',
  reference: 'PLCopen Safety part 1 (initial value FALSE); IEC 60204-1:2016, 7.5',
  decision: 'syntax',
  flags: [
    example('an output that starts on', {
      signals: '    - { tag: Main.Pump, role: hazard }\n',
      variables: 'Pump AT %QX0.1 : BOOL := TRUE;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nPump := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('the structure around an output starts it', {
      blocks: 'TYPE Outputs : STRUCT Pump : BOOL; END_STRUCT END_TYPE',
      signals: '    - { tag: Main.out.Pump, role: hazard }\n',
      variables: 'out : Outputs := (Pump := TRUE);',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nout.Pump := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('another name for the address of an output', {
      variables: 'service AT %QB0 : BYTE := 1;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('a condition from the bus that starts healthy', {
      signals: '    - { tag: Main.Zone_Free, role: permissive }\n',
      variables: 'Zone_Free : BOOL := TRUE;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND Zone_Free;',
    }),
  ],
  accepts: [
    example('FALSE', {
      signals: '    - { tag: Main.Pump, role: hazard }\n',
      variables: 'Pump AT %QX0.1 : BOOL := FALSE;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nPump := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const aliases = model.hazards.filter(isDeclared).flatMap((hazard) => startingAliases(site, model, hazard));
    const own = [...model.hazards, ...model.conditions].flatMap((signal) => {
      const { symbol } = signal;
      const initializer = initializerOf(signal);
      if (symbol?.site == null || initializer === null || !isDeclared(signal)) return [];
      const value = site.project.model.constantOf(initializer);
      const isInput = symbol.location !== null && addressArea(symbol.location.text) === 'I';
      const isDangerous =
        signal.role === 'hazard'
          ? typeof value === 'boolean' && value !== signal.off
          : value === signal.healthy && !isInput;
      if (!isDangerous || typeof value !== 'boolean') return [];
      return [
        findingAt(startValue, site, symbol.site.file, symbol.site.identifier, {
          message: `${signal.tag} (${signal.role}) starts as ${value ? 'TRUE' : 'FALSE'}, before anything was evaluated. Let it start as ${value ? 'FALSE' : 'TRUE'}.`,
          subject: signal.location,
        }),
      ];
    });
    return [...own, ...aliases];
  },
};

/** The value that the signal starts with: that of the structure or block around it, else its own. */
function initializerOf({ root, path, symbol }: ResolvedSignal): Expression | null {
  let around = root.initializer;
  for (const name of path) {
    if (around?.kind !== 'StructInitializer') return symbol?.initializer ?? null;
    around = around.members.find((member) => keyOf(member.name?.name ?? '') === keyOf(name))?.value ?? null;
  }
  return around ?? symbol?.initializer ?? null;
}

/** Other variables at the address of a hazard that start with a value of their own. */
function startingAliases(site: Site, model: SafetyModel, hazard: ResolvedSignal): Finding[] {
  return model.index.sharing(hazard.location).flatMap((location) => {
    const variable = model.variableAt(location);
    if (variable?.site == null || variable.initializer === null) return [];
    const value = site.project.model.constantOf(variable.initializer);
    if (value === null || value === false || value === 0n) return [];
    return [
      findingAt(startValue, site, variable.site.file, variable.site.identifier, {
        message: `${model.tagOf(location)} lies at the address of ${hazard.tag} (${hazard.role}) and starts with a value of its own. Give it another address, or no initial value.`,
        subject: `${hazard.location} ${location}`,
      }),
    ];
  });
}

/** IL10: on, and never off by the trip. */
export const setWithoutReset: StateRule = {
  kind: 'state',
  code: 'IL10',
  name: 'set-without-reset',
  severity: 'error',
  title: 'An output is set and nothing that stops resets it',
  rationale:
    'An output that only ever is written TRUE, or is reset by something other than its conditions, stays on when the guard opens.',
  reference: 'ISO 13849-1:2023, 7.4; PLCopen Safety part 1 (every output assigned each cycle)',
  decision: 'dataflow',
  flags: [
    example('S= without R=', { body: 'IF Start_PB AND EStop_OK AND Guard_Closed THEN Motor S= TRUE; END_IF' }),
    example('IF without ELSE', { body: 'IF Start_PB AND EStop_OK AND Guard_Closed THEN Motor := TRUE; END_IF' }),
  ],
  accepts: [
    example('reset by the conditions', {
      body: 'IF Start_PB AND EStop_OK AND Guard_Closed THEN Motor S= TRUE; END_IF\nIF NOT EStop_OK OR NOT Guard_Closed THEN Motor R= TRUE; END_IF',
    }),
    example('written in every scan', { body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;' }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return model.hazards.flatMap((hazard) => {
      const writes = model.index.writersOf(hazard.location);
      const [first] = writes;
      const isLatch =
        writes.length > 0 &&
        writes.every((event) => event.kind === 'set' || event.kind === 'reset' || event.condition !== null);
      if (first === undefined || !isLatch) return [];
      const switchesOff = writes.some((event) => {
        if (event.kind === 'reset') return true;
        if (event.kind === 'set') return false;
        const value = event.value === null ? null : site.project.model.constantOf(event.value);
        return value === null || value === hazard.off || (typeof value === 'bigint' && Number(value) === hazard.off);
      });
      if (switchesOff) return [];
      return [
        findingAtEvent(setWithoutReset, site, first, {
          message: `${hazard.tag} is switched on here and nothing switches it off. Write it in every scan, or reset it when a condition is lost.`,
          subject: hazard.location,
          isCertainRole: isDeclared(hazard),
        }),
      ];
    });
  },
};

/** IL15: who else holds the address. */
export const aliasWrite: StateRule = {
  kind: 'state',
  code: 'IL15',
  name: 'alias-write',
  severity: 'error',
  title: 'A safety signal can be written through an alias',
  rationale:
    'Pointers, references and array elements with a computed index write what nobody sees in the text of the interlock.',
  reference: 'PLCopen Coding Guidelines CP4, E2; CODESYS SA0028',
  decision: 'whole-program',
  flags: [
    example('the address of the output is taken', {
      variables: 'p : POINTER TO BOOL;',
      body: 'p := ADR(Motor);\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('a computed index', {
      signals: '    - { tag: "Main.valves[2]", role: hazard }\n',
      variables: 'valves : ARRAY[1..4] OF BOOL; i : INT;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nvalves[2] := EStop_OK AND Guard_Closed;\nvalves[i] := Start_PB;',
    }),
    example('a pointer of which nothing is known', {
      variables: 'p : POINTER TO BOOL;',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\np^ := TRUE;',
    }),
  ],
  accepts: [
    example('a pointer to something else', {
      variables: 'p : POINTER TO BOOL; lamp : BOOL;',
      body: 'p := ADR(lamp);\np^ := TRUE;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
    example('a constant index', {
      variables: 'lamps : ARRAY[1..4] OF BOOL;',
      body: 'lamps[3] := TRUE;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const signals = [...model.hazards, ...model.conditions].filter(isDeclared);
    if (signals.length === 0) return [];
    const findings: Finding[] = [];
    for (const signal of signals) {
      for (const taken of model.trace.addressesTaken.filter((entry) => entry.target === signal.location)) {
        findings.push(
          findingAt(aliasWrite, site, taken.frame.file, taken.node, {
            message: `The address of ${signal.tag} (${signal.role}) is taken: whoever holds it can write the signal past its interlock. Pass the value instead.`,
            subject: `${signal.location} address`,
          }),
        );
      }
      for (const event of model.index.writersOf(signal.location)) {
        if (
          event.isCertain ||
          event.kind === 'unknown' ||
          event.target === signal.location ||
          !event.target.includes('[*')
        )
          continue;
        findings.push(
          findingAtEvent(aliasWrite, site, event, {
            message: `This write may hit ${signal.tag} (${signal.role}): the index is computed. Use a constant index, or keep safety signals out of the array.`,
            subject: `${signal.location} index ${event.target}`,
          }),
        );
      }
    }
    for (const event of model.trace.wildWrites) {
      findings.push(
        findingAtEvent(aliasWrite, site, event, {
          message:
            'Nothing is known about where this pointer points: the write may hit any safety signal. Assign the pointer where it can be followed, or do without it.',
          subject: `wild ${event.frame.owner.qualifiedName} ${event.target}`,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};
