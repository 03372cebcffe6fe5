/** The first line, from 0, in which `after` differs from `before`. The last line when one is the start of the other. */
export function firstChangedLine(before: string, after: string): number {
  const old = before.split(/\r\n|\r|\n/);
  const lines = after.split(/\r\n|\r|\n/);
  const index = lines.findIndex((line, number) => line !== old[number]);
  return index < 0 ? Math.max(0, lines.length - 1) : index;
}
