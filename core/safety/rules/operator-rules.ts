import { compareText, type Finding } from '../../base/finding.js';
import type { Binary, Expression } from '../../language/syntax/tree.js';
import { CONDITION_ROLES } from '../../site/manifest.js';
import type { Site } from '../../site/site.js';
import { atomsOf } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { conditionsAround, type Frame, type WriteEvent } from '../dataflow/trace.js';
import { forEachExpression } from '../dataflow/visit.js';
import { suggestsSimulation } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock, safetyBlockOf } from '../safety-blocks.js';
import { findingAt, findingAtEvent, safetyModelOf } from '../safety-model.js';
import { pinName, pinWritesOf } from '../safety-pins.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { isRangeChecked, taintedByOperator } from '../taint.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const PANEL =
  'TYPE ST_Panel : STRUCT\n  ok : BOOL;\n  limit : INT;\n  wait : TIME;\nEND_STRUCT\nEND_TYPE\nVAR_GLOBAL\n  Panel : ST_Panel;\nEND_VAR';
const OPERATOR = '    - { tag: Panel.*, role: operator }\n';

const GUARDS: ReadonlySet<string> = new Set(['guard', 'light_curtain', 'two_hand', 'safety_mat', 'enabling_switch']);

/** HM01: the panel stands in for a sensor. */
export const hmiToSafety: StateRule = {
  kind: 'state',
  code: 'HM01',
  name: 'hmi-to-safety',
  severity: 'blocker',
  title: 'A panel or the network decides about a safety signal',
  rationale:
    'What a panel or SCADA may write can be written by anybody who reaches the network. No condition, mode or certified input may take its value from there.',
  reference: 'Top 20 Secure PLC Coding Practices, 8, 10 and 14; IEC 62061:2021, 6.7 (separation)',
  decision: 'whole-program',
  flags: [
    example('a permissive from the panel', {
      blocks: PANEL,
      signals: `${OPERATOR}    - { tag: Main.zoneFree, role: permissive }\n`,
      variables: 'zoneFree : BOOL;',
      body: 'zoneFree := Panel.ok;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND zoneFree;',
    }),
    example('a safe input over two copies', {
      inputType: 'SAFEBOOL',
      blocks: PANEL.replace('ok : BOOL', 'ok : SAFEBOOL'),
      signals: OPERATOR,
      variables: 'estop : SF_EmergencyStop; a : SAFEBOOL; b : SAFEBOOL;',
      body: 'a := Panel.ok;\nb := a OR EStop_OK;\nestop(Activate := TRUE, S_EStopIn := b, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  accepts: [
    example('the panel shows and requests', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'request : BOOL;',
      body: 'request := Panel.ok;\nMotor := (Start_PB OR request OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('a permissive from the field', {
      blocks: PANEL,
      signals: `${OPERATOR}    - { tag: Main.zoneFree, role: permissive }\n`,
      variables: 'zoneFree : BOOL; sensor AT %IX1.0 : BOOL;',
      body: 'zoneFree := sensor;\nPanel.ok := zoneFree;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND zoneFree;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const tainted = taintedByOperator(model);
    if (tainted.size === 0) return [];
    const findings: Finding[] = [];
    for (const signal of model.signals) {
      const isTarget =
        CONDITION_ROLES.some((role) => role === signal.role) || signal.role === 'mode' || signal.role === 'reset';
      const taint = tainted.get(signal.location);
      if (!isTarget || GUARDS.has(signal.role) || !isDeclared(signal) || taint?.event == null) continue;
      findings.push(
        findingAtEvent(hmiToSafety, site, taint.event, {
          message: `${signal.tag} (${signal.role}) takes its value from ${taint.operator.tag}, which a panel or the network can write: ${sourceText(taint.event)}. Take it from the field.`,
          subject: `${signal.location} ${taint.operator.location}`,
        }),
      );
    }
    for (const { pin, event } of pinWritesOf(model)) {
      if (!isSafetyBlock(pin.type) || pin.name === 'ACTIVATE') continue;
      const role = safetyBlockOf(pin.type)?.inputs[pin.name];
      const isSafe = role === undefined ? pin.name.startsWith('S_') : role !== 'reset';
      const source = event.sources.find((candidate) => tainted.has(candidate));
      const operator = source === undefined ? undefined : tainted.get(source)?.operator;
      if (!isSafe || operator === undefined) continue;
      findings.push(
        findingAtEvent(hmiToSafety, site, event, {
          message: `${pinName(pin, model)} of ${model.tagOf(pin.instance)} (${pin.type}) depends on ${operator.tag}, which a panel or the network can write. Wire it to the sensor.`,
          subject: `${event.target} ${operator.location}`,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** GD11: a guard that is closed because somebody says so. */
export const guardSimulated: StateRule = {
  kind: 'state',
  code: 'GD11',
  name: 'guard-simulated',
  severity: 'blocker',
  title: 'The signal of a guard is made up',
  rationale:
    'A guard signal that a panel, a test flag or the program itself sets says nothing about the guard. It is the oldest way to run with the door open.',
  reference: 'ISO 14119:2013, 8 (defeat)',
  decision: 'whole-program',
  flags: [
    example('the panel closes the guard', {
      blocks: PANEL,
      signals: `${OPERATOR}    - { tag: Main.rearClosed, role: guard }\n`,
      variables: 'rearClosed : BOOL; sensor AT %IX1.0 : BOOL;',
      body: 'rearClosed := sensor OR Panel.ok;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND rearClosed;',
    }),
    example('a simulation closes the guard', {
      signals: '    - { tag: Main.rearClosed, role: guard }\n',
      variables: 'rearClosed : BOOL; sensor AT %IX1.0 : BOOL; xSimulation : BOOL;',
      body: 'rearClosed := sensor;\nIF xSimulation THEN rearClosed := TRUE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND rearClosed;',
    }),
  ],
  accepts: [
    example('evaluated from two contacts', {
      signals: '    - { tag: Main.rearClosed, role: guard }\n',
      variables: 'rearClosed : BOOL; a AT %IX1.0 : BOOL; b AT %IX1.1 : BOOL;',
      body: 'rearClosed := a AND b;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND rearClosed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const tainted = taintedByOperator(model);
    const findings: Finding[] = [];
    for (const signal of model.conditions) {
      if (!GUARDS.has(signal.role) || !isDeclared(signal)) continue;
      for (const event of model.index.writersOf(signal.location)) {
        if (event.kind === 'library') continue;
        const reads = [...event.sources, ...conditionsAround(event).flatMap(({ reads: inner }) => inner)];
        const operator = reads.map((read) => tainted.get(read)?.operator).find((candidate) => candidate !== undefined);
        const simulated = reads.find((read) => suggestsSimulation(model.variableAt(read)?.name ?? ''));
        const source = operator?.tag ?? (simulated === undefined ? null : model.tagOf(simulated));
        if (source === null) continue;
        findings.push(
          findingAtEvent(guardSimulated, site, event, {
            message: `${signal.tag} (${signal.role}) depends on ${source} and not on its sensor alone: ${sourceText(event)}. Read the sensor; simulate on a copy of the site.`,
            subject: `${signal.location} simulated`,
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** HM02: a number from outside that nobody looks at. */
export const parameterUnchecked: StateRule = {
  kind: 'state',
  code: 'HM02',
  name: 'param-unchecked',
  severity: 'error',
  title: 'A limit from the panel is used without looking at its range',
  rationale:
    'A trip limit that a panel may set to any number is no limit. The program has to hold it within what the risk assessment allows.',
  reference: 'Top 20 Secure PLC Coding Practices, 8 and 12; CWE-20',
  decision: 'dataflow',
  flags: [
    example('the trip limit comes from the panel', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'pressure AT %IW4 : INT;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure < Panel.limit;',
    }),
  ],
  accepts: [
    example('held by LIMIT', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'pressure AT %IW4 : INT; highest : INT;',
      body: 'highest := LIMIT(0, Panel.limit, 200);\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND pressure < highest;',
    }),
    example('a text for the panel', {
      blocks: PANEL,
      signals: OPERATOR,
      variables: 'pressure AT %IW4 : INT; lamp : BOOL;',
      body: 'lamp := pressure > Panel.limit;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const tainted = taintedByOperator(model);
    if (tainted.size === 0) return [];
    const findings: Finding[] = [];
    for (const { part, frame, target } of comparisonsInCone(site)) {
      for (const side of [part.left, part.right]) {
        const place = model.trace.places.placeOf(side, frame);
        const location = place?.locations.find((candidate) => tainted.has(candidate));
        const taint = location === undefined ? undefined : tainted.get(location);
        if (location === undefined || taint === undefined || isHeld(site, location)) continue;
        findings.push(
          findingAt(parameterUnchecked, site, frame.file, part, {
            message: `${taint.operator.tag} can be written by a panel or the network and decides here about ${model.tagOf(target)} without a look at its range. Hold it with LIMIT, or compare it with its bounds first.`,
            subject: `${target.replace(/#\d+/g, '')} ${location}`,
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

/** The number or one of those that it was made from is looked at. */
function isHeld(site: Site, location: string): boolean {
  const model = safetyModelOf(site);
  const tainted = taintedByOperator(model);
  const seen = new Set<string>();
  const queue = [location];
  for (let current = queue.pop(); current !== undefined && seen.size < 20; current = queue.pop()) {
    if (seen.has(current)) continue;
    seen.add(current);
    if (isRangeChecked(model, current)) return true;
    const event = tainted.get(current)?.event;
    for (const source of event?.sources ?? []) if (tainted.has(source)) queue.push(source);
  }
  return false;
}

/** Comparisons of numbers with something that varies, in the logic of a hazard. */
function comparisonsInCone(site: Site): { part: Binary; frame: Frame; target: string }[] {
  const model = safetyModelOf(site);
  const { model: semantics } = site.project;
  const found: { part: Binary; frame: Frame; target: string }[] = [];
  const look = (expression: Expression | null, frame: Frame, target: string): void => {
    if (expression === null) return;
    forEachExpression(expression, (part) => {
      if (part.kind !== 'Binary' || !/^(<|>|<=|>=)$/.test(part.operator)) return;
      if (semantics.constantOf(part.left) !== null || semantics.constantOf(part.right) !== null) return;
      found.push({ part, frame, target });
    });
  };
  for (const event of model.hazardCone.events) {
    look(event.value, event.frame, event.target);
    for (const condition of conditionsAround(event)) look(condition.expression, condition.frame, event.target);
  }
  return found;
}

const STORED_TRIP =
  'edge(CLK := Reset_PB);\nIF NOT EStop_OK OR NOT Guard_Closed THEN tripped := TRUE; ELSIF edge.Q THEN tripped := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;';

/** HM07: an interlock that the network may write. */
export const exposedSafetyVariable: StateRule = {
  kind: 'state',
  code: 'HM07',
  name: 'exposed-safety-var',
  severity: 'error',
  title: 'A safety signal is published for writing',
  rationale:
    'A symbol that OPC UA or a panel may write is one write away from a forced guard, whatever the program does with it.',
  reference: 'Top 20 Secure PLC Coding Practices, 14; IEC 62443-4-2:2019, CR 2.1; CWE-668',
  decision: 'syntax',
  flags: [
    example('a stored trip that the network may clear', {
      variables:
        "{attribute 'OPC.UA.DA' := '1'}\n  {attribute 'OPC.UA.DA.Access' := '3'}\n  tripped : BOOL := TRUE; edge : R_TRIG;",
      body: STORED_TRIP,
    }),
    example('a symbol for reading and writing', {
      variables: "{attribute 'symbol' := 'readwrite'}\n  zoneFree : BOOL;",
      signals: '    - { tag: Main.zoneFree, role: permissive }\n',
      body: 'zoneFree := Guard_Closed;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND zoneFree;',
    }),
    example('OPC UA with access 3', {
      variables: "{attribute 'OPC.UA.DA' := '1'}\n  {attribute 'OPC.UA.DA.Access' := '3'}\n  zoneFree : BOOL;",
      signals: '    - { tag: Main.zoneFree, role: permissive }\n',
      body: 'zoneFree := Guard_Closed;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND zoneFree;',
    }),
  ],
  accepts: [
    example('a stored trip for reading', {
      variables:
        "{attribute 'OPC.UA.DA' := '1'}\n  {attribute 'OPC.UA.DA.Access' := '1'}\n  tripped : BOOL := TRUE; edge : R_TRIG;",
      body: STORED_TRIP,
    }),
    example('for reading', {
      variables: "{attribute 'symbol' := 'read'}\n  zoneFree : BOOL;",
      signals: '    - { tag: Main.zoneFree, role: permissive }\n',
      body: 'zoneFree := Guard_Closed;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND zoneFree;',
    }),
    example('a recipe value for writing', {
      variables: "{attribute 'symbol' := 'readwrite'}\n  speed : INT;",
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const seen = new Set<unknown>();
    const signals = model.signals.flatMap((signal): Finding[] => {
      const symbol = signal.symbol ?? signal.root;
      const isWatched = signal.role !== 'operator' && signal.role !== 'start' && isDeclared(signal);
      if (!isWatched || symbol.site === null || seen.has(symbol)) return [];
      const pragma = symbol.declaration?.pragmas.find(({ text }) => WRITABLE.test(text));
      if (pragma === undefined) return [];
      seen.add(symbol);
      return [
        findingAt(exposedSafetyVariable, site, symbol.site.file, symbol.site.identifier, {
          message: `${signal.tag} (${signal.role}) may be written from outside: {${pragma.text.trim()}}. Publish it for reading only.`,
          subject: signal.location,
        }),
      ];
    });
    const implied = impliedConditions(model);
    const carriers = [...model.hazardCone.locations].sort(compareText).flatMap((location): Finding[] => {
      const symbol = model.variableAt(location);
      if (symbol?.site == null || seen.has(symbol)) return [];
      const pragma = symbol.declaration?.pragmas.find(({ text }) => WRITABLE.test(text));
      const [condition] = [...implied.whenTrue(location), ...implied.whenFalse(location)].filter(isDeclared);
      if (pragma === undefined || condition === undefined) return [];
      seen.add(symbol);
      return [
        findingAt(exposedSafetyVariable, site, symbol.site.file, symbol.site.identifier, {
          message: `${model.tagOf(location)} carries ${condition.tag} (${condition.role}) to a hazard and may be written from outside: {${pragma.text.trim()}}. Publish it for reading only.`,
          subject: location,
        }),
      ];
    });
    return [...signals, ...carriers];
  },
};

const WRITABLE =
  /'symbol'\s*:=\s*'(readwrite|write)'|'OPC\.UA\.DA\.Access'\s*:=\s*'[23]'|ExternalWritable\s*:=\s*'?(True|1)|'opc_prop\[\d+\]'\s*:=\s*'?5\b/i;

/** DP03: the test bench runs the machine. */
export const simulationFlag: StateRule = {
  kind: 'state',
  code: 'DP03',
  name: 'sim-flag',
  severity: 'blocker',
  title: 'A flag for simulation or tests decides about a hazard',
  rationale:
    'What helps at the desk, a simulated sensor or a debug switch, stays in the program and runs the machine one day without what it stands for.',
  reference: 'IEC 61508-3:2010, 7.4.7; ISO 14119:2013, 8',
  decision: 'whole-program',
  flags: [
    example('a simulation instead of the guard', {
      variables: 'bSimulation : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR bSimulation);',
    }),
    example('a debug switch starts', {
      variables: 'debugRun : BOOL;',
      body: 'IF debugRun THEN Motor := TRUE; ELSE Motor := Start_PB AND EStop_OK AND Guard_Closed; END_IF',
    }),
  ],
  accepts: [
    example('compiled out', {
      blocks: 'VAR_GLOBAL CONSTANT\n  SIMULATION : BOOL := FALSE;\nEND_VAR',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR SIMULATION);',
    }),
    example('a simulation that only keeps the output off', {
      variables: 'bSimulation : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT bSimulation;',
    }),
    example('a lamp test', {
      variables: 'lampTest AT %IX1.0 : BOOL; lamp : BOOL;',
      body: 'lamp := lampTest OR Motor;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const event of model.hazardCone.events) {
      const flags = simulationReads(event, site);
      const [flag] = flags;
      if (flag === undefined) continue;
      const hazards = model.hazards.filter(({ location }) => coneTouches(model.coneOf(location), event.target));
      findings.push(
        findingAtEvent(simulationFlag, site, event, {
          message: `${model.tagOf(flag)} is called a simulation or test and decides here about ${hazards[0]?.tag ?? model.tagOf(event.target)}: ${sourceText(event)}. Take it out of the release.`,
          subject: `${event.target.replace(/#\d+/g, '')} ${flag}`,
          isCertainRole: hazards.some((hazard: ResolvedSignal) => isDeclared(hazard)),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** Flags that let something through: plain operands of the value, and conditions that have to hold for it. */
function simulationReads(event: WriteEvent, site: Site): Location[] {
  const model = safetyModelOf(site);
  const isOff = event.value !== null && site.project.model.constantOf(event.value) === false;
  if (isOff || event.kind === 'reset') return [];
  const parts = [{ expression: event.value, frame: event.frame, holds: !event.isNegated }, ...conditionsAround(event)];
  return parts.flatMap(({ expression, frame, holds }) =>
    expression === null
      ? []
      : atomsOf(model.formulaOf(expression, frame), holds).flatMap(({ atom, isPositive }) =>
          isPositive && atom.location !== null && suggestsSimulation(model.variableAt(atom.location)?.name ?? '')
            ? [atom.location]
            : [],
        ),
  );
}
