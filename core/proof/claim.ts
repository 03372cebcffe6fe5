/** The statements that an answer of the prover rests on. Certificates are made from them. */

import type { Literal } from './circuit.js';
import type { TermStore } from './terms.js';

export type Claim =
  /** These literals never hold together. */
  | { readonly kind: 'impossible'; readonly name: string; readonly conjuncts: readonly Literal[] }
  /** These literals hold together in this assignment of the inputs. */
  | {
      readonly kind: 'possible';
      readonly name: string;
      readonly conjuncts: readonly Literal[];
      readonly assignment: ReadonlyMap<number, boolean>;
    };

export function impossible(name: string, ...conjuncts: readonly Literal[]): Claim {
  return { kind: 'impossible', name, conjuncts };
}

/** The claims of one answer, with the formulas that they speak of. */
export interface Proof {
  /** Id of the obligation or comparison. */
  readonly id: string;
  readonly terms: TermStore;
  readonly claims: readonly Claim[];
}
