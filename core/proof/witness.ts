/** Counterexamples as an engineer reads them: the inputs of each scan by tag, and a value for every number. */

import { describeAssignment, type WitnessEntry } from './query.js';
import type { ProofContext } from './site-proof.js';
import type { TermConstant } from './terms.js';
import { fittingNumbers } from './witness-numbers.js';

export interface WitnessNumber {
  readonly name: string;
  /** An integer as a number, or as text when it is beyond 2^53; times in nanoseconds. */
  readonly value: number | string;
}

export interface WitnessScan {
  /** What came from outside in this scan, including what timers and unknown blocks did. */
  readonly inputs: readonly WitnessEntry[];
  /** Memory before the scan; only for a witness that starts from any memory. */
  readonly state: readonly WitnessEntry[];
  /** Numbers and texts from outside that make the comparisons among the inputs come out as they do. */
  readonly numbers: readonly WitnessNumber[];
  /** Whether the inputs that can be written are all that the scan depends on. */
  readonly isComplete: boolean;
}

export function coldStartWitness(
  context: ProofContext,
  assignment: ReadonlyMap<number, boolean>,
  count: number,
): WitnessScan[] {
  const scans = Array.from({ length: count }, (_, index) => witnessScan(context, assignment, `@${index + 1}`));
  const belongs = (node: number): boolean => /^@\d+$/.test(suffixOf(context, node));
  if ([...assignment.keys()].every(belongs)) return scans;
  // retained memory, or something that no scan of the witness shows
  const state = retainedMemory(context, assignment);
  return scans.map((scan, index) => ({ ...scan, ...(index === 0 ? { state } : {}), isComplete: false }));
}

/** What was retained over the power cycle before the first scan: a scenario would have to bring it about first. */
function retainedMemory(context: ProofContext, assignment: ReadonlyMap<number, boolean>): WitnessEntry[] {
  const isRetained = (path: string): boolean => path.includes('@retained');
  const mine = new Map(
    [...assignment].filter(([node, value]) =>
      describeAssignment(context.terms, new Map([[node, value]]), (path) => path).some(({ name }) => isRetained(name)),
    ),
  );
  return describeAssignment(context.terms, mine, (path) => readableName(context, path));
}

/** The part of an assignment that belongs to the scan with this suffix. */
export function witnessScan(
  context: ProofContext,
  assignment: ReadonlyMap<number, boolean>,
  suffix: string,
): WitnessScan {
  const { terms, model } = context;
  const mine = new Map<number, boolean>();
  for (const [node, value] of assignment) {
    if (suffixOf(context, node) === suffix) mine.set(node, value);
  }
  const entries = describeAssignment(terms, mine, (path) => readableName(context, path));
  const states = suffix === '' ? stateNames(context) : new Set<string>();
  const isState = ({ name }: WitnessEntry): boolean => states.has(name.split(' ')[0] ?? '');
  const isInput = (name: string): boolean => {
    const path = plainPath(name);
    return model.cells.has(path) && model.roleOf(path) === 'input';
  };
  const { values, isExact } = fittingNumbers(terms, mine, isInput);
  const plain = [...mine.keys()].every((node) => {
    const meaning = terms.meaningOf(node);
    return meaning?.kind !== 'variable' || isInput(meaning.name);
  });
  return {
    inputs: entries.filter((entry) => !isState(entry)),
    state: entries.filter(isState),
    numbers: values.map(([name, value]) => ({ name: readableName(context, name), value: asJson(value) })),
    isComplete: isExact && plain,
  };
}

function asJson(value: TermConstant): number | string {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function suffixOf(context: ProofContext, node: number): string {
  const name = context.terms.meaningOf(node);
  const text =
    name?.kind === 'variable'
      ? name.name
      : name === null
        ? ''
        : describeAssignment(context.terms, new Map([[node, true]]), (path) => path)[0]?.name;
  return /@\+?\d+/.exec(text ?? '')?.[0] ?? '';
}

function stateNames(context: ProofContext): ReadonlySet<string> {
  return new Set([...context.model.written].map((path) => context.model.nameOf(path)));
}

function plainPath(name: string): string {
  return name.replace(/@(\d+|\+\d+|retained|after|before|other|waiting)/g, '');
}

/** `MAIN.STOP@2` is `Main.Stop`; what a timer or an unknown block did says so. */
function readableName(context: ProofContext, name: string): string {
  const path = plainPath(name);
  const oracle = /^(\w+):(.+?)#\d+\.(.+)$/.exec(path);
  if (oracle === null) return context.model.nameOf(path);
  const [, , owner = '', what = ''] = oracle;
  return `${context.model.nameOf(owner)} (${what === 'value' ? 'unknown value' : what})`;
}
