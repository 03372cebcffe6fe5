import { decodeText, encodeText } from '../base/decode.js';

/** Replaces `[start, end)` of the decoded text (no byte order mark in it); an insertion has `start === end`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits that do not overlap. Edits at one place are applied in the order given. Everything else stays
 * identical, character by character.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index);
  let result = '';
  let position = 0;
  for (const { edit } of ordered) {
    if (edit.start < position) throw new RangeError(`applyEdits: edits overlap at offset ${edit.start}`);
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}

/**
 * Splices edits into the bytes of a file: encoding, byte order mark, line ends and all other text stay as they are.
 * Null when the new text has a character that the file's encoding lacks.
 */
export function spliceBytes(bytes: Uint8Array, edits: readonly TextEdit[]): Uint8Array | null {
  const { text, encoding } = decodeText(bytes);
  return encodeText(applyEdits(text, edits), encoding);
}
