import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readManifestText } from '../site/read-manifest.js';
import { readYaml } from './yaml-document.js';

/** Text made of what YAML gives a meaning to: far more likely to go wrong than random characters. */
const yamlish = fc
  .array(
    fc.constantFrom(
      'site: a',
      'dialect: iec',
      '\n',
      '  ',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '&a ',
      '*a',
      '|',
      '>',
      '"',
      "'",
      '#',
      '---',
      '!!x ',
      '? ',
      '\t',
      '%YAML 1.2',
      '<<: ',
      'null',
      '0x1F',
      '\u0000',
      'é',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('reading YAML', () => {
  it('never throws, and says what is wrong whenever it gives no data', () => {
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const { document, findings } = readYaml(text, 'x.yaml');
        expect(document === null).toBe(findings.length > 0);
        const reading = readManifestText(text);
        if (reading.manifest === null) expect(reading.findings.length).toBeGreaterThan(0);
        for (const { line, column } of [...findings, ...reading.findings]) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(text.split(/\r\n|\r|\n/).length);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
