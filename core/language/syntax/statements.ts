import { assignmentOperatorAt, isAssignable, takeAssignmentOperator } from './assignment-operators.js';
import { closeBlock, isClosingKeyword, openBlock } from './blocks.js';
import { startsCaseLabel } from './case-labels.js';
import { exactList } from './exact-list.js';
import { parseAssignedValue, parseBinary, parseExpression, parseOpenArguments, parsePostfix } from './expressions.js';
import { isLiteralToken } from './literals.js';
import { isHeadOfBlock, lacksOpeningParenthesis } from './lookahead.js';
import { readAsKeyword, readAsStatementKeyword } from './misspellings.js';
import {
  errorStatement,
  exceptionBlock,
  jumpStatement,
  label,
  mockStatement,
  returnStatement,
  simpleStatement,
  strayKeyword,
} from './plain-statements.js';
import { endBlockStatement, endStatement, endsStatements, isPouEnd, skipLine } from './statement-ends.js';
import { FIRST_KEYWORD, keywordText, Token } from './token.js';
import { MAXIMUM_NESTING, type TokenCursor } from './token-cursor.js';
import type {
  AssignmentOperator,
  Case,
  CaseBranch,
  CaseLabel,
  ConditionalBranch,
  Expression,
  For,
  If,
  Region,
  Repeat,
  Statement,
  StatementList,
  While,
} from './tree.js';

/** Statements up to a keyword that ends the block around them, which is not taken. */
export function parseStatements(p: TokenCursor): StatementList {
  return statementsUntil(p, endsStatements);
}

function statementsUntil(p: TokenCursor, isEnd: (p: TokenCursor) => boolean): StatementList {
  const statements: Statement[] = [];
  while (!isEnd(p)) {
    const before = p.index;
    // Which statements run is not known here: whoever follows the values must not go on as if all of them did.
    const condition = p.undecidedCondition;
    if (condition !== null)
      statements.push({ kind: 'ErrorStatement', start: condition.start, end: condition.start + 1 });
    statements.push(parseStatement(p));
    if (p.index === before) statements.push(errorStatement(p));
  }
  const first = statements[0];
  const last = statements[statements.length - 1];
  if (first === undefined || last === undefined)
    return { kind: 'StatementList', start: p.previousEnd, end: p.previousEnd, statements: exactList(statements) };
  return {
    kind: 'StatementList',
    start: first.start,
    end: Math.max(last.end, first.end),
    statements: exactList(statements),
  };
}

function parseStatement(p: TokenCursor): Statement {
  const { start } = p;
  if (p.kind === Token.Identifier) readAsStatementKeyword(p);
  if (p.depth >= MAXIMUM_NESTING) {
    p.report('PW1013', p, `The code nests deeper than ${MAXIMUM_NESTING} levels. Split it.`);
    while (!isPouEnd(p.kind) && p.kind !== Token.End) p.advance();
    p.silence();
    return { kind: 'ErrorStatement', start, end: p.endFrom(start) };
  }
  p.depth++;
  const statement = statementWithin(p, start);
  p.depth--;
  return statement;
}

function statementWithin(p: TokenCursor, start: number): Statement {
  if (p.kind >= FIRST_KEYWORD && p.kindAt(1) === Token.Assign && !p.isName()) return expressionStatement(p);
  switch (p.kind) {
    case Token.Semicolon:
      p.advance();
      return { kind: 'EmptyStatement', start, end: p.endFrom(start) };
    case Token.IF:
      return ifStatement(p);
    case Token.CASE:
      return caseStatement(p);
    case Token.FOR:
      return forStatement(p);
    case Token.WHILE:
      return whileStatement(p);
    case Token.REPEAT:
      return repeatStatement(p);
    case Token.EXIT:
      return simpleStatement(p, 'Exit');
    case Token.CONTINUE:
      if (!isUsedAsName(p)) return simpleStatement(p, 'Continue');
      break;
    case Token.RETURN:
      return returnStatement(p);
    case Token.JMP:
    case Token.GOTO:
      if (p.isName(1)) return jumpStatement(p);
      break;
    case Token.REGION:
      if (!isUsedAsName(p)) return region(p);
      break;
    case Token.MOCK:
    case Token.MOCK_FUNCTION:
      if (p.isName(1)) return mockStatement(p);
      break;
  }
  if (p.kind === Token.Identifier && p.isWord(0, '__TRY')) return exceptionBlock(p);
  if (p.isName() && p.kindAt(1) === Token.Colon) return label(p);
  if (p.kind >= FIRST_KEYWORD && !p.isName() && !isLiteralToken(p.kind) && p.kind !== Token.NOT) return strayKeyword(p);
  return expressionStatement(p);
}

function isUsedAsName(p: TokenCursor): boolean {
  const next = p.kindAt(1);
  return (
    (next >= Token.Assign && next <= Token.Arrow) ||
    next === Token.Dot ||
    next === Token.LeftBracket ||
    next === Token.LeftParenthesis
  );
}

// ---------------------------------------------------------------------------------------------- assignments and calls

function expressionStatement(p: TokenCursor): Statement {
  const { start } = p;
  if (p.kind === Token.NOT) return afterExpression(p, parseExpression(p));
  const target = parsePostfix(p);
  const operator = p.startsNewStatementLine ? null : assignmentOperatorAt(p);
  if (operator !== null) return assignment(p, target, operator);
  if (target.kind === 'ErrorExpression') {
    p.advance();
    skipLine(p);
    p.accept(Token.Semicolon);
    return { kind: 'ErrorStatement', start, end: p.endFrom(start) };
  }
  if (p.kind === Token.Equal && isAssignable(target) && !isHeadOfBlock(p)) return comparedInsteadOfAssigned(p, target);
  if (lacksOpeningParenthesis(p) && isAssignable(target)) return callWithoutParenthesis(p, target);
  const expression = parseBinary(p, target, 1);
  if (!p.startsNewStatementLine && assignmentOperatorAt(p) === ':=') return assignment(p, expression, ':=');
  return afterExpression(p, expression);
}

function afterExpression(p: TokenCursor, expression: Expression): Statement {
  const { start } = expression;
  switch (p.kind) {
    case Token.THEN:
      reportMissingHead(p, expression, 'IF');
      openBlock(p, Token.END_IF);
      return ifFrom(p, start, branchFrom(p, start, expression));
    case Token.DO:
      reportMissingHead(p, expression, 'WHILE');
      return whileFrom(p, start, expression);
    case Token.OF:
      reportMissingHead(p, expression, 'CASE');
      return caseFrom(p, start, expression);
  }
  endStatement(p);
  return { kind: 'CallStatement', start, end: p.endFrom(start), expression };
}

/** The keyword before an expression that THEN, DO or OF follows. */
function reportMissingHead(p: TokenCursor, head: Expression, keyword: string): void {
  p.report('PW1003', { start: head.start, end: head.start + 1 }, `Expected ${keyword} before this.`);
}

/** `timer` and `IN := start, PT := T#1s);` in the next line, or in this one. */
function callWithoutParenthesis(p: TokenCursor, callee: Expression): Statement {
  const { start } = callee;
  p.report('PW1003', { start: callee.end - 1, end: callee.end }, "Expected '(' before the arguments of the call.");
  const list = parseOpenArguments(p);
  const expression: Expression = { kind: 'Call', start, end: p.endFrom(start), callee, arguments: list };
  endStatement(p);
  return { kind: 'CallStatement', start, end: p.endFrom(start), expression };
}

function assignment(p: TokenCursor, target: Expression, operator: AssignmentOperator): Statement {
  if (!isAssignable(target) && target.kind !== 'ErrorExpression') {
    p.note(
      'PW1016',
      target,
      'Nothing can be assigned to this expression: write a variable before the assignment operator.',
    );
  }
  takeAssignmentOperator(p, operator);
  const value = parseAssignedValue(p);
  if (p.kind === Token.TO && operator === ':=') {
    reportMissingHead(p, target, 'FOR');
    return forFrom(p, target.start, target, value);
  }
  endStatement(p);
  return { kind: 'Assignment', start: target.start, end: p.endFrom(target.start), target, operator, value };
}

function comparedInsteadOfAssigned(p: TokenCursor, target: Expression): Statement {
  p.report('PW1011', p, "'=' compares. Write ':=' to assign.", { start: p.start, end: p.end, text: ':=' });
  p.advance();
  const value = parseExpression(p);
  endStatement(p);
  return { kind: 'Assignment', start: target.start, end: p.endFrom(target.start), target, operator: ':=', value };
}

// ---------------------------------------------------------------------------------------------- control structures

/** A condition; `:=` in it is read as the comparison that was meant. */
function condition(p: TokenCursor): Expression {
  const left = parseExpression(p);
  if (p.kind !== Token.Assign || p.isFirstOnLine) return left;
  p.report('PW1011', p, "':=' assigns. Write '=' to compare.", { start: p.start, end: p.end, text: '=' });
  p.advance();
  const right = parseExpression(p);
  return { kind: 'Binary', start: left.start, end: Math.max(left.end, right.end), operator: '=', left, right };
}

/** THEN, DO or OF after the head of a block. When it is missing, the rest of the line is not lost. */
function expectAfterHead(p: TokenCursor, keyword: number): void {
  if (p.accept(keyword) || (readAsKeyword(p, [keyword]) && p.accept(keyword))) return;
  const at = p.previousEnd;
  p.reportMissing('PW1003', keywordText(keyword), { start: at, end: at, text: ` ${keywordText(keyword)}` });
  if (p.isFirstOnLine || p.kind === Token.End || isClosingKeyword(p.kind)) return;
  while (p.kind !== keyword && !p.isFirstOnLine && p.kind !== Token.End) p.advance();
  if (!p.accept(keyword)) p.silence();
}

function ifStatement(p: TokenCursor): If {
  const { start } = p;
  openBlock(p, Token.END_IF);
  return ifFrom(p, start, conditionalBranch(p));
}

/** What follows the first branch of an IF, whose block is open. */
function ifFrom(p: TokenCursor, start: number, first: ConditionalBranch): If {
  const branches = [first];
  while (p.kind === Token.ELSIF) branches.push(conditionalBranch(p));
  let otherwise: StatementList | null = null;
  if (p.accept(Token.ELSE)) {
    otherwise = parseStatements(p);
    while (p.kind === Token.ELSE || p.kind === Token.ELSIF) misplacedElse(p);
  }
  if (closeBlock(p, Token.END_IF, 'IF', start)) endBlockStatement(p);
  else p.accept(Token.Semicolon);
  return { kind: 'If', start, end: p.endFrom(start), branches: exactList(branches), otherwise };
}

/** ELSE or ELSIF after the ELSE of the same IF: unless it belongs to a CASE around it. */
function misplacedElse(p: TokenCursor): void {
  p.report('PW1015', p, `'${p.textAt(0)}' after ELSE: an IF has one ELSE, and it stands last.`);
  if (p.kind === Token.ELSIF) conditionalBranch(p);
  else {
    p.advance();
    parseStatements(p);
  }
}

function conditionalBranch(p: TokenCursor): ConditionalBranch {
  const { start } = p;
  p.advance();
  return branchFrom(p, start, condition(p));
}

function branchFrom(p: TokenCursor, start: number, test: Expression): ConditionalBranch {
  expectAfterHead(p, Token.THEN);
  const body = parseStatements(p);
  return { kind: 'ConditionalBranch', start, end: p.endFrom(start), condition: test, body };
}

function forStatement(p: TokenCursor): For {
  const { start } = p;
  p.advance();
  const variable = parsePostfix(p);
  if (p.kind === Token.Equal) {
    p.report('PW1011', p, "'=' compares. Write ':=' to give the first value of the loop.");
    p.advance();
  } else p.expect(Token.Assign, 'PW1003', "':=' and the first value of the loop");
  return forFrom(p, start, variable, parseExpression(p));
}

function forFrom(p: TokenCursor, start: number, variable: Expression, from: Expression): For {
  openBlock(p, Token.END_FOR);
  p.expect(Token.TO, 'PW1003', 'TO and the last value of the loop');
  const to = parseExpression(p);
  const by = p.accept(Token.BY) ? parseExpression(p) : null;
  expectAfterHead(p, Token.DO);
  const body = parseStatements(p);
  if (closeBlock(p, Token.END_FOR, 'FOR', start)) endBlockStatement(p);
  else p.accept(Token.Semicolon);
  return { kind: 'For', start, end: p.endFrom(start), variable, from, to, by, body };
}

function whileStatement(p: TokenCursor): While {
  const { start } = p;
  p.advance();
  return whileFrom(p, start, condition(p));
}

function whileFrom(p: TokenCursor, start: number, test: Expression): While {
  openBlock(p, Token.END_WHILE);
  expectAfterHead(p, Token.DO);
  const body = parseStatements(p);
  if (closeBlock(p, Token.END_WHILE, 'WHILE', start)) endBlockStatement(p);
  else p.accept(Token.Semicolon);
  return { kind: 'While', start, end: p.endFrom(start), condition: test, body };
}

function repeatStatement(p: TokenCursor): Repeat {
  const { start } = p;
  openBlock(p, Token.END_REPEAT);
  p.advance();
  const body = parseStatements(p);
  const hasUntil = p.expect(Token.UNTIL, 'PW1003', `UNTIL for the REPEAT in line ${p.lineOf(start)}`);
  const until = hasUntil ? condition(p) : p.missingExpression();
  p.accept(Token.Semicolon);
  if (closeBlock(p, Token.END_REPEAT, 'REPEAT', start)) endBlockStatement(p);
  else p.accept(Token.Semicolon);
  return { kind: 'Repeat', start, end: p.endFrom(start), body, until };
}

/** `REGION name` up to the end of the line is free text. */
function region(p: TokenCursor): Region {
  const { start, end } = p;
  p.requireFeature('regions', p);
  openBlock(p, Token.END_REGION);
  p.advance();
  const lineEnd = endOfLine(p.text, end);
  while (p.kind !== Token.End && p.start < lineEnd) p.advance();
  p.noteFreeText(end, lineEnd);
  const name = p.text.slice(end, lineEnd).trim();
  const body = parseStatements(p);
  closeBlock(p, Token.END_REGION, 'REGION', start);
  p.accept(Token.Semicolon);
  return { kind: 'Region', start, end: Math.max(p.previousEnd, body.end), name, body };
}

export function endOfLine(text: string, offset: number): number {
  for (let at = offset; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

// ---------------------------------------------------------------------------------------------- CASE

function caseStatement(p: TokenCursor): Case {
  const { start } = p;
  p.advance();
  return caseFrom(p, start, parseExpression(p));
}

function caseFrom(p: TokenCursor, start: number, selector: Expression): Case {
  openBlock(p, Token.END_CASE);
  expectAfterHead(p, Token.OF);
  p.accept(Token.Semicolon);
  const branches: CaseBranch[] = [];
  while (startsCaseLabel(p)) branches.push(caseBranch(p));
  if (!endsStatements(p)) {
    p.report(
      'PW1003',
      p,
      `Expected a label such as '1:' in the CASE in line ${p.lineOf(start)}, found ${p.describe()}.`,
    );
    statementsUntil(p, endsCaseBranch);
    while (startsCaseLabel(p)) branches.push(caseBranch(p));
  }
  const otherwise = p.accept(Token.ELSE) ? caseElse(p) : null;
  if (closeBlock(p, Token.END_CASE, 'CASE', start)) endBlockStatement(p);
  else p.accept(Token.Semicolon);
  return { kind: 'Case', start, end: p.endFrom(start), selector, branches: exactList(branches), otherwise };
}

/** Some authors write a colon after ELSE. */
function caseElse(p: TokenCursor): StatementList {
  p.accept(Token.Colon);
  return parseStatements(p);
}

function caseBranch(p: TokenCursor): CaseBranch {
  const before = p.start;
  const labels = [caseLabel(p)];
  while (p.accept(Token.Comma)) labels.push(caseLabel(p));
  p.expect(Token.Colon, 'PW1003', "':' after the label of the CASE");
  const body = statementsUntil(p, endsCaseBranch);
  // What looks like a label need not be one: a "#" alone is read by nobody.
  if (p.start === before) p.advance();
  const start = labels[0]?.start ?? body.start;
  return { kind: 'CaseBranch', start, end: p.endFrom(start), labels, body };
}

function caseLabel(p: TokenCursor): CaseLabel {
  const lower = parseExpression(p);
  const upper = p.accept(Token.DotDot) ? parseExpression(p) : null;
  return { kind: 'CaseLabel', start: lower.start, end: Math.max(lower.end, upper?.end ?? 0), lower, upper };
}

function endsCaseBranch(p: TokenCursor): boolean {
  return startsCaseLabel(p) || endsStatements(p);
}
