/** Statements of the symbolic scan. RETURN, EXIT, CONTINUE and jumps are conditions under which the rest is skipped. */

import { type Type, UNKNOWN_TYPE } from '../language/semantics/types.js';
import type {
  Assignment,
  Case,
  CaseBranch,
  ConditionalBranch,
  Statement,
  StatementList,
} from '../language/syntax/tree.js';
import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { aliveOf, flagsOf, jumpFlag, returnFlag } from './control-flow.js';
import { addressOf } from './expressions.js';
import { executeLoop } from './loops.js';
import type { Frame, Machine } from './machine.js';
import { leavesOf, lose, readPlace, readReference, writePlace, writeReference } from './memory-access.js';
import { converted, operate } from './operators.js';
import { referWithoutFollowing } from './places.js';
import { type Choice, isChoice } from './terms.js';
import { isBooleanType, isScalarType } from './value-types.js';

export function executeList(machine: Machine, list: StatementList, frame: Frame): void {
  executeFrom(machine, list.statements, 0, frame);
}

function executeFrom(machine: Machine, statements: readonly Statement[], start: number, frame: Frame): void {
  for (let index = start; index < statements.length; index++) {
    const statement = statements[index];
    if (statement === undefined) return;
    const alive = aliveOf(machine, frame);
    if (alive !== TRUE) {
      skipUnless(machine, alive, statements, index, frame);
      return;
    }
    machine.spend();
    executeStatement(machine, statement, frame);
  }
}

/** Executes the rest under `alive`; a label on the way brings jumps to it back to life. */
function skipUnless(
  machine: Machine,
  alive: Literal,
  statements: readonly Statement[],
  index: number,
  frame: Frame,
): void {
  const { environment, terms } = machine;
  const label = statements.findIndex((each, at) => at >= index && each.kind === 'Label');
  const until = label < 0 ? statements.length : label;
  if (alive !== FALSE && until > index) {
    const layer = environment.branch(() => {
      for (const flag of flagsOf(machine, frame)) environment.write(flag, FALSE);
      executeFrom(machine, statements.slice(0, until), index, frame);
    });
    environment.merge(terms, [{ guard: alive, layer }]);
  }
  const target = statements[label];
  if (target?.kind !== 'Label') return;
  environment.write(jumpFlag(frame, target.name.name), FALSE);
  executeFrom(machine, statements, label + 1, frame);
}

/** Runs a body in an activation of its own: its RETURN does not reach the caller. */
export function executeBody(machine: Machine, list: StatementList, frame: Frame): void {
  machine.environment.write(returnFlag(frame), FALSE);
  executeList(machine, list, frame);
  if (machine.jumpFlagsOf(frame).some((flag) => machine.environment.read(flag) !== FALSE)) {
    machine.assumptions.add('a jump backwards or into a block is taken at most once');
  }
  machine.environment.write(returnFlag(frame), FALSE);
}

function executeStatement(machine: Machine, statement: Statement, frame: Frame): void {
  switch (statement.kind) {
    case 'Assignment':
      executeAssignment(machine, statement, frame);
      return;
    case 'CallStatement':
      if (statement.expression.kind === 'Call') machine.invoke(statement.expression, frame);
      else machine.evaluate(statement.expression, frame);
      return;
    case 'If':
      executeIf(machine, statement.branches, 0, statement.otherwise, frame);
      return;
    case 'Case':
      executeCase(machine, statement, frame);
      return;
    case 'For':
    case 'While':
    case 'Repeat':
      executeLoop(machine, statement, frame);
      return;
    case 'Exit':
    case 'Continue':
      if (frame.loop !== null) machine.environment.write(`#${frame.loop}.${statement.kind.toUpperCase()}`, TRUE);
      return;
    case 'Return':
      if (statement.value !== null && frame.result !== null) {
        const place = machine.cells.get(frame.result);
        const value = machine.evaluate(statement.value, frame);
        if (place !== undefined) writePlace(machine, place, converted(machine, value, place.type));
      }
      machine.environment.write(returnFlag(frame), TRUE);
      return;
    case 'Goto':
      machine.noteJump(frame, jumpFlag(frame, statement.label.name));
      machine.environment.write(jumpFlag(frame, statement.label.name), TRUE);
      return;
    case 'Region':
      executeList(machine, statement.body, frame);
      return;
    case 'ErrorStatement':
      machine.assumptions.add('statements that could not be parsed change nothing');
      machine.unreadable.add(frame.pou.qualifiedName);
      return;
    case 'Label':
    case 'EmptyStatement':
    case 'Mock':
      return;
  }
}

function executeIf(
  machine: Machine,
  branches: readonly ConditionalBranch[],
  index: number,
  otherwise: StatementList | null,
  frame: Frame,
): void {
  const branch = branches[index];
  if (branch === undefined) {
    if (otherwise !== null) executeList(machine, otherwise, frame);
    return;
  }
  const { environment, terms } = machine;
  const condition = terms.asLiteral(machine.evaluate(branch.condition, frame));
  if (condition === TRUE) {
    executeList(machine, branch.body, frame);
    return;
  }
  if (condition === FALSE) {
    executeIf(machine, branches, index + 1, otherwise, frame);
    return;
  }
  const whenTrue = environment.branch(() => executeList(machine, branch.body, frame));
  const whenFalse = environment.branch(() => executeIf(machine, branches, index + 1, otherwise, frame));
  environment.merge(terms, [
    { guard: condition, layer: whenTrue },
    { guard: TRUE, layer: whenFalse },
  ]);
}

function executeCase(machine: Machine, statement: Case, frame: Frame): void {
  const { environment, terms } = machine;
  const selector = terms.asChoice(machine.evaluate(statement.selector, frame));
  const arms = statement.branches.flatMap((branch) => {
    const guard = matchOf(machine, branch, selector, frame);
    if (guard === FALSE) return [];
    return [{ guard, layer: environment.branch(() => executeList(machine, branch.body, frame)) }];
  });
  const otherwise = statement.otherwise;
  if (otherwise !== null)
    arms.push({ guard: TRUE, layer: environment.branch(() => executeList(machine, otherwise, frame)) });
  environment.merge(terms, arms);
}

function matchOf(machine: Machine, branch: CaseBranch, selector: Choice, frame: Frame): Literal {
  const { terms } = machine;
  let guard = FALSE;
  for (const { lower, upper } of branch.labels) {
    const low = terms.asChoice(machine.evaluate(lower, frame));
    const hit =
      upper === null
        ? terms.equal(selector, low, 'integer')
        : terms.circuit.and(
            terms.lessOrEqual(low, selector, 'integer'),
            terms.lessOrEqual(selector, terms.asChoice(machine.evaluate(upper, frame)), 'integer'),
          );
    guard = terms.circuit.or(guard, hit);
  }
  return guard;
}

function executeAssignment(machine: Machine, statement: Assignment, frame: Frame): void {
  const { terms, model } = machine;
  const symbol = model.symbolOf(statement.target);
  if (statement.operator === 'REF=') {
    const address = addressOf(machine, statement.value, frame);
    writeReference(machine, referWithoutFollowing(machine, statement.target, frame), address);
    return;
  }
  if (symbol?.kind === 'property' && statement.target.kind !== 'Index') {
    const owner = statement.target.kind === 'Member' ? statement.target.object : null;
    const instance = owner === null ? selfOf(machine, frame) : machine.refer(owner, frame);
    machine.writeProperty(symbol, instance, machine.evaluate(statement.value, frame), frame);
    return;
  }
  const type: Type = model.typeOf(statement.target);
  if (!isScalarType(type)) {
    copyAggregate(machine, statement, frame);
    return;
  }
  if (type.kind === 'interface' || statement.operator === '?=') {
    const source = model.typeOf(statement.value);
    const value =
      source.kind === 'pou' ? addressOf(machine, statement.value, frame) : machine.evaluate(statement.value, frame);
    writeReference(machine, referWithoutFollowing(machine, statement.target, frame), value);
    return;
  }
  const value = machine.evaluate(statement.value, frame);
  const target = machine.refer(statement.target, frame);
  switch (statement.operator) {
    case 'S=':
      writeReference(
        machine,
        target,
        terms.circuit.or(terms.asLiteral(readReference(machine, target)), terms.asLiteral(value)),
      );
      return;
    case 'R=':
      writeReference(
        machine,
        target,
        terms.circuit.and(terms.asLiteral(readReference(machine, target)), not(terms.asLiteral(value))),
      );
      return;
    case '+=':
    case '-=':
    case '*=':
    case '/=':
      writeReference(
        machine,
        target,
        operate(machine, statement.operator.charAt(0), readReference(machine, target), value, type, type),
      );
      return;
    default:
      writeReference(machine, target, isBooleanType(type) || isChoice(value) ? converted(machine, value, type) : value);
  }
}

function selfOf(machine: Machine, frame: Frame): ReturnType<Machine['refer']> {
  return machine.refer({ kind: 'Self', which: 'THIS', start: 0, end: 0 }, frame);
}

/** Structures, arrays and instances are copied cell by cell. */
function copyAggregate(machine: Machine, statement: Assignment, frame: Frame): void {
  const source = machine.refer(statement.value, frame);
  const target = machine.refer(statement.target, frame);
  const [from] = source.alternatives;
  const [to] = target.alternatives;
  const isPlain = source.alternatives.length === 1 && target.alternatives.length === 1 && source.unknown === FALSE;
  if (isPlain && from !== undefined && to !== undefined && from.place.part === null && to.place.part === null) {
    const sources = leavesOf(machine, from.place);
    const values = sources.map((leaf) => readPlace(machine, leaf));
    const targets = leavesOf(machine, to.place);
    if (targets.length === sources.length && targets.length > 0) {
      targets.forEach((leaf, index) => {
        const value = values[index];
        if (value === undefined) return;
        writeReference(
          machine,
          { alternatives: [{ guard: to.guard, place: leaf }], unknown: FALSE, label: leaf.path, type: leaf.type },
          value,
        );
      });
      return;
    }
  }
  machine.assumptions.add('some structures are copied without knowing their content');
  for (const { place } of target.alternatives)
    lose(machine, place.type.kind === 'unknown' ? { ...place, type: UNKNOWN_TYPE } : place, []);
}
