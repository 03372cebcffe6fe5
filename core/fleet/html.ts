/** HTML text built so that nothing gets into a page unescaped: what is interpolated is text unless it is `Html` itself. */

export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | readonly Html[];

/** A template whose interpolated values are escaped; pieces of `Html` go in as they are, `null` is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.map((piece, index) => piece + (index < parts.length ? render(parts[index] ?? null) : ''));
  return { html: text.join('') };
}

function render(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escapeHtml(part);
  if (typeof part === 'number') return String(part);
  if ('html' in part) return part.html;
  return part.map((each) => each.html).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Control and bidirectional characters: shown by number, so that text can't pretend to be other text. */
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
    .replace(INVISIBLE, (char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`);
}
