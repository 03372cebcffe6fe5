import { closeBlock, openBlock } from './blocks.js';
import { parseExpression } from './expressions.js';
import { parseStatements } from './statements.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Action, Expression, Identifier, SfcActionAssociation, SfcBody, SfcStep, SfcTransition } from './tree.js';

/** True when an SFC element in text starts here. */
export function startsSfc(p: TokenCursor): boolean {
  switch (p.kind) {
    case Token.INITIAL_STEP:
    case Token.STEP:
      return p.isName(1) && p.kindAt(2) === Token.Colon;
    case Token.TRANSITION:
      return p.kindAt(1) === Token.FROM || p.isName(1) || p.kindAt(1) === Token.LeftParenthesis;
    default:
      return false;
  }
}

/** Steps, transitions and actions in any order. */
export function parseSfc(p: TokenCursor): SfcBody {
  const { start } = p;
  const steps: SfcStep[] = [];
  const transitions: SfcTransition[] = [];
  const actions: Action[] = [];
  p.requireFeature('sfc', p);
  for (;;) {
    if (p.kind === Token.ACTION && p.isName(1)) actions.push(parseAction(p));
    else if (!startsSfc(p)) break;
    else if (p.kind === Token.TRANSITION) transitions.push(transition(p));
    else steps.push(step(p));
  }
  return { kind: 'SfcBody', start, end: p.endFrom(start), steps, transitions, actions };
}

/** `ACTION name: … END_ACTION`. */
export function parseAction(p: TokenCursor): Action {
  const { start } = p;
  openBlock(p, Token.END_ACTION);
  p.advance();
  const name = p.expectName('the name of an action');
  p.accept(Token.Colon);
  const body = startsSfc(p) ? parseSfc(p) : parseStatements(p);
  closeBlock(p, Token.END_ACTION, 'ACTION', start);
  p.accept(Token.Semicolon);
  return { kind: 'Action', start, end: p.endFrom(start), name, body };
}

function step(p: TokenCursor): SfcStep {
  const { start } = p;
  const isInitial = p.kind === Token.INITIAL_STEP;
  openBlock(p, Token.END_STEP);
  p.advance();
  const name = p.expectName('the name of a step');
  p.expect(Token.Colon, 'PW1003', "':' after the name of the step");
  const associations: SfcActionAssociation[] = [];
  while (p.isName()) associations.push(association(p));
  closeBlock(p, Token.END_STEP, 'STEP', start);
  p.accept(Token.Semicolon);
  return { kind: 'SfcStep', start, end: p.endFrom(start), name, isInitial, associations };
}

/** `Action(N);`, `Action(D, T#5s);`. */
function association(p: TokenCursor): SfcActionAssociation {
  const { start } = p;
  const action = p.takeName();
  let qualifier: string | null = null;
  let time: Expression | null = null;
  if (p.accept(Token.LeftParenthesis)) {
    if (p.isName()) qualifier = p.takeName().name.toUpperCase();
    while (p.accept(Token.Comma)) {
      const value = parseExpression(p);
      time ??= value;
    }
    p.expect(Token.RightParenthesis, 'PW1003', "')' after the qualifier of the action");
  }
  p.expect(Token.Semicolon, 'PW1005', "';' after the action of the step");
  return { kind: 'SfcActionAssociation', start, end: p.endFrom(start), action, qualifier, time };
}

function transition(p: TokenCursor): SfcTransition {
  const { start } = p;
  openBlock(p, Token.END_TRANSITION);
  p.advance();
  const name = p.kind !== Token.FROM && p.isName() ? p.takeName() : null;
  const priority = p.kind === Token.LeftParenthesis ? transitionPriority(p) : null;
  const from = p.expect(Token.FROM, 'PW1003', 'FROM and a step') ? stepNames(p) : [];
  const to = p.expect(Token.TO, 'PW1003', 'TO and a step') ? stepNames(p) : [];
  p.expect(Token.Assign, 'PW1003', "':=' and the condition of the transition");
  const condition = parseExpression(p);
  p.accept(Token.Semicolon);
  closeBlock(p, Token.END_TRANSITION, 'TRANSITION', start);
  p.accept(Token.Semicolon);
  return { kind: 'SfcTransition', start, end: p.endFrom(start), name, priority, from, to, condition };
}

/** `(PRIORITY := 1)`. */
function transitionPriority(p: TokenCursor): Expression {
  p.advance();
  p.expectName('PRIORITY');
  p.expect(Token.Assign, 'PW1003', "':=' and the priority");
  const value = parseExpression(p);
  p.expect(Token.RightParenthesis, 'PW1003', "')' after the priority");
  return value;
}

function stepNames(p: TokenCursor): Identifier[] {
  if (!p.accept(Token.LeftParenthesis)) return [p.expectName('the name of a step')];
  const names = [p.expectName('the name of a step')];
  while (p.accept(Token.Comma)) names.push(p.expectName('the name of a step'));
  p.expect(Token.RightParenthesis, 'PW1003', "')' after the names of the steps");
  return names;
}
