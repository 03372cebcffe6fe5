import type { Finding } from '../../base/finding.js';
import type { Case } from '../../language/syntax/tree.js';
import { type Formula, negate, negationNormalForm } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { openHazards } from '../boolean/open-conditions.js';
import { coneTouches } from '../dataflow/cone.js';
import type { Location } from '../dataflow/location.js';
import type { Condition, WriteEvent } from '../dataflow/trace.js';
import type { StateRule } from '../rule.js';
import { allDeclared, findingAt, findingAtEvent, relatedAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { listText, oncePerPlace, sourceText } from './rule-text.js';

/** IL20: in an IF chain the first branch wins. */
export const branchPriority: StateRule = {
  kind: 'state',
  code: 'IL20',
  name: 'branch-priority',
  severity: 'blocker',
  title: 'A request stands in front of the fault that should stop it',
  rationale:
    'Of IF and ELSIF only the first branch that holds is run. While the start request holds, the branch that switches off is never reached.',
  reference: 'IEC 61131-3:2013, 7.3.3.3; ISO 13849-1:2023, 5.2.1',
  decision: 'dataflow',
  flags: [
    example('start before stop', {
      body: 'IF Start_PB THEN\n  Motor := TRUE;\nELSIF NOT EStop_OK OR NOT Guard_Closed THEN\n  Motor := FALSE;\nEND_IF',
    }),
    example('the run request', {
      variables: 'run : BOOL;',
      body: 'IF Start_PB THEN\n  run := TRUE;\nELSIF NOT Guard_Closed THEN\n  run := FALSE;\nEND_IF\nMotor := run AND EStop_OK;',
    }),
  ],
  accepts: [
    example('stop before start', {
      body: 'IF NOT EStop_OK OR NOT Guard_Closed THEN\n  Motor := FALSE;\nELSIF Start_PB THEN\n  Motor := TRUE;\nEND_IF',
    }),
    example('the request asks the conditions itself', {
      body: 'IF Start_PB AND EStop_OK AND Guard_Closed THEN\n  Motor := TRUE;\nELSIF NOT EStop_OK OR NOT Guard_Closed THEN\n  Motor := FALSE;\nEND_IF',
    }),
    example('the output asks the conditions in every scan', {
      variables: 'run : BOOL;',
      body: 'IF Start_PB THEN\n  run := TRUE;\nELSIF NOT Guard_Closed THEN\n  run := FALSE;\nEND_IF\nMotor := run AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const open = openHazards(model);
    if (open.length === 0) return [];
    const findings: Finding[] = [];
    for (const { on, off } of requestsBeforeStops(model)) {
      const affected = open.filter(({ hazard }) => coneTouches(model.coneOf(hazard.location), on.target));
      const [first] = affected;
      if (first === undefined || off.condition === null) continue;
      const asked = new Set(
        [...implied.ofContext(on), ...(on.value === null ? [] : implied.ofExpression(on.value, on.frame))].map(
          ({ location }) => location,
        ),
      );
      const missed = demandOf(off.condition, model).filter(
        ({ location }) => !asked.has(location) && affected.some((entry) => entry.open.has(location)),
      );
      const [signal] = missed;
      if (signal === undefined) continue;
      findings.push(
        findingAtEvent(branchPriority, site, off, {
          message: `${model.tagOf(on.target)} is switched off here when ${listText(missed.map(({ tag }) => tag))} is lost, but the branch in front of it, "${sourceText(on)}", wins as long as its own condition holds. Put the branch that stops first.`,
          subject: `${on.target} ${signal.location}`,
          related: [relatedAt(site, on.frame.file, on.node, 'this branch wins')],
          isCertainRole: allDeclared(signal, first.hazard),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** Writes of one target in two arms of one IF: an earlier one that switches on, a later one that switches off. */
function requestsBeforeStops(model: SafetyModel): { on: WriteEvent; off: WriteEvent }[] {
  const pairs: { on: WriteEvent; off: WriteEvent }[] = [];
  const known = new Map<string, WriteEvent[]>();
  for (const event of [...model.hazardCone.events].sort((a, b) => a.order - b.order)) {
    const { branch } = event;
    if (branch === null || !('kind' in branch.statement) || branch.statement.kind !== 'If') continue;
    const key = `${branch.activation} ${branch.statement.start} ${event.frame.file.path} ${event.target}`;
    const earlier = known.get(key) ?? [];
    if (constantOf(event, model) === false)
      for (const on of earlier)
        if (constantOf(on, model) !== false && (on.branch?.arm ?? 0) < branch.arm) pairs.push({ on, off: event });
    known.set(key, [...earlier, event]);
  }
  return pairs;
}

function constantOf(event: WriteEvent, model: SafetyModel): boolean | null {
  if (event.kind === 'set') return true;
  if (event.kind === 'reset') return false;
  const value = event.value === null ? null : model.site.project.model.constantOf(event.value);
  return typeof value === 'boolean' ? value !== event.isNegated : null;
}

/** The conditions on whose loss a branch is taken: those that its condition would imply if it were FALSE. */
function demandOf(condition: Condition, model: SafetyModel): readonly ResolvedSignal[] {
  if (condition.expression === null || !condition.holds) return [];
  return impliedConditions(model).ofFormula(negate(model.formulaOf(condition.expression, condition.frame)));
}

/** IL24: a seal-in contact on the wrong side of the interlock. */
export const permissiveSelfHold: StateRule = {
  kind: 'state',
  code: 'IL24',
  name: 'permissive-self-hold',
  severity: 'error',
  title: 'A self-hold lies outside of the interlock',
  rationale:
    'AND binds stronger than OR: without parentheses only one side of the OR is interlocked, and the other one starts or holds the output without it.',
  reference: 'PLCopen Coding Guidelines L15; IEC 61131-3:2013, table 71',
  decision: 'dataflow',
  flags: [
    example('the start is not interlocked', { body: 'Motor := Start_PB OR Motor AND EStop_OK AND Guard_Closed;' }),
    example('the self-hold is not interlocked', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed OR Motor AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('parentheses around start and self-hold', {
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;',
    }),
    example('both sides are interlocked', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed OR Motor AND EStop_OK AND Guard_Closed;',
    }),
    example('a run request that the output interlocks', {
      variables: 'run : BOOL;',
      body: 'run := Start_PB OR run AND EStop_OK;\nMotor := run AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    const open = openHazards(model);
    if (open.length === 0) return [];
    const findings: Finding[] = [];
    for (const event of model.hazardCone.events) {
      if (event.value === null || !event.sources.includes(event.target)) continue;
      const affected = open.filter(({ hazard }) => coneTouches(model.coneOf(hazard.location), event.target));
      if (affected.length === 0) continue;
      const formula = negationNormalForm(model.formulaOf(event.value, event.frame), !event.isNegated);
      const whole = new Set(implied.ofFormula(formula).map(({ location }) => location));
      const uneven = unevenSides(formula, event.target, implied.ofFormula).filter(
        ({ location }) => !whole.has(location) && affected.some((entry) => entry.open.has(location)),
      );
      const [signal] = uneven;
      if (signal === undefined) continue;
      findings.push(
        findingAtEvent(permissiveSelfHold, site, event, {
          message: `Start and self-hold of ${model.tagOf(event.target)} do not ask the same: ${listText(uneven.map(({ tag }) => tag))} stands on one side of the OR only. Put start and self-hold in parentheses, and the interlock outside of them.`,
          subject: `${event.target} self-hold`,
          isCertainRole: isDeclared(signal),
        }),
      );
    }
    return oncePerPlace(findings);
  },
};

/** Conditions that one side of an OR implies and another does not, where one of the sides is the self-hold. */
function unevenSides(
  formula: Formula,
  target: Location,
  impliedBy: (part: Formula) => readonly ResolvedSignal[],
): ResolvedSignal[] {
  if (formula.kind !== 'and' && formula.kind !== 'or') return [];
  const inner = formula.operands.flatMap((operand) => unevenSides(operand, target, impliedBy));
  if (formula.kind !== 'or' || !formula.operands.some((operand) => holds(operand, target))) return inner;
  const sides = formula.operands.map(impliedBy);
  const uneven = sides.flat().filter((signal) => !sides.every((side) => side.includes(signal)));
  return [...inner, ...new Set(uneven)];
}

/** The target itself, or a conjunction with it. */
function holds(formula: Formula, target: Location): boolean {
  if (formula.kind === 'atom') return formula.location === target;
  return formula.kind === 'and' && formula.operands.some((operand) => holds(operand, target));
}

/** IL21: a state that nobody thought of. */
export const caseNoSafeElse: StateRule = {
  kind: 'state',
  code: 'IL21',
  name: 'case-no-safe-else',
  severity: 'error',
  title: 'A CASE that drives a hazard has no ELSE',
  rationale:
    'A step number that no branch names, after a download, a wrong index or a disturbed memory, leaves every output of the sequence as it was.',
  reference: 'PLCopen Coding Guidelines L17; CODESYS SA0075 to SA0078; IEC 61508-7:2010, C.2.5',
  decision: 'dataflow',
  flags: [
    example('a sequence that writes the output', {
      variables: 'step : INT;',
      body: 'CASE step OF\n  0: Motor := FALSE; IF Start_PB THEN step := 1; END_IF\n  1: Motor := EStop_OK AND Guard_Closed;\nEND_CASE',
    }),
    example('a member of the enumeration is missing', {
      blocks: 'TYPE E_Step : (Idle, Run, Stop); END_TYPE',
      variables: 'step : E_Step;',
      body: 'CASE step OF\n  E_Step.Idle: Motor := FALSE; IF Start_PB THEN step := E_Step.Run; END_IF\n  E_Step.Run: Motor := EStop_OK AND Guard_Closed;\nEND_CASE',
    }),
  ],
  accepts: [
    example('ELSE switches off', {
      variables: 'step : INT;',
      body: 'CASE step OF\n  0: Motor := FALSE; IF Start_PB THEN step := 1; END_IF\n  1: Motor := EStop_OK AND Guard_Closed;\nELSE\n  step := 0;\n  Motor := FALSE;\nEND_CASE',
    }),
    example('every member of the enumeration', {
      blocks: 'TYPE E_Step : (Idle, Run); END_TYPE',
      variables: 'step : E_Step;',
      body: 'CASE step OF\n  E_Step.Idle: Motor := FALSE; IF Start_PB THEN step := E_Step.Run; END_IF\n  E_Step.Run: Motor := EStop_OK AND Guard_Closed;\nEND_CASE',
    }),
    example('a default in front', {
      variables: 'step : INT;',
      body: 'Motor := FALSE;\nCASE step OF\n  0: IF Start_PB THEN step := 1; END_IF\n  1: Motor := EStop_OK AND Guard_Closed;\nEND_CASE',
    }),
    example('texts for a display', {
      variables: 'step : INT; text : STRING;',
      body: "CASE step OF\n  0: text := 'idle';\n  1: text := 'run';\nEND_CASE\nMotor := Start_PB AND EStop_OK AND Guard_Closed;",
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const findings: Finding[] = [];
    for (const hazard of model.hazards) {
      const writes = model.index.writersOf(hazard.location);
      for (const event of writes) {
        const { branch } = event;
        if (branch === null || !('kind' in branch.statement) || branch.statement.kind !== 'Case') continue;
        const statement = branch.statement;
        if (statement.otherwise !== null || coversEnumeration(statement, model)) continue;
        const isDefaulted = writes.some(
          (other) => other.order < event.order && other.condition === null && other.guard === null && other.isCertain,
        );
        const isOverridden = writes.some(
          (other) => other.order > event.order && other.condition === null && other.guard === null && other.isCertain,
        );
        if (isDefaulted || isOverridden) continue;
        const selector = event.frame.file.text.slice(statement.selector.start, statement.selector.end);
        findings.push(
          findingAt(caseNoSafeElse, site, event.frame.file, statement.selector, {
            message: `CASE ${selector} writes ${hazard.tag} and has no ELSE: any other value of ${selector} leaves the output as it was. Add an ELSE that switches off and goes back to the start.`,
            subject: `${hazard.location} case`,
            isCertainRole: isDeclared(hazard),
          }),
        );
      }
    }
    return oncePerPlace(findings);
  },
};

function coversEnumeration(statement: Case, model: SafetyModel): boolean {
  const semantics = model.site.project.model;
  const type = semantics.typeOf(statement.selector);
  if (type.kind !== 'enum') return false;
  const named = new Set<bigint>();
  for (const label of statement.branches.flatMap(({ labels }) => labels)) {
    const [low, high] = [label.lower, label.upper ?? label.lower].map((end) => semantics.constantOf(end));
    if (typeof low !== 'bigint' || typeof high !== 'bigint') return false;
    for (const value of type.values.values()) if (low <= value && value <= high) named.add(value);
  }
  return [...type.values.values()].every((value) => named.has(value));
}
