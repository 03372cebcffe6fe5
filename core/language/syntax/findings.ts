import type { ConditionalText } from './conditions.js';
import type { SyntaxCode } from './syntax-codes.js';
import type { Comment, Pragma, Span, SyntaxError as SyntaxFault, UnsupportedBody } from './tree.js';

/** The errors in the order of the text, without what the scanner disliked in free text. */
export function errorsInOrder({ errors, freeText }: Findings): SyntaxFault[] {
  const stretches = [...freeText].sort((a, b) => a.start - b.start);
  let next = 0;
  return [...errors]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .filter((error) => {
      while ((stretches[next]?.end ?? Number.POSITIVE_INFINITY) <= error.start) next++;
      const stretch = stretches[next];
      return stretch === undefined || error.start < stretch.start || !LEXICAL_CODES.has(error.code);
    });
}

const LEXICAL_CODES: ReadonlySet<string> = new Set<SyntaxCode>(['PW1001', 'PW1002', 'PW1012']);

/** True when a comment or pragma is not closed, or the compiler takes parts only: that depends on the text elsewhere. */
export function isOpenEnded({ errors, conditions }: Findings): boolean {
  return conditions.length > 0 || errors.some(({ code }) => code === 'PW1001' || code === 'PW1012');
}

/** A fresh collection. */
export function noFindings(): Findings {
  return { errors: [], comments: [], pragmas: [], unsupported: [], freeText: [], conditions: [] };
}

/** What a parse of one or more stretches of a text collects beside the tree. */
export interface Findings {
  readonly errors: SyntaxFault[];
  readonly comments: Comment[];
  readonly pragmas: Pragma[];
  /** Parts of the program that the tree can't express. */
  readonly unsupported: UnsupportedBody[];
  /** Text that is no code: names of regions, titles of blocks. */
  readonly freeText: Span[];
  /** Texts of which the compiler takes a part only. */
  readonly conditions: ConditionalText[];
}

/** The part of a file that says which conditions of the compiler are open. */
export function openConditionsOf({ conditions }: Findings): { readonly openConditions?: readonly ConditionalText[] } {
  const open = conditions.filter(({ branches }) => branches.length > 1);
  return open.length === 0 ? {} : { openConditions: open };
}
