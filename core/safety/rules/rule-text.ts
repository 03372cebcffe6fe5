/** Small helpers for the words and the order of findings. */

import type { Finding } from '../../base/finding.js';
import type { WriteEvent } from '../dataflow/trace.js';

/** The source of an event on one line, shortened. */
export function sourceText(event: Pick<WriteEvent, 'frame' | 'node'>): string {
  return excerpt(event.frame.file.text.slice(event.node.start, event.node.end));
}

/** Source text on one line, shortened to what fits into a message. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/;$/, '');
  return line.length > 90 ? `${line.slice(0, 87)}...` : line;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** One finding for each place and subject: code that runs in several instances is one place. */
export function oncePerPlace(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.code} ${finding.file} ${finding.line} ${finding.column} ${finding.endLine} ${finding.endColumn}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
