import type { Finding } from '../../base/finding.js';
import { keyOf, type PouSymbol } from '../../language/semantics/symbols.js';
import type { Expression } from '../../language/syntax/tree.js';
import { atomsOf, type Formula, negationNormalForm, simplify } from '../boolean/formula.js';
import { impliedConditions } from '../boolean/implied-conditions.js';
import { addressArea, type Location } from '../dataflow/location.js';
import { conditionsAround, type WriteEvent } from '../dataflow/trace.js';
import { codeUnitsOf, forEachExpressionIn, statementListsOf } from '../dataflow/visit.js';
import { rootNodes } from '../program-tree.js';
import type { StateRule } from '../rule.js';
import { findingAt, findingAtEvent, type SafetyModel, safetyModelOf } from '../safety-model.js';
import { pouOf } from '../safety-pous.js';
import { isDeclared } from '../signal-roles.js';
import { example } from './example-machine.js';
import { oncePerPlace, sourceText } from './rule-text.js';

/** IL16: a fault that can never come. */
export const neverWrittenPermissive: StateRule = {
  kind: 'state',
  code: 'IL16',
  name: 'never-written-permissive',
  severity: 'error',
  title: 'A stop or a condition that nothing ever sets',
  rationale:
    'A fault bit that nobody writes is FALSE for ever: the interlock asks it and learns nothing. The code that should set it is missing, or the name is wrong.',
  reference: 'PLCopen Coding Guidelines CP3; CWE-457',
  decision: 'whole-program',
  flags: [
    example('a fault that nothing sets', {
      variables: 'driveFault : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT driveFault;',
    }),
    example('a guard without a terminal', {
      signals: '    - { tag: Main.Rear_Closed, role: guard }\n',
      variables: 'Rear_Closed : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND Rear_Closed;',
    }),
  ],
  accepts: [
    example('a fault that a comparison sets', {
      variables: 'driveFault : BOOL; current AT %IW4 : INT;',
      body: 'driveFault := current > 900;\nMotor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT driveFault;',
    }),
    example('a fault from a terminal', {
      variables: 'driveFault AT %IX2.0 : BOOL;',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT driveFault;',
    }),
    example('a bit of the panel', {
      blocks: 'VAR_GLOBAL\n  Panel_Stop : BOOL;\nEND_VAR',
      signals: '    - { tag: Panel_Stop, role: operator }\n',
      body: 'Motor := (Start_PB OR Motor) AND EStop_OK AND Guard_Closed AND NOT Panel_Stop;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    // A site that maps its terminals outside of the code shows nothing about what is written there.
    if (!hasTerminals(model)) return [];
    const findings: Finding[] = [];
    const reported = new Set<Location>();
    const report = (event: WriteEvent, location: Location, isCertainRole: boolean): void => {
      if (reported.has(location)) return;
      reported.add(location);
      findings.push(
        findingAtEvent(neverWrittenPermissive, site, event, {
          message: `${model.tagOf(location)} is asked here, and nothing ever writes it: it stays ${initialText(model, location)}. Write it where the fault or the condition is seen, or give it its terminal.`,
          subject: location,
          isCertainRole,
        }),
      );
    };
    for (const event of model.hazardCone.events) {
      for (const location of stopsIn(event, model)) if (isNeverWritten(model, location)) report(event, location, true);
      for (const source of event.sources) {
        const condition = model.conditions.find(({ location }) => location === source);
        if (condition !== undefined && isNeverWritten(model, source)) report(event, source, isDeclared(condition));
      }
    }
    return oncePerPlace(findings);
  },
};

function hasTerminals({ site }: SafetyModel): boolean {
  return rootNodes(site.project).some(({ symbol }) => symbol?.location && addressArea(symbol.location.text) === 'I');
}

function initialText(model: SafetyModel, location: Location): string {
  const initializer = model.variableAt(location)?.initializer ?? null;
  const value = initializer === null ? null : model.site.project.model.constantOf(initializer);
  return value === true ? 'TRUE' : 'FALSE';
}

/** BOOL atoms that a write or its conditions ask to be FALSE: what should stop. */
function stopsIn(event: WriteEvent, model: SafetyModel): Location[] {
  const formulas: Formula[] = [];
  const add = (expression: Expression | null, frame: WriteEvent['frame'], holds: boolean): void => {
    if (expression !== null) formulas.push(negationNormalForm(model.formulaOf(expression, frame), holds));
  };
  const isHazard = model.hazards.some(({ location }) => location === event.target);
  if (!isHazard || event.value === null) return [];
  add(event.value, event.frame, !event.isNegated);
  return formulas.flatMap((formula) =>
    atomsOf(formula).flatMap(({ atom, isPositive }) => (isPositive || atom.location === null ? [] : [atom.location])),
  );
}

/** A variable of a program that no code writes and that no terminal, panel or other program can reach. */
function isNeverWritten(model: SafetyModel, location: Location): boolean {
  const variable = model.variableAt(location);
  if (variable === null || variable.scope !== 'local' || variable.isConstant || variable.location !== null)
    return false;
  if (variable.type.kind !== 'elementary' || location.includes('#') || location.includes('[')) return false;
  if (model.signalsAt(location).some(({ role }) => role === 'operator')) return false;
  return model.index.writersOf(location).length === 0 && model.index.sharing(location).length === 0;
}

/** IL17: an interlock that never runs. */
export const unreachableInterlock: StateRule = {
  kind: 'state',
  code: 'IL17',
  name: 'unreachable-interlock',
  severity: 'error',
  title: 'Safety logic that is never run',
  rationale:
    'Code behind an unconditional RETURN, in a branch that a TRUE in front of it takes away, or in a program that no task runs looks like an interlock and is none.',
  reference: 'PLCopen Coding Guidelines CP2; CODESYS SA0001; CWE-561',
  decision: 'dataflow',
  flags: [
    example('behind RETURN', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nRETURN;\nIF NOT Guard_Closed THEN Motor := FALSE; END_IF',
    }),
    example('a program that no task runs', {
      blocks: 'PROGRAM Stops\nIF NOT Main.Guard_Closed THEN Main.Motor := FALSE; END_IF\nEND_PROGRAM',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  accepts: [
    example('RETURN under a condition, behind the interlock', {
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nIF NOT Motor THEN RETURN; END_IF',
    }),
    example('a program that Main calls', {
      blocks: 'PROGRAM Stops\nIF NOT Main.Guard_Closed THEN Main.Motor := FALSE; END_IF\nEND_PROGRAM',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;\nStops();',
    }),
    example('a program without safety that no task runs', {
      blocks: 'PROGRAM Lamps\nVAR lamp : BOOL; END_VAR\nlamp := NOT lamp;\nEND_PROGRAM',
      body: 'Motor := Start_PB AND EStop_OK AND Guard_Closed;',
    }),
  ],
  check(site) {
    const model = safetyModelOf(site);
    return oncePerPlace([...behindExits(model), ...inDeadBranches(model), ...neverRun(model)]);
  },
};

function carriesConditions(model: SafetyModel, event: WriteEvent): boolean {
  const implied = impliedConditions(model);
  return (
    model.hazards.some(({ location }) => location === event.target) ||
    implied.whenTrue(event.target).length > 0 ||
    implied.whenFalse(event.target).length > 0
  );
}

function behindExits(model: SafetyModel): Finding[] {
  const ends = model.trace.exits.filter(
    ({ condition, statement }) => condition === null && statement.kind === 'Return',
  );
  return ends.flatMap((exit) => {
    const skipped = [...model.hazardCone.events]
      .filter(
        ({ frame, order }) =>
          frame.activation === exit.frame.activation &&
          order > exit.order &&
          order <= (model.trace.endOf.get(frame.activation) ?? Number.POSITIVE_INFINITY),
      )
      .sort((a, b) => a.order - b.order)
      .find((event) => carriesConditions(model, event));
    if (skipped === undefined) return [];
    return [
      findingAtEvent(unreachableInterlock, model.site, skipped, {
        message: `"${sourceText(skipped)}" stands behind an unconditional RETURN and is never run. Move it in front, or take it out if it is not needed.`,
        subject: `${skipped.target} behind exit`,
      }),
    ];
  });
}

/** Branches that a literal takes away: ELSIF and ELSE behind IF TRUE. `IF FALSE` is a rule of its own. */
function inDeadBranches(model: SafetyModel): Finding[] {
  return [...model.hazardCone.events].flatMap((event) => {
    const dead = conditionsAround(event).find(({ expression, frame, holds }) => {
      if (expression === null || holds) return false;
      const formula = simplify(model.formulaOf(expression, frame));
      return formula.kind === 'constant' && formula.value && isLiteral(expression);
    });
    if (dead === undefined || !carriesConditions(model, event)) return [];
    return [
      findingAtEvent(unreachableInterlock, model.site, event, {
        message: `"${sourceText(event)}" is never run, because a branch in front of it always holds. Restore the condition of that branch.`,
        subject: `${event.target} dead branch`,
      }),
    ];
  });
}

function isLiteral(expression: Expression): boolean {
  if (expression.kind === 'Parenthesized') return isLiteral(expression.expression);
  if (expression.kind === 'Unary') return isLiteral(expression.operand);
  if (expression.kind === 'Binary') return isLiteral(expression.left) || isLiteral(expression.right);
  return expression.kind === 'Literal';
}

/** Programs that write a hazard, and that neither a task nor a call runs. */
function neverRun(model: SafetyModel): Finding[] {
  const { project } = model.site;
  const running = new Set<PouSymbol>();
  for (const task of project.schedule) for (const { pou } of task.programs) running.add(pou);
  for (const { target } of model.trace.calls) {
    const pou = target === null ? null : pouOf(target);
    if (pou !== null) running.add(pou);
  }
  for (const event of model.trace.writes) {
    const pou = pouOf(event.frame.owner);
    if (pou !== null) running.add(pou);
  }
  const hazards = new Set(model.hazards.filter(isDeclared).map(({ symbol, root }) => symbol ?? root));
  const idle = project.pous.filter(
    (pou) => pou.pouKind === 'program' && pou.declaration !== null && !running.has(pou) && !pou.isLibrary,
  );
  return idle.flatMap((pou) => {
    const file = pou.site?.file;
    if (file === undefined || pou.declaration === null || model.site.libraryPaths.has(file.path)) return [];
    const { declaration } = pou;
    let isAboutHazards = false;
    for (const unit of codeUnitsOf(file)) {
      if (keyOf(unit.name.split('.')[0] ?? '') !== keyOf(pou.name)) continue;
      for (const list of statementListsOf(unit.body)) {
        forEachExpressionIn(list, (expression) => {
          const symbol =
            expression.kind === 'Name' || expression.kind === 'Member' ? project.model.symbolOf(expression) : null;
          if (symbol?.kind === 'variable' && hazards.has(symbol.externalTarget ?? symbol)) isAboutHazards = true;
        });
      }
    }
    if (!isAboutHazards) return [];
    return [
      findingAt(unreachableInterlock, model.site, file, declaration.name, {
        message: `${pou.name} is about a hazardous output, and no task and no call runs it. Schedule or call it, or take it out if it is not needed.`,
        subject: `${keyOf(pou.qualifiedName)} not run`,
      }),
    ];
  });
}
