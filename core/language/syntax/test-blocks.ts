import { closeBlock, openBlock } from './blocks.js';
import { parseLiteral } from './literals.js';
import { parseSection, startsSection } from './sections.js';
import { parseStatements } from './statements.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { TestCase, TestFixture, VariableSection } from './tree.js';

/** The blocks of `*_test.st` files. */

/** True when SETUP, TEARDOWN or TEST starts here. */
export function startsTestFile(p: TokenCursor): boolean {
  return p.kind === Token.SETUP || p.kind === Token.TEARDOWN || p.kind === Token.TEST;
}

export function parseTestBlock(p: TokenCursor): TestFixture | TestCase {
  return p.kind === Token.TEST ? testCase(p) : testFixture(p);
}

function testFixture(p: TokenCursor): TestFixture {
  const { start } = p;
  const isSetup = p.kind === Token.SETUP;
  const closing = isSetup ? Token.END_SETUP : Token.END_TEARDOWN;
  openBlock(p, closing);
  p.advance();
  const sections = parseSections(p);
  const body = parseStatements(p);
  closeBlock(p, closing, isSetup ? 'SETUP' : 'TEARDOWN', start);
  return { kind: 'TestFixture', start, end: p.endFrom(start), phase: isSetup ? 'setup' : 'teardown', sections, body };
}

function testCase(p: TokenCursor): TestCase {
  const { start } = p;
  openBlock(p, Token.END_TEST);
  p.advance();
  const name = testName(p);
  const sections = parseSections(p);
  const body = parseStatements(p);
  closeBlock(p, Token.END_TEST, 'TEST', start);
  return { kind: 'TestCase', start, end: p.endFrom(start), name, sections, body };
}

/** The name stands in single or double quotes; in a dialect of quoted names the double quotes make a name of it. */
function testName(p: TokenCursor): string {
  if (p.kind === Token.String || p.kind === Token.WideString) {
    const { value } = parseLiteral(p);
    return typeof value === 'string' ? value : '';
  }
  if (p.kind === Token.QuotedIdentifier) return p.takeName().name;
  p.reportMissing('PW1003', "the name of the test in quotes, as in TEST 'starts off'");
  return '';
}

function parseSections(p: TokenCursor): VariableSection[] {
  const sections: VariableSection[] = [];
  while (startsSection(p)) sections.push(parseSection(p));
  return sections;
}
