/** The filter of `--where`: `plc_type~Siemens & firmware_version>=2.9 & safety_rating=SIL-2`. */

import { didYouMean } from '../base/yaml-validation.js';
import { parseVersion, satisfies, type VersionOperator } from '../site/firmware-version.js';
import type { FleetSite } from './fleet.js';

const FILTER_FIELDS = [
  'name',
  'location',
  'plc_type',
  'firmware_version',
  'line_type',
  'repo_path',
  'safety_rating',
  'tags',
  'wave',
] as const;
type FilterField = (typeof FILTER_FIELDS)[number];
type FilterOperator = VersionOperator | '~' | '!~';

interface FilterTerm {
  readonly field: FilterField;
  readonly operator: FilterOperator;
  readonly value: string;
}

/** Every term must hold. */
export type SiteFilter = readonly FilterTerm[];

export type FilterReading =
  | { readonly ok: true; readonly filter: SiteFilter }
  | { readonly ok: false; readonly problem: string };

/** Reads a filter. The problem of an unreadable one names the part that is wrong and what is allowed there. */
export function parseSiteFilter(text: string): FilterReading {
  const filter: FilterTerm[] = [];
  for (const part of splitTerms(text)) {
    const match = /^\s*([A-Za-z_]+)\s*(!=|!~|>=|<=|==|=|~|>|<)\s*(.*?)\s*$/s.exec(part);
    if (match === null) {
      return {
        ok: false,
        problem: `"${part.trim()}" is no condition. Write field, operator (= != ~ !~ < <= > >=) and value, joined by "&".`,
      };
    }
    const [, name = '', symbol = '', raw = ''] = match;
    const field = FILTER_FIELDS.find((known) => known === name.toLowerCase());
    if (field === undefined) {
      const guess = didYouMean(name, FILTER_FIELDS);
      const hint = guess === null ? '' : ` Did you mean "${guess}"?`;
      return { ok: false, problem: `Sites have no "${name}".${hint} Allowed: ${FILTER_FIELDS.join(', ')}.` };
    }
    const value = /^(["'])(.*)\1$/s.exec(raw)?.[2] ?? raw;
    if (value === '') return { ok: false, problem: `"${part.trim()}" has no value.` };
    const operator = (symbol === '==' ? '=' : symbol) as FilterOperator;
    if (['<', '<=', '>', '>='].includes(operator)) {
      if (field !== 'firmware_version' && field !== 'safety_rating') {
        return {
          ok: false,
          problem: `"${part.trim()}": only firmware_version and safety_rating have an order. Use = or ~.`,
        };
      }
      if (rank(field, value) === null)
        return { ok: false, problem: `"${part.trim()}": "${value}" is no ${field.replace('_', ' ')}.` };
    }
    filter.push({ field, operator, value });
  }
  return { ok: true, filter };
}

/** The conditions of a filter that a site does not meet, as sentences; none when it meets all. */
export function unmetTerms(filter: SiteFilter, site: FleetSite): string[] {
  return filter
    .filter((term) => !meets(term, site))
    .map(({ field, operator, value }) => {
      const has = valuesOf(site, field);
      return `${field} is ${has.length === 0 ? 'not stated' : has.join(', ')}, wanted ${operator} ${value}`;
    });
}

export function matchesFilter(filter: SiteFilter, site: FleetSite): boolean {
  return filter.every((term) => meets(term, site));
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  let quote = '';
  for (const char of text) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    if (char === '&' && quote === '') {
      terms.push(term);
      term = '';
    } else term += char;
  }
  terms.push(term);
  return terms.length === 1 && term.trim() === ''
    ? []
    : terms.filter((each, index) => each.trim() !== '' || terms[index + 1] !== '');
}

function meets({ field, operator, value }: FilterTerm, site: FleetSite): boolean {
  const has = valuesOf(site, field);
  switch (operator) {
    case '~':
      return has.some((each) => each.toLowerCase().includes(value.toLowerCase()));
    case '!~':
      return !has.some((each) => each.toLowerCase().includes(value.toLowerCase()));
    case '=':
      return has.some((each) => equal(field, each, value));
    case '!=':
      return !has.some((each) => equal(field, each, value));
    default:
      return has.some((each) => {
        const left = rank(field, each);
        const right = rank(field, value);
        return left !== null && right !== null && satisfies(left, operator, right);
      });
  }
}

function equal(field: FilterField, a: string, b: string): boolean {
  const left = rank(field, a);
  const right = rank(field, b);
  if (left !== null && right !== null) return satisfies(left, '=', right);
  return a.toLowerCase() === b.toLowerCase();
}

function rank(field: FilterField, value: string): readonly number[] | null {
  if (field === 'firmware_version') return parseVersion(value);
  if (field !== 'safety_rating') return null;
  const level = /^sil[\s_-]*([1-4])$/i.exec(value.trim())?.[1];
  return level === undefined ? null : [Number(level)];
}

function valuesOf(site: FleetSite, field: FilterField): readonly string[] {
  if (field === 'tags') return site.tags;
  const value = {
    name: site.name,
    location: site.location,
    plc_type: site.plcType,
    firmware_version: site.firmwareVersion,
    line_type: site.lineType,
    repo_path: site.repoPath,
    safety_rating: site.safetyRating,
    wave: site.wave,
  }[field];
  return value === null ? [] : [value];
}
