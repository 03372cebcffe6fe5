import type { Operator } from '../mutation.js';

/** Every operator that changes the text and not the machine's behaviour. */
export const HARMLESS_OPERATORS: readonly Operator[] = [];
