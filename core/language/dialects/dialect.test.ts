import { describe, expect, it } from 'vitest';
import { DEFAULT_DIALECT, dialectOf } from './dialect.js';
import { DIALECT_IDS } from './dialect-id.js';

describe.each(DIALECT_IDS)('%s', (id) => {
  it('is found by its id and has each keyword once', () => {
    const dialect = dialectOf(id);
    expect(dialect.id).toBe(id);
    expect(dialect.keywords.length).toBe(new Set(dialect.keywords).size);
    expect(dialect.defaultStringLength).toBeGreaterThan(0);
  });
});

describe('the default dialect', () => {
  it('has every form of IEC programs', () => {
    const missing = [...dialectOf('iec').features].filter(
      (feature) => !dialectOf(DEFAULT_DIALECT).features.has(feature),
    );
    expect(missing).toEqual([]);
  });
});
