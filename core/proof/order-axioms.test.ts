import { describe, expect, it } from 'vitest';
import { type MachineParts, machine } from '../safety/rules/example-machine.js';
import { changeOf } from '../safety/testing/site-of.js';
import { checkCertificates } from './certificate/certified-proofs.js';
import { checkProofChange } from './rules.js';

/** What the change to the second condition makes of the motor, with certificates that check. */
function relation(type: string, before: string, after: string): string | undefined {
  const parts = (condition: string): MachineParts => ({
    variables: `value AT %IW2 : ${type}; limit AT %IW4 : ${type};`,
    body: `Motor := Start_PB AND EStop_OK AND Guard_Closed AND (${condition});`,
  });
  const { comparisons, certificates, findings } = checkProofChange(
    changeOf(machine(parts(before)), machine(parts(after))),
  );
  expect(checkCertificates(certificates)).toEqual([]);
  expect(findings.filter(({ code }) => code === 'PROOF-CERTIFICATE')).toEqual([]);
  return comparisons.find(({ id }) => id === 'hazard:Main.Motor')?.relation;
}

describe('a real and the same real plus a constant keep their order', () => {
  const cases: readonly [string, string, string, string][] = [
    ['a limit that lies lower', 'value < limit', 'value < limit - 2.0', 'stronger'],
    ['a hysteresis below the limit', 'value < limit', 'value < limit - 2.0 OR Motor AND value < limit', 'stronger'],
    ['two offsets', 'value < limit - 1.0', 'value < limit - 3.5', 'stronger'],
    ['the offset on the other side', 'value < limit', 'value + 2.0 < limit', 'stronger'],
    ['a constant limit', 'value < 80.0', 'value + 0.5 < 80.0', 'stronger'],
    ['a constant limit with equality', 'value <= 80.0', 'value + 0.5 < 80.0', 'stronger'],
    ['a limit that lies higher', 'value < limit', 'value < limit + 2.0', 'weaker'],
    ['an offset that is negative', 'value < limit', 'value < limit - -2.0', 'weaker'],
    ['a smaller offset', 'value < limit - 3.5', 'value < limit - 1.0', 'weaker'],
    ['a factor', 'value < limit', 'value < limit * 0.9', 'incomparable'],
  ];
  for (const [title, before, after, expected] of cases) {
    it(title, () => {
      expect(relation('REAL', before, after)).toBe(expected);
    });
  }

  it('but not an integer, which may wrap around', () => {
    expect(relation('INT', 'value < limit', 'value < limit - 2')).toBe('incomparable');
  });
});
