/** The dialects of Structured Text that a site can declare (`dialect:` of plantwright.yaml). */
export const DIALECT_IDS = ['iec', 'codesys', 'twincat', 'siemens', 'rockwell'] as const;

export type DialectId = (typeof DIALECT_IDS)[number];
