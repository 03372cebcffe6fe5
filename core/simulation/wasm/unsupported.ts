/** What the WebAssembly printer leaves to JavaScript. Thrown inside of the printer, caught at its entry. */

export class UnsupportedByWasm extends Error {}

export function unsupported(what: string): never {
  throw new UnsupportedByWasm(what);
}
