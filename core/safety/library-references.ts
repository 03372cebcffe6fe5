/** The libraries that project files name, with their versions. */

import { isSafetyBlock } from './safety-blocks.js';

export interface LibraryReference {
  /** As written: `SafetyLib, 2.1.0 (Vendor)`. */
  readonly reference: string;
  /** True for libraries and blocks that are there for safety, by their names. */
  readonly isSafety: boolean;
  readonly index: number;
  readonly length: number;
}

const REFERENCE =
  /<(?:PlaceholderReference|PlaceholderResolution|LibraryReference|DefaultResolution|Resolution)\b[^>]*?(?:>|Include=")([^<"]*)/gi;
/** Add-on instructions of a controller export. */
const INSTRUCTION = /<AddOnInstructionDefinition\b[^>]*\bName="([^"]+)"[^>]*\bRevision="([^"]+)"/gi;
const SAFETY_LIBRARY = /safe|sicher|SF_|PLCopen|F_LIB|TwinSAFE/i;

export function libraryReferencesIn(text: string): LibraryReference[] {
  const libraries = [...text.matchAll(REFERENCE)].map((match) => entryOf(match[1] ?? '', match));
  const instructions = [...text.matchAll(INSTRUCTION)].map((match) => entryOf(`${match[1]}, ${match[2]}`, match));
  return [...libraries, ...instructions];
}

function entryOf(reference: string, match: RegExpExecArray): LibraryReference {
  const name = reference.split(',')[0]?.trim() ?? '';
  return {
    reference,
    isSafety: SAFETY_LIBRARY.test(reference) || isSafetyBlock(name),
    index: match.index,
    length: match[0].length,
  };
}
