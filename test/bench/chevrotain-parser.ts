import { createToken, EmbeddedActionsParser, EOF, type IToken, Lexer, type TokenType } from 'chevrotain';

/**
 * The yardstick of docs/decisions/0001: a parser for a part of Structured Text (POU with VAR sections, assignment, call,
 * IF, CASE, FOR, expressions) as chevrotain's manual advises for speed: offsets only, optimised lexer, one identifier
 * token with keywords retagged by a map, embedded actions that build a tree, error recovery on.
 */

const WORDS = [
  'FUNCTION_BLOCK',
  'END_FUNCTION_BLOCK',
  'PROGRAM',
  'END_PROGRAM',
  'VAR',
  'VAR_INPUT',
  'VAR_OUTPUT',
  'END_VAR',
  'IF',
  'THEN',
  'ELSIF',
  'ELSE',
  'END_IF',
  'CASE',
  'OF',
  'END_CASE',
  'FOR',
  'TO',
  'BY',
  'DO',
  'END_FOR',
  'OR',
  'XOR',
  'AND',
  'NOT',
  'MOD',
  'TRUE',
  'FALSE',
] as const;

type Word = (typeof WORDS)[number];

const blank = createToken({ name: 'Blank', pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED, line_breaks: true });
const lineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\r\n]*/, group: 'comments' });
const blockComment = createToken({
  name: 'BlockComment',
  pattern: /\(\*[\s\S]*?\*\)/,
  group: 'comments',
  line_breaks: true,
});
const identifier = createToken({ name: 'Identifier', pattern: /[A-Za-z_][A-Za-z0-9_]*/ });
const time = createToken({ name: 'Time', pattern: /[tT](?:[iI][mM][eE])?#[0-9a-zA-Z_.]+/ });
const real = createToken({ name: 'Real', pattern: /[0-9][0-9_]*\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?/ });
const integer = createToken({ name: 'Integer', pattern: /[0-9][0-9_]*(?:#[0-9A-Fa-f_]+)?/ });
const text = createToken({ name: 'Text', pattern: /'(?:\$.|[^'$\r\n])*'/ });
const symbol = (name: string, pattern: string): TokenType => createToken({ name, pattern });
const assign = symbol('Assign', ':=');
const arrow = symbol('Arrow', '=>');
const notEqual = symbol('NotEqual', '<>');
const lessEqual = symbol('LessEqual', '<=');
const greaterEqual = symbol('GreaterEqual', '>=');
const less = symbol('Less', '<');
const greater = symbol('Greater', '>');
const equal = symbol('Equal', '=');
const plus = symbol('Plus', '+');
const minus = symbol('Minus', '-');
const power = symbol('Power', '**');
const times = symbol('Times', '*');
const divide = symbol('Divide', '/');
const open = symbol('Open', '(');
const close = symbol('Close', ')');
const openBracket = symbol('OpenBracket', '[');
const closeBracket = symbol('CloseBracket', ']');
const comma = symbol('Comma', ',');
const semicolon = symbol('Semicolon', ';');
const colon = symbol('Colon', ':');
const dotDot = symbol('DotDot', '..');
const dot = symbol('Dot', '.');

const keywords = new Map<string, TokenType>(
  WORDS.map((word) => [word, createToken({ name: word, pattern: Lexer.NA })]),
);
const keyword = (word: Word): TokenType => keywords.get(word) ?? identifier;

const scanned = [
  blank,
  lineComment,
  blockComment,
  time,
  identifier,
  real,
  integer,
  text,
  assign,
  arrow,
  notEqual,
  lessEqual,
  greaterEqual,
  less,
  greater,
  equal,
  plus,
  minus,
  power,
  times,
  divide,
  open,
  close,
  openBracket,
  closeBracket,
  comma,
  semicolon,
  colon,
  dotDot,
  dot,
];

const lexer = new Lexer(scanned, { ensureOptimizations: true, positionTracking: 'onlyOffset' });

/** The tokens of a text, keywords retagged. */
export function chevrotainTokens(source: string): IToken[] {
  const { tokens } = lexer.tokenize(source);
  for (const token of tokens) {
    if (token.tokenType !== identifier) continue;
    const type = keywords.get(token.image.toUpperCase());
    if (type === undefined) continue;
    token.tokenType = type;
    token.tokenTypeIdx = type.tokenTypeIdx ?? token.tokenTypeIdx;
  }
  return tokens;
}

interface Node {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly (Node | string)[];
}

const startOf = (token: IToken): number => token.startOffset;
/** While chevrotain records the grammar, tokens have no text. */
const endOf = (token: Partial<IToken>): number => (token.startOffset ?? 0) + (token.image ?? '').length;

function node(kind: string, start: number, end: number, children: readonly (Node | string)[]): Node {
  return { kind, start, end, children };
}

class SubsetParser extends EmbeddedActionsParser {
  constructor() {
    super([...scanned, ...keywords.values()], { recoveryEnabled: true, maxLookahead: 2 });
    this.performSelfAnalysis();
  }

  readonly file = this.RULE('file', (): Node => {
    const children: Node[] = [];
    this.MANY(() => {
      children.push(this.SUBRULE(this.pou));
    });
    return node('File', 0, 0, children);
  });

  isAtEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  private readonly pou = this.RULE('pou', (): Node => {
    const children: Node[] = [];
    const first = this.OR1([
      { ALT: () => this.CONSUME(keyword('PROGRAM')) },
      { ALT: () => this.CONSUME(keyword('FUNCTION_BLOCK')) },
    ]);
    const name = this.CONSUME(identifier);
    this.MANY1(() => {
      children.push(this.SUBRULE(this.section));
    });
    children.push(this.SUBRULE(this.statements));
    const last = this.OR2([
      { ALT: () => this.CONSUME(keyword('END_PROGRAM')) },
      { ALT: () => this.CONSUME(keyword('END_FUNCTION_BLOCK')) },
    ]);
    return node('Pou', startOf(first), endOf(last), [name.image, ...children]);
  });

  private readonly section = this.RULE('section', (): Node => {
    const children: Node[] = [];
    const first = this.OR([
      { ALT: () => this.CONSUME(keyword('VAR')) },
      { ALT: () => this.CONSUME(keyword('VAR_INPUT')) },
      { ALT: () => this.CONSUME(keyword('VAR_OUTPUT')) },
    ]);
    this.MANY(() => {
      children.push(this.SUBRULE(this.variable));
    });
    const last = this.CONSUME(keyword('END_VAR'));
    return node('Section', startOf(first), endOf(last), children);
  });

  private readonly variable = this.RULE('variable', (): Node => {
    const names: Node[] = [];
    let initial: Node | null = null;
    this.AT_LEAST_ONE_SEP({
      SEP: comma,
      DEF: () => {
        const name = this.CONSUME(identifier);
        names.push(node('Identifier', startOf(name), endOf(name), [name.image]));
      },
    });
    this.CONSUME(colon);
    const type = this.CONSUME2(identifier);
    this.OPTION(() => {
      this.CONSUME(assign);
      initial = this.SUBRULE(this.expression);
    });
    const last = this.CONSUME(semicolon);
    return node('Variable', names[0]?.start ?? 0, endOf(last), [
      ...names,
      type.image,
      ...(initial === null ? [] : [initial]),
    ]);
  });

  private readonly statements = this.RULE('statements', (): Node => {
    const list: Node[] = [];
    this.MANY(() => {
      list.push(this.SUBRULE(this.statement));
    });
    return node('Statements', list[0]?.start ?? 0, list[list.length - 1]?.end ?? 0, list);
  });

  private readonly statement = this.RULE(
    'statement',
    (): Node =>
      this.OR([
        { ALT: () => this.SUBRULE(this.ifStatement) },
        { ALT: () => this.SUBRULE(this.caseStatement) },
        { ALT: () => this.SUBRULE(this.forStatement) },
        { ALT: () => this.SUBRULE(this.assignmentOrCall) },
      ]),
  );

  private readonly ifStatement = this.RULE('ifStatement', (): Node => {
    const children: Node[] = [];
    const first = this.CONSUME(keyword('IF'));
    children.push(this.SUBRULE1(this.expression));
    this.CONSUME1(keyword('THEN'));
    children.push(this.SUBRULE1(this.statements));
    this.MANY(() => {
      this.CONSUME(keyword('ELSIF'));
      children.push(this.SUBRULE2(this.expression));
      this.CONSUME2(keyword('THEN'));
      children.push(this.SUBRULE2(this.statements));
    });
    this.OPTION(() => {
      this.CONSUME(keyword('ELSE'));
      children.push(this.SUBRULE3(this.statements));
    });
    this.CONSUME(keyword('END_IF'));
    const last = this.CONSUME(semicolon);
    return node('If', startOf(first), endOf(last), children);
  });

  private readonly caseStatement = this.RULE('caseStatement', (): Node => {
    const children: Node[] = [];
    const first = this.CONSUME(keyword('CASE'));
    children.push(this.SUBRULE(this.expression));
    this.CONSUME(keyword('OF'));
    this.AT_LEAST_ONE(() => {
      const label = this.CONSUME(integer);
      this.CONSUME(colon);
      const body = this.SUBRULE1(this.statements);
      children.push(node('Branch', startOf(label), body.end, [label.image, body]));
    });
    this.OPTION(() => {
      this.CONSUME(keyword('ELSE'));
      children.push(this.SUBRULE2(this.statements));
    });
    this.CONSUME(keyword('END_CASE'));
    const last = this.CONSUME(semicolon);
    return node('Case', startOf(first), endOf(last), children);
  });

  private readonly forStatement = this.RULE('forStatement', (): Node => {
    const children: Node[] = [];
    const first = this.CONSUME(keyword('FOR'));
    const variable = this.CONSUME(identifier);
    this.CONSUME(assign);
    children.push(this.SUBRULE1(this.expression));
    this.CONSUME(keyword('TO'));
    children.push(this.SUBRULE2(this.expression));
    this.OPTION(() => {
      this.CONSUME(keyword('BY'));
      children.push(this.SUBRULE3(this.expression));
    });
    this.CONSUME(keyword('DO'));
    children.push(this.SUBRULE(this.statements));
    this.CONSUME(keyword('END_FOR'));
    const last = this.CONSUME(semicolon);
    return node('For', startOf(first), endOf(last), [variable.image, ...children]);
  });

  private readonly assignmentOrCall = this.RULE('assignmentOrCall', (): Node => {
    const target = this.SUBRULE(this.operand);
    let value: Node | null = null;
    this.OPTION(() => {
      this.CONSUME(assign);
      value = this.SUBRULE(this.expression);
    });
    const last = this.CONSUME(semicolon);
    return node(
      value === null ? 'Call' : 'Assignment',
      target.start,
      endOf(last),
      value === null ? [target] : [target, value],
    );
  });

  private readonly expression = this.RULE('expression', (): Node => this.SUBRULE(this.disjunction));

  private readonly disjunction = this.RULE('disjunction', (): Node => {
    let left = this.SUBRULE1(this.conjunction);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(keyword('OR')) },
        { ALT: () => this.CONSUME(keyword('XOR')) },
      ]);
      const right = this.SUBRULE2(this.conjunction);
      left = node('Binary', left.start, right.end, [operator.image, left, right]);
    });
    return left;
  });

  private readonly conjunction = this.RULE('conjunction', (): Node => {
    let left = this.SUBRULE1(this.comparison);
    this.MANY(() => {
      const operator = this.CONSUME(keyword('AND'));
      const right = this.SUBRULE2(this.comparison);
      left = node('Binary', left.start, right.end, [operator.image, left, right]);
    });
    return left;
  });

  private readonly comparison = this.RULE('comparison', (): Node => {
    let left = this.SUBRULE1(this.sum);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(equal) },
        { ALT: () => this.CONSUME(notEqual) },
        { ALT: () => this.CONSUME(less) },
        { ALT: () => this.CONSUME(greater) },
        { ALT: () => this.CONSUME(lessEqual) },
        { ALT: () => this.CONSUME(greaterEqual) },
      ]);
      const right = this.SUBRULE2(this.sum);
      left = node('Binary', left.start, right.end, [operator.image, left, right]);
    });
    return left;
  });

  private readonly sum = this.RULE('sum', (): Node => {
    let left = this.SUBRULE1(this.product);
    this.MANY(() => {
      const operator = this.OR([{ ALT: () => this.CONSUME(plus) }, { ALT: () => this.CONSUME(minus) }]);
      const right = this.SUBRULE2(this.product);
      left = node('Binary', left.start, right.end, [operator.image, left, right]);
    });
    return left;
  });

  private readonly product = this.RULE('product', (): Node => {
    let left = this.SUBRULE1(this.unary);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(times) },
        { ALT: () => this.CONSUME(divide) },
        { ALT: () => this.CONSUME(keyword('MOD')) },
      ]);
      const right = this.SUBRULE2(this.unary);
      left = node('Binary', left.start, right.end, [operator.image, left, right]);
    });
    return left;
  });

  private readonly unary = this.RULE(
    'unary',
    (): Node =>
      this.OR1([
        {
          ALT: () => {
            const operator = this.OR2([
              { ALT: () => this.CONSUME(keyword('NOT')) },
              { ALT: () => this.CONSUME(minus) },
            ]);
            const operand = this.SUBRULE(this.unary);
            return node('Unary', startOf(operator), operand.end, [operator.image, operand]);
          },
        },
        { ALT: () => this.SUBRULE(this.primary) },
      ]),
  );

  private readonly primary = this.RULE(
    'primary',
    (): Node =>
      this.OR([
        { ALT: () => this.SUBRULE(this.operand) },
        { ALT: () => this.literal(this.CONSUME(integer)) },
        { ALT: () => this.literal(this.CONSUME(real)) },
        { ALT: () => this.literal(this.CONSUME(time)) },
        { ALT: () => this.literal(this.CONSUME(text)) },
        { ALT: () => this.literal(this.CONSUME(keyword('TRUE'))) },
        { ALT: () => this.literal(this.CONSUME(keyword('FALSE'))) },
        {
          ALT: () => {
            const first = this.CONSUME(open);
            const inner = this.SUBRULE(this.expression);
            const last = this.CONSUME(close);
            return node('Parenthesized', startOf(first), endOf(last), [inner]);
          },
        },
      ]),
  );

  private literal(token: IToken): Node {
    return node('Literal', startOf(token), endOf(token), [token.image]);
  }

  private readonly operand = this.RULE('operand', (): Node => {
    const name = this.CONSUME1(identifier);
    let object = node('Name', startOf(name), endOf(name), [name.image]);
    this.MANY(() => {
      object = this.OR([
        {
          ALT: () => {
            this.CONSUME(dot);
            const member = this.CONSUME2(identifier);
            return node('Member', object.start, endOf(member), [object, member.image]);
          },
        },
        {
          ALT: () => {
            this.CONSUME(openBracket);
            const index = this.SUBRULE(this.expression);
            const last = this.CONSUME(closeBracket);
            return node('Index', object.start, endOf(last), [object, index]);
          },
        },
        {
          ALT: () => {
            const list: Node[] = [];
            this.CONSUME(open);
            this.MANY_SEP({
              SEP: comma,
              DEF: () => {
                list.push(this.SUBRULE(this.argument));
              },
            });
            const last = this.CONSUME(close);
            return node('Call', object.start, endOf(last), [object, ...list]);
          },
        },
      ]);
    });
    return object;
  });

  private readonly argument = this.RULE(
    'argument',
    (): Node =>
      this.OR1([
        {
          GATE: () => this.LA(2).tokenType === assign || this.LA(2).tokenType === arrow,
          ALT: () => {
            const name = this.CONSUME(identifier);
            this.OR2([{ ALT: () => this.CONSUME(assign) }, { ALT: () => this.CONSUME(arrow) }]);
            const value = this.SUBRULE1(this.expression);
            return node('Argument', startOf(name), value.end, [name.image, value]);
          },
        },
        { ALT: () => this.SUBRULE2(this.expression) },
      ]),
  );
}

const parser = new SubsetParser();

/** Parses a text of the subset. Returns the number of errors; the tree is built and dropped. */
export function chevrotainParse(source: string): { tree: unknown; errors: number } {
  parser.input = chevrotainTokens(source);
  const tree = parser.file();
  const errors = parser.errors.length + (parser.isAtEnd() ? 0 : 1);
  parser.input = [];
  return { tree, errors };
}
