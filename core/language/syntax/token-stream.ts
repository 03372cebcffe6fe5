import type { Comment, Pragma } from './tree.js';

/** The tokens of one stretch of text, as parallel arrays. The last token is `Token.End`, at the end of the stretch. */
export interface TokenStream {
  readonly text: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 when the token is the first one on its line. */
  readonly startsLine: Uint8Array;
  readonly comments: readonly Comment[];
  readonly pragmas: readonly Pragma[];
  /** Per pragma: the index of the token before which it stands. */
  readonly pragmaTokens: readonly number[];
  readonly faults: readonly LexicalFault[];
}

/** What the scanner could not read. The parser turns it into a message, unless it stands in free text. */
export interface LexicalFault {
  readonly kind: 'unclosed-comment' | 'unclosed-string' | 'unclosed-pragma';
  readonly start: number;
  readonly end: number;
}

/** Tokens while they are scanned: arrays that grow. */
export class TokenBuffer {
  count = 0;
  #kinds: Uint8Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #startsLine: Uint8Array;

  constructor(capacity: number) {
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Int32Array(capacity);
    this.#ends = new Int32Array(capacity);
    this.#startsLine = new Uint8Array(capacity);
  }

  get arrays(): Pick<TokenStream, 'count' | 'kinds' | 'starts' | 'ends' | 'startsLine'> {
    const { count } = this;
    return { count, kinds: this.#kinds, starts: this.#starts, ends: this.#ends, startsLine: this.#startsLine };
  }

  /** `startsLine`: 1 for the first token of a line. */
  add(kind: number, start: number, end: number, startsLine: number): void {
    const index = this.count++;
    if (index === this.#kinds.length) this.#grow();
    this.#kinds[index] = kind;
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#startsLine[index] = startsLine;
  }

  /** True when the last token is of the kind and ends at the offset. */
  endsWith(kind: number, offset: number): boolean {
    const last = this.count - 1;
    return last >= 0 && this.#kinds[last] === kind && this.#ends[last] === offset;
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const widen = <T extends Uint8Array | Int32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#kinds = widen(this.#kinds, new Uint8Array(capacity));
    this.#starts = widen(this.#starts, new Int32Array(capacity));
    this.#ends = widen(this.#ends, new Int32Array(capacity));
    this.#startsLine = widen(this.#startsLine, new Uint8Array(capacity));
  }
}
