/** Reading the evidence of a verdict, which is JSON whose shape the verifiers decide. */

export type Evidence = Readonly<Record<string, unknown>>;

export function listIn(evidence: Evidence, key: string): Evidence[] {
  const value = evidence[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function recordIn(evidence: Evidence, key: string): Evidence | null {
  const value = evidence[key];
  return isRecord(value) ? value : null;
}

export function textIn(value: Evidence, key: string): string {
  const part = value[key];
  return part === undefined || part === null ? '' : typeof part === 'object' ? JSON.stringify(part) : String(part);
}

export function textsIn(value: Evidence, key: string): string[] {
  const part = value[key];
  return Array.isArray(part) ? part.map(String) : [];
}

export function isRecord(value: unknown): value is Evidence {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `stages` or `camelCase` as words. */
export function words(key: string): string {
  return key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase();
}
