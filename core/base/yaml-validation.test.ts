import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readYamlAs } from './yaml-validation.js';

const schema = z.strictObject({
  site: z.string(),
  firmware_version: z.string().optional(),
  dialect: z.enum(['iec', 'codesys', 'siemens']).optional(),
  timeout: z.number().int().min(1).optional(),
  signals: z
    .array(
      z.strictObject({
        tag: z.string(),
        zone: z.string().optional(),
        max: z.union([z.string().regex(/ms$/, 'a duration such as 100ms'), z.number()]).optional(),
      }),
    )
    .optional(),
});

const read = (text: string) => readYamlAs(text, 'x.yaml', schema);

/** One finding as `line:column code message`. */
const told = (text: string): string[] => read(text).findings.map((f) => `${f.line}:${f.column} ${f.code} ${f.message}`);

describe('a hand-written YAML file', () => {
  it('reads what fits', () => {
    expect(read('site: a\nsignals: [{ tag: Main.x }]\n').value).toEqual({ site: 'a', signals: [{ tag: 'Main.x' }] });
  });

  it('takes a number as it is written where text is wanted', () => {
    expect(read('site: 12\nfirmware_version: 2.10\n').value).toEqual({ site: '12', firmware_version: '2.10' });
  });

  it.each([
    [
      'unknown key',
      'site: a\nfirmware_vesion: "2"\n',
      '2:1 CFG-KEY Unknown key "firmware_vesion". Did you mean "firmware_version"?',
    ],
    [
      'unknown key deep inside',
      'site: a\nsignals:\n  - { tag: x, zon: y }\n',
      '3:15 CFG-KEY Unknown key "zon" in signals[0]. Did you mean "zone"? Allowed here: tag, zone, max.',
    ],
    [
      'value out of a list',
      'site: a\ndialect: simens\n',
      '2:10 CFG-VALUE dialect is "simens", which is not allowed. Did you mean "siemens"? Allowed: iec, codesys, siemens.',
    ],
    ['wrong type', 'site: [a]\n', '1:7 CFG-TYPE site must be text, found a list.'],
    ['missing key', 'dialect: iec\n', '1:1 CFG-MISSING "site" is missing; expected text.'],
    ['key without value', 'site:\n', '1:1 CFG-MISSING "site" has no value; expected text.'],
    ['empty file', '', '1:1 CFG-MISSING The file is empty.'],
    ['too small', 'site: a\ntimeout: 0\n', '2:10 CFG-VALUE timeout must be at least 1.'],
    [
      'a duration that is none',
      'site: a\nsignals: [{tag: x, max: soon}]\n',
      '2:25 CFG-VALUE signals[0].max is "soon"; expected a duration such as 100ms',
    ],
    ['duplicate key', 'site: a\nsite: b\n', '2:1 CFG-DUPLICATE The key "site" stands twice'],
    ['tab', 'site: a\nsignals:\n\t- tag: x\n', 'CFG-YAML A tab is used to indent'],
    ['not YAML', 'site: [a\n', 'CFG-YAML Not valid YAML'],
    ['two documents', 'site: a\n---\nsite: b\n', 'CFG-YAML A second YAML document'],
    ['a list as the file', '- a\n', '1:1 CFG-TYPE The file must be a mapping (key: value), found a list.'],
    ['an unknown tag', 'site: !!js/function "x"\n', 'CFG-YAML'],
  ])('%s', (_, text, expected) => {
    expect(read(text).value).toBeNull();
    expect(told(text).join('\n')).toContain(expected);
  });

  it('refuses an anchor bomb and endless brackets without expanding them', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `k${i + 1}: &a${i + 1} [*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i},*a${i}]`,
    );
    expect(told(`k0: &a0 x\n${levels.join('\n')}\n`).join('\n')).toContain('CFG-ALIAS');
    expect(told('['.repeat(100_000)).join('\n')).toContain('CFG-DEPTH');
    expect(told(`site: a\n${'- '.repeat(20_000)}x\n`).length).toBeGreaterThan(0);
  });

  it('does not let a key reach the prototype', () => {
    read('__proto__: { polluted: true }\nsite: a\n');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
