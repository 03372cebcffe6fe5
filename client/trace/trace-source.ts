import type { TraceSource } from '../testing/simulator-protocol.js';

/** Reads the source of a trace that a window or a command gives; what is not one is null. */
export function traceSourceOf(value: unknown): TraceSource | null {
  const text = (key: string): string | null => {
    const member = memberOf(value, key);
    return typeof member === 'string' ? member : null;
  };
  const root = text('root');
  switch (text('kind')) {
    case 'file': {
      const path = text('path');
      return path === null ? null : { kind: 'file', path };
    }
    case 'check': {
      const id = text('id');
      return root === null || id === null ? null : { kind: 'check', root, id, revision: text('revision') };
    }
    case 'program': {
      const [file, dialect, program] = [text('file'), text('dialect'), text('program')];
      const durationNs = memberOf(value, 'durationNs');
      const inputs = memberOf(value, 'inputs');
      if (file === null || dialect === null || program === null) return null;
      if (typeof durationNs !== 'number' || !(durationNs > 0)) return null;
      const held = Array.isArray(inputs) ? inputs.map(String) : [];
      return { kind: 'program', root, file, dialect, program, durationNs, inputs: held };
    }
    default:
      return null;
  }
}

/** Two sources with one key give the same trace, and share a window. */
export function keyOfSource(source: TraceSource): string {
  return JSON.stringify(source);
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
