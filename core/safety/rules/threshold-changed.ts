import type { Finding } from '../../base/finding.js';
import type { Expression } from '../../language/syntax/tree.js';
import { atomsOf } from '../boolean/formula.js';
import { nameChanges } from '../compare/name-changes.js';
import { type LimitUse, limitUses, timeText } from '../compare/parameters.js';
import { isTokenEqualChange } from '../compare/source-changes.js';
import { isStepVariable } from '../compare/step-variable.js';
import type { WriteEvent } from '../dataflow/trace.js';
import type { ChangeRule } from '../rule.js';
import { findingAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { changeExample } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** TM04: a limit in the logic of a hazard moved. */
export const thresholdChanged: ChangeRule = {
  kind: 'change',
  code: 'TM04',
  name: 'threshold-unsafe-direction',
  severity: 'blocker',
  title: 'A trip limit moved',
  rationale: 'A limit beyond which a hazard is off was moved so that the hazard stays on for longer.',
  reference: 'IEC 61511-1:2016, 11.9; ISO 13849-1:2023, 7.5',
  decision: 'change',
  flags: [
    changeExample('the limit of a permissive rises', limitMachine('250.0'), limitMachine('400.0')),
    changeExample('through a trip', tripMachine('80'), tripMachine('95')),
  ],
  accepts: [
    changeExample('the same limit, turned round', limitMachine('250.0'), {
      ...limitMachine('250.0'),
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed AND 250.0 > speed;',
    }),
    changeExample('a limit of the alarm list', alarmMachine('80'), alarmMachine('90')),
    changeExample('to the safe side', limitMachine('250.0'), limitMachine('200.0')),
  ],
  check(change) {
    if (isTokenEqualChange(change)) return [];
    const before = safetyModelOf(change.before);
    const after = safetyModelOf(change.after);
    const { locationBefore } = nameChanges(change);
    const old = new Map(limitUses(before).map((use) => [use.key, use]));
    const findings: Finding[] = [];
    for (const use of limitUses(after)) {
      const was = old.get(locationBefore(use.key));
      if (was === undefined || String(was.value) === String(use.value)) continue;
      // Steps of a sequence have numbers, not limits.
      if (isStepVariable(after, use.subject)) continue;
      const target = use.key.slice(use.key.indexOf(' -> ') + 4).replace(/ \d+$/, '');
      const sense = limitSense(after, use, target);
      if (sense === 'safe' || sense === 'not-safety') continue;
      const text = (value: bigint | number): string => (use.isTime ? timeText(value) : String(value));
      findings.push(
        findingAt(thresholdChanged, change.after, use.frame.file, use.node, {
          message: `The limit of ${subjectText(after, use)} was ${text(was.value)} and is ${text(use.value)}. It decides about a hazard, and the new value lets it stay on for longer. Restore it.`,
          subject: use.key,
          witness: { before: text(was.value), after: text(use.value) },
        }),
      );
    }
    return oncePerPlace(findings);

    function limitSense(model: SafetyModel, use: LimitUse, target: string): 'safe' | 'unsafe' | 'not-safety' {
      const was = old.get(locationBefore(use.key));
      if (was === undefined) return 'not-safety';
      const rises = use.value > was.value;
      // `x < limit` TRUE permits: a higher limit permits more. In a trip it is the other way round.
      const wider = use.operator.startsWith('<') ? rises : use.operator.startsWith('>') ? !rises : null;
      const permits = senseOfTarget(model, use, target);
      if (permits === null) return 'not-safety';
      if (wider === null) return 'unsafe';
      return wider === permits ? 'unsafe' : 'safe';
    }
  },
};

/** What is compared, as it is written. */
function subjectText(model: SafetyModel, use: LimitUse): string {
  if (model.variableAt(use.subject) !== null) return model.tagOf(use.subject);
  const { node, frame } = use;
  return node.kind === 'Binary' ? `"${excerpt(frame.file.text.slice(node.start, node.end))}"` : use.subject;
}

/** Whether the comparison being TRUE helps the hazard on (true), off (false), or is no direct part of an interlock. */
function senseOfTarget(model: SafetyModel, use: LimitUse, target: string): boolean | null {
  const senses = new Set<boolean>();
  const visit = (location: string, isPositive: boolean, depth: number): void => {
    if (model.hazards.some((hazard) => hazard.location === location)) {
      senses.add(isPositive);
      return;
    }
    if (depth === 0) return;
    for (const event of model.index.readersOf(location)) {
      if (event.target === location || !model.hazardCone.events.has(event)) continue;
      const sense = operandIn(model, event, location);
      if (sense !== null) visit(event.target, sense === isPositive, depth - 1);
    }
  };
  const event = model.trace.writes.find(
    (candidate) =>
      candidate.target.replace(/#\d+/g, '') === target &&
      candidate.frame.file === use.frame.file &&
      contains(candidate, use),
  );
  if (event === undefined) return null;
  const own = senseInExpression(model, event, use);
  if (own === null) return null;
  visit(event.target, own, 6);
  const [only] = senses;
  return senses.size === 1 && only !== undefined ? only : null;
}

function contains(event: WriteEvent, use: LimitUse): boolean {
  if (event.value !== null && event.value.start <= use.node.start && use.node.end <= event.value.end) return true;
  for (let condition = event.condition; condition !== null; condition = condition.outer) {
    const { expression } = condition;
    if (expression !== null && expression.start <= use.node.start && use.node.end <= expression.end) return true;
  }
  return false;
}

/** Sense of the comparison for the target of the event: by its value, or by the constant that is written under it. */
function senseInExpression(model: SafetyModel, event: WriteEvent, use: LimitUse): boolean | null {
  if (event.value !== null && event.value.start <= use.node.start && use.node.end <= event.value.end) {
    return signOf(model, event.value, event.frame, (text) => text === use.node);
  }
  const value = event.value === null ? null : model.site.project.model.constantOf(event.value);
  if (typeof value !== 'boolean') return null;
  for (let condition = event.condition; condition !== null; condition = condition.outer) {
    if (condition.expression === null) continue;
    const sign = signOf(model, condition.expression, condition.frame, (text) => text === use.node);
    if (sign !== null) return (sign === condition.holds) === value;
  }
  return null;
}

function operandIn(model: SafetyModel, event: WriteEvent, location: string): boolean | null {
  if (event.kind === 'library') return true;
  if (event.value !== null && event.sources.includes(location)) {
    const sign = signOf(model, event.value, event.frame, null, location);
    return sign === null ? null : sign !== event.isNegated;
  }
  if (event.value === null && event.sources.includes(location)) return !event.isNegated;
  const value = event.value === null ? null : model.site.project.model.constantOf(event.value);
  if (typeof value !== 'boolean') return null;
  for (let condition = event.condition; condition !== null; condition = condition.outer) {
    if (condition.expression === null || !condition.reads.includes(location)) continue;
    const sign = signOf(model, condition.expression, condition.frame, null, location);
    if (sign !== null) return (sign === condition.holds) === value;
  }
  return null;
}

function signOf(
  model: SafetyModel,
  expression: Expression,
  frame: WriteEvent['frame'],
  isWanted: ((node: unknown) => boolean) | null,
  location?: string,
): boolean | null {
  const formula = model.formulaOf(expression, frame);
  const senses = new Set(
    atomsOf(formula)
      .filter(({ atom }) => (isWanted === null ? atom.location === location : isWanted(unwrapped(atom.expression))))
      .map(({ isPositive }) => isPositive),
  );
  const [only] = senses;
  return senses.size === 1 && only !== undefined ? only : null;
}

function unwrapped(expression: Expression): Expression {
  return expression.kind === 'Parenthesized' ? unwrapped(expression.expression) : expression;
}

function limitMachine(limit: string): Parameters<typeof changeExample>[1] {
  return {
    variables: 'speed AT %ID8 : REAL;',
    body: `Motor := Start_PB AND EStop_OK AND Guard_Closed AND speed < ${limit};`,
  };
}

function tripMachine(limit: string): Parameters<typeof changeExample>[1] {
  return {
    variables: 'temperature AT %IW8 : INT; tooHot : BOOL;',
    body: `tooHot := temperature >= ${limit};\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT tooHot;`,
  };
}

function alarmMachine(limit: string): Parameters<typeof changeExample>[1] {
  return {
    variables: 'temperature AT %IW8 : INT; alarm : BOOL;',
    body: `alarm := temperature >= ${limit};\nMotor := Start_PB AND EStop_OK AND Guard_Closed;`,
  };
}
