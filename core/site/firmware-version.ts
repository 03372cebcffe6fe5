/**
 * Versions of firmware: numbers between dots, as many as the vendor likes (`2.9`, `V2.9.3`, `3.5.19.20`). Compared
 * number by number; a missing number counts as 0.
 */

export type VersionOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Numbers of a version, or null when the text is none. A leading `V` and what follows the numbers are left out. */
export function parseVersion(text: string): readonly number[] | null {
  const found = /^\s*[vV]?\s*(\d+(?:\.\d+)*)/.exec(text)?.[1];
  return found === undefined ? null : found.split('.').map(Number);
}

/** Negative, zero or positive, like a comparison of numbers. */
function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function satisfies(version: readonly number[], operator: VersionOperator, bound: readonly number[]): boolean {
  const order = compareVersions(version, bound);
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

export interface VersionBound {
  readonly operator: VersionOperator;
  readonly version: readonly number[];
}

/** Reads a range such as `>=2.9`, `>=2.9 <3.0` or `2.9.3`: every bound must hold. Null when it is none. */
export function parseVersionRange(text: string): readonly VersionBound[] | null {
  const bounds: VersionBound[] = [];
  const pattern = /\s*(>=|<=|!=|>|<|==?)?\s*([vV]?\d+(?:\.\d+)*)\s*,?/y;
  const trimmed = text.trim();
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    const version = parseVersion(match?.[2] ?? '');
    if (match === null || version === null) return null;
    bounds.push({ operator: operatorOf(match[1]), version });
  }
  return bounds.length === 0 ? null : bounds;
}

function operatorOf(text: string | undefined): VersionOperator {
  switch (text) {
    case '>=':
    case '<=':
    case '!=':
    case '>':
    case '<':
      return text;
    default:
      return '=';
  }
}

export function isInRange(version: readonly number[], range: readonly VersionBound[]): boolean {
  return range.every((bound) => satisfies(version, bound.operator, bound.version));
}
