import { CODESYS } from './codesys.js';
import type { Dialect } from './dialect.js';

/** Beckhoff TwinCAT 3: the language of CODESYS V3 in files of its own. */
export const TWINCAT: Dialect = {
  ...CODESYS,
  id: 'twincat',
  title: 'TwinCAT 3',
  semantics: { ...CODESYS.semantics, clockDisabled: 'runs-on' },
};
