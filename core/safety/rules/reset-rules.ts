import type { Finding } from '../../base/finding.js';
import { type Formula, negationNormalForm } from '../boolean/formula.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import { type Condition, conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import { roleOfName, wordsOf } from '../role-names.js';
import type { StateRule } from '../rule.js';
import { isSafetyBlock, safetyBlockOf } from '../safety-blocks.js';
import { findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isConstantTrue, type Pin, pinOf, pinWritesOf } from '../safety-pins.js';
import { isDeclared } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

const LATCH = `IF NOT (EStop_OK AND Guard_Closed) THEN
  tripped := TRUE;
ELSIF RESET THEN
  tripped := FALSE;
END_IF
Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;`;

/** ES08: a reset acts on its edge. */
export const resetLevel: StateRule = {
  kind: 'state',
  code: 'ES08',
  name: 'reset-level',
  severity: 'error',
  title: 'The reset acts on its level, not on its edge',
  rationale:
    'A reset button that is stuck or taped down resets by itself as soon as the demand is gone. Only an edge shows that a person acted.',
  reference: 'ISO 13849-1:2023, 5.2.2 (manual reset function); PLCopen Safety part 1, Reset',
  decision: 'dataflow',
  flags: [
    example('the button itself resets the latch', {
      variables: 'tripped : BOOL := TRUE;',
      body: LATCH.replace('RESET', 'Reset_PB'),
    }),
    example('through a copy and a block', {
      variables: 'tripped : BOOL := TRUE; quit : BOOL; latch : RS;',
      body: 'quit := Reset_PB;\nlatch(SET := NOT (EStop_OK AND Guard_Closed), RESET1 := quit);\ntripped := latch.Q1;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT tripped;',
    }),
  ],
  accepts: [
    example('R_TRIG', {
      variables: 'tripped : BOOL := TRUE; edge : R_TRIG;',
      body: `edge(CLK := Reset_PB);\n${LATCH.replace('RESET', 'edge.Q')}`,
    }),
    example('edge by a memory of the last scan', {
      variables: 'tripped : BOOL := TRUE; last : BOOL;',
      body: `${LATCH.replace('RESET', 'Reset_PB AND NOT last')}\nlast := Reset_PB;`,
    }),
    example('a lamp that shows the button', {
      variables: 'lamp : BOOL;',
      body: 'lamp := Reset_PB;\nMotor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace(
      model.signals
        .filter((signal) => signal.role === 'reset')
        .flatMap((signal) =>
          levelUses(model, signal.location).map((event) =>
            findingAtEvent(resetLevel, site, event, {
              message: `${signal.tag} resets by its level here: ${sourceText(event)}. Detect its rising edge (R_TRIG), so that a stuck button can't reset.`,
              subject: `${signal.location} ${event.target}`,
              isCertainRole: isDeclared(signal),
            }),
          ),
        ),
    );
  },
};

/** Events in the cone of a hazard that a stuck reset button would keep triggering. */
function levelUses(model: SafetyModel, reset: Location): WriteEvent[] {
  const aliases = new Set<Location>([reset]);
  const memories = new Set<Location>();
  const levels = new Set<WriteEvent>();
  const queue: Location[] = [reset];
  const formula = (condition: Pick<Condition, 'expression' | 'frame'>): Formula | null =>
    condition.expression === null ? null : model.formulaOf(condition.expression, condition.frame);
  const follow = (location: Location): void => {
    if (aliases.has(location)) return;
    aliases.add(location);
    queue.push(location);
  };
  // Copies first: `last := Reset` is the memory of an edge, wherever it stands.
  for (const event of model.index.readersOf(reset)) if (isCopyOf(event, reset, model)) memories.add(event.target);
  for (let alias = queue.pop(); alias !== undefined; alias = queue.pop()) {
    for (const event of model.index.readersOf(alias)) if (isCopyOf(event, alias, model)) memories.add(event.target);
    for (const event of model.index.readersOf(alias)) {
      const inValue = event.value === null ? null : model.formulaOf(event.value, event.frame);
      const isRead = inValue !== null && hasLevel(inValue, aliases, memories);
      const isCondition = conditionsAround(event).some((condition) => {
        const part = formula(condition);
        return part !== null && condition.holds && hasLevel(part, aliases, memories);
      });
      if (!isRead && !isCondition) continue;
      if (event.kind === 'input') {
        const pin = pinOf(event.target, model);
        if (pin === null || pin.isUserBlock) {
          if (isRead && model.variableAt(event.target)?.edge === null) follow(event.target);
        } else if (pin.type === 'SR' || pin.type === 'RS') {
          if (isRead) levels.add(event);
        } else if (pin.type.startsWith('TO') || pin.type.startsWith('TP')) follow(`${pin.instance}.Q`);
        continue;
      }
      const isStateful =
        isCondition || event.kind === 'set' || event.kind === 'reset' || event.sources.includes(event.target);
      if (isStateful) levels.add(event);
      else if (isRead && event.target !== alias) follow(event.target);
    }
  }
  return [...levels].filter((event) => coneTouches(model.hazardCone, event.target)).sort((a, b) => a.order - b.order);
}

function isCopyOf(event: WriteEvent, location: Location, model: SafetyModel): boolean {
  if (event.kind !== 'assign' || event.value === null || event.condition !== null) return false;
  const formula = model.formulaOf(event.value, event.frame);
  return formula.kind === 'atom' && formula.location === location;
}

/** True when an alias stands in the formula in its positive sense and is not one half of an edge. */
function hasLevel(formula: Formula, aliases: ReadonlySet<Location>, memories: ReadonlySet<Location>): boolean {
  const visit = (part: Formula): boolean => {
    if (part.kind === 'atom') return part.location !== null && aliases.has(part.location);
    if (part.kind === 'and') {
      const isEdge = part.operands.some(
        (operand) =>
          operand.kind === 'not' &&
          operand.operand.kind === 'atom' &&
          operand.operand.location !== null &&
          memories.has(operand.operand.location),
      );
      return !isEdge && part.operands.some(visit);
    }
    return part.kind === 'or' && part.operands.some(visit);
  };
  return visit(negationNormalForm(formula));
}

/** ES09: a reset that nobody has to press. */
export const autoReset: StateRule = {
  kind: 'state',
  code: 'ES09',
  name: 'auto-reset',
  severity: 'error',
  title: 'A safety block resets by itself',
  rationale:
    'With S_AutoReset or S_StartReset the machine may start as soon as the guard closes or power returns. Both are allowed only where nobody can stand inside.',
  reference: 'PLCopen Safety part 1, S_StartReset and S_AutoReset; ISO 13849-1:2023, 5.2.2',
  decision: 'dataflow',
  flags: [
    example('S_AutoReset is TRUE', {
      inputType: 'SAFEBOOL',
      variables: 'guard : SF_GuardMonitoring;',
      body: 'guard(Activate := TRUE, S_GuardSwitch1 := Guard_Closed, S_GuardSwitch2 := Guard_Closed, DiscrepancyTime := T#100ms, S_AutoReset := SAFEBOOL#TRUE, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND guard.S_GuardMonitoring;',
    }),
    example('the reset of a block of one’s own is tied', {
      blocks:
        'FUNCTION_BLOCK Pair\nVAR_INPUT a : BOOL; b : BOOL; ack : BOOL; END_VAR\nVAR_OUTPUT ok : BOOL; bad : BOOL; END_VAR\nIF a XOR b THEN bad := TRUE; ELSIF ack THEN bad := FALSE; END_IF\nok := a AND b AND NOT bad;\nEND_FUNCTION_BLOCK',
      variables: 'pair : Pair;',
      body: 'pair(a := Guard_Closed, b := EStop_OK, ack := TRUE);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND pair.ok;',
    }),
    example('a timer presses the reset', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop; clock : TON;',
      body: 'clock(IN := NOT clock.Q, PT := T#5s);\nestop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := clock.Q);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  accepts: [
    example('a person resets', {
      inputType: 'SAFEBOOL',
      variables: 'estop : SF_EmergencyStop;',
      body: 'estop(Activate := TRUE, S_EStopIn := EStop_OK, Reset := Reset_PB);\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND estop.S_EStopOut;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const { pin, event } of pinWritesOf(model)) {
      const why = automaticReason(pin, event, model);
      if (why === null) continue;
      findings.push(
        findingAtEvent(autoReset, site, event, {
          message: `${why} at ${model.tagOf(pin.instance)} (${pin.type}). Wire a reset button and keep automatic reset FALSE, unless nobody can be inside.`,
          subject: `${event.target} ${sourceText(event)}`,
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** The reset pin of a block of the plant's own, whose block decides about a hazard. */
function isTiedReset(pin: Pin, event: WriteEvent, model: SafetyModel): boolean {
  const isReset = roleOfName(pin.name) === 'reset' || wordsOf(pin.name).includes('ack');
  return isReset && isConstantTrue(event, model) && coneTouches(model.hazardCone, pin.instance);
}

function automaticReason(pin: Pin, event: WriteEvent, model: SafetyModel): string | null {
  const isCertified = isSafetyBlock(pin.type);
  const isReset = pin.name === 'RESET' || pin.name === 'ACK';
  const words = wordsOf(pin.name.replace(/AUTORESET/, 'auto_reset').replace(/STARTRESET/, 'start_reset'));
  const isAutomaticPin = isCertified
    ? (safetyBlockOf(pin.type)?.automaticReset ?? ['S_STARTRESET', 'S_AUTORESET']).includes(pin.name)
    : words.includes('reset') &&
      (words.includes('auto') || words.includes('start')) &&
      coneTouches(model.hazardCone, pin.instance);
  if (isAutomaticPin && isConstantTrue(event, model)) return `${pin.name} is TRUE`;
  if (!isCertified) return isTiedReset(pin, event, model) ? `${pin.name} is always TRUE` : null;
  if (!isReset) return null;
  if (isConstantTrue(event, model)) return `${pin.name} is always TRUE`;
  const fromTimer = event.sources.find((source) => {
    const origin = pinOf(source, model);
    return origin !== null && origin.name === 'Q' && /^(L?TON|L?TOF|L?TP|BLINK)/.test(origin.type);
  });
  return fromTimer === undefined ? null : `${pin.name} comes from a timer`;
}
