/** Pseudo-random interpretations, 32 at a time; the same ones in every run. */

/** 32 random values of an input; each seed has another share of TRUE, since interlocks want most inputs healthy. */
export function randomWord(node: number, seed: number): number {
  const word = (salt: number): number => scramble(Math.imul(node, 0x9e3779b1) + Math.imul(seed * 7 + salt, 0x85ebca6b));
  switch (seed % 4) {
    case 0:
      return word(1);
    case 1:
      return word(1) | word(2);
    case 2:
      return word(1) | word(2) | word(3);
    default:
      return word(1) & word(2);
  }
}

export function scramble(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) | 0;
}
