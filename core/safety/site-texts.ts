/** Files of a site that are no code and yet decide how it runs: project files, libraries, force tables. */

import { decodeText } from '../base/decode.js';
import { compareText, type Finding } from '../base/finding.js';
import type { Site } from '../site/site.js';
import type { Change, SafetyRule } from './rule.js';

/** What holds the settings of a project or a controller; never a picture, an archive or a note. */
const PROJECT_FILES = /\.(plcproj|tsproj|tspproj|tctto|xml|l5x|project|projectinfo|library|json|csv|tcvmo|aml|scp)$/i;
const LARGEST = 4_000_000;

/** Text of every project file, by path, sorted. Files that are no text or too large are left out. */
export function projectTexts(site: Site): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const path of [...site.snapshot.keys()].sort()) {
    const bytes = site.snapshot.get(path);
    if (bytes === undefined || bytes.length > LARGEST || !PROJECT_FILES.test(path)) continue;
    texts.set(path, decodeText(bytes).text);
  }
  return texts;
}

/** Line and column of an offset, counted from 1. */
function placeIn(path: string, text: string, start: number, end: number) {
  const before = text.slice(0, start).split('\n');
  const inside = text.slice(start, end).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  return {
    file: path,
    line: before.length,
    column,
    endLine: before.length + inside.length - 1,
    endColumn: inside.length === 1 ? column + (end - start) : (inside.at(-1) ?? '').length + 1,
  };
}

/** A finding of a rule at a place of a project file. */
export function inFile(
  rule: SafetyRule,
  path: string,
  text: string,
  at: { index: number; length: number },
  message: string,
  subject: string,
): Finding {
  return {
    ...placeIn(path, text, at.index, at.index + at.length),
    code: rule.code,
    rule: rule.name,
    severity: rule.severity,
    message,
    related: [],
    witness: { subject },
  };
}

export interface ChangedText {
  readonly path: string;
  /** Null when the file is new, or gone. */
  readonly old: string | null;
  readonly now: string | null;
}

/** The project files that a change touches. */
export function changedTexts(change: Change): ChangedText[] {
  const [before, after] = [projectTexts(change.before), projectTexts(change.after)];
  return [...new Set([...before.keys(), ...after.keys()])].sort(compareText).flatMap((path) => {
    const [old, now] = [before.get(path) ?? null, after.get(path) ?? null];
    return old === now ? [] : [{ path, old, now }];
  });
}
