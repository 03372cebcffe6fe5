/** Reads a certificate file from outside: what does not have the shape is refused before it is checked. */

import { z } from 'zod';
import type { CertificateFile } from './certified-proofs.js';

const literal = z.number().int().nonnegative();
const shift = z.strictObject({ base: z.string(), by: z.number() });
const base = {
  claim: z.string(),
  gates: z.array(z.tuple([literal, literal, literal])),
  atoms: z.array(
    z.strictObject({
      node: literal,
      left: z.string(),
      right: z.string(),
      orEqual: z.boolean(),
      leftShift: shift.exactOptional(),
      rightShift: shift.exactOptional(),
    }),
  ),
  asserted: z.array(literal),
};
const schema = z.strictObject({
  schema: z.literal('plantwright/certificates@1'),
  proofs: z.array(
    z.strictObject({
      id: z.string(),
      certificates: z.array(
        z.discriminatedUnion('kind', [
          z.strictObject({
            kind: z.literal('refutation'),
            ...base,
            axioms: z.array(z.tuple([literal, literal])),
            steps: z.array(z.array(literal)),
          }),
          z.strictObject({ kind: z.literal('model'), ...base, trueNodes: z.array(literal) }),
        ]),
      ),
    }),
  ),
});

export type ReadCertificates =
  | { readonly kind: 'read'; readonly file: CertificateFile }
  | { readonly kind: 'refused'; readonly problem: string };

export function readCertificates(text: string): ReadCertificates {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'refused', problem: `it is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: 'read', file: parsed.data };
  const [issue] = parsed.error.issues;
  return { kind: 'refused', problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it has another shape'}` };
}
