/** Holds the rule tables against the catalogue: nothing is missing in silence. */

import { describe, expect, test } from 'vitest';
import type { Severity } from '../base/finding.js';
import { LANGUAGE_DIAGNOSTICS } from '../language/diagnostics/registry.js';
import { CATALOGUE, NOT_DECIDABLE, SAME_CHECK } from '../safety/catalogue.js';
import { ALL_RULES } from './rule-table.js';

const ORDER: readonly Severity[] = ['info', 'warning', 'error', 'blocker'];
const undecidable = new Map(NOT_DECIDABLE.map((entry) => [entry.code, entry]));

test('the catalogue has 136 rules', () => {
  expect(new Set(CATALOGUE.map(({ code }) => code)).size).toBe(136);
});

describe.each(CATALOGUE)('$code $name', ({ code, name, least }) => {
  test('is built, is the same check as another one, or has a reason why no source can decide it', () => {
    const rule = ALL_RULES.find((candidate) => candidate.code === code);
    const same = [...ALL_RULES, ...LANGUAGE_DIAGNOSTICS].find((candidate) => candidate.code === SAME_CHECK[code]);
    const reason = undecidable.get(code)?.reason;
    expect([rule, same, reason].filter((answer) => answer !== undefined)).toHaveLength(1);
    if (rule === undefined) return;
    expect(rule.name).toBe(name);
    expect(ORDER.indexOf(rule.severity)).toBeGreaterThanOrEqual(ORDER.indexOf(least));
    expect([rule.flags.length, rule.accepts.length, rule.reference, rule.rationale]).not.toContain('');
    expect(Math.min(rule.flags.length, rule.accepts.length)).toBeGreaterThan(0);
  });
});

test('every rule stands in the catalogue, once; PV is for obligations of the proof that have no code there', () => {
  const codes = ALL_RULES.map(({ code }) => code);
  const known = new Set(CATALOGUE.map(({ code }) => code));
  expect(codes.filter((code) => !known.has(code) && !/^PV\d\d$/.test(code))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});
