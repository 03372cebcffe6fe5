/** A small diff for snapshots in tests: removed and added lines with their line number before, nothing around them. */

export function lineDiff(before: string, after: string): string[] {
  const old = before.split(/\r\n|\n/);
  const now = after.split(/\r\n|\n/);
  const lengths = commonLengths(old, now);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i++;
      j++;
    } else if (j < now.length && (i === old.length || at(lengths, i, j + 1) > at(lengths, i + 1, j))) {
      lines.push(`${String(i + 1).padStart(4)} + ${now[j++]}`);
    } else {
      lines.push(`${String(i + 1).padStart(4)} - ${old[i++]}`);
    }
  }
  return lines;
}

/** `[i][j]`: length of the longest common subsequence of the lines from i and from j on. */
function commonLengths(old: readonly string[], now: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] =
        old[i] === now[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}
