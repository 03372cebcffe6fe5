/** Where lines start and how far they are indented. `from` is the start of the stretch that is looked at. */

export function lineStart(text: string, from: number, offset: number): number {
  let at = offset;
  while (at > from) {
    const code = text.charCodeAt(at - 1);
    if (code === 10 || code === 13) break;
    at--;
  }
  return at;
}

/** How many blanks the line of an offset starts with, up to the offset. */
export function indentationOf(text: string, from: number, offset: number): number {
  const start = lineStart(text, from, offset);
  let at = start;
  while (at < offset) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9) break;
    at++;
  }
  return at - start;
}
