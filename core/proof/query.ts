/** Asking whether something can happen, with the order of compared terms taken into account. */

import type { Literal } from './circuit.js';
import { type DecideOptions, type Decision, decide } from './decide.js';
import { axiomsFor } from './order-axioms.js';
import { randomWord } from './random-words.js';
import type { Meaning, TermId, TermStore } from './terms.js';

/** Whether `goal` can hold in any interpretation of its atoms. */
export function ask(terms: TermStore, goal: Literal, options: DecideOptions): Decision {
  const support = terms.circuit.support([goal]);
  const axioms = axiomsFor(terms, support);
  // the goal comes last: small axioms first keep the diagram of the conjunction small
  return decide(terms.circuit, terms.circuit.and(terms.circuit.all(axioms), goal), options);
}

const RANDOM_ROUNDS = 8;

/**
 * Whether one of a few hundred pseudo-random interpretations, always the same ones, satisfies `goal`. Then `ask` would
 * find it satisfiable too, at a far higher price.
 */
export function isSeenAtRandom(terms: TermStore, goal: Literal): boolean {
  const axioms = axiomsFor(terms, terms.circuit.support([goal]));
  for (let round = 1; round <= RANDOM_ROUNDS; round++) {
    const words = terms.circuit.evaluateAll([goal, ...axioms], (node) => randomWord(node, round));
    if (words.reduce((all, word) => all & word, -1) !== 0) return true;
  }
  return false;
}

/** A condition of a witness, as an engineer reads it. */
export interface WitnessEntry {
  /** `MAIN.ESTOP_OK`, or `MAIN.SPEED < 100`. */
  readonly name: string;
  readonly value: boolean;
}

/** What an assignment says, sorted by name. `nameOf` turns a path into a tag. */
export function describeAssignment(
  terms: TermStore,
  assignment: ReadonlyMap<number, boolean>,
  nameOf: (path: string) => string,
): WitnessEntry[] {
  const entries = [...assignment].flatMap(([node, value]) => {
    const meaning = terms.meaningOf(node);
    return meaning === null ? [] : [{ name: describeMeaning(terms, meaning, nameOf), value }];
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function describeMeaning(terms: TermStore, meaning: Meaning, nameOf: (path: string) => string): string {
  switch (meaning.kind) {
    case 'variable':
      return nameOf(meaning.name);
    case 'bit':
      return `${describeTerm(terms, meaning.term, nameOf)}.${meaning.bit}`;
    case 'equal':
      return `${describeTerm(terms, meaning.left, nameOf)} = ${describeTerm(terms, meaning.right, nameOf)}`;
    case 'less':
      return `${describeTerm(terms, meaning.left, nameOf)} ${meaning.orEqual ? '<=' : '<'} ${describeTerm(terms, meaning.right, nameOf)}`;
  }
}

export function describeTerm(terms: TermStore, id: TermId, nameOf: (path: string) => string): string {
  const term = terms.term(id);
  switch (term.kind) {
    case 'constant':
      return typeof term.value === 'string' ? `'${term.value}'` : String(term.value);
    case 'symbol':
      return term.name.startsWith('merged:') ? 'a value that depends on conditions' : nameOf(term.name);
    case 'address':
      return `ADR(${nameOf(term.path)})`;
    case 'apply':
      return `${term.operator.split(':')[0]}(${term.operands.map((operand) => describeTerm(terms, operand, nameOf)).join(', ')})`;
  }
}

/** Names of the free Booleans on which literals depend. */
export function variablesIn(terms: TermStore, roots: readonly Literal[]): string[] {
  const names = new Set<string>();
  for (const node of terms.circuit.support(roots)) {
    const meaning = terms.meaningOf(node);
    if (meaning?.kind === 'variable') names.add(meaning.name);
    else if (meaning !== null) for (const name of symbolsIn(terms, meaning)) names.add(name);
  }
  return [...names];
}

function symbolsIn(terms: TermStore, meaning: Exclude<Meaning, { kind: 'variable' }>): string[] {
  const names: string[] = [];
  const visit = (id: TermId): void => {
    const term = terms.term(id);
    if (term.kind === 'symbol') names.push(term.name);
    else if (term.kind === 'apply') for (const operand of term.operands) visit(operand);
  };
  if (meaning.kind === 'bit') visit(meaning.term);
  else {
    visit(meaning.left);
    visit(meaning.right);
  }
  return names;
}
