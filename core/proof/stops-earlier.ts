/**
 * Changes that only stop a machine earlier, or start it less often: one more cause of a trip, one more condition of a
 * start. Run beside the old version on the same inputs, the new one falls behind as soon as it has stopped alone, and a
 * comparison scan by scan sees differences both ways.
 *
 * What is proved instead: every run of the new version is one that the old version shows when in some scans a condition
 * is less healthy, or a command is given less. In each scan the new version does what the old one does under one of
 * these readings of its inputs, and from then on both are in related memory again. On top of that, no scan may switch
 * anything on that the old version, from the same related memory and the same inputs, leaves off.
 */

import { FALSE, type Literal, not, TRUE } from './circuit.js';
import { type Claim, impossible } from './claim.js';
import { stateCone } from './invariants.js';
import {
  initialRelation,
  isEqualRelation,
  type Product,
  type ProductInput,
  type Relation,
  relationLiteral,
  scanOfAfter,
} from './product.js';
import type { Scan } from './scan-model.js';
import { isChoice, type Value } from './terms.js';

/** What is compared: an output of both versions. */
export interface ComparedOutput {
  readonly id: string;
  /** What decides over it in a scan of the version before the change. */
  rootsIn(before: Scan): readonly Literal[];
  /** It is on in a scan of the new version in a way in which a scan of the old one does not have it. */
  exceeds(after: Scan, before: Scan): Literal;
}

/** Inputs read otherwise than they come in. */
export interface Reading {
  /** `Main.EStop_OK less healthy`. */
  readonly name: string;
  /** Values by path before the change. */
  readonly inputs: ReadonlyMap<string, Value>;
}

export interface EarlierStopQuestion {
  readonly input: ProductInput;
  readonly product: Product;
  /** Must be on only where the old version is on under the same reading. */
  readonly hazards: readonly ComparedOutput[];
  /** Readings that the old version may be given in place of the inputs as they are. */
  readonly readings: readonly Reading[];
}

export interface EarlierStop {
  /** Names of the readings that were needed. */
  readonly readings: readonly string[];
  readonly claims: readonly Claim[];
  /** Whether an output is on only where the old version has it on, in every scan of such a run. */
  holdsFor(output: ComparedOutput): Claim | null;
}

const ROUND_LIMIT = 32;

/**
 * What it costs to give up a relation: numbers steer sequences, bits that stay ordered cost least. Bits on which no
 * hazard depends cost nothing; numbers may still say how long a timer has run.
 */
const COSTS = { order: 10, bit: 40, number: 160 } as const;
const OTHER_NUMBER_COST = 16;

/** The relations that one counterexample leaves, and their price; null when the hazards themselves are against it. */
interface Weakened {
  readonly cost: number;
  readonly changes: ReadonlyMap<string, Relation>;
}

/** Null when the change does more, as far as this method can tell. */
export function onlyStopsEarlier(question: EarlierStopQuestion): EarlierStop | null {
  const { input, product, hazards, readings } = question;
  const { context } = product;
  const { circuit } = input.terms;
  if (hazards.length === 0 || readings.length === 0) return null;
  const asItIs = context.scan;
  const old = [asItIs, ...readings.map(({ name, inputs }) => context.variant(`reading ${name}`, inputs))];
  const relations = startingRelations(question);
  const cone = new Set(
    stateCone(
      asItIs,
      hazards.flatMap((each) => each.rootsIn(asItIs)),
    ),
  );
  for (let round = 0; round < ROUND_LIMIT; round++) {
    input.options.signal?.throwIfAborted();
    const scan = scanOfAfter(input, relations);
    const assumption = relationLiteral(input, relations, asItIs, scan);
    const switchesOn = hazards.map((each) => each.exceeds(scan, asItIs));
    const follows = old.map((each) =>
      circuit.and(
        circuit.all(hazards.map((hazard) => not(hazard.exceeds(scan, each)))),
        circuit.all([...relations].map(([path, relation]) => keeps(input, each, scan, path, relation))),
      ),
    );
    const bad = circuit.any([...switchesOn, not(circuit.any(follows))]);
    const decision = context.askBriefly(circuit.and(assumption, bad));
    if (decision.kind === 'unknown') return null;
    if (decision.kind === 'unsatisfiable') {
      const name = 'each scan is one of the old version under one of the readings, and switches nothing on';
      const claims = [impossible(name, assumption, bad)];
      return {
        readings: readings.map((reading) => reading.name),
        claims,
        holdsFor(output) {
          const wrong = output.exceeds(scan, asItIs);
          const claim = impossible('it is on nowhere where it was off', assumption, wrong);
          return context.askBriefly(circuit.and(assumption, wrong)).kind === 'unsatisfiable' ? claim : null;
        },
      };
    }
    const isTrue = (literal: Literal): boolean => circuit.evaluate(literal, decision.assignment);
    if (switchesOn.some(isTrue)) return null;
    const choices = old.flatMap((each) => weakenedBy(question, relations, cone, each, scan, isTrue) ?? []);
    const cheapest = choices.reduce<Weakened | null>(
      (best, each) => (best === null || each.cost < best.cost ? each : best),
      null,
    );
    if (cheapest === null) return null;
    for (const [path, relation] of cheapest.changes) relations.set(path, relation);
  }
  return null;
}

/** Everything equal that starts equal. */
function startingRelations({ input, product }: EarlierStopQuestion): Map<string, Relation> {
  return new Map(
    [...product.relations].map(([path, relation]) => {
      const first = initialRelation(input, path);
      return [path, isEqualRelation(relation) || !isEqualRelation(first) ? relation : first];
    }),
  );
}

/** Whether both versions end a scan with a relation kept. */
function keeps(
  { terms }: ProductInput,
  before: Scan,
  after: Scan,
  path: string,
  { partner, atMost, atLeast }: Relation,
): Literal {
  const { circuit } = terms;
  if (!atMost && !atLeast) return TRUE;
  const a = before.after(partner.path);
  const b = after.after(path);
  if (isChoice(a) || isChoice(b)) return partner.isNegated ? FALSE : terms.equal(a, b, 'integer');
  const old = partner.isNegated ? not(a) : a;
  return circuit.and(atMost ? circuit.implies(b, old) : TRUE, atLeast ? circuit.implies(old, b) : TRUE);
}

/** What has to be given up for the old version to follow one counterexample under one reading. */
function weakenedBy(
  { input, hazards }: EarlierStopQuestion,
  relations: ReadonlyMap<string, Relation>,
  cone: ReadonlySet<string>,
  before: Scan,
  after: Scan,
  isTrue: (literal: Literal) => boolean,
): Weakened | null {
  if (hazards.some((each) => isTrue(each.exceeds(after, before)))) return null;
  const changes = new Map<string, Relation>();
  let cost = 0;
  for (const [path, relation] of relations) {
    if (isTrue(keeps(input, before, after, path, relation))) continue;
    const isBit = !isChoice(after.after(path)) && !isChoice(before.after(relation.partner.path));
    const { atMost, atLeast } = relation;
    const isAbove = isBit && isTrue(input.terms.asLiteral(after.after(path)));
    // on in the new version only: what still can hold is that it is on wherever the old one has it on
    const ordered = { ...relation, atMost: !isAbove, atLeast: isAbove };
    const isOrder = isBit && atMost && atLeast && !relation.partner.isNegated;
    changes.set(path, isOrder ? ordered : { ...relation, atMost: false, atLeast: false });
    const isRead = cone.has(relation.partner.path);
    if (isRead) cost += isOrder ? COSTS.order : isBit ? COSTS.bit : COSTS.number;
    else if (!isBit) cost += OTHER_NUMBER_COST;
  }
  return { cost, changes };
}
