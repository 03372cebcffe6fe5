/**
 * Small run-time functions that are printed into every program that uses them. V8 inlines a function only into code of
 * the same realm, so what runs in every scan must be born in the realm of the program.
 */

/** Text by name; `needs` are functions of the run-time library that the text calls. */
export const INLINE_HELPERS: Readonly<Record<string, { readonly text: string; readonly needs: readonly string[] }>> = {
  $index: {
    text: 'function $index(i, l, u, s) { return i >= l && i <= u ? i - l : $outOfBounds(i, l, u, s); }',
    needs: ['$outOfBounds'],
  },
  $known: {
    text: 'function $known(r, s) { return r !== null && r !== undefined ? r : $noReference(s); }',
    needs: ['$noReference'],
  },
  $and: { text: 'function $and(a, b) { return a && b; }', needs: [] },
  $or: { text: 'function $or(a, b) { return a || b; }', needs: [] },
  $select: { text: 'function $select(g, a, b) { return g ? b : a; }', needs: [] },
  $limit: { text: 'function $limit(l, x, u) { return x < l ? l : x > u ? u : x; }', needs: [] },
  $divideNumber: {
    text: 'function $divideNumber(a, b, s) { return b === 0 ? $divideByZero(s) : Math.trunc(a / b); }',
    needs: ['$divideByZero'],
  },
  $remainderNumber: {
    text: 'function $remainderNumber(a, b, s) { return b === 0 ? $divideByZero(s) : a % b + 0; }',
    needs: ['$divideByZero'],
  },
  $divideNumberOrZero: {
    text: 'function $divideNumberOrZero(a, b) { return b === 0 ? 0 : Math.trunc(a / b); }',
    needs: [],
  },
  $remainderNumberOrZero: {
    text: 'function $remainderNumberOrZero(a, b) { return b === 0 ? 0 : a % b + 0; }',
    needs: [],
  },
  $time: {
    text: 'function $time(t, s) { return t >= -9007199254740991 && t <= 9007199254740991 ? t : $timeTooLong(t, s); }',
    needs: ['$timeTooLong'],
  },
  $wrapTime: {
    text: 'function $wrapTime(t) { const r = (t - t % 1000000) % 4294967296000000; return r < 0 ? r + 4294967296000000 : r; }',
    needs: [],
  },
  $rol: {
    text: 'function $rol(x, n, b) { const t = (n % b + b) % b; if (t === 0) return x; return b === 32 ? (x << t | x >>> 32 - t) >>> 0 : (x << t | x >>> b - t) & 2 ** b - 1; }',
    needs: [],
  },
};
