/** A site prepared for proofs: its symbolic scan, its signals as literals, and further scans on demand. */

import type { Project } from '../language/semantics/model.js';
import type { Type } from '../language/semantics/types.js';
import { enclosingLocations } from '../safety/dataflow/location.js';
import type { ResolvedSignal } from '../safety/signal-roles.js';
import { type Literal, not } from './circuit.js';
import { DEFAULT_DECIDE_OPTIONS, type DecideOptions, type Decision } from './decide.js';
import type { Place } from './machine.js';
import { ask } from './query.js';
import {
  buildScanModel,
  coldValue,
  freeValue,
  runScan,
  type Scan,
  type ScanModel,
  type ScanRefusal,
} from './scan-model.js';
import { isChoice, TermStore, type Value } from './terms.js';
import { domainOf, isBooleanType } from './value-types.js';

const BRIEF = { nodeLimit: 10_000, conflictLimit: 3_000, reorder: false } as const;

/** Everything asked about one project shares one circuit. */
export interface ProofContext {
  readonly terms: TermStore;
  readonly model: ScanModel;
  /** One scan from any memory. */
  readonly scan: Scan;
  readonly options: DecideOptions;
  ask(goal: Literal): Decision;
  /** With a small budget: for searches that may give up. */
  askBriefly(goal: Literal): Decision;
  /** Scan `number` (from 1) after a cold start; unfolded when first asked for. */
  coldScan(number: number): Scan;
  /** The scan after `scan`, which starts from any memory. */
  readonly secondScan: () => Scan;
  /** One scan from any memory with some inputs replaced; unfolded once per `name`. */
  variant(name: string, inputs: ReadonlyMap<string, Value>): Scan;
}

export interface ProofOptions {
  readonly signal?: AbortSignal;
}

/** Prepares a project. The refusal says why nothing can be proved about it. */
export function prepareProof(
  project: Project,
  options: ProofOptions,
  terms: TermStore = new TermStore(),
): ProofContext | ScanRefusal {
  const model = buildScanModel(project, terms, options.signal);
  if ('kind' in model) return model;
  return contextOf(model, terms, options);
}

export function contextOf(model: ScanModel, terms: TermStore, options: ProofOptions): ProofContext {
  const decideOptions: DecideOptions = {
    ...DEFAULT_DECIDE_OPTIONS,
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const scan = scanFromAny(model, terms, options, '', '');
  // hazards of one zone, and rounds of one search, ask for the same again
  const answers = new Map<Literal, Decision>();
  const askBriefly = (goal: Literal): Decision => {
    const answer = answers.get(goal) ?? ask(terms, goal, { ...decideOptions, ...BRIEF });
    answers.set(goal, answer);
    return answer;
  };
  const cold: Scan[] = [];
  const variants = new Map<string, Scan>();
  let second: Scan | null = null;
  return {
    terms,
    model,
    scan,
    options: decideOptions,
    ask(goal) {
      const brief = askBriefly(goal);
      return brief.kind === 'unknown' ? ask(terms, goal, decideOptions) : brief;
    },
    askBriefly,
    coldScan(number) {
      for (;;) {
        const known = cold[number - 1];
        if (known !== undefined) return known;
        const last = cold.at(-1);
        cold.push(
          last === undefined ? firstScan(model, terms, options) : scanAfter(last, options, `@${cold.length + 1}`),
        );
      }
    },
    secondScan() {
      second ??= scanAfter(scan, options, '@+1');
      return second;
    },
    variant(name, inputs) {
      const known = variants.get(name);
      if (known !== undefined) return known;
      const made = runScan(model, {
        terms,
        suffix: '',
        stateBefore: (path, place) => inputs.get(path) ?? freeValue(terms, path, place),
        inputs,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      variants.set(name, made);
      return made;
    },
  };
}

/** A scan from any memory. Memory is named after its path and `stateSuffix`, inputs after `inputSuffix`. */
export function scanFromAny(
  model: ScanModel,
  terms: TermStore,
  options: ProofOptions,
  stateSuffix: string,
  inputSuffix: string,
): Scan {
  return runScan(model, {
    terms,
    suffix: inputSuffix,
    stateBefore: (path, place) => freeValue(terms, path, place, stateSuffix),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** The scan that follows another one, with inputs of its own. */
export function scanAfter(previous: Scan, options: ProofOptions, inputSuffix: string): Scan {
  return runScan(previous.model, {
    terms: previous.machine.terms,
    suffix: inputSuffix,
    stateBefore: (path) => previous.after(path),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

const REPEATED = new WeakMap<Scan, WeakMap<Scan, Map<string, Scan>>>();

/**
 * A scan once more with some inputs replaced: from the memory before it, or from the memory after another one.
 * @param start the scan itself, or the scan after which it is repeated
 */
export function scanWithInputs(scan: Scan, start: Scan, inputs: ReadonlyMap<string, Value>): Scan {
  const byStart = REPEATED.get(scan) ?? new WeakMap<Scan, Map<string, Scan>>();
  REPEATED.set(scan, byStart);
  const byInputs = byStart.get(start) ?? new Map<string, Scan>();
  byStart.set(start, byInputs);
  const key = [...inputs].map(([path, value]) => `${path}=${JSON.stringify(value)}`).join(' ');
  const known = byInputs.get(key);
  if (known !== undefined) return known;
  const made = runScan(scan.model, {
    terms: scan.machine.terms,
    suffix: scan.machine.suffix,
    stateBefore: (path) => (start === scan ? scan.before(path) : start.after(path)),
    inputs,
  });
  byInputs.set(key, made);
  return made;
}

/** The first scan after a cold start. Retained memory may hold anything: it survives a warm start. */
export function firstScan(model: ScanModel, terms: TermStore, options: ProofOptions): Scan {
  return runScan(model, {
    terms,
    suffix: '@1',
    stateBefore: (path, place) => initialState(model, terms, path, place),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

export function initialState(model: ScanModel, terms: TermStore, path: string, place: Place | null): Value {
  return isRetained(model, path)
    ? freeValue(terms, path, place, '@retained')
    : coldValue(model.project, terms, path, place);
}

/** RETAIN and PERSISTENT of the variable or of anything that encloses it. */
function isRetained(model: ScanModel, path: string): boolean {
  return enclosingLocations(path).some((each) => {
    const retention = model.cells.get(each)?.symbol?.retention;
    return retention === 'retain' || retention === 'persistent' || retention === 'retain-persistent';
  });
}

/** The value of a path, read as: `value` holds. Numbers compare with the number given. */
export function holds(terms: TermStore, current: Value, type: Type | null, value: boolean | number): Literal {
  if (typeof value === 'boolean' && (!isChoice(current) || type === null || isBooleanType(type))) {
    const literal = terms.asLiteral(current);
    return value ? literal : not(literal);
  }
  const domain = type === null ? 'integer' : domainOf(type);
  const number = Number(value);
  return terms.equal(
    terms.asChoice(current),
    terms.constantChoice(domain === 'real' || !Number.isInteger(number) ? number : BigInt(number)),
    domain,
  );
}

/** A hazard that is not at rest after the scan. */
export function isActive(scan: Scan, hazard: ResolvedSignal): Literal {
  return not(holds(scan.machine.terms, scan.after(pathOf(scan, hazard)), hazard.symbol?.type ?? null, hazard.off));
}

/**
 * A condition that permits motion. What comes from the field counts as it was read at the start of the scan, so that
 * code can't overwrite it; what the program computes counts as it is after the scan.
 */
export function isHealthy(scan: Scan, condition: ResolvedSignal): Literal {
  const path = pathOf(scan, condition);
  const value = scan.model.roleOf(path) === 'input' ? scan.before(path) : scan.after(path);
  return holds(scan.machine.terms, value, condition.symbol?.type ?? null, condition.healthy);
}

/** A command as it stands at the start of the scan when it is an input, else after it. */
export function isCommanded(scan: Scan, command: ResolvedSignal): Literal {
  const path = pathOf(scan, command);
  return scan.machine.terms.asLiteral(scan.model.roleOf(path) === 'input' ? scan.before(path) : scan.after(path));
}

export function pathOf(scan: Scan, signal: ResolvedSignal): string {
  return scan.model.memory.canonicalPath(signal.location);
}
