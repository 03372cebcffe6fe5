/** The conversion functions, made from their names: IEC 61131-3 ed. 3, tables 22 to 27. */

import { elementaryNamed } from '../semantics/elementary-types.js';
import type { Signature } from './signature.js';

/** The signature of `INT_TO_REAL`, `TO_INT`, `REAL_TRUNC_DINT`, `BCD_TO_UINT`, `TRUNC` … or null. `key` is upper case. */
export function conversionSignature(key: string): Signature | null {
  if (key === 'TRUNC') return signature(key, 'ANY_REAL', 'DINT');
  if (key === 'TRUNC_INT') return signature(key, 'ANY_REAL', 'INT');
  const named = /^(?:(\w+?)_)?(TO|TRUNC|TO_BCD|BCD_TO|ROUND)_(\w+)$/.exec(key);
  if (named === null) return null;
  const [, source, word = '', target = ''] = named;
  const verb = target.startsWith('BCD_') ? 'TO_BCD' : word;
  const to = verb === 'TO_BCD' ? target.replace(/^BCD_/, '') : target;
  if (verb === 'TO' && (source === 'BCD' || source?.endsWith('_BCD')))
    return convertible(to) ? signature(key, 'ANY_BIT', to) : null;
  if (!convertible(to)) return null;
  if (source === undefined) return signature(key, 'ANY', to);
  return convertible(source) ? signature(key, source, to) : null;
}

function convertible(word: string): boolean {
  return word === 'STRING' || word === 'WSTRING' || elementaryNamed(word) !== null;
}

function signature(name: string, source: string, result: string): Signature {
  return {
    name,
    parameters: [{ name: 'IN', direction: 'in', type: source, isOptional: false }],
    variadicType: null,
    result,
  };
}
