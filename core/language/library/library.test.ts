import { describe, expect, test } from 'vitest';
import { DIALECT_IDS } from '../dialects/dialect-id.js';
import { DIALECT_RULES } from '../semantics/dialect-rules.js';
import { elementaryNamed } from '../semantics/elementary-types.js';
import { describeType } from '../semantics/type-names.js';
import { conversionSignature } from './conversions.js';
import { createLibrary } from './library.js';

const WORDS = /^(?:@|@ROUTINE|\^?ANY(_\w+)?|STRING|WSTRING|#|=.+|)$/;

describe.each(DIALECT_IDS)('the library of %s', (dialect) => {
  const library = createLibrary(DIALECT_RULES[dialect]);

  test('has a symbol behind every name, with types that exist', () => {
    for (const name of library.names()) {
      const pou = library.pou(name);
      expect(pou, name).not.toBeNull();
      if (pou === null) continue;
      const signature = library.signatureOf(pou);
      const words = signature === null ? [] : [...signature.parameters.map((one) => one.type), signature.result];
      for (const word of words)
        expect(WORDS.test(word) || elementaryNamed(word) !== null, `${name}: ${word}`).toBe(true);
      for (const pin of pou.variables.values()) expect(pin.type.kind, `${name}.${pin.name}`).not.toBe('unknown');
    }
  });

  test('gives the same symbol every time', () => {
    for (const name of library.names()) expect(library.pou(name)).toBe(library.pou(name));
  });
});

describe('the IEC library', () => {
  const library = createLibrary(DIALECT_RULES.iec);

  test.each([
    ['TON', ['IN', 'PT', 'Q', 'ET']],
    ['CTUD', ['CU', 'CD', 'R', 'LD', 'PV', 'QU', 'QD', 'CV']],
    ['SR', ['S1', 'R', 'Q1']],
    ['RS', ['S', 'R1', 'Q1']],
    ['R_TRIG', ['CLK', 'Q']],
    [
      'SF_EMERGENCYSTOP',
      [
        'ACTIVATE',
        'S_ESTOPIN',
        'S_STARTRESET',
        'S_AUTORESET',
        'RESET',
        'READY',
        'S_ESTOPOUT',
        'SAFETYDEMAND',
        'RESETREQUEST',
        'ERROR',
        'DIAGCODE',
      ],
    ],
  ])('%s has its pins in order', (name, pins) => {
    expect([...(library.pou(name)?.variables.keys() ?? [])]).toEqual(pins);
  });

  test.each([
    ['CTU', 'RESET', 'R'],
    ['SR', 'SET1', 'S1'],
    ['RS', 'RESET1', 'R1'],
  ])('%s knows the other spelling %s', (block, alias, pin) => {
    const pou = library.pou(block);
    expect(pou === null ? null : library.pinOf(pou, alias)?.name).toBe(pin);
  });

  test.each([
    ['INT_TO_REAL', 'INT', 'REAL'],
    ['TO_DINT', 'ANY', 'DINT'],
    ['REAL_TRUNC_DINT', 'REAL', 'DINT'],
    ['WORD_BCD_TO_UINT', 'WORD', 'UINT'],
    ['UINT_TO_BCD_WORD', 'UINT', 'WORD'],
    ['TIME_TO_LTIME', 'TIME', 'LTIME'],
    ['STRING_TO_WSTRING', 'STRING', 'WSTRING'],
    ['DT_TO_TOD', 'DT', 'TOD'],
  ])('%s is a conversion', (name, source, result) => {
    const signature = conversionSignature(name);
    expect([signature?.parameters[0]?.type, signature?.result]).toEqual([source, result]);
  });

  test.each(['FOO_TO_INT', 'INT_TO_FOO', 'TO_', 'GO_TO_X', 'MOVE_TO_HOME'])('%s is none', (name) => {
    expect(conversionSignature(name)).toBeNull();
  });

  test('types the result of a function', () => {
    expect(describeType(library.pou('CONCAT_DATE_TOD')?.returnType ?? { kind: 'unknown' })).toBe('DATE_AND_TIME');
  });
});
