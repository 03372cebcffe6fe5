import type { Mutation, Operator } from '../mutation.js';
import { LOGIC_OPERATORS } from './logic-operators.js';
import { TEXT_OPERATORS } from './text-operators.js';

/** Certified and protected files of the fixtures: there even a comment is for a person to change. */
const isOpen = ({ changed }: Mutation): boolean =>
  [...changed.keys()].every((path) => !/(^|\/)(certified|estop)\//.test(path));

/** Every operator that changes the text and not the machine's behaviour. */
export const HARMLESS_OPERATORS: readonly Operator[] = [...TEXT_OPERATORS, ...LOGIC_OPERATORS].map((operator) => ({
  ...operator,
  mutations: (machine) => operator.mutations(machine).filter(isOpen),
}));
