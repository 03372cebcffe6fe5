import type { Finding } from '../../base/finding.js';
import type { Expression, SourceFile } from '../../language/syntax/tree.js';
import { atomsOf, type Formula, negationNormalForm } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { hazardRequires } from '../boolean/required-literals.js';
import { coneTouches } from '../dataflow/cone.js';
import { mayOverlap } from '../dataflow/location.js';
import { type Condition, conditionsAround, type Frame, type WriteEvent } from '../dataflow/trace.js';
import type { StateRule } from '../rule.js';
import { findingAt, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { isDeclared, type ResolvedSignal } from '../signal-roles.js';
import { example } from './example-machine.js';
import { excerpt, oncePerPlace } from './rule-text.js';

/** DP02: a way around a condition. */
export const bypassOr: StateRule = {
  kind: 'state',
  code: 'DP02',
  name: 'bypass-or',
  severity: 'blocker',
  title: 'A condition can be bypassed by something that is no condition',
  rationale:
    '`guard OR x` is healthy whenever x is TRUE. Unless x is a safety signal itself, an ordinary bit now decides about a safety function.',
  reference: 'ISO 13849-1:2023, 7.4 (no OR of non-safe data with a safety signal)',
  decision: 'dataflow',
  flags: [
    example('an innocent name beside the guard', {
      variables: 'recipeLoaded : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR recipeLoaded);',
    }),
    example('two variables and a block further', {
      blocks:
        'FUNCTION_BLOCK Merge\nVAR_INPUT a : BOOL; b : BOOL; END_VAR\nVAR_OUTPUT q : BOOL; END_VAR\nq := a OR b;\nEND_FUNCTION_BLOCK',
      variables: 'merge1 : Merge; warmUp : BOOL; gate : BOOL;',
      body: 'gate := Guard_Closed;\nmerge1(a := gate, b := warmUp);\nMotor := (Start_PB OR Motor) AND EStop_OK AND merge1.q;',
    }),
    example('in the demand of a stop', {
      variables: 'demand : BOOL; warmUp : BOOL;',
      body: 'demand := NOT Guard_Closed AND NOT warmUp;\nMotor := (Start_PB OR Motor) AND EStop_OK AND NOT demand;',
    }),
    example('in a demand that only comes in one mode', {
      signals: '    - { tag: Main.Ready, role: edm }\n',
      variables: 'Ready AT %IX0.4 : BOOL; automatic : BOOL; late : TON; trip : BOOL := TRUE; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\nlate(IN := automatic AND NOT Ready, PT := T#300ms);\nIF NOT EStop_OK OR NOT Guard_Closed OR late.Q THEN trip := TRUE; ELSIF edge.Q THEN trip := FALSE; END_IF\nMotor := (Start_PB OR Motor) AND NOT trip AND EStop_OK AND Guard_Closed;',
    }),
    example('a missing parenthesis', { body: 'Motor := Start_PB OR Motor AND EStop_OK AND Guard_Closed;' }),
  ],
  accepts: [
    example('seal-in', { body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed;' }),
    example('the enabling switch instead of the guard', {
      variables: 'Enable_Sw AT %IX0.4 : BOOL;',
      signals: '    - { tag: Main.Enable_Sw, role: enabling_switch, zone: other }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND (Guard_Closed OR Enable_Sw);',
    }),
    example('a request that the interlock follows', {
      variables: 'request : BOOL;',
      body: 'request := Start_PB OR Guard_Closed;\nMotor := request AND EStop_OK AND Guard_Closed;',
    }),
    example('an answer that is asked for only while the motor runs', {
      signals: '    - { tag: Main.Ready, role: edm }\n',
      variables: 'Ready AT %IX0.4 : BOOL; run : BOOL; late : TON; trip : BOOL := TRUE; edge : R_TRIG;',
      body: 'edge(CLK := Reset_PB);\nlate(IN := run AND NOT Ready, PT := T#300ms);\nIF NOT EStop_OK OR NOT Guard_Closed OR late.Q THEN trip := TRUE; ELSIF edge.Q THEN trip := FALSE; END_IF\nrun := (Start_PB OR run) AND NOT trip;\nMotor := run AND NOT trip AND EStop_OK AND Guard_Closed;',
    }),
    example('a trip', {
      variables: 'trip : BOOL; hot : BOOL;',
      body: 'trip := NOT Guard_Closed OR hot;\nMotor := Start_PB AND EStop_OK AND Guard_Closed AND NOT trip;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    const implied = impliedConditions(model);
    // Where an engineer has declared the hazards, guesses about further outputs are noise.
    const declared = model.hazards.filter(isDeclared);
    const unprotected = (declared.length > 0 ? declared : model.hazards).map((hazard) => {
      const held = new Set(implied.whenTrue(hazard.location).map((signal) => signal.location));
      return {
        hazard,
        open: new Set(
          model
            .conditionsOf(hazard)
            .filter((signal) => !held.has(signal.location))
            .map((signal) => signal.location),
        ),
      };
    });
    const findings: Finding[] = [];
    if (unprotected.every(({ open }) => open.size === 0)) return [];
    const look = (
      expression: Expression,
      frame: Frame,
      target: string,
      around: readonly ResolvedSignal[],
      sense: boolean,
    ): void => {
      // In the negative sense `NOT guard AND NOT x`, the demand of a stop, is `guard OR x`, its absence.
      const formula = negationNormalForm(model.formulaOf(expression, frame), sense);
      const whole = new Set([...implied.ofFormula(formula), ...around].map((signal) => signal.location));
      for (const { held, other } of alternatives(formula, implied.ofFormula)) {
        const bypassed = held.filter((signal) => !whole.has(signal.location));
        const affected = unprotected.find(
          ({ hazard, open }) =>
            bypassed.some((signal) => open.has(signal.location)) &&
            coneTouches(model.coneOf(hazard.location), target) &&
            !isOffWhile(other, hazard, model),
        );
        const [signal] =
          affected === undefined ? [] : bypassed.filter((candidate) => affected.open.has(candidate.location));
        // A guessed condition says nothing about a declared hazard, nor the other way round.
        if (affected === undefined || signal === undefined || isDeclared(signal) !== isDeclared(affected.hazard))
          continue;
        if (isSelf(other, target) || mentionsCondition(other, model)) continue;
        findings.push(
          findingAt(bypassOr, site, frame.file, expression, {
            message: `"${formulaText(other, frame.file)}" is no condition, and bypasses ${signal.tag} (${signal.role}) for ${affected.hazard.tag}. Take it out, or combine the result with ${signal.tag} once more.`,
            subject: `${signal.location} ${excerpt(frame.file.text.slice(expression.start, expression.end))}`,
            isCertainRole: isDeclared(signal) && isDeclared(affected.hazard),
            witness: { bypass: formulaText(other, frame.file), condition: signal.tag, hazard: affected.hazard.tag },
          }),
        );
      }
    };
    const conditions = new Set<Condition>();
    for (const event of model.hazardCone.events) {
      if (isDemand(event, model)) continue;
      if (event.value !== null) {
        look(event.value, event.frame, event.target, implied.ofContext(event), true);
        look(event.value, event.frame, event.target, [], false);
      }
      for (const condition of conditionsAround(event)) {
        if (condition.expression === null || conditions.has(condition)) continue;
        conditions.add(condition);
        look(condition.expression, condition.frame, event.target, [], condition.holds);
      }
    }
    return oncePerPlace(findings);
  },
};

type Implied = ReturnType<typeof impliedConditions>;

/** Every OR one side of which implies conditions that another side does not. */
function* alternatives(
  formula: Formula,
  ofFormula: Implied['ofFormula'],
): Generator<{ held: readonly ResolvedSignal[]; other: Formula }> {
  if (formula.kind !== 'and' && formula.kind !== 'or') return;
  for (const operand of formula.operands) yield* alternatives(operand, ofFormula);
  if (formula.kind !== 'or') return;
  const sides = formula.operands.map((operand) => ({ operand, implied: ofFormula(operand) }));
  for (const side of sides) {
    if (side.implied.length > 0) continue;
    const held = sides.flatMap((other) => other.implied);
    if (held.length > 0) yield { held, other: side.operand };
  }
}

/** `IF … THEN trip := TRUE`: whatever leads there stops, and an OR in it is one more reason to. */
function isDemand(event: WriteEvent, model: SafetyModel): boolean {
  const value = event.value === null ? null : model.site.project.model.constantOf(event.value);
  if (typeof value !== 'boolean') return false;
  const implied = impliedConditions(model);
  const written = value !== event.isNegated;
  return (written ? implied.whenFalse(event.target) : implied.whenTrue(event.target)).length > 0;
}

/** `motor AND NOT ready` demands nothing while the motor is off, and while it is off nothing has to be demanded. */
function isOffWhile(formula: Formula, hazard: ResolvedSignal, model: SafetyModel): boolean {
  const literal = formula.kind === 'not' ? formula.operand : formula;
  if (literal.kind !== 'atom' || literal.location === null) return false;
  return hazardRequires(model, hazard, { location: literal.location, isPositive: formula.kind === 'not' });
}

/** `x OR …` in the assignment of x: a seal-in, whose conditions stand around it. */
function isSelf(formula: Formula, target: string): boolean {
  return formula.kind === 'atom' && formula.location === target;
}

/** A side that asks a condition in any way was meant as an alternative safety function: the proof decides about it. */
function mentionsCondition(formula: Formula, model: SafetyModel): boolean {
  return atomsOf(formula).some(({ atom }) =>
    atom.reads.some((read) => model.conditions.some((condition) => mayOverlap(condition.location, read))),
  );
}

function formulaText(formula: Formula, file: SourceFile): string {
  switch (formula.kind) {
    case 'constant':
      return formula.value ? 'TRUE' : 'FALSE';
    case 'atom':
      return excerpt(file.text.slice(formula.expression.start, formula.expression.end));
    case 'not':
      return `NOT ${formulaText(formula.operand, file)}`;
    default:
      return formula.operands.map((operand) => formulaText(operand, file)).join(` ${formula.kind.toUpperCase()} `);
  }
}
