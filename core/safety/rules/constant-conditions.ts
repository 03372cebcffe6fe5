import type { Finding } from '../../base/finding.js';
import type { Expression } from '../../language/syntax/tree.js';
import type { Site } from '../../site/site.js';
import { atomsOf, type Formula, simplify } from '../boolean/formula.js';
import { mayOverlap } from '../dataflow/location.js';
import { type Condition, conditionsAround, type Frame } from '../dataflow/trace.js';
import type { StateRule } from '../rule.js';
import { findingAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { constantAt } from '../safety-pins.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** ES04: an expression that mentions the e-stop and does not depend on it. */
export const estopConstant: StateRule = {
  kind: 'state',
  code: 'ES04',
  name: 'estop-constant',
  severity: 'blocker',
  title: 'An e-stop expression has a constant value',
  rationale:
    '`OR TRUE` beside an e-stop, or `AND FALSE` in a stop request, switches the e-stop off although it still stands in the text.',
  reference: 'ISO 13849-1:2023, 7.4',
  decision: 'dataflow',
  flags: [
    example('OR TRUE', { body: 'Motor := Start_PB AND (EStop_OK OR TRUE) AND Guard_Closed;' }),
    example('OR with a constant that is TRUE', {
      blocks: 'VAR_GLOBAL CONSTANT\n  COMMISSIONING : BOOL := TRUE;\nEND_VAR',
      body: 'Motor := Start_PB AND (EStop_OK OR COMMISSIONING) AND Guard_Closed;',
    }),
    example('in a condition', { body: 'IF EStop_OK OR NOT FALSE THEN Motor := Start_PB AND Guard_Closed; END_IF' }),
  ],
  accepts: [
    example('OR with a signal that varies', {
      variables: 'x : BOOL;',
      body: 'x := Start_PB OR Reset_PB;\nMotor := x AND EStop_OK AND Guard_Closed;',
    }),
    example('a neutral constant', {
      blocks: 'VAR_GLOBAL CONSTANT\n  HAS_OPTION : BOOL := TRUE;\nEND_VAR',
      body: 'Motor := Start_PB AND HAS_OPTION AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check: (site) => constantUses(site, estopConstant, (signal) => signal.role === 'estop'),
};

/** IL06: the same for every other condition. */
export const conditionTautology: StateRule = {
  kind: 'state',
  code: 'IL06',
  name: 'tautology',
  severity: 'blocker',
  title: 'A condition is made ineffective by a constant',
  rationale:
    'A constant beside a guard or another condition is a jumper in code: the condition still stands there and decides nothing.',
  reference: 'ISO 13849-1:2023, 7.4; ISO 14119:2013, 7',
  decision: 'dataflow',
  flags: [
    example('OR TRUE', { body: 'Motor := Start_PB AND EStop_OK AND (TRUE OR Guard_Closed);' }),
    example('a jumper variable that is always TRUE', {
      variables: 'service : BOOL;',
      body: 'service := TRUE;\nMotor := Start_PB AND EStop_OK AND (Guard_Closed OR service);',
    }),
  ],
  accepts: [
    example('a variable that varies', {
      variables: 'both : BOOL;',
      body: 'both := Start_PB OR Reset_PB;\nMotor := both AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check: (site) => constantUses(site, conditionTautology, (signal) => signal.role !== 'estop'),
};

function constantUses(site: Site, rule: StateRule, isWanted: (signal: ResolvedSignal) => boolean): Finding[] {
  const model = safetyModelOf(site);
  const wanted = model.conditions.filter(isWanted);
  const findings: Finding[] = [];
  const look = (expression: Expression | null, frame: Frame, order: number): void => {
    if (expression === null) return;
    const formula = model.formulaOf(expression, frame);
    const before = atomsOf(formula);
    const mentioned = wanted.filter((signal) =>
      before.some(({ atom }) => atom.reads.some((read) => mayOverlap(read, signal.location))),
    );
    if (mentioned.length === 0) return;
    const left = atomsOf(simplify(substituteConstants(formula, model, order)));
    const lost = mentioned.filter(
      (signal) => !left.some(({ atom }) => atom.reads.some((read) => mayOverlap(read, signal.location))),
    );
    const [signal] = lost;
    if (signal === undefined) return;
    const text = excerpt(frame.file.text.slice(expression.start, expression.end));
    findings.push(
      findingAt(rule, site, frame.file, expression, {
        message: `${signal.tag} (${signal.role}) stands in "${text}", but a constant makes it ineffective. Take the constant out.`,
        subject: `${signal.location} ${text}`,
        isCertainRole: isDeclared(signal),
      }),
    );
  };
  const events = new Set(wanted.flatMap((signal) => model.index.readersOf(signal.location)));
  const conditions = new Set<Condition>();
  for (const event of events) {
    look(event.value, event.frame, event.order);
    for (const condition of conditionsAround(event)) {
      if (conditions.has(condition)) continue;
      conditions.add(condition);
      look(condition.expression, condition.frame, event.order);
    }
  }
  return oncePerPlace(findings);
}

/** Replaces variables that always hold one constant at this point of the scan. */
function substituteConstants(formula: Formula, model: SafetyModel, order: number): Formula {
  switch (formula.kind) {
    case 'atom': {
      const value = formula.location === null ? null : constantAt(formula.location, model, order);
      return value === null ? formula : { kind: 'constant', value };
    }
    case 'not':
      return { kind: 'not', operand: substituteConstants(formula.operand, model, order) };
    case 'and':
    case 'or':
      return {
        kind: formula.kind,
        operands: formula.operands.map((operand) => substituteConstants(operand, model, order)),
      };
    default:
      return formula;
  }
}
