/** A patch as data for showing: files, hunks, lines with their numbers before and after. */

export interface PatchLine {
  readonly kind: 'context' | 'added' | 'removed';
  readonly text: string;
  readonly before: number | null;
  readonly after: number | null;
}

interface PatchHunk {
  readonly header: string;
  readonly lines: readonly PatchLine[];
}

export interface PatchFile {
  readonly path: string;
  readonly status: 'added' | 'deleted' | 'modified';
  /** Encoded, not shown line by line. */
  readonly isBinary: boolean;
  readonly hunks: readonly PatchHunk[];
}

/** Reads a patch as `git diff-tree -p` prints it, without renames. */
export function parsePatch(patch: string): PatchFile[] {
  return patch
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map(parseFile);
}

function parseFile(part: string): PatchFile {
  const lines = part.split('\n');
  const hunkStart = lines.findIndex((line) => line.startsWith('@@ '));
  const head = hunkStart < 0 ? lines : lines.slice(0, hunkStart);
  const status = head.some((line) => line.startsWith('new file mode'))
    ? 'added'
    : head.some((line) => line.startsWith('deleted file mode'))
      ? 'deleted'
      : 'modified';
  return {
    path: pathOf(head),
    status,
    isBinary: head.some((line) => line.startsWith('GIT binary patch')),
    hunks: hunkStart < 0 ? [] : parseHunks(lines.slice(hunkStart)),
  };
}

function pathOf(head: readonly string[]): string {
  const named = (prefix: string): string | undefined =>
    head.find((line) => line.startsWith(prefix) && !line.endsWith('/dev/null'))?.slice(prefix.length);
  const quoted = named('+++ "b/') ?? named('--- "a/');
  if (quoted !== undefined) return quoted.replace(/"$/, '');
  const plain = named('+++ b/') ?? named('--- a/');
  return (plain ?? /^diff --git a\/.* b\/(.*)$/.exec(head[0] ?? '')?.[1] ?? '').replace(/\t$/, '');
}

function parseHunks(lines: readonly string[]): PatchHunk[] {
  const hunks: { header: string; lines: PatchLine[] }[] = [];
  let before = 0;
  let after = 0;
  for (const line of lines) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (header !== null) {
      before = Number(header[1]);
      after = Number(header[2]);
      hunks.push({ header: line, lines: [] });
      continue;
    }
    const current = hunks.at(-1)?.lines;
    const text = line.slice(1).replace(/\r$/, '');
    if (line.startsWith('+')) current?.push({ kind: 'added', text, before: null, after: after++ });
    else if (line.startsWith('-')) current?.push({ kind: 'removed', text, before: before++, after: null });
    else if (line.startsWith(' ')) current?.push({ kind: 'context', text, before: before++, after: after++ });
  }
  return hunks;
}
