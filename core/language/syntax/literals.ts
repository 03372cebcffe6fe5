import {
  type Decoded,
  decodeDate,
  decodeDateAndTime,
  decodeDuration,
  decodeInteger,
  decodeReal,
  decodeString,
  decodeTimeOfDay,
} from './literal-values.js';
import type { SyntaxCode } from './syntax-codes.js';
import { Token } from './token.js';
import type { TokenCursor } from './token-cursor.js';
import type { Literal, LiteralKind } from './tree.js';

/** True for tokens that are a literal by themselves. */
export function isLiteralToken(kind: number): boolean {
  return (
    (kind >= Token.Integer && kind <= Token.WideString) ||
    kind === Token.TRUE ||
    kind === Token.FALSE ||
    kind === Token.NULL
  );
}

/** Reads the current token, which is a literal. A malformed one keeps its kind, gets a neutral value and an error. */
export function parseLiteral(p: TokenCursor): Literal {
  const { kind, start, end } = p;
  const text = p.textAt(0);
  switch (kind) {
    case Token.TRUE:
      return take(p, start, end, 'bool', true, null);
    case Token.FALSE:
      return take(p, start, end, 'bool', false, null);
    case Token.NULL:
      return take(p, start, end, 'null', null, null);
    case Token.Integer:
      return take(p, start, end, 'integer', valueOr(p, 'PW1006', decodeInteger(text), 0n), null);
    case Token.Real:
      return take(p, start, end, 'real', valueOr(p, 'PW1006', decodeReal(text), 0), null);
    case Token.String:
    case Token.WideString:
      return stringLiteral(p, text);
    case Token.TypedLiteral:
      return typedLiteral(p, text);
    default:
      return temporalLiteral(p, text);
  }
}

/** `#value` after the name of a type that the scanner doesn't know: `MyInt#5`. */
export function parseLiteralOfType(p: TokenCursor, start: number, typeName: string): Literal {
  const literal = parseLiteral(p);
  return { ...literal, start, typePrefix: typeName.toUpperCase() };
}

function take(
  p: TokenCursor,
  start: number,
  end: number,
  literalKind: LiteralKind,
  value: Literal['value'],
  typePrefix: string | null,
): Literal {
  p.advance();
  return { kind: 'Literal', start, end, literalKind, value, typePrefix };
}

function valueOr<T>(p: TokenCursor, code: SyntaxCode, decoded: Decoded<T>, fallback: T): T {
  if ('value' in decoded) return decoded.value;
  p.note(code, { start: p.start, end: p.end }, `${capitalized(decoded.problem)}.`);
  return fallback;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function stringLiteral(p: TokenCursor, text: string): Literal {
  const { kind, start, end } = p;
  const hash = text.search(/['"]/);
  const prefix = hash > 0 ? text.slice(0, hash - 1).toUpperCase() : null;
  const quote = text.charAt(hash);
  const content = text.length > hash + 1 && text.endsWith(quote) ? text.slice(hash + 1, -1) : text.slice(hash + 1);
  const isWide = prefix === null ? kind === Token.WideString : prefix.startsWith('W');
  const value = valueOr(p, 'PW1014', decodeString(content, isWide ? 4 : 2), content);
  return take(p, start, end, isWide ? 'wstring' : 'string', value, prefix);
}

const REAL_PREFIXES: ReadonlySet<string> = new Set(['REAL', 'LREAL']);
const BOOL_PREFIXES: ReadonlySet<string> = new Set(['BOOL', 'SAFEBOOL']);

function typedLiteral(p: TokenCursor, text: string): Literal {
  const { start, end } = p;
  const hash = text.indexOf('#');
  const prefix = text.slice(0, hash).toUpperCase();
  const rest = text.slice(hash + 1);
  const word = rest.toUpperCase();
  if (BOOL_PREFIXES.has(prefix)) {
    const value = word === 'TRUE' || word === '1' ? true : word === 'FALSE' || word === '0' ? false : null;
    if (value !== null) return take(p, start, end, 'bool', value, prefix);
    p.note('PW1006', { start, end }, `'${text}' is not a BOOL literal; write ${prefix}#TRUE or ${prefix}#FALSE.`);
    return take(p, start, end, 'bool', false, prefix);
  }
  if (REAL_PREFIXES.has(prefix)) {
    return take(p, start, end, 'real', valueOr(p, 'PW1006', decodeReal(rest), 0), prefix);
  }
  return take(p, start, end, 'integer', valueOr(p, 'PW1006', decodeInteger(rest), 0n), prefix);
}

function temporalLiteral(p: TokenCursor, text: string): Literal {
  const { kind, start, end } = p;
  const hash = text.indexOf('#');
  const prefix = text.slice(0, hash).toUpperCase();
  const rest = text.slice(hash + 1);
  switch (kind) {
    case Token.DateLiteral:
      return take(p, start, end, 'date', valueOr(p, 'PW1007', decodeDate(rest), 0n), prefix);
    case Token.TimeOfDayLiteral:
      return take(p, start, end, 'time-of-day', valueOr(p, 'PW1007', decodeTimeOfDay(rest), 0n), prefix);
    case Token.DateAndTimeLiteral:
      return take(p, start, end, 'date-and-time', valueOr(p, 'PW1007', decodeDateAndTime(rest), 0n), prefix);
    default:
      return take(p, start, end, 'time', valueOr(p, 'PW1007', durationOf(p, prefix, rest), 0n), prefix);
  }
}

/** The longest S5TIME is 999 steps of 10 s. */
const S5TIME_LIMIT = 9_990_000_000_000n;

/** A duration that fits the type it is written with. */
function durationOf(p: TokenCursor, prefix: string, text: string): Decoded<bigint> {
  const decoded = decodeDuration(text);
  if (!('value' in decoded)) return decoded;
  const { time } = p.dialect.semantics;
  const isLong = prefix.startsWith('L');
  const [lower, upper] = prefix.startsWith('S5')
    ? [0n, S5TIME_LIMIT]
    : rangeOf(isLong ? 64 : time.width, time.isSigned, isLong ? time.longResolution : time.resolution);
  if (decoded.value >= lower && decoded.value <= upper) return decoded;
  const hint = isLong || time.width === 64 ? '' : `; L${prefix}# holds more`;
  return { problem: `'${prefix}#${text}' is outside of what ${prefix}# can hold in ${p.dialect.title}${hint}` };
}

function rangeOf(width: number, isSigned: boolean, resolution: bigint): readonly [bigint, bigint] {
  const steps = 2n ** BigInt(isSigned ? width - 1 : width);
  // Compilers with an unsigned TIME take a negative one as its complement.
  return [-steps * resolution, (steps - 1n) * resolution];
}
