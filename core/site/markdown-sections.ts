/** The little of Markdown that migrations need: headings and fenced blocks with their lines. Fences hide headings. */

interface Heading {
  readonly level: number;
  readonly title: string;
  /** Line of the heading, from 1. */
  readonly line: number;
}

interface Fence {
  /** Text after the opening fence, for example `st before`. */
  readonly info: string;
  /** Line of the opening fence and of the first line of its content, from 1. */
  readonly line: number;
  readonly contentLine: number;
  readonly text: string;
  /** False when the file ends before the fence is closed. */
  readonly isClosed: boolean;
}

export interface MarkdownOutline {
  readonly lines: readonly string[];
  readonly headings: readonly Heading[];
  readonly fences: readonly Fence[];
}

export function outlineOf(text: string): MarkdownOutline {
  const lines = text.split(/\r\n|\r|\n/);
  const headings: Heading[] = [];
  const fences: Fence[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const open = /^ {0,3}(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line);
    if (open !== null) {
      const fence = readFence(lines, index, open[1] ?? '```', open[2] ?? '');
      fences.push(fence.fence);
      index = fence.lastIndex;
      continue;
    }
    const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
    if (heading !== null) headings.push({ level: heading[1]?.length ?? 1, title: heading[2] ?? '', line: index + 1 });
  }
  return { lines, headings, fences };
}

function readFence(
  lines: readonly string[],
  opening: number,
  marker: string,
  info: string,
): { fence: Fence; lastIndex: number } {
  const content: string[] = [];
  const closing = new RegExp(`^ {0,3}${marker[0] === '~' ? '~' : '`'}{${marker.length},}\\s*$`);
  let index = opening + 1;
  while (index < lines.length && !closing.test(lines[index] ?? '')) {
    content.push(lines[index] ?? '');
    index++;
  }
  const text = content.length === 0 ? '' : `${content.join('\n')}\n`;
  const fence: Fence = { info, line: opening + 1, contentLine: opening + 2, text, isClosed: index < lines.length };
  return { fence, lastIndex: index };
}
