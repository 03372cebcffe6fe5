/**
 * Conditional compilation of CODESYS: `{IF defined (x)} … {ELSIF …} … {ELSE} … {END_IF}`. A branch that is known to be
 * left out is no code. Where only the settings of the project decide, all branches are read.
 */

import { isPouEnd } from './statement-ends.js';
import type { TokenStream } from './token-stream.js';
import type { Pragma, Span } from './tree.js';

/** One `{IF}` with its branches, from pragma to pragma. */
export interface ConditionalText extends Span {
  /** The branches that are read. More than one when it is not known which of them the compiler takes. */
  readonly branches: readonly Span[];
}

/** Known, or null when it depends on the settings of the project. */
type Answer = boolean | null;

/** Names that `{define}` gave a value in this POU; null after `{undefine}`. */
type Defines = Map<string, string | null>;

interface OpenCondition {
  readonly start: number;
  readonly branches: Span[];
  /** Whether a branch before the current one is taken. */
  taken: Answer;
  /** Whether the current branch is read, and where it starts. */
  isRead: boolean;
  textStart: number;
  tokenStart: number;
}

interface Dropped {
  readonly from: number;
  readonly to: number;
}

/** The tokens without what is left out, and the conditions in the order of their ends. */
export function resolveConditions(stream: TokenStream): {
  readonly stream: TokenStream;
  readonly conditions: readonly ConditionalText[];
} {
  if (!stream.pragmas.some(({ text }) => /^\s*if\b/i.test(text))) return { stream, conditions: [] };
  const open: OpenCondition[] = [];
  const conditions: ConditionalText[] = [];
  const dropped: Dropped[] = [];
  const defines: Defines = new Map();
  let seen = 0;
  const endBranch = (condition: OpenCondition, pragma: Pragma, token: number): void => {
    if (condition.isRead) condition.branches.push({ start: condition.textStart, end: pragma.start });
    else dropped.push({ from: condition.tokenStart, to: token });
  };
  for (const [at, pragma] of stream.pragmas.entries()) {
    const token = stream.pragmaTokens[at] ?? 0;
    // What a POU defines is known in that POU only.
    for (; seen < token; seen++) if (isPouEnd(stream.kinds[seen] ?? 0)) defines.clear();
    const isRead = open.every((one) => one.isRead);
    const match = /^\s*(\w+)([\s\S]*)$/.exec(pragma.text);
    const [word, rest] = [match?.[1]?.toUpperCase() ?? '', match?.[2] ?? ''];
    const current = open[open.length - 1];
    if (word === 'DEFINE' && isRead) define(defines, rest);
    else if (word === 'UNDEFINE' && isRead) defines.set(rest.trim().toUpperCase(), null);
    else if (word === 'IF') {
      const answer = evaluate(rest, defines);
      open.push({
        start: pragma.start,
        branches: [],
        taken: answer,
        isRead: answer !== false,
        textStart: pragma.end,
        tokenStart: token,
      });
    } else if ((word === 'ELSIF' || word === 'ELSE') && current !== undefined) {
      endBranch(current, pragma, token);
      const answer = word === 'ELSE' ? true : evaluate(rest, defines);
      current.isRead = current.taken !== true && answer !== false;
      current.taken = current.taken === true || answer === true ? true : current.taken === null ? null : answer;
      current.textStart = pragma.end;
      current.tokenStart = token;
    } else if (word === 'END_IF' && current !== undefined) {
      endBranch(current, pragma, token);
      open.pop();
      conditions.push({ start: current.start, end: pragma.end, branches: current.branches });
    }
  }
  return { stream: dropped.length === 0 ? stream : without(stream, dropped), conditions };
}

function define(defines: Defines, text: string): void {
  const match = /^\s*(\w+)\s*(?:'([^']*)')?/.exec(text);
  if (match?.[1] !== undefined) defines.set(match[1].toUpperCase(), match[2] ?? '');
}

/** The tokens outside of the dropped ranges; pragmas in front of dropped tokens move to the next one. */
function without(stream: TokenStream, dropped: readonly Dropped[]): TokenStream {
  const isKept = new Uint8Array(stream.count).fill(1);
  for (const { from, to } of dropped) isKept.fill(0, from, to);
  const places = new Int32Array(stream.count + 1);
  let count = 0;
  for (let token = 0; token < stream.count; token++) {
    places[token] = count;
    if (isKept[token] === 1) count++;
  }
  const pick = <Values extends Uint8Array | Int32Array>(values: Values, into: Values): Values => {
    for (let token = 0; token < stream.count; token++)
      if (isKept[token] === 1) into[places[token] ?? 0] = values[token] ?? 0;
    return into;
  };
  return {
    ...stream,
    count,
    kinds: pick(stream.kinds, new Uint8Array(count)),
    starts: pick(stream.starts, new Int32Array(count)),
    ends: pick(stream.ends, new Int32Array(count)),
    startsLine: pick(stream.startsLine, new Uint8Array(count)),
    pragmaTokens: stream.pragmaTokens.map((token) => places[token] ?? 0),
  };
}

/**
 * The value of a condition. `defined (x)` and `hasvalue (x, 'v')` are decided by the defines of the POU; what asks for
 * variables, types, POUs and their attributes depends on the whole project, and so do names that are not defined here.
 */
function evaluate(text: string, defines: Defines): Answer {
  const words = text.match(/'[^']*'|\w+|[^\s\w]/g) ?? [];
  let at = 0;
  const word = (): string => (words[at] ?? '').toUpperCase();
  const or = (): Answer => {
    let value = and();
    while (word() === 'OR') {
      at++;
      const right = and();
      value = value === true || right === true ? true : value === null || right === null ? null : false;
    }
    return value;
  };
  const and = (): Answer => {
    let value = primary();
    while (word() === 'AND') {
      at++;
      const right = primary();
      value = value === false || right === false ? false : value === null || right === null ? null : true;
    }
    return value;
  };
  const primary = (): Answer => {
    if (word() === 'NOT') {
      at++;
      const value = primary();
      return value === null ? null : !value;
    }
    if (word() === '(') {
      at++;
      const value = or();
      if (word() === ')') at++;
      return value;
    }
    const operator = word();
    at++;
    if (word() !== '(') return null;
    const operands = operandsAt();
    const [name = '', second] = operands;
    const known = operands.length <= 2 ? defines.get(name.toUpperCase()) : undefined;
    if (known === undefined) return null;
    if (operator === 'DEFINED') return known !== null;
    return operator === 'HASVALUE' ? known !== null && second === `'${known}'` : null;
  };
  /** The words between the parentheses, without commas; `pou: Main` gives three of them. */
  const operandsAt = (): string[] => {
    const operands: string[] = [];
    let depth = 0;
    for (; at < words.length; at++) {
      const one = words[at] ?? '';
      if (one === '(') depth++;
      else if (one === ')') depth--;
      else if (one !== ',') operands.push(one);
      if (depth === 0) {
        at++;
        break;
      }
    }
    return operands;
  };
  return or();
}

/** True when two places stand in branches of which the compiler takes one at most. */
export function excludeEachOther(conditions: readonly ConditionalText[], first: number, second: number): boolean {
  return conditions.some(({ branches }) => {
    const branchOf = (offset: number) => branches.findIndex(({ start, end }) => start <= offset && offset < end);
    const [one, other] = [branchOf(first), branchOf(second)];
    return one >= 0 && other >= 0 && one !== other;
  });
}
