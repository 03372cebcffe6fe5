import { describe, expect, it } from 'vitest';
import { changeOf, siteOf } from '../safety/testing/site-of.js';
import { checkProofChange, PROOF_RULES } from './rules.js';

for (const rule of PROOF_RULES) {
  describe(`${rule.code} ${rule.name}`, () => {
    for (const [verdict, examples] of [
      ['flags', rule.flags],
      ['accepts', rule.accepts],
    ] as const) {
      for (const example of examples) {
        it(`${verdict}: ${example.title}`, () => {
          const findings =
            rule.kind === 'state'
              ? rule.check(siteOf(example.files))
              : rule.check(changeOf(example.before ?? example.files, example.files));
          expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
            verdict === 'flags' ? expect.arrayContaining([`${rule.code} ${rule.severity}`]) : [],
          );
        });
        if (rule.kind === 'change' && verdict === 'accepts') {
          it(`no rule vetoes: ${example.title}`, () => {
            const { findings } = checkProofChange(changeOf(example.before ?? example.files, example.files));
            expect(findings).toEqual([]);
          });
        }
      }
    }
  });
}
