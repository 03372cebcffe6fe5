import { excludeEachOther } from '../syntax/conditions.js';
import type { CodeSymbol, DeclarationSite } from './symbols.js';

/** True when two declarations of one name stand in branches of which the compiler takes one. */
export function isAlternative(first: CodeSymbol, second: DeclarationSite): boolean {
  const { openConditions } = second.file;
  if (openConditions === undefined || first.site?.file !== second.file) return false;
  return excludeEachOther(openConditions, first.site.identifier.start, second.identifier.start);
}
