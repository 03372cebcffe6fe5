const NANOSECONDS: Readonly<Record<string, bigint>> = {
  d: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  ns: 1n,
};

/**
 * Nanoseconds of a duration such as `100ms`, `1.5s`, `1h30m` or `72h`, as manifests, fleets and scenarios write it
 * (the ST literal without `T#`). Parts of a nanosecond are cut. Null when the text is no duration.
 */
export function parseDuration(text: string): bigint | null {
  const parts = /^-?(?:\d+(?:\.\d+)?(?:d|h|ms|m|s|us|ns)_?)+$/i.test(text)
    ? text.matchAll(/(\d+)(?:\.(\d+))?(d|h|ms|m|s|us|ns)/gi)
    : [];
  let total: bigint | null = null;
  for (const [, whole = '0', fraction = '', unit = 'ns'] of parts) {
    const factor = NANOSECONDS[unit.toLowerCase()] ?? 1n;
    const digits = fraction.slice(0, 18);
    const part = digits === '' ? 0n : (BigInt(digits) * factor) / 10n ** BigInt(digits.length);
    total = (total ?? 0n) + BigInt(whole) * factor + part;
  }
  return total === null ? null : text.startsWith('-') ? -total : total;
}
