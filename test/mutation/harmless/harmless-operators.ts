import type { Operator } from '../mutation.js';
import { LOGIC_OPERATORS } from './logic-operators.js';
import { TEXT_OPERATORS } from './text-operators.js';

/** Every operator that changes the text and not the machine's behaviour. */
export const HARMLESS_OPERATORS: readonly Operator[] = [...TEXT_OPERATORS, ...LOGIC_OPERATORS];
