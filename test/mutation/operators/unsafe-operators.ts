/** Every operator that makes a machine dangerous. */

import type { Operator } from '../mutation.js';
import { CONDITION_OPERATORS } from './condition-operators.js';
import { DECLARATION_OPERATORS } from './declaration-operators.js';
import { FILE_OPERATORS } from './file-operators.js';
import { FLOW_OPERATORS } from './flow-operators.js';
import { WRITER_OPERATORS } from './writer-operators.js';

export const UNSAFE_OPERATORS: readonly Operator[] = [
  ...CONDITION_OPERATORS,
  ...WRITER_OPERATORS,
  ...FLOW_OPERATORS,
  ...DECLARATION_OPERATORS,
  ...FILE_OPERATORS,
];
