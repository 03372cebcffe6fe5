import type { DialectId } from '../language/dialects/dialect-id.js';
import { DEFAULT_FORMAT, type FormatOptions, formatText } from '../language/format/format.js';
import { dialectForPath } from './read-source.js';
import { formatTwincat } from './twincat/format-twincat.js';

/** Files whose text another tool lays out: Studio 5000 and TIA Portal write them line by line, whatever stands there. */
const KEPT_AS_WRITTEN = /\.(?:l5x|xml|s7dcl)$/i;

/**
 * Formats the text of a source file in the format that its extension names. Text with syntax errors is returned as it is.
 *
 * @param dialect the site's dialect; a format that implies one overrides it
 */
export function formatSource(
  path: string,
  text: string,
  dialect: DialectId,
  options: FormatOptions = DEFAULT_FORMAT,
): string {
  if (KEPT_AS_WRITTEN.test(path)) return text;
  const own = dialectForPath(path) ?? dialect;
  return /\.tc(?:pou|gvl|dut|io)$/i.test(path)
    ? formatTwincat(text, own, options)
    : formatText(text, own, options, path);
}
