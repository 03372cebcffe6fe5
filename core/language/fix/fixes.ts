/** Which diagnostics have which fixes, and how they are found for one finding. */

import type { Finding } from '../../base/finding.js';
import type { Project } from '../semantics/model.js';
import type { SourceFile, Span } from '../syntax/tree.js';
import {
  compareWithZero,
  convertValue,
  declaredSpelling,
  dereference,
  removeDereference,
  removeSection,
  removeStatement,
  removeVariable,
  swapDirection,
  withoutComparison,
} from './expression-fixes.js';
import { type Fix, type FixMaker, type FixPlace, placeOf } from './fix.js';
import {
  declareVariable,
  similarFunction,
  similarMember,
  similarName,
  similarParameter,
  similarType,
} from './name-fixes.js';
import { implementMethods } from './object-fixes.js';

/** What the parser knows would mend the text. */
const syntaxFix: FixMaker = ({ file, span }) =>
  file.syntaxErrors.flatMap(({ start, end, fix }) =>
    fix !== undefined && start === span.start && end === span.end
      ? [{ title: titleOf(file, fix), edits: [fix], isPreferred: true }]
      : [],
  );

function titleOf({ text }: SourceFile, fix: Span & { readonly text: string }): string {
  const before = text.slice(fix.start, fix.end);
  const written = fix.text.trim();
  if (written === '') return `Remove "${before}"`;
  return before.trim() === '' ? `Insert "${written}"` : `Change to "${written}"`;
}

/** By code; the first fix is the likeliest. */
export const FIXES: Readonly<Record<string, readonly FixMaker[]>> = {
  PW1003: [syntaxFix],
  PW1004: [syntaxFix],
  PW1005: [syntaxFix],
  PW1011: [syntaxFix],
  PW1015: [syntaxFix],
  PW2001: [similarName, declareVariable],
  PW2002: [similarType],
  PW2003: [similarFunction],
  PW2004: [similarMember],
  PW2021: [implementMethods],
  PW3001: [convertValue],
  PW3002: [convertValue],
  PW3003: [convertValue],
  PW3004: [convertValue],
  PW3011: [compareWithZero],
  PW3021: [removeDereference],
  PW3024: [dereference],
  PW3027: [similarParameter],
  PW3030: [convertValue],
  PW3033: [swapDirection],
  PW4007: [removeStatement],
  PW4024: [removeStatement],
  PW5001: [declaredSpelling],
  PW5021: [removeVariable],
  PW5040: [removeSection],
  PW5042: [removeStatement],
  PW5061: [withoutComparison],
  PW5122: [removeStatement],
};

/** The fixes for a finding in a file of the project, the likeliest first. Edits are in offsets of the file. */
export function fixesFor(project: Project, file: SourceFile, finding: Pick<Finding, 'code'> & Span): Fix[] {
  const place: FixPlace = placeOf(project, file, { start: finding.start, end: finding.end });
  return (FIXES[finding.code] ?? []).flatMap((maker) => maker(place));
}
